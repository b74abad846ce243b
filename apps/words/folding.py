"""Text into tokens: small letters without accents, one token a word, one for each letter of Chinese and
Japanese, which have no spaces."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 64
"""Characters of a token; PostgreSQL refuses very long ones, and nobody types them."""

_MARKS = "".join(
    f"\\u{code:04x}" for code in range(0x300, 0xFE30) if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
_ALONE = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff"
_PLAIN = re.compile(r"[a-z0-9]+")
_WORD = re.compile(f"[{_ALONE}]|(?:(?![{_ALONE}])[^\\W_][{_MARKS}]*)+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)


class Found(NamedTuple):
    """One token and the stretch of the text it came from. A stretch may hold two: "½" is 1 and 2."""

    token: str
    start: int
    end: int


def tokens(text: str) -> list[str]:
    """The text's tokens in order: "Café’s £1,204" is cafe, s, 1, 204."""
    if text.isascii():
        return [token[:LONGEST] for token in _PLAIN.findall(text.lower())]
    return [found.token for found in spans(text)]


def spans(text: str) -> Iterator[Found]:
    """The same, each with where it stands."""
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            yield Found(word.lower()[:LONGEST], match.start(), match.end())
            continue
        for token in _WORD.findall(_plain(word)):
            yield Found(token[:LONGEST], match.start(), match.end())


def fold(text: str) -> str:
    """The tokens with a space before each, as names are kept to be found: " andy burrows"."""
    return "".join(f" {token}" for token in tokens(text))


def _plain(word: str) -> str:
    """Small letters without accents: twice, for taking a letter apart may make a capital of it."""
    apart = unicodedata.normalize("NFKD", word).casefold()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", apart)).translate(_LETTERS)
