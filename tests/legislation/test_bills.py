"""Following bills: what comes in, what stays, and who settles it where a person and Parliament disagree."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.legislation import sync, tasks
from apps.legislation.actions import current_target, reopen, revise_target, settle
from apps.legislation.bills import (
    SettledAlready,
    ask_for_a_look,
    change_bill,
    follow_bill,
    set_following,
    settle_conflict,
)
from apps.legislation.importing import keep_promise
from apps.legislation.models import (
    Bill,
    BillLook,
    BillSponsor,
    DateConflict,
    Following,
    Milestone,
    Outcome,
    ProviderLook,
    Standing,
    Step,
    StepState,
    TargetDate,
)
from apps.legislation.slips import reckon
from apps.people.models import Organisation, Person
from apps.sources.models import Source
from apps.timeline.models import Entry
from tests import make
from tests.legislation.conftest import Waiting
from tests.legislation.parliament import (
    FAULT,
    HTML,
    SAFETY,
    TRUNCATED,
    Parliament,
    a_bill,
    a_stage,
    says,
    sitting,
    tells,
)
from tests.make import AT, DAY
from tests.pages import everything_stored

pytestmark = [pytest.mark.django_db, pytest.mark.database]
QUARTER = timedelta(minutes=15)


class Desk:
    """One campaign that follows one bill of a Parliament."""

    def __init__(self, campaign: Campaign, parliament: Parliament, clock: Waiting, number: int = 7) -> None:
        self.campaign, self.parliament, self.clock, self.number = campaign, parliament, clock, number
        self.owner = make.owner_of(campaign)
        self.changes = 0
        self.pk = follow_bill(
            campaign=campaign, provider="uk-bills", external_id=str(number), by=self.owner, at=clock.at
        ).pk

    def look(self, *, after: timedelta = QUARTER) -> sync.Tally:
        self.clock.at += after
        return sync.look(clock=self.clock, pause=self.clock.pause)

    def touch(self) -> None:
        """Parliament changed the bill."""
        self.changes += 1
        self.parliament.touch(self.number, f"2026-03-05T10:00:00.{self.changes:07}")

    @property
    def bill(self) -> Bill:
        return Bill.objects.select_related("look").get(pk=self.pk)

    def step(self, sitting: int) -> Step:
        return Step.objects.get(bill=self.pk, external_id=f"sitting {sitting}")

    def milestone(self, sitting: int) -> Milestone:
        return Milestone.everything.select_related("entry").get(step=self.step(sitting))

    def dates(self, sitting: int) -> list[str]:
        rows = TargetDate.objects.filter(milestone__step=self.step(sitting))
        return [row.date for row in rows.order_by("recorded_at", "id")]

    def move(self, sitting: int, to: str) -> None:
        """Somebody moves our date by hand."""
        milestone = self.milestone(sitting)
        revise_target(
            milestone=milestone, to=parse(to), reason="We think so", by=self.owner, at=self.clock.at
        )

    def settle(self, sitting: int, outcome: Outcome, on: date) -> None:
        milestone = self.milestone(sitting)
        settle(milestone=milestone, outcome=outcome, on=on, by=self.owner, at=self.clock.at)

    def conflict(self) -> DateConflict:
        return DateConflict.objects.get(took="")


@pytest.fixture
def desk(campaign: Campaign, parliament: Parliament, clock: Waiting) -> Desk:
    """It follows a bill whose committee stage is to sit on two days; both are in."""
    parliament.holds(
        a_bill(7, "Rivers Bill [HL]"), [a_stage(1, (11, "2026-04-01"), (12, "2026-04-08")), a_stage(2)]
    )
    found = Desk(campaign, parliament, clock)
    found.look(after=timedelta(0))
    return found


# --- What comes in ----------------------------------------------------------------------------------------


def test_a_followed_bill_comes_in_with_its_days_and_sponsor(desk: Desk) -> None:
    bill = desk.bill
    assert (bill.title, bill.stage, bill.where, bill.standing) == (
        "Rivers Bill [HL]",
        "Committee stage",
        "Commons",
        Standing.OPEN,
    )
    assert (bill.look.said, bill.look.token, bill.look.failures) == ([], "2026-03-01T10:00:00.0000001", 0)
    first = desk.milestone(11)
    entry = first.entry
    assert (entry.headline, entry.date, entry.due) == (
        "Rivers Bill: Committee stage, Commons",
        "2026-04-01",
        date(2026, 4, 1),
    )
    assert (entry.source, str(entry.organisation), entry.created_by) == (
        bill.source,
        "House of Commons",
        None,
    )
    assert bill.source is not None
    assert (bill.source.url, bill.source.publisher) == (
        "https://bills.parliament.uk/bills/7",
        "UK Parliament",
    )
    assert [(str(step), step.day, step.state) for step in bill.steps.all()] == [
        ("Committee stage, Commons", date(2026, 4, 1), "scheduled"),
        ("Committee stage, Commons", date(2026, 4, 8), "scheduled"),
        ("Committee stage, Commons", None, "unscheduled"),
    ]
    sponsor = BillSponsor.objects.get()
    assert sponsor.person is not None
    assert [str(post) for post in sponsor.person.posts.all()] == [
        "MP for Stoke-on-Trent South (Conservative), House of Commons"
    ]
    assert bill.look.changed == [
        "It is now called Rivers Bill [HL].",
        "Brought in by Jack Brereton.",
        "New: Committee stage, Commons, on 1 April 2026.",
        "New: Committee stage, Commons, on 8 April 2026.",
    ]


def test_looking_again_changes_nothing(desk: Desk) -> None:
    ask_for_a_look(bill=desk.bill, at=desk.clock.at)
    desk.look()
    before = everything_stored()
    ask_for_a_look(bill=desk.bill, at=desk.clock.at)
    assert desk.look().changed == 0
    after = everything_stored()
    moves_on = {"legislation.BillLook", "legislation.ProviderLook", "sources.Host"}
    assert {name for name in after if after[name] != before[name]} <= moves_on


def test_the_online_safety_bill_is_on_the_timeline_664_days_late(
    campaign: Campaign, parliament: Parliament, clock: Waiting
) -> None:
    parliament.holds_the_online_safety_bill()
    promise = make.milestone(campaign, target="../2021-12-31", headline="On the statute book")
    owner = make.owner_of(campaign)
    for to in ("../2022-12-31", "2023-23"):
        revise_target(milestone=promise, to=parse(to), reason="Delayed", by=owner, at=clock.at)
    desk = Desk(campaign, parliament, clock, SAFETY)
    change_bill(bill=desk.bill, promise=promise, visibility="public", by=owner, at=clock.at)
    desk.look(after=timedelta(0))
    days = Milestone.everything.filter(step__bill=desk.bill)
    assert (days.count(), set(days.values_list("outcome", flat=True))) == (42, {Outcome.MET})
    royal = Milestone.everything.get(step__is_law=True)
    assert (royal.settled_on, royal.entry.headline, royal.entry.visibility) == (
        date(2023, 10, 26),
        "Online Safety Bill: Royal Assent",
        "public",
    )
    promise = Milestone.everything.get(pk=promise.pk)
    assert (promise.outcome, promise.settled_on, promise.late_days(clock.at.date())) == (
        Outcome.MET,
        date(2023, 10, 26),
        664,
    )
    assert promise.settled_source == desk.bill.source
    assert [row.date for row in promise.targets.all()] == ["../2021-12-31", "../2022-12-31", "2023-23"]
    person = BillSponsor.objects.get().person
    assert person is not None
    assert sorted(str(post) for post in person.posts.all()) == [
        "MP for Chippenham (Conservative), House of Commons",
        "Sponsor of the Online Safety Bill, Department for Science, Innovation and Technology",
    ]
    assert (desk.bill.standing, desk.bill.look.said) == (Standing.LAW, [])


def test_a_promise_that_is_settled_stays_so(
    campaign: Campaign, parliament: Parliament, clock: Waiting
) -> None:
    parliament.holds_the_online_safety_bill()
    promise = make.milestone(campaign, target="../2021-12-31")
    desk = Desk(campaign, parliament, clock, SAFETY)
    settle(milestone=promise, outcome=Outcome.MISSED, on=date(2022, 1, 1), by=desk.owner, at=clock.at)
    change_bill(bill=desk.bill, promise=promise, visibility="team", by=desk.owner, at=clock.at)
    desk.look()
    assert Milestone.everything.get(pk=promise.pk).outcome == Outcome.MISSED


def test_what_was_promised_is_a_milestone_of_the_campaigns_own(desk: Desk, other_campaign: Campaign) -> None:
    change = {"bill": desk.bill, "visibility": "team", "by": desk.owner, "at": AT}
    with pytest.raises(ValidationError, match="another campaign"):
        change_bill(promise=make.milestone(other_campaign), **change)
    with pytest.raises(ValidationError, match="came of the bill itself"):
        change_bill(promise=desk.milestone(11), **change)


def test_a_day_that_is_over_and_still_listed_has_happened(desk: Desk) -> None:
    desk.clock.at = AT.replace(month=4, day=1, hour=22, minute=59)  # 23:59 in London's summer
    desk.look(after=timedelta(0))
    assert desk.milestone(11).is_open()
    tally = desk.look(after=QUARTER)
    met = desk.milestone(11)
    assert (met.outcome, met.settled_on, tally.requests) == (Outcome.MET, date(2026, 4, 1), 1)
    assert (desk.step(11).state, desk.step(12).state) == (StepState.HAPPENED, StepState.SCHEDULED)


def test_a_day_is_not_taken_to_have_happened_while_parliament_does_not_answer(desk: Desk) -> None:
    desk.parliament.fails(FAULT, times=3)
    desk.look(after=30 * DAY)
    assert desk.milestone(11).is_open()


def test_a_day_that_parliament_moves_is_a_row_of_the_ledger(desk: Desk) -> None:
    desk.parliament.sitting(7, 11)["date"] = "2026-05-06T00:00:00"
    desk.touch()
    desk.look()
    milestone = desk.milestone(11)
    row = current_target(milestone)
    assert desk.dates(11) == ["2026-04-01", "2026-05-06"]
    assert (row.reason, row.source, row.recorded_by, row.correction) == (
        "Moved by UK Parliament",
        desk.bill.source,
        None,
        False,
    )
    assert (milestone.slip_days, milestone.moves) == (35, 1)
    assert desk.bill.look.changed == ["Committee stage, Commons moved from 1 April 2026 to 6 May 2026."]


def test_a_past_day_that_parliament_puts_right_does_not_slip(
    campaign: Campaign, parliament: Parliament, clock: Waiting
) -> None:
    parliament.holds(a_bill(7), [a_stage(1, (11, "2026-02-03"))])
    desk = Desk(campaign, parliament, clock)
    desk.look()
    parliament.sitting(7, 11)["date"] = "2026-02-04T00:00:00"
    desk.touch()
    desk.look()
    milestone = desk.milestone(11)
    assert (milestone.outcome, milestone.settled_on, milestone.moves, milestone.slip_days) == (
        Outcome.MET,
        date(2026, 2, 4),
        0,
        0,
    )


@pytest.mark.parametrize(("on", "why"), [(date(2026, 2, 5), ""), (date(2026, 2, 3), "The whips told us so")])
def test_what_a_person_says_of_a_past_day_is_not_written_over(
    on: date, why: str, campaign: Campaign, parliament: Parliament, clock: Waiting
) -> None:
    parliament.holds(a_bill(7), [a_stage(1, (11, "2026-02-03"))])
    desk = Desk(campaign, parliament, clock)
    desk.look()
    owner = make.owner_of(campaign)
    settle(milestone=desk.milestone(11), outcome=Outcome.MET, on=on, because=why, by=owner, at=clock.at)
    parliament.sitting(7, 11)["date"] = "2026-02-04T00:00:00"
    for _ in range(2):
        desk.touch()
        desk.look()
        milestone = desk.milestone(11)
        assert (milestone.outcome, milestone.settled_on, milestone.settled_because) == (Outcome.MET, on, why)
        assert (DateConflict.objects.get().theirs, desk.dates(11)) == (date(2026, 2, 4), ["2026-02-03"])


def test_a_sitting_that_vanishes_is_called_off_and_comes_back(desk: Desk) -> None:
    sittings = desk.parliament.stages[7][0]["stageSittings"]
    gone = sittings.pop()
    desk.touch()
    desk.look()
    dropped = desk.milestone(12)
    assert (dropped.outcome, dropped.settled_because) == (
        Outcome.DROPPED,
        "UK Parliament no longer lists it",
    )
    assert (desk.step(12).state, desk.step(12).gone_at is not None) == (StepState.CANCELLED, True)
    assert desk.bill.look.changed == ["Committee stage, Commons, on 8 April 2026 is called off."]
    sittings.append(gone)
    desk.touch()
    desk.look()
    assert (desk.milestone(12).outcome, desk.step(12).gone_at) == (Outcome.UPCOMING, None)
    assert desk.dates(12) == ["2026-04-08"]


def test_a_past_sitting_that_vanishes_did_happen(
    campaign: Campaign, parliament: Parliament, clock: Waiting
) -> None:
    parliament.holds(a_bill(7), [a_stage(1, (11, "2026-02-03"), (12, "2026-02-04"))])
    desk = Desk(campaign, parliament, clock)
    desk.look()
    del parliament.stages[7][0]["stageSittings"][0]
    desk.touch()
    desk.look()
    assert desk.milestone(11).outcome == Outcome.MET
    assert desk.bill.look.said == [
        "Committee stage, Commons, on 3 February 2026 is no longer listed, though its day is past."
    ]


def test_a_list_that_is_suddenly_empty_calls_nothing_off(desk: Desk) -> None:
    desk.parliament.stages[7] = []
    desk.touch()
    desk.look()
    assert desk.milestone(11).is_open()
    assert desk.bill.look.said == ["No stage is listed any more. All that was listed before is kept."]


def test_a_stage_that_gets_a_day_becomes_a_milestone(desk: Desk) -> None:
    desk.parliament.stages[7][1] = a_stage(2, (21, "2026-06-01"))
    desk.touch()
    desk.look()
    assert desk.dates(21) == ["2026-06-01"]
    assert not Step.objects.filter(state=StepState.UNSCHEDULED).exists()


def test_a_sitting_whose_day_is_taken_away_keeps_the_one_we_have(desk: Desk) -> None:
    desk.parliament.sitting(7, 11)["date"] = None
    desk.touch()
    desk.look()
    assert (desk.milestone(11).entry.date, desk.step(11).state) == ("2026-04-01", StepState.SCHEDULED)
    assert desk.bill.look.said == [
        "Committee stage, Commons is listed without a day. 1 April 2026 is kept, as it was before."
    ]


def test_two_bills_of_one_name_are_two(desk: Desk) -> None:
    desk.parliament.holds(a_bill(8, "Rivers Bill [HL]"), [a_stage(1, (31, "2026-04-01"))])
    other = Desk(desk.campaign, desk.parliament, desk.clock, 8)
    other.look()
    assert (Bill.objects.count(), Step.objects.filter(bill=other.pk).count()) == (2, 1)
    assert Person.objects.count() == 1  # their sponsor is the same member


def test_a_person_of_that_name_is_taken_for_the_sponsor_where_there_is_one_alone(
    campaign: Campaign, parliament: Parliament, clock: Waiting
) -> None:
    known = make.person(campaign, "Jack brereton")
    parliament.holds(a_bill(7), [])
    Desk(campaign, parliament, clock).look()
    assert BillSponsor.objects.get().person == known
    for name in ("Ann Other", "Ann Other"):
        make.person(campaign, name)
    bill = a_bill(8)
    bill["sponsors"][0]["member"] |= {"memberId": 99, "name": "Ann Other"}
    parliament.holds(bill, [])
    Desk(campaign, parliament, clock, 8).look()
    assert Person.objects.filter(name="Ann Other").count() == 3


def test_two_campaigns_follow_one_bill_with_one_reading(desk: Desk, other_campaign: Campaign) -> None:
    Desk(other_campaign, desk.parliament, desk.clock)
    asked = len(desk.parliament.asked)
    desk.look()
    assert len(desk.parliament.asked) - asked == 3
    assert Milestone.everything.filter(entry__campaign=other_campaign).count() == 2
    assert Source.objects.filter(campaign=other_campaign).count() == 1
    assert Organisation.objects.filter(campaign=other_campaign).count() == 1
    desk.touch()
    desk.look()
    assert len(desk.parliament.asked) - asked == 6


# --- What people wrote ------------------------------------------------------------------------------------


def test_a_date_set_by_hand_is_kept_and_the_conflict_shown_once(desk: Desk) -> None:
    desk.move(11, "2026-04-20")
    desk.parliament.sitting(7, 11)["date"] = "2026-05-06T00:00:00"
    desk.touch()
    desk.look()
    assert desk.dates(11) == ["2026-04-01", "2026-04-20"]
    conflict = desk.conflict()
    assert (conflict.theirs, conflict.state, conflict.ours) == (date(2026, 5, 6), "scheduled", "2026-04-20")
    desk.parliament.sitting(7, 11)["date"] = "2026-05-13T00:00:00"
    desk.touch()
    desk.look()
    assert desk.conflict().pk == conflict.pk
    assert desk.conflict().theirs == date(2026, 5, 13)


def test_taking_theirs_follows_parliament_again(desk: Desk) -> None:
    desk.move(11, "2026-04-20")
    desk.parliament.sitting(7, 11)["date"] = "2026-05-06T00:00:00"
    desk.touch()
    desk.look()
    conflict = desk.conflict()
    settle_conflict(conflict=conflict, theirs=True, by=desk.owner, at=desk.clock.at)
    assert desk.dates(11) == ["2026-04-01", "2026-04-20", "2026-05-06"]
    assert current_target(desk.milestone(11)).recorded_by == desk.owner
    with pytest.raises(SettledAlready):
        settle_conflict(conflict=conflict, theirs=False, by=desk.owner, at=desk.clock.at)
    desk.parliament.sitting(7, 11)["date"] = "2026-05-13T00:00:00"
    desk.touch()
    desk.look()
    assert desk.dates(11)[-1] == "2026-05-13"
    assert not DateConflict.objects.filter(took="").exists()


def test_keeping_ours_lasts_until_parliament_says_something_new(desk: Desk) -> None:
    desk.move(11, "2026-04-20")
    desk.parliament.sitting(7, 11)["date"] = "2026-05-06T00:00:00"
    desk.touch()
    desk.look()
    settle_conflict(conflict=desk.conflict(), theirs=False, by=desk.owner, at=desk.clock.at)
    desk.touch()
    desk.look()
    assert not DateConflict.objects.filter(took="").exists()
    desk.parliament.sitting(7, 11)["date"] = "2026-05-13T00:00:00"
    desk.touch()
    desk.look()
    assert (desk.conflict().theirs, desk.dates(11)[-1]) == (date(2026, 5, 13), "2026-04-20")


def test_a_conflict_ends_by_itself_once_parliament_comes_to_our_date(desk: Desk) -> None:
    desk.move(11, "2026-04-20")
    for day in ("2026-05-06", "2026-04-20"):
        desk.parliament.sitting(7, 11)["date"] = f"{day}T00:00:00"
        desk.touch()
        desk.look()
    assert DateConflict.objects.get().took == "agreed"
    assert desk.dates(11) == ["2026-04-01", "2026-04-20"]


def test_what_a_person_settled_is_not_settled_again(desk: Desk) -> None:
    desk.settle(11, Outcome.MISSED, date(2026, 3, 9))
    desk.settle(12, Outcome.MET, date(2026, 3, 9))
    desk.clock.at = AT + 40 * DAY
    desk.touch()
    desk.look()
    assert (desk.milestone(11).outcome, desk.milestone(12).settled_on) == (Outcome.MISSED, date(2026, 3, 9))
    conflict = desk.conflict()
    assert (conflict.step, conflict.state) == (desk.step(11), "happened")
    settle_conflict(conflict=conflict, theirs=True, by=desk.owner, at=desk.clock.at)
    assert (desk.milestone(11).outcome, desk.milestone(11).settled_on) == (Outcome.MET, date(2026, 4, 1))


def test_a_sitting_called_off_that_we_expect_on_another_day_is_for_a_person(desk: Desk) -> None:
    desk.move(12, "2026-04-20")
    desk.parliament.stages[7][0]["stageSittings"].pop()
    desk.touch()
    desk.look()
    assert desk.milestone(12).is_open()
    settle_conflict(conflict=desk.conflict(), theirs=True, by=desk.owner, at=desk.clock.at)
    assert desk.milestone(12).outcome == Outcome.DROPPED


def test_a_milestone_that_was_opened_again_or_removed_stays_so(desk: Desk) -> None:
    desk.look(after=30 * DAY)
    reopen(milestone=desk.milestone(11), by=desk.owner, at=desk.clock.at)
    Entry.everything.filter(milestone__step=desk.step(12)).delete()
    desk.touch()
    desk.look()
    assert desk.milestone(11).is_open()
    assert (desk.step(12).milestone, Milestone.everything.count()) == (None, 1)


def test_words_that_a_person_changed_stay(desk: Desk) -> None:
    Entry.everything.filter(pk=desk.milestone(11).pk).update(headline="The day that matters", note="Ours")
    desk.parliament.bills[7]["shortTitle"] = "Lakes Bill"
    desk.parliament.sitting(7, 11)["date"] = "2026-05-06T00:00:00"
    desk.touch()
    desk.look()
    entry = desk.milestone(11).entry
    assert (entry.headline, entry.note, entry.date) == ("The day that matters", "Ours", "2026-05-06")
    assert desk.bill.title == "Lakes Bill"


def test_a_campaign_goes_with_its_bills(desk: Desk) -> None:
    desk.move(11, "2026-04-20")
    desk.parliament.sitting(7, 11)["date"] = "2026-05-06T00:00:00"
    desk.touch()
    desk.look()
    desk.campaign.delete()
    counts = [model.objects.count() for model in (Bill, Step, DateConflict, BillSponsor, BillLook)]
    assert counts == [0, 0, 0, 0, 0]


# --- Looking ----------------------------------------------------------------------------------------------


def test_unchanged_bills_cost_one_request_a_page_and_hardly_a_query(
    campaign: Campaign, parliament: Parliament, clock: Waiting
) -> None:
    for number in range(1, 161):
        parliament.holds(a_bill(number), [])
        Desk(campaign, parliament, clock, number)
    BillLook.objects.update(token="2026-03-01T10:00:00.0000001")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        tally = sync.look(clock=clock, pause=clock.pause)
    assert (tally.bills, tally.changed, tally.requests) == (160, 0, 2)
    assert len(queries) <= 20
    assert sync.look(clock=clock, pause=clock.pause) == sync.Tally()


def test_nothing_is_asked_before_a_bills_turn_or_when_it_is_not_followed(desk: Desk) -> None:
    asked = len(desk.parliament.asked)
    desk.look(after=QUARTER / 2)
    set_following(bill=desk.bill, following=Following.STOPPED, by=desk.owner, at=desk.clock.at)
    desk.look()
    assert len(desk.parliament.asked) == asked
    set_following(bill=desk.bill, following=Following.FOLLOWED, by=desk.owner, at=desk.clock.at)
    desk.look()
    assert len(desk.parliament.asked) == asked + 1


def test_a_bill_that_waits_for_approval_is_not_looked_at(
    campaign: Campaign, parliament: Parliament, clock: Waiting
) -> None:
    parliament.holds(a_bill(7), [])
    volunteer = make.member(campaign, "volunteer")
    bill = follow_bill(
        campaign=campaign, provider="uk-bills", external_id="7", by=volunteer, at=AT, approved=False
    )
    assert sync.look(clock=clock, pause=clock.pause).requests == 0
    assert bill.following == Following.WAITING


def test_following_twice_is_following_once(desk: Desk) -> None:
    again = follow_bill(campaign=desk.campaign, provider="uk-bills", external_id="7", by=desk.owner, at=AT)
    assert (again.pk, Bill.objects.count()) == (desk.pk, 1)
    with pytest.raises(ValidationError, match="no bill that can be followed"):
        follow_bill(campaign=desk.campaign, provider="moon", external_id="7", by=desk.owner, at=AT)


def test_a_bill_that_is_no_longer_listed_is_kept_and_asked_for_ever_more_seldom(desk: Desk) -> None:
    del desk.parliament.bills[7]
    desk.look()
    look = desk.bill.look
    assert look.said == ["UK Parliament no longer lists this bill. What is here is kept."]
    assert (look.failures, look.try_at - desk.clock.at) == (1, QUARTER)
    desk.look(after=DAY)
    assert desk.bill.look.try_at - desk.clock.at == 2 * QUARTER
    assert desk.milestone(11).is_open()


@pytest.mark.parametrize("fault", [FAULT, HTML, TRUNCATED, says(429, Retry_After="60")])
def test_a_provider_that_fails_is_left_alone_for_a_while_and_says_so(desk: Desk, fault: Any) -> None:
    desk.parliament.fails(fault, times=3)
    tally = desk.look()
    row = ProviderLook.objects.get()
    assert (row.failures, row.said) == (1, tally.troubles[0])
    assert row.try_at >= desk.clock.at + QUARTER - timedelta(minutes=1)
    desk.parliament.faults.clear()
    asked = len(desk.parliament.asked)
    desk.look(after=timedelta(minutes=5))
    assert len(desk.parliament.asked) == asked
    desk.look(after=2 * QUARTER)
    row.refresh_from_db()
    assert (row.failures, row.said) == (0, "")


@pytest.mark.parametrize(
    ("path", "fault", "said"),
    [
        ("/api/v1/Bills/7", HTML, "127.0.0.1 answered with a web page where data was asked for."),
        ("/api/v1/Bills/7/Stages", TRUNCATED, "127.0.0.1 answered with data that is damaged or breaks off."),
        ("/api/v1/Bills/7/Stages", tells(None), "127.0.0.1 answered with a list that is none."),
    ],
)
def test_a_reading_that_fails_is_done_again(desk: Desk, path: str, fault: Any, said: str) -> None:
    desk.parliament.sitting(7, 11)["date"] = "2026-05-06T00:00:00"
    desk.touch()
    desk.parliament.fails(fault, path=path)
    desk.look()
    assert (desk.bill.look.said, desk.dates(11)) == ([said], ["2026-04-01"])
    desk.look()
    assert (desk.bill.look.said, desk.dates(11)) == ([], ["2026-04-01", "2026-05-06"])


def test_one_bill_that_cannot_be_written_does_not_stop_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.parliament.holds(a_bill(8), [a_stage(1, (31, "2026-04-01"))])
    other = Desk(desk.campaign, desk.parliament, desk.clock, 8)
    Source.objects.filter(pk=desk.bill.source_id).update(campaign=make.campaign(name="Elsewhere"))
    desk.parliament.stages[7][1] = a_stage(2, (21, "2026-06-01"))
    desk.touch()
    desk.look()
    assert desk.bill.look.said == ["What was read could not be written (ValidationError). Nothing changed."]
    assert other.milestone(31).is_open()


def test_a_look_that_somebody_waits_for_reads_all_again(desk: Desk) -> None:
    ask_for_a_look(bill=desk.bill, at=desk.clock.at)
    tally = sync.look_at(desk.bill, clock=desk.clock, pause=desk.clock.pause)
    assert (tally.bills, tally.requests, desk.bill.look.asked_at) == (1, 2, None)


def test_a_look_that_somebody_waits_for_tells_why_it_came_to_nothing(desk: Desk) -> None:
    desk.parliament.fails(says(429, Retry_After="3600"))
    desk.look()
    ask_for_a_look(bill=desk.bill, at=desk.clock.at)
    sync.look_at(desk.bill, clock=desk.clock, pause=desk.clock.pause)
    assert desk.bill.look.said == ["Somebody else is asking 127.0.0.1, or it asked for patience."]
    assert desk.bill.look.asked_at is None


def test_a_provider_that_is_turned_off_is_not_asked(desk: Desk, settings: Any) -> None:
    settings.UK_BILLS_API = ""
    assert desk.look(after=DAY) == sync.Tally()
    tally = sync.look_at(desk.bill, clock=desk.clock)
    assert tally.troubles == ["It is turned off: UK_BILLS_API is empty."]


def test_the_command_and_the_tasks_look(
    campaign: Campaign, parliament: Parliament, capsys: pytest.CaptureFixture[str]
) -> None:
    parliament.holds(a_bill(7), [a_stage(1, (11, "2026-02-03"))])
    owner = make.owner_of(campaign)
    bill = follow_bill(campaign=campaign, provider="uk-bills", external_id="7", by=owner, at=AT)
    call_command("sync_legislation")
    assert capsys.readouterr().out == "1 bill looked at, 1 changed, 3 requests\n"
    call_command("sync_legislation", bill=bill.pk)
    assert capsys.readouterr().out == "1 bill looked at, 0 changed, 2 requests\n"
    with pytest.raises(CommandError, match="No bill has the number 0"):
        call_command("sync_legislation", bill=0)
    tasks.sync_legislation()
    tasks.sync_bill(bill.pk)
    tasks.sync_bill(0)
    assert parliament.asked[-1] == "/api/v1/Bills/7/Stages?Skip=0&Take=100"


# --- Whatever happens -------------------------------------------------------------------------------------

Event = tuple[str, int, str]
DAYS = [f"2026-{month:02}-{day:02}" for month in (3, 4, 5) for day in (1, 11, 21)]
SITTINGS = (11, 12)
ENDS = ["met", "missed", "upcoming"]
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("theirs"), st.sampled_from(SITTINGS), st.sampled_from(DAYS)),
        st.tuples(st.just("vanishes"), st.sampled_from(SITTINGS), st.just("")),
        st.tuples(st.just("ours"), st.sampled_from(SITTINGS), st.sampled_from(DAYS)),
        st.tuples(st.just("settles"), st.sampled_from(SITTINGS), st.sampled_from(ENDS)),
        st.tuples(st.just("conflict"), st.sampled_from(SITTINGS), st.sampled_from(["theirs", "ours"])),
        st.tuples(st.just("fails"), st.just(0), st.just("")),
        st.tuples(st.just("waits"), st.integers(1, 40), st.just("")),
    ),
    max_size=8,
)


class AnySequence(TestCase):
    """Of what Parliament and people do, in any order, with a look after each."""

    @given(EVENTS)
    @settings(max_examples=25)
    def test_the_ledger_only_grows_and_the_newest_row_stands(self, events: list[Event]) -> None:
        with pytest.MonkeyPatch.context() as patch, sitting() as house:
            patch.setattr("django.conf.settings.FETCH_READABLE_NETWORKS", ["127.0.0.0/8"])
            patch.setattr("django.conf.settings.UK_BILLS_API", house.url)
            self._play(house, events)

    def _play(self, house: Parliament, events: list[Event]) -> None:
        house.holds(a_bill(7), [a_stage(1, (11, "2026-04-01"), (12, "2026-02-08"))])
        desk = Desk(make.campaign(), house, Waiting(AT))
        desk.look()
        before = self._ledgers(desk)
        for event in events:
            hands = self._do(desk, *event)
            after_hand = self._ledgers(desk)
            desk.touch()
            desk.look()
            now = self._ledgers(desk)
            for sitting_id, rows in before.items():
                assert now[sitting_id][: len(rows)] == rows
            if hands in SITTINGS:  # what a person just wrote is not written over by the look that follows
                assert now[hands] == after_hand[hands]
            for sitting_id in now:
                self._adds_up(desk, sitting_id)
            before = now
        ask_for_a_look(bill=desk.bill, at=desk.clock.at)
        desk.parliament.faults.clear()
        desk.look(after=2 * DAY)
        settled = self._ledgers(desk)
        ask_for_a_look(bill=desk.bill, at=desk.clock.at)
        desk.look(after=QUARTER)
        assert self._ledgers(desk) == settled

    def _do(self, desk: Desk, what: str, which: int, value: str) -> int:
        """Let it happen; answers which date a person wrote by hand."""
        if what in ("theirs", "vanishes"):
            listed = [each for each in desk.parliament.stages[7][0]["stageSittings"] if each["id"] != which]
            told = a_stage(1, (which, value))["stageSittings"] if what == "theirs" else []
            desk.parliament.stages[7][0]["stageSittings"] = listed + told
        elif what == "ours" and desk.milestone(which).is_open() and desk.dates(which)[-1] != value:
            desk.move(which, value)
            return which
        elif what == "settles":
            desk.settle(which, Outcome(value), date(2026, 3, 9))
        elif what == "conflict":
            for conflict in DateConflict.objects.filter(took="", step=desk.step(which)):
                settle_conflict(conflict=conflict, theirs=value == "theirs", by=desk.owner, at=desk.clock.at)
        elif what == "fails":
            desk.parliament.fails(TRUNCATED)
        elif what == "waits":
            desk.clock.at += which * DAY
        return 0

    def _ledgers(self, desk: Desk) -> dict[int, list[tuple[Any, ...]]]:
        fields = ("pk", "date", "reason", "recorded_by", "recorded_at", "correction")
        return {
            number: list(
                TargetDate.objects.filter(milestone__step=desk.step(number))
                .order_by("recorded_at", "pk")
                .values_list(*fields)
            )
            for number in SITTINGS
        }

    def _adds_up(self, desk: Desk, number: int) -> None:
        milestone = desk.milestone(number)
        rows = list(milestone.targets.order_by("recorded_at", "pk"))
        sums = reckon(rows)
        assert (milestone.first_latest, milestone.moves, milestone.slip_days) == (
            sums.first_latest,
            sums.moves,
            sums.slip_days,
        )
        met = milestone.settled_on if milestone.outcome == Outcome.MET else None
        assert milestone.entry.date == (met.isoformat() if met else rows[-1].date)


def test_a_bill_for_staff_is_not_named_where_others_read(campaign: Campaign) -> None:
    owner = make.owner_of(campaign)
    promise = make.milestone(campaign, headline="On the statute book")
    bill = make.bill(campaign, "2026-04-01", visibility="staff")
    change_bill(bill=bill, promise=promise, visibility="staff", by=owner, at=AT)
    Step.objects.filter(bill=bill).update(is_law=True, stage="Royal Assent", state="happened")
    Bill.objects.filter(pk=bill.pk).update(standing="law")
    keep_promise(Bill.objects.get(pk=bill.pk), by=None, at=AT)
    promise.refresh_from_db()
    assert (promise.outcome, promise.settled_because, promise.settled_source) == ("met", "Royal Assent", None)
