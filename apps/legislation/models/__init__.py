"""The tables of milestones and of the bills they come from."""

from apps.legislation.models.bills import (
    Bill,
    BillLook,
    BillSponsor,
    DateConflict,
    Following,
    ProviderLook,
    Standing,
    Step,
    StepState,
)
from apps.legislation.models.milestones import (
    Break,
    Chamber,
    LedgerIsAppendOnly,
    Milestone,
    Outcome,
    SittingBreak,
    TargetDate,
)
from apps.legislation.models.sessions import SessionEnd

__all__ = [
    "Bill",
    "BillLook",
    "BillSponsor",
    "Break",
    "Chamber",
    "DateConflict",
    "Following",
    "LedgerIsAppendOnly",
    "Milestone",
    "Outcome",
    "ProviderLook",
    "SessionEnd",
    "SittingBreak",
    "Standing",
    "Step",
    "StepState",
    "TargetDate",
]
