"""Stored dates said in English."""

from datetime import date
from timeit import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.dates import countdown, days, how_sure, in_words, long_day, margin
from tests.dates import shapes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2020-09-03", "3 September 2020"),
        ("2020-09", "September 2020"),
        ("2020-23", "autumn 2020"),
        ("2020-24", "winter 2020–21"),
        ("1999-24", "winter 1999–2000"),
        ("2020", "2020"),
        ("2021~", "about 2021"),
        ("2021?", "2021, uncertain"),
        ("2021%", "about 2021, uncertain"),
        ("2020-09-03~", "about 3 September 2020"),
        ("202X", "2020s"),
        ("202X~", "about the 2020s"),
        ("2021-XX", "2021"),
        ("2021-XX-XX", "2021"),
        ("2021-06-XX", "June 2021"),
        ("../2022-03-31", "by 31 March 2022"),
        ("../2022-03", "by the end of March 2022"),
        ("../2021-12-31", "by the end of 2021"),
        ("../2021", "by the end of 2021"),
        ("../2021-06-30", "by the end of June 2021"),
        ("../2021-06-29", "by 29 June 2021"),
        ("../2020-02-28", "by 28 February 2020"),
        ("../2020-02-29", "by the end of February 2020"),
        ("../2020-23", "by the end of autumn 2020"),
        ("../202X", "by the end of the 2020s"),
        ("../2021~", "by about the end of 2021"),
        ("../2021-06-03%", "by about 3 June 2021, uncertain"),
        ("2021-05-03/..", "from 3 May 2021"),
        ("2021~/..", "from about 2021"),
        ("202X/..", "from the 2020s"),
        ("2019-04/2020-03", "April 2019 to March 2020"),
        ("2020-07/2020-09", "July to September 2020"),
        ("2019/2021", "2019 to 2021"),
        ("2021-05-03/2021-05-09", "3 to 9 May 2021"),
        ("2021-05-03/2021-06-09", "3 May to 9 June 2021"),
        ("2020-12-03/2021-01-04", "3 December 2020 to 4 January 2021"),
        ("2020-07-01/2020-09-30", "1 July to 30 September 2020"),
        ("2020-07-01/2020-09", "1 July 2020 to September 2020"),
        ("2020-21/2020-23", "spring to autumn 2020"),
        ("2020-23/2020-24", "autumn 2020 to winter 2020–21"),
        ("2020-24/2021-21", "winter 2020–21 to spring 2021"),
        ("202X/203X", "the 2020s to the 2030s"),
        ("2021-05-03~/2021-05-09~", "about 3 to 9 May 2021"),
        ("2019~/2020-05", "between about 2019 and May 2020"),
        ("2019?/2020", "between 2019, uncertain, and 2020"),
    ],
)
def test_in_words(text, words):
    assert in_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2021-13",
        "2021/",
        "/2021",
        "../..",
        "202X-06",
        "2021-XX-05",
        "2020-23-05",
        "../202X-06-30",
        "..",
        "<b>",
    ],
)
def test_other_text_comes_back_unchanged(text):
    assert in_words(text) == text
    assert how_sure(text) == ""


@given(st.text() | st.text(alphabet="0123456789-/.X~?%", max_size=40))
def test_words_and_margins_never_fail(text):
    assert isinstance(in_words(text), str)
    assert isinstance(margin(text), str)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2020-09-03", "September"),
        ("2020-09", "September"),
        ("2020-09-XX", "September"),
        ("2020-23", "autumn"),
        ("2020", ""),
        ("202X", ""),
        ("2021-XX", ""),
        ("2021~", ""),
        ("2021-06~", ""),
        ("2021-06-03?", ""),
        ("../2021-12-31", "December"),
        ("../2021", ""),
        ("2021-05-03/..", "May"),
        ("2019-04/2020-03", "April"),
        ("2019/2020-03", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_margin(text, label):
    assert margin(text) == label


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2020-09-03", "To the day."),
        ("2020-09", "To the month: some day in September 2020."),
        ("2020-09-XX", "To the month: some day in September 2020."),
        ("2020-23", "To the season: between 1 September and 30 November 2020."),
        ("2019-24", "To the season: between 1 December 2019 and 29 February 2020."),
        ("2020", "To the year: some day in 2020."),
        ("2020-XX", "To the year: some day in 2020."),
        ("202X", "To the decade: some day in the 2020s."),
        ("2021~", "Approximate: about 2021, so not overdue until the year has passed."),
        ("2021?", "Uncertain: 2021, so not overdue until the year has passed."),
        ("2021%", "Approximate and uncertain: about 2021, so not overdue until the year has passed."),
        (
            "2020-12~/2021-01~",
            "Approximate: about December 2020 to January 2021, so not overdue until 2021 has passed.",
        ),
        ("2021~/..", "Approximate: from about 2021, with no end known."),
        ("../2021-12-31", "A latest day only: any day up to 31 December 2021."),
        ("2021-05/..", "An earliest day only: any day from 1 May 2021."),
        ("2019-04/2020-03", "A period: from 1 April 2019 to 31 March 2020."),
        ("2020-07/2020-09", "A period: from 1 July to 30 September 2020."),
    ],
)
def test_how_sure(text, sentence):
    assert how_sure(text) == sentence


@given(shapes.DATES)
@settings(deadline=None)
def test_every_date_says_how_sure_it_is(known):
    assert how_sure(known.text).endswith(".")
    assert in_words(known.text) == str(known)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2020, 9, 3), "today"),
        (date(2020, 9, 4), "tomorrow"),
        (date(2020, 9, 2), "yesterday"),
        (date(2020, 9, 5), "in 2 days"),
        (date(2020, 9, 12), "in 9 days"),
        (date(2020, 8, 25), "9 days ago"),
        (date(2023, 12, 21), "in 1,204 days"),
    ],
)
def test_countdown(day, words):
    assert countdown(day, date(2020, 9, 3)) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 days"), (1, "1 day"), (-1, "-1 day"), (664, "664 days"), (1204, "1,204 days")]
)
def test_days(count, words):
    assert days(count) == words


def test_long_day():
    assert long_day(date(2020, 9, 3)) == "3 September 2020"
    assert long_day(date(2020, 9, 3), weekday=True) == "Thursday 3 September 2020"


def test_words_take_microseconds():
    fresh = in_words.__wrapped__
    assert timeit(lambda: fresh("2021-05-03/2021-06-09"), number=1000) / 1000 < 0.0001
