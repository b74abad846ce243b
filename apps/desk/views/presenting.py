"""A timeline for elsewhere: feeds for programs, files for people, a frame and an image for other sites."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp, csp_replace
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from apps.campaigns.access import Access, open_campaign
from apps.campaigns.models import Campaign
from apps.desk import visible
from apps.desk.asof import then
from apps.desk.exports import atom, paper, plain, timelinejs
from apps.desk.exports.addresses import whole
from apps.desk.exports.card import card as card_of
from apps.desk.exports.drawing import POLICY, Drawing, alone, in_window
from apps.desk.newer import since_of
from apps.desk.rows import with_details
from apps.desk.summary import home_of
from apps.desk.views.timeline import (
    PLACES,
    VIEW,
    as_of_in,
    filter_of,
    is_narrowed,
    problems_of,
    seen_in,
    unless_known,
    without,
)
from apps.timeline.filters import TimelineFilter
from apps.timeline.models import Entry, Kind
from apps.timeline.paging import BadCursor, Order, page_around
from apps.timeline.windows import around

# --- Feeds ------------------------------------------------------------------------------------------------


def _plain(found: QuerySet[Entry], access: Access, address: QueryDict) -> bytes:
    return _json(plain.timeline(found, access, address))


def _timelinejs(found: QuerySet[Entry], access: Access, address: QueryDict) -> bytes:
    return _json(timelinejs.timeline(found, access))


def _atom(found: QuerySet[Entry], access: Access, address: QueryDict) -> bytes:
    return atom.feed(found, access, narrowing(address))


def _json(made: dict[str, Any]) -> bytes:
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True)
class Form:
    """What a feed is called by whoever reads it, and how it is written."""

    content_type: str
    write: Callable[[QuerySet[Entry], Access, QueryDict], bytes]


JSON = "application/json; charset=utf-8"
FORMS = {
    "plain": Form(JSON, _plain),
    "timelinejs": Form(JSON, _timelinejs),
    "atom": Form("application/atom+xml; charset=utf-8", _atom),
}


@require_safe
def feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The entries that the page with the same filters lists, for a program to read."""
    access = open_campaign(request, slug)
    narrowed = filter_of(request.GET, access)
    wrong = problems_of(narrowed)
    if request.GET.get("asof"):
        wrong.append("Feeds tell what is known now: leave “asof” out of the address.")
    if wrong:
        return refused(wrong)
    try:
        content = FORMS[form].write(narrowed.qs, access, request.GET)
    except BadCursor:
        return refused(["The page’s address was damaged: leave “after” out to begin again."])
    response = HttpResponse(content, content_type=FORMS[form].content_type)
    if not access.user.is_authenticated:
        # A program in a page of another site may read what every visitor may; it brings no cookies.
        response["Access-Control-Allow-Origin"] = "*"
    return kept(request, response, access)


def refused(problems: list[str]) -> HttpResponse:
    return HttpResponse(_json({"error": " ".join(problems)}), content_type=JSON, status=400)


def kept(request: HttpRequest, response: HttpResponse, access: Access) -> HttpResponse:
    """The response, or 304 where the reader has it already.

    Nothing is kept for a while without asking, not even a minute and not even by visitors: what is withdrawn
    or put under embargo must be gone at once from everywhere. Asking again costs a 304.
    """
    caching = "private, no-cache" if access.user.is_authenticated else "no-cache"
    return unless_known(request, response, caching=caching)


def narrowing(address: QueryDict) -> str:
    """The query's filters alone: which entries, not which page or window of them."""
    return without(address, *PLACES, *VIEW)


def looking(address: QueryDict) -> str:
    """The query's filters and window."""
    return without(address, *PLACES, "width")


def looking_now(address: QueryDict) -> str:
    """The same without the day it was rewound to."""
    return without(address, *PLACES, "width", "asof")


# --- Files ------------------------------------------------------------------------------------------------


# django-csp's types know no view that takes parts of its address, hence Any.
by_itself: Any = csp(POLICY)


@by_itself
@require_safe
def svg(request: HttpRequest, slug: str) -> HttpResponse:
    return _file(request, slug, "image/svg+xml", lambda drawing, access: drawing.file.encode())


@require_safe
def png(request: HttpRequest, slug: str) -> HttpResponse:
    return _file(request, slug, "image/png", lambda drawing, access: paper.png(drawing))


@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponse:
    def made(drawing: Drawing, access: Access) -> bytes:
        foot = f"{drawing.description} {whole('timeline', access.campaign)}"
        return paper.pdf(drawing, foot=foot, day=access.today)

    return _file(request, slug, "application/pdf", made)


def _file(
    request: HttpRequest, slug: str, content_type: str, made: Callable[[Drawing, Access], bytes]
) -> HttpResponse:
    """The picture that the page of the same address shows, to keep: "bill-timeline-2020-09-03.svg"."""
    access = open_campaign(request, slug)
    as_of, not_then = as_of_in(request.GET, access)
    narrowed = filter_of(request.GET, access, as_of)
    seen = seen_in(request.GET, access, narrowed, as_of)
    wrong = [sentence for sentence in (*problems_of(narrowed), not_then, seen["view"].problem) if sentence]
    if wrong:
        return refused(wrong)
    drawing = drawing_of(then(access, as_of), seen, query=looking(request.GET))
    response = HttpResponse(made(drawing, access), content_type=content_type)
    ending = request.path.rpartition(".")[2]
    day = then(access, as_of).today.isoformat()
    response["Content-Disposition"] = f'attachment; filename="{slug}-timeline-{day}.{ending}"'
    return kept(request, response, access)


