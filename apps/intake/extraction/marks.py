"""Quotation marks, paired paragraph by paragraph: never over a whole text, where one odd mark spoils all.

Four styles (“” "" ‘’ '') and mixtures of them. British papers open every paragraph of a long quote and close
only the last; a subheading, an advert or a caption may stand between, and stays out (`parts`).
"""

import re
from dataclasses import dataclass, field

from .paragraphs import Paragraph

_MARK = re.compile(r"``|''|‘‘|’’|[“”„«»\"‘’‚'`]")
_DOUBLE = frozenset(("“", "”", "„", "«", "»", '"', "``", "''", "‘‘", "’’"))
_OPENERS = frozenset(("“", "„", "«", "``", "‘‘", "‘", "‚", "`"))
_CLOSERS = frozenset(("”", "»", "''", "’’", "’"))
_BEFORE_OPENING = frozenset("([{—–-/\u00a0…:")
_AFTER_CLOSING = frozenset(".,;:!?)]}—–-/…")
_ELISION = re.compile(r"(?:\d0s|tis|twas|em|til|cause|bout|n|round|kay)\b", re.IGNORECASE)
_LAST_WORD = re.compile(r"[.,!?…]$")

INTERRUPTER_WORDS = 10
CAPTION_WORDS = 28
DEEPEST, MOST_BREAKS = 3, 20
CLOSES_WITHIN = 4
"""How many paragraphs without marks a quote that was opened once may run on."""
_CAPTION = re.compile(
    r"(?:advertisement|advert|image|photo|picture|pictured|caption|video|watch|read more|related|story "
    r"continues"
    r"|article continues|sign up|supporting image|getty|credit|share|see also|more on this|newsletter|"
    r"subscribe"
    r"|above|below|left|right)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(r"\b(?:said|says|added|adds|told|continued|explained|warned|concluded)\b|:$")


@dataclass(slots=True)
class Marked:
    """What stands between marks: `parts` are its pieces, a piece for each uninterrupted stretch."""

    parts: list[tuple[int, int]]
    first: int
    last: int
    double: bool
    closed: bool = True
    paragraphs: list[int] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.parts[0][0]

    @property
    def end(self) -> int:
        return self.parts[-1][1]


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    double: bool
    opens: bool
    closes: bool
    curly: bool


def marked_in(text: str, paragraphs: list[Paragraph]) -> list[Marked]:
    """Everything between outer quotation marks, in the order of the text."""
    marks = [_marks_of(text, paragraph) for paragraph in paragraphs]
    scan = _Scan(text, paragraphs, marks)
    for number in range(len(paragraphs)):
        scan.paragraph(number)
    scan.finish()
    return scan.found


def _marks_of(text: str, paragraph: Paragraph) -> list[_Mark]:
    found = []
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        mark = _judged(text, paragraph, match)
        if mark:
            found.append(mark)
    return found


def _judged(text: str, paragraph: Paragraph, match: re.Match[str]) -> _Mark | None:
    """Whether a mark may open or close, by what stands on either side; None for apostrophes and the like."""
    start, end, sign = match.start(), match.end(), match[0]
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end] if end < paragraph.end else " "
    double = sign in _DOUBLE
    if not double and before.isalnum() and after.isalnum():
        return None
    free_before = before.isspace() or before in _BEFORE_OPENING or _is_mark(before)
    opens = free_before and not after.isspace() and (after not in ",;:!?)" or after == "(")
    closes = not before.isspace() and (
        after.isspace() or after in _AFTER_CLOSING or _is_mark(after) or before in ".,!?…"
    )
    if not double and sign in "'’" and opens and not closes and _ELISION.match(text, end):
        return None
    if sign in _OPENERS and not after.isspace():
        opens, closes = True, False
    elif sign in _CLOSERS and (closes or not opens) and sign != "''":
        opens, closes = False, True
    elif sign == '"' and not opens and not closes:
        opens, closes = (after.isalnum() and before in ",.;"), before.isalnum()
    if not double and before.isdigit() and not opens and sign == "'":
        return None
    return _Mark(start, end, double, opens, closes, sign not in ('"', "'")) if opens or closes else None


def _is_mark(sign: str) -> bool:
    return sign in "“”\"‘’'„«»"


