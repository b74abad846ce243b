"""People, organisations, and the posts held in them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from apps.campaigns.models import Campaign
from apps.people.actions import add_organisation, remove_post, save_person
from apps.people.models import Person, Post
from tests import make


def test_two_people_may_share_a_name(campaign: Campaign) -> None:
    assert make.person(campaign, "Ann Smith") != make.person(campaign, "Ann Smith")


def test_who_added_and_changed_a_person_is_in_history(campaign: Campaign) -> None:
    owner, editor = make.owner_of(campaign), make.member(campaign, "press")
    andy = make.person(campaign)
    andy.name = "Andrew Burrows"
    save_person(person=andy, by=editor)
    rows = andy.history.order_by("history_id")
    assert [(row.name, row.history_user) for row in rows] == [
        ("Andy Burrows", owner),
        ("Andrew Burrows", editor),
    ]
    assert Person.objects.get().created_by == owner


def test_adding_adds_whatever_is_there_so_that_nothing_hidden_is_met(campaign: Campaign) -> None:
    first = add_organisation(campaign=campaign, name="NSPCC", url="https://a.example", by=make.user())
    again = add_organisation(campaign=campaign, name="NSPCC", url="https://b.example", by=make.user())
    assert (first.url, again.url, first.history.count()) == ("https://a.example", "https://b.example", 1)


def test_a_post_lasts_from_the_first_possible_day_to_the_last(campaign: Campaign) -> None:
    post = make.post(make.person(campaign), held_from="2019-23", held_to="2021")
    assert (post.from_day, post.to_day) == (date(2019, 9, 1), date(2021, 12, 31))


def test_a_post_in_an_organisation_of_another_campaign_is_refused(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    with pytest.raises(ValidationError, match="belongs to another campaign"):
        make.post(make.person(campaign), organisation=make.organisation(other_campaign))


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2018, 12, 31), {"always", "until"}),
        (date(2019, 1, 1), {"always", "until", "both", "since"}),
        (date(2020, 6, 30), {"always", "until", "both", "since"}),
        (date(2020, 7, 1), {"always", "since"}),
    ],
)
def test_a_post_is_held_on_its_first_and_last_day_and_while_an_end_is_unknown(
    campaign: Campaign, day: date, held: set[str]
) -> None:
    speaker = make.person(campaign)
    make.post(speaker, role="always")
    make.post(speaker, role="since", held_from="2019")
    make.post(speaker, role="until", held_to="2020-06")
    make.post(speaker, role="both", held_from="2019", held_to="2020-06")
    assert set(Post.objects.held_on(day).values_list("role", flat=True)) == held


def test_who_removed_a_post_is_in_history(campaign: Campaign) -> None:
    remover = make.member(campaign, "advocacy")
    remove_post(post=make.post(make.person(campaign)), by=remover)
    assert (Post.objects.count(), Post.history.first().history_user) == (0, remover)
