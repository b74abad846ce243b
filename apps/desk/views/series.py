"""A series of figures: its chart, the same as a table, and what there is to know about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.exports.chart import POLICY, USUAL_WIDTH, WIDTHS, chart, described
from apps.desk.listing import listing_of
from apps.desk.newer import Since, since_of
from apps.desk.rows import with_details
from apps.desk.views.people import find_row
from apps.desk.views.presenting import kept
from apps.evidence.actions import save_series
from apps.evidence.arithmetic import Check
from apps.evidence.checks import check_change
from apps.evidence.forms import SeriesForm
from apps.evidence.models import Series, Statistic
from apps.evidence.series import in_order, standing
from apps.timeline.models import Entry, Kind, State

MOST = 300
"""Figures that a page shows, the newest."""


@dataclass(frozen=True)
class Line:
    """A figure in the table: what has come out since, and what its stated change comes to."""

    entry: Entry
    since: Since | None
    check: Check | None
    hidden: bool


@require_safe
def all_series(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    listing = listing_of(visible.series(access), request.GET, by="name")
    return render(request, "desk/all_series.html", {"access": access, "series": listing})


@require_safe
def series(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug)
    found = find_row(visible.series(access), pk)
    figures = figures_of(found, access)
    stand = drawn_of(figures)
    since = since_of((row.entry for row in figures), access)
    newest = since.get(stand[-1].pk) if stand else None
    context = {
        "access": access,
        "series": found,
        "lines": lines_of(figures, since, access)[::-1],
        "more": len(figures) == MOST,
        "most": MOST,
        "drawn": len(stand) > 1,
        "description": described(stand) if stand else "",
        "due": newest.due if newest else "",
        "next_release": stand[-1].next_release if stand else "",
    }
    return render(request, "desk/series.html", context)


def figures_of(found: Series, access: Access) -> list[Statistic]:
    """Those that this reader may see, in order."""
    rows: QuerySet[Entry] = visible.entries(access).filter(kind=Kind.STATISTIC, statistic__series=found)
    newest = with_details(rows).order_by("-placed", "-pk")[:MOST]
    return in_order(entry.statistic for entry in newest)


def drawn_of(figures: Sequence[Statistic]) -> list[Statistic]:
    """What the chart shows of them: published, and not revised since."""
    return standing([row for row in figures if row.entry.state == State.PUBLISHED])


def lines_of(figures: Sequence[Statistic], since: dict[int, Since], access: Access) -> list[Line]:
    """In a series every figure but the last has a later one; only a revision is worth a word there."""
    return [
        Line(
            row.entry,
            found if (found := since.get(row.pk)) and (found.revised or found.due) else None,
            check_change(row),
            row.entry.is_hidden(access.at),
        )
        for row in figures
    ]


# django-csp's types know no view that takes parts of its address, hence Any.
by_itself: Any = csp(POLICY)


@by_itself
@require_safe
def svg(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug)
    found = find_row(visible.series(access), pk)
    stand = drawn_of(figures_of(found, access))
    if not stand:
        raise Http404("No figure of it is published.")
    drawn = chart(found, stand, width=_width(request.GET.get("width", "")))
    return kept(request, HttpResponse(drawn.file.encode(), content_type="image/svg+xml"), access)


def _width(typed: str) -> int:
    pixels = int(typed) if typed.isdecimal() and len(typed) < 6 else USUAL_WIDTH
    return min(max(pixels, WIDTHS[0]), WIDTHS[1])


@require_http_methods(READ_AND_WRITE)
def edit_series(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Rename a series, or say what there is to know about it."""
    access = open_campaign(request, slug, May.EDIT)
    found = find_row(visible.series(access), pk)
    form = SeriesForm(request.POST or None, instance=found)
    if form.is_valid():
        save_series(series=form.save(commit=False), by=access.member)
        messages.success(request, "Saved.")
        return redirect("series", slug=slug, pk=pk)
    return render(request, "desk/edit_series.html", {"access": access, "form": form, "series": found})
