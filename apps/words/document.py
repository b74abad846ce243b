"""What the index holds of one entry, in the forms the two databases take."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from apps.words.folding import tokens

GAP = "·"
"""Stands between two parts of a document, so that no phrase runs across. Nobody can look for it."""
MOST_TOKENS = 16_000
MOST_TIMES = 250
"""Bounds of PostgreSQL's: 16,383 places in a document and 255 of one word. What lies beyond is left out on
both databases; an entry as long as its fields allow stays within the first."""


@dataclass(frozen=True)
class Document:
    """`head` and `body` are tokens with spaces between. The head is what an entry says itself, the body what
    else belongs to it, and at its end the marks: "=p12" for person 12, which no word can be mistaken for."""

    head: str
    body: str

    @classmethod
    def of(cls, head: Iterable[str], body: Iterable[str], marks: Iterable[str]) -> "Document":
        first, rest = _joined(head), _joined(body)
        if len(first) + len(rest) > MOST_TIMES:
            both = _bounded([*first, *rest])
            first, rest = both[: len(first)], both[len(first) :]
        return cls(" ".join(first), " ".join([*rest, *marks]))


def _joined(parts: Iterable[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if found := tokens(part):
            joined += [GAP, *found] if joined else found
    return joined


def _bounded(words: list[str]) -> list[str]:
    """Where a word stands too often its place is kept, and it is left out."""
    seen: Counter[str] = Counter()
    kept = []
    for word in words[:MOST_TOKENS]:
        seen[word] += 1
        kept.append(word if seen[word] <= MOST_TIMES else GAP)
    return kept


def literal(document: Document) -> str:
    """The document as PostgreSQL reads a tsvector: each token once, with its places, those in the head
    weighted A; marks have no place."""
    places: dict[str, list[str]] = defaultdict(list)
    head = document.head.split()
    for place, token in enumerate(head, 1):
        places[token].append(f"{place}A")
    for place, token in enumerate(document.body.split(), len(head) + 2):
        if token[0] == "=":
            places[token]
        else:
            places[token].append(str(place))
    places.pop(GAP, None)
    return " ".join(f"'{token}':{','.join(at)}" if at else f"'{token}'" for token, at in places.items())
