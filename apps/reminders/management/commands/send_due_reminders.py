"""The tick without Celery: for cron, and for a site without a broker."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from apps.reminders.actions import look


class Command(BaseCommand):
    help = "Send the reminders that are due, once, or every so many seconds with --loop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on looking until told to stop")

    def handle(self, *args: Any, loop: int | None = None, **options: Any) -> None:
        self.tick()
        if not loop:
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.wait(loop):
            close_old_connections()
            self.tick()

    def tick(self) -> None:
        tally = look(at=timezone.now())
        self.stdout.write(f"{tally.sent} sent, {tally.skipped} skipped, {tally.failed} not delivered")
