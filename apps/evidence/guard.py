"""The verbatim guard: every quote is checked again each week, against the kept texts and the live page.

Rows and a tick: whoever looks takes what is due, in bounded batches; missed or doubled, nothing goes wrong.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from apps.evidence.actions import check_again, find_quotes_again
from apps.evidence.comparing import find, same
from apps.evidence.models import Quote
from apps.evidence.telling import desk_of
from apps.notices.actions import tell
from apps.sources import live
from apps.sources.actions import take_snapshot
from apps.sources.models import LivePage, Source

log = logging.getLogger(__name__)

WEEK = timedelta(days=7)
BATCH = 200
PAGES = 20


@dataclass
class Tally:
    """What a look did."""

    checked: int = 0
    pages: int = 0


def look(
    *,
    clock: Callable[[], datetime],
    going: Callable[[], bool] = lambda: True,
    pause: Callable[[float], None] | None = None,
    online: bool = True,
) -> Tally:
    """Check what is due, as far as a batch goes: the kept texts first, then live pages."""
    tally = Tally(checked=check_kept(at=clock()))
    if online and going():
        _follow_new(at=clock())
        pages = live.due(at=clock(), most=PAGES)
        options = {"pause": pause} if pause else {}
        tally.pages = live.look_at(
            pages, clock=clock, going=going, seen=lambda page, read: _seen(page, read, clock()), **options
        )
    return tally


def check_kept(*, at: datetime, most: int = BATCH) -> int:
    """Judge the quotes that nobody checked for a week, those first that were never checked."""
    due = list(Quote.everything.filter(verdict=None).order_by("pk").values_list("pk", flat=True)[:most])
    stale = Quote.everything.filter(verdict__checked_at__lte=at - WEEK).order_by("verdict__checked_at")
    due += stale.values_list("pk", flat=True)[: most - len(due)]
    for pk in due:
        check_again(pk=pk, at=at)
    return len(due)


def _follow_new(*, at: datetime, most: int = BATCH) -> None:
    """Sources of quotes, with an address, whose live page nobody watches yet or which moved."""
    quoted = Quote.everything.filter(entry__source__isnull=False).values("entry__source")
    rows = Source.objects.filter(pk__in=quoted, live_page=None, campaign__checks_live_pages=True)
    for source in rows.exclude(url="").order_by("pk")[:most]:
        live.follow(source, at=at)


def _seen(page: LivePage, read: live.Read, at: datetime) -> None:
    """Keep a text that differs from what is kept, judge the quotes anew, and report a dead link once."""
    source = page.source
    if read.text:
        compare(source, read, at=at)
        find_quotes_again(source=source, by=None, at=at)
    elif page.dead_since and page.told_at is None:
        _tell_it_is_dead(page, at=at)


@transaction.atomic
def compare(source: Source, read: live.Read, *, at: datetime) -> None:
    """Hold the live text against the newest kept one, and the newest that was read. Where it differs from
    both by more than its typography, it is kept beside the others; the quotes are to be judged by it then.

    Menus and the like change every week, so the page's main text counts; all of it where only that has words
    of ours, as in a caption.
    """
    quotes = list(Quote.everything.filter(entry__source=source).values_list("words", flat=True))
    text = read.text
    if any(not find(words, read.text) and find(words, read.whole) for words in quotes):
        text = read.whole
    known = (source.snapshots.whole().first(), source.snapshots.filter(fetched=True).first())
    if not any(snapshot and same(text, snapshot.text) for snapshot in known):
        # Back to what it was: that is news as well.
        if source.snapshots.whole().filter(text=text).exists():
            text += "\n" * source.snapshots.count()
        take_snapshot(source=source, text=text, by=None, at=at, fetched=True)


def _tell_it_is_dead(page: LivePage, *, at: datetime) -> None:
    """Once for each death: the row says when."""
    if not LivePage.objects.filter(pk=page.pk, told_at=None).update(told_at=at):
        return
    source = page.source
    archived = (
        "Its text as it stood is kept, on the page of the source: " + _address(source)
        if source.snapshots.exists()
        else "No text of it is kept. If you have the words, paste them on the page of the source."
    )
    tell(
        desk_of(source.campaign),
        subject=f"A source is gone: {source.title}",
        body=f"{source.url}\n\n{page.said}\n\n{archived}",
        key=f"dead {source.pk} {page.dead_since.isoformat() if page.dead_since else ''}",
        campaign=source.campaign,
        at=at,
    )


def _address(source: Source) -> str:
    return settings.SITE_URL + reverse("source", kwargs={"slug": source.campaign.slug, "pk": source.pk})
