"""Senders killed at every moment there is: nothing is lost, and what is in doubt never is two messages."""

import os
import random
import signal
import time

import pytest

from apps.notices.models import Attempt, Kind
from apps.reminders.models import Reminder
from tests.faults.outcome import outcome
from tests.faults.post_office import Letter, PostOffice
from tests.faults.redis_server import RedisServer
from tests.faults.site import Nursery, Process, Site, State, fill, tally, the_dead_are_noticed, waiting
from tests.faults.sizes import SIZES

SEED = 20261124
LONGEST_LIFE = 0.6
"""Seconds that a sender lives at most, from its first message on."""


def in_states(*states: str) -> int:
    return Reminder.objects.filter(state__in=states).count()


@pytest.mark.parametrize("doubt", ["resend", "hold"])
def test_killed_at_random_moments(site: Site, post: PostOffice, doubt: str) -> None:
    fill(SIZES.people_of_the_big_proof)
    moments = random.Random(SEED)  # noqa: S311  # the same moments in every run
    nursery = Nursery(environ={**site.environ, "SEND_AGAIN_IN_DOUBT": doubt}, folder=site.folder)
    try:
        for _ in range(SIZES.kills):
            seen = len(post.seen)
            sender = nursery.bear()
            site.until(lambda: len(post.seen) > seen or not waiting().exists())  # noqa: B023
            time.sleep(moments.uniform(0, LONGEST_LIFE))
            nursery.kill(sender)
            the_dead_are_noticed()
    finally:
        nursery.close()
    assert waiting().exists(), "All was sent before the last of them was killed: the proof proves little."
    site.looks(SEND_AGAIN_IN_DOUBT=doubt)
    site.until_nothing_waits(seconds=180)
    became = outcome(post)
    print(site.database.kind, doubt, became, tally())  # noqa: T201  # shown with -s
    assert (became.lost, became.doubled, became.lost_in_app, became.doubled_in_app) == (0, 0, 0, 0)
    assert not Reminder.objects.exclude(state__in=[State.SENT, State.HELD]).exists()
    assert not Reminder.objects.filter(channel__kind=Kind.INBOX).exclude(state=State.SENT).exists()
    if doubt == "hold":
        assert became.repeats == 0
        assert became.held <= SIZES.kills
    else:
        assert became.repeats + became.held <= SIZES.kills


def test_killed_between_claim_and_send(site: Site, post: PostOffice) -> None:
    """While the first of a batch is under way the rest is claimed, and goes once the lease has run out."""
    fill(SIZES.people)
    post.says_so_after = 60
    sender = site.looks(EMAIL_TIMEOUT="1")
    site.until(lambda: in_states(State.CLAIMED) and post.seen)
    sender.kill()
    post.says_so_after = 0
    taken = len(post.accepted)
    claimed = dict(Reminder.objects.filter(state=State.CLAIMED).values_list("pk", "token"))
    assert claimed
    again = site.looks(EMAIL_TIMEOUT="1")
    site.until(lambda: len(post.accepted) > taken)
    still = Reminder.objects.filter(pk__in=claimed, state=State.CLAIMED)
    assert dict(still.values_list("pk", "token")) == claimed, "The lease has not run out yet."
    site.until_nothing_waits(seconds=120)  # fifteen seconds of lease
    assert again.stop() == 0
    became = outcome(post)
    assert (became.lost, became.doubled, became.lost_in_app, became.doubled_in_app) == (0, 0, 0, 0)
    assert became.repeats == taken  # the one on the wire; one more where the kill came late


@pytest.mark.parametrize("doubt", ["resend", "hold"])
def test_killed_between_taking_and_marking(site: Site, post: PostOffice, doubt: str) -> None:
    fill(SIZES.people)
    sender: list[Process] = []
    post.says_so_after = 60
    sender.append(site.looks(SEND_AGAIN_IN_DOUBT=doubt))
    site.until(lambda: post.accepted)
    sender[0].kill()
    (first,) = post.accepted
    (in_doubt,) = Reminder.objects.filter(state=State.SENDING)
    assert in_doubt.delivery is not None
    assert in_doubt.delivery.message_id == first.message_id
    post.says_so_after = 0
    the_dead_are_noticed()
    site.looks(SEND_AGAIN_IN_DOUBT=doubt)
    site.until_nothing_waits()
    became = outcome(post)
    assert (became.lost, became.doubled, became.lost_in_app, became.doubled_in_app) == (0, 0, 0, 0)
    in_doubt.refresh_from_db()
    if doubt == "hold":
        assert (became.repeats, became.held, in_doubt.state) == (0, 1, State.HELD)
        assert "Nobody knows whether it arrived" in in_doubt.because
    else:
        assert (became.repeats, became.held, in_doubt.state) == (1, 0, State.SENT)
        assert len(post.to(first.to)) == 2
    outcomes = Attempt.objects.filter(delivery=in_doubt.delivery).values_list("outcome", flat=True)
    assert list(outcomes) == ([""] if doubt == "hold" else ["", "sent"])


