"""A text as it is kept: what is taken out of it, how long it may be, and when two are the same article."""

import hashlib
import re
import unicodedata

LONGEST = 200_000
LEAST = 20

_MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|script|style|p|div|span|article|br|h[1-6])\b[^<>]*>", re.IGNORECASE
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


class BadText(ValueError):
    """A text, file or page that cannot be taken in: a sentence that says why, and what to do."""


def cleaned(text: str) -> str:
    """The text with single line ends and without what cannot be seen; its words are left as they are.

    Raises BadText for one that is empty, too long, or no text at all.
    """
    text = _LINE_ENDS.sub("\n", text)
    seen = "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    if len(text) > 200 and len(seen) < 0.95 * len(text):
        raise BadText(
            "This is not text: much of it cannot be printed. Open it in its own program and copy the words."
        )
    kept = _BLANK_LINES.sub("\n\n", seen.replace("\ufeff", "")).strip()
    if not any(one.isalnum() for one in kept):
        raise BadText("There are no words in it. Paste the text of the article.")
    if len(kept) < LEAST:
        raise BadText(f"This is only {len(kept)} characters. Paste the sentences around it, too.")
    if len(kept) > LONGEST:
        raise BadText(
            f"The text has {len(kept):,} characters, and {LONGEST:,} is the most. Give the part that matters."
        )
    return kept


def is_markup(text: str) -> bool:
    """Whether it is the code of a page, and not what a reader sees of it."""
    return len(_MARKUP.findall(text[:20_000])) >= 2


def words_of(text: str) -> list[str]:
    """Its words in their order, however they are set."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def digest_of(text: str) -> str:
    """The same for the same words in the same order, however they are set."""
    return hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()


def decoded(content: bytes) -> str:
    """The text of a file, in whichever of the usual encodings it was saved. Raises BadText."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\x00" in content:
        raise BadText("This file is not text. Give a text, web page, Word (.docx) or PDF file.")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise BadText(
            "The text is in an encoding that is not known here. Save it as UTF-8, then choose it."
        ) from None
