"""Working days of the nations of the United Kingdom: no Saturday, no Sunday, no bank holiday.

Bank holidays are known from 1872 to 2100, those of one day only (a coronation) once they are proclaimed;
before and after, weekends alone count.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

NATIONS = {"ENG": "England and Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


def is_working_day(day: date, nation: str) -> bool:
    """Whether offices are open: `nation` is a key of NATIONS, and ValueError says so where it is not."""
    return day not in _bank_holidays(day.year, nation) and day.weekday() < _SATURDAY


def bank_holiday(day: date, nation: str) -> str:
    """What a bank holiday is called, in English; empty on other days."""
    return _bank_holidays(day.year, nation).get(day, "")


def working_day_on_or_before(day: date, nation: str) -> date:
    """The day itself where it is a working day, otherwise the last one before it."""
    return _walk(day, nation, -_ONE_DAY)


def working_day_on_or_after(day: date, nation: str) -> date:
    """The day itself where it is a working day, otherwise the first one after it."""
    return _walk(day, nation, _ONE_DAY)


def _walk(day: date, nation: str, step: timedelta) -> date:
    """Never leaves Python's calendar, which begins with a Monday and ends with a Friday."""
    while not is_working_day(day, nation):
        day += step
    return day


@lru_cache(maxsize=1024)
def _bank_holidays(year: int, nation: str) -> Mapping[date, str]:
    if nation not in NATIONS:
        known = ", ".join(f"{key} ({name})" for key, name in NATIONS.items())
        raise ValueError(f"{nation!r} is no nation whose bank holidays are known: choose from {known}.")
    from holidays import country_holidays  # noqa: PLC0415  loads the whole world: a sixth of a second

    return dict(country_holidays("GB", subdiv=nation, years=year, expand=False, language="en_GB"))
