"""The door of every page of a campaign: who is asking, and what they may do here."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign, CampaignQuerySet, Membership
from apps.campaigns.roles import MAY, PUBLIC, May, Role

READ_AND_WRITE = ["GET", "HEAD", "POST"]
"""The methods of a page with a form."""


class SignInRequired(Exception):
    """A visitor who has not signed in asked for something that is not public; AskToSignIn answers it."""


@dataclass(frozen=True)
class Access:
    """One person at one campaign at one moment. `role` is None for a visitor of a public campaign. `day` is
    the day that a page calls today where that is an earlier one; who may see what is decided by `at`."""

    campaign: Campaign
    user: User | AnonymousUser
    role: Role | None
    at: datetime
    day: date | None = None

    def may(self, permission: May) -> bool:
        return permission in (MAY[self.role] if self.role else PUBLIC)

    def require(self, permission: May) -> None:
        """Raise PermissionDenied, with a sentence for the reader, unless they may."""
        if not self.may(permission):
            who = f"Your role here is {self.role.label.lower()}, which" if self.role else "Visitors"
            raise PermissionDenied(
                f"{who} may not {permission.value}. An owner of the campaign can change what you may do."
            )

    @property
    def roles(self) -> dict[int, str]:
        """By the campaign's id, as the gate asks for it."""
        return {self.campaign.pk: self.role} if self.role else {}

    @property
    def member(self) -> User:
        """The signed-in person. Only behind a permission that visitors lack."""
        if not isinstance(self.user, User):
            raise SignInRequired
        return self.user

    @cached_property
    def can(self) -> dict[str, bool]:
        """For templates: `access.can.edit`."""
        return {permission.name.lower(): self.may(permission) for permission in May}

    @property
    def today(self) -> date:
        return self.day or self.campaign.today(self.at)


def open_campaign(request: HttpRequest, slug: str, need: May = May.SEE) -> Access:
    """The campaign at that address, if this person may do `need` there.

    Raises Http404 for a campaign they may not see, exactly as for one that does not exist; SignInRequired in
    the same cases for a visitor; PermissionDenied for a member whose role does not allow it.
    """
    user = signed_in_or_visitor(request)
    campaign = Campaign.objects.filter(slug=slug).first()
    role = role_of(user, campaign) if campaign else None
    if campaign is None or not (role or campaign.is_public):
        raise Http404("No campaign at this address.") if user.is_authenticated else SignInRequired
    access = Access(campaign=campaign, user=user, role=role, at=timezone.now())
    if role is None and need not in PUBLIC and not user.is_authenticated:
        raise SignInRequired
    access.require(need)
    return access


def access_to(user: User | AnonymousUser, campaigns: CampaignQuerySet, *, at: datetime) -> list[Access]:
    """To those of these campaigns that this person may see: two queries, however many they are."""
    rows = Membership.objects.none()
    if isinstance(user, User) and user.is_active:
        rows = Membership.objects.filter(user=user)
    roles = dict(rows.order_by().values_list("campaign_id", "role"))
    return [
        Access(
            campaign=campaign,
            user=user,
            role=Role(roles[campaign.pk]) if campaign.pk in roles else None,
            at=at,
        )
        for campaign in campaigns.open_to(user)
    ]


def signed_in_or_visitor(request: HttpRequest) -> User | AnonymousUser:
    return request.user


def signed_in(request: HttpRequest) -> User:
    """The person signed in; raises SignInRequired for a visitor."""
    if not isinstance(request.user, User):
        raise SignInRequired
    return request.user


def role_of(user: User | AnonymousUser, campaign: Campaign) -> Role | None:
    if not user.is_authenticated or not user.is_active:
        return None
    membership = Membership.objects.filter(campaign=campaign, user=user).first()
    return Role(membership.role) if membership else None