class _Scan:
    """The one pass: what is open is carried from paragraph to paragraph."""

    def __init__(self, text: str, paragraphs: list[Paragraph], marks: list[list[_Mark]]) -> None:
        self.text, self.paragraphs, self.marks = text, paragraphs, marks
        self.found: list[Marked] = []
        self.open: Marked | None = None

    def paragraph(self, number: int) -> None:
        marks, begins = self.marks[number], self.paragraphs[number].start
        index = 0
        if self.open:
            reopened = bool(marks) and marks[0].start == begins and marks[0].opens
            if reopened:
                begins, index = marks[0].end, 1
            elif self._interrupts(number):
                return
            elif not self._runs_on(number):
                self.finish()
        if self.open:
            index = self._inside(number, index, begins)
        while index < len(marks):
            index = self._outside(number, index)

    def finish(self) -> None:
        """What was never closed ends with its last paragraph."""
        if self.open:
            self.open.closed = False
            self.found.append(self.open)
            self.open = None

    def _outside(self, number: int, index: int) -> int:
        """The index after the quote that this mark opens, or the next."""
        mark = self.marks[number][index]
        if not mark.opens or not self._is_answered(number, index):
            return index + 1
        self.open = Marked([], number, number, mark.double)
        return self._inside(number, index + 1, mark.end)

    def _is_answered(self, number: int, index: int) -> bool:
        """Whether something closes it: here, or in a paragraph that reopens. Otherwise it is a stray mark."""
        mark, paragraph = self.marks[number][index], self.paragraphs[number]
        if self._close(number, index + 1, mark) is not None:
            return True
        if mark.start == paragraph.start:
            return mark.double or self._goes_on_after(number)
        return self._goes_on_after(number) or (mark.double and not self._next_double(number, index))

    def _next_double(self, number: int, index: int) -> bool:
        return any(mark.double for mark in self.marks[number][index + 1 : index + 9])

    def _goes_on_after(self, number: int) -> bool:
        for following in range(number + 1, min(number + 4, len(self.paragraphs))):
            marks = self.marks[following]
            if marks and marks[0].start == self.paragraphs[following].start and marks[0].opens:
                return True
            if not self._is_short(following):
                return False
        return False

    def _inside(self, number: int, index: int, begins: int) -> int:
        """From inside a quote to its closing mark or the paragraph's end; the index of the mark after."""
        assert self.open is not None
        paragraph = self.paragraphs[number]
        closing = self._close(number, index, self.open)
        self.open.paragraphs.append(number)
        self.open.last = number
        if closing is None:
            self._add_part(begins, paragraph.end)
            return len(self.marks[number])
        self._add_part(begins, self.marks[number][closing].start)
        if self.open.parts:
            self.found.append(self.open)
        self.open = None
        return closing + 1

    def _add_part(self, start: int, end: int) -> None:
        """A new part only after an interruption: paragraphs that follow each other are one."""
        assert self.open is not None
        if end <= start:
            return
        follows = len(self.open.paragraphs) > 1 and self.open.paragraphs[-1] == self.open.paragraphs[-2] + 1
        if self.open.parts and follows:
            self.open.parts[-1] = (self.open.parts[-1][0], end)
        else:
            self.open.parts.append((start, end))

    def _close(self, number: int, index: int, opened: "_Mark | Marked") -> int | None:
        """The index of the mark that closes, past nested quotes; a row of openings is given up early."""
        marks, paragraph = self.marks[number], self.paragraphs[number]
        depth = breaks = 0
        nested_straight = False
        for at in range(index, len(marks)):
            mark = marks[at]
            if mark.double != opened.double:
                continue
            if mark.opens and not mark.closes:
                lost = self._lost_break(mark, opened.double)
                breaks, depth = breaks + lost, depth + (not lost)
                nested_straight = not mark.curly
                if depth > DEEPEST or breaks > MOST_BREAKS:
                    return None
            elif mark.double or self._closes_single(number, at):
                if not depth or mark.end >= paragraph.end or (nested_straight and mark.curly):
                    return at
                depth -= 1
        return None

    def _lost_break(self, mark: _Mark, double: bool) -> bool:
        """An opening mark after the end of a sentence within a quote: the paragraph break went missing."""
        before = self.text[max(0, mark.start - 3) : mark.start]
        return double and before[-1:].isspace() and before.rstrip()[-1:] in (".", "!", "?")

    def _closes_single(self, number: int, at: int) -> bool:
        """A closing single mark, and no possessive ("players’ health") with a better one after it."""
        marks, mark = self.marks[number], self.marks[number][at]
        if not mark.closes:
            return False
        before = self.text[mark.start - 1] if mark.start else " "
        after = self.text[mark.end : mark.end + 2]
        if before not in "sS" or not (after[:1].isspace() and after[1:2].islower()):
            return True
        for following in marks[at + 1 : at + 9]:
            if not following.double:
                return not following.closes
        return not self._goes_on_after(number)

    def _is_short(self, number: int) -> bool:
        """A subheading, an advert or a caption."""
        paragraph = self.paragraphs[number]
        if paragraph.end - paragraph.start > 240:
            return False
        words = self.text[paragraph.start : paragraph.end]
        count = len(words.split())
        if _SPEAKS.search(words):
            return bool(_CAPTION.match(words)) and count <= CAPTION_WORDS and not words.endswith(":")
        heading = count <= INTERRUPTER_WORDS and not _LAST_WORD.search(words)
        return heading or (bool(_CAPTION.match(words)) and count <= CAPTION_WORDS)

    def _interrupts(self, number: int) -> bool:
        """A short paragraph after which the quote goes on with a mark, or another that is as short."""
        if self.marks[number] and self.marks[number][0].start == self.paragraphs[number].start:
            return False
        return self._is_short(number) and self._goes_on_after(number)

    def _runs_on(self, number: int) -> bool:
        """Whether a quote that was opened once is closed in this paragraph or one soon after."""
        assert self.open is not None
        for following in range(number, min(number + CLOSES_WITHIN, len(self.paragraphs))):
            same = [mark for mark in self.marks[following][:12] if mark.double == self.open.double]
            if same:
                first = same[0]
                return first.double and first.closes and not first.opens
        return False
