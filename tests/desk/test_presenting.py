"""A timeline for elsewhere: its feeds, its files, its frame and its card, read by real parsers."""

import json
import re
import struct
import zlib
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.http import HttpResponse
from django.test import Client

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.desk.exports import plain, timelinejs
from apps.desk.exports.card import HEIGHT, WIDTH, card, wrapped
from apps.desk.exports.drawing import STYLE, Drawing
from apps.evidence.actions import set_state
from apps.evidence.clearance import clear_quote
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.timeline.models import Entry, State
from tests import make
from tests.architecture.rooms import ROOT
from tests.desk.conftest import Desk
from tests.desk.reading import query_count
from tests.make import AT, DAY
from tests.pages import Clock, at, problems_of, text_of

SVG = "{http://www.w3.org/2000/svg}"
FEEDS = ("timeline_json", "timeline_timelinejs", "timeline_atom")
FILES = ("timeline_svg", "timeline_png", "timeline_pdf")
FRAMED = ("embed", "embedded_picture")

every_feed = pytest.mark.parametrize("name", FEEDS)
every_file = pytest.mark.parametrize("name", FILES)
both_framed = pytest.mark.parametrize("name", FRAMED)


def publish(campaign: Campaign, *, embeddable: bool = True) -> None:
    campaign.is_public, campaign.embeddable = True, embeddable
    campaign.save()


def json_of(response: HttpResponse) -> Any:
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def headlines(response: HttpResponse) -> list[str]:
    return [entry["headline"] for entry in json_of(response)["entries"]]


# --- Plain JSON -------------------------------------------------------------------------------------------


def test_plain_json_says_all_of_a_milestone(desk: Desk) -> None:
    source = make.source(desk.campaign, url="https://example.org/paper")
    made = make.milestone(desk.campaign, target="2025-12-31", source=source, tags=("Bill",), note="Late.")
    owner = desk.cast["owner"]
    revise_target(milestone=made, to=parse("2026-03"), reason="Delayed", source=source, by=owner, at=AT)
    settle(milestone=Milestone.everything.get(pk=made.pk), outcome=Outcome.MET, on=AT.date(), by=owner, at=AT)
    (entry,) = json_of(desk.get("timeline_json"))["entries"]
    cited = {
        "title": "Police figures, 2020",
        "publisher": "",
        "url": "https://example.org/paper",
        "published": {"edtf": "2020-09-03", "words": "3 September 2020"},
    }
    ledger = entry["milestone"].pop("targets")
    assert entry == {
        "id": made.pk,
        "url": f"http://localhost:8000/c/{desk.campaign.slug}/entries/{made.pk}/",
        "kind": "milestone",
        "headline": "Royal Assent",
        "date": {"edtf": "2026-03-10", "words": "10 March 2026"},
        "earliest": "2026-03-10",
        "latest": "2026-03-10",
        "state": "met 69 days late, moved once",
        "restrictions": [],
        "person": None,
        "organisation": None,
        "note": "Late.",
        "tags": ["Bill"],
        "source": cited,
        "links": [],
        "milestone": {
            "outcome": "met",
            "settled_on": "2026-03-10",
            "due": None,
            "first_promised": "2025-12-31",
            "moves": 1,
            "slip_days": 90,
            "late_days": 69,
        },
    }
    assert [(row["date"]["edtf"], row["reason"], row["correction"], row["source"]) for row in ledger] == [
        ("2025-12-31", ledger[0]["reason"], False, ledger[0]["source"]),
        ("2026-03", "Delayed", False, cited),
    ]
    assert ledger[1] | {"date": 0, "source": 0} == {
        "date": 0,
        "earliest": "2026-03-01",
        "latest": "2026-03-31",
        "reason": "Delayed",
        "correction": False,
        "source": 0,
        "recorded_on": "2026-03-10",
    }


