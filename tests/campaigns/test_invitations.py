"""Invitations: a letter that lets its bearer join, once, for a while."""

import hashlib
import json
from collections.abc import Callable

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.campaigns.actions import (
    INVITATION_LASTS,
    accept_invitation,
    change_member,
    find_invitation,
    invite,
    remove_member,
    withdraw_invitation,
)
from apps.campaigns.models import Campaign, Invitation, Membership
from apps.campaigns.roles import Role
from tests import make
from tests.make import AT, SECOND


def letter(campaign: Campaign, email: str = "vera@example.org", role: Role = Role.VOLUNTEER) -> tuple:
    return invite(campaign=campaign, email=email, role=role, by=make.owner_of(campaign), at=AT)


def test_only_the_hash_of_the_token_is_kept(campaign: Campaign) -> None:
    invitation, token = letter(campaign)
    stored = Invitation.objects.get()
    assert stored.token_hash == hashlib.sha256(token.encode()).hexdigest()
    everything = serializers.serialize("json", [stored, *Invitation.history.all()])
    assert token not in everything
    assert "token_hash" not in json.loads(everything)[1]["fields"]
    assert len(token) >= 43  # 32 random bytes


def test_two_letters_never_carry_the_same_token(campaign: Campaign) -> None:
    assert len({letter(campaign, f"p{number}@example.org")[1] for number in range(5)}) == 5


def test_joining_gives_the_place_that_was_offered(campaign: Campaign) -> None:
    invitation, token = letter(campaign, role=Role.PRESS)
    vera, owner = make.user("vera"), make.owner_of(campaign)
    found = find_invitation(token, at=AT)
    assert found == invitation
    place = accept_invitation(invitation=invitation, user=vera, at=AT + SECOND)
    assert (place.campaign, place.user, place.role, place.joined_at) == (
        campaign,
        vera,
        Role.PRESS,
        AT + SECOND,
    )
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.accepted_at) == (vera, AT + SECOND)
    assert (place.history.get().history_user, invitation.history.first().history_user) == (owner, vera)


def test_a_token_nobody_was_given_opens_nothing(campaign: Campaign) -> None:
    invitation, _ = letter(campaign)
    assert [find_invitation(wrong, at=AT) for wrong in ("", "x", invitation.token_hash)] == [None] * 3


def test_it_runs_out_at_its_moment(campaign: Campaign) -> None:
    invitation, token = letter(campaign)
    end = AT + INVITATION_LASTS
    assert (find_invitation(token, at=end - SECOND), find_invitation(token, at=end)) == (invitation, None)
    with pytest.raises(ValidationError, match="run out"):
        accept_invitation(invitation=invitation, user=make.user(), at=end)
    assert Membership.objects.count() == 1


def test_it_works_once(campaign: Campaign) -> None:
    invitation, token = letter(campaign)
    accept_invitation(invitation=invitation, user=make.user(), at=AT)
    assert find_invitation(token, at=AT) is None
    with pytest.raises(ValidationError, match="has been used"):
        accept_invitation(invitation=invitation, user=make.user(), at=AT)
    assert Membership.objects.count() == 2


def test_a_new_letter_replaces_the_old_whatever_the_case_of_the_address(campaign: Campaign) -> None:
    _, old = letter(campaign, "Vera@Example.org")
    replacement, new = letter(campaign, "vera@EXAMPLE.org", Role.VIEWER)
    assert (find_invitation(old, at=AT), find_invitation(new, at=AT)) == (None, replacement)
    assert [(row.email, row.role) for row in Invitation.objects.all()] == [("vera@example.org", Role.VIEWER)]


def test_who_replaced_a_letter_is_in_history(campaign: Campaign) -> None:
    letter(campaign)
    letter(campaign)
    authors = Invitation.history.order_by("history_id").values_list("history_type", "history_user")
    owner = make.owner_of(campaign).pk
    assert list(authors) == [("+", owner), ("-", owner), ("+", owner)]


def test_a_letter_of_another_campaign_stays(campaign: Campaign, other_campaign: Campaign) -> None:
    _, elsewhere = letter(other_campaign)
    letter(campaign)
    assert find_invitation(elsewhere, at=AT) is not None


