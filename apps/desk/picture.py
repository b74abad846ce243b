"""The picture of a timeline: which entries of which lanes a window shows, and what each says of itself.

A lane with few entries in sight shows each; one with many shows columns, and the few that matter even from
afar. So a page costs what it shows, however long the campaign.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.urls import reverse

from apps.campaigns.access import Access
from apps.campaigns.roles import May
from apps.dates import countdown, in_words, parse
from apps.desk import visible
from apps.desk.asof import AsOf
from apps.desk.moments import moment
from apps.desk.newer import Since, since_of
from apps.desk.phrases import amount, is_late, moved, out_of_use, stands
from apps.legislation.models import Outcome, TargetDate
from apps.legislation.rewind import THEN, rewind
from apps.legislation.sittings import breaks_between, said_of
from apps.legislation.slips import standing
from apps.timeline import density
from apps.timeline.layout import (
    MOST_ROWS,
    Mark,
    Picture,
    Strip,
    folded,
    lane_of_columns,
    lane_of_marks,
    picture,
    strip,
)
from apps.timeline.models import Entry, Kind, Link, State, Visibility
from apps.timeline.windows import Scale, Window, fitted

LANES = (Kind.MILESTONE, Kind.STATISTIC, Kind.QUOTE, Kind.UPDATE)
ASIDE, BRIEF_ASIDE = 1.0, 0.0
"""Of a window's length, drawn beyond it at either end; the second where the first holds too much."""
MOST = {Kind.MILESTONE: 120, Kind.STATISTIC: 90, Kind.QUOTE: 90, Kind.UPDATE: 90}
"""Entries of a lane that are drawn one by one, over all that is drawn."""
MOST_ASIDE = 150
"""Entries of all lanes, up to which those beside the window are drawn too: each takes a fifth of a
millisecond."""
KEY = 8
"""Milestones that stand under the columns of too many."""
REACHING = range(6, 41)
"""Slips and long periods from outside that reach into what is drawn, of each sort: most where little else is
drawn, fewest where all the room is taken."""
LONGEST_REACH = 800
"""Days by which they may reach, so that no more than these are looked through."""
MOST_LINKS = 1_000
COLUMN_ROOM, STRIP_ROOM = 7.0, 3.0
"""Pixels a column takes at least."""
A_MONTH = timedelta(days=30)
STRIP = 30.0
"""Height of the strip."""
SHOWS = ("person", "organisation", "statistic", "milestone", "quote")


@dataclass(frozen=True)
class Sight:
    """What is looked at: the entries, whom all are counted for, these as they are counted one by one, whether
    they are a narrowed timeline, the lanes, and the paper.

    With `as_of`, the entries are as `known_at` gives them, and `access` has that day as its today.
    """

    access: Access
    entries: QuerySet[Entry]
    audience: density.Audience
    days: density.Days
    narrowed: bool = False
    lanes: tuple[str, ...] = LANES
    folded: frozenset[str] = frozenset()
    width: int = 1_088
    above: float = 0.0
    """Pixels over each lane, where its name stands there."""
    as_of: AsOf | None = None
    ties: tuple[tuple[int, int], ...] = ()
    """The links of a path: drawn for good, not only where one looks."""
    shaded: bool = True
    """Whether the days on which Parliament does not sit are."""

    @property
    def by(self) -> str:
        """What holds the day an entry is filed under."""
        return THEN if self.as_of else "placed"

    def as_it_was(self, rows: Iterable[Entry]) -> list[Entry]:
        return rewind(rows, self.as_of.at) if self.as_of else list(rows)


def draw(sight: Sight, window: Window) -> Picture:
    scale = Scale(window, sight.width)
    size = density.bin_size(window, width=sight.width, room=COLUMN_ROOM)
    every = bins_of(sight, window.widened(ASIDE), size)
    for aside in (ASIDE, BRIEF_ASIDE):
        drawn = window.widened(aside)
        bins = density.inside(every, drawn, size)
        counts, shown = _by_kind(bins), _by_kind(density.inside(every, window, size))
        near = [kind for kind in sight.lanes if kind not in sight.folded and counts[kind] <= MOST[Kind(kind)]]
        if sum(counts[kind] for kind in near) <= MOST_ASIDE:
            break
    marks = marks_of(in_sight(sight, drawn, near), sight.access, as_of=sight.as_of)
    by_kind: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_kind[mark.kind].append(mark)
    lanes = []
    for kind in sight.lanes:
        if kind in sight.folded:
            lanes.append(folded(kind, shown[kind]))
        elif kind in near:
            lane = lane_of_marks(kind, by_kind[kind], scale, above=sight.above)
            cut = counts[kind] > room_of(kind, drawn)
            lanes.append(replace(lane, part=_part(by_kind[kind], window, shown[kind])) if cut else lane)
        else:
            key = key_marks(sight, window, kind)
            lane = lane_of_columns(kind, bins, size, scale, key, above=sight.above)
            lanes.append(replace(lane, count=shown[kind]))
    today = sight.access.today.toordinal()
    shades = shades_of(drawn) if sight.shaded else []
    return picture(window, drawn, scale, lanes, today=today, ties=sight.ties, shades=shades)


