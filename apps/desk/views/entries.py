"""The page of an entry, and the forms that add, edit, approve and withdraw one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.fields import set_hidden, suggested_date
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.actions import change_state
from apps.desk.cascade import hanging, reasons_of
from apps.desk.following import bill_of
from apps.desk.history import steps_of
from apps.desk.kinds import KINDS, How
from apps.desk.ladders import warns_of
from apps.desk.newer import since_of
from apps.desk.once import once
from apps.desk.proposed import typed_in
from apps.desk.quoting import card_of
from apps.desk.rows import all_links_of, with_details
from apps.desk.trends import Trend, trend_of
from apps.evidence.checks import check_change
from apps.evidence.telling import tell_it_is_hidden
from apps.intake.actions import propose_entry
from apps.intake.models import Photo
from apps.reminders.models import Reminder
from apps.reminders.watch import length
from apps.timeline.actions import Conflict
from apps.timeline.forms import EntryForm
from apps.timeline.models import Entry, Kind, State

MOST_USES = 50


def find_entry(access: Access, pk: int) -> Entry:
    """The entry of this campaign, if this person may see it; otherwise there is no such page."""
    entry = with_details(visible.entries(access)).filter(pk=pk).first()
    if entry is None:
        raise Http404("No such entry, or not one you may see.")
    return entry


def may_edit(access: Access, entry: Entry) -> bool:
    """Those who may edit, and whoever added it for as long as it waits for approval."""
    own_draft = entry.state == State.DRAFT and entry.created_by_id == access.user.pk
    return access.may(May.EDIT) or (access.may(May.ADD) and own_draft)


@require_safe
def entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug)
    found = find_entry(access, pk)
    context = {
        "access": access,
        "entry": found,
        "links": all_links_of(found, access),
        "hidden": found.is_hidden(access.at),
        "embargoed": found.is_embargoed(access.at),
        "lifts_in": length(found.embargo_until - access.at) if found.embargo_until else "",
        "may_edit": may_edit(access, found),
        "photo": found.kind == Kind.UPDATE and Photo.objects.filter(entry=found).exists(),
        "history": steps_of(found) if access.may(May.SEE_HIDDEN) else [],
        **_details(found, access),
    }
    return render(request, "desk/entry.html", context)


def _details(found: Entry, access: Access) -> dict[str, object]:
    if found.kind == Kind.QUOTE:
        return {"card": card_of(found, access)}
    if found.kind == Kind.STATISTIC:
        return _figure(found, access)
    if found.kind == Kind.MILESTONE:
        return _ledger(found, access)
    return {}


def _figure(found: Entry, access: Access) -> dict[str, object]:
    uses = found.uses.select_related("used_by") if access.may(May.SEE_HIDDEN) else found.uses.none()
    return {
        "change": check_change(found.statistic),
        "since": since_of([found], access).get(found.pk),
        "series": found.statistic.series,
        "uses": list(uses[:MOST_USES]),
        "most_uses": MOST_USES,
    }


def _ledger(found: Entry, access: Access) -> dict[str, object]:
    targets: list[Any] = list(found.milestone.targets.select_related("source", "recorded_by"))
    reasons = reasons_of(targets, visible.entries(access))
    for target in targets:
        target.why = reasons[target.pk]
    rows = Reminder.objects.filter(milestone=found.milestone)
    rows = rows.select_related("recipient", "rule", "channel").defer("said").order_by("due_at", "pk")
    return {
        "targets": targets,
        "first": targets[0],
        "late": found.milestone.late_days(access.today),
        "overdue": found.is_overdue(access.today),
        "reminders": list(rows[:60]) if access.role else [],
        "warns": warns_of(found, access) if access.role else None,
        "bill": bill_of(found),
        "hanging": hanging(found.milestone, access),
        "trend": _trend(found, access),
    }


def _trend(found: Entry, access: Access) -> Trend | None:
    """The chart of its targets, where there are several."""
    if not found.milestone.moves:
        return None
    return trend_of(visible.entries(access).filter(pk=found.pk), access, of="entry", pk=found.pk)


@require_http_methods(READ_AND_WRITE)
@once
def add_entry(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    how = _how(kind)
    starts: dict[str, object] = {"date": suggested_date(request.GET.get("date", ""))}
    if kind == Kind.MILESTONE:
        starts["owner"] = access.member  # or nobody would watch it
    form = how.form(request.POST or None, access=access, names=visible.names(access), initial=starts)
    if form.is_valid() and not access.may(May.EDIT):
        return _propose(request, kind, form, access)
    if form.is_valid():
        added = _try(form, lambda: _add(how, form, access))
        if added is not None:
            messages.success(request, "Added to the timeline.")
            _remark(request, form)
            return redirect("entry", slug=slug, pk=added.pk)
    context = {"access": access, "form": form, "kind": Kind(kind), "how": how}
    return render(request, "desk/add_entry.html", context)


def _propose(request: HttpRequest, kind: str, form: EntryForm, access: Access) -> HttpResponse:
    """What somebody may not add themselves goes into the review queue, as they typed it."""
    fields = typed_in(form)
    propose_entry(campaign=access.campaign, kind=kind, fields=fields, by=access.member, at=access.at)
    messages.success(request, "Sent. Staff look at it before others see it, and you will hear.")
    return redirect("sent", slug=access.campaign.slug)


def _remark(request: HttpRequest, form: EntryForm) -> None:
    """Say what was made of what was typed, where that is not plain."""
    for remark in form.remarks:
        messages.info(request, remark)


def _add(how: How, form: EntryForm, access: Access) -> Entry:
    return how.add(form, access.campaign, access.member, timezone.now(), True)


@require_http_methods(READ_AND_WRITE)
def edit_entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    found = find_entry(access, pk)
    if not may_edit(access, found):
        access.require(May.EDIT)
    how = _how(found.kind)
    form = how.form(request.POST or None, access=access, names=visible.names(access), entry=found)
    theirs: list[tuple[str, object]] = []
    if form.is_valid():
        try:
            if _try(form, lambda: _edit(how, form, found, access)) is not None:
                messages.success(request, "Saved.")
                _remark(request, form)
                return redirect("entry", slug=slug, pk=pk)
        except Conflict as conflict:
            found = find_entry(access, pk)
            theirs = _tell(form, found, conflict)
    context = {"access": access, "form": form, "entry": found, "kind": Kind(found.kind), "theirs": theirs}
    return render(request, "desk/edit_entry.html", context)


def _edit(how: How, form: EntryForm, found: Entry, access: Access) -> Entry:
    with transaction.atomic():
        how.edit(form, found, access.member, timezone.now())
    return found


def _try(form: EntryForm, save: Callable[[], Entry]) -> Entry | None:
    """Save in one transaction; what the actions refuse goes onto the form."""
    try:
        with transaction.atomic():
            return save()
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _tell(form: EntryForm, stands: Entry, conflict: Conflict) -> list[tuple[str, object]]:
    """Say that somebody saved first, and what of theirs differs. Saving again is then a decision."""
    form.add_error(
        None,
        "Somebody else saved this entry while you were editing. Nothing of theirs was overwritten and "
        "nothing of yours is lost: compare, then save again to keep yours.",
    )
    theirs = type(form)(access=form.access, names=visible.names(form.access), entry=stands)
    set_hidden(form, "version", conflict.entry.version)
    return [
        (str(theirs[name].label), theirs[name].value())
        for name, field in form.fields.items()
        if name != "version"
        and str(theirs[name].value() or "") != str(form[name].value() or "")
        and name not in form.only_if_new
    ]


def _how(kind: str) -> How:
    if kind not in KINDS:
        raise Http404("No such kind of entry.")
    return KINDS[kind]


STATES = {
    "approve": (State.PUBLISHED, "Approved: it is on the timeline now."),
    "withdraw": (State.WITHDRAWN, "Withdrawn: only staff see it now. Its history is kept."),
    "restore": (State.PUBLISHED, "Restored to the timeline."),
}


@require_POST
def set_state(request: HttpRequest, slug: str, pk: int, to: str) -> HttpResponse:
    """Approve, withdraw or restore."""
    access = open_campaign(request, slug, May.APPROVE)
    found = find_entry(access, pk)
    state, said = STATES[to]
    with transaction.atomic():
        change_state(entry=found, state=state, by=access.member, at=access.at)
        if to == "withdraw" and found.kind == Kind.QUOTE:
            tell_it_is_hidden(found, because=f"{access.member.name} withdrew it.", of=access.at, at=access.at)
    messages.success(request, said)
    return redirect("entry", slug=slug, pk=pk)
