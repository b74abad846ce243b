"""The tick: what is due goes out once, in one message to each, as it stands at that moment."""

import signal
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from apps.accounts.models import User
from apps.campaigns.actions import change_member, remove_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.evidence.actions import set_state
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.notices.models import Channel, Delivery, Kind
from apps.reminders import sending
from apps.reminders.models import Reminder, Rule, Tick
from apps.reminders.planning import plan_campaign
from apps.reminders.sending import Batch, Sending, Tally, claim
from apps.timeline.models import Entry, Visibility
from apps.timeline.models import State as EntryState
from tests import make
from tests.make import AT, DAY, SECOND
from tests.reminders import remind
from tests.reminders.remind import State, look, on

DUE = on("2026-06-13")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def owner(campaign: Campaign) -> User:
    """Reached by e-mail alone."""
    person = make.owner_of(campaign)
    remind.switch_off(Kind.INBOX, person)
    return person


@pytest.fixture
def planned(campaign: Campaign, owner: User) -> Milestone:
    """Due on 20 June; its owner is warned a week before, at DUE."""
    remind.ladder(campaign, 7)
    return remind.milestone(campaign, target="2026-06-20")


def the_row() -> Reminder:
    return remind.reminders().select_related("delivery").get()


def send(batch: Batch | None, *, at: datetime) -> Tally:
    """What a sender does with what it has claimed."""
    tally = Tally()
    assert batch is not None
    for channel in batch.channels:
        Sending(channel, batch.token, lambda: at, tally).go()
    return tally


def test_it_goes_out_at_its_moment_and_not_before(planned: Milestone, owner: User) -> None:
    assert look(at=DUE - SECOND) == Tally()
    assert look(at=DUE) == Tally(sent=1, messages=1)
    row = the_row()
    assert row.delivery is not None
    assert (row.state, row.attempts, row.token, row.lease_until) == (State.SENT, 1, None, None)
    assert (row.delivery.state, row.delivery.sent_at, row.delivery.attempts) == ("sent", DUE, 1)
    (message,) = mail.outbox
    assert message.to == [owner.email]
    assert message.extra_headers["Message-ID"] == row.delivery.message_id
    assert (message.subject, message.body) == (row.delivery.subject, row.delivery.body)
    assert row.said in message.body


def test_nothing_goes_out_twice(planned: Milestone) -> None:
    for moment in (DUE, DUE, DUE + MINUTE, DUE + 30 * DAY):
        look(at=moment)
    assert len(mail.outbox) == 1