def _part(marks: Iterable[Mark], window: Window, of: int) -> str:
    """How many of a crowded lane are shown, of those in the window."""
    shown = sum(window.first <= mark.at < window.after for mark in marks)
    return f"{shown} of {of}" if shown < of else ""


def audience_of(access: Access) -> density.Audience:
    return density.Audience(access.campaign, access.user, access.at, access.role)


def _by_kind(bins: density.Bins) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (kind, _), count in bins.items():
        counts[kind] += count
    return counts


def shades_of(drawn: Window) -> list[tuple[str, str, int, int]]:
    """Public facts, so that no gate is asked."""
    return [
        (each.sort, said_of(each), each.first.toordinal(), each.last.toordinal())
        for each in breaks_between(drawn.starts, drawn.ends)
    ]


def overview(sight: Sight, window: Window, whole: Window) -> Strip:
    """All that there is, in a strip as wide as the picture."""
    size = density.bin_size(whole, width=sight.width, room=STRIP_ROOM)
    here = sight if sight.as_of else replace(sight, narrowed=False, lanes=LANES)
    every = bins_of(here, whole, size)
    found = bins_of(sight, whole, size) if sight.narrowed or len(sight.lanes) < len(LANES) else None
    return strip(
        window,
        Scale(whole, sight.width),
        every,
        found,
        size,
        height=STRIP,
        today=sight.access.today.toordinal(),
    )


def bins_of(sight: Sight, window: Window, size: int) -> density.Bins:
    """How many entries of each kind stand in each stretch of that many days."""
    if sight.narrowed or sight.as_of:
        return density.counts_of(sight.days, window=window, size=size, kinds=sight.lanes)
    return density.counts(sight.audience, window=window, size=size, kinds=sight.lanes)


def fit(sight: Sight) -> Window:
    """All that there is."""
    ends = sight.days.ends if sight.as_of else ends_of(sight.entries, sight.by)
    return fitted(*ends, today=sight.access.today)


def ends_of(entries: QuerySet[Entry], by: str) -> tuple[date | None, date | None]:
    """The first day and the last that entries are filed under; `by` holds it."""
    days = entries.values_list(by, flat=True)
    return days.order_by(by, "pk").first(), days.order_by(f"-{by}", "-pk").first()


# --- Which entries ----------------------------------------------------------------------------------------


