"""What people type."""

from timeit import repeat

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apps.dates import BadDate, in_words, parse, read
from tests.dates import shapes

TYPED = {
    "3 September 2020": "2020-09-03",
    "03 september 2020": "2020-09-03",
    "  3   SEPTEMBER\u00a02020 ": "2020-09-03",
    "3\tSeptember\n2020": "2020-09-03",
    "3rd Sept 2020": "2020-09-03",
    "3 Sep. 2020": "2020-09-03",
    "3 September, 2020": "2020-09-03",
    "3 September 2020.": "2020-09-03",
    "the 3rd of September 2020": "2020-09-03",
    "3rd day of September 2020": "2020-09-03",
    "on 3 September 2020": "2020-09-03",
    "September 3, 2020": "2020-09-03",
    "Thursday 3 September 2020": "2020-09-03",
    "Thurs, 3 Sept 2020": "2020-09-03",
    "03/09/2020": "2020-09-03",
    "3/9/2020": "2020-09-03",
    "3 / 9 / 2020": "2020-09-03",
    "3.9.2020": "2020-09-03",
    "3-9-2020": "2020-09-03",
    "3‑9‑2020": "2020-09-03",
    "29 February 2020": "2020-02-29",
    "September 2020": "2020-09",
    "in September 2020": "2020-09",
    "09/2020": "2020-09",
    "May 2021": "2021-05",
    "autumn 2020": "2020-23",
    "Fall 2020": "2020-23",
    "spring 2021": "2021-21",
    "summer of 2021": "2021-22",
    "winter 2020": "2020-24",
    "winter 2020–21": "2020-24",
    "winter 2020-21": "2020-24",
    "winter 2020/2021": "2020-24",
    "winter 1999–2000": "1999-24",
    "2020": "2020",
    "2020-09-03": "2020-09-03",
    "2020-23": "2020-23",
    "2020-21": "2020-21",
    "2020-09-03~": "2020-09-03~",
    "2021-xx": "2021-XX",
    "202x": "202X",
    "2019-04 / 2020-03": "2019-04/2020-03",
    "../2021": "../2021",
    "2021/..": "2021/..",
    "2020s": "202X",
    "the 2020s": "202X",
    "Q3 2020": "2020-07/2020-09",
    "2020 Q1": "2020-01/2020-03",
    "2019/20": "2019-04/2020-03",
    "2019-20": "2019-04/2020-03",
    "2019–20": "2019-04/2020-03",
    "2020/21": "2020-04/2021-03",
    "2020–21": "2020-04/2021-03",
    "2009/10": "2009-04/2010-03",
    "2009–10": "2009-04/2010-03",
    "2009-10": "2009-10",
    "1999-00": "1999-04/2000-03",
    "2018-2020": "2018/2020",
    "about 2021": "2021~",
    "around June 2021": "2021-06~",
    "circa 1918": "1918~",
    "c. 1918": "1918~",
    "c.1918": "1918~",
    "c1918": "1918~",
    "in about 2021": "2021~",
    "about autumn 2020": "2020-09~/2020-11~",
    "about the 2020s": "202X~",
    "mid 2021": "2021~",
    "mid-2021": "2021~",
    "early 2021": "2021~",
    "early in 2021": "2021~",
    "late 2021": "2021~",
    "early to mid 2021": "2021~/2021~",
    "2021, uncertain": "2021?",
    "about 2021 (uncertain)": "2021%",
    "by 2021": "../2021-12-31",
    "by June 2021": "../2021-06-30",
    "by 31 March 2022": "../2022-03-31",
    "no later than 31 March 2022": "../2022-03-31",
    "by autumn 2020": "../2020-11-30",
    "by winter 2019": "../2020-02-29",
    "by Q3 2020": "../2020-09-30",
    "by early 2021": "../2021~",
    "by 2019/20": "../2020-03-31",
    "by the end of 2021": "../2021-12-31",
    "before the end of 2021": "../2021-12-31",
    "by end of February 2024": "../2024-02-29",
    "end of 2021": "../2021-12-31",
    "by about the end of June 2021": "../2021-06~",
    "from 3 May 2021": "2021-05-03/..",
    "since 2021": "2021-01-01/..",
    "from June 2021 onwards": "2021-06-01/..",
    "June 2021 onwards": "2021-06-01/..",
    "from about 2021": "2021~/..",
    "2019 to 2020": "2019/2020",
    "April 2019 – March 2020": "2019-04/2020-03",
    "April 2019–March 2020": "2019-04/2020-03",
    "April 2019 - March 2020": "2019-04/2020-03",
    "April 2019 until March 2020": "2019-04/2020-03",
    "between April 2019 and March 2020": "2019-04/2020-03",
    "from 3 May 2021 to 9 June 2021": "2021-05-03/2021-06-09",
    "3 to 9 May 2021": "2021-05-03/2021-05-09",
    "3–9 May 2021": "2021-05-03/2021-05-09",
    "3-9 May 2021": "2021-05-03/2021-05-09",
    "between 3 and 9 May 2021": "2021-05-03/2021-05-09",
    "3 May to 9 June 2021": "2021-05-03/2021-06-09",
    "April to June 2021": "2021-04/2021-06",
    "Q1 to Q3 2020": "2020-01/2020-09",
    "spring to autumn 2020": "2020-21/2020-23",
    "autumn 2020 to winter 2020–21": "2020-23/2020-24",
    "autumn to winter 2020–21": "2020-23/2020-24",
    "about 3 to 9 May 2021": "2021-05-03~/2021-05-09~",
    "about spring 2020 to autumn 2020": "2020-03~/2020-11~",
    "mid June to late July 2021": "2021-06~/2021-07~",
    "early 2020 to 3 May 2021": "2020~/2021-05-03",
    "2020-09-03 to 2021-01": "2020-09-03/2021-01",
    "between 2019, uncertain, and May 2020": "2019?/2020-05",
    "April 2019 to March 2020, uncertain": "2019-04?/2020-03?",
}


