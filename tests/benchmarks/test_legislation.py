"""The benchmark of followed bills runs and says its ratios."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks import legislation
from benchmarks.databases import ROOT


def test_it_measures_and_says_its_ratios(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "legislation", "--sizes", "10", "--databases", "sqlite"]
    done = subprocess.run(
        [*command, "--json", str(figures), "--cache", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(figures.read_text())
    assert [row["changed"] for row in result["rows"]] == [10, 0, 1]
    assert [row["requests"] for row in result["rows"]] == [21, 1, 3]
    assert result["ratios"]["requests_per_unchanged_bill"] == 0.1
    assert "requests_per_unchanged_bill: 0.1 (goal:" in done.stdout


def test_the_worst_database_counts() -> None:
    rows = [
        {"name": legislation.SAME, "bills": 100, "queries": queries, "requests": 2, "changed": 0}
        for queries in (10, 30)
    ]
    found = legislation.ratios(rows)
    assert (found["queries_per_unchanged_bill"], found["requests_per_unchanged_bill"]) == (0.3, 0.02)
    assert found["queries_per_changed_bill"] is None
