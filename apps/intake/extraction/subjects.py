"""The person that a sentence begins with, and is about."""

import re

from .naming import name_in
from .people import Person, Source
from .roles import holds_role
from .story import Story

_SETTING = re.compile(
    r"(?:across|from|among|of|beyond|within|through|near|in|on|at|after|before|during|speaking|earlier|"
    r"last|this|yesterday|asked|following|writing|outside|inside|"
    r"under|amid|despite|with|for|until|since|back|by|then|now|today|when|while|as|responding|launching|"
    r"opening|addressing|giving|later|meanwhile|however|also|instead|once|over|standing|sitting)\b",
    re.IGNORECASE,
)
"""Begins the words before a subject that say where and when."""


def subject_of(story: Story, start: int, end: int) -> Person | None:
    """The person that a sentence begins with, or begins with the post of: "Her local MP, Jane Doe, …"."""
    segments = re.split(r",\s", story.text[start : min(end, start + 240)], maxsplit=3)[:3]
    while len(segments) > 1 and _SETTING.match(segments[0]) and not _has_subject(story, segments[0]):
        segments = segments[1:]
    segments = segments[:2]
    first = segments[0]
    found = name_in(first, story.people)
    if found is None and len(segments) > 1 and len(first.split()) <= 3 and first[:1].isupper():
        lead, found = (
            first,
            name_in(segments[1], story.people),
        )  # "Police, Fire and Crime Commissioner Jane Doe"
        first = segments[1] if found and (found[2] or holds_role(lead)) else first
        found = found if first is segments[1] else None
    if found is None and len(segments) > 1 and holds_role(first) and len(first) < 100:
        first = segments[1]
        found = name_in(first, story.people) or _only_name(first)
    lone = found is not None and len(found[1].split()) < 2 and first is segments[0]
    if not found or (lone and not story.people.by_surname(found[1])):
        return None
    position = first.find(found[1].split()[0])
    if position > 60 or re.search(r"\b(?:of|for|by|to|with)\s*$", first[:position]):
        return None
    return story.people.meet(Source("name", found[1], found[0], found[2]), start)


def _has_subject(story: Story, segment: str) -> bool:
    """Whether words of place are followed by somebody: "From the back the Earl of Roe …"."""
    found = name_in(segment, story.people)
    lead = segment[: segment.find(found[1].split()[0])].split() if found else []
    lead = lead[:-1] if lead and lead[-1].lower() == "the" else lead
    return (
        len(lead) > 2
        and not _SETTING.fullmatch(lead[-1])
        and lead[-1].lower() not in ("to", "and", "a", "an")
    )


def _only_name(segment: str) -> tuple[str, str, str, str] | None:
    """A name of one word, set off by commas: "One survivor, Blessing, waited"."""
    word = segment.rstrip("*").strip()
    return ("", word, "", "") if re.fullmatch(r"[A-Z][a-zà-ÿ’'-]{2,14}", word) else None
