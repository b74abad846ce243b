"""Contributions to a debate: "Mr. Hunt: …"."""

import re
from dataclasses import dataclass

from .phrases import read_source
from .proposals import Quote, Span
from .resolving import resolve
from .story import CONFIDENCE, Story

_WORD = r"[A-Z][\w'’.-]*"
_CLOSE = r"(?:\s?\[[^\]]{1,12}\])?\s?:(?:\s|$)"
"""Perhaps "[V]", for who was heard from afar, and the colon."""
_TURN = re.compile(
    r"(?:(?P<office>The(?:,?\s{1,2}(?:[A-Z][\w'’-]*|of|for|and|the|to|in)){1,45}),?\s{0,2}"
    r"\((?P<minister>[^()]{4,60})\)(?:\s?\([^()]{2,20}\))?|"
    r"(?P<who>(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Viscount|The Earl of|Earl|Rev|Hon)\.?\s"
    rf"{_WORD}(?:\s{_WORD}){{0,3}}(?:\sof(?:\s[A-Z][\w'’-]*){{1,3}})?)"
    r"\s?(?:\((?P<seat>[^()]{2,60})\)\s?(?:\([^()]{2,20}\))?)?|"
    rf"(?P<full>(?:{_WORD}\s){{1,3}}{_WORD})\s\([^()]{{2,60}}\)\s?\([^()]{{2,20}}\)){_CLOSE}"
)
_BARE = re.compile(rf"(?P<name>[A-Z][^:()\[\]\n]{{2,120}}?){_CLOSE}")
"""Whoever has spoken is named so from the second time on: "Jane Doe: …", "The Prime Minister: …"."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A contribution that begins in a paragraph: whose it is, in which office, and where the words begin."""

    number: int
    start: int
    name: str
    office: str | None


def turns_begun(story: Story) -> list[Turn]:
    """Where contributions begin; none, where there is but one."""
    begun: list[Turn] = []
    borne: dict[str, str] = {}
    for number, paragraph in enumerate(story.paragraphs):
        head = story.text[paragraph.start : min(paragraph.end, paragraph.start + 240)]
        match = _TURN.match(head)
        if match:
            name = (match["minister"] or match["who"] or match["full"]).strip()
            borne[name] = name
            if match["office"]:
                borne[match["office"]] = name
            begun.append(Turn(number, paragraph.start + match.end(), name, match["office"]))
            continue
        bare = _BARE.match(head)
        if bare and bare["name"] in borne:
            begun.append(Turn(number, paragraph.start + bare.end(), borne[bare["name"]], None))
    return begun if len(begun) > 1 else []


def turns_in(story: Story, begun: list[Turn]) -> list[Quote]:
    """Contributions to a debate: "Mr. Hunt: …", to the next speaker or heading."""
    stops = {turn.number for turn in begun}
    return [_turn(story, turn, stops) for turn in begun]


def _turn(story: Story, turn: Turn, stops: set[int]) -> Quote:
    number, start, name = turn.number, turn.start, turn.name
    last = number
    while last + 1 < len(story.paragraphs) and last - number < 60 and last + 1 not in stops:
        following = story.paragraphs[last + 1]
        words = story.text[following.start : following.end]
        if len(words) < 60 and not words.endswith((".", "?", "!")) or " asked the " in words[:120]:
            break
        last += 1
    source = read_source(name, story.people, last=False)
    person = resolve(story, source, start) if source and source.kind == "name" else None
    while start < len(story.text) and story.text[start].isspace():
        start += 1
    if person and turn.office:
        person.describe(turn.office)
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
