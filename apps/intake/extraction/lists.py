"""Long lists of words, written as running text."""


def word_list(words: str) -> tuple[str, ...]:
    """ "he she they" as a tuple of three."""
    return tuple(words.split())
