"""Quotes with their speakers: marks and blocks first, then a sieve of rules that says whose words they are.

The rules, surest first: a verb of saying beside the marks; the paragraph before that ends in a colon;
"quotes attributable to"; the same paragraph; the quote before that this one goes on from; the lead in
indirect speech; the quote that follows.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from .marks import Marked, marked_in
from .names import is_first_name
from .naming import name_in
from .paragraphs import Paragraph, Sentences
from .people import People, Person, Source
from .phrases import read_source, roles_after, roles_before
from .proposals import Fragment, Quote, Span
from .roles import ORGANISATION_WORDS, holds_role, is_plural, is_role_noun
from .speech import ATTRIBUTABLE, CUE, SIGNED, WEAK, cues_in, is_participle, subject_after, subject_before

LONGEST_GAP = 600
"""How much of the words between two quotes is read, in characters."""
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
_SETTING = re.compile(
    r"(?:across|from|among|of|beyond|within|through|near|in|on|at|after|before|during|speaking|earlier|"
    r"last|this|yesterday|asked|following|writing|outside|inside|"
    r"under|amid|despite|with|for|until|since|back|by|then|now|today|when|while|as|responding|launching|"
    r"opening|addressing|giving|later|meanwhile|however|also|instead|once|over|standing|sitting)\b",
    re.IGNORECASE,
)
"""Begins the words before a subject that say where and when."""
_SOMEBODY = re.compile(r"(?:an?|one|another)\s", re.IGNORECASE)
_BYLINE = re.compile(r"(?:By|BY|Words by|Story by|Reporting by|Photos? by)\s[A-Z][\w’'-]+\s[A-Z]")
_SPEECH_COLON = re.compile(r":\s*$")
_TURN = re.compile(
    r"(?:(?:The\s(?:[A-Z][\w'’-]*|of|for|and|the|to|in|,|\s){2,90}\((?P<minister>[^()]{4,60})\))|"
    r"(?P<who>(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Viscount|The Earl of|Earl|Rev|Hon)\.?\s"
    r"(?:[A-Z][\w'’.-]*\s?){1,4}(?:of\s[A-Z]\w+\s?)?)(?:\((?P<seat>[^()]{2,60})\)\s?(?:\([^()]{2,20}\))?)?|"
    r"(?P<full>(?:[A-Z][\w'’.-]*\s){1,3}[A-Z][\w'’.-]*)\s\([^()]{2,60}\)\s?\([^()]{2,20}\))\s?:(?:\s|$)"
)


NEAR = 400
"""How far back "it" may lead, in characters."""
_AGED = re.compile(r"\d{1,3}-year-old\s")
_OF_A_BODY = re.compile(r"(?:of|from|at|with)\s(?:the\s)?")
HEAD = 5
"""In how many paragraphs a story begins."""
_SOMEBODY_DOES = re.compile(
    r"(?:A|An)\s(?P<who>(?:[\w’'-]+\s){0,5}?[\w’'-]+?)\s(?:who|whose|has|had|is|was|says|said|from|fears|"
    r"claims|will|faces|told)\b"
)
_NARRATOR = frozenset(("I", "we", "We"))
"""Who tells the story, and is not who is quoted in it."""


@dataclass(slots=True)
class _Gap:
    """Words outside quotes, within one paragraph."""

    start: int
    end: int
    paragraph: int


@dataclass(slots=True)
class _Found:
    """A quotation on its way to a proposal."""

    marked: Marked
    before: _Gap | None
    after: _Gap | None
    speaker: Person | None = None
    role: Source | None = None
    rule: str = ""
    evidence: Span | None = None
    cued: bool = False
    goes_on: bool = False
    """Whether a quote before it in the paragraph has its verb of saying."""


CONFIDENCE = {
    "lead": 0.97,
    "after": 0.96,
    "colon": 0.95,
    "attributable": 0.95,
    "block": 0.85,
    "signed": 0.85,
    "same paragraph": 0.85,
    "continued": 0.85,
    "indirect": 0.75,
    "following": 0.7,
    "last speaker": 0.6,
    "turn": 0.8,
    "unattributed": 0.3,
}


def quotes_in(
    text: str, paragraphs: list[Paragraph], sentences: Sentences
) -> tuple[list[Quote], list[Fragment]]:
    """Quotes, and what stands in marks without being one."""
    marked = marked_in(text, paragraphs)
    reader = _Reader(text, paragraphs, sentences, marked)
    reader.meet_everybody()
    reader.attribute()
    quotes = [reader.proposal(found) for found in reader.found if reader.is_full(found)]
    fragments = [
        Fragment(found.marked.start, found.marked.end) for found in reader.found if not reader.is_full(found)
    ]
    quotes += reader.blocks + reader.turns()
    return sorted(quotes, key=lambda quote: (quote.start, quote.end)), fragments


def begins_sentence(text: str, start: int) -> bool:
    """Whether the mark before an offset opens a sentence: after a full stop, a colon or a line's end."""
    before = text[max(0, start - 6) : start].rstrip("“\"‘'`")
    return not before.strip() or before.rstrip(" \u00a0")[-1:] in ".!?:\n"


