"""Search: what is found, in which order, marked and counted; and that whatever is typed ends in a page."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.campaigns.actions import add_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.timeline.actions import edit_entry
from apps.timeline.models import Entry
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import at, text_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def found(desk: Desk, **asked: Any) -> list[str]:
    """Headlines of the page, in order."""
    response = desk.get("search", query=asked)
    assert response.status_code == 200
    return [hit.entry.headline for hit in response.context["hits"]]


def said(desk: Desk, **asked: Any) -> str:
    return text_of(desk.get("search", query=asked))


@pytest.fixture
def corpus(campaign: Campaign) -> dict[str, Entry]:
    """A fixed dozen: the same on either database."""
    nspcc, ofcom = make.organisation(campaign), make.organisation(campaign, "Ofcom")
    andy, zoe = make.person(campaign, "Andy Burrows"), make.person(campaign, "Zoë Müller-Łukasz")
    make.post(andy, role="Head of Policy", organisation=nspcc, held_from="2019", held_to="2021")
    make.post(andy, role="Director", organisation=nspcc, held_from="2022")
    debate = make.source(campaign, title="Debate on online harms", publisher="Hansard")
    return {
        "old quote": make.quote(
            campaign,
            headline="Burrows on delay",
            words="The duty of care cannot wait.",
            person=andy,
            organisation=nspcc,
            date="2020-09-03",
            cleared=True,
            source=debate,
        ).entry,
        "new quote": make.quote(
            campaign,
            headline="Burrows, again",
            words="A duty, and care, are late.",
            person=andy,
            organisation=nspcc,
            date="2023-01-10",
            tags=("Bill",),
        ).entry,
        "accents": make.quote(
            campaign,
            headline="Café owners",
            words="Das Straßenfest naïve résumé",
            person=zoe,
            date="2021-05",
        ).entry,
        "figure": make.statistic(
            campaign, headline="Offences up", date="2020-03-31", organisation=ofcom
        ).entry,
        "consultation": make.update(
            campaign,
            headline="Ofcom consults",
            note="About the duty of care.",
            date="2022-02-02",
            organisation=ofcom,
            tags=("Bill",),
        ),
        "secret": make.update(campaign, headline="Grooming plan", date="2026-03-01", embargo_until=AT + DAY),
        "deadline": make.milestone(campaign, headline="Royal Assent for online harms").entry,
    }


@pytest.mark.parametrize(
    ("typed", "headlines"),
    [
        ("duty care", ["Burrows, again", "Burrows on delay", "Ofcom consults"]),
        ('"duty of care"', ["Burrows on delay", "Ofcom consults"]),
        ("“duty of care”", ["Burrows on delay", "Ofcom consults"]),
        ("duty -wait", ["Burrows, again", "Ofcom consults"]),
        ("duty −wait", ["Burrows, again", "Ofcom consults"]),
        ('duty -"of care"', ["Burrows, again"]),
        ("burr", ["Burrows, again", "Burrows on delay"]),
        ("burr ", []),
        ("burr* delay ", ["Burrows on delay"]),
        ("cafe", ["Café owners"]),
        ("CAFÉ", ["Café owners"]),
        ("cafe\u0301", ["Café owners"]),
        ("strassenfest RESUME", ["Café owners"]),
        ("lukasz muller", ["Café owners"]),
        ("389", ["Offences up"]),
        ("west mercia", ["Offences up"]),
        ("online harms", ["Royal Assent for online harms", "Burrows on delay"]),
        ("harm ", []),
    ],
)
def test_the_same_is_found_in_the_same_order_on_either_database(
    desk: Desk, corpus: dict[str, Entry], typed: str, headlines: list[str]
) -> None:
    assert found(desk, q=typed) == headlines


def test_the_newest_come_first_when_asked(desk: Desk, corpus: dict[str, Entry]) -> None:
    assert found(desk, q="duty", sort="date") == ["Burrows, again", "Ofcom consults", "Burrows on delay"]


@pytest.mark.parametrize(
    ("asked", "headlines"),
    [
        ({"kind": "quote"}, ["Burrows, again", "Burrows on delay"]),
        ({"person": "burrows"}, ["Burrows, again", "Burrows on delay"]),
        ({"organisation": "ofc"}, ["Ofcom consults"]),
        ({"role": "director"}, ["Burrows, again"]),
        ({"role": "head of policy"}, ["Burrows on delay"]),
        ({"tag": "bill"}, ["Burrows, again", "Ofcom consults"]),
        ({"start": "2021"}, ["Burrows, again", "Ofcom consults"]),
        ({"end": "September 2020"}, ["Burrows on delay"]),
        ({"standing": "cleared"}, ["Burrows on delay"]),
        ({"standing": "unverified", "start": "2021"}, ["Burrows, again"]),
        ({"kind": "milestone"}, []),
    ],
)
def test_filters(desk: Desk, corpus: dict[str, Entry], asked: dict[str, str], headlines: list[str]) -> None:
    assert found(desk, q="duty", **asked) == headlines
    assert set(headlines) <= set(found(desk, **asked))  # without words too


def test_what_is_under_embargo_can_be_asked_for_by_staff(desk: Desk, corpus: dict[str, Entry]) -> None:
    assert found(desk, standing="embargoed") == ["Grooming plan"]


def test_only_what_can_be_used_now_is_listed_as_cleared(desk: Desk, campaign: Campaign) -> None:
    narrower, over = (make.cleared_case_study(campaign, headline=name) for name in ("Narrower", "Withdrawn"))
    make.cleared_case_study(campaign, headline="In use")
    make.quote(campaign, headline="Later", cleared=True, embargo_until=AT + DAY)
    make.consent(narrower, scope=("press",))
    desk.post("withdraw", {}, pk=over.pk)
    assert found(desk, standing="cleared") == ["In use"]
    assert facets(desk, kind="quote")["standing cleared"] == "1"


@pytest.mark.parametrize("name", ["person", "organisation"])
def test_a_name_of_signs_alone_is_nobodys(desk: Desk, corpus: dict[str, Entry], name: str) -> None:
    assert f"Nothing here has the {name} “!!!”." in said(desk, **{name: "!!!"})


# --- Names ---


def names_found(desk: Desk, who: str = "owner", **asked: Any) -> list[str]:
    response = desk.get("search", who=who, query=asked)
    return [str(row) for group, rows in response.context["names"] for row, _ in rows]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("burrows", ["Andy Burrows"]),
        ("burows", ["Andy Burrows"]),
        ("adny burrows", ["Andy Burrows"]),
        ("muller", ["Zoë Müller-Łukasz"]),
        ("ofcmo", ["Ofcom"]),
        ("debate", ["Debate on online harms (Hansard)"]),
        ("bur -andy", []),
        ("xyzzy", []),
    ],
)
def test_people_organisations_and_sources_are_found_by_name(
    desk: Desk, corpus: dict[str, Entry], typed: str, names: list[str]
) -> None:
    assert names_found(desk, q=typed) == names


def test_one_sort_of_name_alone(desk: Desk, corpus: dict[str, Entry]) -> None:
    assert names_found(desk, q="of", kind="organisation") == ["Ofcom"]
    assert found(desk, q="of", kind="organisation") == []


def test_a_mistyped_name_among_other_words_is_offered_put_right(desk: Desk, corpus: dict[str, Entry]) -> None:
    page = desk.get("search", query={"q": "Burows delay", "sort": "date"})
    assert page.context["meant"] == "burrows delay"
    assert "Did you mean burrows delay?" in text_of(page).replace(" ?", "?")
    assert "?q=burrows+delay&amp;sort=date" in page.content.decode()
    assert desk.get("search", query={"q": "Burows xyzzy"}).context["meant"] == ""


def test_a_name_only_a_hidden_entry_has_is_found_by_staff_alone(desk: Desk, campaign: Campaign) -> None:
    person = make.person(campaign, "Zanzibar Quill")
    make.quote(campaign, headline="Secret words", person=person)
    make.update(campaign, headline="Open words")
    for who, names, meant in (("press", ["Zanzibar Quill"], "zanzibar words"), ("viewer", [], "")):
        assert names_found(desk, who=who, q="zanzibr") == names
        assert names_found(desk, who=who, q="zanzibar quill") == names
        assert desk.get("search", who=who, query={"q": "zanzibr words"}).context["meant"] == meant


# --- Counts ---


def facets(desk: Desk, **asked: Any) -> dict[str, str]:
    page = desk.get("search", query=asked)
    shown = [one.facet for line in page.context["facets"] for one in line]
    return {f"{facet.name} {facet.label}": facet.count for facet in shown}


def test_counts_say_how_many_each_narrowing_leaves(desk: Desk, corpus: dict[str, Entry]) -> None:
    assert facets(desk, q="duty") == {
        "kind quotes": "2",
        "kind updates": "1",
        "standing cleared": "1",
        "standing not verified": "2",
        "person Andy Burrows": "2",
        "organisation NSPCC": "2",
        "organisation Ofcom": "1",
        "tag Bill": "2",
    }


def test_every_count_is_what_its_link_leads_to(
    desk: Desk, corpus: dict[str, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted whole; and at least so many, where there are more hits than are looked through."""
    for most, more in ((1_000, ""), (1, "+")):
        monkeypatch.setattr("apps.desk.search.LOOKED_THROUGH", most)
        page = desk.get("search", query={"q": "duty"})
        for line in page.context["facets"]:
            for one in line:
                led = desk.client().get(at("search", desk.campaign) + f"?{one.query}")
                exact = not more or one.facet.name == "kind"
                assert one.facet.count == led.context["count"] + ("" if exact else more), one.facet


