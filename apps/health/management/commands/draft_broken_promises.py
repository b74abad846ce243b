"""The look at promises without Celery: for cron, and for a site without a broker."""

import threading
from typing import Any

from django.utils import timezone

from apps.health.promises import draft_broken_promises
from apps.looping import LookingCommand


class Command(LookingCommand):
    help = "Draft a line for every promise whose date has passed unmet; each is drafted once."

    def look(self, stop: threading.Event, **options: Any) -> None:
        count = draft_broken_promises(at=timezone.now())
        self.stdout.write(f"{count} line{'' if count == 1 else 's'} drafted.")
