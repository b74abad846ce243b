"""What stands in marks and is a quote: a clause or more, rather than a title or a few words taken out."""

import re

from .story import Found, Story

_WORDS = re.compile(r"[\w’'-]+")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|am|has|have|had|do|does|did|will|would|can|could|should|must|may|might|"
    r"shall|i|we|"
    r"you|he|she|they|it|there|this|that|let|don|can|won|isn|doesn|need|needs|want|wants|think|know|"
    r"believe|makes|"
    r"make|made|goes|went|got|gets|take|takes|took|keep|stop|give|tell|feel|feels|felt|seen|saw|it’s|it's|"
    r"i’m|i'm|cannot|"
    r"lets|spoke|speaks|pays|paid|comes|gives|gave|shows|brings|brought|runs|ran|seems|seemed|tells|told|"
    r"thinks|thought|"
    r"uses|used|helps|kills|costs|turns|holds|held|sits|sat|stands|stood|lives|lived|happens|happened|"
    r"begins|began|ends|"
    r"deserve|mean|means|meant|looks?|works?|became|become|remains?|leaves?|left|lost|found|put|says|said|"
    r"knew|came)\b|"
    r"n[’']t\b|[’'](?:s|re|ve|ll|d|m)\b",
    re.IGNORECASE,
)


def is_full(story: Story, found: Found) -> bool:
    """A clause or more that somebody said, rather than a title, a term or a few words taken out."""
    marked = found.marked
    words = story.text[marked.start : min(marked.end, marked.start + 2000)].strip()
    count = len(_WORDS.findall(words))
    if marked.first != marked.last or count >= 25:
        return True
    if count == 0:
        return False
    paragraph = story.paragraphs[marked.first]
    finite = bool(_FINITE.search(words))
    alone = marked.start - paragraph.start <= 2 and paragraph.end - marked.end <= 2
    ended = words[-1] in ".!?…" or story.text[marked.end : marked.end + 2].strip("”\"’'")[:1] == "."
    own = begins_sentence(story.text, marked.start)
    comma = words[-1] == "," or story.text[marked.end + 1 : marked.end + 2] == ","
    capital = words[:1].isupper() or words[:1] in "…£$€" or words[:1].isdigit()
    headline = marked.first == 0 and story.text[paragraph.end - 1] not in ".!?”\"’'"
    if headline and not (ended and count >= 4):
        return count >= 12
    if alone:
        return count >= 5 and (finite or ended) and (marked.first > 0 or ended)
    if found.cued and capital and (ended or comma):
        return count >= 3 or finite
    if found.rule == "after" and (comma or ended):
        return count >= (2 if capital and own else 3)
    if own and capital and words[-1] in ".!?…" and count >= 5:
        return True
    if found.cued and words[-1] in ".!?" and count >= 12:
        return True
    if found.cued and finite:
        return count >= (4 if capital else 7)
    if capital and ended and marked.start - paragraph.start <= 2:
        return count >= 4
    if capital and ended and finite and found.speaker:
        return count >= (2 if found.goes_on else 6)
    if capital and ended and found.goes_on and count >= (3 if own else 4):
        return True
    return finite and count >= 11 and bool(found.speaker)


def begins_sentence(text: str, start: int) -> bool:
    """Whether the mark before an offset opens a sentence: after a full stop, a colon or a line's end."""
    before = text[max(0, start - 6) : start].rstrip("“\"‘'`")
    return not before.strip() or before.rstrip(" \u00a0")[-1:] in ".!?:\n"
