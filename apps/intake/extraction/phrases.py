"""Whom a phrase means as a speaker, and what is said of them in the commas round a name."""

import re

from .names import PEERS
from .naming import PLACING, name_in
from .people import People, Source
from .roles import cut, holds_role, is_organisation, is_role_noun

PRONOUNS = {"he": "m", "she": "f", "they": "", "it": "", "who": "", "i": "", "we": ""}
_BRACKETS = re.compile(r"\s?[(\[][^()\[\]]{0,60}[)\]]")
_SEGMENT = re.compile(r",\s|\s[–—-]{1,2}\s|;\s")
_OPENING_WORDS = re.compile(
    r"\A(?:(?:and|but|as(?=\s[A-Z])|however|meanwhile|also|now|then|today|yesterday|later|earlier|last "
    r"night|so|while|"
    r"although|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues|wednes|thurs|fri|satur|sun)day|in response|"
    r"in (?:a|his|her|their) (?:statement|letter|speech|blog|tweet|post|interview)|separately|again|"
    r"finally)[,]?\s+)+",
    re.IGNORECASE,
)
_TRAILING_WORDS = re.compile(
    r"(?:\s+(?:also|has|have|had|then|later|today|yesterday|further|previously|recently|immediately|always|"
    r"who|"
    r"meanwhile|repeatedly|once|now|again|would|will|(?:[a-z]+ly)|in|on|(?:mon|tues|wednes|thurs|fri|satur|"
    r"sun)day|"
    r"last\s+(?:night|week)))+$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?:who|whose|whom|which|where|that|when|after|before|while|as|if|because)\b", re.IGNORECASE
)
_ASIDE = re.compile(
    r"(?:in|on|at|after|before|following|during|speaking|responding|commenting|writing|adding|saying|"
    r"telling|when|"
    r"while|as|who|whose|which|where|but|and (?:he|she|they|it|added|said)|referring|citing|noting|"
    r"announcing|"
    r"addressed|signed|published|released|issued|written|sent|entitled|titled|based|backed|led|"
    r"launching|welcoming|reacting|explaining|describing|calling|urging|warning|because|with|according|"
    r"although|"
    r"despite|under|by|until|not|her|his|their|about|ahead|amid|since|if|last|this|early|late|yesterday|"
    r"today|to|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|has|had|have|was|is|were|are)\b",
    re.IGNORECASE,
)
_FROM_THE = re.compile(r"from (?:the )?")
_OF_SOMEBODY = re.compile(r"(?:his|her|their|its|our|my)\s", re.IGNORECASE)
_SPOKESMAN = re.compile(
    r"(?:an?|the|another)\s(?:[\w’'-]+\s){0,3}?spokes(?:man|woman|person)\s(?:for|from|of|at)\b",
    re.IGNORECASE,
)
HEADS_IT = re.compile(
    r"who (?:has |had |now |also |until recently )?(?:"
    r"(?P<does>(?:chairs?|leads?|runs?|heads?|founded|co-founded|directs|manages|owns|co-chairs|co-chaired|"
    r"chaired|led|headed|"
    r"edits)\s\S.*)|(?:was|is|became|took over as|served as|serves as|works as|worked as|retired as|was "
    r"appointed|"
    r"stepped down as|stood down as|resigned as)\s(?:an?\s|the\s|its\s)?(?P<post>(?:[\w’'-]+\s){0,4}?\S.*))$"
)
_ENDS_POST = re.compile(
    r"\s(?:and (?:was|is|has|had|who|now)|in (?:January|February|March|April|May|June|July|August|"
    r"September|October|November|"
    r"December|\d)|since|until|for (?:the|\w+ years)|last|this|from \d|between|before|when|at the time)\b"
)
_AGE = re.compile(r"(?:aged\s)?\d{1,3}(?:-year-old)?$|from\s|in (?:his|her) \d0s$")
PHRASE = 320
"""How much of a long sentence is looked at for a speaker, in characters."""


def read_source(phrase: str, people: "People", *, last: bool) -> Source | None:
    """The speaker that a phrase names. Before a verb of saying the last name counts, after it the first."""
    plain = _BRACKETS.sub("", " ".join(phrase[-PHRASE:].split() if last else phrase[:PHRASE].split()))
    plain = _OPENING_WORDS.sub("", plain.strip(" ,;:–—-"))
    plain = _TRAILING_WORDS.sub("", " " + plain).strip(' ,;:.–—-“”"')
    if not plain:
        return None
    segments = _whole_names([segment.strip() for segment in cut(_SEGMENT, plain) if segment.strip()])
    if last and segments and segments[-1].lower() in ("he", "she", "they", "it"):
        return _pronoun(segments[-1], last)
    return _named(segments, people, last) or _pronoun(plain, last) or _other(segments, last)


_LIST_ENDS = re.compile(r"[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)?\s(?:and|&)\s[A-Z]")
_LISTED = re.compile(r"[A-Z][\w’'-]*$")


