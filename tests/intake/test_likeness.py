"""Near copies: found by an index, told apart from texts that merely speak of the same."""

import random

import pytest

from apps.campaigns.models import Campaign
from apps.intake.actions import like_among
from apps.intake.likeness import ALIKE, BANDS, bands_of, share_of, threes_of
from apps.intake.models import Article, Band
from tests import make

SHORT = "“Another text of some length,” said Jo Smith of the Harbour Trust on Tuesday, and left it at that."
EDITED = {
    "a word put right": make.ARTICLE.replace("world-leading", "far-reaching"),
    "another headline": "Charity warns of delay\n\n" + make.ARTICLE.strip().partition("\n\n")[2],
    "a line more": make.ARTICLE + "\nThe Department has been asked for its comment since.\n",
    "a paragraph less": make.ARTICLE.strip().rpartition("\n\n")[0],
}


@pytest.mark.parametrize("how", EDITED)
def test_an_edited_copy_looks_like_the_one_before(how: str, campaign: Campaign) -> None:
    first = make.article(campaign)
    make.article(campaign, SHORT)
    like = like_among(Article.objects.all(), campaign, EDITED[how])
    assert like is not None
    assert (like.article, like.share > ALIKE) == (first, True)


def test_other_texts_and_other_campaigns_have_nothing_in_common(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    make.article(campaign)
    assert like_among(Article.objects.all(), campaign, SHORT) is None
    own, elsewhere = (
        set(bands_of(threes_of(make.ARTICLE), campaign=one.pk)) for one in (campaign, other_campaign)
    )
    assert (len(own), own & elsewhere) == (BANDS, set())


def test_only_texts_that_may_be_seen_are_offered(campaign: Campaign) -> None:
    make.article(campaign)
    assert like_among(Article.objects.none(), campaign, EDITED["a line more"]) is None


def test_of_texts_that_are_half_the_same_nearly_all_share_a_band() -> None:
    """Of random texts, always the same ones; what is counted is what the choice of bands promises."""
    dice = random.Random(6)
    words = [f"word{number}" for number in range(5_000)]
    shared = {0.55: 0, 0.1: 0}
    for share in shared:
        for _ in range(60):
            common, one, other = (dice.choices(words, k=300) for _ in range(3))
            keep = round(300 * 2 * share / (1 + share))
            texts = [" ".join(common[:keep] + own[: 300 - keep]) for own in (one, other)]
            first, second = map(threes_of, texts)
            assert share_of(first, second) == pytest.approx(share, abs=0.03)
            shared[share] += bool({*bands_of(first, campaign=1)} & {*bands_of(second, campaign=1)})
    assert shared[0.55] >= 55
    assert shared[0.1] <= 6


@pytest.mark.parametrize("text", ["", "one", "one two", "one two three four"])
def test_the_shortest_texts_have_a_signature_too(text: str) -> None:
    assert len(bands_of(threes_of(text), campaign=1)) == BANDS
    assert share_of(threes_of(text), threes_of(text.upper())) == 1


@pytest.mark.database
def test_likely_texts_are_found_by_the_index_alone(campaign: Campaign) -> None:
    rows = Band.objects.filter(key__in=bands_of(threes_of(make.ARTICLE), campaign=campaign.pk))
    plan = rows.explain()
    # PostgreSQL reads an empty table whole rather than its index.
    assert "intake_band_key" in plan or "Seq Scan" in plan
