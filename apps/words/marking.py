"""Where the words that were looked for stand in a text, to be marked there."""

from typing import NamedTuple

from apps.words.folding import Found, spans
from apps.words.query import Query, Term

BEFORE = 60
"""Characters kept before the first hit of a text that is cut."""


class Piece(NamedTuple):
    text: str
    hit: bool


def pieces(text: str, query: Query, *, most: int = 0) -> list[Piece]:
    """The text in pieces, hits and what lies between. Longer than `most` characters it is cut round the first
    hit, with … where something is left out."""
    hits = _hits(text, query)
    first, last = _cut(text, hits[0][0] if hits else 0, most)
    made = [Piece("… ", hit=False)] if first else []
    at = first
    for start, end in hits:
        if start < at or end > last:
            continue
        made += [Piece(text[at:start], hit=False), Piece(text[start:end], hit=True)]
        at = end
    made.append(Piece(text[at:last], hit=False))
    if last < len(text):
        made.append(Piece(" …", hit=False))
    return [piece for piece in made if piece.text]


def _cut(text: str, hit: int, most: int) -> tuple[int, int]:
    if not most or len(text) <= most:
        return 0, len(text)
    first = max(0, min(hit - BEFORE, len(text) - most))
    if first and (space := text.find(" ", first, hit)) >= 0:
        first = space + 1
    last = min(len(text), first + most)
    if last < len(text) and (space := text.rfind(" ", first + most // 2, last)) > hit:
        last = space
    return first, last


def _hits(text: str, query: Query) -> list[tuple[int, int]]:
    """Stretches to be marked, in order, none across another."""
    found = list(spans(text))
    taken: list[tuple[int, int]] = []
    for term in query.wanted:
        taken += [
            (found[at].start, found[at + len(term.tokens) - 1].end)
            for at in range(len(found) - len(term.tokens) + 1)
            if _stands(term, found, at)
        ]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(taken):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _stands(term: Term, found: list[Found], at: int) -> bool:
    *whole, last = term.tokens
    if any(found[at + number].token != token for number, token in enumerate(whole)):
        return False
    there = found[at + len(whole)].token
    return there.startswith(last) if term.start else there == last
