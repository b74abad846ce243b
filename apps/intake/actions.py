"""Taking texts in, proposing, and deciding. What accepting writes is the caller's to say: it knows the forms
of entries, and the reminders that follow from a milestone."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.evidence import files
from apps.evidence.comparing import find
from apps.evidence.figures import BadFigure, long, read_figure, step_of
from apps.health.models import BrokenPromise
from apps.intake.likeness import ALIKE, bands_of, share_of, threes_of
from apps.intake.models import CLAIM_LASTS, Article, Band, Decision, Pair, Photo, Proposal, Reading
from apps.intake.proposing import Found
from apps.intake.texts import digest_of
from apps.sources.actions import add_source, keep_original, take_snapshot
from apps.sources.models import Source
from apps.timeline.models import Entry, Kind

Fields = dict[str, Any]
READERS = 2
MOST_COMPARED, MOST_READ = 200, 5
"""Of texts that may be alike: how many are asked about, and how many are read to see."""


class Taken(Exception):
    """Somebody decided first, changed it, or has it to themselves: a sentence that says who. Nothing was
    written."""


class Known(Exception):
    """The same words are here already: `article` is the text that has them. Nothing was written."""

    def __init__(self, article: Article) -> None:
        super().__init__("This text is here already.")
        self.article = article


class Unread(Exception):
    """A figure that two people must have read, and have not, or not alike: a sentence that says what is
    missing."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A text as it came in, or an `excerpt` of one. `source` is one that is here already, and may be added
    to; `original` is the page as it came, of that `kind`, where the site itself fetched it."""

    text: str
    way: str
    title: str
    url: str = ""
    publisher: str = ""
    published: PartialDate | None = None
    author: str = ""
    source: Source | None = None
    excerpt: bool = False
    kind: str = ""
    original: bytes = b""


@transaction.atomic
def take_in(
    *,
    campaign: Campaign,
    handed: Handed,
    found: Sequence[Found],
    sent: bool,
    by: User | None,
    at: datetime,
    among: QuerySet[Article] | None = None,
) -> Article:
    """Keep a text as a snapshot of its source, and propose what was found in it; not `sent`, it waits for
    whoever handed it in to say what of it is worth sending. `by`: None where the site found it itself.

    Raises Known where the same words are `among` those texts, also where they came in this very moment.
    """
    if among is not None:
        # Those who hand in the same text at once come one after the other, and the second finds the first's.
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        if known := known_among(among, handed.text):
            raise Known(known)
    source = handed.source or add_source(
        campaign=campaign,
        title=handed.title[:300],
        url=handed.url,
        publisher=handed.publisher[:200],
        published=handed.published,
        by=by,
    )
    snapshot = take_snapshot(
        source=source,
        text=handed.text,
        by=by,
        at=at,
        fetched=handed.way in (Article.Way.LINK, Article.Way.FEED),
        excerpt=handed.excerpt or _stands_in(handed.text, source),
    )
    if handed.original:
        keep_original(snapshot=snapshot, kind=handed.kind, content=handed.original, at=at)
    article = Article.objects.create(
        campaign=campaign,
        source=source,
        snapshot=snapshot,
        way=handed.way,
        digest=digest_of(handed.text),
        author=handed.author[:200],
        added_by=by,
        added_at=at,
    )
    keys = bands_of(threes_of(handed.text), campaign=campaign.pk)
    Band.objects.bulk_create(Band(article=article, key=key) for key in keys)
    Proposal.objects.bulk_create(_found(article, one, sent=sent, by=by, at=at) for one in found)
    return article


def known_among(articles: QuerySet[Article], text: str) -> Article | None:
    """The first of these texts that has the same words."""
    rows = articles.filter(digest=digest_of(text)).select_related("source", "added_by")
    return rows.order_by("id").first()


@dataclass(frozen=True)
class Like:
    """A text that is here already and nearly the same: `share` of the two, from 0 to 1, is in both."""

    article: Article
    share: float

    @property
    def per_cent(self) -> int:
        return round(100 * self.share)


def like_among(articles: QuerySet[Article], campaign: Campaign, text: str) -> Like | None:
    """The one of these texts of the campaign that is most like this, where one is."""
    threes = threes_of(text)
    keys = bands_of(threes, campaign=campaign.pk)
    shared = Band.objects.filter(key__in=keys).values("article").annotate(count=Count("pk"))
    counts = dict(shared.order_by("-count", "article").values_list("article", "count")[:MOST_COMPARED])
    seen = articles.filter(pk__in=counts).values_list("pk", flat=True)
    likely = sorted(seen, key=lambda pk: (-counts[pk], pk))[:MOST_READ]
    rows = articles.filter(pk__in=likely).select_related("source", "added_by", "snapshot")
    found = [Like(row, share_of(threes, threes_of(row.snapshot.text))) for row in rows]
    best = max(found, key=lambda one: (one.share, -one.article.pk), default=None)
    return best if best and best.share >= ALIKE else None


def _stands_in(text: str, source: Source) -> bool:
    """Whether it is a part of the newest text that is kept of its source."""
    newest = source.snapshots.whole().first()
    return newest is not None and text != newest.text and find(text, newest.text) is not None


@transaction.atomic
def add_found(*, article: Article, found: Found, sent: bool, by: User, at: datetime) -> Proposal:
    """What a person marked in the text themselves."""
    proposal = _found(article, found, sent=sent, by=by, at=at)
    proposal.save()
    return proposal


def _found(article: Article, one: Found, *, sent: bool, by: User | None, at: datetime) -> Proposal:
    return Proposal(
        campaign=article.campaign,
        sort=Proposal.Sort.FOUND,
        kind=one.kind,
        fields=one.fields,
        proposed=one.fields,
        article=article,
        start=one.start,
        end=one.end,
        rule=one.rule,
        confidence=one.confidence,
        check_said=one.check_said,
        working=one.working,
        state=Proposal.State.WAITING if sent else Proposal.State.UNSENT,
        proposed_by=by,
        proposed_at=at,
    )


def propose_entry(
    *, campaign: Campaign, kind: str, fields: Fields, by: User | None, at: datetime
) -> Proposal:
    """A new entry that somebody may not add themselves. `by`: None where the site found it itself."""
    return Proposal.objects.create(
        campaign=campaign,
        sort=Proposal.Sort.ENTRY,
        kind=kind,
        fields=fields,
        proposed=fields,
        proposed_by=by,
        proposed_at=at,
    )


def propose_change(
    *, entry: Entry, fields: Fields, was: Fields, version: int, by: User, at: datetime
) -> Proposal:
    """Other words for an entry, at the version they were written against. `fields` are those that differ."""
    return Proposal.objects.create(
        campaign=entry.campaign,
        sort=Proposal.Sort.CHANGE,
        kind=entry.kind,
        fields=fields,
        proposed=fields,
        was=was,
        entry=entry,
        entry_version=version,
        proposed_by=by,
        proposed_at=at,
    )


def gather_lines(*, at: datetime) -> int:
    """Put each drafted line that waits into the queue, once. Answers how many are new."""
    known = Proposal.objects.exclude(line=None).values("line")
    lines = BrokenPromise.objects.waiting(at=at).exclude(pk__in=known)
    rows = [
        Proposal(
            campaign_id=line.campaign_id,
            sort=Proposal.Sort.LINE,
            kind=Kind.UPDATE,
            line=line,
            proposed_at=at,
        )
        for line in lines
    ]
    Proposal.objects.bulk_create(rows, ignore_conflicts=True)  # another tick may be at it, too
    return len(rows)


def line_decided(
    *, line: BrokenPromise, entry: Entry | None, because: str = "", by: User, at: datetime
) -> None:
    """Note on a line's place in the queue, if it has one yet, what was decided where lines are decided: it
    became `entry`, or was dismissed `because`. Within the transaction that does so."""
    row = Proposal.objects.select_for_update().filter(line=line, state=Proposal.State.WAITING).first()
    if row is not None:
        outcome = Decision.Outcome.ACCEPTED if entry else Decision.Outcome.REJECTED
        _decide(row, outcome, made={}, because=because, entry=entry, by=by, at=at)


# --- Photographs --------------------------------------------------------------------------------------------


@contextmanager
def keeping(photo: bytes | None) -> Iterator[str]:
    """The name under which a photo is kept while what it belongs to is written; where nothing is, neither is
    the photo."""
    stored = files.keep("photo.jpg", photo)[0] if photo else ""
    try:
        yield stored
    finally:
        if not Photo.objects.filter(stored=stored).exists():
            files.forget(stored)


def add_photo(
    *, stored: str, by: User, at: datetime, proposal: Proposal | None = None, entry: Entry | None = None
) -> Photo:
    """Put a kept photo beside what came with it."""
    return Photo.objects.create(stored=stored, proposal=proposal, entry=entry, added_by=by, added_at=at)


# --- Sending and changing, by whoever proposed --------------------------------------------------------------


@transaction.atomic
def send(*, article: Article, keep: Iterable[int], by: User, at: datetime) -> int:
    """Send these of a text's proposals for review, and leave out the rest. Answers how many were sent."""
    own = Proposal.objects.select_for_update().filter(
        article=article, proposed_by=by, state=Proposal.State.UNSENT
    )
    wanted = set(keep)
    ids = list(own.values_list("pk", flat=True))
    chosen = [pk for pk in ids if pk in wanted]
    rows = Proposal.objects.filter(pk__in=ids)
    rows.exclude(pk__in=chosen).update(state=Proposal.State.LEFT)
    rows.filter(pk__in=chosen).update(state=Proposal.State.WAITING, proposed_at=at)
    return len(chosen)


