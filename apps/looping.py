"""Commands that look for something to do: once, for cron, or every so many seconds, without Celery."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections


class LookingCommand(BaseCommand):
    """`look` takes one look; with --loop it is called again and again, whatever became of the last one, until
    the process is told to stop. `ends_gently`: one look alone, too, is told to stop and not broken off."""

    ends_gently = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on looking until told to stop")

    def handle(self, *args: Any, loop: int | None = None, **options: Any) -> None:
        stop = threading.Event()
        if loop or self.ends_gently:
            for name in (signal.SIGTERM, signal.SIGINT):
                # Aside: this thread may stand in the midst of `stop.wait`, with the lock that `set` needs.
                signal.signal(name, lambda *_: threading.Thread(target=stop.set).start())
        if not loop:
            return self.look(stop, **options)
        while True:
            try:
                self.look(stop, **options)
            except Exception:  # whatever it is, the next look may go well
                log = logging.getLogger(type(self).__module__)
                log.exception("This look failed; the next is in %s seconds.", loop)
            close_old_connections()
            if stop.wait(loop):
                return None

    def look(self, stop: threading.Event, **options: Any) -> None:
        """Look once, and end early once `stop` is set. `options` are those of the command."""
        raise NotImplementedError
