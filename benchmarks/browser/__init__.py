"""The picture of a timeline in Chromium, beside vis-timeline and TimelineJS3 on the same items."""

import statistics
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import saying
from benchmarks.browser.rivals import (
    EMPTY,
    NOBODY,
    OURS,
    PEERS,
    SELF,
    NotInstalled,
    Rival,
    Stage,
    installed,
    served,
    sites,
    stage,
)
from benchmarks.browser.visit import PARTS, Chromium, Gesture, NotDone, Visit
from benchmarks.databases import NotAvailable, prepared
from benchmarks.measure import percentile
from benchmarks.pages import collect_static
from tests.journeys.chromium import find_chromium

SIZES = [100, 1_000, 10_000, 100_000]
QUICK_SIZES = [100, 10_000]
LOADS, QUICK_LOADS = 5, 2
PEER_LOADS = 3
LIMIT, QUICK_LIMIT = 60.0, 45.0
"""Seconds in which a load, a pan or a zoom must be done."""
SLOW = 25.0
"""Seconds: a peer whose visit takes longer is visited once only."""
COMPARED = 10_000
GOALS = {
    "cpu_vs_best_peer_10k": "at least 15",
    "paint_100k_over_100": "at most 1.5",
    "frame_p95_over_empty": "at most 1.2",
    "heap_mb": "at most 5",
    "first_load_kb": "at most 60",
}


@dataclass(frozen=True)
class Row:
    """What one rival took at one size: medians of its loads, the frames of all of them together. None is for
    a gesture that was not done."""

    rival: str
    size: int
    loads: int
    painted_ms: float
    painted_worst_ms: float
    server_ms: float
    cpu_ms: float
    script_ms: float
    layout_ms: float
    style_ms: float
    heap_mb: float
    kilobytes: float
    pan_p50: float | None
    pan_p95: float | None
    pan_worst: float | None
    pan_cpu_ms: float | None
    zoom_p50: float | None
    zoom_p95: float | None
    zoom_worst: float | None
    zoom_cpu_ms: float | None

    @property
    def visit_cpu_ms(self) -> float | None:
        if self.pan_cpu_ms is None or self.zoom_cpu_ms is None:
            return None
        return self.cpu_ms + self.pan_cpu_ms + self.zoom_cpu_ms


def run(options: Namespace, cache: Path) -> dict[str, Any]:
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    path = find_chromium()
    if path is None:
        return result_of([], {"everything": "no Chromium or Chrome is here; CHROMIUM can name one"})
    peers, packages, left_out = peers_here(options.only, cache)
    collect_static(cache)
    try:
        with (
            prepared(options.databases[0], sizes, cache) as urls,
            sites(urls, cache) as ours,
            served(cache, packages) as host,
            closing(Chromium(path)) as browser,
        ):
            session = Session(browser, host, cache / "screenshots", quick=options.quick, left_out=left_out)
            session.measure_ours(ours)
            for peer in peers:
                session.measure_peer(peer, sizes)
    except NotAvailable as reason:
        return result_of([], left_out | {"everything": str(reason)})
    return result_of(session.rows, session.left_out)


def peers_here(only: str, cache: Path) -> tuple[list[Rival], Path | None, dict[str, str]]:
    """The peers asked for, where their packages are, and those left out, with the reason."""
    peers = [peer for peer in PEERS if only in peer.name]
    if not peers:
        return [], None, {}
    try:
        return peers, installed(cache), {}
    except NotInstalled as reason:
        return [], None, {peer.name: str(reason) for peer in peers}


def result_of(rows: Sequence[Row], left_out: Mapping[str, str]) -> dict[str, Any]:
    return {"ratios": ratios(rows), "rows": [asdict(row) for row in rows], "left_out": dict(left_out)}


# --- Measuring ----------------------------------------------------------------------------------------------


class Session:
    """One browser's work on all of them. A screenshot of each is kept: a blank page would be quick."""

    def __init__(
        self, browser: Chromium, host: str, screenshots: Path, *, quick: bool, left_out: Mapping[str, str]
    ) -> None:
        self.browser, self.host, self.screenshots = browser, host, screenshots
        self.loads, self.limit = (QUICK_LOADS, QUICK_LIMIT) if quick else (LOADS, LIMIT)
        self.rows: list[Row] = []
        self.left_out = dict(left_out)
        screenshots.mkdir(exist_ok=True)

    def measure_ours(self, stages: Mapping[int, Stage]) -> None:
        """Ours at every size and an empty page, in rounds. The first only warms the servers."""
        tried = {(NOBODY, 0): stage(NOBODY, self.host, 0)}
        tried |= {(SELF, size): at for size, at in stages.items()}
        visits: dict[tuple[Rival, int], list[Visit]] = {key: [] for key in tried}
        for number in range(1 + self.loads):
            for rival, size in list(tried):
                visit = self._visit(rival, tried[rival, size], size)
                if visit is None or visit.unfinished:
                    del tried[rival, size], visits[rival, size]
                elif number:
                    visits[rival, size].append(visit)
        for (rival, size), made in visits.items():
            self._keep(row_of(rival.name, size, made))

    def measure_peer(self, peer: Rival, sizes: Sequence[int]) -> None:
        """At one size after another. What does not finish a size is not tried with more."""
        for size in sizes:
            visits: list[Visit] = []
            taken = 0.0
            while len(visits) < min(self.loads, PEER_LOADS) and taken < SLOW:
                started = time.monotonic()
                visit = self._visit(peer, stage(peer, self.host, size), size)
                if visit is None:
                    return
                visits.append(visit)
                if visit.unfinished:
                    self._keep(row_of(peer.name, size, visits[-1:]))
                    return
                taken = time.monotonic() - started
            self._keep(row_of(peer.name, size, visits))

    def _visit(self, rival: Rival, at: Stage, size: int) -> Visit | None:
        """None where it does not load. Why it does not finish is kept."""
        name = f"{rival.name}-{size}".lower().replace(",", "").replace(" ", "-")
        try:
            visit = self.browser.visit(rival, at, limit=self.limit, keep=self.screenshots / f"{name}.png")
        except NotDone as reason:
            visit, unfinished = None, str(reason)
        else:
            unfinished = visit.unfinished
        if unfinished:
            self.left_out[f"{rival.name}, {size:,} items"] = unfinished
            print(f"{rival.name:<24}{size:>8,}  {unfinished}", flush=True)
        return visit

    def _keep(self, row: Row) -> None:
        self.rows.append(row)
        show(row)


