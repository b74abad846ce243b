"""The benchmark of the browser: its arithmetic, what it says is missing, and a run on a tiny timeline."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from argparse import Namespace
from gzip import decompress
from pathlib import Path
from typing import Any

import pytest

import benchmarks.browser as browser
from benchmarks.__main__ import NAMES, read
from benchmarks.browser import GOALS, Row, ratios, row_of, summary
from benchmarks.browser.rivals import EMPTY, OURS, PEERS, SELF, served, stage
from benchmarks.browser.visit import PARTS, Gesture, Visit, there_and_back
from tests.journeys.chromium import find_chromium

ROOT = Path(__file__).resolve().parents[2]


def visit(painted: float = 100.0, *, cpu: float = 10.0, pan: list[float] | None = None) -> Visit:
    return Visit(
        painted_ms=painted,
        server_ms=20.0,
        load=dict.fromkeys(PARTS, cpu),
        heap_mb=1.0,
        kilobytes=40.0,
        pan=Gesture(pan or [16.0], 5.0),
        zoom=Gesture([16.0], 5.0),
    )


def row(rival: str, size: int, **what: Any) -> Row:
    made = row_of(rival, size, [visit()])
    return Row(**(made.__dict__ | what))


def test_it_is_registered_and_reads_its_options():
    assert "browser" in NAMES
    assert read(["browser", "--quick", "--sizes", "1000,100"]).sizes == [100, 1000]


def test_a_row_holds_medians_and_all_frames():
    made = row_of(OURS, 100, [visit(100.0, pan=[16.0] * 9 + [90.0]), visit(900.0, cpu=30.0), visit(200.0)])
    assert (made.loads, made.painted_ms, made.painted_worst_ms, made.cpu_ms) == (3, 200.0, 900.0, 10.0)
    assert (made.pan_p50, made.pan_p95, made.pan_worst) == (16.0, 90.0, 90.0)
    assert made.visit_cpu_ms == 10.0 + 5.0 + 5.0


def test_what_loads_and_cannot_be_panned_counts_as_loaded():
    stuck = Visit(**(visit(cpu=70.0).__dict__ | {"pan": None, "zoom": None, "unfinished": "pan not done"}))
    made = row_of("stuck", 10_000, [stuck])
    assert (made.cpu_ms, made.pan_p95, made.zoom_cpu_ms, made.visit_cpu_ms) == (70.0, None, None, None)
    found = ratios([made, row(OURS, 10_000, cpu_ms=10.0)])
    assert (found["cpu_vs_best_peer_10k"], found["pan_cpu_vs_best_peer_10k"]) == (7.0, None)


def test_ratios_compare_with_the_peer_that_takes_least():
    rows = [
        row(EMPTY, 0, pan_p95=16.0, zoom_p95=16.0, cpu_ms=1.0),
        row(OURS, 100, painted_ms=100.0),
        row(OURS, 10_000, cpu_ms=100.0, pan_p95=18.0),
        row(OURS, 100_000, painted_ms=140.0, heap_mb=2.5, kilobytes=55.0),
        row("slow", 10_000, cpu_ms=9_000.0),
        row("quick", 10_000, cpu_ms=2_000.0),
        row("quick", 100, cpu_ms=50.0),
    ]
    found = ratios(rows)
    assert found["cpu_vs_best_peer_10k"] == 20.0
    assert found["paint_100k_over_100"] == 1.4
    assert found["frame_p95_over_empty"] == round(18 / 16, 2)
    assert (found["heap_mb"], found["first_load_kb"]) == (2.5, 55.0)


def test_what_was_not_measured_has_no_ratio():
    assert set(ratios([]).values()) == {None}
    found = ratios([row(OURS, 100), row(EMPTY, 0)])
    assert found["cpu_vs_best_peer_10k"] is None and found["paint_100k_over_100"] is None
    assert set(GOALS) <= set(found)


def test_the_summary_says_goals_and_what_was_left_out():
    said = summary({"ratios": {"heap_mb": 1.5, "first_load_kb": None}, "left_out": {"TimelineJS3": "no npm"}})
    assert said.splitlines() == ["heap_mb: 1.5 (goal: at most 5)", "TimelineJS3 was left out: no npm"]


def test_without_a_browser_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(browser, "find_chromium", lambda: None)
    result = browser.run(Namespace(quick=True, sizes=None), tmp_path)
    assert result["rows"] == []
    assert "no Chromium" in summary(result)


def test_without_npm_the_peers_are_left_out(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    peers, packages, left_out = browser.peers_here("", tmp_path / "cache")
    assert (peers, packages) == ([], None)
    assert left_out == {peer.name: "npm is not on this machine" for peer in PEERS}


def test_a_pan_ends_where_it_began():
    assert there_and_back(6) == [1, 2, 3, 2, 1, 0]


def test_rivals_are_served_their_items_gzipped_and_nothing_else(tmp_path):
    (tmp_path / "items-2.json").write_text("[1, 2]")
    with served(tmp_path, None) as host:
        for peer in PEERS:
            assert "items/items-2.json" in stage(peer, host, 2).url
        with urllib.request.urlopen(f"{host}/items/items-2.json") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert decompress(answer.read()) == b"[1, 2]"
        for lost in ("npm/any.js", "items/../../secret", "nothing"):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(f"{host}/{lost}")


@pytest.mark.browser
def test_runs_from_end_to_end(tmp_path):
    if find_chromium() is None:
        pytest.skip("No Chromium or Chrome is here.")
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "browser", "--quick", "--sizes", "60"]
    alone = ["--only", "nobody else", "--cache", str(tmp_path), "--json", str(figures)]
    done = subprocess.run([*command, *alone], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = {made["rival"]: made for made in json.loads(figures.read_text())["rows"]}
    assert set(rows) == {EMPTY, OURS}
    ours, empty = rows[OURS], rows[EMPTY]
    assert ours["size"] == 60 and ours["cpu_ms"] > empty["cpu_ms"] > 0
    assert ours["painted_ms"] > ours["server_ms"] > 0
    assert ours["kilobytes"] > 20 > empty["kilobytes"] > 0
    assert "heap_mb" in done.stdout
    assert (next(tmp_path.glob("*/screenshots")) / "campaign-tracker-60.png").stat().st_size > 10_000
    assert SELF.path.startswith("c/")