@transaction.atomic
def revise(
    *,
    proposal: Proposal,
    fields: Fields,
    version: int,
    at: datetime,
    by: User,
    span: tuple[int, int] | None = None,
    was: Fields | None = None,
) -> Proposal:
    """Write it anew, by whoever proposed it or reviews it; one that was not accepted goes back to be decided
    again. What was first proposed is kept, unless its proposer writes their own words anew. `was`: what a
    changed entry holds now in place of these. Raises Taken."""
    row = _lock(proposal, version)
    if row.state == Proposal.State.ACCEPTED:
        raise Taken(_decided(row))
    _refuse_claimed(row, by=by, at=at)
    row.fields = fields
    if row.proposed_by_id == by.pk and row.is_written():
        row.proposed = fields
    if was is not None:
        row.was = was
    if span:
        row.start, row.end = span
    if row.state in (Proposal.State.REJECTED, Proposal.State.LEFT):
        row.state = Proposal.State.WAITING
    row.version += 1
    row.save()
    return row


@transaction.atomic
def found_anew(*, proposal: Proposal, fields: Fields, at: datetime) -> bool:
    """What the site itself proposed is told otherwise now. Answers whether it was written: not where somebody
    has decided, or wrote it anew."""
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.state != Proposal.State.WAITING or row.fields != row.proposed:
        return False
    row.fields = row.proposed = fields
    row.version += 1
    row.save()
    return True