def _only_name(segment: str) -> tuple[str, str, str, str] | None:
    """A name of one word, set off by commas: "One survivor, Blessing, waited"."""
    word = segment.rstrip("*").strip()
    return ("", word, "", "") if re.fullmatch(r"[A-Z][a-zà-ÿ’'-]{2,14}", word) else None


class _Reader:
    def __init__(
        self, text: str, paragraphs: list[Paragraph], sentences: Sentences, marked: list[Marked]
    ) -> None:
        self.text, self.paragraphs, self.sentences = text, paragraphs, sentences
        self.people = People()
        self.mentions: list[tuple[int, Person]] = []
        self.gaps: list[list[_Gap]] = [[] for _ in paragraphs]
        self.found: list[_Found] = []
        self.blocks: list[Quote] = []
        self.by_paragraph: list[list[_Found]] = [[] for _ in paragraphs]
        self._lay_out(marked)
        self.last: Person | None = None
        self.body: Person | None = None
        self.body_at = 0
        self.last_paragraph = -9
        self.header: tuple[Source, Span] | None = None

    def _lay_out(self, marked: list[Marked]) -> None:
        """The words before, between and after quotes, paragraph by paragraph."""
        inside: list[list[tuple[int, int, _Found | None]]] = [[] for _ in self.paragraphs]
        for each in marked:
            found = _Found(each, None, None)
            self.found.append(found)
            for number in range(each.first, each.last + 1):
                paragraph = self.paragraphs[number]
                start = max(each.start, paragraph.start)
                end = min(each.end, paragraph.end)
                if start < end:
                    inside[number].append((start, end, found))
            self.by_paragraph[each.first].append(found)
        for number, paragraph in enumerate(self.paragraphs):
            self._gaps_of(number, paragraph, inside[number])

    def _gaps_of(
        self, number: int, paragraph: Paragraph, spans: list[tuple[int, int, _Found | None]]
    ) -> None:
        at, earlier = paragraph.start, None
        for start, end, found in [*spans, (paragraph.end, paragraph.end, None)]:
            gap = _Gap(at, max(at, start), number)
            if found and found.marked.first == number and found.marked.start == start:
                found.before = gap
            if earlier and earlier.marked.end == at:
                earlier.after = gap
            if gap.end > gap.start:
                self.gaps[number].append(gap)
            at, earlier = end, found

    # Who there is

    def meet_everybody(self) -> None:
        """Everybody named outside quotes, with what is said of them; full names before lone surnames."""
        for number, gaps in enumerate(self.gaps):
            for gap in gaps:
                for start, end in self._sentences_of(gap):
                    if not _BYLINE.match(self.text[start : start + 40]):
                        self._meet(start, end, number)
        self._introduce()

    def _meet(self, start: int, end: int, number: int) -> None:
        words = " ".join(self.text[start : min(end, start + LONGEST_GAP)].split())
        segments = [segment.strip(' :;“”"‘’.') for segment in re.split(r",\s|\s[–—-]\s|;\s|[()]", words)][:24]
        for at, segment in enumerate(segments):
            found = name_in(segment, self.people) if segment[:400].strip() else None
            if found is None or (
                len(found[1].split()) < 2 and not found[2] and not found[0] and segment != found[1]
            ):
                continue
            title, name, before, after = found
            if (
                number == 0
                and not (title or before or is_first_name(name.split()[0]))
                and self._is_headline()
            ):
                continue
            role = ", ".join(
                filter(
                    None,
                    [roles_before(segments[:at], last=True), before, self._role_after(segments, at, after)],
                )
            )
            if (
                len(name.split()) > 1
                or ((before or role) and is_first_name(name))
                or self._is_titled(title, name)
            ):
                person = self.people.meet(Source("name", name, title, role), start)
                self._mention(start, end, name, person)
        for match in _FIRST_NAME.finditer(words):
            if match["name"] in _WORDS_TOO:
                continue
            if is_first_name(match["name"]) or (
                match["age"] and match["name"].lower() not in ORGANISATION_WORDS
            ):
                source = Source("name", match["name"])
                if not self.people.knows(source.name):
                    self._mention(start, end, source.name, self.people.meet(source, start))

    def _is_headline(self) -> bool:
        """Whether the first paragraph is one, in which any word may have a capital."""
        return self.text[self.paragraphs[0].end - 1] not in ".!?”\"’'"

    def _introduce(self) -> None:
        """ "A mother of three has …", and below: "Jane Doe, 34, …": whom the head of a story means."""
        for number, paragraph in enumerate(self.paragraphs[:HEAD]):
            words = self.text[paragraph.start : min(paragraph.end, paragraph.start + 160)]
            somebody = _SOMEBODY_DOES.match(words)
            if not somebody or not holds_role(somebody["who"]) or is_plural(somebody["who"]):
                continue
            for following in self.paragraphs[number + 1 : number + 4]:
                person = self._subject_of(following.start, following.end)
                if person and " " in person.name and not person.role:
                    person.describe(somebody["who"].lower() if somebody["who"].isupper() else somebody["who"])
                    return

    def _is_titled(self, title: str, name: str) -> bool:
        """A peer or the like, who has no first name: "Lord Roe"."""
        return bool(title) and name.split()[0][:1].isupper() and self.people.by_surname(name) is None

    def _mention(self, start: int, end: int, name: str, person: Person) -> None:
        at = self.text.find(name.split()[-1], start, end)
        self.mentions.append((at if at >= 0 else start, person))

    def _role_after(self, segments: list[str], at: int, after: str) -> str:
        """The apposition after a name; not a list of other people."""
        following = segments[at + 1 :][:2] if not after else []
        if following and re.match(r"(?:aged\s)?\d{1,3}$", following[0]):
            following = following[1:]
        if not following or CUE.search(following[0].partition(" who ")[0]):
            return ""
        another = None if _OF_A_BODY.match(following[0]) else name_in(following[0], self.people)
        if another and " " in another[1]:
            return ""
        return roles_after(following[:1])

    def _sentences_of(self, gap: _Gap) -> list[tuple[int, int]]:
        spans, at = [], gap.start
        while at < gap.end:
            end = min(max(self.sentences.bounds(at)[1], at + 1), gap.end)
            spans.append((at, end))
            at = end
        return spans

    def resolve(self, source: Source, at: int) -> Person | None:
        """The person a source means."""
        if source.kind == "name":
            return self.people.meet(source, at)
        if source.kind == "pronoun":
            return self._pronoun(source.name, at)
        return self._unnamed(source, at)

    def _pronoun(self, pronoun: str, at: int) -> Person | None:
        wanted = {"he": "m", "she": "f"}.get(pronoun, "")
        if pronoun == "it" and self.body and self.body_at >= at - NEAR:
            return self.body
        if self.last and (not wanted or self._may_be(self.last, wanted)):
            if wanted and self.last.named:
                self.last.gender = wanted
            return self.last
        spoke = [one for one in self.spoken[-12:] if self._may_be(one, wanted)]
        return spoke[-1] if spoke else self._mentioned(wanted, at) or self.last

    def _mentioned(self, gender: str, at: int) -> Person | None:
        """The last named before an offset who is of a gender, else who may be."""
        end = bisect_left(self.mentions, at, key=lambda mention: mention[0])
        near = [person for _, person in reversed(self.mentions[max(0, end - 40) : end])]
        sure = next((one for one in near if gender and one.gender == gender), None)
        return sure or next((one for one in near if one.gender in ("", gender)), None)

    def _may_be(self, one: Person, gender: str) -> bool:
        """Whether somebody may be "he" or "she": no organisation is."""
        single = bool(one.role) and not is_plural(one.name)
        return one.gender in ("", gender) and (one.named or single or bool(_SOMEBODY.match(one.name)))

    def _unnamed(self, source: Source, at: int) -> Person | None:
        words = source.name.split()
        definite = words[0].lower() in ("the", "his", "her")
        if definite and len(words) <= 4 and holds_role(words[-1]):
            known = self.people.with_role(words[1:], at)
            if known:
                return known
            if words[0] == "the" and self.last and self.last.named and "spokes" not in words[-1]:
                if len(words) > 2 or not self.last.role:
                    self.last.describe(" ".join(words[1:]))
                return self.last  # "…,” the nominee told them": who spoke last, by another name
            if self.last and not self.last.named and words[-1].lower() in self.last.name.lower():
                return self.last
        if definite and not self.last and holds_role(words[-1]) and len(words) <= 6:
            mentioned = self._mentioned("", at)
            if mentioned and not mentioned.role and "spokes" not in words[-1]:
                mentioned.describe(_AGED.sub("", " ".join(words[1:])))
            if mentioned:
                return mentioned
        if definite and "’s " in source.name.replace("'", "’") and self._is_unknown_official(words):
            return self.last
        if definite and 4 < len(words) <= 7 and self.last and self.last.named and is_role_noun(words[-1]):
            return self.last
        gender = "m" if re.search(r"(?:spokes|chair|business)man\b", source.name) else ""
        gender = "f" if re.search(r"(?:spokes|chair|business)woman\b", source.name) else gender
        role = source.name if holds_role(source.name) else None
        person = Person(source.name, gender, named=False, at=at)
        if role:
            person.describe(role)
        return person

    def _is_unknown_official(self, words: list[str]) -> bool:
        """ "The charity's policy officer", right after somebody of whom no post is known."""
        known = self.last is not None and self.last.named and not self.last.role
        if known and self.last and is_role_noun(words[-1]) and "spokes" not in words[-1]:
            self.last.describe(" ".join(words[1:]))
            return True
        return False

    # Whose words they are

    @property
    def spoken(self) -> list[Person]:
        return self._spoken

    def attribute(self) -> None:
        self._spoken: list[Person] = []
        for number in range(len(self.paragraphs)):
            quotes = self.by_paragraph[number]
            if not quotes and (not self.gaps[number] or number == 0 and self._is_headline()):
                continue
            self._headers(number)
            self._paragraph(number, quotes)
            self._block(number)
            self._pulled(number)
        self._from_following()

    def _headers(self, number: int) -> None:
        paragraph = self.paragraphs[number]
        if self.by_paragraph[number] or paragraph.end - paragraph.start > 300:
            return
        words = self.text[paragraph.start : paragraph.end]
        header = ATTRIBUTABLE.match(words)
        if header:
            source = read_source(header["who"] or header["by"], self.people, last=False)
            if source:
                self.header = (source, Span(paragraph.start, paragraph.end))
                self._spoke(self.resolve(source, paragraph.start), number)

    def _paragraph(self, number: int, quotes: list[_Found]) -> None:
        """Events and quotes of one paragraph, in their order."""
        leads = iter(quotes)
        following = next(leads, None)
        previous: _Found | None = None
        for gap in self.gaps[number] or []:
            while following and following.marked.start <= gap.start:
                self._attribute(following, previous, number)
                previous, following = following, next(leads, None)
            leading = following if following and following.before is gap else None
            self._hear(gap, number, leading is not None)
        while following:
            self._attribute(following, previous, number)
            previous, following = following, next(leads, None)

    def _hear(self, gap: _Gap, number: int, leads: bool) -> None:
        """Who speaks or acts in words outside quotes: the last of them may be "he" later on."""
        for start, end in self._sentences_of(gap):
            if end - start < 4 or _BYLINE.match(self.text[start : start + 40]):
                continue
            end = min(end, start + LONGEST_GAP)
            cues = cues_in(self.text, start, end)
            if not leads or end < gap.end or self.text[start:end].rstrip(" “”\"‘’'`(\n").endswith("."):
                self._event(start, end, cues, number)

    def _event(self, start: int, end: int, cues: list[re.Match[str]], number: int) -> None:
        for at, cue in enumerate(cues[:6]):
            if cue[0].lower() == "according to":
                source = subject_after(self.text, cue.end(), end, self.people)
            elif cue[0].lower() in WEAK and not at:
                continue
            else:
                source = subject_before(self.text, start, cues, at, self.people)
            if source and source.name in _NARRATOR:
                continue
            if self.text[start : cue.start()].endswith(", "):  # "Pay matters, says Jane Doe"
                inverted = subject_after(self.text, cue.end(), end, self.people)
                source = inverted if inverted and inverted.kind == "name" else source
            if source and (source.kind != "other" or len(source.name.split()) <= 7):
                person = self.resolve(source, start)
                one = _SOMEBODY.match(source.name) and holds_role(source.name)
                if person and source.kind == "other" and not one and not person.named:
                    self.body, self.body_at = person, end
                if person and (source.kind == "name" or person.named or one or not self.last):
                    self._spoke(person, number)
                    if source.kind == "name":
                        return
        if not cues or all(cue[0].lower() in WEAK for cue in cues):
            self._subject(start, end, number)

    def _subject(self, start: int, end: int, number: int) -> None:
        """A sentence that begins with a person is about that person."""
        self._spoke(self._subject_of(start, end), number)

    def _subject_of(self, start: int, end: int) -> Person | None:
        """The person that a sentence begins with, or begins with the post of: "Her local MP, Jane Doe, …"."""
        segments = re.split(r",\s", self.text[start : min(end, start + 240)], maxsplit=3)[:3]
        while len(segments) > 1 and _SETTING.match(segments[0]) and not self._has_subject(segments[0]):
            segments = segments[1:]
        segments = segments[:2]
        first = segments[0]
        found = name_in(first, self.people)
        if found is None and len(segments) > 1 and len(first.split()) <= 3 and first[:1].isupper():
            lead, found = (
                first,
                name_in(segments[1], self.people),
            )  # "Police, Fire and Crime Commissioner Jane Doe"
            first = segments[1] if found and (found[2] or holds_role(lead)) else first
            found = found if first is segments[1] else None
        if found is None and len(segments) > 1 and holds_role(first) and len(first) < 100:
            first = segments[1]
            found = name_in(first, self.people) or _only_name(first)
        lone = found is not None and len(found[1].split()) < 2 and first is segments[0]
        if not found or (lone and not self.people.by_surname(found[1])):
            return None
        position = first.find(found[1].split()[0])
        if position > 60 or re.search(r"\b(?:of|for|by|to|with)\s*$", first[:position]):
            return None
        return self.people.meet(Source("name", found[1], found[0], found[2]), start)

    def _has_subject(self, segment: str) -> bool:
        """Whether words of place are followed by somebody: "From the back the Earl of Roe …"."""
        found = name_in(segment, self.people)
        lead = segment[: segment.find(found[1].split()[0])].split() if found else []
        lead = lead[:-1] if lead and lead[-1].lower() == "the" else lead
        return (
            len(lead) > 2
            and not _SETTING.fullmatch(lead[-1])
            and lead[-1].lower() not in ("to", "and", "a", "an")
        )

    def _spoke(self, person: Person | None, number: int) -> None:
        if person:
            self.last, self.last_paragraph = person, number
            if not self._spoken or self._spoken[-1] is not person:
                self._spoken.append(person)

    def _attribute(self, found: _Found, previous: _Found | None, number: int) -> None:
        rules = (self._lead, self._after, self._in_paragraph, self._floating)
        for rule in rules:
            if rule(found, previous, number):
                break
        if found.speaker and found.role and found.role.kind == "other" and not found.speaker.named:
            self.body, self.body_at = found.speaker, found.marked.end
        if found.speaker and self._is_worth(found):
            self._spoke(found.speaker, found.marked.last)

    def _is_worth(self, found: _Found) -> bool:
        named = found.role is not None and found.role.kind == "name"
        return found.cued or named or found.marked.end - found.marked.start > 40

    def _set(
        self, found: _Found, source: Source | None, person: Person | None, rule: str, where: Span | None
    ) -> bool:
        if person is None:
            return False
        found.speaker, found.role, found.rule, found.evidence = person, source, rule, where
        return True

    def _lead(self, found: _Found, previous: _Found | None, number: int) -> bool:
        """ "X, role, said: “…”": the sentence that the quote stands in, before it."""
        gap = found.before
        if gap is None or gap.end - gap.start < 3:
            return False
        start, end = self._sentences_of(gap)[-1]
        words = self.text[max(start, end - LONGEST_GAP) : end].rstrip(" “”\"‘’'`(\n")
        start = max(start, end - LONGEST_GAP)
        cues = cues_in(self.text, start, start + len(words))
        colon = words.endswith((":", ","))
        if not cues:
            return colon and words.endswith(":") and self._lead_without_verb(found, start, words, number)
        close = len(words) - (cues[-1].end() - start)
        found.cued = close <= 4 or (colon and close < 120) or close < 24
        if previous is None or start > gap.start or not words.endswith("."):
            return self._from_cues(found, start, start + len(words), cues, number, colon or close <= 12)
        return False

    def _from_cues(
        self, found: _Found, start: int, end: int, cues: list[re.Match[str]], number: int, adjacent: bool
    ) -> bool:
        where = Span(start, end)
        rule = "lead" if adjacent else "same paragraph"
        for at in range(len(cues) - 1, -1, -1):
            if cues[at][0].lower() == "according to":
                source = subject_after(self.text, cues[at].end(), end, self.people)
            else:
                source = subject_before(self.text, start, cues, at, self.people)
                if source is None and at == 0 and not is_participle(cues[at][0]):
                    source = subject_after(self.text, cues[at].end(), end, self.people)
            if source:
                person = self.resolve(source, start)
                if source.kind == "other" and at and not person:
                    continue
                return self._set(found, source, person, rule, where)
        return self._set(found, None, self._subject_of(start, cues[0].start()) or self.last, rule, where)

    def _lead_without_verb(self, found: _Found, start: int, words: str, number: int) -> bool:
        """ "Her verdict: “…”", "Jane Doe, of Refuge: “…”"."""
        source = read_source(words.rstrip(":"), self.people, last=True)
        person = self.resolve(source, start) if source and source.kind != "other" else None
        return self._set(found, source, person or self.last, "lead", Span(start, start + len(words)))

    def _after(self, found: _Found, previous: _Found | None, number: int) -> bool:
        """ "“…,” said X, role." and "“…,” X said."."""
        gap = found.after
        if gap is None or gap.paragraph != found.marked.last or gap.end - gap.start < 5:
            return False
        start = (
            gap.start
            + len(self.text[gap.start : gap.end])
            - len(self.text[gap.start : gap.end].lstrip(" “”\"‘’'`,.\n"))
        )
        end = min(self.sentences.bounds(start)[1], gap.end, start + LONGEST_GAP)
        words = self.text[start:end].rstrip(" “\"‘'\n")
        cues = cues_in(self.text, start, start + len(words))
        if not cues or self._begins_anew(found, gap, start, words, cues):
            return False
        lead = self.text[start : cues[0].start()].strip(" ,")
        if cues[0].start() - start > 200:
            return False
        if (
            lead
            and len(lead.split()) > 3
            and cues[0].start() - start > 24
            and len(cues) > 1
            and cues[0][0].lower() in WEAK
        ):
            cues = cues[1:]
        if lead and lead.lower() not in ("as", "or so", "also", "then"):
            source = subject_before(self.text, start, cues, 0, self.people)
        else:
            source = subject_after(self.text, cues[0].end(), start + len(words), self.people)
        if source is None or (source.kind == "other" and len(source.name.split()) > 12):
            return False
        found.cued = True
        return self._set(found, source, self.resolve(source, start), "after", Span(start, start + len(words)))

    def _begins_anew(
        self, found: _Found, gap: _Gap, start: int, words: str, cues: list[re.Match[str]]
    ) -> bool:
        """Whether what follows a quote is a sentence of its own, not its attribution."""
        ended = self.text[max(0, found.marked.end - 1) : start].strip(" “”\"‘’'`\n")
        full_stop = ended.endswith(".") or ended.endswith(("!", "?", "…")) and words[:1].isupper()
        if words.rstrip().endswith(":"):
            return not ended.endswith(",")
        if not full_stop:
            return False
        if not words[:1].isupper():
            return False
        rest = self.text[cues[0].end() : start + len(words)]
        short = len(rest.split()) <= 2
        if ended.endswith(("!", "?")):
            return not (short or cues[0].start() - start < 40)
        return not short or words.endswith(",")

    def _in_paragraph(self, found: _Found, previous: _Found | None, number: int) -> bool:
        """What the paragraph has said before: the quote that this one goes on from, or an indirect lead."""
        found.goes_on = previous is not None and (previous.cued or previous.goes_on)
        if previous and previous.speaker and previous.rule:
            between = found.before
            another = (
                self.last if self.last_paragraph == number and self.last is not previous.speaker else None
            )
            if another and between and between.end - between.start > 40:
                return self._set(found, None, another, "same paragraph", None)
            return self._set(found, previous.role, previous.speaker, "same paragraph", previous.evidence)
        if found.before and found.before.end - found.before.start > 12 and self.last_paragraph == number:
            return self._set(
                found, None, self.last, "same paragraph", Span(found.before.start, found.before.end)
            )
        return False

    def _floating(self, found: _Found, previous: _Found | None, number: int) -> bool:
        """A quote that is a paragraph of its own."""
        if number == 0:
            return False
        before = self.paragraphs[number - 1]
        words = self.text[max(before.start, before.end - LONGEST_GAP) : before.end]
        earlier = self._quote_ending_in(number - 1)
        if self.header and (ATTRIBUTABLE.match(words) or (earlier and earlier.rule in ("attributable",))):
            source, where = self.header
            return self._set(found, source, self.resolve(source, where.start), "attributable", where)
        if _SPEECH_COLON.search(words) and not earlier:
            return self._colon(found, before, number)
        if earlier and earlier.speaker:
            return self._set(found, earlier.role, earlier.speaker, "continued", earlier.evidence)
        if earlier and not earlier.speaker:
            return False
        if self.last_paragraph == number - 1:
            return self._set(found, None, self.last, "indirect", Span(before.start, before.end))
        return False

    def _colon(self, found: _Found, before: Paragraph, number: int) -> bool:
        start = max(self.sentences.bounds(before.end - 1)[0], before.end - LONGEST_GAP)
        cues = cues_in(self.text, start, before.end)
        found.cued = True
        if cues:
            if self._from_cues(found, start, before.end, cues, number, True):
                found.rule = "colon"
                return True
            return False
        return self._lead_without_verb(found, start, self.text[start : before.end], number)

    def _quote_ending_in(self, number: int) -> _Found | None:
        """The last quote of a paragraph that is mostly quote, or that ends in one."""
        quotes = self._ending.get(number) if hasattr(self, "_ending") else None
        if quotes is None:
            self._ending: dict[int, list[_Found]] = {}
            for found in self.found:
                self._ending.setdefault(found.marked.last, []).append(found)
            quotes = self._ending.get(number, [])
        paragraph = self.paragraphs[number]
        for found in reversed(quotes[-4:]):
            length = found.marked.end - max(found.marked.start, paragraph.start)
            if length > 30 and (self.paragraphs[number].end - found.marked.end <= 160):
                return found
        return None

    def _from_following(self) -> None:
        """Quotes still without a speaker: those of the next that has one, or of who spoke last."""
        for at in range(len(self.found) - 1, -1, -1):
            found = self.found[at]
            if found.speaker:
                continue
            if self._signed(found):
                continue
            later = self.found[at + 1] if at + 1 < len(self.found) else None
            near = later and later.marked.first - found.marked.last <= 1
            if later and near and later.speaker:
                self._set(found, later.role, later.speaker, "following", later.evidence)
        last: Person | None = None
        for found in self.found:
            if found.speaker is None and last and found.marked.end - found.marked.start > 40:
                self._set(found, None, last, "last speaker", None)
            last = found.speaker or last

    def _signed(self, found: _Found) -> bool:
        """ "— Jane Doe, director of Refuge" on the line below."""
        number = found.marked.last + 1
        if number >= len(self.paragraphs):
            return False
        paragraph = self.paragraphs[number]
        signed = SIGNED.match(self.text[paragraph.start : min(paragraph.end, paragraph.start + 160)])
        source = read_source(signed["who"], self.people, last=False) if signed else None
        where = Span(paragraph.start, paragraph.end)
        return source is not None and self._set(
            found, source, self.resolve(source, where.start), "signed", where
        )

    # Quotes without marks

    def _block(self, number: int) -> None:
        """ "X said:" before paragraphs without marks."""
        if number + 1 >= len(self.paragraphs):
            return
        paragraph, first = self.paragraphs[number], self.paragraphs[number + 1]
        words = self.text[max(paragraph.start, paragraph.end - LONGEST_GAP) : paragraph.end]
        attributable = bool(ATTRIBUTABLE.match(words)) and len(words) < 300
        if not (attributable or (words.endswith(":") and CUE.search(words[-60:]))):
            return
        if self._starts_marked(number + 1) or self.by_paragraph[number] and not words.endswith(":"):
            return
        end = self._block_end(number + 1)
        if end is None:
            return
        if first.end - first.start < 30 and end == number + 1:
            return
        lead = _Found(Marked([(first.start, self.paragraphs[end].end)], number + 1, end, False), None, None)
        if attributable and self.header:
            source, where = self.header
            self._set(lead, source, self.resolve(source, where.start), "block", where)
        else:
            self._colon(lead, paragraph, number + 1)
        lead.rule = "block"
        lead.cued = True
        self._spoke(lead.speaker, end)
        self.blocks.append(self.proposal(lead))

    def _pulled(self, number: int) -> None:
        """ "> …" above "— Jane Doe, chair": set off by its place, without marks."""
        paragraph = self.paragraphs[number]
        if self.text[paragraph.start] != ">" or SIGNED.match(self.text[paragraph.start : paragraph.end]):
            return
        if self.by_paragraph[number] or paragraph.end - paragraph.start < 30:
            return
        start = paragraph.start + 1
        while self.text[start].isspace():
            start += 1
        found = _Found(Marked([(start, paragraph.end)], number, number, False), None, None)
        if self._signed(found):
            found.rule = "block"
            self.blocks.append(self.proposal(found))

    def _starts_marked(self, number: int) -> bool:
        paragraph = self.paragraphs[number]
        return self.text[paragraph.start] in "“\"‘'„«`" or any(
            found.marked.start - paragraph.start <= 2 for found in self.by_paragraph[number][:1]
        )

    def _block_end(self, first: int) -> int | None:
        """The last paragraph of a quote without marks: up to a speaker, a heading, the third person."""
        last = None
        for number in range(first, min(first + 12, len(self.paragraphs))):
            if not self._goes_on(number, first):
                break
            last = number
        return last

    def _goes_on(self, number: int, first: int) -> bool:
        paragraph = self.paragraphs[number]
        words = self.text[paragraph.start : paragraph.end]
        if self._starts_marked(number) or _HEADING_END.match(words) or ATTRIBUTABLE.match(words[:300]):
            return False
        if words.endswith(":") and (CUE.search(words[-80:]) or number > first):
            return False
        if len(words.split()) <= 9 and not words.endswith((".", "!", "?", "”", '"')):
            return False
        if number == first:
            return not re.match(r"(?:\d+[.)]|[•*-])\s", words)
        if _FIRST_PERSON.search(words):
            return not self._reports(words)
        return not _THIRD_PERSON.match(words) and not self._reports(words)

    def _reports(self, words: str) -> bool:
        """Whether a paragraph tells of what somebody said or did, by name."""
        cue = CUE.search(words[:300])
        found = name_in(re.split(r",\s", words[:200], maxsplit=1)[0], self.people)
        return bool(found and (cue or (self.last and found[1].split()[-1] == self.last.name.split()[-1])))

    def turns(self) -> list[Quote]:
        """Contributions to a debate: "Mr. Hunt: …", to the next speaker or heading."""
        begun: list[tuple[int, int, re.Match[str]]] = []
        for number, paragraph in enumerate(self.paragraphs):
            match = _TURN.match(self.text[paragraph.start : min(paragraph.end, paragraph.start + 240)])
            if match:
                begun.append((number, paragraph.start + match.end(), match))
        if len(begun) < 2:
            return []
        stops = {number for number, _, _ in begun}
        return [self._turn(number, start, match, stops) for number, start, match in begun]

    def _turn(self, number: int, start: int, match: re.Match[str], stops: set[int]) -> Quote:
        last = number
        while last + 1 < len(self.paragraphs) and last - number < 60 and last + 1 not in stops:
            following = self.paragraphs[last + 1]
            words = self.text[following.start : following.end]
            if len(words) < 60 and not words.endswith((".", "?", "!")) or " asked the " in words[:120]:
                break
            last += 1
        name = (match["minister"] or match["who"] or match["full"]).strip()
        source = read_source(name, self.people, last=False)
        person = self.resolve(source, start) if source and source.kind == "name" else None
        while start < len(self.text) and self.text[start].isspace():
            start += 1
        role = match[0].partition("(")[0].strip() if match["minister"] else None
        if person and role:
            person.describe(role)
        end = max(start + 1, self.paragraphs[last].end)
        speaker = person.name if person else name
        return Quote(
            min(start, end - 1),
            end,
            speaker,
            person.role if person else None,
            None,
            "turn",
            CONFIDENCE["turn"],
            evidence=Span(self.paragraphs[number].start, start),
        )

    # Which are quotes, and what is said of them

    def is_full(self, found: _Found) -> bool:
        """A clause or more that somebody said, rather than a title, a term or a few words taken out."""
        marked = found.marked
        words = self.text[marked.start : min(marked.end, marked.start + 2000)].strip()
        count = len(_WORDS.findall(words))
        if marked.first != marked.last or count >= 25:
            return True
        if count == 0:
            return False
        paragraph = self.paragraphs[marked.first]
        finite = bool(_FINITE.search(words))
        alone = marked.start - paragraph.start <= 2 and paragraph.end - marked.end <= 2
        ended = words[-1] in ".!?…" or self.text[marked.end : marked.end + 2].strip("”\"’'")[:1] == "."
        own = begins_sentence(self.text, marked.start)
        comma = words[-1] == "," or self.text[marked.end + 1 : marked.end + 2] == ","
        capital = words[:1].isupper() or words[:1] in "…£$€" or words[:1].isdigit()
        headline = marked.first == 0 and self.text[paragraph.end - 1] not in ".!?”\"’'"
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

    def proposal(self, found: _Found) -> Quote:
        marked, person = found.marked, found.speaker
        role, organisation = self._role(found)
        parts = tuple(Span(*part) for part in marked.parts) if len(marked.parts) > 1 else ()
        rule = found.rule or "unattributed"
        start, end = self._trimmed(marked.start, marked.end)
        return Quote(
            start,
            end,
            person.name if person else None,
            role,
            organisation,
            rule,
            CONFIDENCE[rule],
            parts,
            found.evidence,
        )

    def _role(self, found: _Found) -> tuple[str | None, str | None]:
        person = found.speaker
        if person is None:
            return None, None
        return person.role, person.organisation

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end - 1 and self.text[start].isspace():
            start += 1
        while end > start + 1 and self.text[end - 1].isspace():
            end -= 1
        return start, end
