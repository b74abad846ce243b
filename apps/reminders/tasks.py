"""What Celery knocks with: no payload, nothing to lose. The rows say what is due."""

import mmap
import time
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.utils import timezone

from apps.reminders.nightly import plan_through
from apps.reminders.sending import look

TICK_LASTS = 60.0
"""Seconds after which a tick leaves the rest to the next one: well within the task's time limit."""
_stopping = mmap.mmap(-1, 1)
"""Set in the worker's main process, seen in those it forked: finish this message, give back the rest. Shared
memory without a lock, for who is killed while holding one would stop all the others."""


@worker_shutting_down.connect
def _stop(**kwargs: Any) -> None:
    _stopping[0] = True


@shared_task(ignore_result=True)
def look_now() -> None:
    """Send what is due. Beat calls it every TICK_SECONDS; missed or doubled, nothing goes wrong."""
    until = time.monotonic() + TICK_LASTS
    look(clock=timezone.now, going=lambda: not _stopping[0] and time.monotonic() < until)


@shared_task(ignore_result=True, time_limit=6 * 3600)  # a large site's milestones take their time
def plan_again() -> None:
    """Plan every milestone once more, for whatever a crash left unplanned."""
    plan_through(at=timezone.now())
