"""Starting a campaign, and who is on it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from apps.accounts.authorship import delete_as, save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign, Feed, Invitation, Membership
from apps.campaigns.roles import MAY, May, Role

INVITATION_LASTS = timedelta(days=14)
FEED_READ_NOTED = timedelta(hours=1)
INVITING = [role for role in Role if May.INVITE in MAY[role]]
REMINDED_BY_DEFAULT = {Role.OWNER, Role.ADVOCACY}


@transaction.atomic
def start_campaign(
    *,
    name: str,
    by: User,
    at: datetime,
    summary: str = "",
    time_zone: str = "Europe/London",
    is_public: bool = False,
    embeddable: bool = False,
    checks_live_pages: bool = True,
    demo: bool = False,
) -> Campaign:
    """A new campaign with `by` as its owner, at an address made of its name."""
    campaign = Campaign(
        name=name,
        slug=free_slug(name),
        summary=summary,
        time_zone=time_zone,
        is_public=is_public,
        embeddable=embeddable,
        checks_live_pages=checks_live_pages,
        demo=demo,
        created_at=at,
    )
    save_as(by, campaign)
    add_member(campaign=campaign, user=by, role=Role.OWNER, by=by, at=at)
    return campaign


def free_slug(name: str) -> str:
    """An address no campaign has: the name's own words, then the same with a number."""
    stem = slugify(name)[:50] or "campaign"
    taken = set(Campaign.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 2
    slug = stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


@transaction.atomic
def change_campaign(*, campaign: Campaign, by: User) -> None:
    """Save a campaign whose fields a form has changed."""
    save_as(by, campaign)


@transaction.atomic
def add_member(*, campaign: Campaign, user: User, role: Role, by: User, at: datetime) -> Membership:
    membership = Membership(
        campaign=campaign, user=user, role=role, reminded=role in REMINDED_BY_DEFAULT, joined_at=at
    )
    save_as(by, membership)
    return membership


@transaction.atomic
def change_member(*, membership: Membership, role: Role, reminded: bool, by: User) -> None:
    """Raises ValidationError where it would leave the campaign without an owner."""
    if role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.reminded = reminded
    save_as(by, membership)
    if role not in INVITING:
        _withdraw_all(membership, by=by)


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Raises ValidationError where it would leave the campaign without an owner."""
    _keep_an_owner(membership)
    _withdraw_all(membership, by=by)
    delete_as(by, membership)


def _withdraw_all(membership: Membership, *, by: User) -> None:
    """Whoever may invite no more would else come back by a letter they once sent to themselves."""
    sent = Invitation.objects.filter(campaign=membership.campaign, invited_by=membership.user)
    for invitation in sent.filter(accepted_at=None):
        withdraw_invitation(invitation=invitation, by=by)


def _keep_an_owner(membership: Membership) -> None:
    """One whose account is closed is none for the others to turn to."""
    owners = Membership.objects.filter(campaign=membership.campaign, role=Role.OWNER)
    locked = owners.select_for_update(of=("self",)).select_related("user").order_by("pk")
    standing = {owner.pk: owner.user.is_active for owner in locked}
    was_owner = standing.pop(membership.pk, None)  # as stored: a form may have changed the instance
    if was_owner is not None and not any(standing.values()):
        raise ValidationError("A campaign needs an owner. Make somebody else an owner first.")


@transaction.atomic
def invite(*, campaign: Campaign, email: str, role: Role, by: User, at: datetime) -> tuple[Invitation, str]:
    """An invitation and the token its link carries. The token is not stored and cannot be shown again.

    A new invitation to the same address replaces the old one. Raises ValidationError for a member.
    """
    email = email.lower()
    if Membership.objects.filter(campaign=campaign, user__email=email).exists():
        raise ValidationError("They are on this campaign already.")
    for older in Invitation.objects.filter(campaign=campaign, email__iexact=email, accepted_at=None):
        delete_as(by, older)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        campaign=campaign,
        email=email,
        role=role,
        token_hash=_hash(token),
        invited_by=by,
        invited_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    save_as(by, invitation)
    return invitation, token


def find_invitation(token: str, *, at: datetime) -> Invitation | None:
    """The open invitation of that token, if there is one."""
    invitation = (
        Invitation.objects.select_related("campaign", "invited_by").filter(token_hash=_hash(token)).first()
    )
    return invitation if invitation and _is_good(invitation, at) else None


def _is_good(invitation: Invitation, at: datetime) -> bool:
    """Open, and whoever sent it may still invite: the admin ends that too, and withdraws nothing."""
    senders = Membership.objects.filter(
        campaign=invitation.campaign_id,
        user=invitation.invited_by_id,
        user__is_active=True,
        role__in=INVITING,
    )
    return invitation.is_open(at) and senders.exists()


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, at: datetime) -> Membership:
    """Join. Somebody who is a member already keeps the place they have. Raises ValidationError once used."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not _is_good(locked, at):
        raise ValidationError("This invitation has been used, withdrawn or has run out. Ask for a new one.")
    locked.accepted_by, locked.accepted_at = user, at
    save_as(user, locked)
    existing = Membership.objects.filter(campaign=locked.campaign, user=user).first()
    return existing or add_member(
        campaign=locked.campaign, user=user, role=Role(locked.role), by=locked.invited_by, at=at
    )


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    delete_as(by, invitation)


@transaction.atomic
def open_feed(*, user: User, campaign: Campaign | None, at: datetime) -> tuple[Feed, str]:
    """A calendar feed and the token its address carries. The token is not stored and cannot be shown again.

    The feed that stood there before is revoked.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two at once would each find none to revoke
    for older in Feed.objects.filter(user=user, campaign=campaign, revoked_at=None):
        revoke_feed(feed=older, by=user, at=at)
    token = secrets.token_urlsafe(32)
    feed = Feed(user=user, campaign=campaign, token_hash=_hash(token), created_at=at)
    save_as(user, feed)
    return feed, token


@transaction.atomic
def revoke_feed(*, feed: Feed, by: User, at: datetime) -> None:
    """Its address answers no more, for good."""
    feed.revoked_at = at
    save_as(by, feed)


def find_feed(token: str) -> Feed | None:
    """The open feed of that token, if there is one and its person may still sign in."""
    feeds = Feed.objects.select_related("user", "campaign").filter(revoked_at=None, user__is_active=True)
    return feeds.filter(token_hash=_hash(token)).first()


def note_read(*, feed: Feed, at: datetime) -> None:
    """Remember that a calendar came by: once an hour at most, or a phone that keeps asking keeps writing."""
    if feed.last_read_at is None or at - feed.last_read_at >= FEED_READ_NOTED:
        Feed.objects.filter(pk=feed.pk).update(last_read_at=at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
