"""How sure a stored date is, in one sentence."""

from datetime import date

from .partial import BadDate, PartialDate, parse
from .words import in_words, long_day


def how_sure(text: str) -> str:
    """'To the day.', 'To the month: some day in September 2020.', 'A period: …'; '' for what is no date."""
    try:
        known = parse(text)
    except BadDate:
        return ""
    if known.approximate:
        return _vague(known)
    if known.earliest is None or known.latest is None:
        return _one_sided(known)
    return _bounded(known, known.earliest, known.latest)


def _vague(known: PartialDate) -> str:
    if "~" not in known.text and "%" not in known.text:
        sort = "Uncertain"
    else:
        sort = "Approximate and uncertain" if known.uncertain else "Approximate"
    words = in_words(known.text).removesuffix(", uncertain")
    if known.due is None:
        return f"{sort}: {words}, with no end known."
    year = str(known.due.year) if "/" in known.text else "the year"
    return f"{sort}: {words}, so not overdue until {year} has passed."


def _one_sided(known: PartialDate) -> str:
    if known.earliest is None:
        return f"A latest day only: any day up to {long_day(known.placed)}."
    return f"An earliest day only: any day from {long_day(known.placed)}."


def _bounded(known: PartialDate, first: date, last: date) -> str:
    words = in_words(known.text)
    if known.is_day:
        return "To the day."
    if "/" in known.text:
        return f"A period: from {_span(first, last, 'to')}."
    if words[0].islower():
        return f"To the season: between {_span(first, last, 'and')}."
    if words.endswith("s"):
        return f"To the decade: some day in the {words}."
    return f"To the {'year' if words.isdigit() else 'month'}: some day in {words}."


def _span(first: date, last: date, joint: str) -> str:
    start = long_day(first)
    if first.year == last.year:
        start = start.removesuffix(f" {first.year:04d}")
    return f"{start} {joint} {long_day(last)}"
