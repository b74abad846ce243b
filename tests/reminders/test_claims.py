"""Senders that run at once never take the same row."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import Q

from apps.campaigns.roles import Role
from apps.notices.models import Channel, Delivery
from apps.reminders import sending
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from apps.reminders.sending import LEASE, claim
from tests import make
from tests.make import SECOND
from tests.reminders import remind
from tests.reminders.remind import State, look, on

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

DUE = on("2026-06-13")
PEOPLE = 20


@pytest.fixture
def due(shared_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Due at DUE for PEOPLE, through two channels each; five channels are taken at a time."""
    monkeypatch.setattr(sending, "MESSAGES", 5)
    campaign = make.campaign(owner=make.user("olive"))
    for _ in range(PEOPLE - 1):
        make.member(campaign, Role.ADVOCACY)
    remind.ladder(campaign, 7)
    for _ in range(2):
        remind.milestone(campaign, target="2026-06-20")


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run each job in a thread with a connection of its own, all starting together."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return [future.result(timeout=60) for future in [threads.submit(run, job) for job in jobs]]


def claim_until_nothing_is_left(at: Any) -> list[int]:
    """The channels taken: one that others are just taking is left to them, so it is asked for again."""
    taken: list[int] = []
    while waits(at):
        batch = claim(token=uuid.uuid4(), at=at)
        taken += [channel.pk for channel in batch.channels] if batch else []
    return taken


def waits(at: Any) -> bool:
    left_lying = Q(state=State.CLAIMED, lease_until__lt=at)
    return Reminder.objects.filter(Q(state=State.PLANNED) | left_lying).exists()


@pytest.mark.parametrize("at", [DUE, DUE + LEASE + SECOND], ids=["due", "left lying"])
def test_senders_at_once_share_the_channels_and_take_none_twice(due: None, at: Any) -> None:
    if at != DUE:
        Reminder.objects.update(state=State.CLAIMED, token=uuid.uuid4(), lease_until=DUE + SECOND)
    taken = at_once(*[lambda: claim_until_nothing_is_left(at)] * 4)
    every = sorted(pk for batch in taken for pk in batch)
    assert every == sorted(Channel.objects.values_list("pk", flat=True))


def test_ticks_at_once_send_each_message_once(due: None) -> None:
    at_once(*[lambda: look(at=DUE)] * 3)
    look(at=DUE)  # what the last of them left to another that was about to end
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert (len(ids), len(set(ids))) == (PEOPLE, PEOPLE)
    assert set(remind.states()) == {State.SENT}
    assert Delivery.objects.count() == 2 * PEOPLE


def test_planners_at_once_make_each_row_once(shared_database: None) -> None:
    campaign = make.campaign()
    remind.ladder(campaign, 30, 7, 1)
    milestone = make.milestone(campaign, target="2026-06-20")
    at_once(*[lambda: plan(milestone, at=make.AT)] * 4)
    assert remind.rows() == [("2026-06-20", day) for day in ("2026-05-21", "2026-06-13", "2026-06-19")]
