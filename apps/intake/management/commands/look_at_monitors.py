"""The look at monitors' feeds without Celery: for cron, and for a site without a broker."""

import threading
from typing import Any

from django.utils import timezone

from apps.intake.monitoring.looking import look
from apps.looping import LookingCommand


class Command(LookingCommand):
    help = "Look at the feeds of monitors whose turn it is, and bring what fits into the review queue."

    def look(self, stop: threading.Event, **options: Any) -> None:
        tally = look(clock=timezone.now, going=lambda: not stop.is_set())
        feeds = "1 feed" if tally.feeds == 1 else f"{tally.feeds} feeds"
        self.stdout.write(f"{feeds} looked at, {tally.found} found, {tally.brought} brought into the queue")
        for trouble in tally.troubles:
            self.stdout.write(f"  {trouble}")