def in_sight(sight: Sight, drawn: Window, kinds: Sequence[str]) -> list[Entry]:
    """The entries filed under the days that are drawn, and those of outside that reach into them."""
    if not kinds:
        return []
    entries, by = sight.entries.filter(kind__in=kinds), sight.by
    inside = _inside(entries, by, drawn, kinds)
    most = min(max((MOST_ASIDE - len(inside)) // 2, REACHING[0]), REACHING[-1])
    keys = _with_room(inside, drawn)
    for reaching in _reaching(entries, by, drawn, kinds):
        keys += reaching[:most]
    # Found by their keys first: sorted with their details, PostgreSQL would fetch those of thousands. And
    # fetched with nothing else asked of them, or SQLite would not take them by their keys.
    places = {pk: place for place, pk in enumerate(keys)}
    rows = visible.entries(sight.access).filter(pk__in=keys).select_related(*SHOWS)
    return sight.as_it_was(sorted(rows, key=lambda entry: places[entry.pk]))


def _inside(entries: QuerySet[Entry], by: str, drawn: Window, kinds: Sequence[str]) -> list[tuple[int, str]]:
    """The keys and kinds of what is filed under the days that are drawn, in their order."""
    rows = entries.filter(**{f"{by}__gte": drawn.starts, f"{by}__lte": drawn.ends}).order_by(by, "pk")
    return list(rows.values_list("pk", "kind")[: sum(MOST[Kind(kind)] for kind in kinds)])


def _with_room(inside: Sequence[tuple[int, str]], drawn: Window) -> list[int]:
    taken: Counter[str] = Counter()
    keys = []
    for pk, kind in inside:
        taken[kind] += 1
        if taken[kind] <= room_of(kind, drawn):
            keys.append(pk)
    return keys


def room_of(kind: str, drawn: Window) -> int:
    """Entries of a lane that have room. What is of one day takes a row each, and leaves some to what reaches
    into it."""
    return min(MOST[Kind(kind)], (MOST_ROWS - 2) * drawn.days)


def _reaching(
    entries: QuerySet[Entry], by: str, drawn: Window, kinds: Sequence[str]
) -> Iterator[QuerySet[Entry, int]]:
    """The keys, the nearest first, of long ones that begin before, and of slips that end after."""
    before = entries.filter(**{f"{by}__lt": drawn.starts, f"{by}__gte": _day(drawn.first - LONGEST_REACH)})
    long = before.filter(latest__gt=F("earliest"), latest__gte=drawn.starts).order_by(f"-{by}", "-pk")
    yield long.values_list("pk", flat=True)
    if Kind.MILESTONE not in kinds:
        return
    after = entries.filter(**{f"{by}__gt": drawn.ends, f"{by}__lte": _day(drawn.last + LONGEST_REACH)})
    slipped = after.filter(slip_days__isnull=False, slip_days__gt=0)
    slipped = slipped.filter(milestone__first_latest__lte=drawn.ends)
    yield slipped.order_by(by, "pk").values_list("pk", flat=True)


def _day(ordinal: int) -> date:
    return date.fromordinal(min(max(1, ordinal), date.max.toordinal()))


def key_marks(sight: Sight, window: Window, kind: str) -> list[Mark]:
    """Of the milestones in the window, the open ones due next after today."""
    if kind != Kind.MILESTONE or sight.as_of:
        return []
    today = max(window.starts, sight.access.today)
    if today > window.ends:
        return []
    due = sight.entries.filter(due__isnull=False, due__gte=today, due__lte=window.ends)
    return marks_of(list(due.order_by("due", "pk").select_related("milestone")[:KEY]), sight.access)


# --- What each says of itself -----------------------------------------------------------------------------


def marks_of(entries: Iterable[Entry], access: Access, *, as_of: AsOf | None = None) -> list[Mark]:
    rows = list(entries)
    ledgers = ledgers_of([entry for entry in rows if entry.kind == Kind.MILESTONE], as_of)
    linked = links_among([entry.pk for entry in rows], as_of)
    since = since_of(rows, access, as_of=as_of)
    may_move = access.may(May.MOVE) and not as_of
    addresses = Addresses.of(access)
    return [
        mark_of(
            entry,
            ledgers.get(entry.pk, []),
            linked[entry.pk],
            access,
            addresses,
            since=since.get(entry.pk),
            may_move=may_move,
        )
        for entry in rows
    ]


def links_among(ids: Sequence[int], as_of: AsOf | None) -> dict[int, list[int]]:
    """What each of these entries is linked to among them."""
    linked: dict[int, list[int]] = defaultdict(list)
    # "+ 0", or SQLite looks each pair of the two lists up in its index: 100,000 for a busy day.
    among = Link.objects.alias(other_end=F("to_entry") + 0).filter(from_entry__in=ids, other_end__in=ids)
    links = among.order_by("id")
    if as_of:
        links = links.filter(created_at__lte=as_of.at)
    for one, other in links.values_list("from_entry", "to_entry")[:MOST_LINKS]:
        linked[one].append(other)
        linked[other].append(one)
    return linked


def ledgers_of(milestones: Sequence[Entry], as_of: AsOf | None) -> dict[int, list[TargetDate]]:
    """The targets that count, oldest first, of those that moved or were settled."""
    moved = [entry.pk for entry in milestones if entry.milestone.moves or not entry.milestone.is_open()]
    rows = TargetDate.objects.filter(milestone__in=moved)
    if as_of:
        rows = rows.filter(recorded_at__lte=as_of.at)
    ledgers = rows.only("milestone", "date", "earliest", "latest", "correction").by_milestone()
    return {pk: standing(ledger) for pk, ledger in ledgers.items()}


def mark_of(
    entry: Entry,
    ledger: Sequence[TargetDate],
    links: Sequence[int],
    access: Access,
    addresses: "Addresses",
    *,
    since: Since | None = None,
    may_move: bool = False,
) -> Mark:
    at, meant, fades = _place(entry.earliest, entry.latest, since=entry.recorded_at.date())
    words, late = _said(entry, access)
    hidden = restrictions(entry, access)
    is_milestone = entry.kind == Kind.MILESTONE
    met = is_milestone and entry.milestone.outcome == Outcome.MET
    earlier = [_place(target.earliest, target.latest)[0] for target in (ledger if met else ledger[:-1])]
    covers = value = None
    series = ""
    if entry.kind == Kind.STATISTIC:
        statistic = entry.statistic
        if statistic.period_earliest and statistic.period_latest:
            covers = _span(statistic.period_earliest, statistic.period_latest)
        series, value = str(statistic.series_id), float(statistic.figure)
    return Mark(
        pk=entry.pk,
        kind=entry.kind,
        label=_label(entry),
        words=", ".join(part for part in (words, since.word if since else "", *hidden) if part),
        name=_name(entry, words, [*([since.words] if since else []), *hidden], access),
        address=addresses.entry.format(entry.pk),
        at=at,
        meant=meant,
        fades=fades,
        about=parse(entry.date).approximate,
        trail=tuple(earlier) if earlier != [at] else (),
        outcome=entry.milestone.outcome if is_milestone else "",
        late=late,
        hidden=bool(hidden),
        covers=covers,
        series=series,
        value=value,
        links=tuple(dict.fromkeys(links)),
        move=addresses.move.format(entry.pk) if may_move and _is_movable(entry) else "",
        date=in_words(entry.date),
    )


def _is_movable(entry: Entry) -> bool:
    return entry.kind == Kind.MILESTONE and entry.milestone.is_open() and entry.state == State.PUBLISHED


@dataclass(frozen=True)
class Addresses:
    """Of entries of one campaign, with a place for the key: looking each up takes as long as all else that is
    said of a mark."""

    entry: str
    move: str

    @classmethod
    def of(cls, access: Access) -> "Addresses":
        return cls(*(_numbered(name, access.campaign.slug) for name in ("entry", "move")))


def _numbered(name: str, slug: str) -> str:
    before, _, after = reverse(name, kwargs={"slug": slug, "pk": 0}).rpartition("0")
    return f"{before}{{}}{after}"


Place = tuple[float, tuple[float, float] | None, bool]


def _place(earliest: date | None, latest: date | None, *, since: date | None = None) -> Place:
    """Where the mark of a date stands, the days it may mean where it is more than one, and whether these fade
    in, as only their end is known: then from the day `since` which it was said."""
    if earliest is None or latest is None:
        day = latest or earliest
        assert day is not None
        if latest is None or since is None:
            return day.toordinal() + 0.5, None, False
        since = min(since, latest - A_MONTH)  # also of what was recorded when it was over
        return day.toordinal() + 0.5, _span(since, day), True
    first, last = earliest.toordinal(), latest.toordinal()
    if first == last:
        return first + 0.5, None, False
    return (first + last + 1) / 2, _span(earliest, latest), False


def _span(first: date, last: date) -> tuple[float, float]:
    return first.toordinal(), last.toordinal() + 1


def _label(entry: Entry) -> str:
    if entry.kind == Kind.QUOTE:
        who = str(entry.person or entry.organisation)
        named = who.startswith(entry.headline.partition(":")[0]) or entry.headline.startswith(who)
        return entry.headline if named else f"{who}: {entry.headline}"
    return entry.headline


def _said(entry: Entry, access: Access) -> tuple[str, bool]:
    """What stands beside the mark, and whether it says that something is late."""
    if entry.kind == Kind.STATISTIC:
        return amount(entry.statistic), False
    if entry.kind != Kind.MILESTONE:
        return "", False
    return f"{stands(entry, access.today) or in_words(entry.date)}{moved(entry)}", is_late(
        entry, access.today
    )


def _name(entry: Entry, words: str, also: Sequence[str], access: Access) -> str:
    """What a screen reader says of the mark: kind, headline, date, how it stands, who may see it."""
    parts = [entry.get_kind_display(), _label(entry), in_words(entry.date)]
    if words and words != in_words(entry.date):
        parts.append(words)
    if entry.due and entry.due >= access.today:
        parts.append(countdown(entry.due, access.today))
    return ", ".join([*parts, *also])


def restrictions(entry: Entry, access: Access) -> list[str]:
    """Why ordinary readers do not see it, for those who do."""
    said = []
    if entry.state != State.PUBLISHED:
        said.append(entry.get_state_display().lower())
    elif entry.embargo_until and entry.embargo_until > access.at:
        said.append(f"embargo until {moment(entry.embargo_until)}")
    elif entry.kind == Kind.QUOTE and (why := out_of_use(entry, access.at)):
        said.append(why)
    if entry.visibility == Visibility.STAFF:
        said.append("staff only")
    return said
