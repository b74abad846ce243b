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
from apps.legislation.models.hooks import BankHoliday, CalendarLook, Hook
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
    "BankHoliday",
    "Bill",
    "BillLook",
    "BillSponsor",
    "Break",
    "CalendarLook",
    "Chamber",
    "DateConflict",
    "Following",
    "Hook",
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