def test_plain_json_says_all_of_a_figure_and_of_words(desk: Desk) -> None:
    figure = make.statistic(desk.campaign, date="2020-09-03")
    person = make.person(desk.campaign)
    post = make.post(person, organisation=make.organisation(desk.campaign))
    quote = make.quote(desk.campaign, date="2020-09-04", person=person, cleared=True)
    make.link(quote.entry, figure.entry)
    counted, said = json_of(desk.get("timeline_json"))["entries"]
    assert counted["statistic"] == {
        "words": "389 offences",
        "figure": "389",
        "hedge": "",
        "unit": "offences",
        "measure": "Recorded offences",
        "population": "",
        "area": "West Mercia",
        "period": {"edtf": "2019-04/2020-03", "words": counted["statistic"]["period"]["words"]},
        "baseline": "191",
        "change": {
            "stated": "104%",
            "verdict": "consistent",
            "working": "389 vs 191 → (389 − 191) / 191 = +103.7%, stated 104%",
            "because": "",
        },
        "series": f"http://localhost:8000{at('series', desk.campaign, pk=figure.series_id)}",
        "next_release": None,
        "superseded": None,
        "superseded_by": None,
    }
    assert said["quote"] == {
        "words": "The law must catch up.",
        "speaker": f"Andy Burrows, {post.role}",
        "post": post.role,
        "cleared": True,
    }
    assert [(link["relation"], link["id"]) for link in said["links"]] == [("supports", figure.pk)]
    assert [(link["relation"], link["id"]) for link in counted["links"]] == [("supported by", quote.pk)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["One", "Two", "Royal Assent"]),
        ({"kind": "milestone"}, ["Royal Assent"]),
        ({"words": "tw"}, ["Two"]),
        ({"start": "2021", "end": "2021"}, ["Two"]),
        ({"person": "Andy Burrows"}, ["One"]),
        ({"tag": "Bill"}, ["Two"]),
        ({"from": "2021", "fold": "update", "width": "500"}, ["One", "Two", "Royal Assent"]),
    ],
)
def test_feeds_are_narrowed_as_the_page_is(desk: Desk, query: dict[str, str], found: list[str]) -> None:
    make.update(desk.campaign, headline="One", date="2020", person=make.person(desk.campaign))
    make.update(desk.campaign, headline="Two", date="2021", tags=("Bill",))
    make.milestone(desk.campaign)
    assert headlines(desk.get("timeline_json", query=query)) == found
    events = json_of(desk.get("timeline_timelinejs", query=query))["events"]
    assert [event["text"]["headline"] for event in events] == found
    feed = feedparser.parse(desk.get("timeline_atom", query=query).content)
    assert [entry.title for entry in feed.entries] == found[::-1]


def test_plain_json_goes_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "PAGE", 3)
    for number in range(7):
        make.update(desk.campaign, headline=f"Step {number}", date="2020")
    make.update(desk.campaign, headline="Other", date="2019")
    client, seen = desk.client(), []
    address: str | None = at("timeline_json", desk.campaign) + "?words=Step"
    while address:
        page = json_of(client.get(address))
        seen += [entry["headline"] for entry in page["entries"]]
        address = page["next"]
        if address:
            parts = urlsplit(address)
            assert f"{parts.scheme}://{parts.netloc}" == "http://localhost:8000"
            address = f"{parts.path}?{parts.query}"
    assert seen == [f"Step {number}" for number in range(7)]


def test_a_longer_feed_asks_the_database_no_more(desk: Desk) -> None:
    def add() -> None:
        quote = make.quote(desk.campaign, source=make.source(desk.campaign), tags=("Bill",), cleared=True)
        milestone = make.milestone(desk.campaign, source=make.source(desk.campaign), tags=("Bill",))
        make.link(quote.entry, milestone.entry)
        make.statistic(desk.campaign, organisation=make.organisation(desk.campaign))

    def counts() -> dict[str, int]:
        return {name: query_count(desk.client(), at(name, desk.campaign)) for name in FEEDS}

    add()
    before = counts()
    add()
    add()
    assert counts() == before


# --- TimelineJS -------------------------------------------------------------------------------------------


