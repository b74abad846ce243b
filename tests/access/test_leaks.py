"""What is hidden stays hidden: a marker is planted in everything that a hidden entry of every sort consists
of, and every surface is read as everybody. Staff see it, which shows that the marker is there to be found.

The surfaces are found, not listed: every page of the table that can be read, of every row there is.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from itertools import product
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.evidence.actions import set_state
from apps.legislation.actions import revise_target
from apps.legislation.models import Milestone
from apps.people.models import Organisation, Person
from apps.reminders.actions import set_default_ladder
from apps.reminders.planning import plan
from apps.sources.models import Source
from apps.timeline.models import Entry, Kind, State
from tests import make
from tests.access.table import PAGES, Page
from tests.make import AT, DAY, SECOND
from tests.pages import Clock, client_of, text_of

MARK = "Zanzibar"
EMBARGO = AT + DAY
STAFF = ("owner", "advocacy", "press")
OTHERS = ("nobody", "outsider", "viewer", "volunteer")
KINDS = tuple(Kind)
SORTS = ("embargoed", "draft", "withdrawn", "staff only", "uncleared", "elsewhere")

people_who_must_not_see = pytest.mark.parametrize("who", OTHERS)


class Site:
    """A public campaign, with something plain to see and one hidden entry of each sort and kind."""

    def __init__(self, *sorts: str) -> None:
        self.campaign = make.campaign(owner=make.user("olive"), public=True)
        self.cast: dict[str, User | None] = {"nobody": None, **make.cast(self.campaign)}
        set_default_ladder(campaign=self.campaign, by=self.owner, at=AT)
        self.elsewhere = make.campaign(owner=make.user("oscar"), name="Clean rivers")
        for role in ("viewer", "volunteer"):
            place = make.membership(self.campaign, self._user(role))
            place.reminded = True
            place.save()
        self.plain = make.update(self.campaign, headline="Plain to see", visibility="public")
        self.hidden = [self._hide(sort, kind) for sort in sorts for kind in _kinds(sort)]

    @property
    def owner(self) -> User:
        return make.owner_of(self.campaign)

    def _user(self, role: str) -> User:
        user = self.cast[role]
        assert user is not None
        return user

    def _hide(self, sort: str, kind: str) -> Entry:
        campaign = self.elsewhere if sort == "elsewhere" else self.campaign
        entry = _marked(campaign, kind, sort)
        if sort == "withdrawn":
            set_state(entry=entry, state=State.WITHDRAWN, by=self.owner)
        if campaign == self.campaign:
            link = make.link(entry, self.plain)
            link.note = f"{MARK} link"
            link.save()
        return entry

    def client(self, who: str) -> Client:
        return client_of(self.cast[who])


def _kinds(sort: str) -> tuple[str, ...]:
    return (Kind.QUOTE,) if sort == "uncleared" else KINDS


def _marked(campaign: Campaign, kind: str, sort: str) -> Entry:
    """An entry whose every word is marked, with a person, organisation, source and tag of its own."""
    person = make.person(campaign, f"{MARK} person {kind} {sort}")
    organisation = make.organisation(campaign, f"{MARK} organisation {kind} {sort}")
    make.post(person, role=f"{MARK} role", organisation=organisation)
    url = f"https://example.org/{MARK}/{kind}/{sort}".replace(" ", "-")
    source = make.source(campaign, title=f"{MARK} source {kind} {sort}", url=url)
    make.snapshot(source, f"{MARK} text")
    fields: dict[str, Any] = {
        "headline": f"{MARK} {kind}",
        "note": f"{MARK} note",
        "person": person,
        "organisation": organisation,
        "source": source,
        "tags": (f"{MARK} tag",),
        "visibility": "staff" if sort == "staff only" else "public",
        "embargo_until": EMBARGO if sort == "embargoed" else None,
        "approved": sort != "draft",
    }
    makers: dict[str, Callable[..., Any]] = {
        "milestone": _moved,
        "statistic": lambda *a, **k: make.statistic(*a, figure=make.figure(area=f"{MARK} area"), **k).entry,
        "quote": lambda *a, **k: (
            make.quote(*a, words=f"{MARK} words", cleared=sort != "uncleared", **k).entry
        ),
        "update": make.update,
    }
    return makers[kind](campaign, **fields)


def _moved(campaign: Campaign, **fields: Any) -> Entry:
    owner = make.owner_of(campaign)
    milestone = make.milestone(campaign, owner=owner, **fields)
    source = make.source(campaign, title=f"{MARK} source of a move")
    revise_target(
        milestone=milestone, to=parse("2026-07-01"), reason=f"{MARK} reason", source=source, by=owner, at=AT
    )
    plan(milestone, at=AT)
    return Milestone.everything.get(pk=milestone.pk).entry


def surfaces(campaign: Campaign) -> Iterator[str]:
    """Every address that can be read of a campaign, with every row that might stand in it; lists are asked
    in every way they can be narrowed."""
    for page in PAGES:
        if page.get and "token" not in page.parts:
            yield from _addresses(page, campaign)
    slug = campaign.slug
    for what, typed in product(
        ("persons", "organisations", "sources", "tags", "entries"), ("", MARK[:3], "a")
    ):
        yield reverse("find", kwargs={"slug": slug, "what": what}) + f"?q={typed}"
    for name in ("people", "sources"):
        yield reverse(name, kwargs={"slug": slug}) + "?q=a"
    yield reverse("timeline", kwargs={"slug": slug}) + "?words=a&start=2000"
    yield reverse("timeline", kwargs={"slug": slug}) + "?start=2030"
    for status, sort in product(("open", "overdue", "soon", "met"), ("when", "-slipped")):
        yield reverse("deadlines") + f"?status={status}&sort={sort}"
    for fmt in ("csv", "xlsx"):
        yield reverse("deadlines") + f"?_export={fmt}"


def _addresses(page: Page, campaign: Campaign) -> Iterator[str]:
    rows: dict[str, Any] = {
        "update": Entry.everything.values_list("pk", flat=True),
        "milestone": Milestone.everything.values_list("pk", flat=True),
        "person": Person.objects.values_list("pk", flat=True),
        "organisation": Organisation.objects.values_list("pk", flat=True),
        "source": Source.objects.values_list("pk", flat=True),
    }
    kinds = [f"={kind}" for kind in KINDS]
    words = [word for part, word in page.parts.items() if part != "slug"]
    choices = [kinds if word == "=update" else rows.get(word, [word]) for word in words]
    for chosen in product(*choices):
        parts = dict(zip((part for part in page.parts if part != "slug"), chosen, strict=True))
        parts = {part: word[1:] if str(word).startswith("=") else word for part, word in parts.items()}
        if "delivery" not in parts.values():
            slug = {"slug": campaign.slug} if page.in_campaign else {}
            yield reverse(page.name, kwargs=slug | parts)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    if "spreadsheet" in response.get("Content-Type", ""):
        book = openpyxl.load_workbook(BytesIO(response.content))
        return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    return response.content.decode()


def marked(client: Client, campaign: Campaign) -> list[str]:
    """The addresses at which this person reads the marker."""
    return [address for address in surfaces(campaign) if MARK.lower() in read(client, address).lower()]


@people_who_must_not_see
def test_what_is_hidden_shows_nowhere(who: str, db: None) -> None:
    site = Site(*SORTS)
    assert marked(site.client(who), site.campaign) == []


@pytest.mark.parametrize("who", STAFF)
def test_staff_do_see_it(who: str, db: None) -> None:
    site = Site(*SORTS)
    seen = set(marked(site.client(who), site.campaign))
    entries = {
        entry: reverse("entry", kwargs={"slug": site.campaign.slug, "pk": entry.pk})
        for entry in site.hidden
        if entry.campaign_id == site.campaign.pk
    }
    assert set(entries.values()) <= seen
    lists = ("campaign", "timeline", "people", "sources", "reminders")
    assert {reverse(name, kwargs={"slug": site.campaign.slug}) for name in lists} <= seen
    assert {reverse("deadlines"), reverse("home"), reverse("deadlines") + "?_export=xlsx"} <= seen


def test_whoever_added_a_draft_sees_their_own(db: None) -> None:
    site = Site("draft")
    volunteer = site._user("volunteer")
    Entry.everything.filter(pk=site.hidden[0].pk).update(created_by=volunteer)
    address = reverse("entry", kwargs={"slug": site.campaign.slug, "pk": site.hidden[0].pk})
    assert site.client("volunteer").get(address).status_code == 200
    assert site.client("viewer").get(address).status_code == 404


@pytest.mark.parametrize("moment, seen", [(EMBARGO - SECOND, False), (EMBARGO, True)])
@people_who_must_not_see
def test_an_embargo_ends_at_its_moment(
    who: str, moment: datetime, seen: bool, clock: Clock, db: None
) -> None:
    site = Site("embargoed")
    clock.at = moment
    timeline = reverse("timeline", kwargs={"slug": site.campaign.slug})
    assert bool(marked(site.client(who), site.campaign)) == seen
    assert (MARK in read(site.client(who), timeline)) == seen


FILTERS = ("person", "organisation", "source", "tag")


@people_who_must_not_see
def test_a_filter_by_a_hidden_name_answers_as_for_a_name_nobody_has(who: str, db: None) -> None:
    """The two pages are the same but for the name that was typed."""
    site = Site(*SORTS)
    client = site.client(who)
    for sort, field in product(SORTS, FILTERS):
        name = f"{MARK} tag" if field == "tag" else f"{MARK} {field} quote {sort}"
        assert _page(client, site, **{field: name}) == _page(client, site, **{field: "Qqqq"})
    assert _page(client, site, words=MARK) == _page(client, site, words="Qqqq")


def test_a_filter_by_a_hidden_rows_number_answers_as_for_no_row(db: None) -> None:
    site = Site(*SORTS)
    client = site.client("viewer")
    for entry, field in product(site.hidden, ("person", "organisation", "source")):
        number = f"x [{getattr(entry, f'{field}_id')}]"
        assert _page(client, site, **{field: number}) == _page(client, site, **{field: "x [999999]"})


def _page(client: Client, site: Site, **typed: str) -> str:
    """The timeline so narrowed, without what was typed and without tokens."""
    response = client.get(reverse("timeline", kwargs={"slug": site.campaign.slug}), typed)
    said = text_of(response)
    for value in typed.values():
        said = said.replace(value, "…")
    return said


def test_a_link_to_a_hidden_entry_is_refused_as_for_no_entry(db: None) -> None:
    site = Site(*SORTS)
    client = site.client("volunteer")
    address = reverse("add_link", kwargs={"slug": site.campaign.slug, "pk": site.plain.pk})
    for typed in (text for entry in site.hidden for text in (entry.headline, f"x [{entry.pk}]")):
        response = client.post(address, {"other": typed, "relation": "supports"})
        errors = response.context["form"].errors
        assert list(errors) == ["other"]
        assert "already" not in str(errors)
    assert Entry.everything.get(pk=site.plain.pk).links_out.count() == 0


def test_the_marker_is_in_every_part(db: None) -> None:
    """What staff read names every sort of thing that was planted."""
    site = Site("staff only")
    client = site.client("owner")
    said = "\n".join(read(client, address) for address in surfaces(site.campaign))
    planted = (
        "note",
        "person",
        "organisation",
        "role",
        "source",
        "text",
        "tag",
        "words",
        "area",
        "reason",
        "link",
    )
    assert [part for part in planted if f"{MARK} {part}" not in said] == []
