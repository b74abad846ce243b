"""Every expression of time in a text, with the days it means. Which of them matter is for others to say."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from . import calendar
from .calendar import Days
from .lists import word_list

_S = r"[ \t\u00a0\n]{1,2}"
MONTHS = word_list("January February March April May June July August September October November December")
_MONTH_NUMBERS = {name[:3].lower(): at for at, name in enumerate(MONTHS, start=1)}
_WEEKDAYS = word_list("monday tuesday wednesday thursday friday saturday sunday")
MONTH = (
    r"(?-i:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
WEEKDAY = r"(?-i:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
SEASON = (
    r"(?:spring|summer|autumn|winter|(?<=the )fall|(?<=this )fall|(?<=next )fall|(?<=in )fall|(?<=by )fall|"
    r"(?<=last )fall)"
)
YEAR = r"(?:1[89]|20|21)\d\d"
DAY = r"(?:the" + _S + r")?\d{1,2}(?:st|nd|rd|th)?"
NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        word_list(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty"
        ),
        start=1,
    )
}
NUMBER_WORDS |= {"a": 1, "an": 1, "a couple of": 2, "a few": 3, "several": 4}
NUMBER_WORDS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_COUNT = (
    r"(?:\d{1,4}(?:\.\d)?|"
    + "|".join(word.replace(" ", _S) for word in sorted(NUMBER_WORDS, key=len, reverse=True))
    + ")"
)
_ONE = r"[ \t\u00a0\n]"
_UNIT = (
    r"(?:working"
    + _S
    + r"|business"
    + _S
    + r"|sitting"
    + _S
    + r"|calendar"
    + _S
    + r")?(?:hour|day|week|fortnight|month|year|decade)s?"
)
_PART = (
    r"(?:end|close|turn|beginning|start|middle|(?:first|second|latter)"
    + _S
    + r"half|(?:first|second|third|fourth|final|last)"
    + _S
    + r"quarter)"
)
_WHOLE = (
    rf"(?:{MONTH}(?:,?{_S}{YEAR})?|{SEASON}(?:{_S}(?:of{_S})?{YEAR})?|{YEAR}[/–-]\d\d\b|{YEAR}s?|"
    rf"(?:the{_S})?{YEAR}[/–-]\d\d{_S}(?:academic|school|financial|tax){_S}year|(?:the{_S}|this{_S}|"
    rf"next{_S})?(?:school{_S})?term|"
    rf"(?:the|this){_S}(?:parliamentary{_S})?session|"
    rf"(?:this|next|the|the{_S}current|the{_S}following|the{_S}calendar){_S}(?:financial{_S}|calendar{_S}|"
    rf"school{_S}|academic{_S}|fiscal{_S})?"
    rf"(?:year|month|week|decade|century|quarter|{SEASON}|{MONTH})|the{_S}(?:19|20)\d0s|(?:this|the|"
    rf"the{_S}current){_S}parliament)"
)
_FEAST = "|".join(
    name.replace("'", "[’']").replace(" ", _S) for name in sorted(calendar.FEASTS, key=len, reverse=True)
)
_CORE = re.compile(
    rf"""
    (?<!\w)(?=\w)(?:
    (?P<range>(?:from{_S}|between{_S})?{DAY}(?:{_S}{MONTH})?(?:,?{_S}{YEAR})?(?:{_S}(?:to|and|until|till){_S}|{_S}?[-–—]{_S}?)
        {DAY}{_S}{MONTH}(?:,?{_S}{YEAR})?)
    |(?P<months>(?:from{_S}|between{_S}){MONTH}(?:{_S}\d{{1,2}}\b)?(?:,?{_S}{YEAR})?{_S}(?:to|and|until){_S}{MONTH}(?:{_S}\d{{1,2}}\b)?(?:,?{_S}{YEAR}|{_S}(?:this|last){_S}year)?)
    |(?P<years>(?:from{_S}|between{_S}){YEAR}{_S}(?:to|and|until){_S}{YEAR}\b|{YEAR}{_S}to{_S}{YEAR}\b)
    |(?P<dmy>(?:{WEEKDAY},?{_S})?{DAY}{_S}(?:of{_S})?{MONTH}(?:,?{_S}{YEAR}|(?P<dmynext>{_S}next{_S}year))?)
    |(?P<mdy>(?:{WEEKDAY},?{_S})?{MONTH}{_S}\d{{1,2}}(?:st|nd|rd|th)?\b(?!,\d)(?:,?{_S}{YEAR}\b)?)
    |(?P<event>(?:the{_S})?next{_S}(?:general{_S}|presidential{_S})?election|(?:the{_S})?(?:(?:summer|Christmas|Easter|Whitsun|autumn|winter){_S})?recess)
    |(?P<weekon>(?:(?P<won>a{_S}week|a{_S}fortnight|two{_S}weeks){_S}(?:on{_S}|from{_S})?(?P<wday>{WEEKDAY}|today|tomorrow)|(?P<wday2>{WEEKDAY}|today|tomorrow){_S}week)\b)
    |(?P<isout>(?:the|this){_S}(?P<outof>week|month|year|decade){_S}is{_S}out)
    |(?P<allowed>(?P<an>{_COUNT}){_S}(?P<aunit>{_UNIT})(?={_S}(?:to{_S}(?-i:[a-z])|in{_S}which{_S})))
    |(?P<offset>(?:the{_S}day|{_COUNT}{_S}{_UNIT}){_S}(?:after|from){_S}(?=(?:it|they|royal|ratification|publication|the{_S}(?:act|bill|law|vote|date))\b))
    |(?P<iso>{YEAR}-[01]\d-[0-3]\d)
    |(?P<figures>\d{{1,2}}[/.]\d{{1,2}}[/.]{YEAR})
    |(?P<part>(?:the{_S}|at{_S}the{_S}(?:very{_S})?)?(?P<which>{_PART}){_S}of{_S}(?P<of>{_WHOLE}))
    |(?P<rough>(?P<how>early|mid|late)(?:{_S}in{_S}|{_S}|[-–])(?P<ofrough>{_WHOLE}))
    |(?P<yearend>year(?:[’']s)?[- ]end|the{_S}new{_S}year|new{_S}year)
    |(?P<later>later{_S}(?:on{_S})?(?:this|in{_S}the|that){_S}(?P<ofl>year|month|week|{SEASON}|parliament|decade))
    |(?P<sitting>a{_S}sitting{_S}week{_S}in{_S}(?P<insit>{MONTH}(?:{_S}{YEAR})?))
    |(?P<fy>(?:the{_S}(?:financial{_S}|academic{_S}|school{_S})?(?:year{_S})?)?{YEAR}(?:/(?:\d\d){{1,2}}|[-–]\d\d)\b)
    |(?P<quarter>Q[1-4],?{_S}{YEAR}|{YEAR},?{_S}Q[1-4]|the{_S}(?P<qname>first|second|third|fourth|final){_S}quarter(?:{_S}of{_S}{YEAR})?)
    |(?P<my>{MONTH},?{_S}(?:of{_S})?(?:{YEAR}\b|(?P<reln>next|this|last){_S}year))
    |(?P<sy>(?:the{_S})?{SEASON}(?:{_S}(?:of{_S})?|[-–]){YEAR}\b)
    |(?P<horizon>(?:the{_S})?(?:next|coming|following){_S}(?P<n>{_COUNT}{_S})?(?P<unit>{_UNIT})\b)
    |(?P<plural>within{_S}(?:the{_S})?(?:hours|days|weeks|months)\b|(?:the{_S})?(?:coming|next){_S}(?:few{_S})?(?:days|weeks|months|years))
    |(?P<rel>(?P<dir>this|next|last|the{_S}coming|coming){_S}(?P<what>{WEEKDAY}|{MONTH}|{SEASON}|weekend|week|month|year|decade|century|quarter|
        (?:financial|academic|school|tax|fiscal){_S}year|Christmas|Easter))
    |(?P<ago>{_COUNT}{_S}{_UNIT}{_S}(?:ago|earlier|before|previously))
    |(?P<since>(?:(?:almost|nearly|about|around|over|more{_S}than|just{_S}over|just{_S}under|less{_S}than|at{_S}least|some|roughly){_S})?
        {_COUNT}{_S}{_UNIT}{_S}since\b)
    |(?P<within>(?:within|inside|no{_S}later{_S}than|no{_S}more{_S}than)(?:{_S}(?:the{_S})?(?:next|first|about|around|just|only))?{_S}(?P<wn>{_COUNT}){_S}(?P<wunit>{_UNIT})(?P<wof>(?={_S}(?:of|after){_S}))?)
    |(?P<hence>(?:in{_S})(?:(?:about|around|just|under|less{_S}than){_S})?(?P<hn>{_COUNT}){_S}(?P<hunit>{_UNIT})[’']?(?:{_S}time\b|{_S}from{_S}now))
    |(?P<fornext>for{_S}(?:the{_S})?next{_S}(?P<fn>{_COUNT}{_S})?(?P<funit>{_UNIT}))
    |(?P<feast>(?-i:{_FEAST})\b(?:{_S}{YEAR}|{_S}(?:of{_S})?(?P<feastin>next|this|last){_S}year)?)
    |(?P<near>tomorrow|today|tonight|yesterday|overnight)
    |(?P<decade>(?:the{_S})?(?:early{_S}|mid[- ]|late{_S})?(?:1[89]|20|21)\d0s)
    |(?P<season>(?:the{_S}|(?<=until{_ONE})|(?<=till{_ONE})|(?<=by{_ONE})|(?<=before{_ONE})){SEASON})
    |(?P<weekday>{WEEKDAY}(?:{_S}(?:morning|afternoon|evening|night|week))?)
    |(?P<month>{MONTH}(?![’'\w]))
    |(?P<year>(?:the{_S}year{_S})?{YEAR})(?![\w,.]\d|%|[’']?s\b)
    )
    """,  # noqa: E501
    re.VERBOSE | re.IGNORECASE,
)
_GUARD_BEFORE = re.compile(r"[\w£$€#/.,–-]$")
_DAY_PART = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d/])")
_MONTH_PART = re.compile(MONTH)
_YEAR_PART = re.compile(rf"(?<!\d){YEAR}(?!\d)")


@dataclass(frozen=True, slots=True)
class Time:
    """An expression and what it means. `days` is None where that depends on a publication date that is not
    known. `sort` is the rule; `relative` says whether it counts from the publication date."""

    start: int
    end: int
    sort: str
    days: Days | None
    relative: bool = False
    yearless: bool = False
    which: str = ""


def times_in(text: str, published: date | None) -> list[Time]:
    """In the order of the text, none overlapping."""
    found = []
    for match in _CORE.finditer(text):
        start, sort = match.start(), _sort(match)
        if (
            start
            and _GUARD_BEFORE.match(text[start - 1])
            and not (text[start - 1] in "–-/" and text[start].isalpha())
        ):
            continue
        if match.end() < len(text) and text[match.end()].isalnum():
            continue
        time = _RULES[sort](match, published)
        if time and time[2] and published and _was_due(text, start):
            time = _RULES[sort](match, published - _LATELY)
        if time is not None:
            found.append(
                Time(start, match.end(), sort, *time, (match["which"] or match["how"] or "").lower())
            )
    return found


_LATELY = timedelta(days=91)
_WAS_DUE = re.compile(
    r"\b(?:was|were|had)(?:\s[\w’'-]+){0,3}?\s(?:due|to|supposed|meant|promised|scheduled)\b"
    r"(?P<what>(?:,?\s[\w’'-]+){0,9}?)\s(?:the\s)?$",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:is|are|will|shall|must|has|have|can|may|now)\b|[’']ll\b", re.IGNORECASE)


def _was_due(text: str, at: int) -> bool:
    """Whether a day stands after "was due to", "had been promised by": then it may lie just behind."""
    due = _WAS_DUE.search(text, max(0, at - 130), at)
    return due is not None and not _STILL.search(due[0])


_SORTS = word_list(
    "range months years dmy mdy weekon isout allowed offset iso figures part rough yearend later sitting "
    "fy quarter my sy horizon "
    "plural rel ago "
    "since within hence fornext feast near decade event season weekday month year"
)
Meaning = tuple[Days | None, bool, bool]
Rule = Callable[[re.Match[str], date | None], Meaning | None]


def _sort(match: re.Match[str]) -> str:
    return next(name for name in _SORTS if match[name] is not None)


def month_number(words: str) -> int:
    found = _MONTH_PART.search(words)
    return _MONTH_NUMBERS[found[0][:3].lower()] if found else 0


def _year_in(words: str) -> int | None:
    found = _YEAR_PART.search(words)
    return int(found[0]) if found else None


def count_of(words: str) -> float:
    words = " ".join(words.lower().split())
    return NUMBER_WORDS.get(words) or float(words)


def unit_of(words: str) -> str:
    """ "day", "working day"; a sitting day, or week, is one that nobody can tell beforehand."""
    *before, last = words.lower().split()
    unit = last.rstrip("s")
    if "sitting" in before[-1:]:
        return f"sitting {unit}"
    return "working day" if unit == "day" and before[-1:] in (["working"], ["business"]) else unit


def _known(days: Days | None) -> Meaning | None:
    return (days, False, False) if days else None


def _relative(published: date | None, days: Callable[[date], Days | None]) -> Meaning | None:
    """What counts from the publication date: without one it stands undated."""
    if published is None:
        return None, True, False
    found = days(published)
    return (found, True, False) if found else None


def _counted(published: date | None, unit: str, days: Callable[[date], Days | None]) -> Meaning | None:
    """What so many units from the publication date make: sitting days stand undated."""
    return (None, True, False) if unit.startswith("sitting") else _relative(published, days)


def _nearest(published: date | None, days: Callable[[int], Days | None], year: int | None) -> Meaning | None:
    """A date without a year: the one to come, unless another lies much nearer behind."""
    if year is not None:
        return _known(days(year))
    if published is None:
        return None, True, True
    options = [days(published.year + shift) for shift in (-1, 0, 1)]
    dated = [one for one in options if one and one.first and one.last]
    if not dated:
        return None
    ahead = [one for one in dated if one.last and one.last >= published]
    chosen = ahead[0] if ahead else dated[-1]
    return chosen, False, True


def _dmy(match: re.Match[str], published: date | None) -> Meaning | None:
    words = match[0]
    number, at = _DAY_PART.search(words), month_number(words)
    if number is None:
        return None
    if match["dmynext"]:
        return _relative(published, lambda today: calendar.day(today.year + 1, at, int(number[1])))
    return _nearest(published, lambda year: calendar.day(year, at, int(number[1])), _year_in(words))


def _weekon(match: re.Match[str], published: date | None) -> Meaning | None:
    """ "A week on Monday", "Monday week": a week after the Monday to come."""
    name = (match["wday"] or match["wday2"]).lower()
    weeks = (
        1 if match["won"] is None or "week" in match["won"] and match["won"].lower().startswith("a") else 2
    )

    def day(today: date) -> Days | None:
        shift = {"today": 0, "tomorrow": 1}.get(name)
        if shift is None:
            shift = (_WEEKDAYS.index(name) - today.weekday()) % 7 or 7
        found = calendar.after(today, shift + 7 * weeks, "day")
        return Days(found, found) if found else None

    return _relative(published, day)


def _isout(match: re.Match[str], published: date | None) -> Meaning | None:
    return _relative(published, lambda today: _around("this", match["outof"].lower(), today))


def _allowed(match: re.Match[str], published: date | None) -> Meaning | None:
    count, unit = count_of(match["an"]), unit_of(match["aunit"])
    return _counted(published, unit, lambda today: _ahead(today, count, unit))


def _offset(match: re.Match[str], published: date | None) -> Meaning | None:
    return None, True, False


def _iso(match: re.Match[str], published: date | None) -> Meaning | None:
    year, number, day = (int(part) for part in match[0].split("-"))
    return _known(calendar.day(year, number, day))


def _figures(match: re.Match[str], published: date | None) -> Meaning | None:
    day, number, year = (int(part) for part in re.split(r"[/.]", match[0]))
    return _known(calendar.day(year, number, day) or calendar.day(year, day, number))


def _range(match: re.Match[str], published: date | None) -> Meaning | None:
    """ "16 July to 15 October 2018", "3–9 May": the start borrows month and year from the end."""
    words = re.sub(r"^(?:from|between)\s+", "", match[0], flags=re.IGNORECASE)
    halves = re.split(r"\s(?:to|and|until|till)\s|\s?[-–—]\s?", words, maxsplit=1)
    days = [_DAY_PART.search(half) for half in halves]
    last_month = month_number(halves[1])
    first_month = month_number(halves[0]) or last_month
    if not (days[0] and days[1]):
        return None
    year = _year_in(halves[1])
    meaning = _nearest(published, lambda one: calendar.day(one, last_month, int(days[1][1])), year)  # type: ignore[index]
    if meaning is None or meaning[0] is None:
        return meaning
    last = meaning[0].last
    assert last is not None
    begins = _year_in(halves[0]) or (last.year if first_month <= last_month else last.year - 1)
    first = calendar.day(begins, first_month, int(days[0][1]))
    return (
        (Days(first.first, last), False, meaning[2])
        if first and first.first and first.first <= last
        else None
    )


def _months(match: re.Match[str], published: date | None) -> Meaning | None:
    words = re.sub(r"^(?:from|between)\s+", "", match[0], flags=re.IGNORECASE)
    halves = re.split(r"\s(?:to|and|until)\s", words, maxsplit=1)

    def end(half: str, year: int) -> Days | None:
        number = _DAY_PART.search(half)
        return (
            calendar.day(year, month_number(half), int(number[1]))
            if number
            else calendar.month(year, month_number(half))
        )

    stated = _year_in(halves[1])
    if published and halves[1].lower().endswith("year"):
        stated = published.year - ("last" in halves[1].lower())
    meaning = _nearest(published, lambda year: end(halves[1], year), stated)
    if meaning is None or meaning[0] is None:
        return meaning
    last = meaning[0].last
    assert last is not None
    begins = _year_in(halves[0]) or (
        last.year if month_number(halves[0]) <= month_number(halves[1]) else last.year - 1
    )
    first = end(halves[0], begins)
    return (
        (Days(first.first, last), False, meaning[2])
        if first and first.first and first.first <= last
        else None
    )


def _years(match: re.Match[str], published: date | None) -> Meaning | None:
    first, last = (int(year) for year in _YEAR_PART.findall(match[0]))
    return (Days(date(first, 1, 1), date(last, 12, 31)), False, False) if first <= last else None


def _whole(words: str, published: date | None) -> Meaning | None:
    """A span that something is the end or the beginning of."""
    words = " ".join(words.split())
    low, year = words.lower(), _year_in(words)
    if low.endswith(("parliament", "term", "session")):
        return None, True, False
    schooled = re.search(r"(\d{4})[/–-]\d\d (?:academic|school) year", low)
    if schooled:
        return _known(calendar.months(int(schooled[1]), 9, 11))
    if low.endswith("year") and year:
        return _known(calendar.financial_year(year))
    if re.fullmatch(rf"{YEAR}[/–-]\d\d", words):
        return _known(calendar.financial_year(int(words[:4])))
    if re.fullmatch(r"(?:the )?\d{3}0s", low):
        return _known(calendar.decade(int(low[-5:-1])))
    season = re.search(r"spring|summer|autumn|fall|winter", low)
    if season and (year or not re.match(r"(?:this|next)\b", low)):
        return _nearest(published, lambda one: calendar.season(one, season[0]), year)
    if month_number(words) and not re.match(r"(?:this|next) ", low):
        return _nearest(published, lambda one: calendar.month(one, month_number(words)), year)
    if year:
        return _known(calendar.year_of(year))
    direction = "next" if re.match(r"next|the following", low) else "this"
    return _relative(published, lambda today: _around(direction, low.split(" ", 1)[-1], today))


def _around(direction: str, what: str, today: date) -> Days | None:
    """ "this week", "next year", "last autumn", "next March"."""
    step = {"this": 0, "next": 1, "last": -1}[direction]
    what = what.lower().removeprefix("current ").removeprefix("calendar ").removeprefix("following ")
    if "financial" in what or "fiscal" in what or "tax" in what:
        begun = today.year if today.month >= 4 else today.year - 1
        return calendar.financial_year(begun + step)
    if "academic" in what or "school" in what:
        begun = today.year if today.month >= 9 else today.year - 1
        return calendar.months(begun + step, 9, 11)
    if what == "weekend":
        week = calendar.week_of(today, step)
        return Days(week.last - timedelta(days=1), week.last) if week.last else None
    if what == "week":
        return calendar.week_of(today, step)
    if what == "month":
        total = today.year * 12 + today.month - 1 + step
        return calendar.month(total // 12, total % 12 + 1)
    if what == "quarter":
        total = today.year * 4 + (today.month - 1) // 3 + step
        return calendar.months(total // 4, total % 4 * 3 + 1, 3)
    if what == "year":
        return calendar.year_of(today.year + step)
    if what == "decade":
        return calendar.decade(today.year // 10 * 10 + 10 * step)
    if what == "century":
        return Days(
            date(today.year // 100 * 100 + 100 * step, 1, 1),
            date(today.year // 100 * 100 + 99 + 100 * step, 12, 31),
        )
    if what in calendar.SEASONS:
        return _season_around(step, what, today)
    if what in _WEEKDAYS:
        return _weekday_around(direction, what, today)
    if what in ("christmas", "easter"):
        return calendar.feast(today.year + step, what.capitalize())
    if what[:3] in _MONTH_NUMBERS:
        return _month_around(step, _MONTH_NUMBERS[what[:3]], today)
    return None


def _season_around(step: int, name: str, today: date) -> Days | None:
    year = today.year
    if name == "winter" and today.month <= 2:
        year -= 1
    if step == -1:
        this = calendar.season(year, name)
        return this if this and this.last and this.last < today else calendar.season(year - 1, name)
    if name == "winter" and step == 1 and 3 <= today.month <= 8:
        return calendar.season(year, name)
    return calendar.season(year + step, name)


def _weekday_around(direction: str, name: str, today: date) -> Days:
    ahead = (_WEEKDAYS.index(name) - today.weekday()) % 7
    if direction == "last":
        ahead = ahead - 7
    elif direction == "next":  # that of the week to come
        ahead = (_WEEKDAYS.index(name) - today.weekday()) + 7
    found = today + timedelta(days=ahead)
    return Days(found, found)


def _month_around(step: int, number: int, today: date) -> Days | None:
    if step == -1:
        return calendar.month(today.year if number < today.month else today.year - 1, number)
    if step == 1:
        return calendar.month(
            today.year + 1
            if number <= today.month or number - today.month < 3
            else today.year + (number <= today.month),
            number,
        )
    return calendar.month(today.year, number)


def _part(match: re.Match[str], published: date | None) -> Meaning | None:
    return _parted(match["which"], match["of"], published)


def _rough(match: re.Match[str], published: date | None) -> Meaning | None:
    return _parted(match["how"], match["ofrough"], published)


def _parted(which: str, of: str, published: date | None) -> Meaning | None:
    meaning = _whole(of, published)
    if meaning is None or meaning[0] is None:
        return meaning
    if of.lower().endswith("century") and which.lower().startswith("mid") and meaning[0].first:
        return calendar.year_of(meaning[0].first.year + 50), meaning[1], meaning[2]
    return calendar.part_of(meaning[0], " ".join(which.split())), meaning[1], meaning[2]


def _yearend(match: re.Match[str], published: date | None) -> Meaning | None:
    if "new" in match[0].lower():
        return _relative(published, lambda today: calendar.month(today.year + (today.month > 1), 1))
    return _relative(published, lambda today: calendar.year_of(today.year))


def _later(match: re.Match[str], published: date | None) -> Meaning | None:
    def rest(today: date) -> Days | None:
        whole = _around("this", " ".join(match["ofl"].split()), today)
        return (
            Days(max(today, whole.first), whole.last)
            if whole and whole.first and whole.last and whole.last >= today
            else None
        )

    if match["ofl"].lower() == "parliament":
        return None, True, False
    return _relative(published, rest)


def _sitting(match: re.Match[str], published: date | None) -> Meaning | None:
    return _whole(match["insit"], published)


def _fy(match: re.Match[str], published: date | None) -> Meaning | None:
    first = _year_in(match[0])
    ends = re.search(r"[/–-](\d{2,4})$", match[0])
    if first is None or ends is None:
        return None
    follows = (first + 1) % 10 ** len(ends[1]) == int(ends[1])
    if not follows and len(ends[1]) == 2 and first % 100 < int(ends[1]):
        return _known(Days(date(first, 1, 1), date(first // 100 * 100 + int(ends[1]), 12, 31)))
    return _known(calendar.financial_year(first)) if follows else None


def _quarter(match: re.Match[str], published: date | None) -> Meaning | None:
    year = _year_in(match[0])
    number = re.search(r"Q([1-4])", match[0], re.IGNORECASE)
    names = {"first": 0, "second": 1, "third": 2, "fourth": 3, "final": 3}
    index = int(number[1]) - 1 if number else names[match["qname"].lower()]
    if year:
        return _known(calendar.months(year, index * 3 + 1, 3))
    return _relative(published, lambda today: calendar.months(today.year, index * 3 + 1, 3))


def _my(match: re.Match[str], published: date | None) -> Meaning | None:
    year, number = _year_in(match[0]), month_number(match[0])
    if year:
        return _known(calendar.month(year, number))
    step = {"next": 1, "this": 0, "last": -1}[match["reln"].lower()]
    return _relative(published, lambda today: calendar.month(today.year + step, number))


def _sy(match: re.Match[str], published: date | None) -> Meaning | None:
    name = re.search(r"spring|summer|autumn|fall|winter", match[0].lower())
    year = _year_in(match[0])
    return _known(calendar.season(year, name[0])) if name and year else None


def _horizon(match: re.Match[str], published: date | None) -> Meaning | None:
    """ "the next five years" from today; "next year", with neither number nor article, a calendar year."""
    unit, number, low = unit_of(match["unit"]), match["n"], match[0].lower()
    if number is None and not low.startswith("the ") and unit in ("week", "month", "year", "decade"):
        direction = "next" if low.startswith(("next", "following")) else "this"
        return _relative(published, lambda today: _around(direction, unit, today))
    if number is None and low.startswith(("the following", "following")):
        return None
    if number is None and low.startswith("the next"):
        return _counted(published, unit, lambda today: _ahead(today, 1, unit))
    if number is None and match["unit"].lower().endswith("s"):
        return None, True, False
    if low.startswith(("the following", "following")):
        return None, True, False
    return _counted(published, unit, lambda today: _ahead(today, count_of(number or "a"), unit))


def _ahead(today: date, count: float, unit: str) -> Days | None:
    last = (
        calendar.after(today, count, unit)
        if unit != "hour"
        else calendar.after(today, -(-count // 24), "day")
    )
    return Days(today, last) if last else None


def _plural(match: re.Match[str], published: date | None) -> Meaning | None:
    return None, True, False


def _rel(match: re.Match[str], published: date | None) -> Meaning | None:
    direction = match["dir"].lower().split()[-1].replace("coming", "next")
    what = " ".join(match["what"].split())
    if match["dir"].lower().endswith("coming") and what.lower() not in ("week", "month", "year"):
        direction = "this"
    return _relative(published, lambda today: _around(direction, what, today))


def _ago(match: re.Match[str], published: date | None) -> Meaning | None:
    words = match[0].split()
    count = count_of(" ".join(takewhile(lambda word: not _is_unit(word), words)))
    unit = unit_of(" ".join(words[:-1]))

    def back(today: date) -> Days | None:
        found = calendar.after(today, -count if unit != "hour" else 0, unit)
        return Days(found, found, approximate=True) if found else None

    return _counted(published, unit, back)


_UNIT_WORDS = (
    *("hour", "day", "week", "fortnight", "month", "year", "decade"),
    "working",
    "business",
    "sitting",
    "calendar",
)


def _is_unit(word: str) -> bool:
    """Whether a unit begins here: "days" or "working days"."""
    return word.lower().rstrip("s") in _UNIT_WORDS


def _since(match: re.Match[str], published: date | None) -> Meaning | None:
    """ "almost 17 months since": the days that it may have begun, by its hedge."""
    found = re.search(rf"({_COUNT})\s+({_UNIT})\s+since", match[0], re.IGNORECASE)
    if found is None:
        return None
    count, unit = count_of(found[1]), unit_of(found[2])
    hedge = match[0][: found.start()].lower()

    def begun(today: date) -> Days | None:
        low, high = _open(count, hedge)
        first, last = calendar.after(today, -high, unit), calendar.after(today, -low, unit)
        if not (first and last):
            return None
        if low < count == high:  # "almost 17 months": 17 are not over
            return Days(first, last - timedelta(days=1))
        return Days(first, last)

    return _counted(published, unit, begun)


def _open(count: float, hedge: str) -> tuple[float, float]:
    """The least and the most that a hedge leaves open, in units."""
    if "almost" in hedge or "nearly" in hedge or "under" in hedge or "less" in hedge:
        return count - 1, count
    if "over" in hedge or "more" in hedge or "least" in hedge:
        return count, count + 1
    if hedge.strip():
        return count * 0.9, count * 1.1
    return count, count + 1


def _within(match: re.Match[str], published: date | None) -> Meaning | None:
    if match["wof"] is not None:
        return None, True, False
    count, unit = count_of(match["wn"]), unit_of(match["wunit"])
    return _counted(published, unit, lambda today: _ahead(today, count, unit))


def _hence(match: re.Match[str], published: date | None) -> Meaning | None:
    count, unit = count_of(match["hn"]), unit_of(match["hunit"])

    def then(today: date) -> Days | None:
        ahead = _ahead(today, count, unit)
        return Days(ahead.last, ahead.last, approximate=True) if ahead else None

    return _counted(published, unit, then)


def _fornext(match: re.Match[str], published: date | None) -> Meaning | None:
    count = count_of(match["fn"].strip()) if match["fn"] else 1
    unit = unit_of(match["funit"])
    return _counted(published, unit, lambda today: _ahead(today, count, unit))


def _feast(match: re.Match[str], published: date | None) -> Meaning | None:
    name = " ".join(match[0].replace("’", "'").split())
    year = _year_in(name)
    plain = re.sub(rf"\s(?:of )?(?:{YEAR}|(?:next|this|last) year)$", "", name)
    if match["feastin"]:
        step = {"next": 1, "this": 0, "last": -1}[match["feastin"].lower()]
        return _relative(published, lambda today: calendar.feast(today.year + step, plain))
    return _nearest(published, lambda one: calendar.feast(one, plain), year)


def _near(match: re.Match[str], published: date | None) -> Meaning | None:
    shift = {"tomorrow": 1, "yesterday": -1}.get(match[0].lower(), 0)
    return _relative(
        published, lambda today: Days(today + timedelta(days=shift), today + timedelta(days=shift))
    )


def _decade(match: re.Match[str], published: date | None) -> Meaning | None:
    found = calendar.decade(int(match[0][-5:-1]))
    how = re.search(r"early|mid|late", match[0], re.IGNORECASE)
    return _known(calendar.part_of(found, how[0]) if how and found else found)


def _season(match: re.Match[str], published: date | None) -> Meaning | None:
    return _nearest(published, lambda year: calendar.season(year, match[0].split()[-1]), None)


def _weekday(match: re.Match[str], published: date | None) -> Meaning | None:
    return _relative(published, lambda today: _weekday_around("this", match[0].split()[0].lower(), today))


def _month(match: re.Match[str], published: date | None) -> Meaning | None:
    return _nearest(published, lambda year: calendar.month(year, month_number(match[0])), None)


def _year(match: re.Match[str], published: date | None) -> Meaning | None:
    return _known(calendar.year_of(int(match[0][-4:])))


_RULES: dict[str, Rule] = {
    "range": _range,
    "months": _months,
    "years": _years,
    "dmy": _dmy,
    "mdy": _dmy,
    "weekon": _weekon,
    "isout": _isout,
    "allowed": _allowed,
    "offset": _offset,
    "iso": _iso,
    "figures": _figures,
    "part": _part,
    "rough": _rough,
    "yearend": _yearend,
    "later": _later,
    "sitting": _sitting,
    "fy": _fy,
    "quarter": _quarter,
    "my": _my,
    "sy": _sy,
    "horizon": _horizon,
    "plural": _plural,
    "rel": _rel,
    "ago": _ago,
    "since": _since,
    "within": _within,
    "hence": _hence,
    "fornext": _fornext,
    "feast": _feast,
    "near": _near,
    "event": _offset,
    "decade": _decade,
    "season": _season,
    "weekday": _weekday,
    "month": _month,
    "year": _year,
}
