"""Files that are archives inside (.xlsx, .ods), looked into before anything of them is unpacked."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from apps.intake.sheets.lines import BadSheet

MOST_PARTS = 2_000
MOST_UNPACKED = 400 * 1024 * 1024
MOST_OF_ONE = 300 * 1024 * 1024
MOST_STRINGS = 50 * 1024 * 1024
"""Of the texts of an Excel file, which its reader holds all at once."""
MOST_RATIO = 250
"""How many times as large a part may say it is as it takes room: tables of like rows get to 100."""
DAMAGED = "The file is damaged, or not what its name says. Save it again, then choose it."
LOCKED = "The file is locked with a password. Save it without one, then choose it."
TOO_MUCH = (
    "The file unpacks to far more than a spreadsheet of 100,000 rows has. If it is an honest one, save it as "
    "CSV, then choose that."
)


@dataclass(frozen=True)
class Parts:
    """What an archive says that it holds. `unpacked` is in bytes."""

    names: set[str]
    unpacked: int


def parts_of(path: Path) -> Parts:
    """Its list of contents. Raises BadSheet for what is damaged, locked, or made to do harm."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        raise BadSheet(DAMAGED) from None
    _refuse_bombs(parts, path.stat().st_size)
    if any(part.flag_bits & 1 for part in parts):
        raise BadSheet(LOCKED)
    return Parts({part.filename for part in parts}, sum(part.file_size for part in parts))


def _refuse_bombs(parts: list[zipfile.ZipInfo], size: int) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadSheet(TOO_MUCH)
    if sum(part.compress_size for part in parts) > size:  # parts that lie on top of each other
        raise BadSheet(TOO_MUCH)
    for part in parts:
        most = MOST_STRINGS if part.filename.lower().endswith("sharedstrings.xml") else MOST_OF_ONE
        bomb = part.file_size > 1024 * 1024 and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        if bomb or part.file_size > most:
            raise BadSheet(TOO_MUCH)
