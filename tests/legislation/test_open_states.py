"""Bills of the states of the USA, through Open States, read over a real connection."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from apps.campaigns.models import Campaign
from apps.legislation import sync
from apps.legislation.bills import find_bills, follow_bill
from apps.legislation.models import Bill, Milestone, Standing
from apps.legislation.providers.asking import Asker, Trouble
from apps.legislation.providers.open_states import OpenStates, _action
from apps.legislation.providers.records import Chamber
from tests import make
from tests.legislation.conftest import Waiting
from tests.legislation.parliament import Fault, Parliament, says, sitting, tells
from tests.legislation.test_uk_bills import ANY_JSON
from tests.make import DAY

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parent / "recorded" / "open_states"
STATES = OpenStates()
BILL = "ocd-bill/03418e03-cd16-4614-829f-215e5afa5fec"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


@dataclass
class States(Parliament):
    """Open States, which tells of one bill to whoever has the key."""

    found: Any = field(default_factory=lambda: recorded("search"))
    key: str = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.key = handler.headers.get("X-API-KEY", "")
        super().answer(handler)

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        if self.key != "a key":
            return says(403, b"{}")
        if path == ["bills"]:
            return tells(self.found)
        (bill,) = self.found["results"]
        return tells(bill) if "/".join(path[1:]) == bill["id"] else says(404, b"{}")


@pytest.fixture
def states(settings: Any) -> Iterator[States]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with sitting(States()) as house:
        settings.OPEN_STATES_API, settings.OPEN_STATES_API_KEY = house.url, "a key"
        settings.UK_BILLS_API = settings.GOVUK_API = ""
        assert isinstance(house, States)
        yield house


def ask(states: States, clock: Waiting) -> Asker:
    return Asker(states.url, headers=STATES.headers(), clock=clock, pause=clock.pause)


def test_without_a_key_it_is_off_and_says_so(settings: Any) -> None:
    assert STATES.off() == "It is off: it needs a key, OPEN_STATES_API_KEY."
    settings.OPEN_STATES_API = ""
    assert STATES.off() == "It is turned off: OPEN_STATES_API is empty."


def test_a_bill_is_found_by_words_and_its_actions_read(states: States, clock: Waiting) -> None:
    (bill,) = find_bills("nursing", clock=clock, pause=clock.pause).bills
    assert (bill.external_id, bill.title, bill.standing) == (
        BILL,
        "Linking Industry to Nursing Education Fund, Florida HB 1325",
        Standing.OPEN,
    )
    clock.at += DAY
    with ask(states, clock) as asker:
        listed = STATES.list_actions(asker, BILL)
    assert [(action.stage, action.day, action.where) for action in listed.actions[:2]] == [
        ("Filed", date(2026, 1, 9), "House"),
        ("1st Reading (Original Filed Version)", date(2026, 1, 13), "House"),
    ]
    assert (listed.actions[0].chamber, listed.whole) == (Chamber.LOWER, True)


def test_what_is_told_without_actions_is_not_whole(states: States, clock: Waiting) -> None:
    states.found["results"] = [recorded("bill")]
    with ask(states, clock) as asker:
        listed = STATES.list_actions(asker, BILL)
        assert (listed.actions, listed.whole) == ((), False)
        states.found["results"][0]["id"] = BILL + "0"
        with pytest.raises(Trouble):
            STATES.get_bill(asker, BILL)


def test_it_is_followed_and_becomes_law(campaign: Campaign, states: States, clock: Waiting) -> None:
    owner = make.owner_of(campaign)
    follow_bill(campaign=campaign, provider="open-states", external_id=BILL, by=owner, at=clock.at)
    assert sync.look(clock=clock, pause=clock.pause).troubles == []
    assert Milestone.everything.filter(step__bill__provider="open-states").count() == 3
    (bill,) = states.found["results"]
    signed = {"id": "a-1", "description": "Signed", "date": "2026-03-09", "classification": ["became-law"]}
    bill["actions"].append(signed)
    bill["updated_at"] = "2026-03-11T00:00:00.123456+00:00"
    clock.at += 2 * DAY
    assert sync.look(clock=clock, pause=clock.pause).changed == 1
    assert (Bill.objects.get().standing, Milestone.everything.get(step__is_law=True).settled_on) == (
        Standing.LAW,
        date(2026, 3, 9),
    )


@given(ANY_JSON)
def test_odd_answers_break_nothing(value: Any) -> None:
    STATES._read({"id": BILL, "title": value, "jurisdiction": value, "actions": value, "updated_at": value})
    _action({"id": "a", "description": "x", "date": "2026-01-09", "organization": value}, BILL, 1, "")
    _action({"id": value, "description": value, "date": value}, BILL, 1, "")
