"""How a database says that it is busy, or does not answer: whoever asks again later may have better luck."""

import sqlite3

from django.db import InterfaceError, OperationalError

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
CLASSES = ("08", "40", "53", "55", "57")
"""PostgreSQL's classes of errors: connection lost, deadlock, no room for another, lock not had, cancelled."""
DISK_FULL = "53100"


def is_busy(error: BaseException) -> bool:
    """Whether the same may go well when it is tried again: somebody else has the lock, it took too long, or
    the database is just starting."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in BUSY
    state = getattr(cause, "sqlstate", None)
    return state is None or (state[:2] in CLASSES and state != DISK_FULL)
