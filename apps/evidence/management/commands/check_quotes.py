"""The verbatim guard without Celery: for cron, for a site without a broker, and for a look right now."""

import threading
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from apps.evidence import guard, telling
from apps.looping import LookingCommand


class Command(LookingCommand):
    help = "Check the quotes whose week is over, and tell of embargoes, clearances and consents that end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--offline", action="store_true", help="leave the live pages alone")
        super().add_arguments(parser)

    def look(self, stop: threading.Event, *, offline: bool = False, **options: Any) -> None:
        telling.look(at=timezone.now())
        tally = guard.look(clock=timezone.now, going=lambda: not stop.is_set(), online=not offline)
        self.stdout.write(f"{tally.checked} quotes and {tally.pages} live pages checked")
