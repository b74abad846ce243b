"""Deadlines: which expressions of time are a target, a commitment or a dated step, and which mere reporting.

What is governed by "by", "before", "until" or "within" counts, and what lies ahead; the day of the report and
what is over do not. Without a publication date, what depends on it is proposed undated: it asks, and never
guesses.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from .calendar import Days
from .paragraphs import Paragraph, Sentences
from .proposals import Deadline, Span
from .times import Time, times_in

_GOVERNOR = re.compile(
    r"(?:\b(?P<prep>no later than|no earlier than|not before|between now and|not later than|on or before|"
    r"by no later than|by|before|"
    r"ahead of|prior to|until|till|"
    r"through|through to|up to|to|from|after|"
    r"since|on|in|at|during|within|over|for|beyond|starting|beginning|effective|effective from|as of|as "
    r"from|towards?|between|around|due|"
    r"closing|ending|ends|from as early as|as early as|as soon as|into)"
    r"(?:\s+(?:around|about|the|at the latest|midnight on|midday on|noon on|\d{1,2}(?:[.:]\d\d)?\s?[ap]m "
    r"on|or on|or before|early|late|mid|at least|least|next|this))?\s{1,2})$",
    re.IGNORECASE,
)
_UP_TO = frozenset(
    (
        "by",
        "until",
        "till",
        "to",
        "up to",
        "no later than",
        "not later than",
        "by no later than",
        "on or before",
        "through",
        "through to",
        "between now and",
        "towards",
        "toward",
    )
)
_STRICTLY_BEFORE = frozenset(("before", "ahead of", "prior to"))
_NOT_VERBS = frozenset(
    ("need", "indeed", "proceed", "succeed", "exceed", "speed", "feed", "seed", "agreed", "breed")
)
_FUTURE = re.compile(
    r"\b(?:will|would|shall|must|should|due|set to|plans?|planned|planning|expected|expects?|hopes?|hoped|"
    r"aims?|aiming|intends?|"
    r"pledged?|promised?|commit(?:s|ted|ment|ments)?|target(?:s|ed)?|deadlines?|scheduled|proposed|to be|"
    r"going to|deliver|introduce|publish|"
    r"comes? into (?:force|effect)|takes? effect|begins?|starts?|opens?|closes?|ends?|expires?|calling|"
    r"urging|calls? (?:on|for)|wants?|needs? to|"
    r"vote|launch(?:es|ing)?|runs?|available|apply|applications?|consultation|bring forward|implement(?:ed|"
    r"ation)?|phased?|ban(?:ned)?|can|may|"
    r"could|upcoming|forthcoming|ahead|timetabled|earmarked|likely|return|returns|meets?|take place|takes "
    r"place|is on|are on|goes? to|[’']ll)\b",
    re.IGNORECASE,
)  # fmt: skip
_TARGET = re.compile(
    r"\b(?:deadlines?|targets?|pledged?|promised?|due|aim(?:s|ed)?|commit(?:s|ted|ment|ments)?|plan(?:s|"
    r"ned)?|extend(?:ed)?|supposed|should have|would|"
    r"was to|were to|opt-out|consultation|period|expires?|expired|closed|manifesto|goal|missed|scheduled|"
    r"intended)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|[a-z]{3,}(?:ed)|took|began|came|went|saw|rose|fell|said|told|made|found|held|"
    r"met|gave|won|lost|"
    r"became|used to|wrote|ran|died|grew|spent|got|broke|sent|left|brought|led|set up|stood|paid)\b"
)
_NOT_PAST = re.compile(
    r"\b(?:been|be|is|are|was|were)?\s?(?:proposed|expected|planned|scheduled|required|needed|phased|"
    r"delayed|postponed|designed|based|continued|promised|pledged|committed|supposed)\b"
)
_NAMED = re.compile(
    r"(?:\b(?:Act|Bill|Regulations?|Order|Games|Olympics|Cup|Agenda|Vision|Census|COP|Directive|Rules|Code|"
    r"Scheme|Euro|Expo|Index|"
    r"Report|Survey|Budget|Review|Strategy|Awards?|Windows|Project|Convention|Treaty|Charter|Declaration|"
    r"Class of|Statute|resolution|No\.?)"
    r"(?:\s\([^)]{1,60}\)(?:\s(?:Act|Bill|Regulations))?)?,?\s|[©@#])$"
)
_AFTER_NAMED = re.compile(
    r"\s(?:election|census|referendum|Act|Budget|general election|manifesto|report|survey|poll|crash|"
    r"floods?|edition|season|campaign|study|Games|World Cup|Olympics|figures|levels|baseline|review|"
    r"inquiry|series|film|album|book|novel|vote|race)\b"
)
_BACKWARD = re.compile(
    r"\b(?:earlier|so far|already(?!\s(?:planned|scheduled|due|booked|promised|set))|last|past|previous|"
    r"first time|since|this time)\b[^.]{0,12}$",
    re.IGNORECASE,
)
_ABOUT_PERIOD = re.compile(
    r"[’']s?\b|\s(?:months|issue|edition|figures|report|season|break|term|(?-i:Budget|Statement|Conference|"
    r"Olympics|Games|Forum|Festival|Fair))\b"
)
GOVERNOR_ROOM = 46
_REPORTED = re.compile(r"\b(?:year|months|quarter|weeks|days|season)\s$")
"""Before "to June": the year to June is what figures are of."""
_MARKS = frozenset("“”‘’\"'")
_OVERDUE = re.compile(
    r"\b(?:due|scheduled|expected|meant|supposed|was to|were to)(?:\s[\w’'-]+){0,4}\s?$", re.IGNORECASE
)
_UNDERTAKES = re.compile(
    r"\b(?:voted|agreed|decided|pledged|promised|vowed|ordered|asked|told|urged|invited|threatened|wants?|"
    r"wanted|called on|opted|chosen|set|forced|"
    r"allowed|given|applied|offered|resolved|instructed)\s(?:[\w’'-]+\s){0,5}?to\s[a-z]+"
)


_GIVEN = re.compile(
    r"\b(?:has|have|given?|gives|giving|gave|allow(?:s|ed|ing)?)\s(?:[\w’'-]+\s){0,3}$",
    re.IGNORECASE,
)
"""Before "28 days to appeal"."""
_ANY = re.compile(
    r"\b(?:every|(?:an?|any|each|most)\s(?:normal|typical|average|usual|good|bad|single|cold|wet|hot|busy|"
    r"quiet|given))\s$|"
    r"\b(?:an?|any|each|most)\s$",
    re.IGNORECASE,
)
"""Before a month or a day that is not one of a certain year."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What stands round an expression within its sentence."""

    start: int
    governor: str
    before: str
    after: str


