"""The verbatim guard without Celery: for cron, for a site without a broker, and for a look right now."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from apps.evidence import guard, telling

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Check the quotes whose week is over, and tell of embargoes, clearances and consents that end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--offline", action="store_true", help="leave the live pages alone")
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on looking until told to stop")

    def handle(self, *args: Any, offline: bool = False, loop: int | None = None, **options: Any) -> None:
        if not loop:
            return self.look(threading.Event(), online=not offline)
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while True:
            try:
                self.look(stop, online=not offline)
            except Exception:  # whatever it is, the next look may go well
                log.exception("This look failed; the next is in %s seconds.", loop)
            close_old_connections()
            if stop.wait(loop):
                return None

    def look(self, stop: threading.Event, *, online: bool) -> None:
        telling.look(at=timezone.now())
        tally = guard.look(clock=timezone.now, going=lambda: not stop.is_set(), online=online)
        self.stdout.write(f"{tally.checked} quotes and {tally.pages} live pages checked")
