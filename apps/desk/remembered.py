"""Which campaign somebody last added to, so that a phone need not ask each time."""

from django.http import HttpRequest

from apps.campaigns.access import signed_in
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import MAY, May

LAST = "last campaign"
"""Where the session remembers it."""
ADDERS = [role for role, may in MAY.items() if May.ADD in may]


def remember(request: HttpRequest, campaign: Campaign) -> None:
    if request.session.get(LAST) != campaign.slug:
        request.session[LAST] = campaign.slug


def own_campaigns(request: HttpRequest) -> list[Campaign]:
    """Those this person may add to, the one they last added to first."""
    rows = Membership.objects.filter(user=signed_in(request), role__in=ADDERS).select_related("campaign")
    campaigns = [row.campaign for row in rows.order_by("campaign__name", "pk")]
    return sorted(campaigns, key=lambda campaign: campaign.slug != request.session.get(LAST))


def the_one(request: HttpRequest, campaigns: list[Campaign]) -> Campaign | None:
    """The campaign that is meant: the only one, or the last; none where another is asked for."""
    known = len(campaigns) == 1 or (campaigns and campaigns[0].slug == request.session.get(LAST))
    return campaigns[0] if known and not request.GET.get("other") else None
