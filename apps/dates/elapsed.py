"""Claims that so much time has passed: "almost 17 months since", "two years ago", "now 500 days overdue".

They were true on some day and go on being read after it. Only what can be told for sure is read: what stands
in quotation marks somebody said then; "more than a year ago" stays true for ever; of "two or three years ago"
and the like nothing is said. One pass over the text, whatever it holds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .partial import BadDate, PartialDate
from .reading import read

_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    "twenty",
)
_VALUES = {"a": 1, "an": 1} | {word: value for value, word in enumerate(_NUMBERS, start=1)}
_UNITS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25, "decade": 3652.5}
_HEDGES = {
    "almost": "nearly",
    "nearly": "nearly",
    "close to": "nearly",
    "about": "about",
    "around": "about",
    "roughly": "about",
    "some": "about",
    "just over": "just over",
    "just under": "under",
    "less than": "under",
    "under": "under",
    "over": "over",
    "more than": "over",
    "at least": "over",
    "well over": "over",
}
_STATES = "late|overdue|behind|past|old"
_CLAIM = re.compile(
    r"(?<![\w.,:£$€’'/–—-])"
    r"(?:(?P<now>now|already)\s{1,3})?"
    rf"(?:(?P<hedge>{'|'.join(sorted(_HEDGES, key=len, reverse=True))})\s{{1,3}})?"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,6}}|{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
    r"(?P<half>\s{1,3}and\s{1,3}a\s{1,3}half)?\s{1,3}"
    rf"(?P<unit>{'|'.join(_UNITS)})s?\s{{1,3}}(?P<tail>ago|since|{_STATES})\b",
    re.IGNORECASE,
)
_SPOILS = {"and", "or", "to", "the", "than", "not", "between", "within", "every", "each", "until", "if", "by"}
"""A word before the claim that makes it part of another: "two or three years ago", "up to a year ago"."""
_STARTS = re.compile(r"\s+((?:\S{1,12}\s+){0,4}\S{1,12})")
_ENDS_A_DATE = re.compile(r"[.,;:()!?“”\"\n]")


@dataclass(frozen=True)
class Elapsed:
    """A claim of so many days, and what its hedge and rounding leave open, from `low` to `high`. `since` is
    the day it counts from, where it says so."""

    words: str
    unit: str
    days: float
    low: float
    high: float
    since: PartialDate | None = None

    def is_over(self, today: date, *said_on: date) -> bool:
        """Whether it surely no longer holds: on whichever of these days it was said."""
        if self.since and self.since.latest:
            return (today - self.since.latest).days > self.high
        return bool(said_on) and all((today - day).days > self.high - self.low for day in said_on)

    def in_unit(self, days: float) -> str:
        """So many days in the unit of the claim: "83 months"."""
        count = round(days / _UNITS[self.unit])
        return f"{count:,} {self.unit}{'' if count == 1 else 's'}"


def elapsed_in(text: str) -> list[Elapsed]:
    """The claims of a text, in its order."""
    quoted = _quoted(text)
    found = (_read(match, text) for match in _CLAIM.finditer(text) if not quoted[match.start()])
    return [claim for claim in found if claim]


def _quoted(text: str) -> list[bool]:
    """For each character, whether it stands in double quotation marks."""
    inside, marks = False, []
    for character in text:
        inside = {"“": True, "”": False, '"': not inside}.get(character, inside)
        marks.append(inside)
    return marks


def _read(match: re.Match[str], text: str) -> Elapsed | None:
    hedge = _HEDGES.get((match["hedge"] or "").lower(), "")
    tail, unit = match["tail"].lower(), match["unit"].lower()
    if hedge == "over" or (tail in _STATES.split("|") and not match["now"]) or _is_spoilt(match, text):
        return None
    typed = match["number"].lower().replace(",", "")
    count = _VALUES.get(typed) or float(typed)
    count += 0.5 if match["half"] else 0
    low, high = (bound * _UNITS[unit] for bound in _bounds(count, hedge, unit))
    since, words = (None, match[0]) if tail != "since" else _since(match, text)
    return Elapsed(" ".join(words.split()), unit, count * _UNITS[unit], low, high, since)


def _is_spoilt(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 20) : match.start()].split()
    return bool(before) and before[-1].lower() in _SPOILS


def _bounds(count: float, hedge: str, unit: str) -> tuple[float, float]:
    """What a hedge leaves open, in units: rather too much than too little."""
    if hedge == "nearly":
        return count - max(1, count * 0.15), count + 0.25
    if hedge == "about":
        return count - max(1, count * 0.25), count + max(1, count * 0.25)
    if hedge == "under":
        return 0, count
    if hedge == "just over":
        return count, count + max(1, count * 0.2)
    if unit == "day":
        return count - 1, count + 1
    return count - max(0.5, count * 0.05), count + max(0.75, count * 0.1)


def _since(match: re.Match[str], text: str) -> tuple[PartialDate | None, str]:
    """The day a claim counts from, and its words with it."""
    following = _STARTS.match(text[match.end() : match.end() + 80])
    for words in _heads(following[1]) if following else ():
        try:
            day = read(words)
        except BadDate:
            continue
        if day.earliest and day.latest:
            return day, f"{match[0]} {words}"
    return None, match[0]


def _heads(words: str) -> Iterator[str]:
    """The first five words, four, three, two, one; of those that hold a number."""
    parts = _ENDS_A_DATE.split(words)[0].split()
    for count in range(len(parts), 0, -1):
        head = " ".join(parts[:count])
        if any(character.isdecimal() for character in head):
            yield head
