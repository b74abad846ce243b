"""The index of words is what the entries say, whatever was done and in what order."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.desk import actions as desk
from apps.desk.demo.load import delete_campaign
from apps.evidence.actions import edit_quote, edit_statistic, set_state
from apps.evidence.clearance import clear_quote, withdraw_clearance
from apps.legislation.actions import edit_milestone, reopen, revise_target, settle
from apps.legislation.models import Outcome
from apps.people.models import Post
from apps.timeline import index
from apps.timeline.actions import edit_entry
from apps.timeline.models import Entry, State, Tag, Words
from apps.words import read_query
from tests import make
from tests.make import AT
from tests.pages import client_of, undone

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def rows() -> list[tuple[Any, ...]]:
    return list(Words.objects.order_by("entry").values_list("entry", "key", "head", "body"))


def found(campaign: Campaign, typed: str) -> list[str]:
    owner = make.owner_of(campaign)
    entries = Entry.objects.visible_to(owner, at=AT).matching(read_query(typed)).newest_first()
    return list(entries.values_list("headline", flat=True))


class World:
    """One of everything, and everything that can be done to it."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign, self.owner = campaign, make.owner_of(campaign)
        self.person, self.other = make.person(campaign), make.person(campaign, "Zoë Quinn")
        self.organisation = make.organisation(campaign)
        self.post = make.post(self.person, organisation=self.organisation)
        self.source = make.source(campaign)
        whose = {"person": self.person, "organisation": self.organisation, "source": self.source}
        self.update = make.update(campaign, tags=("Bill", "Law"), **whose)
        self.statistic = make.statistic(campaign, **whose)
        self.quote = make.quote(campaign, **whose)
        self.milestone = make.milestone(campaign, **whose)
        self.number = 0

    def do(self, name: str) -> None:
        self.number += 1
        with suppress(ValidationError):  # a quote that has lost its source is not cleared: refused
            DO[name](self, f"word{self.number}")

    def facts(self, word: str, **fields: Any) -> Any:
        return make.facts(headline=f"Now {word}", note=f"note {word}", date="2021-05-06", **fields)

    def version(self, row: Any) -> int:
        return Entry.everything.get(pk=row.pk).version


def _admin(world: World, row: Any, **changed: str) -> None:
    """What the admin does when a row is saved there."""
    page = site._registry[type(row)]
    request = RequestFactory().post("/")
    request.user = world.owner
    row = type(row)._base_manager.get(pk=row.pk)
    for name, value in changed.items():
        setattr(row, name, value)
    form = page.get_form(request, row)(instance=row)
    page.save_model(request, row, form, change=True)
    form.save_m2m = lambda: None  # type: ignore[attr-defined]
    page.save_related(request, form, [], change=True)


def _rename(world: World, row: Any, save: Callable[..., Any], key: str, word: str, by: str = "name") -> None:
    row.refresh_from_db()
    setattr(row, by, f"Name {word}")
    extra = {"published": None} if key == "source" else {}
    save(**{key: row}, by=world.owner, **extra)


DO: dict[str, Callable[[World, str], Any]] = {
    "add": lambda w, word: make.update(w.campaign, headline=word, tags=(word,)),
    "edit update": lambda w, word: edit_entry(
        entry=w.update, facts=w.facts(word, tags=(word,)), version=w.version(w.update), by=w.owner
    ),
    "edit statistic": lambda w, word: edit_statistic(
        statistic=w.statistic,
        facts=w.facts(word),
        figure=make.figure(measure=f"measure {word}", area=word),
        version=w.version(w.statistic),
        by=w.owner,
    ),
    "edit quote": lambda w, word: edit_quote(
        quote=w.quote,
        facts=w.facts(word, person=w.other),
        words=f"said {word}",
        version=w.version(w.quote),
        by=w.owner,
    ),
    "clear": lambda w, word: clear_quote(quote=w.quote, version=w.version(w.quote), by=w.owner, at=AT),
    "revoke": lambda w, word: withdraw_clearance(quote=w.quote, by=w.owner, at=AT),
    "edit milestone": lambda w, word: edit_milestone(
        milestone=w.milestone,
        facts=w.facts(word),
        owner=None,
        version=w.version(w.milestone),
        by=w.owner,
        at=AT,
    ),
    "move": lambda w, word: (
        reopen(milestone=w.milestone, by=w.owner, at=AT),
        revise_target(milestone=w.milestone, to=parse(f"{2027 + w.number}"), reason=word, by=w.owner, at=AT),
    ),
    "settle": lambda w, word: settle(
        milestone=w.milestone, outcome=Outcome.MET, on=AT.date(), by=w.owner, at=AT
    ),
    "withdraw": lambda w, word: set_state(entry=w.quote.entry, state=State.WITHDRAWN, by=w.owner),
    "restore": lambda w, word: set_state(entry=w.quote.entry, state=State.PUBLISHED, by=w.owner),
    "person": lambda w, word: _rename(w, w.person, desk.save_person, "person", word),
    "organisation": lambda w, word: _rename(w, w.organisation, desk.save_organisation, "organisation", word),
    "source": lambda w, word: _rename(w, w.source, desk.save_source, "source", word, by="title"),
    "post": lambda w, word: [
        desk.remove_post(post=post, by=w.owner) for post in Post.objects.filter(person=w.person)
    ],
    "admin entry": lambda w, word: _admin(w, w.update, headline=word),
    "admin person": lambda w, word: _admin(w, w.person, name=word),
    "admin post": lambda w, word: Post.objects.filter(pk=w.post.pk).exists() and _admin(w, w.post, role=word),
    "admin source": lambda w, word: _admin(w, w.source, publisher=word),
    "admin tag": lambda w, word: _admin(w, Tag.objects.earliest("pk"), name=word),
    "admin quote": lambda w, word: _admin(w, w.quote.entry, headline=word),
    "admin statistic": lambda w, word: _admin(w, w.statistic, measure=word),
}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(st.sampled_from(sorted(DO)), min_size=1, max_size=8))
def test_any_sequence_of_actions_leaves_the_index_as_a_rebuild_does(
    campaign: Campaign, done: list[str]
) -> None:
    with undone():
        world = World(campaign)
        for name in done:
            world.do(name)
        kept = rows()
        assert not index.check(), done
        index.rebuild()
        assert rows() == kept


