"""Statistics: the figures of a text, with what they count, where, when, by whom."""

import re
from bisect import bisect_left

from .comparisons import compared
from .figures import DURATION, NP_STOP, Around, figures_in, head_noun, hedge_before
from .paragraphs import Sentences
from .proposals import Span, Statistic
from .times import Time

_PER = re.compile(
    r"\s(?:an?|per|every|each)\s(hour|day|week|month|year|head|person|household|pupil|1,000|100,000)\b|"
    r"\s(annually|daily|weekly)\b",
    re.IGNORECASE,
)
_AREA = re.compile(
    r"\b(?:in|across|throughout|within|around|of)\s(?:the\s)?((?:(?:Greater|North|South|East|West|Northern|"
    r"Southern|Eastern|Western|Central|Mid|Inner|Outer|New|"
    r"Great|St|Isle of)\s)?[A-Z][a-zA-Z’'-]+(?:\s(?:and|of|upon|on|the|&)\s[A-Z][a-zA-Z’'-]+|"
    r"\s[A-Z][a-zA-Z’'-]+){0,4})"
)
_NO_AREA = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|"
    r"Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Parliament|Office|Act|Bill|Ministry|Department)\b"
)
_SOURCE = re.compile(
    r"\b(?:[Aa]ccording to|(?:[Ff]igures|[Dd]ata|[Ss]tatistics|[Aa]nalysis|[Rr]esearch|[Nn]umbers|[Aa] "
    r"(?:survey|study|poll|report)|[Rr]eport|[Ss]urvey|[Ss]tudy|[Pp]oll)"
    r"(?:\s\w+){0,3}?\s(?:from|by|of|compiled by|published by|released by|obtained by|collected by|for)|"
    r"[Oo]btained by|[Cc]ompiled by|[Rr]ecorded by|[Ll]ogged by)\s"
    r"(?P<who>(?:the\s)?(?:[A-Z][\w’'&.-]*|police)(?:\s(?:of|for|and|the|on|&)\s[A-Z][\w’'&-]*|"
    r"\s[A-Z][\w’'&-]*){0,6})"
)


def statistics_in(text: str, times: list[Time], sentences: Sentences, titles: list[Span]) -> list[Statistic]:
    """Figures in the order of the text. `titles` are spans that are names, numbers in them as well."""
    starts = [time.start for time in times]
    kept = figures_in(text, times, starts, sentences, titles)
    named = [(match.start(), str(match["who"])) for match in _SOURCE.finditer(text)]
    figures = [around.number.start for around in kept]
    found = [_bound(text, around, times, starts, named, figures) for around in kept]
    return compared(text, kept, found)


def _measure(after: str) -> str | None:
    """What is counted, as it is said: "online child sex crimes"."""
    phrase = re.sub(
        r"^\s(?:of|more)\s(?:the\s|these\s|those\s|all\s)?|^\s(?:more|fewer|increase in|rise in|fall in|"
        r"drop in)\s",
        " ",
        after[:110],
    )
    stop = NP_STOP.search(phrase)
    words = " ".join((phrase[: stop.start()] if stop else phrase).split())
    return words[:80] or None


def _bound(
    text: str,
    around: Around,
    times: list[Time],
    starts: list[int],
    named: list[tuple[int, str]],
    figures: list[int],
) -> Statistic:
    """A figure with what its sentence says of it."""
    number = around.number
    head = head_noun(around.after)
    per = _PER.match(around.after) or (
        _PER.search(_NO_DIGITS.split(around.after[:36], maxsplit=1)[0]) if head else None
    )
    unit = number.unit
    if unit == "count":
        lasts = DURATION.match(around.after)
        unit = lasts[0].split()[-1].strip("-").lower() if lasts else head or "count"
        unit = f"{unit} per {per[1]}" if per and per[1] else unit
    return Statistic(
        number.start,
        number.end,
        _tidy(number.value),
        unit,
        number.sort,
        _confidence(around, head),
        _measure(around.after),
        _area(text, around),
        _period(text, around, times, starts, figures),
        hedge_before(around.before),
        _source(around, named),
        evidence=Span(max(around.begin, number.start - 300), min(around.end, number.end + 300)),
    )


def _source(around: Around, named: list[tuple[int, str]]) -> str | None:
    """Who the sentence says counted: the first named near the figure."""
    at = bisect_left(named, (max(around.begin, around.number.start - 300), ""))
    if at < len(named) and named[at][0] < min(around.end, around.number.end + 300):
        return named[at][1]
    return None


_NO_DIGITS = re.compile(r"[\d£$€.,;]|\s(?:will|would|are|were|have|had|who)\s")


