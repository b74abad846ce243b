"""Bills of the US Congress, read over a real connection from recorded answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from apps.campaigns.models import Campaign
from apps.legislation import sync
from apps.legislation.bills import follow_bill
from apps.legislation.models import Milestone, Outcome, Standing
from apps.legislation.providers import PROVIDERS, find_address
from apps.legislation.providers.asking import Asker, Trouble
from apps.legislation.providers.congress import Congress, _action, _sponsors, ordinal
from tests import make
from tests.legislation.conftest import Waiting
from tests.legislation.parliament import Fault, Parliament, says, sitting, tells
from tests.legislation.test_uk_bills import ANY_JSON
from tests.make import DAY

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parent / "recorded" / "congress"
US = Congress()
BILL = "117/hr/21"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


@dataclass
class Capitol(Parliament):
    """The Congress, which tells of one bill to whoever has the key."""

    bill: Any = field(default_factory=lambda: recorded("bill"))
    actions: Any = field(default_factory=lambda: recorded("actions"))

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        if query.get("api_key") != ["a key"]:
            return says(403, b"{}")
        if path == ["bill", *BILL.split("/")]:
            return tells(self.bill)
        if path == ["bill", *BILL.split("/"), "actions"]:
            offset, limit = int(query["offset"][0]), int(query["limit"][0])
            return tells(self.actions | {"actions": self.actions["actions"][offset : offset + limit]})
        return says(404, b"{}")


@pytest.fixture
def capitol(settings: Any) -> Iterator[Capitol]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with sitting(Capitol()) as house:
        settings.CONGRESS_API, settings.CONGRESS_API_KEY = house.url, "a key"
        settings.UK_BILLS_API = settings.GOVUK_API = ""
        assert isinstance(house, Capitol)
        yield house


def ask(capitol: Capitol, clock: Waiting) -> Asker:
    return Asker(capitol.url, clock=clock, pause=clock.pause)


def test_without_a_key_it_is_off_and_says_so(settings: Any) -> None:
    assert US.off() == "It is off: it needs a key, CONGRESS_API_KEY."
    settings.CONGRESS_API_KEY = "a key"
    assert US.off() == ""
    settings.CONGRESS_API = ""
    assert US.off() == "It is turned off: CONGRESS_API is empty."


def test_the_address_of_its_page_says_which() -> None:
    typed = "https://www.congress.gov/bill/117th-congress/house-bill/21/actions?s=1"
    assert find_address(typed) == (PROVIDERS["congress"], BILL)
    assert US.address_of(BILL) == "https://www.congress.gov/bill/117th-congress/house-bill/21"
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 101, 112, 113, 121)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "101st", "112th", "113th", "121st"),
    ]
    for odd in ("https://www.congress.gov/bill/117th-congress/moon-bill/21", "https://congress.gov/x"):
        assert find_address(odd) is None
    assert US.address_of("../x") == "https://www.congress.gov/"


def test_a_bill_and_what_was_done_with_it(capitol: Capitol, clock: Waiting) -> None:
    with ask(capitol, clock) as asker:
        bill, listed = US.get_bill(asker, BILL), US.list_actions(asker, BILL)
    assert (bill.title, bill.standing, bill.session) == ("FedRAMP Authorization Act", Standing.OPEN, "117")
    (sponsor,) = bill.sponsors
    assert (sponsor.external_id, sponsor.person) == ("C001078", "Gerald Connolly")
    assert (len(listed.actions), listed.whole, listed.troubles) == (
        9,
        True,
        (),
    )  # introduced once, told twice
    first = listed.actions[0]
    assert (first.stage, first.day, first.where) == ("Introduced in House", date(2021, 1, 4), "House")


def test_a_long_list_is_read_page_by_page(
    capitol: Capitol, clock: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.legislation.providers.congress.ACTIONS_A_PAGE", 4)
    with ask(capitol, clock) as asker:
        assert len(US.list_actions(asker, BILL).actions) == 9
        assert asker.requests == 3


def test_an_action_that_cannot_be_read_is_told_of(capitol: Capitol, clock: Waiting) -> None:
    capitol.actions["actions"][0]["actionDate"] = None
    with ask(capitol, clock) as asker:
        listed = US.list_actions(asker, BILL)
    assert (len(listed.actions), listed.whole) == (8, False)
    assert listed.troubles == ("1 of its actions could not be read.",)


def test_what_is_another_bill_is_told_in_words(capitol: Capitol, clock: Waiting) -> None:
    capitol.bill["bill"]["number"] = "22"
    with pytest.raises(Trouble, match="is not bill 117/hr/21"), ask(capitol, clock) as asker:
        US.get_bill(asker, BILL)


def test_its_actions_stand_on_the_timeline_and_the_key_in_no_word(
    campaign: Campaign, capitol: Capitol, clock: Waiting
) -> None:
    owner = make.owner_of(campaign)
    bill = follow_bill(campaign=campaign, provider="congress", external_id=BILL, by=owner, at=clock.at)
    assert sync.look(clock=clock, pause=clock.pause).troubles == []
    days = Milestone.everything.filter(step__bill=bill)
    assert (days.count(), set(days.values_list("outcome", flat=True))) == (9, {Outcome.MET})
    clock.at += DAY
    assert sync.look(clock=clock, pause=clock.pause).requests == 1
    capitol.faults = [("/", says(500))] * 9
    clock.at += DAY
    (said,) = sync.look(clock=clock, pause=clock.pause).troubles
    assert "a key" not in said and "api_key" not in said


@given(ANY_JSON)
def test_odd_answers_break_nothing(value: Any) -> None:
    list(_sponsors({"sponsors": value}))
    list(_sponsors({"sponsors": [value]}))
    _action({"text": value, "actionDate": value}, BILL, 1, "https://example.org")
    _action({"text": "x", "actionDate": "2021-01-04", "sourceSystem": value, "type": value}, BILL, 1, "")
