"""Where everything of a picture goes: marks in rows, labels that never overlap, columns from afar.

Plain geometry: marks in, places out, the same for the same marks. Lengths along the axis are in days for what
is redrawn while a window moves, and in pixels for what is not: labels, rows, heights.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from apps.dates import long_day
from apps.timeline.density import Bins
from apps.timeline.models import Kind
from apps.timeline.windows import Scale, Tick, Window, clipped

TEXT, SMALL = 13.0, 12.0
"""Font sizes in pixels."""
TOUCH = 24.0
"""Width and height of what is touched, at least."""
HALF = 8.0
"""Half of a mark's width."""
GAP = 10.0
"""Pixels that two things in one row keep apart."""
LABEL = 44
"""Letters of a headline for which a row makes room; the list has all of them."""
LONGEST_LABEL = 120
"""Letters of one that has the rest of its row to itself."""
ABOUT = 12.0
"""Pixels that the sign of an approximate date takes on a mark's left."""
MOST_ROWS, MOST_ROWS_MIXED = 12, 16
PADDING = 12.0
TITLE = 20.0
"""Height of a lane's name where it stands above the lane, as there is no room beside it."""
EMPTY_LANE = 34.0
BAND = 64.0
"""Height of the band in which one series of statistics rises and falls."""
COLUMN = 44.0
"""Height of the tallest column."""
AXIS = 58.0
HELD = 10.0
"""Pixels of the window in the strip, at least."""
BESIDE_TODAY = 5.0
"""Pixels between the line of today and what it is called."""
LEAST_BEND = 30.0
"""Pixels by which the arc of a link bends, at least."""
MIXED = "mixed"
"""In the place of a kind, in a lane that holds several."""
ROOM: dict[str, float] = {
    Kind.MILESTONE: 38.0,
    Kind.STATISTIC: 24.0,
    Kind.QUOTE: 24.0,
    Kind.UPDATE: 24.0,
    MIXED: 38.0,
}
"""Height of a row."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One entry as it is to be drawn. Days are ordinals, and may be halves.

    `at`: where the mark stands. `meant`: the first and last day that the date may mean, where it is not one
    day; with `fades`, only the last of them is known. `about`: the date is approximate. `trail`: a
    milestone's earlier targets, the first promise first. `covers`: the period of a figure. `series` and
    `value`: what joins figures to a line, and how high this one stands. `links`: the other marks it is
    linked to. `move`: the address where its date is moved, for those who may.
    """

    pk: int
    kind: str
    label: str
    words: str
    name: str
    address: str
    at: float
    meant: tuple[float, float] | None = None
    fades: bool = False
    about: bool = False
    trail: tuple[float, ...] = ()
    outcome: str = ""
    late: bool = False
    hidden: bool = False
    covers: tuple[float, float] | None = None
    series: str = ""
    value: float | None = None
    links: tuple[int, ...] = ()
    move: str = ""
    date: str = ""

    @property
    def first(self) -> float:
        """The first day it touches."""
        ends = [self.at, *self.trail, *(self.meant or ()), *(self.covers or ())]
        return min(ends)

    @property
    def last(self) -> float:
        return max([self.at, *self.trail, *(self.meant or ()), *(self.covers or ())])


@dataclass(frozen=True)
class Bar:
    """A stretch of days beside a mark; `from_day` and `x` are counted from the mark."""

    role: str
    from_day: float
    days: float
    x: float
    width: float
    y: float = 0.0
    height: float = 0.0

    @property
    def end(self) -> float:
        return round(self.x + self.width, 2)


@dataclass(frozen=True)
class Texts:
    """What is written beside a mark, in pixels from it, and how far it reaches to either side."""

    label: str = ""
    words: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    words_x: float = 0.0
    words_y: float = 0.0
    ends: bool = False
    """What stands at the mark's height ends at its x: on the mark's left."""
    left: float = -HALF
    right: float = HALF


