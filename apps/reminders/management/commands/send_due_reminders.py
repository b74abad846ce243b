"""The tick without Celery: for cron, and for a site without a broker."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from apps.reminders.sending import look

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the reminders that are due, once, or every so many seconds with --loop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on looking until told to stop")

    def handle(self, *args: Any, loop: int | None = None, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        if not loop:
            return self.tick(stop)
        while True:
            try:
                self.tick(stop)
            except Exception:  # whatever it is, the next look may go well
                log.exception("This look failed; the next is in %s seconds.", loop)
            close_old_connections()
            if stop.wait(loop):
                return None

    def tick(self, stop: threading.Event) -> None:
        tally = look(clock=timezone.now, going=lambda: not stop.is_set())
        self.stdout.write(f"{tally.sent} sent, {tally.skipped} skipped, {tally.failed} not delivered")
