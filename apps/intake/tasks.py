"""What Celery knocks with: no payload. The rows say what is to be done."""

import time

from celery import shared_task
from django.utils import timezone

from apps.intake.looking import look
from apps.intake.monitoring import looking as monitoring
from apps.intake.sheets.steps import work

MONITORS_LAST = 120.0
"""Seconds after which a look leaves the rest to the next one: well within the task's time limit."""


@shared_task(ignore_result=True)
def look_at_queue() -> None:
    """Beat calls it every quarter of an hour; missed or doubled, nothing goes wrong."""
    look(at=timezone.now())


@shared_task(ignore_result=True, time_limit=3600)
def work_on_imports() -> None:
    """Beat calls it every few seconds: files handed in are checked, written, undone."""
    work(now=timezone.now)


@shared_task(ignore_result=True)
def look_at_monitors() -> None:
    """Beat calls it every minute: feeds whose turn it is are read. What is left when its time is up, the next
    look does."""
    until = time.monotonic() + MONITORS_LAST
    monitoring.look(clock=timezone.now, going=lambda: time.monotonic() < until)