@dataclass(frozen=True)
class Placed:
    """A mark in its place: `y` within the lane, and its texts, as far as there was room for them."""

    mark: Mark
    x: float
    y: float
    texts: Texts
    per_day: float

    def _bar(self, role: str, first: float, last: float, y: float = 0.0, height: float = 0.0) -> Bar:
        start, length = first - self.mark.at, last - first
        x, width = start * self.per_day, length * self.per_day
        return Bar(role, round(start, 3), round(length, 3), round(x, 2), round(width, 2), y, height)

    @property
    def bars(self) -> list[Bar]:
        """The days a date may mean, and the period a figure covers."""
        found = []
        if self.mark.meant:
            role = "fading" if self.mark.fades else "meant"
            found.append(self._bar(role, *self.mark.meant, y=-5, height=10))
        if self.mark.covers:
            covered = self.mark.covers[1]
            found.append(self._bar("covers", *self.mark.covers, y=8, height=3))
            if covered < self.mark.at:
                found.append(self._bar("since", covered, self.mark.at, y=9, height=1))
        return found

    @property
    def ground(self) -> Bar:
        """What is touched, and hatched where not everybody may see it: all of it and its texts."""
        left, right = min(self.texts.left, -TOUCH / 2), max(self.texts.right, TOUCH / 2)
        height = ROOM[Kind.MILESTONE] - 2 if self.texts.label and self.mark.kind == Kind.MILESTONE else TOUCH
        return Bar("ground", 0, 0, round(left, 2), round(right - left, 2), -TOUCH / 2, height)

    @property
    def slip(self) -> Bar | None:
        """The line through the first promise, all that followed, and the mark."""
        days = [*self.mark.trail, self.mark.at]
        return self._bar("slip", min(days), max(days)) if self.mark.trail else None

    @property
    def stops(self) -> list[Bar]:
        """The earlier targets, the first promise first."""
        return [self._bar("stop", day, day) for day in self.mark.trail]


@dataclass(frozen=True)
class Column:
    """So many entries of a lane over so many days."""

    window: Window
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Joined:
    """Figures of one series, in order, joined by a line: each point's day, its x, and its y in the lane."""

    name: str
    points: list[tuple[float, float, float]]


@dataclass
class Lane:
    """Entries of one kind: marks in rows, or columns where there are too many.

    Where several timelines stand together, a lane is one of them: `track` is what the address calls it, and
    `name` what readers do.
    """

    kind: str
    y: float = 0.0
    height: float = EMPTY_LANE
    placed: list[Placed] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    lines: list[Joined] = field(default_factory=list)
    count: int = 0
    part: str = ""
    """ "12 of 34", where more stand in sight than are drawn."""
    folded: bool = False
    track: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """What the address folds it by."""
        return self.track or self.kind

    @property
    def title(self) -> str:
        return self.name or f"{Kind(self.kind).label}s"

    @property
    def called(self) -> str:
        """The same within a sentence."""
        return self.name or self.title.lower()

    def counted(self, count: int) -> str:
        """What a column counts: "1 quote", "12 milestones, Online Harms Bill"."""
        one = "entry" if self.kind == MIXED else str(self.kind)
        many = "entries" if self.kind == MIXED else f"{one}s"
        said = f"{count:,} {one if count == 1 else many}"
        return f"{said}, {self.name}" if self.name else said


@dataclass(frozen=True)
class Shade:
    """A stretch of days that is shaded behind all lanes, and what is said of it."""

    sort: str
    words: str
    first: int
    after: int
    x: float
    width: float


@dataclass(frozen=True)
class Tie:
    """A link between two marks, drawn for good: where each stands, and the arc from the one to the other."""

    from_day: float
    to_day: float
    from_y: float
    to_y: float
    arc: str


