"""The path of one entry: what it is linked to, what that is linked to, and so on, a few steps each way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.timeline.models import Entry, Link

STEPS = 4
"""How far from its entry a path goes."""
MOST = 40
"""Entries of a path: they stand on one page. The nearest are taken."""
MOST_LINKS = 400
"""Links looked through at each step, however many an entry has."""


@dataclass(frozen=True)
class Path:
    """The entries, nearest first, the links among them, and whether there is more than that."""

    start: int
    entries: tuple[int, ...]
    links: tuple[Link, ...]
    goes_on: bool = False


def path_from(start: int, entries: QuerySet[Entry], links: QuerySet[Link]) -> Path | None:
    """The path of the entry with that id, through these entries and links alone; None where it is none of
    them. Every entry is met once, however the links run in circles."""
    if not entries.filter(pk=start).exists():
        return None
    found, edge, goes_on = [start], [start], False
    for step in range(STEPS + 1):
        ends = _ends(edge, set(found), links)
        seen = set(entries.filter(pk__in=ends).values_list("pk", flat=True)) if ends else set()
        edge = [pk for pk in ends if pk in seen]
        room = MOST - len(found) if step < STEPS else 0
        goes_on = goes_on or len(edge) > room
        edge = edge[:room]
        if not edge:
            break
        found += edge
    among = links.filter(from_entry__in=found, to_entry__in=found).order_by("id")[:MOST_LINKS]
    return Path(start, tuple(found), tuple(among), goes_on)


def _ends(edge: list[int], known: set[int], links: QuerySet[Link]) -> list[int]:
    """What the entries at the edge are linked to, in the order in which the links were made."""
    rows = links.filter(Q(from_entry__in=edge) | Q(to_entry__in=edge)).order_by("id")
    pairs = rows.values_list("from_entry", "to_entry")[:MOST_LINKS]
    return list(dict.fromkeys(pk for pk in _both(pairs) if pk not in known))


def _both(pairs: Iterable[tuple[int, int]]) -> Iterator[int]:
    for one, other in pairs:
        yield one
        yield other
