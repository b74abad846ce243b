"""What a server asks of programs (RFC 9309): which of its pages they may read."""

from collections.abc import Callable
from urllib.parse import urljoin

from protego import Protego

from apps import fetch

MOST_BYTES = 500 * 1024
"""As much of a robots.txt as the standard asks everybody to read."""
SECONDS = 10.0

Allows = Callable[[str], bool]


def rules_of(url: str, *, seconds: float = SECONDS) -> Allows:
    """Which addresses of this page's server may be read: a question to ask of each.

    A server without such a file allows all. One that fails to hand it over, or is out of reach, is not judged
    here: whoever asks for the page itself will hear why.
    """
    rules = Protego.parse(_text(url, seconds))
    return lambda address: rules.can_fetch(address, fetch.USER_AGENT)


def _text(url: str, seconds: float) -> str:
    try:
        answer = fetch.get(urljoin(url, "/robots.txt"), seconds=seconds, most_bytes=MOST_BYTES)
    except (fetch.Refused, fetch.Unreachable):
        return ""
    return answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