@dataclass(frozen=True)
class Picture:
    """All of it, in pixels. `drawn` reaches beyond the window, so that it can be moved before more comes."""

    window: Window
    drawn: Window
    scale: Scale
    lanes: list[Lane]
    ticks: list[Tick]
    today: float
    height: float
    ties: list[Tie] = field(default_factory=list)
    shades: list[Shade] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(lane.count for lane in self.lanes)

    @property
    def shaded(self) -> list[Shade]:
        """What is shaded of the window."""
        return [
            each for each in self.shades if each.after > self.window.first and each.first < self.window.after
        ]

    @property
    def day(self) -> date:
        """Today's."""
        return date.fromordinal(int(self.today))

    @property
    def today_x(self) -> float:
        return self.scale.x(self.today)

    @property
    def today_words(self) -> str:
        """What stands beside its line."""
        return f"Today, {long_day(self.day)}"

    @property
    def today_left(self) -> bool:
        """Whether that ends at the line, as the window's edge would cut it on the line's right."""
        return self._leaves_today and self.today_x >= BESIDE_TODAY + self._today_length

    @property
    def today_words_x(self) -> float:
        """Where that begins or ends, from the line; over the line where there is room on neither side."""
        if self.today_left:
            return -BESIDE_TODAY
        if self._leaves_today:
            return round(self.scale.width - self._today_length - self.today_x, 2)
        return BESIDE_TODAY

    @property
    def _today_length(self) -> float:
        return text_width(self.today_words, SMALL, bold=True)

    @property
    def _leaves_today(self) -> bool:
        return 0 <= self.scale.width - self.today_x < BESIDE_TODAY + self._today_length

    @property
    def future(self) -> float:
        """How wide what is drawn after today is; 0 where none is."""
        return max(0.0, round((self.drawn.last + 1 - self.today) * self.scale.per_day, 2))

    @property
    def axis(self) -> float:
        return AXIS


# --- Text -------------------------------------------------------------------------------------------------

NARROW, WIDE = set("fijlrtI.,:;'’|!()[]/ "), set("mwMW@%—…")


@lru_cache(maxsize=8_192)
def text_width(text: str, size: float = TEXT, *, bold: bool = False) -> float:
    """Pixels a text takes at most, in whatever sans-serif the reader's system has: rather too much than too
    little, as labels must not overlap."""
    ems = sum(map(_ems, text))
    return ems * size * (1.08 if bold else 1.0)


def _ems(letter: str) -> float:
    if letter in NARROW:
        return 0.4
    if letter in WIDE:
        return 1.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.3  # emoji are wider than their em in some systems
    if unicodedata.combining(letter):
        return 0.0
    return 0.74 if letter.isupper() else 0.62


def cut(text: str, most: int = LABEL) -> str:
    """The text's beginning, at a word if one ends near."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[: most - 1]
    at = head.rfind(" ")
    return f"{head[:at] if at > most * 0.6 else head}…"


def cut_to(text: str, room: float) -> str:
    """The text's beginning, as much of it as fits into so many pixels; nothing if that is no letter."""
    shown, most = text, len(text)
    if text_width(text) > room:
        most = min(most, _letters_in(" ".join(text.split()), room) + 3)
    while most > 1 and text_width(shown) > room:
        most -= 1
        shown = cut(text, most)
    return shown if text_width(shown) <= room else ""


def _letters_in(text: str, room: float) -> int:
    """How many letters of it fit into so many pixels."""
    taken = 0.0
    for number, letter in enumerate(text):
        taken += _ems(letter) * TEXT
        if taken > room:
            return number
    return len(text)


# --- Lanes ------------------------------------------------------------------------------------------------


def lane_of_marks(kind: str, marks: Sequence[Mark], scale: Scale, *, above: float = 0.0) -> Lane:
    """Marks in rows, each where the first row has room for it; without its label where none has. `above`:
    pixels to leave free over them."""
    lane = Lane(kind, count=len(marks))
    ordered = sorted(marks, key=lambda mark: (mark.first, mark.last, mark.pk))
    top = PADDING + above
    if kind == Kind.STATISTIC:
        ordered, top = _series(lane, ordered, scale, top)
    rows = Rows(scale, ROOM[kind], top, most=MOST_ROWS_MIXED if kind == MIXED else MOST_ROWS)
    lane.placed += rows.lengthened([rows.place(mark) for mark in ordered])
    lane.height = max(EMPTY_LANE + above, rows.bottom + PADDING)
    return lane


