"""Entries made ready for a list: their details, tags and links in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.campaigns.access import Access
from apps.dates import margin
from apps.desk import visible
from apps.timeline.models import Entry, Link, Relation

MOST_LINKS = 4
"""Links named in a row; the entry's own page has them all."""


def with_details(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Everything a row shows, in two queries."""
    return entries.select_related(
        *("source", "person", "organisation", "statistic", "milestone__owner", "milestone__settled_source"),
        *("quote__post__organisation", "campaign"),
    ).prefetch_related("tags")


@dataclass(frozen=True)
class LinkedTo:
    """The other end of a link, and the relation read from this end."""

    relation: str
    other: Entry
    link: Link


@dataclass
class Row:
    """An entry with its links and the words that stand beside it in the margin."""

    entry: Entry
    links: list[LinkedTo]
    margin: str = ""
    hidden: bool = False
    starts_future: bool = False


@dataclass
class Year:
    """A heading of the timeline and the rows under it."""

    year: int
    rows: list[Row] = field(default_factory=list)


def by_year(entries: Sequence[Entry], access: Access) -> list[Year]:
    """Rows under their years, each month or season named once beside its first row."""
    links = links_of(entries, access)
    years: list[Year] = []
    said = ""
    before: date | None = None
    for entry in entries:
        if not years or years[-1].year != entry.placed.year:
            years.append(Year(entry.placed.year))
            said = ""
        words = margin(entry.date)
        starts_future = before is not None and before <= access.today < entry.placed
        row = Row(
            entry, links[entry.pk], "" if words == said else words, entry.is_hidden(access.at), starts_future
        )
        before = entry.placed
        said = words
        years[-1].rows.append(row)
    return years


def links_of(entries: Iterable[Entry], access: Access) -> dict[int, list[LinkedTo]]:
    """The first links of each entry, both ways, to entries this person may see: two queries for a page."""
    ids = [entry.pk for entry in entries]
    seen = visible.entries(access)
    found: dict[int, list[LinkedTo]] = defaultdict(list)
    for link in _first(Link.objects.filter(_is_in(seen, "to_entry"), from_entry__in=ids), "from_entry"):
        found[link.from_entry_id].append(_read_from(link.from_entry, link))
    for link in _first(Link.objects.filter(_is_in(seen, "from_entry"), to_entry__in=ids), "to_entry"):
        found[link.to_entry_id].append(_read_from(link.to_entry, link))
    return found


def _is_in(seen: QuerySet[Entry], end: str) -> Exists:
    """That this end of a link is among those entries: asked of each link, for `IN` would list them all."""
    return Exists(seen.filter(pk=OuterRef(end)))


def _first(links: QuerySet[Link], end: str) -> QuerySet[Link]:
    """At most so many links for each entry, however many it has."""
    number = Window(RowNumber(), partition_by=F(end), order_by="id")
    numbered = links.annotate(number=number).filter(number__lte=MOST_LINKS)
    return numbered.select_related("from_entry", "to_entry").order_by(end, "id")


def all_links_of(entry: Entry, access: Access, *, most: int = 200) -> list[LinkedTo]:
    """Every link of one entry, to entries this person may see."""
    seen = visible.entries(access)
    here = Q(_is_in(seen, "to_entry"), from_entry=entry) | Q(_is_in(seen, "from_entry"), to_entry=entry)
    links = Link.objects.filter(here).select_related("from_entry", "to_entry").order_by("id")[:most]
    return [_read_from(entry, link) for link in links]


def _read_from(entry: Entry, link: Link) -> LinkedTo:
    if link.from_entry_id == entry.pk:
        return LinkedTo(link.get_relation_display(), link.to_entry, link)
    return LinkedTo(Relation(link.relation).backwards, link.from_entry, link)
