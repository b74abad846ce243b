"""Consultations on GOV.UK: followed like bills, for the day they close. No key.

A consultation is known by the end of its address. Moments carry offsets, which are moved to London's clock.
Nothing says which of many have changed, so each is asked for by itself.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.legislation.models import Standing
from apps.legislation.providers.asking import Asker, Params, Trouble, one_by_one
from apps.legislation.providers.reading import day, host_and_path, moment, parts, text, things, whole
from apps.legislation.providers.records import (
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
FOLDER = "/government/consultations/"
LONGEST_SLUG = 200
MOST_FOUND = 20
SORTS = ("open_consultation", "closed_consultation", "consultation_outcome", "consultation")
DAYS = (
    ("opens", "opening_date", "consultation opens"),
    ("closes", "closing_date", "consultation closes"),
    ("outcome", "final_outcome_publication_date", "outcome of the consultation is published"),
)

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


class GovUk:
    name = "govuk"
    title = "GOV.UK"
    clock = ZoneInfo(ZONE)
    most_at_once = 1
    noun = "consultation"
    every = OFTEN

    def off(self) -> str:
        return "" if settings.GOVUK_API else "It is turned off: GOVUK_API is empty."

    def base(self) -> str:
        return str(settings.GOVUK_API)

    def headers(self) -> Mapping[str, str]:
        return {}

    def read_address(self, typed: str) -> str:
        host, path = host_and_path(typed)
        return _slug(path.removeprefix("/api/content")) if host == "gov.uk" else ""

    def address_of(self, external_id: str) -> str:
        return f"https://www.gov.uk{FOLDER}{external_id}"

    def search(self, ask: Asker, words: str) -> Found:
        """Of those that are open; others are followed by their address."""
        asked: Params = [
            ("q", words),
            ("filter_content_store_document_type", "open_consultation"),
            ("fields", "title,link,end_date"),
            ("count", MOST_FOUND),
        ]
        page = parts(ask.json("/api/search.json", asked))
        bills = tuple(self._found(things(page.get("results"))))
        return Found(bills, whole(page.get("total")) > len(bills))

    def _found(self, results: list[Any]) -> Iterator[ProviderBill]:
        for item in map(parts, results):
            slug, title = _slug(text(item.get("link"), 300)), text(item.get("title"), 200)
            if slug and title:
                closes = day(item.get("end_date"), ZONE)
                yield ProviderBill(
                    provider=self.name,
                    external_id=slug,
                    title=title,
                    address=self.address_of(slug),
                    stage=f"Open consultation{f', closes {closes:%-d %B %Y}' if closes else ''}",
                )

    def get_bill(self, ask: Asker, external_id: str) -> ProviderBill:
        """Raises Trouble where what comes back is not that consultation."""
        told = self._content(ask, external_id)
        title = text(told.get("title"), 200)
        return ProviderBill(
            provider=self.name,
            external_id=external_id,
            title=title,
            address=self.address_of(external_id),
            token=_token(told),
            stage=text(told.get("document_type"), 60).replace("_", " ").capitalize(),
            standing=Standing.WITHDRAWN if told.get("withdrawn_notice") else Standing.OPEN,
            updated=moment(told.get("public_updated_at"), ZONE),
            sponsors=tuple(_departments(told)),
            troubles=() if title else ("It has no title that could be read.",),
        )

    def list_actions(self, ask: Asker, external_id: str) -> Actions:
        told = self._content(ask, external_id)
        details = parts(told.get("details"))
        department = next((each.organisation for each in _departments(told)), "")
        actions, troubles = [], []
        for order, (name, field, words) in enumerate(DAYS, start=1):
            said = details.get(field)
            on = day(said, ZONE)
            if said is not None and on is None:
                troubles.append(f"The day could not be read on which the {words}.")
            if on is None and said is None and name == "outcome":
                continue
            actions.append(
                ProviderAction(
                    external_id=name,
                    bill_external_id=external_id,
                    stage=words + _time(moment(said, ZONE)),
                    chamber=Chamber.EXECUTIVE,
                    where="",
                    house=department,
                    day=on,
                    order=order,
                    address=self.address_of(external_id),
                    is_sitting=said is not None,
                )
            )
        return Actions(tuple(actions), True, tuple(troubles))

    def changed_since(self, ask: Asker, tokens: Mapping[str, str]) -> Changes:
        return one_by_one(tokens, lambda external_id: _token(self._content(ask, external_id)))

    def _content(self, ask: Asker, external_id: str) -> Mapping[str, Any]:
        told = parts(ask.json(f"/api/content{FOLDER}{external_id}"))
        if told.get("document_type") not in SORTS:
            raise Trouble(f"{ask.host} answered with something that is no consultation.")
        return told


def _slug(path: str) -> str:
    """The end of a consultation's address; "" for any other."""
    if not path.startswith(FOLDER):
        return ""
    slug = path.removeprefix(FOLDER).split("/")[0]
    return slug if len(slug) <= LONGEST_SLUG and _SLUG.fullmatch(slug) else ""


def _token(told: Mapping[str, Any]) -> str:
    """Its sort is part of it: it changes when a consultation closes."""
    return text(f"{told.get('document_type')} {told.get('updated_at')}", 100)


def _time(at: datetime | None) -> str:
    """ " at 23:59"; "" at midnight, which is no time but a day."""
    there = at.astimezone(ZoneInfo(ZONE)) if at else None
    return f" at {there:%H:%M}" if there and (there.hour or there.minute) else ""


def _departments(told: Mapping[str, Any]) -> Iterator[ProviderSponsor]:
    for item in map(parts, things(parts(told.get("links")).get("organisations"))):
        if name := text(item.get("title"), 200):
            yield ProviderSponsor(external_id=text(f"named {name}", 60), organisation=name)
