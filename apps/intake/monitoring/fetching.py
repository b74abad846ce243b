"""A server asked for a feed, or Hansard for what was said: once, when it is free, with what it wants to hear
to say that nothing is new."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps import fetch
from apps.intake.models import MonitorFeed
from apps.intake.monitoring.reading import BadFeed, Item, Told, read
from apps.legislation.providers.asking import Asker, Busy, Engaged, Trouble, retry_after
from apps.legislation.providers.hansard import Contribution, Contributions, Hansard, Place
from apps.sources import live
from apps.words import read_query

SECONDS = 15.0
MOST_BYTES = 5_000_000
PATIENCE = 5.0
"""Seconds to wait for the server to be free of another asker."""
BACK = timedelta(days=14)
"""How long ago Hansard is looked for: it comes out days later, and is put right afterwards."""
HANSARD = Hansard()
ACCEPT = (
    "application/rss+xml, application/atom+xml, text/calendar, application/xml;q=0.9, text/xml;q=0.9, "
    "*/*;q=0.5"
)


class NotNow(Exception):
    """The feed could not be had: a sentence that says why, and until when its server is to be left alone, if
    it says so."""

    def __init__(self, sentence: str, until: datetime | None = None) -> None:
        super().__init__(sentence)
        self.until = until


@dataclass(frozen=True)
class Answer:
    """`told` is None where nothing is new since the last time."""

    told: Told | None
    etag: str = ""
    modified: str = ""


@contextmanager
def turn(
    url: str, *, clock: Callable[[], datetime], pause: Callable[[float], None] = time.sleep
) -> Iterator[bool]:
    """Whether the server of this address is ours to ask; nobody else asks it within, nor just after."""
    host = live.host_of(url)
    waited = 0.0
    while not (ours := live.take(host, at=clock())) and waited < PATIENCE:
        pause(0.5)
        waited += 0.5
    try:
        yield ours
    finally:
        if ours:
            live.give_back(host, at=clock() + live.COURTESY)


def leave_alone(url: str, until: datetime) -> None:
    """Its server asked for patience: nobody asks it before."""
    live.give_back(live.host_of(url), at=until)


def ask(feed: MonitorFeed, *, at: datetime) -> Answer:
    """Raises NotNow."""
    known = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
    headers = {"Accept": ACCEPT, **{name: value for name, value in known.items() if value}}
    try:
        answer = fetch.get(feed.url, headers=headers, seconds=SECONDS, most_bytes=MOST_BYTES)
    except (fetch.Refused, fetch.Unreachable) as failure:
        raise NotNow(f"It was not fetched: {failure}") from None
    if answer.status == 304:
        return Answer(None, feed.etag, feed.modified)
    _refuse(answer, at)
    kind = answer.headers.get("Content-Type", "")
    try:
        told = read(answer.body, kind=_printable(kind, 200), url=feed.url)
    except BadFeed as refusal:
        raise NotNow(str(refusal)) from None
    etag = _printable(answer.headers.get("ETag", ""), 200)
    return Answer(told, etag, _printable(answer.headers.get("Last-Modified", ""), 100))


def _refuse(answer: fetch.Answer, at: datetime) -> None:
    if answer.status == 429 or answer.status >= 500:
        wait = retry_after(answer.headers.get("Retry-After", ""), at)
        until = at + timedelta(seconds=min(wait, 86_400.0)) if wait else None
        said = "asked for patience" if answer.status == 429 else "has a fault of its own"
        raise NotNow(f"The server {said} ({answer.status}).", until)
    if answer.status in (404, 410):
        raise NotNow(f"There is nothing at this address ({answer.status}).")
    if answer.status != 200:
        raise NotNow(f"The server does not hand it over ({answer.status}).")
    if answer.cut:
        raise NotNow(f"It is larger than {MOST_BYTES // 1_000_000} MB.")


def _printable(said: str, most: int) -> str:
    """A header that may be sent back; "" for one that is too long or odd for that."""
    return said if len(said) <= most and said.isascii() and said.isprintable() else ""


# --- Hansard ----------------------------------------------------------------------------------------------


def ask_hansard(
    place: Place,
    words: str,
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], None] = time.sleep,
) -> Answer | None:
    """What was said there; None where somebody else is asking. Raises NotNow."""
    if off := HANSARD.off():
        raise NotNow(f"Hansard is not asked. {off}")
    since = (clock() - BACK).astimezone(HANSARD.clock).date()
    with Asker(HANSARD.base(), clock=clock, pause=pause, tries=1, patience=PATIENCE) as ask_it:
        try:
            if place.debate:
                found = HANSARD.debate(ask_it, place.debate)
            elif not (words or place.member):
                raise NotNow("All of Hansard is too much: give words to look for.")
            else:
                found = HANSARD.search(ask_it, typed_for(words), member=place.member, since=since)
        except Engaged:
            return None
        except Busy as busy:
            raise NotNow(str(busy), busy.until) from None
        except Trouble as trouble:
            raise NotNow(str(trouble)) from None
    return Answer(_told(found, is_debate=bool(place.debate)))


def typed_for(words: str) -> str:
    """What Hansard's own search is asked for: all that must be there; the rest is looked at here."""
    terms = read_query(words, as_typed=False).wanted
    whole = [term.tokens for term in terms if not term.start] or [term.tokens for term in terms]
    return " ".join(f'"{" ".join(each)}"' if len(each) > 1 else each[0] for each in whole)


def _told(found: Contributions, *, is_debate: bool) -> Told:
    items = tuple(_item(each, is_debate=is_debate) for each in found.contributions)
    more = (f"Only the newest {len(items)} were read.",) if found.more else ()
    debates = sorted({each.debate for each in found.contributions})
    title = f"Hansard: {debates[0]}" if is_debate and debates else "Hansard"
    return Told(title[:200], items, (*found.troubles, *more))


def _item(said: Contribution, *, is_debate: bool) -> Item:
    """One debate was asked for by name, so its day does not matter: `published` is left empty."""
    there = ", ".join(filter(None, (said.debate, said.house, f"{said.day:%-d %B %Y}")))
    return Item(
        key=said.external_id,
        title=there[:300],
        url=said.address,
        text=said.text,
        published="" if is_debate else f"{said.day.isoformat()}T12:00:00+00:00",
        day=said.day.isoformat(),
        speaker=said.speaker,
        role=said.role,
    )
