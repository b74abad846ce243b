"""Very much is planned and very much is due: all of it goes once, and pages are answered meanwhile.

How quick pages are is printed and not judged, for a test may share its machine.
"""

import socket
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import requests
from django.conf import settings as site_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.reminders.models import Reminder
from apps.reminders.sending import look
from benchmarks.measure import percentile
from tests import make
from tests.faults.outcome import outcome
from tests.faults.post_office import PostOffice
from tests.faults.site import Site, State, fill, waiting
from tests.faults.sizes import SIZES

MILESTONES = 50
COLUMNS = """milestone_id, campaign_id, target, rule_id, recipient_id, channel_id, state, because, attempts,
    doubts, said, planned_at, changed_at"""


def test_pages_answer_as_ever_while_a_pile_goes(site: Site, post: PostOffice, settings: Any) -> None:
    later = timezone.now() + timedelta(hours=1)
    campaign = fill(SIZES.pile // (2 * MILESTONES), milestones=MILESTONES, due=later)
    pile = Reminder.objects.filter(due_at=later)
    assert pile.count() == SIZES.pile
    plan_ahead(SIZES.ahead // SIZES.pile)
    assert Reminder.objects.filter(due_at__gt=later).count() == SIZES.ahead
    idle = idle_tick()
    assert idle < 1  # it takes milliseconds

    ask = asker(site, make.owner_of(campaign), f"/c/{campaign.slug}/timeline/", settings)
    before = [ask() for _ in range(SIZES.asked)]
    now = timezone.now()
    pile.update(due_at=now, try_at=now)
    connection.close()
    post.says_so_after = SIZES.seconds_a_letter
    began = time.monotonic()
    sender = site.looks()
    site.until(lambda: post.seen)
    during = []
    while waiting().exists() and len(during) < SIZES.asked:
        during.append(ask())
    assert len(during) >= 5, "All had gone before that: the proof proves little."
    post.says_so_after = 0
    site.until_nothing_waits(seconds=900)
    took = time.monotonic() - began
    assert sender.stop() == 0
    usual, meanwhile = percentile(before, 0.95), percentile(during, 0.95)
    print(  # noqa: T201
        f"{site.database.kind}: {SIZES.pile} due gone in {took:.0f} s beside {SIZES.ahead} ahead;"
        f" idle tick {1000 * idle:.1f} ms; pages’ p95 {usual:.3f} s, meanwhile {meanwhile:.3f} s"
    )
    assert len(post.accepted) == SIZES.pile // (2 * MILESTONES), "One message for each person."
    due = Reminder.objects.filter(due_at=now)
    assert due.filter(state=State.SENT).count() == SIZES.pile
    if SIZES.pile < 10_000:  # it reads each reminder in each message
        assert outcome(post).doubled == 0


def plan_ahead(times: int) -> None:
    """So many times as many again, for the days that follow; written by the database itself."""
    day = (
        "datetime(due_at, number || ' days')"
        if connection.vendor == "sqlite"
        else "due_at + number * interval '1 day'"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE days(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM days WHERE number < %s)
            INSERT INTO reminders_reminder (occurrence, due_at, try_at, {COLUMNS})
            SELECT number, {day}, {day}, {COLUMNS} FROM reminders_reminder, days
            """,  # noqa: S608
            [times],
        )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # as a PostgreSQL in use does by itself


def idle_tick() -> float:
    """Seconds: the second of two, for the first loads the program's parts."""
    at = timezone.now()
    look(clock=lambda: at)
    began = time.monotonic()
    look(clock=lambda: at + timedelta(seconds=1))
    return time.monotonic() - began


def asker(site: Site, user: User, path: str, settings: Any) -> Callable[[], float]:
    """Reads a page of the site's own web server, and writes something, as that person. Answers how long both
    took, in seconds."""
    settings.SECRET_KEY = site.environ["SECRET_KEY"]
    client = Client()
    client.force_login(user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = [
        "-m",
        "gunicorn",
        "campaigntracker.wsgi",
        "--workers",
        "1",
        "--threads",
        "4",
        "--no-control-socket",
    ]
    address = f"http://localhost:{port}"
    assert site.start([sys.executable, "manage.py", "collectstatic", "--noinput"]).end() == 0
    site.start([sys.executable, *web, "--bind", f"127.0.0.1:{port}"], SITE_URL=address)
    browser = requests.Session()
    browser.cookies.set(site_settings.SESSION_COOKIE_NAME, client.session.session_key or "")
    connection.close()
    site.until(lambda: answers(address))

    def ask() -> float:
        began = time.monotonic()
        page = browser.get(address + path, timeout=30)
        assert (page.status_code, user.name in page.text) == (200, True), page.text[:500]
        guard = {"X-CSRFToken": browser.cookies.get("csrftoken", "")}
        done = browser.post(f"{address}/messages/read/", headers=guard, timeout=30, allow_redirects=False)
        assert done.status_code == 302, done.text[:500]
        return time.monotonic() - began

    ask()
    return ask


def answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).status_code in (200, 503)
    except requests.RequestException:  # it is still loading its pages
        return False
