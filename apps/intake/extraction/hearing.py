"""Who speaks or acts in words outside quotes: the last of them may be "he" later on."""

import re

from .meeting import BYLINE
from .phrases import read_source
from .proposals import Span
from .resolving import SOMEBODY, resolve
from .roles import holds_role
from .speech import ATTRIBUTABLE, WEAK, cues_in, subject_after, subject_before
from .story import LONGEST_GAP, NARRATOR, Gap, Story
from .subjects import subject_of


def hear_header(story: Story, number: int) -> None:
    paragraph = story.paragraphs[number]
    if story.by_paragraph[number] or paragraph.end - paragraph.start > 300:
        return
    words = story.text[paragraph.start : paragraph.end]
    header = ATTRIBUTABLE.match(words)
    if header:
        source = read_source(header["who"] or header["by"], story.people, last=False)
        if source:
            story.header = (source, Span(paragraph.start, paragraph.end))
            story.spoke(resolve(story, source, paragraph.start), number)


def hear(story: Story, gap: Gap, number: int, leads: bool) -> None:
    """Who speaks or acts in words outside quotes: the last of them may be "he" later on."""
    for start, end in story.sentences_of(gap):
        if end - start < 4 or BYLINE.match(story.text[start : start + 40]):
            continue
        end = min(end, start + LONGEST_GAP)
        cues = cues_in(story.text, start, end)
        if not leads or end < gap.end or story.text[start:end].rstrip(" “”\"‘’'`(\n").endswith("."):
            _event(story, start, end, cues, number)


def _event(story: Story, start: int, end: int, cues: list[re.Match[str]], number: int) -> None:
    for at, cue in enumerate(cues[:6]):
        if cue[0].lower() == "according to":
            source = subject_after(story.text, cue.end(), end, story.people)
        elif cue[0].lower() in WEAK and not at:
            continue
        else:
            source = subject_before(story.text, start, cues, at, story.people)
        if source and source.name in NARRATOR:
            continue
        if story.text[start : cue.start()].endswith(", "):  # "Pay matters, says Jane Doe"
            inverted = subject_after(story.text, cue.end(), end, story.people)
            source = inverted if inverted and inverted.kind == "name" else source
        if source and (source.kind != "other" or len(source.name.split()) <= 7):
            person = resolve(story, source, start)
            one = SOMEBODY.match(source.name) and holds_role(source.name)
            if person and source.kind == "other" and not one and not person.named:
                story.body, story.body_at = person, end
            if person and (source.kind == "name" or person.named or one or not story.last):
                story.spoke(person, number)
                if source.kind == "name":
                    return
    if not cues or all(cue[0].lower() in WEAK for cue in cues):
        _subject(story, start, end, number)


def _subject(story: Story, start: int, end: int, number: int) -> None:
    """A sentence that begins with a person is about that person."""
    story.spoke(subject_of(story, start, end), number)
