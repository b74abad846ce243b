"""Several timelines on one axis: a lane for each, the same days above all of them.

A lane is a track: a name, and which entries of a campaign stand in it. Of a whole campaign that is every one;
of a person or an organisation what they promised there. Nothing here cares which.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.models import Campaign
from apps.dates import days
from apps.desk import visible
from apps.desk.picture import (
    ASIDE,
    COLUMN_ROOM,
    MOST,
    STRIP,
    STRIP_ROOM,
    Sight,
    audience_of,
    bins_of,
    ends_of,
    in_sight,
    key_marks,
    marks_of,
)
from apps.desk.summary import latest_of
from apps.legislation.models import Outcome
from apps.people.models import Organisation, Person
from apps.timeline import density
from apps.timeline.layout import (
    MIXED,
    TITLE,
    Lane,
    Mark,
    Picture,
    Strip,
    cut_to,
    folded,
    lane_of_columns,
    lane_of_marks,
    picture,
    strip,
)
from apps.timeline.models import Entry, Kind, Link, Relation, State
from apps.timeline.paging import COUNT_TO, count_up_to
from apps.timeline.windows import Scale, Window, fitted

MOST_TRACKS = 8
MOST_MARKS = 360
"""Entries drawn one by one over all lanes, which share them evenly."""
BESIDE_NAME = 90.0
"""Pixels beside a lane's name for what is said at its end."""


@dataclass(frozen=True)
class Track:
    """One lane: `key` is its name in an address, `within` which of the campaign's entries stand in it."""

    key: str
    name: str
    access: Access
    within: Q = field(default_factory=Q)

    @cached_property
    def entries(self) -> QuerySet[Entry]:
        return visible.entries(self.access).filter(self.within)

    @cached_property
    def audience(self) -> density.Audience:
        return audience_of(self.access)

    @cached_property
    def days(self) -> density.Days:
        return density.Days(self.entries)

    @property
    def part(self) -> Q:
        """The same among the entries of every campaign."""
        return Q(campaign=self.access.campaign.pk) & self.within


def track_of(access: Access) -> Track:
    """All of a campaign."""
    return Track(access.campaign.slug, access.campaign.name, access)


