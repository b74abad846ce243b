"""Whether a text holds what somebody looks for, without any index."""

from apps.words.folding import tokens
from apps.words.query import Query, Term


def matches(query: Query, text: str) -> bool:
    """Whether every word and phrase that is wanted stands in the text, and none that is not. A query of
    nothing fits every text."""
    found = tokens(text)
    return all(_stands(term, found) != term.unwanted for term in query.terms)


def _stands(term: Term, found: list[str]) -> bool:
    length = len(term.tokens)
    return any(_here(term, found[at : at + length]) for at in range(len(found) - length + 1))


def _here(term: Term, found: list[str]) -> bool:
    *whole, last = term.tokens
    if found[:-1] != whole:
        return False
    return found[-1].startswith(last) if term.start else found[-1] == last
