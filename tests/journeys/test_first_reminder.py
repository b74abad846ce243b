"""The point of it all: everything is started with one command, and a minute later a reminder is there."""

import email
import email.policy
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from apps.desk.demo import planted
from script.broker import ROOT, NoBroker, find_server
from tests.journeys.chromium import Watch
from tests.journeys.conftest import PHONE, sign_in
from tests.journeys.site import Site, environment

pytestmark = pytest.mark.services

START_SECONDS = 90
REMIND_SECONDS = planted.WAIT.total_seconds() + 40
MAIL_SECONDS = 30


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
        site = Site(said.partition("Campaign Tracker is at ")[2].split()[0], var)
        read_the_reminder(browser, site)
        answer_from_the_mail(browser, site)
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
    expect(page.locator(".letter")).to_contain_text("Say that you have seen it, or ask to be told later")
    page.locator(".letter").get_by_role("link").first.click()
    expect(page.locator("#reminders tr.sent").first).to_be_visible()
    context.close()
    assert watch.seen == []


def answer_from_the_mail(browser: Browser, site: Site) -> None:
    """On a phone, where nobody is signed in, by the links that the e-mail carries."""
    mail = mail_to("tom@example.org", site)
    watch = Watch(site.url)
    context = browser.new_context(viewport=PHONE)
    watch.over(context)
    page = context.new_page()
    text = mail.get_body(("plain",)).get_content()
    page.goto(next(word for word in text.split() if "/answer/" in word))
    page.get_by_role("button", name="Tell me again tomorrow").click()
    expect(page.get_by_text("Its last day is today: it cannot wait any longer.")).to_be_visible()
    page.get_by_role("button", name="I have seen it").click()
    expect(page.get_by_text("Seen, and noted.")).to_be_visible()
    page.goto(mail["List-Unsubscribe"].strip(" <>"))
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", name="Unsubscribed")).to_be_visible()
    context.close()
    assert watch.seen == []


def mail_to(address: str, site: Site) -> Any:
    """The newest e-mail to that address. It leaves by another channel than what stands in the app, so it may
    come a little later."""
    until = time.monotonic() + MAIL_SECONDS
    while not (found := [mail for mail in mails_of(site) if mail["To"] == address]):
        assert time.monotonic() < until, f"no mail to {address} in {MAIL_SECONDS} s"
        time.sleep(0.2)
    return found[-1]


def mails_of(site: Site) -> list[Any]:
    """All that left, out of the files a site without EMAIL_URL writes, each ended by a line of dashes."""
    written = [path.read_bytes() for path in sorted((site.folder / "mail").glob("*"))]
    letters = [letter for letter, end, _ in (text.partition(b"\n" + b"-" * 79) for text in written) if end]
    return [email.message_from_bytes(letter, policy=email.policy.default) for letter in letters]
