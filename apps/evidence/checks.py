"""Automatic judgements, each with its working: is a quote verbatim, does a stated change add up."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from apps.evidence.arithmetic import Check, Claim, Number, check
from apps.evidence.comparing import Difference, differences, find
from apps.evidence.figures import step_of
from apps.evidence.models import Quote, Statistic


class Verbatim(Enum):
    """Whether the words stand in the source's text. Computed, never typed."""

    VERIFIED = "verified"
    SOURCE_CHANGED = "source changed"
    NOT_IN_SOURCE = "not in source"
    NO_SOURCE = "no source"


EXPLAINED = {
    Verbatim.VERIFIED: "The words stand in the kept text of the source, word for word.",
    Verbatim.SOURCE_CHANGED: "An older kept text of the source has the words; the newest does not.",
    Verbatim.NOT_IN_SOURCE: "The kept text of the source does not have these words.",
    Verbatim.NO_SOURCE: "No text of the source is kept, so the words cannot be checked.",
}


@dataclass(frozen=True)
class Judged:
    """A verdict and, where the newest text has other words, which."""

    badge: Verbatim
    differences: tuple[Difference, ...] = ()


def verbatim(quote: Quote) -> Verbatim:
    """Judge a quote against the snapshots of its source, newest first."""
    return judged(quote).badge


def judged(quote: Quote) -> Judged:
    """The same with what differs. How the words are set is no difference: see `comparing`."""
    source = quote.entry.source
    snapshots = list(source.snapshots.all()) if source else []
    newest = next((snapshot for snapshot in snapshots if not snapshot.excerpt), None)
    # An excerpt shows that words stand in the source; that others do not, it cannot show.
    since = snapshots[: snapshots.index(newest) + 1] if newest else snapshots
    if any(find(quote.words, snapshot.text) for snapshot in since):
        return Judged(Verbatim.VERIFIED)
    if newest is None:
        return Judged(Verbatim.NO_SOURCE)
    changed = any(find(quote.words, snapshot.text) for snapshot in snapshots)
    badge = Verbatim.SOURCE_CHANGED if changed else Verbatim.NOT_IN_SOURCE
    return Judged(badge, tuple(differences(quote.words, newest.text)))


def check_change(statistic: Statistic) -> Check | None:
    """Recompute the change that a statistic states. None where it states none."""
    claim = claim_of(statistic)
    return check(claim) if claim else None


def claim_of(statistic: Statistic) -> Claim | None:
    """What a statistic claims of its own change, for the arithmetic."""
    if statistic.stated_change is None:
        return None
    baseline, rise = statistic.baseline, statistic.price_rise
    return Claim(
        figure=_number(statistic.figure, statistic.figure_step, statistic.unit, statistic.hedge),
        baseline=None if baseline is None else _number(baseline, statistic.baseline_step, statistic.unit),
        stated=Number(statistic.stated_change, statistic.change_step, statistic.change_hedge),
        unit=statistic.unit,
        sort=statistic.change_sort,
        basis=statistic.change_basis,
        price_rise=None if rise is None else Number(rise, step_of(rise)),
        break_because=statistic.break_because,
    )


def _number(value: Decimal, step: Decimal, unit: str, hedge: str = "") -> Number:
    """A count to the unit is exact; shares and rates are rounded even where they are whole."""
    is_share = unit == "%" or unit.startswith("per ") or " per " in unit
    exact = step == 1 and not is_share
    return Number(value, Decimal(0) if exact else step, hedge)
