"""Who is named in a phrase: a run of capitals is a person after a title or a post, with a known first name,
or set off with a role.
"""

import re

from .lists import word_list
from .names import FEMALE_TITLES, MALE_TITLES, PEERS, TITLES, is_first_name
from .people import People
from .roles import ORGANISATION_WORDS, ROLE_NOUNS, is_role_noun

PARTICLES = frozenset(word_list("de da di del della du van von der den ten la le el al bin ibn ap st dos y"))
NOT_NAMES = frozenset(
    word_list(
        "The This That These Those A An And But Or So Yet If When While As At In On By For From To Of With "
        "After Before "
        "Since Until During Under Over Our Their His Her Its My Your He She They It We You I There Here "
        "Now Then Today "
        "Yesterday Tomorrow However Meanwhile Although Also Last Next One Two Three Four Five Six Seven "
        "Eight Nine Ten "
        "Some Many Most More Few All Both Each Every No Not Nor What Who Whose Why How Where Which "
        "According Speaking "
        "Responding Commenting Writing Asked Asking Following Earlier Later Once Only Just Even Still "
        "Despite Because "
        "Another Other Such Any Yes Dear Note Notes Background Ends Quote Quotes Contact Media Meanwhile, "
        "Said Says"
    )
)
_CAPITAL = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ]|(?:Mc|Mac|O[’']|D[’'])[A-Z])[\w'’.-]*,?$|(?:al|el|d|O|o)[-’'][A-Z][\w'’-]*,?$"
)
_OF_PLACE = re.compile(
    r"(?:\b[Tt]he\s)?\b(?P<title>(?:Lord\s|Rt Revd\s)?(?:Earl|Duke|Duchess|Countess|Marquess|Bishop|"
    r"Archbishop|Viscount)) of "
    r"[A-Z][\w’'-]+(?: and [A-Z][a-z]+)?(?!\s?,?\s(?:(?:the|The)\s)?(?:Rt|Right|Most|"
    r"Very)\b)(?![,]?\s(?:[A-Z][a-z]+\s){1,2}[A-Z][a-z]+)"
)
"""Who is called by a see or a title alone: "the Bishop of Thirsk"."""


_JUDGE = re.compile(
    r"(?<![\w’'-])(?P<title>Mr|Mrs|Ms|Miss|Lord|Lady)\.?\sJustice\s(?!General\b|Clerk\b)"
    r"(?P<name>[A-Z][\w-]*(?:[’'][A-Z][\w-]*)?(?:\s(?!(?:QC|KC)\b)[A-Z][\w-]+)?)"
)
"""A judge of the High Court or the Court of Appeal, who is called by the whole of it: "Mr Justice Roe"."""


def _judge_in(segment: str) -> tuple[str, str, str, str] | None:
    judge = _JUDGE.search(segment[:200])
    if judge is None:
        return None
    before = segment[: judge.start()].split()
    name = f"{judge['title']} Justice {' '.join(judge['name'].split())}"
    return judge["title"], name, _role_before(before, len(before)), segment[judge.end() :].strip()


def name_in(segment: str, people: "People") -> tuple[str, str, str, str] | None:
    """Title, name, role before and words after, of the person that a segment names; None without one."""
    lord = _OF_PLACE.search(segment[:200])
    if lord:
        return (
            lord["title"].split()[-1],
            lord[0].removeprefix("the ").removeprefix("The "),
            "",
            segment[lord.end() :].strip(),
        )
    judge = _judge_in(segment)
    if judge:
        return judge
    words = [word for word in map(_bare, segment[:400].split()[:24]) if word]
    best = None
    for start, end in _runs(words):
        if _leads_a_post(words, end):
            continue  # "NFU Cymru president Gwyn Roe"
        found = _person(words, start, end, people)
        if found and (" " in found[1] or start == 0 and " " not in segment or found[2]):
            return found
        best = best or found  # a lone surname may lead a post: "Doe spokeswoman Ann Roe"
    return best