def deadlines_in(
    text: str, times: list[Time], sentences: Sentences, published: date | None
) -> list[Deadline]:
    found = []
    for time in times:
        proposal = _proposal(text, time, sentences, published)
        if proposal:
            found.append(proposal)
    return found


def _proposal(text: str, time: Time, sentences: Sentences, published: date | None) -> Deadline | None:
    context = _context(text, time, sentences)
    if not _counts(text, time, context, published):
        return None
    days = _governed(time, context.governor)
    undated = time.days is None and time.relative and published is None
    kind = (
        "elapsed"
        if time.sort == "since"
        else "window"
        if time.sort in ("range", "months", "fornext")
        else "deadline"
    )
    rule = f"{context.governor or 'bare'} {time.sort}"
    begin, end = sentences.bounds(time.start)
    return Deadline(
        context.start,
        time.end,
        days.first if days else None,
        days.last if days else None,
        kind,
        rule,
        _confidence(time, context, days, published),
        bool(days and days.approximate),
        undated,
        Span(max(begin, context.start - 300), max(time.end, min(end, time.end + 300))),
    )


def _context(text: str, time: Time, sentences: Sentences) -> _Context:
    begin, end = sentences.bounds(time.start)
    before = text[max(begin, time.start - 240) : time.start]
    after = text[time.end : min(max(end, time.end), time.end + 160)]
    if time.sort == "fornext":
        return _Context(time.start, "for", before, after)
    first = re.match(
        r"(?:within|from|between|no later than|in)\b", text[time.start : time.start + 14], re.IGNORECASE
    )
    governor = _GOVERNOR.search(before[-GOVERNOR_ROOM:])
    if governor is None or (first and time.sort in ("within", "range", "months", "years", "hence")):
        return _Context(time.start, first[0].lower() if first else "", before, after)
    room = before[-GOVERNOR_ROOM:]
    start = time.start - (len(room) - governor.start("prep"))
    return _Context(
        start,
        " ".join(governor["prep"].lower().split()),
        before[: len(before) - len(room) + governor.start()],
        after,
    )


