"""A pack as rows, for spreadsheets: a row for each entry, and no cell that a spreadsheet would work out."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.writer.excel import ExcelWriter

from apps import ods
from apps.press.content import FACTS, Content, Edition, Part
from apps.press.exports.same import dated_alike

MOST_IN_A_CELL = 32_000
"""Characters; Excel takes 32,767."""
_FORMULA = re.compile(r"^[\s\ufeff\u200b]*[=+\-@\t\r\n＝＋－﹣＠﹢﹦﹫]")
NUMBERS = {"slip_days"}
COLUMNS = {"number": "No.", **FACTS, "steps": "Target dates", "footnotes": "Footnotes", "text": "Our note"}

Cell = str | int


def rows_of(content: Content) -> list[list[Cell]]:
    """The rows below the heading. Notes that stand by themselves have a row of their own."""
    numbers = {part.entry: number for number, part in enumerate(content.entries, start=1)}
    return [_row(part, numbers.get(part.entry) if part.entry else None) for part in content.parts]


def _row(part: Part, number: int | None) -> list[Cell]:
    if part.gone:
        return [number or "", *("" for _ in range(len(COLUMNS) - 2)), part.gone]
    cells: dict[str, Cell] = {"number": number or "", "text": part.text, **part.facts}
    cells["steps"] = "\n".join(step.text for step in part.steps)
    cited = [*part.cites, *(step.cite for step in part.steps if step.cite)]
    cells["footnotes"] = "\n".join(f"{cite.text} {cite.url}".strip() for cite in cited)
    for name in NUMBERS & cells.keys():
        cells[name] = int(cells[name]) if cells[name] != "" else ""
    return [_cut(cells.get(name, "")) for name in COLUMNS]


def _cut(cell: Cell) -> Cell:
    if isinstance(cell, str) and len(cell) > MOST_IN_A_CELL:
        return f"{cell[:MOST_IN_A_CELL]}…"
    return cell


def csv_file(edition: Edition) -> bytes:
    """With a byte-order mark, without which Excel takes it for another alphabet."""
    made = StringIO()
    csv.writer(made).writerows(_safe_rows(edition))
    return ("\ufeff" + made.getvalue()).encode()


def ods_file(edition: Edition) -> bytes:
    made = BytesIO()
    ods.write(_safe_rows(edition), title="Press pack", out=made)
    return made.getvalue()


def _safe_rows(edition: Edition) -> Iterator[list[Cell]]:
    """The heading, the rows, and when it was made."""
    yield list(COLUMNS.values())
    for row in rows_of(edition.content):
        yield [safe(cell) for cell in row]
    yield []
    yield [safe(edition.line)]
    yield [safe(edition.address)]


def safe(cell: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula has an apostrophe before it, as OWASP advises."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


WIDE, USUAL = 48, 18
WIDTHS = {"number": 6, "headline": WIDE, "words": WIDE, "note": WIDE, "footnotes": WIDE, "steps": WIDE}


def xlsx(edition: Edition) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Press pack"
    sheet.freeze_panes = "C2"
    _write(sheet, 1, list(COLUMNS.values()), bold=True)
    rows = rows_of(edition.content)
    for number, row in enumerate(rows, start=2):
        _write(sheet, number, row)
    about = [edition.content.title, edition.line, edition.address]
    for number, text in enumerate(about, start=len(rows) + 3):
        _write(sheet, number, [text], wrapped=False)
    for cells, name in zip(sheet.columns, COLUMNS, strict=False):
        sheet.column_dimensions[cells[0].column_letter].width = WIDTHS.get(name, USUAL)
    return _file(book, edition)


def _write(sheet: Any, row: int, values: list[Cell], *, bold: bool = False, wrapped: bool = True) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        cell.alignment = Alignment(wrap_text=wrapped, vertical="top")
        if bold:
            cell.font = Font(bold=True)
        if value == "":
            continue
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula
            cell.quotePrefix = bool(_FORMULA.match(value))  # and so Excel would, once the cell is edited


def _file(book: Workbook, edition: Edition) -> bytes:
    made_at = edition.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = book.properties
    properties.creator, properties.title = edition.by, edition.content.title
    properties.created = properties.modified = made_at
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()  # Workbook.save would date it by now
    return dated_alike(made.getvalue())
