"""The point of it all: everything is started with one command, and a minute later a reminder is there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from apps.desk.demo import planted
from script.broker import ROOT, NoBroker, find_server
from tests.journeys.chromium import Watch
from tests.journeys.conftest import sign_in
from tests.journeys.site import Site, environment

pytestmark = pytest.mark.services

START_SECONDS = 90
REMIND_SECONDS = planted.WAIT.total_seconds() + 40


@pytest.fixture
def with_redis(tmp_path: Path) -> str:
    """PATH with a Redis on it, so that none is fetched."""
    try:
        server = find_server(ROOT / "var" / "valkey")
    except NoBroker as reason:
        pytest.skip(f"No Redis can be had: {reason}")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / server.name).symlink_to(server)
    return f"{tmp_path / 'bin'}:{os.environ['PATH']}"


def test_the_first_reminder_arrives_within_two_minutes(
    browser: Browser, with_redis: str, tmp_path: Path
) -> None:
    var, output = tmp_path / "var", tmp_path / "output.txt"
    environ = environment(var, PATH=with_redis, PORT="0", TICK_SECONDS="2")
    with output.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "script.serve"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
    try:
        until = time.monotonic() + START_SECONDS
        while "Ctrl-C stops everything." not in output.read_text():
            assert server.poll() is None and time.monotonic() < until, output.read_text()
            time.sleep(0.2)
        said = output.read_text()
        assert "without one" not in said, "with Redis and Celery, not with the loop that stands in for them"
        read_the_reminder(browser, Site(said.partition("Campaign Tracker is at ")[2].split()[0], var))
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0, output.read_text()
    finally:
        server.terminate()
        server.wait(timeout=30)


def read_the_reminder(browser: Browser, site: Site) -> None:
    watch = Watch(site.url)
    context = browser.new_context(base_url=site.url)
    watch.over(context)
    page = context.new_page()
    sign_in(page, site, "amira")
    page.goto("/messages/")
    reminder = page.get_by_role("link", name=planted.HEADLINE)
    until = time.monotonic() + REMIND_SECONDS
    while not reminder.count():
        assert time.monotonic() < until, page.locator("main").inner_text()
        page.wait_for_timeout(1000)
        page.reload()
    reminder.first.click()
    expect(page.get_by_role("heading", name=f"Today: {planted.HEADLINE}")).to_be_visible()
    expect(page.locator(".letter")).to_contain_text("See it, move the date or mark it met:")
    page.locator(".letter").get_by_role("link").click()
    expect(page.locator("#reminders tr.sent").first).to_be_visible()
    context.close()
    assert watch.seen == []
