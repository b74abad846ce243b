"""Working days: weekends, bank holidays as they were proclaimed, and the nearest day that is neither."""

import subprocess
import sys
from datetime import date, timedelta
from timeit import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dates import NATIONS, is_working_day, working_day_on_or_after, working_day_on_or_before

ALL = set(NATIONS)
NATION = st.sampled_from(sorted(NATIONS))
DAYS = st.dates(date(1, 1, 1), date(9998, 12, 31)) | st.dates(date(1990, 1, 1), date(2040, 12, 31))
ONE_DAY = timedelta(days=1)


def off_in(day: date) -> set[str]:
    return {nation for nation in NATIONS if not is_working_day(day, nation)}


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 12, 24), set()),
        (date(2026, 12, 25), ALL),
        (date(2026, 12, 26), ALL),  # Boxing Day, a Saturday
        (date(2026, 12, 28), ALL),  # and the Monday in its place
        (date(2026, 12, 29), set()),
        (date(2027, 12, 27), ALL),  # Christmas Day was a Saturday
        (date(2027, 12, 28), ALL),  # and Boxing Day a Sunday
        (date(2027, 1, 1), ALL),
        (date(2026, 1, 2), {"SCT"}),
        (date(2027, 1, 4), {"SCT"}),  # 2 January was a Saturday
        (date(2026, 11, 30), {"SCT"}),  # St Andrew's Day
        (date(2026, 3, 17), {"NIR"}),  # St Patrick's Day
        (date(2027, 7, 12), {"NIR"}),
        (date(2026, 7, 13), {"NIR"}),  # 12 July was a Sunday
        (date(2027, 3, 26), ALL),  # Good Friday
        (date(2027, 3, 29), {"ENG", "NIR"}),  # Easter Monday
        (date(2027, 8, 2), {"SCT"}),  # the summer bank holiday comes early in Scotland
        (date(2027, 8, 30), {"ENG", "NIR"}),
        (date(2023, 5, 8), ALL),  # the coronation
        (date(2022, 6, 2), ALL),  # the spring bank holiday, moved for the jubilee
        (date(2022, 9, 19), ALL),  # the funeral of Elizabeth II
        (date(2024, 5, 8), set()),
        (date(2027, 3, 27), ALL),
        (date(2027, 3, 28), ALL),
    ],
)
def test_bank_holidays_are_those_that_were_proclaimed(day: date, off: set[str]) -> None:
    assert off_in(day) == off


@pytest.mark.parametrize(
    ("day", "nation", "before", "after"),
    [
        (date(2026, 12, 28), "ENG", date(2026, 12, 24), date(2026, 12, 29)),
        (date(2027, 3, 29), "ENG", date(2027, 3, 25), date(2027, 3, 30)),
        (date(2027, 3, 29), "SCT", date(2027, 3, 29), date(2027, 3, 29)),
        (date(2027, 3, 28), "SCT", date(2027, 3, 25), date(2027, 3, 29)),
        (date(2027, 1, 1), "SCT", date(2026, 12, 31), date(2027, 1, 5)),  # into another year, both ways
        (date(2026, 7, 13), "NIR", date(2026, 7, 10), date(2026, 7, 14)),
    ],
)
def test_a_day_off_moves_to_the_working_day_on_either_side(
    day: date, nation: str, before: date, after: date
) -> None:
    assert working_day_on_or_before(day, nation) == before
    assert working_day_on_or_after(day, nation) == after


@pytest.mark.parametrize("nation", NATIONS)
def test_the_ends_of_the_calendar_are_working_days(nation: str) -> None:
    assert working_day_on_or_before(date.min, nation) == date.min
    assert working_day_on_or_before(date(1, 1, 7), nation) == date(1, 1, 5)
    assert working_day_on_or_after(date.max, nation) == date.max


@pytest.mark.parametrize("year", [1, 1800, 2101, 9998])
def test_where_no_bank_holidays_are_known_weekends_alone_count(year: int) -> None:
    days = [date(year, 1, 1) + n * ONE_DAY for n in range(365)]
    assert [day for day in days if off_in(day)] == [day for day in days if day.weekday() >= 5]


@pytest.mark.parametrize("nation", ["", "GB", "WLS", "eng", "England and Wales"])
@pytest.mark.parametrize("ask", [is_working_day, working_day_on_or_before, working_day_on_or_after])
@pytest.mark.parametrize("day", [date(2027, 3, 25), date(2027, 3, 27)])
def test_an_unknown_nation_is_named_and_the_known_ones_with_it(ask, day: date, nation: str) -> None:
    with pytest.raises(ValueError) as refusal:
        ask(day, nation)
    assert str(refusal.value) == (
        f"{nation!r} is no nation whose bank holidays are known: choose from ENG (England and Wales), "
        "SCT (Scotland), NIR (Northern Ireland)."
    )


@given(DAYS, NATION)
def test_the_working_day_before_is_the_nearest(day: date, nation: str) -> None:
    found = working_day_on_or_before(day, nation)
    assert found <= day
    assert is_working_day(found, nation)
    skipped = [found + n * ONE_DAY for n in range(1, (day - found).days + 1)]
    assert [between for between in skipped if is_working_day(between, nation)] == []


@given(DAYS, NATION)
def test_the_working_day_after_is_the_nearest(day: date, nation: str) -> None:
    found = working_day_on_or_after(day, nation)
    assert found >= day
    assert is_working_day(found, nation)
    skipped = [day + n * ONE_DAY for n in range((found - day).days)]
    assert [between for between in skipped if is_working_day(between, nation)] == []


def test_a_ladder_of_reminders_is_planned_quickly() -> None:
    days = [date(2026, 1, 1) + n * ONE_DAY for n in range(3650)]
    rounds = 10

    def plan() -> None:
        for day in days:
            working_day_on_or_before(day, "SCT")

    plan()
    calls_a_second = len(days) * rounds / min(timeit(plan, number=rounds) for _ in range(3))
    assert calls_a_second > 200_000


def test_the_bank_holidays_of_the_world_are_not_loaded_before_they_are_asked_for() -> None:
    asked = "import sys, apps.dates; print('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True).stdout == "False\n"
