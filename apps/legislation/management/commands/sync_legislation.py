"""Followed bills without Celery: for cron, for a site without a broker, and for a look right now."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from apps.legislation import sync
from apps.legislation.models import Bill

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Look at the bills whose turn it is, or at one of them now, and write down what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bill", type=int, metavar="NUMBER", help="read this one in full, now")
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on looking until told to stop")

    def handle(self, *args: Any, bill: int | None = None, loop: int | None = None, **options: Any) -> None:
        stop = threading.Event()
        if bill is not None:
            return self._one(bill)
        if not loop:
            return self._look(stop)
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while True:
            try:
                self._look(stop)
            except Exception:  # whatever it is, the next look may go well
                log.exception("This look failed; the next is in %s seconds.", loop)
            close_old_connections()
            if stop.wait(loop):
                return None

    def _one(self, number: int) -> None:
        bill = Bill.objects.filter(pk=number).first()
        if bill is None:
            raise CommandError(f"No bill has the number {number}: it is the one in the address of its page.")
        self._say(sync.look_at(bill, clock=timezone.now))

    def _look(self, stop: threading.Event) -> None:
        self._say(sync.look(clock=timezone.now, going=lambda: not stop.is_set()))

    def _say(self, tally: sync.Tally) -> None:
        bills = "1 bill" if tally.bills == 1 else f"{tally.bills} bills"
        self.stdout.write(f"{bills} looked at, {tally.changed} changed, {tally.requests} requests")
        for trouble in tally.troubles:
            self.stdout.write(f"  {trouble}")