def _whole_names(segments: list[str]) -> list[str]:
    """Segments, with those joined that are the name of whom a spokesman speaks for: "Roe, Doe and Poe"."""
    for at in range(len(segments) - 1):
        if not _SPOKESMAN.match(segments[at]):
            continue
        last = at + 1
        while last + 1 < len(segments) and _LISTED.match(segments[last]):
            last += 1
        if _LIST_ENDS.match(segments[last]):
            return [*segments[:at], ", ".join(segments[at : last + 1]), *segments[last + 1 :]]
    return segments


def _named(segments: list[str], people: "People", last: bool) -> Source | None:
    order = range(len(segments) - 1, -1, -1) if last else range(min(len(segments), 2))
    for at in order:
        segment = segments[at]
        if _SPOKESMAN.match(segment) or (_RELATIVE.match(segment) and len(segments) > 1):
            continue
        found = name_in(segment, people)
        if found is None:
            continue
        title, name, before, after = found
        if at and last and (_is_placed(segment, name) or not before and _is_apposition(segment)):
            continue  # "a resident of Anna Nagar"
        if at and not before and not title and len(name.split()) == 1 and last and not people.called(name):
            continue
        role = ", ".join(
            filter(None, [roles_before(segments[:at], last), before, roles_after(segments[at + 1 :])])
        )
        organisation = ""
        peer = title.lower() in PEERS
        belongs = not peer and re.match(
            r"(?:of|from|at|for)\s+(?:the\s+)?((?:campaign|charity|pressure)?.*)", after
        )
        if belongs:
            organisation = belongs[1]
        elif after and holds_role(after) and not role:
            role = after
        return Source("name", name, title, role, organisation if organisation[:1].isupper() else "")
    return None


_APPOSED = re.compile(
    r"(?:an?|the|its|their|his|her|our)\s(?:\S+\s){0,5}?(?=of|at|for|with|in|on|from|to|who|that)",
    re.IGNORECASE,
)


def _is_apposition(segment: str) -> bool:
    """Whether a segment says what the one before it is: "a volunteer with the group that …"."""
    post = _APPOSED.match(segment)
    return post is not None and holds_role(post[0])


def _is_placed(segment: str, name: str) -> bool:
    """Whether a name in an apposition is that of a place or a body: "an economist at Halden Capital"."""
    lead = segment[: max(segment.find(name.split()[0]), 0)].split()
    return bool(lead) and lead[-1].lower() in PLACING and holds_role(" ".join(lead))


def roles_before(segments: list[str], last: bool) -> str:
    """ "Head of crime at West Mercia Police, Chief Superintendent …": the segment before, if it is a role."""
    plain = _OPENING_WORDS.sub("", segments[-1].lstrip("-•*– ")) if segments else ""
    if holds_role(plain) and not _ASIDE.match(_OF_SOMEBODY.sub("", plain)):
        words = plain.split()
        led = words[0].lower() in ("the", "a", "an", "its", "their", "his", "her", "our", "my")
        if (led or is_role_noun(words[0]) or words[0][:1].isupper()) and len(words) <= 16:
            return " ".join(words)
    return ""


def roles_after(segments: list[str]) -> str:
    """The apposition after a name, up to what is none."""
    taken: list[str] = []
    for segment in segments:
        if not taken and _AGE.match(segment) and not is_organisation(_FROM_THE.sub("", segment)):
            continue
        heads = HEADS_IT.match(segment)
        if heads and not taken and (heads["does"] or holds_role(heads["post"])):
            return _ENDS_POST.split(heads["does"] or heads["post"], maxsplit=1)[0].strip()
        if _ASIDE.match(_OF_SOMEBODY.sub("", segment)) or len(segment) > 140:
            break
        if not taken and not holds_role(segment):
            of = re.match(r"(?:of|from|at|with) (?:the |its )?(?:[a-z-]+ ){0,2}([A-Z].*)", segment)
            if of:
                taken.append(of[1])
            break
        taken.append(segment)
    return ", ".join(taken)


def _pronoun(phrase: str, last: bool) -> Source | None:
    words = phrase.split()
    for word in words[-1:] + words[:1] if last else words[:1]:
        bare = word.lower().strip(".,")
        if bare in PRONOUNS and bare not in ("i", "we"):
            return Source("pronoun", bare)
    pronoun = [word.lower() for word in words[-8:] if word.lower() in ("he", "she")]
    return Source("pronoun", pronoun[-1]) if pronoun and last else None


def _other(segments: list[str], last: bool) -> Source | None:
    """A spokesman without a name, an organisation, a document."""
    for segment in reversed(segments) if last else segments[:1]:
        if _ASIDE.match(segment) and len(segments) > 1:
            continue
        words = segment.split()
        if len(words) <= 14:
            more = (
                roles_after(segments[segments.index(segment) + 1 :]) if holds_role(segment) and last else ""
            )
            return Source("other", segment, role=more)
    return None
