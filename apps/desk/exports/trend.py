"""Targets against the day each was set (milestone trend analysis), as an SVG that stands by itself.

Along: the day a target was recorded; up: the day it named. A date that is kept is a level line which ends on
the slope where today is the target. One that slips climbs away from it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import atan2, degrees
from pathlib import Path
from xml.etree import ElementTree

from apps.dates import days, in_words, long_day
from apps.desk.exports.drawing import SVG, Drawing, policy_of, text_element
from apps.desk.exports.said import clean
from apps.desk.phrases import times
from apps.desk.slips import Slip
from apps.legislation.models import Outcome
from apps.timeline.layout import cut_to, text_width

STYLE = Path(__file__).with_name("trend.css").read_text()
POLICY = policy_of(STYLE)
WIDTHS = (320, 1_200)
USUAL_WIDTH, PHONE_WIDTH = 920, 350
BROAD = 560
"""Width from which words stand beside the lines."""
MOST_LINES = 8
"""Lines of one chart, the worst: more could not be told apart."""
LEFT, TOP, BOTTOM = 46.0, 40.0, 46.0
BESIDE, BESIDE_ONE, NUMBER = 300.0, 262.0, 22.0
"""Pixels beside the lines: for their names, for the verdict on one, for their numbers."""
SQUARE = (220.0, 480.0)
"""Pixels of the field's height, at least and at most."""
LINE = 17.0
"""Pixels between two lines of text."""
SHORT = 170.0
"""Pixels of the slope, below which nothing is written along it."""
LEAST_SPAN = 28
"""Days that a side of the field stands for, at least."""
YEAR = 12
STEPS = (1, 3, 6, *(YEAR * years for years in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)))
"""Months between two lines of the grid."""
MOST_YEAR = 9_998


@dataclass(frozen=True)
class Set:
    """A target, and the day it was recorded."""

    on: date
    target: date
    words: str


@dataclass(frozen=True)
class Line:
    """One milestone: the targets that count, oldest first; `end` is the day it was settled, or today."""

    name: str
    sets: Sequence[Set]
    end: date
    met: date | None
    settled: str
    late: int
    slip: int

    @property
    def first(self) -> date:
        return self.sets[0].target

    @property
    def last(self) -> date:
        """Where it ends: the day it was met, or the target that stands."""
        return self.met or self.sets[-1].target

    @property
    def verdict(self) -> str:
        """ "664 days late", "699 days later than first promised"."""
        if self.met:
            by = self.late
            return f"{days(abs(by))} {'late' if by > 0 else 'early'}" if by else "on time"
        shift = f"{days(abs(self.slip))} {'later' if self.slip >= 0 else 'earlier'}"
        return f"{shift}, {self.settled}" if self.settled else shift

    @property
    def stands(self) -> str:
        if self.met:
            return f"met {long_day(self.met)}"
        return f"{self.settled or 'now'} {self.sets[-1].words}"

    @property
    def overdue(self) -> str:
        """How far past the target that stands, while it is open."""
        over = 0 if self.met or self.settled else (self.end - self.last).days
        return f"{days(over)} overdue" if over > 0 else ""

    @property
    def told(self) -> str:
        """All of it in a sentence, for whoever does not see the picture."""
        first, *later = self.sets
        said = f"{self.name}: first set on {long_day(first.on)} to {first.words}"
        if later:
            steps = "; ".join(f"on {long_day(each.on)} to {each.words}" for each in later[-6:])
            said += f", moved {times(len(later))}: {steps}"
        end = ", ".join(part for part in (self.verdict, self.overdue) if part)
        return f"{said}. {self.stands[:1].upper()}{self.stands[1:]}: {end}."


def line_of(slip: Slip) -> Line:
    entry, milestone, access = slip.entry, slip.entry.milestone, slip.access
    sets = [
        Set(access.campaign.today(each.row.recorded_at), each.row.latest, in_words(each.row.date))
        for each in slip.told
        if each.stands
    ]
    met = milestone.settled_on if milestone.outcome == Outcome.MET else None
    return Line(
        name=entry.headline,
        sets=sets,
        end=max(milestone.settled_on or access.today, sets[-1].on),
        met=met,
        settled="" if met or milestone.is_open() else milestone.get_outcome_display().lower(),
        late=milestone.late_days(access.today),
        slip=entry.slip_days or 0,
    )


def described(lines: Sequence[Line]) -> str:
    return " ".join(line.told for line in lines)


