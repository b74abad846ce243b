"""What must not stand in a log."""

import logging
import re

_TOKEN = re.compile(r"/(calendar(?=/[^/\s]+\.ics)|answer|invitations|unsubscribe)/[^/\s]+?(?=/|\.ics|\s|$)")


class WithoutTokens(logging.Filter):
    """Shortens addresses that are secrets. Django logs the address of every request it refuses: a revoked
    calendar may be asked for again for years, and one that works by the wrong method."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if _TOKEN.search(said):
            record.msg, record.args = _TOKEN.sub(r"/\1/…", said), ()
        return True
