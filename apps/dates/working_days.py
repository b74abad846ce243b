"""Working days of the nations of the United Kingdom: no Saturday, no Sunday, no bank holiday.

Bank holidays are known from 1872 to 2100, those of one day only (a coronation) once they are proclaimed;
before and after, weekends alone count. What was announced since is told by whoever knows, with `announce`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

NATIONS = {"ENG": "England and Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_announced: Mapping[tuple[str, date], str] = {}


def announce(holidays: Iterable[tuple[str, date, str]]) -> None:
    """Bank holidays beside those known here: nation, day and name of each. They take the place of those that
    were announced before."""
    global _announced  # noqa: PLW0603  like the list in the library: one for the whole program
    _announced = {(nation, day): name for nation, day, name in holidays}


def is_working_day(day: date, nation: str) -> bool:
    """Whether offices are open: `nation` is a key of NATIONS, and ValueError says so where it is not."""
    return not bank_holiday(day, nation) and day.weekday() < _SATURDAY


def bank_holiday(day: date, nation: str) -> str:
    """What a bank holiday is called, in English; empty on other days."""
    return _bank_holidays(day.year, nation).get(day) or _announced.get((nation, day), "")


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
