"""What Celery knocks with: no payload. The rows say which promises are broken."""

from celery import shared_task
from django.utils import timezone

from apps.health.promises import draft_broken_promises


@shared_task(ignore_result=True)
def look_at_promises() -> None:
    """Beat calls it every hour; missed or doubled, nothing goes wrong."""
    draft_broken_promises(at=timezone.now())
