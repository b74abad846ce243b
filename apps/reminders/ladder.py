"""The arithmetic of rules: when, in a campaign's zone, a rung of the ladder falls."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_LADDER: tuple[tuple[int, int | None], ...] = (
    (30, None),
    (14, None),
    (7, None),
    (1, None),
    (0, None),
    (-7, 7),
)
"""(days before, repeat every so many days): 30, 14, 7, 1 before, on the day, weekly while overdue."""


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That local time on that day, in UTC. One the clocks skip moves forward; a doubled one is its first."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def occurrences(
    *, due: date, days_before: int, repeat_days: int | None, clock: time, zone: ZoneInfo, after: datetime
) -> Iterator[tuple[int, datetime]]:
    """The turns of a rule that lie after a moment, as (occurrence, when): the one turn of a plain rule, or
    the next turn alone of a repeating one. Nothing where all lies in the past: rules never back-fill."""
    if due.toordinal() - days_before < 2:
        return  # before the calendar's first day
    first = due - timedelta(days=days_before)
    number = 0
    if repeat_days:
        today = after.astimezone(zone).date()
        number = max(0, (today - first).days // repeat_days)
        while moment(first + timedelta(days=number * repeat_days), clock, zone) <= after:
            number += 1
    when = moment(first + timedelta(days=number * (repeat_days or 0)), clock, zone)
    if when > after:
        yield number, when
