"""Words as they are looked for: folded, split, read from a search box, marked in a text, told from typos.

Plain Python, no tables and no Django: what SQLite's FTS5 and PostgreSQL's tsvector hold is split here, not by
either of them, so that both give the same answer.
"""

from apps.words.document import Document, literal
from apps.words.folding import Found, fold, spans, tokens
from apps.words.marking import Piece, pieces
from apps.words.matching import matches
from apps.words.query import Query, Term, fts5, read_query, tsquery
from apps.words.typos import clues, is_close, nearest

__all__ = [
    "Document",
    "Found",
    "Piece",
    "Query",
    "Term",
    "clues",
    "fold",
    "fts5",
    "is_close",
    "literal",
    "matches",
    "nearest",
    "pieces",
    "read_query",
    "spans",
    "tokens",
    "tsquery",
]
