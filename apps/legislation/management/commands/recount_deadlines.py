"""Deadlines that hang on others, without Celery for cron; and all of them, to set right what was missed."""

import threading
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from apps.legislation import recounting
from apps.looping import LookingCommand


class Command(LookingCommand):
    help = "Count deadlines again where bank holidays or recesses changed, and write down which moved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", action="store_true", help="every deadline that hangs on another")
        super().add_arguments(parser)

    def look(self, stop: threading.Event, *, every: bool = False, **options: Any) -> None:
        at = timezone.now()
        moved = recounting.recount(at=at, every=True) if every else recounting.catch_up(at=at)
        self.stdout.write(f"{len(moved)} moved")
        for one in moved:
            self.stdout.write(f"  {one}")
