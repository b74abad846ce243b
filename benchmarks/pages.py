"""How long pages take, and how that grows with the campaign."""

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import saying
from benchmarks.databases import CAMPAIGN, ROOT, NotAvailable, environment, prepared
from benchmarks.measure import in_turns, percentile

SIZES = [1_000, 100_000, 1_000_000]
QUICK_SIZES = [1_000, 20_000]
GOALS = {"timeline_growth": "< 2", "deadlines_growth": "< 2"}
WARM = 3
TIMELINE, DEADLINES, BESIDE = "timeline", "deadlines", "beside"
OWNER, VIEWER = "owner", "viewer"


@dataclass(frozen=True)
class Page:
    """A page to ask for. Its `group` says which ratio it counts in; those beside count in none."""

    group: str
    name: str
    path: str
    who: str = OWNER
    seldom: bool = False
    """A slow one, asked a tenth as often."""


HERE = "/c/{slug}/"
PAGES = [
    Page(TIMELINE, "timeline, around today", f"{HERE}timeline/"),
    Page(TIMELINE, "timeline, from a year on", f"{HERE}timeline/?start=2015"),
    Page(TIMELINE, "timeline, a page in the middle", f"{HERE}timeline/?after={{middle}}"),
    Page(TIMELINE, "timeline, one kind", f"{HERE}timeline/?kind=statistic"),
    Page(TIMELINE, "timeline, a person quoted often", f"{HERE}timeline/?person={{person}}"),
    Page(TIMELINE, "timeline, a source used often", f"{HERE}timeline/?source={{source}}"),
    Page(TIMELINE, "timeline, a frequent tag", f"{HERE}timeline/?tag=tag+00"),
    Page(TIMELINE, "timeline, a rare tag", f"{HERE}timeline/?tag=tag+49"),
    Page(TIMELINE, "timeline, as a viewer", f"{HERE}timeline/", VIEWER),
    Page(TIMELINE, "timeline, a frequent tag, as a viewer", f"{HERE}timeline/?tag=tag+00", VIEWER),
    Page(BESIDE, "timeline, words", f"{HERE}timeline/?words=helplines"),
    Page(DEADLINES, "deadlines", "/deadlines/"),
    Page(DEADLINES, "deadlines, a page in the middle", "/deadlines/?after={due}"),
    Page(DEADLINES, "deadlines, most slipped first", "/deadlines/?sort=-slipped"),
    Page(DEADLINES, "deadlines, slipped, in the middle", "/deadlines/?sort=-slipped&after={slipped}"),
    Page(DEADLINES, "deadlines, met", "/deadlines/?status=met"),
    Page(BESIDE, "a campaign's home", HERE),
    Page(BESIDE, "my campaigns", "/"),
    Page(BESIDE, "an entry", f"{HERE}entries/{{quote}}/"),
    Page(BESIDE, "people", f"{HERE}people/"),
    Page(BESIDE, "people, as a viewer", f"{HERE}people/", VIEWER),
    Page(BESIDE, "sources", f"{HERE}sources/"),
    Page(BESIDE, "sources, as a viewer", f"{HERE}sources/", VIEWER),
    Page(BESIDE, "suggested entries, their start typed", f"{HERE}find/entries/?q=west+mer"),
    Page(BESIDE, "suggested entries, no such words", f"{HERE}find/entries/?q=zebra"),
    Page(BESIDE, "suggested sources, their start typed", f"{HERE}find/sources/?q=report+9"),
    Page(BESIDE, "suggested sources, no such words", f"{HERE}find/sources/?q=zebra"),
]


@dataclass(frozen=True)
class Row:
    """What one page took at one size, in milliseconds and queries."""

    database: str
    group: str
    page: str
    size: int
    p50: float
    p95: float
    queries: int
    kilobytes: float = 0.0
    """Of the page, gzipped."""


class Site:
    """A site at work on one database."""

    def __init__(self, worker: "subprocess.Popen[str]") -> None:
        self.worker = worker
        self.facts: dict[str, str] = self._answer()

    def path(self, page: Page) -> str:
        return page.path.format(**{name: quote(value) for name, value in self.facts.items()})

    def seconds(self, page: Page) -> float:
        return self._ask(page)["seconds"]

    def counts(self, page: Page) -> dict[str, Any]:
        """Its queries, and the bytes it takes gzipped."""
        return self._ask(page, count=True)

    def _ask(self, page: Page, **how: Any) -> dict[str, Any]:
        assert self.worker.stdin is not None
        print(
            json.dumps({"who": page.who, "path": self.path(page), **how}), file=self.worker.stdin, flush=True
        )
        answer = self._answer()
        if answer["status"] != 200:
            raise RuntimeError(f"{self.path(page)} answered {answer['status']}")
        return answer

    def _answer(self) -> dict[str, Any]:
        assert self.worker.stdout is not None
        line = self.worker.stdout.readline()
        if not line:
            raise RuntimeError(f"The site ended with code {self.worker.wait()}.")
        return json.loads(line)


