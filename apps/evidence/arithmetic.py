"""Does a stated change add up? Recomputed from its two figures, with the working shown.

Every number is the middle of what rounding and hedges leave open: "3.4m" is anything from 3.35m to 3.45m,
"over 100%" anything above. A claim is wrong only where no value that is left open could bear it out; where
the two are not in the same terms, or hedges leave too much open, that is said instead. No Django, no tables.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from itertools import product

from apps.evidence.changes import stated
from apps.evidence.figures import CURRENCIES, long, plain, with_unit

INFINITE = Decimal("Infinity")
TENTH, FIFTH, QUARTER = Decimal("0.1"), Decimal("0.2"), Decimal("0.25")
"""How far "about" and "nearly" surely reach, how far "nearly" might, and how far "about" might."""
PER_CENT = "%"


class Verdict(Enum):
    CONSISTENT = "consistent"
    WRONG = "does not add up"
    OTHER_BASIS = "different basis"
    NOT_CHECKABLE = "not checkable"


@dataclass(frozen=True)
class Number:
    """A number as it was given: rounded to multiples of `step` (0: exact), hedged or not."""

    value: Decimal
    step: Decimal = Decimal(1)
    hedge: str = ""

    def __str__(self) -> str:
        return f"{self.hedge} {long(self.value, self.step)}".strip()


@dataclass(frozen=True)
class Claim:
    """A stated change and what it is of.

    `sort` is "percent", "points", "times" or "absolute"; `basis` says in which other terms than its figures
    it is stated, if any: "real", "cash", "rate" or "count". `price_rise` is in per cent, from the time of the
    baseline to that of the figure. `break_because`: why the figure is counted by another method than those
    before it.
    """

    figure: Number
    baseline: Number | None
    stated: Number
    unit: str = ""
    sort: str = "percent"
    basis: str = ""
    price_rise: Number | None = None
    break_because: str = ""


@dataclass(frozen=True)
class Check:
    """`working` shows the sum, `because` says in a sentence what to make of it; either may be empty."""

    verdict: Verdict
    working: str = ""
    because: str = ""

    @property
    def words(self) -> str:
        """ "389 vs 191 → (389 − 191) / 191 = +103.7%, stated 104%: consistent"."""
        said = f"{self.working}: {self.verdict.value}" if self.working else self.verdict.value.capitalize()
        return f"{said}. {self.because}" if self.because else said


@dataclass(frozen=True)
class Span:
    """Everything from `low` to `high`, both included."""

    low: Decimal
    high: Decimal

    def meets(self, other: "Span") -> bool:
        return self.low <= other.high and other.low <= self.high

    def spread(self) -> bool:
        return self.low != self.high


def check(claim: Claim) -> Check:
    """Judge a claim; see Verdict."""
    if claim.baseline is None:
        return _unchecked(claim, "No earlier figure is given to measure the change from.")
    if refusal := _no_common_terms(claim) or _no_base(claim):
        return refusal
    change = _Change(claim, claim.baseline)
    if claim.break_because:
        return _other(
            change.working(),
            f"The figure begins a new method ({claim.break_because}); the earlier one is by the old.",
        )
    found = change.verdict()
    if found == Verdict.WRONG and (instead := _meant(claim, claim.baseline)):
        return _other(change.working(), instead)
    return Check(found, change.working(), change.because(found))


# --- What cannot be compared ------------------------------------------------------------------------------


def _no_common_terms(claim: Claim) -> Check | None:
    """Where the change is stated in other terms than the figures, and nothing leads from one to the other."""
    assert claim.baseline is not None
    if claim.sort == "points" and claim.unit != PER_CENT:
        unit = f"in {claim.unit}" if claim.unit else "not in per cent"
        return _other(
            _sides(claim), f"Percentage points are the change of a percentage, and the figures are {unit}."
        )
    if claim.basis in ("real", "cash") and claim.price_rise is None:
        terms = ("real terms", "cash") if claim.basis == "real" else ("cash", "real terms")
        plainly = _Change(_as_given(claim), claim.baseline).working()
        return _other(
            plainly,
            f"The change is stated in {terms[0]}, the figures are in {terms[1]}. "
            "Give how far prices rose between the two to check it.",
        )
    if claim.basis in ("rate", "count"):
        terms = ("a rate", "counts") if claim.basis == "rate" else ("a count", "rates")
        return _other(
            _Change(_as_given(claim), claim.baseline).working() if not _no_base(claim) else _sides(claim),
            f"The change is stated of {terms[0]}, the figures are {terms[1]}.",
        )
    return None


def _no_base(claim: Claim) -> Check | None:
    """Where there is nothing to take a share of."""
    assert claim.baseline is not None
    if claim.sort not in ("percent", "times"):
        return None
    if claim.baseline.value == 0:
        return _unchecked(claim, "The earlier figure is 0: nothing is a share of nothing.")
    if claim.baseline.value < 0:
        return _unchecked(claim, "The earlier figure is below 0, of which a share says nothing.")
    return None


def _as_given(claim: Claim) -> Claim:
    """The same claim as if it were in the figures' own terms."""
    return replace(claim, basis="", price_rise=None)


