"""Whose words a quote is: a sieve of rules, the surest first.

A verb of saying beside the marks; the paragraph before that ends in a colon; "quotes attributable to"; the
same paragraph; the quote before that this one goes on from; the lead in indirect speech; the quote that
follows.
"""

import re

from .hearing import hear
from .paragraphs import Paragraph
from .people import Person
from .phrases import read_source
from .proposals import Span
from .resolving import resolve
from .speech import ATTRIBUTABLE, SIGNED, WEAK, cues_in, is_participle, subject_after, subject_before
from .story import LONGEST_GAP, Found, Gap, Story
from .subjects import subject_of

_SPEECH_COLON = re.compile(r":\s*$")


def attribute_paragraph(story: Story, number: int, quotes: list[Found]) -> None:
    """Events and quotes of one paragraph, in their order."""
    leads = iter(quotes)
    following = next(leads, None)
    previous: Found | None = None
    for gap in story.gaps[number] or []:
        while following and following.marked.start <= gap.start:
            _attribute(story, following, previous, number)
            previous, following = following, next(leads, None)
        leading = following if following and following.before is gap else None
        hear(story, gap, number, leading is not None)
    while following:
        _attribute(story, following, previous, number)
        previous, following = following, next(leads, None)


def _attribute(story: Story, found: Found, previous: Found | None, number: int) -> None:
    rules = (_lead, _after, _in_paragraph, _floating)
    for rule in rules:
        if rule(story, found, previous, number):
            break
    if found.speaker and found.role and found.role.kind == "other" and not found.speaker.named:
        story.body, story.body_at = found.speaker, found.marked.end
    if found.speaker and _is_worth(found):
        story.spoke(found.speaker, found.marked.last)


def _is_worth(found: Found) -> bool:
    named = found.role is not None and found.role.kind == "name"
    return found.cued or named or found.marked.end - found.marked.start > 40


def _lead(story: Story, found: Found, previous: Found | None, number: int) -> bool:
    """ "X, role, said: “…”": the sentence that the quote stands in, before it."""
    gap = found.before
    if gap is None or gap.end - gap.start < 3:
        return False
    start, end = story.sentences_of(gap)[-1]
    words = story.text[max(start, end - LONGEST_GAP) : end].rstrip(" “”\"‘’'`(\n")
    start = max(start, end - LONGEST_GAP)
    cues = cues_in(story.text, start, start + len(words))
    colon = words.endswith((":", ","))
    if not cues:
        return colon and words.endswith(":") and _lead_without_verb(story, found, start, words, number)
    close = len(words) - (cues[-1].end() - start)
    found.cued = close <= 4 or (colon and close < 120) or close < 24
    if previous is None or start > gap.start or not words.endswith("."):
        return _from_cues(story, found, start, start + len(words), cues, number, colon or close <= 12)
    return False


def _from_cues(
    story: Story, found: Found, start: int, end: int, cues: list[re.Match[str]], number: int, adjacent: bool
) -> bool:
    where = Span(start, end)
    rule = "lead" if adjacent else "same paragraph"
    for at in range(len(cues) - 1, -1, -1):
        if cues[at][0].lower() == "according to":
            source = subject_after(story.text, cues[at].end(), end, story.people)
        else:
            source = subject_before(story.text, start, cues, at, story.people)
            if source is None and at == 0 and not is_participle(cues[at][0]):
                source = subject_after(story.text, cues[at].end(), end, story.people)
        if source:
            person = resolve(story, source, start)
            if source.kind == "other" and at and not person:
                continue
            return found.is_of(source, person, rule, where)
    return found.is_of(None, subject_of(story, start, cues[0].start()) or story.last, rule, where)


def _lead_without_verb(story: Story, found: Found, start: int, words: str, number: int) -> bool:
    """ "Her verdict: “…”", "Jane Doe, of Refuge: “…”"."""
    source = read_source(words.rstrip(":"), story.people, last=True)
    person = resolve(story, source, start) if source and source.kind != "other" else None
    return found.is_of(source, person or story.last, "lead", Span(start, start + len(words)))


def _after(story: Story, found: Found, previous: Found | None, number: int) -> bool:
    """ "“…,” said X, role." and "“…,” X said."."""
    gap = found.after
    if gap is None or gap.paragraph != found.marked.last or gap.end - gap.start < 5:
        return False
    start = (
        gap.start
        + len(story.text[gap.start : gap.end])
        - len(story.text[gap.start : gap.end].lstrip(" “”\"‘’'`,.\n"))
    )
    end = min(story.sentences.bounds(start)[1], gap.end, start + LONGEST_GAP)
    words = story.text[start:end].rstrip(" “\"‘'\n")
    cues = cues_in(story.text, start, start + len(words))
    if not cues or _begins_anew(story, found, gap, start, words, cues):
        return False
    lead = story.text[start : cues[0].start()].strip(" ,")
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
        source = subject_before(story.text, start, cues, 0, story.people)
    else:
        source = subject_after(story.text, cues[0].end(), start + len(words), story.people)
    if source is None or (source.kind == "other" and len(source.name.split()) > 12):
        return False
    found.cued = True
    return found.is_of(source, resolve(story, source, start), "after", Span(start, start + len(words)))


