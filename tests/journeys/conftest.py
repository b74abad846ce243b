"""One site and one Chromium for all journeys, and a browser window for whoever a test is about."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.chromium import Watch, find_chromium, launch
from tests.journeys.site import Site, running_site

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
Visit = Callable[..., Page]

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = find_chromium()
    if path is None:
        pytest.skip("No Chromium or Chrome is here. Install one, or name it: CHROMIUM=/path/to/chromium")
    return path


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """For this folder only: while Playwright runs, Django believes itself in an event loop."""
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """`visit("jo", phone=True)` is a window of Jo's; `visit()` a visitor's. Fails the test that leaves
    errors in the browser's console, breaks the content security policy or asks another host."""
    contexts, watches = [], []

    def visit(who: str = "", *, phone: bool = False, to: Site = site, **options: Any) -> Page:
        context = browser.new_context(
            base_url=to.url,
            viewport=PHONE if phone else WIDE,
            storage_state=cookies(browser, to, who) if who else None,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(30_000)
        watches.append(Watch(to.url))
        watches[-1].over(context)
        contexts.append(context)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()
    assert [trouble for watch in watches for trouble in watch.seen] == []


def cookies(browser: Browser, site: Site, who: str) -> Any:
    """What the browser of somebody signed in keeps; they sign in once for all tests."""
    if who not in site.states:
        page = browser.new_page(base_url=site.url)
        sign_in(page, site, who)
        site.states[who] = page.context.storage_state()
        page.close()
    return site.states[who]


def sign_in(page: Page, site: Site, who: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Login").fill(who)
    page.get_by_label("Password").fill(site.password(who))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def in_days(count: int) -> date:
    """A day counted from today, as the demo counts its own."""
    return timezone.localdate() + timedelta(days=count)
