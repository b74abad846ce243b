"""What extraction finds in a text, as the forms of entries ask for it: each field as people type it."""

import logging
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.dates import BadDate, in_words, parse, read
from apps.evidence.figures import BadFigure, long, read_figure, step_of
from apps.intake.extraction import Deadline, Extraction, Quote, Statistic, extract
from apps.intake.models import BY_HAND
from apps.timeline.models import Kind

log = logging.getLogger(__name__)

MOST = 300
"""As many proposals as a person can be asked to look through."""
LONGEST_LINE = 300
UNITLESS = ("count", "%", "ratio", "times", "£", "$", "€")
"""What a figure is read with already, or what is no unit."""
Fields = dict[str, str]


@dataclass(frozen=True)
class Found:
    """A proposal that is not kept yet; see Proposal for what its parts mean."""

    kind: str
    start: int
    end: int
    fields: Fields
    rule: str = ""
    confidence: float | None = None
    check_said: str = ""
    working: str = ""


def found_in(text: str, *, published: date | None, today: date) -> list[Found]:
    """Proposals in the order of the text. A text that extraction stumbles over has none."""
    try:
        extraction = extract(text, published)
    except Exception:
        # Rules read texts from anywhere: one they fail on is still kept, and a person can mark what is in it.
        log.exception("A text could not be read for facts.")
        return []
    day = extraction.published or published or today
    found = [
        *_quotes(text, extraction, day),
        *_figures(text, extraction, day),
        *_times(text, extraction, day),
    ]
    return sorted(found, key=lambda one: (one.start, one.end))[:MOST]


def by_hand(kind: str, text: str, start: int, end: int, *, day: date) -> Found:
    """What a person marked in the text themselves."""
    words = _line(text[start:end])
    fields = {"date": _on(day)}
    if kind == Kind.QUOTE:
        fields["words"] = text[start:end].strip()
    elif kind == Kind.STATISTIC:
        fields |= {"figure": words[:200], "measure": ""}
    else:
        fields["headline"] = words[:LONGEST_LINE]
    return Found(kind, start, end, fields, rule=BY_HAND)


def _quotes(text: str, extraction: Extraction, day: date) -> Iterator[Found]:
    for one in extraction.quotes:
        words = _said(text, one)
        if not words:
            continue
        fields = {"words": words, "date": _on(day), "voice": "official"}
        named = (
            one.speaker if one.speaker and not one.speaker.lower().startswith(("a ", "an ", "the ")) else ""
        )
        fields |= {"person": named or "", "organisation": one.organisation or "", "role": one.role or ""}
        yield Found(Kind.QUOTE, one.start, one.end, _trimmed(fields), one.rule[:60], one.confidence)


def _said(text: str, one: Quote) -> str:
    """The words alone: without what interrupts them, and without the comma before “she said”."""
    pieces = [text[part.start : part.end] for part in one.parts] or [text[one.start : one.end]]
    joined = " ".join(piece.strip(" \n“”\"'‘’") for piece in pieces)
    return joined.strip().removesuffix(",")[:10_000]


def _figures(text: str, extraction: Extraction, day: date) -> Iterator[Found]:
    for one in extraction.statistics:
        typed = _figure(text, one)
        if typed is None:
            continue
        fields = {
            "figure": typed,
            "unit": "" if one.unit in UNITLESS else one.unit,
            "measure": _measure(one),
            "area": one.area or "",
            "period": _period(one.period),
            "hedge": one.hedge if one.hedge in ("over", "under", "nearly", "about") else "",
            "organisation": one.source or "",
            "date": _on(day),
        }
        check = one.check
        # A change that was checked is no change of itself: it is checked beside its figure.
        stated = None if one.unit == "%" and check else _stated(one, extraction)
        if one.comparison and one.comparison.relation == "from" and one.unit != "%":
            fields["baseline"] = text[one.comparison.start : one.comparison.end]
        if stated is not None:
            fields["stated_change"] = text[stated.start : stated.end]
            check = check or stated.check
        yield Found(
            Kind.STATISTIC,
            one.start,
            one.end,
            _trimmed(fields),
            one.rule[:60],
            one.confidence,
            check.verdict[:20] if check else "",
            check.working[:500] if check else "",
        )


