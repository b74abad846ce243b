"""Redis emptied, killed, away and full: it only ever says "look now"."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.reminders.watch import health
from campaigntracker.cache import RedisOrFiles
from tests import make
from tests.faults.databases import SqliteDatabase
from tests.faults.outcome import outcome
from tests.faults.post_office import PostOffice
from tests.faults.redis_server import RedisServer
from tests.faults.site import Site, fill
from tests.faults.sizes import SIZES

TWO_TICKS = 2 * 30
"""Seconds, with the tick of a site that says nothing else. Celery waits longer and longer to connect."""


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> SqliteDatabase:
    """One is enough: Redis does not know which."""
    return SqliteDatabase(sqlite_template, tmp_path)


@pytest.fixture
def running(site: Site, redis_server: RedisServer) -> Iterator[Site]:
    """With a worker and a clock."""
    site.worker(REDIS_URL=redis_server.url)
    site.beat(REDIS_URL=redis_server.url)
    yield site


def test_emptied_killed_and_away(running: Site, post: PostOffice, redis_server: RedisServer) -> None:
    fill(SIZES.people, name="Before")
    running.until(lambda: post.seen)
    for _ in range(5):
        redis_server.say("FLUSHALL")
        time.sleep(0.2)
    running.until_nothing_waits()
    redis_server.say("FLUSHALL")
    fill(SIZES.people, name="Emptied")
    emptied = running.until_nothing_waits(seconds=TWO_TICKS)

    redis_server.kill()  # without a journal: it comes back with nothing
    fill(SIZES.people, name="Away")
    time.sleep(SIZES.redis_away_seconds)
    assert all(process.running for process in running.processes[:2]), running.said()
    assert running.looks_once().end() == 0, "Without Redis, by cron."
    fill(SIZES.people, name="Back")
    redis_server.start()
    try:
        back = running.until_nothing_waits(seconds=TWO_TICKS)
    except AssertionError:
        # Now and then Celery connects again and hears nothing. The site says so, and a restart ends it, which
        # is what script/server does with a scheduler that runs and does not look.
        assert not health(at=timezone.now()).well
        for process in running.processes[:2]:
            process.kill()
        running.worker(REDIS_URL=redis_server.url)
        running.beat(REDIS_URL=redis_server.url)
        back = TWO_TICKS + running.until_nothing_waits(seconds=TWO_TICKS)
    print(f"caught up {emptied:.1f} s after FLUSHALL, {back:.1f} s after a restart")  # noqa: T201
    assert outcome(post).each_once, outcome(post)


def test_full(running: Site, post: PostOffice, redis_server: RedisServer) -> None:
    """It refuses every write: beat says so, cron sends, and all goes on once there is room."""
    _, clock = running.processes
    fill(SIZES.people, name="Before")
    running.until(lambda: post.seen)
    running.until_nothing_waits()
    redis_server.say("CONFIG", "SET", "maxmemory", "1")
    running.until(lambda: "command not allowed when used memory" in clock.said)
    fill(SIZES.people, name="Full")
    assert running.looks_once().end() == 0
    assert outcome(post).each_once, outcome(post)
    fill(SIZES.people, name="Room")
    redis_server.say("CONFIG", "SET", "maxmemory", "0")
    running.until_nothing_waits(seconds=TWO_TICKS)
    assert outcome(post).each_once, outcome(post)


def test_evicting(running: Site, post: PostOffice, redis_server: RedisServer) -> None:
    """It throws away whatever it likes to make room: the queue, who listens to it, a knock on its way."""
    fill(SIZES.people, name="Before")
    running.until(lambda: post.seen)
    running.until_nothing_waits()
    most = redis_server.used() + 2_000_000
    redis_server.say("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
    redis_server.say("CONFIG", "SET", "maxmemory", str(most))
    for number in range(400):
        redis_server.say("SET", f"somebody-else-{number}", "x" * 20_000)
    assert redis_server.evicted() > 100, "It had room for everything: the proof proves little."
    fill(SIZES.people, name="Evicted")
    caught_up = running.until_nothing_waits(seconds=TWO_TICKS)
    print(f"caught up {caught_up:.1f} s after Redis had thrown things away")  # noqa: T201
    fill(SIZES.people, name="By cron")
    assert running.looks_once().end() == 0
    running.until_nothing_waits()
    assert outcome(post).each_once, outcome(post)


@pytest.mark.parametrize("trouble", ["dead", "full"])
def test_pages_without_redis(
    site: Site, redis_server: RedisServer, settings: Any, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Signing in counts tries in the cache. It still does, in files, and nobody sees an error."""
    settings.CACHES = {
        "default": {
            "BACKEND": "campaigntracker.cache.RedisOrFiles",
            "LOCATION": redis_server.url,
            "OPTIONS": {
                "files": str(site.folder / "cache"),
                "socket_connect_timeout": 2,
                "socket_timeout": 2,
            },
        }
    }
    monkeypatch.setattr(RedisOrFiles, "_away_until", 0.0)
    make.user("olive")
    cache.set("greeting", "hello")
    assert cache.get("greeting") == "hello"
    if trouble == "dead":
        redis_server.kill()
    else:
        redis_server.say("CONFIG", "SET", "maxmemory", "1")
    client = Client()
    began = time.monotonic()
    assert client.get(reverse("home")).status_code == 200
    sign_in = reverse("account_login")
    answers = [client.post(sign_in, {"login": "olive", "password": "wrong"}) for _ in range(8)]
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert b"Too many failed login attempts" in answers[5].content
    make.user("oscar")
    answer = client.post(sign_in, {"login": "oscar", "password": make.PASSWORD})
    assert answer.status_code == 302
    assert time.monotonic() - began < 20
