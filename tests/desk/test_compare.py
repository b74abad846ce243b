"""Several campaigns on one axis, and promises across campaigns: what is drawn, listed and added up, for whom,
and what it costs."""

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.campaigns.actions import add_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.desk import compare
from apps.legislation.actions import settle
from apps.legislation.models import Milestone, Outcome
from apps.timeline.density import rebuild
from apps.timeline.models import Entry, Kind, Relation
from tests import make
from tests.desk.reading import link_called, pages_from, query_count, text
from tests.desk.test_picture import (
    BAD,
    EVERYTHING,
    NASTY,
    Drawing,
    counts,
    drawing,
    ids,
    item,
    moved,
    of_class,
    stops,
    texts,
)
from tests.make import AT, DAY
from tests.pages import Clock, at, client_of, text_of, unsafe_parts


@pytest.fixture
def reader(clock: Clock, db: None) -> User:
    return make.user("rita")


@pytest.fixture
def bill(reader: User) -> Campaign:
    """One where she is of the staff."""
    return _joined(make.campaign(name="Online Harms Bill"), reader, Role.ADVOCACY)


@pytest.fixture
def rivers(reader: User) -> Campaign:
    """One where she reads along."""
    return _joined(make.campaign(name="Clean rivers"), reader, Role.VIEWER)


@pytest.fixture
def streets(reader: User) -> Campaign:
    """A public one of others."""
    return make.campaign(name="Safe streets", public=True)


def _joined(campaign: Campaign, user: User, role: Role) -> Campaign:
    add_member(campaign=campaign, user=user, role=role, by=make.owner_of(campaign), at=AT)
    return campaign


def get(user: User | None, *campaigns: Campaign, name: str = "compare", **query: Any) -> HttpResponse:
    asked = {"c": [campaign.slug for campaign in campaigns]} if campaigns else {}
    return client_of(user).get(at(name), asked | query)


def drawn(user: User | None, *campaigns: Campaign, **query: Any) -> Drawing:
    return drawing(get(user, *campaigns, name="compared", **(EVERYTHING | query)))


def listed(response: HttpResponse) -> list[tuple[str, str]]:
    """Headline and campaign of each row."""
    found = re.findall(
        r'<p class="headline">(.*?)</a> <span class="whose">(.*?)</span>', response.content.decode()
    )
    return [(text(headline), whose) for headline, whose in found]


def settled(milestone: Milestone, on: date, outcome: Outcome = Outcome.MET) -> Entry:
    by = make.owner_of(milestone.entry.campaign)
    settle(milestone=milestone, outcome=outcome, on=on, by=by, at=AT)
    return milestone.entry


# --- Lanes ------------------------------------------------------------------------------------------------


def test_each_campaign_has_a_lane_in_the_order_of_the_address(
    reader: User, bill: Campaign, rivers: Campaign
) -> None:
    one = make.milestone(bill, target="2026-04-20").entry
    other = make.milestone(rivers, target="2026-05-20").entry
    make.quote(bill, date="2026-03-04")
    svg = drawn(reader, rivers, bill)
    assert texts(svg, "title") == ["Clean rivers", "Online Harms Bill"]
    assert [ids(each) for each in of_class(svg, "lane")] == [[other.pk], [one.pk]]
    assert item(svg, one).get("href") == at("entry", bill, pk=one.pk)
    assert item(svg, one).get("aria-label", "").endswith(", Online Harms Bill")


def test_one_axis_the_same_day_stands_at_the_same_place(
    reader: User, bill: Campaign, rivers: Campaign
) -> None:
    pair = [make.milestone(campaign, target="2026-05-20").entry for campaign in (bill, rivers)]
    svg = drawn(reader, bill, rivers)
    places = {re.findall(r"[\d.]+", item(svg, entry).get("transform", ""))[0] for entry in pair}
    assert len(places) == 1


def test_kinds_can_be_widened(reader: User, bill: Campaign, rivers: Campaign) -> None:
    every = [
        make.milestone(bill, target="2026-06-20").entry,
        make.statistic(bill, date="2026-03-05").entry,
        make.quote(rivers, date="2026-03-04", cleared=True).entry,
        make.update(rivers, date="2026-03-03"),
    ]
    for kinds in (["milestone"], ["quote", "update"], list(Kind.values)):
        wanted = sorted(entry.pk for entry in every if entry.kind in kinds)
        assert ids(drawn(reader, bill, rivers, kind=kinds)) == wanted
        assert len(listed(get(reader, bill, rivers, kind=kinds))) == len(wanted)


