"""The timeline: a picture, and the same as an ordered list by year and month, narrowed by what stands in the
address."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from apps.campaigns.access import Access, open_campaign
from apps.desk import visible
from apps.desk.asof import AsOf, BadDay, read_as_of, start_of_day, then
from apps.desk.picture import LANES, Sight, audience_of, draw, ends_of, fit, overview
from apps.desk.rows import by_year, with_details
from apps.legislation.rewind import THEN, known_at, revisions_around, rewind
from apps.timeline.density import Days
from apps.timeline.filters import TimelineFilter
from apps.timeline.layout import TITLE
from apps.timeline.models import Entry, Kind, Link
from apps.timeline.paging import Order, Page, count_up_to, page_after, page_around, page_named
from apps.timeline.windows import BadWindow, Window, around, read_window

PAGE = 50
ORDER, ORDER_THEN = Order("placed"), Order(THEN)
PLACES = ("after", "before", "page")
"""The parameters that say which page, not which entries."""
VIEW = ("from", "to", "fold", "width", "asof")
"""The parameters that say what the picture shows of them."""
BREAKS = "breaks"
"""What `fold` calls the shading of the days on which Parliament does not sit."""
GUTTER, PHONE_GUTTER, PHONE = 104, 0, 640
"""Pixels for the lanes' names, beside them or, on a narrow picture, above."""
USUAL_WIDTH, WIDTHS = 1_120, (280, 2_600)


@require_safe
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    as_of, not_then = as_of_in(request.GET, access)
    narrowed = filter_of(request.GET, access, as_of)
    problems = problems_of(narrowed)
    found = narrowed.queryset.none() if problems else narrowed.qs
    page, damaged = page_of(found, request.GET, access, as_of)
    context = {
        "access": then(access, as_of),
        "as_of": as_of,
        "not_then": not_then,
        "filter": narrowed,
        "narrowed": is_narrowed(request.GET),
        "problems": problems,
        "damaged": damaged,
        "years": by_year(page.rows, access, as_of=as_of, path=narrowed.followed),
        "path": path_of(narrowed, page.rows),
        "off_path": without(request.GET, *PLACES, "width", "path", "from", "to"),
        "page": page,
        "count": count_up_to(found),
        "span": span_of(found, as_of),
        "query": without(request.GET, *PLACES),
        "active": _active(narrowed),
    }
    if page.rows:
        context |= seen_in(request.GET, access, narrowed, as_of)
    return render(request, "desk/timeline.html", context)