def _tidy(value: float) -> float:
    return int(value) if value == int(value) and abs(value) < 1e15 else round(value, 6)


def _confidence(around: Around, head: str) -> float:
    number = around.number
    if number.unit in ("%", "percentage points") or number.sort in ("money", "share"):
        return 0.92
    if number.sort == "multiple":
        return 0.6
    return 0.88 if head and number.value >= 10 else 0.65


def _area(text: str, around: Around) -> str | None:
    """The place nearest after it, else before it."""
    number = around.number
    for window in (
        text[number.end : min(around.end, number.end + 140)],
        text[max(around.begin, number.start - 140) : number.start],
    ):
        for found in _AREA.finditer(window):
            if not _NO_AREA.match(found[1]) and not (found[0].startswith("of") and len(found[1].split()) > 3):
                return str(found[1])
    return None


_SINCE = re.compile(
    r"(?:\b(?P<record>\w{1,12}est|worst|most|least|first|record)\b[^,.;]{0,30}\s)?\bsince\b[^,.;\d]{0,40}$",
    re.IGNORECASE,
)
"""Before "1974" in "lost since 1974", "the lowest since 1974", "a record since counting began in 1974"."""
_HELD_AGAINST = re.compile(
    r"\b(?:(?:up|down|rise|rose|risen|fall|fell|fallen|increase[sd]?|drop(?:ped)?|decrease[sd]?) (?:on|from)|"
    r"compared (?:with|to)|against|than|versus)\s",
    re.IGNORECASE,
)
_NEXT_FIGURE = re.compile(
    r",?\s(?:(?P<to>to)|against|versus|compared (?:with|to))\s(?:[\w-]+\s){0,2}", re.IGNORECASE
)
"""Between "in 2018" and "612" in "from 540 in 2018 to 612"."""


_FROM = re.compile(r"\bfrom\s[^.;]{0,50}$")


def _is_of_another(text: str, around: Around, start: int, end: int, figures: list[int]) -> bool:
    """Whether a time is that of another figure: "612, up from 540 in 2018", "from 540 in 2018 to 612"."""
    number = around.number
    if start >= number.end:
        against = _HELD_AGAINST.search(text, number.end, start)
        return against is not None and _figure_between(figures, against.end(), start)
    joined = _NEXT_FIGURE.fullmatch(text, end, number.start)
    if joined is None or joined["to"] and not _FROM.search(text, max(around.begin, start - 60), start):
        return False
    return _figure_between(figures, max(around.begin, start - 60), start)


def _figure_between(figures: list[int], start: int, end: int) -> bool:
    return bisect_left(figures, start) < bisect_left(figures, end)


def _period(
    text: str, around: Around, times: list[Time], starts: list[int], figures: list[int]
) -> str | None:
    """The expression of time nearest in the sentence; after it rather than before. Not that of another
    figure; what counts since a day has none, and what is the most since a day may have another."""
    number = around.number
    low, high = bisect_left(starts, around.begin), bisect_left(starts, around.end)
    nearest, best = None, 10_000
    for time in times[
        max(low, bisect_left(starts, number.start) - 6) : min(high, bisect_left(starts, number.end) + 6)
    ]:
        distance = time.start - number.end if time.start >= number.end else (number.start - time.end) + 20
        if time.sort in ("near", "weekday") or distance > 200:
            continue
        if distance >= best:
            continue
        since = _SINCE.search(text, max(around.begin, time.start - 90), time.start)
        if since is None and not _is_of_another(text, around, time.start, time.end, figures):
            nearest, best = time, distance
        elif since and not since["record"]:
            nearest, best = None, distance
    rough = re.match(
        r"[^.;]{0,50}?\b(in a year|a year|the (?:year|month|week|decade) before|(?:last|past|previous) "
        r"(?:\w+ )?(?:years?|months?|weeks?|decade))\b",
        around.after,
    )
    at = number.end + (rough.start(1) if rough else 0)
    if rough and at - number.end < best and not _is_of_another(text, around, at, at, figures):
        return _year_before(text, around, times, starts) if rough[1] == "the year before" else rough[1]
    return text[nearest.start : nearest.end] if nearest else None


def _year_before(text: str, around: Around, times: list[Time], starts: list[int]) -> str:
    """ "The year before" in a sentence that names a year."""
    low = bisect_left(starts, around.begin)
    for time in reversed(times[low : bisect_left(starts, around.number.start)][-6:]):
        if time.sort in ("fy", "year") and time.days and time.days.first:
            year = time.days.first.year - 1
            return f"{year}/{(year + 1) % 100:02d}" if time.sort == "fy" else str(year)
    return "the year before"
