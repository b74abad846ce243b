"""When a message is refused for good: who is told, in the app."""

from collections.abc import Iterable
from datetime import datetime

from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.notices.actions import stop_channel, tell
from apps.notices.models import Channel
from apps.reminders.planning import plan_person


def owners_of(campaign: Campaign) -> list[Membership]:
    here = Membership.objects.filter(campaign=campaign, role=Role.OWNER, user__is_active=True)
    return list(here.select_related("user"))


def after_refusal(
    channel: Channel, campaigns: Iterable[Campaign], *, because: str, gone: bool, at: datetime
) -> None:
    """The person, where the address itself is gone and nothing more goes there; and the campaigns' owners."""
    if gone:
        stop_channel(channel, because=because, at=at)
        plan_person(channel.user)
    for campaign in campaigns:
        tell(
            [owner.user for owner in owners_of(campaign)],
            subject=f"A reminder could not reach {channel.user.name}",
            body=f"{channel.get_kind_display()}: {because}\n\n"
            "It will not be tried again. The reminders of the campaign say which it was.",
            key=f"refused {channel.pk} {campaign.pk} {at.date().isoformat()}",
            campaign=campaign,
            at=at,
        )
