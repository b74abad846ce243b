"""The ledger of slips of a campaign: by milestone with every revision, summed up by bill, body or person, and
its exports."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns.access import Access, open_campaign
from apps.desk import following, slips, visible
from apps.desk.exports import slips as leaving_slips
from apps.desk.filters import SLIPPED, SlipFilter
from apps.desk.listing import query_of
from apps.intake.sheets import leaving
from apps.timeline.models import Entry
from apps.timeline.paging import Page, count_up_to, page_after, page_named

CHUNK = 500
"""Milestones that an export reads at a time."""
JSON = "application/json; charset=utf-8"
TYPES = {"csv": leaving.CSV, "xlsx": leaving.XLSX, "json": JSON}


@require_safe
def ledger(request: HttpRequest, slug: str) -> HttpResponseBase:
    access = open_campaign(request, slug)
    narrowed = filter_of(request.GET, access)
    problems = problems_of(narrowed)
    found = narrowed.queryset.none() if problems else narrowed.qs
    if request.GET.get("_export") in TYPES:
        return export(request, found, access)
    by = request.GET.get("by", "")
    context = {
        "access": access,
        "filter": narrowed,
        "problems": problems,
        "query": query_of(request.GET),
        "by": by if by in slips.GROUPS else "",
        "tabs": _tabs(request.GET),
        "narrowed": _is_narrowed(request.GET),
    }
    if context["by"]:
        context |= _grouped(found, access, by)
    else:
        context |= _listed(found, access, request.GET)
    return render(request, "desk/slips.html", context)


def filter_of(address: QueryDict, access: Access) -> SlipFilter:
    asked = address.copy()
    asked["show"] = asked.get("show") or SLIPPED
    return SlipFilter(
        asked,
        queryset=slips.milestones(access),
        bills=following.bills(access),
        names={"organisation": visible.organisations(access), "person": visible.persons(access)},
        zone=access.campaign.zone,
    )


def problems_of(narrowed: SlipFilter) -> list[str]:
    """What stands in the way of the filter, as sentences; the fields keep what was typed."""
    wrong = [
        f"{narrowed.form.fields[name].label}: {error}"
        for name, errors in narrowed.form.errors.items()
        for error in errors
    ]
    return wrong + narrowed.unknown_names()


def _is_narrowed(address: QueryDict) -> bool:
    return any(address.get(name) for name in ("words", "bill", "organisation", "person", "start", "end"))


def _tabs(address: QueryDict) -> list[tuple[str, str, str]]:
    """What the ledger is summed up by, in words, each with the query that shows it."""
    tabs = []
    for by, words in {"": "By milestone", **slips.GROUPS}.items():
        query: Any = address.copy()
        for name in ("after", "before", "_export", "by"):
            query.pop(name, None)
        if by:
            query["by"] = by
        tabs.append((by, words, query.urlencode()))
    return tabs


def _listed(found: QuerySet[Entry], access: Access, address: QueryDict) -> dict[str, Any]:
    page, damaged = page_of(found, address)
    sums = slips.sums_of(found)
    worst = next(iter(slips.WORST.take(found.select_related("milestone"), count=1)), None)
    return {
        "page": page,
        "damaged": damaged,
        "sentence": slips.sentence_of(sums, worst),
        "sums": sums,
        "slips": slips.slips_of(page.rows, access),
        "count": count_up_to(found),
    }


def page_of(found: QuerySet[Entry], address: QueryDict) -> tuple[Page[Entry], bool]:
    """The page an address asks for, and whether its place was damaged and the first is shown instead."""
    rows, size = slips.with_names(found), slips.PAGE
    page, damaged = page_named(
        rows, slips.WORST, size=size, after=address.get("after"), before=address.get("before")
    )
    return page or page_after(rows, slips.WORST, size=size), damaged


def _grouped(found: QuerySet[Entry], access: Access, by: str) -> dict[str, Any]:
    groups, more = slips.groups_of(found, access, by)
    return {"groups": groups, "more": more, "most": slips.MOST_GROUPS}


# --- Files ------------------------------------------------------------------------------------------------


def export(request: HttpRequest, found: QuerySet[Entry], access: Access) -> HttpResponseBase:
    """Every target of the same milestones in the same order, however many they are."""
    ending = request.GET["_export"]
    every = _every(found, access)
    answer: HttpResponseBase
    if request.method == "HEAD":
        answer = HttpResponse(content_type=TYPES[ending])
    elif ending == "csv":
        lines = leaving.as_csv(leaving_slips.lines_of(every))
        answer = StreamingHttpResponse(lines, content_type=TYPES[ending])
    elif ending == "json":
        answer = StreamingHttpResponse(leaving_slips.as_json(every, access), content_type=JSON)
    else:
        answer = FileResponse(
            leaving.as_xlsx(leaving_slips.lines_of(every), title="Slips"), content_type=TYPES[ending]
        )
    name = f"{access.campaign.slug}-slips-{access.today.isoformat()}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _every(found: QuerySet[Entry], access: Access) -> Iterator[slips.Slip]:
    for rows in slips.pages_of(slips.with_names(found), size=CHUNK):
        yield from slips.slips_of(rows, access, most=None)
