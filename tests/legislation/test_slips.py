"""The arithmetic of the ledger, against the same rule worked out by brute force."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.legislation.slips import Reckoning, reckon, revisions, standing

FIRST = date(2020, 6, 1)


@dataclass(frozen=True)
class Row:
    date: str
    latest: date
    correction: bool = False


def row(day: int, *, correction: bool = False) -> Row:
    latest = FIRST + timedelta(days=day)
    return Row(latest.isoformat(), latest, correction)


def ledger(*written: str) -> list[Row]:
    """Days after FIRST; a correction ends in "c"."""
    return [row(int(text.rstrip("c")), correction=text.endswith("c")) for text in written]


@pytest.mark.parametrize(
    ("written", "first", "slip", "moves"),
    [
        (["20"], 20, 0, 0),
        (["20", "27"], 20, 7, 1),
        (["20", "13"], 20, -7, 1),
        (["20", "27", "20"], 20, 0, 2),
        (["20", "27", "40"], 20, 20, 2),
        (["20", "27c"], 27, 0, 0),
        (["20", "72", "27c"], 20, 7, 1),
        (["20", "27", "20c"], 20, 0, 0),
        (["20", "27", "20c", "25"], 20, 5, 1),
        (["20", "27", "40", "27c"], 20, 7, 1),
        (["20", "27", "40", "41c", "27c"], 20, 7, 1),
        (["20c"], 20, 0, 0),
    ],
)
def test_a_ledger_adds_up(written: list[str], first: int, slip: int, moves: int) -> None:
    expected = Reckoning(first_latest=row(first).latest, slip_days=slip, moves=moves)
    assert reckon(ledger(*written)) == expected


def brute(rows: list[Row]) -> Reckoning:
    """Strike out each row that a correction replaced; neighbours that say the same are one row."""
    struck: set[int] = set()
    for number, each in enumerate(rows):
        standing = [index for index in range(number) if index not in struck]
        if each.correction and standing:
            struck.add(standing[-1])
            standing.pop()
        if standing and rows[standing[-1]].date == each.date:
            struck.add(number)
    kept = [rows[index] for index in range(len(rows)) if index not in struck]
    return Reckoning(kept[0].latest, (kept[-1].latest - kept[0].latest).days, len(kept) - 1)


ROWS = st.lists(st.builds(row, st.integers(0, 4), correction=st.booleans()), min_size=1, max_size=12)


@given(ROWS)
def test_any_ledger_adds_up_as_by_brute_force(rows: list[Row]) -> None:
    assert reckon(rows) == brute(rows)


@given(ROWS)
def test_the_newest_row_is_always_the_current_target(rows: list[Row]) -> None:
    sums = reckon(rows)
    assert sums.first_latest + timedelta(days=sums.slip_days) == rows[-1].latest


@given(ROWS, st.integers(5, 9))
def test_a_move_and_its_undoing_leave_no_trace(rows: list[Row], elsewhere: int) -> None:
    undone = [*rows, row(elsewhere), Row(rows[-1].date, rows[-1].latest, correction=True)]
    assert reckon(undone) == reckon(rows)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8, unique=True))
def test_without_corrections_every_row_after_the_first_is_a_move(days: list[int]) -> None:
    assert reckon([row(day) for day in days]).moves == len(days) - 1


moved = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=12)


@given(moved)
def test_the_revisions_add_up_to_the_slip(written: list[tuple[int, bool]]) -> None:
    rows = [row(day, correction=correction) for day, correction in written]
    told, sums = revisions(rows), reckon(rows)
    assert [each.row for each in told] == rows
    assert [each.row for each in told if each.stands] == standing(rows)
    assert sum(each.counts for each in told) == sums.moves
    assert sum(each.days for each in told if each.counts) == sums.slip_days


def test_what_was_put_right_is_told_and_does_not_count() -> None:
    first, typo, right, later = revisions(ledger("20", "72", "27c", "40"))
    assert (typo.replaced, typo.counts, typo.days) == (True, False, 52)
    assert (right.before, right.counts, right.days) == (first.row, True, 7)
    assert (later.before, later.days) == (right.row, 13)
