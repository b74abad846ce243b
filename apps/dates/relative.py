"""A date that hangs on another: "12 weeks after it", "10 working days before it".

What is not known of the one is not known of the other: a season, a month or a period moves as the period it
is, "about" stays about, and an open start stays open.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .counting import TooFar, count_days, month_on
from .names import SEASON_STARTS
from .partial import OPEN, PartialDate, parse
from .uk_clocks import COMMONS, LORDS, Break, sitting_weeks_after, working_days
from .working_days import NATIONS

DAYS, WEEKS, MONTHS = "days", "weeks", "months"
UNITS = {
    DAYS: ("day", "days"),
    WEEKS: ("week", "weeks"),
    MONTHS: ("month", "months"),
    "working-eng": ("working day", "working days"),
    "working-sct": ("working day in Scotland", "working days in Scotland"),
    "working-nir": ("working day in Northern Ireland", "working days in Northern Ireland"),
    "working-uk": ("working day of the whole UK", "working days of the whole UK"),
    "sitting-commons": ("sitting week of the Commons", "sitting weeks of the Commons"),
    "sitting-lords": ("sitting week of the Lords", "sitting weeks of the Lords"),
}
"""What is counted: the name of one, and of several. Working days without a nation are those of England and
Wales."""
_NATIONS = {
    "working-eng": ("ENG",),
    "working-sct": ("SCT",),
    "working-nir": ("NIR",),
    "working-uk": tuple(NATIONS),
}
_CHAMBERS = {"sitting-commons": COMMONS, "sitting-lords": LORDS}
ANNOUNCED = (*_NATIONS, *_CHAMBERS)
"""Units that a newly announced bank holiday or recess moves."""
MOST = 999
"""Units at most."""

LeftOut = tuple[date, str]
"""A day that would have counted but for a bank holiday or a break, and its name."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[~?%]?")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """So many of a unit after another date, or before it."""

    amount: int
    unit: str
    before: bool = False

    @property
    def words(self) -> str:
        """ "12 weeks after", "1 working day before"."""
        one, several = UNITS[self.unit]
        side = "before" if self.before else "after"
        return f"{self.amount:,} {one if self.amount == 1 else several} {side}"


@dataclass(frozen=True)
class Counted:
    """Where it comes to, and what was left out on the way."""

    date: PartialDate
    left_out: tuple[LeftOut, ...] = ()


def count_from(when: PartialDate, span: Span, breaks: Iterable[Break] = ()) -> Counted:
    """The date that lies this span from `when`. Raises TooFar and BadDate beyond the calendar."""
    try:
        return _count_from(when, span, list(breaks))
    except OverflowError as error:
        raise TooFar("That is beyond the calendar.") from error


def _count_from(when: PartialDate, span: Span, breaks: list[Break]) -> Counted:
    first_text, slash, last_text = when.text.partition("/")
    last_text = last_text if slash else first_text
    left_out: set[LeftOut] = set()
    first = last = None
    if when.earliest is not None:
        days = [when.earliest, *_other_weeks(when, span)[:1]]
        first = min(_moved(day, span, breaks, left_out) for day in days)
    if when.latest is not None:
        days = [when.latest, *_other_weeks(when, span)[1:]]
        last = max(_moved(day, span, breaks, left_out) for day in days)
        if span.unit == MONTHS and not _DAY.fullmatch(last_text):
            last = last.replace(day=monthrange(last.year, last.month)[1])  # whole months stay whole
    whole = span.unit == MONTHS and not (_DAY.fullmatch(first_text) or _DAY.fullmatch(last_text))
    text = _period(first, last, whole=whole, like=when.text, mark=_mark(when.text))
    return Counted(parse(text), tuple(sorted(left_out)))


def _other_weeks(when: PartialDate, span: Span) -> list[date]:
    """Sitting weeks keep the weekday. So of a period the next Monday may come out before its first day, and
    the Sunday before its last one after it."""
    if span.unit not in _CHAMBERS or when.earliest is None or when.latest is None:
        return []
    monday = when.earliest + (7 - when.earliest.weekday()) * _ONE_DAY
    sunday = when.latest - (when.latest.weekday() + 1) * _ONE_DAY
    return [monday, sunday] if monday <= when.latest else []


def _moved(day: date, span: Span, breaks: list[Break], left_out: set[LeftOut]) -> date:
    if span.unit in (DAYS, WEEKS, MONTHS):
        amount = -span.amount if span.before else span.amount
        if span.unit == MONTHS:
            return month_on(day, amount)
        return day + amount * (7 if span.unit == WEEKS else 1) * _ONE_DAY
    if chamber := _CHAMBERS.get(span.unit):
        count = sitting_weeks_after(day, span.amount, breaks, chamber, back=span.before)
    else:
        count = count_days(day, span.amount, working_days(*_NATIONS[span.unit]), back=span.before)
    left_out |= {
        (step.day, step.why) for step in count.steps if step.number is None and step.why != "weekend"
    }
    return count.end


def _mark(text: str) -> str:
    doubtful, about = "?" in text, "~" in text
    return "%" if "%" in text or (doubtful and about) else "?" if doubtful else "~" if about else ""


def _period(first: date | None, last: date | None, *, whole: bool, like: str, mark: str) -> str:
    """EDTF for the days from `first` to `last`, in words as short as those of `like` where it is `whole`
    months."""
    if first == last and first is not None:
        return f"{first.isoformat()}{mark}"
    if first and last and whole and "/" not in like and (short := _short(first, last, like, mark)):
        return short
    ends = ((_month(day) if whole else day.isoformat()) + mark if day else OPEN for day in (first, last))
    return "/".join(ends)


def _short(first: date, last: date, like: str, mark: str) -> str:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        return f"{_month(first)}{mark}"
    if months == 12 and first.month == 1:  # noqa: PLR2004  a year
        return f"{first.year:04d}{mark}"
    season = next((number for number, start in SEASON_STARTS.items() if start == first.month), None)
    of_seasons = parse(like).text[5:7] in map(str, SEASON_STARTS)
    return f"{first.year:04d}-{season}" if months == 3 and season and of_seasons else ""  # noqa: PLR2004


def _month(day: date) -> str:
    return day.isoformat()[:7]
