"""How many rows a second a spreadsheet is imported at, and in how much memory, beside django-import-export's
own default path, each on an empty database of its own."""

import csv
import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from benchmarks import saying
from benchmarks.databases import ROOT, SETTINGS, NotAvailable, environment, fresh, serving

SIZES, QUICK_SIZES = [10_000, 100_000], [1_000, 10_000]
RIVALS = {"default": 10_000, "default, the same work": 1_000}
"""The peer's paths, and how many rows each is given: it takes them one by one, so more would only last."""
QUICK_RIVALS = {"default": 1_000, "default, the same work": 200}
GOALS = {"vs_default_path": "at least 1", "memory_mb": "at most 150, at 100,000"}
HEADERS = ("Measure", "Figure", "Unit", "Area", "Period", "As of", "Source", "Counted by", "Tags", "Note")


def run(options: Namespace, cache: Path) -> dict[str, Any]:
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    rivals = QUICK_RIVALS if options.quick else RIVALS
    found: list[dict[str, Any]] = []
    skipped: dict[str, str] = {}
    jobs = [("ours", size) for size in sizes] + list(rivals.items())
    for vendor in options.databases:
        try:
            with serving(vendor, cache) as server:
                for name, rows in jobs:
                    with fresh(server, cache) as url:
                        found.append({"database": vendor, "part": name, **part(name, rows, url, cache)})
                    print(_line(found[-1]), flush=True)
        except NotAvailable as reason:
            skipped[vendor] = str(reason)
    return {
        "ratios": {vendor: ratios(found, vendor) for vendor in options.databases},
        "parts": found,
        "skipped": skipped,
    }


def part(name: str, rows: int, url: str, cache: Path) -> dict[str, Any]:
    file = cache / f"imports-{rows}.csv"
    material(file, rows)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.imports_part", name, str(rows), str(file)],
        cwd=ROOT,
        env=environment(url, cache) | {"DJANGO_SETTINGS_MODULE": SETTINGS},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def material(file: Path, rows: int) -> None:
    """Figures of 40 measures in 50 areas, out of 200 sources."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.writer(opened)
        out.writerow(HEADERS)
        for number in range(rows):
            year = 1990 + number // 2_000 % 35
            out.writerow(
                [
                    f"Recorded offences, sort {number % 40}",
                    f"{number:,}",
                    "offences",
                    f"Area {number % 50}",
                    str(year),
                    f"{year + 1}-{number % 12 + 1:02}-{number % 28 + 1:02}",
                    f"Report {number % 200}",
                    f"Force {number % 45}",
                    f"police, topic {number % 9}",
                    f"Row {number} of the return.",
                ]
            )


def ratios(found: list[dict[str, Any]], vendor: str) -> dict[str, float | None]:
    here = [row for row in found if row["database"] == vendor]
    mine = [row for row in here if row["part"] == "ours"]
    if not mine:
        return {}
    peers = {row["part"]: row for row in here if row["part"] != "ours"}
    largest, smallest = mine[-1], mine[0]
    plain, same = peers.get("default"), peers.get("default, the same work")
    return {
        "vs_default_path": largest["rows_per_s"] / plain["rows_per_s"] if plain else None,
        "vs_default_path_cpu": _cpu(plain) / _cpu(largest) if plain else None,
        "vs_default_path_same_work": largest["rows_per_s"] / same["rows_per_s"] if same else None,
        "memory_mb": largest["memory_mb"],
        "memory_growth": largest["memory_mb"] / max(smallest["memory_mb"], 1),
    }


def _cpu(row: dict[str, Any]) -> float:
    """Seconds of the processor for a row, the database server's apart."""
    return float(row["cpu_s"] / row["rows"])


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['database']:<10} {row['part']:<24} {row['rows']:>8,} rows {row['rows_per_s']:9,.0f} rows/s  "
        f"check {row['check_s']:7.1f} s  write {row['write_s']:7.1f} s  CPU {row['cpu_s']:7.1f} s  "
        f"{row['memory_mb']:6.0f} MB"
    )


def summary(result: dict[str, Any]) -> str:
    lines = [_line(row) for row in result["parts"]]
    for vendor, found in result["ratios"].items():
        lines += saying.ratios(found, GOALS, of=vendor)
    return "\n".join([*lines, *saying.left_out(result["skipped"])])
