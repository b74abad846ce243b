"""What keeping up followed bills costs, at a Parliament of this machine that answers at once: the first look,
one at which nothing changed, and one at which some did. Waiting between requests is not counted."""

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import saying
from benchmarks.databases import ROOT, SETTINGS, NotAvailable, environment, fresh, serving
from benchmarks.legislation_part import SAME, SOME

BILLS, QUICK_BILLS = 1_000, 100
STAGES = 40
PAGE = 80
"""Bills asked about in one request."""
GOALS = {
    "queries_per_unchanged_bill": "at most 1",
    "requests_per_unchanged_bill": f"at most {1 / PAGE:.4g} (one a page of {PAGE}), or 1 for the last page",
}


def run(options: Namespace, cache: Path) -> dict[str, Any]:
    bills = (options.sizes or [QUICK_BILLS if options.quick else BILLS])[-1]
    rows: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    for vendor in options.databases:
        try:
            with serving(vendor, cache) as server, fresh(server, cache) as url:
                rows += [{"database": vendor, **look} for look in part(url, cache, bills)]
        except NotAvailable as reason:
            skipped[vendor] = str(reason)
    return {"ratios": ratios(rows), "rows": rows, "stages": STAGES, "skipped": skipped}


def part(url: str, cache: Path, bills: int) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.legislation_part", str(bills), str(STAGES)],
        cwd=ROOT,
        env=environment(url, cache) | {"DJANGO_SETTINGS_MODULE": SETTINGS},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def ratios(rows: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """The worst of the databases; None where none was measured."""
    same = [row for row in rows if row["name"] == SAME]
    some = [row for row in rows if row["name"] == SOME]
    return {
        "queries_per_unchanged_bill": worst(row["queries"] / row["bills"] for row in same),
        "requests_per_unchanged_bill": worst(row["requests"] / row["bills"] for row in same),
        "queries_per_changed_bill": worst(row["queries"] / max(row["changed"], 1) for row in some),
    }


def worst(found: Any) -> float | None:
    return max(found, default=None)


def summary(result: Mapping[str, Any]) -> str:
    lines = [
        f"{row['database']:<10} {row['name']:<30} {row['bills']:>5,} bills × {result['stages']}  "
        f"{row['changed']:>5,} changed  {row['requests']:>5,} requests  "
        f"{row['queries'] / row['bills']:9.2f} queries a bill  {row['seconds']:8.2f} s"
        for row in result["rows"]
    ]
    lines += saying.ratios(result["ratios"], GOALS)
    lines += saying.left_out(result["skipped"])
    return "\n".join(lines)
