"""The Bills API of the UK Parliament. It has no key. Days have no zone: they are London's.

A stage has its own id, another for its sort (`stageId`, which recurs: a bill may have two report stages), and
sittings with ids of their own. Sittings are what is kept; a stage without any stands for itself.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.legislation.models import Standing
from apps.legislation.providers.asking import Asker, Pages, Params, Trouble
from apps.legislation.providers.reading import (
    day,
    host_and_path,
    key,
    moment,
    parts,
    text,
    things,
    web_address,
    whole,
)
from apps.legislation.providers.records import (
    BECAME_LAW,
    OFTEN,
    Actions,
    Chamber,
    Changes,
    Found,
    ProviderAction,
    ProviderBill,
    ProviderSponsor,
)

ZONE = "Europe/London"
ROYAL_ASSENT = "11"
MOST_AT_ONCE = 80
"""Bills asked about in one request: so many ids fit into an address."""
MOST_FOUND = 20
STAGES_A_PAGE = 100
CHAMBERS = {"Commons": Chamber.LOWER, "Lords": Chamber.UPPER}
HOUSES = {"Commons": "House of Commons", "Lords": "House of Lords"}
CLASSES = {
    "1": ("introduction", "reading-1"),
    "6": ("introduction", "reading-1"),
    "2": ("reading-2",),
    "7": ("reading-2",),
    "5": ("reading-3",),
    "10": ("reading-3",),
    "3": ("committee-stage",),
    "8": ("committee-stage",),
    "4": ("report-stage",),
    "9": ("report-stage",),
    "12": ("ping-pong",),
    "13": ("ping-pong",),
    "18": ("carry-over",),
    ROYAL_ASSENT: (BECAME_LAW,),
}
"""By stageId. Of one that is not here only its name is known, and that is enough."""

_PAGE = re.compile(r"/bills/([0-9]{1,9})(?:/.*)?")
_API = re.compile(r"/api/v1/[Bb]ills/([0-9]{1,9})(?:/.*)?")


class UkBills:
    name = "uk-bills"
    title = "UK Parliament"
    clock = ZoneInfo(ZONE)
    most_at_once = MOST_AT_ONCE
    noun = "bill"
    every = OFTEN

    def off(self) -> str:
        return "" if settings.UK_BILLS_API else "It is turned off: UK_BILLS_API is empty."

    def base(self) -> str:
        return str(settings.UK_BILLS_API)

    def headers(self) -> Mapping[str, str]:
        return {}

    def read_address(self, typed: str) -> str:
        """Of the page for readers or of the data: any page below the bill's will do."""
        host, path = host_and_path(typed)
        for base, pattern in ((settings.UK_BILLS_PAGES, _PAGE), (settings.UK_BILLS_API, _API)):
            match = pattern.fullmatch(path)
            if match and host == (urlsplit(base).hostname or ""):
                return str(int(match[1]))
        return ""

    def address_of(self, external_id: str) -> str:
        return f"{settings.UK_BILLS_PAGES.rstrip('/')}/bills/{external_id}"

    def search(self, ask: Asker, words: str) -> Found:
        asked: Params = [("SearchTerm", words), ("SortOrder", "DateUpdatedDescending"), ("Take", MOST_FOUND)]
        page = parts(ask.json("/api/v1/Bills", asked))
        bills = [self._bill(item) for item in things(page.get("items"))]
        read = tuple(bill for bill in bills if bill is not None)
        lost = len(bills) - len(read)
        troubles = (f"{lost} of the bills found could not be read.",) if lost else ()
        return Found(read, whole(page.get("totalResults")) > len(bills), troubles)

    def get_bill(self, ask: Asker, external_id: str) -> ProviderBill:
        """Raises Trouble where what comes back is not that bill."""
        found = self._bill(ask.json(f"/api/v1/Bills/{external_id}"))
        if found is None or found.external_id != external_id:
            raise Trouble(f"{ask.host} answered with something that is not bill {external_id}.")
        return found

    def list_actions(self, ask: Asker, external_id: str) -> Actions:
        pages = Pages(ask, f"/api/v1/Bills/{external_id}/Stages", take=STAGES_A_PAGE)
        reading = _Stages(external_id, self.address_of(external_id))
        for number, stage in enumerate(pages, start=1):
            reading.add(parts(stage), number)
        troubles = [*reading.troubles, *([pages.trouble] if pages.trouble else [])]
        return Actions(tuple(reading.actions.values()), pages.whole and not reading.lost, tuple(troubles))

    def changed_since(self, ask: Asker, tokens: Mapping[str, str]) -> Changes:
        ids: Params = [("BillIds", external_id) for external_id in tokens]
        pages = Pages(ask, "/api/v1/Bills", [*ids, ("SortOrder", "DateUpdatedDescending")], take=MOST_AT_ONCE)
        now = {key(parts(item).get("billId")): _token(parts(item)) for item in pages}
        changed = {of: now[of] for of, token in tokens.items() if of in now and now[of] != token}
        unchanged = tuple(of for of, token in tokens.items() if now.get(of) == token)
        missing = tuple(of for of in tokens if of not in now) if pages.whole else ()
        return Changes(changed, unchanged, missing, (pages.trouble,) if pages.trouble else ())

    def _bill(self, item: Any) -> ProviderBill | None:
        """The bill that is told of, as far as it can be read; None where it says not even which."""
        told = parts(item)
        external_id = key(told.get("billId"))
        if not external_id.isdecimal():
            return None
        stage = parts(told.get("currentStage"))
        title = text(told.get("shortTitle"), 200)
        updated = moment(told.get("lastUpdate"), ZONE)
        troubles = [] if title else ["It has no title that could be read."]
        if told.get("lastUpdate") is not None and updated is None:
            troubles.append("When it was last changed could not be read.")
        return ProviderBill(
            provider=self.name,
            external_id=external_id,
            title=title,
            address=self.address_of(external_id),
            token=_token(told),
            stage=text(stage.get("description"), 150),
            where=_house(stage.get("house") or told.get("currentHouse")),
            session=key(stage.get("sessionId") or told.get("introducedSessionId")),
            standing=_standing(told),
            updated=updated,
            sponsors=tuple(_sponsors(told)),
            troubles=tuple(troubles),
        )


