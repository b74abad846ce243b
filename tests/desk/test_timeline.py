"""The timeline and the finder: pages by key, filters, and how many queries they take."""

import re
from datetime import date, timedelta
from itertools import cycle, pairwise
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.people.models import Person
from apps.timeline.models import Entry
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import pages_from, query_count
from tests.pages import at, text_of

COUNT = 230


def headlines(response: HttpResponse) -> list[str]:
    return re.findall(r'<p class="headline"><a[^>]*>([^<]*)</a>', response.content.decode())


def walk(desk: Desk, start: str, rel: str) -> list[list[str]]:
    """The headlines of each page, from the first to the last in that direction."""
    return [headlines(page) for page in pages_from(desk.client(), at("timeline", desk.campaign) + start, rel)]


@pytest.fixture
def many(desk: Desk) -> list[str]:
    """Headlines in the order of the timeline; every third entry shares its day with the next."""
    day = date(2020, 1, 1)
    for number in range(COUNT):
        day += timedelta(days=number % 3)
        make.update(desk.campaign, headline=f"Entry {number:03}", date=day.isoformat())
    return [f"Entry {number:03}" for number in range(COUNT)]


def test_forward_pages_show_every_entry_once_in_order(desk: Desk, many: list[str]) -> None:
    pages = walk(desk, "?start=2000", "next")
    assert [headline for page in pages for headline in page] == many
    assert [len(page) for page in pages] == [50, 50, 50, 50, 30]


def test_backward_pages_show_every_entry_once_in_order(desk: Desk, many: list[str]) -> None:
    pages = walk(desk, "?before=9998-12-31.1", "prev")
    assert [headline for page in pages[::-1] for headline in page] == many


def test_equal_days_are_kept_apart_by_their_ids(desk: Desk) -> None:
    for number in range(120):
        make.update(desk.campaign, headline=f"Entry {number:03}", date="2021-05-05")
    forward = [headline for page in walk(desk, "?start=2000", "next") for headline in page]
    assert forward == [f"Entry {number:03}" for number in range(120)]


def test_the_filter_is_kept_from_page_to_page(desk: Desk, many: list[str]) -> None:
    for number in range(60):
        make.update(desk.campaign, headline=f"Other {number:03}", date="2020-06-01")
    pages = walk(desk, "?start=2000&words=Other&kind=update", "next")
    assert [headline for page in pages for headline in page] == [f"Other {number:03}" for number in range(60)]


@pytest.mark.parametrize(
    "cursor", ["x", "2021-13-01.1", "2021-01-01", "2021-01-01.", "\x00", "664.5", "-1.1"]
)
def test_a_damaged_place_shows_the_entries_around_today(cursor: str, desk: Desk) -> None:
    make.update(desk.campaign)
    response = desk.get("timeline", query={"after": cursor})
    assert headlines(response) == ["Ofcom opens a consultation"]
    assert "address was damaged" in text_of(response)


def test_a_wrong_date_says_so_and_keeps_what_was_typed(desk: Desk) -> None:
    response = desk.get("timeline", query={"start": "2021-13", "words": "harm"})
    assert 'value="2021-13"' in response.content.decode()
    assert "2021-13" in text_of(response)
    assert "This filter finds nothing as it is" in text_of(response)


def test_what_was_typed_is_text_and_never_markup(desk: Desk) -> None:
    script = "<script>alert(1)</script>"
    make.update(desk.campaign, headline=script, note=script)
    for name in ("timeline", "campaign"):
        page = desk.get(name, query={"words": script, "person": script}).content.decode()
        assert script not in page
    page = desk.get("timeline").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_suggestions_start_with_what_was_typed_then_hold_it(desk: Desk) -> None:
    for name in ("Ann Burns", "Bea Ann", "Cy"):
        make.person(desk.campaign, name)
    found = re.findall(
        r'value="([^"]*)"', desk.get("find", what="persons", query={"q": "ann"}).content.decode()
    )
    assert found == ["Ann Burns", "Bea Ann"]


def test_namesakes_are_suggested_with_their_numbers(desk: Desk) -> None:
    twins = [make.person(desk.campaign, "Jo Smith") for _ in range(2)]
    page = desk.get("find", what="persons", query={"q": "jo"}).content.decode()
    assert re.findall(r'value="([^"]*)"', page) == [f"Jo Smith [{twin.pk}]" for twin in twins]


def fill(campaign: Campaign, count: int) -> None:
    """Entries of every kind in turn, each with a tag, a person in a post, and a link to the one before."""
    makers = cycle((make.update, make.quote, make.statistic, make.milestone))
    entries = []
    for number, maker in zip(range(count), makers, strict=False):
        person = make.person(campaign, f"Person {number}")
        make.post(person, organisation=make.organisation(campaign, f"Body {number}"))
        source = make.source(campaign, title=f"Source {number}")
        made: Any = maker(campaign, person=person, source=source, tags=(f"Tag {number}", "Bill"))
        entries.append(getattr(made, "entry", made))
    for before, after in pairwise(entries):
        make.link(after, before)


PLACES = ("campaign", "timeline", "deadlines", "entry", "edit_entry")


@pytest.mark.parametrize("name", PLACES)
def test_the_number_of_queries_does_not_grow_with_the_rows(name: str, desk: Desk) -> None:
    fill(desk.campaign, 10)
    entry = Entry.everything.filter(kind="milestone").latest("pk")
    if name == "deadlines":
        path = reverse(name)
    else:
        path = at(name, desk.campaign, **({"pk": entry.pk} if "entry" in name else {}))
    client = desk.client()
    few = query_count(client, path)
    fill(desk.campaign, 40)
    assert query_count(client, path) == few


def test_a_list_with_more_parents_than_sqlite_takes_at_once(desk: Desk) -> None:
    rows = [Person(campaign=desk.campaign, name=f"Person {number:04}") for number in range(1500)]
    Person.objects.bulk_create(rows)
    for number in range(60):
        make.milestone(desk.campaign, headline=f"Deadline {number}", person=make.person(desk.campaign))
    for name in ("people", "campaign", "timeline"):
        assert desk.get(name).status_code == 200
