"""How an entry stands, as search can be narrowed by: the one place that says what cleared means there."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.timeline.index import EMBARGO, mark
from apps.timeline.models import Kind, State


@dataclass(frozen=True)
class Standing:
    """`marks`: what an entry so standing bears in the index, so that the rest need not be looked at."""

    label: str
    is_so: Q
    marks: tuple[str, ...]


def standings(at: datetime) -> dict[str, Standing]:
    """By the names they have in an address. Cleared is what can be used now: a withdrawn quote keeps its
    clearance, and so does a case study whose consent does not cover what it was cleared for."""
    quote = (mark(Kind.QUOTE),)
    in_use = Q(state=State.PUBLISHED, shown_from__lte=at) & (Q(shown_until=None) | Q(shown_until__gt=at))
    cleared = Q(quote__cleared_at__isnull=False) & in_use
    return {
        "cleared": Standing("cleared", cleared, quote),
        "embargoed": Standing("under embargo", Q(embargo_until__gt=at), (EMBARGO,)),
        "unverified": Standing(
            "not verified", Q(kind=Kind.QUOTE) & ~Q(quote__verdict__badge="verified"), quote
        ),
    }


LABELS = [("cleared", "cleared quotes"), ("embargoed", "under embargo"), ("unverified", "unverified quotes")]
