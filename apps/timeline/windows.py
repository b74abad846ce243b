"""The stretch of time a picture shows: read from an address, moved, widened; and the scale it is drawn to.

Days are counted by their ordinals (`date.toordinal()`), so that a window is two numbers and a scale is one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from apps.dates import BadDate, long_day, read
from apps.dates.names import MONTHS

FIRST, LAST = date(1, 1, 1).toordinal(), date(9998, 12, 31).toordinal()
NARROWEST = 1
WIDEST = 366 * 1_000
"""Days: a window shows at least one, and at most about a millennium."""
MARGIN = 0.04
"""Of a fitted window's length, left empty at either end, so that the first mark and the last stand free."""
AROUND_NOTHING = 366
"""Days a window shows that is fitted round a single one, or round none."""
ENDS = "A window’s ends are dates, like 3 September 2020, autumn 2020 or 2021."
STEP = 0.5
BESIDE = 5.0
FINE_LABEL, BOLD_DIGIT = 6.5, 8.5
"""Pixels that a letter of another label takes, and a digit of a strong one."""
STRONG_LABEL = 11.0
"""Pixels a letter of a strong label takes at most."""
FACTOR = 2.0


@dataclass(frozen=True, order=True)
class Window:
    """The days from `first` to `last`, both included, by their ordinals."""

    first: int
    last: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1

    @property
    def after(self) -> int:
        """The day after it."""
        return self.last + 1

    @property
    def middle(self) -> float:
        return (self.first + self.last) / 2

    @property
    def starts(self) -> date:
        return date.fromordinal(self.first)

    @property
    def ends(self) -> date:
        return date.fromordinal(self.last)

    @property
    def words(self) -> str:
        """ "1 March 2020 to 4 May 2021"."""
        if self.days == 1:
            return long_day(self.starts)
        return f"{long_day(self.starts)} to {long_day(self.ends)}"

    @property
    def address(self) -> dict[str, str]:
        """As the address has it."""
        return {"from": self.starts.isoformat(), "to": self.ends.isoformat()}

    def moved(self, share: float) -> "Window":
        """As long, later by that share of its length (below 0: earlier)."""
        by = round(share * self.days) or (share > 0) - (share < 0)
        return within(self.first + by, self.last + by)

    def zoomed(self, factor: float, about: float | None = None) -> "Window":
        """`factor` times as long, with the same day in the same place: the middle, if none is given."""
        about = self.middle if about is None else about
        days = min(WIDEST, max(NARROWEST, round(self.days * factor)))
        left = (about + 0.5 - self.first) / self.days
        first = round(about + 0.5 - left * days)
        return within(first, first + days - 1)

    def widened(self, share: float) -> "Window":
        """With that share of its length more at either end, as far as the calendar goes."""
        more = round(share * self.days)
        return clipped(self.first - more, self.last + more)

    @property
    def narrower(self) -> "Window":
        return self.zoomed(1 / FACTOR)

    @property
    def wider(self) -> "Window":
        return self.zoomed(FACTOR)

    @property
    def earlier(self) -> "Window":
        return self.moved(-STEP)

    @property
    def later(self) -> "Window":
        return self.moved(STEP)


def within(first: int, last: int) -> Window:
    """The window of that length that is nearest and lies inside the calendar; as long as windows may be."""
    days = min(WIDEST, max(NARROWEST, last - first + 1))
    first = min(max(FIRST, first), LAST - days + 1)
    return Window(first, first + days - 1)


def clipped(first: int, last: int) -> Window:
    """From the one day to the other, as far as the calendar goes."""
    return Window(max(FIRST, first), min(LAST, last))


def around(day: date, days: int = AROUND_NOTHING) -> Window:
    first = day.toordinal() - days // 2
    return within(first, first + days - 1)


