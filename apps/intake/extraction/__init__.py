"""Quotes, statistics and deadlines in an English news text, as proposals with offsets.

Rules alone: no model, no Django, nothing outside the standard library but the arithmetic of `apps.evidence`.
The same text gives the same proposals, in time that grows with its length.
"""

import re
from datetime import date

from .deadlines import dateline, deadlines_in
from .paragraphs import Sentences, paragraphs_of
from .proposals import Deadline, Extraction, Fragment, Quote, Span, Statistic
from .quotes import quotes_in
from .statistics import statistics_in
from .times import times_in

__all__ = ["Deadline", "Extraction", "Fragment", "Quote", "Statistic", "extract"]


def extract(text: str, published: date | None = None) -> Extraction:
    """All that a text proposes. Relative dates count from `published`, else from the text's dateline."""
    paragraphs = paragraphs_of(text)
    sentences = Sentences(text, paragraphs)
    published = published or dateline(text, paragraphs)
    times = times_in(text, published)
    quotes, fragments = quotes_in(text, paragraphs, sentences)
    return Extraction(
        published,
        quotes,
        fragments,
        statistics_in(text, times, sentences, _titles(text, fragments)),
        deadlines_in(text, times, sentences, published),
    )


_TITLE = re.compile(r"(?:(?:[A-Z0-9][\w’'-]*|of|the|and|to|in|a|for|on|with|out)[.,!?:]?\s?)+")


def _titles(text: str, fragments: list[Fragment]) -> list[Span]:
    """Fragments set in capitals: "8 Out of 10 Cats"."""
    return [
        Span(one.start, one.end)
        for one in fragments
        if _TITLE.fullmatch(text[one.start : min(one.end, one.start + 200)])
    ]