def _meant(claim: Claim, baseline: Number) -> str:
    """What the number is instead, where it is the change in another sort; else empty."""
    other = {"percent": "points", "points": "percent", "times": "more"}.get(claim.sort, "")
    if not other or (other == "points" and claim.unit != PER_CENT):
        return ""
    if other == "percent" and baseline.value <= 0:
        return ""
    instead = _Change(replace(claim, sort=other), baseline).verdict()
    return _MEANT[other] if instead == Verdict.CONSISTENT else ""


_MEANT = {
    "points": "That number is the change in percentage points; the share of a share is another.",
    "percent": "That number is the change in per cent of the earlier percentage, not in percentage points.",
    "more": "That number is how many times more; “times as many” is one more than that.",
}


def _unchecked(claim: Claim, because: str) -> Check:
    return Check(Verdict.NOT_CHECKABLE, _sides(claim), because)


def _other(working: str, because: str) -> Check:
    return Check(Verdict.OTHER_BASIS, working, because)


def _sides(claim: Claim) -> str:
    said = f"stated {_stated(claim)}"
    return f"{claim.figure} vs {claim.baseline}, {said}" if claim.baseline else said


# --- The sum ----------------------------------------------------------------------------------------------


class _Change:
    """The change between two figures, as far as these say it."""

    def __init__(self, claim: Claim, baseline: Number) -> None:
        self.claim, self.baseline = claim, baseline
        self.of: Callable[[Decimal, Decimal], Decimal] = _SUMS[claim.sort]

    def verdict(self) -> Verdict:
        """Consistent where the claim may well be what the figures say; wrong where it cannot be."""
        sure, possible = (self._span(hedged) for hedged in (sure_of, possible_of))
        if sure.meets(sure_of(self.claim.stated, signed=True)):
            return Verdict.CONSISTENT
        if possible.meets(possible_of(self.claim.stated, signed=True)):
            return Verdict.NOT_CHECKABLE
        return Verdict.WRONG

    def _span(self, left_open: Callable[[Number], Span]) -> Span:
        """From the least to the most that the change can be: at the corners of what is left open."""
        figure, baseline = left_open(self.claim.figure), left_open(self.baseline)
        if self.claim.sort in ("percent", "times", "more"):
            baseline = Span(max(baseline.low, Decimal(0)), baseline.high)
        prices = left_open(self.claim.price_rise) if self.claim.price_rise else Span(Decimal(0), Decimal(0))
        ends = [
            self.of(*self._at_prices(f, b, p))
            for f, b, p in product(_ends(figure), _ends(baseline), _ends(prices))
        ]
        return Span(min(ends), max(ends))

    def _at_prices(self, figure: Decimal, baseline: Decimal, rise: Decimal) -> tuple[Decimal, Decimal]:
        """Both figures in the terms of the claim."""
        factor = 1 + rise / 100
        if self.claim.basis == "real":
            return figure, baseline * factor
        return (figure * factor, baseline) if self.claim.basis == "cash" else (figure, baseline)

    def working(self) -> str:
        figure, baseline = self.claim.figure, self.baseline
        rise = self.claim.price_rise.value if self.claim.price_rise and self.claim.basis else Decimal(0)
        change = self.of(*self._at_prices(figure.value, baseline.value, rise))
        sum_ = _WRITTEN[self.claim.sort].format(*self._terms())
        actual = _changed(change, self.claim)
        return f"{figure} vs {baseline} → {sum_} = {actual}, stated {_stated(self.claim)}"

    def _terms(self) -> tuple[str, str]:
        figure, baseline = plain(self.claim.figure.value), plain(self.baseline.value)
        if self.claim.price_rise is None or not self.claim.basis:
            return figure, baseline
        factor = plain(1 + self.claim.price_rise.value / 100)
        if self.claim.basis == "real":
            return figure, f"({baseline} × {factor})"
        return f"({figure} × {factor})", baseline

    def because(self, found: Verdict) -> str:
        """What rounding and hedges leave open, where that decides; and a direction that is the wrong way."""
        claimed, sure = self.claim.stated, self._span(sure_of)
        if found == Verdict.NOT_CHECKABLE:
            return "The hedges leave too much open to say."
        if found == Verdict.WRONG:
            against = -claimed.value if self.claim.sort != "times" else None
            if against is not None and sure.meets(
                sure_of(Number(against, claimed.step, claimed.hedge), signed=True)
            ):
                return "The change goes the other way: a fall is written with a minus."
            return ""
        middle = Number(claimed.value, claimed.step)
        plain_sum = self._middle()
        if not sure_of(middle, signed=True).meets(Span(plain_sum, plain_sum)) and not claimed.hedge:
            low, high = (_changed(each, self.claim) for each in (sure.low, sure.high))
            return f"As the figures are rounded, it may be anything from {low} to {high}."
        return ""

    def _middle(self) -> Decimal:
        rise = self.claim.price_rise.value if self.claim.price_rise and self.claim.basis else Decimal(0)
        return self.of(*self._at_prices(self.claim.figure.value, self.baseline.value, rise))


