"""What a mail server can do to a message."""

import time
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from apps.notices.models import Channel, Delivery, Kind
from apps.reminders.checks import gives_up_at
from apps.reminders.models import Reminder
from apps.reminders.sending import LONGEST_WAIT_MINUTES, look
from tests import make
from tests.faults.outcome import outcome
from tests.faults.post_office import OK, Letter, PostOffice
from tests.faults.site import Site, State, fill, the_dead_are_noticed

BUSY = {0: "421 Too busy", 1: "450 Mailbox busy", 2: "451 Local error", 3: "452 No room"}
NEVER = {4: "550 No such user", 5: "554 No thanks"}
SLACK = 8
"""Seconds that a process may take to start, on a busy machine, beside what it waits."""


def tick(at: datetime) -> None:
    look(clock=lambda: at)


def mail_of(number: int) -> Reminder:
    return Reminder.objects.select_related("milestone__entry", "campaign").get(
        recipient__username=f"online-harms-{number}", channel__kind=Kind.EMAIL
    )


def number_of(address: str) -> int:
    return int(address.partition("@")[0].rpartition("-")[2])


@pytest.mark.parametrize("where", ["at the recipient", "at the letter"])
def test_refusals_that_pass_and_that_do_not(site: Site, post: PostOffice, where: str) -> None:
    """A try that may pass is made again, later and later; one that will not, once; nobody else is touched."""
    answers = BUSY | NEVER
    if where == "at the recipient":
        post.for_recipient = lambda address: answers.get(number_of(address), OK)
    else:
        post.for_letter = lambda letter: answers.get(number_of(letter.to), OK)
    campaign = fill(8)
    at = timezone.now()
    tick(at)
    assert {number_of(letter.to) for letter in post.accepted} == {6, 7}
    assert len({mail_of(number).try_at for number in BUSY}) == len(BUSY), "They do not all try at once."

    for number in NEVER:
        row = mail_of(number)
        assert (row.state, row.attempts) == (State.FAILED, 1)
        assert answers[number].partition(" ")[0] in row.because
        gone = Channel.objects.get(pk=row.channel_id).stopped_at is not None
        assert gone == (where == "at the recipient"), "A refused letter says nothing of the address."
    told = Delivery.objects.filter(recipient=make.owner_of(campaign), kind=Kind.INBOX)
    assert sorted(told.values_list("subject", flat=True)) == [
        f"A reminder could not reach online-harms-{number}" for number in NEVER
    ]

    waits = []
    for attempts in range(1, 12):
        rows = [mail_of(number) for number in BUSY]
        assert {(row.state, row.attempts) for row in rows} == {(State.PLANNED, attempts)}
        waits.append(max(row.try_at for row in rows) - at)
        at = max(row.try_at for row in rows)
        tick(at)
    assert waits[:6] == sorted(waits[:6])
    assert max(waits) <= timedelta(minutes=1.5 * LONGEST_WAIT_MINUTES)
    post.behave()
    tick(at + timedelta(hours=7))
    assert {mail_of(number).state for number in BUSY} == {State.SENT}
    became = outcome(post)
    assert (became.lost, became.doubled, became.repeats, became.held) == (0, 0, 0, 0)


def test_a_server_that_is_busy_for_ever_is_left_once_the_date_has_passed(
    site: Site, post: PostOffice
) -> None:
    post.for_letter = lambda letter: BUSY[2]
    fill(1, days=1)
    row = mail_of(0)
    until = gives_up_at(row)
    while row.state == State.PLANNED:
        assert row.try_at <= until
        tick(max(row.try_at, timezone.now()))
        row = mail_of(0)
    assert row.state == State.FAILED
    assert "451" in row.because


@pytest.mark.parametrize("greeting", ["421 Not now", "554 Not you"])
def test_a_server_that_does_not_let_us_in_is_asked_once_a_look(
    site: Site, post: PostOffice, greeting: str
) -> None:
    asked: list[str] = []
    post.greeting = lambda: asked.append(greeting) or greeting  # type: ignore[func-returns-value]
    fill(20)
    at = timezone.now()
    tick(at)
    assert len(asked) == 1
    mails = Reminder.objects.filter(channel__kind=Kind.EMAIL)
    assert set(mails.values_list("state", flat=True)) == {State.PLANNED}
    assert not mails.exclude(token=None).exists()
    assert Channel.objects.exclude(stopped_at=None).count() == 0
    post.behave()
    tick(at + timedelta(minutes=5))
    assert outcome(post).each_once


