"""What a person types, read as a partial date: EDTF as it stands, otherwise British English, day first.

Two digits after a year follow one rule, because EDTF and Whitehall both use them:

- `2020-01` to `2020-12` are months and `2020-21` to `2020-24` seasons, as EDTF has them;
- another `2019-20`, where 20 follows 19, is the UK's financial year, April 2019 to March 2020;
- with a slash or a dash proper, `2019/20` and `2019–20`, it is always the financial year.

Each rule below takes folded text and gives EDTF text, or None where it does not apply. Nothing here knows
what day it is, so 'tomorrow' and 'next May' are refused.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from .names import MONTHS, SEASON_STARTS, SEASONS, WEEKDAYS, season_months
from .partial import EXAMPLES, OPEN, BadDate, PartialDate, not_a_date, parse, quoted
from .words import long_day

LONGEST_TYPED = 80

Rule = Callable[[re.Match[str]], str | None]

_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
_SEASON_NUMBERS = {name: number for number, name in SEASONS.items()} | {"fall": 23}

_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? )?"
_DAY = r"(?:the )?([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"([0-9]{4})"
_SEASON = r"(spring|summer|autumn|fall|winter)"
_ABOUT = r"(?:about|around|circa|approximately|approx|roughly|ca?)(?: |\. ?|(?=[0-9]))"
_VAGUE = r"(?:early|mid|late)(?: in)?[ -]"

_ALLOWED = re.compile(r"[0-9A-Za-z ,./~?%()–—-]+")
_SPACES = re.compile(r"[ \t\r\n\u00a0\u2009\u202f]+")
_EDTF = re.compile(r"[0-9x~?%./-]+")
_DOUBT = re.compile(r"(.+?),? \(?uncertain\)?")
_HEDGED = re.compile(rf"(?:(?:in|on|during) )?({_ABOUT}|{_VAGUE})(.+)")
_HEDGED_PERIOD = re.compile(rf"(?:from )?{_ABOUT}(.+)")
_BETWEEN = re.compile(rf"({_ABOUT})?between (.+?),? and (.+)")
_END_OF = re.compile(rf"(?:(?:by|before|at) )?({_ABOUT})?(?:the )?end of (?:the )?(.+)")
_BY = re.compile(r"(?:by|no later than) (.+)")
_FROM = re.compile(r"(?:from|since) (.+?)(?: onwards?)?")
_PLACE_WORD = re.compile(r"(?:in|on|during) ")
_JOINTS = tuple(re.compile(joint) for joint in (" (?:to|until) ", " [–—-] ", "[–—]", "-"))
_NEEDS_CLOCK = re.compile(r"\b(?:today|tonight|tomorrow|yesterday|now|next|last|this|ago)\b")
_NO_YEAR = re.compile(rf"{_WEEKDAY}(?:{_DAY} (?:of )?)?{_MONTH}|{_MONTH} {_DAY}|{_SEASON}|q[1-4]")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}")


def read(typed: str) -> PartialDate:
    """The date a person means; `parse(read(typed).text) == read(typed)`. Raises BadDate, and nothing else."""
    text = _fold(typed)
    found = _numeric(text) if _EDTF.fullmatch(text) else _between(text) or _statement(text)
    if found is None:
        raise _refusal(text, typed)
    return parse(found)


def _fold(typed: str) -> str:
    if len(typed) > LONGEST_TYPED:
        raise BadDate(f"{quoted(typed)} is too long for a date. Write it like {EXAMPLES}.")
    text = _SPACES.sub(" ", typed.replace("\u2011", "-").replace("\u2212", "-")).strip(" ")
    if not text:
        raise BadDate(f"There is no date. Write it like {EXAMPLES}.")
    if not _ALLOWED.fullmatch(text):
        raise not_a_date(typed)
    text = re.sub(r" ?/ ?", "/", text.lower())
    return re.sub(r"(?<=[0-9a-z])\.$", "", text)


def _refusal(text: str, typed: str) -> BadDate:
    if _NEEDS_CLOCK.search(text):
        return BadDate(f"{quoted(typed)} depends on when it is read. Write the day, like 3 September 2020.")
    if _NO_YEAR.fullmatch(text):
        return BadDate(f"{quoted(typed)} has no year. Write it like 3 September 2020.")
    return not_a_date(typed)


# Figures alone


def _numeric(text: str) -> str:
    """Figures and EDTF's signs: a date with the day first, a financial year, years with a dash, or EDTF."""
    if _SHORT_YEAR.fullmatch(text):
        raise BadDate(f"{quoted(text)} has a short year. Write all four figures, like 03/09/2020.")
    return _single(text) or _years(text) or text.upper()


