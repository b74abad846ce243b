"""Which numbers are figures that a campaign could log.

Rejected first: years and dates, ages, times of day, telephone and clause numbers, lists, names with a number.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from .lists import word_list
from .numbers import Number, numbers_in
from .paragraphs import Sentences
from .proposals import Span
from .times import Time

ROW = 4
"""How many bare numbers make a row of a table."""
MOST_IN_SENTENCE = 40
"""How many numbers a sentence holds at most."""
BEFORE = 90
AFTER = 110
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
DURATION = re.compile(
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
NP_STOP = re.compile(
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


@dataclass(frozen=True, slots=True)
class Around:
    """A number and the words on either side of it, within its sentence."""

    number: Number
    before: str
    after: str
    begin: int
    end: int


def figures_in(
    text: str, times: list[Time], starts: list[int], sentences: Sentences, titles: list[Span]
) -> list[Around]:
    """In the order of the text. `starts` are those of the times; `titles` spans that are names."""
    numbers = _without_tables(_without_rows(text, _outside(numbers_in(text), titles)), sentences)
    kept: list[Around] = []
    for at, number in enumerate(numbers):
        around = _around(text, number, sentences)
        near = numbers[max(0, at - 1) : at + 2]
        if not _in_time(text, number, times, starts) and _is_figure(text, around, near):
            kept.append(around)
    return kept


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


def _around(text: str, number: Number, sentences: Sentences) -> Around:
    begin, end = sentences.bounds(number.start)
    end = max(end, number.end)
    before = text[max(begin, number.start - BEFORE) : number.start]
    return Around(number, before, text[number.end : min(end, number.end + AFTER)].rstrip(), begin, end)


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
        bool(head_noun(text[number.end : number.end + 60]))
        and not _YEAR_GOVERNED.search(before)
        and not before.endswith(("(", "/"))
    )


def _is_figure(text: str, around: Around, near: list[Number]) -> bool:
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


def _outranks_label(text: str, around: Around) -> bool:
    """ "Last year 48,200 people": too large for a label, or counted."""
    written = text[around.number.start : around.number.end]
    return (
        "," in written
        or around.number.step > 1
        or (bool(head_noun(around.after)) and not _STRICT_LABEL.search(around.before[-24:]))
    )


_STRICT_LABEL = re.compile(
    r"(?:clauses?|sections?|articles?|schedule|paragraph|page|regulation|amendment|rule|question|no\.?|"
    r"aged?|ages|[#@№]|(?-i:District|Ward|Precinct|Highway|Interstate|Proposition|Platform|Junction|Route|"
    r"Channel))"
    r"\s?[-–]?\s?\(?$",
    re.IGNORECASE,
)


def _is_label(text: str, around: Around, near: list[Number]) -> bool:
    """Ages, times of day, telephone numbers, lists, names."""
    number, before, after = around.number, around.before, around.after
    written = text[number.start : number.end]
    small = number.value < 120
    if small and (
        _AGE_AFTER.match(after)
        and not re.match(r"\s?,\s", after)
        or _AGED.search(before)
        and not head_noun(after)
    ):
        return True
    if small and re.match(r"\s?,\s", after) and re.search(r"[A-Z][\w’'-]+,\s(?:aged\s)?$", before):
        return True
    if (
        re.search(r"\bper\s$", before)
        or re.search(r"\bat\s$", before)
        and re.fullmatch(r"\d\d?\.[0-5]\d", written)
    ):
        return True
    if _CLOCK.match(after) or _SMALL_UNITS.match(after) or _STREET.match(after):
        return True
    if re.match(r"\s?(?:to|and|or|-|–)\s?\d{1,2}[-\s]year[-\s]olds?", after, re.IGNORECASE):
        return True
    if DURATION.match(after) and not _is_lasting(text, around):
        return True
    if re.search(r"\b(?:hours?|minutes?|mins?)\s(?:and\s)?$", before) and DURATION.match(after):
        return True
    if _YEARS_TO.search(before) and not head_noun(after):
        return True
    if _HYPHENED.match(after) or re.search(r"[A-Za-z][-‑–]$|[(]$", before) and not head_noun(after):
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
    if written[-1:] == "K" and number.value <= 50_000 and not head_noun(after):
        return True
    return _is_name(before, after, number)


_YEARS_TO = re.compile(
    r"\b(?!(?:an?|per|each|every|the|last|this)\s)[\w-]+\s(?:years?|months?|weeks?|days?|hours?|"
    r"minutes?)\sto\s$"
)


def _is_lasting(text: str, around: Around) -> bool:
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
                and re.search(r"[a-z,]\s(?:[A-Z][A-Za-z]+)\s$", before) and not head_noun(after))  # fmt: skip


def _is_count(text: str, around: Around) -> bool:
    """Whether a bare number counts something."""
    number, before, after = around.number, around.before, around.after
    head = head_noun(after)
    if DURATION.match(after):  # an average, or it would have been rejected
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


_MOVED = re.compile(
    r"\b(?:jumped|risen|rose|fallen|fell|dropped|grown|grew|soared|climbed|up|down|increased|cut|slumped|"
    r"plunged|lost)\s"
    r"(?:by\s)?(?:almost\s|nearly\s|about\s|around\s|over\s|more than\s)?$"
)
"""Before a fraction that is a change."""


def _is_fraction(text: str, around: Around) -> bool:
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
    if not after and _HEDGE.search(before) or _MOVED.search(before):
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


def _is_multiple(text: str, around: Around) -> bool:
    written = text[around.number.start : around.number.end].lower()
    if written in ("twice",):
        return bool(re.match(r"\s(?:as|the|that|what|its|more)\b", around.after))
    if written in ("double", "treble", "triple", "doubling", "doubles"):
        return bool(_DOUBLES.search(around.before) and _DOUBLED.match(around.after))
    return not re.match(r"\s(?:down on|up on|as)\b", around.after)


_BEDROOMS = re.compile(r"\s(?:new\s)?\d(?:(?:,|\sand|\sor)\s?\d)*(?:,?\s(?:and|or)\s\d)?[-\s](?=bed)")


def head_noun(after: str) -> str:
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
    stop = NP_STOP.search(phrase)
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


def hedge_before(before: str) -> str | None:
    found = _HEDGE.search(before[-30:])
    return " ".join(found["hedge"].lower().split()) if found else None
