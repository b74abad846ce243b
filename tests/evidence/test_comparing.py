"""Words against texts: typography is no difference, every word is."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.evidence.comparing import Difference, Found, differences, find, same

TEXT = """Head of policy speaks out

He said: “We can’t wait — not for a mo\u00admment, nor a day.” Then he left the room.

What happens next

The law must catch up with the ﬁrst of them by 2019–20, he told us."""

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
passages = st.lists(words, min_size=4, max_size=40)


@pytest.mark.parametrize(
    ("quoted", "stands"),
    [
        ("We can't wait - not", "We can’t wait — not"),
        ("We can't wait–not", "We can’t wait — not"),
        ("for a momment, nor", "for a mo\u00admment, nor"),
        ("for  a\u00a0momment,\nnor", "for a mo\u00admment, nor"),
        ("the first of them by 2019-20", "the ﬁrst of them by 2019–20"),
        ("“We can’t wait", "We can’t wait"),
        ("must catch up", "must catch up"),
    ],
)
def test_typography_is_no_difference_and_offsets_are_those_of_the_text(quoted: str, stands: str) -> None:
    found = find(quoted, TEXT)
    assert found is not None
    assert TEXT[found.start : found.end] == stands
    assert differences(quoted, TEXT) == []


@pytest.mark.parametrize(
    ("quoted", "difference"),
    [
        ("The law may catch up with", Difference("may", "must")),
        ("The law catch up with the", Difference("", "must")),
        ("The law must really catch up with", Difference("really", "")),
        ("the law must catch up with", Difference("the", "The")),
        ("We can wait – not for a momment", Difference("can", "can’t")),
        ("must catch up with the first of you", Difference("you", "them")),
        ("A law must catch up with the", Difference("A", "The")),
    ],
)
def test_what_differs_is_said_word_by_word(quoted: str, difference: Difference) -> None:
    assert find(quoted, TEXT) is None
    assert differences(quoted, TEXT) == [difference]


def test_a_subheading_may_interrupt_and_is_named() -> None:
    quoted = "Then he left the room. The law must catch up"
    found = find(quoted, TEXT)
    assert found is not None
    assert found.heading == "What happens next"
    assert TEXT[found.start : found.end].startswith("Then he left")


@pytest.mark.parametrize(
    "between", ["What happens next.", "what happens next", "Word " * 13, "He said so, and then he went:"]
)
def test_what_is_no_subheading_may_not(between: str) -> None:
    text = f"We must act.\n\n{between}\n\nThe law must catch up."
    assert find("We must act. The law must catch up.", text) is None


@pytest.mark.parametrize(
    ("quoted", "text"),
    [
        ("act now", "fact now"),
        ("act now", "re-act now"),
        ("act now", "act nowhere"),
        ("they", "they’re late"),
        ("up by 10", "up by 10.5 points"),
        ("up by 10", "up by 10%"),
        ("up by 1", "up by 1,000"),
        ("5 points", "-5 points"),
        ("5 points", "1.5 points"),
        ("10", "10²"),
        ("cafe", "cafe\u0301"),
    ],
)
def test_parts_of_words_and_numbers_are_not_the_words(quoted: str, text: str) -> None:
    assert find(quoted, text) is None


def test_nothing_like_it_has_no_differences() -> None:
    assert differences("Something else altogether was said", TEXT) == []
    assert differences("word", "") == []


@given(passages, st.data())
def test_every_single_word_that_changes_in_the_text_is_caught(said: list[str], data: st.DataObject) -> None:
    quoted = " ".join(said)
    number = data.draw(st.integers(0, len(said) - 1))
    other = data.draw(words)
    altered = {
        "changed": [*said[:number], other, *said[number + 1 :]],
        "dropped": [*said[:number], *said[number + 1 :]],
        "added": [*said[:number], other, *said[number:]] if number > 0 else [*said[:1], other, *said[1:]],
        "swapped": [*said[:number], *said[number : number + 2][::-1], *said[number + 2 :]],
    }[data.draw(st.sampled_from(["changed", "dropped", "added", "swapped"]))]
    text = f"Before it. {' '.join(altered)} And after."
    assume(f" {quoted} " not in f" {' '.join(altered)} ")
    assert find(quoted, text) is None
    assert len(said) < 6 or differences(quoted, text) != []


DRESSED = {
    " ": st.sampled_from([" ", "\u00a0", "  ", "\n", " \u2009", "\t", "\u200b "]),
    "-": st.sampled_from(["-", "–", "—", " – ", "—", "‑", " - "]),
    "'": st.sampled_from(["'", "’", "‘", "ʼ"]),
    '"': st.sampled_from(['"', "“", "”", "«", "„", "'", ""]),
    "f": st.just("f"),
}


@given(
    st.text(alphabet="abfi -'\".", min_size=1, max_size=60).filter(
        lambda text: bool(re.search("[abfi]", text))
    ),
    st.data(),
)
def test_no_typographic_change_is_flagged(plain: str, data: st.DataObject) -> None:
    plain = re.sub(r"(?<![abfi])'|'(?![abfi])", "", plain)  # an apostrophe stands within a word
    plain = re.sub(r'(?<! )"(?! )', "", plain)  # and a quotation mark does not
    plain = re.sub(r"\s*-[\s-]*", "-", plain).strip()
    assume(re.search("[abfi]", plain))
    dressed = "".join(
        data.draw(DRESSED.get(one, st.just(one))) + data.draw(st.sampled_from(["", "", "\u00ad", "\u2060"]))
        for one in plain
    )
    dressed = dressed.replace("ffi", "ﬃ").replace("fi", "ﬁ")
    assert same(plain, dressed)
    edges = f"¶ {dressed} ¶"
    found = find(plain, edges)
    assert found is not None
    assert same(edges[found.start : found.end], plain)


@given(st.text(max_size=200), st.text(max_size=40))
def test_offsets_always_lie_in_the_text(text: str, quoted: str) -> None:
    found = find(quoted, text)
    assert found is None or 0 <= found.start < found.end <= len(text)


@given(st.text(max_size=80))
def test_any_text_can_be_compared_with_any_other(text: str) -> None:
    assert isinstance(differences(text, text[::-1]), list)


def test_a_megabyte_is_searched_in_seconds() -> None:
    text = "the quick brown fox jumps over the lazy dog. " * 22_000
    assert find("a word that is not there", text) is None
    assert find("dog. the quick", text) == Found(40, 54)
