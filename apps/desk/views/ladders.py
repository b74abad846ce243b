"""A milestone's own ladder, and what one person wants otherwise than the campaign's has it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.ladders import rule_named, rungs_of, typed_of_milestone, wishes_of
from apps.desk.views.milestones import find_milestone
from apps.reminders.actions import drop_ladder, set_ladder, set_own_rungs, set_wish
from apps.reminders.forms import LadderForm, WishForm
from apps.reminders.models import Ladder, Rule, Wish


@require_http_methods(READ_AND_WRITE)
def milestone_ladder(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a milestone a ladder of its own, or take it away again."""
    access = open_campaign(request, slug, May.PLAN)
    found = find_milestone(access, pk)
    milestone = found.milestone
    if "drop" in request.POST:
        drop_ladder(milestone=milestone, by=access.member, at=access.at)
        messages.success(request, "It goes by the campaign’s ladder again.")
        return redirect("entry", slug=slug, pk=pk)
    form = LadderForm(request.POST or None, initial=typed_of_milestone(milestone, access.campaign))
    if form.is_valid():
        set_ladder(
            campaign=access.campaign, milestone=milestone, by=access.member, at=access.at, **form.ladder()
        )
        messages.success(request, "It has a ladder of its own, and reminders are planned by it.")
        return redirect("entry", slug=slug, pk=pk)
    own = Ladder.objects.filter(milestone=milestone).exists()
    context = {"access": access, "entry": found, "form": form, "own": own}
    return render(request, "desk/milestone_ladder.html", context)


def open_as_member(request: HttpRequest, slug: str) -> Access:
    """The campaign, for whoever is on its team, in whatever role."""
    access = open_campaign(request, slug)
    access.member  # noqa: B018  # a visitor is asked to sign in
    if access.role is None:
        access.require(May.ADD)
    return access


@require_http_methods(READ_AND_WRITE)
def my_ladder(request: HttpRequest, slug: str) -> HttpResponse:
    """What the reader wants otherwise in this campaign."""
    access = open_as_member(request, slug)
    own = Rule.objects.filter(
        campaign=access.campaign, person=access.member, kind=Rule.Kind.RUNG, active=True
    )
    form = WishForm(
        request.POST or None,
        rungs=rungs_of(access.campaign),
        stands=wishes_of(access),
        own=list(own),
    )
    if form.is_valid():
        _wish(form, access)
        messages.success(request, "Saved. Your reminders are planned by it.")
        return redirect("my_ladder", slug=slug)
    muted = Wish.objects.filter(person=access.member, campaign=access.campaign, muted=True)
    entries = visible.entries(access).filter(pk__in=muted.filter(milestone__isnull=False).values("milestone"))
    context = {"access": access, "form": form, "muted": list(entries.order_by("headline", "pk")[:200])}
    return render(request, "desk/my_ladder.html", context)


@transaction.atomic
def _wish(form: WishForm, access: Access) -> None:
    """Write down what changes, and nothing else: each of it plans the campaign again."""
    person, campaign, at = access.member, access.campaign, access.at
    for name, (muted, earlier) in form.wanted().items():
        rule = rule_named(name, access)
        set_wish(person=person, campaign=campaign, rule=rule, muted=muted, earlier_days=earlier, at=at)
    if form.own_changed():
        filled = form.cleaned_data
        days, clock = filled["own_days"], filled["own_time"] or form.initial["own_time"]
        set_own_rungs(campaign=campaign, person=person, days=days, clock=clock, at=at)


@require_POST
def mute(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """No reminders of one milestone for the reader, or again some."""
    access = open_as_member(request, slug)
    milestone = find_milestone(access, pk).milestone
    muted = "unmute" not in request.POST
    set_wish(person=access.member, campaign=access.campaign, milestone=milestone, muted=muted, at=access.at)
    messages.success(
        request, "Muted: you get no reminders of it." if muted else "Unmuted: you get its reminders again."
    )
    if request.POST.get("back") == "mine":
        return redirect("my_ladder", slug=slug)
    return redirect("entry", slug=slug, pk=pk)
