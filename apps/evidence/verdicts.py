"""Where the words of a quote stand in the kept texts of its source, and the verdict that is kept of it."""

from datetime import datetime

from apps.evidence.checks import judged
from apps.evidence.comparing import find
from apps.evidence.models import Quote, Verdict
from apps.sources.models import Snapshot, Source

MOST_DIFFERENCES = 50


def find_words(words: str, source: Source | None) -> tuple[Snapshot, int, int] | None:
    """The newest snapshot of the source that holds the words, typography apart, and where."""
    for snapshot in source.snapshots.all() if source else ():
        if found := find(words, snapshot.text):
            return snapshot, found.start, found.end
    return None


def judge(quote: Quote, *, at: datetime) -> Verdict:
    """Check the words against the kept texts, and keep what was found."""
    found = judged(quote)
    rows = [[one.quoted, one.stands] for one in found.differences[:MOST_DIFFERENCES]]
    values = {"badge": found.badge.value, "differences": rows, "checked_at": at}
    verdict, _ = Verdict.objects.update_or_create(quote=quote, defaults=values)
    return verdict
