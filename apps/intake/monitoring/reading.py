"""Reads a feed (RSS, Atom, RDF) or a calendar (iCalendar) of unknown origin, in a process of its own (see
`apart`). No Django.

The content comes on the standard input; what it says, or why it is refused, goes to the standard output.
"""

import calendar
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import feedparser
import lxml.html
from icalendar import Calendar
from lxml.etree import LxmlError

from apps.intake import apart

MOST_ITEMS = 500
LONGEST_TEXT = 20_000
"""Characters kept of what a feed itself says of one thing."""
DAMAGED = "What came is damaged, or made so that reading it never ends."
NO_FEED = "There is no feed and no calendar at this address."


class BadFeed(ValueError):
    """It cannot be read as a feed or calendar: a sentence that says why."""


@dataclass(frozen=True)
class Item:
    """One thing of a feed. `key` is its own name there; `published` an ISO moment; `day` an ISO date, of a
    calendar's event; `speaker` and `role` are of something said. Each may be ""."""

    key: str
    title: str
    url: str = ""
    text: str = ""
    published: str = ""
    day: str = ""
    speaker: str = ""
    role: str = ""
    called_off: bool = False


@dataclass(frozen=True)
class Told:
    """What a feed tells; `left_out` sentences on what of it cannot be used."""

    title: str
    items: tuple[Item, ...] = field(default=())
    left_out: tuple[str, ...] = ()


def read(content: bytes, *, kind: str, url: str) -> Told:
    """`kind` is the media type the server named. Raises BadFeed."""
    try:
        answer = json.loads(apart.run("apps.intake.monitoring.reading", kind, url, content=content))
    except (TimeoutError, ValueError):
        raise BadFeed(DAMAGED) from None
    if "refused" in answer:
        raise BadFeed(answer["refused"])
    items = tuple(Item(**item) for item in answer["items"])
    return Told(answer["title"], items, tuple(answer["left_out"]))


def opened(content: bytes, kind: str, url: str) -> Told:
    """The same within this process."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper()
    return _calendar(content) if start == b"BEGIN:VCALENDAR" else _feed(content, kind, url)


# --- Feeds ------------------------------------------------------------------------------------------------


def _feed(content: bytes, kind: str, url: str) -> Told:
    # A stream: anything else feedparser might take for an address or a file, and open it.
    said: Any = feedparser.parse(
        io.BytesIO(content), response_headers={"content-type": kind, "content-location": url}
    )
    if not said.get("version") and not said.entries:
        raise BadFeed(_no_feed(content))
    items = tuple(filter(None, map(_item, said.entries[:MOST_ITEMS])))
    lost = min(len(said.entries), MOST_ITEMS) - len(items)
    left_out = (f"{lost} of its articles have no title and no address.",) if lost else ()
    return Told(_line(said.feed.get("title"), 200), items, left_out)


def _item(entry: Any) -> Item | None:
    url = _line(entry.get("link"), 1000)
    url = url if url.startswith(("http://", "https://")) else ""
    title, text = _plain(entry.get("title"))[:300], _text(entry)
    key = _line(entry.get("id"), 2000) or url or title
    if not key or not (title or url):
        return None
    return Item(key, title or url[:300], url, text, _moment(entry))


def _text(entry: Any) -> str:
    """What it says of itself: the longest of its summary and its parts."""
    parts = [entry.get("summary"), *(part.get("value") for part in entry.get("content", []))]
    return max((_plain(part) for part in parts), key=len, default="")[:LONGEST_TEXT]


def _moment(entry: Any) -> str:
    for name in ("published_parsed", "updated_parsed"):
        try:
            return datetime.fromtimestamp(calendar.timegm(entry[name]), UTC).isoformat()
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            continue
    return ""


def _no_feed(content: bytes) -> str:
    """A page may name its feed in its head."""
    of_feeds = "//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom')]/@href"
    try:
        named = lxml.html.fromstring(content[:500_000]).xpath(of_feeds)
    except (LxmlError, ValueError):
        return NO_FEED
    hint = f" The page names a feed, {_line(named[0], 200)}: give that address." if named else ""
    return f"{NO_FEED}{hint}"


def _plain(value: Any) -> str:
    """Text without its tags, on lines of its own."""
    said = str(value or "").replace("\x00", "")[: 4 * LONGEST_TEXT]
    if "<" in said or "&" in said:
        try:
            said = lxml.html.fromstring(f"<div>{said}</div>").text_content()
        except (LxmlError, ValueError):
            return ""
    return "\n".join(line for each in said.splitlines() if (line := " ".join(each.split())))


def _line(value: Any, most: int) -> str:
    return " ".join(str(value or "").replace("\x00", "").split())[:most]


# --- Calendars --------------------------------------------------------------------------------------------


def _calendar(content: bytes) -> Told:
    if not content.rstrip().upper().endswith(b"END:VCALENDAR"):
        raise BadFeed("The calendar breaks off before its end.")
    calendars: Any = Calendar.from_ical(content.decode("utf-8-sig", "replace"), multiple=True)
    events = [part for each in calendars for part in each.subcomponents if part.name in ("VEVENT", "VTODO")]
    once = [event for event in events if not (event.get("RRULE") or event.get("RDATE"))]
    items = tuple(_events(once[:MOST_ITEMS]))
    left_out = []
    if repeats := len(events) - len(once):
        left_out.append(f"{repeats} of its events repeat; a deadline comes once.")
    if lost := min(len(once), MOST_ITEMS) - len(items):
        left_out.append(f"{lost} of its events have no title or no day.")
    title = next((_of(each, "X-WR-CALNAME") or _of(each, "NAME") for each in calendars), "")
    return Told(title[:200], items, tuple(left_out))


def _events(events: list[Any]) -> Iterator[Item]:
    for event in events:
        title, day = _of(event, "SUMMARY")[:300], _day(event)
        if title and day:
            address = _of(event, "URL")[:1000]
            yield Item(
                key=_of(event, "UID")[:2000] or f"{title} {day}",
                title=title,
                url=address if address.startswith(("http://", "https://")) else "",
                text=_plain(_of(event, "DESCRIPTION"))[:LONGEST_TEXT],
                day=day,
                called_off=_of(event, "STATUS").upper() == "CANCELLED",
            )


def _day(event: Any) -> str:
    """The day it is due or begins, on the clock it is given by; "" where it says none."""
    for name in ("DUE", "DTSTART"):
        try:
            value = event.get(name)
            moment = getattr(value[0] if isinstance(value, list) else value, "dt", None)
        except (ValueError, IndexError):
            continue
        if isinstance(moment, datetime):
            return moment.date().isoformat()
        if isinstance(moment, date):
            return moment.isoformat()
    return ""


def _of(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value or "").replace("\x00", "").strip()


def main(kind: str, url: str) -> None:
    apart.hold_back()
    try:
        said = asdict(opened(sys.stdin.buffer.read(), kind, url))
    except BadFeed as refusal:
        said = {"refused": str(refusal)}
    except (Exception, MemoryError):
        # Parsers of files from anywhere may stumble over anything; then the feed is merely not read.
        said = {"refused": DAMAGED}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
