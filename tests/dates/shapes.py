"""Stored dates of every shape the words can say, for hypothesis."""

from datetime import date

from hypothesis import strategies as st

from apps.dates import BadDate, PartialDate, parse

MARKS = st.sampled_from(["", "", "~", "?", "%"])
YEARS = st.integers(1, 9998).map("{:04d}".format) | st.integers(1990, 2040).map(str)
DAYS = st.dates(date(1, 1, 1), date(9998, 12, 31)).map(date.isoformat)
RECENT_DAYS = st.dates(date(2019, 1, 1), date(2022, 12, 31)).map(date.isoformat)


def _joined(*parts):
    return st.tuples(*parts).map("".join)


MONTHS = _joined(YEARS, st.integers(1, 12).map("-{:02d}".format))
SEASONS = _joined(YEARS, st.integers(21, 24).map("-{}".format))
DECADES = st.integers(1, 998).map("{:03d}X".format)
UNKNOWN = _joined(YEARS, st.sampled_from(["-XX", "-XX-XX"])) | _joined(MONTHS, st.just("-XX"))
ENDS = _joined(DAYS | RECENT_DAYS | MONTHS | YEARS | DECADES | UNKNOWN, MARKS) | SEASONS
PERIODS = st.tuples(ENDS, ENDS).map("/".join)
OPEN = ENDS.map("../{}".format) | ENDS.map("{}/..".format)


def _or_swapped(text: str) -> PartialDate | None:
    for candidate in (text, "/".join(reversed(text.split("/")))):
        try:
            return parse(candidate)
        except BadDate:
            continue
    return None


DATES = (ENDS | OPEN | PERIODS).map(_or_swapped).filter(lambda known: known is not None)