# --- Where everything goes --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """The part of the picture in which lines are drawn, and what days its sides stand for."""

    left: float
    right: float
    top: float
    bottom: float
    first: int
    last: int
    low: int
    high: int

    def x(self, day: date | int) -> float:
        number = day if isinstance(day, int) else day.toordinal()
        return self.left + (number - self.first) / (self.last - self.first) * (self.right - self.left)

    def y(self, day: date | int) -> float:
        number = day if isinstance(day, int) else day.toordinal()
        return self.bottom - (number - self.low) / (self.high - self.low) * (self.bottom - self.top)

    @cached_property
    def slope(self) -> tuple[int, int] | None:
        """Between which days the line on which today is the target lies within the field."""
        start, end = max(self.first, self.low), min(self.last, self.high)
        return (start, end) if start < end else None


def field_of(lines: Sequence[Line], width: float, *, beside: float, top: float) -> Field:
    """As high as makes the slope one of 45 degrees, unless that were too flat or too tall to read."""
    along = [each.on for line in lines for each in line.sets] + [line.end for line in lines]
    along += [line.met for line in lines if line.met]
    up = [each.target for line in lines for each in line.sets] + [line.met for line in lines if line.met]
    first, last = _widened(along, before=0.02, after=0.04)
    low, high = _widened(up, before=0.1, after=0.12)
    left, right = LEFT, width - 12 - beside
    square = (high - low) * (right - left) / (last - first)
    least = max(SQUARE[0], len(lines) * LINE * 2.2 if beside and len(lines) > 1 else 0)
    height = min(max(square, least), max(SQUARE[1], least))
    return Field(left, right, top, top + height, first, last, low, high)


def _widened(found: Iterable[date], *, before: float, after: float) -> tuple[int, int]:
    numbers = [day.toordinal() for day in found]
    first, last = min(numbers), max(numbers)
    span = max(last - first, LEAST_SPAN)
    return first - round(span * before) - 1, max(last, first + span) + round(span * after) + 1


@dataclass(frozen=True)
class Tick:
    day: int
    words: str


