"""The benchmark of reminders runs from end to end, on sizes too small to say anything, and counts right."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reminders import Row, ratios, worst

ROOT = Path(__file__).resolve().parents[2]
SIZE = 200


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every part once, on SQLite."""
    folder = tmp_path_factory.mktemp("benchmark")
    figures = folder / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "reminders", "--quick", "--json", str(figures)]
    tiny = ["--sizes", str(SIZE), "--databases", "sqlite", "--seconds", "4"]
    done = subprocess.run([*command, *tiny, "--cache", str(folder)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(figures.read_text()) | {"said": done.stdout}


def figures_of(result: dict[str, Any], part: str) -> dict[str, Any]:
    (figures,) = [row["figures"] for row in result["rows"] if row["part"] == part]
    return figures


def test_every_reminder_is_planned(result: dict[str, Any]) -> None:
    figures = figures_of(result, "plan")
    assert figures["rows"] == figures["rows_of_sql"] == SIZE
    assert figures["broker_mb"] == 0


@pytest.mark.parametrize(("part", "messages"), [("piles", 20), ("singles", None)])
def test_what_is_due_is_sent_once(result: dict[str, Any], part: str, messages: int | None) -> None:
    figures = figures_of(result, part)
    assert figures["due"] == SIZE
    assert 0 < figures["sent"] <= SIZE  # on a slow machine the time is up before all have gone one by one
    assert figures["messages"] == figures["deliveries"] == (messages or figures["sent"])
    assert figures["sent_twice"] == 0
    if part == "piles":
        assert figures["sent"] == SIZE


def test_a_tick_is_measured_idle_and_with_one_due(result: dict[str, Any]) -> None:
    figures = figures_of(result, "tick")
    assert figures["ahead"] == SIZE
    assert figures["sent"] == 4
    assert figures["idle_tick_ms"] > 0


def test_the_rivals_do_the_same(result: dict[str, Any]) -> None:
    if "Redis" in result["skipped"]:
        pytest.skip(result["skipped"]["Redis"])
    beat, eta = figures_of(result, "beat"), figures_of(result, "eta")
    assert beat["rows"] == SIZE
    assert 0 < beat["published"] <= SIZE
    assert eta["fetched"] == eta["planned"] == SIZE
    assert result["ratios"]["plan_vs_dcb"] > 0
    assert result["ratios"]["overdue_vs_dcb"] > 0


def test_the_summary_names_ratios_and_goals(result: dict[str, Any]) -> None:
    assert {"orm_over_sql", "idle_tick_ms"} <= set(result["ratios"])
    assert set(result["by_database"]) == {"SQLite"}
    assert "(goal: at most 3)" in result["said"]


def row(part: str, size: int, **figures: float) -> Row:
    return Row(part=part, database="SQLite", size=size, figures=figures)


def test_ratios_are_of_the_largest_size() -> None:
    sizes = [
        row("plan", 9, planned_per_s=800.0, sql_per_s=1600.0),
        row("plan", 1, planned_per_s=1.0, sql_per_s=9.0),
        row("beat", 9, planned_per_s=20.0, published_per_s=0),
    ]
    assert ratios(sizes) == {"plan_vs_dcb": 40.0, "orm_over_sql_planning": 2.0}


def test_the_worst_of_a_lead_is_the_least_and_of_a_cost_the_most() -> None:
    each = [{"plan_vs_dcb": 30.0, "idle_tick_ms": 2.0}, {"plan_vs_dcb": 20.0, "idle_tick_ms": 4.0}, {}]
    assert worst(each) == {"plan_vs_dcb": 20.0, "idle_tick_ms": 4.0}
