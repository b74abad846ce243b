"""Senders that die, and lines that break: what may have gone is sent once more at most, then held."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.legislation.models import Milestone
from apps.notices.actions import deliver
from apps.notices.models import Delivery, Kind
from apps.reminders.actions import release
from apps.reminders.models import Reminder
from apps.reminders.sending import AGAIN_AFTER_DOUBT, LEASE, Batch, Sending, Tally, claim
from tests import make
from tests.make import DAY, SECOND
from tests.reminders import remind
from tests.reminders.remind import State, look, on
from tests.smtp import DROP, HANG, MailServer

DUE = on("2026-06-13")


@pytest.fixture
def planned(campaign: Campaign) -> Milestone:
    """Due on 20 June; its owner is warned a week before, by e-mail alone."""
    remind.switch_off(Kind.INBOX, make.owner_of(campaign))
    remind.ladder(campaign, 7)
    return remind.milestone(campaign, target="2026-06-20")


def the_row() -> Reminder:
    return Reminder.objects.select_related("delivery").get()


def claimed(at: datetime) -> Batch:
    batch = claim(token=uuid.uuid4(), at=at)
    assert batch is not None
    return batch


def on_the_wire(batch: Batch, at: datetime) -> Delivery:
    """A sender that gets as far as the wire."""
    (channel,) = batch.channels
    sender = Sending(channel, batch.token, lambda: at, Tally())
    delivery = sender._commit(list(sender.rows().values_list("pk", flat=True)))
    assert delivery is not None
    return delivery


def test_a_claim_whose_sender_died_is_taken_up_when_its_lease_runs_out(planned: Milestone) -> None:
    claimed(DUE)
    assert look(at=DUE + LEASE) == Tally()
    assert look(at=DUE + LEASE + SECOND) == Tally(sent=1, messages=1)
    assert (the_row().attempts, the_row().doubts) == (1, 0)


def test_a_sender_that_died_on_the_wire_is_repeated_once_under_the_same_message_id(
    planned: Milestone,
) -> None:
    message_id = on_the_wire(claimed(DUE), DUE).message_id
    assert look(at=DUE + LEASE) == Tally()
    assert look(at=DUE + LEASE + SECOND) == Tally(sent=1, messages=1)
    assert Delivery.objects.get().message_id == message_id
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [message_id]


def test_after_two_deaths_on_the_wire_it_is_held_for_a_person(planned: Milestone) -> None:
    for death in (DUE, DUE + 2 * LEASE):
        on_the_wire(claimed(death), death)
    assert look(at=DUE + 4 * LEASE) == Tally(skipped=1)
    assert look(at=DUE + 30 * DAY) == Tally()
    assert (the_row().state, the_row().doubts, mail.outbox) == (State.HELD, 1, [])


def test_what_the_delivery_says_has_arrived_is_not_sent_again(planned: Milestone) -> None:
    """Its sender died between the mail server's word and writing it into the row."""
    deliver(on_the_wire(claimed(DUE), DUE), at=DUE)
    assert look(at=DUE + 2 * LEASE) == Tally(sent=1, messages=1)
    assert (the_row().state, len(mail.outbox)) == (State.SENT, 1)


def test_what_died_on_the_wire_goes_as_the_message_it_was(planned: Milestone, campaign: Campaign) -> None:
    """What fell due since goes by itself."""
    on_the_wire(claimed(DUE), DUE)
    remind.milestone(campaign, headline="Second reading", target="2026-06-20")
    Reminder.objects.filter(state=State.PLANNED).update(due_at=DUE + LEASE, try_at=DUE + LEASE)
    assert look(at=DUE + LEASE + SECOND) == Tally(sent=2, messages=2)
    assert sorted(message.subject for message in mail.outbox) == [
        "In 7 days: Royal Assent (20 June 2026)",
        "In 7 days: Second reading (20 June 2026)",
    ]


def test_what_died_on_the_wire_and_is_no_longer_so_is_not_repeated(planned: Milestone) -> None:
    on_the_wire(claimed(DUE), DUE)
    remind.move(planned, "2026-07-20", at=DUE + SECOND)
    assert look(at=DUE + 2 * LEASE) == Tally(skipped=1)
    assert mail.outbox == []


def test_a_site_may_hold_what_is_in_doubt_at_once(planned: Milestone, settings: Any) -> None:
    settings.SEND_AGAIN_IN_DOUBT = "hold"
    on_the_wire(claimed(DUE), DUE)
    assert look(at=DUE + 2 * LEASE) == Tally(skipped=1)
    assert (the_row().state, mail.outbox) == (State.HELD, [])


