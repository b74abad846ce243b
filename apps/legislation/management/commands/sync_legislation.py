"""Followed bills without Celery: for cron, for a site without a broker, and for a look right now."""

import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from apps.legislation import recounting, sync, whats_on
from apps.legislation.models import Bill
from apps.looping import LookingCommand


class Command(LookingCommand):
    help = "Look at the bills whose turn it is and at Parliament's calendar, or at one bill now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bill", type=int, metavar="NUMBER", help="read this one in full, now")
        super().add_arguments(parser)

    def handle(self, *args: Any, bill: int | None = None, **options: Any) -> None:
        if bill is not None:
            return self._one(bill)
        return super().handle(*args, **options)

    def _one(self, number: int) -> None:
        bill = Bill.objects.filter(pk=number).first()
        if bill is None:
            raise CommandError(f"No bill has the number {number}: it is the one in the address of its page.")
        self._say(sync.look_at(bill, clock=timezone.now))

    def look(self, stop: threading.Event, **options: Any) -> None:
        def going() -> bool:
            return not stop.is_set()

        self._say(sync.look(clock=timezone.now, going=going) + whats_on.look(clock=timezone.now, going=going))
        for moved in recounting.catch_up(at=timezone.now()):
            self.stdout.write(f"  {moved}")

    def _say(self, tally: sync.Tally) -> None:
        bills = "1 bill" if tally.bills == 1 else f"{tally.bills} bills"
        self.stdout.write(f"{bills} looked at, {tally.changed} changed, {tally.requests} requests")
        for trouble in tally.troubles:
            self.stdout.write(f"  {trouble}")
