"""Whole web addresses, for what is read away from the site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.timeline.models import Entry


def whole(name: str, campaign: Campaign, query: str = "", **parts: object) -> str:
    """The address of a campaign's page with the site before it: "https://…/c/online-harms/timeline/?words=a"."""
    path = reverse(name, kwargs={"slug": campaign.slug, **parts})
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{query}"


def of_entry(entry: Entry, campaign: Campaign) -> str:
    return whole("entry", campaign, pk=entry.pk)


def tag_of(campaign: Campaign, entry: Entry | None = None) -> str:
    """A name for good (RFC 4151), whatever the campaign is called later:
    "tag:tracker.example.org,2026-03-10:campaign/3/entry/45"."""
    host = urlsplit(settings.SITE_URL).hostname
    name = f"campaign/{campaign.pk}" + (f"/entry/{entry.pk}" if entry else "")
    return f"tag:{host},{campaign.created_at:%Y-%m-%d}:{name}"
