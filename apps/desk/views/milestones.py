"""Moving a milestone's date, and saying how it ended."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.fields import set_hidden, suggested_date
from apps.campaigns.roles import May
from apps.dates import PartialDate, days, in_words
from apps.desk import visible
from apps.desk.actions import change_milestone
from apps.desk.rows import all_links_of
from apps.desk.views.entries import find_entry
from apps.legislation.actions import current_target, reopen, revise_target, settle
from apps.legislation.forms import MoveForm, SettleForm
from apps.legislation.models import Milestone, Outcome
from apps.reminders.models import Reminder
from apps.reminders.planning import OPEN, recipients
from apps.reminders.planning import Outcome as PlanOutcome
from apps.timeline.actions import Conflict
from apps.timeline.models import Entry, Kind


def find_milestone(access: Access, pk: int) -> Entry:
    found = find_entry(access, pk)
    if found.kind != Kind.MILESTONE:
        raise Http404("Only milestones have target dates.")
    return found


@require_http_methods(READ_AND_WRITE)
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.MOVE)
    found = find_milestone(access, pk)
    milestone, current = found.milestone, current_target(found.milestone)
    asked = suggested(request.GET)
    sources = visible.sources(access)
    form = MoveForm(request.POST or None, access=access, sources=sources, current=current, initial=asked)
    to = asked.get("to")
    preview = consequences(milestone, to if isinstance(to, PartialDate) else None, access)
    if form.is_valid():
        if "preview" in request.POST:
            preview = consequences(milestone, form.cleaned_data["to"], access)
        elif planned := _move(form, milestone, access):
            messages.success(request, f"The date is moved. {replanned(planned)}")
            return redirect("entry", slug=slug, pk=pk)
    context = {
        "access": access,
        "entry": found,
        "form": form,
        "current": current_target(found.milestone),
        "effect": preview,
    }
    return render(request, "desk/move.html", context)


def suggested(address: QueryDict) -> dict[str, object]:
    """What the address fills the form with: the date that a mark was dragged to, or that a move is taken
    back to, which is a correction. Nothing is moved before somebody says why."""
    to = suggested_date(address.get("to", ""))
    back = {"correction": True, "reason": "Moved by mistake"} if address.get("back") else {}
    return {"to": to} | back if to else {}


def _move(form: MoveForm, milestone: Milestone, access: Access) -> PlanOutcome | None:
    """Move the date and plan the reminders, both or neither; what is refused goes onto the form."""
    filled = form.cleaned_data
    try:
        with transaction.atomic():
            source = form.source_chosen(by=access.member)
            return change_milestone(
                lambda: revise_target(
                    milestone=milestone,
                    to=filled["to"],
                    reason=filled["reason"],
                    source=source,
                    correction=filled["correction"],
                    seen=filled["seen"],
                    by=access.member,
                    at=access.at,
                ),
                milestone=milestone,
                at=access.at,
            )
    except Conflict:
        newest = current_target(milestone)
        form.add_error(
            None,
            f"Somebody moved it to {in_words(newest.date)} meanwhile: {newest.reason}. "
            "Save again to move it from there.",
        )
        set_hidden(form, "seen", newest.pk)
    except ValidationError as error:
        form.add_error(None, error)
    return None


def replanned(outcome: PlanOutcome) -> str:
    """What became of the reminders, in a sentence."""
    if not (outcome.cancelled or outcome.planned):
        return "No reminders were affected."
    return (
        f"{outcome.cancelled} reminders of the old date cancelled, {outcome.planned} planned for the new one."
    )


@dataclass(frozen=True)
class Effect:
    """What a move would change: open reminders, the people who get them, linked entries, the slip."""

    reminders: int
    people: list[User]
    linked: int
    slip: str


def consequences(milestone: Milestone, to: PartialDate | None, access: Access) -> Effect:
    return Effect(
        reminders=Reminder.objects.filter(milestone=milestone, state__in=OPEN).count(),
        people=recipients(milestone),
        linked=len(all_links_of(milestone.entry, access)),
        slip=shift_in_words((to.latest - milestone.first_latest).days) if to and to.latest else "",
    )


def shift_in_words(shift: int) -> str:
    if shift == 0:
        return "on its first promised date"
    return f"{days(abs(shift))} {'later' if shift > 0 else 'earlier'} than first promised"


@require_http_methods(READ_AND_WRITE)
def mark(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Mark it met, missed, dropped or fallen."""
    access = open_campaign(request, slug, May.MOVE)
    found = find_milestone(access, pk)
    milestone = found.milestone
    form = SettleForm(
        request.POST or None, access=access, sources=visible.sources(access), today=access.today
    )
    if form.is_valid():
        _settle(form, milestone, access)
        messages.success(request, "Settled. Its open reminders are cancelled.")
        return redirect("entry", slug=slug, pk=pk)
    context = {
        "access": access,
        "entry": found,
        "form": form,
        "effect": consequences(milestone, None, access),
    }
    return render(request, "desk/mark.html", context)


def _settle(form: SettleForm, milestone: Milestone, access: Access) -> None:
    filled = form.cleaned_data
    change_milestone(
        lambda: settle(
            milestone=milestone,
            outcome=Outcome(filled["outcome"]),
            on=filled["on"],
            because=filled["because"],
            source=form.source_chosen(by=access.member),
            by=access.member,
            at=access.at,
        ),
        milestone=milestone,
        at=access.at,
    )


@require_POST
def open_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.MOVE)
    milestone = find_milestone(access, pk).milestone
    planned = change_milestone(
        lambda: reopen(milestone=milestone, by=access.member, at=access.at), milestone=milestone, at=access.at
    )
    messages.success(request, f"Open again. {replanned(planned)}")
    return redirect("entry", slug=slug, pk=pk)