def test_slips_are_drawn_as_on_the_timeline_and_nothing_is_moved_here(reader: User, bill: Campaign) -> None:
    entry = moved(make.milestone(bill, target="2026-04-20"), "2026-05-11", "2026-07-01")
    mark = item(drawn(reader, bill), entry)
    assert [day for _, day in stops(mark, float(mark.get("data-day", "")))] == [
        date(2026, 4, 20),
        date(2026, 5, 11),
    ]
    assert mark.get("data-move") is None


def test_a_lane_folds_by_its_campaign(reader: User, bill: Campaign, rivers: Campaign) -> None:
    hidden, shown = (make.milestone(campaign).entry for campaign in (bill, rivers))
    svg = drawn(reader, bill, rivers, fold=bill.slug)
    assert ids(svg) == [shown.pk]
    (unfold,) = [each for each in of_class(svg, "fold") if each.get("data-fold") == bill.slug]
    again = client_of(reader).get(at("compared") + (unfold.get("href") or ""))
    assert ids(drawing(again)) == sorted([hidden.pk, shown.pk])


@pytest.mark.parametrize("kinds", [["update"], ["update", "quote"]])
def test_a_lane_with_too_many_becomes_columns_and_says_whose(
    reader: User, bill: Campaign, rivers: Campaign, monkeypatch: pytest.MonkeyPatch, kinds: list[str]
) -> None:
    monkeypatch.setattr(compare, "MOST_MARKS", 6)
    for day in range(1, 5):
        make.update(bill, date=f"2026-03-{day:02d}")
    few = make.update(rivers, date="2026-03-03")
    svg = drawn(reader, bill, rivers, kind=kinds)
    said = [column.get("aria-label", "") for column in of_class(svg, "column")]
    assert sum(int(words.split()[0]) for words in said) == 4
    assert all(", Online Harms Bill, " in words and words.endswith(": show closer") for words in said)
    assert ids(svg) == [few.pk]


def test_everything_holds_the_first_and_the_last_of_all_lanes(
    reader: User, bill: Campaign, rivers: Campaign
) -> None:
    make.milestone(bill, target="2020-01-10")
    make.milestone(rivers, target="2029-01-10")
    svg = drawing(get(reader, bill, rivers, name="compared"))
    first, length = (int(svg.get(name, "")) for name in ("data-first", "data-days"))
    assert first <= date(2020, 1, 10).toordinal() and date(2029, 1, 10).toordinal() < first + length


def test_next_deadline_is_the_next_of_any_lane(reader: User, bill: Campaign, rivers: Campaign) -> None:
    make.milestone(bill, target="2026-09-20")
    make.milestone(rivers, target="2026-05-20")
    response = get(reader, bill, rivers, **{"from": "2026-04-01", "to": "2026-04-30"})
    (href,) = re.findall(r'<a href="([^"]*)" data-go="next"', response.content.decode())
    there = drawing(client_of(reader).get(at("compared") + href.replace("&amp;", "&")))
    assert int(there.get("data-first", "")) + 15 == date(2026, 5, 20).toordinal()


# --- What they add up to ----------------------------------------------------------------------------------


def test_a_line_says_how_each_campaigns_targets_held(
    reader: User, bill: Campaign, rivers: Campaign, streets: Campaign
) -> None:
    for _ in range(2):
        moved(make.milestone(bill, target="2026-04-20"), "2026-05-20")
    late = make.milestone(bill, target="2025-12-31")
    moved(late, "2026-02-28")
    settled(Milestone.everything.get(pk=late.pk), date(2026, 3, 1))
    make.milestone(rivers, target="2026-06-01")
    page = text_of(get(reader, bill, rivers, streets))
    assert "Online Harms Bill : 3 targets slipped, worst 60 days late" in page
    assert "Clean rivers : no target slipped" in page
    assert "Safe streets : no milestone to see" in page


# --- The list ---------------------------------------------------------------------------------------------


