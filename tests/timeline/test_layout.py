"""Where everything of a picture goes: nothing lies over anything else, and nothing is lost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from apps.timeline.density import Bins
from apps.timeline.layout import (
    AXIS,
    BAND,
    COLUMN,
    EMPTY_LANE,
    HALF,
    LONGEST_LABEL,
    MOST_ROWS,
    MOST_SERIES,
    PADDING,
    SMALL,
    TEXT,
    TITLE,
    TOUCH,
    Lane,
    Mark,
    Placed,
    arc,
    cut,
    cut_to,
    folded,
    lane_of_columns,
    lane_of_marks,
    picture,
    text_width,
)
from apps.timeline.models import Kind
from apps.timeline.windows import FIRST, LAST, Scale, Window, between, within

YEAR = between(date(2026, 1, 1), date(2026, 12, 31))
SCALE = Scale(YEAR, 1_000)
ODD_HEADLINES = (
    "Ofcom opens a consultation",
    "WWWWWWW MMMMMMM @@@@@@ %%%%%% " * 10,
    "i" * 2_000,
    "W" * 2_000,
    "word " * 400,
    "هيئة الاتصالات تفتح مشاورة عامة حول قانون السلامة",
    "הממשלה פותחת בהתייעצות ציבורית על חוק הבטיחות",
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿🎉" * 20,
    "Z̸͚̈́a̶l̵g̴o̷" + "\u0301" * 300,
    "オンライン安全法案に関する意見募集が始まりました。" * 6,
    "온라인 안전 법안에 대한 의견 수렴",
    "<script>alert(1)</script> & “quotes” 'n' \"more\"",
    "\u202eright to left override\u202c",
    "\t two\nlines ",
)


def mark(pk: int = 1, **fields: Any) -> Mark:
    said: dict[str, Any] = {
        "kind": Kind.UPDATE,
        "label": "Ofcom opens a consultation",
        "words": "",
        "name": "",
        "address": "",
        "at": YEAR.first + 100.5,
    }
    return Mark(pk=pk, **(said | fields))


# --- What is drawn, said a second time --------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A rectangle of the lane that something of a mark fills."""

    pk: int
    what: str
    left: float
    right: float
    top: float
    bottom: float

    def over(self, other: "Box") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.05 and down > 0.05


def text_box(placed: Placed, what: str, text: str, x: float, y: float, *, ends: bool, width: float) -> Box:
    left = placed.x + x - (width if ends else 0.0)
    at = placed.y + y
    return Box(placed.mark.pk, what, left, left + width, at - 10, at + 3)


def texts_of(placed: Placed) -> list[Box]:
    """What the template writes beside a mark, with the stylesheet's sizes."""
    mark, texts, boxes = placed.mark, placed.texts, []
    if texts.words:
        figure = mark.kind == Kind.STATISTIC
        size, bold = (TEXT, True) if figure else (SMALL, mark.late)
        width = text_width(texts.words, size, bold=bold)
        boxes.append(
            text_box(placed, "words", texts.words, texts.words_x, texts.words_y, ends=texts.ends, width=width)
        )
    if texts.label:
        ends = texts.ends and mark.kind != Kind.MILESTONE
        width = text_width(texts.label)
        boxes.append(
            text_box(placed, "label", texts.label, texts.label_x, texts.label_y, ends=ends, width=width)
        )
    if mark.about:
        boxes.append(text_box(placed, "about", "~", -9, 4, ends=True, width=text_width("~", bold=True)))
    return boxes


def shapes_of(placed: Placed) -> list[Box]:
    def shape(what: str, left: float, right: float, half: float) -> Box:
        x, y = placed.x, placed.y
        return Box(placed.mark.pk, what, x + left, x + right, y - half, y + half)

    boxes = [shape("mark", -HALF, HALF, 8)]
    boxes += [shape("stop", stop.x - 6, stop.x + 6, 6) for stop in placed.stops]
    if placed.slip:
        boxes.append(shape("slip", placed.slip.x, placed.slip.end, 1))
    for bar in placed.bars:
        top = placed.y + bar.y
        left = placed.x + bar.x
        boxes.append(Box(placed.mark.pk, bar.role, left, left + bar.width, top, top + bar.height))
    return boxes


