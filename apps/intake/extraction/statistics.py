"""Statistics: which numbers are figures that a campaign could log, what they count, where, when, by whom; and
whether a change that is stated of two of them adds up.

Rejected first: years and dates, ages, times of day, telephone and clause numbers, lists, names with a number.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.evidence.arithmetic import Claim, Verdict, check
from apps.evidence.arithmetic import Number as Given

from .lists import word_list
from .numbers import Number, numbers_in
from .paragraphs import Sentences
from .proposals import Comparison, Span, Statistic, SumCheck
from .times import Time

ROW, MOST_IN_SENTENCE = 4, 40
"""How many bare numbers make a row of a table, and how many numbers are too many for a sentence."""
BEFORE, AFTER = 90, 110
"""How much on either side of a number is looked at, in characters."""

_LABEL = re.compile(
    r"(?:\b(?:clauses?|sections?|articles?|parts?|chapters?|schedules?|paragraphs?|pages?|regulations?|"
    r"amendments?|rules?|lines?|phases?|"
    r"stages?|tiers?|types?|levels?|grades?|category|categories|numbers?|no\.?|figures?|tables?|questions?|"
    r"motions?|resolutions?|rooms?|channel|"
    r"route|bus|flight|group|unit|junction|radio|class|key stage|volume|vol\.?|issue|items?|appendix|annex|"
    r"steps?|day|week|round|"
    r"district|ward|precinct|highway|interstate|proposition|squad|platform|block|plot|studio|gate|zone|"
    r"band|article|text|call|tel\.?|telephone|phone|fax|ext\.?|mobile|"
    r"switchboard|enquiries|hours|room|goals?|"
    r"sdg|version|windows|iphone|ios|size|series|season|episode|area|target|priority|recommendations?|"
    r"aged?|ages|form|formula|kick-off at|"
    r"Apollo|COP|Top|Big|Euro|Division|League|Act|Covid|year|years|minute|on page|bill|isbn|issn|id|case|"
    r"ref\.?|reference|number:|line)"
    r"|[#@№])\s?[-–]?\s?\(?$",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?:\baged?\s(?:between\s|of\s|under\s|over\s|from\s)?(?:\d{1,2}\s(?:to|and|or|-)\s)?|"
    r"\bages?\s(?:of\s)?(?:\d{1,2}\s(?:to|and)\s)?|\b(?:under|over)[- ]?(?=\d+s\b)|\bturned\s|"
    r"[A-Z][\w’'-]+,\s|\b(?:children|kids|people|those|anyone|adults|women|men|boys|girls)\s(?:under|over|"
    r"below|above)\s)$"
)
_AGE_AFTER = re.compile(
    r"[-\s–]?(?:(?:to|and|or|-|–)[-\s]?\d{1,3}[-\s]?)?(?:years?[-\s](?:olds?|of\s+age)|year-?olds?)\b|"
    r"s\b(?!\s?(?:of|per))|\s?,\s(?:who|from|of|said|a|an|the)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\s?(?:[ap]\.?m\b|o[’']clock|hrs\b|GMT|BST|noon|midnight|[:]\d\d)", re.IGNORECASE)
_DURATION = re.compile(
    r"[-\s\u00a0](?:(?:and a half|working|sitting|calendar|consecutive|long|full|solid|short|more|further|"
    r"busy|straight|whole|extra)\s)?"
    r"(?:years?|months?|weeks?|days?|hours?|minutes?|mins?|seconds?|secs?|decades?|fortnights?|centuries|"
    r"century|nights?|seasons?|terms?|generations?)\b",
    re.IGNORECASE,
)
_AVERAGE = re.compile(
    r"\b(?:average|median|mean|typical(?:ly)?|waits? (?:is|was|of|are|now|has)|waiting times?)\b",
    re.IGNORECASE,
)
_SMALL_UNITS = re.compile(
    r"\s?(?:(?:[µμ]g|mcg|mg|ml|cl|mph|kph|km/h|mm|cm|inch(?:es)?|ft|feet|foot|yards?|degrees?|volts?|st|oz|"
    r"stone|"
    r"metres? (?:long|wide|tall|high|deep|from|away)|m (?:long|wide|tall|high)|"
    r"miles (?:from|away|north|south|east|west|off))\b|°|in\b(?=\s(?:long|wide|tall)))",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\s(?:[A-Z][\w’']+\s){1,3}(?:Road|Street|Avenue|Lane|Square|Place|Gardens|Terrace|Way|Drive|House|"
    r"Close|Crescent|Hill|Row|Downing)\b|\sDowning\b"
)
_LISTED = re.compile(r"[.)]\s|\)$")
_WEB = re.compile(r"(?:https?://|www\.|@)\S*$")
_HYPHENED = re.compile(r"[-‑–](?!strong\b|home\b|bed\b|million\b)[A-Za-z]")
_TO_OR_AND_UNIT = re.compile(
    r"\s?(?:,|to|and|or|-|–)\s?\d+(?:,\d{3})*\s?(?:and \d+ )?(?:[-\s]?year|[-\s]?bed|bedroom)", re.IGNORECASE
)

_HEDGE = re.compile(
    r"\b(?P<hedge>well over|just over|just under|just below|more than|less than|fewer than|at least|at "
    r"most|up to|as many as|as much as|as few as|"
    r"almost|nearly|about|around|approximately|approx\.?|roughly|some|an estimated|estimated|over|under|"
    r"close to|in excess of|upwards of|"
    r"only|circa|an additional|an average of|a record|a total of|to more than|the equivalent of|below|"
    r"above)\s(?:the\s|a\s|an\s|all\s)?$",
    re.IGNORECASE,
)
_HEDGE_KIND = {
    "over": (
        "well over",
        "just over",
        "more than",
        "at least",
        "over",
        "in excess of",
        "upwards of",
        "to more than",
        "above",
    ),
    "under": ("less than", "fewer than", "at most", "up to", "as many as", "as much as", "under", "below"),
    "nearly": ("almost", "nearly", "just under", "just below", "close to"),
    "about": (
        "about",
        "around",
        "approximately",
        "approx",
        "roughly",
        "some",
        "an estimated",
        "estimated",
        "circa",
    ),
}
_IRREGULAR = frozenset(
    word_list(
        "people men women children staff police teeth mice sheep cattle fish deer species aircraft hectares "
        "young elderly homeless unemployed others series data adults respondents personnel faculty youth"
    )
)
_NOT_COUNTED = frozenset(
    word_list(
        "was is has as his its this us plus less across pass does years months weeks days hours minutes "
        "times always perhaps "
        "towards afterwards nevertheless besides various previous serious numerous says adds warns thus "
        "yes unless process "
        "access progress success business congress happens business ones news per cross class press loss"
    )
)
_NP_STOP = re.compile(
    r"(?:[.,;:()“”\"!?]|\b(?:who|which|that|were|was|are|is|have|has|had|in|on|at|by|for|from|to|and|or|"
    r"but|as|per|with|after|"
    r"before|since|over|under|during|across|than|could|will|would|can|may|said|every|each|when|where|"
    r"because|while|if|not|did|do)\b)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s(?:have|has|had|were|was|are|is|of|more|others|per|in|a|an|last|the|that|this|compared|at|on|"
    r"between|during|since|did|do|said|say|across|died|among|by|for|from|to|and)\b|\.|,|;|\)|$|\s[–—-]\s"
)
_CHANGE = re.compile(
    r"\b(?:rise|rises|rose|risen|rising|increase[sd]?|increasing|up|grew|grown|growth|jump(?:ed|s)?|"
    r"surge[ds]?|soar(?:ed|s)?|climb(?:ed|s)?|fall|falls|"
    r"fell|fallen|falling|drop(?:ped|s)?|decrease[sd]?|down|declin(?:e[sd]?|ing)|cut|reduc(?:ed|tion|ing)|"
    r"slump(?:ed)?|plunge[ds]?|lower|higher|fewer|more|"
    r"less|shrunk|shrank|doubl(?:ed|ing)|halved|went|gone|from|decreasing|spike[ds]?|leap|leapt|slashed|"
    r"trebled|tripled|quadrupled|dipped)\b",
    re.IGNORECASE,
)
_DOWNWARD = re.compile(
    r"\b(?:fall|falls|fell|fallen|falling|drop(?:ped|s|ping)?|decrease[sd]?|down|declin(?:e[sd]?|ing)|"
    r"cuts?|reduc(?:ed|tion|ing)|slump(?:ed)?|plunge[ds]?|lower|"
    r"fewer|less|shrunk|shrank|slashed|decreasing|dipped)\b",
    re.IGNORECASE,
)
_REAL = re.compile(
    r"\b(?:real terms|adjusted for inflation|after inflation|inflation-adjusted)\b", re.IGNORECASE
)
_RATE = re.compile(r"\bper (?:head|capita|person|1,000|100,000|pupil|household)\b", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class _Around:
    """A number and the words on either side of it, within its sentence."""

    number: Number
    before: str
    after: str
    begin: int
    end: int


def statistics_in(text: str, times: list[Time], sentences: Sentences, titles: list[Span]) -> list[Statistic]:
    """Figures in the order of the text. `titles` are spans that are names, numbers in them as well."""
    numbers = _without_tables(_without_rows(text, _outside(numbers_in(text), titles)), sentences)
    starts = [time.start for time in times]
    kept: list[_Around] = []
    for at, number in enumerate(numbers):
        around = _around(text, number, sentences)
        near = numbers[max(0, at - 1) : at + 2]
        if not _in_time(text, number, times, starts) and _is_figure(text, around, near):
            kept.append(around)
    named = [(match.start(), str(match["who"])) for match in _SOURCE.finditer(text)]
    found = [_bound(text, around, times, starts, named) for around in kept]
    return _compared(text, kept, found)


def _without_rows(text: str, numbers: list[Number]) -> list[Number]:
    """Without rows of bare numbers, as in tables: from four on, nothing but white space between."""
    kept: list[Number] = []
    row: list[Number] = []
    for number in numbers:
        if row and not (number.start - row[-1].end <= 3 and text[row[-1].end : number.start].isspace()):
            kept += row if len(row) < ROW else []
            row = []
        row.append(number)
    return kept + (row if len(row) < ROW else [])


def _without_tables(numbers: list[Number], sentences: Sentences) -> list[Number]:
    """Without those of a sentence that holds more of them than anybody says: it is a table, or no prose."""
    kept: list[Number] = []
    at = 0
    while at < len(numbers):
        end = sentences.bounds(numbers[at].start)[1]
        stop = at + 1
        while stop < len(numbers) and numbers[stop].start < end:
            stop += 1
        if stop - at <= MOST_IN_SENTENCE:
            kept += numbers[at:stop]
        at = stop
    return kept


def _outside(numbers: list[Number], titles: list[Span]) -> list[Number]:
    ends = [title.end for title in titles]
    return [
        number
        for number in numbers
        if not ((at := bisect_left(ends, number.end)) < len(titles) and titles[at].start <= number.start)
    ]


def _around(text: str, number: Number, sentences: Sentences) -> _Around:
    begin, end = sentences.bounds(number.start)
    end = max(end, number.end)
    before = text[max(begin, number.start - BEFORE) : number.start]
    return _Around(number, before, text[number.end : min(end, number.end + AFTER)].rstrip(), begin, end)


_HELD_BY_TIME = frozenset(
    word_list(
        "range months years dmy mdy iso figures part rough fy quarter my sy decade horizon ago since "
        "within hence fornext later sitting weekon allowed offset"
    )
)


def _in_time(text: str, number: Number, times: list[Time], starts: list[int]) -> bool:
    at = bisect_left(starts, number.end) - 1
    while at >= 0 and times[at].end > number.start:
        time = times[at]
        if number.unit in ("%", "percentage points", "£", "$", "€"):
            return False
        if time.sort in _HELD_BY_TIME:
            return True
        if time.sort == "year":
            return not (number.end < len(text) and _year_counts(text, number))
        at -= 1
    return False


_YEAR_GOVERNED = re.compile(
    r"(?:\b(?:in|since|by|of|from|to|until|before|after|during|for|and|mid|late|early|than|the|an?|its|"
    r"their|his|her|our|this)|"
    r"[’']s?)\s$",
    re.IGNORECASE,
)


def _year_counts(text: str, number: Number) -> bool:
    """ "2000 people" is a count, "in 2000 people" is not."""
    before = text[max(0, number.start - 12) : number.start]
    return (
        bool(_head(text[number.end : number.end + 60]))
        and not _YEAR_GOVERNED.search(before)
        and not before.endswith(("(", "/"))
    )


def _is_figure(text: str, around: _Around, near: list[Number]) -> bool:
    number, before, after = around.number, around.before, around.after
    if (
        _WEB.search(before)
        or number.unit == "count"
        and _LABEL.search(before[-24:])
        and not _outranks_label(text, around)
    ):
        return False
    if number.sort in ("fraction", "multiple"):
        return _is_fraction(text, around) if number.sort == "fraction" else _is_multiple(text, around)
    if number.unit == "times":
        return (
            number.value > 1
            and bool(
                re.match(
                    r"\s(?:more|as|the|higher|greater|larger|bigger|less|likelier|what|its|that|over|"
                    r"faster|lower|in the)\b",
                    after,
                )
                or _HEDGE.search(before)
            )
            and not re.match(r"\s(?:more than once|in|over)\b", after)
        )
    if number.sort in ("share", "money") or number.unit in ("%", "percentage points"):
        return True
    return not _is_label(text, around, near) and _is_count(text, around)


def _outranks_label(text: str, around: _Around) -> bool:
    """ "Last year 48,200 people": too large for a label, or counted."""
    written = text[around.number.start : around.number.end]
    return (
        "," in written
        or around.number.step > 1
        or (bool(_head(around.after)) and not _STRICT_LABEL.search(around.before[-24:]))
    )


_STRICT_LABEL = re.compile(
    r"(?:clauses?|sections?|articles?|schedule|paragraph|page|regulation|amendment|rule|question|no\.?|"
    r"aged?|ages|[#@№]|(?-i:District|Ward|Precinct|Highway|Interstate|Proposition|Platform|Junction|Route|"
    r"Channel))"
    r"\s?[-–]?\s?\(?$",
    re.IGNORECASE,
)


def _is_label(text: str, around: _Around, near: list[Number]) -> bool:
    """Ages, times of day, telephone numbers, lists, names."""
    number, before, after = around.number, around.before, around.after
    written = text[number.start : number.end]
    small = number.value < 120
    if small and (
        _AGE_AFTER.match(after)
        and not re.match(r"\s?,\s", after)
        or _AGED.search(before)
        and not _head(after)
    ):
        return True
    if small and re.match(r"\s?,\s", after) and re.search(r"[A-Z][\w’'-]+,\s(?:aged\s)?$", before):
        return True
    if re.search(r"\bper\s$", before):
        return True
    if _CLOCK.match(after) or _SMALL_UNITS.match(after) or _STREET.match(after):
        return True
    if re.match(r"\s?(?:to|and|or|-|–)\s?\d{1,2}[-\s]year[-\s]olds?", after, re.IGNORECASE):
        return True
    if _DURATION.match(after) and not _is_lasting(text, around):
        return True
    if re.search(r"\b(?:hours?|minutes?|mins?)\s(?:and\s)?$", before) and _DURATION.match(after):
        return True
    if _YEARS_TO.search(before) and not _head(after):
        return True
    if _HYPHENED.match(after) or re.search(r"[A-Za-z][-‑–]$|[(]$", before) and not _head(after):
        return True
    if written.startswith("0") and len(written) > 1 and "." not in written:
        return True
    if written.isdigit() and len(written) >= 3 and _is_telephone(text, number):
        return True
    if (
        text[max(0, around.begin) : number.start].strip() == ""
        and _LISTED.match(after[:2] + " ")
        and number.value < 100
    ):
        return True
    if re.match(r"[/:]\d", after) or re.search(r"\d[/:.]$", before):
        return True
    if written[-1:] == "K" and number.value <= 50_000 and not _head(after):
        return True
    return _is_name(before, after, number)


_YEARS_TO = re.compile(
    r"\b(?!(?:an?|per|each|every|the|last|this)\s)[\w-]+\s(?:years?|months?|weeks?|days?|hours?|"
    r"minutes?)\sto\s$"
)


def _is_lasting(text: str, around: _Around) -> bool:
    """A duration that is a figure: an average, or thousands of hours."""
    if around.after.startswith("-"):
        return False
    return bool(_AVERAGE.search(around.before)) or "," in text[around.number.start : around.number.end]


def _is_telephone(text: str, number: Number) -> bool:
    return bool(
        re.search(r"\d{3,5}\s$", text[max(0, number.start - 6) : number.start])
        or re.match(r"\s\d{3,}(?![,\d]*\s[a-z])", text[number.end : number.end + 12])
    )


def _is_name(before: str, after: str, number: Number) -> bool:
    """ "Channel 4", "Apollo 11": after a capital, and with nothing counted after it."""
    return bool(number.sort == "digits" and number.value < 3000 and number.value == int(number.value)
                and re.search(r"[a-z,]\s(?:[A-Z][A-Za-z]+)\s$", before) and not _head(after))  # fmt: skip


def _is_count(text: str, around: _Around) -> bool:
    """Whether a bare number counts something."""
    number, before, after = around.number, around.before, around.after
    head = _head(after)
    if _DURATION.match(after):  # an average, or it would have been rejected
        return True
    if number.value == 0 or number.value >= 1e15:
        return False
    if number.value >= 1000 and (number.step > 1 or "," in text[number.start : number.end]):
        return True
    if number.value >= 10 and (
        re.match(r"\sof\s(?:us|them|these|those|whom)\b", after)
        or _is_elliptic(before, after)
        or _GATHERED.search(before)
    ):
        return True
    if number.sort == "words":
        if number.value <= 12:
            return bool(
                re.search(r"\b(?:just|only)\s$", before, re.IGNORECASE)
                and re.match(r"\s(?:were|are|of|have|had)\b", after)
            )
        return (
            bool(head)
            or number.value >= 1000
            or bool(re.match(r"\sof\s(?:us|them|you|these|those|whom)\b", after))
        )
    if number.value < 10 and number.value == int(number.value):
        return bool(head in _GRAVE) or _is_compared(before, after)
    if number.value < 1 or number.value != int(number.value):
        return (
            bool(head)
            or _is_compared(before, after)
            or bool(re.search(r"\b(?:was|is|at|of|to|were)\s$", before))
        )
    if head:
        return not _TO_OR_AND_UNIT.match(after) and head not in ("bedroom", "bed")
    return bool(_GOES_ON.match(after)) and (
        _is_compared(before, after)
        or bool(_HEDGE.search(before))
        or bool(re.match(r"\s(?:of the|have|were|are|had|died|more)\b", after))
    )


_GATHERED = re.compile(
    r"\b(?:crowd|audience|total|turnout|sample|panel|workforce|population|membership|majority|fleet|caseload|"
    r"backlog|shortfall|capacity|list|staff|intake)\sof\s(?:about\s|around\s|some\s|just\s|only\s|over\s|"
    r"nearly\s|"
    r"almost\s|more than\s|up to\s|roughly\s|under\s|at least\s)*$|"
    r"\b(?:compared (?:with|to)|against|versus|up from|down from)\s(?:just\s|only\s|about\s|around\s|the\s|"
    r"some\s|nearly\s)*$",
    re.IGNORECASE,
)
"""Before a bare number that counts what the word, or the sentence, has named."""


def _is_elliptic(before: str, after: str) -> bool:
    """ "Of the 78 samples, 61 failed": a subject of its own, what it counts said before."""
    begins = not before.strip(" “”\"‘’'") or re.search(
        r"(?:[,;:–—]|\b(?:and|but|while|only|just|some))\s$", before
    )
    if re.match(
        r"\s(?:stranded|dead|injured|killed|arrested|missing|homeless|wounded|hurt|jobless|infected)\b", after
    ):
        return True
    return bool(
        begins
        and re.match(
            r"\s(?:[a-z]{3,}ed|were|had|have|did|said|say|are|went|got|came|chose|took|lost|sign|join|"
            r"apply|face|die|march|flee)\b",
            after,
        )
    )


_GRAVE = frozenset(
    ("deaths", "people", "children", "women", "men", "suicides", "murders", "fatalities", "homicides")
)


def _is_compared(before: str, after: str) -> bool:
    return (
        bool(
            re.search(
                r"\b(?:from|to|than|with|against|on|at|by|just|only|of|was|were|stood at|reached|totalled|"
                r"hit|is|are)\s(?:the\s|just\s|only\s|about\s|around\s)?$",
                before,
            )
            and _CHANGE.search(before)
        )
        or bool(
            re.search(
                r"\b(?:there (?:were|was|are)|totall?ed|numbered|stood at|reached|hit)\s(?:just\s|only\s|"
                r"about\s|around\s|some\s)?$",
                before,
            )
        )
        or bool(
            re.search(r"\b(?:on|from|than) the\s$", before)
            and re.match(
                r"\s(?:the (?:year|month|previous)|a year|last year|in (?:19|20)\d\d|recorded)\b", after
            )
        )
    )


def _is_fraction(text: str, around: _Around) -> bool:
    number, before, after = around.number, around.before, around.after
    written = text[number.start : number.end].lower()
    if number.unit == "count":
        return True
    if written.endswith("half"):
        if (
            re.search(r"\b(?:first|second|other|latter|and a|year|better)\s$", before, re.IGNORECASE)
            or after[:1] in "-’'"
        ):
            return False
        return bool(
            re.match(r"\s(?:of|the|all|its|their|a\s(?:million|billion))\b", after)
            or (
                _HEDGE.search(before)
                and not re.match(r"\s(?:an?|hour|way|past|time|term|price|day)\b", after)
            )
            or re.search(r"\bby\s$", before)
            and not re.match(r"\s(?:an?)\b", after)
            or re.search(r"\bin\s$", before)
            and re.match(r"[.,;:!?)]|$|\s(?:by|since|over|in|and|to|the|on|as|from|this|last)\b", after)
            or re.match(r"\s(?:say|said|are|were|have|had|believe|think)\b", after)
        )
    if after[:1] == "-":
        return False
    if not after and _HEDGE.search(before):
        return True
    if re.search(r"\bby\s(?:about\s|around\s|almost\s|nearly\s|over\s|more than\s)?$", before):
        return True
    if re.search(
        r"\b(?:up|down|rising|risen|rose|fell|fallen) (?:from|to)\s(?:about\s|around\s|just\s|nearly\s)?$",
        before,
    ):
        return True
    counted = bool(
        re.match(
            r"\s(?:of\b|in\b|said\b|say\b|are\b|were\b|have\b|had\b|do\b|did\b|since\b|more\b|fewer\b|"
            r"less\b|higher\b|lower\b|to\b)|[,.;]",
            after,
        )
    )
    if re.match(r"(?:a|one) quarter$|(?:a|one) third$|(?:a|one) fifth$|(?:a|one) tenth$", written):
        return counted and (
            after.startswith(" of")
            or bool(
                re.search(
                    r"\b(?:by|than|nearly|almost|about|over|under|around|just|only|up|down|fell|rose)\s$",
                    before,
                )
            )
            or bool(re.match(r"\s(?:said|say|are|were|have|had|do|more|fewer|less|higher|lower)\b", after))
        )
    return counted or bool(re.match(r"\s[a-z]", after)) or not after


_DOUBLES = re.compile(
    r"\b(?:than|nearly|almost|to|will|would|could|has|have|about|offences|rates?|numbers|figures|crimes?|"
    r"cases)\s$"
)
_DOUBLED = re.compile(r"\s(?:in|over|the|since|within|by|from|last|that|what|its|their|between|to)\b|$|[.,]")


def _is_multiple(text: str, around: _Around) -> bool:
    written = text[around.number.start : around.number.end].lower()
    if written in ("twice",):
        return bool(re.match(r"\s(?:as|the|that|what|its|more)\b", around.after))
    if written in ("double", "treble", "triple", "doubling", "doubles"):
        return bool(_DOUBLES.search(around.before) and _DOUBLED.match(around.after))
    return not re.match(r"\s(?:down on|up on|as)\b", around.after)


_BEDROOMS = re.compile(r"\s(?:new\s)?\d(?:(?:,|\sand|\sor)\s?\d)*(?:,?\s(?:and|or)\s\d)?[-\s](?=bed)")


def _head(after: str) -> str:
    """The noun counted: the first plural among the words that follow, in its noun phrase."""
    phrase = after[:70]
    of = re.match(
        r"\s(?:of|more|other|further|additional)\s(?:the\s|these\s|those\s|all\s|our\s|their\s)?", phrase
    )
    if of:
        phrase = " " + phrase[of.end() :]
    if not phrase[:1].isspace():
        return ""
    phrase = _BEDROOMS.sub(" ", phrase)
    stop = _NP_STOP.search(phrase)
    words = re.findall(r"[A-Za-z’'-]+", phrase[: stop.start()] if stop else phrase)[:5]
    for at, word in enumerate(words):
        low = word.lower()
        plural = low in _IRREGULAR or (
            low.endswith("s") and not low.endswith(("ss", "us", "is", "’s", "'s")) and len(low) > 3
        )
        if plural and low not in _NOT_COUNTED:
            following = words[at + 1].lower() if at + 1 < len(words) else ""
            if (
                following.endswith("s")
                and len(following) > 4
                and at + 1 < 4
                and following not in _NOT_COUNTED
            ):
                return following
            return low
    return ""


def _measure(after: str) -> str | None:
    """What is counted, as it is said: "online child sex crimes"."""
    phrase = re.sub(
        r"^\s(?:of|more)\s(?:the\s|these\s|those\s|all\s)?|^\s(?:more|fewer|increase in|rise in|fall in|"
        r"drop in)\s",
        " ",
        after[:110],
    )
    stop = _NP_STOP.search(phrase)
    words = " ".join((phrase[: stop.start()] if stop else phrase).split())
    return words[:80] or None


def _hedge(before: str) -> str | None:
    found = _HEDGE.search(before[-30:])
    return " ".join(found["hedge"].lower().split()) if found else None


def _bound(
    text: str, around: _Around, times: list[Time], starts: list[int], named: list[tuple[int, str]]
) -> Statistic:
    """A figure with what its sentence says of it."""
    number = around.number
    head = _head(around.after)
    per = _PER.match(around.after) or (
        _PER.search(_NO_DIGITS.split(around.after[:36], maxsplit=1)[0]) if head else None
    )
    unit = number.unit
    if unit == "count":
        lasts = _DURATION.match(around.after)
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
        _period(text, around, times, starts),
        _hedge(around.before),
        _source(around, named),
        evidence=Span(max(around.begin, number.start - 300), min(around.end, number.end + 300)),
    )


def _source(around: _Around, named: list[tuple[int, str]]) -> str | None:
    """Who the sentence says counted: the first named near the figure."""
    at = bisect_left(named, (max(around.begin, around.number.start - 300), ""))
    if at < len(named) and named[at][0] < min(around.end, around.number.end + 300):
        return named[at][1]
    return None


_NO_DIGITS = re.compile(r"[\d£$€.,;]|\s(?:will|would|are|were|have|had|who)\s")


def _tidy(value: float) -> float:
    return int(value) if value == int(value) and abs(value) < 1e15 else round(value, 6)


def _confidence(around: _Around, head: str) -> float:
    number = around.number
    if number.unit in ("%", "percentage points") or number.sort in ("money", "share"):
        return 0.92
    if number.sort == "multiple":
        return 0.6
    return 0.88 if head and number.value >= 10 else 0.65


def _area(text: str, around: _Around) -> str | None:
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


def _period(text: str, around: _Around, times: list[Time], starts: list[int]) -> str | None:
    """The expression of time nearest in the sentence; after it rather than before."""
    number = around.number
    low, high = bisect_left(starts, around.begin), bisect_left(starts, around.end)
    nearest, best = None, 10_000
    for time in times[
        max(low, bisect_left(starts, number.start) - 6) : min(high, bisect_left(starts, number.end) + 6)
    ]:
        distance = time.start - number.end if time.start >= number.end else (number.start - time.end) + 20
        if time.sort in ("near", "weekday") or distance > 200:
            continue
        if distance < best:
            nearest, best = time, distance
    rough = re.match(
        r"[^.;]{0,50}?\b(in a year|a year|the (?:year|month|week|decade) before|(?:last|past|previous) "
        r"(?:\w+ )?(?:years?|months?|weeks?|decade))\b",
        around.after,
    )
    if rough and rough.start(1) < best:
        return _year_before(text, around, times, starts) if rough[1] == "the year before" else rough[1]
    return text[nearest.start : nearest.end] if nearest else None


def _year_before(text: str, around: _Around, times: list[Time], starts: list[int]) -> str:
    """ "The year before" in a sentence that names a year."""
    low = bisect_left(starts, around.begin)
    for time in reversed(times[low : bisect_left(starts, around.number.start)][-6:]):
        if time.sort in ("fy", "year") and time.days and time.days.first:
            year = time.days.first.year - 1
            return f"{year}/{(year + 1) % 100:02d}" if time.sort == "fy" else str(year)
    return "the year before"


# Comparisons, and whether they add up

_TO = re.compile(r"[^.;]{0,70}?\bto\b[^.;]{0,40}$", re.IGNORECASE)
_FROM = re.compile(
    r"\bfrom\s(?:the\s|a\s|an\s|about\s|around\s|just\s|only\s|nearly\s|almost\s|some\s|over\s|more than\s|"
    r"just over\s|just under\s|fewer than\s|less than\s)?$",
    re.IGNORECASE,
)
_THAN_BEFORE = re.compile(
    r"\b(?:up from|down from|compared (?:with|to)|against|rise (?:on|from)|increase (?:on|from)|fall (?:on|"
    r"from)|drop (?:on|from)|decrease (?:on|from)|"
    r"higher than|lower than|versus|vs|on)\s(?:the\s|a\s|an\s|just\s|only\s|about\s|around\s|some\s|"
    r"nearly\s|almost\s)*$",
    re.IGNORECASE,
)


def _compared(text: str, kept: list[_Around], found: list[Statistic]) -> list[Statistic]:
    """With the figure that each is held against, sentence by sentence."""
    done = list(found)
    at = 0
    while at < len(kept):
        stop = at + 1
        while stop < len(kept) and stop - at < 12 and kept[stop].begin == kept[at].begin:
            stop += 1
        if stop - at > 1:
            _compare(text, kept, done, at, stop)
        at = stop
    return done


def _compare(text: str, kept: list[_Around], done: list[Statistic], low: int, high: int) -> None:
    changes = [at for at in range(low, high) if _is_change(text, kept[at])]
    for pair in _pairs(text, kept, low, high, changes):
        figure, baseline = pair
        first, second = kept[figure].number, kept[baseline].number
        done[figure] = replace(
            done[figure], comparison=Comparison("from", second.start, second.end, done[baseline].value)
        )
        done[baseline] = _like(
            replace(done[baseline], comparison=Comparison("to", first.start, first.end, done[figure].value)),
            done[figure],
        )
        change = min(changes, key=lambda at: abs(at - figure) + abs(at - baseline), default=None)
        if change is not None and change not in pair:
            checked = _checked(text, kept[change], kept[figure], kept[baseline])
            done[change] = replace(
                done[change],
                period=done[figure].period,
                comparison=Comparison("from", second.start, second.end, done[baseline].value),
                check=checked,
            )
            changes.remove(change)


def _like(baseline: Statistic, figure: Statistic) -> Statistic:
    """An earlier figure that says nothing of itself counts what the later one does."""
    if baseline.unit not in ("count",) or figure.unit in ("%", "£", "$", "€", "ratio", "times"):
        return baseline
    return replace(baseline, unit=figure.unit, measure=figure.measure, area=baseline.area or figure.area)


def _is_change(text: str, around: _Around) -> bool:
    """Whether a figure is itself a change: per cent, points or a multiple beside "rise", "up", "fell by"."""
    number = around.number
    if number.unit not in ("%", "percentage points", "times"):
        return False
    if number.sort == "multiple":
        return True
    after = re.match(
        r"[\s-](?:\w+\s){0,2}?(?:rise|increase|jump|surge|growth|fall|drop|decrease|decline|cut|reduction|"
        r"more|fewer|less|higher|lower|up|down|spike|leap)\b",
        around.after,
        re.IGNORECASE,
    )
    before = re.search(
        r"\b(?:by|up|down|rose|fell|increased|decreased|grew|risen|fallen|grown|dropped|jumped|soared|"
        r"climbed|declined|increase|rise|fall|drop|jump|cut|reduction|growth|decrease|decline|surge)"
        r"(?:\s(?:by|of|about|around|almost|nearly|more than|over|some|just|just over|"
        r"just under|a|an|massive|staggering|whopping|further|another))*\s$",
        around.before,
        re.IGNORECASE,
    )
    if (
        before
        and before[0].lower().startswith(("up", "down"))
        and around.after.lstrip().startswith(("from", "on"))
    ):
        return True
    return bool(after or before)


def _pairs(text: str, kept: list[_Around], low: int, high: int, changes: list[int]) -> list[tuple[int, int]]:
    """(figure, baseline) of a sentence: "from B to F", "F, up from B", "F, a rise of C on the B"."""
    pairs: list[tuple[int, int]] = []
    plain = [
        at
        for at in range(low, high)
        if at not in changes and kept[at].number.unit != "times" and not _PART_OF.search(kept[at].before)
    ]
    taken: set[int] = set()
    for index, at in enumerate(plain):
        if at in taken:
            continue
        number = kept[at].number
        following = plain[index + 1] if index + 1 < len(plain) else None
        between = text[number.end : kept[following].number.start] if following is not None else ""
        if (
            following is not None
            and _FROM.search(kept[at].before)
            and len(between) < 130
            and _TO.fullmatch(between)
            and _alike(number, kept[following].number)
        ):
            pairs.append((following, at))
            taken |= {at, following}
        elif (
            index
            and _THAN_BEFORE.search(kept[at].before)
            and plain[index - 1] not in taken
            and _alike(number, kept[plain[index - 1]].number)
        ):
            pairs.append((plain[index - 1], at))
            taken |= {at, plain[index - 1]}
    return pairs


_PART_OF = re.compile(r"\d(?:k|m|bn)?\s(?:out\s)?of\s(?:the\s|some\s|about\s)?$")
"""Before the whole that a figure is a part of: "2,614 of 4,012"."""


def _alike(first: Number, second: Number) -> bool:
    return first.unit == second.unit


def _checked(text: str, around: _Around, of: _Around, on: _Around) -> SumCheck:
    number, figure, baseline = around.number, of.number, on.number
    falls = bool(
        _DOWNWARD.search(around.before[-40:])
        or _DOWNWARD.match(around.after[1:24].strip())
        or re.match(
            r"\s(?:\w+\s)?(?:fall|drop|decrease|decline|reduction|cut|fewer|lower|less)\b", around.after
        )
    )
    sort = {"%": "percent", "percentage points": "points"}.get(number.unit, "times")
    value = -abs(number.value) if falls and sort != "times" else number.value
    sentence = text[max(around.begin, number.start - 200) : min(around.end, number.end + 200)]
    basis = (
        "real"
        if _REAL.search(sentence)
        else "rate"
        if _RATE.search(sentence) and figure.unit == "count"
        else ""
    )
    claim = Claim(
        _given(figure, figure.value, _hedge_kind(of.before)),
        _given(baseline, baseline.value, _hedge_kind(on.before)),
        _given(number, value, _hedge_kind(around.before)),
        "%" if figure.unit == "%" else figure.unit if figure.unit in "£$€" else "",
        sort,
        basis,
    )
    judged = check(claim)
    verdict = "inconsistent" if judged.verdict is Verdict.WRONG else judged.verdict.value
    return SumCheck(verdict, judged.working, judged.because)


def _given(number: Number, value: float, hedge: str) -> Given:
    exact = number.unit == "count" and number.step == 1
    return Given(Decimal(str(round(value, 4))), Decimal(0) if exact else Decimal(str(number.step)), hedge)


def _hedge_kind(before: str) -> str:
    said = _hedge(before)
    return next((kind for kind, words in _HEDGE_KIND.items() if said in words), "")