def test_the_list_is_in_order_of_date_and_each_row_names_its_campaign(
    reader: User, bill: Campaign, rivers: Campaign
) -> None:
    make.milestone(bill, target="2026-05-01", headline="Second")
    make.milestone(rivers, target="2026-04-01", headline="First")
    make.milestone(rivers, target="2026-06-01", headline="Third")
    rows = listed(get(reader, bill, rivers))
    assert rows == [("First", "Clean rivers"), ("Second", "Online Harms Bill"), ("Third", "Clean rivers")]


@pytest.mark.parametrize("kinds", [["milestone"], ["milestone", "update"], Kind.values])
def test_its_pages_hold_every_entry_once(
    reader: User, bill: Campaign, rivers: Campaign, monkeypatch: pytest.MonkeyPatch, kinds: list[str]
) -> None:
    monkeypatch.setattr("apps.desk.views.compare.PAGE", 4)
    for number in range(7):
        day = f"2026-{number % 3 + 2:02d}-01"
        make.milestone(bill, target=day, headline=f"b{number}")
        make.update(rivers, date=day, headline=f"r{number}")
    wanted = 14 if "update" in kinds else 7
    asked = "&".join([f"c={bill.slug}", f"c={rivers.slug}", *[f"kind={kind}" for kind in kinds]])
    later, earlier = (
        [listed(page) for page in pages_from(client_of(reader), f"{at('compare')}?{asked}", rel)]
        for rel in ("next", "prev")
    )
    rows = [row for page in [*earlier[:0:-1], *later] for row in page]
    assert (len(rows), len(set(rows))) == (wanted, wanted)


def test_a_damaged_place_shows_the_entries_around_today(reader: User, bill: Campaign) -> None:
    make.milestone(bill)
    page = text_of(get(reader, bill, after="2026-02-30.x"))
    assert "The page’s address was damaged" in page and "Royal Assent" in page


# --- Who sees what ----------------------------------------------------------------------------------------


def plant(campaign: Campaign) -> dict[str, Entry]:
    """A milestone for each circle of readers."""
    return {
        visibility: make.milestone(campaign, headline=f"For {visibility}", visibility=visibility).entry
        for visibility in ("public", "team", "staff")
    } | {
        "embargo": make.milestone(
            campaign, headline="Later", visibility="public", embargo_until=AT + DAY
        ).entry
    }


def test_each_campaign_shows_what_her_role_there_lets_her_see(
    reader: User, bill: Campaign, rivers: Campaign, streets: Campaign
) -> None:
    planted = {campaign.name: plant(campaign) for campaign in (bill, rivers, streets)}
    seen = {
        bill.name: ["public", "team", "staff", "embargo"],
        rivers.name: ["public", "team"],
        streets.name: ["public"],
    }
    wanted = {planted[name][sort] for name, sorts in seen.items() for sort in sorts}
    assert ids(drawn(reader, bill, rivers, streets)) == sorted(entry.pk for entry in wanted)
    rows = listed(get(reader, bill, rivers, streets))
    assert Counter(rows) == Counter((entry.headline, entry.campaign.name) for entry in wanted)


@pytest.mark.parametrize("as_columns", [False, True], ids=["marks", "columns"])
def test_a_visitor_sees_public_entries_of_public_campaigns(
    bill: Campaign, streets: Campaign, monkeypatch: pytest.MonkeyPatch, as_columns: bool
) -> None:
    if as_columns:
        monkeypatch.setattr(compare, "MOST_MARKS", 0)
    plant(bill)
    public = plant(streets)["public"]
    svg = drawn(None, bill, streets)
    assert (texts(svg, "title"), counts(svg).total()) == (["Safe streets"], int(as_columns))
    assert ids(svg) == [public.pk]  # under columns too: it is due next
    assert listed(get(None, bill, streets)) == [("For public", "Safe streets")]


def test_a_hidden_campaign_answers_like_one_that_does_not_exist(bill: Campaign, streets: Campaign) -> None:
    plant(bill)
    stranger = make.user()
    for user in (stranger, None):
        for also in ([], [streets.slug]):
            pages = [
                text_of(client_of(user).get(at("compare"), {"c": [slug, *also]})).replace(slug, "…")
                for slug in (bill.slug, "qqqq")
            ]
            assert pages[0] == pages[1]
            assert "There is no campaign at “…” that you may see." in pages[0]
        answers = [client_of(user).get(at("compared"), {"c": slug}) for slug in (bill.slug, "qqqq")]
        assert [answer.status_code for answer in answers] == [400, 400]


