"""When a rung falls, in a campaign's own zone, and when word of it reaches a person."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.reminders import ladder
from apps.reminders.ladder import DEFAULT_LADDER, TURNS_AHEAD, moment
from apps.reminders.models import Rule

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
    days_before: int,
    repeat_days: int | None = None,
    *,
    due: str = "2026-04-05",
    after: str = "2026-01-01 00:00",
    working_days: str = "",
    earlier: int = 0,
) -> list[tuple[int, datetime]]:
    rule = Rule(days_before=days_before, repeat_days=repeat_days, time=NINE)
    found = ladder.turns(
        rule,
        due=date.fromisoformat(due),
        zone=LONDON,
        working_days=working_days,
        earlier=earlier,
        after=utc(after),
    )
    return list(found)


def test_the_default_ladder_falls_at_nine_local_time_on_both_sides_of_the_spring_clock_change() -> None:
    assert [turn for days, repeat in DEFAULT_LADDER for turn in turns(days, repeat)] == [
        (0, utc("2026-03-06 09:00")),
        (0, utc("2026-03-22 09:00")),
        (0, utc("2026-03-29 08:00")),
        (0, utc("2026-04-04 08:00")),
        (0, utc("2026-04-05 08:00")),
        (0, utc("2026-04-12 08:00")),
        (1, utc("2026-04-19 08:00")),
    ]


def test_an_autumn_ladder_goes_back_with_the_clocks() -> None:
    falls = [turns(days, due="2026-10-26")[0][1] for days in (2, 1, 0)]
    assert falls == [utc("2026-10-24 08:00"), utc("2026-10-25 09:00"), utc("2026-10-26 09:00")]


@pytest.mark.parametrize("after", ["2026-03-29 07:59:59", "2026-03-29 08:00:00", "2026-05-01 00:00"])
def test_a_plain_rung_has_one_turn_wherever_it_lies(after: str) -> None:
    assert turns(7, after=after) == [(0, utc("2026-03-29 08:00"))]


@pytest.mark.parametrize(
    ("after", "number", "days"),
    [
        ("2026-01-01 00:00", 0, ["2026-04-12 08:00", "2026-04-19 08:00"]),
        ("2026-04-12 07:59", 0, ["2026-04-12 08:00", "2026-04-19 08:00"]),
        ("2026-04-12 08:00", 1, ["2026-04-19 08:00", "2026-04-26 08:00"]),
        ("2026-10-19 00:00", 28, ["2026-10-25 09:00", "2026-11-01 09:00"]),
    ],
)
def test_a_repeating_rule_gives_its_next_two_turns(after: str, number: int, days: list[str]) -> None:
    assert turns(-7, 7, after=after) == [(number + step, utc(day)) for step, day in enumerate(days)]


@given(
    due=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days_before=st.integers(-60, 60),
    repeat_days=st.integers(1, 30),
    clock=st.times(),
    after=st.datetimes(datetime(2020, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_turns_are_the_first_of_all_turns_after_the_moment(
    due: date, days_before: int, repeat_days: int, clock: time, after: datetime
) -> None:
    first = due - timedelta(days=days_before)
    every = (
        (number, moment(first + timedelta(days=number * repeat_days), clock, LONDON))
        for number in range(5000)
    )
    expected = list(islice((turn for turn in every if turn[1] > after), TURNS_AHEAD))
    rule = Rule(days_before=days_before, repeat_days=repeat_days, time=clock)
    assert list(ladder.turns(rule, due=due, zone=LONDON, working_days="", after=after)) == expected


@pytest.mark.parametrize("due", ["0001-01-20", "9999-06-20"])
def test_a_rung_beyond_the_ends_of_the_calendar_does_not_fall(due: str) -> None:
    assert turns(30, due=due) == []


def test_who_wants_it_earlier_has_it_so_many_days_earlier() -> None:
    assert turns(7, earlier=3) == [(0, utc("2026-03-26 09:00"))]
    assert turns(-7, 7, earlier=2)[0] == (0, utc("2026-04-10 08:00"))


@pytest.mark.parametrize(
    ("due", "days_before", "nation", "day"),
    [
        ("2026-06-26", 0, "ENG", "2026-06-26"),  # a Friday
        ("2026-06-28", 0, "ENG", "2026-06-26"),  # a Sunday
        ("2026-04-06", 0, "ENG", "2026-04-02"),  # Easter Monday: back past the weekend and Good Friday
        ("2026-04-06", 0, "SCT", "2026-04-06"),  # where it is no bank holiday
        ("2026-07-13", 0, "NIR", "2026-07-10"),  # for the Twelfth, a Sunday
        ("2026-07-13", 0, "ENG", "2026-07-13"),
        ("2026-06-30", 2, "ENG", "2026-06-26"),
    ],
)
def test_on_a_day_off_it_comes_on_the_working_day_before(
    due: str, days_before: int, nation: str, day: str
) -> None:
    ((_, when),) = turns(days_before, due=due, working_days=nation)
    assert when.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(date.fromisoformat(day), NINE)


@pytest.mark.parametrize(
    ("after", "day"),
    [("2026-06-26 07:59", "26"), ("2026-06-26 08:00", "28"), ("2026-06-27 12:00", "28")],
)
def test_where_the_working_day_before_has_passed_it_comes_on_the_day_itself(after: str, day: str) -> None:
    assert turns(0, due="2026-06-28", working_days="ENG", after=after) == [(0, utc(f"2026-06-{day} 08:00"))]


# --- When it reaches a person -----------------------------------------------------------------------------

LAST = utc("2026-06-20 23:00")


def reached(
    when: str, *, after: str = "2026-01-01 00:00", rings: bool = True, gathers: bool = True, **how: Any
) -> datetime:
    person = User(time_zone="Europe/London", **how)
    return ladder.reach(person, utc(when), rings=rings, last=LAST, after=utc(after), gathers=gathers)


@pytest.mark.parametrize(
    ("when", "comes"),
    [
        ("2026-06-17 08:00", "2026-06-17 07:00"),  # with the digest of that morning
        ("2026-06-17 07:00", "2026-06-17 07:00"),
        ("2026-06-17 06:59", "2026-06-16 07:00"),  # before it: with that of the day before
    ],
)
def test_a_daily_digest_holds_what_falls_due_until_the_next(when: str, comes: str) -> None:
    assert reached(when, digest="daily") == utc(comes)


@pytest.mark.parametrize(
    ("when", "comes"),
    [
        ("2026-06-17 08:00", "2026-06-15 07:00"),  # a Wednesday: with Monday's
        ("2026-06-15 08:00", "2026-06-15 07:00"),
        ("2026-06-15 06:00", "2026-06-08 07:00"),
        ("2026-03-29 08:00", "2026-03-23 08:00"),  # the Monday before the clocks changed
    ],
)
def test_a_weekly_digest_comes_on_the_monday_before(when: str, comes: str) -> None:
    assert reached(when, digest="weekly") == utc(comes)


def test_where_the_digest_has_gone_the_next_one_will_do() -> None:
    assert reached("2026-06-10 08:00", after="2026-06-09 08:00", digest="weekly") == utc("2026-06-15 07:00")


def test_what_no_digest_gathers_comes_at_its_moment() -> None:
    assert reached("2026-06-17 08:00", digest="weekly", gathers=False) == utc("2026-06-17 08:00")


def test_where_the_next_one_would_come_after_the_last_day_it_comes_by_itself() -> None:
    assert reached("2026-06-17 08:00", after="2026-06-16 08:00", digest="weekly") == utc("2026-06-17 08:00")


@given(
    when=st.datetimes(datetime(2026, 1, 2), datetime(2026, 6, 20), timezones=st.just(UTC)),
    digest=st.sampled_from(["daily", "weekly"]),
    at=st.times(),
)
def test_a_digest_never_comes_later_than_the_reminder_by_itself(
    when: datetime, digest: str, at: time
) -> None:
    person = User(time_zone="Europe/London", digest=digest, digest_at=at)
    long_before = when - timedelta(days=60)
    found = ladder.reach(person, when, rings=False, last=LAST, after=long_before)
    assert timedelta(0) <= when - found <= timedelta(days=7, hours=1)


NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}


@pytest.mark.parametrize(
    ("when", "comes"),
    [
        ("2026-06-13 20:59", "2026-06-13 20:59"),
        ("2026-06-13 21:00", "2026-06-14 06:00"),  # ten in the evening in London
        ("2026-06-14 05:59", "2026-06-14 06:00"),
        ("2026-06-14 06:00", "2026-06-14 06:00"),
        ("2026-03-28 23:00", "2026-03-29 06:00"),  # the night the clocks go forward
        ("2026-03-29 00:30", "2026-03-29 06:00"),
        ("2026-10-24 22:00", "2026-10-25 07:00"),  # the night they go back
        ("2026-10-25 01:30", "2026-10-25 07:00"),
    ],
)
def test_in_quiet_hours_it_waits_for_their_end(when: str, comes: str) -> None:
    assert reached(when, **NIGHT) == utc(comes)


@pytest.mark.parametrize(
    ("start", "end", "comes"),
    [
        (time(12), time(14), "2026-06-13 13:00"),
        (time(13), time(13), "2026-06-13 12:00"),
        (time(1), time(2), "2026-06-13 12:00"),
    ],
)
def test_quiet_hours_may_lie_within_a_day_and_may_be_none(start: time, end: time, comes: str) -> None:
    assert reached("2026-06-13 12:00", quiet_from=start, quiet_until=end) == utc(comes)


def test_quiet_hours_that_end_when_the_clocks_skip_end_after_it() -> None:
    night = {"quiet_from": time(22), "quiet_until": time(1, 30)}
    assert reached("2026-03-29 00:00", **night) == utc("2026-03-29 01:30")  # 02:30 in summer time


def test_what_rings_nowhere_knows_no_quiet_hours() -> None:
    assert reached("2026-06-13 23:00", rings=False, **NIGHT) == utc("2026-06-13 23:00")


def test_a_digest_keeps_quiet_hours_too() -> None:
    assert reached("2026-06-17 12:00", digest="daily", digest_at=time(6), **NIGHT) == utc("2026-06-17 06:00")
