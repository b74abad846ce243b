"""The deadlines board over all my campaigns, and its exports."""

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.campaigns.access import signed_in
from apps.desk.filters import OPEN, DeadlineFilter
from apps.desk.listing import query_of
from apps.desk.tables import FORMATS, DeadlineTable, file_of
from apps.reminders.models import Reminder
from apps.timeline.models import Entry
from apps.timeline.paging import Order, Page, count_up_to, page_after, page_named

PAGE = 50
MOST_EXPORTED = 20_000
MOST_PARTS = 30
"""Of how many campaigns each is asked by itself. Nobody is on more, or the board takes longer."""
ORDERS = {
    "when": Order("due"),
    "-when": Order("due", descending=True),
    "slipped": Order("slip_days", of=int),
    "-slipped": Order("slip_days", descending=True, of=int),
}


@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    at = timezone.now()
    today = timezone.localdate(at)
    mine = list(user.memberships.values_list("campaign_id", flat=True))
    narrowed = filter_of(request.GET, user, mine=mine, at=at, today=today)
    sort = request.GET.get("sort", "when")
    order = order_of(sort, settled=narrowed.is_settled(), mine=mine)
    found = _with_details(narrowed.qs if narrowed.form.is_valid() else narrowed.queryset.none())
    if (fmt := request.GET.get("_export")) in FORMATS:
        return export(found, order, fmt=fmt or "csv", today=today)
    page, damaged = page_of(found, order, request.GET)
    context = {
        "filter": narrowed,
        "table": table_of(page.rows, sort=sort, today=today, request=request),
        "page": page,
        "damaged": damaged,
        "count": count_up_to(found),
        "query": query_of(request.GET),
        "sort": sort if sort in ORDERS else "when",
    }
    return render(request, "desk/deadlines.html", context)


def filter_of(
    address: QueryDict, user: User, *, mine: list[int], at: datetime, today: date
) -> DeadlineFilter:
    asked = address.copy()
    asked["status"] = asked.get("status") or OPEN  # every status asks for milestones alone
    rows = Entry.objects.visible_to(user, at=at)
    return DeadlineFilter(asked, queryset=rows.filter(campaign__in=mine), user=user, today=today)


def order_of(sort: str, *, settled: bool, mine: list[int]) -> Order:
    order = ORDERS.get(sort, ORDERS["when"])
    if settled and order.field == "due":
        order = Order("latest", descending=not order.descending)
    return (
        replace(order, parts=tuple(Q(campaign=pk) for pk in mine)) if 1 < len(mine) <= MOST_PARTS else order
    )


def _with_details(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    return rows.select_related("campaign", "milestone__owner")


def page_of(found: QuerySet[Entry], order: Order, address: QueryDict) -> tuple[Page[Entry], bool]:
    """The page an address asks for, and whether its place was damaged and the first is shown instead."""
    after, before = address.get("after"), address.get("before")
    page, damaged = page_named(found, order, size=PAGE, after=after, before=before)
    return page or page_after(found, order, size=PAGE), damaged


def table_of(rows: list[Entry], *, sort: str, today: date, request: HttpRequest | None) -> DeadlineTable:
    table = DeadlineTable(rows, today=today, reminded=last_reminded(rows))
    if request is not None:
        table.request = request
        table.order_by = sort if sort in ORDERS else "when"
    return table


def last_reminded(rows: list[Entry]) -> dict[int, datetime]:
    """When somebody was last reminded of each: one query for the page."""
    sent = Reminder.objects.filter(milestone__in=[row.pk for row in rows], state=Reminder.State.SENT)
    return dict(sent.values_list("milestone").annotate(last=Max("changed_at")))


def export(found: QuerySet[Entry], order: Order, *, fmt: str, today: date) -> HttpResponse:
    """The same rows in the same order as a file; dates in words, as on the page."""
    rows = order.take(found, count=MOST_EXPORTED)
    table = table_of(rows, sort="", today=today, request=None)
    return file_of(table, fmt, name=f"deadlines-{today.isoformat()}")