def _leads_a_post(words: list[str], end: int) -> bool:
    """Whether a run of capitals stands before a post in small letters that leads a name."""
    noun = next(
        (
            at
            for at in range(end, min(end + 3, len(words)))
            if words[at].islower() and is_role_noun(words[at])
        ),
        None,
    )
    if (
        noun is None
        or any(not words[at].islower() for at in range(end, noun))
        or words[end - 1].endswith(",")
    ):
        return False
    return (
        noun + 1 < len(words) and bool(_CAPITAL.match(words[noun + 1])) and words[noun + 1] not in NOT_NAMES
    )


def _bare(word: str) -> str:
    """Without marks round it; what ends a clause leaves a comma, so that no run goes over it."""
    bare = word.lstrip("“”\"‘'").rstrip('“”"*')
    if (
        len(bare) > 1
        and bare[-1] in ":;!?"
        or (bare.endswith(".") and len(bare) > 4 and bare[:-1].lower() not in TITLES)
    ):
        return bare.rstrip(":;!?.") + ","
    return bare


def _runs(words: list[str]) -> list[tuple[int, int]]:
    """Runs of capitals, particles within them included."""
    runs, at = [], 0
    while at < len(words):
        if not _CAPITAL.match(words[at]) or words[at] in NOT_NAMES:
            at += 1
            continue
        end = at + 1
        while (
            end < len(words)
            and not words[end - 1].endswith(",")
            and (
                (_CAPITAL.match(words[end]) and words[end] not in NOT_NAMES)
                or (words[end] in PARTICLES and end + 1 < len(words) and _CAPITAL.match(words[end + 1]))
            )
        ):
            end += 1
        runs.append((at, end))
        at = end
    return runs


def _past_office(words: list[str], start: int, end: int) -> int:
    """Where the name begins in "Minister of State for Housing Darragh Roe": after the office."""
    if start == 0 or words[start - 1] not in ("for", "of", "and", "&"):
        return start
    if not any(is_role_noun(word) for word in words[max(0, start - 8) : start - 1]):
        return start
    offices = [at for at in range(start, end) if words[at].lower() in ORGANISATION_WORDS]
    return offices[-1] + 1 if offices and end - offices[-1] > 2 else start


def _person(words: list[str], start: int, end: int, people: "People") -> tuple[str, str, str, str] | None:
    """The person in one run of capitals, if there is one: after the last title or noun of a post in it."""
    while end - start > 2 and words[end - 1].rstrip(",") in POSTNOMINALS:
        end -= 1
    first = start
    title: list[str] = []
    posts = False
    for at in range(start, end):
        bare = words[at].rstrip(".").lower()
        if words[at] == "DJ" and at + 1 < end:
            continue  # initials
        if bare.endswith("s") and bare[:-1] in ROLE_NOUNS and bare not in ROLE_NOUNS:
            continue  # "Carers Together" is a body
        if at + 1 == end and at > start and is_first_name(words[at - 1]):
            continue  # a surname that is a trade: "Tom Baker"
        if bare in TITLES or is_role_noun(words[at]):
            if at + 1 < end or is_role_noun(words[at]):
                first, posts = at + 1, True
            title = [words[at]] if bare in TITLES else []
    while first < end and words[first].rstrip(".").lower() in TITLES:
        first += 1
    office = _past_office(words, first, end) if first == start else first
    lead = office > first or start > 0 and is_role_noun(words[start - 1])
    first = office
    name = words[first:end]
    if not name:
        return None
    known = next((at for at in range(first, end) if is_first_name(words[at])), None)
    if known is not None and known > first and end - known >= 2:
        first, name = known, words[known:end]
    name[-1] = re.sub(r",$", "", name[-1])
    name[-1] = re.sub(r"[’']s?$|[.]$", "", name[-1]) or name[-1]
    if _is_body(name) or not posts and _is_shouted(name):
        return None
    joined = " ".join(name)
    sure = posts or lead or known == first or people.knows(joined)
    if not sure and (not 2 <= len(name) <= 4 or start > 0 and words[start - 1].lower() in PLACING):
        return None
    if not sure and words[start:end] != name:
        return None
    before = _role_before(words, first)
    while before and " " in before and before.rpartition(" ")[2].rstrip(".").lower() in _PLAIN_TITLES:
        before = before.rpartition(" ")[0]
    honorific = (
        " ".join(title) if title and title[0].rstrip(".").lower() in MALE_TITLES | FEMALE_TITLES else ""
    )
    if before and all(word.rstrip(".").lower() in _PLAIN_TITLES for word in before.split()):
        honorific, before = before, ""
    if honorific.lower() in PEERS:
        seat = _seat(words, end)
        joined, end = " ".join([joined, *words[end:seat]]).rstrip(","), seat
    return honorific, joined, before, " ".join(words[end:])


