"""The whole way once, with real processes: beat knocks, a worker looks, a reminder arrives."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from apps.notices.models import Delivery
from apps.reminders.actions import set_ladder
from apps.reminders.models import Reminder, Tick
from script.broker import ROOT
from tests import make
from tests.reminders import remind

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

WAIT_SECONDS = 40


def address_of_the_test_database() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def running(*words: str, env: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "campaigntracker", *words],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_sent(row: Reminder, logs: list[Path]) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        row.refresh_from_db()
        if row.state == Reminder.State.SENT:
            return
        time.sleep(0.1)
    said = "\n".join(log.read_text()[-3000:] for log in logs)
    pytest.fail(f"After {WAIT_SECONDS} seconds the reminder is {row.state}.\n{said}")


def test_a_due_reminder_arrives(shared_database: None, redis_url: str, tmp_path: Path) -> None:
    env = os.environ | {
        "VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": address_of_the_test_database(),
        "REDIS_URL": redis_url,
        "TICK_SECONDS": "1",
        "EMAIL_URL": "",
    }
    now = timezone.now()
    campaign = make.campaign(at=now)
    soon = (now + timedelta(seconds=2)).astimezone(campaign.zone)
    set_ladder(campaign=campaign, rungs=[(0, None)], by=make.owner_of(campaign), at=now, clock=soon.time())
    remind.milestone(campaign, target=soon.date().isoformat(), at=now)
    row = Reminder.objects.get(channel__kind="email")
    assert row.due_at == soon

    logs = [tmp_path / "worker.log", tmp_path / "beat.log"]
    with (
        running("worker", "--concurrency", "1", "--loglevel", "INFO", env=env, log=logs[0]),
        running("beat", "--pidfile=", "--loglevel", "INFO", env=env, log=logs[1]),
    ):
        wait_until_sent(row, logs)

    delivery = Delivery.objects.get(kind="email")
    assert (row.delivery, delivery.state, delivery.attempts) == (delivery, Delivery.State.SENT, 1)
    assert delivery.sent_at is not None
    assert delivery.sent_at >= soon
    (letter,) = (tmp_path / "var" / "mail").iterdir()
    assert f"Message-ID: {delivery.message_id}" in letter.read_text()
    assert Tick.objects.get().looked_at >= soon
