"""The timeline: an ordered list by year and month, narrowed by what stands in the address."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns.access import Access, open_campaign
from apps.desk import visible
from apps.desk.rows import by_year, with_details
from apps.timeline.filters import TimelineFilter
from apps.timeline.models import Entry
from apps.timeline.paging import Order, Page, count_up_to, page_after, page_around, page_named

PAGE = 50
ORDER = Order("placed")
PLACES = ("after", "before", "page")
"""The parameters that say which page, not which entries."""


@require_safe
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    narrowed = filter_of(request.GET, access)
    problems = _problems(narrowed)
    found = visible.entries(access).none() if problems else narrowed.qs
    page, damaged = page_of(found, request.GET, access)
    context = {
        "access": access,
        "filter": narrowed,
        "narrowed": any(value for name, value in request.GET.items() if name not in PLACES),
        "problems": problems,
        "damaged": damaged,
        "years": by_year(page.rows, access),
        "page": page,
        "count": count_up_to(found),
        "span": span_of(found),
        "query": _without(request.GET, *PLACES),
        "active": _active(narrowed),
    }
    return render(request, "desk/timeline.html", context)


def filter_of(address: QueryDict, access: Access) -> TimelineFilter:
    names: dict[str, QuerySet[Any]] = {
        "person": visible.persons(access),
        "organisation": visible.organisations(access),
        "source": visible.sources(access),
        "tag": visible.tags(access),
    }
    return TimelineFilter(address, queryset=visible.entries(access), names=names)


def _problems(narrowed: TimelineFilter) -> list[str]:
    """What stands in the way of the filter, as sentences; the fields keep what was typed."""
    wrong = [str(error) for errors in narrowed.form.errors.values() for error in errors]
    return wrong + narrowed.unknown_names()


def page_of(found: QuerySet[Entry], address: QueryDict, access: Access) -> tuple[Page[Entry], bool]:
    """The page an address asks for, and whether its place was damaged and today's is shown instead."""
    entries = with_details(found)
    after, before = address.get("after"), address.get("before")
    page, damaged = page_named(entries, ORDER, size=PAGE, after=after, before=before)
    if page is None and address.get("start") and not damaged:
        page = page_after(entries, ORDER, size=PAGE)
    return page or page_around(entries, ORDER, size=PAGE, at=access.today), damaged


@dataclass(frozen=True)
class Span:
    """The years between the first entry and the last, to jump to."""

    years: list[int]


MOST_YEARS = 40


def span_of(found: QuerySet[Entry]) -> Span:
    first = found.order_by("placed", "pk").values_list("placed", flat=True).first()
    last = found.order_by("-placed", "-pk").values_list("placed", flat=True).first()
    if first is None or last is None:
        return Span([])
    step = 1 + (last.year - first.year) // MOST_YEARS
    return Span(list(range(first.year, last.year + 1, step)))


def _without(address: QueryDict, *names: str) -> str:
    """The address's query without these parameters and without empty ones, ready to be added to."""
    kept = QueryDict(mutable=True)
    for name, values in address.lists():
        if name not in names:
            kept.setlist(name, [value for value in values if value])
    return kept.urlencode()


def _active(narrowed: TimelineFilter) -> list[tuple[str, str]]:
    """The filter in words, for the line that says what is shown."""
    form = narrowed.form
    said = []
    for name, field in form.fields.items():
        typed = form[name].value()
        if typed and name != "kind":
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
