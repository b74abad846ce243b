"""Counting days from one day on, with every day on the way: what it was, and whether it counted.

Nothing here knows which days count in law; that is told by a function (see uk_clocks).
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

MOST_DAYS = 4_000
"""Days that are walked at most, eleven years: who counts further has mistyped."""
_ONE_DAY = timedelta(days=1)

WhyNot = Callable[[date], str]
"""Why a day does not count: "Saturday", "Good Friday". Empty where it does."""


class TooFar(ValueError):
    """The count does not end within MOST_DAYS, or within Python's calendar: a sentence that says so."""


@dataclass(frozen=True)
class Step:
    """A day on the way, and its number; None where it does not count, and then `why` not."""

    day: date
    number: int | None
    why: str = ""


@dataclass(frozen=True)
class Stretch:
    """Days in a row that count (`numbers`, first and last), or do not, for one reason."""

    first: date
    last: date
    numbers: tuple[int, int] | None
    why: str = ""


@dataclass(frozen=True)
class Count:
    """From `start`, which is told of but not in the steps unless it counts itself, to `end`, the last one."""

    start: date
    steps: tuple[Step, ...]

    @property
    def end(self) -> date:
        return self.steps[-1].day if self.steps else self.start

    @property
    def stretches(self) -> list[Stretch]:
        """The steps, those together that a person would say in one breath."""
        found = []
        for (_, why), group in groupby(self.steps, key=lambda step: (step.number is None, step.why)):
            steps = list(group)
            first, last = steps[0], steps[-1]
            counted = (first.number, last.number) if first.number and last.number else None
            found.append(Stretch(first.day, last.day, counted, why))
        return found


def count_days(
    start: date, days: int, why_not: WhyNot, *, with_start: bool = False, back: bool = False
) -> Count:
    """The days from `start` on, or `back` from it, until so many have counted, at least one; from the day
    next to it, or `with_start`. Raises TooFar."""
    if days < 1:
        raise TooFar("Count at least one day.")
    steps: list[Step] = []
    number = 0
    for day in _walk(start, back=back, skip=0 if with_start else 1):
        why = why_not(day)
        number += not why
        steps.append(Step(day, None if why else number, why))
        if number == days:
            return Count(start, tuple(steps))
    raise TooFar(f"No day within {MOST_DAYS:,} days of {start.isoformat()} is number {days:,}.")


def every_day(day: date) -> str:
    """All days count."""
    return ""


def months_after(start: date, months: int) -> date:
    """The same day of a later month, or its last day where it has none such. Raises TooFar."""
    if months < 1:
        raise TooFar("Count at least one month.")
    return month_on(start, months)


def month_on(start: date, months: int) -> date:
    """The same day so many months on, or back where they are negative; the month's last day where it has
    none such. Raises TooFar."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise TooFar("That is beyond the calendar.")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _walk(start: date, *, back: bool, skip: int) -> Iterator[date]:
    room = (start - date.min if back else date.max - start).days
    for number in range(skip, min(MOST_DAYS, room + 1)):
        yield start - number * _ONE_DAY if back else start + number * _ONE_DAY
