"""Consultations on GOV.UK, read over a real connection and followed like bills."""

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
from apps.legislation.models import Bill, Milestone, Outcome, Standing, TargetDate
from apps.legislation.providers import PROVIDERS, find_address
from apps.legislation.providers.asking import Asker, NotThere, Trouble
from apps.legislation.providers.govuk import GovUk, _departments
from tests import make
from tests.legislation.conftest import Waiting
from tests.legislation.parliament import HTML, Fault, Parliament, says, sitting, tells
from tests.legislation.test_uk_bills import ANY_JSON
from tests.make import DAY

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parent / "recorded" / "govuk"
PAPER = "online-harms-white-paper"
GOV = GovUk()


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


@dataclass
class Government(Parliament):
    """GOV.UK, which tells of `pages` by the end of their address."""

    pages: dict[str, Any] = field(default_factory=dict)

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        if path == ["api", "search.json"]:
            return tells(recorded("search"))
        told = self.pages.get(path[-1]) if path[:2] == ["api", "content"] else None
        return tells(told) if told is not None else says(404, b"{}")


@pytest.fixture
def government(settings: Any) -> Iterator[Government]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    pages = {PAPER: recorded("white-paper"), "loans": recorded("open"), "museums": recorded("closed")}
    with sitting(Government(pages=pages)) as house:
        settings.GOVUK_API, settings.UK_BILLS_API = house.url, ""
        assert isinstance(house, Government)
        yield house


def ask(government: Government, clock: Waiting) -> Asker:
    return Asker(government.url, clock=clock, pause=clock.pause)


@pytest.mark.parametrize(
    "typed",
    [
        f"https://www.gov.uk/government/consultations/{PAPER}",
        f"gov.uk/government/consultations/{PAPER}/public-feedback",
        f"https://www.gov.uk/api/content/government/consultations/{PAPER}",
    ],
)
def test_the_address_of_a_consultation_says_which(typed: str) -> None:
    assert find_address(typed) == (PROVIDERS["govuk"], PAPER)


@pytest.mark.parametrize(
    "typed",
    [
        "https://www.gov.uk/government/news/x",
        "https://www.gov.uk/government/consultations/",
        "https://www.gov.uk/government/consultations/..%2f",
        "https://example.org/government/consultations/x",
        "https://www.gov.uk/government/consultations/" + "x" * 201,
    ],
)
def test_other_addresses_say_nothing(typed: str) -> None:
    assert find_address(typed) is None


def test_the_white_papers_consultation(government: Government, clock: Waiting) -> None:
    with ask(government, clock) as asker:
        bill, listed = GOV.get_bill(asker, PAPER), GOV.list_actions(asker, PAPER)
    assert (bill.title, bill.stage, bill.standing) == (
        "Online Harms White Paper",
        "Consultation outcome",
        Standing.OPEN,
    )
    assert [each.organisation for each in bill.sponsors] == ["Department for Digital, Culture, Media & Sport"]
    assert [(action.stage, action.day) for action in listed.actions] == [
        ("consultation opens", date(2019, 4, 8)),
        ("consultation closes at 23:59", date(2019, 7, 1)),
        ("outcome of the consultation is published", date(2020, 12, 15)),
    ]


def test_an_hour_that_is_not_the_seasons_is_moved_to_londons_clock(
    government: Government, clock: Waiting
) -> None:
    government.pages["loans"]["details"]["closing_date"] = "2026-12-16T00:30:00+01:00"
    with ask(government, clock) as asker:
        closes = GOV.list_actions(asker, "loans").actions[1]
    assert (closes.stage, closes.day) == ("consultation closes at 23:30", date(2026, 12, 15))


def test_a_year_that_is_none_is_told_in_words(government: Government, clock: Waiting) -> None:
    with ask(government, clock) as asker:
        listed = GOV.list_actions(asker, "loans")
    assert listed.troubles == ("The day could not be read on which the consultation closes.",)
    assert listed.actions[1].day is None


def test_a_search_finds_open_ones(government: Government, clock: Waiting) -> None:
    with ask(government, clock) as asker:
        (found,) = GOV.search(asker, "loans").bills
    assert (found.external_id, found.stage) == (
        "postgraduate-doctoral-loans",
        "Open consultation, closes 16 December 2016",
    )


def test_what_is_no_consultation_is_told_in_words(government: Government, clock: Waiting) -> None:
    government.pages["news"] = {"document_type": "news_story"}
    with ask(government, clock) as asker:
        with pytest.raises(Trouble, match="something that is no consultation"):
            GOV.get_bill(asker, "news")
        with pytest.raises(NotThere):
            GOV.get_bill(asker, "nothing")


def test_a_closing_day_that_moves_is_a_row_of_the_ledger(
    campaign: Campaign, government: Government, clock: Waiting
) -> None:
    page = government.pages["museums"]
    page["details"]["closing_date"] = "2026-05-01T17:00:00+01:00"
    owner = make.owner_of(campaign)
    follow_bill(campaign=campaign, provider="govuk", external_id="museums", by=owner, at=clock.at)
    assert sync.look(clock=clock, pause=clock.pause).troubles == []
    closes = Milestone.everything.get(step__external_id="closes")
    assert closes.entry.headline == "Review of Museums in England: consultation closes at 17:00"
    assert str(closes.entry.organisation) == "Department for Culture, Media & Sport"
    assert Milestone.everything.get(step__external_id="opens").outcome == Outcome.MET
    page["details"]["closing_date"] = "2026-05-15T17:00:00+01:00"
    page["updated_at"] = "2026-03-20T10:00:00Z"
    clock.at += DAY
    assert sync.look(clock=clock, pause=clock.pause).changed == 1
    rows = TargetDate.objects.filter(milestone=closes)
    assert [(row.date, row.reason) for row in rows] == [
        ("2026-05-01", "Listed by GOV.UK"),
        ("2026-05-15", "Moved by GOV.UK"),
    ]
    clock.at += DAY
    assert sync.look(clock=clock, pause=clock.pause).requests == 1


def test_one_that_fails_does_not_stop_at_the_first(
    campaign: Campaign, government: Government, clock: Waiting
) -> None:
    owner = make.owner_of(campaign)
    follow_bill(campaign=campaign, provider="govuk", external_id="museums", by=owner, at=clock.at)
    government.fails(HTML)
    sync.look(clock=clock, pause=clock.pause)
    clock.at += DAY
    assert sync.look(clock=clock, pause=clock.pause).changed == 1
    assert Bill.objects.get().title == "Review of Museums in England"


@given(ANY_JSON)
def test_odd_departments_break_nothing(value: Any) -> None:
    list(_departments({"links": value}))
    list(_departments({"links": {"organisations": value}}))


def test_a_provider_that_is_turned_off_says_so(settings: Any) -> None:
    settings.GOVUK_API = ""
    assert GOV.off() == "It is turned off: GOVUK_API is empty."
