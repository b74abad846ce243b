"""What Celery knocks with: no payload, nothing to lose. The rows say what is due."""

from celery import shared_task
from django.utils import timezone

from apps.reminders.actions import look
from apps.reminders.planning import plan_everything


@shared_task(ignore_result=True)
def look_now() -> None:
    """Send what is due. Beat calls it every TICK_SECONDS; missed or doubled, nothing goes wrong."""
    look(at=timezone.now())


@shared_task(ignore_result=True)
def plan_again() -> None:
    """Plan every milestone once more, for whatever a crash left unplanned."""
    plan_everything(at=timezone.now())
