"""Automatic judgements, each with its working: is a quote verbatim, does a stated change add up."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from apps.evidence.models import Quote, Statistic


class Verbatim(Enum):
    """Whether the words stand in the source's text. Computed, never typed."""

    VERIFIED = "verified"
    SOURCE_CHANGED = "source changed"
    NOT_IN_SOURCE = "not in source"
    NO_SOURCE = "no source"


EXPLAINED = {
    Verbatim.VERIFIED: "The words stand in the kept text of the source, to the letter.",
    Verbatim.SOURCE_CHANGED: "An older kept text of the source has the words; the newest does not.",
    Verbatim.NOT_IN_SOURCE: "The kept text of the source does not have these words.",
    Verbatim.NO_SOURCE: "No text of the source is kept, so the words cannot be checked.",
}


def verbatim(quote: Quote) -> Verbatim:
    """Judge a quote against the snapshots of its source, newest first."""
    source = quote.entry.source
    snapshots = list(source.snapshots.all()) if source else []
    if not snapshots:
        return Verbatim.NO_SOURCE
    if quote.words in snapshots[0].text:
        return Verbatim.VERIFIED
    older = any(quote.words in snapshot.text for snapshot in snapshots[1:])
    return Verbatim.SOURCE_CHANGED if older else Verbatim.NOT_IN_SOURCE


@dataclass(frozen=True)
class Change:
    """A stated change beside the one that its figures give, both in per cent."""

    stated: Decimal
    actual: Decimal
    working: str
    consistent: bool


def check_change(statistic: Statistic) -> Change | None:
    """Recompute a stated change: (figure − baseline) / baseline. None where there is nothing to check.

    Consistent means: equal once rounded, halves away from zero, to as many decimals as were stated.
    """
    baseline, stated = statistic.baseline, statistic.stated_change
    if baseline is None or stated is None or baseline == 0:
        return None
    actual = (statistic.figure - baseline) / abs(baseline) * 100
    decimals = max(0, -int(stated.normalize().as_tuple().exponent))
    consistent = actual.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) == stated
    sign = "≈" if consistent else "≠"
    working = (
        f"{plain(stated)}% {sign} ({plain(statistic.figure)} − {plain(baseline)}) / {plain(abs(baseline))}"
        f" = {actual:+.1f}%"
    )
    return Change(stated=stated, actual=actual, working=working, consistent=consistent)


def plain(number: Decimal) -> str:
    """A number as a person writes it: no trailing zeros, commas in the thousands."""
    return f"{number.normalize():,f}"
