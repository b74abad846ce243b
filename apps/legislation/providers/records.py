"""What a provider returns, in one shape for all: plain records that know no tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from apps.legislation.models import Standing

if TYPE_CHECKING:
    from apps.legislation.providers.asking import Asker


class Chamber(StrEnum):
    """Where something happens, in words that fit any parliament."""

    UPPER = "upper"
    LOWER = "lower"
    JOINT = "joint"
    EXECUTIVE = "executive"
    NONE = "none"


class Sitting(StrEnum):
    """What a provider says of a day: that it is to come or came, or that it is called off. Where it does not
    tell the first two apart it says SCHEDULED, and the calendar does."""

    SCHEDULED = "scheduled"
    HAPPENED = "happened"
    CANCELLED = "cancelled"


OFTEN = timedelta(minutes=15)
"""How often a provider is asked that is asked about many at once, or that does not mind."""

BECAME_LAW = "became-law"
"""Of Open Civic Data's classifications, the one that is acted on."""


@dataclass(frozen=True, kw_only=True)
class ProviderSponsor:
    """Who brings a bill in: a person, an organisation, or a person for one. `seat` is the post that goes
    with being in parliament, such as "MP for Chippenham (Conservative)"."""

    external_id: str
    person: str = ""
    address: str = ""
    seat: str = ""
    house: str = ""
    organisation: str = ""
    organisation_address: str = ""


@dataclass(frozen=True, kw_only=True)
class ProviderBill:
    """A bill. `token` is opaque and differs once the provider changed anything; `stage` and `where` are
    words; `troubles` say what of it could not be read."""

    provider: str
    external_id: str
    title: str
    address: str
    token: str = ""
    stage: str = ""
    where: str = ""
    session: str = ""
    standing: Standing = Standing.OPEN
    updated: datetime | None = None
    sponsors: tuple[ProviderSponsor, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProviderAction:
    """A day of a stage, or a stage that has no day yet. `where` is short, `house` the body's whole name.

    `held` is the day it happened where that is another than the day it was to happen on, as with an answer
    that comes late. `waits`: that its day is over says nothing; it has happened once the provider says so.
    """

    external_id: str
    bill_external_id: str
    stage: str
    chamber: Chamber
    where: str
    house: str
    day: date | None
    order: int
    state: Sitting = Sitting.SCHEDULED
    address: str = ""
    classification: tuple[str, ...] = ()
    is_sitting: bool = True
    """False for a stage that merely has no day yet."""
    held: date | None = None
    waits: bool = False


@dataclass(frozen=True)
class Found:
    """What a search found; `more` where there is more than it shows."""

    bills: tuple[ProviderBill, ...]
    more: bool = False
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Actions:
    """The days and stages of a bill. Not `whole`: some could not be read, so none that is missing is gone."""

    actions: tuple[ProviderAction, ...]
    whole: bool = True
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """Of the bills asked about: which changed, by id, with the new token; which did not; which the provider
    no longer lists; which were `left` unasked. What is in none of the four could not be told."""

    changed: Mapping[str, str]
    unchanged: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Provider(Protocol):
    """A place that tells of bills. Each is a file beside this one."""

    name: str
    title: str
    """As readers know it: "UK Parliament"."""
    clock: ZoneInfo
    """Whose calendar its days are of."""
    most_at_once: int
    """Bills that `changed_since` may be asked about in one go."""
    noun: str
    """What it tells of: "bill", "consultation"."""
    every: timedelta
    """How often a bill's turn comes."""

    def off(self) -> str:
        """Why it cannot be used, in a sentence; "" where it can."""

    def base(self) -> str:
        """The address that all its requests begin with."""

    def headers(self) -> Mapping[str, str]:
        """What goes along with each request, such as a key."""

    def read_address(self, typed: str) -> str:
        """The id of the bill whose page has this address; "" where it is none of this provider's."""

    def address_of(self, external_id: str) -> str:
        """The page of a bill, for readers."""

    def search(self, ask: "Asker", words: str) -> Found: ...

    def get_bill(self, ask: "Asker", external_id: str) -> ProviderBill: ...

    def list_actions(self, ask: "Asker", external_id: str) -> Actions: ...

    def changed_since(self, ask: "Asker", tokens: Mapping[str, str]) -> Changes:
        """Of these bills, at most `most_at_once` by id and token, those that are not as they were."""
