"""Open States: the legislatures of the states of the USA. It needs a key, which goes along as a header."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.legislation.models import Standing
from apps.legislation.providers.asking import Asker, Trouble, one_by_one
from apps.legislation.providers.reading import day, key, moment, parts, text, things, web_address, whole
from apps.legislation.providers.records import (
    BECAME_LAW,
    OFTEN,
    Actions,
    Chamber,
    Changes,
    Found,
    ProviderAction,
    ProviderBill,
)

ZONE = "America/New_York"
MOST_FOUND = 20
CHAMBERS = {"upper": Chamber.UPPER, "lower": Chamber.LOWER, "legislature": Chamber.JOINT}
HOME = "https://openstates.org/"


class OpenStates:
    name = "open-states"
    title = "Open States"
    clock = ZoneInfo(ZONE)
    most_at_once = 1
    noun = "bill"
    every = OFTEN

    def off(self) -> str:
        if not settings.OPEN_STATES_API:
            return "It is turned off: OPEN_STATES_API is empty."
        return "" if settings.OPEN_STATES_API_KEY else "It is off: it needs a key, OPEN_STATES_API_KEY."

    def base(self) -> str:
        return str(settings.OPEN_STATES_API)

    def headers(self) -> Mapping[str, str]:
        return {"X-API-KEY": settings.OPEN_STATES_API_KEY}

    def read_address(self, typed: str) -> str:
        """Its pages do not say the id: bills are found by words."""
        return ""

    def address_of(self, external_id: str) -> str:
        """Until the bill was read, only where it is to be found."""
        return HOME

    def search(self, ask: Asker, words: str) -> Found:
        page = parts(ask.json("/bills", [("q", words), ("sort", "updated_desc"), ("per_page", MOST_FOUND)]))
        found = [self._read(parts(item)) for item in things(page.get("results"))]
        bills = tuple(bill for bill in found if bill is not None)
        total = whole(parts(page.get("pagination")).get("total_items"))
        lost = len(found) - len(bills)
        troubles = (f"{lost} of the bills found could not be read.",) if lost else ()
        return Found(bills, total > len(found), troubles)

    def get_bill(self, ask: Asker, external_id: str) -> ProviderBill:
        """Raises Trouble where what comes back is not that bill."""
        found = self._read(self._told(ask, external_id))
        if found is None or found.external_id != external_id:
            raise Trouble(f"{ask.host} answered with something that is not bill {external_id}.")
        return found

    def list_actions(self, ask: Asker, external_id: str) -> Actions:
        told = self._told(ask, external_id)
        items = told.get("actions")
        if not isinstance(items, list):
            return Actions((), False, (f"{ask.host} told of no actions.",))
        address = web_address(told.get("openstates_url"))[:300] or HOME
        read = [
            _action(parts(item), external_id, order, address) for order, item in enumerate(items, start=1)
        ]
        actions = {action.external_id: action for action in read if action is not None}
        lost = read.count(None)
        troubles = (f"{lost} of its actions could not be read.",) if lost else ()
        return Actions(tuple(actions.values()), not lost, troubles)

    def changed_since(self, ask: Asker, tokens: Mapping[str, str]) -> Changes:
        return one_by_one(tokens, lambda external_id: self.get_bill(ask, external_id).token)

    def _told(self, ask: Asker, external_id: str) -> Mapping[str, Any]:
        return parts(ask.json(f"/bills/{external_id}", [("include", "actions")]))

    def _read(self, told: Mapping[str, Any]) -> ProviderBill | None:
        external_id = key(told.get("id"))
        if not external_id.startswith("ocd-bill/"):
            return None
        number, title = text(told.get("identifier"), 40), text(told.get("title"), 150)
        state = text(parts(told.get("jurisdiction")).get("name"), 40)
        return ProviderBill(
            provider=self.name,
            external_id=external_id,
            title=", ".join(part for part in (title, f"{state} {number}".strip()) if part),
            address=web_address(told.get("openstates_url"))[:300] or HOME,
            token=text(told.get("updated_at"), 60) or "no date",
            stage=text(told.get("latest_action_description"), 150),
            session=key(told.get("session")),
            standing=Standing.LAW if _is_law(told) else Standing.OPEN,
            updated=moment(told.get("updated_at"), "UTC"),
        )


def _is_law(told: Mapping[str, Any]) -> bool:
    """Told only where its actions come along."""
    return any(
        BECAME_LAW in things(parts(item).get("classification")) for item in things(told.get("actions"))
    )


def _action(told: Mapping[str, Any], bill: str, order: int, address: str) -> ProviderAction | None:
    external_id, words = key(told.get("id")), text(told.get("description"), 150)
    on = day(told.get("date"), ZONE)
    if not (external_id and words) or on is None:
        return None
    body = parts(told.get("organization"))
    return ProviderAction(
        external_id=external_id,
        bill_external_id=bill,
        stage=words,
        chamber=CHAMBERS.get(text(body.get("classification")), Chamber.NONE),
        where=text(body.get("name"), 40),
        house="",
        day=on,
        order=whole(told.get("order"), order),
        address=address,
        classification=tuple(text(each, 40) for each in things(told.get("classification"))),
    )
