"""What a file holds, whatever its format: lines of cells, as text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_BYTES = 50 * 1024 * 1024
MOST_CHARACTERS = 1_000_000
"""In one cell that is read at all; what a field may hold is less, and its form says so."""


class BadSheet(ValueError):
    """A file that is not read: a sentence for whoever chose it."""


@dataclass(slots=True)
class Line:
    """One row. `number` is its number in the spreadsheet; `wrong` says of a cell, by its place, why it cannot
    be read; `skip` why the whole row is left out; `uid` is what a calendar calls it."""

    number: int
    cells: list[str]
    wrong: dict[int, str] = field(default_factory=dict)
    uid: str = ""
    skip: str = ""

    def is_blank(self) -> bool:
        return not any(self.cells) and not self.wrong


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file. `lines` begins anew each time it is called."""

    name: str
    lines: Callable[[], Iterator[Line]]


@dataclass(frozen=True)
class Opened:
    """A file that can be read. `notes` are sentences about it as a whole."""

    format: str
    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)
