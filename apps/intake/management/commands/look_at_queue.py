"""The look at the review queue without Celery: for cron, and for a site without a broker."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from apps.intake.looking import look

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Put drafted lines into the review queue, and tell senders what was used; each once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on looking until told to stop")

    def handle(self, *args: Any, loop: int | None = None, **options: Any) -> None:
        if not loop:
            return self.look()
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while True:
            try:
                self.look()
            except Exception:  # whatever it is, the next look may go well
                log.exception("This look failed; the next is in %s seconds.", loop)
            close_old_connections()
            if stop.wait(loop):
                return None

    def look(self) -> None:
        count = look(at=timezone.now())
        self.stdout.write(f"{count} line{'' if count == 1 else 's'} new in the queue.")
