"""Quotes, statistics and deadlines of a text file, as JSON or as a list to read."""

import json
from argparse import ArgumentParser
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.intake.extraction import Deadline, Extraction, Quote, Statistic, extract

LARGEST = 2_000_000
"""Bytes: some forty times the longest article."""


class Command(BaseCommand):
    help = "Propose the quotes, statistics and deadlines of a text file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="an English text in UTF-8")
        parser.add_argument(
            "--published", metavar="YYYY-MM-DD", help="the day it appeared, which “this autumn” counts from"
        )
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, file: str, published: str | None = None, **options: Any) -> None:
        text = read_text(Path(file))
        found = extract(text, read_day(published))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(text, found), indent=1, ensure_ascii=False))
            return
        for line in listed(text, found):
            self.stdout.write(line)


def read_text(path: Path) -> str:
    """The text exactly as it stands in the file, line ends included. Raises CommandError."""
    if not path.exists():
        raise CommandError(f"There is no file {path}.")
    if not path.is_file():
        raise CommandError(f"{path} is not a file.")
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than {LARGEST:,} bytes: give one article at a time.")
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise CommandError(
            f"{path} is not text in UTF-8 (byte {wrong.start:,}). Save it as UTF-8."
        ) from wrong
    except OSError as wrong:
        raise CommandError(f"{path} cannot be read: {wrong.strerror}.") from wrong
    if "\0" in text:
        raise CommandError(f"{path} is not text: it holds a zero byte.")
    return text


def read_day(typed: str | None) -> date | None:
    if typed is None:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as wrong:
        raise CommandError(f"“{typed}” is not a date. Write it like 2020-09-03.") from wrong


def as_json(text: str, found: Extraction) -> dict[str, Any]:
    """Every proposal as a dictionary with its text; dates as ISO text, spans as [start, end]."""
    return {
        "published": plain(found.published),
        "quotes": [proposal(text, one) for one in found.quotes],
        "fragments": [proposal(text, one) for one in found.fragments],
        "statistics": [proposal(text, one) for one in found.statistics],
        "deadlines": [proposal(text, one) for one in found.deadlines],
    }


LEFT_OUT_EMPTY = {"parts", "comparison", "check"}


def proposal(text: str, one: Any) -> dict[str, Any]:
    known = {"start": one.start, "end": one.end, "text": text[one.start : one.end]}
    for field in fields(one):
        value = getattr(one, field.name)
        if field.name not in known and (value or field.name not in LEFT_OUT_EMPTY):
            known[field.name] = plain(value)
    return known


def plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if is_dataclass(value):
        known = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return [known["start"], known["end"]] if set(known) == {"start", "end"} else known
    return value


def listed(text: str, found: Extraction) -> list[str]:
    """A heading for each sort, and a line or two for each proposal."""
    lines = [
        f"Published {found.published}"
        if found.published
        else "No publication date: relative dates are left open."
    ]
    for heading, proposals in (
        ("Quotes", [quote_line(said(text, one), one) for one in found.quotes]),
        ("Statistics", [statistic_line(said(text, one), one) for one in found.statistics]),
        ("Deadlines", [deadline_line(said(text, one), one) for one in found.deadlines]),
    ):
        lines += ["", f"{heading}: {len(proposals)}", *(f"  {line}" for line in proposals)]
    return lines


def said(text: str, one: Quote | Statistic | Deadline) -> str:
    return " ".join(text[one.start : one.end].split())


def quote_line(words: str, quote: Quote) -> str:
    shown = words if len(words) <= 100 else f"{words[:99]}…"
    who = ", ".join(filter(None, [quote.speaker or "speaker unknown", quote.role, quote.organisation]))
    return f"“{shown}” ({who})"


def statistic_line(words: str, figure: Statistic) -> str:
    rest = ", ".join(filter(None, [figure.measure, figure.area, figure.period, figure.source]))
    line = f"{words} = {figure.value:,} {figure.unit}" + (f" ({rest})" if rest else "")
    return f"{line}\n    {figure.check.working}: {figure.check.verdict}" if figure.check else line


def deadline_line(words: str, deadline: Deadline) -> str:
    if deadline.needs_published:
        return f"{words}: when? Give --published."
    return f"{words}: {deadline.date_earliest or '…'} to {deadline.date_latest or '…'} ({deadline.kind})"
