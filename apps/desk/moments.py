"""Moments as a reader is told them."""

from datetime import datetime

from django.utils import timezone

from apps.dates import long_day


def moment(when: datetime | None) -> str:
    """A moment in the reader's zone: "3 September 2020, 14:05"."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    return f"{long_day(local.date())}, {local:%H:%M}"
