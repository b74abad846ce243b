"""Partial dates: what is known of a day, and no more.

Stored as EDTF text, read from British English, said in British English. No Django, no tables, no clock:
whoever asks about today passes the day in.

`parse` takes stored text, `read` what a person types; `in_words` and `margin` work on stored text alone
and are quick enough to call for each row of a list.
"""

from .certainty import how_sure
from .partial import BadDate, PartialDate, parse
from .reading import read
from .words import countdown, days, in_words, long_day, margin

__all__ = [
    "BadDate",
    "PartialDate",
    "countdown",
    "days",
    "how_sure",
    "in_words",
    "long_day",
    "margin",
    "parse",
    "read",
]
