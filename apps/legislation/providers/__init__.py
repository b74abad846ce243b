"""Where bills are told of, a file each behind one protocol (records.Provider)."""

from apps.legislation.providers.congress import Congress
from apps.legislation.providers.govuk import GovUk
from apps.legislation.providers.legiscan import LegiScan
from apps.legislation.providers.open_states import OpenStates
from apps.legislation.providers.records import Provider
from apps.legislation.providers.uk_bills import UkBills
from apps.legislation.providers.uk_questions import UkQuestions

ALL: tuple[Provider, ...] = (UkBills(), UkQuestions(), GovUk(), OpenStates(), Congress(), LegiScan())
PROVIDERS: dict[str, Provider] = {each.name: each for each in ALL}


def find_address(typed: str) -> tuple[Provider, str] | None:
    """Whose bill has its page at this address, and its id there."""
    for each in PROVIDERS.values():
        if external_id := each.read_address(typed):
            return each, external_id
    return None
