"""Shortening takes words out, and changes none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.evidence.comparing import fold
from apps.evidence.shortening import GAP, NotTheirs, is_shortened, shorten, shortened, words_of

SAID = "We must act now, and we must act together – the law must catch up."

texts = st.lists(st.text(alphabet="abc,.-’", min_size=1, max_size=5), min_size=1, max_size=25).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        (SAID, SAID),
        ("we must act together", "[…] we must act together […]"),
        ("the law must catch up.", "[…] the law must catch up."),
        ("We must act now – the law must catch up.", "We must act now, […] – the law must catch up."),
        ("We must […] catch up.", "We must […] catch up."),
        ("We must [...] catch up.", "We must […] catch up."),
        ("We must ... catch up.", "We must […] catch up."),
        ("We  must\nact now", "We must act now, […]"),
        ("", ""),
    ],
)
def test_gaps_are_marked_and_words_stand_as_they_were_said(typed: str, made: str) -> None:
    assert shortened(SAID, typed) == made


@pytest.mark.parametrize(
    ("typed", "word", "after"),
    [
        ("We may act now", "may", "We"),
        ("we must act Now", "Now", "act"),
        ("catch up. We must", "We", "up."),
        ("We must not act", "not", "must"),
        ("Nobody must act", "Nobody", ""),
        ("We must act now. ", "now.", "act"),
    ],
)
def test_a_word_that_was_not_said_there_is_named(typed: str, word: str, after: str) -> None:
    with pytest.raises(NotTheirs) as refusal:
        shortened(SAID, typed)
    assert (refusal.value.word, refusal.value.after) == (word, after)
    assert f"“{word}” was not said" in str(refusal.value)
    assert not is_shortened(SAID, typed)


def test_of_several_places_those_with_the_fewest_gaps_are_taken() -> None:
    assert shortened("a b x a b c", "a b c") == "[…] a b c"


@given(texts, st.data())
def test_whatever_is_kept_is_a_shortening_and_nothing_but_words_of_the_quote(
    said: str, data: st.DataObject
) -> None:
    ours = words_of(said)
    keep = data.draw(st.lists(st.booleans(), min_size=len(ours), max_size=len(ours)))
    made = shorten(said, keep)
    assert [word for word in made.split() if word != GAP] == [w for w, k in zip(ours, keep, strict=True) if k]
    assert f"{GAP} {GAP}" not in made
    assert is_shortened(said, made)


@given(texts, texts)
def test_what_is_accepted_is_a_subsequence_and_comes_out_in_the_quotes_own_words(
    said: str, typed: str
) -> None:
    try:
        made = shortened(said, typed)
    except NotTheirs as refusal:
        assert refusal.word in typed.split()
        return
    rest = iter(words_of(said))
    kept = [word for word in made.split() if word != GAP]
    assert all(any(word == one for one in rest) for word in kept)
    assert len(kept) <= len(typed.split())  # dots that stand alone may be typed for a gap


@given(texts, st.text(alphabet="xyz", min_size=1, max_size=6), st.data())
def test_a_foreign_word_is_always_refused(said: str, foreign: str, data: st.DataObject) -> None:
    ours = words_of(said)
    place = data.draw(st.integers(0, len(ours)))
    assert not is_shortened(said, " ".join([*ours[:place], foreign, *ours[place:]]))


@given(texts)
def test_the_whole_quote_stays_whole(said: str) -> None:
    assert fold(shortened(said, said)).text == fold(" ".join(said.split())).text


def test_ten_thousand_characters_are_shortened_at_once() -> None:
    said = "no and yes and " * 660
    assert is_shortened(said, "and " * 1_000)
