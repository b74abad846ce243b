"""Where milestones that hang on others belong: counted from their bases, a level at a time. Writes nothing.

Each milestone hangs on one base at most: what hangs on one is a tree, and each part of it is counted once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.dates import BadDate, PartialDate, parse
from apps.dates.counting import TooFar
from apps.dates.relative import ANNOUNCED, Counted, count_from
from apps.legislation.holidays import tell_holidays
from apps.legislation.models import Hook, Milestone, Outcome, SittingBreak, TargetDate
from apps.timeline.models import Entry


@dataclass(frozen=True)
class Move:
    """A milestone that does not stand where its base puts it."""

    hook: Hook
    milestone: Milestone
    stands: TargetDate
    counted: Counted

    @property
    def to(self) -> PartialDate:
        return self.counted.date


def stands_at(milestone: Milestone, newest: TargetDate) -> PartialDate:
    """What is counted from: the day it was met, else its target."""
    if milestone.outcome == Outcome.MET and milestone.settled_on:
        return parse(milestone.settled_on.isoformat())
    return parse(newest.date)


def counted_from(hook: Hook, when: PartialDate, breaks: list[SittingBreak]) -> Counted | None:
    """None where it lies beyond what can be counted: then the milestone is left where it is."""
    try:
        return count_from(when, hook.span, breaks)
    except (TooFar, BadDate):
        return None


def calendar_for(hooks: Iterable[Hook]) -> list[SittingBreak]:
    """Read the bank holidays and breaks that counting these needs; answers the breaks."""
    units = {hook.unit for hook in hooks}
    if not units.isdisjoint(ANNOUNCED):
        tell_holidays()
    sits = any(unit.startswith("sitting") for unit in units)
    return list(SittingBreak.objects.all()) if sits else []


def moves_below(bases: Mapping[int, PartialDate], *, lock: bool) -> list[Move]:
    """What hangs directly on these and no longer stands where they put it. Settled ones stay. `lock`: for
    writing; the bases' own entries are locked already, so that no other hook comes meanwhile."""
    hooks = list(Hook.objects.filter(base__in=bases).select_related("base__entry").order_by("milestone_id"))
    if not hooks:
        return []
    ids = [hook.milestone_id for hook in hooks]
    if lock:
        list(Entry.everything.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    milestones = Milestone.everything.select_related("entry__campaign").in_bulk(ids)
    newest = {
        pk: rows[-1] for pk, rows in TargetDate.objects.filter(milestone__in=ids).by_milestone().items()
    }
    breaks = calendar_for(hooks)
    found = []
    for hook in hooks:
        milestone, stands = milestones[hook.milestone_id], newest[hook.milestone_id]
        counted = counted_from(hook, bases[hook.base_id], breaks) if milestone.is_open() else None
        if counted and counted.date.text != stands.date:
            found.append(Move(hook, milestone, stands, counted))
    return found


def hanging_on(ids: list[int]) -> list[int]:
    """All that hangs on these, on that, and so on, the nearest first."""
    found: list[int] = []
    while ids:
        rows = Hook.objects.filter(base__in=ids).order_by("milestone_id")
        ids = list(rows.values_list("milestone_id", flat=True))
        found += ids
    return found


def chain_of(milestone: Milestone) -> list[Milestone]:
    """What it hangs on, what that hangs on, and so on up."""
    chain: list[Milestone] = []
    hook = _hook_of(milestone.pk)
    while hook:
        chain.append(hook.base)
        hook = _hook_of(hook.base_id)
    return chain


def _hook_of(pk: int) -> Hook | None:
    return Hook.objects.select_related("base__entry").filter(milestone=pk).first()


# --- What the ledger says of it ---------------------------------------------------------------------------

UNNAMED = "another milestone"
"""So what a milestone hangs on stands in its ledger: who sees the one need not see the other, or not always.
A page puts the name there for those who may see it, by `TargetDate.follows`."""


def told(hook: Hook) -> str:
    """ "another milestone: 12 weeks after it"."""
    return f"{UNNAMED}: {hook.words} it"
