"""How an entry stands, as search can be narrowed by: the one place that says what cleared means there."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.timeline.index import EMBARGO, mark
from apps.timeline.models import Kind


@dataclass(frozen=True)
class Standing:
    """`marks`: what an entry so standing bears in the index, so that the rest need not be looked at."""

    label: str
    is_so: Q
    marks: tuple[str, ...]


def standings(at: datetime) -> dict[str, Standing]:
    """By the names they have in an address."""
    quote = (mark(Kind.QUOTE),)
    in_force = Q(shown_until=None) | Q(shown_until__gt=at)
    cleared = Q(quote__cleared_at__isnull=False) & in_force
    return {
        "cleared": Standing("cleared", cleared, quote),
        "embargoed": Standing("under embargo", Q(embargo_until__gt=at), (EMBARGO,)),
        "unverified": Standing(
            "not verified", Q(kind=Kind.QUOTE) & ~Q(quote__verdict__badge="verified"), quote
        ),
    }


LABELS = [("cleared", "cleared quotes"), ("embargoed", "under embargo"), ("unverified", "unverified quotes")]
