"""The tick: what is due goes out once, and every failure is written down."""

import smtplib
import uuid
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from apps.campaigns.actions import change_member, remove_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.evidence.actions import set_state
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.notices.models import Delivery
from apps.reminders import actions
from apps.reminders.actions import LEASE, MOST_ATTEMPTS, Tally, claim, look, send, send_due
from apps.reminders.models import Reminder, Rule, Tick
from apps.reminders.planning import plan_campaign
from apps.timeline.models import Entry, Visibility
from apps.timeline.models import State as EntryState
from tests import make
from tests.make import AT, DAY, SECOND
from tests.reminders import remind
from tests.reminders.remind import State, on

DUE = on("2026-06-13")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def planned(campaign: Campaign) -> Milestone:
    """Due on 20 June; its owner is warned a week before, at DUE."""
    remind.ladder(campaign, 7)
    return remind.milestone(campaign, target="2026-06-20")


def the_row() -> Reminder:
    return Reminder.objects.select_related("delivery").get()


class MailServer:
    """Stands where the network would: each try meets the next answer, then all goes well."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.deliver = mail.EmailMessage.send
        monkeypatch.setattr(mail.EmailMessage, "send", lambda message: self.answer(message))

    def answer(self, message: Any) -> int:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        return self.deliver(message)


def test_it_goes_out_at_its_moment_and_not_before(planned: Milestone, campaign: Campaign) -> None:
    assert look(at=DUE - SECOND) == Tally()
    assert look(at=DUE) == Tally(sent=1)
    row = the_row()
    assert row.delivery is not None
    assert (row.state, row.attempts, row.token, row.lease_until) == (State.SENT, 1, None, None)
    assert (row.delivery.state, row.delivery.sent_at, row.delivery.attempts) == ("sent", DUE, 1)
    (message,) = mail.outbox
    assert message.to == [make.owner_of(campaign).email]
    assert message.extra_headers["Message-ID"] == row.delivery.message_id
    assert (message.subject, message.body) == (row.delivery.subject, row.delivery.body)


def test_nothing_goes_out_twice(planned: Milestone) -> None:
    for moment in (DUE, DUE, DUE + MINUTE, DUE + 30 * DAY):
        look(at=moment)
    assert len(mail.outbox) == 1


def test_the_tick_is_noted_even_when_there_was_nothing_to_do(db: None) -> None:
    look(at=AT)
    look(at=AT + MINUTE)
    assert list(Tick.objects.values_list("looked_at", "sent")) == [(AT + MINUTE, 0)]


def _moved(milestone: Milestone, at: datetime) -> None:
    by = make.owner_of(milestone.entry.campaign)
    revise_target(milestone=milestone, to=make.facts(date="2026-07-20").date, reason="Delayed", by=by, at=at)


def _settled(milestone: Milestone, at: datetime) -> None:
    by = make.owner_of(milestone.entry.campaign)
    settle(milestone=milestone, outcome=Outcome.MET, on=at.date(), by=by, at=at)


def _withdrawn(milestone: Milestone, at: datetime) -> None:
    by = make.owner_of(milestone.entry.campaign)
    set_state(entry=milestone.entry, state=EntryState.WITHDRAWN, by=by)
    Entry.everything.filter(pk=milestone.pk).update(due=None)


def _left(milestone: Milestone, at: datetime) -> None:
    campaign = milestone.entry.campaign
    make.member(campaign, Role.OWNER)
    owner = make.owner_of(campaign)
    remove_member(membership=make.membership(campaign, owner), by=owner)


def _deactivated(milestone: Milestone, at: datetime) -> None:
    owner = make.owner_of(milestone.entry.campaign)
    owner.is_active = False
    owner.save()


def _no_longer_asks(milestone: Milestone, at: datetime) -> None:
    owner = make.owner_of(milestone.entry.campaign)
    membership = make.membership(milestone.entry.campaign, owner)
    change_member(membership=membership, role=Role.OWNER, reminded=False, by=owner)


def _sees_it_no_longer(milestone: Milestone, at: datetime) -> None:
    """An owner who became a viewer, of a milestone for staff only."""
    campaign = milestone.entry.campaign
    owner = make.owner_of(campaign)
    make.member(campaign, Role.OWNER)
    change_member(membership=make.membership(campaign, owner), role=Role.VIEWER, reminded=True, by=owner)
    Entry.everything.filter(pk=milestone.pk).update(visibility=Visibility.STAFF)


def _rule_gone(milestone: Milestone, at: datetime) -> None:
    Rule.objects.update(active=False)


CHANGES = {
    _moved: "The target date has moved.",
    _settled: "The milestone is settled or withdrawn.",
    _withdrawn: "The milestone is settled or withdrawn.",
    _left: "The recipient is no longer on the team, or no longer asks for reminders.",
    _deactivated: "The recipient is no longer on the team, or no longer asks for reminders.",
    _no_longer_asks: "The recipient is no longer on the team, or no longer asks for reminders.",
    _sees_it_no_longer: "The recipient may not see the milestone.",
    _rule_gone: "The rule was taken off the ladder.",
}


@pytest.mark.parametrize(("change", "because"), CHANGES.items())
def test_what_changed_and_was_not_planned_again_is_caught_before_the_wire(
    planned: Milestone, change: Any, because: str
) -> None:
    change(planned, DUE)
    assert send_due(at=DUE) == Tally(skipped=1)
    assert (the_row().state, the_row().because, mail.outbox) == (State.SKIPPED, because, [])


@pytest.mark.parametrize(("change", "because"), CHANGES.items())
def test_what_changed_after_it_was_claimed_is_caught_too(
    planned: Milestone, change: Any, because: str
) -> None:
    token = uuid.uuid4()
    (pk,) = claim(token=token, at=DUE)
    change(planned, DUE)
    assert (send(pk, token=token, at=DUE), the_row().because, mail.outbox) == (State.SKIPPED, because, [])


def test_a_row_cancelled_after_it_was_claimed_is_not_sent(planned: Milestone, campaign: Campaign) -> None:
    token = uuid.uuid4()
    (pk,) = claim(token=token, at=DUE)
    remind.ladder(campaign, 3, at=DUE)
    assert (send(pk, token=token, at=DUE), mail.outbox) == (State.CANCELLED, [])


def test_under_an_embargo_only_staff_are_warned(campaign: Campaign, cast: dict) -> None:
    remind.ladder(campaign, 7)
    for role in (Role.ADVOCACY, Role.VIEWER):
        membership = make.membership(campaign, cast[role])
        change_member(membership=membership, role=Role(role), reminded=True, by=cast[Role.OWNER])
    remind.milestone(campaign, embargo_until=DUE + DAY)
    assert look(at=DUE) == Tally(sent=2, skipped=1)
    assert remind.recipients_of(mail.outbox) == sorted([cast[Role.OWNER].email, cast[Role.ADVOCACY].email])


def test_a_refusal_for_now_is_tried_again_later_and_later(
    planned: Milestone, monkeypatch: pytest.MonkeyPatch
) -> None:
    MailServer(monkeypatch, *[OSError("unreachable")] * 3)
    waits, moment = [], DUE
    for _ in range(3):
        assert look(at=moment) == Tally(failed=1)
        row = the_row()
        assert (row.state, row.because) == (
            State.PLANNED,
            "The mail server could not be reached: unreachable",
        )
        waits.append(row.due_at - moment)
        assert look(at=row.due_at - SECOND) == Tally()
        moment = row.due_at
    assert waits == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert look(at=moment) == Tally(sent=1)
    assert (the_row().because, Delivery.objects.get().attempts, len(mail.outbox)) == ("", 4, 1)


def test_trying_again_ends_after_five_times(planned: Milestone, monkeypatch: pytest.MonkeyPatch) -> None:
    MailServer(monkeypatch, *[OSError("unreachable")] * 9)
    for _ in range(9):
        look(at=the_row().due_at)
    row = the_row()
    assert row.delivery is not None
    assert (row.state, row.attempts, row.delivery.attempts) == (State.FAILED, MOST_ATTEMPTS, MOST_ATTEMPTS)
    assert row.delivery.state == Delivery.State.FAILED


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such user")}), State.FAILED),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"greylisted")}), State.PLANNED),
        (smtplib.SMTPDataError(554, b"spam"), State.FAILED),
        (smtplib.SMTPDataError(451, b"later"), State.PLANNED),
        (smtplib.SMTPServerDisconnected("gone"), State.PLANNED),
        (TimeoutError("slow"), State.PLANNED),
        (ValueError("a fault of ours"), State.PLANNED),
    ],
)
def test_what_will_not_change_fails_at_once_and_the_rest_waits(
    planned: Milestone, monkeypatch: pytest.MonkeyPatch, refusal: Exception, state: str
) -> None:
    MailServer(monkeypatch, refusal)
    assert look(at=DUE) == Tally(failed=1)
    assert the_row().state == state
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_a_person_without_an_address_is_not_said_to_be_reached(
    planned: Milestone, campaign: Campaign
) -> None:
    owner = make.owner_of(campaign)
    owner.email = ""
    owner.save()
    assert look(at=DUE) == Tally(failed=1)
    assert (the_row().state, the_row().because) == (State.FAILED, "There is no address to send it to.")


def test_one_that_trips_the_program_does_not_stop_the_others(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind.ladder(campaign, 7)
    broken, sound = (remind.milestone(campaign, headline=name) for name in ("Broken", "Sound"))
    compose = actions.compose

    def trip(row: Reminder, milestone: Milestone, *, at: datetime) -> Any:
        if milestone.pk == broken.pk:
            raise RuntimeError("a fault of ours")
        return compose(row, milestone, at=at)

    monkeypatch.setattr(actions, "compose", trip)
    assert look(at=DUE) == Tally(sent=1, failed=1)
    assert (broken.reminders.get().state, sound.reminders.get().state) == (State.PLANNED, State.SENT)
    for _ in range(MOST_ATTEMPTS):
        look(at=broken.reminders.get().due_at)
    assert (broken.reminders.get().state, broken.reminders.get().because) == (
        State.FAILED,
        "The program failed: RuntimeError('a fault of ours')",
    )


def test_a_claim_whose_sender_died_is_taken_up_when_its_lease_runs_out(planned: Milestone) -> None:
    claim(token=uuid.uuid4(), at=DUE)
    assert look(at=DUE + LEASE) == Tally()
    assert look(at=DUE + LEASE + SECOND) == Tally(sent=1)
    assert the_row().attempts == 1


def die_on_the_wire(at: datetime) -> None:
    """A sender that got as far as the wire, and no word of it since."""
    token = uuid.uuid4()
    for pk in claim(token=token, at=at):
        actions._commit_to_sending(pk, token=token, at=at)


def test_a_sender_that_died_on_the_wire_is_repeated_once_under_the_same_message_id(
    planned: Milestone,
) -> None:
    die_on_the_wire(DUE)
    message_id = Delivery.objects.get().message_id
    assert look(at=DUE + LEASE + SECOND) == Tally(sent=1)
    assert Delivery.objects.get().message_id == message_id
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [message_id]


def test_after_two_deaths_on_the_wire_it_is_held_for_a_person(planned: Milestone) -> None:
    die_on_the_wire(DUE)
    die_on_the_wire(DUE + 2 * LEASE)
    assert look(at=DUE + 4 * LEASE) == Tally(skipped=1)
    assert look(at=DUE + 30 * DAY) == Tally()
    assert (the_row().state, mail.outbox) == (State.HELD, [])


def test_a_sender_that_comes_back_late_changes_nothing(planned: Milestone) -> None:
    slow, quick = uuid.uuid4(), uuid.uuid4()
    (pk,) = claim(token=slow, at=DUE)
    later = DUE + 2 * LEASE
    assert claim(token=quick, at=later) == [pk]
    assert (send(pk, token=slow, at=later), mail.outbox) == (State.CLAIMED, [])
    assert (send(pk, token=quick, at=later), len(mail.outbox)) == (State.SENT, 1)


def test_after_a_stand_still_the_newest_rung_says_it_for_all(campaign: Campaign) -> None:
    remind.ladder(campaign, 14, 7, 1)
    remind.milestone(campaign, target="2026-06-20")
    assert look(at=on("2026-06-19", "12:00")) == Tally(sent=1, skipped=2)
    assert remind.states() == [State.SKIPPED, State.SKIPPED, State.SENT]
    assert mail.outbox[0].subject == "Tomorrow: Royal Assent (20 June 2026)"


def test_a_later_rung_that_was_taken_off_says_nothing(campaign: Campaign) -> None:
    remind.ladder(campaign, 14, 7)
    remind.milestone(campaign, target="2026-06-20")
    Rule.objects.filter(days_before=7).update(active=False)
    plan_campaign(campaign, at=AT + DAY)
    assert look(at=on("2026-06-14")) == Tally(sent=1)
    assert remind.states() == [State.SENT, State.CANCELLED]


def test_one_tick_takes_no_more_than_a_batch(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    remind.ladder(campaign, 7)
    for _ in range(3):
        remind.milestone(campaign)
    assert [look(at=DUE).sent for _ in range(3)] == [2, 1, 0]


def test_the_command_says_what_the_tick_did(planned: Milestone) -> None:
    out = StringIO()
    Reminder.objects.update(due_at=AT - 300 * DAY)  # due by any clock
    call_command("send_due_reminders", stdout=out)
    assert out.getvalue() == "1 sent, 0 skipped, 0 not delivered\n"
