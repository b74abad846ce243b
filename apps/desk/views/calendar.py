"""Milestones in one's own calendar: the addresses of the feeds, and the feeds."""

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns import actions
from apps.campaigns.access import READ_AND_WRITE, signed_in
from apps.campaigns.models import Campaign, Feed
from apps.desk.calendar import calendar_of, milestones_of, name_of


@dataclass(frozen=True)
class Choice:
    """What a feed may be of: one campaign, or all (None). `feed` is the one that stands."""

    campaign: Campaign | None
    feed: Feed | None


@require_http_methods(READ_AND_WRITE)
def calendar(request: HttpRequest) -> HttpResponse:
    """My feeds, and making one. Its address is shown on the answer, once."""
    user = signed_in(request)
    at = timezone.now()
    joined = {campaign.slug: campaign for campaign in Campaign.objects.joined_by(user)}
    if request.method == "POST":
        campaign = _chosen(request.POST.get("campaign", ""), joined)
        feed, token = actions.open_feed(user=user, campaign=campaign, at=at)
        return _shown_once(request, feed, token)
    feeds = {feed.campaign_id: feed for feed in user.feeds.filter(revoked_at=None).select_related("campaign")}
    choices = [Choice(None, feeds.pop(None, None))]
    choices += [Choice(campaign, feeds.pop(campaign.pk, None)) for campaign in joined.values()]
    return render(request, "desk/calendar.html", {"choices": choices, "left": feeds.values()})


def _chosen(slug: str, joined: dict[str, Campaign]) -> Campaign | None:
    if slug and slug not in joined:
        raise Http404("No campaign of yours has this address.")
    return joined[slug] if slug else None


def _shown_once(request: HttpRequest, feed: Feed, token: str) -> HttpResponse:
    address = settings.SITE_URL + reverse("feed", kwargs={"token": token})
    context = {
        "feed": feed,
        "address": address,
        "adds": _adds(address, name_of(feed, [feed.campaign_id or 0])),
    }
    made = render(request, "desk/calendar_made.html", context)
    return _guarded(made, cache="no-store", referrer="same-origin")  # there is a form on it: Sign out


def _adds(address: str, name: str) -> list[tuple[str, str]]:
    """Where each calendar takes a feed. Outlook on the web takes no webcal:."""
    webcal = urlsplit(address)._replace(scheme="webcal").geturl()
    query = f"url={quote(address, safe='')}&name={quote(name, safe='')}"
    return [
        ("Apple Calendar", webcal),
        ("Google Calendar", f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}"),
        ("Outlook.com", f"https://outlook.live.com/calendar/0/addfromweb?{query}"),
        ("Office 365", f"https://outlook.office.com/calendar/0/addfromweb?{query}"),
    ]


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    feed = get_object_or_404(Feed, user=user, pk=pk, revoked_at=None)
    actions.revoke_feed(feed=feed, by=user, at=timezone.now())
    messages.success(request, "The address is revoked; calendars that read it get nothing any more.")
    return redirect("calendar")


@csrf_exempt  # it reads no cookie, and refuses to be written to
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar application reads. Nobody signs in: the address is the key."""
    found = actions.find_feed(token)
    if found is None:
        return _guarded(
            HttpResponseNotFound("There is no calendar here.\n", content_type="text/plain; charset=utf-8")
        )
    at = timezone.now()
    actions.note_read(feed=found, at=at)
    mine = list(found.user.memberships.values_list("campaign_id", flat=True))
    content = calendar_of(milestones_of(found, mine=mine, at=at), feed=found, mine=mine, at=at)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag = f'"{sha256(content).hexdigest()}"'
    response["Content-Disposition"] = 'inline; filename="milestones.ics"'
    return _guarded(get_conditional_response(request, etag=etag, response=response) or response)


def _guarded(
    response: HttpResponse, *, cache: str = "private, max-age=300", referrer: str = "no-referrer"
) -> HttpResponse:
    """Kept by nobody but who asked, named to no other site, found by no search engine."""
    response["Cache-Control"] = cache
    response["Referrer-Policy"] = referrer
    response["X-Robots-Tag"] = "noindex"
    return response
