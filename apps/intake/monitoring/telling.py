"""The digest: once a day, those who decide hear in the app what the campaign's monitors brought, and what
they could not; and once of a feed that has failed for a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from datetime import time as clock_time

from django.conf import settings
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import MAY, May
from apps.dates import long_day
from apps.intake.models import Hit, Monitor, MonitorFeed
from apps.notices.actions import tell

HOUR = clock_time(8)
"""From when on the campaign's clock it comes, with the first look after that."""
LISTED = 40
FAILING = timedelta(days=1)
DECIDERS = [role for role, may in MAY.items() if May.APPROVE in may]


def tell_of_hits(*, at: datetime) -> int:
    """Answers how many campaigns were told of something."""
    _tell_of_failing(at)
    untold = Hit.objects.filter(told_at=None).exclude(state=Hit.State.WAITING)
    by_campaign: dict[Campaign, list[Hit]] = defaultdict(list)
    for hit in untold.select_related("monitor__campaign").order_by("monitor__name", "monitor_id", "pk"):
        by_campaign[hit.monitor.campaign].append(hit)
    return sum(_tell(campaign, hits, at) for campaign, hits in by_campaign.items())


def _tell(campaign: Campaign, hits: list[Hit], at: datetime) -> bool:
    today = at.astimezone(campaign.zone).date()
    start = datetime.combine(today, HOUR, campaign.zone)
    told_today = Hit.objects.filter(monitor__campaign=campaign, told_at__gte=start)
    if at < start or told_today.exists():
        return False
    Hit.objects.filter(pk__in=[hit.pk for hit in hits]).update(told_at=at)
    telling = [hit for hit in hits if hit.state != Hit.State.KNOWN or hit.said]
    if not telling:
        return False
    path = reverse("queue", kwargs={"slug": campaign.slug})
    tell(
        deciders(campaign),
        subject=_subject(telling),
        body="\n\n".join([*_lines(telling), f"All that waits: {settings.SITE_URL}{path}"]),
        key=f"monitors {campaign.pk} on {today}",
        campaign=campaign,
        at=at,
    )
    return True


def deciders(campaign: Campaign) -> list[User]:
    rows = Membership.objects.filter(campaign=campaign, role__in=DECIDERS, user__is_active=True)
    return [row.user for row in rows.select_related("user")]


def _subject(hits: list[Hit]) -> str:
    brought = sum(hit.state == Hit.State.BROUGHT for hit in hits)
    things = "nothing" if not brought else "1 thing" if brought == 1 else f"{brought} things"
    return f"Monitors brought {things} for review"


def _lines(hits: list[Hit]) -> Iterable[str]:
    by_monitor: dict[Monitor, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_monitor[hit.monitor].append(hit)
    left = LISTED
    for monitor, found in by_monitor.items():
        lines = [f"{monitor.name}:", *map(_line, found[: max(left, 0)])]
        if len(found) > max(left, 0):
            lines.append(f"and {len(found) - max(left, 0)} more")
        left -= len(found)
        if waiting := monitor.hits.filter(state=Hit.State.WAITING).count():
            lines.append(f"{waiting} more wait for their turn: it brings {monitor.most_a_day} a day.")
        yield "\n".join(lines)


def _line(hit: Hit) -> str:
    said = f" ({hit.said})" if hit.said else ""
    failed = "Could not be read: " if hit.state == Hit.State.FAILED else ""
    return f"– {failed}{hit.title}{said}"


def _tell_of_failing(at: datetime) -> None:
    rows = MonitorFeed.objects.filter(failing_since__lte=at - FAILING, monitor__state=Monitor.State.ON)
    for feed in rows.select_related("monitor__campaign"):
        monitor, since = feed.monitor, feed.failing_since
        assert since is not None, "asked for above"
        path = reverse("monitor", kwargs={"slug": monitor.campaign.slug, "pk": monitor.pk})
        day = long_day(since.astimezone(monitor.campaign.zone).date())
        tell(
            deciders(monitor.campaign),
            subject=f"A monitor’s feed fails: {feed}"[:300],
            body=f"Since {day} it could not be read. {feed.said}\n\n"
            f"It is tried again, more seldom each time: {settings.SITE_URL}{path}",
            key=f"feed {feed.pk} fails since {since.isoformat()}",
            campaign=monitor.campaign,
            at=at,
        )
