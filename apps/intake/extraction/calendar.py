"""First and last days of what people say of time, as the United Kingdom says it: weeks run from Monday to
Sunday, autumn is September to November, 2019/20 is the financial year from 1 April to 31 March.

`apps.dates` has bounds of stored dates too, but loads `edtf`, which takes longer than everything here: it is
asked for bank holidays only, where a text counts working days.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1000, 9990
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included; None is open."""

    first: date | None
    last: date | None
    approximate: bool = False


def day(year: int, month: int, number: int) -> Days | None:
    """None where there is no such day."""
    if not (
        FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= number <= monthrange(year, month)[1]
    ):
        return None
    only = date(year, month, number)
    return Days(only, only)


def month(year: int, number: int) -> Days | None:
    return months(year, number, 1)


def months(year: int, first: int, count: int) -> Days | None:
    """So many months, from the first of one of them."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    end = first - 1 + count
    last_year, last = year + (end - 1) // 12, (end - 1) % 12 + 1
    return Days(date(year, first, 1), date(last_year, last, monthrange(last_year, last)[1]))


def season(year: int, name: str) -> Days | None:
    """Winter belongs to the year it begins in."""
    return months(year, SEASONS[name.lower()], 3)


def year_of(year: int) -> Days | None:
    return months(year, 1, 12)


def financial_year(year: int) -> Days | None:
    return months(year, 4, 12)


def decade(year: int) -> Days | None:
    return Days(date(year, 1, 1), date(year + 9, 12, 31)) if FIRST_YEAR <= year <= LAST_YEAR else None


def week_of(today: date, weeks: int = 0) -> Days:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return Days(monday, monday + timedelta(days=6))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Butcher's rule)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    number = (h + weekday - 7 * m + 90) // 25
    return date(year, number, (h + weekday - 7 * m + 33 * number + 19) % 32)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) to Sunday (6) of a month; the last, where `nth` is -1."""
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


FIXED_FEASTS = {
    "Christmas": (12, 25),
    "Christmas Day": (12, 25),
    "Christmas Eve": (12, 24),
    "Boxing Day": (12, 26),
    "New Year's Day": (1, 1),
    "New Year's Eve": (12, 31),
    "St David's Day": (3, 1),
    "St Patrick's Day": (3, 17),
    "St George's Day": (4, 23),
    "St Andrew's Day": (11, 30),
    "Burns Night": (1, 25),
    "Valentine's Day": (2, 14),
    "Halloween": (10, 31),
    "Bonfire Night": (11, 5),
    "Remembrance Day": (11, 11),
    "Armistice Day": (11, 11),
    "Independence Day": (7, 4),
    "Fourth of July": (7, 4),
    "Veterans Day": (11, 11),
    "Anzac Day": (4, 25),
    "Australia Day": (1, 26),
    "Waitangi Day": (2, 6),
    "Canada Day": (7, 1),
    "Hogmanay": (12, 31),
}
_MOVABLE_WEEKDAYS = {
    "Thanksgiving": (11, 3, 4),
    "Labor Day": (9, 0, 1),
    "Labour Day": (9, 0, 1),
    "Memorial Day": (5, 0, -1),
}
_FROM_EASTER = {"Easter": 0, "Easter Sunday": 0, "Good Friday": -2, "Easter Monday": 1, "Shrove Tuesday": -47}
FEASTS = (*FIXED_FEASTS, *_MOVABLE_WEEKDAYS, *_FROM_EASTER)


def feast(year: int, name: str) -> Days | None:
    """A day that has a name. None before the years that are counted."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if name in FIXED_FEASTS:
        return day(year, *FIXED_FEASTS[name])
    if name in _MOVABLE_WEEKDAYS:
        found = nth_weekday(year, *_MOVABLE_WEEKDAYS[name])
    else:
        found = easter(year) + timedelta(days=_FROM_EASTER.get(name, 0))
    return Days(found, found)


def after(start: date, count: float, unit: str) -> date | None:
    """The day so many units later; earlier, where the count is negative. None beyond what can be kept."""
    if abs(count) > 5000 or unit.startswith("sitting"):
        return None
    if unit == "working day":
        return working_days_after(start, round(count))
    in_months = {"month": 1, "year": 12, "decade": 120}.get(unit)
    try:
        if in_months is None:
            return start + timedelta(days=round(count * {"week": 7, "fortnight": 14}.get(unit, 1)))
        total = start.year * 12 + start.month - 1 + int(count * in_months)
        year, number = divmod(total, 12)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        moved = date(year, number + 1, min(start.day, monthrange(year, number + 1)[1]))
        part = count * in_months - int(count * in_months)
        return moved + timedelta(days=round(part * 30))
    except OverflowError:
        return None


MOST_WORKING_DAYS = 260
"""A year of them: each is looked up, and nobody is given more."""


def working_days_after(start: date, count: int) -> date | None:
    """The day after so many working days, or before them; bank holidays are those of England and Wales."""
    if abs(count) > MOST_WORKING_DAYS or not FIRST_YEAR < start.year < LAST_YEAR:
        return None
    from apps.dates.working_days import is_working_day  # noqa: PLC0415  loads edtf

    day, step = start, timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, "ENG"):
            day += step
    return day


def part_of(whole: Days, name: str) -> Days:
    """The end, the beginning, early, mid, late, a half or a quarter of a span."""
    if whole.first is None or whole.last is None:
        return whole
    length = (whole.last - whole.first).days + 1
    name = name.lower()
    if name in ("end", "close", "turn"):
        return whole
    if name in _EXACT:
        return _exact(whole, *_EXACT[name])
    low, high = _ROUGH[name]
    first = whole.first + timedelta(days=int(length * low))
    last = whole.first + timedelta(days=max(int(length * high) - 1, int(length * low)))
    return Days(first, last, approximate=True)


_EXACT = {
    "first half": (0, 2),
    "second half": (1, 2),
    "latter half": (1, 2),
    "first quarter": (0, 4),
    "second quarter": (1, 4),
    "third quarter": (2, 4),
    "fourth quarter": (3, 4),
    "final quarter": (3, 4),
    "last quarter": (3, 4),
}
_ROUGH = {
    "beginning": (0, 1 / 3),
    "start": (0, 1 / 3),
    "early": (0, 1 / 3),
    "mid": (1 / 3, 2 / 3),
    "middle": (1 / 3, 2 / 3),
    "late": (2 / 3, 1),
    "later": (0, 1),
}


def _exact(whole: Days, index: int, of: int) -> Days:
    assert whole.first is not None and whole.last is not None
    in_months = (whole.last.year - whole.first.year) * 12 + whole.last.month - whole.first.month + 1
    if in_months == 1 and of == 2:
        middle = whole.first + timedelta(days=15)
        return Days(middle, whole.last) if index else Days(whole.first, middle - timedelta(days=1))
    if in_months % of:
        return whole
    size = in_months // of
    start = whole.first.month - 1 + index * size
    return months(whole.first.year + start // 12, start % 12 + 1, size) or whole