def _governed(time: Time, governor: str) -> Days | None:
    """ "By" and "until" leave the start open and end with the last day; "before" ends the day before, unless
    it is the end of something."""
    days = time.days
    if days is None or time.sort in ("range", "months", "years", "since"):
        return days
    if (
        time.sort in ("part", "rough")
        and days.first
        and governor in _UP_TO | _STRICTLY_BEFORE
        and "start" in time.which + time.which.replace("beginning", "start")
    ):
        return Days(None, days.first - timedelta(days=governor in _STRICTLY_BEFORE), days.approximate)
    if (
        time.sort == "yearend"
        and days.first
        and days.first.month == 1
        and governor in _UP_TO | _STRICTLY_BEFORE
    ):
        return Days(None, days.first - timedelta(days=1))
    if governor in _UP_TO and time.which.startswith("mid") and days.approximate and days.first and days.last:
        middle = days.first + (days.last - days.first) / 2
        return Days(None, middle, approximate=True)
    if governor in _UP_TO and time.sort not in ("horizon", "within", "hence"):
        return Days(None, days.last, days.approximate)
    if governor in _STRICTLY_BEFORE:
        whole = time.sort in ("part", "yearend", "isout") and days.first != days.last
        last = days.last if whole or days.first is None else days.first - timedelta(days=1)
        return Days(None, last, days.approximate)
    if governor in ("after", "beyond"):
        return Days(days.last, None, days.approximate)
    if time.sort == "within":
        return Days(days.first, days.last)
    return days


def _counts(text: str, time: Time, context: _Context, published: date | None) -> bool:
    """Whether it is a target, a commitment or a dated step ahead."""
    if _ANY.search(context.before[-30:]) and time.sort in ("month", "weekday", "since", "season"):
        return False
    if (
        "yesterday" in context.before.lower()
        or time.sort == "near"
        and re.search(r"\bif\b[^,.;]*$", context.before)
    ):
        return False
    if time.sort == "offset":
        return bool(_FUTURE.search(context.before[-120:]))
    if time.sort == "event":
        return context.governor in _UP_TO | _STRICTLY_BEFORE and context.governor != "to"
    if time.sort == "allowed":
        return bool(_GIVEN.search(context.before[-60:]))
    if time.sort == "within" and published and not _binds(text, time, context):
        return False
    if time.sort in ("ago", "near"):
        return time.sort == "near" and text[time.start : time.end].lower() == "tomorrow"
    if time.sort == "since":
        return not re.search(
            r"\b(?:in|over|during|for)(?:\s(?:the|these|those))?\s$",
            context.before[-14:] + text[context.start : time.start],
        )
    if time.sort == "yearend" and "new" in text[time.start : time.end].lower():
        return (
            context.governor in ("by", "before", "until", "in", "no later than")
            and text[time.start : time.start + 3].lower() == "the"
        )
    if context.governor in ("since", "after", "beyond") and not _lies_ahead(time, context, published):
        return False
    if _NAMED.search(context.before[-80:]) and time.sort in ("year", "fy", "decade"):
        return False
    if context.governor in ("to", "up to") and _REPORTED.search(context.before):
        return False
    if time.sort in ("year",) and not context.governor:
        return False
    if (
        time.sort == "year"
        and _AFTER_NAMED.match(context.after)
        and context.governor not in _UP_TO | _STRICTLY_BEFORE
    ):
        return False
    if _ABOUT_PERIOD.match(context.after) and time.sort in (
        "rel",
        "weekday",
        "month",
        "year",
        "horizon",
        "feast",
        "season",
    ):
        return False
    if time.days is None and text[time.start : time.start + 4].lower() == "last":
        return False
    if time.days is None:
        return _counts_undated(time, context, published)
    if published is None:
        return _counts_without_clock(time, context)
    return _counts_dated(text, time, context, published)


def _binds(text: str, time: Time, context: _Context) -> bool:
    """Whether "within 4 hours" or "within two months of …" is for once, and not how a service is measured."""
    measured = time.days is None or re.search(r"\b(?:hour|minute)s?$", text[time.start : time.end])
    return not measured or bool(_PROMISES.search(context.before[-120:]))


