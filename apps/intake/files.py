"""Files that people hand in: looked into, read for their text, and not kept."""

from pathlib import Path

from apps.evidence.files import BadFile, checked
from apps.intake.opening import Opened, read
from apps.intake.texts import BadText, decoded, is_markup

MOST_BYTES = 5 * 1024 * 1024
ALLOWED = "Give a text (.txt), web page (.html), Word (.docx) or PDF file, or paste the words."
OLD_WORD_BEGINS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Office files begin, and new ones that are wrapped up with a password."""
LOCKED_WORD = (
    "This Word file is locked with a password, or is an old one (.doc) under a new name. "
    "Save it as .docx without a password, or paste its words."
)
OLD_WORD = "Old Word files (.doc) cannot be read here. Save it as .docx, or paste its words."


def open_file(name: str, content: bytes) -> Opened:
    """What a file says. Raises BadText."""
    ending = Path(name).suffix.lower().removeprefix(".")
    if not content:
        raise BadText("The file is empty. Choose it again.")
    if len(content) > MOST_BYTES:
        raise BadText(
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Paste the part that matters."
        )
    if ending in ("html", "htm", "xhtml"):
        return read("html", content)
    if ending in ("txt", "text", "md", ""):
        text = decoded(content)
        return read("html", content) if is_markup(text) else Opened(text)
    if ending not in ("docx", "pdf"):
        raise BadText(
            OLD_WORD if ending == "doc" else f"Files that end in “.{ending[:10]}” cannot be read. {ALLOWED}"
        )
    if content.startswith(OLD_WORD_BEGINS):
        raise BadText(LOCKED_WORD)
    try:
        checked(name, content)
    except BadFile as refusal:
        raise BadText(str(refusal)) from None
    return read(ending, content)
