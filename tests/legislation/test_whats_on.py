"""What's On: hours and cancellations of sittings, and breaks kept up, over a real connection."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from apps.accounts.authorship import delete_as, save_as
from apps.campaigns.models import Campaign
from apps.legislation import whats_on
from apps.legislation.actions import record_break, settle
from apps.legislation.models import (
    Break,
    Chamber,
    DateConflict,
    Milestone,
    Outcome,
    ProviderLook,
    SittingBreak,
    Step,
)
from apps.legislation.providers.asking import Asker
from apps.legislation.providers.whats_on import ToldBreak, WhatsOn, _break, _sitting, _time
from tests import make
from tests.legislation.conftest import Waiting
from tests.legislation.openapi import answer_of, breaches
from tests.legislation.parliament import (
    FAULT,
    HTML,
    TRUNCATED,
    Fault,
    Parliament,
    says,
    sitting,
    tells,
)
from tests.legislation.test_uk_bills import ANY_JSON
from tests.make import AT, DAY

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parent / "recorded" / "whats_on"
HOUR = timedelta(hours=1)


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


@dataclass
class Calendar(Parliament):
    """What's On, which tells of `events` and `breaks` as specified, 31 days of events at most."""

    events: list[Any] = field(default_factory=list)
    breaks: list[Any] = field(default_factory=list)

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        first, last = (query[f"queryParameters.{name}"][0] for name in ("startDate", "endDate"))
        if path[-1] == "list.json":
            if date.fromisoformat(last) - date.fromisoformat(first) > 30 * DAY:
                return says(400, b"{}")
            return tells([each for each in self.events if first <= str(each["StartDate"])[:10] <= last])
        code = query["queryParameters.categoryCode"][0]
        return tells([each for each in self.breaks if each["CategoryCode"] == code])


def event(number: int, on: str, bill: Any = 7, **told: Any) -> dict[str, Any]:
    said = {"Id": number, "StartDate": f"{on}T00:00:00", "EndDate": None, "BillId": bill, "House": "Lords"}
    return recorded("events")[1] | said | told


def away(number: int, first: str, last: str, code: str = "REC", **told: Any) -> dict[str, Any]:
    said = {
        "Id": number,
        "StartDate": f"{first}T00:00:00",
        "EndDate": f"{last}T00:00:00",
        "CategoryCode": code,
    }
    return recorded("recess")[0] | said | told


@pytest.fixture
def calendar(settings: Any) -> Iterator[Calendar]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with sitting(Calendar()) as house:
        settings.WHATS_ON_API = house.url
        assert isinstance(house, Calendar)
        yield house


def look(clock: Waiting) -> whats_on.Tally:
    return whats_on.look(clock=clock, pause=clock.pause)


def bill_of_two_days(campaign: Campaign) -> tuple[Step, Step]:
    """Committee in the Lords on 1 and 8 April."""
    bill = make.bill(campaign, "2026-04-01", "2026-04-08", external_id="7")
    first, second = bill.steps.order_by("day")
    return first, second


@pytest.mark.parametrize(("name", "what"), [("events", "list"), ("recess", "nonsitting")])
def test_what_is_recorded_is_as_parliaments_specification_has_it(name: str, what: str) -> None:
    spec = recorded("openapi")
    schema = answer_of(spec, f"/calendar/events/{what}.{{format}}")
    assert list(breaches(recorded(name), schema, spec)) == []
    assert list(breaches([{"Id": "x"}], schema, spec)) == ["[0].Id is 'x', no integer"]


# --- Sittings ---------------------------------------------------------------------------------------------


def test_the_first_sitting_of_a_day_says_from_when(
    campaign: Campaign, calendar: Calendar, clock: Waiting
) -> None:
    first, second = bill_of_two_days(campaign)
    calendar.events = [
        event(1, "2026-04-01", StartTime="15:45:00"),
        event(2, "2026-04-01", StartTime="11:00"),
        event(3, "2026-04-01", StartTime="09:00:00", House="Commons"),
        event(4, "2026-04-01", StartTime="08:00:00", bill=8),
        event(5, "2026-04-08", StartTime=None),
        event(6, "2026-04-08", bill=None),
    ]
    tally = look(clock)
    assert (tally.troubles, tally.changed) == ([], 1)
    for step in (first, second):
        step.refresh_from_db()
    assert (first.starts, second.starts) == (time(11), None)
    assert first.bill.look.changed == ["Committee stage, Lords on 1 April 2026 starts at 11:00."]


def test_it_is_asked_a_month_at_a_time_once_an_hour_and_only_while_days_are_to_come(
    campaign: Campaign, calendar: Calendar, clock: Waiting
) -> None:
    def asked() -> int:
        return sum("/list.json" in path for path in calendar.asked)

    look(clock)
    assert asked() == 0
    make.bill(campaign, "2026-05-01", external_id="7")
    look(clock)
    assert asked() == 2
    look(clock)
    assert asked() == 2
    clock.at += HOUR + timedelta(minutes=1)
    look(clock)
    assert asked() == 4
    assert sum("/nonsitting.json" in path for path in calendar.asked) == 3


