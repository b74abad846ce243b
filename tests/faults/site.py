"""A whole site for one test: a database with reminders in it, a mail server, and processes to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.legislation.models import Milestone
from apps.notices.models import Channel, Kind
from apps.reminders.actions import set_ladder
from apps.reminders.models import Reminder
from apps.reminders.planning import plan_ids
from script.broker import ROOT
from script.serve import beat, worker
from tests import make
from tests.faults.databases import Database
from tests.faults.post_office import PostOffice
from tests.script.processes import alive, descendants, eventually

State = Reminder.State
UNDER_WAY = (State.PLANNED, State.CLAIMED, State.SENDING)
PATIENCE = 60.0


class Process:
    """One program of the site's, with what it said."""

    def __init__(self, command: list[str], *, environ: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def children(self) -> list[int]:
        return alive(descendants(self.process.pid))

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """It, and all that it started."""
        if self.running:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, *, seconds: float = 20) -> int:
        """Asked politely. Answers its code."""
        if self.running:
            self.process.terminate()
        return self.end(seconds=seconds)

    def end(self, *, seconds: float = PATIENCE) -> int:
        try:
            return self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"It did not end in {seconds} s. It said:\n{self.said[-3000:]}") from None


class Nursery:
    """Where senders are forked off: to kill many of them need not mean to wait for many to start."""

    def __init__(self, *, environ: dict[str, str], folder: Path) -> None:
        self.folder, self.count = folder, 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            env={**environ, "DJANGO_SETTINGS_MODULE": "campaigntracker.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def bear(self) -> int:
        """A sender that looks every second. Its process id."""
        assert self.process.stdin
        assert self.process.stdout
        self.count += 1
        self.process.stdin.write(f"{self.folder / f'sender-{self.count}.txt'}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not alive([pid]))

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


class Site:
    """What runs, and how to start more of it."""

    def __init__(self, database: Database, post: PostOffice, folder: Path) -> None:
        self.database, self.post, self.folder = database, post, folder
        self.processes: list[Process] = []
        self.environ = {
            **os.environ,
            "VAR_DIR": str(folder / "var"),
            "DATABASE_URL": database.url,
            "EMAIL_URL": post.url,
            "REDIS_URL": "",
            "SECRET_KEY": "a key for tests alone",
            "TICK_SECONDS": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, command: list[str], **environ: str) -> Process:
        log = self.folder / f"log-{len(self.processes)}.txt"
        self.processes.append(Process(command, environ={**self.environ, **environ}, log=log))
        return self.processes[-1]

    def looks(self, **environ: str) -> Process:
        """Looks for due reminders every second, until it is told to stop."""
        return self.start([sys.executable, "manage.py", "send_due_reminders", "--loop", "1"], **environ)

    def looks_once(self, **environ: str) -> Process:
        return self.start([sys.executable, "manage.py", "send_due_reminders"], **environ)

    def worker(self, **environ: str) -> Process:
        """Celery's, as script/serve.py starts it."""
        return self.start(worker(), **environ)

    def beat(self, **environ: str) -> Process:
        schedule = self.folder / f"beat-{len(self.processes)}"
        schedule.mkdir()
        return self.start(beat(schedule), **environ)

    def stop(self) -> None:
        for process in self.processes:
            process.kill()

    def said(self) -> str:
        return "\n".join(f"{process.log.name}:\n{process.said[-2000:]}" for process in self.processes)

    def until(self, holds: Callable[[], object], *, seconds: float = PATIENCE) -> float:
        """Wait until it holds. Answers how long that took."""
        began = time.monotonic()
        eventually(holds, lambda: f"{tally()}\n{self.said()}", seconds)
        return time.monotonic() - began

    def until_nothing_waits(self, *, seconds: float = PATIENCE) -> float:
        return self.until(lambda: not waiting().exists(), seconds=seconds)


def waiting() -> Any:
    """What is due and neither sent nor let go."""
    return Reminder.objects.filter(state__in=UNDER_WAY, try_at__lte=timezone.now())


def tally() -> dict[str, int]:
    """How many reminders are in each state."""
    states: dict[str, int] = {}
    for state in Reminder.objects.values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    return states


def the_dead_are_noticed() -> None:
    """As if the time of every lease had passed. Only while no sender lives."""
    Reminder.objects.filter(state__in=[State.CLAIMED, State.SENDING]).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )
    connection.close()


def fill(
    people: int,
    *,
    milestones: int = 1,
    days: int = 10,
    due: datetime | None = None,
    name: str = "Online harms",
) -> Campaign:
    """A campaign whose so many people are due a reminder of so many milestones, by e-mail and in the app. All
    of it is planned by the real planner, as of a minute ago or before it was `due`: just now, unless said."""
    now = timezone.now()
    due = due or now - timedelta(seconds=2)
    before = min(due, now) - timedelta(minutes=1)
    owner = make.user()
    campaign = make.campaign(owner=owner, name=name, at=before)
    Membership.objects.filter(user=owner).update(reminded=False)
    stem = campaign.slug
    users = User.objects.bulk_create(
        [User(username=f"{stem}-{n}", email=f"{stem}-{n}@example.org") for n in range(people)]
    )
    Membership.objects.bulk_create(
        [
            Membership(campaign=campaign, user=user, role=Role.VIEWER, reminded=True, joined_at=before)
            for user in users
        ]
    )
    Channel.objects.bulk_create(
        [Channel(user=user, kind=kind) for user in users for kind in (Kind.INBOX, Kind.EMAIL)]
    )
    local = due.astimezone(campaign.zone)
    set_ladder(campaign=campaign, rungs=[(days, None)], by=owner, at=before, clock=local.time())
    target = (local + timedelta(days=days)).date().isoformat()
    made = [
        make.milestone(campaign, target=target, headline=f"{name}, step {n};", at=before)
        for n in range(milestones)
    ]
    plan_ids([milestone.pk for milestone in made], at=before)
    assert Reminder.objects.filter(campaign=campaign, due_at=due).count() == people * milestones * 2
    return campaign


def milestones_of(campaign: Campaign) -> list[Milestone]:
    return list(Milestone.everything.filter(entry__campaign=campaign).order_by("pk").select_related("entry"))
