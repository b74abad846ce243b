"""Formulas kept out of files that leave, and out of those that come in.

A spreadsheet works out a cell that begins with = + - or @, and text from a stranger may do harm that way. So
text that begins so leaves with an apostrophe before it, as OWASP advises, and one apostrophe is taken off
where it comes back: `restored(escaped(text)) == text`, whatever the text.
"""

import re

_FORMULA = re.compile(r"^'*[\s\ufeff\u200b]*[=+\-@\t\r\n＝＋－﹣＠﹢﹦﹫]")
_ESCAPED = re.compile(r"^'+[\s\ufeff\u200b]*[=+\-@\t\r\n＝＋－﹣＠﹢﹦﹫]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might work it out; a plain number it may."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def escaped(text: str) -> str:
    return f"'{text}" if is_formula(text) else text


def restored(text: str) -> str:
    return text[1:] if _ESCAPED.match(text) else text
