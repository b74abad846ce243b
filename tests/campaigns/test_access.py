"""The door of every page of a campaign."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from apps.accounts.models import User
from apps.campaigns.access import SignInRequired, open_campaign, role_of
from apps.campaigns.middleware import AskToSignIn
from apps.campaigns.models import Campaign
from apps.campaigns.roles import MAY, PUBLIC, SEE_HIDDEN_ROLES, May, Role
from tests import make


def asked_by(user: User | AnonymousUser, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    return request


def answer(user: User | AnonymousUser, slug: str, need: May = May.SEE) -> str:
    try:
        return open_campaign(asked_by(user), slug, need).role or "visitor"
    except (Http404, PermissionDenied, SignInRequired) as refusal:
        return type(refusal).__name__


@pytest.mark.parametrize("need", May, ids=lambda may: may.name)
def test_each_role_may_do_what_the_table_says_and_no_more(
    campaign: Campaign, cast: dict[str, User], need: May
) -> None:
    answers = {who: answer(user, campaign.slug, need) for who, user in cast.items()}
    expected = {role: role if need in MAY[role] else "PermissionDenied" for role in Role}
    assert answers == expected | {"outsider": "Http404"}


@pytest.mark.parametrize("need", May, ids=lambda may: may.name)
def test_in_a_public_campaign_visitors_may_look_and_nothing_else(db: None, need: May) -> None:
    campaign = make.campaign(public=True)
    may = need in PUBLIC
    assert answer(make.user(), campaign.slug, need) == ("visitor" if may else "PermissionDenied")
    assert answer(AnonymousUser(), campaign.slug, need) == ("visitor" if may else "SignInRequired")


def test_a_private_campaign_and_none_at_all_answer_alike(campaign: Campaign) -> None:
    for user, word in ((make.user(), "Http404"), (AnonymousUser(), "SignInRequired")):
        assert (answer(user, campaign.slug), answer(user, "no-such")) == (word, word)


def test_a_superuser_is_an_outsider_until_somebody_adds_them(campaign: Campaign) -> None:
    assert answer(make.user(is_superuser=True, is_staff=True), campaign.slug) == "Http404"


def test_a_deactivated_member_has_no_role(campaign: Campaign, cast: dict[str, User]) -> None:
    press = cast[Role.PRESS]
    assert role_of(press, campaign) == Role.PRESS
    press.is_active = False
    assert role_of(press, campaign) is None


def test_a_role_is_of_one_campaign(campaign: Campaign, other_campaign: Campaign) -> None:
    assert role_of(make.owner_of(campaign), other_campaign) is None


def test_a_refusal_says_who_may_not_do_what(campaign: Campaign, cast: dict[str, User]) -> None:
    with pytest.raises(PermissionDenied) as refusal:
        open_campaign(asked_by(cast[Role.VIEWER]), campaign.slug, May.CLEAR)
    assert str(refusal.value) == (
        "Your role here is viewer, which may not clear quotes for use. "
        "An owner of the campaign can change what you may do."
    )


def test_templates_ask_by_the_names_of_the_permissions(campaign: Campaign, cast: dict[str, User]) -> None:
    can = open_campaign(asked_by(cast[Role.VOLUNTEER]), campaign.slug).can
    assert {name for name, may in can.items() if may} == {"see", "add"}


def test_those_who_see_hidden_entries_are_those_the_table_names() -> None:
    assert {Role.OWNER, Role.ADVOCACY, Role.PRESS} == SEE_HIDDEN_ROLES


def test_a_visitor_is_sent_to_sign_in_and_back(db: None, rf: RequestFactory) -> None:
    ask = AskToSignIn(lambda request: None)  # type: ignore[arg-type, return-value]
    answer_to: Callable = ask.process_exception
    response = answer_to(rf.get("/c/rivers/?page=2"), SignInRequired())
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/c/rivers/%3Fpage%3D2",
    )
    assert answer_to(rf.get("/"), ValueError()) is None


def test_campaigns_open_to_somebody_are_theirs_and_the_public_ones(campaign: Campaign) -> None:
    public = make.campaign(name="Open", public=True)
    owner, inactive = make.owner_of(campaign), make.user(is_active=False)
    opened = {who: set(Campaign.objects.open_to(who)) for who in (owner, inactive, AnonymousUser())}
    assert opened == {owner: {campaign, public}, inactive: {public}, AnonymousUser(): {public}}
    assert set(Campaign.objects.joined_by(owner)) == {campaign}
