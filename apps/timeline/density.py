"""How many entries stand where: counts for a picture, kept by the actions that write entries.

A campaign's picture from afar counts hundreds of thousands of entries. Counting them takes a database longer
than drawing takes us, so the counts are rows too, of days and of blocks of days, for everybody, for the
team's readers and for the public. What an embargo or an end of consent hides at this moment is taken off.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import SEE_HIDDEN_ROLES
from apps.timeline.models import Density, Entry, State, Visibility
from apps.timeline.windows import LAST, Window

SIZES = (1, 32, 1024)
"""Days in a block: each a multiple of the one before, so that bins of a power of two hold whole blocks."""
MOST_DAYS = 200_000
"""Days of each kind, of what is counted one by one: a century and more of all four. What lies beyond is left
out of a picture."""

Bins = Counter[tuple[str, int]]
"""Entries by kind and bin; bin `n` of size `s` holds the days whose ordinal divided by `s` is `n`."""


def bin_size(window: Window, *, width: float, room: float) -> int:
    """Days in a bin, a power of two, so that each takes at least `room` pixels and bins keep their place
    while the window moves."""
    size = 1
    while size * width / window.days < room and size < LAST:
        size *= 2
    return size


def aligned(window: Window, size: int) -> Window:
    """The window, out to the bounds of the bins at its ends."""
    return Window(window.first // size * size, window.last // size * size + size - 1)


def inside(bins: Bins, window: Window, size: int) -> Bins:
    """Those of the bins that have days of the window."""
    first, last = window.first // size, window.last // size
    return Counter({(kind, at): count for (kind, at), count in bins.items() if first <= at <= last})


# --- Counting ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Audience:
    """Whom counts are for: a person at a moment, and their role in the campaign. What it asks of the database
    it asks once, for all windows that a page counts."""

    campaign: Campaign
    user: User | AnonymousUser
    at: datetime
    role: str | None

    @property
    def column(self) -> str:
        """Of the counts; empty for somebody who sees nothing here."""
        if self.role in SEE_HIDDEN_ROLES:
            return "every"
        if self.role:
            return "team"
        return "anyone" if self.campaign.is_public else ""

    @cached_property
    def corrections(self) -> list[tuple[str, int, int]]:
        """The kind and day of each entry that is not in its column now (-1), or that only they see (1): few,
        as long as nobody embargoes half a campaign."""
        return [
            (kind, placed.toordinal(), sign)
            for entries, sign in self._corrected()
            for kind, placed in entries.order_by().values_list("kind", "placed")
        ]

    def _corrected(self) -> list[tuple[QuerySet[Entry], int]]:
        """Found by an index each, as long as they are asked for nothing else."""
        if self.column in ("every", ""):
            return []
        here = Entry.everything.filter(campaign=self.campaign)
        counted_yet = here.filter(state=State.PUBLISHED, shown_from__isnull=False)
        later, over = counted_yet.filter(shown_from__gt=self.at), counted_yet.filter(shown_until__lte=self.at)
        # Each is found by an index of its own: for a "not", SQLite takes none.
        not_now = [later, over.exclude(shown_from__gt=self.at)]
        if self.column == "anyone":
            return [(entries.filter(visibility=Visibility.PUBLIC), -1) for entries in not_now]
        own_drafts = here.filter(state=State.DRAFT, shown_from__isnull=True, created_by=self.user.pk)
        return [
            *((entries.filter(~Q(visibility=Visibility.STAFF)), -1) for entries in not_now),
            (own_drafts, 1),
        ]


def counts(audience: Audience, *, window: Window, size: int, kinds: Iterable[str]) -> Bins:
    """What they may see, by kind and bin, over the window out to its bins' bounds: as many as `visible_to`
    would let through."""
    whole = max(fit for fit in SIZES if size % fit == 0)
    here, kinds = aligned(window, size), list(kinds)
    if not audience.column:
        return Counter()
    rows = Density.objects.filter(
        campaign=audience.campaign,
        size=whole,
        kind__in=kinds,
        block__gte=here.first // whole,
        block__lte=here.last // whole,
    )
    found: Bins = Counter()
    binned = rows.order_by().annotate(bin=F("block") * whole / size).values_list("kind", "bin")
    for kind, number, count in binned.annotate(count=Sum(audience.column)):
        if count:
            found[kind, number] = count
    for kind, day, sign in audience.corrections:
        if kind in kinds and here.first <= day <= here.last:
            found[kind, day // size] += sign
    return +found


@dataclass(frozen=True)
class Days:
    """A timeline that is narrowed to some entries, or rewound: counted one by one, and all of them once for
    whatever a page shows of them. `by` holds the day each is filed under."""

    entries: QuerySet[Entry]
    by: str = "placed"

    @cached_property
    def counts(self) -> Bins:
        """How many there are of each kind on each day."""
        rows = self.entries.order_by().values_list("kind", self.by).annotate(count=Count("pk"))[:MOST_DAYS]
        return Counter({(kind, day.toordinal()): count for kind, day, count in rows})

    @property
    def ends(self) -> tuple[date | None, date | None]:
        """The first day and the last."""
        days = {day for _, day in self.counts}
        return (date.fromordinal(min(days)), date.fromordinal(max(days))) if days else (None, None)


def counts_of(days: Days, *, window: Window, size: int, kinds: Iterable[str]) -> Bins:
    """The same of what is counted one by one."""
    here, kinds = aligned(window, size), list(kinds)
    found: Bins = Counter()
    for (kind, day), count in days.counts.items():
        if kind in kinds and here.first <= day <= here.last:
            found[kind, day // size] += count
    return found


# --- Keeping count ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """How an entry stands in the counts: under which kind and day, and for whom."""

    campaign: int
    kind: str
    day: int
    team: bool
    anyone: bool


def counted(entry: Entry) -> Counted:
    shown = entry.state == State.PUBLISHED and entry.shown_from is not None
    team = shown and entry.visibility != Visibility.STAFF
    public = shown and entry.visibility == Visibility.PUBLIC
    return Counted(entry.campaign_id, entry.kind, entry.placed.toordinal(), team, public)


def stored(entry: Entry) -> Counted | None:
    """How the entry's row stands in the counts now, and until this transaction ends; None before it is saved.
    Two who write at once would otherwise both take off what the first of them found."""
    row = Entry.everything.select_for_update().filter(pk=entry.pk).first() if entry.pk else None
    return counted(row) if row else None


def count_again(before: Counted | None, after: Counted | None) -> None:
    """Take off what an entry was counted as, and count it as it is. In the transaction that saves it."""
    if before == after:
        return
    changes: Counter[tuple[int, int, int, str, str]] = Counter()
    for one, sign in ((before, -1), (after, 1)):
        for key in _keys(one) if one else ():
            changes[key] += sign
    _add(changes)


def _keys(one: Counted) -> Iterable[tuple[int, int, int, str, str]]:
    columns = ["every", *(["team"] if one.team else []), *(["anyone"] if one.anyone else [])]
    return [(one.campaign, size, one.day // size, one.kind, column) for size in SIZES for column in columns]


class Tally:
    """The changes of many entries, added up, and written at the end: of their transaction, for whoever writes
    to the same days waits from then on."""

    def __init__(self) -> None:
        self.changes: Counter[tuple[int, int, int, str, str]] = Counter()

    def add(self, entry: Entry) -> None:
        self.changes.update(_keys(counted(entry)))

    def take_off(self, entry: Entry) -> None:
        self.changes.subtract(_keys(counted(entry)))

    def write(self) -> None:
        _add(self.changes)
        self.changes.clear()


ADD = """
    INSERT INTO timeline_density (campaign_id, size, block, kind, every, team, anyone)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (campaign_id, size, block, kind) DO UPDATE SET
        every = timeline_density.every + excluded.every,
        team = timeline_density.team + excluded.team,
        anyone = timeline_density.anyone + excluded.anyone
