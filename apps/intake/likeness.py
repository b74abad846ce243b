"""When two texts are nearly the same: a word put right, another headline, a line more.

A text's words are taken three at a time, and each three is a number. The least numbers, one of each of sixty
bins, are its signature (MinHash in one pass), which is cut into twenty bands of three. Texts that have half
of their threes in common share a band nineteen times in twenty, others next to never; so those that may be
alike are found by an index, however many texts there are. How much is the same is counted only of those.
"""

from hashlib import blake2b

from apps.intake.texts import words_of

TOGETHER = 3
ROWS, BANDS = 3, 20
BINS = ROWS * BANDS
ALIKE = 0.5
"""Texts that have this share of all their threes in common look like one another."""
EMPTY = -1
Threes = frozenset[int]


def threes_of(text: str) -> Threes:
    """Each three words that follow one another, as a number of 64 bits."""
    words = words_of(text)
    last = max(1, len(words) - TOGETHER + 1)
    return frozenset(_number(" ".join(words[at : at + TOGETHER])) for at in range(last))


def bands_of(threes: Threes, *, campaign: int) -> list[int]:
    """What texts that are alike have some of in common: numbers that a database keeps, of no meaning in
    another campaign."""
    signature = _signature(threes)
    parts = [signature[at : at + ROWS] for at in range(0, BINS, ROWS)]
    return [_number(f"{campaign} {place} {part}") - 2**63 for place, part in enumerate(parts)]


def share_of(one: Threes, other: Threes) -> float:
    """How much of the two together is in both, from 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 1.0


def _signature(threes: Threes) -> list[int]:
    least = [EMPTY] * BINS
    for three in threes:
        number, place = divmod(three, BINS)
        if least[place] == EMPTY or number < least[place]:
            least[place] = number
    return _filled(least)


def _filled(least: list[int]) -> list[int]:
    """A short text leaves bins empty: each then has what the next that is full has, and how far that is."""
    if all(one == EMPTY for one in least):
        return least
    filled, ahead, steps = list(least), EMPTY, 0
    for place in reversed(range(2 * BINS)):
        at = place % BINS
        if least[at] != EMPTY:
            ahead, steps = least[at], 0
        else:
            steps += 1
            filled[at] = ahead * BINS + steps
    return filled


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
