"""Whether the site is well: for a monitor, and in words for whoever runs it."""

import time
from dataclasses import dataclass
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.contrib import messages
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import READ_AND_WRITE, signed_in
from apps.reminders.actions import release_restored
from apps.reminders.models import Reminder
from apps.reminders.watch import COUNTED, RESTORED, Health, health

BROKER_SECONDS = 1
MONITOR_SECONDS = 0.3
"""Who asks /healthz waits two seconds for all of it."""
KEPT_SECONDS = 10
FAILURES = 10


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the site answers, its database does, and its reminders go out: 200, or 503 and why not."""
    at = timezone.now()
    try:
        state = health(at=at)
    except Error:
        problems = ["The database does not answer."]
        return JsonResponse({"ok": False, "database": False, "problems": problems}, status=503)
    said = _said(state, at) | _said_of(broker_lately())
    return JsonResponse(said, status=200 if state.well else 503)


def _said(state: Health, at: datetime) -> dict[str, object]:
    since = round((at - state.looked_at).total_seconds()) if state.looked_at else None
    return {
        "ok": state.well,
        "database": True,
        "scheduler_looked_at": state.looked_at,
        "seconds_since_look": since,
        "oldest_overdue": state.oldest_overdue,
        "held": state.held,
        "failed": state.failed,
        "problems": state.problems,
    }


def _said_of(knocks: "Broker") -> dict[str, object]:
    """Told, and no reason for 503: reminders go without either, and silence shows in the looks."""
    if not knocks.used:
        return {"broker": "not used", "worker": "not used"}
    return {
        "broker": "answers" if knocks.reached else "does not answer",
        "worker": "answers" if knocks.workers else "does not answer",
    }


@never_cache
@require_http_methods(READ_AND_WRITE)
def site_health(request: HttpRequest) -> HttpResponse:
    """The same in words, with the broker and its workers, and what is held for a person."""
    if not signed_in(request).is_staff:
        raise Http404("No such page.")
    at = timezone.now()
    if request.method == "POST":
        count = release_restored(send=request.POST.get("do") == "send", at=at)
        messages.success(request, f"{count} held reminder{'' if count == 1 else 's'} released.")
        return redirect("health")
    failed = Reminder.objects.filter(state=Reminder.State.FAILED).order_by("-try_at", "-id")
    restored = Reminder.objects.filter(state=Reminder.State.HELD, because=RESTORED)
    context = {
        "health": health(at=at),
        "broker": broker(),
        "restored": restored.order_by()[:COUNTED].count(),
        "failures": failed.select_related("channel").defer("said")[:FAILURES],
        "counted": COUNTED,
    }
    return render(request, "desk/health.html", context)


@dataclass(frozen=True)
class Broker:
    """What knocks: `used` at all, `reached`, and how many workers answered."""

    used: bool
    reached: bool = False
    workers: int = 0


def broker(*, seconds: float = BROKER_SECONDS, enough: int | None = None) -> Broker:
    """Ask the broker and its workers; what does not answer in time is not there. It waits no longer for
    workers than until there are `enough`."""
    if not settings.REDIS_URL:
        return Broker(used=False)
    quick = {"socket_connect_timeout": seconds, "socket_timeout": 2 * seconds}
    try:
        with current_app.connection_for_read(transport_options=quick) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)  # no waiting
            asked = current_app.control.inspect(timeout=seconds, connection=connection, limit=enough)
            answers = asked.ping()
    except Exception:  # a transport's own, of whatever sort: nobody answers, which is what is asked
        return Broker(used=True)
    return Broker(used=True, reached=True, workers=len(answers or {}))


_kept: list[tuple[float, Broker]] = []


def broker_lately() -> Broker:
    """The same for a monitor, in a moment; asked once in KEPT_SECONDS, however often the monitor asks."""
    now = time.monotonic()
    if not _kept or now - _kept[0][0] > KEPT_SECONDS:
        _kept[:] = [(now, broker(seconds=MONITOR_SECONDS, enough=1))]
    return _kept[0][1]
