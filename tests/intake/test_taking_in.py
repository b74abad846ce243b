"""Taking texts in: the same words once, also where two people hand them in at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.intake.actions import Handed, Known, take_in
from apps.intake.models import Article
from apps.sources.models import Snapshot, Source
from tests import make
from tests.make import AT

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def hand_in(campaign: Campaign, by: User, text: str = make.ARTICLE) -> Article:
    return take_in(
        campaign=campaign,
        handed=Handed(text=text, way="pasted", title="An article"),
        found=[],
        sent=True,
        by=by,
        at=AT,
        among=Article.objects.filter(campaign=campaign),
    )


def test_the_same_words_are_kept_once_and_whoever_comes_second_is_told(campaign: Campaign) -> None:
    first = hand_in(campaign, make.owner_of(campaign))
    with pytest.raises(Known) as known:
        hand_in(campaign, make.member(campaign, "press"), make.ARTICLE.upper())
    assert known.value.article == first
    assert (Article.objects.count(), Source.objects.count(), Snapshot.objects.count()) == (1, 1, 1)


@pytest.mark.usefixtures("shared_database")
def test_the_same_words_at_the_same_moment_are_kept_once() -> None:
    campaign = make.campaign()
    people = [make.owner_of(campaign), *(make.member(campaign, "press") for _ in range(3))]
    start = Barrier(len(people))

    def post(person: User) -> Article | None:
        try:
            start.wait(timeout=20)
            return hand_in(campaign, person)
        except Known:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        kept = [one for one in pool.map(post, people) if one]
    assert kept == [Article.objects.get()]
    assert Source.objects.count() == 1
