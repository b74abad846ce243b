"""Verbs of saying, and who their subject is: "X said", "said X, role", "according to X"."""

import re

from .lists import word_list
from .people import People, Source
from .phrases import PHRASE, read_source

_PLAIN = word_list(
    "said says say told tells tell added adds add asked asks ask replied replies answered answers wrote "
    "writes write "
    "argued argues argue insisted insists claimed claims warned warns warn explained explains continued "
    "continues "
    "concluded concludes stated states declared declares announced commented comments remarked remarks "
    "observed "
    "observes noted notes stressed stresses urged urges admitted admits acknowledged acknowledges conceded "
    "concedes "
    "joked jokes quipped recalled recalls responded responds suggested suggests tweeted tweets posted "
    "blogged "
    "shouted cried whispered muttered repeated reiterated emphasised emphasized emphasises emphasizes "
    "testified "
    "pleaded predicted predicts proclaimed boasted complained complains confirmed confirms denied denies "
    "described "
    "thundered fumed raged vowed vows pledged pledges promised promises countered retorted laughed "
    "reflected reflects "
    "believes believed thinks maintained maintains summed asserted asserts alleged alleges protested mused "
    "opined "
    "lamented ventured cautioned cautions read reads quoted blasted slammed stormed hailed called calls "
    "reckons reckoned reckon jokes exclaimed demanded demands wondered advised advises agreed agrees "
    "signalled revealed reveals welcomed "
    "praised "
    "criticised criticized condemned accused branded labelled"
)
_PARTICIPLES = word_list(
    "saying adding telling asking insisting warning explaining writing tweeting stating arguing claiming "
    "concluding "
    "noting stressing declaring calling describing commenting responding"
)
WEAK = frozenset(
    word_list(
        "say tell add ask write argue warn read reads called calls described welcomed praised criticised "
        "criticized "
        "condemned accused branded labelled posted believes believed thinks notes reflected reflects "
        "comments states "
        "hailed blasted slammed signalled revealed reveals calling describing announced confirmed confirms "
        "denied "
        "denies agreed agrees claims demands laughed promises pledges pledged promised vowed vows urged "
        "urges answers "
        "reveals quoted noted suggests suggested responded responding commenting"
    )
)
"""Verbs that do other work too: they lead to a quote only where one stands beside them."""

CUE = re.compile(
    rf"\b(?:{'|'.join(sorted([*_PLAIN, *_PARTICIPLES], key=len, reverse=True))})\b(?!\s+to\s+be\b)|"
    rf"\baccording to\b",
    re.IGNORECASE,
)
_PARTICIPLE = frozenset(_PARTICIPLES)
ATTRIBUTABLE = re.compile(
    r"\s*(?:(?:the following|these|this|media|press)\s+)?(?:quotes?|quotations?|comments?|lines?|"
    r"statements?|remarks?)?\s*"
    r"(?:(?:can|may|should|is|are|to)\s+(?:be\s+)?)?attribut(?:able|"
    r"ed)\s+to\s*:?\s*(?P<who>[^:\n]{3,200}?)\s*:?\s*$"
    r"|\s*(?:a\s+)?(?:quotes?|comments?|statement)\s+(?:from|by)\s+(?P<by>[A-Z][^:\n]{3,200}?)\s*:?\s*$",
    re.IGNORECASE,
)
SIGNED = re.compile(r"\s*>?\s*[–—-]{1,2}\s*(?P<who>[A-Z][^.!?\n]{3,120})$")
_CONTINUES = re.compile(
    r"(?:^|[\s,])(?:and|but|before|then|also|who)(?:\s+\w+ly|\s+(?:later|then|also|has))?\s*,?\s*$"
)
_RELATIVE = re.compile(r"\bwho\s(?:has\s|had\s|also\s|later\s|\w+ly\s)?$")
_AFTER_CUE = re.compile(
    r"[,]?\s*(?:(?:also|later|then|today|yesterday|simply|again|once|further|in a statement|recently|last "
    r"night|at the time)\s+)?"
)
_OBJECT = re.compile(
    r"(?:the\s+)?(?:bbc|guardian|times|reporters?|journalists?|mps?|peers|court|inquiry|committee|us|me|"
    r"them)\b",
    re.IGNORECASE,
)


def cues_in(text: str, start: int, end: int) -> list[re.Match[str]]:
    return [
        cue
        for cue in CUE.finditer(text, start, end)
        if not _is_passive(text, start, cue)
        and not _EMBEDDED.search(text, max(start, cue.start() - 24), cue.start())
    ]


_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|get|gets|got)\s"
    r"(?:then\s|also\s|often\s|last\snight\s|yesterday\s|today\s|now\s|being\s|\w+ly\s)?$"
)
_EMBEDDED = re.compile(r"\b(?:what|how|why|whether)\s(?:he|she|they)\s$")
"""Before "thinks" in "told us what she thinks"."""
_NAMING = frozenset(("called", "described", "branded", "labelled", "quoted", "read", "written"))


def _is_passive(text: str, start: int, cue: re.Match[str]) -> bool:
    """ "Viewers are asked", "the quiz, called ‘How Are You’": nobody who says it stands before."""
    before = text[max(start, cue.start() - 24) : cue.start()]
    named = (
        cue[0].lower() in _NAMING and before.endswith(", ") and text[cue.end() + 1 : cue.end() + 2] in "“‘\"'"
    )
    return bool(_PASSIVE.search(before)) or named


def is_participle(cue: str) -> bool:
    return cue.lower() in _PARTICIPLE


def subject_before(
    text: str, start: int, cues: list[re.Match[str]], at: int, people: People
) -> Source | None:
    """The subject of the cue at an index, out of the clause before it; None where that leads to another."""
    cue = cues[at]
    earlier = at - 1
    while earlier >= 0 and _RELATIVE.search(
        text[max(start, cues[earlier].start() - 24) : cues[earlier].start()]
    ):
        earlier -= 1
    begins = cues[earlier].end() if earlier >= 0 else start
    phrase = text[max(begins, cue.start() - PHRASE) : cue.start()]
    if is_participle(cue[0]) or _CONTINUES.search(phrase[-60:]) or not phrase.strip(" ,;:"):
        return None
    return read_source(phrase, people, last=True)


def subject_after(text: str, cue_end: int, end: int, people: People) -> Source | None:
    """The subject after a cue: "said X, role", "according to X"."""
    phrase = _AFTER_CUE.sub("", text[cue_end : min(end, cue_end + PHRASE)], count=1)
    phrase = re.split(
        r"[:;“\"]|\.$|\s(?:in|on|at|after|during|as|when)\s(?:an?\s|the\s|[A-Z]\w+day)", phrase, maxsplit=1
    )[0]
    if _OBJECT.match(phrase):
        return None
    return read_source(phrase, people, last=False)
