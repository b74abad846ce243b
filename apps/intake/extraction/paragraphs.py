"""A text in paragraphs and sentences, as offsets.

A line is a paragraph, except where a text is hard-wrapped: there a block between empty lines is one.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_BLANK = re.compile(r"\n[ \t\r\u00a0]*\n")
WRAPPED_FROM, WRAPPED_TO = 45, 100
"""How long the lines of a hard-wrapped text are, but the last of each paragraph."""

_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]{0,3}\s{1,3}(?=[“‘\"'(\[]{0,2}[A-Z0-9£$€])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|Hon|hon|St|Sen|Rep|Gov|Gen|Col|Lt|Capt|Sgt|Cllr|Jr|Sr|vs|No|no|Inc|Ltd|"
    r"Co|Corp"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|cent|e\.g|i\.e|[A-Z])|"
    r"\b(?:[A-Za-z]\.){1,4}[A-Za-z])\.$"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`start` and `end` leave out the white space around it."""

    start: int
    end: int


def paragraphs_of(text: str) -> list[Paragraph]:
    """In the order of the text; none is empty."""
    has_blocks = bool(_BLANK.search(text))
    found: list[Paragraph] = []
    block: list[Paragraph] = []
    for line in _lines(text):
        if block and text.count("\n", block[-1].end, line.start) > 1:
            found += _joined(text, block, has_blocks)
            block = []
        block.append(line)
    return found + _joined(text, block, has_blocks)


def _lines(text: str) -> list[Paragraph]:
    lines = []
    for match in _LINE.finditer(text):
        stripped = match[0].strip()
        if stripped:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            lines.append(Paragraph(start, start + len(stripped)))
    return lines


def _joined(text: str, block: list[Paragraph], has_blocks: bool) -> list[Paragraph]:
    """One paragraph of a block whose lines all look wrapped; otherwise its lines."""
    body = block[:-1]
    if len(block) == 2 and text[body[0].end - 1] == ":":
        return block
    if has_blocks and body and all(WRAPPED_FROM <= line.end - line.start <= WRAPPED_TO for line in body):
        return [Paragraph(block[0].start, block[-1].end)]
    return block


class Sentences:
    """Where the sentences of a text begin: a paragraph begins one."""

    def __init__(self, text: str, paragraphs: list[Paragraph]) -> None:
        self.starts = [0]
        for paragraph in paragraphs:
            self.starts.append(paragraph.start)
            for match in _SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
                if not _ABBREVIATION.search(
                    text[max(paragraph.start, match.start() - 8) : match.start() + 1]
                ):
                    self.starts.append(match.end())
        self.ends = [*self.starts[1:], len(text)]

    def bounds(self, position: int) -> tuple[int, int]:
        """The sentence that a position lies in, with the white space after it."""
        at = max(bisect_right(self.starts, position) - 1, 0)
        return self.starts[at], self.ends[at]
