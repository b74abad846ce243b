"""The look at the review queue without Celery: for cron, and for a site without a broker."""

import threading
from typing import Any

from django.utils import timezone

from apps.intake.looking import look
from apps.looping import LookingCommand


class Command(LookingCommand):
    help = "Put drafted lines into the review queue, and tell senders what was used; each once."

    def look(self, stop: threading.Event, **options: Any) -> None:
        count = look(at=timezone.now())
        self.stdout.write(f"{count} line{'' if count == 1 else 's'} new in the queue.")
