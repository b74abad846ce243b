"""What stands in a typed cell, as a person would have written it."""

import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

CURRENCIES = "£$€"
MERGED = (
    "This cell is merged with another one, and what is in it counts for one row and column alone. Unmerge "
    "it, and fill in each cell."
)
FORMULA = (
    "There is a formula in this cell, and formulas are not worked out here. In your spreadsheet copy the "
    "column and paste it as values only, then save it and choose it again."
)


def failed(error: str) -> str:
    return f"The spreadsheet itself has an error in this cell, {error[:20]}. Put the value in its place."


def text_of(value: Any, shown_as: str = "") -> str:
    """`shown_as` is the format of a number, such as "0.0%" or "£#,##0"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        whole = value.time() == datetime.time()
        return value.date().isoformat() if whole else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float | Decimal):
        return _number(value, shown_as.replace("[$", ""))
    return str(value)


def _number(value: float | Decimal, shown_as: str) -> str:
    try:
        number = Decimal(f"{value:.15g}")  # the digits that a spreadsheet keeps
    except InvalidOperation:
        return str(value)
    if "%" in shown_as:
        return f"{plain(number * 100)}%"
    sign = next((sign for sign in CURRENCIES if sign in shown_as), "")
    return f"-{sign}{plain(-number)}" if sign and number < 0 else f"{sign}{plain(number)}"


def plain(number: Decimal) -> str:
    """Without an exponent and without zeros that say nothing."""
    return f"{number.normalize():f}" if number else "0"
