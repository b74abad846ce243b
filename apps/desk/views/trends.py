"""The chart of targets against the day each was set: of a milestone, a bill, a body or a person."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.campaigns.access import Access, open_campaign
from apps.desk import slips, trends, visible
from apps.desk.exports.trend import POLICY, USUAL_WIDTH, WIDTHS, draw
from apps.desk.views.bills import find_bill
from apps.desk.views.milestones import find_milestone
from apps.desk.views.people import find_row
from apps.desk.views.presenting import kept
from apps.timeline.models import Entry

Found = tuple[str, QuerySet[Entry]]


def _milestone(access: Access, pk: int) -> Found:
    entry = find_milestone(access, pk)
    return entry.headline, visible.entries(access).filter(pk=entry.pk)


def _bill(access: Access, pk: int) -> Found:
    bill = find_bill(access, pk)
    return bill.title, slips.of_bill(slips.milestones(access), bill)


def _organisation(access: Access, pk: int) -> Found:
    row = find_row(visible.organisations(access), pk)
    return row.name, slips.milestones(access).filter(organisation=row)


def _person(access: Access, pk: int) -> Found:
    row = find_row(visible.persons(access), pk)
    return row.name, slips.milestones(access).filter(person=row)


OF: dict[str, Callable[[Access, int], Found]] = {
    "entry": _milestone,
    "bill": _bill,
    "organisation": _organisation,
    "person": _person,
}

# django-csp's types know no view that takes parts of its address, hence Any.
by_itself: Any = csp(POLICY)


@by_itself
@require_safe
def svg(request: HttpRequest, slug: str, pk: int, of: str) -> HttpResponse:
    access = open_campaign(request, slug)
    name, found = OF[of](access, pk)
    lines = trends.lines_of(found, access)
    if not lines:
        raise Http404("No target of it has moved.")
    drawn = draw(lines, title=f"{name}: targets against the day each was set", width=_width(request))
    return kept(request, HttpResponse(drawn.file.encode(), content_type="image/svg+xml"), access)


def _width(request: HttpRequest) -> int:
    typed = request.GET.get("width", "")
    pixels = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else USUAL_WIDTH
    return min(max(pixels, WIDTHS[0]), WIDTHS[1])
