"""Partial dates: what is known of a day, and no more.

Stored as EDTF text, read from British English, said in British English. No Django, no tables, no clock:
whoever asks about today passes the day in.

`parse` takes stored text, `read` what a person types; `in_words` and `margin` work on stored text alone
and are quick enough to call for each row of a list. Working days are those of a nation of the United Kingdom.
"""

from .certainty import how_sure
from .elapsed import Elapsed, elapsed_in
from .partial import BadDate, PartialDate, parse
from .reading import read
from .words import countdown, days, in_words, long_day, margin
from .working_days import (
    NATIONS,
    is_working_day,
    working_day_on_or_after,
    working_day_on_or_before,
)

__all__ = [
    "NATIONS",
    "BadDate",
    "Elapsed",
    "PartialDate",
    "countdown",
    "days",
    "elapsed_in",
    "how_sure",
    "in_words",
    "is_working_day",
    "long_day",
    "margin",
    "parse",
    "read",
    "working_day_on_or_after",
    "working_day_on_or_before",
]
