"""Written questions: followed by address or number, the answer a milestone that is met when it comes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from apps.campaigns.access import Access
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.desk.following import sentence_of
from apps.legislation import sync
from apps.legislation.bills import find_bills, follow_bill
from apps.legislation.models import Bill, Milestone, Outcome, Standing
from apps.legislation.providers import PROVIDERS, find_address
from apps.legislation.providers.asking import Asker, NotThere, Trouble
from apps.legislation.providers.uk_questions import UkQuestions
from tests import make
from tests.legislation.conftest import Waiting
from tests.legislation.openapi import answer_of, breaches
from tests.legislation.parliament import FAULT, HTML, TRUNCATED, Fault, Parliament, says, sitting, tells
from tests.legislation.test_uk_bills import ANY_JSON
from tests.make import DAY

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parent / "recorded" / "questions"
QUESTIONS = UkQuestions()
ID = "2026-03-05/12345"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def question(**told: Any) -> dict[str, Any]:
    """Number 12345, tabled on 5 March 2026, for answer on the 12th."""
    member = {"id": 4643, "name": "Alex Asker", "party": "Labour", "memberFrom": "Northmarch"}
    asked = {
        "uin": "12345",
        "dateTabled": "2026-03-05T00:00:00",
        "dateForAnswer": "2026-03-12T00:00:00",
        "dateAnswered": None,
        "answerText": None,
        "isNamedDay": True,
        "askingMember": member,
    }
    return recorded("search")["results"][0]["value"] | asked | told


@dataclass
class Table(Parliament):
    """The API of written questions, which tells of `questions` by their id."""

    questions: dict[str, Any] = field(default_factory=dict)

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        if path[-1] == "questions":
            uin = query.get("uIN", [""])[0]
            found = [{"value": each, "links": []} for each in self.questions.values() if each["uin"] == uin]
            return tells({"totalResults": len(found), "results": found})
        told = self.questions.get("/".join(path[-2:]))
        return tells({"value": told, "links": []}) if told else says(404, b"{}")


@pytest.fixture
def table(settings: Any) -> Iterator[Table]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with sitting(Table(questions={ID: question()})) as house:
        settings.UK_QUESTIONS_API = house.url
        settings.UK_BILLS_API = settings.GOVUK_API = ""
        assert isinstance(house, Table)
        yield house


def ask(table: Table, clock: Waiting) -> Asker:
    return Asker(table.url, clock=clock, pause=clock.pause)


def look(clock: Waiting) -> sync.Tally:
    return sync.look(clock=clock, pause=clock.pause)


def followed(campaign: Campaign, clock: Waiting) -> Milestone:
    owner = make.owner_of(campaign)
    follow_bill(campaign=campaign, provider="uk-questions", external_id=ID, by=owner, at=clock.at)
    assert look(clock).troubles == []
    return Milestone.everything.select_related("entry").get()


def test_what_is_recorded_and_served_is_as_parliaments_specification_has_it() -> None:
    spec = recorded("openapi")
    assert list(breaches(recorded("search"), answer_of(spec, "/api/writtenquestions/questions"), spec)) == []
    one = answer_of(spec, "/api/writtenquestions/questions/{date}/{uin}")
    assert list(breaches({"value": question(), "links": []}, one, spec)) == []


@pytest.mark.parametrize(
    "typed",
    [
        "https://questions-statements.parliament.uk/written-questions/detail/2026-03-05/12345",
        "questions-statements.parliament.uk/written-questions/detail/2026-03-05/12345/",
        "https://questions-statements-api.parliament.uk/api/writtenquestions/questions/2026-03-05/12345",
    ],
)
def test_the_address_of_a_question_says_which(typed: str) -> None:
    assert find_address(typed) == (PROVIDERS["uk-questions"], ID)


@pytest.mark.parametrize(
    "typed",
    [
        "https://questions-statements.parliament.uk/written-statements/detail/2026-03-05/12345",
        "https://questions-statements.parliament.uk/written-questions/detail/2026-99-05/12345",
        "https://questions-statements.parliament.uk/written-questions/detail/2026-03-05/x",
        "https://example.org/written-questions/detail/2026-03-05/12345",
    ],
)
def test_other_addresses_say_nothing(typed: str) -> None:
    assert find_address(typed) is None


def test_a_question_is_found_by_its_number_and_words_are_left_to_bills(table: Table, clock: Waiting) -> None:
    table.questions["2025-01-06/12345"] = question(dateTabled="2025-01-06T00:00:00", heading="Eels")
    found = find_bills("12345", clock=clock, pause=clock.pause)
    assert [(each.external_id, each.title) for each in found.bills] == [
        (ID, "Written question 12345, Online Safety Bill"),
        ("2025-01-06/12345", "Written question 12345, Eels"),
    ]
    before = len(table.asked)
    assert find_bills("online safety", clock=clock, pause=clock.pause).bills == ()
    assert len(table.asked) == before


def test_the_answer_is_a_milestone_of_the_department(
    campaign: Campaign, table: Table, clock: Waiting
) -> None:
    milestone = followed(campaign, clock)
    entry = milestone.entry
    assert entry.headline == "Written question 12345, Online Safety Bill: answer due (named day)"
    assert (entry.date, str(entry.organisation)) == (
        "2026-03-12",
        "Department for Digital, Culture, Media and Sport",
    )
    assert milestone.outcome == Outcome.UPCOMING
    bill = Bill.objects.get()
    assert bill.source is not None
    assert bill.source.title == "Written question 12345, Online Safety Bill: the question’s page"
    (asker,) = bill.sponsors.all()
    assert [str(post.role) for post in asker.person.posts.all()] == ["MP for Northmarch (Labour)"]  # type: ignore[union-attr]


def test_it_is_late_until_it_is_answered_and_then_met_on_that_day(
    campaign: Campaign, table: Table, clock: Waiting
) -> None:
    milestone = followed(campaign, clock)
    clock.at += 5 * DAY
    assert look(clock).changed == 0
    milestone.refresh_from_db()
    assert milestone.outcome == Outcome.UPCOMING
    assert milestone.late_days(campaign.today(clock.at)) == 3
    bill, access = Bill.objects.get(), Access(campaign, make.owner_of(campaign), Role.OWNER, clock.at)
    assert sentence_of(bill, list(bill.steps.all()), access) == (
        "Waiting for an answer. Answer was due on 12 March 2026, 3 days ago."
    )
    table.questions[ID] |= {"answerIsHolding": True, "dateAnswered": "2026-03-13T00:00:00"}
    clock.at += DAY
    look(clock)
    milestone.refresh_from_db()
    assert milestone.outcome == Outcome.UPCOMING
    table.questions[ID] |= {
        "answerIsHolding": False,
        "dateAnswered": "2026-03-16T11:02:03.1234567",
        "answerText": "<p>Soon.</p>",
    }
    clock.at += DAY
    assert look(clock).changed == 1
    milestone.refresh_from_db()
    assert (milestone.outcome, milestone.settled_on) == (Outcome.MET, date(2026, 3, 16))
    assert milestone.settled_source == Bill.objects.get().source
    assert milestone.late_days(campaign.today(clock.at)) == 4
    assert milestone.targets.count() == 1
    clock.at += DAY
    assert look(clock).changed == 0


def test_one_that_is_answered_already_comes_in_as_met(
    campaign: Campaign, table: Table, clock: Waiting
) -> None:
    table.questions[ID] |= {"dateForAnswer": "2026-03-09T00:00:00", "dateAnswered": "2026-03-10T00:00:00"}
    milestone = followed(campaign, clock)
    assert (milestone.outcome, milestone.settled_on) == (Outcome.MET, date(2026, 3, 10))


def test_one_that_is_withdrawn_is_dropped(campaign: Campaign, table: Table, clock: Waiting) -> None:
    milestone = followed(campaign, clock)
    table.questions[ID]["isWithdrawn"] = True
    clock.at += DAY
    look(clock)
    milestone.refresh_from_db()
    assert milestone.outcome == Outcome.DROPPED
    assert Bill.objects.get().standing == Standing.WITHDRAWN


def test_it_is_asked_for_once_an_hour(campaign: Campaign, table: Table, clock: Waiting) -> None:
    followed(campaign, clock)
    for minutes, requests in ((30, 0), (31, 1)):
        clock.at += timedelta(minutes=minutes)
        assert look(clock).requests == requests


@pytest.mark.parametrize("fault", [FAULT, HTML, TRUNCATED, tells({"value": None}), tells([])])
def test_a_server_that_fails_loses_nothing(
    campaign: Campaign, table: Table, clock: Waiting, fault: Fault
) -> None:
    milestone = followed(campaign, clock)
    table.fails(fault, times=3)
    clock.at += 2 * timedelta(hours=1)
    assert look(clock).troubles != []
    milestone.refresh_from_db()
    assert milestone.outcome == Outcome.UPCOMING
    table.faults.clear()
    clock.at += DAY
    assert look(clock).troubles == []


def test_what_is_no_question_is_told_in_words(table: Table, clock: Waiting) -> None:
    with ask(table, clock) as asker:
        with pytest.raises(NotThere):
            QUESTIONS.get_bill(asker, "2026-03-05/9")
        with pytest.raises(NotThere):
            QUESTIONS.get_bill(asker, "../../secret")
        table.fails(tells({"value": question(uin="2")}))
        with pytest.raises(Trouble, match="something that is not question"):
            QUESTIONS.get_bill(asker, ID)


@settings(max_examples=20)
@given(ANY_JSON)
def test_odd_questions_break_nothing(value: Any) -> None:
    for name in ("uin", "dateTabled", "dateForAnswer", "askingMember", "heading", "house", "dateAnswered"):
        QUESTIONS._question(question() | {name: value})
    QUESTIONS._question(value if isinstance(value, dict) else {})