def test_timelinejs_gets_days_words_groups_and_html_that_is_escaped(desk: Desk) -> None:
    make.update(
        desk.campaign, headline="<script>alert(1)</script> & co", date="2020-10/2020-12", note="a\n<b>"
    )
    milestone = make.milestone(desk.campaign, target="2026-06-20")
    made = json_of(desk.get("timeline_timelinejs"))
    assert made["title"]["text"]["headline"] == desk.campaign.name
    assert f"/c/{desk.campaign.slug}/timeline/" in made["title"]["text"]["text"]
    update, assent = made["events"]
    assert update | {"text": 0} == {
        "unique_id": update["unique_id"],
        "start_date": {"year": 2020, "month": 10, "day": 1},
        "end_date": {"year": 2020, "month": 12, "day": 31},
        "display_date": update["display_date"],
        "group": "Update",
        "text": 0,
        "autolink": False,
    }
    assert update["text"]["headline"] == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co"
    assert "a<br>&lt;b&gt;" in update["text"]["text"]
    assert (assent["unique_id"], "end_date" in assent) == (f"entry-{milestone.pk}", False)
    assert "in 102 days" in assent["text"]["text"]


def test_timelinejs_gets_those_around_today_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelinejs, "MOST", 4)
    for year in range(2021, 2031):
        make.update(desk.campaign, headline=str(year), date=str(year))
    made = json_of(desk.get("timeline_timelinejs"))
    assert [event["text"]["headline"] for event in made["events"]] == ["2025", "2026", "2027", "2028"]
    assert "the 4 entries around today; there are more" in made["title"]["text"]["text"]


# --- Atom -------------------------------------------------------------------------------------------------


def test_atom_is_whole_and_newest_first(desk: Desk, clock: Clock) -> None:
    desk.campaign.created_at = AT
    desk.campaign.save()
    first = make.update(desk.campaign, headline="First & foremost", date="2021", tags=("Bill",))
    quote = make.quote(desk.campaign, headline="Said", words="Catch <up>\x0b now", cleared=True, at=AT + DAY)
    clock.at = AT + 2 * DAY
    response = desk.get("timeline_atom", query={"start": "2020"})
    feed = feedparser.parse(response.content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.id == f"tag:localhost,2026-03-10:campaign/{desk.campaign.pk}"
    assert feed.feed.author_detail["name"] == desk.campaign.name
    links = {link["rel"]: urlsplit(link["href"]) for link in feed.feed.links}
    assert links["self"].path == at("timeline_atom", desk.campaign)
    assert {link.query for link in links.values()} == {"start=2020"}
    assert [entry.id for entry in feed.entries] == [
        f"{feed.feed.id}/entry/{quote.pk}",
        f"{feed.feed.id}/entry/{first.pk}",
    ]
    said, plainly = feed.entries
    assert (said.title, plainly.title) == ("Said", "First & foremost")
    assert "Catch &lt;up&gt; now" in ElementTree.fromstring(response.content).find(".//{*}summary").text
    assert {tag["term"] for tag in plainly.tags} == {"Update", "Bill"}
    assert all(entry.updated and entry.published and entry.link for entry in feed.entries)


def test_an_empty_atom_feed_is_the_same_tomorrow(desk: Desk, clock: Clock) -> None:
    today = desk.get("timeline_atom").content
    clock.at = AT + DAY
    assert desk.get("timeline_atom").content == today


# --- Whom they tell what ----------------------------------------------------------------------------------


@every_feed
@pytest.mark.parametrize("how", ["uncleared", "staff only", "embargoed", "draft", "withdrawn", "team"])
def test_a_visitors_feed_has_only_what_is_public(desk: Desk, name: str, how: str) -> None:
    publish(desk.campaign)
    fields: dict[str, Any] = {"headline": "Zanzibar", "visibility": "public", "cleared": how != "uncleared"}
    if how in ("staff only", "team"):
        fields["visibility"] = how.split(" ")[0]
    if how == "embargoed":
        fields["embargo_until"] = AT + DAY
    made = make.quote(desk.campaign, words="Zanzibar", approved=how != "draft", **fields)
    if how == "withdrawn":
        set_state(entry=made.entry, state=State.WITHDRAWN, by=desk.cast["owner"])
    assert b"Zanzibar" not in desk.get(name, who="nobody").content
    assert b"Zanzibar" in desk.get(name, who="press").content
    assert (b"Zanzibar" in desk.get(name, who="viewer").content) == (how == "team")


@pytest.mark.parametrize("name", [*FEEDS, *FILES, *FRAMED, "card"])
def test_what_is_withdrawn_is_gone_at_once(desk: Desk, name: str) -> None:
    """Whoever read it a moment ago asks again, and gets something else."""
    publish(desk.campaign)
    entry = make.milestone(desk.campaign, visibility="public").entry
    before = desk.get(name, who="nobody")
    assert before["Cache-Control"] == "no-cache"
    client, address = desk.client("nobody"), at(name, desk.campaign)
    same = client.get(address, headers={"if-none-match": before["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    set_state(entry=entry, state=State.WITHDRAWN, by=desk.cast["owner"])
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, after["ETag"] == before["ETag"]) == (200, False)


@pytest.mark.parametrize("name", [*FEEDS, *FILES])
def test_what_a_member_reads_is_kept_by_nobody_else(desk: Desk, name: str) -> None:
    make.update(desk.campaign)
    response = desk.get(name)
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]
    assert "Access-Control-Allow-Origin" not in response


@every_feed
def test_programs_of_other_sites_read_what_visitors_may(desk: Desk, name: str) -> None:
    publish(desk.campaign)
    response = desk.get(name, who="nobody")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


# --- Bad addresses ----------------------------------------------------------------------------------------


@every_feed
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"start": "nonsense"}, "nonsense"),
        ({"person": "Nobody Here"}, "Nothing here has the person “Nobody Here”."),
        ({"asof": "2020"}, "Feeds tell what is known now"),
        ({"kind": "letter"}, "letter"),
    ],
)
def test_a_feed_says_what_is_wrong_with_its_address(
    desk: Desk, name: str, query: dict[str, str], said: str
) -> None:
    response = desk.get(name, query=query)
    assert response.status_code == 400
    assert said in json.loads(response.content)["error"]


