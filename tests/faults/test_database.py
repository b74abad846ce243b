"""The database restarted, locked, full, and put back from a copy."""

import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.notices.models import Delivery, Kind
from apps.reminders.actions import release
from apps.reminders.models import Reminder
from tests.faults.databases import PostgresDatabase, SqliteDatabase
from tests.faults.outcome import outcome
from tests.faults.post_office import PostOffice
from tests.faults.redis_server import RedisServer
from tests.faults.site import Process, Site, State, fill, waiting
from tests.faults.sizes import SIZES


@pytest.fixture
def sqlite(site: Site) -> SqliteDatabase:
    if not isinstance(site.database, SqliteDatabase):
        pytest.skip("This is about SQLite.")
    return site.database


@pytest.fixture
def postgres(site: Site) -> PostgresDatabase:
    if not isinstance(site.database, PostgresDatabase):
        pytest.skip("This is about PostgreSQL, which the thorough run has.")
    return site.database


# --- Restarted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["loop", "worker"])
def test_postgresql_restarted_in_the_middle_of_a_batch(
    site: Site, postgres: PostgresDatabase, post: PostOffice, redis_server: RedisServer, who: str
) -> None:
    """Twice: while a message is on the wire, whose arrival is written down once the database is back."""
    fill(SIZES.people)
    post.says_so_after = 0.2
    if who == "loop":
        sender = site.looks()
    else:
        sender = site.worker(REDIS_URL=redis_server.url)
        site.beat(REDIS_URL=redis_server.url)
    for number in (3, 9):
        site.until(lambda: len(post.accepted) >= number)  # noqa: B023
        connection.close()
        postgres.server.stop()
        time.sleep(1)
        postgres.server.start()
    post.says_so_after = 0
    site.until_nothing_waits()
    assert sender.running, sender.said
    became = outcome(post)
    assert became.each_once, became


# --- Locked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", SIZES.locked_seconds)
def test_sqlite_locked_by_another_writer(
    site: Site, sqlite: SqliteDatabase, post: PostOffice, seconds: float
) -> None:
    """Longer than a sender waits, it gives the look up and looks again; what it sent it writes down."""
    fill(SIZES.people)
    post.says_so_after = 0.1
    sender = site.looks()
    site.until(lambda: len(post.accepted) >= 3)
    reader = Client()
    reader.force_login(Reminder.objects.filter(channel__kind=Kind.INBOX, state=State.SENT)[0].recipient)
    pages: list[int] = []
    page = threading.Thread(target=_mark_all_as_read, args=[reader, pages])
    with closing(sqlite3.connect(sqlite.path, isolation_level=None, timeout=30)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE reminders_tick SET sent = sent")
        if seconds < 30:  # a page waits as long as a sender does
            page.start()
        time.sleep(seconds)
        count = len(post.accepted)
        assert pages == []
        writer.execute("ROLLBACK")
    if seconds < 30:
        page.join(30)
        assert pages == [302]
    assert count <= 5, "Without a commit, nothing goes."
    site.until_nothing_waits()
    assert sender.running, sender.said
    assert ("database is locked" in sender.said) == (seconds > 30)
    became = outcome(post)
    assert became.each_once, became


def _mark_all_as_read(reader: Client, pages: list[int]) -> None:
    """What a page writes meanwhile."""
    try:
        pages.append(reader.post(reverse("read_messages")).status_code)
    finally:
        connection.close()


# --- Full -------------------------------------------------------------------------------------------------


def test_the_disk_is_full(site: Site, sqlite: SqliteDatabase, post: PostOffice) -> None:
    """No file may grow beyond what the database has: as a full disk, it says so, and nothing is marked sent
    that did not go."""
    fill(SIZES.people)
    connection.close()
    most = sqlite.path.stat().st_size // 4

    sender = _with_files_up_to(site, most)
    assert sender.end() != 0
    assert "disk I/O error" in sender.said or "disk is full" in sender.said, sender.said[-2000:]
    sent = Reminder.objects.filter(channel__kind=Kind.EMAIL, state=State.SENT)
    assert sent.count() <= len(post.accepted) < SIZES.people
    taken = {letter.to for letter in post.accepted}
    assert set(sent.values_list("recipient__email", flat=True)) <= taken
    Reminder.objects.filter(state__in=[State.CLAIMED, State.SENDING]).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert site.looks_once().end() == 0
    became = outcome(post)
    assert (became.lost, became.doubled, became.lost_in_app, became.doubled_in_app) == (0, 0, 0, 0)
    assert became.repeats + became.held <= 1


def _with_files_up_to(site: Site, size: int) -> Process:
    """One look, in a process none of whose files may grow beyond that size."""
    limited = (
        "import resource, django; django.setup();"
        "from django.core.management import call_command; from apps.notices import actions;"
        "actions.INSIST_SECONDS = 2;"  # it will not get better
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));"
        "call_command('send_due_reminders')"
    )
    command = [sys.executable, "-c", limited]
    return site.start(command, DJANGO_SETTINGS_MODULE="campaigntracker.settings")


# --- Put back from a copy ---------------------------------------------------------------------------------


def test_yesterday_s_backup_sends_nothing_again(site: Site, post: PostOffice) -> None:
    """All that was due since the copy waits for a person; what falls due from now on goes."""
    fill(3, name="Before")
    assert site.looks_once().end() == 0
    fill(SIZES.people, name="Since")
    fill(4, name="Later", due=timezone.now() + timedelta(hours=1))
    connection.close()
    site.database.keep()
    assert site.looks_once().end() == 0
    assert len(post.accepted) == 3 + SIZES.people
    in_app = Delivery.objects.filter(kind=Kind.INBOX).count()
    assert in_app == 3 + SIZES.people
    connection.close()

    site.database.put_back()
    sender = site.looks()
    site.until(lambda: "older than the last look" in sender.said)
    site.until(lambda: Reminder.objects.filter(state=State.HELD).exists())
    time.sleep(2)
    assert len(post.accepted) == 3 + SIZES.people
    held = Reminder.objects.filter(state=State.HELD)
    assert set(held.values_list("campaign__name", flat=True)) == {"Since"}
    assert held.count() == 2 * SIZES.people
    assert "put back from a copy" in held[0].because
    later = Reminder.objects.filter(campaign__name="Later")
    later.update(due_at=timezone.now(), try_at=timezone.now())  # an hour passes
    site.until(lambda: later.filter(state=State.SENT).count() == 8)

    first, second = held.filter(channel__kind=Kind.EMAIL)[:2]
    release(reminder=first, send=True, at=timezone.now())
    release(reminder=second, send=False, at=timezone.now())
    site.until(lambda: len(post.accepted) == 3 + SIZES.people + 4 + 1)
    site.until_nothing_waits()
    assert sender.stop() == 0
    became = outcome(post)
    assert (became.lost, became.doubled, became.lost_in_app, became.doubled_in_app) == (0, 0, 0, 0)
    assert became.repeats == 1  # the one released, under the same Message-ID


def test_overlapping_ticks_are_no_sign_of_a_backup(site: Site, post: PostOffice) -> None:
    """Looks are counted in the database first and remembered after: whoever reads them in the other order
    takes a tick that ends meanwhile for a database put back."""
    senders = [site.looks() for _ in range(SIZES.senders_at_once)]
    for number in range(4):
        fill(3, name=f"Round {number}")
        site.until_nothing_waits()
    for sender in senders:
        sender.signal(signal.SIGTERM)
    assert {sender.end() for sender in senders} == {0}
    assert "older than the last look" not in "".join(sender.said for sender in senders)
    assert outcome(post).each_once, outcome(post)
    assert not waiting().exists()