@require_safe
def drawn(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture alone, for the page that has it already and moves its window."""
    access = open_campaign(request, slug)
    as_of, not_then = as_of_in(request.GET, access)
    narrowed = filter_of(request.GET, access, as_of)
    context = {"access": then(access, as_of)} | seen_in(request.GET, access, narrowed, as_of)
    problems = [*problems_of(narrowed), not_then, context["view"].problem]
    if any(problems):
        return JsonResponse({"error": " ".join(filter(None, problems))}, status=400)
    response = render(request, "desk/picture.html", context)
    return unless_known(request, response, caching="private, no-cache")


def unless_known(request: HttpRequest, response: HttpResponse, *, caching: str) -> HttpResponse:
    """The response, named by its content, or 304 where the reader has it already."""
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["Cache-Control"] = caching
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(answer, HttpResponse)
    return answer


@dataclass(frozen=True)
class Followed:
    """The path that is shown: the entry it is of, if that is shown, and whether it goes on beyond."""

    of: Entry | None
    goes_on: bool


def path_of(narrowed: TimelineFilter, rows: list[Entry]) -> Followed | None:
    if narrowed.followed is None:
        return None
    of = next((entry for entry in rows if entry.pk == narrowed.followed.start), None)
    return Followed(of, narrowed.followed.goes_on)


def is_narrowed(address: QueryDict) -> bool:
    """Whether it asks for some entries only."""
    return any(any(address.getlist(name)) for name in TimelineFilter.base_filters)


@dataclass(frozen=True)
class View:
    """What the address says of the picture. `problem` is a sentence where it cannot be shown so."""

    window: Window
    fit: Window
    folds: frozenset[str]
    width: int
    problem: str = ""


@dataclass(frozen=True)
class Revision:
    """A day on which a target was recorded, and of what."""

    name: str
    day: date
    headline: str


def view_of(address: QueryDict, fit: Window, *, lanes: Collection[str] = LANES) -> View:
    folds = frozenset(name for name in address.getlist("fold") if name in (*lanes, BREAKS))
    width = address.get("width", "")
    pixels = int(width) if width.isdecimal() and len(width) < 6 else USUAL_WIDTH
    pixels = min(max(pixels, WIDTHS[0]), WIDTHS[1])
    try:
        window, problem = read_window(address, fit=fit), ""
    except BadWindow as wrong:
        window, problem = fit, str(wrong)
    return View(window, fit, folds, pixels, problem)


def as_of_in(address: QueryDict, access: Access) -> tuple[AsOf | None, str]:
    """The day the address rewinds to, and a sentence where it cannot be."""
    try:
        return read_as_of(address.get("asof", ""), access), ""
    except BadDay as wrong:
        return None, str(wrong)


def seen_in(
    address: QueryDict, access: Access, narrowed: TimelineFilter, as_of: AsOf | None = None
) -> dict[str, Any]:
    """The picture that an address asks for, and what its template needs beside it."""
    kinds = narrowed.form.cleaned_data.get("kind") if narrowed.form.is_valid() else []
    rest = {name for name, value in narrowed.form.cleaned_data.items() if value} - {"kind"}
    found = narrowed.queryset.none() if problems_of(narrowed) else narrowed.qs
    lanes = tuple(kind for kind in LANES if not kinds or kind in kinds)
    by = THEN if as_of else "placed"
    sight = Sight(
        then(access, as_of),
        found,
        audience_of(access),
        Days(found, by),
        narrowed=bool(rest),
        lanes=lanes,
        as_of=as_of,
    )
    every = sight
    if not as_of or narrowed.followed:
        every = replace(sight, entries=narrowed.queryset, days=Days(narrowed.queryset, by))
    view = view_of(address, fit(sight if narrowed.followed else every))
    ties = (
        tuple((link.from_entry_id, link.to_entry_id) for link in narrowed.followed.links)
        if narrowed.followed
        else ()
    )
    gutter = GUTTER if view.width >= PHONE else PHONE_GUTTER
    sight = replace(
        sight,
        folded=view.folds & set(lanes),
        width=view.width - gutter,
        above=0.0 if gutter else TITLE,
        ties=ties,
        shaded=BREAKS not in view.folds,
    )
    return {
        "picture": draw(sight, view.window),
        "strip": overview(sight, view.window, fit(every) if narrowed.followed else view.fit),
        "view": view,
        "gutter": gutter,
        "whole": view.width,
        "folds": view.folds,
        "query": without(address, *PLACES, "width"),
        "unwound": without(address, *PLACES, "width", "asof"),
        "kept": _pairs(address, *PLACES, "width", "asof"),
        "next_deadline": next_deadline(sight, view.window),
        "today_window": around(sight.access.today, view.window.days),
        "as_of": as_of,
        "revisions": revisions_of(access, as_of) if as_of else [],
    }


def revisions_of(access: Access, as_of: AsOf) -> list[Revision]:
    """The steps from that day to the last change of a target by then, and to the next."""
    before, after = revisions_around(visible.entries(access), as_of.at, since=start_of_day(as_of))
    return [
        Revision(name, access.campaign.today(target.recorded_at), target.milestone.entry.headline)
        for name, target in (("Previous change", before), ("Next change", after))
        if target
    ]


def next_deadline(sight: Sight, window: Window) -> Window | None:
    """The window moved so that the next deadline after its middle stands in the middle; from today on."""
    if sight.as_of or Kind.MILESTONE not in sight.lanes:
        return None
    after = max(sight.access.today, date.fromordinal(int(window.middle)))
    due = sight.entries.filter(due__isnull=False, due__gt=after)
    day = due.order_by("due", "pk").values_list("due", flat=True).first()
    return around(day, window.days) if day else None


def filter_of(address: QueryDict, access: Access, as_of: AsOf | None = None) -> TimelineFilter:
    # Put together where the address names one only: a reader's take as long as the picture's own queries.
    names: dict[str, Any] = {
        "person": SimpleLazyObject(partial(visible.persons, access)),
        "organisation": SimpleLazyObject(partial(visible.organisations, access)),
        "source": SimpleLazyObject(partial(visible.sources, access)),
        "tag": SimpleLazyObject(partial(visible.tags, access)),
    }
    entries = visible.entries(access)
    if as_of:
        known = known_at(entries, as_of.at)
        links = Link.objects.filter(created_at__lte=as_of.at)
        return TimelineFilter(address, queryset=known, names=names, links=links, by=THEN)
    return TimelineFilter(address, queryset=entries, names=names)


def problems_of(narrowed: TimelineFilter) -> list[str]:
    """What stands in the way of the filter, as sentences; the fields keep what was typed."""
    wrong = [str(error) for errors in narrowed.form.errors.values() for error in errors]
    return wrong + narrowed.unknown_names()


def page_of(
    found: QuerySet[Entry], address: QueryDict, access: Access, as_of: AsOf | None = None
) -> tuple[Page[Entry], bool]:
    """The page an address asks for, and whether its place was damaged and today's is shown instead."""
    entries, order = with_details(found), ORDER_THEN if as_of else ORDER
    after, before = address.get("after"), address.get("before")
    page, damaged = page_named(entries, order, size=PAGE, after=after, before=before)
    if page is None and address.get("start") and not damaged:
        page = page_after(entries, order, size=PAGE)
    page = page or page_around(entries, order, size=PAGE, at=then(access, as_of).today)
    if as_of:
        page = replace(page, rows=rewind(page.rows, as_of.at))
    return page, damaged


@dataclass(frozen=True)
class Span:
    """The years between the first entry and the last, to jump to: "2021", "0202"."""

    years: list[str]


MOST_YEARS = 40


def span_of(found: QuerySet[Entry], as_of: AsOf | None = None) -> Span:
    first, last = ends_of(found, THEN if as_of else "placed")
    if first is None or last is None:
        return Span([])
    step = 1 + (last.year - first.year) // MOST_YEARS
    return Span([f"{year:04d}" for year in range(first.year, last.year + 1, step)])


def without(address: QueryDict, *names: str) -> str:
    """The address's query without these parameters and without empty ones, ready to be added to."""
    return urlencode(_pairs(address, *names))


def _pairs(address: QueryDict, *names: str) -> list[tuple[str, str]]:
    """The same as names and values, for the hidden fields of a form."""
    return [(name, one) for name, values in address.lists() if name not in names for one in values if one]


def _active(narrowed: TimelineFilter) -> list[tuple[str, str]]:
    """The filter in words, for the line that says what is shown."""
    form = narrowed.form
    said = []
    for name, field in form.fields.items():
        typed = form[name].value()
        if typed and name not in ("kind", "path"):
            said.append((str(field.label or name).lower(), str(typed)[:60]))
    return said


@require_safe
def find(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """Names as they are typed, for the fields that find people, sources, tags and entries."""
    access = open_campaign(request, slug)
    typed = " ".join(request.GET.get("q", "")[:100].replace("\x00", "").split())
    if what not in visible.FINDABLE:
        return JsonResponse({"error": "Nothing of that kind can be found here."}, status=404)
    options = visible.suggestions(access, find=what, typed=typed)
    return render(request, "desk/options.html", {"options": options})
