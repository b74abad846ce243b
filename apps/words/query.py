"""What somebody typed into a search box, read, and written for either database."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.words.folding import tokens

LONGEST = 300
MOST_TERMS = 24
SHORTEST_START = 2
"""Letters from which on a word is taken for the start of one: a single letter is the start of too many."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»‹›〝〞＂″", '"'))
_MINUSES = "-−–—‐‑"
_PART = re.compile(f'(?P<minus>(?<![^\\s"])[{_MINUSES}])?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\\s"]+))')


@dataclass(frozen=True)
class Term:
    """One word, or several side by side. `start`: the last may go on. `unwanted`: it must not be there."""

    tokens: tuple[str, ...]
    start: bool = False
    unwanted: bool = False


@dataclass(frozen=True)
class Query:
    """`problem` is a sentence where nothing can be looked for; then there are no terms. Nothing typed is
    neither."""

    typed: str = ""
    terms: tuple[Term, ...] = field(default=())
    problem: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def wanted(self) -> list[Term]:
        return [term for term in self.terms if not term.unwanted]


def read_query(text: str, *, as_typed: bool = True) -> Query:
    """Words that must all be there, "words side by side", -unwanted, sta* for what a word starts with. The
    last word, as far as it is typed, is a start too. Never raises."""
    typed = "".join(" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in text)
    if not typed.strip():
        return Query()
    if len(typed) > LONGEST:
        said = f"A search has at most {LONGEST} characters, and this has {len(typed):,}. Keep what matters."
        return Query(typed[:LONGEST], problem=said)
    terms = _terms(typed.translate(_QUOTES), as_typed)
    if not terms:
        return Query(typed, problem="Type a word: there are only signs here, and they are not looked for.")
    if all(term.unwanted for term in terms):
        return Query(typed, problem="Type also a word that should be there, not only those that should not.")
    if len(terms) > MOST_TERMS:
        said = f"A search has at most {MOST_TERMS} words, and this has {len(terms)}. Keep those that matter."
        return Query(typed, problem=said)
    return Query(typed, terms)


def _terms(text: str, as_typed: bool) -> tuple[Term, ...]:
    terms: dict[Term, None] = {}
    for part in _PART.finditer(text):
        words = tuple(tokens(part["phrase"] or part["word"] or ""))
        if not words:
            continue
        unwanted, typed_word = bool(part["minus"]), part["word"] or ""
        last = as_typed and not unwanted and bool(typed_word) and part.end() == len(text)
        start = (last or typed_word.endswith("*")) and len(words[-1]) >= SHORTEST_START
        terms[Term(words, start, unwanted)] = None
    return tuple(terms)


def fts5(query: Query, *, marks: Iterable[Iterable[str]] = (), head: bool | None = None) -> str:
    """For MATCH of SQLite's FTS5. `marks`: of each group an entry must bear one. `head`: whether the words
    must all stand in the entry's head, or may not; None: they may."""
    anywhere = [_fts5_term(term) for term in query.wanted]
    in_head = [f"head : {term}" for term in anywhere]
    wanted = in_head if head else anywhere
    wanted = [*wanted, *(f"({' OR '.join(map(_quoted, group))})" for group in marks)]
    unwanted = [_fts5_term(term) for term in query.terms if term.unwanted]
    if head is False:
        unwanted.append(f"({' AND '.join(in_head)})")
    return f"({' AND '.join(wanted)})" + "".join(f" NOT {term}" for term in unwanted)


def _fts5_term(term: Term) -> str:
    return _quoted(" ".join(term.tokens)) + (" *" if term.start else "")


def _quoted(text: str) -> str:
    return f'"{text}"'


def tsquery(query: Query, *, marks: Iterable[Iterable[str]] = (), head: bool | None = None) -> str:
    """The same for PostgreSQL, as its tsquery is written."""
    wanted = [_tsquery_term(term, bool(head)) for term in query.wanted]
    wanted += ["(" + " | ".join(f"'{mark}'" for mark in group) + ")" for group in marks]
    unwanted = [f"!{_tsquery_term(term, False)}" for term in query.terms if term.unwanted]
    if head is False:
        unwanted.append("!(" + " & ".join(_tsquery_term(term, True) for term in query.wanted) + ")")
    return " & ".join([*wanted, *unwanted])


def _tsquery_term(term: Term, head: bool) -> str:
    ends = [":A" if head else ""] * len(term.tokens)
    if term.start:
        ends[-1] = ":*A" if head else ":*"
    return "(" + " <-> ".join(f"'{token}'{end}" for token, end in zip(term.tokens, ends, strict=True)) + ")"
