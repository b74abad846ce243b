"""Whether words stand in a text, however it is set; and if not, word by word what stands there instead.

Typography is no difference: the sort of quotation marks, dashes and spaces, soft hyphens, ligatures, letters
put together from parts. Words, their order, their case and their punctuation are. No Django here, no clock.
"""

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Soft hyphens, spaces without width, marks of direction."""
MARKS = "\"'`´‘’‚‛“”„‟«»‹›′″ʼ＂＇"
DASHES = "\\-‐‑‒–—―−﹘﹣－"
WIDE = "\ufb00-\ufb06！-～…"
"""Ligatures, full-width letters and the ellipsis: what Unicode itself says is the same, and means the same. A
raised figure is not among them: 10² is not 102."""
_SPECIAL = re.compile(
    f"(?P<unseen>[{UNSEEN}]+)|(?P<mark>[{MARKS}]+)|(?P<dash>[{DASHES}]+)|(?P<space>\\s+)"
    f"|(?P<wide>[{WIDE}])|(?P<parts>[^\\s\u0300-\u036f][\u0300-\u036f]+)"
)
_WORD = re.compile(r"[^\s-]+|-")
HEADING_WORDS = 12
"""A line with more words is no subheading."""
COMMON = 200
"""A word that stands in a text more often than this says little about where a passage is."""


@dataclass(frozen=True)
class Folded:
    """A text without its typography; for each character, where in the text it came from."""

    text: str
    starts: "array[int]"
    ends: "array[int]"
    whole: str


@dataclass(frozen=True)
class Found:
    """Where words stand: offsets in the text as it is, and the subheading that interrupts them there."""

    start: int
    end: int
    heading: str = ""


@dataclass(frozen=True)
class Difference:
    """Words of a quote beside those that the text has in their place; either may be empty."""

    quoted: str
    stands: str


def find(words: str, text: str) -> Found | None:
    """The first place where the words stand in the text, whole words only; across one subheading at each
    break of paragraphs where they stand nowhere undivided."""
    wanted = fold(words).text.strip()
    if not wanted:
        return None
    folded = _kept(text)
    for start in _places(wanted, folded.text):
        found = _located(folded, start, start + len(wanted))
        if _is_whole(text, found):
            return found
    return _around_headings(wanted, text)


def differences(words: str, text: str) -> list[Difference]:
    """What the passage of the text that is most like the words has instead of them, in the order of the
    words. Empty where they are the same, and where nothing is like them."""
    if find(words, text):
        return []
    ours, theirs = _words_of(words), _words_of(text)
    window = _nearest([word for word, _, _ in ours], [word for word, _, _ in theirs])
    passage = theirs[window.start : window.stop]
    pairs = _align([word for word, _, _ in ours], [word for word, _, _ in passage])
    if sum(kind == SAME for kind, _, _ in pairs) * 2 < len(ours):
        return []
    found: list[Difference] = []
    for is_same, run in groupby(pairs, key=lambda pair: pair[0] == SAME):
        if not is_same:
            steps = list(run)
            quoted = [ours[i] for kind, i, _ in steps if kind != ADDED]
            stands = [passage[j] for kind, _, j in steps if kind != DROPPED]
            found.append(Difference(_slice(words, quoted), _slice(text, stands)))
    return found


def fold(text: str) -> Folded:
    made: list[str] = []
    starts, ends = array("l"), array("l")

    def add(letters: str, start: int, end: int) -> None:
        made.append(letters)
        starts.extend([start] * len(letters))
        ends.extend([end] * len(letters))

    position = 0
    for match in _SPECIAL.finditer(text):
        start, end = match.span()
        if position < start:
            made.append(text[position:start])
            starts.extend(range(position, start))
            ends.extend(range(position + 1, start + 1))
        position = end
        last = made[-1][-1] if made and made[-1] else " "
        kind = match.lastgroup
        if kind == "mark":
            if last.isalnum() and _next_letter(text, end):
                add("'", start, end)
        elif kind == "dash":
            while made and made[-1] == " ":
                made.pop()
                starts.pop()
                ends.pop()
            if not made or made[-1] != "-":
                add("-", start, end)
        elif kind == "space":
            if last not in " -":
                add(" ", start, end)
        elif kind == "wide":
            add(unicodedata.normalize("NFKC", match[0]), start, end)
        elif kind == "parts":
            add(unicodedata.normalize("NFC", match[0]), start, end)
    if position < len(text):
        made.append(text[position:])
        starts.extend(range(position, len(text)))
        ends.extend(range(position + 1, len(text) + 1))
    return Folded("".join(made), starts, ends, text)


@lru_cache(maxsize=4)
def _kept(text: str) -> Folded:
    """A long text folded, once for all the quotes that are looked for in it."""
    return fold(text)


def same(one: str, other: str) -> bool:
    """Whether two texts differ in their typography at most."""
    return fold(one).text.strip() == fold(other).text.strip()


def _next_letter(text: str, position: int) -> bool:
    while position < len(text) and re.match(f"[{UNSEEN}]", text[position]):
        position += 1
    return position < len(text) and text[position].isalnum()


def _places(wanted: str, text: str) -> Iterator[int]:
    start = text.find(wanted)
    while start >= 0:
        yield start
        start = text.find(wanted, start + 1)


def _located(folded: Folded, start: int, end: int) -> Found:
    return Found(folded.starts[start], folded.ends[end - 1])


# --- Whole words ------------------------------------------------------------------------------------------

_JOINS = re.compile(f"[-‐‑{MARKS}]")
"""What joins the parts of one word: hyphens and apostrophes, but no dashes."""


def _is_whole(text: str, found: Found) -> bool:
    """Whether the words begin and end where words of the text do: “act” is not in “fact” or “re-act”, nor
    “10” in “10.5”, “-10” or “10%”."""
    before = re.sub(f"[{UNSEEN}]", "", text[max(0, found.start - 12) : found.start])[-2:]
    after = re.sub(f"[{UNSEEN}]", "", text[found.end : found.end + 12])[:2]
    first, last = text[found.start], text[found.end - 1]
    return not (_goes_on(first, before[::-1], backwards=True) or _goes_on(last, after))


def _goes_on(edge: str, beyond: str, *, backwards: bool = False) -> bool:
    if not edge.isalnum() or not beyond:
        return False
    if beyond[0].isalnum() or unicodedata.combining(beyond[0]):
        return True
    further = beyond[1] if len(beyond) > 1 else " "
    if _JOINS.match(beyond[0]) and further.isalnum():
        return True
    if not edge.isdigit():
        return False
    if beyond[0] in ".,":
        return further.isdigit()
    return beyond[0] in ("-−" if backwards else "%‰")


# --- Subheadings ------------------------------------------------------------------------------------------

_LINE = re.compile(r"[^\n]+")
_ENDS_A_SENTENCE = re.compile(f"[.!?…:][{MARKS})\\]\\s]*$")


def _headings(text: str) -> list[tuple[int, int]]:
    """Lines that look like subheadings: short, without an end of a sentence, after a line that has one and
    before one that begins a sentence."""
    lines = [match.span() for match in _LINE.finditer(text) if match[0].strip()]
    found = []
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        words = text[slice(*line)].split()
        opening = text[slice(*after)].lstrip(f" \t{MARKS}([")[:1]
        if (
            len(words) <= HEADING_WORDS
            and not _ENDS_A_SENTENCE.search(text[slice(*line)])
            and text[slice(*line)].lstrip()[:1].isupper()
            and _ENDS_A_SENTENCE.search(text[slice(*before)])
            and (opening.isupper() or opening.isdigit())
        ):
            found.append(line)
    return found


@lru_cache(maxsize=4)
def _without_headings(text: str) -> tuple[Folded, list[tuple[int, int]]]:
    """The text folded with blanks in place of its subheadings, and where these stand."""
    headings = _headings(text)
    left_out = list(text)
    for start, end in headings:
        left_out[start:end] = " " * (end - start)
    return fold("".join(left_out)), headings


def _around_headings(wanted: str, text: str) -> Found | None:
    folded, headings = _without_headings(text)
    for place in _places(wanted, folded.text):
        found = _located(folded, place, place + len(wanted))
        inside = [text[start:end] for start, end in headings if found.start < start and end < found.end]
        if inside and _is_whole(text, found):
            return Found(found.start, found.end, " / ".join(line.strip() for line in inside)[:200])
    return None


# --- The nearest passage ----------------------------------------------------------------------------------

Word = tuple[str, int, int]
"""A word without its typography, and where it stands."""


def _words_of(text: str) -> list[Word]:
    folded = _kept(text)
    return [
        (match[0], folded.starts[match.start()], folded.ends[match.end() - 1])
        for match in _WORD.finditer(folded.text)
    ]


def _slice(text: str, words: list[Word]) -> str:
    return text[words[0][1] : words[-1][2]] if words else ""


def _nearest(ours: list[str], theirs: list[str]) -> slice:
    """Where in their words ours would begin and end: the words they share vote for it, rare ones alone."""
    places: dict[str, list[int]] = {word: [] for word in ours}
    for number, word in enumerate(theirs):
        if word in places:
            places[word].append(number)
    room = max(4, len(ours) // 4)
    seldom = max(COMMON, min((len(found) for found in places.values() if found), default=0))
    votes: Counter[int] = Counter()
    for number, word in enumerate(ours):
        if len(places[word]) <= seldom:
            # The vote counts for the bin before as well, or a passage on the bound of two would lose.
            for begin in {(place - number) // room for place in places[word]}:
                votes[begin] += 1
                votes[begin - 1] += 1
    if not votes:
        return slice(0, 0)
    begin, _ = max(votes.items(), key=lambda item: (item[1], -item[0]))
    start = max(0, begin * room - room)
    return slice(start, start + len(ours) + 4 * room)


SAME, CHANGED, DROPPED, ADDED = "same", "changed", "dropped", "added"
Step = tuple[str, int, int]
"""What became of a word of ours, and beside which of theirs: DROPPED is not in theirs, ADDED not in ours."""
MOST_CELLS = 2_000_000
"""More than a quote of four hundred words needs; longer ones are compared as far as this goes."""


def _align(ours: list[str], theirs: list[str]) -> list[Step]:
    """Our words beside theirs with the fewest changes; what of theirs lies before and after is no change."""
    ours = ours[: max(1, MOST_CELLS // max(1, len(theirs)))]
    wide = len(theirs) + 1
    row = [0] * wide
    rows = [row]
    for i, word in enumerate(ours):
        above, row = row, [i + 1] * wide
        for j in range(1, wide):
            beside = above[j - 1] + (not _same_word(word, theirs[j - 1], i == 0, i == len(ours) - 1))
            row[j] = min(beside, above[j] + 1, row[j - 1] + 1)
        rows.append(row)
    i, j = len(ours), min(range(wide), key=lambda j: (row[j], -j))  # a changed last word is no dropped one
    steps: list[Step] = []
    while i:
        here = rows[i][j]
        same = bool(j) and _same_word(ours[i - 1], theirs[j - 1], i == 1, i == len(ours))
        if j and here == rows[i - 1][j - 1] + (not same):
            steps.append((SAME if same else CHANGED, i - 1, j - 1))
            i, j = i - 1, j - 1
        elif here == rows[i - 1][j] + 1:
            steps.append((DROPPED, i - 1, j))
            i -= 1
        else:
            steps.append((ADDED, i, j - 1))
            j -= 1
    return steps[::-1]


def _same_word(our: str, their: str, first: bool, last: bool) -> bool:
    """The same word. Marks that touch it in the text from outside of what was quoted are no part of it."""
    if our == their:
        return True
    if last and their.startswith(our):
        return not any(one.isalnum() for one in their[len(our) :])
    return first and their.endswith(our) and not any(one.isalnum() for one in their[: -len(our)])