class Rows:
    """The rows of one lane, and up to where each is taken."""

    def __init__(self, scale: Scale, room: float, top: float, *, most: int = MOST_ROWS) -> None:
        self.scale, self.room, self.top, self.most = scale, room, top, most
        self.taken: list[float] = []
        self.reaches: list[tuple[int, float, float]] = []
        """Of each mark that was placed: its row, and from where to where it and its texts reach."""

    @property
    def bottom(self) -> float:
        return self.top + self.room * len(self.taken)

    def place(self, mark: Mark) -> Placed:
        x = self.scale.x(mark.at)
        left, right = self.scale.x(mark.first), self.scale.x(mark.last)
        left, right = min(left, x - HALF), max(right, x + HALF)
        edge = min(left, x - HALF - ABOUT) if mark.about else left
        for words in ((True, True), (True, False), (False, False)):
            texts = self._texts(mark, x, left, *words)
            row = self._row(min(edge, x + texts.left), max(right, x + texts.right))
            if row is not None:
                break
        else:
            row = self._least_taken()
            self.taken[row] = max(self.taken[row], right)
            texts = Texts()
        self.reaches.append((row, min(edge, x + texts.left), max(right, x + texts.right)))
        y = self.top + row * self.room + (HALF + 4)
        return Placed(mark, x, y, texts, self.scale.per_day)

    def lengthened(self, placed: list[Placed]) -> list[Placed]:
        """The same, with more of each headline that was cut though its row has room beside it."""
        found = list(placed)
        rows: dict[int, list[int]] = {}
        for number, (row, _, _) in enumerate(self.reaches):
            rows.setdefault(row, []).append(number)
        for numbers in rows.values():
            after = [self.scale.width - 4 + GAP]
            for number in reversed(numbers[1:]):
                after.append(min(after[-1], self.reaches[number][1]))
            before = 4.0 - GAP
            for number in numbers:
                found[number], reach = self._longer(found[number], before + GAP, after.pop() - GAP)
                before = max(before, reach, self.reaches[number][2])
        return found

    def _longer(self, placed: Placed, left: float, right: float) -> tuple[Placed, float]:
        """With as much of its headline as fits between the two, and how far that reaches."""
        texts, whole, x = placed.texts, cut(placed.mark.label, LONGEST_LABEL), placed.x
        label_at = x + texts.label_x
        leftwards = texts.ends and placed.mark.kind != Kind.MILESTONE
        crossed = texts.words_y == texts.label_y and placed.mark.kind == Kind.MILESTONE
        if not texts.label or len(whole) <= len(texts.label) or crossed or not 0 <= x <= self.scale.width:
            return placed, 0.0
        shown = cut_to(whole, label_at - left if leftwards else right - label_at)
        if len(shown) <= len(texts.label):
            return placed, 0.0
        length = text_width(shown)
        if leftwards:
            reach = min(texts.left, texts.label_x - length)
            return replace(placed, texts=replace(texts, label=shown, left=reach)), 0.0
        reach = max(texts.right, texts.label_x + length)
        return replace(placed, texts=replace(texts, label=shown, right=reach)), x + reach

    def _row(self, left: float, right: float) -> int | None:
        """The first row with room, made if there may be one more; None if there is none."""
        for number, taken in enumerate(self.taken):
            if taken + GAP <= left:
                self.taken[number] = right
                return number
        if len(self.taken) < self.most:
            self.taken.append(right)
            return len(self.taken) - 1
        return None

    def _least_taken(self) -> int:
        return min(range(len(self.taken)), key=lambda number: (self.taken[number], number))

    def _texts(self, mark: Mark, x: float, left: float, label: bool, words: bool) -> Texts:
        """Where the texts stand: a milestone's headline below its line, all else beside the mark; to its left
        where they would run out of the window."""
        shown, said = cut(mark.label) if label else "", mark.words if words else ""
        if mark.kind == Kind.MILESTONE:
            return self._below(mark, x, left, shown, said)
        figure = mark.kind == Kind.STATISTIC
        size, bold = (TEXT, True) if figure else (SMALL, mark.late)
        beside = text_width(said, size, bold=bold) + 6 if said else 0.0
        length = beside + (text_width(shown) if shown else 0.0)
        start = HALF + 5
        room = max(x, self.scale.width - x) - start - beside
        if shown and length - beside > room and 0 <= x <= self.scale.width:  # on a narrow picture
            shown = cut_to(shown, room)
            length = beside + text_width(shown)
        if self._leaves(x, start + length) and not 0 <= x < self.scale.width / 2:
            before = start + (ABOUT if mark.about else 0.0)
            return Texts(
                shown,
                said,
                label_x=-before - beside,
                label_y=4.5,
                words_x=-before,
                words_y=4.5,
                ends=True,
                left=-before - length,
            )
        return Texts(
            shown,
            said,
            label_x=start + beside,
            label_y=4.5,
            words_x=start,
            words_y=4.5,
            right=start + length,
        )

    def _below(self, mark: Mark, x: float, left: float, shown: str, said: str) -> Texts:
        shown = cut_to(shown, self.scale.width - 8)
        start, end = left - x, self.scale.x(mark.last) - x
        length, beside = text_width(shown), text_width(said, SMALL, bold=mark.late)
        words_x = max(HALF, end + (HALF if mark.trail else 0)) + 5
        words_y = 4.0
        if ends := self._leaves(x, words_x + beside):
            words_x = min(-HALF, start - HALF) - 4 - (ABOUT if mark.about else 0.0)
        label_x = start
        if x >= 0 > left:  # its line began out of sight
            label_x = 4.0 - x
        if x < 0 and self.scale.x(mark.last) < 0:
            label_x = -HALF - length
        elif self._leaves(max(0.0, x), label_x + length) or left < self.scale.width < left + length:
            label_x = self.scale.width - 4 - length - x
        if (
            said and ends and x + words_x - beside < 0 <= x
        ):  # there is room on neither side: after the headline
            ends, words_y = False, 22.0
            words_x = label_x + length + 6 if shown else label_x
            if x + words_x + beside > self.scale.width:  # nor there: of a shorter one
                shown, label_x = cut_to(shown, max(0.0, self.scale.width - beside - 20)), 4.0 - x
                length = text_width(shown)
                words_x = label_x + length + 6
        spans = [(words_x - beside, words_x) if ends else (words_x, words_x + beside)] if said else []
        spans += [(label_x, label_x + length)] if shown else []
        return Texts(
            shown,
            said,
            label_x=label_x,
            label_y=22.0,
            words_x=words_x,
            words_y=words_y,
            ends=ends,
            left=min([-HALF, *(first for first, _ in spans)]),
            right=max([HALF, *(last for _, last in spans)]),
        )

    def _leaves(self, x: float, reach: float) -> bool:
        """Whether it would run over the window's edge, from within or from before it."""
        return x < 0 or x <= self.scale.width < x + reach


