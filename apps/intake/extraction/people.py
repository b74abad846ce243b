"""Who is meant: names in a phrase, and the table of everybody a text names outside its quotes.

A name is a run of capitals that a person bears: after a title or the noun of a post, with a first name that
is known, or set off with a role. Surnames, "Mr X", pronouns and "the director" lead back to the table.
"""

import re
from dataclasses import dataclass

from .lists import word_list
from .names import EITHER, MEN, WOMEN
from .roles import ORGANISATION_WORDS, ROLE_NOUNS, holds_role, is_organisation, is_role_noun, split_role

MALE_TITLES = frozenset(
    ("mr", "sir", "lord", "king", "prince", "earl", "viscount", "father", "brother", "fr")
)
PEERS = frozenset(("lord", "lady", "baroness", "viscount", "earl", "countess"))
FEMALE_TITLES = frozenset(
    (
        "mrs",
        "ms",
        "miss",
        "dame",
        "lady",
        "baroness",
        "queen",
        "princess",
        "countess",
        "sister",
        "mx",
        "mum",
        "mother",
    )
)
TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | frozenset(
        word_list(
            "dr doctor prof professor rev reverend rt hon rt. hon. cllr councillor judge justice sen "
            "senator rep "
            "representative gov governor president pope archbishop bishop rabbi imam canon gen general col "
            "colonel "
            "lt lieutenant capt captain sgt sergeant maj major cpl pc dc ds di dci det insp inspector supt "
            "superintendent chief detective constable commissioner ambassador ald alderman congressman "
            "congresswoman secretary minister chancellor premier mayor the"
        )
    )
)
_FIRST_NAMES = MEN | WOMEN | EITHER
PARTICLES = frozenset(word_list("de da di del della du van von der den ten la le el al bin ibn ap st dos y"))
PRONOUNS = {"he": "m", "she": "f", "they": "", "it": "", "who": "", "i": "", "we": ""}
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

_BRACKETS = re.compile(r"\s?[(\[][^()\[\]]{0,60}[)\]]")
_SEGMENT = re.compile(r",\s|\s[–—-]{1,2}\s|;\s")
_CAPITAL = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ]|(?:Mc|Mac|O[’']|D[’'])[A-Z])[\w'’.-]*,?$|(?:al|el|d|O|o)[-’'][A-Z][\w'’-]*,?$"
)
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
_OF_SOMEBODY = re.compile(r"(?:his|her|their|its)\s", re.IGNORECASE)
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


@dataclass(slots=True)
class Person:
    """Somebody, or something, that speaks. `gender` is "m", "f" or empty; `named` is false of spokesmen and
    organisations."""

    name: str
    gender: str = ""
    role: str | None = None
    organisation: str | None = None
    named: bool = True
    at: int = 0

    @property
    def surname(self) -> str:
        return surname_of(self.name)

    def describe(self, stated: str) -> None:
        """Takes a role for the first time; a later one only where it is the same and says more."""
        if not stated:
            return
        title, organisation = split_role(stated)
        if not self.role or (not self.organisation and organisation and stated.startswith(self.role)):
            self.role, self.organisation = title, self.organisation or organisation


@dataclass(frozen=True, slots=True)
class Source:
    """A speaker as a phrase has it. `kind` is "name", "pronoun" or "other"; `role` as stated, unsplit."""

    kind: str
    name: str
    title: str = ""
    role: str = ""
    organisation: str = ""


def gender_of(title: str, name: str) -> str:
    words = title.lower().replace(".", "").split()
    if any(word in FEMALE_TITLES for word in words):
        return "f"
    if any(word in MALE_TITLES for word in words):
        return "m"
    first = name.split()[0].lower() if name else ""
    if first in EITHER:
        return ""
    return "m" if first in MEN else "f" if first in WOMEN else ""


def read_source(phrase: str, people: "People", *, last: bool) -> Source | None:
    """The speaker that a phrase names. Before a verb of saying the last name counts, after it the first."""
    plain = _BRACKETS.sub("", " ".join(phrase[-PHRASE:].split() if last else phrase[:PHRASE].split()))
    plain = _OPENING_WORDS.sub("", plain.strip(" ,;:–—-"))
    plain = _TRAILING_WORDS.sub("", " " + plain).strip(' ,;:.–—-“”"')
    if not plain:
        return None
    segments = [segment.strip() for segment in _SEGMENT.split(plain) if segment and segment.strip()]
    if last and segments and segments[-1].lower() in ("he", "she", "they", "it"):
        return _pronoun(segments[-1], last)
    return _named(segments, people, last) or _pronoun(plain, last) or _other(segments, last)


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
        if (
            at
            and not before
            and not title
            and len(name.split()) == 1
            and last
            and not people.by_surname(name)
        ):
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
    return bool(post) and holds_role(post[0])


def _is_placed(segment: str, name: str) -> bool:
    """Whether a name in an apposition is that of a place or a body: "an economist at Halden Capital"."""
    lead = segment[: max(segment.find(name.split()[0]), 0)].split()
    return bool(lead) and lead[-1].lower() in _PLACING and holds_role(" ".join(lead))


