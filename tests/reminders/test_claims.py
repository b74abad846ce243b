"""Senders that run at once never take the same row."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from apps.reminders import actions
from apps.reminders.actions import LEASE, claim, look
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from tests import make
from tests.make import SECOND
from tests.reminders import remind
from tests.reminders.remind import State, on

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

DUE = on("2026-06-13")
ROWS = 40


@pytest.fixture
def due(shared_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """ROWS reminders due at DUE, taken five at a time."""
    monkeypatch.setattr(actions, "BATCH", 5)
    campaign = make.campaign(owner=make.user("olive"))
    remind.ladder(campaign, 7)
    for _ in range(ROWS):
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
    taken: list[int] = []
    while batch := claim(token=uuid.uuid4(), at=at):
        taken += batch
    return taken


@pytest.mark.parametrize("at", [DUE, DUE + LEASE + SECOND], ids=["due", "left lying"])
def test_two_senders_share_the_rows_and_take_none_twice(due: None, at: Any) -> None:
    if at != DUE:
        Reminder.objects.update(
            state=State.CLAIMED, token=uuid.uuid4(), lease_until=DUE + timedelta(seconds=1)
        )
    taken = at_once(*[lambda: claim_until_nothing_is_left(at)] * 4)
    every = sorted(pk for batch in taken for pk in batch)
    assert every == sorted(Reminder.objects.values_list("pk", flat=True))


def test_two_ticks_at_once_send_each_mail_once(due: None) -> None:
    def tick_to_the_end() -> int:
        return sum(look(at=DUE).sent for _ in range(ROWS // 5 + 2))

    assert sum(at_once(*[tick_to_the_end] * 2)) == ROWS
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert (len(ids), len(set(ids))) == (ROWS, ROWS)
    assert set(remind.states()) == {State.SENT}


def test_planners_at_once_make_each_row_once(shared_database: None) -> None:
    campaign = make.campaign()
    remind.ladder(campaign, 30, 7, 1)
    milestone = make.milestone(campaign, target="2026-06-20")
    at_once(*[lambda: plan(milestone, at=make.AT)] * 4)
    assert remind.rows() == [("2026-06-20", day) for day in ("2026-05-21", "2026-06-13", "2026-06-19")]