@pytest.mark.parametrize("after", ["x", "2020-01-01", "2020-13-01.1", "2020-01-01.x", "\x00", "5.5"])
def test_a_damaged_page_is_refused(desk: Desk, after: str) -> None:
    response = desk.get("timeline_json", query={"after": after})
    assert (response.status_code, "damaged" in json.loads(response.content)["error"]) == (400, True)


@every_file
@pytest.mark.parametrize("query", [{"from": "nonsense"}, {"tag": "None"}, {"asof": "2099"}, {"end": "\x00"}])
def test_a_file_says_what_is_wrong_with_its_address(desk: Desk, name: str, query: dict[str, str]) -> None:
    make.update(desk.campaign)
    response = desk.get(name, query=query)
    assert response.status_code == 400
    assert json.loads(response.content)["error"]


# --- Files ------------------------------------------------------------------------------------------------


def svg_of(response: HttpResponse) -> ElementTree.Element:
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def test_the_svg_stands_by_itself(desk: Desk) -> None:
    make.milestone(desk.campaign, target="2026-06-20")
    make.update(desk.campaign, headline="Quotes “<&>” and 'these'", date="2026-04")
    response = desk.get("timeline_svg", query={"from": "2026-01-01", "to": "2026-12-31"})
    assert response["Content-Type"] == "image/svg+xml"
    name = f"{desk.campaign.slug}-timeline-2026-03-10.svg"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    root = svg_of(response)
    title, about, style = root[:3]
    assert title.text == f"{desk.campaign.name}: 1 January 2026 to 31 December 2026"
    assert about.text == (
        f"Timeline of {desk.campaign.name}, 1 January 2026 to 31 December 2026. As of 10 March 2026."
    )
    assert (style.tag, style.text) == (f"{SVG}style", STYLE)
    links = [element.attrib["href"] for element in root.iter() if "href" in element.attrib]
    assert links and all(link.startswith("http://localhost:8000/c/") for link in links)
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith(("data-", "on", "tabindex"))}
    assert {element.tag for element in root.iter()}.isdisjoint({f"{SVG}script", f"{SVG}image"})
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert {"Royal Assent", "Quotes “<&>” and 'these'", "20 June 2026"} <= set(words)