def test_one_bad_address_of_many(site: Site, post: PostOffice) -> None:
    post.for_recipient = lambda address: NEVER[4] if number_of(address) == 3 else OK
    fill(20)
    tick(timezone.now())
    assert len(post.accepted) == 19
    assert mail_of(3).state == State.FAILED
    assert Reminder.objects.exclude(state=State.SENT).count() == 1


def test_silence_instead_of_a_greeting(site: Site, post: PostOffice) -> None:
    post.silent_at_greeting = 60
    fill(10)
    began = time.monotonic()
    assert site.looks_once(EMAIL_TIMEOUT="2").end() == 0
    assert time.monotonic() - began < 2 + SLACK, "One wait, and not one for each message."
    mails = Reminder.objects.filter(channel__kind=Kind.EMAIL)
    assert set(mails.values_list("state", flat=True)) == {State.PLANNED}
    assert mails.filter(attempts__gt=0, because__contains="could not be used").count() == 1
    post.behave()
    tick(timezone.now() + timedelta(minutes=5))
    assert outcome(post).each_once


@pytest.mark.parametrize("silence", ["silence", "a broken line"])
@pytest.mark.parametrize("doubt", ["resend", "hold"])
def test_after_taking_it(site: Site, post: PostOffice, silence: str, doubt: str) -> None:
    """Whether it arrived nobody can tell: not marked as sent, but sent again as the same message, or held."""
    if silence == "silence":
        post.says_so_after = 60
    else:
        post.drops_after_taking = True
    fill(1)
    began = time.monotonic()
    assert site.looks_once(EMAIL_TIMEOUT="2").end() == 0
    assert time.monotonic() - began < 4 + SLACK
    row = mail_of(0)
    assert (row.state, len(post.accepted)) == (State.SENDING, 1)
    assert "went silent" in row.because
    assert row.delivery is not None
    assert row.delivery.tries.get().outcome == "unsure"

    post.behave()
    the_dead_are_noticed()
    assert site.looks_once(SEND_AGAIN_IN_DOUBT=doubt).end() == 0
    row.refresh_from_db()
    became = outcome(post)
    assert (became.lost, became.doubled) == (0, 0)
    if doubt == "hold":
        assert (row.state, became.repeats, became.held) == (State.HELD, 0, 1)
    else:
        assert (row.state, became.repeats, became.held) == (State.SENT, 1, 0)


def test_refused_after_a_doubt_it_is_still_the_same_message(site: Site, post: PostOffice) -> None:
    """Taken but not said so; then refused for now; then taken: with what fell due meanwhile in another."""
    post.drops_after_taking = True
    fill(1)
    at = timezone.now()
    tick(at)
    post.behave()
    post.for_letter = lambda letter: BUSY[2]
    tick(at + timedelta(minutes=2))
    assert mail_of(0).state == State.PLANNED
    post.behave()
    Reminder.objects.update(try_at=at)
    _another_reminder_for_the_same_person(at)
    tick(at + timedelta(minutes=6))
    assert Reminder.objects.exclude(state=State.SENT).count() == 0
    first, *others = post.accepted
    assert isinstance(first, Letter)
    assert [letter.message_id == first.message_id for letter in others].count(True) == 1
    became = outcome(post)
    assert (became.lost, became.doubled, became.repeats) == (0, 0, 1)


def _another_reminder_for_the_same_person(at: datetime) -> None:
    other = fill(1, name="Clean rivers", due=at - timedelta(seconds=1))
    for kind in (Kind.EMAIL, Kind.INBOX):
        first = Channel.objects.get(user__username="online-harms-0", kind=kind)
        rows = Reminder.objects.filter(campaign=other, channel__kind=kind)
        membership = other.memberships.get(user__username="clean-rivers-0")
        rows.update(channel=first, recipient=first.user)
        if not other.memberships.filter(user=first.user).exists():
            membership.pk, membership.user = None, first.user
            membership.save()
