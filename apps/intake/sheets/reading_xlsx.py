"""Excel files (.xlsx), read row by row."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl

from apps.intake.sheets.escaping import restored
from apps.intake.sheets.lines import MOST_COLUMNS, BadSheet, Line, Opened, Sheet
from apps.intake.sheets.values import FORMULA, MERGED, failed, text_of
from apps.intake.sheets.zips import DAMAGED

NO_DATE = "This cell is shown as a date and holds none. Type the date in words: 3 September 2020."
PIECE = 1024 * 1024
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
MOST_MERGES = 10_000


def open_xlsx(path: Path) -> Opened:
    """Raises BadSheet."""
    with _book(path) as book:
        places = [(sheet.title, place) for place, sheet in enumerate(book.worksheets)]
    if not places:
        raise BadSheet("The file holds no sheet with rows. Choose one that does.")
    return Opened("xlsx", [Sheet(name, partial(read, path, place)) for name, place in places])


@contextmanager
def _book(path: Path) -> Iterator[Any]:
    """Raises BadSheet."""
    with path.open("rb") as file:  # by its name openpyxl would judge what it is
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        except Exception as error:  # its many parts each fail in their own way on a damaged file
            raise BadSheet(DAMAGED) from error
        try:
            yield book
        finally:
            book.close()


def read(path: Path, place: int) -> Iterator[Line]:
    """Raises BadSheet."""
    with _book(path) as book:
        sheet = book.worksheets[place]
        merged = Merged(_merged(path, sheet._worksheet_path))
        sheet.reset_dimensions()  # a file may be wrong about its own size
        rows = sheet.iter_rows(max_col=MOST_COLUMNS)
        for number, cells in enumerate(_safely(rows), start=1):
            yield _line(number, cells, merged)


def _safely(rows: Iterator[Any]) -> Iterator[Any]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise BadSheet(DAMAGED) from error
        yield row


def _line(number: int, cells: Any, merged: "Merged") -> Line:
    line = Line(number, [])
    for place, cell in enumerate(cells):
        text = ""
        try:
            kind = cell.data_type
            if kind == "f":
                line.wrong[place] = FORMULA
                text = str(cell.value) if isinstance(cell.value, str) else "="
            elif kind == "e":
                text = str(cell.value)
                line.wrong[place] = failed(text)
            elif kind == "n":
                text = text_of(cell.value, cell.number_format or "")
            else:
                text = restored(cell.value) if isinstance(cell.value, str) else text_of(cell.value)
        except (ValueError, OverflowError, TypeError, IndexError):
            line.wrong[place] = NO_DATE
        line.cells.append(text)
    while line.cells and not line.cells[-1]:
        line.cells.pop()
    for place in merged.places(number):
        line.wrong.setdefault(place, MERGED)
    return line


class Merged:
    """Which cells are merged, asked row after row."""

    def __init__(self, ranges: list[tuple[int, int, int, int]]) -> None:
        self.ranges = sorted(ranges)

    def places(self, number: int) -> list[int]:
        """The columns of that row, counted from 0, that are merged with another cell."""
        return [
            place
            for first, last, left, right in self.ranges
            if first <= number <= last
            for place in range(left, min(right, left + MOST_COLUMNS) + 1)
        ]


def _merged(path: Path, part: str) -> list[tuple[int, int, int, int]]:
    """The ranges of merged cells, which stand behind the rows: first and last row, first and last column.
    Raises BadSheet."""
    try:
        return _ranges(path, part)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise BadSheet(DAMAGED) from error


def _ranges(path: Path, part: str) -> list[tuple[int, int, int, int]]:
    found: list[tuple[int, int, int, int]] = []
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        before = b""
        while piece := file.read(PIECE):
            for left, top, right, bottom in _MERGE.findall(before + piece):
                found.append((int(top), int(bottom), _column(left), _column(right)))
            before = (before + piece)[-200:].rpartition(b">")[2]
            if len(found) > MOST_MERGES:
                raise BadSheet("The sheet has more merged cells than can be looked through. Unmerge them.")
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
