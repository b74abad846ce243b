"""Spreadsheets that leave: an empty one to fill in, entries as they would come back, rows to be mended."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from django.db.models import Model
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from apps import ods
from apps.accounts.models import User
from apps.campaigns.fields import label
from apps.dates import parse
from apps.intake.models import Import, Row
from apps.intake.sheets.escaping import escaped
from apps.intake.sheets.rows import WHOLE, Rows
from apps.timeline.models import Entry

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "﻿"
"""Without it Excel takes UTF-8 for something else."""


class _Echo:
    """What a csv.writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


Lines = Iterable[list[str]]


def as_csv(lines: Lines) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    bom = BOM
    for line in lines:
        yield bom + writer.writerow([escaped(cell) for cell in line])
        bom = ""


def as_xlsx(lines: Lines, *, title: str) -> IO[bytes]:
    """A file that is gone once it is closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, line in enumerate(lines):
        if not number:
            for place in range(1, len(line) + 1):
                sheet.column_dimensions[get_column_letter(place)].width = 22
        sheet.append([_cell(sheet, text, bold=not number) for text in line])
    out = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    book.save(out)
    out.seek(0)
    return out


def as_ods(lines: Lines, *, title: str) -> IO[bytes]:
    """The same as OpenDocument."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    ods.write(([escaped(cell) for cell in line] for line in lines), title=title, out=out)
    out.seek(0)
    return out


def _cell(sheet: Any, text: str, *, bold: bool) -> Any:
    cell: Any = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", escaped(text)))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def lines_of(entries: Iterable[Entry], rows: Rows) -> Iterator[list[str]]:
    """The names of the columns, then each entry as its form would be filled in."""
    yield list(rows.fields.values())
    for entry in entries:
        # A sheet is read, too: each row has its headline, made or not.
        filled = rows.form.initial_of(entry) | {"headline": entry.headline} | _described(entry)
        yield [_said_of(name, filled.get(name), rows) for name in rows.fields]


def _described(entry: Entry) -> dict[str, Any]:
    source = entry.source
    if source is None:
        return {}
    return {
        "source_url": source.url,
        "source_publisher": source.publisher,
        "source_published": parse(source.published) if source.published else None,
    }


def _said_of(name: str, value: Any, rows: Rows) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, User):
        return value.email or value.name
    if isinstance(value, Model):
        return label(value)
    return rows.label_of(name, str(value))


def to_mend(importing: Import, labels: Mapping[str, str]) -> Iterator[list[str]]:
    """The rows that have errors, as they were, with what is wrong in words: to mend, and hand in again."""
    names = [name for name in importing.columns if name]
    rows = Row.objects.filter(importing=importing, verdict=Row.Verdict.WRONG).order_by("number")
    yield [*(labels.get(name, name) for name in names), "Row in the file", "What to mend"]
    for row in rows.iterator(chunk_size=1_000):
        yield [*(row.cells.get(name, "") for name in names), str(row.number), _said(row, labels)]


def _said(row: Row, labels: Mapping[str, str]) -> str:
    return " ".join(
        error if name == WHOLE else f"{labels.get(name, name)}: {error}" for name, error in row.errors.items()
    )
