"""Taking texts in, proposing, and deciding. What accepting writes is the caller's to say: it knows the forms
of entries, and the reminders that follow from a milestone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.evidence.figures import BadFigure, long, read_figure, step_of
from apps.health.models import BrokenPromise
from apps.intake.models import CLAIM_LASTS, Article, Decision, Proposal, Reading
from apps.intake.proposing import Found
from apps.intake.texts import digest_of
from apps.sources.actions import add_source, take_snapshot
from apps.sources.models import Source
from apps.timeline.models import Entry, Kind

Fields = dict[str, Any]
MOST_READINGS = 2


class Taken(Exception):
    """Somebody decided first, changed it, or has it to themselves: a sentence that says who. Nothing was
    written."""


class Unread(Exception):
    """A figure that two people must have read, and have not, or not alike: a sentence that says what is
    missing."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A text as it came in. `source` is one that is here already, and may be added to."""

    text: str
    way: str
    title: str
    url: str = ""
    publisher: str = ""
    published: PartialDate | None = None
    author: str = ""
    source: Source | None = None


@transaction.atomic
def take_in(
    *, campaign: Campaign, handed: Handed, found: Sequence[Found], sent: bool, by: User, at: datetime
) -> Article:
    """Keep a text as a snapshot of its source, and propose what was found in it; not `sent`, it waits for
    whoever handed it in to say what of it is worth sending."""
    source = handed.source or add_source(
        campaign=campaign,
        title=handed.title[:300],
        url=handed.url,
        publisher=handed.publisher[:200],
        published=handed.published,
        by=by,
    )
    fetched = handed.way == Article.Way.LINK
    article = Article.objects.create(
        campaign=campaign,
        source=source,
        snapshot=take_snapshot(source=source, text=handed.text, by=by, at=at, fetched=fetched),
        way=handed.way,
        digest=digest_of(handed.text),
        author=handed.author[:200],
        added_by=by,
        added_at=at,
    )
    Proposal.objects.bulk_create(_found(article, one, sent=sent, by=by, at=at) for one in found)
    return article


@transaction.atomic
def add_found(*, article: Article, found: Found, sent: bool, by: User, at: datetime) -> Proposal:
    """What a person marked in the text themselves."""
    proposal = _found(article, found, sent=sent, by=by, at=at)
    proposal.save()
    return proposal


def _found(article: Article, one: Found, *, sent: bool, by: User, at: datetime) -> Proposal:
    return Proposal(
        campaign=article.campaign,
        sort=Proposal.Sort.FOUND,
        kind=one.kind,
        fields=one.fields,
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


def propose_entry(*, campaign: Campaign, kind: str, fields: Fields, by: User, at: datetime) -> Proposal:
    """A new entry that somebody may not add themselves."""
    return Proposal.objects.create(
        campaign=campaign,
        sort=Proposal.Sort.ENTRY,
        kind=kind,
        fields=fields,
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
    again. `was`: what a changed entry holds now in place of these. Raises Taken."""
    row = _lock(proposal, version)
    if row.state == Proposal.State.ACCEPTED:
        raise Taken(_decided(row))
    _refuse_claimed(row, by=by, at=at)
    row.fields = fields
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
def leave_out(*, proposal: Proposal, version: int, by: User, at: datetime) -> None:
    """Taken back by whoever proposed it. Raises Taken."""
    row = _lock(proposal, version)
    if row.state not in (Proposal.State.UNSENT, Proposal.State.WAITING):
        raise Taken(_decided(row))
    _refuse_claimed(row, by=by, at=at)
    row.state = Proposal.State.LEFT
    row.version += 1
    row.save()


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
        proposed=row.fields,
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


def ask_for_two(*, proposal: Proposal, two: bool) -> None:
    """Whether two people must read the figure before it is accepted."""
    rows = Proposal.objects.filter(pk=proposal.pk, kind=Kind.STATISTIC, state=Proposal.State.WAITING)
    rows.update(second_pair=two)


@transaction.atomic
def read(*, proposal: Proposal, typed: str, by: User, at: datetime) -> Reading:
    """What somebody reads in the text, or reads again. Raises BadFigure."""
    figure = read_figure(typed).value
    reading, _ = Reading.objects.update_or_create(
        proposal=proposal, read_by=by, defaults={"figure": figure, "typed": typed[:200], "read_at": at}
    )
    return reading


def agreed(readings: Sequence[Reading]) -> Decimal | None:
    """The figure that two people read alike, if they did; the newest two count."""
    newest = sorted(readings, key=lambda one: one.read_at)[-MOST_READINGS:]
    figures = {one.figure for one in newest}
    return newest[0].figure if len(newest) == MOST_READINGS and len(figures) == 1 else None


def _must_be_read_twice(row: Proposal, made: Fields) -> None:
    if not row.second_pair:
        return
    readings = list(row.readings.all())
    if len(readings) < MOST_READINGS:
        missing = "Two people have" if not readings else "One more person has"
        raise Unread(f"{missing} to read this figure in the text before it is accepted.")
    figure = agreed(readings)
    if figure is None:
        raise Unread("The two who read this figure read it differently. Look again, both of you.")
    try:
        same = read_figure(str(made.get("figure", ""))).value == figure
    except BadFigure:
        same = False
    if not same:
        raise Unread(f"Two people read {long(figure, step_of(figure))}, and that is not what stands here.")
