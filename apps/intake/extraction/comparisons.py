"""Which figures of a sentence are held against each other, and whether a change that is stated of two of them
adds up.
"""

import re
from dataclasses import replace
from decimal import Decimal

from apps.evidence.arithmetic import Claim, Verdict, check
from apps.evidence.arithmetic import Number as Given

from .figures import Around, hedge_before
from .numbers import Number
from .proposals import Comparison, Statistic, SumCheck

_HEDGE_KIND = {
    "over": (
        "well over",
        "just over",
        "more than",
        "at least",
        "over",
        "in excess of",
        "upwards of",
        "to more than",
        "above",
    ),
    "under": ("less than", "fewer than", "at most", "up to", "as many as", "as much as", "under", "below"),
    "nearly": ("almost", "nearly", "just under", "just below", "close to"),
    "about": (
        "about",
        "around",
        "approximately",
        "approx",
        "roughly",
        "some",
        "an estimated",
        "estimated",
        "circa",
    ),
}
_DOWNWARD = re.compile(
    r"\b(?:fall|falls|fell|fallen|falling|drop(?:ped|s|ping)?|decrease[sd]?|down|declin(?:e[sd]?|ing)|"
    r"cuts?|reduc(?:ed|tion|ing)|slump(?:ed)?|plunge[ds]?|lower|"
    r"fewer|less|shrunk|shrank|slashed|decreasing|dipped)\b",
    re.IGNORECASE,
)
_REAL = re.compile(
    r"\b(?:real terms|adjusted for inflation|after inflation|inflation-adjusted)\b", re.IGNORECASE
)
_RATE = re.compile(r"\bper (?:head|capita|person|1,000|100,000|pupil|household)\b", re.IGNORECASE)
_TO = re.compile(r"[^.;]{0,70}?\bto\b[^.;]{0,40}$", re.IGNORECASE)
_FROM = re.compile(
    r"\bfrom\s(?:the\s|a\s|an\s|about\s|around\s|just\s|only\s|nearly\s|almost\s|some\s|over\s|more than\s|"
    r"just over\s|just under\s|fewer than\s|less than\s)?$",
    re.IGNORECASE,
)
_THAN_BEFORE = re.compile(
    r"\b(?:up from|down from|compared (?:with|to)|against|rise (?:on|from)|increase (?:on|from)|fall (?:on|"
    r"from)|drop (?:on|from)|decrease (?:on|from)|"
    r"higher than|lower than|versus|vs|on)\s(?:the\s|a\s|an\s|just\s|only\s|about\s|around\s|some\s|"
    r"nearly\s|almost\s)*$",
    re.IGNORECASE,
)


def compared(text: str, kept: list[Around], found: list[Statistic]) -> list[Statistic]:
    """With the figure that each is held against, sentence by sentence."""
    done = list(found)
    at = 0
    while at < len(kept):
        stop = at + 1
        while stop < len(kept) and stop - at < 12 and kept[stop].begin == kept[at].begin:
            stop += 1
        if stop - at > 1:
            _compare(text, kept, done, at, stop)
        at = stop
    return done


def _compare(text: str, kept: list[Around], done: list[Statistic], low: int, high: int) -> None:
    changes = [at for at in range(low, high) if _is_change(text, kept[at])]
    for pair in _pairs(text, kept, low, high, changes):
        figure, baseline = pair
        first, second = kept[figure].number, kept[baseline].number
        done[figure] = replace(
            done[figure], comparison=Comparison("from", second.start, second.end, done[baseline].value)
        )
        done[baseline] = _like(
            replace(done[baseline], comparison=Comparison("to", first.start, first.end, done[figure].value)),
            done[figure],
        )
        change = min(changes, key=lambda at: abs(at - figure) + abs(at - baseline), default=None)
        if change is not None and change not in pair:
            checked = _checked(text, kept[change], kept[figure], kept[baseline])
            done[change] = replace(
                done[change],
                period=done[figure].period,
                comparison=Comparison("from", second.start, second.end, done[baseline].value),
                check=checked,
            )
            changes.remove(change)


def _like(baseline: Statistic, figure: Statistic) -> Statistic:
    """An earlier figure that says nothing of itself counts what the later one does."""
    if baseline.unit not in ("count",) or figure.unit in ("%", "£", "$", "€", "ratio", "times"):
        return baseline
    return replace(baseline, unit=figure.unit, measure=figure.measure, area=baseline.area or figure.area)


