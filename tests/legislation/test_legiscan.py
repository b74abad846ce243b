"""LegiScan: off without its key; a bill by id or the address of its page, its history and what is to come."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from apps.campaigns.models import Campaign
from apps.legislation import sync
from apps.legislation.bills import find_bills, follow_bill
from apps.legislation.models import Bill, BillLook, Milestone, Outcome, Standing
from apps.legislation.providers import PROVIDERS, find_address
from apps.legislation.providers.asking import Asker, NotThere, Trouble
from apps.legislation.providers.legiscan import LegiScan, _Reading, _result, _sponsors
from tests import make
from tests.legislation.conftest import Waiting
from tests.legislation.parliament import FAULT, HTML, TRUNCATED, Fault, Parliament, sitting, tells
from tests.legislation.test_uk_bills import ANY_JSON
from tests.make import DAY

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parent / "recorded" / "legiscan"
SCAN = LegiScan()
KEY = "a-secret-key"
ID = "230084"


def recorded() -> Any:
    return json.loads((RECORDED / "bill.json").read_text())["bill"]


@dataclass
class Scanner(Parliament):
    """LegiScan's API, which tells of one bill."""

    bill: dict[str, Any] = field(default_factory=recorded)

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        if query.get("key") != [KEY]:
            return tells({"status": "ERROR", "alert": {"message": f"Unknown API key {query['key'][0]}"}})
        if query["op"] == ["getBill"]:
            known = query["id"] == [str(self.bill["bill_id"])]
            if not known:
                return tells({"status": "ERROR", "alert": {"message": "Unknown bill id"}})
            return tells({"status": "OK", "bill": self.bill})
        names = ("bill_id", "bill_number", "state", "title", "url", "change_hash")
        result = {name: self.bill[name] for name in names} | {"last_action": "REFERRED"}
        return tells({"status": "OK", "searchresult": {"summary": {"count": 1}, "0": result}})


@pytest.fixture
def scanner(settings: Any) -> Iterator[Scanner]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with sitting(Scanner()) as house:
        settings.LEGISCAN_API, settings.LEGISCAN_API_KEY = house.url, KEY
        settings.UK_BILLS_API = settings.GOVUK_API = ""
        assert isinstance(house, Scanner)
        yield house


def ask(scanner: Scanner, clock: Waiting) -> Asker:
    return Asker(scanner.url, clock=clock, pause=clock.pause)


def test_without_a_key_it_is_off_and_says_so(settings: Any) -> None:
    settings.LEGISCAN_API_KEY = ""
    assert SCAN.off() == "It is off: it needs a key, LEGISCAN_API_KEY."
    settings.LEGISCAN_API = ""
    assert SCAN.off() == "It is turned off: LEGISCAN_API is empty."


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("https://legiscan.com/AK/bill/HB1/2011", "AK/HB1/2011"),
        ("legiscan.com/AK/text/HB1/2011/x", "AK/HB1/2011"),
    ],
)
def test_the_address_of_its_page_names_a_bill(typed: str, named: str) -> None:
    assert find_address(typed) == (PROVIDERS["legiscan"], named)
    assert find_address("https://legiscan.com/AK/legislation") is None


def test_it_is_found_by_words_and_by_its_address(scanner: Scanner, clock: Waiting) -> None:
    (found,) = find_bills("health care", clock=clock, pause=clock.pause).bills
    assert (found.external_id, found.title) == (ID, "Policy For Securing Health Care Services, AK HB1")
    (found,) = find_bills("https://legiscan.com/AK/bill/HB1/2011", clock=clock, pause=clock.pause).bills
    assert (found.external_id, found.address) == (ID, "https://legiscan.com/AK/bill/HB1/2011")
    assert (found.stage, found.where, found.standing) == ("Engrossed", "Senate", Standing.OPEN)
    with ask(scanner, clock) as asker, pytest.raises(NotThere):
        SCAN.get_bill(asker, "AK/HB2/2011")


def test_its_history_comes_in_and_changes_of_its_mark_are_read(
    campaign: Campaign, scanner: Scanner, clock: Waiting
) -> None:
    owner = make.owner_of(campaign)
    follow_bill(campaign=campaign, provider="legiscan", external_id=ID, by=owner, at=clock.at)
    assert sync.look(clock=clock, pause=clock.pause).troubles == []
    bill = Bill.objects.get()
    assert (bill.title, bill.steps.count()) == (
        "Policy For Securing Health Care Services, AK HB1",
        len(recorded()["history"]),
    )
    assert set(Milestone.everything.values_list("outcome", flat=True)) == {Outcome.MET}
    assert str(bill.sponsors.all()[0].person) == "Carl Gatto"
    assert BillLook.objects.get().try_at - clock.at > DAY / 5
    clock.at += DAY
    assert sync.look(clock=clock, pause=clock.pause).requests == 1
    scanner.bill |= {
        "change_hash": "other",
        "progress": [*recorded()["progress"], {"date": "2026-03-10", "event": 8}],
        "calendar": [{"type": "Hearing", "date": "2026-04-01", "description": "Finance", "location": "205"}],
    }
    clock.at += DAY
    assert sync.look(clock=clock, pause=clock.pause).changed == 1
    bill.refresh_from_db()
    assert bill.standing == Standing.LAW
    assert bill.steps.get(is_law=True).day == date(2026, 3, 10)
    hearing = Milestone.everything.get(step__stage="Hearing Finance")
    assert (hearing.entry.date, hearing.outcome) == ("2026-04-01", Outcome.UPCOMING)


@pytest.mark.parametrize(
    "fault",
    [FAULT, HTML, TRUNCATED, tells({"status": "OK"}), tells({"status": "OK", "bill": {"bill_id": 2}})],
)
def test_a_server_that_fails_says_so_and_never_the_key(
    scanner: Scanner, clock: Waiting, fault: Fault, settings: Any
) -> None:
    scanner.fails(fault, times=3)
    with ask(scanner, clock) as asker, pytest.raises(Trouble) as trouble:
        SCAN.get_bill(asker, ID)
    assert KEY not in str(trouble.value)
    settings.LEGISCAN_API_KEY = "wrong-key"
    scanner.faults.clear()
    clock.at += DAY
    with ask(scanner, clock) as asker, pytest.raises(Trouble, match="It says: Unknown API key …"):
        SCAN.get_bill(asker, ID)


@settings(max_examples=20)
@given(ANY_JSON)
def test_odd_answers_break_nothing(value: Any) -> None:
    told = value if isinstance(value, dict) else {}
    _result(told)
    list(_sponsors({"sponsors": [value]}))
    for name in ("date", "action", "chamber", "type", "description", "location"):
        reading = _Reading(ID, "https://example.org/")
        reading.happened({"date": "2026-01-01", "action": "x"} | {name: value})
        reading.is_to_come({"date": "2026-01-01", "type": "x"} | {name: value})
        reading.law([value])
