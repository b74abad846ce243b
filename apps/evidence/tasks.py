"""What Celery knocks with: no payload, nothing to lose. The rows say what is due."""

import time

from celery import shared_task
from django.utils import timezone

from apps.evidence import guard, telling

LASTS = 120.0
"""Seconds after which a look leaves the rest to the next one: well within the task's time limit."""


@shared_task(ignore_result=True)
def check_quotes() -> None:
    """Check the quotes and live pages whose turn it is."""
    until = time.monotonic() + LASTS
    guard.look(clock=timezone.now, going=lambda: time.monotonic() < until)


@shared_task(ignore_result=True)
def tell_of_ends() -> None:
    """Tell owners and press of embargoes, clearances and consents that end."""
    telling.look(at=timezone.now())
