"""The words of dates, figures and kinds, for templates."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from apps import dates
from apps.evidence.checks import plain as plain_number
from apps.timeline.models import Entry, Kind

register = template.Library()
MARKS = {Kind.MILESTONE: "◆", Kind.STATISTIC: "●", Kind.QUOTE: "⚑", Kind.UPDATE: "–"}


@register.filter
def in_words(text: str | None) -> str:
    """An EDTF date as a person says it."""
    return dates.in_words(text) if text else ""


@register.filter
def how_sure(text: str) -> str:
    return dates.how_sure(text)


@register.filter
def days(count: int) -> str:
    """664 → "664 days"."""
    return dates.days(abs(count))


@register.filter
def long_day(day: date | None) -> str:
    return dates.long_day(day) if day else ""


@register.filter
def weekday(day: date | None) -> str:
    """With the day of the week: "Thursday 3 September 2020"."""
    return dates.long_day(day, weekday=True) if day else ""


@register.filter
def moment(when: datetime | None) -> str:
    """A moment in the reader's zone: "3 September 2020, 14:05"."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    return f"{dates.long_day(local.date())}, {local:%H:%M}"


@register.filter
def countdown(day: date, today: date) -> str:
    return dates.countdown(day, today)


@register.filter
def overdue_by(day: date, today: date) -> str:
    return dates.days((today - day).days)


@register.filter
def plain(number: Decimal | None) -> str:
    return plain_number(number) if number is not None else ""


@register.filter
def amount(statistic: Any) -> str:
    """A figure with its unit: "389 offences", "99%", "£2,400"."""
    figure, unit = plain_number(statistic.figure), statistic.unit
    with_unit = f"{figure}%" if unit == "%" else f"£{figure}" if unit == "£" else f"{figure} {unit}".strip()
    return f"{statistic.hedge} {with_unit}".strip()


@register.filter
def mark(kind: str) -> str:
    """The shape of a kind, which says it without colour."""
    return MARKS[Kind(kind)]


@register.filter
def address(entry: Entry) -> str:
    return reverse("entry", kwargs={"slug": entry.campaign.slug, "pk": entry.pk})


@register.filter
def late(entry: Entry, today: date) -> int:
    """Days past the first promised date."""
    return entry.milestone.late_days(today)


@register.simple_tag
def add_to(query: str, **parameters: Any) -> str:
    """An address's query with these parameters set."""
    made = QueryDict(query, mutable=True)
    for name, value in parameters.items():
        made[name] = str(value)
    return "?" + made.urlencode()


@register.filter
def address_in(entry: Entry, slug: str) -> str:
    """The address of an entry whose campaign is known, so that none needs to be fetched."""
    return reverse("entry", kwargs={"slug": slug, "pk": entry.pk})


@register.filter
def times(count: int) -> str:
    """once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
