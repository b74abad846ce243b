"""Stated changes as people write them: "up 104%", "almost doubled", "fell by 3 percentage points".

No Django, no tables.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from apps.evidence.figures import (
    PER_CENT,
    BadFigure,
    folded,
    hedge_of,
    long,
    one_hedge,
    plain,
    read_amount,
    short,
    shown,
    with_unit,
)

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
    "points": re.compile(
        rf"(?:{PER_CENT}[\s-]*pts?|(?:(?:percentage|{PER_CENT}|pc)[\s-]*)?(?:points?|ppts?|pp|pts))\b"
    ),
    "percent": re.compile(rf"(?:{PER_CENT}|pc\b)"),
    "times": re.compile(r"(?:times as (?:many|much)\b|times\b|-?fold\b|[x×](?!\w))"),
}
"""By the words after the number. Points come first: “3% points” are no per cent."""
_SINCE = re.compile(
    r"\s+(?:than|on|from|since|in|compared|against)\b[^\d%]*"
    r"\b(?:19|20)\d\d(?:\s*[/–-]\s*(?:\d\d){1,2})?$",
    re.IGNORECASE,
)
"""Since which year: "20% down on 2019". It stands with the earlier figure, and is no second number."""
_ELSEWHERE = re.compile(
    r"\b(?:in|(?<!-)on(?!-)|from|for|among|than|of|since|over|after|to|at|within|against|compared|no|not)\b.*"
)
"""Where, when, of whom and what not: "40 people on lower incomes" are not fewer, nor is "no more" more."""
_BESIDE = ("than", "on", "from", "since", "in", "compared", "against", "over", "year-on-year", "again")
"""What goes on after "198 fewer" without saying of what."""


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
    hedge, direction, rest = _opening(text.rstrip(".,; "))
    rest = _without_since(rest, is_change=bool(direction))
    if rest.lower().rstrip("?. ") in MULTIPLES:
        value, step, sort = MULTIPLES[rest.lower().rstrip("?. ")]
        return ReadChange(value, step, hedge, sort)
    try:
        read = read_amount(rest)
    except BadFigure as wrong:
        raise BadFigure(_named(str(wrong), typed)) from wrong
    sort, ending = _sort(read.unit, typed)
    if direction and ending not in ("", direction):
        raise BadFigure(f"“{shown(typed)}” says both up and down. Type it as {EXAMPLES}.")
    value = -abs(read.value) if (direction or ending) == "down" else read.value
    return ReadChange(value, read.step, one_hedge(hedge, read.hedge, typed), sort)


def _without_since(text: str, *, is_change: bool) -> str:
    """ "198 in 2019" is a figure, "down 198 on 2019" is not."""
    found = _SINCE.search(text)
    if found and (is_change or not text[: found.start()][-1:].isdigit()):
        return text[: found.start()]
    return text


def typed_again(change: ReadChange) -> str:
    """In words that read as the same change; a sort that they leave out has a field of its own."""
    number = f"{change.hedge} {short(change.value, change.step)}".strip()
    again = read_change(number)
    if (again.value, again.step) == (change.value, change.step):
        return number
    meant = (change.value, change.step, change.sort)
    word = next((word for word, said in MULTIPLES.items() if said == meant and word.endswith("ed")), "")
    return f"{change.hedge} {word}".strip() if word else number


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
    words = unit.lower().lstrip("-– ")
    if re.match(r"(times|x|fold)\s+(more|higher|greater|larger|bigger|less|fewer)", words):
        raise BadFigure(
            f"“{shown(typed)}” can mean two things: three times as many is two times more. "
            "Type “3 times” for three times as many, or the rise in per cent."
        )
    for sort, said in SORTS.items():
        found = said.match(words)
        if found and (found.end() == len(words) or words[found.end()] in " -,(–"):
            return sort, _direction(words[found.end() :].strip(" -,(–"))
    if words.startswith(("%", "+", "?")):
        raise BadFigure(f"“{shown(typed)}” is no change this form can read. Type it as {EXAMPLES}.")
    return _sort_of_things(words), _direction(words)


def _direction(words: str) -> str:
    """The first word of these that says one: "fewer offences than a year ago", "annual fall"."""
    own = _ELSEWHERE.sub("", words)
    first = next((word for word in re.findall(r"[\w-]+", own) if word in UP + DOWN), "")
    return "down" if first in DOWN else "up" if first else ""


def _sort_of_things(words: str) -> str:
    """ "absolute" where the words name what was counted: "198 fewer offences", but not "198 fewer"."""
    first, *rest = words.split() or [""]
    if first in UP + DOWN:
        return "absolute" if rest and rest[0] not in _BESIDE else ""
    return "absolute" if words else ""


def stated(value: Decimal, step: Decimal, hedge: str, sort: str, unit: str) -> str:
    """As it stands on a page: "104%", "over 100%", "3 percentage points", "2.5 times", "198 offences"."""
    number = long(value, step)
    worded = {
        "percent": f"{number}%",
        "points": f"{number} percentage points",
        "times": f"{plain(value)} times",
    }
    return f"{hedge} {worded.get(sort) or with_unit(number, unit)}".strip()
