"""Writing milestones: the entry, its details and the ledger of target dates together.

`by`: None where a program reads it from a provider.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate, parse
from apps.legislation.models import Break, Chamber, Milestone, Outcome, SittingBreak, TargetDate
from apps.legislation.slips import reckon
from apps.sources.models import Source
from apps.timeline.actions import Conflict, Facts, add_entry, edit_entry, lock, place, save_derived
from apps.timeline.models import Entry, Kind, State

FIRST_TARGET = "First target"


@transaction.atomic
def add_milestone(
    *,
    campaign: Campaign,
    facts: Facts,
    by: User | None,
    at: datetime,
    owner: User | None = None,
    reason: str = FIRST_TARGET,
    approved: bool = True,
    met_on: date | None = None,
) -> Milestone:
    """A milestone; the facts' date is its first target. `met_on`: it is told of after the fact, by the facts'
    source. Raises ValidationError for a date without an end."""
    latest = _last_day(facts.date)
    entry = add_entry(campaign=campaign, kind=Kind.MILESTONE, facts=facts, by=by, at=at, approved=approved)
    milestone = Milestone(entry=entry, owner=owner, first_latest=latest, changed_at=at)
    if met_on:
        milestone.outcome, milestone.settled_on = Outcome.MET, met_on
        milestone.settled_source = facts.source
    save_as(by, milestone)
    _record(milestone, facts.date, reason=reason, source=facts.source, correction=False, by=by, at=at)
    return refresh(milestone=milestone, by=by, at=at)


@transaction.atomic
def edit_milestone(
    *, milestone: Milestone, facts: Facts, owner: User | None, version: int, by: User, at: datetime
) -> Milestone:
    """Write everything but the date, which only `revise_target` moves. Raises Conflict where the entry has a
    newer version."""
    stands = lock(milestone.entry, version=version)
    facts = replace(facts, date=parse(stands.date))
    milestone.entry = edit_entry(entry=stands, facts=facts, version=version, by=by)
    milestone.owner = owner
    return refresh(milestone=milestone, by=by, at=at)


@transaction.atomic
def revise_target(
    *,
    milestone: Milestone,
    to: PartialDate,
    reason: str,
    by: User | None,
    at: datetime,
    source: Source | None = None,
    correction: bool = False,
    seen: int | None = None,
) -> TargetDate:
    """Move the target: one more row in the ledger.

    `seen` is the id of the row the person had before them; raises Conflict where a newer one stands.
    Raises ValidationError for the same date again, a date without an end, a settled milestone, or a source
    of another campaign.
    """
    entry = lock(milestone.entry)
    _refuse_foreign(source, entry)
    milestone = Milestone.everything.select_related("entry").get(pk=entry.pk)
    current = current_target(milestone)
    if seen is not None and current.pk != seen:
        raise Conflict(entry)
    if not milestone.is_open():
        raise ValidationError("This milestone is settled. Open it again before moving its date.")
    if to.text == current.date:
        raise ValidationError("That is the target as it stands.")
    row = _record(milestone, to, reason=reason, source=source, correction=correction, by=by, at=at)
    refresh(milestone=milestone, by=by, at=at)
    return row


@transaction.atomic
def settle(
    *,
    milestone: Milestone,
    outcome: Outcome,
    on: date,
    by: User | None,
    at: datetime,
    because: str = "",
    source: Source | None = None,
) -> Milestone:
    """Mark it met, missed, dropped or fallen, on a day. Raises ValidationError for a foreign source."""
    milestone = _locked(milestone)
    _refuse_foreign(source, milestone.entry)
    if outcome == Outcome.UPCOMING:
        return reopen(milestone=milestone, by=by, at=at)
    milestone.outcome, milestone.settled_on = outcome, on
    milestone.settled_because, milestone.settled_source = because, source
    return refresh(milestone=milestone, by=by, at=at)


@transaction.atomic
def reopen(*, milestone: Milestone, by: User | None, at: datetime) -> Milestone:
    """Take an outcome back: the milestone stands at its current target again."""
    milestone = _locked(milestone)
    milestone.outcome, milestone.settled_on = Outcome.UPCOMING, None
    milestone.settled_because, milestone.settled_source = "", None
    return refresh(milestone=milestone, by=by, at=at)


def current_target(milestone: Milestone) -> TargetDate:
    """The newest row of the ledger."""
    newest = milestone.targets.order_by("-recorded_at", "-id").first()
    if newest is None:
        raise TargetDate.DoesNotExist(f"{milestone} has no target")
    return newest


@transaction.atomic
def refresh(*, milestone: Milestone, by: User | None, at: datetime) -> Milestone:
    """Derive again all that follows from the ledger, the outcome and the entry's state."""
    derive(milestone, list(milestone.targets.order_by("recorded_at", "id")), at=at)
    save_derived(entry=milestone.entry, by=by)
    return save_as(by, milestone)