def _token(told: Mapping[str, Any]) -> str:
    """What differs once the bill changed: when that was, or where it does not say, all that it says."""
    said = text(told.get("lastUpdate"), 60)
    if said:
        return said
    return "sha256:" + hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _standing(told: Mapping[str, Any]) -> Standing:
    if told.get("isAct") is True:
        return Standing.LAW
    if told.get("billWithdrawn"):  # a day where there is one
        return Standing.WITHDRAWN
    return Standing.DEFEATED if told.get("isDefeated") is True else Standing.OPEN


def _house(value: Any) -> str:
    """The house in short; "" for those that are no house, as when a bill is law."""
    said = text(value, 40)
    return "" if said in ("Unassigned", "All") else said


def _sponsors(told: Mapping[str, Any]) -> Iterator[ProviderSponsor]:
    for item in things(told.get("sponsors")):
        member, body = parts(parts(item).get("member")), parts(parts(item).get("organisation"))
        person, organisation = text(member.get("name"), 200), text(body.get("name"), 200)
        external_id = key(member.get("memberId")) or text(f"named {person or organisation}", 60)
        if person or organisation:
            yield ProviderSponsor(
                external_id=external_id,
                person=person,
                address=web_address(member.get("memberPage")),
                seat=seat_of(member, text(member.get("house"), 80)) if person else "",
                house=HOUSES.get(text(member.get("house")), ""),
                organisation=organisation,
                organisation_address=web_address(body.get("url")),
            )


def seat_of(member: Mapping[str, Any], house: str) -> str:
    """ "MP for Chippenham (Conservative)"; "" for a house that is not known."""
    seat, party = text(member.get("memberFrom"), 80), text(member.get("party"), 80)
    if house == "Lords":
        return f"Member of the House of Lords{f' ({party})' if party else ''}"
    if house != "Commons":
        return ""
    return f"MP{f' for {seat}' if seat else ''}{f' ({party})' if party else ''}"


class _Stages:
    """Reads stages one by one; `lost` once something was there that could not be told from what we have."""

    def __init__(self, bill: str, address: str) -> None:
        self.bill, self.address = bill, address
        self.actions: dict[str, ProviderAction] = {}
        self.troubles: list[str] = []
        self.lost = False

    def add(self, stage: Mapping[str, Any], number: int) -> None:
        external_id = key(stage.get("id"))
        name = text(stage.get("description"), 150)
        if not (external_id or name):
            self.lost = True
            self.troubles.append("A stage could not be read.")
            return
        sort = key(stage.get("stageId"))
        where = _house(stage.get("house"))
        shared: dict[str, Any] = {
            "bill_external_id": self.bill,
            "stage": name or f"Stage {external_id}",
            "chamber": CHAMBERS.get(where, Chamber.NONE),
            "where": where,
            "house": HOUSES.get(where, ""),
            "order": whole(stage.get("sortOrder"), number),
            "address": f"{self.address}/stages/{external_id}" if external_id else self.address,
            "classification": _classes(sort, name),
        }
        sittings = things(stage.get("stageSittings"))
        for sitting in sittings:
            self._add_sitting(parts(sitting), external_id or name, shared)
        if not sittings:
            self._keep(f"stage {external_id or name}"[:60], None, shared, is_sitting=False)

    def _add_sitting(self, sitting: Mapping[str, Any], stage: str, shared: dict[str, Any]) -> None:
        on, external_id = day(sitting.get("date"), ZONE), key(sitting.get("id"))
        if on is None and not external_id:
            self.lost = True
            self.troubles.append(f"A day of {shared['stage']} could not be read.")
            return
        if on is None and sitting.get("date") is not None:
            self.troubles.append(
                f"The day of a sitting of {shared['stage']} could not be read (sitting {external_id})."
            )
        name = f"sitting {external_id}" if external_id else f"{stage[:40]} on {on}"
        self._keep(name, on, shared, is_sitting=True)

    def _keep(self, external_id: str, on: Any, shared: dict[str, Any], *, is_sitting: bool) -> None:
        known = self.actions.get(external_id)
        if known and known.day != on and known.day and on:
            self.troubles.append(
                f"A sitting of {shared['stage']} is listed twice with different days: "
                f"{known.day} is taken, not {on}."
            )
        if known is None or known.day is None:
            self.actions[external_id] = ProviderAction(
                external_id=external_id, day=on, is_sitting=is_sitting, **shared
            )


def _classes(sort: str, name: str) -> tuple[str, ...]:
    if name.casefold() == "royal assent":
        return CLASSES[ROYAL_ASSENT]
    return CLASSES.get(sort, ())
