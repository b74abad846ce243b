"""The page behind a link that somebody gives: fetched once, safely, and read for its text."""

import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from apps import fetch
from apps.intake.opening import Opened, TooMuch, read
from apps.intake.texts import BadText, decoded
from apps.sources import robots

SECONDS = 10.0
"""For everything together: somebody waits for the page to come."""
SECONDS_FOR_RULES = 2.0
SECONDS_TO_READ = 3.0
"""As much of it is kept for reading what came, so that a slow server cannot use it up."""
MOST_BYTES = 3_000_000
WALLS = (401, 402, 403, 451)
LEAST_OF_AN_ARTICLE = 400
"""Fewer characters than this, from a page, are what a paywall or a cookie notice leaves of an article."""
SHORT = (
    "This is short for an article: perhaps a paywall or a notice stands before it. If words are missing, "
    "open the page, copy its text and paste it instead."
)
PASTE = "Open it in your browser, copy its text and paste it here."
FOLLOWING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "CMP", "ref_src")


@dataclass(frozen=True)
class Page:
    """`body` is what came, of that `kind`: "html", "txt" or "pdf"; `opened` what it says. `remark` says what
    may be wrong with it, for whoever looks at the result."""

    url: str
    kind: str
    body: bytes
    opened: Opened

    @property
    def remark(self) -> str:
        return SHORT if len(self.opened.text) < LEAST_OF_AN_ARTICLE else ""


def read_page(url: str) -> Page:
    """Raises BadText, with a sentence that says what to do instead."""
    url, end = without_trackers(url), time.monotonic() + SECONDS
    try:
        fetch.check(url)
        if not robots.rules_of(url, seconds=SECONDS_FOR_RULES)(url):
            raise BadText(f"The site asks programs not to read this page. {PASTE}")
        seconds = max(1, round(end - time.monotonic() - SECONDS_TO_READ))
        answer = fetch.get(url, seconds=seconds, most_bytes=MOST_BYTES)
    except (fetch.Refused, fetch.Unreachable) as failure:
        raise BadText(f"The page was not fetched. {failure} Or paste its text here.") from None
    _refuse(answer)
    seconds_left = max(end - time.monotonic(), SECONDS_TO_READ)
    return read_again(url, _kind_of(answer), answer.body, seconds=seconds_left)


def read_again(url: str, kind: str, body: bytes, *, seconds: float = SECONDS_TO_READ) -> Page:
    """A page that came from this address, read for its text. Raises BadText."""
    if kind == "txt":
        return Page(url, kind, body, Opened(decoded(body)))
    try:
        opened = read(kind, body, url=url, seconds=seconds)
    except TooMuch:
        raise BadText(
            f"The page came, but its text could not be taken out of it in {SECONDS:g} seconds. {PASTE}"
        ) from None
    if not opened.text.strip():
        raise BadText(f"The page shows no text without running its programs. {PASTE}")
    return Page(url, kind, body, opened)


def _refuse(answer: fetch.Answer) -> None:
    if answer.status in (404, 410):
        raise BadText(f"There is no page at this address ({answer.status}). Look whether it is whole.")
    if answer.status in WALLS:
        raise BadText(
            f"The page is behind a wall: its server lets no program read it ({answer.status}). {PASTE}"
        )
    if answer.status == 429 or answer.status >= 500:
        raise BadText(f"The server is busy or broken ({answer.status}). Try again later, or paste the text.")
    if answer.status >= 300:
        raise BadText(f"The server does not hand the page over ({answer.status}). {PASTE}")
    if answer.cut:
        raise BadText(f"The page is larger than {MOST_BYTES // 1_000_000} MB. {PASTE}")


KINDS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "application/pdf": "pdf",
}


def _kind_of(answer: fetch.Answer) -> str:
    said = answer.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
    if said not in KINDS:
        raise BadText(
            f"At this address is no page but a file ({said[:60]}). Save it and choose it as a file here."
        )
    return KINDS[said]


def without_trackers(url: str) -> str:
    """The address without the parts that only tell who followed it, and without a fragment."""
    try:
        parts = urlsplit(url)
        asked = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url
    if parts.query and any(name.startswith(FOLLOWING) for name, _ in asked):
        query = urlencode([(name, value) for name, value in asked if not name.startswith(FOLLOWING)])
        parts = parts._replace(query=query)
    return urlunsplit(parts._replace(fragment=""))
