"""Time zones by their IANA names."""

import zoneinfo

from django.core.exceptions import ValidationError

DEFAULT_ZONE = "Europe/London"


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless the name is in the IANA list."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name[:40]}” is not a time zone. Write it like Europe/London.")
