"""How quick search is, beside plain SQL that gives the same answer and beside `icontains`, and through the
whole stack."""

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import saying
from benchmarks.databases import CAMPAIGN, ROOT, SETTINGS, NotAvailable, environment, prepared
from benchmarks.pages import VIEWER, Page, Row, collect_static, measured
from benchmarks.search_part import RARE

SIZES = [1_000, 100_000, 1_000_000]
QUICK_SIZES = [1_000, 20_000]
NEAR_MS = 3.0
"""So near to plain SQL counts as equal."""
FEW, ANY = "few", "any"
GOALS = {
    "over_bare_sql": "at most 1.3",
    "vs_icontains": "at least 50, at 1,000,000",
    "few_p95_ms": "below 100, at 100,000",
    "any_p95_ms": "below 250, at 100,000",
}
HERE = "/c/{slug}/search/?q="
PAGES = [
    Page(FEW, "two words, few hits", f"{HERE}wales+answered+"),
    Page(FEW, "a phrase, few hits", f"{HERE}%22leeds+promised+a+review%22"),
    Page(FEW, "a start, few hits", f"{HERE}9123"),
    Page(FEW, "two words, few hits, as a viewer", f"{HERE}wales+answered+", VIEWER),
    Page(FEW, "everywhere, few hits", "/search/?q=wales+answered+"),
    Page(ANY, "two words, many hits", f"{HERE}online+grooming+"),
    Page(ANY, "a phrase, many hits", f"{HERE}%22draft+bill%22"),
    Page(ANY, "a start, many hits", f"{HERE}groo"),
    Page(ANY, "two words, many hits, as a viewer", f"{HERE}online+grooming+", VIEWER),
    Page(ANY, "quotes, one person, many hits", f"{HERE}online+&kind=quote&person={{person}}"),
    Page(ANY, "a role, from a year on", f"{HERE}online+&role=Minister&start=2020"),
]


def run(options: Namespace, cache: Path) -> dict[str, Any]:
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    collect_static(cache)
    parts: list[dict[str, Any]] = []
    rows: list[Row] = []
    skipped: dict[str, str] = {}
    for vendor in options.databases:
        try:
            with prepared(vendor, sizes, cache) as urls:
                for size, url in urls.items():
                    parts += part(vendor, size, url, cache, options.requests)
                rows += measured(
                    vendor, urls, cache, requests=options.requests, only=options.only, pages=PAGES
                )
        except NotAvailable as reason:
            skipped[vendor] = str(reason)
    return {
        "ratios": ratios(parts, rows),
        "queryset": parts,
        "rows": [asdict(row) for row in rows],
        "skipped": skipped,
    }


def part(vendor: str, size: int, url: str, cache: Path, rounds: int) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.search_part", CAMPAIGN, str(rounds)],
        cwd=ROOT,
        env=environment(url, cache) | {"DJANGO_SETTINGS_MODULE": SETTINGS},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    made = [
        {"database": vendor, "size": size, "search": name, **times}
        for name, times in json.loads(done.stdout).items()
    ]
    for row in made:
        print(
            f"{vendor:<10} {size:>9,} {row['search']:<26} hits {row['hits']:>6,}  "
            f"ours {row['ours']['p50']:8.2f} {row['ours']['p95']:8.2f}  "
            f"sql {row['bare']['p50']:8.2f} {row['bare']['p95']:8.2f}  × {over(row):.2f}"
            + (f"  icontains {row['icontains']['p50']:.1f}" if "icontains" in row else ""),
            flush=True,
        )
    return made


def over(row: Mapping[str, Any]) -> float:
    """How many times longer the queryset takes (p50) than plain SQL; 1 where they are within 3 ms."""
    ours, bare = row["ours"]["p50"], row["bare"]["p50"]
    return 1.0 if ours - bare <= NEAR_MS else round(ours / bare, 2)


def ratios(parts: Sequence[Mapping[str, Any]], rows: Sequence[Row]) -> dict[str, float | None]:
    """The worst over all; of `icontains` at the largest size, of pages at 100,000 or the largest below."""
    largest = max((row["size"] for row in parts), default=0)
    rare = [row for row in parts if row["search"] == RARE and row["size"] == largest]
    sized = max((row.size for row in rows if row.size <= 100_000), default=0)
    worst = {
        group: max((row.p95 for row in rows if row.group == group and row.size == sized), default=None)
        for group in (FEW, ANY)
    }
    return {
        "over_bare_sql": max((over(row) for row in parts), default=None),
        "vs_icontains": min(
            (round(row["icontains"]["p50"] / row["ours"]["p50"], 1) for row in rare), default=None
        ),
        "few_p95_ms": worst[FEW],
        "any_p95_ms": worst[ANY],
    }


def summary(result: Mapping[str, Any]) -> str:
    return "\n".join([*saying.ratios(result["ratios"], GOALS), *saying.left_out(result["skipped"])])
