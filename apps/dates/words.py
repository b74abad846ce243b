"""Partial dates said in British English, from their stored text alone.

`in_words` and `margin` are called for each row of long lists, so they match one regular expression and never
parse EDTF. They trust text that `parse` accepted; anything else comes back as it went in.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .names import MONTHS, SEASONS, WEEKDAYS, WINTER

_YEAR_END = (12, 31)
_FINANCIAL_YEAR_END = (3, 31)

_END = re.compile(
    r"([0-9]{4}|[0-9]{3}X(?!-))"
    r"(?:-(0[1-9]|1[0-2])(?:-(?:(0[1-9]|[12][0-9]|3[01])|XX))?|-(2[1-4])|(?:-XX){1,2})?"
    r"([~?%]?)"
)


class _End(NamedTuple):
    """One end of a period, or a whole date: month and day are 0 where not known; 21 to 24 are seasons."""

    year: str
    month: int
    day: int
    mark: str

    @property
    def grain(self) -> str:
        if self.day:
            return "day"
        if self.month > 12:
            return "season"
        return "month" if self.month else "year"


def _end(text: str) -> _End | None:
    match = _END.fullmatch(text)
    if match is None:
        return None
    year, month, day, season, mark = match.groups()
    return _End(year, int(month or season or 0), int(day or 0), mark)


@lru_cache(maxsize=8192)
def in_words(text: str) -> str:
    """A stored date as people write it: '3 September 2020', 'about 2021', 'by the end of June 2021'.

    `read` takes the words back to the same bounds. Text that is no stored date is returned unchanged.
    """
    first, slash, last = text.partition("/")
    if not slash:
        whole = _end(text)
        return _whole(whole) if whole else text
    if first == "..":
        end = _end(last)
        return _by(end) if end else text
    start = _end(first)
    if last == "..":
        return f"from {_say(start)}" if start else text
    end = _end(last)
    return _period(start, end) if start and end else text


def _whole(end: _End) -> str:
    return _say(end) if end.mark else _plain(end).removeprefix("the ")


def _say(end: _End) -> str:
    return _with_mark(_plain(end), end.mark)


def _with_mark(words: str, mark: str) -> str:
    about = "about " if mark in ("~", "%") else ""
    return f"{about}{words}{_doubt(mark)}"


def _doubt(mark: str) -> str:
    return ", uncertain" if mark in ("?", "%") else ""


def _plain(end: _End) -> str:
    grain = end.grain
    if grain == "day":
        return f"{end.day} {MONTHS[end.month - 1]} {end.year}"
    if grain == "month":
        return f"{MONTHS[end.month - 1]} {end.year}"
    if grain == "season":
        return f"{SEASONS[end.month]} {_season_year(end)}"
    return f"the {end.year[:3]}0s" if "X" in end.year else end.year


def _season_year(end: _End) -> str:
    if end.month != WINTER:
        return end.year
    following = f"{int(end.year) + 1:04d}"
    same_century = following[:2] == end.year[:2]
    return f"{end.year}–{following[2:] if same_century else following}"


def _by(end: _End) -> str:
    about = "about " if end.mark in ("~", "%") else ""
    return f"by {about}{_deadline(end)}{_doubt(end.mark)}"


def _deadline(end: _End) -> str:
    """The last day of a month is its end; but 31 March, the financial year's, is said by its day."""
    if end.grain != "day":
        return f"the end of {_plain(end)}"
    if (end.month, end.day) == _YEAR_END:
        return f"the end of {end.year}"
    if (end.month, end.day) == _FINANCIAL_YEAR_END or not _ends_month(end):
        return _plain(end)
    return f"the end of {MONTHS[end.month - 1]} {end.year}"


def _ends_month(end: _End) -> bool:
    return end.day >= 28 and end.day == monthrange(int(end.year), end.month)[1]


def _period(start: _End, end: _End) -> str:
    if start.mark != end.mark:
        comma = "," if _doubt(start.mark) else ""
        return f"between {_say(start)}{comma} and {_say(end)}"
    return _with_mark(f"{_start_of_period(start, end)} to {_plain(end)}", end.mark)


def _start_of_period(start: _End, end: _End) -> str:
    """The start without what the end repeats: '3' of '3 to 9 May 2021', '3 May' of '3 May to 9 June 2021'."""
    alike = start.grain == end.grain and start.year == end.year
    if not alike or start.grain == "year" or WINTER in (start.month, end.month):
        return _plain(start)
    if start.month == end.month and start.grain == "day" and start.day != end.day:
        return str(start.day)
    if start.month == end.month:
        return _plain(start)
    return _plain(start).removesuffix(f" {start.year}")


@lru_cache(maxsize=8192)
def margin(text: str) -> str:
    """The short label beside a year's heading: 'September', 'autumn'; '' where the date is no finer.

    A period goes by its start, or by its end where the start is open; approximate dates have no label.
    """
    first, _, last = text.partition("/")
    end = _end(last if first == ".." else first)
    if end is None or end.mark or not end.month:
        return ""
    return SEASONS.get(end.month) or MONTHS[end.month - 1]


def long_day(day: date, *, weekday: bool = False) -> str:
    """'3 September 2020', or 'Thursday 3 September 2020'."""
    words = f"{day.day} {MONTHS[day.month - 1]} {day.year:04d}"
    return f"{WEEKDAYS[day.weekday()]} {words}" if weekday else words


def days(count: int) -> str:
    """'1 day', '664 days', '1,204 days'."""
    return f"{count:,} day" if abs(count) == 1 else f"{count:,} days"


def countdown(day: date, today: date) -> str:
    """How far off a day is: 'today', 'tomorrow', 'yesterday', 'in 9 days', '9 days ago'."""
    ahead = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(ahead)
    if near:
        return near
    return f"in {days(ahead)}" if ahead > 0 else f"{days(-ahead)} ago"
