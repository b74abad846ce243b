"""Written questions of the UK Parliament: followed like bills, for the day an answer is due. No key.

A question is known by the day it was tabled and its number (UIN), which begins anew each session. It has one
thing to wait for: the answer. A holding answer is none. That the day has passed does not mean that it came.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.legislation.models import Standing
from apps.legislation.providers.asking import Asker, NotThere, Params, Trouble, one_by_one
from apps.legislation.providers.reading import day, host_and_path, key, parts, text, things, whole
from apps.legislation.providers.records import (
    Actions,
    Chamber,
    Changes,
    Found,
    ProviderAction,
    ProviderBill,
    ProviderSponsor,
    Sitting,
)
from apps.legislation.providers.uk_bills import CHAMBERS, HOUSES, seat_of

ZONE = "Europe/London"
PAGES = "https://questions-statements.parliament.uk/written-questions/detail/"
QUESTIONS = "/api/writtenquestions/questions"
MOST_FOUND = 20

_UIN = re.compile(r"(?:HL)?[0-9]{1,7}", re.IGNORECASE)
_ID = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/((?:HL)?[0-9]{1,7})", re.IGNORECASE)
_PAGE = re.compile(rf"(?:/written-questions/detail|{QUESTIONS})/([0-9-]{{10}}/[A-Za-z0-9]{{1,9}})(?:/.*)?")
_HOSTS = ("questions-statements.parliament.uk", "questions-statements-api.parliament.uk")


class UkQuestions:
    name = "uk-questions"
    title = "UK Parliament (questions)"
    clock = ZoneInfo(ZONE)
    most_at_once = 1
    noun = "question"
    every = timedelta(hours=1)

    def off(self) -> str:
        return "" if settings.UK_QUESTIONS_API else "It is turned off: UK_QUESTIONS_API is empty."

    def base(self) -> str:
        return str(settings.UK_QUESTIONS_API)

    def headers(self) -> Mapping[str, str]:
        return {}

    def read_address(self, typed: str) -> str:
        host, path = host_and_path(typed)
        match = _PAGE.fullmatch(path) if host in _HOSTS else None
        return _id_of(match[1]) if match else ""

    def address_of(self, external_id: str) -> str:
        return f"{PAGES}{external_id}"

    def search(self, ask: Asker, words: str) -> Found:
        """By number alone: each session has had one of that number. Words are left to the bills."""
        if not _UIN.fullmatch(words.strip()):
            return Found(())
        uin = words.strip().upper()
        asked: Params = [("uIN", uin), ("expandMember", "true"), ("take", MOST_FOUND)]
        page = parts(ask.json(QUESTIONS, asked))
        items = things(page.get("results"))
        questions = [self._question(parts(parts(item).get("value"))) for item in items]
        read = tuple(each for each in questions if each is not None)
        lost = len(questions) - len(read)
        troubles = (f"{lost} of the questions found could not be read.",) if lost else ()
        return Found(read, whole(page.get("totalResults")) > len(questions), troubles)

    def get_bill(self, ask: Asker, external_id: str) -> ProviderBill:
        """Raises Trouble where what comes back is not that question."""
        found = self._question(self._told(ask, external_id))
        assert found is not None, "it says which it is"
        return found

    def list_actions(self, ask: Asker, external_id: str) -> Actions:
        told = self._told(ask, external_id)
        due, answered = day(told.get("dateForAnswer"), ZONE), _answered(told)
        troubles = []
        if due is None:
            troubles.append("The day could not be read on which an answer is due.")
        state = Sitting.HAPPENED if answered else Sitting.SCHEDULED
        if told.get("isWithdrawn") is True:
            state = Sitting.CANCELLED
        on = due or answered
        action = ProviderAction(
            external_id="answer",
            bill_external_id=external_id,
            stage="answer due (named day)" if told.get("isNamedDay") is True else "answer due",
            chamber=CHAMBERS.get(text(told.get("house")), Chamber.NONE),
            where="",
            house=text(told.get("answeringBodyName"), 200),
            day=on,
            order=1,
            state=state if on else Sitting.SCHEDULED,
            address=self.address_of(external_id),
            held=answered,
            waits=True,
        )
        return Actions((action,), True, tuple(troubles))

    def changed_since(self, ask: Asker, tokens: Mapping[str, str]) -> Changes:
        return one_by_one(tokens, lambda external_id: _token(self._told(ask, external_id)))

    def _told(self, ask: Asker, external_id: str) -> Mapping[str, Any]:
        if not _ID.fullmatch(external_id):
            raise NotThere(f"{external_id} is no written question.")
        told = parts(parts(ask.json(f"{QUESTIONS}/{external_id}", [("expandMember", "true")])).get("value"))
        if _id_of(_said_id(told)) != external_id:
            raise Trouble(f"{ask.host} answered with something that is not question {external_id}.")
        return told

    def _question(self, told: Mapping[str, Any]) -> ProviderBill | None:
        external_id = _id_of(_said_id(told))
        if not external_id:
            return None
        heading = text(told.get("heading"), 150) or text(told.get("questionText"), 100)
        uin = external_id.partition("/")[2]
        return ProviderBill(
            provider=self.name,
            external_id=external_id,
            title=f"Written question {uin}{f', {heading}' if heading else ''}",
            address=self.address_of(external_id),
            token=_token(told),
            stage=_stage(told),
            standing=Standing.WITHDRAWN if told.get("isWithdrawn") is True else Standing.OPEN,
            sponsors=tuple(_asker(told)),
            troubles=() if heading else ("It has no heading that could be read.",),
        )


def _id_of(said: str) -> str:
    """The day and the number as they are kept; "" for what is no id."""
    match = _ID.fullmatch(said)
    return f"{match[1]}/{match[2].upper()}" if match and day(match[1], ZONE) else ""


def _said_id(told: Mapping[str, Any]) -> str:
    return f"{day(told.get('dateTabled'), ZONE)}/{key(told.get('uin'))}"


def _answered(told: Mapping[str, Any]) -> date | None:
    """The day it was answered, holding answers apart."""
    return None if told.get("answerIsHolding") is True else day(told.get("dateAnswered"), ZONE)


def _stage(told: Mapping[str, Any]) -> str:
    if told.get("isWithdrawn") is True:
        return "Withdrawn"
    if answered := _answered(told):
        who = text(parts(told.get("answeringMember")).get("name"), 80)
        return f"Answered on {answered:%-d %B %Y}{f' by {who}' if who else ''}"
    is_held = told.get("answerIsHolding") is True or told.get("dateHoldingAnswer")
    return "Holding answer given, the answer is still due" if is_held else "Waiting for an answer"


def _house(told: Mapping[str, Any]) -> str:
    house = text(told.get("house"), 40)
    return house if house in HOUSES else ""


def _token(told: Mapping[str, Any]) -> str:
    """Nothing says when it last changed, so all that it says is its mark."""
    return "sha256:" + hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def _asker(told: Mapping[str, Any]) -> Iterator[ProviderSponsor]:
    member = parts(told.get("askingMember"))
    if name := text(member.get("name"), 200):
        house = _house(told)
        yield ProviderSponsor(
            external_id=key(member.get("id")) or text(f"named {name}", 60),
            person=name,
            seat=seat_of(member, house),
            house=HOUSES.get(house, ""),
        )
