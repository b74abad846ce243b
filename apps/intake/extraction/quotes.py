"""Quotes with their speakers: marks and blocks first, then a sieve of rules that says whose words they
are."""

from .attribution import attribute_from_following, attribute_paragraph
from .fullness import is_full
from .hearing import hear_header
from .marks import marked_in
from .meeting import meet_everybody
from .paragraphs import Paragraph, Sentences
from .proposals import Fragment, Quote
from .story import Story, proposal_of
from .turns import turns_begun, turns_in
from .unmarked import read_block, read_pulled


def quotes_in(
    text: str, paragraphs: list[Paragraph], sentences: Sentences
) -> tuple[list[Quote], list[Fragment]]:
    """Quotes, and what stands in marks without being one."""
    story = Story(text, paragraphs, sentences, marked_in(text, paragraphs))
    turns = turns_begun(story)
    meet_everybody(story, {turn.number: turn.start for turn in turns})
    _attribute(story)
    quotes, fragments = [], []
    for found in story.found:
        if is_full(story, found):
            quotes.append(proposal_of(story, found))
        else:
            fragments.append(Fragment(found.marked.start, found.marked.end))
    quotes += story.blocks + turns_in(story, turns)
    return sorted(quotes, key=lambda quote: (quote.start, quote.end)), fragments


def _attribute(story: Story) -> None:
    """Paragraph by paragraph: who speaks outside quotes, whose the quotes are, and quotes without marks."""
    for number in range(len(story.paragraphs)):
        quotes = story.by_paragraph[number]
        if not quotes and (not story.gaps[number] or number == 0 and story.is_headline()):
            continue
        hear_header(story, number)
        attribute_paragraph(story, number, quotes)
        read_block(story, number)
        read_pulled(story, number)
    attribute_from_following(story)
