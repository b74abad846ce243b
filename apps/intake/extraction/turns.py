"""Contributions to a debate: "Mr. Hunt: …"."""

import re

from .phrases import read_source
from .proposals import Quote, Span
from .resolving import resolve
from .story import CONFIDENCE, Story

_TURN = re.compile(
    r"(?:(?:The\s(?:[A-Z][\w'’-]*|of|for|and|the|to|in|,|\s){2,90}\((?P<minister>[^()]{4,60})\))|"
    r"(?P<who>(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Viscount|The Earl of|Earl|Rev|Hon)\.?\s"
    r"(?:[A-Z][\w'’.-]*\s?){1,4}(?:of\s[A-Z]\w+\s?)?)(?:\((?P<seat>[^()]{2,60})\)\s?(?:\([^()]{2,20}\))?)?|"
    r"(?P<full>(?:[A-Z][\w'’.-]*\s){1,3}[A-Z][\w'’.-]*)\s\([^()]{2,60}\)\s?\([^()]{2,20}\))\s?:(?:\s|$)"
)


def turns_in(story: Story) -> list[Quote]:
    """Contributions to a debate: "Mr. Hunt: …", to the next speaker or heading."""
    begun: list[tuple[int, int, re.Match[str]]] = []
    for number, paragraph in enumerate(story.paragraphs):
        match = _TURN.match(story.text[paragraph.start : min(paragraph.end, paragraph.start + 240)])
        if match:
            begun.append((number, paragraph.start + match.end(), match))
    if len(begun) < 2:
        return []
    stops = {number for number, _, _ in begun}
    return [_turn(story, number, start, match, stops) for number, start, match in begun]


def _turn(story: Story, number: int, start: int, match: re.Match[str], stops: set[int]) -> Quote:
    last = number
    while last + 1 < len(story.paragraphs) and last - number < 60 and last + 1 not in stops:
        following = story.paragraphs[last + 1]
        words = story.text[following.start : following.end]
        if len(words) < 60 and not words.endswith((".", "?", "!")) or " asked the " in words[:120]:
            break
        last += 1
    name = (match["minister"] or match["who"] or match["full"]).strip()
    source = read_source(name, story.people, last=False)
    person = resolve(story, source, start) if source and source.kind == "name" else None
    while start < len(story.text) and story.text[start].isspace():
        start += 1
    role = match[0].partition("(")[0].strip() if match["minister"] else None
    if person and role:
        person.describe(role)
    end = max(start + 1, story.paragraphs[last].end)
    speaker = person.name if person else name
    return Quote(
        min(start, end - 1),
        end,
        speaker,
        person.role if person else None,
        None,
        "turn",
        CONFIDENCE["turn"],
        evidence=Span(story.paragraphs[number].start, start),
    )
