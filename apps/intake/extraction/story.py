"""A text as its quotes are read in it: laid out, with who is in it and who spoke last."""

from dataclasses import dataclass

from .marks import Marked
from .paragraphs import Paragraph, Sentences
from .people import People, Person, Source
from .proposals import Quote, Span

LONGEST_GAP = 600
"""How much of the words between two quotes is read, in characters."""
NARRATOR = frozenset(("I", "we", "We"))
"""Who tells the story, and is not who is quoted in it."""
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


@dataclass(slots=True)
class Gap:
    """Words outside quotes, within one paragraph."""

    start: int
    end: int
    paragraph: int


@dataclass(slots=True)
class Found:
    """A quotation on its way to a proposal."""

    marked: Marked
    before: Gap | None
    after: Gap | None
    speaker: Person | None = None
    role: Source | None = None
    rule: str = ""
    evidence: Span | None = None
    cued: bool = False
    goes_on: bool = False
    """Whether a quote before it in the paragraph has its verb of saying."""

    def is_of(self, source: Source | None, person: Person | None, rule: str, where: Span | None) -> bool:
        """Note whose words they are, by which rule, if anybody's."""
        if person is None:
            return False
        self.speaker, self.role, self.rule, self.evidence = person, source, rule, where
        return True


class Story:
    """A text laid out, who is in it, and who spoke last as it is read from its beginning on.

    `body` is the organisation that last spoke, at `body_at`; `header` whom "Quotes attributable to" names,
    and where."""

    def __init__(
        self, text: str, paragraphs: list[Paragraph], sentences: Sentences, marked: list[Marked]
    ) -> None:
        self.text, self.paragraphs, self.sentences = text, paragraphs, sentences
        self.people = People()
        self.mentions: list[tuple[int, Person]] = []
        self.gaps: list[list[Gap]] = [[] for _ in paragraphs]
        self.found: list[Found] = []
        self.blocks: list[Quote] = []
        self.by_paragraph: list[list[Found]] = [[] for _ in paragraphs]
        self._lay_out(marked)
        self.ending: dict[int, list[Found]] = {}
        for found in self.found:
            self.ending.setdefault(found.marked.last, []).append(found)
        self.spoken: list[Person] = []
        self.last: Person | None = None
        self.body: Person | None = None
        self.body_at = 0
        self.last_paragraph = -9
        self.header: tuple[Source, Span] | None = None

    def _lay_out(self, marked: list[Marked]) -> None:
        """The words before, between and after quotes, paragraph by paragraph."""
        inside: list[list[tuple[int, int, Found | None]]] = [[] for _ in self.paragraphs]
        for each in marked:
            found = Found(each, None, None)
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

    def _gaps_of(self, number: int, paragraph: Paragraph, spans: list[tuple[int, int, Found | None]]) -> None:
        at, earlier = paragraph.start, None
        for start, end, found in [*spans, (paragraph.end, paragraph.end, None)]:
            gap = Gap(at, max(at, start), number)
            if found and found.marked.first == number and found.marked.start == start:
                found.before = gap
            if earlier and earlier.marked.end == at:
                earlier.after = gap
            if gap.end > gap.start:
                self.gaps[number].append(gap)
            at, earlier = end, found

    def sentences_of(self, gap: Gap) -> list[tuple[int, int]]:
        spans, at = [], gap.start
        while at < gap.end:
            end = min(max(self.sentences.bounds(at)[1], at + 1), gap.end)
            spans.append((at, end))
            at = end
        return spans

    def is_headline(self) -> bool:
        """Whether the first paragraph is one, in which any word may have a capital."""
        return self.text[self.paragraphs[0].end - 1] not in ".!?”\"’'"

    def mention(self, start: int, end: int, name: str, person: Person) -> None:
        at = self.text.find(name.split()[-1], start, end)
        self.mentions.append((at if at >= 0 else start, person))

    def spoke(self, person: Person | None, number: int) -> None:
        if person:
            self.last, self.last_paragraph = person, number
            if not self.spoken or self.spoken[-1] is not person:
                self.spoken.append(person)

    def quote_ending_in(self, number: int) -> Found | None:
        """The last quote of a paragraph that is mostly quote, or that ends in one."""
        paragraph = self.paragraphs[number]
        for found in reversed(self.ending.get(number, [])[-4:]):
            length = found.marked.end - max(found.marked.start, paragraph.start)
            if length > 30 and (paragraph.end - found.marked.end <= 160):
                return found
        return None


def proposal_of(story: Story, found: Found) -> Quote:
    marked, person = found.marked, found.speaker
    role, organisation = _role(found)
    parts = tuple(Span(*part) for part in marked.parts) if len(marked.parts) > 1 else ()
    rule = found.rule or "unattributed"
    start, end = _trimmed(story, marked.start, marked.end)
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


def _role(found: Found) -> tuple[str | None, str | None]:
    person = found.speaker
    if person is None:
        return None, None
    return person.role, person.organisation


def _trimmed(story: Story, start: int, end: int) -> tuple[int, int]:
    while start < end - 1 and story.text[start].isspace():
        start += 1
    while end > start + 1 and story.text[end - 1].isspace():
        end -= 1
    return start, end
