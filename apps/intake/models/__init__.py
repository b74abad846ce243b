"""The tables of intake."""

from apps.intake.models.imports import LEASE, MOST_TRIES, Format, Import, Imported, Row
from apps.intake.models.proposals import (
    CLAIM_LASTS,
    Article,
    Decision,
    Proposal,
    ProposalQuerySet,
    Reading,
)

__all__ = [
    "CLAIM_LASTS",
    "LEASE",
    "MOST_TRIES",
    "Article",
    "Decision",
    "Format",
    "Import",
    "Imported",
    "Proposal",
    "ProposalQuerySet",
    "Reading",
    "Row",
]
