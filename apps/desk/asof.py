"""The day on which a timeline is looked at: today, or an earlier one whose knowledge it is rewound to."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from apps.campaigns.access import Access
from apps.dates import BadDate, long_day
from apps.timeline.windows import day_in

EARLIEST = date(1900, 1, 1)
"""Before it, a midnight may lie outside of the days that databases know."""


@dataclass(frozen=True)
class AsOf:
    """The end of a day in the campaign's zone."""

    day: date
    at: datetime

    @property
    def words(self) -> str:
        return long_day(self.day)


class BadDay(ValueError):
    """The address asks for a day that cannot be rewound to; its text says why."""


def end_of_day(access: Access, day: date) -> AsOf:
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=access.campaign.zone)
    return AsOf(day, midnight - timedelta(microseconds=1))


def start_of_day(as_of: AsOf) -> datetime:
    return datetime.combine(as_of.day, time(), tzinfo=as_of.at.tzinfo)


def read_as_of(text: str, access: Access) -> AsOf | None:
    """The day that was typed, in any words; None where none was. Raises BadDay."""
    text = text.strip()
    if not text:
        return None
    try:
        day = day_in(text, latest=True, like="Rewind to a day, like 3 September 2020.")
    except BadDate as wrong:
        raise BadDay(str(wrong)) from wrong
    if day < EARLIEST:
        raise BadDay(f"Nothing here was known on {long_day(day)}: rewind to a day from {EARLIEST.year} on.")
    if day > access.today:
        raise BadDay(f"{long_day(day)} has not come yet: rewind to a day up to today.")
    return end_of_day(access, day) if day < access.today else None


def then(access: Access, as_of: AsOf | None) -> Access:
    """The same person at the same campaign, whose today is that day: for words, not for who may see what."""
    return replace(access, day=as_of.day) if as_of else access
