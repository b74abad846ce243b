"""Dates that hang on others: counted on and back, and never surer than what they hang on."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dates import BadDate, is_working_day, parse, read
from apps.dates.counting import TooFar
from apps.dates.relative import UNITS, Span, count_from
from apps.dates.working_days import announce


@dataclass(frozen=True)
class Recess:
    chamber: str
    first: date
    last: date
    name: str = "Whitsun recess"
    sort: str = "recess"


WHITSUN = Recess("commons", date(2026, 5, 22), date(2026, 5, 31))
SUMMER = Recess("both", date(2026, 7, 17), date(2026, 8, 31), "Summer recess")
BREAKS = [WHITSUN, SUMMER]


def test_a_span_is_said_in_words() -> None:
    said = [Span(12, "weeks").words, Span(1, "months", before=True).words, Span(2, "sitting-lords").words]
    assert said == ["12 weeks after", "1 month before", "2 sitting weeks of the Lords after"]


@pytest.mark.parametrize(
    ("typed", "span", "text"),
    [
        ("3 September 2020", Span(12, "weeks"), "2020-11-26"),
        ("31 March 2021", Span(1, "months", before=True), "2021-02-28"),
        ("31 January 2024", Span(1, "months"), "2024-02-29"),
        ("1 September 2020", Span(10, "days", before=True), "2020-08-22"),
        # Easter 2026 lies between: Good Friday on 3 April, Monday on the 6th.
        ("1 April 2026", Span(2, "working-eng"), "2026-04-07"),
        ("1 April 2026", Span(2, "working-sct"), "2026-04-06"),
        ("7 April 2026", Span(2, "working-uk", before=True), "2026-04-01"),
        # The week of 25 May has no sitting day, so it does not count.
        ("14 May 2026", Span(2, "sitting-commons"), "2026-06-04"),
        ("14 May 2026", Span(2, "sitting-lords"), "2026-05-28"),
        ("4 June 2026", Span(2, "sitting-commons", before=True), "2026-05-14"),
        # As sure as what it hangs on, and no surer.
        ("autumn 2020", Span(3, "months"), "2020-24"),
        ("autumn 2020", Span(1, "months"), "2020-10/2020-12"),
        ("autumn 2020", Span(2, "weeks"), "2020-09-15/2020-12-14"),
        ("2021", Span(12, "months"), "2022"),
        ("September 2020", Span(1, "months"), "2020-10"),
        ("about 2021", Span(3, "months"), "2021-04~/2022-03~"),
        ("about 3 May 2021", Span(1, "weeks"), "2021-05-10~"),
        ("by the end of 2021", Span(3, "months", before=True), "../2021-09-30"),
        ("by June 2021", Span(1, "months"), "../2021-07-30"),
        ("April 2019 to March 2020", Span(3, "months"), "2019-07/2020-06"),
    ],
)
def test_it_lies_so_much_after_or_before(typed: str, span: Span, text: str) -> None:
    assert count_from(read(typed), span, BREAKS).date.text == text


def test_what_was_left_out_on_the_way_is_told() -> None:
    counted = count_from(parse("2026-04-01"), Span(2, "working-eng"))
    assert counted.left_out == ((date(2026, 4, 3), "Good Friday"), (date(2026, 4, 6), "Easter Monday"))
    counted = count_from(parse("2026-05-14"), Span(2, "sitting-commons"), BREAKS)
    assert counted.left_out == ((date(2026, 5, 28), "Whitsun recess"),)


def test_an_announced_bank_holiday_counts_no_more() -> None:
    span, start = Span(1, "working-eng"), parse("2026-05-07")
    assert count_from(start, span).date.text == "2026-05-08"
    announce([("ENG", date(2026, 5, 8), "Victory day")])
    assert not is_working_day(date(2026, 5, 8), "ENG")
    assert is_working_day(date(2026, 5, 8), "SCT")
    assert count_from(start, span).date.text == "2026-05-11"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("9998", Span(3, "months")),
        ("9998-12-31", Span(999, "weeks")),
        ("0001", Span(1, "days", before=True)),
        ("0001-01-02", Span(3, "working-eng", before=True)),
        ("0001-02", Span(30, "sitting-lords", before=True)),
        ("9998-12-31", Span(999, "sitting-lords")),
        ("2026", Span(999, "sitting-commons")),
    ],
)
def test_beyond_the_calendar_is_refused(text: str, span: Span) -> None:
    with pytest.raises((TooFar, BadDate)):
        count_from(parse(text), span, BREAKS)


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
SPANS = st.builds(Span, st.integers(1, 40), st.sampled_from(sorted(UNITS)), st.booleans())


@given(DAYS, st.integers(0, 45), SPANS)
def test_of_a_period_no_day_comes_out_elsewhere(start: date, length: int, span: Span) -> None:
    days = [start + timedelta(days=number) for number in range(length + 1)]
    each = [count_from(parse(day.isoformat()), span, BREAKS).date.latest for day in days]
    whole = count_from(parse(f"{start}/{days[-1]}"), span, BREAKS).date
    assert (whole.earliest, whole.latest) == (min(each), max(each))  # type: ignore[type-var]


@given(st.integers(1, 12), SPANS)
def test_of_a_month_no_day_comes_out_elsewhere(month: int, span: Span) -> None:
    known = parse(f"2026-{month:02}")
    whole = count_from(known, span, BREAKS).date
    day = known.earliest
    while day and known.latest and day <= known.latest:
        one = count_from(parse(day.isoformat()), span, BREAKS).date
        assert whole.earliest <= one.latest <= whole.latest  # type: ignore[operator]
        day += timedelta(days=1)
