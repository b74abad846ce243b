"""The benchmark of search runs from end to end, on a database too small to say anything."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.search import PAGES, over, ratios
from benchmarks.search_part import SEARCHES

ROOT = Path(__file__).resolve().parents[2]


def test_runs_and_names_its_ratios(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "search", "--quick", "--json", str(figures)]
    tiny = ["--sizes", "300", "--databases", "sqlite", "--requests", "1", "--only", "a phrase"]
    done = subprocess.run(
        [*command, *tiny, "--cache", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(figures.read_text())
    assert set(result["ratios"]) == {"over_bare_sql", "vs_icontains", "few_p95_ms", "any_p95_ms"}
    assert all(ratio > 0 for ratio in result["ratios"].values())
    assert [row["search"] for row in result["queryset"]] == [asked.name for asked in SEARCHES]
    assert len(result["rows"]) == len([page for page in PAGES if "a phrase" in page.name])


def part(ours: float, bare: float) -> dict:
    return {"size": 1, "search": "x", "ours": {"p50": ours}, "bare": {"p50": bare}}


def test_what_is_within_three_milliseconds_counts_as_equal() -> None:
    assert (over(part(3.5, 0.5)), over(part(20, 10))) == (1.0, 2.0)
    assert ratios([part(3.5, 0.5), part(20, 10)], [])["over_bare_sql"] == 2.0