_PROMISES = re.compile(r"\b(?:will|would|shall|must|promised?|pledged?|should|undertaken|undertook|agreed)\b")


def _lies_ahead(time: Time, context: _Context, published: date | None) -> bool:
    """What is after or beyond a day that is to come; of what counts since a day, nothing."""
    last = time.days.last if time.days else None
    return context.governor != "since" and bool(published and last and last > published)


def _counts_undated(time: Time, context: _Context, published: date | None) -> bool:
    if time.sort in ("rel", "weekday", "month", "season", "near", "dmy", "mdy", "feast", "quarter"):
        ahead = context.governor in _UP_TO | _STRICTLY_BEFORE or bool(
            _FUTURE.search(context.before[-120:] + context.after[:60])
        )
        return (
            ahead
            and not _BACKWARD.search(context.before)
            and not (time.sort == "weekday" and context.governor not in _UP_TO)
        )
    if time.sort in ("plural", "horizon"):
        return (
            context.governor in ("in", "over", "for", "within", "during", "")
            and published is None
            or time.sort == "plural"
        )
    return True


def _counts_without_clock(time: Time, context: _Context) -> bool:
    if context.governor in _UP_TO | _STRICTLY_BEFORE or time.sort in ("within", "part"):
        clause = re.split(r"[;:“\"]", context.before)[-1]
        return not _last_past(clause[-60:]) or bool(_FUTURE.search(clause[-120:]))
    return bool(_FUTURE.search(context.before[-120:])) and not _is_past(context)


def _counts_dated(text: str, time: Time, context: _Context, published: date) -> bool:
    days = time.days
    assert days is not None
    first, last = days.first, days.last
    if context.before.lower().endswith(" not ") or (
        time.sort == "weekday" and re.match(r"\s[A-Z][a-z]", context.after)
    ):
        return False
    if (
        not context.governor
        and time.sort in ("rel", "horizon")
        and text[time.start - 1 : time.start] in _MARKS
        and context.after[:1] in _MARKS
    ):
        return False
    bounded = context.governor in _UP_TO | _STRICTLY_BEFORE
    if first == last == published:
        return False
    if time.yearless and bounded and re.match(r"(?:[^.;,]|,(?=\d)){0,70}?\bhad\b", context.after):
        return False
    if last and last < published:
        if time.sort in ("range", "months") and first and (published - last).days < 400:
            return bool(_TARGET.search(context.before + context.after[:80]))
        if bounded and time.sort not in ("weekday", "rel") and context.governor != "to":
            return (
                bool(_TARGET.search(context.before[-140:] + context.after[:60]))
                and (published - last).days < 3700
            )
        return bool(_OVERDUE.search(context.before[-60:])) and time.sort not in ("weekday", "near")
    if time.sort == "weekday":
        return _weekday_ahead(text, time, context, bounded)
    if _BACKWARD.search(context.before) and not bounded:
        return False
    if (
        time.sort in ("month", "season", "dmy", "mdy", "range", "months", "part", "rough", "feast")
        and time.yearless
        and not bounded
    ):
        return not _is_past(context) and _soon(time, context, published)
    if (
        first
        and first <= published
        and not bounded
        and time.sort
        in (
            "year",
            "rel",
            "fy",
            "horizon",
            "my",
            "quarter",
            "part",
            "rough",
            "range",
            "season",
            "sy",
            "decade",
            "months",
            "years",
            "yearend",
        )
    ):
        if time.sort in ("horizon",) and context.governor not in ("", "in") and not _is_past(context):
            return True
        return _is_ahead(context) and time.sort not in ("decade", "years", "fy")
    return True


def _soon(time: Time, context: _Context, published: date) -> bool:
    """A month named without its year is one ahead where something is to come, or it is near."""
    assert time.days is not None
    ahead = _is_ahead(context)
    if time.sort == "month" and not context.governor and not ahead:
        return False
    near = time.days.first is not None and (time.days.first - published).days < 200
    return ahead or near


def _is_ahead(context: _Context) -> bool:
    clause = re.split(r"[;:]|,\s(?:but|which|and)\s", context.before)[-1][-140:]
    return bool(
        _FUTURE.search(clause) or re.search(r"\b(?:will|to|must|should|due|would)\b", context.after[:60])
    ) and not _is_past(context)