@transaction.atomic
def leave_out(*, proposal: Proposal, version: int, by: User, at: datetime) -> None:
    """Taken back by whoever proposed it. Raises Taken."""
    row = _lock(proposal, version)
    if row.state not in (Proposal.State.UNSENT, Proposal.State.WAITING):
        raise Taken(_decided(row))
    _refuse_claimed(row, by=by, at=at)
    row.state = Proposal.State.LEFT
    row.version += 1
    row.save()
    if photo := Photo.objects.filter(proposal=row).first():
        photo.delete()  # and its file: see apps.py


# --- The queue ----------------------------------------------------------------------------------------------


@transaction.atomic
def claim(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """Have it to oneself for a while. Raises Taken where somebody else has, or it is decided."""
    row = Proposal.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=proposal.pk)
    if row.state != Proposal.State.WAITING:
        raise Taken(_decided(row))
    _refuse_claimed(row, by=by, at=at)
    row.claimed_by, row.claimed_until = by, at + CLAIM_LASTS
    row.save(update_fields=["claimed_by", "claimed_until"])
    return row


def release(*, proposal: Proposal, by: User) -> None:
    """Give it back to everybody."""
    Proposal.objects.filter(pk=proposal.pk, claimed_by=by).update(claimed_by=None, claimed_until=None)


def assign(*, proposals: Iterable[Proposal], to: User | None) -> int:
    """Say who should decide; anybody who may still can."""
    ids = [proposal.pk for proposal in proposals]
    return Proposal.objects.filter(pk__in=ids, state=Proposal.State.WAITING).update(assignee=to)


@transaction.atomic
def accept(
    *,
    proposal: Proposal,
    write: Callable[[], Entry],
    made: Fields,
    version: int,
    by: User,
    at: datetime,
    because: str = "",
    span: tuple[int, int] | None = None,
) -> Decision:
    """Make an entry of it: `write` writes, in the same transaction, once it is sure that nobody was first.

    `made` is what is written, as typed; `span` where its words stand in the text, if that was put right.
    Raises Taken, Unread, and whatever `write` does.
    """
    row = _waiting(proposal, version, by=by, at=at)
    _must_be_read_twice(row, made)
    if span:
        row.start, row.end = span
    entry = write()
    Photo.objects.filter(proposal=row, entry=None).update(entry=entry)
    return _decide(row, Decision.Outcome.ACCEPTED, made=made, because=because, entry=entry, by=by, at=at)


@transaction.atomic
def reject(*, proposal: Proposal, because: str, version: int, by: User, at: datetime) -> Decision:
    """Raises Taken."""
    row = _waiting(proposal, version, by=by, at=at)
    return _decide(row, Decision.Outcome.REJECTED, made={}, because=because, entry=None, by=by, at=at)


