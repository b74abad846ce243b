"""Whether the site is well: for a monitor, and in words for whoever runs it."""

import os
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from apps.desk.views import health as page
from apps.desk.views.health import Broker, broker
from apps.reminders.models import Reminder, Tick
from apps.reminders.planning import plan
from apps.reminders.watch import RESTORED
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import client_of, text_of
from tests.reminders.test_services import running
from tests.script.processes import eventually

HEALTH = reverse("health")
ASKED_WITHIN = 2
"""Seconds that script/server's own watchman waits for an answer."""


def asked() -> tuple[int, dict[str, Any]]:
    response = Client().get("/healthz")
    assert "no-store" in response["Cache-Control"]
    return response.status_code, response.json()


def planned(desk: Desk) -> list[Reminder]:
    plan(make.milestone(desk.campaign, headline="Secret bill"), at=AT)
    return list(Reminder.objects.all())


def turned(row: Reminder, **values: Any) -> None:
    Reminder.objects.filter(pk=row.pk).update(changed_at=AT, **values)


def test_all_is_well_while_the_scheduler_looks(desk: Desk) -> None:
    Tick.objects.create(looked_at=AT - timedelta(seconds=12))
    assert asked() == (
        200,
        {
            "ok": True,
            "database": True,
            "scheduler_looked_at": "2026-03-10T09:59:48Z",
            "seconds_since_look": 12,
            "oldest_overdue": None,
            "held": 0,
            "failed": 0,
            "problems": [],
            "broker": "not used",
            "worker": "not used",
        },
    )


def test_a_scheduler_that_has_never_looked_is_a_problem(desk: Desk) -> None:
    status, said = asked()
    assert (status, said["ok"], said["seconds_since_look"]) == (503, False, None)
    assert said["problems"] == ["The scheduler has never looked. Start Celery’s worker and beat, or cron."]


def test_one_that_stands_still_is_a_problem_and_what_is_overdue_too(desk: Desk) -> None:
    Tick.objects.create(looked_at=AT - timedelta(hours=3))
    rows = planned(desk)
    turned(rows[0], try_at=AT - timedelta(hours=2))
    turned(rows[1], state="held", because=RESTORED)
    turned(rows[2], state="failed", try_at=AT - DAY)
    status, said = asked()
    assert (status, said["held"], said["failed"]) == (503, 1, 1)
    assert said["oldest_overdue"] == "2026-03-10T08:00:00Z"
    assert said["problems"] == [
        "The scheduler last looked 3 hours ago. See that it runs.",
        "A reminder has been due for 2 hours and was not sent.",
    ]
    assert "Secret" not in str(said)


def test_what_is_held_alone_does_not_make_the_site_unwell(desk: Desk) -> None:
    Tick.objects.create(looked_at=AT)
    turned(planned(desk)[0], state="held")
    assert asked()[0] == 200


def test_a_database_that_is_down_is_a_sentence(desk: Desk) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("connection to 10.0.0.1 refused")

    with connection.execute_wrapper(refuse):
        status, said = asked()
    problems = ["The database does not answer."]
    assert (status, said) == (503, {"ok": False, "database": False, "problems": problems})


def test_no_other_method(desk: Desk) -> None:
    assert Client().post("/healthz").status_code == 405


# --- In words ---------------------------------------------------------------------------------------------


@pytest.fixture
def staff(desk: Desk) -> Client:
    return client_of(make.user(is_staff=True, is_superuser=True))


def test_it_is_for_staff_of_the_site(desk: Desk, staff: Client) -> None:
    got = {who: desk.client(who).get(HEALTH).status_code for who in [*desk.cast, "nobody"]}
    assert got == {who: 302 if who == "nobody" else 404 for who in got}
    assert staff.get(HEALTH).status_code == 200