def _is_body(name: list[str]) -> bool:
    rest = name[1:] if is_first_name(name[0]) else name
    return any(word.lower() in ORGANISATION_WORDS for word in rest) and not _is_called_like_a_place(name)


def _is_shouted(name: list[str]) -> bool:
    """Whether it holds an acronym; a name all in capitals, at the head of a story, holds none."""
    acronym = any(word.isupper() and len(word) > 2 for word in name)
    return acronym and not (all(word.isupper() for word in name) and is_first_name(name[0]))


def _seat(words: list[str], end: int) -> int:
    """Where "of Kentish Town" ends, if it follows a peer's name."""
    if (
        words[end - 1].endswith(",")
        or end + 1 >= len(words)
        or words[end] != "of"
        or not _CAPITAL.match(words[end + 1])
    ):
        return end
    at = end + 2
    while at < min(end + 4, len(words)) and not words[at - 1].endswith(",") and _CAPITAL.match(words[at]):
        at += 1
    return at


_SURNAMES_TOO = frozenset(
    word_list(
        "lane street hill west north park church day english house england ireland wales bridge valley "
        "lake farm"
    )
)
_PLACES_TOO = frozenset(
    word_list("victoria alexandra charlotte florence george albert james regent adelaide sydney st")
)


def _is_called_like_a_place(name: list[str]) -> bool:
    """ "Kat Lane", but not "Victoria Street"."""
    first, *rest = name
    sure = is_first_name(first) and first.lower() not in _PLACES_TOO
    return sure and len(rest) == 1 and rest[0].lower() in _SURNAMES_TOO


POSTNOMINALS = frozenset(word_list("MP MSP MS MLA TD MEP QC KC OBE CBE MBE AM PhD MD FRS"))
_PLAIN_TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | frozenset(("dr", "prof", "professor", "rt", "hon", "the", "doctor", "cllr", "rev", "sgt", "pc"))
)


def _role_before(words: list[str], first: int) -> str:
    """The role that leads a name: "Digital Rights Watch board member", "Secretary of State for Energy"."""
    nouns = [at for at in range(max(0, first - 9), first) if is_role_noun(words[at])]
    titled = [
        at for at in range(max(0, first - 3), first) if words[at].rstrip(".").lower() in TITLES - {"the"}
    ]
    if not nouns:
        return " ".join(words[min(titled) : first]) if titled else ""
    start, lower = nouns[0], 0
    while start > 0 and first - start < 12:
        word = words[start - 1]
        if _CAPITAL.match(word) and word not in NOT_NAMES:
            lower = 0
        elif word[:1].isalpha() and word.islower() and lower < 3 and word not in _STOPS:
            lower += 1
        elif word in ("of", "and", "&", "for") and start > 1 and _CAPITAL.match(words[start - 2]):
            pass
        else:
            break
        start -= 1
    return " ".join(words[start:first])


PLACING = frozenset(
    word_list(
        "the of in at for from to with by a an its their our on into via near firm company charity group "
        "union "
        "bank tank consultancy chain website newspaper paper magazine party club band college village town "
        "city "
        "street suburb estate start-up startup platform brand app agency supplier manufacturer giant nearby"
    )
)
"""Before a run of capitals: it is a place or a thing, unless a first name or a title says otherwise."""
_STOPS = frozenset(
    word_list(
        "the a an of to by with from in on at for and or but that said says told asked as is was were are "
        "be been has "
        "have had will would this its their his her our who which when while after before since under over "
        "into about "
        "between against called named including urged urges quoted meanwhile also then than like per "
        "yesterday today"
    )
)