def _begins_anew(
    story: Story, found: Found, gap: Gap, start: int, words: str, cues: list[re.Match[str]]
) -> bool:
    """Whether what follows a quote is a sentence of its own, not its attribution."""
    ended = story.text[max(0, found.marked.end - 1) : start].strip(" “”\"‘’'`\n")
    full_stop = ended.endswith(".") or ended.endswith(("!", "?", "…")) and words[:1].isupper()
    if words.rstrip().endswith(":"):
        return not ended.endswith(",")
    if not full_stop:
        return False
    if not words[:1].isupper():
        return False
    rest = story.text[cues[0].end() : start + len(words)]
    short = len(rest.split()) <= 2
    if ended.endswith(("!", "?")):
        return not (short or cues[0].start() - start < 40)
    return not short or words.endswith(",")


def _in_paragraph(story: Story, found: Found, previous: Found | None, number: int) -> bool:
    """What the paragraph has said before: the quote that this one goes on from, or an indirect lead."""
    found.goes_on = previous is not None and (previous.cued or previous.goes_on)
    if previous and previous.speaker and previous.rule:
        between = found.before
        another = (
            story.last if story.last_paragraph == number and story.last is not previous.speaker else None
        )
        if another and between and between.end - between.start > 40:
            return found.is_of(None, another, "same paragraph", None)
        return found.is_of(previous.role, previous.speaker, "same paragraph", previous.evidence)
    if found.before and found.before.end - found.before.start > 12 and story.last_paragraph == number:
        return found.is_of(None, story.last, "same paragraph", Span(found.before.start, found.before.end))
    return False


def _floating(story: Story, found: Found, previous: Found | None, number: int) -> bool:
    """A quote that is a paragraph of its own."""
    if number == 0:
        return False
    before = story.paragraphs[number - 1]
    words = story.text[max(before.start, before.end - LONGEST_GAP) : before.end]
    earlier = story.quote_ending_in(number - 1)
    if story.header and (ATTRIBUTABLE.match(words) or (earlier and earlier.rule in ("attributable",))):
        source, where = story.header
        return found.is_of(source, resolve(story, source, where.start), "attributable", where)
    if _SPEECH_COLON.search(words) and not earlier:
        return said_before_a_colon(story, found, before, number)
    if earlier and earlier.speaker:
        return found.is_of(earlier.role, earlier.speaker, "continued", earlier.evidence)
    if earlier and not earlier.speaker:
        return False
    if story.last_paragraph == number - 1:
        return found.is_of(None, story.last, "indirect", Span(before.start, before.end))
    return False


def said_before_a_colon(story: Story, found: Found, before: Paragraph, number: int) -> bool:
    start = max(story.sentences.bounds(before.end - 1)[0], before.end - LONGEST_GAP)
    cues = cues_in(story.text, start, before.end)
    found.cued = True
    if cues:
        if _from_cues(story, found, start, before.end, cues, number, True):
            found.rule = "colon"
            return True
        return False
    return _lead_without_verb(story, found, start, story.text[start : before.end], number)


def attribute_from_following(story: Story) -> None:
    """Quotes still without a speaker: those of the next that has one, or of who spoke last. What has a "he
    said" of its own is not of whom the next paragraph names."""
    for at in range(len(story.found) - 1, -1, -1):
        found = story.found[at]
        if found.speaker:
            continue
        if signed_below(story, found):
            continue
        later = story.found[at + 1] if at + 1 < len(story.found) else None
        near = later and later.marked.first - found.marked.last <= 1
        own = found.cued and later and later.marked.first > found.marked.last
        if later and near and later.speaker and not own:
            found.is_of(later.role, later.speaker, "following", later.evidence)
    last: Person | None = None
    for found in story.found:
        if found.speaker is None and last and found.marked.end - found.marked.start > 40:
            found.is_of(None, last, "last speaker", None)
        last = found.speaker or last


def signed_below(story: Story, found: Found) -> bool:
    """ "— Jane Doe, director of Refuge" on the line below."""
    number = found.marked.last + 1
    if number >= len(story.paragraphs):
        return False
    paragraph = story.paragraphs[number]
    signed = SIGNED.match(story.text[paragraph.start : min(paragraph.end, paragraph.start + 160)])
    source = read_source(signed["who"], story.people, last=False) if signed else None
    where = Span(paragraph.start, paragraph.end)
    return source is not None and found.is_of(source, resolve(story, source, where.start), "signed", where)
