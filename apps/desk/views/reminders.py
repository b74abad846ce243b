"""The ledger of reminders: what is planned, what was sent, what needs a person; and a campaign's ladder."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign, signed_in
from apps.campaigns.models import Campaign
from apps.campaigns.roles import May
from apps.desk import ledger, visible
from apps.desk.filters import LedgerFilter
from apps.desk.ladders import typed_of_campaign
from apps.desk.listing import query_of
from apps.desk.tables import FORMATS, LedgerTable, file_of
from apps.desk.views.messages import readable_by
from apps.reminders.actions import release as let_go
from apps.reminders.actions import set_ladder
from apps.reminders.forms import LadderForm
from apps.reminders.models import Reminder
from apps.timeline.models import Entry
from apps.timeline.paging import Page, count_up_to, page_after, page_named

PAGE = 50
SHORT = 12
"""Rows of each part where several stand on one page."""
MOST_EXPORTED = 20_000


@require_http_methods(READ_AND_WRITE)
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's ledger and ladder."""
    access = open_campaign(request, slug, May.PLAN if request.method == "POST" else May.ADD)
    form = LadderForm(request.POST or None, initial=typed_of_campaign(access.campaign))
    if form.is_valid():
        set_ladder(campaign=access.campaign, by=access.member, at=access.at, **form.ladder())
        messages.success(request, "The ladder is changed, and reminders are planned by it from now on.")
        return redirect("reminders", slug=slug)
    staff = access.may(May.SEE_HIDDEN)
    people = User.objects.filter(memberships__campaign=access.campaign)
    narrowed = LedgerFilter(
        request.GET,
        queryset=ledger.of_campaign(access, few=staff and bool(request.GET.get("person", "").strip())),
        entries=visible.entries(access),
        people=people if staff else None,
    )
    desk = Desk(request, access.member, access.at, access)
    if export := desk.export(narrowed):
        return export
    context = {"access": access, "form": form, **desk.context(narrowed, ledger.of_campaign(access))}
    return render(request, "desk/reminders.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The reminders of whoever is signed in, of all their campaigns."""
    user, at = signed_in(request), timezone.now()
    narrowed = LedgerFilter(
        request.GET,
        queryset=ledger.of_person(user, at),
        entries=Entry.objects.visible_to(user, at=at),
        campaigns=Campaign.objects.joined_by(user),
    )
    desk = Desk(request, user, at, None)
    if export := desk.export(narrowed):
        return export
    return render(request, "desk/my_reminders.html", desk.context(narrowed, ledger.of_person(user, at)))


@dataclass(frozen=True)
class Part:
    """Some of the ledger under a heading. `more` is the state whose own page has all of it."""

    heading: str
    table: LedgerTable
    more: str = ""


@dataclass(frozen=True)
class Desk:
    """Who reads a ledger, when; in one campaign, or (without `access`) in all of theirs."""

    request: HttpRequest
    user: User
    at: datetime
    access: Access | None

    def context(self, narrowed: LedgerFilter, everything: ledger.Rows) -> dict[str, Any]:
        """What the ledger's page shows; its first line speaks of `everything`."""
        found = narrowed.qs if narrowed.form.is_valid() else narrowed.queryset.none()
        state, page, damaged = narrowed.state_asked(), None, False
        if state:
            page, damaged = self._page(found, state)
            parts = [self._part("", page.rows)]
        else:
            parts = self._parts(found)
        return {
            "filter": narrowed,
            "sentence": ledger.sentence(everything, at=self.at),
            "parts": [part for part in parts if part.table.rows],
            "page": page,
            "damaged": damaged,
            "count": count_up_to(found),
            "query": query_of(self.request.GET),
            "state": state,
            "states": ["", *ledger.STATES],
            "back": "" if self.access else "mine",
        }

    def _page(self, found: Any, state: str) -> tuple[Page[Reminder], bool]:
        order, rows, address = ledger.order_of(state), ledger.with_words(found), self.request.GET
        after, before = address.get("after"), address.get("before")
        page, damaged = page_named(rows, order, size=PAGE, after=after, before=before)
        return page or page_after(rows, order, size=PAGE), damaged

    def _parts(self, found: Any) -> list[Part]:
        """What needs a person first, then what is to come, then what went."""
        rows = ledger.with_words(found)
        needs = rows.filter(stands__in=ledger.NEEDS_A_PERSON)
        planned, sent = (ledger.in_state(rows, state) for state in ("planned", "sent"))
        return [
            self._part("Needs a person", ledger.order_of("needs").take(needs, count=SHORT), "held"),
            self._part("Planned", ledger.order_of("planned").take(planned, count=SHORT), "planned"),
            self._part("Sent", ledger.order_of("sent").take(sent, count=SHORT), "sent"),
        ]

    def _part(self, heading: str, rows: list[Reminder], more: str = "") -> Part:
        for row in rows:
            row.waits = ledger.may_release(row, self.user, self.access)  # type: ignore[attr-defined]
        return Part(heading, self._table(rows), more if len(rows) == SHORT else "")

    def _table(self, rows: list[Reminder]) -> LedgerTable:
        return LedgerTable(rows, reader=self.user, exclude=("campaign",) if self.access else ())

    def export(self, narrowed: LedgerFilter) -> HttpResponse | None:
        """The same rows as a file, if the address asks for one."""
        fmt = self.request.GET.get("_export")
        if fmt not in FORMATS:
            return None
        found = narrowed.qs if narrowed.form.is_valid() else narrowed.queryset.none()
        order = ledger.order_of(narrowed.state_asked() or "all")
        rows = order.take(ledger.with_words(found), count=MOST_EXPORTED)
        day = timezone.localdate(self.at)
        return file_of(self._table(rows), fmt, name=f"reminders-{day.isoformat()}")


def find_reminder(access: Access, pk: int) -> Reminder:
    """A row of this campaign's ledger, if this person may see it; otherwise there is no such page."""
    access.member  # noqa: B018  # a visitor is asked to sign in
    row = ledger.of_campaign(access).filter(pk=pk)
    found = row.select_related(
        *("milestone__entry", "campaign", "recipient", "channel", "rule", "delivery")
    ).first()
    if found is None:
        raise Http404("No such reminder, or not one you may see.")
    return found


@require_safe
def reminder(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One reminder: what it said, and what became of it."""
    access = open_campaign(request, slug)
    found = find_reminder(access, pk)
    delivery = found.delivery
    whole = delivery and readable_by(access.member).filter(pk=delivery.pk).exists()
    context = {
        "access": access,
        "reminder": found,
        "entry": found.milestone.entry,
        "tries": list(delivery.tries.all()[:100]) if delivery else [],
        "late": ledger.lateness(found),
        "message": delivery if whole else None,
        "waits": ledger.may_release(found, access.user, access),
    }
    return render(request, "desk/reminder.html", context)


@require_POST
def release(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send what is held or failed after all, or leave it: its recipient may, and who changes ladders."""
    access = open_campaign(request, slug)
    found = find_reminder(access, pk)
    if found.recipient_id != access.member.pk:
        access.require(May.PLAN)
    send = request.POST.get("do") == "send"
    try:
        let_go(reminder=found, send=send, at=access.at)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(
            request, "It goes out with the scheduler’s next look." if send else "It is left as it is."
        )
    if request.POST.get("back") == "mine" or not access.may(May.ADD):
        return redirect("my_reminders")
    return redirect("reminders", slug=slug)
