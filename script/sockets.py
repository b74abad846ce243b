"""Folders for Unix sockets: private, and with a path short enough to be one."""

import os
import re
import tempfile
from pathlib import Path

LONGEST_SOCKET_PATH = 103  # bytes; macOS allows 103, Linux 107


def socket_folder(*, prefix: str = "tracker-", longest_name: str = ".s.PGSQL.5432") -> Path:
    """A new private folder whose path is short and plain enough for a socket and for a URL."""
    parent = tempfile.gettempdir()
    room = LONGEST_SOCKET_PATH - len(f"/{prefix}12345678/{longest_name}")
    if len(os.fsencode(parent)) > room or not re.fullmatch(r"[\w./-]+", parent, re.ASCII):
        parent = "/tmp"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
