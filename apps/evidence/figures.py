"""Figures and changes as people write them: "about 10,000", "£3.4bn", "12.5%", "almost doubled".

Read into numbers with the step they are rounded to and the hedge they carry, or refused in a sentence that
says what to write instead. No Django, no tables.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

LARGEST = Decimal(10) ** 15
SMALLEST_STEP = Decimal("0.0001")
CURRENCIES = "£$€"
PREFIXED = frozenset(CURRENCIES)
EXAMPLES = "389, 10,000, about 10k, 1.2m, £3.4bn or 12.5%"

HEDGES = {
    "over": (
        "over",
        "more than",
        "at least",
        "upwards of",
        "in excess of",
        "just over",
        "well over",
        ">",
        "≥",
    ),
    "under": ("under", "less than", "fewer than", "below", "up to", "at most", "<", "≤"),
    "nearly": ("nearly", "almost", "just under", "close to", "just below"),
    "about": (
        *("about", "around", "approximately", "approx.", "approx", "roughly", "some", "circa", "ca.", "c."),
        *("an estimated", "estimated", "~", "≈"),
    ),
}
_HEDGE_WORDS = sorted(
    ((word, hedge) for hedge, words in HEDGES.items() for word in words), key=lambda pair: -len(pair[0])
)
SCALES = {
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mn", "million", "millions"), 6),
    **dict.fromkeys(("bn", "b", "billion", "billions"), 9),
    **dict.fromkeys(("tn", "trillion", "trillions"), 12),
}
SHORT = ((12, "tn"), (9, "bn"), (6, "m"), (3, "k"))
LONG = {"tn": " trillion", "bn": " billion", "m": " million"}

_WORDED = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|half|halves|third|thirds|quarter|quarters|dozen"
    r"|hundreds?|thousands|tens)\b",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"\d\s*(/|⁄|in|out of)\s*\d", re.IGNORECASE)
_RANGE = re.compile(r"\d\s*%?\s*(-|–|—|to|and)\s*[£$€]?\s*\d", re.IGNORECASE)
_CONTINENTAL = re.compile(r"[1-9]\d{0,2}\.000")
_NUMBER = re.compile(
    r"(?P<sign>[-−+]?)\s*(?P<currency>[£$€]?)\s*(?P<sign2>[-−]?)(?P<digits>\d[\d,. ']*\d|\d|\.\d+)"
    r"\s*(?P<scale>[^\W\d_]+\b)?\s*(?P<rest>.*)"
)
_GROUPED = re.compile(r"\d{1,3}((?P<mark>[, '])\d{3})((?P=mark)\d{3})*(\.\d+)?")
_PLAIN = re.compile(r"\d*(\.\d+)?")
PER_CENT = r"(?:%|per[\s-]?cent\b|pct\b)"
_AFTER = re.compile(
    rf"(?P<unit>{PER_CENT}?)\s*(?:(?P<over>\+|or more\b)|(?P<under>or (?:less|fewer)\b)|(?P<about>\?+))\s*",
    re.IGNORECASE,
)
"""A hedge that stands behind its number, and behind the per cent of it: "10,000+", "20% or more", "10k?"."""
_IN_PER_CENT = re.compile(PER_CENT, re.IGNORECASE)


class BadFigure(ValueError):
    """What is wrong with a figure, in a sentence for the person who typed it, and what to type instead."""


@dataclass(frozen=True)
class Read:
    """A figure as read. `unit` is what stood with it: "%", "£", "offences"; empty where nothing did."""

    value: Decimal
    step: Decimal
    hedge: str = ""
    unit: str = ""


def read_figure(typed: str) -> Read:
    """Raises BadFigure."""
    read = read_amount(typed)
    if _IN_PER_CENT.fullmatch(read.unit):
        return replace(read, unit="%")
    if _IN_PER_CENT.match(read.unit) or read.unit.startswith(("+", "?")):
        raise BadFigure(
            f"“{shown(typed)}” has more after the number than a unit. Type the number here, such as 12.5%, "
            "and what it is of as the measure."
        )
    return read


def read_amount(typed: str) -> Read:
    """The same with all that stands behind the number as its unit, "% lower" too. Raises BadFigure."""
    text = folded(typed)
    if not text:
        raise BadFigure(f"Type a figure: {EXAMPLES}.")
    if len(text) > 100:
        raise BadFigure("That is too long for a figure. Type the number here, and the rest as the note.")
    hedge, bare = hedge_of(text)
    refuse_words(bare, typed)
    found = _NUMBER.fullmatch(bare)
    if not found:
        raise BadFigure(f"“{shown(typed)}” is no figure this form can read. Type it as {EXAMPLES}.")
    digits = digits_of(found["digits"].strip(), typed)
    power, unit = _scale(found)
    value, step = scaled(digits, power)
    if "-" in (found["sign"] + found["sign2"]).replace("−", "-"):
        value = -value
    behind, unit = _hedged_behind(_without_stops(unit))
    if unit.endswith("?"):
        behind, unit = behind or "about", unit.rstrip("? ")
    return Read(value, step, one_hedge(hedge, behind, typed), _unit(found["currency"], unit, typed))


def _without_stops(unit: str) -> str:
    """Without the stops and commas that end what it was copied from; "p.a." and "sq. ft." keep their own."""
    unit = unit.strip().rstrip(",; ")
    last = unit.rpartition(" ")[2]
    return unit if "." in last.rstrip(".") or "." in unit[: -len(last)] else unit.rstrip(".,; ")


def _hedged_behind(unit: str) -> tuple[str, str]:
    """The hedge that stands between the number and its unit, and the unit without it."""
    found = _AFTER.match(unit)
    if not found:
        return "", unit
    hedge = next(name for name in ("over", "under", "about") if found[name])
    return hedge, _without_stops(f"{found['unit']} {unit[found.end() :]}")


def one_hedge(before: str, behind: str, typed: str) -> str:
    """Of those before and behind a number. A question mark says no more than any other. Raises BadFigure."""
    if before and behind not in ("", "about", before):
        raise BadFigure(f"“{shown(typed)}” says both “{before}” and “{behind}”. Leave one of them out.")
    return before or behind


def folded(typed: str) -> str:
    """With typographic spaces and full-width digits made plain. Raises BadFigure for ½ and ³: they are more
    than digits."""
    if any(unicodedata.category(character) == "No" for character in typed):
        raise BadFigure(f"“{shown(typed)}” has a fraction or a raised digit in it. Type it as {EXAMPLES}.")
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def shown(typed: str) -> str:
    return " ".join(typed.split())[:60]


def hedge_of(text: str) -> tuple[str, str]:
    """The hedge that the text begins with, as Hedge names it, and the text without it."""
    for word, hedge in _HEDGE_WORDS:
        rest = text[len(word) :]
        if text[: len(word)].lower() == word and (not word[-1].isalpha() or not rest[:1].isalnum()):
            return hedge, rest.strip()
    return "", text


def refuse_words(text: str, typed: str) -> None:
    """What says how many, but in a way that is not one number."""
    said = shown(typed)
    if _FRACTION.search(text) or (_WORDED.search(text) and not re.search(r"\d", text)):
        raise BadFigure(
            f"“{said}” is in words or a fraction. Type it as a number: one in five is 20%, half is 50%."
        )
    if _RANGE.search(text):
        raise BadFigure(
            f"“{said}” is a range. Type its middle with “about”, or its lower end with “over”; "
            "the note can hold both ends."
        )


def digits_of(text: str, typed: str) -> Decimal:
    """A number with points and separators, read the British way."""
    if _CONTINENTAL.fullmatch(text):
        whole = text[:-4]
        raise BadFigure(f"“{shown(typed)}” may be {whole} or {whole} thousand. Type {whole} or {whole},000.")
    if _GROUPED.fullmatch(text):
        return Decimal(re.sub(r"[, ']", "", text))
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    raise BadFigure(
        f"“{shown(typed)}” has a comma, point or space in an odd place. Thousands have a comma before every "
        "three digits, decimals a point: 1,250 or 12.5."
    )


def scaled(digits: Decimal, power: int) -> tuple[Decimal, Decimal]:
    """The number and its step. Raises BadFigure where either is beyond what can be kept."""
    step = Decimal(1).scaleb(int(digits.as_tuple().exponent) + power)
    value = digits.scaleb(power)
    if step < SMALLEST_STEP:
        raise BadFigure("A figure has at most four digits after the point. Round it first.")
    if abs(value) >= LARGEST:
        raise BadFigure("That is larger than any figure kept here. Check its digits.")
    return value.quantize(min(step, Decimal(1))), step


def _scale(found: re.Match[str]) -> tuple[int, str]:
    """The power of ten in the word after the digits, and what else follows."""
    word, rest = found["scale"] or "", found["rest"] or ""
    if word.lower() in SCALES:
        return SCALES[word.lower()], rest
    return 0, found.string[found.start("scale") :] if word else rest


def _unit(currency: str, rest: str, typed: str) -> str:
    if currency:
        if rest:
            raise BadFigure(
                f"“{shown(typed)}” has more after the amount. Type the amount here and the rest beside it."
            )
        return currency
    if len(rest) > 60 or re.search(r"\d", rest):
        raise BadFigure(f"“{shown(typed)}” has more than one number in it. Type one figure here: {EXAMPLES}.")
    return rest


def step_of(number: Decimal | None) -> Decimal:
    """The place of its last digit that counts after the point; one for whole numbers."""
    if number is None:
        return Decimal(1)
    return Decimal(1).scaleb(min(0, int(number.normalize().as_tuple().exponent)))


# --- Written again ----------------------------------------------------------------------------------------


def plain(number: Decimal) -> str:
    """A number as a person writes it: no trailing zeros, commas in the thousands."""
    return f"{number.normalize():,f}"


def short(number: Decimal, step: Decimal) -> str:
    """As it is typed, so that reading it gives the same number and step: "389", "12.50", "3.4m", "10k"."""
    if step < 1:
        return f"{number:,.{-int(step.normalize().as_tuple().exponent)}f}"
    places = step.adjusted()
    for power, letter in SHORT:
        if places and power - 3 < places <= power and abs(number) >= Decimal(10) ** power:
            return f"{number.scaleb(-power):,.{power - places}f}{letter}"
    if places:
        power, letter = next(pair for pair in reversed(SHORT) if pair[0] >= places)
        return f"{number.scaleb(-power):,.{power - places}f}{letter}"
    return plain(number)


def long(number: Decimal, step: Decimal) -> str:
    """As it stands on a page: "389", "12.50", "3.4 million", "10,000"."""
    said = short(number, step)
    for letter, word in LONG.items():
        if said.endswith(letter):
            return said.removesuffix(letter) + word
    return plain(number) if step >= 1 else said


def with_unit(said: str, unit: str) -> str:
    """ "389 offences", "99%", "£3.4 billion", "−£5"."""
    if unit == "%":
        return f"{said}%"
    if unit in PREFIXED:
        return f"-{unit}{said[1:]}" if said.startswith("-") else f"{unit}{said}"
    return f"{said} {unit}".strip()