def test_a_day_that_is_called_off_is_dropped_and_may_come_back(
    campaign: Campaign, calendar: Calendar, clock: Waiting
) -> None:
    bill_of_two_days(campaign)
    calendar.events = [
        event(1, "2026-04-01", CancelledDate="2026-03-09T16:20:11.1234567"),
        event(2, "2026-04-08", CancelledDate="2026-03-09T00:00:00"),
        event(3, "2026-04-08"),
    ]
    look(clock)
    milestone = Milestone.everything.get(step__day="2026-04-01")
    assert (milestone.outcome, milestone.settled_because) == (
        Outcome.DROPPED,
        "Called off by UK Parliament",
    )
    assert Milestone.everything.get(step__day="2026-04-08").outcome == Outcome.UPCOMING
    make.tell_of(Step.objects.all()[0].bill, "2026-04-01", "2026-04-08")  # the Bills API says nothing of it
    milestone.refresh_from_db()
    assert milestone.outcome == Outcome.DROPPED
    calendar.events[0]["CancelledDate"] = None
    clock.at += 2 * HOUR
    look(clock)
    milestone.refresh_from_db()
    assert milestone.outcome == Outcome.UPCOMING
    assert milestone.targets.count() == 1


def test_one_that_moves_is_called_off_no_longer(
    campaign: Campaign, calendar: Calendar, clock: Waiting
) -> None:
    first, _ = bill_of_two_days(campaign)
    calendar.events = [event(1, "2026-04-01", CancelledDate="2026-03-09T00:00:00", StartTime="11:00")]
    look(clock)
    make.tell_of(first.bill, "2026-04-02", "2026-04-08")
    milestone = Milestone.everything.get(step=first.pk)
    assert (milestone.outcome, milestone.entry.date) == (Outcome.UPCOMING, "2026-04-02")


def test_what_a_person_decided_waits_to_be_settled(
    campaign: Campaign, calendar: Calendar, clock: Waiting
) -> None:
    bill_of_two_days(campaign)
    milestone = Milestone.everything.get(step__day="2026-04-01")
    owner = make.owner_of(campaign)
    settle(milestone=milestone, outcome=Outcome.MISSED, on=AT.date(), by=owner, at=AT)
    calendar.events = [event(1, "2026-04-01", CancelledDate="2026-03-09T00:00:00")]
    look(clock)
    milestone.refresh_from_db()
    assert milestone.outcome == Outcome.MISSED
    assert DateConflict.objects.get(took="").state == "cancelled"


@pytest.mark.parametrize("fault", [FAULT, HTML, TRUNCATED, tells({"Message": "An error"}), tells(None)])
def test_a_calendar_that_fails_is_left_alone_for_a_while_and_says_why(
    campaign: Campaign, calendar: Calendar, clock: Waiting, fault: Fault
) -> None:
    bill_of_two_days(campaign)
    calendar.fails(fault, path="/calendar/events/list", times=3)
    look(clock)
    row = ProviderLook.objects.get(provider="whats-on")
    assert (row.failures, bool(row.said)) == (1, True)
    calendar.faults.clear()
    calendar.events = [event(1, "2026-04-01", StartTime="11:00")]
    before = len(calendar.asked)
    clock.at += timedelta(minutes=10)
    look(clock)
    assert len(calendar.asked) - before <= 3  # the breaks, where they were not reached the first time
    clock.at += HOUR
    look(clock)
    row.refresh_from_db()
    assert (row.failures, row.said) == (0, "")
    assert Step.objects.filter(starts=time(11)).count() == 1


def test_a_calendar_that_asks_for_patience_gets_it(
    campaign: Campaign, calendar: Calendar, clock: Waiting
) -> None:
    bill_of_two_days(campaign)
    calendar.fails(says(429, Retry_After="14400"), path="/calendar/events/list")
    look(clock)
    assert ProviderLook.objects.get(provider="whats-on").try_at == clock.at + 4 * HOUR


@settings(max_examples=20)
@given(ANY_JSON)
def test_odd_events_and_breaks_break_nothing(value: Any) -> None:
    for name in ("Id", "BillId", "StartDate", "EndDate", "House", "StartTime", "Description"):
        _sitting(event(1, "2026-04-01") | {name: value})
        _break(away(1, "2026-07-20", "2026-09-01") | {name: value}, Break.RECESS)


@pytest.mark.parametrize(
    ("said", "read"),
    [("14:30:00", time(14, 30)), ("9:30", time(9, 30)), ("00:00:00", None), ("25:00", None), (930, None)],
)
def test_a_time_of_day(said: Any, read: time | None) -> None:
    assert _time(said) == read


# --- Breaks -----------------------------------------------------------------------------------------------


SUMMER = away(1, "2026-07-20", "2026-09-01")
PROROGUED = away(2, "2026-10-30", "2026-11-10", "POR", House="Joint", Description="Prorogation")


