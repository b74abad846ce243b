"""When a rung falls, in a campaign's own zone, clock changes and all."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.reminders.ladder import DEFAULT_LADDER, moment, occurrences

LONDON = ZoneInfo("Europe/London")
NINE = time(9)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "when"),
    [
        ("2026-03-28", NINE, "Europe/London", "2026-03-28 09:00"),
        ("2026-03-29", NINE, "Europe/London", "2026-03-29 08:00"),
        ("2026-10-24", NINE, "Europe/London", "2026-10-24 08:00"),
        ("2026-10-25", NINE, "Europe/London", "2026-10-25 09:00"),
        ("2026-03-29", time(1, 30), "Europe/London", "2026-03-29 01:30"),  # skipped: 02:30 summer time
        ("2026-10-25", time(1, 30), "Europe/London", "2026-10-25 00:30"),  # twice: the first
        ("2026-06-20", time(0), "Pacific/Auckland", "2026-06-19 12:00"),
        ("2026-06-20", time(23, 59), "America/Los_Angeles", "2026-06-21 06:59"),
    ],
)
def test_a_local_time_becomes_a_moment(day: str, clock: time, zone: str, when: str) -> None:
    assert moment(date.fromisoformat(day), clock, ZoneInfo(zone)) == utc(when)


def turns(
    days_before: int, repeat_days: int | None = None, *, due: str = "2026-04-05", after: str
) -> list[tuple[int, datetime]]:
    return list(
        occurrences(
            due=date.fromisoformat(due),
            days_before=days_before,
            repeat_days=repeat_days,
            clock=NINE,
            zone=LONDON,
            after=utc(after),
        )
    )


def test_the_default_ladder_falls_at_nine_local_time_on_both_sides_of_the_spring_clock_change() -> None:
    falls = [
        turn for days, repeat in DEFAULT_LADDER for turn in turns(days, repeat, after="2026-01-01 00:00")
    ]
    assert falls == [
        (0, utc("2026-03-06 09:00")),
        (0, utc("2026-03-22 09:00")),
        (0, utc("2026-03-29 08:00")),
        (0, utc("2026-04-04 08:00")),
        (0, utc("2026-04-05 08:00")),
        (0, utc("2026-04-12 08:00")),
    ]


def test_an_autumn_ladder_goes_back_with_the_clocks() -> None:
    falls = [turns(days, due="2026-10-26", after="2026-01-01 00:00")[0][1] for days in (2, 1, 0)]
    assert falls == [utc("2026-10-24 08:00"), utc("2026-10-25 09:00"), utc("2026-10-26 09:00")]


@pytest.mark.parametrize(
    ("after", "still_to_come"),
    [("2026-03-29 07:59:59", True), ("2026-03-29 08:00:00", False), ("2026-05-01 00:00", False)],
)
def test_a_rule_never_fills_in_the_past(after: str, still_to_come: bool) -> None:
    assert bool(turns(7, after=after)) is still_to_come


@pytest.mark.parametrize(
    ("after", "turn"),
    [
        ("2026-01-01 00:00", (0, utc("2026-04-12 08:00"))),
        ("2026-04-12 07:59", (0, utc("2026-04-12 08:00"))),
        ("2026-04-12 08:00", (1, utc("2026-04-19 08:00"))),
        ("2026-10-19 00:00", (28, utc("2026-10-25 09:00"))),
    ],
)
def test_a_repeating_rule_gives_its_next_turn_alone(after: str, turn: tuple[int, datetime]) -> None:
    assert turns(-7, 7, after=after) == [turn]


@given(
    due=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days_before=st.integers(-60, 60),
    repeat_days=st.integers(1, 30),
    clock=st.times(),
    after=st.datetimes(datetime(2020, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_turn_is_the_first_of_all_turns_after_the_moment(
    due: date, days_before: int, repeat_days: int, clock: time, after: datetime
) -> None:
    first = due - timedelta(days=days_before)
    every = (
        (number, moment(first + timedelta(days=number * repeat_days), clock, LONDON))
        for number in range(5000)
    )
    expected = next(turn for turn in every if turn[1] > after)
    found = occurrences(
        due=due, days_before=days_before, repeat_days=repeat_days, clock=clock, zone=LONDON, after=after
    )
    assert list(found) == [expected]


def test_a_rung_before_the_first_day_of_the_calendar_does_not_fall() -> None:
    assert turns(30, due="0001-01-20", after="2026-01-01 00:00") == []