def ticks(first: int, last: int, room: float, each: float) -> list[Tick]:
    """The beginnings of years or months between two days, as many as have `each` pixels of the room."""
    most = max(1, int(room / each))
    months = (last - first) / 30.44
    step = next((step for step in STEPS if months / step <= most), STEPS[-1])
    begin = max(1, date.fromordinal(max(first, 1)).year // max(1, step // 12) * max(1, step // 12)) * 12
    found = []
    for month in range(begin, begin + 10_000 * 12, step):
        year, number = divmod(month, 12)
        if year > MOST_YEAR or (day := date(year, number + 1, 1)).toordinal() > last:
            break
        if day.toordinal() >= first:
            words = str(year) if number == 0 or step >= YEAR else f"{day:%b}"
            found.append(Tick(day.toordinal(), words))
    return found


# --- As a picture -----------------------------------------------------------------------------------------


def draw(lines: Sequence[Line], *, title: str, width: int = USUAL_WIDTH) -> Drawing:
    """Of one line and more; the first is the one that stands out."""
    shown = list(lines[:MOST_LINES])
    wide = width >= BROAD
    alone = len(shown) == 1
    beside = (BESIDE_ONE if alone else BESIDE) if wide else (0 if alone else NUMBER)
    field = field_of(shown, width, beside=beside, top=TOP if wide or not alone else TOP + LINE * 2.4)
    height = field.bottom + BOTTOM + (0 if wide or alone else len(shown) * LINE * 2)
    picture = Picture(field, width, height, shown)
    root = picture.drawn(wide=wide)
    description = described(shown)
    for place, (tag, text) in enumerate((("title", title), ("desc", description), ("style", STYLE))):
        root.insert(place, text_element(tag, text))
    return Drawing(ElementTree.tostring(root, encoding="unicode"), width, height, title, description)


Box = tuple[float, float, float, float]


class Picture:
    """Puts the elements into an `<svg>`; `taken` is where text stands already."""

    def __init__(self, field: Field, width: float, height: float, lines: Sequence[Line]) -> None:
        self.field, self.lines = field, lines
        self.width = width
        self.root = ElementTree.Element(
            f"{{{SVG}}}svg",
            {
                "viewBox": f"0 0 {width:g} {height:g}",
                "width": f"{width:g}",
                "height": f"{height:g}",
                "role": "img",
            },
        )
        self.taken: list[Box] = []

    def drawn(self, *, wide: bool) -> ElementTree.Element:
        self.put("rect", cls="paper", width="100%", height="100%")
        self._ground()
        for number, line in reversed(list(enumerate(self.lines))):
            self._line(line, self.group("other" if number else "worst"))
        if len(self.lines) == 1:
            self._steps(self.lines[0])
            self._verdict(self.lines[0], wide=wide)
        elif wide:
            self._names()
        else:
            self._numbers()
        return self.root

    # What lies beneath

    def _ground(self) -> None:
        field = self.field
        if past := self._past():
            self.put("polygon", cls="past", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in past))
        for tick in ticks(field.first, field.last, field.right - field.left, 62):
            x = field.x(tick.day)
            self.put("line", cls="grid", x1=x, x2=x, y1=field.top, y2=field.bottom)
            self.text(tick.words, x, field.bottom + 17, cls="tick", anchor="middle")
        for tick in ticks(field.low, field.high, field.bottom - field.top, 46):
            y = field.y(tick.day)
            self.put("line", cls="grid", x1=field.left, x2=field.right, y1=y, y2=y)
            self.text(tick.words, field.left - 6, y + 4, cls="tick", anchor="end")
        self.text("↑ the target", 0, field.top - 14, cls="axis")
        self.text("the day it was set →", field.right, field.bottom + 36, cls="axis", anchor="end")
        self._slope()

    def _past(self) -> list[tuple[float, float]]:
        """Where a target was past already when it was looked at: below the slope."""
        field = self.field
        if field.slope is None:
            if field.high > field.first:
                return []
            sides = ((field.left, field.top), (field.right, field.top))
            return [*sides, (field.right, field.bottom), (field.left, field.bottom)]
        start, end = field.slope
        return [
            (field.x(start), field.y(start)),
            (field.x(end), field.y(end)),
            (field.right, field.y(end)),
            (field.right, field.bottom),
            (field.x(start), field.bottom),
        ]

    def _slope(self) -> None:
        field = self.field
        if field.slope is None:
            return
        (x1, x2), (y1, y2) = map(field.x, field.slope), map(field.y, field.slope)
        self.put("line", cls="today", x1=x1, y1=y1, x2=x2, y2=y2)
        if (x2 - x1) ** 2 + (y2 - y1) ** 2 < SHORT**2:
            return
        x, y = x1 + (x2 - x1) * 0.5, y1 + (y2 - y1) * 0.5
        turn = f"rotate({-degrees(atan2(y1 - y2, x2 - x1)):.1f} {x:.1f} {y:.1f})"
        self.text("today is the target", x, y + 16, cls="along", anchor="middle", transform=turn)

    # Lines

    def _line(self, line: Line, into: ElementTree.Element) -> None:
        field = self.field
        ends = [*(each.on for each in line.sets[1:]), line.end]
        before: float | None = None
        for each, until in zip(line.sets, ends, strict=True):
            x, y, end = field.x(each.on), field.y(each.target), field.x(until)
            if before is not None:
                self.put("line", cls="rise", into=into, x1=x, x2=x, y1=before, y2=y)
            self.put("line", cls="held", into=into, x1=x, x2=end, y1=y, y2=y)
            before = y
        if line.met and before is not None:
            x, y = field.x(line.met), field.y(line.met)
            self.put("line", cls="rise", into=into, x1=field.x(line.end), y1=before, x2=x, y2=y)
        for each in line.sets:
            self._mark(field.x(each.on), field.y(each.target), 6, "mark", into)
        x, y = self._end(line)
        self._mark(x, y, 9, "mark" if line.met else "open", into)

    def _end(self, line: Line) -> tuple[float, float]:
        if line.met:
            return self.field.x(line.met), self.field.y(line.met)
        return self.field.x(line.end), self.field.y(line.sets[-1].target)

    def _mark(self, x: float, y: float, half: float, cls: str, into: ElementTree.Element) -> None:
        corners = ((x - half, y), (x, y - half), (x + half, y), (x, y + half))
        self.put("polygon", cls=cls, into=into, points=" ".join(f"{a:.1f},{b:.1f}" for a, b in corners))

    # Words of one line

    def _steps(self, line: Line) -> None:
        """What each target was, left of where it begins: there a line that climbs leaves room."""
        field = self.field
        y = field.y(line.first)
        self.put("line", cls="first", x1=field.x(line.sets[0].on), x2=field.right, y1=y, y2=y)
        earlier = [None, *line.sets]
        until = [*(each.on for each in line.sets[1:]), line.end]
        for before, each, end in reversed(list(zip(earlier, line.sets, until, strict=False))):
            added = f"{(each.target - before.target).days:+,}".replace("-", "−") if before else ""
            x, y, level = field.x(each.on), field.y(each.target), field.x(end) - field.x(each.on)
            places = [(each.words, x, y - 11, "start"), (each.words, x, y + 18, "start")]
            if before:
                level_place = (each.words, x, y - 11, "start")
                places = [(each.words, x - 12, y + 4, "end"), level_place, ("", x - 12, y + 4, "end")]
            for words, at, height, anchor in places:
                room = text_width(f"{words} {added}".strip()) + 4
                if height == y - 11 and room > level:
                    continue
                if self._step(words, added, at, height, anchor, room):
                    break

    def _step(self, words: str, added: str, x: float, y: float, anchor: str, room: float) -> bool:
        """Whether there was room for it."""
        start = x - room if anchor == "end" else x
        box = (start, y - 12, start + room, y + 3)
        inside = start >= self.field.left and box[2] <= self.field.right
        if not (inside and self._free(box)):
            return False
        self.taken.append(box)
        made = self.text(f"{words} " if words and added else words, x, y, cls="halo", anchor=anchor)
        if added:
            part = ElementTree.SubElement(made, f"{{{SVG}}}tspan", {"class": "step"})
            part.text = added
        return True

    def _free(self, box: Box) -> bool:
        return not any(
            box[0] < right and box[2] > left and box[1] < bottom and box[3] > top
            for left, top, right, bottom in self.taken
        )

    def _verdict(self, line: Line, *, wide: bool) -> None:
        """How far it is from the first target, as large as it is."""
        number, _, rest = line.verdict.partition(" day")
        big, small = (f"{number} day{rest.split(' ')[0]}", rest.partition(" ")[2]) if rest else (number, "")
        field = self.field
        if not wide:
            self.text(big, 0, 26, cls="big")
            self.text(f"{small}: {line.stands}" if small else line.stands, 0, 26 + LINE + 3, cls="strong")
            return
        top, bottom = sorted((field.y(line.first), field.y(line.last)))
        x = field.right + 14
        bracket = f"M{x - 6:.1f} {top:.1f}H{x:.1f}V{bottom:.1f}H{x - 6:.1f}"
        self.put("path", cls="span", d=bracket)
        middle = min(max((top + bottom) / 2, field.top + 24), field.bottom - 40)
        self.text(big, x + 12, middle, cls="big")
        for place, words in enumerate((small, f"first: {line.sets[0].words}", line.stands, line.overdue)):
            cls = "small" if place else "strong"
            shown = cut_to(words, self.width - x - 14)
            self.text(shown, x + 12, middle + LINE * (place + 1) + 2, cls=cls)

    # Names of several

    def _names(self) -> None:
        x = self.field.right + 26
        for line, (mark_x, mark_y), y, number in self._spread(LINE * 2.1):
            into = self.group("other" if number else "worst")
            lead = f"M{mark_x + 9:.1f} {mark_y:.1f}L{x - 12:.1f} {y - 4:.1f}H{x - 5:.1f}"
            self.put("path", cls="lead", into=into, d=lead)
            room = self.width - x - 4
            self.text(cut_to(line.name, room), x, y, cls="name strong" if not number else "name", into=into)
            self.text(cut_to(line.verdict, room), x, y + 15, cls="small", into=into)

    def _numbers(self) -> None:
        """On a narrow picture: numbers beside the lines, and what they are called below it."""
        for _, (_, _), y, number in self._spread(LINE * 0.9):
            self.text(str(number + 1), self.field.right + 14, y, cls="strong")
        for number, line in enumerate(self.lines):
            y = self.field.bottom + BOTTOM + 6 + number * LINE * 2
            self.text(str(number + 1), 0, y, cls="strong")
            self.text(cut_to(line.name, self.width - 20), 16, y)
            self.text(line.verdict, 16, y + 15, cls="small")

    def _spread(self, apart: float) -> Iterator[tuple[Line, tuple[float, float], float, int]]:
        """Each line with the height of its words, no two closer than that."""
        ends = [(self._end(line), number, line) for number, line in enumerate(self.lines)]
        ends.sort(key=lambda end: (end[0][1], end[1]))
        heights: list[float] = []
        for (_, y), _, _ in ends:
            heights.append(max(y + 4, heights[-1] + apart) if heights else y + 4)
        over = heights[-1] + 15 - self.field.bottom
        for place in range(len(heights) - 1, -1, -1):
            most = heights[place + 1] - apart if place + 1 < len(heights) else heights[place] - max(0, over)
            heights[place] = min(heights[place], most)
        for (at, number, line), y in zip(ends, heights, strict=True):
            yield line, at, y, number

    # Elements

    def group(self, cls: str) -> ElementTree.Element:
        return ElementTree.SubElement(self.root, f"{{{SVG}}}g", {"class": cls})

    def put(
        self, tag: str, *, cls: str, into: ElementTree.Element | None = None, **attributes: object
    ) -> ElementTree.Element:
        said = {
            name: f"{value:.1f}" if isinstance(value, float) else str(value)
            for name, value in attributes.items()
        }
        parent = self.root if into is None else into
        return ElementTree.SubElement(parent, f"{{{SVG}}}{tag}", {"class": cls} | said)

    def text(
        self,
        words: str,
        x: float,
        y: float,
        *,
        cls: str = "",
        anchor: str = "start",
        into: ElementTree.Element | None = None,
        **more: str,
    ) -> ElementTree.Element:
        made = self.put("text", cls=cls, into=into, x=float(x), y=float(y), **{"text-anchor": anchor}, **more)
        made.text = clean(words)
        return made