def test_a_whole_name_leads_to_that_name_alone(desk: Desk, campaign: Campaign) -> None:
    short, long = make.organisation(campaign, "NSPCC"), make.organisation(campaign, "NSPCC Scotland")
    make.update(campaign, headline="Of one", organisation=short)
    make.update(campaign, headline="Of the other", organisation=long)
    assert facets(desk, kind="update") == {
        "kind updates": "2",
        "organisation NSPCC": "1",
        "organisation NSPCC Scotland": "1",
    }
    assert found(desk, organisation="nspcc") == ["Of one"]
    assert sorted(found(desk, organisation="nsp")) == ["Of one", "Of the other"]


def test_namesakes_of_several_campaigns_are_one_way_to_narrow(
    desk: Desk, campaign: Campaign, other_campaign: Campaign
) -> None:
    by, owner = make.owner_of(other_campaign), desk.cast["owner"]
    add_member(campaign=other_campaign, user=owner, role=Role.OWNER, by=by, at=AT)
    for here, headline in ((campaign, "One"), (campaign, "Two"), (other_campaign, "Three")):
        make.update(
            here,
            headline=headline,
            person=make.person(here),
            organisation=make.organisation(here),
            tags=("Bill",),
        )
    client = desk.client()
    page = client.get(at("search_everywhere"), {"kind": "update"})
    shown = [
        one for line in page.context["facets"] for one in line if one.facet.name not in ("kind", "campaign")
    ]
    assert [(one.facet.name, one.facet.label, one.facet.count) for one in shown] == [
        ("person", "Andy Burrows", "3"),
        ("organisation", "NSPCC", "3"),
        ("tag", "Bill", "3"),
    ]
    for one in shown:
        assert client.get(at("search_everywhere") + f"?{one.query}").context["count"] == "3"