def drawing_of(access: Access, seen: dict[str, Any], *, query: str = "") -> Drawing:
    """A picture as `seen_in` found it, standing by itself."""
    picture = in_window(seen["picture"])
    as_of = seen["as_of"]
    known = f"As it was known on {as_of.words}." if as_of else f"As of {around(access.today, 1).words}."
    return alone(
        render_to_string("timeline/picture.svg", {"access": access} | seen | {"picture": picture}),
        title=f"{access.campaign.name}: {picture.window.words}",
        description=f"Timeline of {access.campaign.name}, {picture.window.words}. {known}",
        page=whole("timeline", access.campaign, query),
    )


# --- For visitors of other sites --------------------------------------------------------------------------

ROWS = 20
CARD_WIDTH = 1_088


def as_visitor(campaign: Campaign) -> Access:
    """The campaign as anybody sees it, whoever asks."""
    return Access(campaign=campaign, user=AnonymousUser(), role=None, at=timezone.now())


def embeddable(slug: str) -> Access:
    """A campaign that may stand in the frames of other sites. Raises Http404 for all others, as for those
    that do not exist."""
    campaign = Campaign.objects.filter(slug=slug, is_public=True, embeddable=True).first()
    if campaign is None:
        raise Http404("No campaign at this address.")
    return as_visitor(campaign)


framed: Any = csp_replace({"frame-ancestors": ["*"], "form-action": ["'none'"]})


@xframe_options_exempt
@framed
@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The public timeline for a frame of another site: nobody is known here (WithoutCookies)."""
    access = embeddable(slug)
    narrowed = filter_of(request.GET, access)
    wrong = problems_of(narrowed)
    found = visible.entries(access).none() if wrong else narrowed.qs
    page = page_around(with_details(found), Order("placed"), size=ROWS, at=access.today)
    context = _framed_picture(request, access, narrowed) | {
        "rows": page.rows,
        "since": since_of(page.rows, access),
        "left_out": page.before is not None or page.after is not None,
        "problems": wrong,
        "narrowed": is_narrowed(request.GET),
        "page": whole("timeline", access.campaign, narrowing(request.GET)),
    }
    return kept(request, render(request, "desk/embed.html", context), access)


@xframe_options_exempt
@framed
@require_safe
def embedded_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture alone, for the frame that has it already and moves its window."""
    access = embeddable(slug)
    narrowed = filter_of(request.GET, access)
    context = _framed_picture(request, access, narrowed)
    wrong = [sentence for sentence in (*problems_of(narrowed), context["view"].problem) if sentence]
    if wrong:
        return refused(wrong)
    return kept(request, render(request, "desk/embed_picture.html", context), access)


def _framed_picture(request: HttpRequest, access: Access, narrowed: TimelineFilter) -> dict[str, Any]:
    context = {"access": access} | seen_in(request.GET, access, narrowed)
    drawn = render_to_string("timeline/picture.svg", context)
    # An entry's page stands in no frame: its link opens a window of its own.
    return context | {"drawn": drawn.replace('<a class="item ', '<a target="_blank" class="item ')}


@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """What a link to the campaign shows on other sites. Members get the same as everybody."""
    asking = open_campaign(request, slug)
    access = as_visitor(asking.campaign)
    address = QueryDict(mutable=True)
    address["width"] = str(CARD_WIDTH)
    if visible.entries(access).filter(kind=Kind.MILESTONE).exists():
        address["kind"] = Kind.MILESTONE.value
    seen = seen_in(address, access, filter_of(address, access))
    drawing = card_of(access.campaign.name, home_of(access).sentence, drawing_of(access, seen))
    return kept(request, HttpResponse(paper.png(drawing, scale=1), content_type="image/png"), asking)


# --- Where all of it is found -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """An address to copy, and what is there."""

    name: str
    address: str
    hint: str = ""


@require_safe
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Every address of this view of the timeline, and the code that puts it on another site."""
    access = open_campaign(request, slug)
    campaign = access.campaign
    look, narrow = looking(request.GET), narrowing(request.GET)
    context = {
        "access": access,
        "here": [Address("This view", whole("timeline", campaign, look), "With its filters and its window.")],
        "files": [
            Address("PNG", whole("timeline_png", campaign, look), "For slides and documents."),
            Address("PDF", whole("timeline_pdf", campaign, look), "One A4 page, to print."),
            Address("SVG", whole("timeline_svg", campaign, look), "To draw on: sharp at any size."),
        ],
        "feeds": [
            Address("Atom", whole("timeline_atom", campaign, narrow), "What is new, for feed readers."),
            Address("JSON", whole("timeline_json", campaign, narrow), "All of it, for programs."),
            Address("TimelineJS", whole("timeline_timelinejs", campaign, narrow), "For TimelineJS3."),
        ],
        "look": look,
        "embeddable": campaign.is_public and campaign.embeddable,
        "embed": whole("embed", campaign, looking_now(request.GET)),
        "whole": whole("timeline", campaign),
    }
    return render(request, "desk/share.html", context)
