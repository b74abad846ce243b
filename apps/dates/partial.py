"""PartialDate: EDTF text and the first and last day it can mean.

The shape is checked here before edtf sees it: edtf takes seconds over long sets, prints while it fails, and
lets through 29 February 2021, reversed periods and the year 0. Bounds are edtf's strict ones, except that
seasons are the UK's.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import edtf

from .names import MONTHS, SEASONS, season_months
from .words import in_words, long_day

LONGEST = 40
FIRST_YEAR, LAST_YEAR = 1, 9998
OPEN = ".."
ODD_YEAR = f"Years have four digits and run from {FIRST_YEAR:04d} to {LAST_YEAR}."
EXAMPLES = "3 September 2020, September 2020, autumn 2020, 2021, by the end of 2021 or about 2021"

_MARKS = "~?%"
_END = re.compile(r"([0-9]{3}[0-9X])(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?([~?%]?)")
_TIME_OF_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]")
_ODD_YEAR = re.compile(r"-[0-9]|Y-?[0-9]|[0-9]{5}|[0-9]{1,4}E[0-9]")


class BadDate(ValueError):
    """What is wrong with a date, in a sentence for the person who wrote it, and what to write instead."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known as far as its text says. Made by `parse` and `read`, which refuse impossible ones.

    `text` is canonical EDTF of at most 40 characters; `earliest` and `latest` are the first and last day it
    can mean, both included: None is an open start or end, and never both.
    """

    text: str
    earliest: date | None
    latest: date | None

    @property
    def approximate(self) -> bool:
        """Marked approximate or uncertain anywhere, so not to be held to its last day."""
        return any(mark in self.text for mark in _MARKS)

    @property
    def uncertain(self) -> bool:
        """Marked as open to doubt ('?', or '%' which is both)."""
        return "?" in self.text or "%" in self.text

    @property
    def placed(self) -> date:
        """The day a timeline files it under: the earliest, or the latest where the start is open."""
        day = self.earliest or self.latest
        assert day is not None, "a date open at both ends"
        return day

    @property
    def due(self) -> date | None:
        """The last day before it is overdue; the year's last where approximate, None with an open end."""
        if self.latest is None or not self.approximate:
            return self.latest
        return date(self.latest.year, 12, 31)

    @property
    def is_day(self) -> bool:
        """Known to the very day: an approximate day is not."""
        return self.earliest == self.latest and not self.approximate

    def __str__(self) -> str:
        return in_words(self.text)


@lru_cache(maxsize=4096)
def parse(text: str) -> PartialDate:
    """The date that EDTF text means; `parse(text).text == text`. Raises BadDate.

    Days, months, years, seasons ('2020-23'), decades ('202X'), unknown months and days ('2021-XX'), each
    with ~, ? or % at its end (seasons without), and periods of these, open at one end with '..'.
    """
    if len(text) > LONGEST:
        raise BadDate(f"{quoted(text)} is too long for a date: {LONGEST} characters is the most.")
    first, slash, last = text.partition("/")
    if not slash:
        return PartialDate(text, *_bounds(text, text))
    if not (first and last):
        raise BadDate("The period has an empty end. Write two dots for an open one, like ../2021 or 2021/..")
    if first == last == OPEN:
        raise BadDate("A period needs a date at one end at least, like ../2021 or 2021/..")
    earliest = None if first == OPEN else _bounds(first, text)[0]
    latest = None if last == OPEN else _bounds(last, text)[1]
    return _in_order(PartialDate(text, earliest, latest))


def _in_order(period: PartialDate) -> PartialDate:
    if period.earliest and period.latest and period.latest < period.earliest:
        end, start = _brief(period, period.latest), _brief(period, period.earliest)
        raise BadDate(f"The period ends ({end}) before it starts ({start}).")
    return period


def _brief(period: PartialDate, day: date) -> str:
    """The years tell the story where they differ; otherwise the days do."""
    same_year = period.earliest and period.latest and period.earliest.year == period.latest.year
    return long_day(day) if same_year else str(day.year)


def _bounds(end: str, text: str) -> tuple[date, date]:
    """The first and last day of one end of `text`; the whole text is what a refusal quotes."""
    match = _END.fullmatch(end)
    if match is None:
        raise not_a_date(text)
    year, month, day, mark = match.groups()
    if "X" in year and month or month == "XX" and day and day != "XX":
        raise not_a_date(text)
    _check_year(year)
    if month and month != "XX":
        season = _season(int(month), day, mark)
        if season:
            return _season_bounds(int(year), season)
        _check_month(int(year), month, day)
    if mark or "X" in end:
        return _strict_bounds(end)
    return _plain_bounds(int(year), month, day)


def _plain_bounds(year: int, month: str | None, day: str | None) -> tuple[date, date]:
    """Of a year, month or day without a sign: most dates, for which edtf's grammar takes milliseconds."""
    if day:
        known = date(year, int(month or 1), int(day))
        return known, known
    first, last = (int(month), int(month)) if month else (1, 12)
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _check_year(year: str) -> None:
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise BadDate(ODD_YEAR)


def _season(month: int, day: str | None, mark: str) -> int | None:
    if month not in SEASONS or day:
        return None
    if mark:
        raise BadDate(f"A season takes no {mark} sign. Write it in words, like about {SEASONS[month]} 2020.")
    return month


def _season_bounds(year: int, season: int) -> tuple[date, date]:
    (first_year, first_month), (last_year, last_month) = season_months(year, season)
    length = monthrange(last_year, last_month)[1]
    return date(first_year, first_month, 1), date(last_year, last_month, length)


def _check_month(year: int, month: str, day: str | None) -> None:
    if not 1 <= int(month) <= 12:
        raise BadDate(f"{year:04d}-{month} is not a month: months run from 01 to 12.")
    length = monthrange(year, int(month))[1]
    if day and day != "XX" and not 1 <= int(day) <= length:
        raise BadDate(f"{MONTHS[int(month) - 1]} {year:04d} has {length} days.")


@lru_cache(maxsize=16_384)
def _strict_bounds(end: str) -> tuple[date, date]:
    try:
        known = edtf.parse_edtf(end)
        first, last = known.lower_strict(), known.upper_strict()
        return date(*first[:3]), date(*last[:3])
    except Exception as wrong:  # edtf fails with whatever comes: AttributeError, IndexError, its own
        raise not_a_date(end) from wrong


def not_a_date(text: str) -> BadDate:
    """The refusal of text whose shape is no date's, with a word on the likelier mistakes."""
    if _ODD_YEAR.match(text):
        return BadDate(ODD_YEAR)
    if text[:1] in ("[", "{"):
        return BadDate(f"{quoted(text)} is a list of dates. Write one date, or a period like 2019/2021.")
    if _TIME_OF_DAY.match(text):
        return BadDate(f"{quoted(text)} has a time of day. Write the day alone, like 2020-09-03.")
    return BadDate(f"{quoted(text)} is not a date. Write it like {EXAMPLES}.")


def quoted(text: str) -> str:
    """What was written, in quotation marks, at most 40 characters of it and nothing invisible."""
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"“{''.join(sign if sign.isprintable() else '·' for sign in shown)}”"