def _years(text: str) -> str | None:
    match = re.fullmatch(rf"{_YEAR}-{_YEAR}", text)
    return f"{match[1]}/{match[2]}" if match else None


# Sentences: what is said about one date or two


def _statement(text: str) -> str | None:
    match = _DOUBT.fullmatch(text)
    if match:
        inner = _statement(match[1])
        return inner and _marked(inner, "?")
    return _dated(text) or _years(text) or _by(text) or _period(text) or _from(text)


def _dated(text: str) -> str | None:
    """One date, perhaps with 'about' before it or 'uncertain' after."""
    match = _DOUBT.fullmatch(text)
    if match:
        inner = _dated(match[1])
        return inner and _marked(inner, "?")
    match = _HEDGED.fullmatch(text)
    if match:
        inner = _single(match[2]) or _hedged_twice(match[2])
        return inner and _marked(inner, "~")
    return _single(_PLACE_WORD.sub("", text, count=1) if _PLACE_WORD.match(text) else text)


def _hedged_twice(text: str) -> str | None:
    match = _HEDGED.fullmatch(text)
    return _single(match[2]) if match else None


def _by(text: str) -> str | None:
    match = _END_OF.fullmatch(text)
    if match:
        inner = _dated(match[2])
        return inner and _up_to(_marked(inner, "~") if match[1] else inner)
    match = _BY.fullmatch(text)
    inner = _dated(match[1]) if match else None
    return inner and _up_to(inner)


def _up_to(inner: str) -> str:
    known = parse(inner)
    return f"{OPEN}/{inner.split('/')[-1] if known.approximate else known.latest}"


def _from(text: str) -> str | None:
    match = _FROM.fullmatch(text) or re.fullmatch(r"(.+) onwards?", text)
    inner = _dated(match[1]) if match else None
    if inner is None:
        return None
    known = parse(inner)
    return f"{inner.split('/')[0] if known.approximate else known.earliest}/{OPEN}"


def _between(text: str) -> str | None:
    match = _BETWEEN.fullmatch(text)
    if match is None:
        return None
    found = _joined(match[2], match[3])
    return found and _marked(found, "~" if match[1] else "")


def _period(text: str) -> str | None:
    """'X to Y' in its spellings; 'about' before a period is said of both ends."""
    match = _HEDGED_PERIOD.fullmatch(text)
    if match:
        inner = _period(match[1])
        return inner and _marked(inner, "~")
    text = text.removeprefix("from ")
    return next(filter(None, (_joined(*halves) for halves in _halves(text))), None)


def _halves(text: str) -> Iterator[tuple[str, str]]:
    for joint in _JOINTS:
        halves = joint.split(text)
        if len(halves) == 2:
            yield halves[0], halves[1]


def _joined(left: str, right: str) -> str | None:
    end = _dated(right)
    start = end and (_dated(left) or _borrowing(left, right))
    return f"{start.split('/')[0]}/{end.split('/')[-1]}" if start and end else None


def _borrowing(left: str, right: str) -> str | None:
    """The start of '3 to 9 May 2021', 'May to June 2021': it borrows the month or year of the end."""
    tail = re.search(rf"{_MONTH},? {_YEAR}$", right)
    year = re.search(rf"{_YEAR}(?:[/–-][0-9]+)?$", right)
    for shared in (year and year[1], tail and tail[0]):
        start = _dated(f"{left} {shared}") if shared else None
        if start:
            return start
    return None


def _marked(text: str, mark: str) -> str:
    """EDTF text with ~ or ? on its dates. A season, which takes no mark, becomes its first and last month."""
    if not mark:
        return text
    ends = text.split("/")
    if len(ends) == 1 and _as_season(text):
        ends = [text, text]
    if len(ends) == 1:
        return _mark_end(text, mark, last=False)
    return f"{_mark_end(ends[0], mark, last=False)}/{_mark_end(ends[1], mark, last=True)}"


