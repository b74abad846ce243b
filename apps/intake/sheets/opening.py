"""What sort of file it is, told by what is in it: names lie."""

from pathlib import Path

from apps.intake.sheets.lines import MOST_BYTES, BadSheet, Opened
from apps.intake.sheets.reading_csv import open_csv
from apps.intake.sheets.reading_ics import open_ics
from apps.intake.sheets.reading_ods import open_ods
from apps.intake.sheets.reading_xlsx import open_xlsx
from apps.intake.sheets.zips import LOCKED, parts_of

SAVE_AS = "Save it as CSV, Excel (.xlsx) or OpenDocument (.ods), then choose it."
OLD_EXCEL = f"This is an old Excel file (.xls), which cannot be read here. {SAVE_AS}"
BINARY_EXCEL = f"This is a binary Excel file (.xlsb), which cannot be read here. {SAVE_AS}"
NUMBERS = "This is a Numbers file. In Numbers choose Export to, then CSV or Excel, and choose that."
NO_SHEET = f"The file holds no spreadsheet. {SAVE_AS}"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PAGES = (b"<!doctype", b"<html", b"<?xml", b"%pdf-", b"{\\rtf")


def open_file(path: Path) -> Opened:
    """Raises BadSheet."""
    size = path.stat().st_size
    if not size:
        raise BadSheet("The file is empty. Choose it again.")
    if size > MOST_BYTES:
        raise BadSheet(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it into several.")
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return _open_archive(path)
    if start.startswith(OLD_OFFICE):
        raise BadSheet(LOCKED if _has(path, ENCRYPTED) else OLD_EXCEL)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:15].upper() == b"BEGIN:VCALENDAR":
        return open_ics(path)
    if text.lower().startswith(PAGES):
        raise BadSheet(NO_SHEET)
    return open_csv(path)


def weight_of(path: Path) -> int:
    """How many bytes there are to read, unpacked. Raises BadSheet."""
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    return parts_of(path).unpacked if packed else path.stat().st_size


def _open_archive(path: Path) -> Opened:
    parts = parts_of(path).names
    if "xl/workbook.xml" in parts:
        return open_xlsx(path)
    if "content.xml" in parts:
        return open_ods(path, parts)
    if "xl/workbook.bin" in parts:
        raise BadSheet(BINARY_EXCEL)
    raise BadSheet(NUMBERS if any(name.endswith(".iwa") for name in parts) else NO_SHEET)


def _has(path: Path, words: bytes) -> bool:
    before = b""
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            if words in before + piece:
                return True
            before = piece[-len(words) :]
    return False
