"""Who may make an account."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone

from apps.campaigns.actions import accept_invitation, invite
from apps.campaigns.adapter import INVITATION_KEY, InvitationAdapter
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from tests import make


def is_open(token: str = "") -> bool:
    request = RequestFactory().get("/accounts/signup/")
    request.session = {INVITATION_KEY: token}  # type: ignore[assignment]
    return InvitationAdapter().is_open_for_signup(request)


def test_the_first_person_on_an_empty_site_may_and_the_second_may_not(db: None) -> None:
    assert is_open()
    make.user()
    assert not is_open()


@pytest.mark.parametrize("wanted", [True, False])
def test_a_site_can_be_open_to_anybody(db: None, settings: Any, wanted: bool) -> None:
    make.user()
    settings.OPEN_SIGNUP = wanted
    assert is_open() is wanted


@pytest.mark.parametrize(("age", "welcome"), [(timedelta(0), True), (timedelta(days=15), False)])
def test_the_invited_may_while_their_letter_is_open(
    campaign: Campaign, age: timedelta, welcome: bool
) -> None:
    sent = timezone.now() - age
    owner = make.owner_of(campaign)
    _, token = invite(campaign=campaign, email="v@example.org", role=Role.VIEWER, by=owner, at=sent)
    assert is_open(token) is welcome
    assert not is_open(token[:-1])


def test_a_used_letter_opens_nothing(campaign: Campaign) -> None:
    now, owner = timezone.now(), make.owner_of(campaign)
    letter, token = invite(campaign=campaign, email="v@example.org", role=Role.VIEWER, by=owner, at=now)
    accept_invitation(invitation=letter, user=make.user(), at=now)
    assert not is_open(token)