"""


def _add(changes: Counter[tuple[int, int, int, str, str]]) -> None:
    """Add to the counts, in one order for all writers, or two would wait for each other."""
    places = sorted({key[:4] for key, change in changes.items() if change})
    rows: list[list[Any]] = [
        [*place, *(changes[*place, column] for column in ("every", "team", "anyone"))] for place in places
    ]
    with connection.cursor() as cursor:
        cursor.executemany(ADD, rows)


@transaction.atomic
def rebuild(campaign: Campaign, *, tell: Callable[[int], None] = lambda done: None) -> int:
    """Count all of a campaign's entries anew. Answers how many there are; `tell` hears how many so far."""
    if connection.vendor == "postgresql":  # writers wait, and those under way are waited for
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE timeline_density IN EXCLUSIVE MODE")
    Density.objects.filter(campaign=campaign).delete()
    shown = Q(state=State.PUBLISHED, shown_from__isnull=False)
    days = (
        Entry.everything.filter(campaign=campaign)
        .order_by()
        .values_list("kind", "placed")
        .annotate(
            every=Count("pk"),
            team=Count("pk", filter=shown & ~Q(visibility=Visibility.STAFF)),
            anyone=Count("pk", filter=shown & Q(visibility=Visibility.PUBLIC)),
        )
    )
    totals: dict[tuple[int, int, str], list[int]] = {}
    done = 0
    for kind, placed, *numbers in days.iterator():
        for size in SIZES:
            total = totals.setdefault((size, placed.toordinal() // size, kind), [0, 0, 0])
            for column, number in enumerate(numbers):
                total[column] += number
        done += numbers[0]
        tell(done)
    Density.objects.bulk_create(
        (
            Density(
                campaign=campaign, size=size, block=block, kind=kind, every=every, team=team, anyone=anyone
            )
            for (size, block, kind), (every, team, anyone) in totals.items()
        ),
        batch_size=1_000,
    )
    return done