MOST_SERIES = 3


def _series(lane: Lane, marks: list[Mark], scale: Scale, top: float) -> tuple[list[Mark], float]:
    """Give the longest series of figures a band each, and answer the marks that are left and where they
    may begin."""
    series: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.series and mark.value is not None:
            series.setdefault(mark.series, []).append(mark)
    several = [(name, those) for name, those in series.items() if _stand_apart(those, scale)]
    joined = sorted(several, key=lambda each: (-len(each[1]), each[0]))
    for name, those in joined[:MOST_SERIES]:
        lane.lines.append(_band(lane, name, sorted(those, key=lambda mark: (mark.at, mark.pk)), scale, top))
        top += BAND
    done = {placed.mark.pk for placed in lane.placed}
    return [mark for mark in marks if mark.pk not in done], top


def _stand_apart(marks: Sequence[Mark], scale: Scale) -> bool:
    """Whether figures make a line that rises or falls over time, rather than one place."""
    days = [mark.at for mark in marks]
    return (max(days) - min(days)) * scale.per_day > 4 * HALF


def _band(lane: Lane, name: str, marks: list[Mark], scale: Scale, top: float) -> Joined:
    """A line through the figures, the highest at the band's top; each figure in words where there is room."""
    values = [mark.value or 0.0 for mark in marks]
    low, spread = min(values), (max(values) - min(values)) or 1.0
    heights = [round(top + 20 + (BAND - 40) * (1 - (value - low) / spread), 2) for value in values]
    points = [(mark.at, scale.x(mark.at), y) for mark, y in zip(marks, heights, strict=True)]
    taken, label = float("-inf"), cut_to(cut(name, 60), scale.width - 8)
    for mark, (_, x, y) in zip(marks, points, strict=True):
        width = text_width(mark.words, bold=True)
        fits = x - width / 2 >= taken + GAP and not _covers(points, x, y, width)
        if fits:
            taken = x + width / 2
        named, label_x = "", 0.0
        if label and x >= 0:
            named, label = label, ""
            label_x = min(0.0, scale.width - 4 - text_width(named) - x)
        words = mark.words if fits else ""
        texts = Texts(
            named, words, label_x=label_x, label_y=top + BAND - 4 - y, words_x=-width / 2, words_y=-11.0
        )
        lane.placed.append(Placed(mark, x, y, texts, scale.per_day))
    return Joined(name, points)


