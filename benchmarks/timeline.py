"""How long the picture of a timeline takes, at any window, and how that grows with the campaign."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import saying
from benchmarks.pages import VIEWER, Page, Row, growth, on_all

SIZES = [1_000, 10_000, 100_000, 1_000_000]
QUICK_SIZES = [1_000, 20_000]
WINDOW, BINS, BESIDE = "window", "bins", "beside"
GOALS = {
    "window_growth": "at most 2",
    "bins_growth": "at most 2",
    "p95_ms": "at most 50",
    "kilobytes": "at most 40",
}
TODAY = date.today()  # noqa: DTZ011  (the made-up entries lie around the day they are made)


def _around(day: date, days: int) -> str:
    first = day - timedelta(days=days // 2)
    return f"/c/{{slug}}/timeline/picture/?from={first}&to={first + timedelta(days=days - 1)}"


PAGES = [
    Page(BINS, "everything", "/c/{slug}/timeline/picture/"),
    Page(BINS, "everything, as a viewer", "/c/{slug}/timeline/picture/", VIEWER),
    Page(BINS, "a millennium", _around(TODAY, 365_000)),
    Page(BINS, "ten years", _around(TODAY, 3_650)),
    Page(BINS, "five years, one kind", _around(TODAY, 1_825) + "&kind=quote"),
    Page(WINDOW, "a year", _around(TODAY, 365)),
    Page(WINDOW, "a quarter", _around(TODAY, 90)),
    Page(WINDOW, "a quarter, ten years ago, as a viewer", _around(TODAY - timedelta(days=3_650), 90), VIEWER),
    Page(WINDOW, "a week", _around(TODAY, 7)),
    Page(WINDOW, "a day", _around(TODAY - timedelta(days=700), 1)),
    Page(BESIDE, "a frequent tag", "/c/{slug}/timeline/picture/?tag=tag+00", seldom=True),
    Page(
        BESIDE,
        "as of two years ago",
        f"/c/{{slug}}/timeline/picture/?asof={TODAY - timedelta(days=700)}",
        seldom=True,
    ),
    Page(BESIDE, "the whole page", "/c/{slug}/timeline/"),
]
"""Windows that show columns, windows that may show entries, and what is not held to the goals: narrowed and
rewound timelines are counted entry by entry."""


def run(options: Namespace, cache: Path) -> dict[str, Any]:
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    rows, skipped = on_all(sizes, options, cache, PAGES)
    return {"ratios": ratios(rows), "rows": [asdict(row) for row in rows], "skipped": skipped}


def ratios(rows: Sequence[Row]) -> dict[str, float | None]:
    """How p95 grows from the smallest campaign to the largest, at worst; the worst p95 and the heaviest
    answer at the largest."""
    held = [row for row in rows if row.group != BESIDE]
    largest = [row for row in held if row.size == max(row.size for row in held)]
    return {
        "window_growth": growth(rows, WINDOW),
        "bins_growth": growth(rows, BINS),
        "p95_ms": max((row.p95 for row in largest), default=None),
        "kilobytes": max((row.kilobytes for row in largest), default=None),
    }


def summary(result: Mapping[str, Any]) -> str:
    return "\n".join([*saying.ratios(result["ratios"], GOALS), *saying.left_out(result["skipped"])])
