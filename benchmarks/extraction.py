"""How quick and how light extraction is, beside textacy (quotes) and dateparser's search (dates), each in a
process of its own. The peers are installed for the benchmark alone, under `VAR_DIR/benchmarks/peers`."""

import json
import os
import subprocess
import sys
import venv
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import saying
from benchmarks.databases import ROOT

PART = ROOT / "benchmarks" / "extraction_peers.py"
TEXTS = ROOT / "tests" / "intake" / "texts"
PACKAGES = ("dateparser==1.5.0", "textacy==0.13.0")
PEERS = {"dateparser": "our deadlines", "textacy": "our quotes"}
"""Each peer, and the part of ours that does its work."""
LONG, QUICK_LONG = 200_000, 50_000
PATIENCE_S = 600
GOALS = {
    "cpu_s_per_5000": "at most 0.05",
    "vs_fastest_peer": "at least 3",
    "memory_mb": "at most 20",
    "import_s": "at most 0.2",
    "long_s": "at most 2",
    "growth": "at most 1.5",
}


class NotInstalled(Exception):
    """The peers cannot be had here; the message says why."""


def run(options: Namespace, cache: Path) -> dict[str, Any]:
    rounds, size = (2, QUICK_LONG) if options.quick else (5, LONG)
    text = cache / "extraction.txt"
    text.write_text(material(), encoding="utf-8")
    found = {name: part(sys.executable, name, text, rounds, size) for name in ("ours", *PEERS.values())}
    skipped: dict[str, str] = {}
    for peer, figures in peers(cache, text, rounds, size).items():
        if "missing" in figures:
            skipped[peer] = figures["missing"]
        else:
            found[peer] = figures
    return {"ratios": ratios(found), "figures": found, "size": size, "skipped": skipped}


def material() -> str:
    """The texts that extraction is tested on, one after another."""
    return "\n\n".join(
        json.loads(path.read_text(encoding="utf-8"))["text"] for path in sorted(TEXTS.glob("*.json"))
    )


def part(python: str, name: str, text: Path, rounds: int, size: int) -> dict[str, Any]:
    words = [python, str(PART), name, str(text), str(rounds), str(size)]
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return {"missing": f"it took more than {PATIENCE_S} s"}
    if done.returncode:
        return {
            "missing": done.stderr.strip().splitlines()[-1]
            if done.stderr.strip()
            else "it ended without a word"
        }
    return dict(json.loads(done.stdout))


def peers(cache: Path, text: Path, rounds: int, size: int) -> dict[str, dict[str, Any]]:
    try:
        python = installed(cache.parent / "peers")
    except NotInstalled as why:
        return {peer: {"missing": str(why)} for peer in PEERS}
    return {peer: part(python, peer, text, rounds, size) for peer in PEERS}


def installed(home: Path) -> str:
    """The Python that has the peers. Raises NotInstalled."""
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        venv.create(home, with_pip=True, clear=True)
        done = subprocess.run(
            [python, "-m", "pip", "install", "-q", *PACKAGES], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NotInstalled(f"pip could not install them: {done.stderr.strip()[-300:]}")
        (home / "complete").write_text("\n".join(PACKAGES))
    return str(python)


def ratios(found: Mapping[str, Mapping[str, Any]]) -> dict[str, float | None]:
    """`vs_fastest_peer`: the least, over the peers, of their CPU over that of the part of ours that does the
    same; `all_vs_fastest_peer`: the quickest peer over all three parts of ours together."""
    ours = found["ours"]
    held = [peer for peer in PEERS if peer in found]
    like = [found[peer]["cpu_s_per_5000"] / found[PEERS[peer]]["cpu_s_per_5000"] for peer in held]
    quickest = min((found[peer]["cpu_s_per_5000"] for peer in held), default=None)
    return {
        "cpu_s_per_5000": ours["cpu_s_per_5000"],
        "vs_fastest_peer": round(min(like), 2) if like else None,
        "all_vs_fastest_peer": round(quickest / ours["cpu_s_per_5000"], 2) if quickest else None,
        "memory_mb": ours["memory_mb"],
        "import_s": ours["import_cpu_s"],
        "long_s": ours["cpu_s_long"],
        "growth": ours["growth"],
    }


def summary(result: Mapping[str, Any]) -> str:
    rows = [
        f"{name:<14} import {row['import_cpu_s']:6.2f} s  5,000 characters {row['cpu_s_per_5000']:8.4f} s  "
        f"{result['size']:,} {row['cpu_s_long']:7.2f} s (× {row['growth']:.2f})  "
        f"memory {row['memory_mb']:6.1f} MB"
        for name, row in result["figures"].items()
    ]
    return "\n".join([*rows, *saying.ratios(result["ratios"], GOALS), *saying.left_out(result["skipped"])])
