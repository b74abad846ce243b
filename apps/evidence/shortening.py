"""Making a quote shorter without changing what was said: words go, […] takes their place, nothing else moves.

No Django here, no clock.
"""

import re

from apps.evidence.comparing import fold

GAP = "[…]"
_MARKED = re.compile(r"\[\s*(?:…|\.\s?\.\s?\.)\s*\]")
_GAPS = re.compile(r"\[\s*(?:…|\.\s?\.\s?\.)\s*\]|(?<!\S)(?:…|\.\.\.)(?!\S)")
_MAY_GO = ",;:–—-"
"""What may stand at the end of a word, and go where the words after it do."""


class NotTheirs(ValueError):
    """A word that is not among those said, or not in that place; `after` is the word before it."""

    def __init__(self, word: str, after: str = "") -> None:
        super().__init__(word)
        self.word, self.after = word, after

    def __str__(self) -> str:
        where = f" after “{self.after}”" if self.after else ""
        return (
            f"“{self.word}” was not said{where}. A shortened quote keeps words as they were said, in their "
            "order: take words out, and change none."
        )


def words_of(text: str) -> list[str]:
    """The words as they stand, with the marks that touch them."""
    return text.split()


def shorten(verbatim: str, keep: list[bool]) -> str:
    """The words to be kept, with […] wherever some are left out. Empty where none is kept.

    Every kept word stands exactly as in the quote.
    """
    said = words_of(verbatim)
    if len(keep) != len(said):
        raise ValueError("One choice for each word.")
    if not any(keep):
        return ""
    made: list[str] = []
    for word, stays in zip(said, keep, strict=True):
        if stays:
            made.append(word)
        elif not made or made[-1] != GAP:
            made.append(GAP)
    return " ".join(made)


def shortened(verbatim: str, typed: str) -> str:
    """What was typed, in the words of the quote itself, with […] where words are missing; those typed already
    are understood. Raises NotTheirs for a word that the quote does not have there.

    Of several places that a word may be from, those are taken that leave the fewest gaps.
    """
    said = words_of(verbatim)
    try:  # dots that the speaker's own words have are words
        chosen = _places(said, words_of(_MARKED.sub(" ", typed)))
    except NotTheirs:
        chosen = _places(said, words_of(_GAPS.sub(" ", typed)))
    keep = set(chosen)
    return shorten(verbatim, [number in keep for number in range(len(said))])


def is_shortened(verbatim: str, typed: str) -> bool:
    """Whether what was typed says nothing that the quote does not say, word for word and in its order."""
    try:
        shortened(verbatim, typed)
    except NotTheirs:
        return False
    return True


def _places(said: list[str], typed: list[str]) -> list[int]:
    """For each typed word the place of the same word in the quote, ascending, with the fewest gaps: one
    inside counts for two at an end, for words that stand together say best what was said."""
    ours = [_plain(word) for word in said]
    wanted = [_plain(word) for word in typed]
    before: dict[int, int] = {-1: 0}  # for each place the last word may have: what the gaps so far cost
    steps: list[dict[int, int]] = []  # and for each the place of the word before it
    for number, word in enumerate(wanted):
        found: dict[int, int] = {}
        came: dict[int, int] = {}
        best: tuple[int, int] | None = None  # the cheapest place well before this one
        ordered = iter(sorted(before))
        upcoming = next(ordered, None)
        for place, candidate in enumerate(ours):
            while upcoming is not None and upcoming < place - 1:
                cost = before[upcoming] + (1 if upcoming < 0 else 2)
                if best is None or cost <= best[0]:
                    best = (cost, upcoming)
                upcoming = next(ordered, None)
            if not _matches(word, candidate):
                continue
            beside = (before[place - 1], place - 1) if place - 1 in before else None
            choice = min((one for one in (beside, best) if one is not None), default=None)
            if choice is not None:
                found[place], came[place] = choice
        if not found:
            raise NotTheirs(typed[number], typed[number - 1] if number else "")
        before = found
        steps.append(came)
    if not steps:
        return []
    place = min(before, key=lambda at: (before[at] + (at != len(said) - 1), at))
    chosen = [place]
    for came in reversed(steps[1:]):
        place = came[place]
        chosen.append(place)
    return chosen[::-1]


def _plain(word: str) -> str:
    """The word apart from its typography. One that is a mark and nothing else stays itself."""
    return fold(word).text.strip() or word


def _matches(typed: str, said: str) -> bool:
    """The same word; a comma or the like at its end may have gone with the words after it."""
    return typed == said or (typed != "" and typed == said.rstrip(_MAY_GO))
