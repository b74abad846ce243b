"""`python -m benchmarks NAME`: one benchmark, as a table on screen and in a file."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.databases import VENDORS, cache_folder

NAMES = ["browser", "extraction", "imports", "legislation", "pages", "reminders", "search", "timeline"]
"""Each is a module here with `run(options, cache) -> result` and `summary(result) -> str`."""


def main(words: Sequence[str]) -> int:
    options = read(words)
    benchmark = import_module(f"benchmarks.{options.name}")
    result = benchmark.run(options, cache_folder(options.cache))
    print(benchmark.summary(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


def read(words: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--quick", action="store_true", help="small sizes, fewer requests, less time")
    parser.add_argument(
        "--full", action="store_true", help="reminders: the idle tick with a million rows too"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures as JSON")
    parser.add_argument(
        "--sizes", type=_numbers, metavar="N,N", help="entries, or reminders, in each database"
    )
    parser.add_argument("--requests", type=int, metavar="N", help="of each page at each size")
    parser.add_argument(
        "--seconds", type=float, metavar="N", help="reminders: the longest one may be measured"
    )
    parser.add_argument("--databases", type=_vendors, default=list(VENDORS), metavar="NAME,NAME")
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="pages (parts of reminders) whose name holds these words"
    )
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where databases are kept")
    options = parser.parse_args(words)
    options.requests = options.requests or (20 if options.quick else 60)
    options.seconds = options.seconds or (5.0 if options.quick else 20.0)
    return options


def _numbers(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def _vendors(text: str) -> list[str]:
    """Database names in any case."""
    known = {name.lower(): name for name in VENDORS}
    return [known[part.lower()] for part in text.split(",")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