def laid_over(lane: Lane) -> list[tuple[Box, Box]]:
    """Every text and whatever of another mark lies over it; and texts of one mark over each other."""
    texts = [box for placed in lane.placed for box in texts_of(placed)]
    shapes = [box for placed in lane.placed for box in shapes_of(placed)]
    found = [(one, other) for one, other in combinations(texts, 2) if one.over(other)]
    return found + [
        (one, other) for one in texts for other in shapes if one.pk != other.pk and one.over(other)
    ]


def rows_of(lane: Lane) -> dict[float, list[Placed]]:
    rows: dict[float, list[Placed]] = {}
    for placed in lane.placed:
        rows.setdefault(placed.y, []).append(placed)
    return rows


# --- Any marks --------------------------------------------------------------------------------------------

headlines = st.one_of(
    st.sampled_from(ODD_HEADLINES),
    st.text(min_size=1, max_size=200),
    st.text("abc ", min_size=1, max_size=12),
)
said = st.sampled_from(["", "389 offences", "12 days overdue, moved 3 times", "draft, staff only", "£2,400"])


@st.composite
def marks(draw: st.DrawFn, kind: str, window: Window, pk: int) -> Mark:
    around = st.integers(max(FIRST, window.first - window.days), min(LAST, window.last + window.days))
    day = draw(around)
    at, meant, fades, trail, covers = day + 0.5, None, False, (), None
    if draw(st.booleans()):
        length = draw(st.integers(2, max(2, window.days // 3)))
        meant, fades = (float(day), float(day + length)), draw(st.booleans())
        at = day + length - 0.5 if fades else day + length / 2
    if kind == Kind.MILESTONE:
        trail = tuple(float(each) + 0.5 for each in draw(st.lists(around, max_size=4)))
    if kind == Kind.STATISTIC and draw(st.booleans()):
        start = draw(around)
        covers = (float(start), float(start + draw(st.integers(1, 366))))
    return mark(
        pk,
        kind=kind,
        label=draw(headlines),
        words=draw(said),
        at=at,
        meant=meant,
        fades=fades,
        about=draw(st.booleans()),
        trail=trail,
        late=draw(st.booleans()),
        covers=covers,
    )


windows = st.builds(
    lambda first, length: within(first, first + length - 1),
    st.integers(FIRST, LAST),
    st.one_of(st.integers(1, 40), st.integers(1, 2_000), st.integers(1, 366_000)),
)


@st.composite
def lanes(draw: st.DrawFn, most: int = 14) -> tuple[str, list[Mark], Scale]:
    window = draw(windows)
    kind = draw(st.sampled_from(Kind.values))
    scale = Scale(window, draw(st.integers(280, 2_600)))
    return kind, [draw(marks(kind, window, pk)) for pk in range(1, draw(st.integers(0, most)) + 1)], scale


@given(lanes())
def test_nothing_is_written_over_anything_else(made: tuple[str, list[Mark], Scale]) -> None:
    kind, given_marks, scale = made
    lane = lane_of_marks(kind, given_marks, scale)
    assume(len(rows_of(lane)) < MOST_ROWS)
    assert laid_over(lane) == []


@given(lanes())
def test_every_mark_is_drawn_once_where_it_stands(made: tuple[str, list[Mark], Scale]) -> None:
    kind, given_marks, scale = made
    lane = lane_of_marks(kind, given_marks, scale)
    assert Counter(placed.mark for placed in lane.placed) == Counter(given_marks)
    assert [placed.x for placed in lane.placed] == [scale.x(placed.mark.at) for placed in lane.placed]
    assert lane.count == len(given_marks)
    for placed in lane.placed:
        assert placed.y - HALF >= PADDING
        assert placed.y + HALF <= lane.height - PADDING
    assert lane.height >= EMPTY_LANE


@given(lanes())
def test_with_rows_to_spare_every_mark_has_all_its_texts(made: tuple[str, list[Mark], Scale]) -> None:
    kind, given_marks, scale = made
    lane = lane_of_marks(kind, given_marks, scale)
    assume(len(rows_of(lane)) < MOST_ROWS)
    assert [placed.mark.words for placed in lane.placed] == [placed.texts.words for placed in lane.placed]
    for placed in lane.placed:
        full, shown = cut(placed.mark.label), placed.texts.label
        assert " ".join(placed.mark.label.split()).startswith(shown.removesuffix("…"))
        if text_width(full) + 250 < scale.width / 2:
            assert shown.startswith(full.removesuffix("…"))


@given(lanes())
def test_in_a_row_marks_stand_in_the_order_of_their_days(made: tuple[str, list[Mark], Scale]) -> None:
    kind, given_marks, scale = made
    lane = lane_of_marks(kind, given_marks, scale)
    assume(len(rows_of(lane)) < MOST_ROWS)
    for row in rows_of(lane).values():
        by_day = sorted(row, key=lambda placed: (placed.mark.first, placed.mark.last, placed.mark.pk))
        assert [placed.x for placed in by_day] == sorted(placed.x for placed in row)


@given(lanes(), st.randoms(use_true_random=False))
def test_the_same_marks_give_the_same_lane_in_whatever_order_they_come(
    made: tuple[str, list[Mark], Scale], chance: Any
) -> None:
    kind, given_marks, scale = made
    shuffled = list(given_marks)
    chance.shuffle(shuffled)
    assert lane_of_marks(kind, given_marks, scale) == lane_of_marks(kind, shuffled, scale)


@given(lanes(), st.integers(0, 60))
def test_what_stands_above_a_lane_pushes_it_down(made: tuple[str, list[Mark], Scale], above: int) -> None:
    kind, given_marks, scale = made
    plain, pushed = (lane_of_marks(kind, given_marks, scale, above=high) for high in (0, above))
    assert [placed.y + above for placed in plain.placed] == pytest.approx([one.y for one in pushed.placed])
    assert pushed.height == pytest.approx(plain.height + above)


@given(lanes())
def test_what_can_be_touched_is_large_enough(made: tuple[str, list[Mark], Scale]) -> None:
    kind, given_marks, scale = made
    for placed in lane_of_marks(kind, given_marks, scale).placed:
        ground = placed.ground
        assert min(ground.width, ground.height) >= TOUCH
        assert ground.x <= -TOUCH / 2 < TOUCH / 2 <= ground.end


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("about", [False, True])
@pytest.mark.parametrize("slipped", [False, True])
def test_two_marks_at_any_distance_keep_clear_of_each_other(kind: str, about: bool, slipped: bool) -> None:
    """Pixel by pixel, as the second comes out from under the first's words."""
    scale = Scale(YEAR, 2_600)
    start = YEAR.first + 40.5
    for distance in range(420):
        at = start + distance / scale.per_day
        where: dict[str, Any] = {"at": at + 9, "trail": (at,)} if slipped else {"at": at}
        pair = [
            mark(1, kind=kind, at=start, words="389 offences", label="Ofcom opens"),
            mark(2, kind=kind, about=about, words="x", **where),
        ]
        lane = lane_of_marks(kind, pair, scale)
        assert laid_over(lane) == []
    assert len(rows_of(lane)) == 1


# --- Crowds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("count", [MOST_ROWS + 1, 40, 300])
def test_a_crowd_on_one_day_loses_labels_and_nobody(kind: str, count: int) -> None:
    crowd = [mark(pk, kind=kind, words="a word") for pk in range(1, count + 1)]
    lane = lane_of_marks(kind, crowd, SCALE)
    assert sorted(placed.mark.pk for placed in lane.placed) == list(range(1, count + 1))
    labelled = [placed for placed in lane.placed if placed.texts.label]
    assert len(labelled) == len(rows_of(lane)) == MOST_ROWS
    assert [placed.texts.words for placed in lane.placed if not placed.texts.label] == [""] * (
        count - MOST_ROWS
    )
    assert laid_over_texts(labelled) == []


def laid_over_texts(placed: Sequence[Placed]) -> list[tuple[Box, Box]]:
    boxes = [box for one in placed for box in texts_of(one)]
    return [(one, other) for one, other in combinations(boxes, 2) if one.over(other)]


@given(st.lists(st.integers(0, 364), min_size=20, max_size=120))
def test_in_a_crowd_no_two_texts_lie_over_each_other(days: list[int]) -> None:
    crowd = [mark(pk, at=YEAR.first + day + 0.5) for pk, day in enumerate(days, start=1)]
    lane = lane_of_marks(Kind.UPDATE, crowd, SCALE)
    assert len(lane.placed) == len(crowd)
    assert len(rows_of(lane)) <= MOST_ROWS
    assert laid_over_texts(lane.placed) == []


def test_a_mark_takes_the_first_row_with_room() -> None:
    there = [mark(1, at=YEAR.first + 10.5), mark(2, at=YEAR.first + 20.5), mark(3, at=YEAR.first + 200.5)]
    first, second, third = lane_of_marks(Kind.UPDATE, there, SCALE).placed
    assert first.y == third.y < second.y


# --- Where texts stand ------------------------------------------------------------------------------------


LONG_HEADLINE = "The Joint Committee asks the Government to bring the draft Bill forward by Easter"


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("day", [60.5, 340.5])
def test_a_headline_with_its_row_to_itself_is_not_cut(kind: str, day: float) -> None:
    wide = Scale(YEAR, 2_000)
    there = [mark(1, kind=kind, at=YEAR.first + day, label=LONG_HEADLINE)]
    alone = lane_of_marks(kind, there, wide).placed[0].texts.label
    if kind == Kind.MILESTONE and day > 300:  # its headline ends at the window's edge
        assert alone == cut(LONG_HEADLINE)
    else:
        assert alone == LONG_HEADLINE
    there.append(mark(2, kind=kind, at=YEAR.first + 200.5, label="Between"))
    (first, second) = sorted(lane_of_marks(kind, there, wide).placed, key=lambda placed: placed.mark.pk)
    assert second.texts.label == "Between"
    assert cut(LONG_HEADLINE)[:-1] in first.texts.label
    assert laid_over_texts([first, second]) == []


def placed_alone(scale: Scale = SCALE, **fields: Any) -> Placed:
    one = mark(**fields)
    (placed,) = lane_of_marks(one.kind, [one], scale).placed
    return placed


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("about", [True, False])
@pytest.mark.parametrize("day", [0.5, 20.5, 180.5, 340.5, 364.5])
def test_what_is_in_sight_is_written_in_sight(kind: str, day: float, about: bool) -> None:
    placed = placed_alone(kind=kind, at=YEAR.first + day, words="389 offences", about=about)
    boxes = [box for box in texts_of(placed) if box.what != "about"]
    assert [box.what for box in boxes] == ["words", "label"]
    assert all(box.left >= -0.05 and box.right <= SCALE.width + 0.05 for box in boxes)
    assert laid_over_texts([placed]) == []


@pytest.mark.parametrize("width", [280, 320, 400])
@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("headline", ODD_HEADLINES)
def test_on_a_telephone_labels_are_cut_to_the_paper(width: int, kind: str, headline: str) -> None:
    scale = Scale(YEAR, width)
    for day in range(0, 365, 13):
        placed = placed_alone(scale, kind=kind, at=YEAR.first + day + 0.5, label=headline)
        for box in texts_of(placed):
            assert box.left >= -0.05
            assert box.right <= width + 0.05


def test_a_milestones_headline_stands_below_its_line_and_within_sight() -> None:
    slipped = mark(
        kind=Kind.MILESTONE,
        at=YEAR.first + 300.5,
        trail=(YEAR.first - 400.5, YEAR.first + 90.5),
        words="moved twice",
    )
    (placed,) = lane_of_marks(Kind.MILESTONE, [slipped], SCALE).placed
    (words, label) = texts_of(placed)
    assert label.top > placed.y + HALF
    assert label.left >= 0
    assert (placed.texts.ends, words.left > placed.x + HALF) == (False, True)


def test_a_slip_runs_from_the_first_promise_to_the_mark() -> None:
    placed = placed_alone(
        kind=Kind.MILESTONE, at=YEAR.first + 200.5, trail=(YEAR.first + 50.5, YEAR.first + 220.5)
    )
    assert [(stop.role, stop.from_day) for stop in placed.stops] == [("stop", -150), ("stop", 20)]
    assert placed.slip is not None
    assert (placed.slip.from_day, placed.slip.days) == (-150, 170)
    assert placed.slip.x == pytest.approx(-150 * SCALE.per_day, abs=0.01)
    assert placed.slip.end == pytest.approx(20 * SCALE.per_day, abs=0.02)
    assert placed_alone(kind=Kind.MILESTONE).slip is None


def test_bars_say_what_a_date_may_mean_and_a_figure_covers() -> None:
    at = float(YEAR.first + 100)
    season = placed_alone(at=at, meant=(at - 45, at + 45))
    by_then = placed_alone(at=at, meant=(at - 45, at), fades=True)
    figure = placed_alone(kind=Kind.STATISTIC, at=at, covers=(at - 400, at - 35))
    spans = {
        name: [(bar.role, bar.from_day, bar.days) for bar in placed.bars]
        for name, placed in (("season", season), ("by", by_then), ("figure", figure))
    }
    assert spans == {
        "season": [("meant", -45, 90)],
        "by": [("fading", -45, 45)],
        "figure": [("covers", -400, 365), ("since", -35, 35)],
    }
    assert season.bars[0].width == pytest.approx(90 * SCALE.per_day, abs=0.01)


# --- Text -------------------------------------------------------------------------------------------------


@given(headlines, st.integers(1, 80))
def test_a_cut_text_is_short_and_begins_as_the_whole(text: str, most: int) -> None:
    whole = " ".join(text.split())
    shown = cut(text, most)
    assert len(shown) <= most
    if len(whole) <= most:
        assert shown == whole
    else:
        assert shown.endswith("…")
        assert whole.startswith(shown[:-1])


@pytest.mark.parametrize("headline", ODD_HEADLINES)
def test_any_headline_has_a_label_of_few_letters(headline: str) -> None:
    label = placed_alone(label=headline).texts.label
    assert 0 < len(label) <= LONGEST_LABEL
    assert text_width(label) < SCALE.width


def test_a_word_that_ends_near_the_cut_is_left_whole() -> None:
    assert cut("The committee reports on the draft bill", 30) == "The committee reports on the…"
    assert cut("W" * 100, 10) == "W" * 9 + "…"


@given(headlines, st.floats(0, 400))
def test_cut_to_some_pixels_a_text_fits_into_them(text: str, room: float) -> None:
    shown = cut_to(cut(text), room)
    assert text_width(shown) <= room
    assert shown == cut(text) if text_width(cut(text)) <= room else len(shown) < len(cut(text))


@given(st.text(max_size=40), st.text(max_size=40))
def test_widths_add_up(one: str, other: str) -> None:
    assert text_width(one + other) == pytest.approx(text_width(one) + text_width(other))
    assert text_width(one, bold=True) >= text_width(one) >= 0


def test_wide_letters_are_wider() -> None:
    assert text_width("iiii") < text_width("nnnn") < text_width("WWWW") < text_width("国国国国")
    assert text_width("e\u0301") == text_width("e")
    assert text_width("text", SMALL) < text_width("text", TEXT)


# --- Columns ----------------------------------------------------------------------------------------------

bins = st.dictionaries(
    st.tuples(st.sampled_from(Kind.values), st.integers(FIRST // 32, LAST // 32)),
    st.integers(1, 10**7),
    max_size=40,
).map(Counter)


@given(bins, st.sampled_from(Kind.values), st.sampled_from([1, 2, 32, 1_024, 4_096]), st.integers(280, 2_600))
@example(Counter({("update", 0): 1}), "update", 4_096, 280)
def test_columns_count_all_and_none_is_too_tall(found: Bins, kind: str, size: int, width: int) -> None:
    first, last = FIRST // size, LAST // size
    found = Counter({(of, min(max(first, number), last)): count for (of, number), count in found.items()})
    lane = lane_of_columns(kind, found, size, Scale(within(FIRST, FIRST + 366_000), width))
    counted = {number: count for (of, number), count in found.items() if of == kind}
    assert lane.count == sum(column.count for column in lane.columns) == sum(counted.values())
    assert [column.count for column in lane.columns] == [counted[number] for number in sorted(counted)]
    for column in lane.columns:
        assert 0 < column.height <= COLUMN
        assert column.y + column.height == pytest.approx(PADDING + COLUMN)
        assert column.width > 0
        assert column.window.starts <= column.window.ends  # days of the calendar, or this raises
    if counted:
        tallest = max(lane.columns, key=lambda column: column.count)
        assert tallest.height == COLUMN
    assert [column.x for column in lane.columns] == sorted(column.x for column in lane.columns)


def test_a_column_is_the_days_of_its_bin() -> None:
    scale = Scale(between(date(2020, 1, 1), date(2026, 12, 31)), 700)
    number = date(2023, 5, 1).toordinal() // 32
    lane = lane_of_columns("quote", Counter({("quote", number): 3, ("update", number): 9}), 32, scale)
    (column,) = lane.columns
    assert (column.window, column.count) == (Window(number * 32, number * 32 + 31), 3)
    assert column.x == scale.x(number * 32)
    assert column.width == pytest.approx(32 * scale.per_day - 1, abs=0.01)


def test_heights_are_as_the_counts() -> None:
    number = YEAR.first // 32
    found: Bins = Counter({("quote", number): 100, ("quote", number + 1): 50, ("quote", number + 2): 1})
    assert [column.height for column in lane_of_columns("quote", found, 32, SCALE).columns] == [
        44.0,
        22.0,
        2.0,
    ]


def test_any_number_of_bins_with_any_counts_is_drawn() -> None:
    found: Bins = Counter({("update", number): 10**6 + number % 7 for number in range(1, 250_001)})
    lane = lane_of_columns("update", found, 1, SCALE)
    assert (len(lane.columns), lane.count) == (250_000, sum(found.values()))


@given(lanes(6), st.integers(0, 40))
def test_marks_that_matter_stand_below_the_columns(made: tuple[str, list[Mark], Scale], above: int) -> None:
    kind, given_marks, scale = made
    crowd: Bins = Counter({(kind, scale.window.first): 500, (kind, scale.window.first + 1): 3})
    lane = lane_of_columns(kind, crowd, 1, scale, given_marks, above=above)
    foot = max(column.y + column.height for column in lane.columns)
    assert foot == pytest.approx(PADDING + above + COLUMN)
    assert lane.count == 503
    assert len(lane.placed) == len(given_marks)
    for placed in lane.placed:
        assert placed.y - HALF >= foot
        assert placed.y + HALF <= lane.height
    assert all(y >= foot for line in lane.lines for _, _, y in line.points)
    assert laid_over(lane) == [] or len(rows_of(lane)) >= MOST_ROWS


# --- Series of figures ------------------------------------------------------------------------------------


def series(values: Sequence[float], *, step: int = 30, name: str = "Offences", start: int = 0) -> list[Mark]:
    return [
        mark(
            start + number,
            kind=Kind.STATISTIC,
            at=YEAR.first + 10.5 + step * number,
            words=f"{value:g} offences",
            series=name,
            value=value,
        )
        for number, value in enumerate(values)
    ]


figures = st.lists(st.floats(-1e12, 1e12, allow_nan=False), min_size=2, max_size=60)


@given(figures, st.integers(1, 60), st.randoms(use_true_random=False))
def test_a_series_is_a_line_in_the_order_of_time_within_its_band(
    values: list[float], step: int, chance: Any
) -> None:
    made = [
        replace(one, covers=(one.at - chance.randint(1, 400), one.at)) for one in series(values, step=step)
    ]
    assume((made[-1].at - made[0].at) * SCALE.per_day > 40)
    chance.shuffle(made)
    lane = lane_of_marks(Kind.STATISTIC, made, SCALE)
    (line,) = lane.lines
    assert [day for day, _, _ in line.points] == sorted(one.at for one in made)
    assert [x for _, x, _ in line.points] == [SCALE.x(day) for day, _, _ in line.points]
    assert all(PADDING + HALF <= y <= PADDING + BAND - HALF for _, _, y in line.points)
    assert [(placed.x, placed.y) for placed in lane.placed] == [(x, y) for _, x, y in line.points]
    by_value = sorted(zip(values, [y for _, _, y in line.points], strict=True))
    assert all(low[1] >= high[1] for low, high in pairwise(by_value))
    assert len(lane.placed) == len(made)


@given(figures, st.integers(1, 60))
def test_words_of_a_series_lie_over_no_words_and_no_point(values: list[float], step: int) -> None:
    made = series(values, step=step)
    assume((made[-1].at - made[0].at) * SCALE.per_day > 40)
    lane = lane_of_marks(Kind.STATISTIC, made, SCALE)
    texts = [box for placed in lane.placed for box in texts_of(placed)]
    circles = [
        Box(placed.mark.pk, "point", placed.x - 6, placed.x + 6, placed.y - 6, placed.y + 6)
        for placed in lane.placed
    ]
    over = [(one, other) for one, other in combinations(texts, 2) if one.over(other)]
    over += [(one, other) for one in texts for other in circles if one.over(other) and one.what == "words"]
    assert over == []
    assert any(box.what == "words" for box in texts)
    (label,) = [box for box in texts if box.what == "label"]
    assert 0 <= label.left < label.right <= SCALE.width


def test_a_steady_figure_is_a_level_line() -> None:
    lane = lane_of_marks(Kind.STATISTIC, series([5.0, 5.0, 5.0]), SCALE)
    (line,) = lane.lines
    assert len({y for _, _, y in line.points}) == 1


def test_the_longest_series_have_a_band_each_and_the_rest_stand_below() -> None:
    lengths = {"a": 2, "b": 5, "c": 4, "d": 3, "e": 2}
    made: list[Mark] = []
    for name, length in lengths.items():
        made += series([1.0 * n for n in range(length)], name=name, start=100 * len(made) + 1)
    lane = lane_of_marks(Kind.STATISTIC, made, SCALE)
    assert [line.name for line in lane.lines] == ["b", "c", "d"][:MOST_SERIES]
    foot = PADDING + BAND * len(lane.lines)
    joined = {placed.mark.series for placed in lane.placed if placed.y < foot}
    below = {placed.mark.series for placed in lane.placed if placed.y >= foot}
    assert (joined, below) == ({"b", "c", "d"}, {"a", "e"})
    assert Counter(placed.mark for placed in lane.placed) == Counter(made)


def test_figures_of_one_place_or_without_a_series_make_no_line() -> None:
    lone = [mark(1, kind=Kind.STATISTIC, series="a", value=1.0), mark(2, kind=Kind.STATISTIC)]
    same_day = series([1.0, 2.0], step=0)
    assert lane_of_marks(Kind.STATISTIC, lone, SCALE).lines == []
    assert lane_of_marks(Kind.STATISTIC, same_day, SCALE).lines == []


# --- The whole picture ------------------------------------------------------------------------------------


def test_lanes_stand_one_under_another_below_the_axis() -> None:
    made = [
        lane_of_marks(Kind.MILESTONE, [mark(1, kind=Kind.MILESTONE)], SCALE),
        folded(Kind.STATISTIC, 7),
        lane_of_columns("quote", Counter({("quote", YEAR.first): 5}), 1, SCALE),
        lane_of_marks(Kind.UPDATE, [], SCALE, above=TITLE),
    ]
    drawn = picture(YEAR, YEAR.widened(1), SCALE, made, today=YEAR.first + 68)
    assert [lane.title for lane in drawn.lanes] == ["Milestones", "Statistics", "Quotes", "Updates"]
    assert drawn.lanes[0].y == AXIS
    for above, below in pairwise(drawn.lanes):
        assert below.y == above.y + above.height
    assert drawn.height >= drawn.lanes[-1].y + drawn.lanes[-1].height
    assert (drawn.count, drawn.lanes[1].folded, drawn.lanes[1].height) == (13, True, EMPTY_LANE)
    assert drawn.today_x == SCALE.x(YEAR.first + 68)
    assert drawn.today_x + drawn.future == pytest.approx(SCALE.x(drawn.drawn.after), abs=0.02)


@pytest.mark.parametrize("width", [280, 390, 1180])
def test_the_name_of_today_stands_within_the_window_wherever_its_line_does(width: int) -> None:
    scale = Scale(YEAR, width)
    sides = set()
    for day in range(YEAR.first - 30, YEAR.after + 30):
        drawn = picture(YEAR, YEAR.widened(1), scale, [], today=day)
        length = text_width(drawn.today_words, 12, bold=True)
        if 0 <= drawn.today_x <= width:
            left = drawn.today_x + drawn.today_words_x - (length if drawn.today_left else 0)
            assert left >= 0
            assert left + length <= width + 0.01
            sides.add(drawn.today_left)
        else:
            assert not drawn.today_left
    assert sides == {True, False}
    assert drawn.today_words == "Today, 30 January 2027"


@pytest.mark.parametrize(("today", "future"), [(YEAR.first + 10_000, 0.0), (YEAR.last + 366, 0.0)])
def test_a_picture_of_the_past_has_no_future(today: int, future: float) -> None:
    assert picture(YEAR, YEAR.widened(1), SCALE, [], today=today).future == future


stretches = st.lists(
    st.tuples(st.integers(-500, 900), st.integers(0, 120)).map(
        lambda span: ("recess", "Recess", YEAR.first + span[0], YEAR.first + span[0] + span[1])
    ),
    max_size=12,
)


@given(stretches)
def test_shades_cover_each_day_once_in_order_and_no_other_day(
    given_stretches: list[tuple[str, str, int, int]],
) -> None:
    drawn = YEAR.widened(1)
    made = picture(YEAR, drawn, SCALE, [], today=YEAR.first, shades=given_stretches)
    days = [day for shade in made.shades for day in range(shade.first, shade.after)]
    away = {day for _, _, first, last in given_stretches for day in range(first, last + 1)}
    assert days == sorted(set(days)) == sorted(away & set(range(drawn.first, drawn.after)))
    for shade in made.shades:
        assert shade.x == SCALE.x(shade.first)
        assert shade.x + shade.width == pytest.approx(SCALE.x(shade.after), abs=0.02)
    in_sight = [shade for shade in made.shades if shade.after > YEAR.first and shade.first <= YEAR.last]
    assert made.shaded == in_sight
    again = picture(YEAR, drawn, SCALE, [], today=YEAR.first, shades=given_stretches[::-1])
    assert [(s.first, s.after) for s in again.shades] == [(s.first, s.after) for s in made.shades]


@given(st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), max_size=12))
def test_ties_run_from_mark_to_mark_each_once(pairs: list[tuple[int, int]]) -> None:
    """Keys 1 to 5 are drawn, 6 and 7 are not."""
    kinds = [Kind.MILESTONE, Kind.QUOTE]
    lanes = [
        lane_of_marks(
            kind,
            [mark(pk, kind=kind, at=YEAR.first + pk * 20.5) for pk in range(1, 6) if pk % 2 == number],
            SCALE,
        )
        for number, kind in enumerate(kinds)
    ]
    made = picture(YEAR, YEAR.widened(1), SCALE, lanes, today=YEAR.first, ties=pairs)
    wanted = [(one, other) for one, other in dict.fromkeys(pairs) if max(one, other) <= 5]
    assert len(made.ties) == len(wanted)
    at = {placed.mark.pk: (placed, lane.y + placed.y) for lane in lanes for placed in lane.placed}
    for tie, (one, other) in zip(made.ties, wanted, strict=True):
        (start, y1), (end, y2) = at[one], at[other]
        assert (tie.from_day, tie.to_day) == (start.mark.at, end.mark.at)
        assert (tie.from_y, tie.to_y) == (round(y1, 2), round(y2, 2))
        assert tie.arc == arc(start.x, y1, end.x, y2)
        assert tie.arc.startswith(f"M{start.x:.2f} ")
