"""Days of deadlines: working days, and those that lie behind."""

from datetime import date

import pytest

from apps.intake.extraction import extract

PUBLISHED = date(2021, 3, 5)
"""A Friday; Good Friday is on 2 April."""


@pytest.mark.parametrize(
    ("text", "words", "last"),
    [
        ("It must reply within 10 working days.", "within 10 working days", date(2021, 3, 19)),
        ("It must reply within five working days.", "within five working days", date(2021, 3, 12)),
        ("It has 20 working days to respond.", "20 working days", date(2021, 4, 6)),
        ("It will reply in 10 business days’ time.", "in 10 business days’ time", date(2021, 3, 19)),
        ("It must reply within 10 days.", "within 10 days", date(2021, 3, 15)),
        ("It will report within 20 sitting days.", "within 20 sitting days", None),
        ("It has three sitting days to object.", "three sitting days", None),
        ("It must reply within 4000 working days.", "", None),
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(text: str, words: str, last: date | None) -> None:
    found = [(text[one.start : one.end], one.date_latest) for one in extract(text, PUBLISHED).deadlines]
    assert found == ([(words, last)] if words else [])


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("The ban was due to end on 21 February.", date(2021, 2, 21)),
        ("The review was supposed to be published by 28 February.", date(2021, 2, 28)),
        ("A report had been promised by December.", date(2020, 12, 31)),
        ("The reforms were scheduled for February 21.", date(2021, 2, 21)),
        ("The scheme was due to end on 30 June.", date(2021, 6, 30)),
        ("The ban was to end on 21 November.", date(2021, 11, 21)),
        ("The ban is due to end on 21 February.", date(2022, 2, 21)),
        ("The law was due to be voted on, but will begin on 21 February.", date(2022, 2, 21)),
    ],
)
def test_what_was_due_may_lie_just_behind(text: str, last: date) -> None:
    assert [one.date_latest for one in extract(text, PUBLISHED).deadlines] == [last]


def test_on_or_before_a_day_has_no_first_day() -> None:
    text = "The law must be in force on or before 1 October 2021."
    [found] = extract(text, PUBLISHED).deadlines
    assert (text[found.start : found.end], found.date_earliest, found.date_latest) == (
        "on or before 1 October 2021",
        None,
        date(2021, 10, 1),
    )
