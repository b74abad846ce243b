"""One reader's share of the benchmark of extraction, in a process of its own: `extraction_peers.py NAME TEXT
ROUNDS SIZE`, with a file of text and the size to grow to. Prints figures as JSON, or why it cannot run.

Nothing of the project is imported but for our own part, so that it runs where only the peers are installed.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

SMALL = 5_000
PUBLISHED = (2022, 2, 10)
Read = Callable[[str], object]


def ours() -> Read:
    from apps.intake.extraction import extract

    return lambda text: extract(text, date(*PUBLISHED))


def our_quotes() -> Read:
    from apps.intake.extraction.paragraphs import Sentences, paragraphs_of
    from apps.intake.extraction.quotes import quotes_in

    def read(text: str) -> object:
        paragraphs = paragraphs_of(text)
        return quotes_in(text, paragraphs, Sentences(text, paragraphs))

    return read


def our_deadlines() -> Read:
    from apps.intake.extraction.deadlines import deadlines_in
    from apps.intake.extraction.paragraphs import Sentences, paragraphs_of
    from apps.intake.extraction.times import times_in

    def read(text: str) -> object:
        today = date(*PUBLISHED)
        return deadlines_in(text, times_in(text, today), Sentences(text, paragraphs_of(text)), today)

    return read


def dateparser() -> Read:
    from dateparser.search import search_dates

    settings = {"RELATIVE_BASE": datetime(*PUBLISHED), "PREFER_DATES_FROM": "future"}  # noqa: DTZ001
    return lambda text: search_dates(text, languages=["en"], settings=settings)


def textacy() -> Read:
    import spacy
    from textacy.extract import direct_quotations

    pipeline = spacy.load("en_core_web_sm")

    def read(text: str) -> object:
        """By paragraph: a whole text with an odd number of marks is refused."""
        found = []
        for paragraph in filter(None, text.split("\n")):
            try:
                found += list(direct_quotations(pipeline(paragraph)))
            except ValueError:
                continue
        return found

    return read


READERS: dict[str, Callable[[], Read]] = {
    "ours": ours,
    "our quotes": our_quotes,
    "our deadlines": our_deadlines,
    "dateparser": dateparser,
    "textacy": textacy,
}


def main(name: str, path: str, rounds: int, size: int) -> dict[str, Any]:
    text = Path(path).read_text(encoding="utf-8")
    before = memory_mb()
    start, wall = time.process_time(), time.perf_counter()
    try:
        read = READERS[name]()
    except (ImportError, OSError) as why:
        return {"missing": f"{type(why).__name__}: {str(why)[:200]}"}
    loaded, loaded_wall = time.process_time() - start, time.perf_counter() - wall
    read(text[:SMALL])
    pieces = [text[at : at + SMALL] for at in range(0, max(len(text) - SMALL, 1), SMALL)][:4]
    small = min(sum(cpu(read, piece) for piece in pieces) / len(pieces) for _ in range(rounds))
    long = (text * (size // len(text) + 1))[:size]
    held = memory_mb() - before
    return {
        "import_cpu_s": round(loaded, 3),
        "import_wall_s": round(loaded_wall, 3),
        "cpu_s_per_5000": round(small, 5),
        "memory_mb": round(held, 1),
        "cpu_s_long": round(long_s := cpu(read, long), 3),
        "growth": round(long_s / small / (size / SMALL), 2),
    }


def cpu(read: Read, text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start


def memory_mb() -> float:
    try:
        return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024
    except OSError:
        return 0.0


if __name__ == "__main__":
    _, asked, file, times, longest = sys.argv
    print(json.dumps(main(asked, file, int(times), int(longest))))