def row_of(rival: str, size: int, visits: Sequence[Visit]) -> Row:
    def middle(values: Sequence[float], digits: int = 1) -> float:
        return round(statistics.median(values), digits)

    painted = [visit.painted_ms for visit in visits]
    return Row(
        rival=rival,
        size=size,
        loads=len(visits),
        painted_ms=middle(painted),
        painted_worst_ms=round(max(painted), 1),
        server_ms=middle([visit.server_ms for visit in visits]),
        **{part: middle([visit.load[part] for visit in visits]) for part in PARTS},
        heap_mb=round(max(visit.heap_mb for visit in visits), 2),
        kilobytes=middle([visit.kilobytes for visit in visits]),
        **_frames("pan", [visit.pan for visit in visits if visit.pan]),
        **_frames("zoom", [visit.zoom for visit in visits if visit.zoom]),
    )


def _frames(name: str, gestures: Sequence[Gesture]) -> dict[str, float | None]:
    if not gestures:
        return dict.fromkeys(f"{name}_{what}" for what in ("p50", "p95", "worst", "cpu_ms"))
    frames = [frame for gesture in gestures for frame in gesture.frames]
    return {
        f"{name}_p50": round(percentile(frames, 0.5), 1),
        f"{name}_p95": round(percentile(frames, 0.95), 1),
        f"{name}_worst": round(max(frames), 1),
        f"{name}_cpu_ms": round(statistics.median(gesture.cpu_ms for gesture in gestures), 1),
    }


# --- What it comes to --------------------------------------------------------------------------------------


def ratios(rows: Sequence[Row]) -> dict[str, float | None]:
    """None where what it compares was not measured."""
    ours = {row.size: row for row in rows if row.rival == OURS}
    empty = next((row for row in rows if row.rival == EMPTY), None)
    best = best_peer(rows, COMPARED)
    compared = ours.get(COMPARED)
    least, most = ours.get(100), ours.get(100_000)
    return {
        "cpu_vs_best_peer_10k": _over(best and best.cpu_ms, compared and compared.cpu_ms),
        "pan_cpu_vs_best_peer_10k": _over(best and best.pan_cpu_ms, compared and compared.pan_cpu_ms),
        "zoom_cpu_vs_best_peer_10k": _over(best and best.zoom_cpu_ms, compared and compared.zoom_cpu_ms),
        "visit_cpu_vs_best_peer_10k": _over(best and best.visit_cpu_ms, compared and compared.visit_cpu_ms),
        "paint_100k_over_100": _over(most and most.painted_ms, least and least.painted_ms),
        "frame_p95_over_empty": _over(
            max((worst_frame(row) for row in ours.values()), default=None), empty and worst_frame(empty)
        ),
        "heap_mb": max((row.heap_mb for row in ours.values()), default=None),
        "first_load_kb": max((row.kilobytes for row in ours.values()), default=None),
    }


def worst_frame(row: Row) -> float:
    """The worse 95th percentile of pan and zoom."""
    return max(row.pan_p95 or 0.0, row.zoom_p95 or 0.0)


def best_peer(rows: Sequence[Row], size: int) -> Row | None:
    """The one whose load takes the least CPU."""
    peers = [row for row in rows if row.rival not in (OURS, EMPTY) and row.size == size]
    return min(peers, key=lambda row: row.cpu_ms, default=None)


def _over(one: float | None, other: float | None) -> float | None:
    return round(one / other, 2) if one is not None and other else None


def show(row: Row) -> None:
    """One line of the table."""
    pan = _moved("pan", row.pan_p50, row.pan_p95, row.pan_worst, row.pan_cpu_ms)
    zoom = _moved("zoom", row.zoom_p50, row.zoom_p95, row.zoom_worst, row.zoom_cpu_ms)
    print(
        f"{row.rival:<24}{row.size:>8,}  painted {row.painted_ms:7.0f} ms  CPU {row.cpu_ms:7.0f} ms"
        f"{pan}{zoom}  heap {row.heap_mb:.1f} MB  {row.kilobytes:.1f} kB",
        flush=True,
    )


def _moved(name: str, *figures: float | None) -> str:
    """Frames at p50, p95 and worst, and CPU."""
    return "  {} {:.0f}/{:.0f}/{:.0f} ms, {:.0f} CPU".format(name, *figures) if None not in figures else ""


def summary(result: Mapping[str, Any]) -> str:
    return "\n".join([*saying.ratios(result["ratios"], GOALS), *saying.left_out(result["left_out"])])
