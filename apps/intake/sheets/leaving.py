"""Spreadsheets that leave: an empty one to fill in, and the rows of a file that are to be mended."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from apps.intake.models import Import, Row
from apps.intake.sheets.escaping import escaped
from apps.intake.sheets.rows import WHOLE

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "﻿"
"""Without it Excel takes UTF-8 for something else."""


class _Echo:
    """What a csv.writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def template_csv(labels: Iterable[str]) -> str:
    return "".join(_lines([list(labels)]))


def template_xlsx(labels: Iterable[str], *, title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    head = []
    for place, label in enumerate(labels, start=1):
        cell: Any = WriteOnlyCell(sheet, value=label)
        cell.font = Font(bold=True)
        head.append(cell)
        sheet.column_dimensions[get_column_letter(place)].width = 22
    sheet.append(head)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_mend(importing: Import, labels: Mapping[str, str]) -> Iterator[str]:
    """The rows that have errors, as they were, with what is wrong in words: to mend, and hand in again."""
    names = [name for name in importing.columns if name]
    rows = Row.objects.filter(importing=importing, verdict=Row.Verdict.WRONG).order_by("number")
    head = [*(labels.get(name, name) for name in names), "Row in the file", "What to mend"]
    body = (
        [*(row.cells.get(name, "") for name in names), str(row.number), _said(row, labels)]
        for row in rows.iterator(chunk_size=1_000)
    )
    yield from _lines([head])
    yield from _lines(body, bom="")


def _said(row: Row, labels: Mapping[str, str]) -> str:
    return " ".join(
        error if name == WHOLE else f"{labels.get(name, name)}: {error}" for name, error in row.errors.items()
    )


def _lines(rows: Iterable[list[str]], *, bom: str = BOM) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    for row in rows:
        yield bom + writer.writerow([escaped(cell) for cell in row])
        bom = ""
