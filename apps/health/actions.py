"""Muting findings: known, and left as it is, with a reason."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.health.models import Mute


@transaction.atomic
def mute(
    *,
    campaign: Campaign,
    finding: str,
    subject: str,
    facts: str,
    said: str,
    reason: str,
    by: User,
    at: datetime,
) -> Mute:
    """Mute a finding as long as its facts stay as they are. One that was muted for other facts, or by
    somebody else just now, is muted anew: the later reason stands."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # or two would mute the same
    rows = Mute.objects.standing().filter(campaign=campaign, finding=finding, subject=subject)
    rows.update(ended_by=by, ended_at=at)
    return Mute.objects.create(
        campaign=campaign,
        finding=finding,
        subject=subject,
        facts=facts,
        said=said[:2000],
        reason=reason,
        muted_by=by,
        muted_at=at,
    )


def unmute(*, mute: Mute, by: User, at: datetime) -> None:
    """List it again, if it still is so. That it was muted, and why, is kept."""
    Mute.objects.standing().filter(pk=mute.pk).update(ended_by=by, ended_at=at)
