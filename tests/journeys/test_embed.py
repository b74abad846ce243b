"""The public timeline in a frame of another site: a page not ours, from a server of its own."""

from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.chromium import Watch
from tests.journeys.conftest import PHONE, WIDE, Visit, cookies
from tests.journeys.site import TRUE_STORY, Site
from tests.script.processes import eventually

OTHER_HOST = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}
"""So that the browser takes the two for different sites: ports are not looked at."""


PLAIN, GROWS = "The frame", "With a script that lets the frame grow with what is in it"
"""What the page that shares a timeline calls the code to paste."""

HEIGHT = "document.documentElement.getBoundingClientRect().height"


class _Foreign(BaseHTTPRequestHandler):
    def __init__(self, pages: dict[str, str], *rest: object) -> None:
        self.pages = pages
        super().__init__(*rest)

    def do_GET(self) -> None:  # noqa: N802  # http.server calls it so
        found = self.pages.get(self.path)
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((found or "").encode())

    def log_message(self, *words: object) -> None:
        pass


class Foreign:
    """Another site. What it shows at "/" is `body`."""

    def __init__(self, url: str, pages: dict[str, str]) -> None:
        self.url, self._pages = url, pages

    def show(self, body: str) -> None:
        self._pages["/"] = f"<!doctype html><meta charset=utf-8><title>Our news</title><body>{body}"


@pytest.fixture
def foreign(site: Site) -> Iterator[Foreign]:
    pages: dict[str, str] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Foreign, pages))
    Thread(target=server.serve_forever, daemon=True).start()
    host = OTHER_HOST[urlsplit(site.url).hostname or "localhost"]
    yield Foreign(f"http://{host}:{server.server_port}", pages)
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["wide", "phone"])
def outside(request: pytest.FixtureRequest, browser: Browser, site: Site, foreign: Foreign) -> Iterator[Page]:
    """A browser of somebody signed in here who reads the other site. Fails the test in which the frame breaks
    its policy, misses a part or asks a third site."""
    context = browser.new_context(
        viewport=PHONE if request.param == "phone" else WIDE,
        storage_state=cookies(browser, site, "amira"),
        reduced_motion="reduce",
    )
    watch = Watch(site.url)
    watch.over(context)
    yield context.new_page()
    context.close()
    assert [trouble for trouble in watch.seen if foreign.url not in trouble] == []


def kept_in(context: BrowserContext) -> list[tuple[str, str]]:
    return sorted((cookie["name"], cookie["value"]) for cookie in context.cookies())


def grown(outside: Page) -> float:
    """The frame's height in px, as the page around it has set it; 0 before."""
    return outside.evaluate("parseFloat(document.querySelector('iframe').style.height) || 0")


def code(visit: Visit, site: Site, label: str) -> str:
    """What the page that shares the timeline says to paste."""
    page = visit()
    page.goto(f"{site.campaign(TRUE_STORY)}share/")
    return page.get_by_label(label, exact=True).input_value()


def test_the_frame_shows_the_timeline_and_grows_to_its_height(
    outside: Page, foreign: Foreign, visit: Visit, site: Site
) -> None:
    foreign.show(code(visit, site, GROWS))
    before = kept_in(outside.context)
    outside.goto(foreign.url)
    frame = outside.frame_locator("iframe")
    expect(frame.locator("#picture svg.picture")).to_be_visible()
    expect(frame.get_by_role("link", name="Online Harms Bill on the statute book").last).to_be_visible()
    inside = next(each for each in outside.frames if "/embed/" in each.url)
    # Asked for anew each time: the picture is drawn again once it knows its width.
    eventually(lambda: abs(grown(outside) - inside.evaluate(HEIGHT)) < 60, lambda: f"{grown(outside)} px")
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert inside.evaluate("document.cookie") == ""
    assert kept_in(outside.context) == before


def test_the_picture_moves_in_the_frame_and_an_entry_opens_beside_it(
    outside: Page, foreign: Foreign, visit: Visit, site: Site
) -> None:
    foreign.show(code(visit, site, PLAIN))
    outside.goto(foreign.url)
    frame = outside.frame_locator("iframe")
    window = frame.locator("#picture .window")
    whole = window.inner_text()
    frame.get_by_role("link", name="Closer").click()
    expect(window).not_to_have_text(whole)
    frame.get_by_role("link", name="Everything").click()
    expect(window).to_have_text(whole)
    item = frame.locator("#picture .milestone.item").first
    with outside.context.expect_page() as opened:
        item.locator(".shape").click()
    opened.value.wait_for_load_state()
    assert urlsplit(opened.value.url).path.startswith(f"{site.campaign(TRUE_STORY)}entries/")
    assert urlsplit(outside.url).netloc == urlsplit(foreign.url).netloc


def test_no_other_page_stands_in_a_frame(browser: Browser, foreign: Foreign, site: Site) -> None:
    foreign.show(f'<iframe src="{site.url}{site.campaign(TRUE_STORY)}timeline/"></iframe>')
    page = browser.new_page()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(foreign.url)
    expect(page.frame_locator("iframe").locator("#picture")).to_have_count(0)
    page.close()


def test_whoever_is_signed_in_is_nobody_in_the_frame(visit: Visit, site: Site) -> None:
    answers = []
    for who in ("", "amira"):
        page = visit(who)
        answer = page.goto(site.campaign(TRUE_STORY).replace("/c/", "/embed/"))
        assert answer is not None and "set-cookie" not in answer.headers
        answers.append(answer.text())
        expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    assert answers[0] == answers[1]
