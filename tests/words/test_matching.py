"""Whether a text holds what somebody looks for."""

import pytest

from apps.words import matches, read_query

TEXT = "Ofcom’s online-safety codes: regulators publish café guidance"


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("", True),
        ("online safety", True),
        ("safety online", True),
        ('"online safety"', True),
        ('"safety online"', False),
        ("online -codes", False),
        ("online -gambling", True),
        ('online -"codes publish"', True),
        ("regulat*", True),
        ("regulat", False),
        ("CAFE", True),
        ("gambling", False),
    ],
)
def test_words_phrases_starts_and_what_is_not_wanted(typed: str, fits: bool) -> None:
    assert matches(read_query(typed, as_typed=False), TEXT) == fits
    assert not matches(read_query("word", as_typed=False), "")