def test_the_chooser_offers_mine_and_what_is_public(
    reader: User, bill: Campaign, rivers: Campaign, streets: Campaign
) -> None:
    make.campaign(name="Secret")
    for user, offered in ((reader, [rivers.slug, bill.slug, streets.slug]), (None, [streets.slug])):
        assert re.findall(r'name="c" value="([^"]*)"', get(user).content.decode()) == offered


# --- Promises ---------------------------------------------------------------------------------------------


def test_promises_are_found_by_whole_name_in_every_campaign_one_may_see(
    reader: User, bill: Campaign, rivers: Campaign, streets: Campaign
) -> None:
    for campaign, name in (
        (bill, "Ann Bell"),
        (rivers, "ANN BELL"),
        (streets, "Ann Bell"),
        (bill, "Ann Bellamy"),
    ):
        make.milestone(
            campaign, headline=f"By {name}", person=make.person(campaign, name), visibility="public"
        )
    make.milestone(make.campaign(name="Secret"), headline="Not hers to see")
    page = get(reader, person="  ann   bell ")
    assert sorted(listed(page)) == [
        ("By ANN BELL", "Clean rivers"),
        ("By Ann Bell", "Online Harms Bill"),
        ("By Ann Bell", "Safe streets"),
    ]
    assert texts(drawn(reader, person="Ann Bell"), "title") == [
        "Clean rivers",
        "Online Harms Bill",
        "Safe streets",
    ]
    assert listed(get(None, person="Ann Bell")) == [("By Ann Bell", "Safe streets")]
    assert listed(get(reader, bill, person="Ann Bell")) == [("By Ann Bell", "Online Harms Bill")]
    assert listed(get(reader, organisation="Ann Bell")) == []


@pytest.mark.database
@pytest.mark.parametrize("typed", ["Élodie Müller", "ÉLODIE MÜLLER", "élodie müller"])
def test_names_in_any_script_match_without_regard_to_capitals(
    reader: User, bill: Campaign, typed: str
) -> None:
    make.milestone(bill, person=make.person(bill, "Élodie Müller"))
    assert len(listed(get(reader, person=typed))) == 1
    assert listed(get(reader, person="Élodie.Müller")) == []


def test_what_a_quote_promised_counts_for_those_who_may_see_both(
    reader: User, bill: Campaign, rivers: Campaign
) -> None:
    for campaign, cleared in ((bill, False), (rivers, False), (rivers, True)):
        target = make.milestone(campaign, headline=f"Promised, {cleared}").entry
        quote = make.quote(campaign, person=make.person(campaign, "Ann Bell"), cleared=cleared).entry
        make.link(quote, target, Relation.PROMISES)
        make.link(quote, make.milestone(campaign, headline="Only bears on it").entry, Relation.SUPPORTS)
    assert sorted(listed(get(reader, person="Ann Bell"))) == [
        ("Promised, False", "Online Harms Bill"),
        ("Promised, True", "Clean rivers"),
    ]


