"""What Celery knocks with: no payload. The rows say which lines wait, and what was used."""

from celery import shared_task
from django.utils import timezone

from apps.intake.looking import look


@shared_task(ignore_result=True)
def look_at_queue() -> None:
    """Beat calls it every quarter of an hour; missed or doubled, nothing goes wrong."""
    look(at=timezone.now())
