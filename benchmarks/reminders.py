"""How quickly reminders are planned and sent, beside what Celery offers for it and beside plain SQL."""

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import saying
from benchmarks.databases import ROOT, SETTINGS, SQLITE, NotAvailable, environment, fresh, serving
from script.broker import NoBroker, running_broker

SIZES = [1_000, 10_000, 50_000]
QUICK_SIZES = [1_000, 10_000]
MILLION = 1_000_000
RIVAL_SETTINGS = "benchmarks.rival_settings"
PLAN, PILES, SINGLES, TICK = "plan", "piles", "singles", "tick"
BEAT, DISTINCT, ETA = "beat", "beat, distinct moments", "eta"
OURS, RIVALS = (PLAN, PILES, SINGLES, TICK), (BEAT, DISTINCT)
TOO_MANY_MOMENTS = 1_500
"""More distinct moments than SQLite lets beat load."""
GOALS = {
    "plan_vs_dcb": "at least 20",
    "overdue_vs_dcb": "at least 100",
    "orm_over_sql": "at most 3",
    "idle_tick_ms": "below 5",
}


@dataclass(frozen=True)
class Row:
    """What one part gave at one size. `database` is empty where none is used."""

    part: str
    database: str
    size: int
    figures: dict[str, Any]


def run(options: Namespace, cache: Path) -> dict[str, Any]:
    """Every part, one after another. What cannot be measured is skipped, and says why."""
    rows: list[Row] = []
    skipped: dict[str, str] = {}
    with ExitStack() as stack:
        redis_url = ""
        try:
            redis_url = stack.enter_context(_broker())
        except NoBroker as reason:
            skipped["Redis"] = str(reason)
        for vendor in options.databases:
            try:
                rows += _on_database(vendor, options, cache, redis_url)
            except NotAvailable as reason:
                skipped[vendor] = str(reason)
        if redis_url and options.only in ETA:
            rows += [_eta(size, options, cache, redis_url) for size in sizes_of(options)]
    each = {vendor: ratios([row for row in rows if row.database == vendor]) for vendor in options.databases}
    return {
        "ratios": worst(list(each.values())),
        "by_database": each,
        "rows": [asdict(row) for row in rows],
        "skipped": skipped,
    }


def sizes_of(options: Namespace) -> list[int]:
    return options.sizes or (QUICK_SIZES if options.quick else SIZES)


@contextmanager
def _broker() -> Iterator[str]:
    with TemporaryDirectory() as folder, running_broker(Path(folder)) as broker:
        yield broker.url


def parts(vendor: str, options: Namespace, redis_url: str) -> Iterator[tuple[str, int]]:
    """Each part that is wanted and can be had, with its size."""
    for size in sizes_of(options):
        for part in (*OURS, BEAT) if redis_url else OURS:
            yield part, size
    if redis_url and vendor == SQLITE and max(sizes_of(options)) >= TOO_MANY_MOMENTS:
        yield DISTINCT, TOO_MANY_MOMENTS
    if options.full:
        yield TICK, MILLION


def _on_database(vendor: str, options: Namespace, cache: Path, redis_url: str) -> list[Row]:
    rows = []
    with serving(vendor, cache) as server:
        for part, size in parts(vendor, options, redis_url):
            if options.only not in part:
                continue
            settings = RIVAL_SETTINGS if part in RIVALS else SETTINGS
            with fresh(server, cache, settings=settings) as url:
                figures = measured(part, size, options, cache, url, redis_url, settings)
            rows.append(Row(part, vendor, size, figures))
            show(rows[-1])
    return rows


def _eta(size: int, options: Namespace, cache: Path, redis_url: str) -> Row:
    figures = measured(ETA, size, options, cache, "sqlite://:memory:", redis_url, SETTINGS)
    row = Row(ETA, "", size, figures)
    show(row)
    return row


def measured(
    part: str, size: int, options: Namespace, cache: Path, url: str, redis_url: str, settings: str
) -> dict[str, Any]:
    """The figures of one part, from a process of its own with a folder of its own."""
    with TemporaryDirectory() as var:
        env = environment(url, cache) | {"VAR_DIR": var, "DJANGO_SETTINGS_MODULE": settings}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.reminders_part", part, str(size), str(options.seconds)],
            cwd=ROOT,
            env=env | ({"REDIS_URL": redis_url} if redis_url else {}),
            stdout=subprocess.PIPE,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"{part} at {size:,} ended with code {done.returncode}")
    return json.loads(done.stdout)


# --- What it comes to -------------------------------------------------------------------------------------


def ratios(rows: Sequence[Row]) -> dict[str, float]:
    """Of one database: what its largest sizes say. What was not measured has none."""
    found: dict[str, float] = {}
    rate = {row.part: row.figures for row in sorted(rows, key=lambda row: row.size)}
    plan, piles, singles, beat = (rate.get(part) for part in (PLAN, PILES, SINGLES, BEAT))
    if plan and beat:
        found["plan_vs_dcb"] = round(plan["planned_per_s"] / beat["planned_per_s"], 1)
    for name, ours in (("overdue_vs_dcb", piles), ("overdue_singly_vs_dcb", singles)):
        if ours and beat and beat["published_per_s"]:
            found[name] = round(ours["sent_per_s"] / beat["published_per_s"], 1)
    if plan:
        found["orm_over_sql_planning"] = round(plan["sql_per_s"] / plan["planned_per_s"], 2)
    for name, ours in (("orm_over_sql_sending", piles), ("orm_over_sql_sending_singly", singles)):
        if ours:
            found[name] = round(ours["sql_per_s"] / ours["sent_per_s"], 2)
            found[f"{name}_without_words"] = round(ours["sql_without_words_per_s"] / ours["sent_per_s"], 2)
    if plan and piles:
        found["orm_over_sql"] = max(found["orm_over_sql_planning"], found["orm_over_sql_sending"])
    if TICK in rate:
        found["idle_tick_ms"] = rate[TICK]["idle_tick_ms"]
    return found


def worst(each: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The worst of the databases: of what should be large the least, of what should be small the most."""
    names = {name: None for found in each for name in found}
    values = {name: [found[name] for found in each if name in found] for name in names}
    return {name: min(many) if name.endswith("_vs_dcb") else max(many) for name, many in values.items()}


def show(row: Row) -> None:
    """One line of the table."""
    said = ", ".join(f"{name} {_shown(value)}" for name, value in row.figures.items())
    print(f"{row.database:<10} {row.part:<22} {row.size:>9,}  {said}", flush=True)


def _shown(value: Any) -> str:
    return str(value)[:100] if isinstance(value, str) else f"{value:,}"


def summary(result: Mapping[str, Any]) -> str:
    """The ratios of each database, and what was left out."""
    found = result["by_database"]
    lines = [line for vendor in found for line in saying.ratios(found[vendor], GOALS, of=vendor)]
    return "\n".join([*lines, *saying.left_out(result["skipped"])])
