"""The tick without Celery, and the nightly pass: for cron, and for a site without a broker."""

import threading
from typing import Any

from django.utils import timezone

from apps.looping import LookingCommand
from apps.reminders.nightly import plan_for_a_while
from apps.reminders.sending import look


class Command(LookingCommand):
    help = (
        "Send the reminders that are due, once, or every so many seconds with --loop; and once a day plan all"
        " of them again, some at each look."
    )
    ends_gently = True

    def look(self, stop: threading.Event, **options: Any) -> None:
        tally = look(clock=timezone.now, going=lambda: not stop.is_set())
        self.stdout.write(f"{tally.sent} sent, {tally.skipped} skipped, {tally.failed} not delivered")
        plan_for_a_while(at=timezone.now(), going=lambda: not stop.is_set())