def test_killed_twice_in_doubt_waits_for_a_person(site: Site, post: PostOffice) -> None:
    fill(1)
    post.says_so_after = 60
    for number in (1, 2):
        sender = site.looks()
        site.until(lambda: len(post.accepted) == number)  # noqa: B023
        sender.kill()
        the_dead_are_noticed()
    site.looks()
    site.until_nothing_waits()
    became = outcome(post)
    assert (became.repeats, became.held, became.lost, became.doubled) == (1, 1, 0, 0)


def test_one_that_slept_finds_others_have_gone_on(site: Site, post: PostOffice) -> None:
    """A sender that stands still beyond its lease, with a message on the wire and a batch claimed, wakes."""
    fill(SIZES.people)
    post.says_so_after = 1
    sleeper = site.looks()
    site.until(lambda: post.accepted)
    sleeper.signal(signal.SIGSTOP)
    post.says_so_after = 0
    the_dead_are_noticed()
    assert site.looks_once().end() == 0
    assert len({letter.to for letter in post.accepted}) == SIZES.people
    sleeper.signal(signal.SIGCONT)
    time.sleep(3)
    assert sleeper.stop() == 0
    became = outcome(post)
    assert (became.lost, became.doubled, became.lost_in_app, became.doubled_in_app) == (0, 0, 0, 0)
    assert became.repeats == 1, "The one that was on the wire."
    assert tally() == {State.SENT: 2 * SIZES.people}


def assert_it_stopped_well(site: Site, post: PostOffice) -> None:
    """What was under way arrived and is marked; nothing is left claimed; another goes on at once."""
    assert in_states(State.CLAIMED, State.SENDING) == 0
    assert not Reminder.objects.exclude(token=None).exists()
    sent = Reminder.objects.filter(state=State.SENT, channel__kind=Kind.EMAIL).count()
    assert 0 < sent == len(post.accepted) < SIZES.people
    post.says_so_after = 0
    assert site.looks_once().end() == 0
    assert outcome(post).each_once, outcome(post)


def test_asked_to_stop_in_the_middle_of_a_batch(site: Site, post: PostOffice) -> None:
    fill(SIZES.people)
    post.says_so_after = 0.5
    sender = site.looks()
    site.until(lambda: len(post.accepted) == 2)
    began = time.monotonic()
    assert sender.stop() == 0
    assert time.monotonic() - began < SIZES.people * post.says_so_after / 4  # long before the batch would end
    assert_it_stopped_well(site, post)


def test_a_worker_asked_to_stop_in_the_middle_of_a_batch(
    site: Site, post: PostOffice, redis_server: RedisServer
) -> None:
    fill(SIZES.people)
    post.says_so_after = 0.5
    worker = site.worker(REDIS_URL=redis_server.url)
    beat = site.beat(REDIS_URL=redis_server.url)
    site.until(lambda: len(post.accepted) >= 2)
    began = time.monotonic()
    assert worker.stop(seconds=9) == 0  # before the supervisor's patience ends
    print("worker stopped in", time.monotonic() - began)  # noqa: T201
    beat.kill()
    assert_it_stopped_well(site, post)


def test_a_worker_s_own_child_killed_while_it_sends(
    site: Site, post: PostOffice, redis_server: RedisServer
) -> None:
    """Celery makes another, which goes on; what the dead one had waits for its lease."""

    fill(SIZES.people)
    post.says_so_after = 0.2
    worker = site.worker(REDIS_URL=redis_server.url, EMAIL_TIMEOUT="1")
    site.beat(REDIS_URL=redis_server.url)
    site.until(lambda: len(post.accepted) >= 2)
    for child in worker.children():
        os.kill(child, signal.SIGKILL)
    post.says_so_after = 0
    site.until_nothing_waits()
    became = outcome(post)
    assert (became.lost, became.doubled, became.lost_in_app, became.doubled_in_app) == (0, 0, 0, 0)
    assert became.repeats + became.held <= 2  # one for each child


def test_many_senders_at_once_send_each_once(site: Site, post: PostOffice) -> None:
    """Ticks that overlap share the work."""
    fill(SIZES.people * 2)
    takers: list[Letter] = []
    post.on_taking = takers.append
    senders = [site.looks_once() for _ in range(SIZES.senders_at_once)]
    assert [sender.end() for sender in senders] == [0] * SIZES.senders_at_once
    site.looks_once().end()  # each leaves to the others what they have
    assert outcome(post).each_once, outcome(post)
    assert len(takers) == SIZES.people * 2
