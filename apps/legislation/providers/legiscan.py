"""LegiScan, which tells of bills of the states of the USA and of the Congress. It needs a key, and counts
what is asked with it, so each bill's turn comes four times a day.

Its pages do not say a bill's id but its state, number and year; those find it. What has happened has no ids:
a day, a chamber and its words make one, counted where they recur. Hearings to come are in a calendar.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.legislation.models import Standing
from apps.legislation.providers.asking import Asker, NotThere, Params, Trouble, one_by_one
from apps.legislation.providers.reading import (
    day,
    host_and_path,
    key,
    parts,
    text,
    things,
    web_address,
    whole,
)
from apps.legislation.providers.records import (
    BECAME_LAW,
    Actions,
    Chamber,
    Changes,
    Found,
    ProviderAction,
    ProviderBill,
    ProviderSponsor,
    Sitting,
)

ZONE = "America/New_York"
HOME = "https://legiscan.com/"
MOST_FOUND = 20
CHAMBERS = {"H": Chamber.LOWER, "A": Chamber.LOWER, "S": Chamber.UPPER}
WHERE = {"H": "House", "A": "Assembly", "S": "Senate"}
STAGES = {1: "Introduced", 2: "Engrossed", 3: "Enrolled", 4: "Passed", 5: "Vetoed", 6: "Failed"}
FAILED, CHAPTERED = (5, 6), 8
"""That it passed does not make it law, which a resolution never is; being made a chapter of the law does."""

_PAGE = re.compile(r"/([A-Z]{2})/(?:bill|text|research|votes|sponsors)/([A-Z0-9]{1,15})/([0-9]{4})(?:/.*)?")
_NAMED = re.compile(r"([A-Z]{2})/([A-Z0-9]{1,15})/([0-9]{4})")


class LegiScan:
    name = "legiscan"
    title = "LegiScan"
    clock = ZoneInfo(ZONE)
    most_at_once = 1
    noun = "bill"
    every = timedelta(hours=6)

    def off(self) -> str:
        if not settings.LEGISCAN_API:
            return "It is turned off: LEGISCAN_API is empty."
        return "" if settings.LEGISCAN_API_KEY else "It is off: it needs a key, LEGISCAN_API_KEY."

    def base(self) -> str:
        return str(settings.LEGISCAN_API)

    def headers(self) -> Mapping[str, str]:
        return {}

    def read_address(self, typed: str) -> str:
        host, path = host_and_path(typed)
        match = _PAGE.fullmatch(path) if host == "legiscan.com" else None
        return "/".join(match.groups()) if match else ""

    def address_of(self, external_id: str) -> str:
        """Until the bill was read, only what its id tells."""
        match = _NAMED.fullmatch(external_id)
        return f"{HOME}{match[1]}/bill/{match[2]}/{match[3]}" if match else HOME

    def search(self, ask: Asker, words: str) -> Found:
        page = self._ask(ask, "getSearch", [("state", "ALL"), ("query", words)], "searchresult")
        results = [parts(item) for name, item in page.items() if name != "summary"]
        found = [_result(item) for item in results[:MOST_FOUND]]
        bills = tuple(bill for bill in found if bill is not None)
        lost = len(found) - len(bills)
        troubles = (f"{lost} of the bills found could not be read.",) if lost else ()
        return Found(bills, whole(parts(page.get("summary")).get("count")) > len(found), troubles)

    def get_bill(self, ask: Asker, external_id: str) -> ProviderBill:
        """Of the id, or of what an address tells; what comes back has the id. Raises Trouble where it is not
        that bill."""
        told = self._bill(ask, external_id)
        title, number = text(told.get("title"), 150), text(told.get("bill_number"), 20)
        status = whole(told.get("status"))
        return ProviderBill(
            provider=self.name,
            external_id=key(told.get("bill_id")),
            title=", ".join(filter(None, (title, f"{text(told.get('state'), 20)} {number}".strip()))),
            address=web_address(told.get("url"))[:300] or self.address_of(external_id),
            token=_token(told),
            stage=STAGES.get(status, ""),
            where=WHERE.get(text(told.get("current_body"), 5), ""),
            session=text(parts(told.get("session")).get("session_title"), 60),
            standing=_standing(told, status),
            sponsors=tuple(_sponsors(told)),
            troubles=() if title else ("It has no title that could be read.",),
        )

    def list_actions(self, ask: Asker, external_id: str) -> Actions:
        told = self._bill(ask, external_id)
        if not isinstance(told.get("history"), list):
            return Actions((), False, (f"{ask.host} told of no actions.",))
        reading = _Reading(external_id, web_address(told.get("state_link"))[:300] or HOME)
        became_law = _law_days(told)
        for item in things(told.get("history")):
            reading.happened(parts(item))
        for item in things(told.get("calendar")):
            reading.is_to_come(parts(item))
        reading.law(became_law)
        troubles = (f"{reading.lost} of its actions could not be read.",) if reading.lost else ()
        return Actions(tuple(reading.actions), not reading.lost, troubles)

    def changed_since(self, ask: Asker, tokens: Mapping[str, str]) -> Changes:
        return one_by_one(tokens, lambda external_id: _token(self._bill(ask, external_id)))

    def _bill(self, ask: Asker, external_id: str) -> Mapping[str, Any]:
        number = external_id if external_id.isdecimal() else self._number(ask, external_id)
        told = self._ask(ask, "getBill", [("id", number)], "bill")
        if key(told.get("bill_id")) != number:
            raise Trouble(f"{ask.host} answered with something that is not bill {external_id}.")
        return told

    def _number(self, ask: Asker, named: str) -> str:
        """The id of the bill that an address names."""
        match = _NAMED.fullmatch(named)
        if match is None:
            raise NotThere(f"{named} is no bill.")
        page = self._ask(ask, "getSearch", [("state", match[1]), ("bill", match[2])], "searchresult")
        for item in (parts(item) for name, item in page.items() if name != "summary"):
            if self.read_address(text(item.get("url"), 300)) == named and (
                number := key(item.get("bill_id"))
            ):
                return number
        raise NotThere(f"{ask.host} knows no bill {named}.")

    def _ask(self, ask: Asker, operation: str, asked: Params, part: str) -> Mapping[str, Any]:
        told = parts(ask.json("/", [("key", settings.LEGISCAN_API_KEY), ("op", operation), *asked]))
        if text(told.get("status"), 10) == "ERROR":
            said = text(parts(told.get("alert")).get("message"), 200).replace(settings.LEGISCAN_API_KEY, "…")
            raise Trouble(f"{ask.host} refused to answer. It says: {said or 'nothing more'}")
        if not parts(told.get(part)):
            raise Trouble(f"{ask.host} answered with something that is not what was asked for.")
        return parts(told.get(part))


def _result(told: Mapping[str, Any]) -> ProviderBill | None:
    number = key(told.get("bill_id"))
    title = text(told.get("title"), 150)
    if not number.isdecimal() or not title:
        return None
    named = f"{text(told.get('state'), 20)} {text(told.get('bill_number'), 20)}".strip()
    return ProviderBill(
        provider=LegiScan.name,
        external_id=number,
        title=", ".join(filter(None, (title, named))),
        address=web_address(told.get("url"))[:300] or HOME,
        stage=text(told.get("last_action"), 150),
    )


def _token(told: Mapping[str, Any]) -> str:
    return text(told.get("change_hash"), 60) or "no mark"


def _standing(told: Mapping[str, Any], status: int) -> Standing:
    if _law_days(told):
        return Standing.LAW
    return Standing.DEFEATED if status in FAILED else Standing.OPEN


def _law_days(told: Mapping[str, Any]) -> list[Any]:
    """The days on which it says that the bill was made a chapter of the law."""
    steps = [parts(item) for item in things(told.get("progress"))]
    return [step.get("date") for step in steps if whole(step.get("event")) == CHAPTERED]


def _sponsors(told: Mapping[str, Any]) -> Iterator[ProviderSponsor]:
    for item in map(parts, things(told.get("sponsors"))):
        if name := text(item.get("name"), 200):
            role, district = text(item.get("role"), 40), text(item.get("district"), 40)
            seat = " ".join(filter(None, (role, f"for {district}" if role and district else "")))
            yield ProviderSponsor(
                external_id=key(item.get("people_id")) or text(f"named {name}", 60), person=name, seat=seat
            )


class _Reading:
    """Reads what happened and what is to come of one bill."""

    def __init__(self, bill: str, address: str) -> None:
        self.bill, self.address = bill, address
        self.actions: list[ProviderAction] = []
        self.lost = 0
        self.seen: Counter[str] = Counter()

    def happened(self, told: Mapping[str, Any]) -> None:
        where = WHERE.get(text(told.get("chamber"), 5), "")
        chamber = CHAMBERS.get(text(told.get("chamber"), 5), Chamber.NONE)
        self._add(told.get("date"), text(told.get("action"), 150), where, chamber, Sitting.HAPPENED)

    def is_to_come(self, told: Mapping[str, Any]) -> None:
        """A hearing; whether it was held, the calendar says once it is over."""
        said = " ".join(filter(None, (text(told.get("type"), 40), text(told.get("description"), 100))))
        self._add(told.get("date"), said, text(told.get("location"), 40), Chamber.NONE, Sitting.SCHEDULED)

    def law(self, days: list[Any]) -> None:
        for said in days[:1]:
            self._add(said, "Became law", "", Chamber.EXECUTIVE, Sitting.HAPPENED, (BECAME_LAW,))

    def _add(
        self,
        said: Any,
        words: str,
        where: str,
        chamber: Chamber,
        state: Sitting,
        classification: tuple[str, ...] = (),
    ) -> None:
        on = day(said, ZONE)
        if not words or on is None:
            self.lost += 1
            return
        name = f"{on} {where} {words}"
        self.seen[name] += 1
        digest = hashlib.sha256(f"{name} {self.seen[name]}".encode()).hexdigest()[:32]
        self.actions.append(
            ProviderAction(
                external_id=f"action {digest}",
                bill_external_id=self.bill,
                stage=words,
                chamber=chamber,
                where=where,
                house="",
                day=on,
                order=len(self.actions) + 1,
                state=state,
                address=self.address,
                classification=classification,
            )
        )
