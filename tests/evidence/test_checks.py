"""Automatic judgements: does a stated change add up, do the words stand in the source."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.campaigns.models import Campaign
from apps.evidence.checks import EXPLAINED, Verbatim, check_change, plain, verbatim
from apps.evidence.models import Quote, Statistic
from tests import make
from tests.make import AT, DAY


def statistic(figure: str, baseline: str | None, stated: str | None) -> Statistic:
    numbers = {"figure": figure, "baseline": baseline, "stated_change": stated}
    return Statistic(**{name: text and Decimal(text) for name, text in numbers.items()})


@pytest.mark.parametrize(
    ("figure", "baseline", "stated", "working"),
    [
        ("389", "191", "104", "104% ≈ (389 − 191) / 191 = +103.7%"),
        ("389", "191", "103", "103% ≠ (389 − 191) / 191 = +103.7%"),
        ("389", "191", "103.7", "103.7% ≈ (389 − 191) / 191 = +103.7%"),
        ("389", "191", "103.6", "103.6% ≠ (389 − 191) / 191 = +103.7%"),
        ("9", "8", "13", "13% ≈ (9 − 8) / 8 = +12.5%"),
        ("7", "8", "-13", "-13% ≈ (7 − 8) / 8 = -12.5%"),
        ("200", "100", "100", "100% ≈ (200 − 100) / 100 = +100.0%"),
        ("10000", "12500", "-20", "-20% ≈ (10,000 − 12,500) / 12,500 = -20.0%"),
        ("0", "12.50", "-100", "-100% ≈ (0 − 12.5) / 12.5 = -100.0%"),
        ("5", "-10", "150", "150% ≈ (5 − -10) / 10 = +150.0%"),
    ],
)
def test_a_stated_change_is_recomputed_with_its_working(
    figure: str, baseline: str, stated: str, working: str
) -> None:
    change = check_change(statistic(figure, baseline, stated))
    assert change is not None
    assert (change.working, change.consistent) == (working, "≈" in working)


@pytest.mark.parametrize(("baseline", "stated"), [(None, None), ("191", None), (None, "104"), ("0", "104")])
def test_where_there_is_nothing_to_check_nothing_is_said(baseline: str | None, stated: str | None) -> None:
    assert check_change(statistic("389", baseline, stated)) is None


def test_the_check_is_the_same_on_what_the_database_gives_back(campaign: Campaign) -> None:
    stored = Statistic.everything.get(pk=make.statistic(campaign).pk)
    change = check_change(stored)
    assert change is not None
    assert (str(stored.stated_change), change.working) == ("104.00", "104% ≈ (389 − 191) / 191 = +103.7%")


@given(
    figure=st.decimals(0, 10**9, places=2),
    baseline=st.decimals("0.01", 10**9, places=2),
    places=st.integers(0, 2),
)
def test_a_change_rounded_as_people_round_is_always_consistent(
    figure: Decimal, baseline: Decimal, places: int
) -> None:
    exact = (figure - baseline) / baseline * 100
    half = Decimal(1).scaleb(-places) / 2
    stated = ((abs(exact) + half) // (2 * half) * 2 * half).copy_sign(exact)
    change = check_change(Statistic(figure=figure, baseline=baseline, stated_change=stated))
    assert change is not None
    assert change.consistent


@pytest.mark.parametrize(
    ("number", "words"), [("1E+2", "100"), ("1234567.50", "1,234,567.5"), ("0.00", "0"), ("-3.10", "-3.1")]
)
def test_numbers_are_written_as_people_write_them(number: str, words: str) -> None:
    assert plain(Decimal(number)) == words


def quoted(campaign: Campaign, *texts: str) -> Quote:
    """A quote of “must act now” from a source whose text stood like these, oldest first."""
    source = make.source(campaign)
    for number, text in enumerate(texts):
        make.snapshot(source, text, at=AT + number * DAY)
    return make.quote(campaign, words="must act now", source=source)


@pytest.mark.parametrize(
    ("texts", "badge"),
    [
        ((), Verbatim.NO_SOURCE),
        (("They must act now.",), Verbatim.VERIFIED),
        (("They must act.",), Verbatim.NOT_IN_SOURCE),
        (("They must  act now.",), Verbatim.NOT_IN_SOURCE),
        (("They Must Act Now.",), Verbatim.NOT_IN_SOURCE),
        (("They must act now.", "They might act."), Verbatim.SOURCE_CHANGED),
        (("They might act.", "They must act now."), Verbatim.VERIFIED),
        (("They might act.", "They may act."), Verbatim.NOT_IN_SOURCE),
    ],
)
def test_the_badge_says_whether_the_words_stand_in_the_source(
    campaign: Campaign, texts: tuple[str, ...], badge: Verbatim
) -> None:
    assert verbatim(quoted(campaign, *texts)) == badge


def test_a_quote_without_a_source_says_so(campaign: Campaign) -> None:
    assert verbatim(make.quote(campaign)) == Verbatim.NO_SOURCE


def test_every_badge_is_explained() -> None:
    assert set(EXPLAINED) == set(Verbatim)
