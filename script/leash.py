"""Stops the children of a supervisor that was killed outright.

The supervisor tells it, one line each, which process groups it started (+123), which ended (-123), and which
folders are for the time of the run only (their paths). When the lines end, whatever is left is asked to stop,
and killed if it does not; then the folders go.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress


def follow(lines: Iterable[str]) -> tuple[list[int], list[str]]:
    """The process groups left when the lines end, and the folders."""
    held: list[int] = []
    folders: list[str] = []
    for line in map(str.strip, lines):
        if line.startswith("/"):
            folders.append(line)
        elif line.startswith("+"):
            held.append(int(line))
        elif -int(line) in held:
            held.remove(-int(line))
    return held, folders


def send(group: int, number: int) -> bool:
    """Whether there was anyone to signal."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


def end(groups: list[int], *, seconds: float) -> None:
    """Asks every group to stop, the first started last, and kills what is still there after `seconds`."""
    until = time.monotonic() + seconds
    for group in reversed(groups):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(group, signal.SIGTERM)
    while time.monotonic() < until and any(send(group, 0) for group in groups):
        time.sleep(0.05)
    for group in groups:
        send(group, signal.SIGKILL)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups, folders = follow(sys.stdin)
    end(groups, seconds=float(sys.argv[1]))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