def test_a_sender_that_comes_back_late_changes_nothing(planned: Milestone) -> None:
    slow, later = claimed(DUE), DUE + 2 * LEASE
    quick = claimed(later)
    found = []
    for batch in (slow, quick):
        tally = Tally()
        Sending(batch.channels[0], batch.token, lambda: later, tally).go()
        found.append((tally, the_row().state, len(mail.outbox)))
    assert found == [(Tally(), State.CLAIMED, 0), (Tally(sent=1, messages=1), State.SENT, 1)]


@pytest.mark.parametrize("died", ["before the wire", "on the wire"])
def test_a_lease_taken_when_the_clock_was_wrong_does_not_last(planned: Milestone, died: str) -> None:
    """A clock ten days fast claimed it, and was put right."""
    wrong = DUE + 10 * DAY
    batch = claimed(wrong)
    if died == "on the wire":
        on_the_wire(batch, wrong)
    assert look(at=DUE + SECOND) == Tally(sent=1, messages=1)


# --- A line that breaks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [DROP, HANG])
def test_a_line_that_breaks_after_the_message_is_tried_once_more_then_held(
    planned: Milestone, mail_server: MailServer, answer: str
) -> None:
    mail_server.on("DATA", answer, answer)
    assert look(at=DUE) == Tally(failed=1)
    row = the_row()
    assert (row.state, row.lease_until) == (State.SENDING, DUE + AGAIN_AFTER_DOUBT)
    assert row.because.startswith("The mail server went silent")
    again = DUE + AGAIN_AFTER_DOUBT + SECOND
    assert look(at=again) == Tally(failed=1)
    assert look(at=again + 2 * AGAIN_AFTER_DOUBT) == Tally(skipped=1)
    assert (the_row().state, mail_server.letters) == (State.HELD, [])
    assert list(Delivery.objects.get().tries.values_list("outcome", flat=True)) == ["unsure"] * 2


def test_the_second_try_goes_under_the_same_message_id(planned: Milestone, mail_server: MailServer) -> None:
    mail_server.on("DATA", DROP)
    look(at=DUE)
    message_id = Delivery.objects.get().message_id
    assert look(at=DUE + 2 * AGAIN_AFTER_DOUBT) == Tally(sent=1, messages=1)
    assert [letter["Message-ID"] for letter in mail_server.letters] == [message_id]


def test_a_site_that_holds_does_not_try_a_broken_line_again(
    planned: Milestone, mail_server: MailServer, settings: Any
) -> None:
    settings.SEND_AGAIN_IN_DOUBT = "hold"
    mail_server.on("DATA", DROP)
    look(at=DUE)
    look(at=DUE + 2 * AGAIN_AFTER_DOUBT)
    assert (the_row().state, the_row().attempts, mail_server.letters) == (State.HELD, 1, [])


# --- By hand ----------------------------------------------------------------------------------------------


@pytest.fixture
def held(planned: Milestone) -> Reminder:
    for death in (DUE, DUE + 2 * LEASE):
        on_the_wire(claimed(death), death)
    look(at=DUE + 4 * LEASE)
    return the_row()


def test_what_is_held_is_sent_after_all_when_a_person_says_so(held: Reminder) -> None:
    at = DUE + DAY
    release(reminder=held, send=True, at=at)
    assert look(at=at) == Tally(sent=1, messages=1)
    assert (the_row().state, len(mail.outbox)) == (State.SENT, 1)


def test_what_is_held_is_set_aside_when_a_person_says_so(held: Reminder) -> None:
    release(reminder=held, send=False, at=DUE + DAY)
    assert look(at=DUE + 2 * DAY) == Tally()
    row = the_row()
    assert (row.state, row.because.endswith("Set aside by hand."), mail.outbox) == (State.SKIPPED, True, [])


def test_two_people_do_not_release_the_same(held: Reminder) -> None:
    release(reminder=held, send=True, at=DUE + DAY)
    with pytest.raises(ValidationError, match="Somebody has seen to it already"):
        release(reminder=held, send=False, at=DUE + DAY)


def test_what_was_released_and_breaks_again_is_in_doubt_afresh(
    held: Reminder, mail_server: MailServer
) -> None:
    mail_server.on("DATA", DROP)
    release(reminder=held, send=True, at=DUE + DAY)
    look(at=DUE + DAY)
    assert (the_row().state, the_row().doubts) == (State.SENDING, 0)
    assert look(at=DUE + DAY + timedelta(minutes=2)) == Tally(sent=1, messages=1)


def test_only_what_is_held_or_failed_can_be_released(planned: Milestone) -> None:
    with pytest.raises(ValidationError):
        release(reminder=the_row(), send=True, at=DUE)


def test_each_person_is_in_doubt_for_themselves(campaign: Campaign, mail_server: MailServer) -> None:
    reader: User = make.member(campaign, "advocacy")
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20")
    mail_server.on("DATA", DROP)
    look(at=DUE)
    found = {row.recipient: row.state for row in remind.reminders()}
    assert sorted(found.values()) == sorted([State.SENDING, State.SENT])
    assert reader in found
