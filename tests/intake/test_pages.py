"""Pages behind links: fetched through the one door, once, and read."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from apps.intake import pages
from apps.intake.pages import read_page, without_trackers
from apps.intake.texts import BadText
from tests import make
from tests.fetch.servers import Server, redirects, running, says

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = (
    "<html><head><title>Offences double</title><meta name='author' content='Ann Writer'>"
    "<meta property='og:site_name' content='The Echo'>"
    "<meta property='article:published_time' content='2026-03-03T09:00:00Z'></head><body><article>"
    "<h1>Offences double</h1>{}</article><script>alert(1)</script></body></html>"
)


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with running() as found:
        found.on("/robots.txt", says(b"", status="404 Not Found"))
        yield found


def article() -> bytes:
    return PAGE.format("".join(f"<p>{each}</p>" for each in make.ARTICLE.split("\n\n"))).encode()


def test_a_page_is_read_with_what_it_says_of_itself(server: Server) -> None:
    page = read_page(server.on("/news", says(article(), headers=HTML)) + "?utm_source=x#top")
    assert page.url == f"{server.url}/news"
    assert (page.opened.title, page.opened.author, page.opened.site, page.opened.published) == (
        *("Offences double", "Ann Writer", "The Echo"),
        "2026-03-03",
    )
    assert "Every month of delay" in page.opened.text
    assert "alert" not in page.opened.text
    assert page.remark == ""


def test_a_short_one_is_kept_with_a_remark(server: Server) -> None:
    body = PAGE.format("<p>Subscribe to read this article and all of the others, every day of the week.</p>")
    assert "perhaps a paywall" in read_page(server.on("/wall", says(body.encode(), headers=HTML))).remark


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (says(b"", status="404 Not Found"), "There is no page at this address (404)."),
        (says(b"", status="402 Payment Required"), "behind a wall"),
        (says(b"", status="403 Forbidden"), "behind a wall"),
        (says(b"", status="503 Service Unavailable"), "busy or broken (503)"),
        (says(b"x" * 3_100_000, headers=HTML), "larger than 3 MB"),
        (says(b"\x00\x01", headers={"Content-Type": "video/mp4"}), "no page but a file (video/mp4)"),
        (says(b"<html><body></body></html>", headers=HTML), "shows no text without running its programs"),
        (redirects("http://10.0.0.1/"), "is not on the public internet"),
        (redirects("/there"), "redirects again and again"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(behaviour: Any, said: str, server: Server) -> None:
    server.on("/there", behaviour)
    with pytest.raises(BadText) as refusal:
        read_page(f"{server.url}/there")
    assert said in str(refusal.value)


def test_a_page_that_never_ends_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "SECONDS", 4.0)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    server.on("/slow", server.drips(b"<p>again", start=head))
    started = time.monotonic()
    with pytest.raises(BadText, match="was not fetched.*took longer than 1 seconds.*paste its text"):
        read_page(f"{server.url}/slow")
    assert time.monotonic() - started < 3


def test_a_slow_site_has_ten_seconds_for_everything_together(server: Server) -> None:
    """Its rules drip, then the page does: both together take as long as somebody waits for a page."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    for path in ("/robots.txt", "/slow"):
        server.on(path, server.drips(b"<p>again", start=head))
    started = time.monotonic()
    with pytest.raises(BadText, match="took longer than 5 seconds"):
        read_page(f"{server.url}/slow")
    assert time.monotonic() - started < pages.SECONDS - pages.SECONDS_TO_READ + 1


def test_a_page_that_cannot_be_taken_apart_is_said_to_be_a_page(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SECONDS_TO_READ", 0.01)
    monkeypatch.setattr(pages, "SECONDS", 0.02)
    server.on("/late", says(article(), headers=HTML))
    with pytest.raises(BadText, match="The page came, but its text could not be taken out of it"):
        read_page(f"{server.url}/late")


def test_a_page_that_its_server_keeps_from_programs_is_not_read(server: Server) -> None:
    server.on("/robots.txt", says(b"User-agent: *\nDisallow: /members/\n"))
    with pytest.raises(BadText, match="asks programs not to read this page"):
        read_page(server.on("/members/news", says(article(), headers=HTML)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org/a?utm_source=x&id=1#top", "https://example.org/a?id=1"),
        ("https://example.org/a?fbclid=x", "https://example.org/a"),
        ("https://example.org/a?q=a%20b", "https://example.org/a?q=a%20b"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_trackers_are_taken_out_of_addresses(given: str, kept: str) -> None:
    assert without_trackers(given) == kept
