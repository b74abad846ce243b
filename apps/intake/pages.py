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
PASTE = "Open it in your browser, copy its text and paste it here."
FOLLOWING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "CMP", "ref_src")


@dataclass(frozen=True)
class Page:
    """`remark` says what may be wrong with it, for whoever looks at the result."""

    url: str
    opened: Opened
    remark: str = ""


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
    opened = _opened(answer, url, max(end - time.monotonic(), SECONDS_TO_READ))
    short = len(opened.text) < LEAST_OF_AN_ARTICLE
    remark = (
        "This is short for an article: perhaps a paywall or a notice stands before it. If words are missing, "
        "open the page, copy its text and paste it instead."
    )
    return Page(url, opened, remark if short else "")


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


def _opened(answer: fetch.Answer, url: str, seconds: float) -> Opened:
    kind = answer.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        opened = _read("html", answer, url, seconds)
        if not opened.text.strip():
            raise BadText(f"The page shows no text without running its programs. {PASTE}")
        return opened
    if kind == "text/plain":
        return Opened(decoded(answer.body))
    if kind == "application/pdf":
        return _read("pdf", answer, url, seconds)
    raise BadText(
        f"At this address is no page but a file ({kind[:60]}). Save it and choose it as a file here."
    )


def _read(kind: str, answer: fetch.Answer, url: str, seconds: float) -> Opened:
    try:
        return read(kind, answer.body, url=url, seconds=seconds)
    except TooMuch:
        raise BadText(
            f"The page came, but its text could not be taken out of it in {SECONDS:g} seconds. {PASTE}"
        ) from None


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