def test_the_svg_holds_no_more_than_its_window(desk: Desk) -> None:
    make.update(desk.campaign, headline="Before", date="2025-11-01")
    make.update(desk.campaign, headline="Within", date="2026-04-01")
    make.update(desk.campaign, headline="Behind", date="2027-02-01")
    text = desk.get("timeline_svg", query={"from": "2026-01-01", "to": "2026-12-31"}).content.decode()
    assert [word for word in ("Before", "Within", "Behind") if word in text] == ["Within"]


def test_the_svg_may_use_its_own_style_and_nothing_else(desk: Desk) -> None:
    make.update(desk.campaign)
    policy = desk.get("timeline_svg")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"style-src 'sha256-[\w+/]{43}='", policy)
    assert "unsafe" not in policy


def test_what_is_restricted_is_hatched_and_says_why(desk: Desk) -> None:
    make.update(desk.campaign, headline="For staff", visibility="staff")
    root = svg_of(desk.get("timeline_svg"))
    (mark,) = [each for each in root.iter(f"{SVG}a") if "restricted" in each.attrib["class"]]
    assert any(text.text == "staff only" for text in mark.iter(f"{SVG}text"))
    assert "staff only" in (mark[0].text or "")
    assert ".restricted .ground { fill: url(#hatched); }" in STYLE
    assert desk.get("timeline_svg", who="viewer").content.count(b"restricted ") == STYLE.count("restricted ")


def test_what_may_be_used_is_decided_as_of_now_on_another_day_too(desk: Desk, clock: Clock) -> None:
    """A clearance that ended since hatches the quote; an embargo that lifted since does not hide one."""
    quote = make.quote(desk.campaign, headline="Ended", date="2026-03-01", visibility="public")
    owner = desk.cast["owner"]
    clear_quote(quote=quote, version=quote.entry.version, until=AT + 20 * DAY, by=owner, at=AT)
    make.update(desk.campaign, headline="Lifted", visibility="public", embargo_until=AT + 20 * DAY)
    clock.at = AT + 30 * DAY
    then = {"asof": "2026-03-20"}
    root = svg_of(desk.get("timeline_svg", query=then))
    (mark,) = [each for each in root.iter(f"{SVG}a") if "restricted" in each.attrib["class"]]
    assert "Ended" in (mark[0].text or "") and "clearance ended" in (mark[0].text or "")
    publish(desk.campaign)
    page = Client().get(at("timeline", desk.campaign) + "?asof=2026-03-20")
    assert "Lifted" in text_of(page)
    assert "embargo" not in text_of(page)


@pytest.mark.parametrize("name", ["timeline_timelinejs", "timeline_atom"])
def test_a_feed_says_first_what_is_not_for_everybody(name: str, desk: Desk) -> None:
    make.update(desk.campaign, headline="For staff", visibility="staff", embargo_until=AT + DAY)
    content = desk.get(name).content.decode()
    assert "Not for everybody: embargo until 11 March 2026, 10:00, staff only." in content
    assert "Not for everybody" not in desk.get(name, who="viewer").content.decode()


def test_a_file_counts_what_stands_in_its_window(desk: Desk) -> None:
    for number in range(100):
        make.update(desk.campaign, date=(date(2019, 1, 1) + 6 * number * DAY).isoformat())
    query = {"from": "2019-07-01", "to": "2019-12-31"}
    root = svg_of(desk.get("timeline_svg", query=query))
    (count,) = [text.text for text in root.iter(f"{SVG}text") if "count" in text.attrib.get("class", "")]
    inside = [number for number in range(100) if 181 <= 6 * number <= 364]
    assert abs(int(count or "") - len(inside)) <= 1  # a column at either edge may reach over it


