"""Automatic judgements: does a stated change add up, do the words stand in the source."""

from decimal import Decimal

import pytest

from apps.campaigns.models import Campaign
from apps.evidence.checks import EXPLAINED, Verbatim, check_change, verbatim
from apps.evidence.models import Quote, Statistic
from tests import make
from tests.make import AT, DAY


def test_a_statistic_is_checked_as_the_database_gives_it_back(campaign: Campaign) -> None:
    stored = Statistic.everything.get(pk=make.statistic(campaign).pk)
    checked = check_change(stored)
    assert checked is not None
    assert checked.words == "389 vs 191 → (389 − 191) / 191 = +103.7%, stated 104%: consistent"


def test_a_statistic_that_states_no_change_has_nothing_to_check(campaign: Campaign) -> None:
    assert check_change(make.statistic(campaign, figure=make.figure(stated_change=None))) is None


@pytest.mark.parametrize(
    ("unit", "verdict"), [("offences", "does not add up"), ("%", "consistent"), ("per 1,000", "consistent")]
)
def test_counts_are_exact_and_shares_and_rates_are_rounded(
    unit: str, verdict: str, campaign: Campaign
) -> None:
    """20% may be 20.4% and 10% 9.6%: 112% more. 20 offences are 20."""
    figure = make.figure(figure=Decimal(20), baseline=Decimal(10), stated_change=Decimal(112), unit=unit)
    checked = check_change(make.statistic(campaign, figure=figure))
    assert checked is not None
    assert checked.verdict.value == verdict


def quoted(campaign: Campaign, *texts: str) -> Quote:
    """A quote of “must act now” from a source whose text stood like these, oldest first."""
    source = make.source(campaign)
    for number, text in enumerate(texts):
        excerpt, text = text.startswith("excerpt: "), text.removeprefix("excerpt: ")
        make.snapshot(source, text, at=AT + number * DAY, excerpt=excerpt)
    return make.quote(campaign, words="must act now", source=source)


@pytest.mark.parametrize(
    ("texts", "badge"),
    [
        ((), Verbatim.NO_SOURCE),
        (("They must act now.",), Verbatim.VERIFIED),
        (("They must act.",), Verbatim.NOT_IN_SOURCE),
        (("They must  act now.",), Verbatim.VERIFIED),
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
    assert verbatim(make.quote(campaign, source=None)) == Verbatim.NO_SOURCE


def test_every_badge_is_explained() -> None:
    assert set(EXPLAINED) == set(Verbatim)


@pytest.mark.parametrize(
    ("texts", "badge"),
    [
        (("They must act now. Soon.", "excerpt: Something else."), Verbatim.VERIFIED),
        (("They may act.", "excerpt: They must act now."), Verbatim.VERIFIED),
        (("excerpt: They must act now.", "They may act."), Verbatim.SOURCE_CHANGED),
        (("They may act.", "excerpt: Something else."), Verbatim.NOT_IN_SOURCE),
        (("excerpt: They must act now.",), Verbatim.VERIFIED),
        (("excerpt: Something else.",), Verbatim.NO_SOURCE),
    ],
)
def test_an_excerpt_shows_what_is_in_a_source_and_never_what_is_not(
    campaign: Campaign, texts: tuple[str, ...], badge: Verbatim
) -> None:
    assert verbatim(quoted(campaign, *texts)) == badge