@contextmanager
def running(url: str, cache: Path) -> Iterator[Site]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.worker", CAMPAIGN],
        cwd=ROOT,
        env=environment(url, cache) | {"DJANGO_SETTINGS_MODULE": "campaigntracker.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        try:
            yield Site(worker)
        finally:
            if worker.stdin:
                worker.stdin.close()


def run(options: Namespace, cache: Path) -> dict[str, Any]:
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    rows, skipped = on_all(sizes, options, cache, PAGES)
    return {
        "ratios": {f"{group}_growth": growth(rows, group) for group in (TIMELINE, DEADLINES)},
        "rows": [asdict(row) for row in rows],
        "skipped": skipped,
    }


def on_all(
    sizes: Sequence[int], options: Namespace, cache: Path, pages: Sequence[Page]
) -> tuple[list[Row], dict[str, str]]:
    """Every page on every database. What cannot be measured is skipped, and says why."""
    collect_static(cache)
    rows: list[Row] = []
    skipped: dict[str, str] = {}
    for vendor in options.databases:
        try:
            with prepared(vendor, sizes, cache) as urls:
                rows += measured(
                    vendor, urls, cache, requests=options.requests, only=options.only, pages=pages
                )
        except NotAvailable as reason:
            skipped[vendor] = str(reason)
    return rows, skipped


def collect_static(cache: Path) -> None:
    """Pages name their static files by digest, as in production."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment("sqlite://:memory:", cache))


def measured(
    vendor: str,
    urls: Mapping[int, str],
    cache: Path,
    *,
    requests: int,
    pages: Sequence[Page],
    only: str = "",
) -> list[Row]:
    rows = []
    with ExitStack() as stack:
        sites = {size: stack.enter_context(running(url, cache)) for size, url in urls.items()}
        for page in pages:
            if only in page.name:
                rows += row_of(vendor, page, sites, max(requests // 10, 3) if page.seldom else requests)
                show(rows[-len(sites) :])
    return rows


def row_of(vendor: str, page: Page, sites: Mapping[int, Site], requests: int) -> list[Row]:
    """One page at every size, in turns."""
    runs: dict[int, Callable[[], float]] = {
        size: lambda site=site: 1000 * site.seconds(page) for size, site in sites.items()
    }
    taken = in_turns(runs, rounds=requests, warm=min(WARM, requests))
    counts = {size: site.counts(page) for size, site in sites.items()}
    return [
        Row(
            database=vendor,
            group=page.group,
            page=page.name,
            size=size,
            p50=round(percentile(times, 0.5), 1),
            p95=round(percentile(times, 0.95), 1),
            queries=counts[size]["queries"],
            kilobytes=round(counts[size]["bytes"] / 1000, 1),
        )
        for size, times in taken.items()
    ]


def growth(rows: Sequence[Row], group: str) -> float | None:
    """How many times longer the largest size takes than the smallest, at worst (p95, any page of the group,
    any database)."""
    ratios = [ratio_of(list(sizes)) for sizes in _by_page(rows) if sizes[0].group == group]
    return max(ratios, default=None)


def ratio_of(sizes: Sequence[Row]) -> float:
    return round(sizes[-1].p95 / sizes[0].p95, 2)


def _by_page(rows: Sequence[Row]) -> Iterator[list[Row]]:
    pages: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        pages.setdefault((row.database, row.page), []).append(row)
    for sizes in pages.values():
        yield sorted(sizes, key=lambda row: row.size)


def show(sizes: Sequence[Row]) -> None:
    """One page's line of the table."""
    times = "".join(f"{row.p50:9.1f} {row.p95:7.1f}" for row in sizes)
    queries = "/".join(str(count) for count in sorted({row.queries for row in sizes}))
    weight = max(row.kilobytes for row in sizes)
    said = f"{queries:>5} q {weight:5.1f} kB  × {ratio_of(sizes):.2f}"
    print(f"{sizes[0].database:<10} {sizes[0].page:<38}{times}  {said}", flush=True)


def summary(result: Mapping[str, Any]) -> str:
    return "\n".join([*saying.ratios(result["ratios"], GOALS), *saying.left_out(result["skipped"])])
