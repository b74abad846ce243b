"""Figures and changes as people write them: read, refused in a sentence, and written again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.evidence.changes import MULTIPLES, ReadChange, read_change, stated, typed_again
from apps.evidence.figures import BadFigure, Read, long, plain, read_figure, short, step_of, with_unit


@pytest.mark.parametrize(
    ("typed", "value", "step", "hedge", "unit"),
    [
        ("389", "389", "1", "", ""),
        (" 10,000 ", "10000", "1", "", ""),
        ("about 10,000", "10000", "1", "about", ""),
        ("10k", "10000", "1000", "", ""),
        ("about 10k?", "10000", "1000", "about", ""),
        ("10k?", "10000", "1000", "about", ""),
        ("1.2m", "1200000", "100000", "", ""),
        ("1.20M", "1200000", "10000", "", ""),
        ("£3.4bn", "3400000000", "100000000", "", "£"),
        ("approximately £1.5 million", "1500000", "100000", "about", "£"),
        ("12.5%", "12.5", "0.1", "", "%"),
        ("12.50 per cent", "12.50", "0.01", "", "%"),
        ("nearly 3 million people", "3000000", "1000000", "nearly", "people"),
        ("more than 1,250", "1250", "1", "over", ""),
        ("10,000+", "10000", "1", "over", ""),
        ("fewer than 5", "5", "1", "under", ""),
        ("c. 300", "300", "1", "about", ""),
        ("~300", "300", "1", "about", ""),
        ("389 offences", "389", "1", "", "offences"),
        ("5 GCSEs", "5", "1", "", "GCSEs"),
        ("−5", "-5", "1", "", ""),
        ("-£5", "-5", "1", "", "£"),
        ("£-5", "-5", "1", "", "£"),
        ("1\N{THIN SPACE}234", "1234", "1", "", ""),
        ("1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567", "1234567", "1", "", ""),
        ("１２", "12", "1", "", ""),
        ("٣٨٩", "389", "1", "", ""),
        ("0", "0", "1", "", ""),
        (".5", "0.5", "0.1", "", ""),
        # a hedge behind the number, and the stops of the sentence it was copied from
        ("over 10,000+", "10000", "1", "over", ""),
        ("10,000+ offences", "10000", "1", "over", "offences"),
        ("£3m+", "3000000", "1000000", "over", "£"),
        ("12.5%+", "12.5", "0.1", "over", "%"),
        ("12.5% or more", "12.5", "0.1", "over", "%"),
        ("5 or fewer", "5", "1", "under", ""),
        ("10k? people", "10000", "1000", "about", "people"),
        ("12%?", "12", "1", "about", "%"),
        ("12.5%.", "12.5", "0.1", "", "%"),
        ("12 per cent;", "12", "1", "", "%"),
        ("389 offences.", "389", "1", "", "offences"),
        ("389,", "389", "1", "", ""),
        ("3 sq. ft.", "3", "1", "", "sq. ft."),
        ("300 LGBTQ+ people", "300", "1", "", "LGBTQ+ people"),
    ],
)
def test_what_people_write_is_read(typed: str, value: str, step: str, hedge: str, unit: str) -> None:
    assert read_figure(typed) == Read(Decimal(value), Decimal(step), hedge, unit)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type a figure"),
        ("one in five", "one in five is 20%"),
        ("1 in 5", "one in five is 20%"),
        ("2/3", "fraction"),
        ("½", "fraction"),
        ("2½", "fraction"),
        ("10³", "raised digit"),
        ("half", "half is 50%"),
        ("dozens", "no figure"),
        ("many", "no figure"),
        ("NaN", "no figure"),
        ("Infinity", "no figure"),
        ("<b>389</b>", "no figure"),
        ("10–20", "range"),
        ("10 to 20", "range"),
        ("10,00", "before every three digits"),
        ("1.234.567", "before every three digits"),
        ("1,2345", "before every three digits"),
        ("10.000", "10 or 10 thousand"),
        ("1e30", "more than one number"),
        ("10k 20k", "more than one number"),
        ("3.14159", "four digits after the point"),
        ("9" * 16, "larger than any figure"),
        ("9" * 90, "larger than any figure"),
        ("999999tn", "larger than any figure"),
        ("£3.4bn a year", "more after the amount"),
        ("12% of children", "more after the number than a unit"),
        ("3% points", "more after the number than a unit"),
        ("10k?+ people", "more after the number than a unit"),
        ("under 10,000+", "both “under” and “over”"),
        ("x" * 101, "too long"),
    ],
)
def test_what_is_no_one_number_is_refused_in_a_sentence_that_says_what_to_type(typed: str, says: str) -> None:
    with pytest.raises(BadFigure, match=says) as refused:
        read_figure(typed)
    assert str(refused.value).endswith(".")


@given(st.text(max_size=110))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(typed: str) -> None:
    for read in (read_figure, read_change):
        try:
            assert read(typed).value.is_finite()
        except BadFigure as refused:
            assert str(refused)


@given(
    digits=st.integers(-(10**8), 10**8),
    power=st.sampled_from([-4, -2, -1, 0, 1, 3, 5, 6]),
)
def test_a_figure_written_short_reads_back_the_same(digits: int, power: int) -> None:
    step = Decimal(1).scaleb(power)
    value = digits * step
    read = read_figure(short(value, step))
    assert (read.value, read.hedge, read.unit) == (value, "", "")
    assert read.step == step or (power == 1 and read.step <= step)


@pytest.mark.parametrize(
    ("value", "step", "unit", "words"),
    [
        ("389", "1", "offences", "389 offences"),
        ("99", "1", "%", "99%"),
        ("12.50", "0.01", "%", "12.50%"),
        ("2400", "1", "£", "£2,400"),
        ("3400000000", "100000000", "£", "£3.4 billion"),
        ("10000", "1000", "crimes", "10,000 crimes"),
        ("-5", "1", "£", "-£5"),
        ("1234567", "1", "", "1,234,567"),
    ],
)
def test_a_figure_stands_on_a_page_as_people_write_it(value: str, step: str, unit: str, words: str) -> None:
    assert with_unit(long(Decimal(value), Decimal(step)), unit) == words


@pytest.mark.parametrize(
    ("number", "words"), [("1E+2", "100"), ("1234567.50", "1,234,567.5"), ("0.00", "0"), ("-3.10", "-3.1")]
)
def test_numbers_are_written_as_people_write_them(number: str, words: str) -> None:
    assert plain(Decimal(number)) == words


@pytest.mark.parametrize(
    ("number", "step"), [(None, "1"), ("389", "1"), ("10000", "1"), ("0.5", "0.1"), ("12.2500", "0.01")]
)
def test_the_step_of_a_bare_number_is_that_of_its_last_digit(number: str | None, step: str) -> None:
    assert step_of(None if number is None else Decimal(number)) == Decimal(step)


@pytest.mark.parametrize(
    ("typed", "value", "hedge", "sort"),
    [
        ("104", "104", "", ""),
        ("104%", "104", "", "percent"),
        ("up 104%", "104", "", "percent"),
        ("a rise of about 104 per cent", "104", "about", "percent"),
        ("nearly a 50% rise", "50", "nearly", "percent"),
        ("20% fall", "-20", "", "percent"),
        ("fell by more than 20%", "-20", "over", "percent"),
        ("-12.5", "-12.5", "", ""),
        ("down 3.5 points", "-3.5", "", "points"),
        ("3 percentage points", "3", "", "points"),
        ("2.5 times", "2.5", "", "times"),
        ("10-fold", "10", "", "times"),
        ("almost doubled", "2", "nearly", "times"),
        ("more than doubled", "2", "over", "times"),
        ("trebled", "3", "", "times"),
        ("more than halved", "-50", "over", "percent"),
        ("198 offences", "198", "", "absolute"),
        ("198 more", "198", "", ""),
        ("198 fewer", "-198", "", ""),
        # points, however their per cent is written
        ("3% points", "3", "", "points"),
        ("3 per cent points", "3", "", "points"),
        ("3%-points", "3", "", "points"),
        ("3%pts", "3", "", "points"),
        ("3-point fall", "-3", "", "points"),
        ("0.5 percentage point fall", "-0.5", "", "points"),
        # the direction after the number, whatever follows it
        ("20% lower than last year", "-20", "", "percent"),
        ("20% fewer offences", "-20", "", "percent"),
        ("20% down on 2019", "-20", "", "percent"),
        ("20% lower than in 2019/20", "-20", "", "percent"),
        ("20-per-cent cut", "-20", "", "percent"),
        ("a 20% year-on-year fall", "-20", "", "percent"),
        ("20% higher than last year", "20", "", "percent"),
        ("198 fewer offences", "-198", "", "absolute"),
        ("198 fewer than last year", "-198", "", ""),
        ("198 offences fewer than in 2019", "-198", "", "absolute"),
        ("198 incidents", "198", "", "absolute"),
        ("doubled since 2019", "2", "", "times"),
        # a hedge behind the number, and the stops of the sentence it was copied from
        ("100%+", "100", "over", "percent"),
        ("over 100%+", "100", "over", "percent"),
        ("fell by 20% or more", "-20", "over", "percent"),
        ("20%? lower", "-20", "about", "percent"),
        ("104%.", "104", "", "percent"),
        ("104%,", "104", "", "percent"),
        ("halved.", "-50", "", "percent"),
    ],
)
def test_changes_are_read_as_people_write_them(typed: str, value: str, hedge: str, sort: str) -> None:
    read = read_change(typed)
    assert (read.value, read.hedge, read.sort) == (Decimal(value), hedge, sort)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2.5 times more", "two things"),
        ("up by a fifth", "no change"),
        ("a lot", "no change"),
        ("up", "no change"),
        ("x" * 101, "too long"),
        ("10 to 20%", "range"),
        ("104%!", "no change"),
        ("nearly 100%+", "both “nearly” and “over”"),
        ("up 20% lower", "both up and down"),
        ("20% up from 15%", "more than one number"),
        ("104 since 2019", "more than one number"),
    ],
)
def test_changes_that_are_no_one_number_are_refused(typed: str, says: str) -> None:
    with pytest.raises(BadFigure, match=says):
        read_change(typed)


def reads_back(change: ReadChange) -> None:
    """What a form shows of a stored change reads as that change; the sort has a field of its own."""
    again = read_change(typed_again(change))
    assert (again.value, again.step, again.hedge) == (change.value, change.step, change.hedge)
    assert again.sort in ("", change.sort)


@pytest.mark.parametrize("word", MULTIPLES)
@pytest.mark.parametrize("hedge", ["", "over", "under", "nearly", "about"])
def test_a_multiple_in_one_word_is_shown_as_what_reads_back_the_same(word: str, hedge: str) -> None:
    reads_back(read_change(f"{hedge} {word}".strip()))


@given(
    number=st.decimals(0, 10**8, places=2),
    before=st.sampled_from(["", "over ", "up to ", "nearly ", "about ", "down ", "fell by almost ", "up "]),
    behind=st.sampled_from(
        ["", "%", " points", "% points", " times", " offences", "k", "m", "%+", "% lower"]
    ),
)
def test_whatever_change_is_read_is_shown_as_what_reads_back_the_same(
    number: Decimal, before: str, behind: str
) -> None:
    try:
        read = read_change(f"{before}{number.normalize():f}{behind}")
    except BadFigure:
        return
    reads_back(read)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("halved", "halved"),
        ("more than halving", "over halved"),
        ("-50%", "-50"),
        ("about 104%", "about 104"),
    ],
)
def test_a_change_is_shown_as_a_number_where_that_says_as_much(typed: str, shown: str) -> None:
    assert typed_again(read_change(typed)) == shown


@pytest.mark.parametrize(
    ("sort", "unit", "words"),
    [
        ("percent", "offences", "over 104%"),
        ("points", "%", "over 104 percentage points"),
        ("times", "", "over 104 times"),
        ("absolute", "offences", "over 104 offences"),
        ("absolute", "£", "over £104"),
    ],
)
def test_a_stated_change_stands_in_words(sort: str, unit: str, words: str) -> None:
    assert stated(Decimal(104), Decimal(1), "over", sort, unit) == words