@pytest.mark.parametrize(("typed", "text"), TYPED.items())
def test_read(typed, text):
    assert read(typed) == parse(text)


@pytest.mark.parametrize("typed", TYPED)
def test_reading_what_was_read_changes_nothing(typed):
    known = read(typed)
    assert parse(known.text) == known
    assert read(known.text) == known


EXAMPLES = "3 September 2020, September 2020, autumn 2020, 2021, by the end of 2021 or about 2021."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", f"There is no date. Write it like {EXAMPLES}"),
        (" \n ", f"There is no date. Write it like {EXAMPLES}"),
        ("soon", f"“soon” is not a date. Write it like {EXAMPLES}"),
        ("x" * 81, f"“{'x' * 39}…” is too long for a date. Write it like {EXAMPLES}"),
        ("2021-13", "2021-13 is not a month: months run from 01 to 12."),
        ("2019-25", "2019-25 is not a month: months run from 01 to 12."),
        ("29 February 2021", "February 2021 has 28 days."),
        ("31/09/2020", "September 2020 has 30 days."),
        ("0 May 2021", "May 2021 has 31 days."),
        ("03/13/2020", "13 is not a month. Write the day first, then the month, like 03/09/2020."),
        ("03/09/20", "“03/09/20” has a short year. Write all four figures, like 03/09/2020."),
        ("3 September", "“3 September” has no year. Write it like 3 September 2020."),
        ("autumn", "“autumn” has no year. Write it like 3 September 2020."),
        ("Friday 3 September 2020", "3 September 2020 is a Thursday, not a Friday."),
        ("Tues 3 September 2020", "3 September 2020 is a Thursday, not a Tuesday."),
        ("from Friday 3 to 9 September 2020", "3 September 2020 is a Thursday, not a Friday."),
        ("Tomorrow", "“Tomorrow” depends on when it is read. Write the day, like 3 September 2020."),
        ("next May", "“next May” depends on when it is read. Write the day, like 3 September 2020."),
        ("9 to 3 May 2021", "The period ends (3 May 2021) before it starts (9 May 2021)."),
        ("2021 to 2019", "The period ends (2019) before it starts (2021)."),
        ("by 9999", "Years have four digits and run from 0001 to 9998."),
        ("12021", "Years have four digits and run from 0001 to 9998."),
        ("2020-09-03T10:00", "“2020-09-03T10:00” has a time of day. Write the day alone, like 2020-09-03."),
        (
            "2020-09-03 10:00",
            "“2020-09-03 10:00” has a time of day. Write the day alone, like 2020-09-03.",
        ),
    ],
)
def test_refusals_say_what_to_write(typed, sentence):
    with pytest.raises(BadDate) as refused:
        read(typed)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "typed",
    [
        "<b>2021</b>",
        "2021\x00",
        "20\x1b21",
        "\u202e2021",
        "2021\u200f",
        "📅 2021",
        "２０２１",
        "\ud800",
        "3 Smarch 2020",
        "32 to May",
        "winter 2020–23",
        "summer 2020–21",
        "2019/21",
        "by from 2020",
        "by 2019 to 2020",
        "to 2020",
        "from",
        "2020 to",
        "between 2019",
        "about",
        "about about about 2021",
        "'; drop table",
        "2019-04/2020-03/2021",
        "12:30",
    ],
)
def test_other_text_is_refused(typed):
    with pytest.raises(BadDate):
        read(typed)


def test_a_refusal_shows_nothing_invisible():
    with pytest.raises(BadDate, match="^“2021·” is not a date"):
        read("2021\u202e")


VOCABULARY = (
    "about by the end of from to between and 3 31 3rd May Feb. 2021 2020–21 2019-20 autumn winter q3 Friday "
    "uncertain , / - – .. 202X 2021~ (uncertain) 00/00/0000 9999 early mid- c. onwards"
)
WORDS = st.sampled_from(VOCABULARY.split())


@given(st.text() | st.text(max_size=80) | st.lists(WORDS, max_size=9).map(" ".join))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=400)
def test_any_text_is_a_date_or_a_bad_date(typed):
    try:
        known = read(typed)
    except BadDate as refused:
        assert len(str(refused)) < 250
    else:
        assert parse(known.text) == known
        assert read(str(known)) == read(str(known))


@given(shapes.DATES)
@settings(deadline=None, max_examples=400)
def test_words_are_read_back_to_the_same_bounds(known):
    assume(known.latest is None or known.latest.year < 9999)  # the last winter ends after the last year
    again = read(in_words(known.text))
    assert (again.earliest, again.latest) == (known.earliest, known.latest)
    assert (again.approximate, again.uncertain) == (known.approximate, known.uncertain)


@pytest.mark.parametrize(
    "typed",
    [
        "about " * 1700,
        "(" * 10_000,
        " " * 10_000,
        "3 to " * 2000,
        "about " * 13,
        "a, " * 26,
        "2-" * 40,
        "of " * 26,
    ],
)
def test_long_text_is_refused_at_once(typed):
    def refuse():
        with pytest.raises(BadDate):
            read(typed)

    assert min(repeat(refuse, number=1, repeat=5)) < 0.01
