"""Reads the text out of a page or file of unknown origin, in a process of its own (see `apart`). No Django.

The content comes on the standard input; what it says, or why it is refused, goes to the standard output.
"""

import io
import json
import sys
from dataclasses import asdict, dataclass
from typing import Any

import trafilatura
from docx import Document
from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from apps.intake import apart
from apps.intake.texts import LONGEST, BadText

MOST_PAGES = 200
ENOUGH = 2 * LONGEST
"""Characters after which no more is read: what is too long is refused later, by its length."""
TOO_MUCH = (
    "This file cannot be read: it is damaged, or made so that reading it never ends. "
    "Open it in its own program, copy the words and paste them."
)
LOCKED = "This PDF is locked with a password. Save it without one, or open it and paste its words."
PICTURES = "This PDF holds pictures of pages and no text. Copy the words you need and paste them."


class TooMuch(BadText):
    """It is damaged, or reading it does not end."""


@dataclass(frozen=True)
class Opened:
    """What a page or file says: its text, and what it tells of itself. `published` is an ISO date."""

    text: str
    title: str = ""
    author: str = ""
    site: str = ""
    published: str = ""


def read(kind: str, content: bytes, *, url: str = "", seconds: float = apart.SECONDS) -> Opened:
    """`kind` is "html", "docx" or "pdf". Raises BadText, and TooMuch where that is why."""
    try:
        answer = json.loads(apart.run("apps.intake.opening", kind, url, content=content, seconds=seconds))
    except (TimeoutError, ValueError):
        raise TooMuch(TOO_MUCH) from None
    if "refused" in answer:
        raise (TooMuch if answer["refused"] == TOO_MUCH else BadText)(answer["refused"])
    return Opened(**answer)


def opened(kind: str, content: bytes, url: str) -> Opened:
    """The same within this process."""
    return {"html": _page, "docx": _word, "pdf": _pdf}[kind](content, url)


def _page(content: bytes, url: str) -> Opened:
    found: Any = trafilatura.bare_extraction(
        content, url=url or None, with_metadata=True, favor_recall=True, include_comments=False
    )
    said: dict[str, Any] = found.as_dict() if found is not None else {}
    text = _line(said.get("text"), ENOUGH) or trafilatura.html2txt(content) or ""
    return Opened(
        text,
        title=_line(said.get("title"), 300),
        author=_line(said.get("author"), 200),
        site=_line(said.get("sitename"), 200),
        published=_line(said.get("date"), 10),
    )


def _line(value: Any, most: int) -> str:
    return str(value or "")[:most]


def _word(content: bytes, url: str) -> Opened:
    document = Document(io.BytesIO(content))
    lines: list[str] = []
    length = 0
    for block in document.iter_inner_content():
        rows = [block.text] if hasattr(block, "text") else [_row(row) for row in block.rows]
        lines += rows
        length += sum(map(len, rows))
        if length > ENOUGH:
            break
    about = document.core_properties
    return Opened("\n\n".join(filter(None, lines)), _line(about.title, 300), _line(about.author, 200))


def _row(row: Any) -> str:
    return "\t".join(cell.text for cell in row.cells)


def _pdf(content: bytes, url: str) -> Opened:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise BadText(LOCKED)
    if len(reader.pages) > MOST_PAGES:
        raise BadText(
            f"This PDF has {len(reader.pages)} pages, and {MOST_PAGES} is the most. Give those that matter."
        )
    pages, length = [], 0
    for page in reader.pages:
        pages.append(page.extract_text() or "")
        length += len(pages[-1])
        if length > ENOUGH:
            break
    if not "".join(pages).strip():
        raise BadText(PICTURES)
    about = reader.metadata
    return Opened("\n\n".join(pages), _line(about and about.title, 300), _line(about and about.author, 200))


def main(kind: str, url: str) -> None:
    apart.hold_back()
    try:
        said = asdict(opened(kind, sys.stdin.buffer.read(), url))
    except BadText as refusal:
        said = {"refused": str(refusal)}
    except FileNotDecryptedError:
        said = {"refused": LOCKED}
    except (Exception, MemoryError):
        # Parsers of files from anywhere may stumble over anything; then the file is merely not read.
        said = {"refused": TOO_MUCH}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
