"""The live pages of sources: read one at a time from each server, as text; and how they stand."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import trafilatura
from django.db import IntegrityError, transaction
from django.db.models import F

from apps import fetch
from apps.sources import robots
from apps.sources.models import Host, LivePage, Source

log = logging.getLogger(__name__)

WEEK = timedelta(days=7)
AGAIN = timedelta(days=1)
"""A page that does not answer is tried again a day later, before anybody is told that it is gone."""
BACK_OFF = timedelta(hours=1)
"""A server that asks for patience, or fails, is left alone for an hour, then two, then four, up to a day."""
COURTESY = timedelta(seconds=2)
LEASE = timedelta(minutes=2)
"""Longer than a page may take, so that a looker who died gives the server back."""
MOST_BYTES = 5_000_000
SECONDS = 20.0
NOT_FOR_PROGRAMS = "The site asks programs not to read this page, so it is not looked at."
LEAST_TEXT = 40
"""A page with fewer letters is a shell that a program fills in, or a wall: it says nothing about quotes."""
GONE = (404, 410)


@dataclass(frozen=True)
class Read:
    """What a look found. `text` is the page's own, `whole` that of everything on it; both empty where there
    is nothing to compare. `gone` where there is no page any more, `busy` where the server asks to wait."""

    said: str
    text: str = ""
    whole: str = ""
    gone: bool = False
    busy: bool = False


def read(url: str) -> Read:
    """Fetch a page and reduce it to text."""
    try:
        answer = fetch.get(url, seconds=SECONDS, most_bytes=MOST_BYTES)
    except fetch.Refused as refusal:
        return Read(f"Not looked at: {refusal}"[:300])
    except fetch.Unreachable as failure:
        # A name that is not there any more is a dead link like any other, once it fails again on a later day.
        return Read(f"No answer: {failure}"[:300], gone=True)
    if answer.status in GONE:
        return Read(f"The server says there is no such page ({answer.status}).", gone=True)
    if answer.status == 429 or answer.status >= 500:
        return Read(f"The server asked to come back later ({answer.status}).", busy=True)
    if answer.status >= 300:
        return Read(f"The server does not let programs read it ({answer.status}).")
    kind = answer.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
    if kind not in ("text/html", "application/xhtml+xml", "text/plain"):
        return Read(f"It is a {kind or 'file'}, which cannot be compared.")
    if kind == "text/plain":
        text = answer.body.decode("utf-8", "replace").replace("\x00", "").strip()
        return Read("Read.", text=text, whole=text) if text else Read("It is empty.")
    return _text_of(answer.body)


def _text_of(page: bytes) -> Read:
    """The main text, which changes only when the article does, and all of the text, to look twice in."""
    try:
        main = trafilatura.extract(page, favor_recall=True, include_comments=False) or ""
        whole = trafilatura.html2txt(page) or ""
    except Exception as error:
        # A parser of pages from anywhere may stumble over anything; then the page is merely not compared.
        log.warning("A page could not be read as text: %s", type(error).__name__)
        return Read("The page could not be read as text.")
    main, whole = main.replace("\x00", ""), whole.replace("\x00", "")
    if len(main) < LEAST_TEXT and len(whole) < LEAST_TEXT:
        return Read("The page shows no text without running its programs, so it cannot be compared.")
    return Read("Read.", text=main or whole, whole=whole)


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:253]
    except ValueError:
        return ""


def follow(source: Source, *, at: datetime) -> LivePage | None:
    """The row that says how its live page stands, made where it is missing. None without an address."""
    host = host_of(source.url)
    if not host:
        return None
    page, _ = LivePage.objects.get_or_create(source=source, defaults={"host": host, "try_at": at})
    return page


# --- One at a time from each server -----------------------------------------------------------------------


def take(host: str, *, at: datetime) -> bool:
    """Whether the server is ours to ask; nobody else asks it until it is given back, or the lease ends."""
    if Host.objects.filter(name=host, free_from__lte=at).update(free_from=at + LEASE):
        return True
    if Host.objects.filter(name=host).exists():
        return False
    try:
        with transaction.atomic():
            Host.objects.create(name=host, free_from=at + LEASE)
    except IntegrityError:
        return False
    return True


def give_back(host: str, *, at: datetime) -> None:
    Host.objects.filter(name=host).update(free_from=at)


def claim(page: LivePage, *, at: datetime) -> bool:
    """Whether this look is ours: `try_at` moves on for whoever comes first."""
    return bool(
        LivePage.objects.filter(pk=page.pk, try_at=page.try_at, try_at__lte=at).update(try_at=at + LEASE)
    )


def look_at(
    pages: Iterable[LivePage],
    *,
    clock: Callable[[], datetime],
    seen: Callable[[LivePage, Read], None],
    pause: Callable[[float], None] = time.sleep,
    going: Callable[[], bool] = lambda: True,
) -> int:
    """Look at these pages, as far as their servers are free; `seen` hears what each says, the row brought up
    to date. Answers how many were looked at."""
    count = 0
    by_host: dict[str, list[LivePage]] = {}
    for page in pages:
        by_host.setdefault(page.host, []).append(page)
    for host, here in by_host.items():
        allows: robots.Allows | None = None
        for number, page in enumerate(here):
            if not going():
                return count
            if number:
                pause(COURTESY.total_seconds())
            if not take(host, at=clock()):
                break
            free_from = clock() + COURTESY
            try:
                if claim(page, at=clock()):
                    allows = allows or robots.rules_of(page.source.url)
                    found = read(page.source.url) if allows(page.source.url) else Read(NOT_FOR_PROGRAMS)
                    note(page, found, at=clock())
                    count += 1
                    if found.busy:
                        free_from = clock() + backed_off(page.failures)
                    seen(page, found)
            finally:
                give_back(host, at=free_from)
            if free_from > clock() + COURTESY:
                break
    return count


def backed_off(failures: int) -> timedelta:
    return min(BACK_OFF * 2 ** min(max(failures - 1, 0), 5), timedelta(days=1))


def note(page: LivePage, found: Read, *, at: datetime) -> None:
    """Bring the row up to date: dead once it failed, and failed again a day or more later."""
    page.said, page.checked_at = found.said, at
    if found.gone:
        page.failures += 1
        page.failing_since = page.failing_since or at
        if page.dead_since is None and at - page.failing_since >= AGAIN:
            page.dead_since = at
        page.try_at = at + (WEEK if page.dead_since else AGAIN)
    elif found.busy:
        page.failures += 1
        page.try_at = at + backed_off(page.failures)
    else:
        page.failures = 0
        page.failing_since = page.dead_since = page.told_at = None
        page.try_at = at + WEEK
    page.save()


def due(*, at: datetime, most: int) -> list[LivePage]:
    """The pages whose turn it is, those that wait longest first."""
    rows = LivePage.objects.filter(try_at__lte=at, source__campaign__checks_live_pages=True)
    rows = rows.exclude(source__url="").select_related("source__campaign")
    return list(rows.order_by("try_at", F("source_id"))[:most])
