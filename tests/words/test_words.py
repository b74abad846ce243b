"""Words split, queries read, hits marked and typos told: whatever is typed."""

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.words import (
    Document,
    Query,
    Term,
    clues,
    fold,
    fts5,
    is_close,
    literal,
    nearest,
    pieces,
    read_query,
    spans,
    tokens,
    tsquery,
)
from apps.words.document import MOST_TIMES
from apps.words.folding import LONGEST
from apps.words.query import MOST_TERMS

nasty = st.text(st.sampled_from("ab1é\u0301ßŁ東 \t\n\"“”'*-−:(){}^+=%_\\\x00&|!<>~/,.😀AND"), max_size=60)
anything = st.one_of(st.text(max_size=80), nasty)


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Café’s £1,204", ["cafe", "s", "1", "204"]),
        ("cafe\u0301", ["cafe"]),
        ("re\u0301sume\u0301", ["resume"]),
        ("Straße ﬁne ½ Łódź İzmir Æsop", ["strasse", "fine", "1", "2", "lodz", "izmir", "aesop"]),
        ("हिन्दी", ["हिन्दी"]),
        ("東京 Привет й", ["東", "京", "привет", "и"]),
        ("😀 – _ %", []),
        ("x" * 500, ["x" * LONGEST]),
    ],
)
def test_text_is_split_into_tokens(text: str, split: list[str]) -> None:
    assert tokens(text) == split


@given(anything)
def test_tokens_hold_nothing_that_either_database_reads_as_a_sign(text: str) -> None:
    for token in tokens(text):
        assert token
        assert len(token) <= LONGEST
        assert not re.search(r"[\s\x00-\x2f:-@\[-`{-\x7f]", token)


@given(anything)
def test_a_token_is_its_own_only_token(text: str) -> None:
    """Or what stands in the index would not be found by itself."""
    split = tokens(text)
    assert tokens(" ".join(split)) == split
    assert fold(text).split() == split


@given(anything)
def test_spans_are_stretches_of_the_text_in_order(text: str) -> None:
    found = list(spans(text))
    assert [one.token for one in found] == tokens(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("online groom", (Term(("online",)), Term(("groom",), start=True))),
        ("online groom ", (Term(("online",)), Term(("groom",)))),
        ("“duty of care” -draft", (Term(("duty", "of", "care")), Term(("draft",), unwanted=True))),
        ('"unbalanced and', (Term(("unbalanced", "and")),)),
        ('"never closed', (Term(("never", "closed")),)),
        ("co-op x", (Term(("co", "op")), Term(("x",)))),
        ('-"a b" c* d', (Term(("a", "b"), unwanted=True), Term(("c",)), Term(("d",)))),
        ("ca* dd", (Term(("ca",), start=True), Term(("dd",), start=True))),
        ("AND OR NEAR(a)", (Term(("and",)), Term(("or",)), Term(("near", "a")))),
    ],
)
def test_queries_are_read(typed: str, terms: tuple[Term, ...]) -> None:
    read = read_query(typed)
    assert (read.terms, read.problem) == (terms, "")


@pytest.mark.parametrize("typed", ["-", '"', "*", '""', "😀", "- -", "%_", "<>", "(((", "-draft", '-"a b"'])
def test_what_cannot_be_looked_for_ends_in_a_sentence(typed: str) -> None:
    read = read_query(typed)
    assert not read
    assert read.problem.endswith(".")


@pytest.mark.parametrize("typed", ["", " ", "\x00", "\n\t"])
def test_nothing_typed_is_no_problem(typed: str) -> None:
    assert read_query(typed) == Query()


def test_too_much_ends_in_a_sentence() -> None:
    assert "10,000" in read_query("x" * 10_000).problem
    assert "this has 25" in read_query(" ".join(f"w{number}" for number in range(MOST_TERMS + 1))).problem


