"""Senders that start at once: Django is loaded beforehand, and each is forked off as a process of its own.

Reads the paths of their logs, one a line; answers each with the process's id.
"""

import os
import signal
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.urls import get_resolver


def main() -> None:
    django.setup()
    list(get_resolver().url_patterns)  # what the first message would load
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever dies is gone at once
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            live(Path(line.strip()))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def live(log: Path) -> None:
    """As `manage.py send_due_reminders --loop 1` does."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    file = os.open(log, os.O_WRONLY | os.O_CREAT)
    for number in (1, 2):
        os.dup2(file, number)
    try:
        call_command("send_due_reminders", loop=1)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
