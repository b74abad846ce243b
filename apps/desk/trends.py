"""Which lines a chart of targets shows, and what a page says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.campaigns.access import Access
from apps.desk import slips
from apps.desk.exports.drawing import Drawing
from apps.desk.exports.trend import (
    MOST_LINES,
    PHONE_WIDTH,
    USUAL_WIDTH,
    Line,
    described,
    draw,
    line_of,
)
from apps.timeline.models import Entry

MOST_SETS = 200
"""Targets of one line, the newest."""


@dataclass(frozen=True)
class Trend:
    """A chart on a page: where it is, what it shows in words, and the same as a table. `more`: others moved
    too, and are not drawn."""

    address: str
    lines: Sequence[Line]
    wide: Drawing
    narrow: Drawing
    more: bool

    @property
    def description(self) -> str:
        return described(self.lines)


def lines_of(found: QuerySet[Entry], access: Access) -> list[Line]:
    """Those that moved, the worst first: two queries."""
    return _lines(_moved(found), access)


def _moved(found: QuerySet[Entry]) -> list[Entry]:
    rows = slips.with_names(found.filter(milestone__moves__gt=0))
    return slips.WORST.take(rows, count=MOST_LINES + 1)


def _lines(rows: Sequence[Entry], access: Access) -> list[Line]:
    return [line_of(slip) for slip in slips.slips_of(rows[:MOST_LINES], access, most=MOST_SETS)]


def trend_of(found: QuerySet[Entry], access: Access, *, of: str, pk: Any) -> Trend | None:
    """The chart of these milestones on the page of what they are of; None where none of them moved."""
    rows = _moved(found)
    if not rows:
        return None
    lines = _lines(rows, access)
    wide, narrow = (draw(lines, title="", width=width) for width in (USUAL_WIDTH, PHONE_WIDTH))
    address = reverse(f"{of}_trend", kwargs={"slug": access.campaign.slug, "pk": pk})
    return Trend(address, lines, wide, narrow, len(rows) > MOST_LINES)