def _decide(
    row: Proposal, outcome: str, *, made: Fields, because: str, entry: Entry | None, by: User, at: datetime
) -> Decision:
    row.state = Proposal.State.ACCEPTED if outcome == Decision.Outcome.ACCEPTED else Proposal.State.REJECTED
    row.claimed_by = row.claimed_until = None
    row.version += 1
    row.save()
    return Decision.objects.create(
        proposal=row,
        outcome=outcome,
        proposed=row.proposed,
        made=made,
        because=because,
        entry=entry,
        decided_by=by,
        decided_at=at,
    )


def _lock(proposal: Proposal, version: int) -> Proposal:
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.version != version:
        raise Taken(_decided(row) if row.decisions.exists() else CHANGED)
    return row


def _waiting(proposal: Proposal, version: int, *, by: User, at: datetime) -> Proposal:
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.state != Proposal.State.WAITING:
        raise Taken(_decided(row))
    if row.version != version:
        raise Taken(CHANGED)
    _refuse_claimed(row, by=by, at=at)
    return row


CHANGED = "It was changed since you opened it. Nothing was written: look at how it stands now, then decide."


def _refuse_claimed(row: Proposal, *, by: User, at: datetime) -> None:
    if row.is_claimed_from(by.pk, at):
        assert row.claimed_by is not None and row.claimed_until is not None
        until = row.claimed_until.astimezone(row.campaign.zone)
        raise Taken(
            f"{row.claimed_by.name} is looking at this one, and has it until {until:%H:%M}. "
            "Nothing was written: go on with another, or ask them."
        )


def _decided(row: Proposal) -> str:
    newest = row.decisions.select_related("decided_by").order_by("-id").first()
    if newest is None:
        return "It is not waiting any more: whoever proposed it took it back. Nothing was written."
    who = newest.decided_by.name if newest.decided_by else "Somebody"
    when = newest.decided_at.astimezone(row.campaign.zone)
    verb = "accepted" if newest.outcome == Decision.Outcome.ACCEPTED else "did not accept"
    return f"{who} {verb} this one at {when:%H:%M}. Nothing was written twice."


# --- A second pair of eyes ----------------------------------------------------------------------------------


@transaction.atomic
def ask_for_two(*, proposal: Proposal, two: bool, by: User, at: datetime, because: str = "") -> None:
    """Say whether two people must read the figure before it is accepted; that one is enough needs a reason.
    Asked twice for the same, it is said once. Raises Taken where it is decided, or somebody has it."""
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.state != Proposal.State.WAITING:
        raise Taken(_decided(row))
    _refuse_claimed(row, by=by, at=at)
    if row.second_pair == two:
        return
    Pair.objects.create(proposal=row, two=two, because=because, said_by=by, said_at=at)
    row.second_pair = two
    row.save(update_fields=["second_pair"])


@transaction.atomic
def read(*, proposal: Proposal, typed: str, by: User, at: datetime) -> Reading:
    """What somebody reads in the text. They may put it right until a second person has read it.

    Raises BadFigure, and Taken where it is decided or they have seen what another read.
    """
    figure = read_figure(typed).value
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)  # one at a time: who is second, sees
    if row.state != Proposal.State.WAITING:
        raise Taken(_decided(row))
    readings = {one.read_by_id: one for one in row.readings.all()}
    own = readings.get(by.pk)
    if own is None:
        own = Reading(proposal=row, read_by=by)
    elif are_shown(readings.values(), by):
        raise Taken(
            f"You read {own.typed}, and have seen by now what others read: that stands as it is. "
            "Where they differ, somebody else has to read it."
        )
    own.figure, own.typed, own.read_at = figure, typed[:200], at
    own.save()
    return own


def are_shown(readings: Collection[Reading], to: User) -> bool:
    """Whether somebody may see how others read it: not before they have read it themselves."""
    return len(readings) >= READERS and any(one.read_by_id == to.pk for one in readings)


def agreed(readings: Iterable[Reading]) -> Decimal | None:
    """The figure that two people read alike, if two did."""
    figures = Counter(one.figure for one in readings)
    return next((figure for figure, count in figures.items() if count >= READERS), None)


def _must_be_read_twice(row: Proposal, made: Fields) -> None:
    if not row.second_pair:
        return
    readings = list(row.readings.all())
    if len(readings) < READERS:
        missing = "Two people have" if not readings else "One more person has"
        raise Unread(f"{missing} to read this figure in the text before it is accepted.")
    figure = agreed(readings)
    if figure is None:
        raise Unread("Those who read this figure read it differently. Somebody else has to read it.")
    try:
        same = read_figure(str(made.get("figure", ""))).value == figure
    except BadFigure:
        same = False
    if not same:
        raise Unread(f"Two people read {long(figure, step_of(figure))}, and that is not what stands here.")
