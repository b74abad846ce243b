"""Stated changes as people write them: "up 104%", "almost doubled", "fell by 3 percentage points".

No Django, no tables.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from apps.evidence.figures import BadFigure, folded, hedge_of, long, plain, read_figure, shown, with_unit

EXAMPLES = "104%, about 20%, 3 percentage points, 2.5 times, almost doubled or 198"
UP = ("up", "rose", "rise", "rising", "risen", "increased", "increase", "grew", "growth", "higher", "more")
DOWN = (
    *("down", "fell", "fall", "falling", "fallen", "decreased", "decrease", "dropped", "drop", "cut"),
    *("lower", "reduced", "reduction", "declined", "decline", "fewer", "less"),
)
FILLING = ("a", "an", "by", "of", "it", "has", "have", "was", "were", "the", "went")
TENTH = Decimal("0.1")
MULTIPLES = {
    **dict.fromkeys(("double", "doubled", "doubling"), (Decimal(2), TENTH, "times")),
    **dict.fromkeys(("treble", "trebled", "triple", "tripled"), (Decimal(3), TENTH, "times")),
    **dict.fromkeys(("quadruple", "quadrupled"), (Decimal(4), TENTH, "times")),
    **dict.fromkeys(("halve", "halved", "halving"), (Decimal(-50), Decimal(5), "percent")),
}
"""What a multiple in one word means, and how closely; "more than halved" is more of a fall."""
SORTS = {
    "percent": ("%", "per cent", "percent", "pct"),
    "points": ("percentage points", "percentage point", "points", "point", "ppts", "ppt", "pp", "pts"),
    "times": ("times as many", "times as much", "times", "fold", "-fold", "x"),
}


@dataclass(frozen=True)
class ReadChange:
    """A change as read. `sort` is empty where the words do not say it."""

    value: Decimal
    step: Decimal
    hedge: str = ""
    sort: str = ""


def read_change(typed: str) -> ReadChange:
    """Raises BadFigure."""
    text = folded(typed)
    if len(text) > 100:
        raise BadFigure("That is too long for a change. Type the number here, and the rest as the note.")
    hedge, direction, rest = _opening(text)
    if rest.lower().rstrip("?. ") in MULTIPLES:
        value, step, sort = MULTIPLES[rest.lower().rstrip("?. ")]
        return ReadChange(value, step, hedge, sort)
    try:
        read = read_figure(rest)
    except BadFigure as wrong:
        raise BadFigure(_named(str(wrong), typed)) from wrong
    sort, ending = _sort(read.unit, typed)
    direction = direction or ending
    value = -abs(read.value) if direction == "down" else read.value
    return ReadChange(value, read.step, hedge or read.hedge, sort)


def _named(sentence: str, typed: str) -> str:
    if "no figure" in sentence or sentence.startswith("Type a figure"):
        return f"“{shown(typed)}” is no change this form can read. Type it as {EXAMPLES}."
    return sentence


def _opening(text: str) -> tuple[str, str, str]:
    """Hedge and direction, in either order, and the rest."""
    hedge = direction = ""
    while True:
        found, rest = hedge_of(text)
        first, _, after = text.partition(" ")
        if found and rest:
            hedge, text = found, rest
        elif after and first.lower() in UP + DOWN:
            direction, text = "up" if first.lower() in UP else "down", after
        elif after and first.lower() in FILLING:
            text = after
        else:
            return hedge, direction, text


def _sort(unit: str, typed: str) -> tuple[str, str]:
    """What the number counts by the words after it, and the direction that these end with."""
    words = unit.lower()
    if re.match(r"(times|x|fold)\s+(more|higher|greater|larger|bigger|less|fewer)", words):
        raise BadFigure(
            f"“{shown(typed)}” can mean two things: three times as many is two times more. "
            "Type “3 times” for three times as many, or the rise in per cent."
        )
    for sort, names in SORTS.items():
        for name in names:
            if words == name or words.startswith(f"{name} "):
                last = words.removeprefix(name).strip()
                return sort, "down" if last in DOWN else "up" if last in UP else ""
    first = words.split(" ")[0]
    ending = "down" if first in DOWN else "up" if first in UP else ""
    return "absolute" if words and not ending else "", ending


def stated(value: Decimal, step: Decimal, hedge: str, sort: str, unit: str) -> str:
    """As it stands on a page: "104%", "over 100%", "3 percentage points", "2.5 times", "198 offences"."""
    number = long(value, step)
    worded = {
        "percent": f"{number}%",
        "points": f"{number} percentage points",
        "times": f"{plain(value)} times",
    }
    return f"{hedge} {worded.get(sort) or with_unit(number, unit)}".strip()
