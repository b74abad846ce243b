"""Writing statistics and quotes: entry and details together."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.evidence.models import Quote, Statistic
from apps.people.models import Post
from apps.sources.models import Snapshot, Source
from apps.timeline.actions import Facts, add_entry, change_state, edit_entry, lock, save_derived, show
from apps.timeline.models import Entry, Kind, State


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a statistic says beyond its entry; see Statistic for the units."""

    measure: str
    figure: Decimal
    unit: str = ""
    hedge: str = ""
    population: str = ""
    area: str = ""
    period: PartialDate | None = None
    next_release: PartialDate | None = None
    baseline: Decimal | None = None
    stated_change: Decimal | None = None


@transaction.atomic
def add_statistic(
    *, campaign: Campaign, facts: Facts, figure: Figure, by: User, at: datetime, approved: bool = True
) -> Statistic:
    entry = add_entry(campaign=campaign, kind=Kind.STATISTIC, facts=facts, by=by, at=at, approved=approved)
    return _save_figure(Statistic(entry=entry), figure, by)


@transaction.atomic
def edit_statistic(
    *, statistic: Statistic, facts: Facts, figure: Figure, version: int, by: User
) -> Statistic:
    """Raises Conflict where the entry has a newer version."""
    statistic.entry = edit_entry(entry=statistic.entry, facts=facts, version=version, by=by)
    return _save_figure(statistic, figure, by)


def _save_figure(statistic: Statistic, figure: Figure, by: User) -> Statistic:
    for name in ("measure", "figure", "unit", "hedge", "population", "area", "baseline", "stated_change"):
        setattr(statistic, name, getattr(figure, name))
    period = figure.period
    statistic.period = period.text if period else ""
    statistic.period_earliest = period.earliest if period else None
    statistic.period_latest = period.latest if period else None
    statistic.next_release = figure.next_release.text if figure.next_release else ""
    return save_as(by, statistic)


@transaction.atomic
def add_quote(
    *,
    campaign: Campaign,
    facts: Facts,
    words: str,
    by: User,
    at: datetime,
    cleared: bool = False,
    approved: bool = True,
) -> Quote:
    """A quote; `cleared` where `by` signs it off in the same breath."""
    entry = add_entry(
        campaign=campaign,
        kind=Kind.QUOTE,
        facts=facts,
        by=by,
        at=at,
        approved=approved,
        ready=at if cleared else None,
    )
    quote = Quote(entry=entry, words=words)
    if cleared:
        quote.cleared_by, quote.cleared_at = by, at
    return _save_words(quote, by)


@transaction.atomic
def edit_quote(*, quote: Quote, facts: Facts, words: str, version: int, by: User) -> Quote:
    """Write new facts and words. Words that changed, or another speaker, must be cleared again: the sign-off
    was of what stood before. Raises Conflict where the entry has a newer version."""
    entry = lock(quote.entry, version=version)
    quote = Quote.everything.select_related("entry").get(pk=entry.pk)
    same = (quote.words, entry.person, entry.organisation) == (words, facts.person, facts.organisation)
    if not same:
        quote.cleared_by = quote.cleared_at = None
    quote.words = words
    quote.entry = edit_entry(entry=entry, facts=facts, version=version, by=by, ready=quote.cleared_at)
    return _save_words(quote, by)


def _save_words(quote: Quote, by: User | None) -> Quote:
    quote.post = _post_held(quote.entry)
    found = _find_words(quote.words, quote.entry.source)
    quote.snapshot, quote.start, quote.end = found or (None, None, None)
    return save_as(by, quote)


def _post_held(entry: Entry) -> Post | None:
    """The post the speaker held that day; where there are several, the one in the organisation named."""
    if entry.person_id is None:
        return None
    posts = list(Post.objects.filter(person_id=entry.person_id).held_on(entry.placed))
    for post in posts:
        if post.organisation_id is not None and post.organisation_id == entry.organisation_id:
            return post
    return posts[0] if len(posts) == 1 else None


def _find_words(words: str, source: Source | None) -> tuple[Snapshot, int, int] | None:
    """The newest snapshot of the source that holds the words to the letter, and where."""
    for snapshot in source.snapshots.all() if source else ():
        start = snapshot.text.find(words)
        if start >= 0:
            return snapshot, start, start + len(words)
    return None


@transaction.atomic
def find_quotes_again(*, source: Source, by: User) -> None:
    """After a new snapshot: look for the words of every quote of the source."""
    quotes = Quote.everything.filter(entry__source=source, snapshot=None).select_related("entry__source")
    for quote in quotes.iterator(chunk_size=500):
        if _find_words(quote.words, source):
            _save_words(quote, by)


@transaction.atomic
def clear_quote(*, quote: Quote, version: int, by: User, at: datetime) -> Quote:
    """Sign the quote off: from now readers may see it, embargo apart. Raises Conflict where the words on the
    reader's page are no longer those that stand."""
    entry = lock(quote.entry, version=version)
    quote = Quote.everything.get(pk=entry.pk)
    quote.cleared_by, quote.cleared_at = by, at
    return _save_clearance(quote, entry, by)


@transaction.atomic
def revoke_clearance(*, quote: Quote, by: User) -> Quote:
    """Take the sign-off back: from now only staff see the quote."""
    entry = lock(quote.entry)
    quote = Quote.everything.get(pk=entry.pk)
    quote.cleared_by = quote.cleared_at = None
    return _save_clearance(quote, entry, by)


def _save_clearance(quote: Quote, entry: Entry, by: User) -> Quote:
    show(entry, ready=quote.cleared_at)
    quote.entry = save_derived(entry=entry, by=by)
    return save_as(by, quote)


def ready_from(entry: Entry) -> datetime | None:
    """From when readers may see it, embargo apart: a quote from its clearance, the rest from the start."""
    return entry.quote.cleared_at if entry.kind == Kind.QUOTE else entry.recorded_at


@transaction.atomic
def set_state(*, entry: Entry, state: State, by: User) -> Entry:
    """Approve, withdraw or restore an entry of any kind."""
    entry = lock(entry)  # as it stands: a clearance taken back since the page was read must not show a quote
    return change_state(entry=entry, state=state, ready=ready_from(entry), by=by)
