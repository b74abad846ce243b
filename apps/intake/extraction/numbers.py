"""Every number of a text, in figures and in words: "389", "£3.4bn", "104 per cent", "one in five".

What is no quantity (years, times of day, telephone and clause numbers) is left to `statistics`.
"""

import re
from dataclasses import dataclass

from .lists import word_list

_S = r"[ \t\u00a0\n]{1,2}"
UNITS = {
    word: value
    for value, word in enumerate(
        word_list(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen"
        )
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(word_list("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "b": 1e9,
    "billion": 1e9,
    "tn": 1e12,
    "trn": 1e12,
    "trillion": 1e12,
    "dozen": 12.0,
    "lakh": 1e5,
    "crore": 1e7,
}
_ORDINALS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twentieth": 20,
    "hundredth": 100,
}
_MULTIPLES = {
    "doubled": 2.0,
    "doubling": 2.0,
    "double": 2.0,
    "doubles": 2.0,
    "twice": 2.0,
    "trebled": 3.0,
    "trebling": 3.0,
    "treble": 3.0,
    "tripled": 3.0,
    "tripling": 3.0,
    "triple": 3.0,
    "quadrupled": 4.0,
    "quadrupling": 4.0,
    "halved": 0.5,
    "halving": 0.5,
    "twofold": 2.0,
    "threefold": 3.0,
    "fourfold": 4.0,
    "fivefold": 5.0,
    "sixfold": 6.0,
    "sevenfold": 7.0,
    "eightfold": 8.0,
    "ninefold": 9.0,
    "tenfold": 10.0,
}
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}

_ONES = "|".join(sorted([word for word in UNITS if word != "zero"], key=len, reverse=True))
_TENS = "|".join(TENS)
_SMALL = rf"(?:(?:{_TENS})(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine))?|{_ONES})"
_WORDED = (
    rf"(?:{_SMALL}|an?(?={_S}(?:hundred|thousand|million|billion|trillion|dozen)\b))(?:{_S}(?:hundred|"
    rf"thousand|million|billion|trillion|dozen)(?:{_S}(?:and{_S})?{_SMALL}(?!{_S}(?:in|out){_S}))?){{0,3}}"
)
_DIGITS = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?(?!\d)|\d{1,15}(?:\.\d{1,6})?"
_SCALE = r"(?:k|mn?|mln|bn|b|tn|trn|million|billion|trillion|thousand|hundred|lakh|crore)"
_CURRENCY = r"(?:US|A|AU|C|CA|NZ|HK|S)?\$|£|€|₹|¥|(?-i:\bRs)\.?\s?|(?:USD|GBP|EUR|AUD|NZD|CAD)\s?"
_PERCENT = r"(?:%|per[ \u00a0\n-]?cent\b\.?|pct\b|pc\b)"
_POINTS = r"(?:percentage|per[ \u00a0]?cent)[ \u00a0\n-]points?\b|pp\b|ppts?\b|percentage-points?\b"

_NUMBER = re.compile(
    rf"""
    (?P<share>\b(?:(?P<sa>\d{{1,3}}(?:,\d{{3}})*(?:\.\d)?|{_SMALL}|an?(?={_S}(?:in|out)\b))(?P<among>(?:{_S}[a-z]{{3,14}}){{1,2}}(?={_S}in{_S}(?:every{_S})?(?:three|four|five|six|seven|eight|nine|ten|10|20|100|1,000|10,000|100,000)\b))?{_S}(?:in(?:{_S}every)?|out{_S}of(?:{_S}every)?|of{_S}every){_S}
        (?P<sb>\d{{1,3}}(?:,\d{{3}})*|{_WORDED}|hundred|thousand|million)\b))
    |(?P<fraction>\b(?:(?P<fa>an?|one|two|three|four|five|six|seven|eight|nine|\d)(?:{_S}|-)(?P<fb>third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|twentieth|hundredth)s?
        |(?P<fhalf>(?:(?:one|a){_S})?half))\b(?P<fof>(?:{_S}(?:of{_S})?an?{_S}|{_S})(?:million|billion|dozen)\b)?)
    |(?P<mult>\b(?:{"|".join(sorted(_MULTIPLES, key=len, reverse=True))})\b|\b(?P<mfold>\d{{1,4}}(?:\.\d)?)[- ]?fold\b)
    |(?P<money>(?P<cur>{_CURRENCY})[ \u00a0]?(?P<md>{_DIGITS})(?:[ \u00a0\n-]?(?P<ms>{_SCALE})\b)?(?P<mglyph>[½¼¾])?)
    |(?P<pence>(?<![\w.,])\d{{1,3}}(?:\.\d)?p\b)
    |(?P<digits>(?<![\w.,/:£$€])(?P<sign>[-−+])?(?P<dd>{_DIGITS})(?P<dglyph>[½¼¾])?(?:(?P<dsep>[ \u00a0\n-]?)(?P<ds>{_SCALE})\b)?
        (?P<dhalf>{_S}and{_S}a{_S}half)?)
    |(?P<words>\b(?P<ww>{_WORDED})\b(?P<wpoint>{_S}point{_S}(?:{_ONES}|zero)\b)?(?P<whalf>{_S}and{_S}a{_S}half(?:{_S}(?P<wscale>million|billion|thousand|hundred))?)?)
    |(?P<vague>\b(?:hundreds|thousands|millions|billions|tens|dozens)\b)
    """,  # noqa: E501
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(_NUMBER.pattern.replace("(?P<share>", "(?P<share>(?!)", 1), _NUMBER.flags)
_TAIL = re.compile(
    rf"(?P<points>[ \u00a0\n-]{{0,2}}(?:{_POINTS}))|(?P<percent>[ \u00a0\n]{{0,2}}{_PERCENT})"
    rf"|(?P<times>{_S}times\b|x\b(?=\s))"
    rf"|(?P<worth>{_S}(?:pounds|quid|euros?|dollars|pence|cents|grand)\b)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:pc|pp|ppt|pct)\b")
"""What may follow figures without a space."""
_RANGE = re.compile(r"[ \u00a0]?(?:[-–—]|to\b)[ \u00a0]?$")


@dataclass(frozen=True, slots=True)
class Number:
    """`value` is that of the unit: 104 of "104 per cent", 0.2 of "one in five", 3.4e9 of "£3.4bn". `step` is
    what it is rounded to; `sort` says how it is written."""

    start: int
    end: int
    value: float
    unit: str
    sort: str
    step: float = 1.0
    parts: tuple[float, ...] = ()


def numbers_in(text: str) -> list[Number]:
    """In the order of the text, none overlapping."""
    found: list[Number] = []
    at = 0
    while True:
        match = _NUMBER.search(text, at)
        if match is None:
            return _ranges(text, found)
        number = _read(text, match)
        if number is None and match["share"]:  # no share after all: "14 collisions in six years"
            match = _PLAIN.match(text, match.start()) or match
            number = _read(text, match) if not match["share"] else None
        if number:
            found.append(number)
        at = max(number.end if number else match.end(), at + 1)


def _read(text: str, match: re.Match[str]) -> Number | None:
    sort = next(
        name
        for name in ("share", "fraction", "mult", "money", "pence", "digits", "words", "vague")
        if match[name]
    )
    after = text[match.end() : match.end() + 1]
    if (
        after.isalnum()
        and sort in ("money", "digits")
        and not _JOINED.match(text, match.end())
        or after == "_"
    ):
        return None
    return _READERS[sort](text, match)


def value_of(words: str) -> float:
    """The value of a number in words or figures: "twenty-nine", "one million", "1,250"."""
    words = words.strip().lower()
    if words[:1].isdigit():
        return float(words.replace(",", ""))
    total = current = 0.0
    for word in re.split(r"[\s-]+", words):
        if word in UNITS:
            current += UNITS[word]
        elif word in TENS:
            current += TENS[word]
        elif word in ("a", "an"):
            current += 1
        elif word in ("hundred", "dozen"):
            current = (current or 1) * SCALES[word]
        elif word in SCALES:
            total += (current or 1) * SCALES[word]
            current = 0.0
    return total + current


def _share(text: str, match: re.Match[str]) -> Number | None:
    """ "one in five", "eight out of 10"; not "one in three years"."""
    of = match["sb"]
    first, second = value_of(match["sa"]), value_of(of) if of.lower() not in SCALES else SCALES[of.lower()]
    out = re.search(r"\bout\b", match[0], re.IGNORECASE)
    rest = text[match.end() : match.end() + 14]
    if second <= 0 or first > second or (not out and _is_year(second, of)) or _PER_CENT_AHEAD.match(rest):
        return None
    if match["among"] and (
        re.search(r"\b(?:and|or|to|per|cent|million|hundred|thousand|of)\b", match["among"])
        or re.match(r"\s[a-z]", rest)
        and not re.match(
            r"\s(?:are|is|have|has|had|was|were|said|say|says|will|would|could|can|did|does|now|do|in|who|"
            r"live|lives)\b",
            rest,
        )
    ):
        return None
    if not out and (first == second or _SPAN_AHEAD.match(rest) and first == 1 and second < 2):
        return None
    return Number(match.start(), match.end(), first / second, "ratio", "share", parts=(first, second))


_PER_CENT_AHEAD = re.compile(rf"\s?{_PERCENT}", re.IGNORECASE)
_SPAN_AHEAD = re.compile(r"\s(?:years?|months?|weeks?|days?)\b")


def _is_year(value: float, written: str) -> bool:
    return 1700 <= value <= 2200 and written.isdigit() and len(written) == 4


def _fraction(text: str, match: re.Match[str]) -> Number | None:
    if match["fhalf"]:
        value = 0.5
    else:
        counted = match["fa"].lower()
        top = 1.0 if counted in ("a", "an") else value_of(counted)
        bottom = _ORDINALS[match["fb"].lower()]
        if top >= bottom:
            return None
        value = top / bottom
    if match["fof"]:
        scale = SCALES[match["fof"].split()[-1].lower()]
        return Number(match.start(), match.end(), value * scale, "count", "fraction", step=scale / 4)
    return Number(match.start(), match.end(), value, "ratio", "fraction")


def _mult(text: str, match: re.Match[str]) -> Number | None:
    value = float(match["mfold"]) if match["mfold"] else _MULTIPLES[match["mult"].lower()]
    return Number(match.start(), match.end(), value, "times", "multiple", step=0.1)


def _step(digits: str, scale: float) -> float:
    places = len(digits.partition(".")[2])
    return float(scale) * 10.0**-places


def _money(text: str, match: re.Match[str]) -> Number | None:
    digits = match["md"].replace(",", "")
    scale = SCALES[match["ms"].lower()] if match["ms"] else 1.0
    value = (float(digits) + _GLYPHS.get(match["mglyph"] or "", 0.0)) * scale
    unit = _currency(match["cur"])
    return Number(match.start(), match.end(), round(value, 4), unit, "money", step=_step(digits, scale))


def _currency(sign: str) -> str:
    sign = sign.strip().upper()
    return {"GBP": "£", "EUR": "€", "RS": "₹", "RS.": "₹"}.get(
        sign, "$" if "$" in sign or sign in ("USD", "AUD", "NZD", "CAD") else sign
    )


def _pence(text: str, match: re.Match[str]) -> Number | None:
    return Number(match.start(), match.end(), round(float(match[0][:-1]) / 100, 4), "£", "money", step=0.01)


def _digits(text: str, match: re.Match[str]) -> Number | None:
    digits = match["dd"].replace(",", "")
    scale = SCALES[match["ds"].lower()] if match["ds"] else 1.0
    if (
        match["ds"]
        and match["ds"].lower() in ("m", "b", "k")
        and match["dsep"].strip(" ") == ""
        and match["dsep"]
    ):
        scale = 1.0  # "5 m" is five metres
    value = (float(digits) + _GLYPHS.get(match["dglyph"] or "", 0.0) + (0.5 if match["dhalf"] else 0)) * scale
    start = match.start("dd") if (match["sign"] or "") != "−" else match.start()
    return _tailed(text, start, match.end(), round(value, 6), "digits", _step(digits, scale))


def _words(text: str, match: re.Match[str]) -> Number | None:
    value = value_of(match["ww"])
    if match["wpoint"]:
        value += value_of(match["wpoint"].split()[-1]) / 10
    if match["whalf"]:
        last = re.split(r"[\s-]", match["ww"].lower())[-1]
        value = (value + 0.5 * SCALES.get(last, 1.0)) * SCALES.get((match["wscale"] or "").lower(), 1.0)
    return _tailed(text, match.start(), match.end(), value, "words", 1.0)


def _tailed(text: str, start: int, end: int, value: float, sort: str, step: float) -> Number:
    """With what stands after it: per cent, percentage points, times, pounds."""
    tail = _TAIL.match(text, end)
    if tail is None:
        return Number(start, end, value, "count", sort, step=step)
    if tail["worth"]:
        word = tail["worth"].strip().lower()
        unit = {"euro": "€", "euros": "€", "dollars": "$", "cents": "$"}.get(word, "£")
        worth = value * {"pence": 0.01, "cents": 0.01, "grand": 1000}.get(word, 1)
        return Number(start, tail.end(), worth, unit, "money", step=step)
    if tail["times"] and value >= 1000:
        return Number(start, end, value, "count", sort, step=step)
    unit = "percentage points" if tail["points"] else "%" if tail["percent"] else "times"
    stop = tail.end() - (
        text[tail.end() - 1] == "." and not text[tail.end() : tail.end() + 2].strip().islower()
    )
    return Number(start, stop, value, unit, sort, step=step)


def _vague(text: str, match: re.Match[str]) -> Number | None:
    return None


_READERS = {
    "share": _share,
    "fraction": _fraction,
    "mult": _mult,
    "money": _money,
    "pence": _pence,
    "digits": _digits,
    "words": _words,
    "vague": _vague,
}


def _ranges(text: str, found: list[Number]) -> list[Number]:
    """ "10-20%", "£2 to £3 million": the first takes unit and scale of the second."""
    for at in range(len(found) - 1):
        first, second = found[at], found[at + 1]
        between = text[first.end : second.start]
        if (
            len(between) <= 5
            and (
                _RANGE.match(between)
                or between.strip() == "and"
                and text[max(0, first.start - 8) : first.start].lower() == "between "
            )
            and first.unit == "count"
            and second.unit in ("%", "percentage points")
        ):
            found[at] = Number(first.start, first.end, first.value, second.unit, first.sort, first.step)
    return found
