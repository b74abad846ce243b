"""What extraction proposes. Offsets are those of Python strings, into the text exactly as it was given."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that somebody said or wrote, without the outer marks.

    `parts` are the stretches of a quote that is interrupted, otherwise empty. `rule` says how the speaker was
    found, `evidence` where. `confidence` runs from 0 to 1.
    """

    start: int
    end: int
    speaker: str | None
    role: str | None
    organisation: str | None
    rule: str
    confidence: float
    parts: tuple[Span, ...] = ()
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A few words in quotation marks: a scare quote, a title, a phrase taken out of a speech."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a figure is held against. `relation` is "from", "to" or "change"; offsets are those of the other
    figure."""

    relation: str
    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True)
class SumCheck:
    """Whether a stated change is that of its two figures; `verdict` is "consistent", "inconsistent",
    "different basis" or "not checkable"."""

    verdict: str
    working: str
    because: str


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure. `unit` is "%", "percentage points", a currency sign, "ratio", "times", or what is counted."""

    start: int
    end: int
    value: float
    unit: str
    rule: str
    confidence: float
    measure: str | None = None
    area: str | None = None
    period: str | None = None
    hedge: str | None = None
    source: str | None = None
    comparison: Comparison | None = None
    check: SumCheck | None = None
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time that something is promised or due. `kind` is "deadline", "milestone", "window" or "elapsed".

    Without a publication date what depends on it has no dates, and `needs_published` is true.
    """

    start: int
    end: int
    date_earliest: date | None
    date_latest: date | None
    kind: str
    rule: str
    confidence: float
    approximate: bool = False
    needs_published: bool = False
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found, each list in the order of the text. `published` is the day that relative dates were
    counted from: as given, or read from a dateline."""

    published: date | None
    quotes: list[Quote] = field(default_factory=list)
    fragments: list[Fragment] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
