"""Whether one word is another, mistyped."""

from collections.abc import Iterable, Sequence

SURE = 4
LONG = 8


def slips_allowed(word: str) -> int:
    """How many slips of the keyboard a word of that length may have: none in a short one."""
    return 0 if len(word) < SURE else 1 if len(word) < LONG else 2


def is_close(typed: str, meant: str) -> bool:
    """Whether a few letters left out, put in, mistaken or exchanged with their neighbour make the other."""
    most = slips_allowed(typed)
    return abs(len(typed) - len(meant)) <= most and slips(typed, meant) <= most


def slips(typed: str, meant: str) -> int:
    """The distance between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, one in enumerate(typed, 1):
        further, row, before = before, [i], row
        for j, other in enumerate(meant, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one != other))
            if i > 1 and j > 1 and one == meant[j - 2] and typed[i - 2] == other:
                cost = min(cost, further[j - 2] + 1)
            row.append(cost)
    return row[-1]


def clues(typed: str) -> list[str]:
    """Pieces of the word of which at least one stands in every word it may be a slip of. A slip spoils one
    piece, neighbours exchanged across a border two: so there are two more pieces than slips, where the word
    has so many letters."""
    count = min(2 * slips_allowed(typed) + 1, len(typed))
    cuts = [len(typed) * number // count for number in range(count + 1)]
    return sorted({typed[start:end] for start, end in zip(cuts, cuts[1:], strict=False)})


def nearest(typed: str, words: Iterable[str]) -> str:
    """The word it is likeliest a slip of; the same for the same words in any order. Empty: of none."""
    close: Sequence[tuple[int, str]] = [
        (slips(typed, word), word) for word in set(words) if word != typed and is_close(typed, word)
    ]
    return min(close)[1] if close else ""
