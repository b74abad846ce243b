"""No query string and no form, whatever is in it, breaks a page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.timeline.models import Kind
from tests import make
from tests.desk.conftest import Desk
from tests.pages import at

HOSTILE = [
    "", " ", "\x00", "a\x00b", "0", "-1", "9" * 18, "9" * 19, "9" * 400,
    "1e999", "NaN", "-Infinity", "²", "١",
    "2021-13", "2021-02-30", "soon", "2021/2019", "../..", "9999", "0000", "0001-01-01", "9998-12-31", "y-9",
    "../9998", "0001/..", "9999-12-31T23:59", "0001-01-01T00:00", "2026-06-01T12:00",
    "2021-01-01.5", "664.5", "-7.1", "9999999.1", "0000-00-00.1", "x|1", "|", "x|²", "|9999999999999999999",
    "x [12]", "x [999999999999999999]", "[1]", "<script>alert(1)</script>", "'\"><img src=x>", "%00",
    "%", "_",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "\u202e\u200b\ufeff", "x" * 100_000,
    "a,b,,,", ",".join("abcdefghijklmnopqrstuvwxyz"), "null", "team", "staff", "met", "open", "when", "csv",
    "https://", "javascript:alert(1)", "https://[::1", "25:99", "24:00", "Europe/London", "a@b.c", "owner",
    "on",
]  # fmt: skip
typed = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
fuzzed = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

READ = {
    "timeline": (
        "kind",
        "words",
        "person",
        "organisation",
        "source",
        "tag",
        "start",
        "end",
        "after",
        "before",
    ),
    "people": ("q", "pafter", "oafter", "after"),
    "sources": ("q", "after"),
    "campaign": ("q",),
}
BOARD = ("status", "campaign", "owner", "words", "start", "end", "sort", "after", "before", "_export")
ENTRY = ("headline", "date", "note", "person", "organisation", "source", "source_url", "source_publisher",
         "source_published", "tags", "visibility", "embargo_until", "version", "owner", "measure", "hedge",
         "figure", "unit", "area", "population", "period", "baseline", "stated_change", "next_release",
         "words", "cleared")  # fmt: skip
MOVE = ("to", "reason", "source", "correction", "seen", "preview")
FORMS: dict[str, tuple[str, ...]] = {
    "edit": ENTRY,
    "move": MOVE,
    "mark": ("outcome", "on", "because"),
    "clear_quote": ("version",),
    "add_link": ("relation", "other", "note"),
    "add_person": ("name", "url", "note"),
    "add_organisation": ("name", "url", "note"),
    "add_post": ("role", "organisation", "held_from", "held_to"),
    "add_source": ("title", "publisher", "url", "published", "note"),
    "add_snapshot": ("text",),
    "invite": ("email", "role"),
    "change_member": ("role", "reminded"),
    "campaign_settings": ("name", "summary", "time_zone", "is_public"),
    "reminders": ("days", "overdue_every", "time"),
}


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A desk with an entry of each kind on it."""
    source = make.source(desk.campaign)
    for made in (make.quote, make.statistic, make.milestone, make.update):
        made(desk.campaign, source=source, tags=("Bill",))
    return desk


def survives(client: Client, path: str, data: dict[str, Any] | None = None) -> None:
    response = client.get(path, data or {})
    assert response.status_code in {200, 302, 400, 404}, (path, data)
    if response["Content-Type"].startswith("text/html"):
        assert b"<script>alert" not in response.content
        assert b"<img src=x>" not in response.content


@pytest.mark.parametrize("name", sorted(READ))
def test_hostile_words_in_every_parameter_break_no_page(name: str, full: Desk) -> None:
    client, path = full.client(), at(name, full.campaign)
    for parameter in READ[name]:
        for value in HOSTILE:
            survives(client, path, {parameter: value})


def test_hostile_words_break_no_board(full: Desk) -> None:
    client = full.client()
    for parameter in BOARD:
        for value in HOSTILE:
            survives(client, reverse("deadlines"), {parameter: value})
    for sort in ("when", "-when", "slipped", "-slipped"):
        for place in ("after", "before"):
            for value in ("2021-01-01.5", "664.5", "-7.1", "9999999.1"):
                for status in ("open", "met"):
                    survives(client, reverse("deadlines"), {"sort": sort, place: value, "status": status})


def test_hostile_words_break_no_message_list_and_no_suggestion(full: Desk) -> None:
    client = full.client()
    for value in HOSTILE:
        survives(client, reverse("messages"), {"before": value})
        for what in ("persons", "organisations", "sources", "tags", "entries", "nothing"):
            survives(client, at("find", full.campaign, what=what), {"q": value})


