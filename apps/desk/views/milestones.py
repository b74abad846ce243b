"""Moving a milestone's date, hanging it on another's, and saying how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.fields import set_hidden, suggested_date
from apps.campaigns.roles import May
from apps.dates import PartialDate, days, in_words
from apps.desk import visible
from apps.desk.actions import change_milestone
from apps.desk.cascade import Foreseen, Hanging, foresee, hanging
from apps.desk.rows import all_links_of
from apps.desk.views.entries import find_entry
from apps.legislation.actions import current_target, reopen, revise_target, settle
from apps.legislation.forms import HangForm, MoveForm, SettleForm
from apps.legislation.hanging import hang, take_off
from apps.legislation.models import Milestone, Outcome
from apps.reminders.models import Reminder
from apps.reminders.planning import OPEN, recipients
from apps.reminders.planning import Outcome as PlanOutcome
from apps.timeline.actions import Conflict
from apps.timeline.models import Entry, Kind

Done = TypeVar("Done")
NOT_CARRIED = ("csrfmiddlewaretoken", "once", "confirmed")
"""Fields that a form sent again has anew."""


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
    asked, hangs = suggested(request.GET), hanging(milestone, access)
    form = MoveForm(
        request.POST or None,
        access=access,
        sources=visible.sources(access),
        current=current,
        hangs=hangs.on,
        initial=asked,
    )
    to = asked.get("to")
    preview = consequences(milestone, to if isinstance(to, PartialDate) else None, access, hangs)
    if form.is_valid():
        preview = consequences(milestone, form.cleaned_data["to"], access, hangs)
        preview.foreseen = _before(form, _moving(form, milestone, access), milestone, access)
        if _is_to_be_done(form, preview) and (planned := _move(form, milestone, access)):
            messages.success(request, f"The date is moved. {replanned(planned)}{also(preview)}")
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


def _moving(
    form: MoveForm, milestone: Milestone, access: Access, *, save: bool = False
) -> Callable[[], PlanOutcome]:
    """Moving the date and planning the reminders. A source that is new is made only to `save` it."""
    filled = form.cleaned_data

    def move_it() -> PlanOutcome:
        source = form.source_chosen(by=access.member) if save else None
        return change_milestone(
            lambda: revise_target(
                milestone=milestone,
                to=filled["to"],
                reason=filled["reason"],
                source=source,
                correction=filled["correction"],
                seen=filled["seen"],
                unhook=filled.get("unhook", False),
                by=access.member,
                at=access.at,
            ),
            milestone=milestone,
            at=access.at,
        )

    return move_it


def _move(form: MoveForm, milestone: Milestone, access: Access) -> PlanOutcome | None:
    """Move the date and plan the reminders, both or neither; what is refused goes onto the form."""
    return _try(form, _moving(form, milestone, access, save=True), milestone)


def _try(form: forms.Form, change: Callable[[], Done], milestone: Milestone) -> Done | None:
    try:
        with transaction.atomic():
            return change()
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


def _before(
    form: forms.Form,
    change: Callable[[], object],
    milestone: Milestone,
    access: Access,
    *,
    tells_itself: bool = False,
) -> Foreseen | None:
    """What a change would move: asked where somebody wants to see it, where anything hangs on the milestone,
    or where it `tells_itself` where it comes to. None where it is not asked, or would be refused; then the
    form says why."""
    if not ("preview" in form.data or tells_itself or milestone.hanging.exists()):
        return None
    return _try(form, lambda: foresee(change, milestone, access, tells_itself=tells_itself), milestone)


def _is_to_be_done(form: forms.Form, effect: "Effect") -> bool:
    """Whether it was shown first what else moves, unless nothing does; then it moves as it was shown."""
    if "preview" in form.data or form.errors:
        return False
    wanted = effect.foreseen.mark if effect.foreseen else ""
    effect.asks = wanted != form.data.get("confirmed", "") and bool(wanted)
    return not effect.asks


def effect_of(change: Callable[[], object], milestone: Milestone, access: Access) -> "Effect":
    """What a change made with one button would move with it. Raises what the change raises."""
    effect = consequences(milestone, None, access, hanging(milestone, access))
    if milestone.hanging.exists():
        effect.foreseen = foresee(change, milestone, access)
    return effect


def ask_first(
    request: HttpRequest, access: Access, milestone: Milestone, effect: "Effect", *, button: str, back: str
) -> HttpResponse | None:
    """The page that shows such an effect. Its button sends the same again, with what was shown. None where
    nothing follows, or it was shown."""
    mark = effect.foreseen.mark if effect.foreseen else ""
    effect.asks = bool(mark) and mark != request.POST.get("confirmed")
    if not effect.asks:
        return None
    context = {
        "access": access,
        "entry": milestone.entry,
        "effect": effect,
        "button": button,
        "back": back,
        "carried": [(name, value) for name, value in request.POST.items() if name not in NOT_CARRIED],
    }
    return render(request, "desk/asks_first.html", context)


def also(effect: "Effect") -> str:
    """How many followed, as far as this person may see them."""
    count = len(effect.foreseen.followers) if effect.foreseen else 0
    if not count:
        return ""
    return f" {count} {'deadline that hangs' if count == 1 else 'deadlines that hang'} on it moved with it."


def replanned(outcome: PlanOutcome) -> str:
    """What became of the reminders, in a sentence."""
    cancelled, planned = outcome.cancelled, outcome.planned
    if cancelled and planned:
        return f"{_reminders(cancelled)} of the old date cancelled, {planned} planned for the new one."
    if cancelled or planned:
        return f"{_reminders(cancelled or planned)} {'cancelled' if cancelled else 'planned'}."
    return "No reminders were affected."


def _reminders(count: int) -> str:
    return f"{count} reminder{'' if count == 1 else 's'}"


@dataclass
class Effect:
    """What a move would change: open reminders, the people who get them, linked entries, the slip; and what
    hangs on it, in `foreseen` once the new date is known. `asks`: that was not shown before, so it is asked
    whether to go on."""

    reminders: int
    people: list[User]
    linked: int
    slip: str
    hangs: Hanging
    foreseen: Foreseen | None = None
    asks: bool = False


def consequences(milestone: Milestone, to: PartialDate | None, access: Access, hangs: Hanging) -> Effect:
    return Effect(
        hangs=hangs,
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
    milestone, hangs = found.milestone, hanging(found.milestone, access)
    form = SettleForm(
        request.POST or None, access=access, sources=visible.sources(access), today=access.today
    )
    effect = consequences(milestone, None, access, hangs)
    if form.is_valid():
        effect.foreseen = _before(form, _settling(form, milestone, access), milestone, access)
        if _is_to_be_done(form, effect):
            _settling(form, milestone, access, save=True)()
            messages.success(request, f"Settled. Its open reminders are cancelled.{also(effect)}")
            return redirect("entry", slug=slug, pk=pk)
    context = {"access": access, "entry": found, "form": form, "effect": effect}
    return render(request, "desk/mark.html", context)


def _settling(
    form: SettleForm, milestone: Milestone, access: Access, *, save: bool = False
) -> Callable[[], PlanOutcome]:
    filled = form.cleaned_data

    def settle_it() -> PlanOutcome:
        source = form.source_chosen(by=access.member) if save else None
        return change_milestone(
            lambda: settle(
                milestone=milestone,
                outcome=Outcome(filled["outcome"]),
                on=filled["on"],
                because=filled["because"],
                source=source,
                by=access.member,
                at=access.at,
            ),
            milestone=milestone,
            at=access.at,
        )

    return settle_it


@require_POST
def open_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.MOVE)
    milestone = find_milestone(access, pk).milestone

    def open_it() -> PlanOutcome:
        return change_milestone(
            lambda: reopen(milestone=milestone, by=access.member, at=access.at),
            milestone=milestone,
            at=access.at,
        )

    back = reverse("entry", kwargs={"slug": slug, "pk": pk})
    effect = effect_of(open_it, milestone, access)
    if asks := ask_first(request, access, milestone, effect, button="Open it again", back=back):
        return asks
    planned = open_it()
    messages.success(request, f"Open again. {replanned(planned)}{also(effect)}")
    return redirect(back)


# --- Hanging it on another --------------------------------------------------------------------------------


@require_http_methods(READ_AND_WRITE)
def hang_on(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let its date follow another milestone's."""
    access = open_campaign(request, slug, May.MOVE)
    found = find_milestone(access, pk)
    milestone, hangs = found.milestone, hanging(found.milestone, access)
    form = HangForm(
        request.POST or None,
        milestone=milestone,
        milestones=visible.milestones(access),
        current=current_target(milestone),
        hook=hangs.hook,
    )
    effect = consequences(milestone, None, access, hangs)
    if form.is_valid():
        change = _hanging(form, milestone, access)
        effect.foreseen = _before(form, change, milestone, access, tells_itself=True)
        if _is_to_be_done(form, effect) and (planned := _try(form, change, milestone)):
            messages.success(request, f"It hangs there now. {replanned(planned)}{also(effect)}")
            return redirect("entry", slug=slug, pk=pk)
    context = {
        "access": access,
        "entry": found,
        "form": form,
        "current": current_target(milestone),
        "effect": effect,
    }
    return render(request, "desk/hang.html", context)


def _hanging(form: HangForm, milestone: Milestone, access: Access) -> Callable[[], PlanOutcome]:
    filled = form.cleaned_data

    def hang_it() -> PlanOutcome:
        return change_milestone(
            lambda: hang(
                milestone=milestone,
                base=filled["base"],
                span=form.span(),
                correction=filled["correction"],
                seen=filled["seen"],
                by=access.member,
                at=access.at,
            ),
            milestone=milestone,
            at=access.at,
        )

    return hang_it


@require_POST
def take_off_it(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Its date stays, and follows nothing any more."""
    access = open_campaign(request, slug, May.MOVE)
    milestone = find_milestone(access, pk).milestone
    take_off(milestone=milestone, by=access.member)
    messages.success(request, "It hangs on nothing any more. Its date stays as it is.")
    return redirect("entry", slug=slug, pk=pk)
