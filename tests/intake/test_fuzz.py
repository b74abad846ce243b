"""Whatever the text, extraction raises nothing, and what it proposes stands where it says."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from apps.intake.extraction import Extraction, extract
from apps.intake.management.commands.extract import as_json
from tests.intake.scoring import annotated

PIECES = (
    *("“", "”", '"', "‘", "’", "'", "``", "''", " ", "\n", "\n\n", ", ", ". ", ": ", "-", "–", "(", ")"),
    *(
        "said",
        "Jane Doe",
        "Mr Doe",
        "she said",
        "He added: ",
        "according to",
        "Quotes attributable to A B, chair:",
    ),
    *(
        "104 per cent",
        "£3.4bn",
        "one in five",
        "1,234",
        "from 5 to 6",
        "half of",
        "doubled",
        "in 2019/20",
        "up from",
    ),
    *(
        "by the end of",
        "2021",
        "31 June 2020",
        "this autumn",
        "within 12 weeks",
        "the year",
        "29 February",
        "May",
    ),
    *(
        "almost 17 months since",
        "9999",
        "0",
        "next",
        "last",
        "Monday",
        "Mr. A: b",
        "ENDS",
        "a",
        "s’ b",
        "\u00a0",
        "é",
        "٣",
    ),
)
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.text(max_size=200),
)
days = st.one_of(st.none(), st.dates())


def check(text: str, found: Extraction) -> None:
    for proposals in (found.quotes, found.fragments, found.statistics, found.deadlines):
        spans = [(one.start, one.end) for one in proposals]
        assert spans == sorted(spans)
        assert all(0 <= start < end <= len(text) for start, end in spans)
    for quote in found.quotes:
        assert all(quote.start <= part.start < part.end <= quote.end for part in quote.parts)
        assert 0 <= quote.confidence <= 1
    for deadline in found.deadlines:
        if deadline.date_earliest and deadline.date_latest:
            assert deadline.date_earliest <= deadline.date_latest
        assert 0 <= deadline.confidence <= 1
    said = as_json(text, found)
    for sort in ("quotes", "statistics", "deadlines"):
        assert all(one["text"] == text[one["start"] : one["end"]] for one in said[sort])
    json.dumps(said)


@given(texts, days)
def test_any_text(text: str, published: date | None) -> None:
    found = extract(text, published)
    check(text, found)
    assert extract(text, published) == found


@given(st.sampled_from(annotated()), st.data())
def test_articles_cut_and_joined_anywhere(article: dict[str, str], data: st.DataObject) -> None:
    text = article["text"]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    inserted = data.draw(st.sampled_from(PIECES))
    cut = text[:start] + inserted + text[end:]
    check(cut, extract(cut, date(2020, 9, 3)))