@pytest.mark.parametrize("few", [1, 1_000])
def test_many_promises_are_found_as_few_are(
    reader: User, bill: Campaign, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(compare, "FEW", few)
    ann = make.person(bill, "Ann Bell")
    quote = make.quote(bill, person=ann).entry
    make.link(quote, make.milestone(bill, headline="By her words").entry, Relation.PROMISES)
    for number in range(3):
        make.milestone(bill, headline=f"Hers {number}", person=ann)
    make.milestone(bill, headline="Nobody's")
    page = get(reader, person="Ann Bell")
    assert sorted(headline for headline, _ in listed(page)) == ["By her words", "Hers 0", "Hers 1", "Hers 2"]
    assert "4 entries" in text_of(page) and len(ids(drawn(reader, person="Ann Bell"))) == 4


def test_an_organisation_promises_by_its_own_words_and_its_peoples(reader: User, bill: Campaign) -> None:
    dcms, home = (make.organisation(bill, name) for name in ("DCMS", "Home Office"))
    minister = make.person(bill, "Ann Bell")
    make.post(minister, role="Minister", organisation=dcms)
    quotes = [
        make.quote(bill, organisation=dcms),
        make.quote(bill, person=minister),
        make.quote(bill, organisation=home),
    ]
    for number, quote in enumerate(quotes):
        make.link(quote.entry, make.milestone(bill, headline=f"Target {number}").entry, Relation.PROMISES)
    make.milestone(bill, headline="Responsible", organisation=dcms)
    assert quotes[1].post is not None
    headlines = sorted(headline for headline, _ in listed(get(reader, organisation="dcms")))
    assert headlines == ["Responsible", "Target 0", "Target 1"]


def test_a_summary_says_how_promises_were_kept(reader: User, bill: Campaign, rivers: Campaign) -> None:
    ann = {campaign: make.person(campaign, "Ann Bell") for campaign in (bill, rivers)}

    def promised(campaign: Campaign, target: str, **more: Any) -> Milestone:
        return make.milestone(campaign, target=target, person=ann[campaign], **more)

    settled(promised(bill, "2026-03-01"), date(2026, 3, 1))
    settled(promised(bill, "2026-02-01"), date(2026, 3, 1))
    settled(promised(rivers, "2026-02-27"), date(2026, 3, 1))
    settled(promised(rivers, "2026-02-27"), date(2026, 3, 1), Outcome.MISSED)
    promised(rivers, "2026-06-20")
    promised(bill, "2026-02-20")
    promised(bill, "2026-06-20", approved=False)
    page = text_of(get(reader, person="Ann Bell"))
    assert "Promised 6, met on time 1, late 2 (worst 28 days), open 1, overdue 1, missed or dropped 1" in page
    assert "Online Harms Bill : promised 3, met on time 1, late 1 (28 days), open 0, overdue 1" in page


def test_more_campaigns_than_lanes_are_listed_all(
    reader: User, bill: Campaign, rivers: Campaign, streets: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.desk.views.compare.MOST_TRACKS", 2)
    for campaign in (bill, rivers, streets):
        make.milestone(campaign, person=make.person(campaign, "Ann Bell"), visibility="public")
    page = get(reader, person="Ann Bell")
    assert "Of 3 campaigns the first 2 are drawn. The list below has all." in text_of(page)
    assert len(listed(page)) == 3
    assert len(of_class(drawn(reader, person="Ann Bell"), "lane")) == 2


def test_a_persons_and_an_organisations_page_lead_there(reader: User, bill: Campaign) -> None:
    named = {"person": make.person(bill, "Ann & Bell"), "organisation": make.organisation(bill, "Ann & Bell")}
    for what, row in named.items():
        make.milestone(bill, headline=f"Of {what}", **{what: row})
        client = client_of(reader)
        there = link_called(client.get(at(what, bill, pk=row.pk)), "Their promises across campaigns")
        assert listed(client.get(there or "")) == [(f"Of {what}", "Online Harms Bill")]


# --- What cannot be as it was asked -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "Choose up to 8 campaigns"),
        ({"c": ""}, "Choose up to 8 campaigns"),
        ({"c": [f"c{n}" for n in range(9)]}, "At most 8 campaigns fit on one axis; this asks for 9."),
        ({"c": "nobody"}, "There is no campaign at “nobody” that you may see."),
        ({"c": "x" * 500}, f"There is no campaign at “{'x' * 59}…” that you may see."),
        ({"c": "a\x00b"}, "There is no campaign at “a\ufffdb” that you may see."),
        ({"c": "bill", "kind": "<b>"}, "There is no kind “&lt;b&gt;”"),
        ({"person": "x" * 201}, "A name has at most 200 characters; this has 201."),
        ({"person": "Ann\x07"}, "hidden control character"),
        ({"organisation": "\x00"}, "hidden control character"),
        ({"person": "Ann", "organisation": "DCMS"}, "Ask for a person or an organisation, not both."),
        ({"person": "Nobody Known"}, "No promise of Nobody Known is in a campaign that you may see."),
        ({"person": "%' OR 1=1 --"}, "No promise of"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(
    reader: User, bill: Campaign, query: Any, said: str
) -> None:
    response = client_of(reader).get(at("compare"), query)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert unsafe_parts(response) == []
    assert client_of(reader).get(at("compared"), query).status_code == 400


def test_one_campaign_stands_by_itself_and_an_empty_one_says_so(reader: User, bill: Campaign) -> None:
    page = text_of(get(reader, bill))
    assert "One campaign stands here by itself." in page
    assert "Nothing of this kind is in these campaigns yet, or not for you to see." in page
    assert ids(drawn(reader, bill)) == []


def test_a_campaign_asked_for_twice_stands_once(reader: User, bill: Campaign) -> None:
    assert len(of_class(drawn(reader, bill, bill), "lane")) == 1


@pytest.mark.parametrize("end", ["from", "to"])
@pytest.mark.parametrize("typed", BAD)
def test_a_bad_window_is_answered_with_a_sentence(reader: User, bill: Campaign, end: str, typed: str) -> None:
    make.milestone(bill)
    fragment = get(reader, bill, name="compared", **{end: typed})
    assert fragment.status_code == 400 and len(fragment.json()["error"]) > 20
    page = get(reader, bill, **{end: typed})
    assert page.status_code == 200 and "This shows everything instead." in text_of(page)


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-07-31", "to": "2026-02-01"},
        {"from": "0001", "to": "9998"},
        {"from": "9998", "to": "9998"},
        {"from": "2026-03-10", "to": "2026-03-10"},
        {"fold": ["", "x" * 500, "\x00"]},
        {"width": "9" * 400},
    ],
)
def test_any_other_window_is_drawn_and_all_links_from_it_lead_on(
    reader: User, bill: Campaign, query: Any
) -> None:
    make.milestone(bill)
    response = get(reader, bill, **query)
    for direction in ("earlier", "later", "closer", "wider", "all", "today"):
        (href,) = re.findall(rf'<a href="([^"]*)" data-go="{direction}"', response.content.decode())
        assert client_of(reader).get(at("compared") + href.replace("&amp;", "&")).status_code == 200, (
            direction
        )


def test_what_people_wrote_is_escaped(reader: User, bill: Campaign) -> None:
    bill.name = NASTY
    bill.save()
    make.milestone(bill, headline=NASTY, person=make.person(bill, NASTY))
    for response in (get(reader, bill), get(reader, person=NASTY), get(reader, bill, name="compared")):
        assert not re.search(r"<b[ >]|<script>alert|</svg><b", response.content.decode())
        assert unsafe_parts(response) == []


# --- Asked twice, and what it costs -----------------------------------------------------------------------


def test_the_picture_is_not_sent_again_until_it_changes(
    reader: User, bill: Campaign, rivers: Campaign
) -> None:
    make.milestone(bill)

    def ask(etag: str = "") -> HttpResponse:
        headers = {"If-None-Match": etag} if etag else {}
        return client_of(reader).get(at("compared"), {"c": [bill.slug, rivers.slug]}, headers=headers)

    etag = ask()["ETag"]
    assert ask(etag).status_code == 304
    assert ask()["Cache-Control"] == "private, no-cache"
    make.milestone(rivers)
    assert ask(etag).status_code == 200


def fill(campaign: Campaign, count: int) -> None:
    person = make.person(campaign, "Ann Bell")
    for number in range(count):
        day = f"2026-{number % 6 + 2:02d}-{number % 28 + 1:02d}"
        milestone = make.milestone(campaign, target=day, person=person)
        if number % 3 == 0:
            moved(milestone, "2026-07-30")
        make.link(make.quote(campaign, date=day, person=person).entry, milestone.entry, Relation.PROMISES)


@pytest.mark.parametrize("query", ["c={}&c={}", "c={}&c={}&kind=quote&kind=milestone", "person=ann+bell"])
def test_it_costs_as_many_queries_for_many_entries_as_for_few(
    reader: User, bill: Campaign, rivers: Campaign, query: str
) -> None:
    asked = query.format(bill.slug, rivers.slug) + "&from=2026-02-01&to=2026-07-31"
    pages = [f"{at(name)}?{asked}" for name in ("compare", "compared")]
    client: Client = client_of(reader)
    for campaign in (bill, rivers):
        fill(campaign, 3)
    few = [query_count(client, page) for page in pages]
    for campaign in (bill, rivers):
        fill(campaign, 12)
        rebuild(campaign)
    assert [query_count(client, page) for page in pages] == few
    assert few[0] <= 72 and few[1] <= 52