def test_it_stands_in_the_app_too(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20")
    assert look(at=DUE) == Tally(sent=2, messages=2)
    (notice,) = Delivery.objects.inbox_of(make.owner_of(campaign)).unread()
    assert (notice.subject, notice.body.split("\n")[0]) == (mail.outbox[0].subject, "Royal Assent")


def test_what_is_due_at_once_goes_in_one_message_to_each(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    """Of both campaigns: who is on both gets one message."""
    both = make.owner_of(campaign)
    remind.join(other_campaign, both)
    for one in (campaign, other_campaign):
        remind.ladder(one, 7)
        for headline in ("Second reading", "Third reading"):
            remind.milestone(one, headline=headline)
    look(at=DUE)
    messages = {message.to[0]: message.subject.split(", and ")[1] for message in mail.outbox}
    assert messages == {both.email: "3 more", make.owner_of(other_campaign).email: "1 more"}
    assert len(mail.outbox) == 2


def test_a_message_of_one_campaign_is_the_campaigns_and_one_of_several_is_its_readers_alone(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    both = make.owner_of(campaign)
    remind.join(other_campaign, both)
    for one in (campaign, other_campaign):
        remind.ladder(one, 7)
        remind.milestone(one)
    look(at=DUE)
    owners = {row.recipient: row.campaign for row in Delivery.objects.filter(kind=Kind.EMAIL)}
    assert owners == {both: None, make.owner_of(other_campaign): other_campaign}


def test_the_tick_is_noted_even_when_there_was_nothing_to_do(db: None) -> None:
    look(at=AT)
    look(at=AT + MINUTE)
    assert list(Tick.objects.values_list("looked_at", "sent", "number")) == [(AT + MINUTE, 0, 2)]


# --- The last look before the wire ------------------------------------------------------------------------


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
    """While another does; else the owner would stand in."""
    campaign = milestone.entry.campaign
    owner = make.owner_of(campaign)
    make.member(campaign, Role.ADVOCACY)
    membership = make.membership(campaign, owner)
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


def _channel_off(milestone: Milestone, at: datetime) -> None:
    Channel.objects.filter(kind=Kind.EMAIL).update(active=False)


def _channel_stopped(milestone: Milestone, at: datetime) -> None:
    Channel.objects.filter(kind=Kind.EMAIL).update(stopped_at=at)


MOVED = "The target date has moved."
SETTLED = "The milestone is settled or withdrawn."
LEFT = "The recipient is no longer on the team, or no longer asks for reminders."
OFF = "The channel is switched off or stopped."
CHANGES: dict[Callable[[Milestone, datetime], None], str] = {
    _moved: MOVED,
    _settled: SETTLED,
    _withdrawn: SETTLED,
    _left: LEFT,
    _deactivated: LEFT,
    _no_longer_asks: LEFT,
    _sees_it_no_longer: "The recipient may not see the milestone.",
    _rule_gone: "The rule was taken off the ladder.",
    _channel_off: OFF,
    _channel_stopped: OFF,
}


@pytest.mark.parametrize(("change", "because"), CHANGES.items())
def test_what_changed_and_was_not_planned_again_is_caught_before_the_wire(
    planned: Milestone, change: Any, because: str
) -> None:
    change(planned, DUE)
    assert sending.send_due(clock=lambda: DUE) == Tally(skipped=1)
    assert (the_row().state, the_row().because, mail.outbox) == (State.SKIPPED, because, [])


@pytest.mark.parametrize(("change", "because"), CHANGES.items())
def test_what_changed_after_it_was_claimed_is_caught_too(
    planned: Milestone, change: Any, because: str
) -> None:
    batch = claim(token=uuid.uuid4(), at=DUE)
    change(planned, DUE)
    if batch:
        batch = Batch(batch.token, list(Channel.objects.filter(pk__in=[row.pk for row in batch.channels])))
    assert send(batch, at=DUE) == Tally(skipped=1)
    assert (the_row().state, the_row().because, mail.outbox) == (State.SKIPPED, because, [])


def test_what_is_left_of_a_message_goes_without_what_was_caught(
    planned: Milestone, campaign: Campaign
) -> None:
    settled = remind.milestone(campaign, headline="Second reading", target="2026-06-20")
    _settled(settled, DUE)
    assert sending.send_due(clock=lambda: DUE) == Tally(sent=1, skipped=1, messages=1)
    assert mail.outbox[0].subject == "In 7 days: Royal Assent (20 June 2026)"


def test_a_row_cancelled_after_it_was_claimed_is_not_sent(planned: Milestone, campaign: Campaign) -> None:
    batch = claim(token=uuid.uuid4(), at=DUE)
    remind.ladder(campaign, 3, at=DUE)
    assert (send(batch, at=DUE), remind.states()[0], mail.outbox) == (Tally(), State.CANCELLED, [])


def test_under_an_embargo_only_staff_are_warned(campaign: Campaign, cast: dict) -> None:
    remind.ladder(campaign, 7)
    for role in (Role.ADVOCACY, Role.VIEWER):
        membership = make.membership(campaign, cast[role])
        change_member(membership=membership, role=Role(role), reminded=True, by=cast[Role.OWNER])
    remind.milestone(campaign, embargo_until=DUE + DAY)
    assert look(at=DUE) == Tally(sent=4, skipped=2, messages=4)
    assert remind.recipients_of(mail.outbox) == sorted([cast[Role.OWNER].email, cast[Role.ADVOCACY].email])


def test_a_person_without_an_address_is_not_said_to_be_reached(planned: Milestone, owner: User) -> None:
    owner.email = ""
    owner.save()
    assert look(at=DUE) == Tally(failed=1)
    assert (the_row().state, the_row().because) == (State.FAILED, "The account has no e-mail address.")


# --- After a stand-still ----------------------------------------------------------------------------------


def test_after_a_stand_still_the_newest_rung_says_it_for_all(campaign: Campaign, owner: User) -> None:
    remind.ladder(campaign, 14, 7, 1)
    remind.milestone(campaign, target="2026-06-20")
    assert look(at=on("2026-06-19", "12:00")) == Tally(sent=1, skipped=2, messages=1)
    assert remind.states() == [State.SKIPPED, State.SKIPPED, State.SENT]
    assert mail.outbox[0].subject == "Tomorrow: Royal Assent (20 June 2026)"


def test_a_later_rung_that_went_before_says_it_for_one_that_was_stuck(
    campaign: Campaign, owner: User
) -> None:
    remind.ladder(campaign, 7, 1)
    remind.milestone(campaign, target="2026-06-20")
    Reminder.objects.filter(rule__days_before=7).update(try_at=on("2026-06-19", "12:00"))
    assert look(at=on("2026-06-19")) == Tally(sent=1, messages=1)
    assert look(at=on("2026-06-19", "12:00")) == Tally(skipped=1)
    assert remind.states() == [State.SKIPPED, State.SENT]


def test_a_later_rung_that_was_taken_off_says_nothing(campaign: Campaign, owner: User) -> None:
    remind.ladder(campaign, 14, 7)
    remind.milestone(campaign, target="2026-06-20")
    Rule.objects.filter(days_before=7).update(active=False)
    plan_campaign(campaign, at=AT + DAY)
    assert look(at=on("2026-06-14")) == Tally(sent=1, messages=1)
    assert remind.states() == [State.SENT, State.CANCELLED]


def test_what_was_missed_for_days_comes_as_one_list(campaign: Campaign, owner: User) -> None:
    remind.ladder(campaign, 7)
    for target in ("2026-06-19", "2026-06-20", "2026-06-21"):
        remind.milestone(campaign, target=target)
    assert look(at=on("2026-06-18")) == Tally(sent=3, messages=1)
    assert mail.outbox[0].subject == "Missed while reminders stood still: 3 deadlines"


def test_one_that_went_late_says_so_in_the_ledger(planned: Milestone) -> None:
    look(at=DUE + timedelta(hours=3))
    assert (the_row().state, the_row().because) == (State.SENT, sending.SENT_LATE)


# --- Quiet hours, and stopping ----------------------------------------------------------------------------


def test_what_falls_into_quiet_hours_as_it_is_sent_waits_for_their_end(
    planned: Milestone, owner: User
) -> None:
    """The scheduler was late, or they were asked for since."""
    owner.quiet_from, owner.quiet_until = time(22), time(7)
    owner.save()
    assert look(at=on("2026-06-13", "22:00")) == Tally()
    row = the_row()
    assert (row.state, row.because) == (State.PLANNED, "Waits for the end of quiet hours.")
    assert (row.due_at, row.try_at) == (DUE, on("2026-06-14", "06:00"))
    assert look(at=on("2026-06-14", "05:59")) == Tally()
    assert look(at=on("2026-06-14", "06:00")) == Tally(sent=1, messages=1)


def test_the_inbox_does_not_wait_for_the_morning(campaign: Campaign) -> None:
    owner = make.owner_of(campaign)
    owner.quiet_from, owner.quiet_until = time(22), time(7)
    owner.save()
    remind.ladder(campaign, 7, clock=time(23))
    remind.milestone(campaign, target="2026-06-20")
    assert look(at=on("2026-06-13", "22:00")) == Tally(sent=1, messages=1)
    assert (remind.states(Kind.INBOX), remind.states()) == ([State.SENT], [State.PLANNED])


def test_a_sender_told_to_stop_finishes_its_message_and_gives_the_rest_back(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    make.member(campaign, Role.ADVOCACY)
    remind.milestone(campaign, target="2026-06-20")
    asked = iter([True, True, True] + [False] * 20)
    assert look(at=DUE, going=lambda: next(asked)) == Tally(sent=2, messages=2)
    left = Reminder.objects.exclude(state=State.SENT).values_list("state", "token", "lease_until")
    assert list(left) == [(State.PLANNED, None, None)] * 2
    assert look(at=DUE + SECOND) == Tally(sent=2, messages=2)


def test_one_that_trips_the_program_does_not_stop_the_others(
    planned: Milestone, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = remind.milestone(campaign, headline="Sound", target="2026-06-20")
    compose = sending.compose

    def trip(told: Any, *args: Any, **kwargs: Any) -> Any:
        if any(one.row.milestone_id == planned.pk for one in told):
            raise RuntimeError("a fault of ours")
        return compose(told, *args, **kwargs)

    monkeypatch.setattr(sending, "compose", trip)
    assert look(at=DUE) == Tally(sent=1, failed=1, messages=1)
    broken = remind.reminders(milestone=planned).get()
    assert (broken.state, broken.because) == (State.PLANNED, "The program failed: RuntimeError.")
    assert remind.reminders(milestone=sound).get().state == State.SENT


def test_a_tick_goes_on_until_nothing_is_due(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MESSAGES", 2)
    remind.ladder(campaign, 7)
    for _ in range(4):
        make.member(campaign, Role.ADVOCACY)
    remind.milestone(campaign, target="2026-06-20")
    assert look(at=DUE) == Tally(sent=10, messages=10)


@pytest.fixture
def own_signals() -> Iterator[None]:
    """The command listens for being told to stop; the test runner must again, afterwards."""
    kept = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield
    for name, handler in kept.items():
        signal.signal(name, handler)


def test_the_command_says_what_the_tick_did(planned: Milestone, own_signals: None) -> None:
    out = StringIO()
    Reminder.objects.update(due_at=AT - 300 * DAY, try_at=AT - 300 * DAY)  # due by any clock
    call_command("send_due_reminders", stdout=out)
    assert out.getvalue().splitlines()[0] == "1 sent, 0 skipped, 0 not delivered"