def test_hostile_words_break_no_calendar(full: Desk) -> None:
    client = full.client()
    for value in HOSTILE:
        response = client.post(reverse("calendar"), {"campaign": value})
        assert response.status_code == (404 if value else 200), value


@fuzzed
@given(query=st.dictionaries(st.sampled_from(READ["timeline"]), typed, max_size=5))
def test_random_words_break_no_timeline(full: Desk, query: dict[str, str]) -> None:
    survives(full.client(), at("timeline", full.campaign), query)


@fuzzed
@given(query=st.dictionaries(st.sampled_from(BOARD), typed, max_size=5))
def test_random_words_break_no_board(full: Desk, query: dict[str, str]) -> None:
    survives(full.client(), reverse("deadlines"), query)


GOOD = {
    "headline": "Fine", "date": "2021", "visibility": "team", "words": "Said.", "person": "Ada",
    "measure": "Offences", "figure": "3", "to": "2027", "reason": "Why", "outcome": "met", "on": "2026-03-01",
    "relation": "supports", "other": "Royal Assent", "name": "Somebody", "role": "press", "title": "A report",
    "text": "Words.", "email": "new@example.org", "time_zone": "Europe/London", "days": "7", "time": "09:00",
}  # fmt: skip


def good(fields: tuple[str, ...]) -> dict[str, str]:
    return {name: GOOD[name] for name in fields if name in GOOD}


def targets(desk: Desk) -> dict[str, str]:
    """The address of each form, of a row it fits."""
    from apps.timeline.models import Entry

    by_kind = {entry.kind: entry.pk for entry in Entry.everything.all()}
    person, member = make.person(desk.campaign), make.membership(desk.campaign, desk.cast["viewer"])
    rows = {
        "edit": ("edit_entry", {"pk": by_kind["update"]}),
        "move": ("move", {"pk": by_kind["milestone"]}),
        "mark": ("mark", {"pk": by_kind["milestone"]}),
        "clear_quote": ("clear_quote", {"pk": by_kind["quote"]}),
        "add_link": ("add_link", {"pk": by_kind["quote"]}),
        "add_post": ("add_post", {"pk": person.pk}),
        "add_snapshot": ("add_snapshot", {"pk": make.source(desk.campaign).pk}),
        "change_member": ("change_member", {"pk": member.pk}),
    }
    return {form: at(*_named(rows.get(form, (form, {})), desk)[:2], **rows.get(form, (form, {}))[1])
            for form in FORMS}  # fmt: skip


def _named(row: tuple[str, Any], desk: Desk) -> tuple[str, Any]:
    return row[0], desk.campaign


def answers(client: Client, path: str, data: dict[str, str]) -> None:
    response = client.post(path, data)
    assert response.status_code in {200, 302, 400}, (path, data)
    assert b"<script>alert" not in response.content
    if response.status_code == 302 and response["Location"].startswith("/c/"):
        page = client.get(response["Location"])
        assert page.status_code in {200, 404}, (path, data)
        assert b"<script>alert" not in page.content


@pytest.mark.parametrize("form", sorted(FORMS))
def test_hostile_words_in_every_field_break_no_form(form: str, full: Desk) -> None:
    client, path = full.client(), targets(full)[form]
    for number, field in enumerate(FORMS[form]):
        for value in HOSTILE[number % 4 :: 4] if form == "edit" else HOSTILE:
            answers(client, path, {**good(FORMS[form]), field: value})


@pytest.mark.parametrize("kind", sorted(Kind.values))
def test_hostile_words_in_every_field_break_no_new_entry(kind: str, full: Desk) -> None:
    client, path = full.client(), at("add_entry", full.campaign, kind=kind)
    offset = Kind.values.index(kind)  # the kinds share the work: together they try every pair
    for number, field in enumerate(ENTRY):
        for value in HOSTILE[(number + offset) % 4 :: 4]:
            answers(client, path, {**good(ENTRY), field: value})
    for name in ("timeline", "campaign", "people", "sources"):
        survives(client, at(name, full.campaign), {"start": "0001"})
    survives(client, reverse("deadlines"))
    survives(client, reverse("deadlines") + "?_export=xlsx")


@fuzzed
@given(kind=st.sampled_from(Kind.values), data=st.dictionaries(st.sampled_from(ENTRY), typed, max_size=6))
def test_random_words_break_no_new_entry(full: Desk, kind: str, data: dict[str, str]) -> None:
    answers(full.client(), at("add_entry", full.campaign, kind=kind), {**good(ENTRY), **data})