def derive(milestone: Milestone, rows: Sequence[TargetDate], *, at: datetime) -> None:
    """Write into the milestone and its entry what follows from its ledger, oldest first; saves neither."""
    sums = reckon(rows)
    milestone.first_latest, milestone.moves = sums.first_latest, sums.moves
    milestone.changed_at = at
    entry = milestone.entry
    entry.slip_days = sums.slip_days
    target = parse(rows[-1].date)
    due = target.due if milestone.is_open() and entry.state == State.PUBLISHED else None
    met = milestone.settled_on if milestone.outcome == Outcome.MET else None
    place(entry, parse(met.isoformat()) if met else target, due=due)


@transaction.atomic
def record_break(
    *, chamber: Chamber, sort: Break, name: str, first: date, last: date, source: str, by: User | None
) -> SittingBreak:
    """Write down that a chamber does not sit, or put right what is known of its break of that sort from that
    day on: asked twice, it is written once. `by`: None where a program reads it from Parliament.
    Raises ValidationError for one that ends before it begins, has no name, or a source that is no address."""
    rows = SittingBreak.objects.select_for_update()
    row = rows.filter(chamber=chamber, sort=sort, first=first).first()
    row = row or SittingBreak(chamber=chamber, sort=sort, first=first)
    told = (name, last, source)
    if row.pk and (row.name, row.last, row.source) == told:
        return row
    row.name, row.last, row.source = told
    if last < first:
        raise ValidationError({"last": "A break ends on its first day or later."})
    row.clean_fields()
    return save_as(by, row)


def _locked(milestone: Milestone) -> Milestone:
    entry = lock(milestone.entry)
    locked = Milestone.everything.get(pk=entry.pk)
    locked.entry = entry
    return locked


def _refuse_foreign(source: Source | None, entry: Entry) -> None:
    if source is not None and source.campaign_id != entry.campaign_id:
        raise ValidationError(f"“{source}” belongs to another campaign.")


def _last_day(when: PartialDate) -> date:
    if when.latest is None:
        raise ValidationError("A target needs a last day: write “by …” or a date that ends.")
    return when.latest


def _record(
    milestone: Milestone,
    when: PartialDate,
    *,
    reason: str,
    source: Source | None,
    correction: bool,
    by: User | None,
    at: datetime,
) -> TargetDate:
    row = new_target(milestone, when, reason=reason, source=source, correction=correction, by=by, at=at)
    row.save()
    return row


def new_target(
    milestone: Milestone,
    when: PartialDate,
    *,
    by: User | None,
    at: datetime,
    reason: str = FIRST_TARGET,
    source: Source | None = None,
    correction: bool = False,
) -> TargetDate:
    """A row of the ledger, not saved yet. Raises ValidationError for a date without an end."""
    return TargetDate(
        milestone=milestone,
        date=when.text,
        earliest=when.earliest,
        latest=_last_day(when),
        reason=reason,
        source=source,
        correction=correction,
        recorded_by=by,
        recorded_at=at,
    )
