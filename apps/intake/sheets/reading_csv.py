"""CSV: text in one of several encodings, with one of several marks between the cells."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from apps.intake.sheets.escaping import restored
from apps.intake.sheets.lines import MOST_CHARACTERS, MOST_COLUMNS, BadSheet, Line, Opened, Sheet

PIECE = 1024 * 1024
MARKS = ",;\t|"
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NO_TEXT = (
    "This is no spreadsheet that can be read here: it holds what no text does. "
    "Save it as CSV, Excel (.xlsx) or OpenDocument (.ods), then choose it."
)
WESTERN = (
    "The file does not say how its letters are written, and is not in UTF-8; it was read as Western European "
    "(Windows-1252). Look at accents, £ and quotation marks below before you go on."
)
A_FORMULA = (
    "This begins with “=”, as a formula does, and formulas are not worked out here. Put the value in its "
    "place; if it is meant as text, put an apostrophe before it."
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)

csv.field_size_limit(MOST_CHARACTERS)  # its own, 131,072, would refuse the whole file for one long cell


def open_csv(path: Path) -> Opened:
    """Raises BadSheet."""
    encoding = encoding_of(path)
    notes = [WESTERN] if encoding == "cp1252" else []
    return Opened("csv", [Sheet("", lambda: read(path, encoding))], notes)


def encoding_of(path: Path) -> str:
    """By its first bytes or, without a mark there, by what all of it can be. Raises BadSheet."""
    with path.open("rb") as file:
        start = file.read(64 * 1024)
    for mark, encoding in BOMS:
        if start.startswith(mark):
            return _if_it_is(path, encoding)
    if b"\x00" in start:
        return _if_it_is(path, _utf_16(start))
    if _CONTROLS.search(start):
        raise BadSheet(NO_TEXT)
    try:
        return _if_it_is(path, "utf-8")
    except BadSheet:
        return _if_it_is(path, "cp1252")


def _utf_16(start: bytes) -> str:
    """Letters of European languages have every other byte empty. Raises BadSheet."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 10 * even and odd * 4 > len(start):
        return "utf-16-le"
    if even > 10 * odd and even * 4 > len(start):
        return "utf-16-be"
    raise BadSheet(NO_TEXT)


def _if_it_is(path: Path, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                if "\x00" in decoder.decode(piece):
                    raise BadSheet(NO_TEXT)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise BadSheet(NO_TEXT) from None
    return encoding


def read(path: Path, encoding: str) -> Iterator[Line]:
    """Raises BadSheet where quotation marks do not add up."""
    with path.open(encoding=encoding, newline="") as file:
        number, first = _first_with_text(file)
        mark, said = _mark_of(first)
        if not said:
            number = 0
            file.seek(0)
        rows = csv.reader(file, delimiter=mark, strict=True)
        try:
            for cells in rows:
                number += 1
                yield _line(number, cells)
        except csv.Error as error:
            raise BadSheet(_what_is_wrong(str(error), number + 1)) from error


def _first_with_text(file: TextIO) -> tuple[int, str]:
    """The first line that is not blank, which says nothing of the marks, and its number."""
    number, line = 1, file.readline(MOST_CHARACTERS)
    while line and not line.strip(" \r\n"):
        number, line = number + 1, file.readline(MOST_CHARACTERS)
    return number, line


def _mark_of(first: str) -> tuple[str, bool]:
    """What stands between the cells, and whether the file begins by saying so, as Excel writes it."""
    if said := _SEPARATOR.fullmatch(first):
        return said[1], True
    bare = re.sub(r'"[^"]*"', "", first)
    return max(MARKS, key=bare.count), False


def _line(number: int, cells: list[str]) -> Line:
    line = Line(number, [restored(cell) for cell in cells[:MOST_COLUMNS]])
    for place, cell in enumerate(cells[:MOST_COLUMNS]):
        if cell.startswith("="):
            line.wrong[place] = A_FORMULA
    return line


def _what_is_wrong(error: str, number: int) -> str:
    if "field limit" in error:
        return (
            f"A cell in row {number:,} has more than {MOST_CHARACTERS:,} characters; perhaps a quotation "
            "mark is opened there and never closed. Nothing was read: mend the row, then choose it again."
        )
    return (
        f"The quotation marks in row {number:,} do not add up: one is opened and not closed, or a cell goes "
        "on after its last one. Nothing was read: mend the row, or save the file as .xlsx, then choose it."
    )
