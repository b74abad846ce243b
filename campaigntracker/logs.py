"""What must not stand in a log."""

import logging
import re

_TOKEN = re.compile(r"/(calendar(?=/[^/\s]+\.ics)|answer|invitations|unsubscribe)/[^/\s]+?(?=/|\.ics|\s|$)")


class WithoutTokens(logging.Filter):
    """Shortens addresses that are secrets, whoever logs them. Django does with every request it refuses: a
    revoked calendar may be asked for again for years, one that works by the wrong method, and an answer sent
    from a page that stood open too long for the guard against other sites."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            said = record.getMessage()
        except Exception:
            return True  # whoever writes it out says what is wrong with it, and raises nothing
        if _TOKEN.search(said):
            record.msg, record.args = _TOKEN.sub(r"/\1/…", said), ()
        return True
