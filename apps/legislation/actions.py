"""Writing milestones: the entry, its details and the ledger of target dates together.

`by`: None where a program reads it from a provider.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import delete_as, save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate, parse
from apps.legislation.hooks import (
    Move,
    calendar_for,
    counted_from,
    moves_below,
    stands_at,
    told,
)
from apps.legislation.models import Break, Chamber, Hook, Milestone, Outcome, SittingBreak, TargetDate
from apps.legislation.slips import reckon
from apps.sources.models import Source
from apps.timeline.actions import Conflict, Facts, add_entry, edit_entry, lock, place, save_derived
from apps.timeline.models import Entry, Kind, State

FIRST_TARGET = "First target"


class Hooked(ValidationError):
    """Its date hangs on another milestone's, and is not moved by hand."""

    def __init__(self) -> None:
        super().__init__(
            "Its date follows another milestone’s. Move that one, or say first that it no longer follows."
        )


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
        milestone.outcome, milestone.settled_on, milestone.settled_at = Outcome.MET, met_on, at
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
    unhook: bool = False,
) -> TargetDate:
    """Move the target: one more row in the ledger. What hangs on it follows.

    `seen` is the id of the row the person had before them; raises Conflict where a newer one stands.
    Raises ValidationError for the same date again, a date without an end, a settled milestone, or a source
    of another campaign; Hooked for one that hangs on another, unless `unhook` takes it off there.
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
    if hook := Hook.objects.filter(milestone=milestone).first():
        if not unhook:
            raise Hooked
        delete_as(by, hook)
    row = _record(milestone, to, reason=reason, source=source, correction=correction, by=by, at=at)
    refresh(milestone=milestone, by=by, at=at)
    follow(milestone=milestone, by=by, at=at, correction=correction)
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
    """Mark it met, missed, dropped or fallen, on a day. Once met, what hangs on it is counted from that day.
    Raises ValidationError for a foreign source."""
    milestone = _locked(milestone)
    _refuse_foreign(source, milestone.entry)
    if outcome == Outcome.UPCOMING:
        return reopen(milestone=milestone, by=by, at=at)
    if milestone.outcome != outcome:  # another day of the same was known to have been met before
        milestone.settled_at = at
    milestone.outcome, milestone.settled_on = outcome, on
    milestone.settled_because, milestone.settled_source = because, source
    refresh(milestone=milestone, by=by, at=at)
    follow(milestone=milestone, by=by, at=at)
    return milestone


@transaction.atomic
def reopen(*, milestone: Milestone, by: User | None, at: datetime) -> Milestone:
    """Take an outcome back: the milestone stands at its current target again, or where it hangs now. What
    hangs on it goes back, as a correction."""
    milestone = _locked(milestone)
    milestone.outcome, milestone.settled_on, milestone.settled_at = Outcome.UPCOMING, None, None
    milestone.settled_because, milestone.settled_source = "", None
    refresh(milestone=milestone, by=by, at=at)
    follow(milestone=milestone, by=by, at=at, correction=True)
    if hook := Hook.objects.select_related("base__entry").filter(milestone=milestone).first():
        bring_back(hook=hook, by=by, at=at)
    return milestone


# --- What hangs on another --------------------------------------------------------------------------------


@transaction.atomic
def follow(*, milestone: Milestone, by: User | None, at: datetime, correction: bool = False) -> None:
    """Bring all that hangs on it, on that, and so on, to where it belongs. Each that moves has a row in its
    ledger that tells what it follows; a correction corrects them too."""
    if not Hook.objects.filter(base=milestone).exists():
        return
    bases = {milestone.pk: stands_at(milestone, current_target(milestone))}
    while bases:
        moves = moves_below(bases, lock=True)
        for move in moves:
            bring(move, f"Follows {told(move.hook)}", correction, by, at)
        bases = {move.milestone.pk: move.to for move in moves}


def bring(move: Move, reason: str, correction: bool, by: User | None, at: datetime) -> None:
    """Write one such move. Whatever clock it was told by, its row is the newest."""
    hook, milestone, at = move.hook, move.milestone, max(at, move.stands.recorded_at)
    keep_left_out(move.hook, move, by)
    row = new_target(
        milestone,
        move.to,
        reason=reason,
        correction=correction,
        by=by,
        at=at,
    )
    row.follows = hook.base
    row.save()
    refresh(milestone=milestone, by=by, at=at)


def keep_left_out(hook: Hook, move: Move, by: User | None) -> None:
    left_out = [[day.isoformat(), name] for day, name in move.counted.left_out]
    if hook.left_out != left_out:
        hook.left_out = left_out
        save_as(by, hook)


@transaction.atomic
def bring_back(
    *, hook: Hook, by: User | None, at: datetime, reason: str = "", correction: bool = False
) -> Move | None:
    """Count one milestone from its base again, and bring it there with all that hangs on it; None where it
    stands there, is settled, or cannot be counted. Raises ValidationError for none of these."""
    milestone = _locked(hook.milestone)
    stands = current_target(milestone)
    base = hook.base
    when = stands_at(base, current_target(base))
    counted = counted_from(hook, when, calendar_for([hook])) if milestone.is_open() else None
    if counted is None:
        return None
    move = Move(hook, milestone, stands, counted)
    if counted.date.text == stands.date:
        keep_left_out(hook, move, by)
        return None
    bring(move, reason or f"Follows {told(hook)}", correction, by, at)
    follow(milestone=milestone, by=by, at=at, correction=correction)
    return move


# --- The ledger -------------------------------------------------------------------------------------------


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