def _covers(points: Sequence[tuple[float, float, float]], x: float, y: float, width: float) -> bool:
    """Whether words over a point would lie on another point of the series."""
    return any(
        abs(x - other) < width / 2 + HALF and y - 11 - TEXT - HALF < height < y - 2
        for _, other, height in points
    )


def lane_of_columns(
    kind: str, bins: Bins, size: int, scale: Scale, marks: Iterable[Mark] = (), *, above: float = 0.0
) -> Lane:
    """A column for each bin; `marks`, a few that matter even from afar, stand under them."""
    found = {number: count for (of, number), count in bins.items() if of == kind}
    lane = lane_of_marks(kind, list(marks), scale)
    lane.count = sum(found.values())
    tallest = max(found.values(), default=1)
    width = max(1.0, round(size * scale.per_day - 1, 2))
    for number, count in sorted(found.items()):
        window = _days_of(number, size)
        height = max(2.0, round(COLUMN * count / tallest, 1))
        y = round(PADDING + above + COLUMN - height, 2)
        lane.columns.append(Column(window, count, scale.x(window.first), y, width, height))
    below = PADDING + above + COLUMN
    lane.placed = [replace(placed, y=placed.y + below) for placed in lane.placed]
    lane.lines = [Joined(line.name, [(at, x, y + below) for at, x, y in line.points]) for line in lane.lines]
    lane.height = below + (lane.height if lane.placed else PADDING)
    return lane


@lru_cache(maxsize=8_192)
def _days_of(number: int, size: int) -> Window:
    """Of a bin: the same in every lane, and for the next reader."""
    return clipped(number * size, number * size + size - 1)


def folded(kind: str, count: int) -> Lane:
    return Lane(kind, count=count, folded=True)


@dataclass(frozen=True)
class Strip:
    """The whole span in a slim strip: how much stands where, of that what was asked for, and the window."""

    scale: Scale
    height: float
    all: list[Column]
    found: list[Column]
    x: float
    width: float
    today: float


