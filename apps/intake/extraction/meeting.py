"""Everybody named outside quotes, with what is said of them."""

import re

from .names import is_first_name
from .naming import name_in
from .people import Source
from .phrases import roles_after, roles_before
from .roles import ORGANISATION_WORDS, cut, holds_role, is_plural
from .speech import CUE
from .story import LONGEST_GAP, Story
from .subjects import subject_of

BYLINE = re.compile(r"(?:By|BY|Words by|Story by|Reporting by|Photos? by)\s[A-Z][\w’'-]+\s[A-Z]")


_FIRST_NAME = re.compile(
    r"(?<![A-Z][a-z] )(?<![\w’'] [A-Z])\b(?P<name>[A-Z][a-zà-ÿ]{2,14})\*?"
    r"(?:,\swho\s|,\s(?:who is\s)?(?:aged\s|now\s)?(?P<age>\d{1,2}),|"
    r"\s(?:was|is|turned)\s(?:just\s|only\s|now\s)?(?:aged\s)?\d{1,2}(?=[,.;]|\s(?:years|when|and|she|he|"
    r"now)\b)|"
    r"\s(?:was|had|has|is|told|says|said|remembers|lives|lived|went|came|knew|knows|started|began|lost|"
    r"feels|felt)\b)"
)
"""Somebody whom a text calls by the first name alone."""
_WORDS_TOO = frozenset(
    (
        "Bill",
        "Will",
        "Mark",
        "Grant",
        "Rose",
        "Hope",
        "Grace",
        "Joy",
        "Faith",
        "May",
        "June",
        "April",
        "August",
        "Dawn",
    )
    + (
        "Summer",
        "Frank",
        "Drew",
        "Guy",
        "Dean",
        "Rob",
        "Jack",
        "Chelsea",
        "Florence",
        "Victoria",
        "Georgia",
        "Jordan",
    )
    + (
        "Sydney",
        "Adelaide",
        "Lincoln",
        "Chester",
        "Preston",
        "Kent",
        "Carlisle",
        "Devon",
        "Austin",
        "Paris",
        "Israel",
    )
)
_OF_A_BODY = re.compile(r"(?:of|from|at|with)\s(?:the\s)?")
_SEGMENT = re.compile(r",\s|\s[–—-]\s|;\s|[()]")
HEAD = 5
"""In how many paragraphs a story begins."""
_SOMEBODY_DOES = re.compile(
    r"(?:A|An)\s(?P<who>(?:[\w’'-]+\s){0,5}?[\w’'-]+?)\s(?:who|whose|has|had|is|was|says|said|from|fears|"
    r"claims|will|faces|told)\b"
)


def meet_everybody(story: Story, turns: dict[int, int]) -> None:
    """Everybody named outside quotes, with what is said of them; full names before lone surnames. `turns`
    says where what is spoken in a debate begins, in paragraphs that name the speaker first."""
    for number, gaps in enumerate(story.gaps):
        for gap in gaps:
            for start, end in story.sentences_of(gap):
                if BYLINE.match(story.text[start : start + 40]):
                    continue
                spoken = min(max(turns.get(number, start), start), end)
                for first, last in ((start, spoken), (spoken, end)):
                    if first < last:
                        _meet(story, first, last, number)
    _introduce(story)


def _meet(story: Story, start: int, end: int, number: int) -> None:
    words = " ".join(story.text[start : min(end, start + LONGEST_GAP)].split())
    segments = [segment.strip(' :;“”"‘’.') for segment in cut(_SEGMENT, words)][:24]
    for at, segment in enumerate(segments):
        found = name_in(segment, story.people) if segment[:400].strip() else None
        if found is None or (
            len(found[1].split()) < 2 and not found[2] and not found[0] and segment != found[1]
        ):
            continue
        title, name, before, after = found
        if number == 0 and not (title or before or is_first_name(name.split()[0])) and story.is_headline():
            continue
        role = ", ".join(
            filter(
                None,
                [roles_before(segments[:at], last=True), before, _role_after(story, segments, at, after)],
            )
        )
        if (
            len(name.split()) > 1
            or ((before or role) and is_first_name(name))
            or _is_titled(story, title, name)
        ):
            person = story.people.meet(Source("name", name, title, role), start)
            story.mention(start, end, name, person)
    for match in _FIRST_NAME.finditer(words):
        if match["name"] in _WORDS_TOO:
            continue
        if is_first_name(match["name"]) or (match["age"] and match["name"].lower() not in ORGANISATION_WORDS):
            source = Source("name", match["name"])
            if not story.people.knows(source.name):
                story.mention(start, end, source.name, story.people.meet(source, start))


def _introduce(story: Story) -> None:
    """ "A mother of three has …", and below: "Jane Doe, 34, …": whom the head of a story means."""
    for number, paragraph in enumerate(story.paragraphs[:HEAD]):
        words = story.text[paragraph.start : min(paragraph.end, paragraph.start + 160)]
        somebody = _SOMEBODY_DOES.match(words)
        if not somebody or not holds_role(somebody["who"]) or is_plural(somebody["who"]):
            continue
        for following in story.paragraphs[number + 1 : number + 4]:
            person = subject_of(story, following.start, following.end)
            if person and " " in person.name and not person.role:
                person.describe(somebody["who"].lower() if somebody["who"].isupper() else somebody["who"])
                return


def _is_titled(story: Story, title: str, name: str) -> bool:
    """A peer or the like, who has no first name: "Lord Roe"."""
    return bool(title) and name.split()[0][:1].isupper() and story.people.by_surname(name) is None


def _role_after(story: Story, segments: list[str], at: int, after: str) -> str:
    """The apposition after a name; not a list of other people."""
    following = segments[at + 1 :][:2] if not after else []
    if following and re.match(r"(?:aged\s)?\d{1,3}$", following[0]):
        following = following[1:]
    if not following or CUE.search(following[0].partition(" who ")[0]):
        return ""
    another = None if _OF_A_BODY.match(following[0]) else name_in(following[0], story.people)
    if another and " " in another[1]:
        return ""
    return roles_after(following[:1])