def _mark_end(end: str, mark: str, *, last: bool) -> str:
    if end == OPEN:
        return end
    season = _as_season(end)
    if season:
        year, month = season_months(*season)[1 if last else 0]
        end = f"{year:04d}-{month:02d}"
    bare = end.rstrip("~?%")
    both = {mark, end[len(bare) :]} - {""}
    return bare + (both.pop() if len(both) == 1 else "%")


def _as_season(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(rf"{_YEAR}-(2[1-4])", text)
    return (int(match[1]), int(match[2])) if match else None


# Single dates


def _single(text: str) -> str | None:
    for pattern, rule in _SINGLES:
        match = pattern.fullmatch(text)
        found = match and rule(match)
        if found:
            return found
    return None


def _edtf(match: re.Match[str]) -> str:
    return match[0].upper()


def _figures(match: re.Match[str]) -> str:
    """03/09/2020: the day first."""
    day, month, year = match[1], match[3], match[4]
    if int(month) > 12:
        raise BadDate(f"{month} is not a month. Write the day first, then the month, like 03/09/2020.")
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _month_figures(match: re.Match[str]) -> str:
    return f"{match[2]}-{int(match[1]):02d}"


def _day_month_year(match: re.Match[str]) -> str:
    return _checked_day(match[1], match[2], match[3], match[4])


def _month_day_year(match: re.Match[str]) -> str:
    return _checked_day(match[1], match[3], match[2], match[4])


def _checked_day(weekday: str | None, day: str, month: str, year: str) -> str:
    text = f"{year}-{_month_number(month):02d}-{int(day):02d}"
    known = parse(text).placed
    if weekday and not _weekday_of(known).lower().startswith(weekday):
        said = next(name for name in WEEKDAYS if name.lower().startswith(weekday))
        raise BadDate(f"{long_day(known)} is a {_weekday_of(known)}, not a {said}.")
    return text


def _weekday_of(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _month_number(name: str) -> int:
    return _MONTH_NUMBERS[name[:3]]


def _month_year(match: re.Match[str]) -> str:
    return f"{match[2]}-{_month_number(match[1]):02d}"


def _season_year(match: re.Match[str]) -> str | None:
    """Autumn 2020; a second year is for winter alone and must be the next."""
    name, year, following = match.groups()
    if following and (name != "winter" or not _follows(year, following)):
        return None
    return f"{year}-{_SEASON_NUMBERS[name]}"


def _quarter(match: re.Match[str]) -> str:
    quarter, year = sorted(match.groups(), key=len)
    first = int(quarter) * 3 - 2
    return f"{year}-{first:02d}/{year}-{first + 2:02d}"


def _financial_year(match: re.Match[str]) -> str | None:
    """The rule at the head of this file: a hyphen gives way to EDTF's months and seasons."""
    year, joint, following = match.groups()
    taken = joint == "-" and (1 <= int(following) <= 12 or int(following) in SEASON_STARTS)
    if taken or not _follows(year, following):
        return None
    return f"{year}-04/{int(year) + 1:04d}-03"


def _follows(year: str, following: str) -> bool:
    return f"{int(year) + 1:04d}".endswith(following)


def _decade(match: re.Match[str]) -> str:
    return f"{match[1]}X"


_SINGLES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (rf"{_YEAR}([/–-])([0-9]{{2}})", _financial_year),
        (r"[0-9]{3}[0-9x](?:-(?:[0-9]{2}|xx)(?:-(?:[0-9]{2}|xx))?)?[~?%]?", _edtf),
        (rf"([0-9]{{1,2}})([/.-])([0-9]{{1,2}})\2{_YEAR}", _figures),
        (rf"([0-9]{{1,2}})[/.]{_YEAR}", _month_figures),
        (rf"{_WEEKDAY}{_DAY} (?:day )?(?:of )?{_MONTH},? {_YEAR}", _day_month_year),
        (rf"{_WEEKDAY}{_MONTH} {_DAY},? {_YEAR}", _month_day_year),
        (rf"{_MONTH},? (?:of )?{_YEAR}", _month_year),
        (rf"{_SEASON} (?:of )?{_YEAR}(?:[/–-]([0-9]{{4}}|[0-9]{{2}}))?", _season_year),
        (rf"q([1-4]),? {_YEAR}", _quarter),
        (rf"{_YEAR},? q([1-4])", _quarter),
        (r"(?:the )?([0-9]{3})0s", _decade),
    )
)
