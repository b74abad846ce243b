"""Stored text to bounds, and what is refused."""

from datetime import date
from timeit import repeat

import edtf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.dates import BadDate, parse
from tests.dates import shapes

D = date.fromisoformat


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2020-09-03", "2020-09-03", "2020-09-03"),
        ("2020-09", "2020-09-01", "2020-09-30"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9998", "9998-01-01", "9998-12-31"),
        ("2020-02-29", "2020-02-29", "2020-02-29"),
        ("2000-02-29", "2000-02-29", "2000-02-29"),
        ("2020-21", "2020-03-01", "2020-05-31"),
        ("2020-22", "2020-06-01", "2020-08-31"),
        ("2020-23", "2020-09-01", "2020-11-30"),
        ("2020-24", "2020-12-01", "2021-02-28"),
        ("2019-24", "2019-12-01", "2020-02-29"),
        ("1999-24", "1999-12-01", "2000-02-29"),
        ("1899-24", "1899-12-01", "1900-02-28"),
        ("9998-24", "9998-12-01", "9999-02-28"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("2021-XX", "2021-01-01", "2021-12-31"),
        ("2021-XX-XX", "2021-01-01", "2021-12-31"),
        ("2021-06-XX", "2021-06-01", "2021-06-30"),
        ("2021~", "2021-01-01", "2021-12-31"),
        ("2021?", "2021-01-01", "2021-12-31"),
        ("2021%", "2021-01-01", "2021-12-31"),
        ("2021-06~", "2021-06-01", "2021-06-30"),
        ("2021-06-03~", "2021-06-03", "2021-06-03"),
        ("2019-04/2020-03", "2019-04-01", "2020-03-31"),
        ("2020-23/2021-21", "2020-09-01", "2021-05-31"),
        ("2020-23/2020-24", "2020-09-01", "2021-02-28"),
        ("2020-09-03/2020-09-03", "2020-09-03", "2020-09-03"),
        ("2021/2021", "2021-01-01", "2021-12-31"),
        ("2021~/2022-06", "2021-01-01", "2022-06-30"),
        ("../2021-12-31", None, "2021-12-31"),
        ("../2021", None, "2021-12-31"),
        ("2021-05-03/..", "2021-05-03", None),
    ],
)
def test_bounds(text, earliest, latest):
    known = parse(text)
    assert known.text == text
    assert known.earliest == (earliest and D(earliest))
    assert known.latest == (latest and D(latest))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2021-13", "2021-13 is not a month: months run from 01 to 12."),
        ("2021-00", "2021-00 is not a month: months run from 01 to 12."),
        ("2021-25", "2021-25 is not a month: months run from 01 to 12."),
        ("2021-41", "2021-41 is not a month: months run from 01 to 12."),
        ("2020-23-05", "2020-23 is not a month: months run from 01 to 12."),
        ("2021-02-29", "February 2021 has 28 days."),
        ("1900-02-29", "February 1900 has 28 days."),
        ("2020-02-30", "February 2020 has 29 days."),
        ("2021-04-31", "April 2021 has 30 days."),
        ("2021-01-00", "January 2021 has 31 days."),
        ("2021/2021-02-29", "February 2021 has 28 days."),
        ("2020/2019", "The period ends (2019) before it starts (2020)."),
        ("2020-09/2020-08", "The period ends (31 August 2020) before it starts (1 September 2020)."),
        ("2020-24/2020-12", None),
        ("0000", "Years have four digits and run from 0001 to 9998."),
        ("9999", "Years have four digits and run from 0001 to 9998."),
        ("000X", "Years have four digits and run from 0001 to 9998."),
        ("999X", "Years have four digits and run from 0001 to 9998."),
        ("-0001", "Years have four digits and run from 0001 to 9998."),
        ("12021", "Years have four digits and run from 0001 to 9998."),
        ("Y12021", "Years have four digits and run from 0001 to 9998."),
        ("Y1E3", "Years have four digits and run from 0001 to 9998."),
        ("1E3", "Years have four digits and run from 0001 to 9998."),
        ("/2021", "The period has an empty end. Write two dots for an open one, like ../2021 or 2021/.."),
        ("2021/", "The period has an empty end. Write two dots for an open one, like ../2021 or 2021/.."),
        ("/", "The period has an empty end. Write two dots for an open one, like ../2021 or 2021/.."),
        ("../..", "A period needs a date at one end at least, like ../2021 or 2021/.."),
        ("[2020,2021]", "“[2020,2021]” is a list of dates. Write one date, or a period like 2019/2021."),
        ("{2020}", "“{2020}” is a list of dates. Write one date, or a period like 2019/2021."),
        (
            "2020-09-03T10:00:00",
            "“2020-09-03T10:00:00” has a time of day. Write the day alone, like 2020-09-03.",
        ),
        ("2020-23~", "A season takes no ~ sign. Write it in words, like about autumn 2020."),
        (
            "soon",
            "“soon” is not a date. Write it like 3 September 2020, September 2020, autumn 2020, 2021, "
            "by the end of 2021 or about 2021.",
        ),
        ("2" * 41, f"“{'2' * 39}…” is too long for a date: 40 characters is the most."),
    ],
)
def test_refusals_say_what_to_write(text, sentence):
    if sentence is None:
        assert parse(text).earliest == D("2020-12-01")
        return
    with pytest.raises(BadDate) as refused:
        parse(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2021",
        "2021 ",
        "2021\n",
        "2021-6",
        "2021-XX-03",
        "2021-1X",
        "2021-06-3X",
        "X021",
        "20XX",
        "XXXX",
        "202x",
        "202X-06",
        "~2021",
        "2021~-06",
        "2021?~",
        "2020/2021/2022",
        "..",
        "2021..2022",
        "２０２１",
        "2020–2021",
        "today",
        "\ud800",
        "2021\x00",
    ],
)
def test_other_spellings_are_refused(text):
    with pytest.raises(BadDate):
        parse(text)


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain", "placed", "due", "is_day"),
    [
        ("2020-09-03", False, False, "2020-09-03", "2020-09-03", True),
        ("2020-09", False, False, "2020-09-01", "2020-09-30", False),
        ("2020-24", False, False, "2020-12-01", "2021-02-28", False),
        ("2021-06~", True, False, "2021-06-01", "2021-12-31", False),
        ("2021-06-03~", True, False, "2021-06-03", "2021-12-31", False),
        ("2021-06-03?", True, True, "2021-06-03", "2021-12-31", False),
        ("2021%", True, True, "2021-01-01", "2021-12-31", False),
        ("../2021-06-30", False, False, "2021-06-30", "2021-06-30", False),
        ("../2021-06~", True, False, "2021-06-30", "2021-12-31", False),
        ("2021-05-03/..", False, False, "2021-05-03", None, False),
        ("2021~/..", True, False, "2021-01-01", None, False),
        ("2021~/2022-02", True, False, "2021-01-01", "2022-12-31", False),
    ],
)
def test_what_follows_from_the_bounds(text, approximate, uncertain, placed, due, is_day):
    known = parse(text)
    facts = (known.approximate, known.uncertain, known.placed, known.due, known.is_day)
    assert facts == (approximate, uncertain, D(placed), due and D(due), is_day)


