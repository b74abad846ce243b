"""An entry in the words in which it is copied: a quote with its citation, a figure with its own, the rest as
its headline with its address."""

from apps.dates import in_words
from apps.desk.phrases import amount
from apps.timeline.models import Entry, Kind


def citation(entry: Entry, address: str) -> str:
    if entry.kind == Kind.QUOTE:
        return f"“{entry.quote.words}” — {_parts(_speaker(entry), in_words(entry.date))}{_source(entry)}"
    if entry.kind == Kind.STATISTIC:
        counted = entry.statistic
        period = in_words(counted.period) if counted.period else ""
        said = _parts(f"{amount(counted)} {counted.measure}".strip(), counted.area, period)
        return f"{said}{_source(entry)}"
    return f"{entry.headline} ({in_words(entry.date)}) {address}"


def _speaker(entry: Entry) -> str:
    post = entry.quote.post
    return _parts(str(entry.person or ""), post.role if post else "", str(entry.organisation or ""))


def _source(entry: Entry) -> str:
    if entry.source is None:
        return ""
    return f" ({_parts(str(entry.source), entry.source.url)})"


def _parts(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
