"""Files that show a consent, and photos: looked into before they are kept, kept where no web server looks,
under a random name, and never opened here."""

import io
import re
import secrets
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

MOST_BYTES = 5 * 1024 * 1024
MOST_PARTS = 2_000
MOST_UNPACKED = 50 * 1024 * 1024
MOST_RATIO = 100
"""How many times as large a part of a Word file may say it is as it takes room: text seldom gets to 20."""
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}
SAME_AS = {"jpeg": "jpg", "text": "txt"}
ALLOWED = "Give a PDF, Word file (.docx), JPEG or PNG picture, or plain text."
_ACTIVE = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)
_STORED = re.compile(r"[A-Za-z0-9_-]{32,64}")


class BadFile(ValueError):
    """A file we do not keep: a sentence for whoever chose it."""


def checked(name: str, content: bytes) -> str:
    """The sort of file it is, a key of TYPES, by its content and its name alike. Raises BadFile."""
    ending = Path(name).suffix.lower().removeprefix(".")
    sort = SAME_AS.get(ending, ending)
    if sort not in TYPES:
        raise BadFile(f"Files that end in “.{ending[:10]}” are not kept. {ALLOWED}")
    if not content:
        raise BadFile("The file is empty. Choose it again.")
    if len(content) > MOST_BYTES:
        raise BadFile(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Make it smaller.")
    {"pdf": _pdf, "docx": _docx, "jpg": _jpeg, "png": _png, "txt": _text}[sort](content)
    return sort


def keep(name: str, content: bytes) -> tuple[str, str]:
    """Keep a file; answers the name it is stored under and the one it is handed out as. Raises BadFile."""
    sort = checked(name, content)
    stored = secrets.token_urlsafe(32)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / stored).open("xb") as file:
        (folder / stored).chmod(0o600)
        file.write(content)
    stem = re.sub(r"[^\w -]+", "", Path(name.replace("\\", "/")).stem).strip()[:80] or "consent"
    return stored, f"{stem}.{sort}"


def forget(stored: str) -> None:
    if _STORED.fullmatch(stored):
        (_folder() / stored).unlink(missing_ok=True)


def path_of(stored: str) -> Path | None:
    """Where it is, if it is there."""
    if not _STORED.fullmatch(stored):
        return None
    path = _folder() / stored
    return path if path.is_file() else None


def kept_before(moment: datetime) -> Iterator[str]:
    """The names of the files that were kept before a moment."""
    folder = _folder()
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _STORED.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
            yield path.name


def content_type(file_name: str) -> str:
    return TYPES[Path(file_name).suffix.removeprefix(".")]


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "evidence"


# --- What each sort must be, and nothing else as well -----------------------------------------------------

NOT_THAT = "The file is not what its name says. Save it again as what it is, then choose it."
MORE_THAN_ONE = "The file is of two kinds at once, as harmful ones are. Print it to a PDF, then choose that."


def _only(content: bytes) -> None:
    """Refuse what another program would take for an archive or a page."""
    if b"PK\x05\x06" in content[-65_557:] or _ACTIVE.search(content[:1024]):
        raise BadFile(MORE_THAN_ONE)


def _pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise BadFile(NOT_THAT)
    if not content[-1024:].rstrip(b"\r\n\t \x00").endswith(b"%%EOF"):
        raise BadFile("The PDF is cut off, or something follows its end. Save it again, then choose it.")
    _only(content)


def _jpeg(content: bytes) -> None:
    if not content.startswith(b"\xff\xd8\xff") or not content.rstrip(b"\x00").endswith(b"\xff\xd9"):
        raise BadFile(NOT_THAT)
    if b"%PDF-" in content[:1024]:
        raise BadFile(MORE_THAN_ONE)
    _only(content)


def _png(content: bytes) -> None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise BadFile(NOT_THAT)
    place = 8
    while place + 12 <= len(content):
        length, kind = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        place += 12 + length
        if kind == b"IEND":
            break
    else:
        raise BadFile(NOT_THAT)
    if place != len(content):
        raise BadFile(MORE_THAN_ONE)
    _only(content)


def _text(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("The text is not in UTF-8. Save it as plain text in UTF-8, then choose it.") from None
    if any(ord(one) < 32 and one not in "\t\n\r\f" for one in text):
        raise BadFile(NOT_THAT)
    if _ACTIVE.search(content) or content.startswith((b"%PDF-", b"PK", b"#!")):
        raise BadFile("The file is a page or a program, not plain text. Print it to a PDF, then choose that.")


def _docx(content: bytes) -> None:
    """Judged by its list of contents alone, which is read without unpacking anything but the one short part
    that says what the file is."""
    if not content.startswith(b"PK\x03\x04"):
        raise BadFile(NOT_THAT)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_bombs(parts, len(content))
            names = {part.filename for part in parts}
            if not {"[Content_Types].xml", "word/document.xml"} <= names:
                raise BadFile(NOT_THAT)
            if any("vbaproject" in name.lower() for name in names):
                raise BadFile("The Word file has macros in it. Save it as .docx without them.")
            with archive.open("[Content_Types].xml") as types:
                said = types.read(256 * 1024)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile("The Word file is damaged. Save it again, then choose it.") from None
    if b"wordprocessingml.document.main+xml" not in said:
        raise BadFile(NOT_THAT)


def _refuse_bombs(parts: list[zipfile.ZipInfo], size: int) -> None:
    too_much = BadFile("The Word file unpacks to far more than a document has. Print it to a PDF instead.")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise too_much
    if sum(part.compress_size for part in parts) > size:  # parts that lie on top of each other
        raise too_much
    for part in parts:
        if part.file_size > 1024 * 1024 and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise too_much
        if part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/"):
            raise BadFile(NOT_THAT)
        if part.flag_bits & 1:
            raise BadFile("The Word file is locked with a password. Save it without one.")