def _figure(text: str, one: Statistic) -> str | None:
    """The figure as a field takes it: as printed where that can be read, else its value."""
    printed = _line(text[one.start : one.end])
    for typed in (printed, _plain(one)):
        try:
            figure = read_figure(typed)
        except BadFigure:
            continue
        if one.unit == "ratio" or abs(float(figure.value) - one.value) <= 1e-6 * max(1.0, abs(one.value)):
            return typed
    return None


def _plain(one: Statistic) -> str:
    if one.unit == "ratio":
        return f"{one.value * 100:.4g}%"
    value = Decimal(str(one.value))
    said = long(value, step_of(value))
    return f"{said}%" if one.unit == "%" else f"{one.unit}{said}" if one.unit in "£$€" else said


def _measure(one: Statistic) -> str:
    return one.measure or (one.unit if one.unit not in UNITLESS else "")


def _stated(one: Statistic, extraction: Extraction) -> Statistic | None:
    """The change in per cent that the text states of this figure: of the same two figures."""
    held = one.comparison
    if held is None or held.relation != "from":
        return None
    for other in extraction.statistics:
        beside = other.comparison
        if other.unit == "%" and other is not one and other.check and beside and beside.start == held.start:
            return other
    return None


def _period(said: str | None) -> str:
    """A period as the form reads it; one that it cannot read is left for a person to fill in."""
    try:
        return in_words(read(said).text) if said else ""
    except BadDate:
        return ""


def _times(text: str, extraction: Extraction, day: date) -> Iterator[Found]:
    for one in extraction.deadlines:
        when = edtf_of(one)
        past = one.date_latest is not None and one.date_latest < day
        kind = Kind.UPDATE if past or one.kind == "elapsed" or one.date_latest is None else Kind.MILESTONE
        fields = {"headline": _sentence(text, one), "date": in_words(when) if when else ""}
        yield Found(kind, one.start, one.end, _trimmed(fields), one.rule[:60], one.confidence)


def edtf_of(one: Deadline) -> str:
    """Its bounds as a stored date, in the simplest words that mean them; empty where it has none."""
    first, last = one.date_earliest, one.date_latest
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return f"../{last}" if last else f"{first}/.."
    whole = _whole(first, last)
    text = f"{whole}~" if whole and one.approximate else whole or f"{first}/{last}"
    try:
        return parse(text).text
    except BadDate:
        return ""


SEASONS = {3: 21, 6: 22, 9: 23, 12: 24}


def _whole(first: date, last: date) -> str:
    """A day, a month, a season or a year, where the two bounds are those of one."""
    if first == last:
        return first.isoformat()
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
        return ""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        return f"{first:%Y-%m}"
    if months == 12 and first.month == 1:
        return f"{first:%Y}"
    if months == 3 and first.month in SEASONS:
        return f"{first:%Y}-{SEASONS[first.month]}"
    return ""


def _sentence(text: str, one: Deadline) -> str:
    span = one.evidence
    said = _line(text[span.start : span.end] if span else text[one.start : one.end])
    if len(said) <= LONGEST_LINE:
        return said
    return said[: LONGEST_LINE - 2].rsplit(" ", 1)[0] + " …"


def _on(day: date) -> str:
    return in_words(day.isoformat())


def _line(text: str) -> str:
    return " ".join(text.split())


def _trimmed(fields: Fields) -> Fields:
    """Names no longer than their fields take."""
    most = {"person": 200, "organisation": 200, "area": 200, "measure": 200, "unit": 60, "role": 200}
    return {name: value[: most.get(name, len(value))] for name, value in fields.items()}
