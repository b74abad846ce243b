"""One part of the reminders benchmark, in a process and on a database of its own, so that its memory is its
own too: `python -m benchmarks.reminders_part PART NUMBER SECONDS` prints its figures as JSON."""

import json
import sys
from importlib import import_module

import django

PARTS = {
    "plan": "benchmarks.reminders_ours.plan",
    "piles": "benchmarks.reminders_ours.piles",
    "singles": "benchmarks.reminders_ours.singles",
    "tick": "benchmarks.reminders_ours.tick",
    "beat": "benchmarks.reminders_rivals.beat",
    "beat, distinct moments": "benchmarks.reminders_rivals.beat_distinct",
    "eta": "benchmarks.reminders_rivals.eta",
}


def main(name: str, number: str, seconds: str) -> None:
    say, sys.stdout = sys.stdout, sys.stderr  # nothing but the figures may go out
    django.setup()
    module, _, part = PARTS[name].rpartition(".")
    figures = getattr(import_module(module), part)(int(number), float(seconds))
    print(json.dumps(figures), file=say, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
