"""What the tests ask about processes, in ways Linux and macOS both answer."""

import subprocess
import time
from collections.abc import Callable


def processes() -> dict[int, tuple[int, str, str]]:
    """Parent, state and command line of every process."""
    table = subprocess.run(
        ["ps", "-wweo", "pid=,ppid=,stat=,command="], capture_output=True, text=True
    ).stdout
    rows = (line.split(None, 3) for line in table.splitlines())
    return {int(row[0]): (int(row[1]), row[2], row[3] if len(row) > 3 else "") for row in rows}


def descendants(pid: int) -> list[int]:
    table = processes()
    found = [pid]
    for parent in found:
        found += [child for child, row in table.items() if row[0] == parent]
    return found[1:]


def alive(pids: list[int]) -> list[int]:
    table = processes()
    return [pid for pid in pids if pid in table and not table[pid][1].startswith("Z")]


def eventually(
    holds: Callable[[], object], what: Callable[[], str] = lambda: "it", seconds: float = 20
) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"Not within {seconds} s: {what()}"
        time.sleep(0.05)
