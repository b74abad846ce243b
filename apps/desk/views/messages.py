"""Messages as they were sent: mine, and as an owner those of my campaigns; and the reminder ladder."""

from django.contrib import messages as flash
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.models import User
from apps.campaigns.access import open_campaign, signed_in
from apps.campaigns.forms import ProfileForm
from apps.campaigns.models import Membership
from apps.campaigns.roles import May, Role
from apps.desk import visible
from apps.notices.models import Delivery
from apps.reminders.actions import set_ladder
from apps.reminders.forms import LadderForm
from apps.reminders.models import Reminder, Rule, Tick

PAGE = 50


def readable_by(user: User) -> QuerySet[Delivery]:
    owned = Membership.objects.filter(user=user, role=Role.OWNER).values_list("campaign_id", flat=True)
    return Delivery.objects.readable_by(user, owned_campaign_ids=list(owned))


@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rows = readable_by(user).select_related("recipient", "campaign").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: PAGE + 1])
    context = {"deliveries": page[:PAGE], "more": page[PAGE - 1].pk if len(page) > PAGE else None}
    return render(request, "desk/messages.html", context)


@require_GET
def message(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    delivery = readable_by(user).select_related("recipient", "campaign").filter(pk=pk).first()
    if delivery is None:
        raise Http404("No such message.")
    return render(request, "desk/message.html", {"delivery": delivery})


@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """The ladder, what is planned next, and what was sent last."""
    access = open_campaign(request, slug, May.ADD if request.method == "GET" else May.PLAN)
    form = LadderForm(request.POST or None, initial=_ladder(access.campaign.pk))
    if form.is_valid():
        set_ladder(
            campaign=access.campaign,
            rungs=form.rungs(),
            clock=form.cleaned_data["time"],
            by=access.member,
            at=access.at,
        )
        flash.success(request, "The ladder is changed, and reminders are planned by it from now on.")
        return redirect("reminders", slug=slug)
    here = Reminder.objects.filter(milestone__entry__campaign=access.campaign).select_related(
        "milestone__entry", "recipient", "rule", "delivery"
    )
    if not access.may(May.SEE_HIDDEN):
        here = here.filter(recipient=access.user.pk, milestone__in=visible.entries(access).values("pk"))
    planned = Q(state__in=[Reminder.State.PLANNED, Reminder.State.CLAIMED, Reminder.State.SENDING])
    context = {
        "access": access,
        "form": form,
        "planned": here.filter(planned).order_by("due_at", "pk")[:PAGE],
        "past": here.exclude(planned).order_by("-changed_at", "-pk")[:PAGE],
        "tick": Tick.objects.first(),
    }
    return render(request, "desk/reminders.html", context)


def _ladder(campaign_id: int) -> dict[str, object]:
    rules = list(Rule.objects.filter(campaign=campaign_id, milestone=None, active=True))
    every = [rule.repeat_days for rule in rules if rule.repeat_days]
    return {
        "days": ", ".join(str(rule.days_before) for rule in rules if not rule.repeat_days),
        "overdue_every": every[0] if every else None,
        "time": rules[0].time if rules else "09:00",
    }


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and time zone of whoever is signed in."""
    user = signed_in(request)
    form = ProfileForm(request.POST or None, instance=user)
    if form.is_valid():
        form.save()
        flash.success(request, "Saved.")
        return redirect("profile")
    return render(request, "desk/profile.html", {"form": form})