def test_files_of_another_day_are_named_after_it(desk: Desk, clock: Clock) -> None:
    make.update(desk.campaign, headline="Then", date="2026-03-01")
    clock.at = AT + 30 * DAY
    make.update(desk.campaign, headline="Since", date="2026-03-02", at=clock.at)
    response = desk.get("timeline_svg", query={"asof": "2026-03-20"})
    text = response.content.decode()
    assert ("Then" in text, "Since" in text) == (True, False)
    assert "As it was known on 20 March 2026." in text
    assert "2026-03-20.svg" in response["Content-Disposition"]


def test_the_light_colours_are_those_of_the_pages() -> None:
    css = (ROOT / "static" / "tracker.css").read_text()
    light = set(re.findall(r"--[\w-]+: (#[0-9a-f]+);", css.split("prefers-color-scheme: dark")[0]))
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", STYLE)) - light == set()


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the picture's bytes unpacked, of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    place, packed = 8, b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + length]
        place += length + 12
    return width, height, zlib.decompress(packed)


def test_the_png_has_two_pixels_for_each_and_letters_in_it(desk: Desk) -> None:
    make.milestone(desk.campaign)
    root = svg_of(desk.get("timeline_svg", query={"width": "700"}))
    response = desk.get("timeline_png", query={"width": "700"})
    assert response["Content-Type"] == "image/png"
    width, height, drawn = pixels(response.content)
    assert (width, height) == (1_400, round(2 * float(root.attrib["height"])))
    Entry.everything.update(headline="i")
    _, _, other = pixels(desk.get("timeline_png", query={"width": "700"}).content)
    assert drawn != other  # the headline is set, not left out


def test_the_pdf_is_one_page_of_a4_with_its_letters(desk: Desk) -> None:
    make.milestone(desk.campaign)
    response = desk.get("timeline_pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"].endswith('.pdf"')
    page = response.content.decode("latin-1")
    assert re.findall(r"/MediaBox ?\[ ?0 0 (\d+)\S* (\d+)", page) == [("841", "595")]
    assert "SourceSansPro-Regular" in page


@every_file
def test_letters_of_every_sort_break_no_file(desk: Desk, name: str) -> None:
    make.update(desk.campaign, headline="漢字 😀 العربية \x0b\u202e <svg> &amp; #image(“x”) $x$ \\ `raw`")
    desk.campaign.name = "#panic(\"x\") *bold* <a> & 'b'"
    desk.campaign.save()
    assert desk.get(name).status_code == 200


@every_file
def test_an_empty_timeline_is_a_file_too(desk: Desk, name: str) -> None:
    assert desk.get(name).status_code == 200


# --- The frame on other sites -----------------------------------------------------------------------------


@both_framed
def test_the_frame_is_there_only_for_what_is_public_and_allowed(desk: Desk, name: str) -> None:
    got = {}
    for public, embeddable in ((False, False), (False, True), (True, False), (True, True)):
        desk.campaign.is_public, desk.campaign.embeddable = public, embeddable
        desk.campaign.save()
        got[public, embeddable] = {desk.get(name, who=who).status_code for who in ("nobody", "owner")}
    assert got == {(False, False): {404}, (False, True): {404}, (True, False): {404}, (True, True): {200}}


@both_framed
def test_a_frame_that_is_not_allowed_is_one_that_does_not_exist(desk: Desk, name: str) -> None:
    client = desk.client()
    parts = {"slug": "no-such-campaign"}
    missing, refused = client.get(at(name, **parts)), client.get(at(name, desk.campaign))
    assert (missing.status_code, missing.content) == (refused.status_code, refused.content)
    assert dict(missing.headers) == dict(refused.headers)
    assert refused["X-Frame-Options"] == "DENY"