def _is_past(context: _Context) -> bool:
    """The verb nearest before it is past, and nothing in the clause points ahead of that."""
    clause = re.split(r"[;:]|,\s", context.before)[-1][-110:]
    if clause.rstrip().endswith(" agreed"):
        return True
    past = _last_past(clause)
    if past is None:
        return not context.before.strip(" “”\"‘’'") and _goes_on_in_the_past(context.after)
    if any(undertaken.end() > past.start() for undertaken in _UNDERTAKES.finditer(clause)):
        return False
    if _NOT_PAST.search(clause[max(0, past.start() - 8) :]):
        return False
    ahead = _last(_FUTURE, clause)
    while ahead is not None and ahead[0].lower() in _AIMS:
        ahead = _last(_FUTURE, clause[: ahead.start()])
    return (
        ahead is None
        or ahead.start() < past.start()
        and not re.search(r"\b(?:be|been|to|will|would|must|should)\s+(?:\w+\s)?$", clause[: past.start()])
    )


_AIMS = frozenset(
    (
        "target",
        "targets",
        "deadline",
        "deadlines",
        "consultation",
        "commitment",
        "commitments",
        "applications",
    )
)
"""What can be missed, and so does not point ahead of a verb that is past."""


def _goes_on_in_the_past(after: str) -> bool:
    """Whether the first verb after an expression that begins a sentence tells of what has been."""
    verb = _FIRST_VERB.search(after)
    return bool(verb and verb["past"])


_FIRST_VERB = re.compile(
    r"\b(?:(?P<ahead>will|would|shall|must|should|can|could|may|is|are|has|have|plans?|hopes?|aims?|"
    r"expects?)|"
    r"(?P<past>was|were|had|took|said|launched|announced|published|saw|rose|fell|found|made|began|became|"
    r"went|came|gave|"
    r"showed|voted|told|ran|won|lost|(?!aged|need|indeed|hundred|united)[a-z]{3,}ed))\b"
)


def _last_past(words: str) -> re.Match[str] | None:
    found = None
    for match in _PAST.finditer(words):
        found = match if match[0].lower() not in _NOT_VERBS else found
    return found


def _last(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(words):
        found = match
    return found


def _weekday_ahead(text: str, time: Time, context: _Context, bounded: bool) -> bool:
    if bounded:
        return not _is_past(context)
    clause = re.split(r",\s", context.before)[-1][-70:]
    return bool(
        re.search(
            r"\b(?:will|due|set to|to be|is to|are to|expected|scheduled|begins?|starts?|opens?|closes?|"
            r"ends?|comes? into|"
            r"takes? effect|runs?|takes? place|launch(?:es)?|meets?|votes?|returns?)\b",
            clause,
        )
    ) and not _is_past(context)


def _confidence(time: Time, context: _Context, days: Days | None, published: date | None) -> float:
    score = 0.6
    if context.governor in _UP_TO | _STRICTLY_BEFORE or time.sort == "within":
        score += 0.2
    if _FUTURE.search(context.before[-100:]):
        score += 0.15
    if days is None:
        score -= 0.2
    return round(min(score, 0.95), 2)


_PUBLISHED = re.compile(
    r"(?:^|[\n|·•–—:.]|\b(?:first|last|originally|article|story|page)(?:\s+was)?\b)\W*"
    r"(?:published|updated|posted|date|issued|released|embargo\w*)\b.{0,24}$",
    re.IGNORECASE,
)
"""A label of the text itself: what "was published" or "must be published" in a sentence is something else."""


def dateline(text: str, paragraphs: list[Paragraph]) -> date | None:
    """The day a text says it was published: a full date alone near its head, or after "Published"."""
    for paragraph in paragraphs[:8]:
        if paragraph.end - paragraph.start > 320:
            continue
        words = text[paragraph.start : paragraph.end]
        for time in times_in(words, None):
            if (
                time.sort not in ("dmy", "mdy", "iso", "figures")
                or time.days is None
                or time.days.first is None
            ):
                continue
            rest = words[: time.start] + words[time.end :]
            alone = len(re.findall(r"[A-Za-z]{2,}", rest)) <= 5
            if (
                alone
                or _PUBLISHED.search(words[: time.start])
                or re.match(r"\W*today \($", words[: time.start], re.IGNORECASE)
            ):
                return time.days.first
            if time.start <= 40 and re.match(r"\s?[–—:-]", words[time.end :]):
                return time.days.first
    return None