def test_of_very_many_hits_what_is_rare_is_counted_and_named_all_the_same(
    desk: Desk, corpus: dict[str, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest alone is looked at, and no more than one is counted."""
    for name, most in {"LOOKED_THROUGH": 1, "SAMPLE": 1, "COUNT_TO": 1}.items():
        monkeypatch.setattr(f"apps.desk.search.{name}", most)
    page = desk.get("search", query={"q": "duty"})
    counts = {
        f"{one.facet.name} {one.facet.label}": one.facet.count
        for line in page.context["facets"]
        for one in line
    }
    assert {"kind quotes", "kind updates", "person Andy Burrows"} <= counts.keys()
    assert {"standing cleared", "standing not verified"} <= counts.keys()
    assert set(counts.values()) <= {"1", "1+"}


def test_counting_stops(desk: Desk, corpus: dict[str, Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.desk.search.LOOKED_THROUGH", 1)
    monkeypatch.setattr("apps.desk.search.COUNT_TO", 2)
    assert "2+ entries" in said(desk, q="duty")


# --- The page ---


def test_hits_are_marked_and_nothing_typed_or_stored_is_html(desk: Desk, campaign: Campaign) -> None:
    make.update(campaign, headline="The <b>Café</b> & co", note="<script>café</script>")
    page = desk.get("search", query={"q": "cafe <&"}).content.decode()
    assert "The &lt;b&gt;<mark>Café</mark>&lt;/b&gt; &amp; co" in page
    assert "&lt;script&gt;<mark>café</mark>&lt;/script&gt;" in page
    assert 'value="cafe &lt;&amp;"' in page


def test_pages_go_by_key(desk: Desk, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.desk.search.PAGE", 3)
    for number in range(4):
        make.update(campaign, headline=f"Head {number} harm", date=f"2021-01-0{number + 1}")
        make.update(campaign, headline=f"Body {number}", note="harm", date=f"2022-01-0{number + 1}")
    for sort in ("relevance", "date"):
        seen, after = [], ""
        while True:
            page = desk.get("search", query={"q": "harm", "sort": sort, "after": after})
            seen += [hit.entry.headline for hit in page.context["hits"]]
            if not (after := page.context["more"]):
                break
        heads, bodies = [f"Head {n} harm" for n in (3, 2, 1, 0)], [f"Body {n}" for n in (3, 2, 1, 0)]
        assert seen == (heads + bodies if sort == "relevance" else bodies + heads)


@pytest.mark.parametrize("place", ["x", "1.", "9.1", "0.5", "1." + "9" * 19, "-1.2", "1.5\x00", "١.٢"])
def test_a_damaged_place_is_the_first_page(desk: Desk, corpus: dict[str, Entry], place: str) -> None:
    assert "address was damaged" in said(desk, q="duty", after=place)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"q": "x" * 10_000}, "at most 300 characters, and this has 10,000"),
        ({"q": "-draft"}, "Type also a word that should be there"),
        ({"q": "%_*"}, "only signs here"),
        ({"q": "duty", "start": "2021-13"}, "From: "),
        ({"q": "duty", "kind": "zebra"}, "Kinds: Select a valid choice. zebra"),
        ({"q": "duty", "person": "Qqqq"}, "Nothing here has the person “Qqqq”."),
        ({"q": "duty", "standing": "x"}, "Only: Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said(
    desk: Desk, corpus: dict[str, Entry], asked: dict[str, str], sentence: str
) -> None:
    assert sentence in said(desk, **asked)


nasty = st.text(st.sampled_from("aduty \"“'-*():^%_\\;<&東é\u0301😀\n\t"), max_size=40)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=nasty, name=nasty, day=nasty)
def test_whatever_is_typed_there_is_a_page(desk: Desk, typed: str, name: str, day: str) -> None:
    asked = {"q": typed, "person": name, "role": name, "tag": name, "start": day, "after": day}
    client = desk.client()
    for query in (asked, {"q": typed}):
        assert client.get(at("search", desk.campaign), query).status_code == 200
    assert client.get(at("timeline", desk.campaign), {"words": typed}).status_code == 200
    assert client.get(at("find", desk.campaign, what="entries"), {"q": typed}).status_code == 200


def test_nul_and_nothing(desk: Desk, corpus: dict[str, Entry]) -> None:
    assert "Everything in this campaign that you may see" in said(desk)
    assert found(desk, q="du\x00ty") == []
    assert found(desk, q="\x00duty")[0] == "Burrows, again"


# --- Who sees what ---


def test_everywhere_is_what_one_may_see(
    desk: Desk, corpus: dict[str, Entry], other_campaign: Campaign
) -> None:
    make.update(other_campaign, headline="A duty elsewhere", visibility="public")
    public = make.campaign(name="Public one", public=True)
    make.update(public, headline="A duty in public", visibility="public")
    make.update(public, headline="A duty of the team")

    def everywhere(client: Client) -> list[str]:
        page = client.get(at("search_everywhere"), {"q": "duty"})
        return [hit.entry.headline for hit in page.context["hits"]]

    assert everywhere(Client()) == ["A duty in public"]
    assert everywhere(desk.client("outsider")) == ["A duty in public"]
    assert everywhere(desk.client("viewer")) == ["A duty in public", "Burrows on delay", "Ofcom consults"]
    assert len(everywhere(desk.client())) == 4


def test_one_campaign_of_all(desk: Desk, corpus: dict[str, Entry]) -> None:
    asked = {"q": "duty", "campaign": desk.campaign.slug}
    assert len(desk.client().get(at("search_everywhere"), asked).context["hits"]) == 3
    page = desk.client("outsider").get(at("search_everywhere"), asked)
    assert "Select a valid choice" in text_of(page)


def test_an_edit_is_found_at_once(desk: Desk, corpus: dict[str, Entry]) -> None:
    entry = corpus["consultation"]
    facts = make.facts(headline="Ofcom reports")
    edit_entry(entry=entry, facts=facts, version=entry.version, by=desk.cast["owner"])
    assert found(desk, q="reports") == ["Ofcom reports"]
    assert found(desk, q="consults") == []


def test_the_page_asks_as_often_for_many_hits_as_for_few(desk: Desk, corpus: dict[str, Entry]) -> None:
    def queries(**asked: str) -> int:
        client = desk.client()
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(at("search", desk.campaign), asked)
        return len(caught)

    few = queries(q="duty")
    for number in range(60):
        make.update(desk.campaign, headline=f"duty {number}", tags=("Bill",))
    assert (few, queries(q="duty")) == (22, 21)  # a full page need not look for the less close


def test_keys_of_one_letter_can_be_turned_off(desk: Desk) -> None:
    page = at("search", desk.campaign)
    client = desk.client()
    assert 'data-keys="off"' not in client.get(page).content.decode()
    client.post(at("profile"), {"first_name": "O", "time_zone": "Europe/London", "letter_keys": "off"})
    assert 'data-keys="off"' in client.get(page).content.decode()
    client.post(at("profile"), {"first_name": "O", "time_zone": "Europe/London"})
    assert 'data-keys="off"' in client.get(page).content.decode()


def test_what_is_copied_bears_its_citation_and_what_is_hidden_is_not_copied(
    desk: Desk, corpus: dict[str, Entry]
) -> None:
    page = desk.get("search", query={"q": "duty"})
    address = at("entry", desk.campaign, pk=corpus["consultation"].pk)
    assert [hit.copied for hit in page.context["hits"]] == [
        "",
        "“The duty of care cannot wait.”\n— Andy Burrows, Head of Policy, NSPCC, 3 September 2020\n"
        "Source: Debate on online harms (Hansard)",
        f"Ofcom consults (2 February 2022) http://testserver{address}",
    ]


def test_a_superseded_figure_says_so_where_it_is_found_and_in_what_is_copied(
    desk: Desk, campaign: Campaign, other_campaign: Campaign
) -> None:
    def queries() -> tuple[int, list[Any]]:
        with CaptureQueriesContext(connection) as caught:
            page = desk.get("search", query={"kind": "statistic"})
        return len(caught), page.context["hits"]

    make.statistic(campaign, headline="Old")
    once, [alone] = queries()
    assert (alone.since, alone.copied) == (
        None,
        "389 offences Recorded offences, West Mercia, April 2019 to March 2020",
    )
    make.statistic(campaign, headline="New", figure=make.figure(period=parse("2020-04/2021-03")))
    more, hits = queries()
    assert more == once + 1  # the gate, asked once for the page
    copied = {hit.entry.headline: hit.copied for hit in hits}
    assert copied["Old"].endswith(". Superseded; newer: 2020/21.")
    assert "uperseded" not in copied["New"]
    assert said(desk, kind="statistic").count("superseded, newer: 2020/21") == 1
    for query in ({"kind": "statistic"}, {"kind": "statistic", "campaign": campaign.slug}):
        page = desk.client().get(at("search_everywhere"), query)
        assert text_of(page).count("superseded, newer: 2020/21") == 1
    # A newer one that this reader may not see is not there for them.
    entry = Entry.everything.get(headline="New")
    Entry.everything.filter(pk=entry.pk).update(visibility="staff")
    assert "superseded" not in text_of(desk.get("search", who="viewer", query={"kind": "statistic"}))
