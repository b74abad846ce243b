"""Quotes without marks: after "X said:", and set off by their place."""

import re

from .attribution import said_before_a_colon, signed_below
from .marks import Marked
from .naming import name_in
from .resolving import resolve
from .speech import ATTRIBUTABLE, CUE, SIGNED
from .story import LONGEST_GAP, Found, Story, proposal_of

_HEADING_END = re.compile(
    r"(?:ends|notes|notes to editors?|background|contacts?|media contacts?|see also|further information|"
    r"press office|about .{1,40}|for (?:more|further) information.*|media enquiries|additional .*|-ends-|"
    r"\*+|#+)\W*$",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|us|my|My|I’m|I've|We’re|We're)\b")
_THIRD_PERSON = re.compile(
    r"(?:In (?:\w+ )?\d{4}|On \d|Since \d|Today|Yesterday|Last (?:year|week|month)|Earlier|The (?:new |"
    r"latest |full |"
    r"national |local )?(?:department|government|minister|ministry|council|charity|company|agency|"
    r"programme|scheme|"
    r"campaign|figures|report|consultation|funding|announcement|move|regulator|survey|study|grant|project|"
    r"event|"
    r"review|bill|committee|force|trust|development|board|centre|park|service|strategy|fund|findings|"
    r"statistics|data|"
    r"plans|plan|changes|measures|launch|news|visit|initiative|investment|award|winners?|regulations|law|"
    r"guidance)\b|"
    r"\d+[.)]|[•*-]\s|For (?:more|further)|More information|A (?:total|copy|recoverable|spokes)|This "
    r"(?:follows|comes)|"
    r"It (?:comes|follows)|These (?:include|are|follow)|According to|Notes?\b|Applications|"
    r"As part of|Meanwhile|Under the (?:new|plans|scheme)|To (?:find|apply|read)|Also )"
)


def read_block(story: Story, number: int) -> None:
    """ "X said:" before paragraphs without marks."""
    if number + 1 >= len(story.paragraphs):
        return
    paragraph, first = story.paragraphs[number], story.paragraphs[number + 1]
    words = story.text[max(paragraph.start, paragraph.end - LONGEST_GAP) : paragraph.end]
    attributable = bool(ATTRIBUTABLE.match(words)) and len(words) < 300
    if not (attributable or (words.endswith(":") and CUE.search(words[-60:]))):
        return
    if _starts_marked(story, number + 1) or story.by_paragraph[number] and not words.endswith(":"):
        return
    end = _block_end(story, number + 1)
    if end is None:
        return
    if first.end - first.start < 30 and end == number + 1:
        return
    lead = Found(Marked([(first.start, story.paragraphs[end].end)], number + 1, end, False), None, None)
    if attributable and story.header:
        source, where = story.header
        lead.is_of(source, resolve(story, source, where.start), "block", where)
    else:
        said_before_a_colon(story, lead, paragraph, number + 1)
    lead.rule = "block"
    lead.cued = True
    story.spoke(lead.speaker, end)
    story.blocks.append(proposal_of(story, lead))


def read_pulled(story: Story, number: int) -> None:
    """ "> …" above "— Jane Doe, chair": set off by its place, without marks."""
    paragraph = story.paragraphs[number]
    if story.text[paragraph.start] != ">" or SIGNED.match(story.text[paragraph.start : paragraph.end]):
        return
    if story.by_paragraph[number] or paragraph.end - paragraph.start < 30:
        return
    start = paragraph.start + 1
    while story.text[start].isspace():
        start += 1
    found = Found(Marked([(start, paragraph.end)], number, number, False), None, None)
    if signed_below(story, found):
        found.rule = "block"
        story.blocks.append(proposal_of(story, found))


def _starts_marked(story: Story, number: int) -> bool:
    paragraph = story.paragraphs[number]
    return story.text[paragraph.start] in "“\"‘'„«`" or any(
        found.marked.start - paragraph.start <= 2 for found in story.by_paragraph[number][:1]
    )


def _block_end(story: Story, first: int) -> int | None:
    """The last paragraph of a quote without marks: up to a speaker, a heading, the third person."""
    last = None
    for number in range(first, min(first + 12, len(story.paragraphs))):
        if not _goes_on(story, number, first):
            break
        last = number
    return last


def _goes_on(story: Story, number: int, first: int) -> bool:
    paragraph = story.paragraphs[number]
    words = story.text[paragraph.start : paragraph.end]
    if _starts_marked(story, number) or _HEADING_END.match(words) or ATTRIBUTABLE.match(words[:300]):
        return False
    if words.endswith(":") and (CUE.search(words[-80:]) or number > first):
        return False
    if len(words.split()) <= 9 and not words.endswith((".", "!", "?", "”", '"')):
        return False
    if number == first:
        return not re.match(r"(?:\d+[.)]|[•*-])\s", words)
    if _FIRST_PERSON.search(words):
        return not _reports(story, words)
    return not _THIRD_PERSON.match(words) and not _reports(story, words)


def _reports(story: Story, words: str) -> bool:
    """Whether a paragraph tells of what somebody said or did, by name."""
    cue = CUE.search(words[:300])
    found = name_in(re.split(r",\s", words[:200], maxsplit=1)[0], story.people)
    return bool(found and (cue or (story.last and found[1].split()[-1] == story.last.name.split()[-1])))
