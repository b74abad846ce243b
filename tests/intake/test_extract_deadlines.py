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
