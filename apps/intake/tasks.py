"""What Celery knocks with: no payload. The rows say what is to be done."""

from celery import shared_task
from django.utils import timezone

from apps.intake.looking import look
from apps.intake.sheets.steps import work


@shared_task(ignore_result=True)
def look_at_queue() -> None:
    """Beat calls it every quarter of an hour; missed or doubled, nothing goes wrong."""
    look(at=timezone.now())


@shared_task(ignore_result=True, time_limit=3600)
def work_on_imports() -> None:
    """Beat calls it every few seconds: files handed in are checked, written, undone."""
    work(now=timezone.now)