@given(anything)
def test_any_query_is_one_that_fts5_takes(typed: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE t USING fts5(head, body, tokenize=\"ascii tokenchars '='\")")
    if query := read_query(typed):
        for head in (None, True, False):
            made = fts5(query, marks=[["=c1", "=c2"]], head=head)
            assert index.execute("SELECT rowid FROM t WHERE t MATCH ?", [made]).fetchall() == []
    index.close()


@given(anything, st.lists(anything, max_size=3))
def test_what_a_query_finds_holds_every_wanted_word_and_no_unwanted_one(typed: str, parts: list[str]) -> None:
    """FTS5 against a plain reading of the same tokens; marks can be looked for by nobody."""
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE t USING fts5(head, body, tokenize=\"ascii tokenchars '='\")")
    made = Document.of(parts[:1], parts[1:], ["=c1", "=p12"])
    index.execute("INSERT INTO t VALUES (?, ?)", [made.head, made.body])
    query = read_query(typed)
    if query:
        found = bool(index.execute("SELECT 1 FROM t WHERE t MATCH ?", [fts5(query)]).fetchall())
        texts = [made.head.split(), made.body.split()]
        assert found == all(_holds(term, texts) != term.unwanted for term in query.terms)
        assert "=" not in fts5(query) + tsquery(query)
    index.close()


def _holds(term: Term, texts: list[list[str]]) -> bool:
    *whole, last = term.tokens
    return any(
        words[at : at + len(whole)] == whole
        and at + len(whole) < len(words)
        and (words[at + len(whole)].startswith(last) if term.start else words[at + len(whole)] == last)
        for words in texts
        for at in range(len(words))
    )


def test_a_phrase_does_not_run_from_one_part_into_the_next() -> None:
    assert Document.of(["a b", "c"], ["d"], []).head == "a b · c"


def test_a_word_that_stands_too_often_is_left_out_and_keeps_its_places() -> None:
    made = Document.of(["a " * 300 + "b"], [], [])
    assert made.head.split().count("a") == MOST_TIMES
    assert made.head.split()[-1] == "b"
    assert "'b':301A" in literal(made)


def test_a_document_as_postgresql_takes_it() -> None:
    assert literal(Document.of(["a b a"], ["c", "d"], ["=p1"])) == "'a':1A,3A 'b':2A 'c':5 'd':7 '=p1'"


@given(anything, anything)
def test_marking_leaves_the_text_as_it_is(text: str, typed: str) -> None:
    assert "".join(piece.text for piece in pieces(text, read_query(typed))) == text


@given(st.text(max_size=400), anything)
def test_a_cut_text_is_a_stretch_of_it(text: str, typed: str) -> None:
    said = "".join(piece.text for piece in pieces(text, read_query(typed), most=100))
    kept = said.removeprefix("… ").removesuffix(" …")
    assert kept in text or said in text
    assert len(said) <= 104


def test_hits_are_marked_as_they_are_written() -> None:
    marked = pieces("The Café’s duty of care", read_query('cafe "of care"'))
    assert [piece.text for piece in marked if piece.hit] == ["Café", "of care"]
    shown = pieces("x " * 200 + "grooming " + "y " * 200, read_query("groom"), most=100)
    assert [piece.text for piece in shown if piece.hit] == ["grooming"]


@pytest.mark.parametrize(
    ("typed", "meant", "close"),
    [
        ("burows", "burrows", True),
        ("brurows", "burrows", True),
        ("anyd", "andy", True),
        ("andy", "anna", False),
        ("bob", "rob", False),
        ("childhod", "childhood", True),
        ("departmnet", "department", True),
        ("nspcc", "nspca", True),
    ],
)
def test_slips_of_the_keyboard(typed: str, meant: str, close: bool) -> None:
    assert is_close(typed, meant) == close


words = st.text(st.sampled_from("abcde"), min_size=1, max_size=12)


@given(words, words)
def test_every_slip_leaves_a_clue(typed: str, meant: str) -> None:
    if is_close(typed, meant):
        assert any(clue in meant for clue in clues(typed))


@given(words, st.lists(words))
def test_the_nearest_is_close_and_the_same_in_any_order(typed: str, known: list[str]) -> None:
    likely = nearest(typed, known)
    assert likely == nearest(typed, known[::-1])
    assert likely == "" or is_close(typed, likely)
