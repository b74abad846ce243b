"""Local times where clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dates.clocks import NoSuchTime, moment_of

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [
        (datetime(2026, 1, 10, 9), "Europe/London", datetime(2026, 1, 10, 9, tzinfo=UTC)),
        (datetime(2026, 7, 10, 9), "Europe/London", datetime(2026, 7, 10, 8, tzinfo=UTC)),
        (datetime(2026, 7, 10, 9), "America/New_York", datetime(2026, 7, 10, 13, tzinfo=UTC)),
    ],
)
def test_a_time_is_a_moment_in_its_zone(local: datetime, zone: str, moment: datetime) -> None:
    assert moment_of(local, ZoneInfo(zone)) == (moment, False)


def test_of_a_time_that_comes_twice_the_later_one_counts() -> None:
    found, twice = moment_of(datetime(2026, 10, 25, 1, 30), LONDON)
    assert (found, twice) == (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_a_time_that_the_clocks_jump_over_is_refused_with_the_next_one(minute: int) -> None:
    with pytest.raises(NoSuchTime) as refusal:
        moment_of(datetime(2026, 3, 29, 1, minute), LONDON)
    assert refusal.value.next == datetime(2026, 3, 29, 2)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from(
        ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"]
    ),
)
def test_every_moment_shows_the_time_it_was_made_of(local: datetime, zone: str) -> None:
    place = ZoneInfo(zone)
    try:
        moment, _ = moment_of(local, place)
    except NoSuchTime as jump:
        moment, _ = moment_of(jump.next, place)
        assert timedelta() < jump.next - local <= timedelta(hours=1)
        local = jump.next
    assert moment.astimezone(place).replace(tzinfo=None) == local
