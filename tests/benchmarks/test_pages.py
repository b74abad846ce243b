"""The benchmark of pages runs from end to end, on databases too small to say anything."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import in_turns, percentile
from benchmarks.pages import PAGES, Row, growth

ROOT = Path(__file__).resolve().parents[2]


def test_runs_and_names_its_ratios(tmp_path):
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "pages", "--quick", "--json", str(figures)]
    tiny = ["--sizes", "300,600", "--databases", "sqlite", "--requests", "1", "--only", "in the middle"]
    done = subprocess.run(
        [*command, *tiny, "--cache", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(figures.read_text())
    assert set(result["ratios"]) == {"timeline_growth", "deadlines_growth"}
    assert all(ratio > 0 for ratio in result["ratios"].values())
    assert len(result["rows"]) == 2 * len([page for page in PAGES if "in the middle" in page.name])
    assert f"timeline_growth: {result['ratios']['timeline_growth']:.4g} (goal: " in done.stdout


def row(page: str, size: int, p95: float, group: str = "timeline") -> Row:
    return Row(database="SQLite", group=group, page=page, size=size, p50=1.0, p95=p95, queries=9)


def test_growth_is_the_worst_page_of_the_group():
    rows = [row("a", 1, 10.0), row("a", 5, 11.0), row("b", 1, 10.0), row("b", 5, 15.0)]
    assert growth([*rows, row("words", 1, 1.0, "beside"), row("words", 5, 9.0, "beside")], "timeline") == 1.5


def test_growth_of_nothing_is_not_a_number():
    assert growth([], "timeline") is None


def test_sizes_are_measured_in_turns():
    order: list[str] = []
    runs = {name: lambda name=name: order.append(name) or len(order) for name in ("small", "large")}
    assert in_turns(runs, rounds=2, warm=1) == {"small": [3, 5], "large": [4, 6]}
    assert order == ["small", "large"] * 3


def test_percentiles_are_among_the_values():
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile([7.0], 0.95)) == (51.0, 96.0, 7.0)