@pytest.mark.parametrize("name", sorted(DO))
def test_each_action_keeps_it(campaign: Campaign, name: str) -> None:
    world = World(campaign)
    world.do(name)
    assert not index.check()


def test_what_was_said_before_is_not_found_any_more(campaign: Campaign) -> None:
    world = World(campaign)
    assert len(found(campaign, "burrows ")) == 4
    world.do("person")
    assert found(campaign, "burrows ") == []
    assert len(found(campaign, "word1 ")) == 4


def test_a_deleted_entry_and_a_deleted_campaign_leave_nothing(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    World(campaign)
    kept = make.update(other_campaign, headline="Rivers")
    gone = make.update(campaign, headline="Gone")
    admin = make.user("ada", is_staff=True, is_superuser=True)
    address = reverse("admin:timeline_entry_delete", args=[gone.pk])
    assert client_of(admin).post(address, {"post": "yes"}).status_code == 302
    assert not index.check()
    delete_campaign(campaign)
    assert [row[0] for row in rows()] == [kept.pk]
    assert not index.check()


def test_a_campaign_deleted_in_the_admin_leaves_nothing(campaign: Campaign) -> None:
    make.update(campaign)
    admin = make.user("ada", is_staff=True, is_superuser=True)
    address = reverse("admin:campaigns_campaign_delete", args=[campaign.pk])
    client_of(admin).post(address, {"post": "yes"})
    assert (rows(), bool(index.check())) == ([], False)


def test_drift_is_found_said_and_mended(campaign: Campaign) -> None:
    entries = [make.update(campaign, headline=f"Entry {number}") for number in range(4)]
    Words.objects.filter(entry=entries[0]).delete()
    Entry.everything.filter(pk=entries[1].pk).update(headline="Changed past the actions")
    drift = index.check()
    assert (drift.missing, drift.different) == ([entries[0].pk], [entries[1].pk])
    assert drift.strange == (0 if connection.vendor == "postgresql" else 1)
    with pytest.raises(CommandError, match=f"1 entries are missing \\({entries[0].pk}\\)"):
        call_command("index_search", "--check")
    said = StringIO()
    call_command("index_search", stdout=said)
    assert said.getvalue() == "4 entries are in the index.\n"
    call_command("index_search", "--check", stdout=said)
    assert "as it should be: 4 entries" in said.getvalue()
    assert found(campaign, "changed past") == ["Changed past the actions"]


def test_a_damaged_half_of_the_database_is_found(campaign: Campaign) -> None:
    make.update(campaign)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("UPDATE timeline_words SET vector = 'other'::tsvector")
        else:
            cursor.execute(index.TAKE_OUT, rows()[0][1:])
            cursor.execute(index.PUT_IN, [rows()[0][1], "strange", "words"])
    assert index.check()


def test_keys_go_by_day_and_then_by_id(campaign: Campaign) -> None:
    days = ["2021-05-06", "0001-01-01", "9998-12-31", "2021-05-06"]
    made = [make.update(campaign, headline=f"Day {number}", date=day) for number, day in enumerate(days)]
    assert found(campaign, "day") == ["Day 2", "Day 3", "Day 0", "Day 1"]
    assert datetime(9998, 12, 31, tzinfo=UTC).date() == made[2].placed