def days() -> list[tuple[str, str, str, date, date]]:
    rows = SittingBreak.objects.values_list("chamber", "sort", "name", "first", "last")
    return [tuple(row) for row in rows]  # type: ignore[misc]


RECESS_TOLD = ("commons", "recess", "Summer recess", date(2026, 7, 20), date(2026, 9, 1))


def test_breaks_are_written_once_and_follow_what_parliament_says(calendar: Calendar, clock: Waiting) -> None:
    calendar.breaks = [SUMMER, PROROGUED]
    assert look(clock).changed == 2
    prorogued = ("both", "prorogation", "Prorogation", date(2026, 10, 30), date(2026, 11, 10))
    assert days() == [RECESS_TOLD, prorogued]
    clock.at += DAY + HOUR
    assert look(clock).changed == 0
    calendar.breaks = [SUMMER | {"EndDate": "2026-08-31T00:00:00"}]
    clock.at += DAY + HOUR
    assert look(clock).changed == 2
    assert days() == [(*RECESS_TOLD[:4], date(2026, 8, 31))]
    assert SittingBreak.objects.get().history.count() == 2


def test_an_empty_or_half_read_list_takes_nothing_away(calendar: Calendar, clock: Waiting) -> None:
    calendar.breaks = [SUMMER]
    look(clock)
    for breaks in ([], [PROROGUED | {"House": "Moon"}]):
        calendar.breaks = breaks
        clock.at += DAY + HOUR
        tally = look(clock)
        assert days() == [RECESS_TOLD]
    assert tally.troubles == ["1 of the breaks could not be read."]


def test_what_a_person_wrote_changed_or_took_away_stays_so(calendar: Calendar, clock: Waiting) -> None:
    olive = make.user("olive")
    told: dict[str, Any] = {
        "chamber": Chamber.COMMONS,
        "sort": Break.RECESS,
        "source": "https://example.org/",
    }
    record_break(name="Ours", first=date(2026, 7, 22), last=date(2026, 8, 20), by=olive, **told)
    calendar.breaks = [SUMMER, PROROGUED, away(3, "2026-12-18", "2027-01-05", Description="Christmas recess")]
    look(clock)
    assert [name for _, _, name, _, _ in days()] == ["Ours", "Prorogation", "Christmas recess"]
    changed = SittingBreak.objects.get(name="Prorogation")
    changed.name = "Put right"
    save_as(olive, changed)
    delete_as(olive, SittingBreak.objects.get(name="Christmas recess"))
    clock.at += DAY + HOUR
    look(clock)
    assert [name for _, _, name, _, _ in days()] == ["Ours", "Put right"]


def test_a_server_that_ignores_what_is_asked_for_is_read_by_its_codes(
    calendar: Calendar, clock: Waiting
) -> None:
    calendar.fails(tells([SUMMER, PROROGUED]), path="/calendar/events/nonsitting", times=3)
    look(clock)
    assert [sort for _, sort, _, _, _ in days()] == ["recess", "prorogation"]


def test_a_break_that_is_told_of_twice_is_one(calendar: Calendar, clock: Waiting) -> None:
    calendar.breaks = [SUMMER, SUMMER | {"Id": 9}]
    look(clock)
    look(clock)
    assert days() == [RECESS_TOLD]


def test_a_break_that_is_listed_under_another_id_is_never_gone(calendar: Calendar, clock: Waiting) -> None:
    calendar.breaks = [SUMMER]
    look(clock)
    key = SittingBreak.objects.get().pk
    calendar.breaks = [SUMMER | {"Id": 9}]
    for changed in (1, 0):
        clock.at += DAY + HOUR
        assert look(clock).changed == changed
        assert days() == [RECESS_TOLD]
    row = SittingBreak.objects.get()
    assert (row.pk, row.external_id) == (key, "whats-on 9")


def test_the_provider_reads_what_is_recorded(calendar: Calendar, clock: Waiting) -> None:
    calendar.events, calendar.breaks = recorded("events"), recorded("recess")
    with Asker(calendar.url, clock=clock, pause=clock.pause) as ask:
        sittings = WhatsOn().sittings(ask, date(2023, 9, 1), date(2023, 10, 15)).sittings
        (told,) = WhatsOn().breaks(ask, date(2023, 6, 1), date(2023, 12, 31)).breaks
    assert [(each.bill, each.where, each.day, each.starts) for each in sittings] == [
        ("3137", "Commons", date(2023, 9, 12), None),
        ("3137", "Lords", date(2023, 9, 19), time(15)),
    ]
    name, first, last = "Summer recess", date(2023, 7, 20), date(2023, 9, 1)
    assert told == ToldBreak("whats-on 913790", Chamber.COMMONS, Break.RECESS, name, first, last)


def test_turned_off_it_asks_nothing(settings: Any, clock: Waiting) -> None:
    settings.WHATS_ON_API = ""
    assert look(clock) == whats_on.Tally()
    assert WhatsOn().off() == "It is turned off: WHATS_ON_API is empty."
