"""The timeline as it was known on a day: what had been recorded by then, and targets as they stood.

Who may see what is decided as of now, by whoever hands the entries in. The ledger of target dates is
append-only, so it can be read up to any moment; a milestone is taken as settled from the moment that was
recorded.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from apps.dates import parse
from apps.legislation.models import Outcome, TargetDate
from apps.legislation.slips import reckon
from apps.timeline.actions import place
from apps.timeline.models import Entry, Kind, State

THEN = "then"
"""The day under which an entry was filed then, as `known_at` adds it to entries."""


def known_at(entries: QuerySet[Entry], at: datetime) -> QuerySet[Entry]:
    """Those of the entries that had been recorded by that moment, each with the day it stood under then."""
    newest = TargetDate.objects.filter(milestone=OuterRef("pk"), recorded_at__lte=at)
    target = newest.order_by("-recorded_at", "-id").values(of=Coalesce("earliest", "latest"))[:1]
    met = Q(kind=Kind.MILESTONE, milestone__outcome=Outcome.MET, milestone__settled_at__lte=at)
    moved = Q(kind=Kind.MILESTONE)
    then = Case(
        When(met, then=F("milestone__settled_on")),
        When(moved, then=Coalesce(Subquery(target), F("placed"))),
        default=F("placed"),
    )
    return entries.filter(recorded_at__lte=at).annotate(**{THEN: then})


def rewind(entries: Iterable[Entry], at: datetime) -> list[Entry]:
    """These entries, their milestones set back to what they were at that moment. Nothing is to be saved."""
    rows = list(entries)
    milestones = [entry.pk for entry in rows if entry.kind == Kind.MILESTONE]
    ledgers = TargetDate.objects.filter(milestone__in=milestones, recorded_at__lte=at).by_milestone()
    for entry in rows:
        if ledger := ledgers.get(entry.pk):
            _set_back(entry, ledger, at)
    return rows


def _set_back(entry: Entry, ledger: Sequence[TargetDate], at: datetime) -> None:
    milestone, sums, target = entry.milestone, reckon(ledger), parse(ledger[-1].date)
    if milestone.settled_at and milestone.settled_at > at:
        milestone.outcome, milestone.settled_on, milestone.settled_at = Outcome.UPCOMING, None, None
        milestone.settled_because, milestone.settled_source = "", None
    milestone.first_latest, milestone.moves = sums.first_latest, sums.moves
    met = milestone.settled_on if milestone.outcome == Outcome.MET else None
    due = target.due if milestone.is_open() and entry.state == State.PUBLISHED else None
    place(entry, parse(met.isoformat()) if met else target, due=due)
    entry.slip_days = sums.slip_days


def revisions_around(
    milestones: QuerySet[Entry], at: datetime, *, since: datetime
) -> tuple[TargetDate | None, TargetDate | None]:
    """The last target recorded before the day that runs from `since` to `at`, and the first after it."""
    theirs = TargetDate.objects.filter(milestone__in=milestones.values("pk"))
    theirs = theirs.select_related("milestone__entry")
    before = theirs.filter(recorded_at__lt=since).order_by("-recorded_at", "-id").first()
    after = theirs.filter(recorded_at__gt=at).order_by("recorded_at", "id").first()
    return before, after
