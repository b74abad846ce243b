"""The quick ways in: an update in three taps, a suggested change, a page shared from a phone or a browser."""

import json
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign, signed_in
from apps.campaigns.roles import May
from apps.desk import proposed, visible
from apps.desk.kinds import KINDS
from apps.desk.once import once
from apps.desk.remembered import own_campaigns, remember, the_one
from apps.desk.views.entries import find_entry
from apps.desk.views.texts import LONGEST_SHARED, SHARED, add_text, held_of
from apps.intake import actions
from apps.intake.forms import LogForm
from apps.intake.held import hold
from apps.intake.models import Held
from apps.timeline.forms import EntryForm
from apps.timeline.models import Entry, Kind, State, Visibility

AS_LOGGED = {"headline": "note", "note": "note", "date": "date", "source": "link"}
"""The field of the short form that each field of an update is filled from."""

# --- An update, logged -------------------------------------------------------------------------------------


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Log an update: in the campaign it was last done in, or in the only one there is."""
    campaigns = own_campaigns(request)
    if only := the_one(request, campaigns):
        return log_update(request, only.slug)
    return render(
        request, "desk/which_campaign.html", {"campaigns": campaigns, "page": "log_update", "query": ""}
    )


@require_http_methods(READ_AND_WRITE)
@once
def log_update(request: HttpRequest, slug: str) -> HttpResponse:
    """What just happened: a note, today's date, a photo or a link if there is one."""
    access = open_campaign(request, slug, May.ADD)
    held = held_of(Held.Form.UPDATE, request, access)
    form = LogForm(request.POST or None, request.FILES or None, today=access.today, held=held)
    if form.is_valid():
        remember(request, access.campaign)
        with actions.keeping(form.picture()) as stored, transaction.atomic():
            done = _log(request, form, stored, access)
            if done is not None and held:
                held.delete()
        if done is not None:
            return done
    if picture := form.cleaned_data.get("photo") if form.is_bound else None:
        name = str(getattr(request.FILES["photo"], "name", "")) or "The photo"
        form.held = hold(form=Held.Form.UPDATE, name=name, content=picture, by=access.member, at=access.at)
    return render(request, "desk/log_update.html", {"access": access, "form": form})


def _log(request: HttpRequest, form: LogForm, photo: str, access: Access) -> HttpResponse | None:
    """Write it, with its photo. None where the form is to be put right: it says what."""
    slug, fields = access.campaign.slug, form.as_update() | {"visibility": Visibility.TEAM.value}
    if not access.may(May.EDIT):
        proposal = actions.propose_entry(
            campaign=access.campaign, kind=Kind.UPDATE, fields=fields, by=access.member, at=access.at
        )
        if photo:
            actions.add_photo(stored=photo, proposal=proposal, by=access.member, at=access.at)
        messages.success(request, "Sent. Staff look at it before others see it, and you will hear.")
        return redirect("sent", slug=slug)
    how = KINDS[Kind.UPDATE]
    update = how.form(fields, access=access, names=visible.names(access))
    if not update.is_valid():
        for name, errors in update.errors.items():
            form.add_error(AS_LOGGED.get(name), [str(error) for error in errors])
        return None
    added = how.add(update, access.campaign, access.member, access.at, True)
    if photo:
        actions.add_photo(stored=photo, entry=added, by=access.member, at=access.at)
    messages.success(request, "Logged: it is on the timeline.")
    return redirect("entry", slug=slug, pk=added.pk)


# --- A suggested change ------------------------------------------------------------------------------------


@require_http_methods(READ_AND_WRITE)
@once
def suggest_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Propose other words for an entry: its form, filled in as it stands."""
    access = open_campaign(request, slug, May.ADD)
    entry = find_entry(access, pk)
    if entry.state != State.PUBLISHED:
        raise Http404("Changes are suggested to what is published.")
    names = visible.names(access)
    form = KINDS[entry.kind].form(request.POST or None, access=access, names=names, entry=entry)
    form.fields.pop("owner", None)  # who watches is the team's to say
    if form.is_valid() and _suggest(form, entry, access):
        remember(request, access.campaign)
        messages.success(request, "Sent. Staff decide on it, and you will hear.")
        return redirect("sent", slug=slug)
    context = {"access": access, "form": form, "entry": entry, "kind": Kind(entry.kind)}
    return render(request, "desk/suggest_change.html", context)


def _suggest(form: EntryForm, entry: Entry, access: Access) -> bool:
    """Keep what differs from what stands. Nothing differs: say so."""
    fields, was = proposed.suggested_of(form, entry, access)
    if not fields:
        form.add_error(None, "Nothing differs from what stands. Change what is wrong, then send it.")
        return False
    actions.propose_change(
        entry=entry,
        fields=fields,
        was=was,
        version=form.cleaned_data["version"],
        by=access.member,
        at=access.at,
    )
    return True


# --- From a phone or a browser -----------------------------------------------------------------------------


@require_safe
def share_in(request: HttpRequest) -> HttpResponse:
    """Where a phone's share sheet and the bookmark lead: a text to take in, with what was shared in it."""
    campaigns = own_campaigns(request)
    if only := the_one(request, campaigns):
        return add_text(request, only.slug)
    given = {name: request.GET.get(name, "").replace("\x00", "")[:LONGEST_SHARED] for name in SHARED}
    query = urlencode({name: value for name, value in given.items() if value})
    context = {"campaigns": campaigns, "page": "add_text", "query": query}
    return render(request, "desk/which_campaign.html", context)


TRIED = {
    "url": "https://www.example.org/news/offences-double",
    "title": "Offences double, figures show",
    "text": "Recorded offences rose to 389 in 2019/20 from 191 the year before, police figures show.",
}
"""What the link for trying it out shares."""


@require_safe
def ways_in(request: HttpRequest) -> HttpResponse:
    """How to send pages here from a browser or a phone."""
    signed_in(request)
    target = f"{settings.SITE_URL}{reverse('share_in')}"
    bookmark = (
        "javascript:(()=>{const s=String(getSelection());"
        f"open('{target}?'+new URLSearchParams({{url:location.href,title:document.title,"
        "text:s.length>200?s:''}))})()"
    )
    tried = f"{reverse('share_in')}?{urlencode(TRIED)}"
    return render(request, "desk/ways_in.html", {"bookmark": bookmark, "target": target, "tried": tried})


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to keep the site as an app, and to share pages with it."""
    said = {
        "name": "Campaign Tracker",
        "short_name": "Tracker",
        "description": "Statistics, quotes and milestones of a campaign on one timeline.",
        "id": "/",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1a1a1a",
        "lang": "en-GB",
        "icons": [
            {"src": static("icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": [{"name": "Log an update", "url": reverse("log")}],
        "share_target": {
            "action": reverse("share_in"),
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    response = HttpResponse(json.dumps(said), content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=3600"
    return response
