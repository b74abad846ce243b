"""When Parliament does not sit, and that in words."""

from datetime import date

from apps.dates import in_words
from apps.legislation.models import SittingBreak

MOST = 400
"""Breaks of one picture; of more years than these fill it says nothing, for none could be told apart."""


def breaks_between(first: date, last: date) -> list[SittingBreak]:
    """Those that touch these days, in order; none where they are too many."""
    rows = SittingBreak.objects.filter(first__lte=last, last__gte=first)
    found = list(rows.order_by("first", "chamber", "id")[: MOST + 1])
    return found if len(found) <= MOST else []


def said_of(row: SittingBreak) -> str:
    """Its name, whose it is and its days: "Summer recess, House of Commons, 23 July to 31 August 2020"."""
    first, last = row.first.isoformat(), row.last.isoformat()
    days = in_words(first if first == last else f"{first}/{last}")
    return f"{row.name}, {row.get_chamber_display()}, {days}"