# --- The picture ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """What is looked at together: the tracks, the kinds of entry, the reader's own day, and the paper."""

    tracks: Sequence[Track]
    kinds: tuple[str, ...]
    today: date
    folded: frozenset[str] = frozenset()
    width: int = 1_088

    def sight(self, track: Track) -> Sight:
        return Sight(
            track.access,
            track.entries,
            track.audience,
            track.days,
            narrowed=bool(track.within),
            lanes=self.kinds,
            width=self.width,
            above=TITLE,
        )

    @property
    def kind(self) -> str:
        """Of a lane."""
        return self.kinds[0] if len(self.kinds) == 1 else MIXED

    @property
    def most(self) -> int:
        """Entries of one lane that are drawn one by one."""
        return min(MOST[Kind.MILESTONE], MOST_MARKS // max(1, len(self.tracks)))


def draw(comparison: Comparison, window: Window) -> Picture:
    drawn, scale = window.widened(ASIDE), Scale(window, comparison.width)
    lanes = [_lane(comparison, track, window, drawn, scale) for track in comparison.tracks]
    return picture(window, drawn, scale, lanes, today=comparison.today.toordinal())


def _lane(comparison: Comparison, track: Track, window: Window, drawn: Window, scale: Scale) -> Lane:
    """Marks where there are few, columns where there are many; as on a timeline."""
    sight, kind = comparison.sight(track), comparison.kind
    size = density.bin_size(window, width=sight.width, room=COLUMN_ROOM)
    bins = _together(bins_of(sight, drawn, size), kind)
    shown = density.inside(bins, window, size).total()
    if track.key in comparison.folded:
        lane = folded(kind, shown)
    elif bins.total() <= comparison.most:
        marks = _marks(track, marks_of(in_sight(sight, drawn, sight.lanes), track.access))
        lane = lane_of_marks(kind, marks, scale, above=sight.above)
    else:
        key = _marks(track, key_marks(sight, window, comparison.kinds[0]))
        lane = replace(lane_of_columns(kind, bins, size, scale, key, above=sight.above), count=shown)
    return replace(lane, track=track.key, name=cut_to(track.name, scale.width - BESIDE_NAME))


def _marks(track: Track, marks: Iterable[Mark]) -> list[Mark]:
    """Each says whose it is; nothing is moved on a page that shows several."""
    return [replace(mark, name=f"{mark.name}, {track.name}", move="") for mark in marks]


def _together(bins: density.Bins, kind: str) -> density.Bins:
    """The bins of a lane that takes all of them for one kind."""
    found = density.Bins()
    for (_, number), count in bins.items():
        found[kind, number] += count
    return found


def overview(comparison: Comparison, window: Window, whole: Window) -> Strip:
    """All of the tracks in one strip as wide as the picture."""
    size = density.bin_size(whole, width=comparison.width, room=STRIP_ROOM)
    every = density.Bins()
    for track in comparison.tracks:
        every.update(bins_of(comparison.sight(track), whole, size))
    scale = Scale(whole, comparison.width)
    return strip(window, scale, every, None, size, height=STRIP, today=comparison.today.toordinal())


def fit(comparison: Comparison) -> Window:
    """All that there is in any of the tracks; of one kind, all of that kind."""
    ends: list[date] = []
    for track in comparison.tracks:
        rows = track.entries
        if len(comparison.kinds) == 1:
            rows = rows.filter(kind=comparison.kinds[0])
        ends += [day for day in ends_of(rows, "placed") if day]
    return fitted(min(ends, default=None), max(ends, default=None), today=comparison.today)


def next_due(comparison: Comparison, after: date) -> date | None:
    """The next deadline after that day in any of the tracks."""
    found: list[date] = []
    for track in comparison.tracks if Kind.MILESTONE in comparison.kinds else []:
        due = track.entries.filter(due__isnull=False, due__gt=after).order_by("due", "pk")
        found += [day for day in due.values_list("due", flat=True)[:1] if day]
    return min(found, default=None)


# --- What a campaign adds up to ---------------------------------------------------------------------------


def total(track: Track) -> str:
    """How a track's targets held, in words: "3 targets slipped, worst 664 days late"."""
    if not track.entries.filter(kind=Kind.MILESTONE).exists():
        return "no milestone to see"
    count = count_up_to(track.entries.filter(state=State.PUBLISHED, slip_days__gt=0))
    slipped = {"0": "no target slipped", "1": "1 target slipped"}.get(count, f"{count} targets slipped")
    worst = latest_of(track.access, track.entries)
    late = worst.milestone.late_days(track.access.today) if worst else 0
    return f"{slipped}, worst {days(late)} late" if late > 0 else slipped


# --- Whose promises ---------------------------------------------------------------------------------------

FEW = 1_000
"""Rows of one name, and milestones of theirs, that are listed for the database."""


@dataclass(frozen=True)
class Promiser:
    """A person or an organisation by name, whichever campaigns know it. People and organisations belong to a
    campaign each, so across campaigns the name is all there is to go by."""

    what: type[Person] | type[Organisation]
    name: str

    @property
    def field(self) -> str:
        return "person" if self.what is Person else "organisation"


@dataclass(frozen=True)
class Promises:
    """The milestones somebody is responsible for or was quoted as promising, as far as a reader may see them;
    a promise in a quote counts for those who may see both. `tallies` are by campaign."""

    whose: Q
    found: QuerySet[Entry]
    tallies: Mapping[int, "Tally"]
    count: int
    """Of those found, up to one more than are added up."""

    @property
    def is_cut(self) -> bool:
        return self.count > COUNT_TO

    @property
    def counted(self) -> str:
        return f"{COUNT_TO:,}+" if self.is_cut else f"{self.count:,}"

    @property
    def tally(self) -> "Tally":
        whole = Tally()
        for tally in self.tallies.values():
            whole.add(tally)
        return whole


def promises_of(
    promiser: Promiser, user: User | AnonymousUser, *, at: datetime, only: Sequence[int] | None = None
) -> Promises:
    """In every campaign this person may see, or `only` in these of them."""
    seen = Entry.objects.visible_to(user, at=at)
    here = only
    if here is None:
        here = list(Campaign.objects.open_to(user).order_by().values_list("pk", flat=True))
    whose = _whose(promiser, _called(promiser, here), seen)
    found = seen.filter(whose)
    stands = found.order_by().values_list(
        *("campaign", "state", "milestone__outcome"),
        *("milestone__settled_on", "milestone__first_latest", "due"),
    )[: COUNT_TO + 1]
    tallies, count = _tallied(stands, at=at)
    return Promises(whose, found, tallies, count)


def _whose(promiser: Promiser, ids: list[int], seen: QuerySet[Entry]) -> Q:
    """Which milestones are theirs. Few are listed: asked for either of two things, a database looks through
    all there are."""
    promised = _promised(promiser, ids, seen)
    theirs = Q(**{f"{promiser.field}__in": ids, f"{promiser.field}__isnull": False})
    few = list(seen.filter(theirs, kind=Kind.MILESTONE).order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return Q(kind=Kind.MILESTONE, pk__in=sorted({*few, *promised}))
    return Q(kind=Kind.MILESTONE) & (theirs | Q(pk__in=promised))


def _called(promiser: Promiser, campaigns: Sequence[int]) -> list[int]:
    """The rows of that whole name, in capitals or not. A database may know the capitals of ASCII alone, so it
    is asked for any letter in the place of others, and those are compared here."""
    name = promiser.name
    pattern = "".join(re.escape(letter) if letter.isascii() else "." for letter in name)
    like = Q(name__iexact=name) if name.isascii() else Q(name__iregex=f"^{pattern}$")
    rows = promiser.what.objects.filter(like, campaign__in=campaigns).order_by("pk")
    return [pk for pk, found in rows.values_list("pk", "name")[:FEW] if found.casefold() == name.casefold()]


def _promised(promiser: Promiser, ids: list[int], seen: QuerySet[Entry]) -> list[int]:
    """What quotes of theirs promise: those they spoke, and for an organisation also those of its people, in
    their posts there."""
    links = Link.objects.filter(
        Exists(seen.filter(pk=OuterRef("from_entry"))),
        relation=Relation.PROMISES,
        from_entry__kind=Kind.QUOTE,
    )
    spoken = [f"from_entry__{promiser.field}__in"]
    if promiser.what is Organisation:
        spoken.append("from_entry__quote__post__organisation__in")
    found: set[int] = set()
    for by in spoken:
        found.update(links.filter(**{by: ids}).order_by().values_list("to_entry", flat=True)[:COUNT_TO])
    return sorted(found)


@dataclass
class Tally:
    """How promises were kept. Drafts and what was withdrawn are no promises."""

    promised: int = 0
    on_time: int = 0
    late: int = 0
    latest: int = 0
    """Days by which the worst of them was late."""
    coming: int = 0
    overdue: int = 0
    given_up: int = 0

    def add(self, other: "Tally") -> None:
        self.latest = max(self.latest, other.latest)
        for name in ("promised", "on_time", "late", "coming", "overdue", "given_up"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def count(
        self, outcome: str, settled_on: date | None, first: date, due: date | None, today: date
    ) -> None:
        self.promised += 1
        if outcome == Outcome.MET:
            late = (settled_on - first).days if settled_on else 0
            self.latest = max(self.latest, late)
            self.late += late > 0
            self.on_time += late <= 0
        elif outcome != Outcome.UPCOMING:
            self.given_up += 1
        elif due and due < today:
            self.overdue += 1
        else:
            self.coming += 1

    @property
    def words(self) -> str:
        """ "promised 4, met on time 1, late 1 (664 days), open 1, overdue 1"."""
        worst = days(self.latest) if self.late == 1 else f"worst {days(self.latest)}"
        parts = [
            f"promised {self.promised:,}",
            f"met on time {self.on_time:,}",
            f"late {self.late:,} ({worst})" if self.late else "late 0",
            f"open {self.coming:,}",
            f"overdue {self.overdue:,}",
            *([f"missed or dropped {self.given_up:,}"] if self.given_up else []),
        ]
        return ", ".join(parts)


Standing = tuple[int, str, str, date | None, date, date | None]


def _tallied(stands: Iterable[Standing], *, at: datetime) -> tuple[dict[int, Tally], int]:
    """By campaign, each by its own day; and how many there were."""
    rows = list(stands)
    campaigns = Campaign.objects.in_bulk({row[0] for row in rows})
    tallies: dict[int, Tally] = {pk: Tally() for pk in campaigns}
    todays = {pk: campaign.today(at) for pk, campaign in campaigns.items()}
    for pk, state, outcome, settled_on, first, due in rows[:COUNT_TO]:
        if state == State.PUBLISHED:
            tallies[pk].count(outcome, settled_on, first, due, todays[pk])
    return tallies, len(rows)
