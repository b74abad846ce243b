"""What is said in Parliament, found by words, by member or in one debate, as quotes to review."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from apps.campaigns.models import Campaign
from apps.intake.models import Article, Hit, Monitor, Proposal
from apps.intake.monitoring import looking
from apps.intake.monitoring.bringing import passage_of
from apps.intake.monitoring.fetching import typed_for
from apps.legislation.providers.hansard import Hansard, Place, _debated, _found, plain, speaker_of
from apps.words import read_query
from tests import make
from tests.legislation.conftest import Waiting
from tests.legislation.openapi import breaches
from tests.legislation.parliament import FAULT, HTML, TRUNCATED, Fault, Parliament, says, sitting, tells
from tests.legislation.test_uk_bills import ANY_JSON
from tests.make import AT, DAY

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parents[1] / "legislation" / "recorded" / "hansard"
DEBATE = "5870CB84-8808-4BB6-8F3D-506D107D2D69"


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def contributions(on: str = "2026-03-09") -> list[dict[str, Any]]:
    return [each | {"SittingDate": f"{on}T00:00:00"} for each in recorded("contributions")["Results"]]


def debate() -> dict[str, Any]:
    """The same contributions, as the debate itself tells of them, in an old one."""
    items = [
        {"ItemType": "Timestamp", "AttributedTo": None, "Value": "<p>3.00pm</p>", "ExternalId": "x"},
        *[
            {
                "ItemType": "Contribution",
                "AttributedTo": each["AttributedTo"],
                "Value": f"<p>{each['ContributionTextFull']}</p>",
                "ExternalId": each["ContributionExtId"],
            }
            for each in contributions()[:2]
        ],
    ]
    about = {"ExtId": DEBATE, "Title": "Online Safety Bill", "House": "Lords", "Date": "2022-11-07T00:00:00"}
    return {"Overview": about, "Items": items[:2], "ChildDebates": [{"Overview": about, "Items": items[2:]}]}


@dataclass
class Reports(Parliament):
    """Hansard's API: `said` are contributions; it finds those with all the words, as long as it is asked
    for no more than 100."""

    said: list[dict[str, Any]] = field(default_factory=contributions)

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        if path[:2] == ["debates", "debate"]:
            return tells(debate()) if path[2] == f"{DEBATE}.json" else says(404)
        asked = {name.removeprefix("queryParameters."): value[0] for name, value in query.items()}
        if int(asked["take"]) > 100:
            return says(500)
        words = asked.get("searchTerm", "").replace('"', "").lower().split()
        found = [
            each
            for each in self.said
            if all(word in each["ContributionTextFull"].lower() for word in words)
            and each["SittingDate"] >= asked["startDate"]
            and asked.get("memberId", str(each["MemberId"])) == str(each["MemberId"])
        ]
        return tells(recorded("contributions") | {"Results": found, "TotalResultCount": len(found)})


@pytest.fixture
def reports(settings: Any) -> Iterator[Reports]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with sitting(Reports()) as house:
        settings.HANSARD_API = house.url
        assert isinstance(house, Reports)
        yield house


@pytest.fixture
def clock() -> Waiting:
    return Waiting(AT)


def look(clock: Waiting) -> looking.Tally:
    return looking.look(clock=clock, pause=clock.pause)


def test_what_is_recorded_and_served_is_as_parliaments_specification_has_it() -> None:
    spec = recorded("definitions")
    told = {"$ref": "#/definitions/SearchContributionsQueryResult"}
    assert list(breaches(recorded("contributions"), told, spec)) == []
    assert list(breaches(debate(), {"$ref": "#/definitions/Debate"}, spec)) == []


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("https://hansard.parliament.uk/", Place()),
        (f"hansard.parliament.uk/lords/2022-11-07/debates/{DEBATE.lower()}/Safety", Place(debate=DEBATE)),
        (f"https://hansard.parliament.uk/debates/{DEBATE}", Place(debate=DEBATE)),
        ("https://hansard.parliament.uk/search/MemberContributions?memberId=4643", Place(member="4643")),
        ("https://members.parliament.uk/member/4643/contact", Place(member="4643")),
        ("https://members.parliament.uk/", None),
        ("https://example.org/debates", None),
    ],
)  # fmt: skip
def test_an_address_says_what_of_hansard_is_wanted(typed: str, place: Place | None) -> None:
    assert Hansard().read_address(typed) == place


@pytest.mark.parametrize(
    ("attributed", "name", "house", "speaker"),
    [
        ("Baroness Merron (Lab)", "Baroness Merron", "Lords", ("Baroness Merron", "")),
        ("Jo Smith (Hull, North) (Lab)", "", "Commons", ("Jo Smith", "MP for Hull, North")),
        ("Jo Smith (Chippenham, Conservative)", "Jo Smith", "Commons", ("Jo Smith", "MP for Chippenham")),
        ("The Minister for Tech (Paul Scully)", "", "Commons", ("Paul Scully", "Minister for Tech")),
        ("The Prime Minister", "Boris Johnson", "Commons", ("Boris Johnson", "Prime Minister")),
        ("The Prime Minister", "", "Commons", ("The Prime Minister", "")),
        ("Madam Deputy Speaker (Dame Rosie Winterton)", "", "Lords", ("Madam Deputy Speaker", "")),
        ("", "", "", ("", "")),
    ],
)  # fmt: skip
def test_who_spoke_and_as_what(attributed: str, name: str, house: str, speaker: tuple[str, str]) -> None:
    assert speaker_of(attributed, name, house) == speaker


def test_marks_are_taken_out_of_what_was_said() -> None:
    said = (
        '<p>One<span class="column-number" data-column-number="1"></span> &amp; <em>two</em></p><p>Three</p>'
    )
    assert plain(said) == "One & two\n\nThree"


def test_by_words_each_is_a_quote_with_its_speaker_and_a_link_to_the_very_words(
    campaign: Campaign, reports: Reports, clock: Waiting
) -> None:
    monitor = make.monitor(
        campaign, "https://hansard.parliament.uk", words='"molly russell" inquest -gambling'
    )
    assert look(clock).troubles == []
    proposal = Proposal.objects.select_related("article__source").get()
    assert (proposal.kind, proposal.state, proposal.proposed_by) == ("quote", "waiting", None)
    said = {name: proposal.fields[name] for name in ("person", "role", "date", "voice")}
    assert said == {
        "person": "Lord Parkinson of Whitley Bay",
        "role": "",
        "date": "9 March 2026",
        "voice": "official",
    }
    assert proposal.fields["words"] == proposal.words
    assert proposal.words.startswith("The inquest into the heartbreaking death of Molly Russell")
    assert proposal.article is not None
    source = proposal.article.source
    assert (source.title, source.publisher) == ("Online Safety Bill, House of Lords, 9 March 2026", "Hansard")
    assert source.url == (
        f"https://hansard.parliament.uk/Lords/2026-03-09/debates/{DEBATE}/"
        "#contribution-00000000-0000-0000-0000-000000000001"
    )
    assert "searchTerm=%22molly+russell%22+inquest&" in reports.asked[0]
    assert "startDate=2026-02-24" in reports.asked[0]
    for each in reports.said:
        each["ContributionExtId"] = each["ContributionExtId"].upper()
    clock.at += DAY
    look(clock)
    assert monitor.hits.count() == 1


def test_one_debate_is_read_whole_however_old(campaign: Campaign, reports: Reports, clock: Waiting) -> None:
    url = f"https://hansard.parliament.uk/lords/2022-11-07/debates/{DEBATE}/OnlineSafetyBill"
    monitor = make.monitor(campaign, url, words="")
    look(clock)
    hits = monitor.hits.order_by("pk")
    assert [(hit.speaker, hit.state) for hit in hits] == [
        ("Lord Parkinson of Whitley Bay", Hit.State.BROUGHT),
        ("Baroness Merron", Hit.State.BROUGHT),
    ]
    assert str(monitor.feeds.get()) == "Hansard: Online Safety Bill"
    assert Article.objects.filter(source__published="2022-11-07").count() == 2


def test_by_member_only_what_that_member_said(campaign: Campaign, reports: Reports, clock: Waiting) -> None:
    reports.said = deepcopy(reports.said)
    reports.said[1]["MemberId"] = 4643
    make.monitor(campaign, "https://members.parliament.uk/member/4643", words="")
    look(clock)
    assert Hit.objects.get().speaker == "Baroness Merron"


def test_all_of_hansard_without_words_is_too_much(
    campaign: Campaign, reports: Reports, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, "https://hansard.parliament.uk", words="")
    look(clock)
    assert monitor.feeds.get().said == "All of Hansard is too much: give words to look for."
    assert reports.asked == []


@pytest.mark.parametrize("fault", [FAULT, HTML, TRUNCATED, tells({"Results": None}), tells([])])
def test_a_server_that_fails_is_tried_again_later(
    campaign: Campaign, reports: Reports, clock: Waiting, fault: Fault
) -> None:
    monitor = make.monitor(campaign, "https://hansard.parliament.uk", words="inquest")
    reports.fails(fault)
    look(clock)
    feed = monitor.feeds.get()
    assert (feed.failures, bool(feed.said)) == (1, True)
    clock.at += timedelta(hours=1)
    look(clock)
    assert monitor.hits.get().state == Hit.State.BROUGHT


def test_patience_is_kept_and_turned_off_it_says_so(
    campaign: Campaign, reports: Reports, clock: Waiting, settings: Any
) -> None:
    monitor = make.monitor(campaign, "https://hansard.parliament.uk", words="inquest")
    reports.fails(says(429, Retry_After="7200"))
    look(clock)
    assert monitor.feeds.get().try_at >= AT + timedelta(hours=2)
    settings.HANSARD_API = ""
    Monitor.objects.get().feeds.update(try_at=AT)
    look(clock)
    assert monitor.feeds.get().said == "Hansard is not asked. It is turned off: HANSARD_API is empty."


def test_of_what_is_long_the_paragraph_that_fits_is_quoted() -> None:
    first, second = "We met at noon. " * 60, "The inquest came first. " * 30
    text = f"{first.strip()}\n\n{second.strip()}"
    start, end = passage_of(text, read_query("inquest", as_typed=False))
    assert text[start:end] == second.strip()
    assert passage_of(text, read_query("")) == (0, len(first.strip()))
    assert passage_of("Short.", read_query("other")) == (0, 6)
    endless = "A sentence of some length. " * 1000
    start, end = passage_of(endless, read_query(""))
    assert (start, endless[end - 1], end <= 9_000) == (0, ".", True)


def test_what_hansards_own_search_is_asked_for() -> None:
    assert typed_for('online "safety bill" -gambling regulat*') == 'online "safety bill"'
    assert typed_for("regulat*") == "regulat"
    assert typed_for("") == ""


@settings(max_examples=20)
@given(ANY_JSON)
def test_odd_contributions_break_nothing(value: Any) -> None:
    for name in (
        "AttributedTo",
        "MemberName",
        "ContributionTextFull",
        "SittingDate",
        "House",
        "DebateSection",
    ):
        _found(contributions()[0] | {name: value})
    for name in ("Overview", "Items", "ChildDebates"):
        list(_debated(debate() | {name: value}, 3))
    assert _found(contributions()[0]) is not None
    assert date(2026, 3, 9) == _found(contributions()[0]).day  # type: ignore[union-attr]
