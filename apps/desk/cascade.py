"""What hangs on a milestone's date, as a person may see it; and what a change would move, before it is made.

What would happen is found out by doing it and taking it back: so the preview cannot say other than what
comes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.campaigns.access import Access
from apps.desk import visible
from apps.legislation.hooks import UNNAMED, hanging_on
from apps.legislation.models import Hook, Milestone, TargetDate
from apps.reminders.models import Reminder
from apps.reminders.planning import OPEN, chunks
from apps.timeline.models import Entry

MOST_SHOWN = 100
MOST_LINES = 60
"""Reminders listed one by one; the counts are of all."""


# --- What hangs on what -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hanging:
    """A milestone's place among those that hang on others, as far as this person may see them. `hook` and
    `base` are None where it hangs on nothing; `below` are those that hang on it directly, `count` of them."""

    hook: Hook | None
    base: Entry | None
    below: list[Hook]
    count: int
    many: int = MOST_SHOWN

    @property
    def on(self) -> str:
        """ "12 weeks after “Consultation opens”"; empty where it hangs on nothing."""
        return f"{self.hook.words} “{self.base.headline}”" if self.hook and self.base else ""


def hanging(milestone: Milestone, access: Access) -> Hanging:
    hook = Hook.objects.filter(milestone=milestone).first()
    seen = visible.entries(access)
    base = seen.filter(pk=hook.base_id).first() if hook else None
    below = Hook.objects.filter(base=milestone, milestone__in=seen.values("pk"))
    below = below.select_related("milestone__entry")
    shown = list(below.order_by("milestone__entry__placed", "pk")[: MOST_SHOWN + 1])
    count = len(shown) if len(shown) <= MOST_SHOWN else below.count()
    return Hanging(hook if base else None, base, shown[:MOST_SHOWN], count)


@dataclass(frozen=True)
class Reason:
    """Why a target moved: where it follows a milestone that the reader may see, that stands between the two
    parts."""

    before: str
    base: Entry | None = None
    after: str = ""

    def __str__(self) -> str:
        return f"{self.before}“{self.base.headline}”{self.after}" if self.base else self.before


def reasons_of(targets: Iterable[TargetDate], seen: QuerySet[Entry]) -> dict[int, Reason]:
    """Of each row of a ledger, by its id. `seen` is what the reader may see."""
    rows = list(targets)
    ids = {row.follows_id for row in rows if row.follows_id}
    bases = seen.in_bulk(ids) if ids else {}
    return {row.pk: _reason(row, bases.get(row.follows_id or 0)) for row in rows}


def _reason(row: TargetDate, base: Entry | None) -> Reason:
    before, unnamed, after = row.reason.partition(UNNAMED)
    if base is None:
        return Reason(row.reason)
    return Reason(before, base, after) if unnamed else Reason(f"{row.reason}, counted from ", base)


# --- What a change would move -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Follower:
    """A milestone that would follow: from and to (EDTF), and what it hangs on, in words."""

    entry: Entry
    before: str
    after: str
    because: str


@dataclass(frozen=True)
class Line:
    """A reminder that would be cancelled or planned."""

    what: str
    when: datetime
    who: str
    through: str
    of: str


@dataclass(frozen=True)
class Foreseen:
    """All that a change would move, as far as this person may see it: the milestone itself from `before` to
    `after`, and what follows it. `mark` tells one such outcome from another, so that what is confirmed is
    what was shown; empty where nothing is to be asked."""

    before: str
    after: str
    followers: list[Follower] = field(default_factory=list)
    cancelled: int = 0
    planned: int = 0
    people: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    mark: str = ""

    @property
    def shown(self) -> list[Follower]:
        return self.followers[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.followers) - MOST_SHOWN)

    @property
    def more_lines(self) -> int:
        return self.cancelled + self.planned - len(self.lines)


Standing = dict[int, tuple[str, datetime]]
"""The target and the moment of each open reminder, by its id."""


def foresee(
    change: Callable[[], Any], milestone: Milestone, access: Access, *, tells_itself: bool = False
) -> Foreseen:
    """What would become of all that hangs on it, and of every reminder. `change` moves the milestone and
    plans what follows; nothing of it stays. Raises whatever it raises. `tells_itself`: where the milestone
    itself comes to is news too, not what the person typed."""
    with transaction.atomic():
        below = hanging_on([milestone.pk])
        every = [milestone.pk, *below]
        before, rows = _targets(every), _open_rows(every)
        change()
        after, then = _targets(every), _open_rows(every)
        moved = [pk for pk in below if before[pk] != after[pk]]
        seen = visible.entries(access).in_bulk([milestone.pk, *moved])
        followers = _followers([pk for pk in moved if pk in seen], before, after, seen)
        gone = [pk for pk in rows if rows[pk] != then.get(pk)]
        come = [pk for pk in then if then[pk] != rows.get(pk)]
        lines = [
            *_lines("cancelled", {pk: rows[pk] for pk in gone}, seen),
            *_lines("planned", {pk: then[pk] for pk in come}, seen),
        ]
        transaction.set_rollback(True)
    own = f"{before[milestone.pk]} {after[milestone.pk]}" if tells_itself else ""
    return Foreseen(
        before=before[milestone.pk],
        after=after[milestone.pk],
        followers=followers,
        cancelled=sum(line.what == "cancelled" for line in lines),
        planned=sum(line.what == "planned" for line in lines),
        people=sorted({line.who for line in lines}, key=str.casefold),
        lines=sorted(lines, key=lambda line: (line.when, line.who, line.of))[:MOST_LINES],
        mark=_mark(followers, own),
    )


def _targets(ids: Sequence[int]) -> dict[int, str]:
    ledgers = TargetDate.objects.filter(milestone__in=ids).by_milestone()
    return {pk: rows[-1].date for pk, rows in ledgers.items()}


def _open_rows(ids: Sequence[int]) -> Standing:
    rows = Reminder.objects.filter(milestone__in=ids, state__in=OPEN).order_by("pk")
    return {pk: (target, due_at) for pk, target, due_at in rows.values_list("pk", "target", "due_at")}


def _followers(
    ids: Sequence[int], before: dict[int, str], after: dict[int, str], seen: dict[int, Entry]
) -> list[Follower]:
    hooks = Hook.objects.select_related("base__entry").in_bulk(ids)
    return [Follower(seen[pk], before[pk], after[pk], _because(hooks[pk], seen)) for pk in ids if pk in hooks]


def _because(hook: Hook, seen: dict[int, Entry]) -> str:
    base = hook.base.entry
    return f"{hook.words} “{base.headline}”" if base.pk in seen else f"{hook.words} another milestone"


def _lines(what: str, rows: Standing, seen: dict[int, Entry]) -> list[Line]:
    """Those of milestones that this person may see."""
    return [
        Line(
            what,
            rows[row.pk][1],
            row.recipient.name,
            row.channel.get_kind_display(),
            seen[row.milestone_id].headline,
        )
        for some in chunks(list(rows))
        for row in Reminder.objects.filter(pk__in=some)
        .defer("said")
        .select_related("recipient", "channel")
        .order_by("pk")
        if row.milestone_id in seen
    ]


def _mark(followers: Sequence[Follower], own: str) -> str:
    if not followers and (not own or len(set(own.split(" "))) == 1):
        return ""
    told = "\n".join([own, *(f"{each.entry.pk} {each.before} {each.after}" for each in followers)])
    return sha256(told.encode()).hexdigest()[:24]