@both_framed
def test_everybody_is_a_visitor_in_the_frame(desk: Desk, name: str) -> None:
    publish(desk.campaign)
    make.update(desk.campaign, headline="For all", visibility="public")
    make.update(desk.campaign, headline="For the team")
    make.update(desk.campaign, headline="For staff", visibility="staff")
    answers = {who: desk.get(name, who=who) for who in ("nobody", "viewer", "owner")}
    assert len({answer.content for answer in answers.values()}) == 1
    said = answers["owner"].content.decode()
    assert [what for what in ("For all", "For the team", "For staff") if what in said] == ["For all"]
    assert not any(answer.cookies for answer in answers.values())


def test_no_session_is_read_or_ended_by_the_frame(desk: Desk) -> None:
    publish(desk.campaign)
    client = desk.client()
    kept = client.cookies["sessionid"].value
    client.cookies["sessionid"] = "expired-long-ago"
    response = client.get(at("embed", desk.campaign))
    assert (response.status_code, dict(response.cookies)) == (200, {})
    client.cookies["sessionid"] = kept
    assert client.get(at("members", desk.campaign)).status_code == 200


@both_framed
def test_only_the_frame_may_be_framed(desk: Desk, name: str) -> None:
    publish(desk.campaign)
    make.update(desk.campaign, visibility="public")
    response, page = desk.get(name, who="nobody"), desk.get("timeline", who="nobody")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_the_frames_links_open_windows_of_their_own(desk: Desk) -> None:
    publish(desk.campaign)
    make.milestone(desk.campaign, visibility="public")
    page = desk.get("embed", who="nobody").content.decode()
    away = re.findall(r"<a [^>]*href=\"[^\"]*/c/[^>]*>", page)
    assert len(away) == 4  # the name, the mark, the row, the timeline
    assert all('target="_blank"' in link for link in away)
    assert f'data-picture="{at("embedded_picture", desk.campaign)}"' in page


def test_the_frame_says_what_is_wrong_with_its_address(desk: Desk) -> None:
    publish(desk.campaign)
    response = desk.get("embed", who="nobody", query={"person": "Nobody"})
    assert "Nothing here has the person “Nobody”." in text_of(response)
    assert desk.get("embedded_picture", who="nobody", query={"from": "x"}).status_code == 400


# --- Sharing ----------------------------------------------------------------------------------------------


def test_a_frame_whose_filter_fits_nothing_says_so(desk: Desk) -> None:
    publish(desk.campaign)
    assert "Nothing is public here yet." in text_of(desk.get("embed"))
    make.update(desk.campaign, visibility="public")
    said = text_of(desk.get("embed", query={"words": "zzzz"}))
    assert "Nothing that is public fits this filter." in said


def test_an_owner_allows_the_frame_and_takes_it_back(desk: Desk) -> None:
    form = {"name": "Online harms", "time_zone": "Europe/London", "is_public": "on", "embeddable": "on"}
    assert desk.post("campaign_settings", form).status_code == 302
    assert Campaign.objects.get(pk=desk.campaign.pk).embeddable
    del form["embeddable"]
    desk.post("campaign_settings", form)
    assert not Campaign.objects.get(pk=desk.campaign.pk).embeddable
    refused = desk.post("campaign_settings", form | {"name": ""})
    assert list(problems_of(refused)) == ["name"]


def test_the_page_that_shares_has_every_address_of_the_view(desk: Desk) -> None:
    publish(desk.campaign)
    query = {"kind": "quote", "from": "2020-01-01", "to": "2021-01-01", "page": "3", "width": "900"}
    page = desk.get("share", who="nobody", query=query).content.decode()
    found = set(re.findall(r'href="(http://localhost:8000/[^"]*)"', page))
    site, look = "http://localhost:8000", "?kind=quote&amp;from=2020-01-01&amp;to=2021-01-01"
    looking = {site + at(name, desk.campaign) + look for name in ("timeline", *FILES, "embed")}
    narrowed = {site + at(name, desk.campaign) + "?kind=quote" for name in FEEDS}
    assert looking | narrowed <= found
    assert "&lt;iframe src=" in page


