"""The reminder ladder of a campaign, what is planned by it, and what was sent."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import READ_AND_WRITE, open_campaign
from apps.campaigns.roles import May
from apps.desk import visible
from apps.reminders.actions import set_ladder
from apps.reminders.forms import LadderForm
from apps.reminders.models import Reminder, Rule, Tick

SHOWN = 50


@require_http_methods(READ_AND_WRITE)
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """The ladder, what is planned next, and what was sent last."""
    access = open_campaign(request, slug, May.PLAN if request.method == "POST" else May.ADD)
    form = LadderForm(request.POST or None, initial=_ladder(access.campaign.pk))
    if form.is_valid():
        set_ladder(
            campaign=access.campaign,
            rungs=form.rungs(),
            clock=form.cleaned_data["time"],
            by=access.member,
            at=access.at,
        )
        messages.success(request, "The ladder is changed, and reminders are planned by it from now on.")
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
        "planned": here.filter(planned).order_by("due_at", "pk")[:SHOWN],
        "past": here.exclude(planned).order_by("-changed_at", "-pk")[:SHOWN],
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
