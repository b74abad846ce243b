"""Which milestones a date that was found may be news of: those its sentence shares telling words with."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.campaigns.access import Access
from apps.dates import BadDate, in_words, read
from apps.desk import visible
from apps.intake.models import Proposal
from apps.legislation.models import Outcome
from apps.timeline.models import Entry, Kind, State
from apps.words import tokens

MOST_OPEN = 300
MOST_OFFERED = 3
LEAST_SHARED = 2
SHORTEST = 4
"""Letters of a word that says what a headline is about."""
COMMON = frozenset(
    [
        "about",
        "after",
        "autumn",
        "before",
        "book",
        "could",
        "date",
        "days",
        "deadline",
        "during",
        "early",
        "ends",
        "first",
        "from",
        "government",
        "have",
        "into",
        "later",
        "made",
        "make",
        "minister",
        "ministers",
        "month",
        "months",
        "must",
        "next",
        "only",
        "over",
        "publish",
        "published",
        "said",
        "says",
        "should",
        "spring",
        "summer",
        "that",
        "their",
        "then",
        "there",
        "they",
        "this",
        "until",
        "when",
        "which",
        "will",
        "winter",
        "with",
        "within",
        "would",
        "year",
        "years",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
"""Words that a headline shares with half of all sentences on dates."""


@dataclass(frozen=True)
class Near:
    """A milestone that may be meant: `label` names it in a field, `target` says its date as it stands."""

    label: str
    headline: str
    target: str
    same: bool


def open_milestones(access: Access) -> list[Entry]:
    """Those whose date may still move, the next due first."""
    rows = visible.entries(access).filter(
        kind=Kind.MILESTONE, state=State.PUBLISHED, milestone__outcome=Outcome.UPCOMING
    )
    return list(rows.order_by("latest", "pk")[:MOST_OPEN])


def near(row: Proposal, milestones: Sequence[Entry]) -> list[Near]:
    """Those that the proposed milestone's headline is like, the likest first."""
    wanted = _telling(str(row.fields.get("headline", "")))
    scored = [(_likeness(wanted, entry), entry) for entry in milestones]
    likely = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].pk))
    to = _edtf(str(row.fields.get("date", "")))
    return [
        Near(f"{entry.headline} [{entry.pk}]", entry.headline, in_words(entry.date), entry.date == to)
        for _, entry in likely[:MOST_OFFERED]
    ]


def _likeness(wanted: frozenset[str], entry: Entry) -> float:
    """The share of the headline's telling words that stand in the sentence; 0 where it is too little."""
    own = _telling(entry.headline)
    shared = own & wanted
    enough = len(shared) >= min(LEAST_SHARED, len(own)) and 2 * len(shared) >= len(own)
    return len(shared) / len(own) if shared and enough else 0.0


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in tokens(text) if len(word) >= SHORTEST and word not in COMMON)


def _edtf(typed: str) -> str:
    try:
        return read(typed).text if typed else ""
    except BadDate:
        return ""
