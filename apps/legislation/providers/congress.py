"""The API of the United States Congress. It needs a key, and tells of what has happened, not of what comes.

It cannot search by words, so a bill is followed by the address of its page. Actions have no ids: a day and
its words make one, and what is told twice is one.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.legislation.models import Standing
from apps.legislation.providers.asking import Asker, NotThere, Pages, Params, Shape, Trouble, one_by_one
from apps.legislation.providers.reading import day, host_and_path, key, moment, parts, text, things, whole
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
    Sitting,
)

ZONE = "America/New_York"
SORTS = {
    "house-bill": "hr",
    "senate-bill": "s",
    "house-joint-resolution": "hjres",
    "senate-joint-resolution": "sjres",
    "house-concurrent-resolution": "hconres",
    "senate-concurrent-resolution": "sconres",
    "house-resolution": "hres",
    "senate-resolution": "sres",
}
"""What the pages for readers call each sort of bill, and what the API does."""
CHAMBERS = {"House": Chamber.LOWER, "Senate": Chamber.UPPER}
HOUSES = {"House": "House of Representatives", "Senate": "United States Senate"}
SHAPE = Shape(skip="offset", take="limit", items="actions", total=("pagination", "count"))
ACTIONS_A_PAGE = 250

_PAGE = re.compile(r"/bill/([0-9]{1,3})(?:st|nd|rd|th)-congress/([a-z-]+)/([0-9]{1,5})(?:/.*)?")
_ID = re.compile(r"([0-9]{1,3})/([a-z]+)/([0-9]{1,5})")


class Congress:
    name = "congress"
    title = "US Congress"
    clock = ZoneInfo(ZONE)
    most_at_once = 1
    noun = "bill"
    every = OFTEN

    def off(self) -> str:
        if not settings.CONGRESS_API:
            return "It is turned off: CONGRESS_API is empty."
        return "" if settings.CONGRESS_API_KEY else "It is off: it needs a key, CONGRESS_API_KEY."

    def base(self) -> str:
        return str(settings.CONGRESS_API)

    def headers(self) -> Mapping[str, str]:
        return {}

    def read_address(self, typed: str) -> str:
        host, path = host_and_path(typed)
        match = _PAGE.fullmatch(path) if host == "congress.gov" else None
        if match is None or match[2] not in SORTS:
            return ""
        return f"{int(match[1])}/{SORTS[match[2]]}/{int(match[3])}"

    def address_of(self, external_id: str) -> str:
        match = _ID.fullmatch(external_id)
        words = {short: long for long, short in SORTS.items()}.get(match[2]) if match else None
        if match is None or words is None:
            return "https://www.congress.gov/"
        return f"https://www.congress.gov/bill/{ordinal(int(match[1]))}-congress/{words}/{match[3]}"

    def search(self, ask: Asker, words: str) -> Found:
        return Found(())

    def get_bill(self, ask: Asker, external_id: str) -> ProviderBill:
        """Raises Trouble where what comes back is not that bill."""
        told = self._bill(ask, external_id)
        title, latest = text(told.get("title"), 200), parts(told.get("latestAction"))
        return ProviderBill(
            provider=self.name,
            external_id=external_id,
            title=title,
            address=self.address_of(external_id),
            token=_token(told),
            stage=text(latest.get("text"), 150),
            where="",
            session=key(told.get("congress")),
            standing=Standing.LAW if things(told.get("laws")) else Standing.OPEN,
            updated=moment(told.get("updateDate"), "UTC"),
            sponsors=tuple(_sponsors(told)),
            troubles=() if title else ("It has no title that could be read.",),
        )

    def list_actions(self, ask: Asker, external_id: str) -> Actions:
        path = f"/bill/{external_id}/actions"
        pages = Pages(ask, path, self._key(), take=ACTIONS_A_PAGE, shape=SHAPE)
        told = list(pages)
        actions: dict[str, ProviderAction] = {}
        lost = 0
        for order, item in enumerate(reversed(told), start=1):  # the newest come first
            if action := _action(parts(item), external_id, order, self.address_of(external_id)):
                actions.setdefault(action.external_id, action)
            else:
                lost += 1
        troubles = [pages.trouble] if pages.trouble else []
        if lost:
            troubles.append(f"{lost} of its actions could not be read.")
        return Actions(tuple(actions.values()), pages.whole and not lost, tuple(troubles))

    def changed_since(self, ask: Asker, tokens: Mapping[str, str]) -> Changes:
        return one_by_one(tokens, lambda external_id: _token(self._bill(ask, external_id)))

    def _bill(self, ask: Asker, external_id: str) -> Mapping[str, Any]:
        if not _ID.fullmatch(external_id):
            raise NotThere(f"{external_id} is no bill of the Congress.")
        told = parts(parts(ask.json(f"/bill/{external_id}", self._key())).get("bill"))
        said = (key(told.get("congress")), text(told.get("type")).lower(), key(told.get("number")))
        if "/".join(said) != external_id:
            raise Trouble(f"{ask.host} answered with something that is not bill {external_id}.")
        return told

    def _key(self) -> Params:
        return [("api_key", settings.CONGRESS_API_KEY), ("format", "json")]


def ordinal(number: int) -> str:
    """117 → "117th"."""
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _token(told: Mapping[str, Any]) -> str:
    return text(told.get("updateDate"), 60) or "no date"


def _sponsors(told: Mapping[str, Any]) -> Iterator[ProviderSponsor]:
    for item in map(parts, things(told.get("sponsors"))):
        first, last = text(item.get("firstName"), 80), text(item.get("lastName"), 80)
        name = f"{first} {last}".strip() or text(item.get("fullName"), 200)
        if name:
            party, state, district = (
                text(item.get("party"), 10),
                text(item.get("state"), 10),
                whole(item.get("district")),
            )
            sits = f"{state}-{district}" if district else state
            seat = "Representative" if district else "Member of Congress"
            yield ProviderSponsor(
                external_id=key(item.get("bioguideId")) or text(f"named {name}", 60),
                person=name,
                seat=f"{seat} for {sits} ({party})" if party and sits else seat,
            )


def _action(told: Mapping[str, Any], bill: str, order: int, address: str) -> ProviderAction | None:
    words, on = text(told.get("text"), 150), day(told.get("actionDate"), ZONE)
    if not words or on is None:
        return None
    is_law = text(told.get("type")) == "BecameLaw"
    where = _chamber(words, text(parts(told.get("sourceSystem")).get("name"), 60))
    digest = hashlib.sha256(f"{on} {words}".encode()).hexdigest()[:32]
    return ProviderAction(
        external_id=f"action {digest}",
        bill_external_id=bill,
        stage=words,
        chamber=CHAMBERS.get(where, Chamber.NONE),
        where=where,
        house=HOUSES.get(where, ""),
        day=on,
        order=order,
        state=Sitting.HAPPENED,
        address=address,
        classification=(BECAME_LAW,) if is_law else (),
    )


def _chamber(words: str, system: str) -> str:
    """Out of who recorded it, else out of its words; "" where neither says."""
    for name in CHAMBERS:
        if system.startswith(name):
            return name
    named = [name for name in CHAMBERS if name in words]
    return named[0] if len(named) == 1 else ""
