"""Bills that a campaign follows: finding one, its page, looking now, settling what is disagreed on."""

from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.roles import May
from apps.dates import in_words, long_day
from apps.desk import following, slips, visible
from apps.desk.actions import change_milestone
from apps.desk.trends import trend_of
from apps.desk.views.milestones import also, ask_first, effect_of
from apps.legislation import bills as acting
from apps.legislation.falling import falls_with_sessions, may_have_fallen
from apps.legislation.forms import BillForm, FindBillForm, FollowForm, choice_of
from apps.legislation.models import Bill, DateConflict, Following, StepState
from apps.legislation.providers import PROVIDERS
from apps.legislation.providers.records import Found
from apps.legislation.tasks import sync_bill
from apps.sources.models import Source

MOST = 200


def find_bill(access: Access, pk: int) -> Bill:
    found = following.bills(access).filter(pk=pk).first()
    if found is None:
        raise Http404("No such bill, or none of which you may see a milestone.")
    return found


@require_safe
def bills(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    found = following.bills(access).order_by("title", "pk")[: MOST + 1]
    rows = following.rows_of(found[:MOST], access)
    context = {"access": access, "rows": rows, "more": len(found) > MOST, "most": MOST}
    return render(request, "desk/bills.html", context)


# --- Finding and following one ----------------------------------------------------------------------------


@require_http_methods(READ_AND_WRITE)
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Look for a bill by its title or address, then follow one of those found."""
    access = open_campaign(request, slug, May.ADD)
    entries = visible.entries(access)
    search = FindBillForm(request.GET if "q" in request.GET else None)
    form = FollowForm(request.POST or None, access=access, entries=entries)
    if form.is_valid() and (added := _follow(form, access)):
        messages.success(request, _told(added))
        return redirect("bill", slug=slug, pk=added.pk)
    asked = request.method == "GET" and search.is_valid()
    found = acting.find_bills(search.cleaned_data["q"], clock=timezone.now) if asked else None
    context = {
        "access": access,
        "search": search,
        "form": form,
        "found": found,
        "choices": _choices(found, form),
        "providers": [(each.title, each.off()) for each in PROVIDERS.values()],
    }
    return render(request, "desk/follow_bill.html", context)


def _choices(found: Found | None, form: FollowForm) -> list[tuple[str, object]]:
    """The bills to choose from, each with what the form takes for it; after a mistake the one chosen."""
    if found:
        return [(choice_of(each), each) for each in found.bills]
    chosen = str(form["bill"].value() or "") if form.is_bound else ""
    return [(chosen, None)] if chosen else []


def _follow(form: FollowForm, access: Access) -> Bill | None:
    filled = form.cleaned_data
    provider, external_id, title = filled["bill"]
    try:
        with transaction.atomic():
            known = Bill.objects.filter(
                campaign=access.campaign, provider=provider, external_id=external_id
            ).exists()
            added = acting.follow_bill(
                campaign=access.campaign,
                provider=provider,
                external_id=external_id,
                title=title,
                visibility=filled["visibility"],
                by=access.member,
                at=access.at,
                approved=access.may(May.EDIT),
            )
            if filled["promise"] and (not known or access.may(May.EDIT)):
                acting.change_bill(
                    bill=added,
                    promise=filled["promise"],
                    visibility=filled["visibility"],
                    by=access.member,
                    at=access.at,
                )
            acting.ask_for_a_look(bill=added, at=access.at)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    _knock(added)
    return added


def _told(bill: Bill) -> str:
    if bill.following == Following.WAITING:
        return "It waits for approval. Once staff approve it, its stages come in."
    return "Followed. Its stages come in within a minute or so."


def _knock(bill: Bill) -> None:
    """Have it looked at now; should the knock be lost, the next look does it within a minute."""
    if settings.REDIS_URL and bill.is_followed():
        with suppress(OperationalError):
            sync_bill.apply_async((bill.pk,), retry=False, expires=600)


# --- Its page ---------------------------------------------------------------------------------------------


@require_safe
def bill(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug)
    found = find_bill(access, pk)
    progress = following.progress_of(found)
    if request.htmx and progress is None:  # type: ignore[attr-defined]  # set by django-htmx
        return HttpResponse(headers={"HX-Refresh": "true"})  # it is done: show all that is new
    steps = list(following.steps(access, found)[: following.MOST_STEPS])
    sees_all = access.may(May.SEE_HIDDEN)
    flagged = may_have_fallen([found], at=access.at).get(found.pk) if access.role else None
    context = {
        "access": access,
        "bill": found,
        "provider": PROVIDERS[found.provider].title if found.provider in PROVIDERS else found.provider,
        "noun": PROVIDERS[found.provider].noun if found.provider in PROVIDERS else "bill",
        "sentence": following.sentence_of(found, steps, access),
        "promised": following.promised(found, access),
        "lines": following.lines_of(steps),
        "trend": trend_of(slips.of_bill(slips.milestones(access), found), access, of="bill", pk=pk),
        "flagged": flagged,
        "may_fall": falls_with_sessions(found) and not flagged,
        "ends": list(found.session_ends.select_related("decided_by")) if access.role else [],
        "conflicts": list(following.conflicts(access, found)) if access.role else [],
        "sponsors": following.sponsors(access, found),
        "bodies": following.bodies(access, found),
        "source": _source(found, access),
        "progress": progress,
        "trouble": following.trouble_of(found) if access.role else "",
        "sees_all": sees_all,
    }
    return render(request, "desk/bill.html", context)


def _source(found: Bill, access: Access) -> Source | None:
    return visible.sources(access).filter(pk=found.source_id).first() if found.source_id else None


@require_http_methods(READ_AND_WRITE)
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what was promised of it, and who sees its milestones."""
    access = open_campaign(request, slug, May.EDIT)
    found = find_bill(access, pk)
    form = BillForm(request.POST or None, access=access, entries=visible.entries(access), bill=found)
    if form.is_valid():
        try:
            _change(found, form, access)
        except ValidationError as error:
            form.add_error("promise", error)
        else:
            messages.success(request, "Saved.")
            return redirect("bill", slug=slug, pk=pk)
    return render(request, "desk/change_bill.html", {"access": access, "bill": found, "form": form})


def _change(found: Bill, form: BillForm, access: Access) -> None:
    filled = form.cleaned_data

    def save() -> None:
        acting.change_bill(
            bill=found,
            promise=filled["promise"],
            visibility=filled["visibility"],
            by=access.member,
            at=access.at,
        )

    if filled["promise"]:
        change_milestone(save, milestone=filled["promise"], at=access.at)
    else:
        save()


@require_POST
def look_now(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    found = find_bill(access, pk)
    if not found.is_followed():
        messages.error(request, "It is not followed, so it is not looked at.")
        return redirect("bill", slug=slug, pk=pk)
    acting.ask_for_a_look(bill=found, at=access.at)
    _knock(found)
    return redirect("bill", slug=slug, pk=pk)


FOLLOWINGS = {
    "approve": (May.APPROVE, Following.FOLLOWED, "Approved. Its stages come in within a minute or so."),
    "stop": (May.EDIT, Following.STOPPED, "No longer followed. All that came of it stays."),
    "again": (May.EDIT, Following.FOLLOWED, "Followed again. What changed meanwhile comes in."),
}


@require_POST
def set_following(request: HttpRequest, slug: str, pk: int, to: str) -> HttpResponse:
    need, state, told = FOLLOWINGS[to]
    access = open_campaign(request, slug, need)
    found = find_bill(access, pk)
    acting.set_following(bill=found, following=state, by=access.member, at=access.at)
    messages.success(request, told)
    return redirect("bill", slug=slug, pk=pk)


# --- What is disagreed on ---------------------------------------------------------------------------------


@require_POST
def settle(request: HttpRequest, slug: str, pk: int, conflict: int) -> HttpResponse:
    """Take the provider's date, or keep ours."""
    access = open_campaign(request, slug, May.MOVE)
    found = find_bill(access, pk)
    row = DateConflict.objects.filter(pk=conflict, step__in=following.steps(access, found)).first()
    if row is None:
        raise Http404("Nothing is disagreed on under this number.")
    theirs = request.POST.get("take") == "theirs"
    if not theirs and request.POST.get("take") != "ours":
        messages.error(request, "Nothing was settled: choose one of the two.")
        return redirect("bill", slug=slug, pk=pk)
    back = reverse("bill", kwargs={"slug": slug, "pk": pk})
    milestone, effect = row.step.milestone, None
    button = "Mark it dropped" if row.state == StepState.CANCELLED else f"Take {long_day(row.theirs)}"
    try:
        if theirs and milestone:
            effect = effect_of(lambda: _settle(row, theirs, access), milestone, access)
            if asks := ask_first(request, access, milestone, effect, button=button, back=back):
                return asks
        _settle(row, theirs, access)
    except acting.SettledAlready:
        messages.error(request, "That was settled already. Nothing was changed.")
    else:
        messages.success(request, f"{_settled(row, theirs)}{also(effect) if effect else ''}")
    return redirect(back)


def _settle(row: DateConflict, theirs: bool, access: Access) -> None:
    def decide() -> None:
        acting.settle_conflict(conflict=row, theirs=theirs, by=access.member, at=access.at)

    if row.step.milestone:
        change_milestone(decide, milestone=row.step.milestone, at=access.at)
    else:
        decide()


def _settled(row: DateConflict, theirs: bool) -> str:
    if not theirs:
        ours = row.step.milestone.entry.date if row.step.milestone else row.ours
        return f"{in_words(ours)} is kept, until something new is said of it."
    if row.state == StepState.CANCELLED:
        return "It is marked as dropped."
    return f"{long_day(row.theirs)} is taken. The record says so."