def test_a_date_says_itself_in_words():
    assert str(parse("../2021-12-31")) == "by the end of 2021"


def test_dates_are_values():
    assert {parse("2021"), parse("2021")} == {parse("2021")}
    with pytest.raises(AttributeError):
        parse("2021").text = "2022"


@given(st.text() | st.text(alphabet="0123456789-/.X~?%YET", max_size=45))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_text_is_a_date_or_a_bad_date(text):
    try:
        known = parse(text)
    except BadDate as refused:
        assert str(refused).endswith((".", ".."))
        assert len(str(refused)) < 250
    else:
        assert known.text == text
        assert len(text) <= 40


@given(shapes.DATES)
@settings(deadline=None)
def test_the_bounds_are_in_order_and_edtf_accepts_the_text(known):
    if not (
        "/" in known.text and "X" in known.text
    ):  # EDTF, but edtf 5.0.2 fails on ../202X and 2020-XX/2021
        assert edtf.parse_edtf(known.text)
    assert (known.earliest or date.min) <= (known.latest or date.max)
    assert known.placed in (known.earliest, known.latest)
    assert parse(known.text) == known


@pytest.mark.parametrize(
    "text", ["[" + "2020," * 2000 + "2021]", "9" * 10_000, "../" * 3333, "2021-06-03/" * 900, "X" * 10_000]
)
def test_long_text_is_refused_at_once(text):
    def refuse():
        with pytest.raises(BadDate):
            parse(text)

    assert min(repeat(refuse, number=1, repeat=5)) < 0.01
