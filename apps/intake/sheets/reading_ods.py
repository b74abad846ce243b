"""OpenDocument spreadsheets (.ods), read row by row: their readers load the whole document, which for 100,000
rows takes more memory than a server has."""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from apps.intake.sheets.escaping import restored
from apps.intake.sheets.lines import MOST_COLUMNS, BadSheet, Line, Opened, Sheet
from apps.intake.sheets.values import FORMULA, MERGED, failed, text_of
from apps.intake.sheets.zips import DAMAGED, LOCKED

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
SIGNS = {"GBP": "£", "USD": "$", "EUR": "€"}
MOST_REPEATED = 200_000
MOST_SHEETS = 20
BROKEN = (
    *(ParseError, DefusedXmlException, KeyError, zipfile.BadZipFile),
    *(zlib.error, EOFError, OSError, ValueError, NotImplementedError),
)
"""How a damaged one fails."""


def open_ods(path: Path, parts: set[str]) -> Opened:
    """Raises BadSheet."""
    if "META-INF/manifest.xml" in parts:
        with zipfile.ZipFile(path) as archive, archive.open("META-INF/manifest.xml") as manifest:
            if b"encryption-data" in manifest.read(1024 * 1024):
                raise BadSheet(LOCKED)
    names = list(_names(path))
    if not names:
        raise BadSheet("The file holds no sheet with rows. Choose one that does.")
    return Opened("ods", [Sheet(name, partial(read, path, place)) for place, name in enumerate(names)])


def _events(path: Path) -> Iterator[tuple[str, Element]]:
    """Starts and ends of elements. Raises BadSheet."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
            yield from iterparse(content, events=("start", "end"), forbid_dtd=True)
    except BROKEN as error:
        raise BadSheet(DAMAGED) from error


def _names(path: Path) -> Iterator[str]:
    found = 0
    for event, element in _events(path):
        if event == "start" and element.tag == f"{TABLE}table":
            yield element.get(f"{TABLE}name", "")
            found += 1
            if found == MOST_SHEETS:
                return
        elif event == "end" and element.tag == f"{TABLE}table-row":
            element.clear()


def read(path: Path, place: int) -> Iterator[Line]:
    """Raises BadSheet."""
    at, number, table = -1, 0, None
    for event, element in _events(path):
        if event == "start" and element.tag == f"{TABLE}table":
            at, number, table = at + 1, 0, element
        elif event == "end" and element.tag == f"{TABLE}table":
            if at == place:
                return
        elif event == "end" and element.tag == f"{TABLE}table-row":
            times = _times(element, "number-rows-repeated")
            if at == place:
                yield from _repeated(element, number + 1, times)
            number += times
            element.clear()
            if table is not None and len(table) > 1_000:
                del table[:-1]  # or a hundred thousand empty rows would stay


def _repeated(row: Element, number: int, times: int) -> Iterator[Line]:
    cells = _cells(row)
    first = _line(number, cells)
    yield first
    if first.is_blank():
        return
    for more in range(1, min(times, MOST_REPEATED)):
        yield _line(number + more, cells)


def _times(element: Element, name: str) -> int:
    said = element.get(f"{TABLE}{name}", "1")
    return max(1, int(said)) if said.isdecimal() and len(said) < 10 else 1


def _cells(row: Element) -> list[tuple[str, str]]:
    """The text of each cell, and what is wrong with it."""
    cells: list[tuple[str, str]] = []
    for cell in row:
        covered = cell.tag == f"{TABLE}covered-table-cell"
        if not covered and cell.tag != f"{TABLE}table-cell":
            continue
        one = (_text(cell), MERGED) if covered or _is_merged(cell) else _value(cell)
        cells += [one] * min(_times(cell, "number-columns-repeated"), MOST_COLUMNS - len(cells))
    while cells and cells[-1] == ("", ""):
        cells.pop()
    return cells


def _line(number: int, cells: list[tuple[str, str]]) -> Line:
    wrong = {place: said for place, (_, said) in enumerate(cells) if said}
    return Line(number, [text for text, _ in cells], wrong)


def _is_merged(cell: Element) -> bool:
    return max(_times(cell, "number-columns-spanned"), _times(cell, "number-rows-spanned")) > 1


def _value(cell: Element) -> tuple[str, str]:
    kind = cell.get(f"{OFFICE}value-type", "")
    text = _text(cell)
    if cell.get(f"{TABLE}formula") is not None:
        return text, FORMULA
    if text.startswith(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "Err:")):
        return text, failed(text)
    if kind in ("float", "percentage", "currency"):
        return _number(cell, kind, text), ""
    if kind == "date":
        return _date(cell.get(f"{OFFICE}date-value", ""), text), ""
    if kind == "boolean":
        return ("yes" if cell.get(f"{OFFICE}boolean-value") == "true" else "no"), ""
    return restored(text), ""


def _number(cell: Element, kind: str, text: str) -> str:
    try:
        value = Decimal(cell.get(f"{OFFICE}value", ""))
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return text
    sign = SIGNS.get(cell.get(f"{OFFICE}currency", ""), "") if kind == "currency" else ""
    return text_of(value, "%" if kind == "percentage" else sign)


def _date(value: str, text: str) -> str:
    try:
        return text_of(datetime.fromisoformat(value))
    except ValueError:
        return value or text


def _text(element: Element) -> str:
    """Its paragraphs, a line each; notes beside the cell are none of it."""
    return "\n".join("".join(_pieces(part)) for part in element if part.tag == f"{TEXT}p")


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        special: dict[str, Any] = {
            f"{TEXT}s": " " * min(_spaces(part), 1_000),
            f"{TEXT}tab": "\t",
            f"{TEXT}line-break": "\n",
        }
        if part.tag in special:
            yield special[part.tag]
        elif part.tag != f"{OFFICE}annotation":
            yield from _pieces(part)
        yield part.tail or ""


def _spaces(element: Element) -> int:
    said = element.get(f"{TEXT}c", "1")
    return int(said) if said.isdecimal() and len(said) < 5 else 1
