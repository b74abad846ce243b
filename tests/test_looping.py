"""Commands that look again and again, and are told to stop."""

import subprocess
import sys

from script.broker import ROOT

STOPPED_WITHIN_ITS_WAIT = """
import os, signal
from apps.looping import LookingCommand

class Command(LookingCommand):
    def look(self, stop, **options):
        with stop._cond:  # as in the midst of `stop.wait`
            os.kill(os.getpid(), signal.SIGTERM)
            for _ in range(1000):
                pass

Command().handle(loop=60)
"""


def test_it_stops_wherever_it_is_told_to() -> None:
    done = subprocess.run([sys.executable, "-c", STOPPED_WITHIN_ITS_WAIT], cwd=ROOT, timeout=30, check=False)
    assert done.returncode == 0