def _is_change(text: str, around: Around) -> bool:
    """Whether a figure is itself a change: per cent, points or a multiple beside "rise", "up", "fell by"."""
    number = around.number
    if number.unit not in ("%", "percentage points", "times"):
        return False
    if number.sort == "multiple":
        return True
    after = re.match(
        r"[\s-](?:\w+\s){0,2}?(?:rise|increase|jump|surge|growth|fall|drop|decrease|decline|cut|reduction|"
        r"more|fewer|less|higher|lower|up|down|spike|leap)\b",
        around.after,
        re.IGNORECASE,
    )
    before = re.search(
        r"\b(?:by|up|down|rose|fell|increased|decreased|grew|risen|fallen|grown|dropped|jumped|soared|"
        r"climbed|declined|increase|rise|fall|drop|jump|cut|reduction|growth|decrease|decline|surge)"
        r"(?:\s(?:by|of|about|around|almost|nearly|more than|over|some|just|just over|"
        r"just under|a|an|massive|staggering|whopping|further|another))*\s$",
        around.before,
        re.IGNORECASE,
    )
    if (
        before
        and before[0].lower().startswith(("up", "down"))
        and around.after.lstrip().startswith(("from", "on"))
    ):
        return True
    return bool(after or before)


def _pairs(text: str, kept: list[Around], low: int, high: int, changes: list[int]) -> list[tuple[int, int]]:
    """(figure, baseline) of a sentence: "from B to F", "F, up from B", "F, a rise of C on the B"."""
    pairs: list[tuple[int, int]] = []
    plain = [
        at
        for at in range(low, high)
        if at not in changes and kept[at].number.unit != "times" and not _PART_OF.search(kept[at].before)
    ]
    taken: set[int] = set()
    for index, at in enumerate(plain):
        if at in taken:
            continue
        number = kept[at].number
        following = plain[index + 1] if index + 1 < len(plain) else None
        between = text[number.end : kept[following].number.start] if following is not None else ""
        if (
            following is not None
            and _FROM.search(kept[at].before)
            and len(between) < 130
            and _TO.fullmatch(between)
            and _alike(number, kept[following].number)
        ):
            pairs.append((following, at))
            taken |= {at, following}
        elif (
            index
            and _THAN_BEFORE.search(kept[at].before)
            and plain[index - 1] not in taken
            and _alike(number, kept[plain[index - 1]].number)
        ):
            pairs.append((plain[index - 1], at))
            taken |= {at, plain[index - 1]}
    return pairs


_PART_OF = re.compile(r"\d(?:k|m|bn)?\s(?:out\s)?of\s(?:the\s|some\s|about\s)?$")
"""Before the whole that a figure is a part of: "2,614 of 4,012"."""


def _alike(first: Number, second: Number) -> bool:
    return first.unit == second.unit


def _checked(text: str, around: Around, of: Around, on: Around) -> SumCheck:
    number, figure, baseline = around.number, of.number, on.number
    falls = bool(
        _DOWNWARD.search(around.before[-40:])
        or _DOWNWARD.match(around.after[1:24].strip())
        or re.match(
            r"\s(?:\w+\s)?(?:fall|drop|decrease|decline|reduction|cut|fewer|lower|less)\b", around.after
        )
    )
    sort = {"%": "percent", "percentage points": "points"}.get(number.unit, "times")
    value = -abs(number.value) if falls and sort != "times" else number.value
    sentence = text[max(around.begin, number.start - 200) : min(around.end, number.end + 200)]
    basis = (
        "real"
        if _REAL.search(sentence)
        else "rate"
        if _RATE.search(sentence) and figure.unit == "count"
        else ""
    )
    claim = Claim(
        _given(figure, figure.value, _hedge_kind(of.before)),
        _given(baseline, baseline.value, _hedge_kind(on.before)),
        _given(number, value, _hedge_kind(around.before)),
        "%" if figure.unit == "%" else figure.unit if figure.unit in "£$€" else "",
        sort,
        basis,
    )
    judged = check(claim)
    verdict = "inconsistent" if judged.verdict is Verdict.WRONG else judged.verdict.value
    return SumCheck(verdict, judged.working, judged.because)


def _given(number: Number, value: float, hedge: str) -> Given:
    exact = number.unit == "count" and number.step == 1
    return Given(Decimal(str(round(value, 4))), Decimal(0) if exact else Decimal(str(number.step)), hedge)


def _hedge_kind(before: str) -> str:
    said = hedge_before(before)
    return next((kind for kind, words in _HEDGE_KIND.items() if said in words), "")
