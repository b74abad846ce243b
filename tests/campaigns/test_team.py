"""Starting a campaign, and who is on it."""

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.campaigns.actions import change_member, remove_member, start_campaign
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from tests import make
from tests.make import AT


def test_who_starts_a_campaign_owns_it_and_is_reminded(db: None) -> None:
    amira = make.user("amira")
    campaign = start_campaign(name="Clean rivers", by=amira, at=AT)
    place = Membership.objects.get()
    assert (campaign.slug, campaign.is_public, campaign.created_at) == ("clean-rivers", False, AT)
    assert (place.user, place.role, place.reminded, place.joined_at) == (amira, Role.OWNER, True, AT)


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Rivers", "Rivers", "Rivers"], ["rivers", "rivers-2", "rivers-3"]),
        (["Rivers 2", "Rivers", "Rivers"], ["rivers-2", "rivers", "rivers-3"]),
        (["河川"], ["campaign"]),
        (["x" * 120, "x" * 120], ["x" * 50, "x" * 50 + "-2"]),
    ],
)
def test_every_campaign_has_an_address_of_its_own(db: None, names: list[str], slugs: list[str]) -> None:
    owner = make.user()
    assert [make.campaign(owner=owner, name=name).slug for name in names] == slugs


def test_owners_and_advocacy_staff_are_reminded_unless_they_choose_otherwise(cast: dict[str, User]) -> None:
    reminded = set(Membership.objects.filter(reminded=True).values_list("role", flat=True))
    assert reminded == {Role.OWNER, Role.ADVOCACY}


@pytest.fixture
def place(campaign: Campaign) -> Membership:
    """The one owner's place."""
    return Membership.objects.get()


def test_the_last_owner_stays_owner(place: Membership) -> None:
    with pytest.raises(ValidationError, match="needs an owner"):
        change_member(membership=place, role=Role.ADVOCACY, reminded=True, by=place.user)
    with pytest.raises(ValidationError, match="needs an owner"):
        remove_member(membership=place, by=place.user)
    assert Membership.objects.get().role == Role.OWNER


def test_an_owner_whose_account_is_closed_does_not_count(place: Membership, campaign: Campaign) -> None:
    second = make.member(campaign, Role.OWNER)
    second.is_active = False
    second.save()
    with pytest.raises(ValidationError, match="needs an owner"):
        change_member(membership=place, role=Role.VIEWER, reminded=True, by=place.user)
    with pytest.raises(ValidationError, match="needs an owner"):
        remove_member(membership=place, by=place.user)
    remove_member(membership=make.membership(campaign, second), by=place.user)
    assert list(Membership.objects.all()) == [place]


def test_the_last_owner_stays_owner_even_where_a_form_has_changed_the_instance(place: Membership) -> None:
    place.role = Role.VIEWER
    with pytest.raises(ValidationError, match="needs an owner"):
        change_member(membership=place, role=Role.VIEWER, reminded=True, by=place.user)
    assert Membership.objects.get().role == Role.OWNER


def test_an_owner_of_another_campaign_does_not_count(place: Membership, other_campaign: Campaign) -> None:
    with pytest.raises(ValidationError, match="needs an owner"):
        remove_member(membership=place, by=place.user)


def test_one_of_two_owners_may_go(place: Membership, campaign: Campaign) -> None:
    second = make.member(campaign, Role.OWNER)
    remove_member(membership=place, by=second)
    assert [(left.user, left.role) for left in Membership.objects.all()] == [(second, Role.OWNER)]


def test_the_last_owner_may_still_choose_not_to_be_reminded(place: Membership) -> None:
    change_member(membership=place, role=Role.OWNER, reminded=False, by=place.user)
    assert Membership.objects.get().reminded is False


def test_who_let_somebody_in_changed_and_removed_them_is_in_history(campaign: Campaign) -> None:
    first, second = make.owner_of(campaign), make.member(campaign, Role.OWNER)
    somebody = make.membership(campaign, make.member(campaign, Role.VIEWER))
    change_member(membership=somebody, role=Role.PRESS, reminded=False, by=second)
    remove_member(membership=somebody, by=second)
    rows = Membership.history.filter(user=somebody.user).order_by("history_id")
    assert [(row.history_type, row.role, row.history_user) for row in rows] == [
        ("+", Role.VIEWER, first),
        ("~", Role.PRESS, second),
        ("-", Role.PRESS, second),
    ]
