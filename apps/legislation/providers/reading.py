"""Reading what others wrote down: each of these takes anything at all and never raises.

A server's schema is a hope. What is null, missing, of another type, too long, or full of characters that no
database keeps comes out as "nothing", and whoever asked says so in words.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

LONGEST_KEY = 60
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?(.*)")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:/._-]*")


def text(value: Any, most: int = 300) -> str:
    """Words on one line without characters that cannot be kept; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in value)
    words = " ".join(kept.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def key(value: Any) -> str:
    """A number or name that a provider counts by, as text; "" for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    if isinstance(value, int):
        return str(value) if 0 <= value < 10**18 else ""
    return value if len(value) <= LONGEST_KEY and _KEY.fullmatch(value) else ""


def whole(value: Any, otherwise: int = 0) -> int:
    """A whole number that fits into a column."""
    good = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31
    return int(value) if good else otherwise


def things(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def parts(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def day(value: Any, zone: str) -> date | None:
    """The calendar day in that zone. Midnight without a zone is a day; a moment with one is moved there."""
    if not isinstance(value, str) or not (match := _DAY.fullmatch(value.strip())):
        return None
    try:
        found = date.fromisoformat(match[1])
    except ValueError:
        return None
    there = moment(value, zone) if value.strip()[10:] else None
    found = there.astimezone(ZoneInfo(zone)).date() if there else found
    return found if 1800 <= found.year <= 2200 else None


def moment(value: Any, zone: str) -> datetime | None:
    """The moment; without a zone of its own it is the clock's in that zone. Any number of digits may follow
    the seconds; nothing finer than a second is kept."""
    if not isinstance(value, str) or not (match := _MOMENT.fullmatch(value.strip())):
        return None
    try:
        found = datetime.fromisoformat(match[1] + match[2].strip())
        aware = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
        aware.astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        return None
    return aware if 1800 <= aware.year <= 2200 else None


def web_address(value: Any) -> str:
    """An address of the web that may stand in a link; "" for any other."""
    if not isinstance(value, str) or len(value) > 1000 or not value.isprintable() or " " in value:
        return ""
    try:
        split = urlsplit(value)
    except ValueError:
        return ""
    return value if split.scheme in ("http", "https") and split.hostname and "@" not in split.netloc else ""


def host_and_path(typed: str) -> tuple[str, str]:
    """Of an address as people paste it, with or without its scheme and "www."; both "" for what is none."""
    try:
        split = urlsplit(typed if "//" in typed else f"https://{typed}")
        return (split.hostname or "").removeprefix("www."), split.path
    except ValueError:
        return "", ""