def strip(
    window: Window,
    scale: Scale,
    every: Bins,
    found: Bins | None,
    size: int,
    *,
    height: float,
    today: float,
) -> Strip:
    """`every` are all entries, `found` those the timeline is narrowed to, if it is. The window's edges keep
    inside the strip, and it stays wide enough to be held."""
    totals, some = _by_bin(every), _by_bin(found) if found is not None else {}
    tallest = max(totals.values(), default=1)
    left = min(max(0.0, scale.x(window.first)), scale.width)
    right = min(max(0.0, scale.x(window.after)), scale.width)
    width = max(right - left, HELD)
    return Strip(
        scale,
        height,
        _strip_columns(totals, tallest, size, scale, height),
        _strip_columns(some, tallest, size, scale, height),
        round(min(left, scale.width - width), 2),
        round(width, 2),
        scale.x(today),
    )


def _by_bin(bins: Bins) -> dict[int, int]:
    totals: dict[int, int] = {}
    for (_, number), count in bins.items():
        totals[number] = totals.get(number, 0) + count
    return totals


def _strip_columns(
    totals: dict[int, int], tallest: int, size: int, scale: Scale, height: float
) -> list[Column]:
    """Higher by the root of what they count, or one busy day would flatten all others."""
    columns = []
    width = max(1.0, round(size * scale.per_day - 0.5, 2))
    for number, count in sorted(totals.items()):
        window = _days_of(number, size)
        tall = max(2.0, round((height - 4) * (count / max(tallest, count)) ** 0.5, 2))
        columns.append(Column(window, count, scale.x(window.first), round(height - tall, 2), width, tall))
    return columns


def picture(
    window: Window,
    drawn: Window,
    scale: Scale,
    lanes: Sequence[Lane],
    *,
    today: float,
    ties: Iterable[tuple[int, int]] = (),
    shades: Iterable[tuple[str, str, int, int]] = (),
) -> Picture:
    """The lanes one under another, below the axis. `ties` are the links to draw, as pairs of keys; there is
    none of a mark that is not drawn. `shades`: the sort, the words, the first day and the last of each."""
    y = AXIS
    for lane in lanes:
        lane.y = y
        y += lane.height
    return Picture(
        window,
        drawn,
        scale,
        list(lanes),
        scale.ticks(drawn),
        today,
        y + 4,
        _ties(lanes, ties),
        _shades(shades, drawn, scale),
    )


def _shades(stretches: Iterable[tuple[str, str, int, int]], drawn: Window, scale: Scale) -> list[Shade]:
    """As far as each is drawn, none under another: where two overlap, the days are the earlier one's."""
    found, taken = [], drawn.first
    for sort, words, first, last in sorted(stretches, key=lambda each: (each[2], -each[3], each[:2])):
        start, after = max(first, taken), min(last, drawn.last) + 1
        if start < after:
            x, width = scale.x(start), round((after - start) * scale.per_day, 2)
            found.append(Shade(sort, words, start, after, x, width))
            taken = after
    return found


def _ties(lanes: Sequence[Lane], pairs: Iterable[tuple[int, int]]) -> list[Tie]:
    at = {placed.mark.pk: (placed, lane.y + placed.y) for lane in lanes for placed in lane.placed}
    found = [(at[one], at[other]) for one, other in dict.fromkeys(pairs) if one in at and other in at]
    return [
        Tie(one.mark.at, other.mark.at, round(y1, 2), round(y2, 2), arc(one.x, y1, other.x, y2))
        for (one, y1), (other, y2) in found
    ]


def arc(x1: float, y1: float, x2: float, y2: float) -> str:
    """From the edge of one mark to that of the other, leaving and arriving upright. So does the script."""
    down = 1 if y2 >= y1 else -1
    y1, y2 = y1 + down * HALF, y2 - down * (HALF + 3)
    bend = max(LEAST_BEND, abs(y2 - y1) / 2) * down
    return f"M{x1:.2f} {y1:.2f}C{x1:.2f} {y1 + bend:.2f} {x2:.2f} {y2 - bend:.2f} {x2:.2f} {y2:.2f}"
