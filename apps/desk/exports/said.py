"""What every form says of an entry in the same words: how it stands, and what its details come to."""

import re
from collections.abc import Iterable
from datetime import date

from apps.campaigns.access import Access
from apps.dates import countdown, in_words
from apps.desk.newer import Since
from apps.desk.phrases import amount, moved, stands
from apps.desk.picture import restrictions
from apps.timeline.models import Entry, Kind

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """Without the characters that XML may not hold."""
    return _CONTROL.sub("", text)


def state(entry: Entry, today: date) -> str:
    """How a milestone stands: "met 664 days late", "12 days overdue, moved twice", "in 9 days". Empty for
    the other kinds."""
    if entry.kind != Kind.MILESTONE:
        return ""
    upcoming = countdown(entry.due, today) if entry.due else entry.milestone.get_outcome_display().lower()
    return f"{stands(entry, today) or upcoming}{moved(entry)}"


def speaker(entry: Entry) -> str:
    """ "Andy Burrows, Head of Child Safety Online Policy, NSPCC": as far as it is known."""
    post = entry.quote.post.role if entry.kind == Kind.QUOTE and entry.quote.post else ""
    parts = [entry.person, post, entry.organisation]
    return ", ".join(str(part) for part in parts if part)


def warning(entry: Entry, access: Access) -> str:
    """Why ordinary readers do not see it: said first, for what is handed on is read elsewhere."""
    kept = restrictions(entry, access)
    return f"Not for everybody: {', '.join(kept)}." if kept else ""


def details(entry: Entry, today: date, since: Since | None = None) -> Iterable[str]:
    """A sentence or two in plain text: what was said, counted, or how it stands; then the note. `since` is
    what has come out since of a figure."""
    if entry.kind == Kind.QUOTE:
        yield f"“{entry.quote.words}”"
        yield speaker(entry)
    elif entry.kind == Kind.STATISTIC:
        statistic = entry.statistic
        period = in_words(statistic.period) if statistic.period else ""
        what = [statistic.measure, statistic.area, period]
        yield f"{amount(statistic)}: {', '.join(part for part in what if part)}"
        if since:
            yield since.sentence
    elif entry.kind == Kind.MILESTONE:
        yield state(entry, today)
    if entry.note:
        yield entry.note
    if entry.source:
        yield f"Source: {entry.source}"
