"""The work on files handed in, without Celery: for cron, and for a site without a broker."""

import threading
from typing import Any

from django.utils import timezone

from apps.intake.sheets.steps import work
from apps.looping import LookingCommand


class Command(LookingCommand):
    help = "Check, write and undo the files that people handed in."

    def look(self, stop: threading.Event, **options: Any) -> None:
        if count := work(now=timezone.now):
            self.stdout.write(f"{count} step{'' if count == 1 else 's'} taken.")
