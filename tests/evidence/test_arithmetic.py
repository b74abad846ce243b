"""Does a stated change add up: the verdict on each sort of claim, and that no verdict is ever wrong."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.evidence.arithmetic import Claim, Number, Verdict, check
from apps.evidence.changes import read_change
from apps.evidence.figures import read_figure

CONSISTENT, WRONG = Verdict.CONSISTENT, Verdict.WRONG
OTHER, UNSURE = Verdict.OTHER_BASIS, Verdict.NOT_CHECKABLE


def number(typed: str) -> Number:
    """A count to the unit is exact, as for a statistic."""
    read = read_figure(typed)
    exact = read.step == 1 and read.unit != "%"
    return Number(read.value, Decimal(0) if exact else read.step, read.hedge)


def claim(figure: str, baseline: str | None, change: str, sort: str = "percent", **more: Any) -> Claim:
    read = read_change(change)
    return Claim(
        figure=number(figure),
        baseline=number(baseline) if baseline else None,
        stated=Number(read.value, read.step, read.hedge),
        unit=read_figure(figure).unit,
        sort=read.sort or sort,
        **more,
    )


@pytest.mark.parametrize(
    ("figure", "baseline", "change", "verdict"),
    [
        # per cent, with the precision stated
        ("389", "191", "104", CONSISTENT),
        ("389", "191", "103.7", CONSISTENT),
        ("389", "191", "103", WRONG),
        ("389", "191", "103.6", WRONG),
        ("389", "191", "1040", WRONG),
        ("9", "8", "13", CONSISTENT),
        ("9", "8", "12", CONSISTENT),  # halves are rounded both ways
        ("7", "8", "down 13%", CONSISTENT),
        ("0", "12", "-100", CONSISTENT),
        ("191", "191", "0", CONSISTENT),
        ("-5", "10", "-150", CONSISTENT),
        # hedge words
        ("389", "191", "about 100%", CONSISTENT),
        ("389", "191", "about 120%", UNSURE),
        ("389", "191", "about 200%", WRONG),
        ("389", "191", "more than 100%", CONSISTENT),
        ("389", "191", "more than 104%", WRONG),
        ("389", "191", "almost 104%", CONSISTENT),
        ("389", "191", "nearly 110%", CONSISTENT),
        ("389", "191", "nearly 120%", UNSURE),
        ("389", "191", "nearly 100%", WRONG),
        ("389", "191", "more than doubled", CONSISTENT),
        ("370", "191", "almost doubled", CONSISTENT),
        ("320", "191", "almost doubled", UNSURE),
        ("280", "191", "almost doubled", WRONG),
        ("389", "191", "doubled", CONSISTENT),
        ("90", "200", "more than halved", CONSISTENT),
        ("110", "200", "more than halved", WRONG),
        ("110", "200", "almost halved", CONSISTENT),
        ("70", "100", "fell by more than 20%", CONSISTENT),
        ("95", "100", "fell by less than 10%", CONSISTENT),
        ("105", "100", "fell by less than 10%", WRONG),
        # the rounding of the figures themselves
        ("3.4m", "3.1m", "12%", CONSISTENT),
        ("3.4m", "3.1m", "9.7%", CONSISTENT),
        ("3.4m", "3.1m", "14%", WRONG),
        ("62%", "48%", "about 29%", CONSISTENT),
        # figures that are hedged
        ("over 10,000", "8,000", "25%", CONSISTENT),
        ("over 10,000", "8,000", "30%", CONSISTENT),
        ("over 10,000", "8,000", "90%", UNSURE),
        ("over 10,000", "8,000", "10%", WRONG),
        ("about 10,000", "8,000", "28%", CONSISTENT),
        ("about 10,000", "8,000", "50%", UNSURE),
        ("about 10,000", "8,000", "80%", WRONG),
        # percentage points, and a share of a share
        ("25%", "20%", "5 points", CONSISTENT),
        ("25%", "20%", "25%", CONSISTENT),
        ("25%", "20%", "5%", OTHER),
        ("25%", "20%", "25 points", OTHER),
        ("25%", "20%", "60%", WRONG),
        ("25%", "20%", "12 points", WRONG),
        ("389", "191", "198 points", OTHER),
        # times as many, and times more
        ("600", "200", "3 times", CONSISTENT),
        ("600", "200", "2 times", OTHER),
        ("600", "200", "5 times", WRONG),
        # so many more
        ("389", "191", "198 offences", CONSISTENT),
        ("389", "191", "199 offences", WRONG),
        ("389", "-191", "580 offences", CONSISTENT),
        # nothing to take a share of
        ("389", None, "104%", UNSURE),
        ("389", "0", "104%", UNSURE),
        ("389", "-191", "104%", UNSURE),
        ("389", "0", "3 times", UNSURE),
    ],
)
def test_a_stated_change_is_judged(figure: str, baseline: str | None, change: str, verdict: Verdict) -> None:
    assert check(claim(figure, baseline, change)).verdict == verdict


@pytest.mark.parametrize(
    ("more", "change", "verdict"),
    [
        ({"basis": "real"}, "10%", OTHER),
        ({"basis": "real", "price_rise": Number(Decimal(10), Decimal("0.1"))}, "10%", CONSISTENT),
        ({"basis": "real", "price_rise": Number(Decimal(10), Decimal("0.1"))}, "21%", WRONG),
        ({"basis": "cash"}, "10%", OTHER),
        ({"basis": "cash", "price_rise": Number(Decimal(10), Decimal("0.1"))}, "33%", CONSISTENT),
        ({"basis": "rate"}, "21%", OTHER),
        ({"basis": "count"}, "21%", OTHER),
        ({"break_because": "recording rules changed"}, "21%", OTHER),
        ({}, "21%", CONSISTENT),
    ],
)
def test_terms_that_differ_are_said_and_not_judged(more: Any, change: str, verdict: Verdict) -> None:
    """From £1,000 to £1,210 is 21% in cash, and 10% once prices rose by 10%."""
    assert check(claim("1,210", "1,000", change, **more)).verdict == verdict


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            claim("389", "191", "104%"),
            "389 vs 191 → (389 − 191) / 191 = +103.7%, stated 104%: consistent",
        ),
        (
            claim("389", "191", "103%"),
            "389 vs 191 → (389 − 191) / 191 = +103.7%, stated 103%: does not add up",
        ),
        (
            claim("25%", "20%", "5%"),
            "25 vs 20 → (25 − 20) / 20 = +25%, stated 5%: different basis. That number is the change in "
            "percentage points; the share of a share is another.",
        ),
        (
            claim("7", "8", "12.5%"),
            "7 vs 8 → (7 − 8) / 8 = -12.50%, stated 12.5%: does not add up. The change goes the other way: a "
            "fall is written with a minus.",
        ),
        (
            claim("3.4m", "3.1m", "12%"),
            "3.4 million vs 3.1 million → (3,400,000 − 3,100,000) / 3,100,000 = +9.7%, stated 12%:"
            " consistent. As the figures are rounded, it may be anything from +6.3% to +13.1%.",
        ),
        (
            claim("1,210", "1,000", "10%", basis="real"),
            "1,210 vs 1,000 → (1,210 − 1,000) / 1,000 = +21%, stated 10%: different basis. The change is"
            " stated in real terms, the figures are in cash."
            " Give how far prices rose between the two to check it.",
        ),
        (
            claim("389", None, "104%"),
            "stated 104%: not checkable. No earlier figure is given to measure the change from.",
        ),
        (
            claim("389", "0", "104%"),
            "389 vs 0, stated 104%: not checkable. The earlier figure is 0: nothing is a share of nothing.",
        ),
        (claim("389", "191", "2 times"), "389 vs 191 → 389 / 191 = 2.04 times, stated 2 times: consistent"),
    ],
)
def test_the_working_is_shown_in_words(made: Claim, words: str) -> None:
    assert check(made).words == words


counts = st.integers(1, 10**9).map(Decimal)


def rounded(exact: Decimal, places: int, how: str = ROUND_HALF_UP) -> Number:
    step = Decimal(1).scaleb(-places)
    return Number(exact.quantize(step, how), step)


@given(counts, counts, st.integers(0, 2), st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_a_change_rounded_as_people_round_is_consistent(
    figure: Decimal, baseline: Decimal, places: int, how: str
) -> None:
    exact = (figure - baseline) / baseline * 100
    made = Claim(Number(figure, Decimal(0)), Number(baseline, Decimal(0)), rounded(exact, places, how))
    assert check(made).verdict == CONSISTENT


@given(counts, counts, st.integers(0, 2), st.decimals("0.51", 100, places=2), st.booleans())
def test_a_change_off_by_more_than_its_rounding_does_not_add_up(
    figure: Decimal, baseline: Decimal, places: int, off: Decimal, up: bool
) -> None:
    """Off by more than half a step from what the figures give, after rounding to the step."""
    step = Decimal(1).scaleb(-places)
    exact = (figure - baseline) / baseline * 100
    stated = Number((exact + (off if up else -off) * step).quantize(step), step)
    assume(abs(stated.value - exact) > step / 2)
    made = Claim(Number(figure, Decimal(0)), Number(baseline, Decimal(0)), stated)
    assert check(made).verdict == WRONG


@given(
    true=st.tuples(st.integers(10**5, 10**9), st.integers(10**5, 10**9)),
    power=st.integers(1, 4),
    places=st.integers(0, 1),
    sort=st.sampled_from(["percent", "times", "absolute"]),
)
def test_figures_rounded_for_print_are_never_called_wrong_over_a_change_of_the_true_ones(
    true: tuple[int, int], power: int, places: int, sort: str
) -> None:
    figure, baseline = map(Decimal, true)
    exact = {
        "percent": (figure - baseline) / baseline * 100,
        "times": figure / baseline,
        "absolute": figure - baseline,
    }[sort]
    printed = [rounded(value, -power) for value in (figure, baseline)]
    made = Claim(printed[0], printed[1], rounded(exact, places), sort=sort)
    assert check(made).verdict == CONSISTENT


@given(st.decimals(0, 100, places=1), st.decimals("0.1", 100, places=1), st.integers(0, 1), st.booleans())
def test_shares_and_points_are_never_taken_for_each_other(
    figure: Decimal, baseline: Decimal, places: int, as_points: bool
) -> None:
    exact = figure - baseline if as_points else (figure - baseline) / baseline * 100
    sort = "points" if as_points else "percent"
    tenth = Decimal("0.1")
    made = Claim(Number(figure, tenth), Number(baseline, tenth), rounded(exact, places), "%", sort)
    assert check(made).verdict == CONSISTENT


@given(counts, counts, st.sampled_from(["about", "nearly", "over", "under", ""]), st.integers(0, 3))
def test_a_hedge_that_is_true_is_never_called_wrong(
    figure: Decimal, baseline: Decimal, hedge: str, digits: int
) -> None:
    """Hedged as people do: a rounder number above the change, below it, or near it."""
    exact = (figure - baseline) / baseline * 100
    assume(abs(exact) > 1)
    place = Decimal(1).scaleb(abs(exact).adjusted() - digits)
    low = (abs(exact) // place) * place
    size = {"over": low, "under": low + place, "nearly": low + place, "about": low, "": low}[hedge]
    if hedge == "nearly":
        assume(abs(exact) >= size * Decimal("0.9"))
    if hedge == "about":
        assume(abs(exact) <= size * Decimal("1.1"))
    if not hedge:
        size = abs(exact).quantize(place)
    stated = Number(size.copy_sign(exact), place, hedge)
    made = Claim(Number(figure, Decimal(0)), Number(baseline, Decimal(0)), stated)
    assert check(made).verdict == CONSISTENT


numbers = st.builds(
    Number,
    st.decimals(-(10**12), 10**12, places=2),
    st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(1), Decimal(1000)]),
    st.sampled_from(["", "about", "nearly", "over", "under"]),
)


@given(
    numbers,
    st.one_of(st.none(), numbers),
    numbers,
    st.sampled_from(["%", "£", ""]),
    st.sampled_from(["percent", "points", "times", "absolute"]),
    st.sampled_from(["", "real", "cash", "rate", "count"]),
)
def test_every_claim_gets_a_verdict_and_words(
    figure: Number, baseline: Number | None, stated: Number, unit: str, sort: str, basis: str
) -> None:
    rise = Number(Decimal(5), Decimal(1))
    assert check(Claim(figure, baseline, stated, unit, sort, basis, rise)).words
    assert check(Claim(figure, baseline, stated, unit, sort, basis)).words
