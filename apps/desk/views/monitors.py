"""Monitors: the saved searches over feeds, how each goes, and what it found."""

from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.roles import May
from apps.desk import proposed
from apps.intake.models import Hit, Monitor, MonitorFeed
from apps.intake.monitoring import actions
from apps.intake.monitoring.forms import MonitorForm
from apps.intake.monitoring.looking import left_today
from apps.intake.tasks import look_at_monitors

MOST_HITS = 50


def visible_monitors(access: Access) -> QuerySet[Monitor]:
    """Staff see all of them, others those they proposed."""
    rows = Monitor.objects.filter(campaign=access.campaign)
    return rows if access.may(May.EDIT) else rows.filter(added_by=access.user.pk)


def find_monitor(access: Access, pk: int) -> Monitor:
    found = visible_monitors(access).select_related("campaign", "added_by").filter(pk=pk).first()
    if found is None:
        raise Http404("No such monitor, or not one you may see.")
    return found


@dataclass(frozen=True)
class Row:
    """A monitor in the list: how it goes, in words, and whether something of it needs a person."""

    monitor: Monitor
    failing: int
    brought: int


@require_safe
def monitors(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    failing = Count("feeds", filter=~Q(feeds__said=""), distinct=True)
    brought = Count("hits", filter=Q(hits__state=Hit.State.BROUGHT), distinct=True)
    found = visible_monitors(access).annotate(failing=failing, brought=brought).prefetch_related("feeds")
    rows = [Row(row, row.failing, row.brought) for row in found[: actions.MOST_MONITORS]]
    return render(request, "desk/monitors.html", {"access": access, "rows": rows})


@require_http_methods(READ_AND_WRITE)
def add_monitor(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    form = MonitorForm(request.POST or None)
    if form.is_valid():
        if Monitor.objects.filter(campaign=access.campaign).count() >= actions.MOST_MONITORS:
            form.add_error(
                None, f"A campaign has at most {actions.MOST_MONITORS} monitors. Remove one first."
            )
        else:
            return _add(request, form, access)
    return render(request, "desk/edit_monitor.html", {"access": access, "form": form, "monitor": None})


def _add(request: HttpRequest, form: MonitorForm, access: Access) -> HttpResponse:
    added = actions.add_monitor(
        campaign=access.campaign,
        wanted=form.wanted(),
        by=access.member,
        at=access.at,
        approved=access.may(May.EDIT),
    )
    if added.state == Monitor.State.WAITING:
        messages.success(request, "It waits for approval. Once staff approve it, it looks.")
    else:
        messages.success(request, "Added. Its feeds are read within a minute or so.")
        _knock()
    return redirect("monitor", slug=access.campaign.slug, pk=added.pk)


@require_safe
def monitor(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Its feeds, with what went wrong at each, and what it found."""
    access = proposed.open_to_senders(request, slug)
    found = find_monitor(access, pk)
    hits = found.hits.select_related("article", "proposal", "feed")
    page = list(hits.order_by("-pk")[: MOST_HITS + 1])
    context = {
        "access": access,
        "monitor": found,
        "feeds": list(found.feeds.all()),
        "hits": page[:MOST_HITS],
        "more": len(page) > MOST_HITS,
        "most": MOST_HITS,
        "waiting": found.hits.filter(state=Hit.State.WAITING).count(),
        "left": max(0, left_today(found, access.at)),
        "is_asked": _is_asked(found, access),
    }
    return render(request, "desk/monitor.html", context)


def _is_asked(found: Monitor, access: Access) -> bool:
    """Whether a look that is due has not been taken yet."""
    waiting = MonitorFeed.objects.filter(monitor=found, try_at__lte=access.at)
    return found.state == Monitor.State.ON and waiting.exists()


@require_http_methods(READ_AND_WRITE)
def edit_monitor(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.EDIT)
    found = find_monitor(access, pk)
    form = MonitorForm(request.POST or None, monitor=found)
    if form.is_valid():
        actions.change_monitor(monitor=found, wanted=form.wanted(), at=access.at)
        messages.success(request, "Saved. What it found so far stays.")
        return redirect("monitor", slug=slug, pk=pk)
    return render(request, "desk/edit_monitor.html", {"access": access, "form": form, "monitor": found})


@require_POST
def look_now(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.EDIT)
    found = find_monitor(access, pk)
    if found.state != Monitor.State.ON:
        messages.error(request, "It is not looking. Approve it or go on with it first.")
        return redirect("monitor", slug=slug, pk=pk)
    actions.ask_for_a_look(monitor=found, at=access.at)
    _knock()
    messages.success(request, "Its feeds are read within a minute or so.")
    return redirect("monitor", slug=slug, pk=pk)


STATES = {
    "approve": (May.APPROVE, Monitor.State.ON, "Approved. Its feeds are read within a minute or so."),
    "pause": (May.EDIT, Monitor.State.PAUSED, "Paused. What it found so far stays."),
    "resume": (May.EDIT, Monitor.State.ON, "It looks again, from now on."),
}


@require_POST
def set_state(request: HttpRequest, slug: str, pk: int, to: str) -> HttpResponse:
    need, state, told = STATES[to]
    access = open_campaign(request, slug, need)
    found = find_monitor(access, pk)
    actions.set_state(monitor=found, state=state, at=access.at)
    if state == Monitor.State.ON:
        _knock()
    messages.success(request, told)
    return redirect("monitor", slug=slug, pk=pk)


@require_POST
def remove_monitor(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.EDIT)
    found = find_monitor(access, pk)
    actions.remove_monitor(monitor=found)
    messages.success(request, f"{found.name} is removed. What it brought into the queue stays there.")
    return redirect("monitors", slug=slug)


def _knock() -> None:
    """Have it looked at now; should the knock be lost, the next look does it within a minute."""
    if settings.REDIS_URL:
        with suppress(OperationalError):
            look_at_monitors.apply_async(retry=False, expires=60)
