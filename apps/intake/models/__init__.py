"""The tables of intake."""

from apps.intake.models.arriving import Band, Held, Sending
from apps.intake.models.imports import LEASE, MOST_TRIES, Format, Import, Imported, Row
from apps.intake.models.monitors import Hit, Monitor, MonitorFeed
from apps.intake.models.proposals import (
    BY_HAND,
    CLAIM_LASTS,
    Article,
    Decision,
    Draft,
    Pair,
    Photo,
    Proposal,
    ProposalQuerySet,
    Reading,
)

__all__ = [
    "BY_HAND",
    "CLAIM_LASTS",
    "LEASE",
    "MOST_TRIES",
    "Article",
    "Band",
    "Decision",
    "Draft",
    "Format",
    "Held",
    "Hit",
    "Import",
    "Imported",
    "Monitor",
    "MonitorFeed",
    "Pair",
    "Photo",
    "Proposal",
    "ProposalQuerySet",
    "Reading",
    "Row",
    "Sending",
]