@pytest.mark.parametrize(
    ("public", "who", "said"),
    [
        (False, "viewer", "Only a public campaign can stand on other sites."),
        (True, "viewer", "An owner of the campaign can allow it."),
        (True, "owner", "allow it in the campaign’s settings"),
    ],
)
def test_the_page_that_shares_says_why_there_is_no_frame(
    desk: Desk, public: bool, who: str, said: str
) -> None:
    desk.campaign.is_public = public
    desk.campaign.save()
    response = desk.get("share", who=who)
    assert said in text_of(response)
    assert "iframe" not in response.content.decode()


def test_the_name_of_a_campaign_breaks_no_code_to_paste(desk: Desk) -> None:
    publish(desk.campaign)
    desk.campaign.name = '"><script>alert(1)</script>'
    desk.campaign.save()
    page = desk.get("share", who="nobody").content.decode()
    assert "<script>alert" not in page
    (code,) = re.findall(r'<textarea id="frame"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert "&amp;lt;script&amp;gt;" in code  # escaped where it is pasted, and once more in this page


# --- The card ---------------------------------------------------------------------------------------------


def test_the_card_is_what_a_visitor_sees_whoever_asks(desk: Desk) -> None:
    publish(desk.campaign)
    make.milestone(desk.campaign, visibility="public")
    make.milestone(desk.campaign, headline="For staff", target="2026-01-01", visibility="staff")
    cards = {desk.get("card", who=who).content for who in ("nobody", "viewer", "owner")}
    assert len(cards) == 1
    assert pixels(cards.pop())[:2] == (1_200, 630)


def test_public_pages_name_their_card_and_private_ones_none(desk: Desk) -> None:
    assert b"og:image" not in desk.get("campaign").content
    publish(desk.campaign)
    for name in ("campaign", "timeline"):
        page = desk.get(name, who="nobody").content.decode()
        assert f'property="og:image" content="http://localhost:8000{at("card", desk.campaign)}"' in page
        assert 'name="twitter:card" content="summary_large_image"' in page


def test_long_names_and_sentences_stay_on_the_card() -> None:
    picture = Drawing('<svg xmlns="http://www.w3.org/2000/svg"/>', 1_088, 300, "", "")
    made = card("Safety " * 40, "x" * 400, picture)
    root = ElementTree.fromstring(made.markup)
    heights = [float(text.attrib["y"]) for text in root.iter(f"{SVG}text")]
    assert max(heights) <= HEIGHT and heights == sorted(heights)
    assert (made.width, made.height) == (WIDTH, HEIGHT)
    assert wrapped("one two", 20, most=1) == ["one two"]
    assert wrapped("word " * 99, 40, most=2)[-1].endswith("…")


def test_a_date_with_an_open_beginning_has_its_day(desk: Desk) -> None:
    make.update(desk.campaign, headline="By then", date="../2026-05-01")
    (event,) = json_of(desk.get("timeline_timelinejs"))["events"]
    day = date(2026, 5, 1)
    assert event["start_date"] == {"year": day.year, "month": day.month, "day": day.day}
    (entry,) = json_of(desk.get("timeline_json"))["entries"]
    assert (entry["earliest"], entry["latest"]) == (None, day.isoformat())


def test_a_state_is_said_for_each_outcome(desk: Desk) -> None:
    owner = desk.cast["owner"]
    make.milestone(desk.campaign, headline="Overdue", target="2026-03-01")
    for outcome in (Outcome.MISSED, Outcome.DROPPED, Outcome.FELL):
        made = make.milestone(desk.campaign, headline=outcome.value, target="2026-03-05")
        settle(milestone=made, outcome=outcome, on=AT.date(), by=owner, at=AT)
    met = make.milestone(desk.campaign, headline="met", target="2026-03-12")
    settle(milestone=met, outcome=Outcome.MET, on=AT.date() - timedelta(days=1), by=owner, at=AT)
    entries = json_of(desk.get("timeline_json"))["entries"]
    assert {entry["headline"]: entry["state"] for entry in entries} == {
        "Overdue": "9 days overdue",
        "missed": "missed",
        "dropped": "dropped",
        "fell": "fell with the bill",
        "met": "met 3 days early",
    }
    assert Entry.everything.count() == len(entries)
