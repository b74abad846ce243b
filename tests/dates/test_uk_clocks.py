"""The clocks of UK law and Parliament, against bank holidays as they were published and a count by brute
force."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dates import NATIONS
from apps.dates.counting import MOST_DAYS, Count, TooFar, count_days, every_day, months_after
from apps.dates.uk_clocks import (
    BOTH,
    CLOCKS,
    COMMONS,
    LORDS,
    before_parliament,
    sitting_days,
    sitting_weeks_after,
    working_days,
)

ONE_DAY = timedelta(days=1)
START, END = date(2006, 1, 1), date(2026, 12, 31)
DAYS = st.dates(START, END)

ENGLAND = """
2020: 1/1 10/4 13/4 8/5 25/5 31/8 25/12 28/12
2021: 1/1 2/4 5/4 3/5 31/5 30/8 27/12 28/12
2022: 3/1 15/4 18/4 2/5 2/6 3/6 29/8 19/9 26/12 27/12
2023: 2/1 7/4 10/4 1/5 8/5 29/5 28/8 25/12 26/12
2024: 1/1 29/3 1/4 6/5 27/5 26/8 25/12 26/12
2025: 1/1 18/4 21/4 5/5 26/5 25/8 25/12 26/12
2026: 1/1 3/4 6/4 4/5 25/5 31/8 25/12 28/12
"""
SCOTLAND = """
2020: 1/1 2/1 10/4 8/5 25/5 3/8 30/11 25/12 28/12
2021: 1/1 4/1 2/4 3/5 31/5 2/8 30/11 27/12 28/12
2022: 3/1 4/1 15/4 2/5 2/6 3/6 1/8 19/9 30/11 26/12 27/12
2023: 2/1 3/1 7/4 1/5 8/5 29/5 7/8 30/11 25/12 26/12
2024: 1/1 2/1 29/3 6/5 27/5 5/8 2/12 25/12 26/12
2025: 1/1 2/1 18/4 5/5 26/5 4/8 1/12 25/12 26/12
"""
ALSO_NORTHERN_IRELAND = """
2020: 17/3 13/7
2021: 17/3 12/7
2022: 17/3 12/7
2023: 17/3 12/7
2024: 18/3 12/7
2025: 17/3 14/7
2026: 17/3 13/7
"""
"""Weekdays on which banks were closed, as gov.uk/bank-holidays listed them."""


def published(table: str) -> set[date]:
    found = set()
    for line in table.strip().splitlines():
        year, days = line.split(": ")
        for each in days.split():
            day, month = each.split("/")
            found.add(date(int(year), int(month), int(day)))
    return found


PUBLISHED = {
    "ENG": published(ENGLAND),
    "SCT": published(SCOTLAND),
    "NIR": published(ENGLAND) | published(ALSO_NORTHERN_IRELAND),
}


@pytest.mark.parametrize("nation", sorted(NATIONS))
def test_bank_holidays_are_those_published(nation: str) -> None:
    why_not, listed = working_days(nation), PUBLISHED[nation]
    last = max(listed).year
    day, found = date(2020, 1, 1), set()
    while day.year <= last:
        if day.weekday() < 5 and why_not(day):
            found.add(day)
        day += ONE_DAY
    assert found == listed


def by_brute_force(start: date, days: int, off: set[date]) -> date:
    day = start
    while days:
        day += ONE_DAY
        days -= day.weekday() < 5 and day not in off
    return day


def closed(nations: tuple[str, ...]) -> set[date]:
    """Asked of the list of holidays itself, a day at a time."""
    from holidays import country_holidays

    years = range(START.year, END.year + 2)
    return {day for nation in nations for day in country_holidays("GB", subdiv=nation, years=years)}


@pytest.mark.parametrize(("clock", "nations"), [("foi", tuple(NATIONS)), ("foi-scotland", ("SCT",))])
def test_twenty_working_days_over_twenty_years(clock: str, nations: tuple[str, ...]) -> None:
    off, day = closed(nations), START
    while day <= END:
        assert CLOCKS[clock].counts(day, ()).end == by_brute_force(day, 20, off), day
        day += ONE_DAY


@dataclass(frozen=True)
class Away:
    chamber: str
    first: date
    last: date
    sort: str = "recess"
    name: str = "Recess"


CHRISTMAS = [
    Away(COMMONS, date(2023, 12, 20), date(2024, 1, 7), name="Christmas recess"),
    Away(LORDS, date(2023, 12, 20), date(2024, 1, 7), name="Christmas recess"),
]


@pytest.mark.parametrize(
    ("clock", "start", "end"),
    [
        ("foi", date(2024, 3, 25), date(2024, 4, 24)),  # over Easter and, in Northern Ireland, nothing else
        ("foi", date(2025, 7, 7), date(2025, 8, 6)),  # 14 July in Northern Ireland, 4 August in Scotland
        ("committee", date(2023, 12, 31), date(2024, 2, 29)),
        ("committee", date(2024, 6, 30), date(2024, 8, 30)),
        ("consultation", date(2019, 4, 8), date(2019, 7, 1)),  # the Online Harms White Paper's
        ("named-day", date(2024, 2, 5), date(2024, 2, 8)),  # tabled on Monday, for Thursday
        ("named-day", date(2024, 2, 7), date(2024, 2, 12)),  # over the weekend
        ("named-day", date(2023, 12, 18), date(2024, 1, 8)),  # in recess, so the first sitting day
        ("ordinary", date(2024, 2, 7), date(2024, 2, 14)),
        ("negative-si", date(2024, 1, 8), date(2024, 2, 16)),
        ("negative-si", date(2023, 12, 18), date(2024, 2, 14)),  # 2 days, 19 away, 38 days
    ],
)
def test_clocks(clock: str, start: date, end: date) -> None:
    assert CLOCKS[clock].counts(start, CHRISTMAS).end == end


def test_one_house_away_or_four_days_do_not_stop_the_forty() -> None:
    alone = [Away(COMMONS, date(2024, 2, 9), date(2024, 2, 18))]
    short = [Away(each, date(2024, 2, 9), date(2024, 2, 12)) for each in (COMMONS, LORDS)]
    assert CLOCKS["negative-si"].counts(date(2024, 1, 8), [*alone, *short]).end == date(2024, 2, 16)
    both = [Away(BOTH, date(2024, 2, 9), date(2024, 2, 18))]
    assert CLOCKS["negative-si"].counts(date(2024, 1, 8), both).end == date(2024, 2, 26)
    gone = [Away(LORDS, date(2024, 2, 9), date(2024, 2, 10), sort="prorogation", name="Prorogation")]
    assert CLOCKS["negative-si"].counts(date(2024, 1, 8), gone).end == date(2024, 2, 18)


def test_sitting_days_and_weeks() -> None:
    count = count_days(date(2023, 12, 18), 2, sitting_days(CHRISTMAS, COMMONS))
    assert [(step.day.day, step.number) for step in count.steps if step.number] == [(19, 1), (8, 2)]
    assert sitting_weeks_after(date(2023, 12, 13), 2, CHRISTMAS, COMMONS).end == date(2024, 1, 10)
    assert sitting_weeks_after(date(2023, 12, 13), 1, CHRISTMAS, LORDS).end == date(2023, 12, 20)


def test_the_working_is_said_in_stretches() -> None:
    count = CLOCKS["ordinary"].counts(date(2024, 3, 27), ())
    said = [(each.first.day, each.last.day, each.numbers, each.why) for each in count.stretches]
    assert said == [
        (28, 28, (1, 1), ""),
        (29, 29, None, "Good Friday"),
        (30, 31, None, "weekend"),
        (1, 1, None, "Easter Monday"),
        (2, 5, (2, 5), ""),
    ]


recesses = st.lists(
    st.builds(
        lambda chamber, sort, first, days: Away(chamber, first, first + timedelta(days=days), sort),
        st.sampled_from([COMMONS, LORDS, BOTH]),
        st.sampled_from(["recess", "prorogation", "dissolution"]),
        DAYS,
        st.integers(0, 60),
    ),
    max_size=8,
)


def whole(count: Count, days: int) -> bool:
    """Every day on the way is there once, numbered in order or with a reason, and the last one counts."""
    walked = [step.day for step in count.steps]
    numbers = [step.number for step in count.steps if step.number is not None]
    return (
        all(after - before == ONE_DAY for before, after in pairwise(walked))
        and numbers == list(range(1, days + 1))
        and all(bool(step.why) == (step.number is None) for step in count.steps)
        and count.end == walked[-1]
    )


@given(DAYS, st.integers(1, 60), recesses, st.booleans())
def test_every_day_is_accounted_for(start: date, days: int, breaks: list[Away], with_start: bool) -> None:
    for why_not in (working_days(*NATIONS), sitting_days(breaks, LORDS), before_parliament(breaks)):
        count = count_days(start, days, why_not, with_start=with_start)
        assert whole(count, days)
        assert count.steps[0].day == (start if with_start else start + ONE_DAY)
        assert sum((each.last - each.first).days + 1 for each in count.stretches) == len(count.steps)


@given(DAYS, recesses)
def test_a_break_moves_no_clock_back(start: date, breaks: list[Away]) -> None:
    for clock in CLOCKS.values():
        assert clock.counts(start, breaks).end >= clock.counts(start, ()).end


@pytest.mark.parametrize(
    "count",
    [
        lambda: count_days(date(2024, 1, 1), 0, every_day),
        lambda: count_days(date(2024, 1, 1), MOST_DAYS + 1, every_day),
        lambda: count_days(date(9999, 12, 30), 5, every_day),
        lambda: count_days(date(2024, 1, 1), 1, lambda day: "never"),
        lambda: months_after(date(9999, 12, 1), 1),
        lambda: months_after(date(2024, 1, 1), 0),
        lambda: sitting_weeks_after(date(2024, 1, 1), 0, (), COMMONS),
        lambda: sitting_weeks_after(date(9999, 12, 1), 9, (), COMMONS),
        lambda: sitting_weeks_after(date(2024, 1, 1), 600, (), COMMONS),
    ],
)
def test_what_cannot_be_counted_is_said(count: object) -> None:
    with pytest.raises(TooFar, match=r"\w+"):
        count()  # type: ignore[operator]