def test_it_says_how_it_stands_and_what_failed_without_naming_anybody(desk: Desk, staff: Client) -> None:
    Tick.objects.create(looked_at=AT - timedelta(seconds=20))
    rows = planned(desk)
    for number, row in enumerate(rows[:12]):
        turned(row, state="failed", because=f"Refused {number}", try_at=AT - timedelta(hours=number))
    page = text_of(staff.get(HEALTH))
    assert "Reminders go out: the scheduler looks, and nothing lies about unsent." in page
    assert "Broker no broker is used" in page
    assert [f"Refused {number}" in page for number in range(12)] == [True] * 10 + [False] * 2
    assert not [word for word in ("Secret bill", desk.cast["press"].name) if word in page]


def test_problems_come_first(desk: Desk, staff: Client) -> None:
    assert "Health The scheduler has never looked." in text_of(staff.get(HEALTH))


@pytest.mark.parametrize(("do", "becomes"), [("send", "planned"), ("leave", "skipped")])
def test_what_a_restore_held_is_released_at_once(do: str, becomes: str, desk: Desk, staff: Client) -> None:
    rows = planned(desk)
    for row in rows[:3]:
        turned(row, state="held", because=RESTORED)
    turned(rows[3], state="held", because="Nobody knows whether it arrived.")
    assert "3 reminders may have gone out" in text_of(staff.get(HEALTH))
    page = staff.post(HEALTH, {"do": do}, follow=True)
    assert "3 held reminders released." in text_of(page)
    states = list(Reminder.objects.filter(pk__in=[row.pk for row in rows[:4]]).order_by("pk"))
    assert [row.state for row in states] == [becomes] * 3 + ["held"]
    if do == "send":
        assert {row.try_at for row in states[:3]} == {AT}


def test_nobody_else_releases_them(desk: Desk) -> None:
    turned(planned(desk)[0], state="held", because=RESTORED)
    assert desk.client().post(HEALTH, {"do": "send"}).status_code == 404
    assert Reminder.objects.filter(state="held").count() == 1


# --- The broker -------------------------------------------------------------------------------------------


@pytest.fixture
def dead_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_a_broker_that_is_not_there_is_said(settings: Any, dead_port: int, use_broker: Any) -> None:
    use_broker(f"redis://127.0.0.1:{dead_port}/0")
    assert broker() == Broker(used=True, reached=False)


def test_a_broker_without_workers_is_reached(redis_url: str, use_broker: Any) -> None:
    use_broker(redis_url)
    assert broker() == Broker(used=True, reached=True, workers=0)


def knocks() -> tuple[int, str, str]:
    page._kept.clear()
    status, said = asked()
    return status, said["broker"], said["worker"]


@pytest.mark.services
def test_a_monitor_is_told_of_broker_and_worker_in_time_and_they_alone_are_no_reason_for_red(
    desk: Desk, redis_url: str, dead_port: int, use_broker: Any, tmp_path: Path
) -> None:
    Tick.objects.create(looked_at=AT)
    use_broker(f"redis://127.0.0.1:{dead_port}/0")
    began = time.monotonic()
    assert knocks() == (200, "does not answer", "does not answer")
    use_broker(redis_url)
    assert knocks() == (200, "answers", "does not answer")
    assert time.monotonic() - began < 2 * ASKED_WITHIN
    env = os.environ | {"REDIS_URL": redis_url, "VAR_DIR": str(tmp_path), "DATABASE_URL": "sqlite://:memory:"}
    with running("worker", "--concurrency", "1", env=env, log=tmp_path / "worker.log"):
        eventually(lambda: knocks() == (200, "answers", "answers"), seconds=40)


def test_a_monitor_that_asks_often_asks_the_broker_seldom(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[object] = []
    monkeypatch.setattr(page, "broker", lambda **how: counted.append(how) or Broker(used=True, reached=True))
    page._kept.clear()
    assert [asked()[1]["broker"] for _ in range(5)] == ["answers"] * 5
    assert len(counted) == 1


@pytest.fixture
def use_broker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from celery import current_app

    def use(url: str) -> None:
        settings.REDIS_URL = url
        address = url.replace("unix://", "redis+socket://")
        monkeypatch.setattr(current_app.conf, "broker_url", address)
        monkeypatch.setattr(current_app.conf, "broker_read_url", address, raising=False)

    yield use
    page._kept.clear()
