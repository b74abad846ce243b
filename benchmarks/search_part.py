"""One database's share of the benchmark of search, in a process of its own: with a campaign's slug and how
many rounds to go, it prints times as JSON. The same question is asked through the queryset and as plain SQL,
in turns."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import django

from benchmarks.measure import in_turns, percentile

PAGE = 31
MOST = 10_001
WARM = 2


@dataclass(frozen=True)
class Asked:
    """A search, of one kind of entry or of all. A space at its end: its last word is whole."""

    name: str
    words: str
    kind: str = ""


SEARCHES = [
    Asked("a rare word", "(777) "),
    Asked("two words, few hits", "wales answered "),
    Asked("two words, many hits", "online grooming "),
    Asked("a phrase, few hits", '"leeds promised a review"'),
    Asked("a phrase, many hits", '"draft bill"'),
    Asked("a start, few hits", "9123"),
    Asked("a start, many hits", "groo"),
    Asked("one kind, many hits", "online ", "quote"),
    Asked("a word, without another", "online -leeds "),
]
RARE = SEARCHES[0].name


def main(slug: str, rounds: int) -> dict[str, Any]:
    django.setup()
    from apps.campaigns.models import Campaign

    campaign = Campaign.objects.get(slug=slug)
    rows = {}
    for asked in SEARCHES:
        rows[asked.name] = measured(asked, campaign, rounds)
    rows[RARE]["icontains"] = times_of(icontains(campaign), max(3, rounds // 8))
    return rows


def measured(asked: Asked, campaign: Any, rounds: int) -> dict[str, Any]:
    ours, bare = through_queryset(asked, campaign), as_sql(asked, campaign)
    first, second = ours(), bare()
    if first != second:
        raise RuntimeError(f"{asked.name}: the queryset answers {first!r:.200}, SQL {second!r:.200}")
    taken = in_turns({"ours": timed(ours), "bare": timed(bare)}, rounds=rounds, warm=WARM)
    said: dict[str, Any] = {name: numbers(values) for name, values in taken.items()}
    return said | {"hits": first[1]}


def timed(run: Callable[[], Any]) -> Callable[[], float]:
    def once() -> float:
        start = time.perf_counter()
        run()
        return 1000 * (time.perf_counter() - start)

    return once


def times_of(run: Callable[[], Any], rounds: int) -> dict[str, float]:
    return numbers(in_turns({"": timed(run)}, rounds=rounds, warm=1)[""])


def numbers(values: Sequence[float]) -> dict[str, float]:
    return {"p50": round(percentile(values, 0.5), 2), "p95": round(percentile(values, 0.95), 2)}


def query_of(asked: Asked) -> tuple[Any, list[list[str]]]:
    from apps.words import read_query

    return read_query(asked.words), [[f"=k{asked.kind}"]] if asked.kind else []


def through_queryset(asked: Asked, campaign: Any) -> Callable[[], Any]:
    """The gate, a page, and how many hits there are of each kind."""
    from django.utils import timezone

    from apps.desk.search import looked_at
    from apps.timeline.models import Entry

    owner = campaign.memberships.get(role="owner").user
    query, marks = query_of(asked)

    def run() -> Any:
        seen = Entry.objects.visible_to(owner, at=timezone.now(), campaign=campaign)
        found = seen.matching(query, marks=marks)
        page = list(found.newest_first().values_list("pk", flat=True)[:PAGE])
        kinds = Counter(kind for kind, _ in looked_at(found))
        return page, kinds.total(), sorted(kinds)

    return run


PLAIN = {
    "sqlite": (
        "FROM timeline_search AS words JOIN timeline_entry AS entry "
        "ON entry.id = (words.rowid & 1099511627775) "
        "WHERE words.timeline_search MATCH %s AND entry.campaign_id IN (%s)",
        "words.rowid",
    ),
    "postgresql": (
        "FROM timeline_words AS words JOIN timeline_entry AS entry ON entry.id = words.entry_id "
        "WHERE words.vector @@ %s::tsquery AND entry.campaign_id IN (%s)",
        "words.key",
    ),
}


def as_sql(asked: Asked, campaign: Any) -> Callable[[], Any]:
    """The same through the driver's own cursor: the gate's two look-ups, and what they let through."""
    from django.db import connection

    from apps.words import fts5, tsquery

    owner = campaign.memberships.get(role="owner").user
    query, marks = query_of(asked)
    write = tsquery if connection.vendor == "postgresql" else fts5
    rest, key = PLAIN[connection.vendor]
    connection.ensure_connection()
    mark = "?" if connection.vendor == "sqlite" else "%s"
    looking = f"SELECT entry.kind, entry.id {rest} LIMIT {MOST}".replace("%s", mark)
    paging = f"SELECT entry.id {rest} ORDER BY {key} DESC LIMIT {PAGE}".replace("%s", mark)
    role = f"SELECT role FROM campaigns_membership WHERE user_id = {mark} AND campaign_id = {mark}"

    def run() -> Any:
        cursor = connection.connection.cursor()
        cursor.execute(role, (owner.pk, campaign.pk)).fetchall()
        words = write(query, marks=marks)
        page = [pk for (pk,) in cursor.execute(paging, (words, campaign.pk)).fetchall()]
        hits = cursor.execute(looking, (words, campaign.pk)).fetchall()
        kinds = Counter(kind for kind, _ in hits)
        return page, kinds.total(), sorted(kinds)

    return run


def icontains(campaign: Any) -> Callable[[], Any]:
    """The rare word as it was looked for before there was an index: a page of what holds it."""
    from django.db.models import Q
    from django.utils import timezone

    from apps.timeline.models import Entry

    owner = campaign.memberships.get(role="owner").user

    def run() -> Any:
        seen = Entry.objects.visible_to(owner, at=timezone.now(), campaign=campaign)
        held = Q(headline__icontains="(777)") | Q(quote__words__icontains="(777)")
        held |= Q(statistic__measure__icontains="(777)")
        return list(seen.filter(held).order_by("-placed", "-pk").values_list("pk", flat=True)[:PAGE])

    return run


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
