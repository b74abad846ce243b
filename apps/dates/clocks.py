"""Local times and the moments they mean, where clocks change twice a year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clocks jump over this time; `next` is the first one after the jump."""

    def __init__(self, next_: datetime) -> None:
        super().__init__("The clocks go forward over this time.")
        self.next = next_


def moment_of(local: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The moment that a local time means in a zone, and whether there are two: then it is the later one.

    Raises NoSuchTime for a time that the clocks jump over.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchTime(_after_the_jump(local, zone))
    return max(first, second), first != second


def _after_the_jump(local: datetime, zone: ZoneInfo) -> datetime:
    """The local time at which the clocks go on. In a gap the two readings lie on either side of it."""
    offsets = (local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    before, after = sorted(offsets)
    jump = (local - before).replace(tzinfo=UTC)
    low, high = (local - after).replace(tzinfo=UTC), jump
    while (high - low).total_seconds() > 1:
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == after:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0).astimezone(zone).replace(tzinfo=None)
