"""What Celery knocks with: the rows say what is due."""

import time

from celery import shared_task
from django.utils import timezone

from apps.legislation import recounting, sync, whats_on
from apps.legislation.models import Bill

LASTS = 120.0
"""Seconds after which a look leaves the rest to the next one: well within the task's time limit."""


@shared_task(ignore_result=True)
def sync_legislation() -> None:
    """Look at the bills whose turn it is, and at Parliament's calendar when it is time."""
    until = time.monotonic() + LASTS
    sync.look(clock=timezone.now, going=lambda: time.monotonic() < until)
    whats_on.look(clock=timezone.now, going=lambda: time.monotonic() < until)


@shared_task(ignore_result=True)
def sync_bill(pk: int) -> None:
    """Look at one bill now, for somebody who waits. Lost, the next look does it."""
    until = time.monotonic() + LASTS
    if bill := Bill.objects.filter(pk=pk).first():
        sync.look_at(bill, clock=timezone.now, going=lambda: time.monotonic() < until)


@shared_task(ignore_result=True)
def recount_deadlines() -> None:
    """Bring deadlines where a bank holiday or a recess that was announced puts them."""
    recounting.catch_up(at=timezone.now())