@pytest.mark.parametrize("spelling", ["{}", "upper"])
def test_a_member_is_not_invited_again(campaign: Campaign, spelling: str) -> None:
    email = make.member(campaign, Role.VIEWER).email
    with pytest.raises(ValidationError, match="on this campaign already"):
        letter(campaign, email.upper() if spelling == "upper" else email)


def test_a_member_who_accepts_keeps_the_place_they_have(campaign: Campaign) -> None:
    invitation, _ = letter(campaign, role=Role.OWNER)
    viewer = make.member(campaign, Role.VIEWER)
    assert accept_invitation(invitation=invitation, user=viewer, at=AT).role == Role.VIEWER
    assert Membership.objects.filter(user=viewer).count() == 1


def test_a_withdrawn_letter_opens_nothing(campaign: Campaign, cast: dict[str, User]) -> None:
    invitation, token = letter(campaign)
    withdraw_invitation(invitation=invitation, by=cast[Role.OWNER])
    assert find_invitation(token, at=AT) is None
    assert Invitation.history.first().history_user == cast[Role.OWNER]


def leaves(place: Membership, by: User) -> None:
    remove_member(membership=place, by=place.user)


def is_removed(place: Membership, by: User) -> None:
    remove_member(membership=place, by=by)


def is_demoted(place: Membership, by: User) -> None:
    change_member(membership=place, role=Role.ADVOCACY, reminded=True, by=by)


def is_removed_in_the_admin(place: Membership, by: User) -> None:
    place.delete()


def is_demoted_in_the_admin(place: Membership, by: User) -> None:
    Membership.objects.filter(pk=place.pk).update(role=Role.ADVOCACY)


def may_sign_in_no_more(place: Membership, by: User) -> None:
    User.objects.filter(pk=place.user_id).update(is_active=False)


WAYS = [leaves, is_removed, is_demoted, is_removed_in_the_admin, is_demoted_in_the_admin, may_sign_in_no_more]


@pytest.mark.parametrize("end", WAYS)
def test_letters_end_with_the_right_to_send_them(campaign: Campaign, end: Callable[..., None]) -> None:
    """An owner who foresees it could else send one to themselves and come back."""
    owner, second = make.owner_of(campaign), make.member(campaign, Role.OWNER, name="otto")
    invitation, token = invite(campaign=campaign, email="o@example.org", role=Role.OWNER, by=second, at=AT)
    _, of_the_other = letter(campaign)
    end(Membership.objects.get(campaign=campaign, user=second), owner)
    assert find_invitation(token, at=AT) is None
    if Invitation.objects.filter(pk=invitation.pk).exists():
        with pytest.raises(ValidationError, match="withdrawn"):
            accept_invitation(invitation=invitation, user=make.user("back"), at=AT)
    assert find_invitation(of_the_other, at=AT) is not None


@pytest.mark.parametrize("end", [leaves, is_removed, is_demoted])
def test_they_are_taken_off_the_list_by_whoever_ended_it(
    campaign: Campaign, end: Callable[..., None]
) -> None:
    owner, second = make.owner_of(campaign), make.member(campaign, Role.OWNER, name="otto")
    invite(campaign=campaign, email="o@example.org", role=Role.OWNER, by=second, at=AT)
    joined = invite(campaign=campaign, email="p@example.org", role=Role.OWNER, by=second, at=AT)[0]
    accept_invitation(invitation=joined, user=make.user("pat"), at=AT)
    end(Membership.objects.get(campaign=campaign, user=second), owner)
    assert list(Invitation.objects.all()) == [joined]
    author = second if end is leaves else owner
    assert Invitation.history.filter(history_type="-").get().history_user == author


def test_an_owner_who_stays_one_keeps_their_letters(campaign: Campaign) -> None:
    _, token = letter(campaign)
    place = Membership.objects.get(user=make.owner_of(campaign))
    change_member(membership=place, role=Role.OWNER, reminded=False, by=place.user)
    assert find_invitation(token, at=AT) is not None