def roles_before(segments: list[str], last: bool) -> str:
    """ "Head of crime at West Mercia Police, Chief Superintendent …": the segment before, if it is a role."""
    plain = _OPENING_WORDS.sub("", segments[-1].lstrip("-•*– ")) if segments else ""
    if holds_role(plain) and not _ASIDE.match(_OF_SOMEBODY.sub("", plain)):
        words = plain.split()
        led = words[0].lower() in ("the", "a", "an", "its", "their", "his", "her")
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
        if _ASIDE.match(segment) or len(segment) > 140:
            break
        if not taken and not holds_role(segment):
            of = re.match(r"(?:of|from|at|with) (?:the |its )?(?:[a-z-]+ ){0,2}([A-Z].*)", segment)
            if of:
                taken.append(of[1])
            break
        taken.append(segment)
    return ", ".join(taken)


_OF_PLACE = re.compile(
    r"(?:\b[Tt]he\s)?\b(?P<title>(?:Lord\s|Rt Revd\s)?(?:Earl|Duke|Duchess|Countess|Marquess|Bishop|"
    r"Archbishop|Viscount)) of "
    r"[A-Z][\w’'-]+(?: and [A-Z][a-z]+)?(?!\s?,?\s(?:(?:the|The)\s)?(?:Rt|Right|Most|"
    r"Very)\b)(?![,]?\s(?:[A-Z][a-z]+\s){1,2}[A-Z][a-z]+)"
)
"""Who is called by a see or a title alone: "the Bishop of Thirsk"."""


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
    """Where the name begins in "Minister of State for Housing Darragh Roe": after the last word of an office."""
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
    if any(word.lower() in ORGANISATION_WORDS for word in name[(1 if is_first_name(name[0]) else 0) :]):
        if not _is_called_like_a_place(name):
            return None
    if any(word.isupper() and len(word) > 2 for word in name) and not posts:
        if not (all(word.isupper() for word in name) and is_first_name(name[0])):
            return None
    joined = " ".join(name)
    sure = posts or lead or known == first or people.knows(joined)
    if not sure and (not 2 <= len(name) <= 4 or start > 0 and words[start - 1].lower() in _PLACING):
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


def is_first_name(word: str) -> bool:
    bare = word.lower()
    return bare in _FIRST_NAMES or bare.partition("-")[0] in _FIRST_NAMES


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


_PLACING = frozenset(
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


def surname_of(name: str) -> str:
    """In small letters; that of "Lord Roe of Ashby" is Roe."""
    plain = name.partition(" of ")[0] if name.partition(" ")[0].lower() in PEERS else name
    return plain.split()[-1].lower().replace("’", "'")


def _contradicts(one: str, other: str) -> bool:
    return bool(one and other and one != other)


class People:
    """Everybody a text names, and who spoke last."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self._by_surname: dict[str, list[Person]] = {}
        self._names: set[str] = set()

    def knows(self, name: str) -> bool:
        """Whether it is a name already met, whole or its last word."""
        return name in self._names or (" " not in name and name.lower().replace("’", "'") in self._by_surname)

    def by_surname(self, name: str) -> Person | None:
        """The first of that surname."""
        words = name.split()
        found = self._by_surname.get(words[-1].lower().replace("’", "'")) if words else None
        if words and " of " in name:
            found = self._by_surname.get(name.partition(" of ")[0].split()[-1].lower()) or found
        if not found:
            return None
        same = [one for one in found if len(words) > 1 and words[0].lower() == one.name.split()[0].lower()]
        return (same or found)[0]

    def meet(self, source: Source, at: int) -> Person:
        """The person of a named source: known, or new; what is said of them is added."""
        person = self._known(source)
        if person is None:
            peer = (
                source.title.split()[-1:]
                and source.title.split()[-1].lower() in PEERS
                and " " not in source.name.partition(" of ")[0]
            )
            name = f"{source.title} {source.name}" if peer else source.name
            person = Person(name, gender_of(source.title, source.name), at=at)
            self.all.append(person)
            self._names |= {source.name, name}
            self._by_surname.setdefault(person.surname, []).append(person)
        person.gender = person.gender or gender_of(source.title, source.name)
        person.describe(source.role)
        if source.organisation and not person.organisation:
            person.organisation = source.organisation
        return person

    def _known(self, source: Source) -> Person | None:
        words = source.name.lower().replace("’", "'").split()
        if " of " in source.name and gender_of(source.title, "") and source.title.lower() in PEERS:
            words = words[: words.index("of")]
        for person in self._by_surname.get(words[-1], []):
            names = person.name.lower().replace("’", "'").split()
            if _contradicts(gender_of(source.title, ""), person.gender):
                continue
            if len(words) == 1 or words == names or words[0] == names[0] or names == words[-len(names) :]:
                if len(words) > len(names):
                    person.name = source.name
                elif " of " in source.name and " of " not in person.name and source.title.lower() in PEERS:
                    person.name = f"{source.title} {source.name}"
                return person
        if len(words) == 1:  # called by the first name: "Anna said"
            return next((one for one in self.all[:200] if one.name.lower().split()[0] == words[0]), None)
        full = " ".join(words)
        return next((one for one in self.all[:200] if one.name.lower().endswith(f" {full}")), None)

    def with_role(self, words: list[str], before: int) -> Person | None:
        """The last person before an offset whose role holds all the words: "the health minister"."""
        wanted = [word.lower().strip(",.") for word in words]
        for person in reversed(self.all[-200:]):
            held = f"{person.role} {person.organisation or ''}".lower() if person.role else ""
            if person.at <= before and held and all(word in held for word in wanted):
                return person
        return None
