"""Whom a source means: by name, as "he" or "she", or as "the minister"."""

import re
from bisect import bisect_left

from .people import Person, Source
from .roles import holds_role, is_plural, is_role_noun
from .story import Story

NEAR = 400
"""How far back "it" may lead, in characters."""
_AGED = re.compile(r"\d{1,3}-year-old\s")
SOMEBODY = re.compile(r"(?:an?|one|another)\s", re.IGNORECASE)


def resolve(story: Story, source: Source, at: int) -> Person | None:
    """The person a source means."""
    if source.kind == "name":
        return story.people.meet(source, at)
    if source.kind == "pronoun":
        return _pronoun(story, source.name, at)
    return _unnamed(story, source, at)


def _pronoun(story: Story, pronoun: str, at: int) -> Person | None:
    wanted = {"he": "m", "she": "f"}.get(pronoun, "")
    if pronoun == "it" and story.body and story.body_at >= at - NEAR:
        return story.body
    if story.last and (not wanted or _may_be(story.last, wanted)):
        if wanted and story.last.named:
            story.last.gender = wanted
        return story.last
    spoke = [one for one in story.spoken[-12:] if _may_be(one, wanted)]
    return spoke[-1] if spoke else _mentioned(story, wanted, at) or story.last


def _mentioned(story: Story, gender: str, at: int) -> Person | None:
    """The last named before an offset who is of a gender, else who may be."""
    end = bisect_left(story.mentions, at, key=lambda mention: mention[0])
    near = [person for _, person in reversed(story.mentions[max(0, end - 40) : end])]
    sure = next((one for one in near if gender and one.gender == gender), None)
    return sure or next((one for one in near if one.gender in ("", gender)), None)


def _may_be(one: Person, gender: str) -> bool:
    """Whether somebody may be "he" or "she": no organisation is."""
    single = bool(one.role) and not is_plural(one.name)
    return one.gender in ("", gender) and (one.named or single or bool(SOMEBODY.match(one.name)))


def _unnamed(story: Story, source: Source, at: int) -> Person | None:
    words = source.name.split()
    definite = words[0].lower() in ("the", "his", "her")
    if definite and len(words) <= 4 and holds_role(words[-1]):
        known = story.people.with_role(words[1:], at)
        if known:
            return known
        if words[0] == "the" and story.last and story.last.named and "spokes" not in words[-1]:
            if len(words) > 2 or not story.last.role:
                story.last.describe(" ".join(words[1:]))
            return story.last  # "…,” the nominee told them": who spoke last, by another name
        if story.last and not story.last.named and words[-1].lower() in story.last.name.lower():
            return story.last
    if definite and not story.last and holds_role(words[-1]) and len(words) <= 6:
        mentioned = _mentioned(story, "", at)
        if mentioned and not mentioned.role and "spokes" not in words[-1]:
            mentioned.describe(_AGED.sub("", " ".join(words[1:])))
        if mentioned:
            return mentioned
    if definite and "’s " in source.name.replace("'", "’") and _is_unknown_official(story, words):
        return story.last
    if definite and 4 < len(words) <= 7 and story.last and story.last.named and is_role_noun(words[-1]):
        return story.last
    gender = "m" if re.search(r"(?:spokes|chair|business)man\b", source.name) else ""
    gender = "f" if re.search(r"(?:spokes|chair|business)woman\b", source.name) else gender
    role = source.name if holds_role(source.name) else None
    person = Person(source.name, gender, named=False, at=at)
    if role:
        person.describe(role)
    return person


def _is_unknown_official(story: Story, words: list[str]) -> bool:
    """ "The charity's policy officer", right after somebody of whom no post is known."""
    known = story.last is not None and story.last.named and not story.last.role
    if known and story.last and is_role_noun(words[-1]) and "spokes" not in words[-1]:
        story.last.describe(" ".join(words[1:]))
        return True
    return False
