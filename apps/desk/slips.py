"""The ledger of slips: how often the targets of a campaign moved, by how much, and whose they are.

All of it starts from the gate: what a reader may not see stands in no row and in no sum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from apps.campaigns.access import Access
from apps.dates import days
from apps.desk import following, visible
from apps.desk.phrases import is_late, stands, times
from apps.legislation.models import Bill, TargetDate
from apps.legislation.slips import Revision, revisions
from apps.timeline.models import Entry, Kind, State
from apps.timeline.paging import Order

PAGE = 25
MOST_REVISIONS = 12
"""Revisions of one milestone that a page shows, the newest; its own page and the exports have all."""
MOST_GROUPS = 100
WORST = Order("slip_days", descending=True, of=int)
BILL, ORGANISATION, PERSON = "bill", "organisation", "person"
GROUPS = {
    BILL: "By bill",
    ORGANISATION: "By department or body",
    PERSON: "By person",
}


def milestones(access: Access) -> QuerySet[Entry]:
    """Those that are on the timeline: drafts and what was withdrawn slipped for nobody."""
    return visible.entries(access).filter(kind=Kind.MILESTONE, state=State.PUBLISHED)


def with_names(found: QuerySet[Entry]) -> QuerySet[Entry]:
    """All that the ledger says of a milestone, in the same query."""
    return found.select_related("campaign", "person", "organisation", "milestone__step__bill").defer("note")


# --- Milestones with their revisions ----------------------------------------------------------------------


@dataclass(frozen=True)
class Slip:
    """A milestone and what moved its target, oldest first. `cut`: there are more, before these."""

    entry: Entry
    access: Access
    told: Sequence[Revision[TargetDate]]
    cut: bool = False

    @property
    def bill(self) -> Bill | None:
        step = getattr(self.entry.milestone, "step", None)
        return step.bill if step else None

    @property
    def hidden(self) -> bool:
        return self.entry.is_hidden(self.access.at)

    @property
    def moved(self) -> list[Revision[TargetDate]]:
        return [each for each in self.told if each.before]

    @cached_property
    def said(self) -> str:
        return slipped(self.entry.milestone.moves, self.entry.slip_days or 0)

    @cached_property
    def stands(self) -> str:
        """How it stands, where that is not merely to come."""
        return stands(self.entry, self.access.today)

    @property
    def is_late(self) -> bool:
        return is_late(self.entry, self.access.today)


def slipped(moves: int, slip: int) -> str:
    """ "Slipped 3 times, 664 days", "Brought forward once, 42 days"."""
    if not moves:
        return "Not moved"
    if not slip:
        return f"Moved {times(moves)}, by 0 days in all"
    return f"{'Slipped' if slip > 0 else 'Brought forward'} {times(moves)}, {days(abs(slip))}"


def slips_of(entries: Sequence[Entry], access: Access, *, most: int | None = MOST_REVISIONS) -> list[Slip]:
    """Each with its newest revisions: one query. `most`: None for all of them."""
    rows = TargetDate.objects.filter(milestone__in=[entry.pk for entry in entries])
    rows = rows.select_related("source", "recorded_by")
    if most is not None:
        newest = Window(RowNumber(), partition_by=F("milestone"), order_by=["-recorded_at", "-id"])
        rows = rows.annotate(newest=newest).filter(newest__lte=most + 2)  # one that moved first, and one more
    ledgers = rows.by_milestone()
    return [_slip(entry, access, ledgers.get(entry.pk, []), most) for entry in entries]


def _slip(entry: Entry, access: Access, ledger: list[TargetDate], most: int | None) -> Slip:
    cut = most is not None and len(ledger) > most + 1
    told = revisions(ledger[1:] if cut else ledger)
    return Slip(entry, access, told, cut)


def pages_of(found: QuerySet[Entry], *, size: int) -> Iterator[list[Entry]]:
    """All of them, the worst first, so many at a time: by key, however many there are."""
    after = None
    while rows := WORST.take(found, count=size, beyond=after):
        yield rows
        after = WORST.cursor_of(rows[-1])


# --- Sums -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sums:
    """Of several milestones: how many, how often they moved, the days of all added up, and of the worst."""

    count: int = 0
    moves: int = 0
    days: int = 0
    worst: int = 0

    @property
    def said(self) -> str:
        return slipped(self.moves, self.days)


def sums_of(found: QuerySet[Entry]) -> Sums:
    return Sums(**{name: value or 0 for name, value in found.order_by().aggregate(**_sums()).items()})


def _sums() -> dict[str, Any]:
    return {
        "count": Count("pk"),
        "moves": Sum("milestone__moves"),
        "days": Sum("slip_days"),
        "worst": Max("slip_days"),
    }


def sentence_of(sums: Sums, worst: Entry | None) -> str:
    """The conclusion, before anything else."""
    if worst is None or sums.worst <= 0:
        return "Nothing here has slipped."
    if sums.count == 1:
        return f"“{worst.headline}” slipped {times(worst.milestone.moves)}, {days(sums.worst)}."
    together = f"{sums.count:,} milestones moved {times(sums.moves)}."
    return f"{together} The worst: “{worst.headline}”, {days(sums.worst)}."


@dataclass(frozen=True)
class Group:
    """What a bill, body or person let slip. `query` narrows the ledger to it."""

    name: str
    address: str
    sums: Sums
    query: dict[str, str] = field(default_factory=dict)


def groups_of(found: QuerySet[Entry], access: Access, by: str) -> tuple[list[Group], bool]:
    """The worst first, and whether there are more than are shown."""
    if by == BILL:
        sums, rows = _bills(found, access)
    else:
        sums = _added_up(found, by)
        seen: QuerySet[Any] = visible.organisations(access) if by == ORGANISATION else visible.persons(access)
        rows = {row.pk: row for row in seen.filter(pk__in=_worst(sums))}
    groups = [_group(rows[pk], by, sums[pk], access) for pk in _worst(sums) if pk in rows]
    return groups, len(sums) > MOST_GROUPS


def _added_up(found: QuerySet[Entry], key: str) -> dict[int, Sums]:
    rows = found.filter(**{f"{key}__isnull": False}).order_by().values(key).annotate(**_sums())
    return {row.pop(key): Sums(**{name: value or 0 for name, value in row.items()}) for row in rows}


def _bills(found: QuerySet[Entry], access: Access) -> tuple[dict[int, Sums], dict[int, Bill]]:
    """Of a bill count the days of its stages, and the promise made of it."""
    bills = following.bills(access)
    stages = _added_up(found, "milestone__step__bill")
    promises = _added_up(found, "milestone__promised_of")
    sums = {pk: _both(stages.get(pk), promises.get(pk)) for pk in {**stages, **promises}}
    rows = {bill.pk: bill for bill in bills.filter(pk__in=_worst(sums))}
    return sums, rows


def _both(one: Sums | None, other: Sums | None) -> Sums:
    if one is None or other is None:
        return one or other or Sums()
    return Sums(
        one.count + other.count, one.moves + other.moves, one.days + other.days, max(one.worst, other.worst)
    )


def _worst(sums: dict[int, Sums]) -> list[int]:
    ordered = sorted(sums, key=lambda pk: (sums[pk].worst, sums[pk].days, sums[pk].moves, -pk), reverse=True)
    return ordered[:MOST_GROUPS]


def _group(row: Any, by: str, sums: Sums, access: Access) -> Group:
    address = reverse(by, kwargs={"slug": access.campaign.slug, "pk": row.pk})
    query = {BILL: str(row.pk)} if by == BILL else {by: f"{row} [{row.pk}]"}
    return Group(str(row), address, sums, query)


def of_bill(found: QuerySet[Entry], bill: Bill) -> QuerySet[Entry]:
    """The days of its stages, and what was promised of it."""
    return found.filter(Q(milestone__step__bill=bill) | Q(pk=bill.promise_id))