def fitted(first: date | None, last: date | None, *, today: date) -> Window:
    """All from the first day to the last, with a margin; around today where there is nothing. Of more than a
    window can show, the part about today: one entry filed under the year 202 must not hide all others."""
    if first is None or last is None:
        return around(today)
    if first == last:
        return around(first)
    whole = Window(first.toordinal(), last.toordinal()).widened(MARGIN)
    if whole.days <= WIDEST:
        return whole
    start = min(max(whole.first, today.toordinal() - WIDEST // 2), whole.after - WIDEST)
    return Window(start, start + WIDEST - 1)


def between(first: date, last: date) -> Window:
    """From one day to another, whichever is the earlier."""
    low, high = sorted((first.toordinal(), last.toordinal()))
    return within(low, high)


class BadWindow(ValueError):
    """The address names a window that cannot be shown; its text says why, and what can be typed."""


def read_window(address: Mapping[str, str], *, fit: Window) -> Window:
    """The window that `from` and `to` name, in any words a date may be typed in; where one is missing, that
    end of `fit`. Upside down, it is turned round; too wide, it keeps its middle. Raises BadWindow."""
    first, last = (_end(address.get(name, "").strip(), latest=name == "to") for name in ("from", "to"))
    low = first if first is not None else fit.first
    high = last if last is not None else fit.last
    if first is not None and last is not None:
        low, high = sorted((low, high))
    elif low > high:  # one end lies beyond the other end of what there is
        low, high = (low, low + fit.days - 1) if first is not None else (high - fit.days + 1, high)
    if high - low >= WIDEST:
        low = (low + high - WIDEST) // 2 + 1
        high = low + WIDEST - 1
    return within(low, high)


def _end(text: str, *, latest: bool) -> int | None:
    if not text:
        return None
    try:
        return day_in(text, latest=latest, like=ENDS).toordinal()
    except BadDate as wrong:
        raise BadWindow(str(wrong)) from wrong


def day_in(text: str, *, latest: bool, like: str) -> date:
    """The first day, or the latest, of a date in an address. Raises BadDate; of what is no date at all it
    says only what would be."""
    if len(text) > 40 or "\x00" in text:
        raise BadDate(like)
    known = read(text)
    day = (known.latest or known.earliest) if latest else (known.earliest or known.latest)
    assert day is not None  # a partial date is open at one end at most
    return day


# --- The scale --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tick:
    """A place on the axis where a stretch begins: a year, a month, a day. `strong` are the coarser ones.
    `label_x`: where its label begins, in pixels from it."""

    day: int
    x: float
    label: str
    strong: bool = False
    label_x: float = BESIDE


@dataclass(frozen=True)
class Scale:
    """A window drawn `width` pixels wide."""

    window: Window
    width: float

    @cached_property
    def per_day(self) -> float:
        return self.width / self.window.days

    def x(self, day: float) -> float:
        """Where a day begins, in pixels from the window's left edge."""
        return round((day - self.window.first) * self.per_day, 2)

    def ticks(self, drawn: Window) -> list[Tick]:
        """The axis of what is drawn: the finest steps that leave room for their labels, over coarser ones."""
        for fine, strong, room in STEPS:
            if fine.days * self.per_day >= room:
                return self._in_sight(fine, strong, drawn)
        return self._in_sight(_Years(1_000), _Years(10_000), drawn)

    def _in_sight(self, fine: "Steps", strong_steps: "Steps", drawn: Window) -> list[Tick]:
        """The stretch in which the window begins says its name at the window's edge, if there is room before
        the next. No other name is written that an edge would cut."""
        every = self._ticks(fine, strong_steps, drawn)
        ticks = [replace(tick, label="") if self._is_cut(tick) else tick for tick in every]
        strong = sorted((tick for tick in ticks if tick.strong), key=lambda tick: tick.x)
        before = [tick for tick in strong if tick.x < 0]
        if not before:
            return ticks
        edge, after = before[-1], next((tick.x for tick in strong if tick.x >= 0), self.width)
        name = strong_steps.name(edge.label)
        room = after > STRONG_LABEL * len(name)
        shown = replace(edge, label=name if room else "", label_x=BESIDE - edge.x)
        return [shown if tick is edge else tick for tick in ticks]

    def _is_cut(self, tick: Tick) -> bool:
        """Whether one of the window's edges goes through its label."""
        start = tick.x + BESIDE
        end = start + (BOLD_DIGIT if tick.strong else FINE_LABEL) * len(tick.label)
        return (start < 0 < end and not tick.strong) or start < self.width < end

    def _ticks(self, fine: "Steps", strong: "Steps", drawn: Window) -> Iterator[Tick]:
        seen = set()
        for steps, is_strong in ((strong, True), (fine, False)):
            labelled = is_strong or fine.days * self.per_day >= fine.room
            for start in steps.starts(drawn):
                day = start.toordinal()
                if day not in seen:
                    seen.add(day)
                    yield Tick(day, self.x(day), steps.label(start) if labelled else "", is_strong)


class _Days:
    """Steps of one day, or of a week from each Monday. `room`: pixels that a step needs for its label, here
    as of other steps; its line is drawn without."""

    room = 20

    def __init__(self, days: int) -> None:
        self.days = days

    def starts(self, drawn: Window) -> Iterator[date]:
        first = drawn.first - (drawn.first - 1) % self.days  # ordinal 1 was a Monday
        for day in range(max(FIRST, first), drawn.last + 1, self.days):
            yield date.fromordinal(day)

    def label(self, day: date) -> str:
        return str(day.day)

    def name(self, label: str) -> str:
        return label


class _Months:
    room = 30

    def __init__(self, months: int) -> None:
        self.months = months
        self.days = 30 * months

    def starts(self, drawn: Window) -> Iterator[date]:
        at = drawn.starts.year * 12 + (drawn.starts.month - 1) // self.months * self.months
        while (day := _month(at)) is not None and day.toordinal() <= drawn.last:
            yield day
            at += self.months

    def label(self, day: date) -> str:
        return MONTHS[day.month - 1][:3]

    def name(self, label: str) -> str:
        return label


class _MonthsOfYears(_Months):
    """Months that say their year: above days."""

    def label(self, day: date) -> str:
        return f"{MONTHS[day.month - 1]} {day.year}"


class _Years:
    room = 44

    def __init__(self, years: int) -> None:
        self.years = years
        self.days = 365 * years

    def starts(self, drawn: Window) -> Iterator[date]:
        for year in range(drawn.starts.year // self.years * self.years, drawn.ends.year + 1, self.years):
            yield date(max(1, year), 1, 1)

    def label(self, day: date) -> str:
        return str(day.year)

    def name(self, label: str) -> str:
        """What the stretch from that year on is called: "2010s"."""
        return f"{label}s" if self.years > 1 and label and int(label) % self.years == 0 else label


Steps = _Days | _Months | _Years


def _month(number: int) -> date | None:
    year, month = divmod(number, 12)
    return date(year, month + 1, 1) if 1 <= year <= 9999 else None


STEPS: list[tuple[Steps, Steps, float]] = [
    (_Days(1), _MonthsOfYears(1), 20),
    (_Days(7), _MonthsOfYears(1), 30),
    (_Months(1), _Years(1), 30),
    (_Months(3), _Years(1), 20),
    *((_Years(fine), _Years(strong), 44) for fine, strong in (
        (1, 10), (2, 10), (5, 50), (10, 100), (20, 100), (50, 500), (100, 1_000), (200, 1_000), (500, 5_000)
    )),
]  # fmt: skip
"""Fine steps, the coarser ones above them, and the pixels a fine step needs."""