def _share(figure: Decimal, baseline: Decimal) -> Decimal:
    return (_times(figure, baseline) - 1) * 100


def _times(figure: Decimal, baseline: Decimal) -> Decimal:
    if baseline.is_infinite():
        return Decimal(0) if figure.is_finite() else Decimal(1)
    if baseline == 0:
        return INFINITE.copy_sign(figure) if figure else Decimal(0)
    return figure / baseline


def _difference(figure: Decimal, baseline: Decimal) -> Decimal:
    if figure == baseline and figure.is_infinite():
        return Decimal(0)
    return figure - baseline


_SUMS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "percent": _share,
    "points": _difference,
    "times": _times,
    "more": lambda figure, baseline: _times(figure, baseline) - 1,
    "absolute": _difference,
}
_WRITTEN = {
    "percent": "({0} − {1}) / {1}",
    "points": "{0} − {1}",
    "times": "{0} / {1}",
    "absolute": "{0} − {1}",
}


# --- What is left open ------------------------------------------------------------------------------------


def sure_of(number: Number, *, signed: bool = False) -> Span:
    """What the number may well be. Of a `signed` change, "over" and "under" count from 0 in its direction."""
    half, size = number.step / 2, abs(number.value)
    hedged = {
        "": (size - half, size + half),
        "about": (size * (1 - TENTH) - half, size * (1 + TENTH) + half),
        "nearly": (size * (1 - TENTH) - half, size + half),
        "over": (size, INFINITE if signed else size * (1 + TENTH) + half),
        "under": (Decimal(0) if signed else size * (1 - TENTH) - half, size),
    }
    return _directed(number, *hedged[number.hedge])


def possible_of(number: Number, *, signed: bool = False) -> Span:
    """What the number can be at the outside."""
    half, size = number.step / 2, abs(number.value)
    hedged = {
        "": (size - half, size + half),
        "about": (size * (1 - QUARTER) - half, size * (1 + QUARTER) + half),
        "nearly": (size * (1 - FIFTH) - half, size + half),
        "over": (size, INFINITE),
        "under": (Decimal(0), size),
    }
    return _directed(number, *hedged[number.hedge])


def _directed(number: Number, low: Decimal, high: Decimal) -> Span:
    """Hedges are of the size: "over 20% less" is less than −20%."""
    return Span(-high, -low) if number.value < 0 else Span(low, high)


def _ends(span: Span) -> Iterator[Decimal]:
    yield span.low
    if span.spread():
        yield span.high


# --- In words ---------------------------------------------------------------------------------------------


def change_in_words(claim: Claim) -> str:
    """The change itself, whatever was stated: "+103.7%", "+3.2 points"."""
    assert claim.baseline is not None
    return _changed(_SUMS[claim.sort](claim.figure.value, claim.baseline.value), claim)


def _changed(change: Decimal, claim: Claim) -> str:
    """A change that was worked out, to a decimal more than was stated."""
    if not change.is_finite():
        return "any amount"
    if claim.sort == "absolute":
        return with_unit(_signed(change, claim.stated.step), claim.unit if claim.unit in CURRENCIES else "")
    step = min(claim.stated.step, TENTH) if claim.sort == "times" else claim.stated.step
    shown = _signed(change, step)
    return {"percent": f"{shown}%", "points": f"{shown} points"}.get(claim.sort, f"{shown.lstrip('+')} times")


def _signed(change: Decimal, step: Decimal) -> str:
    decimals = max(0, -step.normalize().adjusted()) + 1
    said = f"{change:+,.{decimals}f}"
    return said.partition(".")[0] if change == change.to_integral_value() else said


def _stated(claim: Claim) -> str:
    number = claim.stated
    return stated(number.value, number.step, number.hedge, claim.sort, claim.unit)
