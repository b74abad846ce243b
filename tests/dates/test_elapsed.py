"""Claims of elapsed time: what is read, what is left alone, and when they no longer hold."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dates import elapsed_in

SAID = date(2020, 9, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Almost 17 months since the White Paper", "Almost 17 months since"),
        ("The minister promised it two years ago.", "two years ago"),
        ("A week ago it was lost", "A week ago"),
        ("It is now 500 days overdue", "now 500 days overdue"),
        ("Two and a half years ago", "Two and a half years ago"),
        ("17 months since 8 April 2019, and nothing", "17 months since 8 April 2019"),
        ("1,204 days since spring 2019", "1,204 days since spring 2019"),
        ("just under three weeks ago", "just under three weeks ago"),
        ("Nearly\n a  decade ago", "Nearly a decade ago"),
    ],
)
def test_claims_are_read(text: str, words: str) -> None:
    assert [claim.words for claim in elapsed_in(text)] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "more than two years ago",  # true for ever
        "at least 17 months since",
        "two or three years ago",
        "2–3 years ago",
        "two years and three weeks ago",
        "up to a year ago",
        "a year and a half ago",
        "“Two years ago they promised,” he said",
        'He said: "It is 17 months since the White Paper."',
        "met 664 days late",  # for good
        "within 20 days",
        "the limit is now 30 days",
        "£2 months ago",
        "long ago, days ago, since 2019",
        "every two years since 2019",
        "",
    ],
)
def test_what_cannot_be_told_is_left_alone(text: str) -> None:
    assert elapsed_in(text) == []


@pytest.mark.parametrize(
    ("text", "holds_for"),
    [
        ("almost 17 months since", 85),
        ("now 500 days overdue", 2),
        ("two years ago", 456),
        ("about a year ago", 730),
    ],
)
def test_a_claim_holds_for_as_long_as_its_hedge_allows(text: str, holds_for: int) -> None:
    (claim,) = elapsed_in(text)
    over = [days for days in range(1000) if claim.is_over(SAID + timedelta(days=days), SAID)]
    assert over[0] == holds_for + 1


def test_a_claim_that_says_since_when_is_held_against_that_day() -> None:
    (claim,) = elapsed_in("17 months since 8 April 2019")
    assert not claim.is_over(date(2020, 9, 8), SAID)
    assert claim.is_over(date(2021, 9, 8), date(2021, 9, 8))
    assert claim.in_unit(883) == "29 months"


def test_a_claim_may_have_been_made_on_any_of_several_days() -> None:
    (claim,) = elapsed_in("two years ago")
    today = date(2026, 3, 10)
    assert claim.is_over(today, SAID)
    assert not claim.is_over(today, SAID, date(2026, 3, 1))
    assert not claim.is_over(today)


PIECES = st.sampled_from(
    [
        *"“”\"' ,.–\n",
        "almost ",
        "17 ",
        "1,000,",
        "two",
        " and a half ",
        "months ",
        "year ",
        "ago",
        "since ",
        "now ",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join))
def test_no_text_is_too_much(text: str) -> None:
    for claim in elapsed_in(text):
        assert claim.low <= claim.days <= claim.high
        assert isinstance(claim.is_over(date.max, date.min), bool)
        assert claim.in_unit(100)


@pytest.mark.parametrize(
    "piece",
    ["almost ", "1,000", "9", "two and a half ", "now ", " ", "a ", "17 months since ", "“", "since 1 "],
)
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = []
        for _ in range(3):
            start = time.process_time()
            elapsed_in(text)
            best.append(time.process_time() - start)
        return min(best)

    short, long = seconds(20_000), seconds(80_000)
    assert long < 12 * short + 0.05
