"""Entries made ready for a list: their details, tags and links in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.campaigns.access import Access
from apps.dates import margin
from apps.desk import visible
from apps.desk.asof import AsOf, then
from apps.desk.newer import Since, since_among, since_of
from apps.desk.phrases import story
from apps.desk.quoting import plain_copy
from apps.legislation.models import TargetDate
from apps.legislation.slips import standing
from apps.timeline.models import Entry, Kind, Link, Relation
from apps.timeline.paths import Path

MOST_LINKS = 4
"""Links named in a row; the entry's own page has them all."""
ENDS = ("from_entry__statistic", "to_entry__statistic")
"""Both ends of a link, as far as a row names them."""


def with_details(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Everything a row shows, in two queries."""
    return entries.select_related(
        *("source", "person", "organisation", "statistic", "milestone__owner", "milestone__settled_source"),
        *("quote__post__organisation", "quote__verdict", "campaign"),
    ).prefetch_related("tags")


@dataclass(frozen=True)
class LinkedTo:
    """The other end of a link, and the relation read from this end; `since` is what has come out since of a
    figure there."""

    relation: str
    other: Entry
    link: Link
    since: Since | None = None


@dataclass
class Row:
    """An entry with its links and the words that stand beside it in the margin; `since` is what has come out
    since of a figure. On a path, `follows` are its links to what stands before it, and `story` is how a
    milestone's target came to where it is."""

    entry: Entry
    links: list[LinkedTo]
    since: Since | None = None
    margin: str = ""
    hidden: bool = False
    starts_future: bool = False
    access: Access | None = None
    """To its own campaign, in a list of several, where each row names its own."""
    copy: str = ""
    follows: list[LinkedTo] = field(default_factory=list)
    story: list[str] = field(default_factory=list)


@dataclass
class Year:
    """A heading of the timeline and the rows under it."""

    year: int
    rows: list[Row] = field(default_factory=list)


def by_year(
    entries: Sequence[Entry], access: Access, *, as_of: AsOf | None = None, path: Path | None = None
) -> list[Year]:
    """Rows under their years, each month or season named once beside its first row. On a path each says what
    of the rows before it it follows from."""
    links = {} if path else links_of(entries, access, as_of=as_of)
    follows = follows_of(entries, path) if path else {}
    stories = stories_of(entries, access, as_of) if path else {}
    others = [linked.other for each in links.values() for linked in each]
    since = since_of([*entries, *others], access, as_of=as_of)
    access = then(access, as_of)
    rows = [
        Row(
            entry,
            with_since(links.get(entry.pk, []), since),
            since.get(entry.pk),
            hidden=entry.is_hidden(access.at),
            copy="" if as_of else plain_copy(entry, access),
            follows=with_since(follows.get(entry.pk, []), since),
            story=stories.get(entry.pk, []),
        )
        for entry in entries
    ]
    return _under_years(rows, access.today)


def several_by_year(
    entries: Sequence[Entry], accesses: Mapping[int, Access], seen: QuerySet[Entry], *, today: date
) -> list[Year]:
    """The same of several campaigns. `accesses` are to each by its id, `seen` all that this person may see of
    them; `today` is the person's own day."""
    links = _links_within(entries, seen, Link.objects.all())
    others = [linked.other for each in links.values() for linked in each]
    since = since_among([*entries, *others], lambda: seen, today=today)
    rows = [
        Row(
            entry,
            with_since(links[entry.pk], since),
            since.get(entry.pk),
            hidden=entry.is_hidden(access.at),
            access=access,
            copy=plain_copy(entry, access),
        )
        for entry in entries
        for access in [accesses[entry.campaign_id]]
    ]
    return _under_years(rows, today)


def _under_years(rows: Iterable[Row], today: date) -> list[Year]:
    years: list[Year] = []
    said = ""
    before: date | None = None
    for row in rows:
        day, words = row.entry.placed, margin(row.entry.date)
        if not years or years[-1].year != day.year:
            years.append(Year(day.year))
            said = ""
        row.margin = "" if words == said else words
        row.starts_future = before is not None and before <= today < day
        before, said = day, words
        years[-1].rows.append(row)
    return years


def with_since(links: Iterable[LinkedTo], since: dict[int, Since]) -> list[LinkedTo]:
    return [replace(linked, since=since.get(linked.other.pk)) for linked in links]


def follows_of(entries: Sequence[Entry], path: Path) -> dict[int, list[LinkedTo]]:
    """Every link of the path once, at the later of its two rows, read from there."""
    place = {entry.pk: number for number, entry in enumerate(entries)}
    found: dict[int, list[LinkedTo]] = defaultdict(list)
    for link in path.links:
        if link.from_entry_id in place and link.to_entry_id in place:
            start, end = place[link.from_entry_id], place[link.to_entry_id]
            relation = link.get_relation_display() if start > end else Relation(link.relation).backwards
            later, earlier = entries[max(start, end)], entries[min(start, end)]
            found[later.pk].append(LinkedTo(relation, earlier, link))
    return found


def stories_of(entries: Sequence[Entry], access: Access, as_of: AsOf | None) -> dict[int, list[str]]:
    """How the target of each milestone came to where it is, for those whose did anything: one query."""
    milestones = [entry for entry in entries if entry.kind == Kind.MILESTONE]
    rows = TargetDate.objects.filter(milestone__in=[entry.pk for entry in milestones])
    if as_of:
        rows = rows.filter(recorded_at__lte=as_of.at)
    ledgers, today = rows.by_milestone(), then(access, as_of).today
    return {
        entry.pk: story(entry, standing(ledgers[entry.pk]), today)
        for entry in milestones
        if entry.pk in ledgers
    }


def links_of(
    entries: Iterable[Entry], access: Access, *, as_of: AsOf | None = None
) -> dict[int, list[LinkedTo]]:
    """The first links of each entry, both ways, to entries this person may see: two queries for a page."""
    seen, links = visible.entries(access), Link.objects.all()
    if as_of:
        seen, links = seen.filter(recorded_at__lte=as_of.at), links.filter(created_at__lte=as_of.at)
    return _links_within(entries, seen, links)


def _links_within(
    entries: Iterable[Entry], seen: QuerySet[Entry], links: QuerySet[Link]
) -> dict[int, list[LinkedTo]]:
    ids = [entry.pk for entry in entries]
    found: dict[int, list[LinkedTo]] = defaultdict(list)
    for link in _first(links.filter(_is_in(seen, "to_entry"), from_entry__in=ids), "from_entry", "to_entry"):
        found[link.from_entry_id].append(LinkedTo(link.get_relation_display(), link.to_entry, link))
    for link in _first(links.filter(_is_in(seen, "from_entry"), to_entry__in=ids), "to_entry", "from_entry"):
        backwards = Relation(link.relation).backwards
        found[link.to_entry_id].append(LinkedTo(backwards, link.from_entry, link))
    return found


def _is_in(seen: QuerySet[Entry], end: str) -> Exists:
    """That this end of a link is among those entries: asked of each link, for `IN` would list them all."""
    return Exists(seen.filter(pk=OuterRef(end)))


def _first(links: QuerySet[Link], end: str, other: str) -> QuerySet[Link]:
    """At most so many links for each entry at that end, however many it has; with the other end."""
    number = Window(RowNumber(), partition_by=F(end), order_by="id")
    numbered = links.annotate(number=number).filter(number__lte=MOST_LINKS)
    return numbered.select_related(f"{other}__statistic").order_by(end, "id")


def all_links_of(entry: Entry, access: Access, *, most: int = 200) -> list[LinkedTo]:
    """Every link of one entry, to entries this person may see."""
    seen = visible.entries(access)
    here = Q(_is_in(seen, "to_entry"), from_entry=entry) | Q(_is_in(seen, "from_entry"), to_entry=entry)
    rows = Link.objects.filter(here).select_related(*ENDS).order_by("id")[:most]
    links = [_read_from(entry, link) for link in rows]
    return with_since(links, since_of((linked.other for linked in links), access))


def _read_from(entry: Entry, link: Link) -> LinkedTo:
    if link.from_entry_id == entry.pk:
        return LinkedTo(link.get_relation_display(), link.to_entry, link)
    return LinkedTo(Relation(link.relation).backwards, link.from_entry, link)
