"""Entries as they stood: what history and the ledger say of an earlier moment."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.evidence.actions import edit_quote, edit_statistic, set_state
from apps.evidence.clearance import clear_quote
from apps.evidence.models import Quote, Statistic
from apps.legislation.actions import revise_target
from apps.press.rewind import set_back
from apps.timeline.actions import edit_entry
from apps.timeline.models import Entry, State
from tests import make
from tests.make import AT, DAY

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def write_history(entry: Entry, *moments: datetime) -> None:
    """Date the rows of history of an entry and its details, oldest first."""
    histories = [entry.history, *(getattr(entry, entry.kind).history for _ in "x" if entry.kind != "update")]
    for history in histories:
        rows = list(history.order_by("history_id"))
        for row, moment in zip(rows, (*moments, *moments[-1:] * len(rows)), strict=False):
            history.filter(history_id=row.history_id).update(history_date=moment)


def back(entry: Entry, at: datetime) -> tuple[Entry, str]:
    fresh = Entry.everything.select_related("statistic", "milestone", "quote", "person").get(pk=entry.pk)
    return fresh, set_back([fresh], at).get(entry.pk, "")


def test_headline_and_note_are_those_of_the_day(campaign: Campaign) -> None:
    entry = make.update(
        campaign, headline="Old", note="old note", source=make.source(campaign, title="Old source")
    )
    facts = make.facts(headline="New", note="new note", date="2026-04-01")
    edit_entry(entry=entry, facts=facts, version=1, by=make.owner_of(campaign))
    write_history(entry, AT, AT + 2 * DAY)
    then, why = back(entry, AT + DAY)
    assert (then.headline, then.note, then.date, str(then.source), why) == (
        "Old",
        "old note",
        "2026-03-01",
        "Old source",
        "",
    )
    now, _ = back(entry, AT + 3 * DAY)
    assert (now.headline, now.date, now.source) == ("New", "2026-04-01", None)


def test_figures_are_those_of_the_day(campaign: Campaign) -> None:
    statistic = make.statistic(campaign)
    figure = make.figure(figure=Decimal(400), stated_change=Decimal(109))
    edit_statistic(
        statistic=statistic, facts=make.facts(), figure=figure, version=1, by=make.owner_of(campaign)
    )
    write_history(statistic.entry, AT, AT + 2 * DAY)
    assert back(statistic.entry, AT + DAY)[0].statistic.figure == 389
    assert back(statistic.entry, AT + 2 * DAY)[0].statistic.figure == 400
    assert Statistic.everything.get().figure == 400


def test_targets_are_those_of_the_ledger(campaign: Campaign) -> None:
    milestone = make.milestone(campaign, target="2026-06-20")
    owner = make.owner_of(campaign)
    revise_target(
        milestone=milestone, to=parse("2026-09-01"), reason="Delayed", by=owner, at=AT + 2 * DAY, source=None
    )
    then, _ = back(milestone.entry, AT + DAY)
    assert (then.date, then.slip_days, then.milestone.moves) == ("2026-06-20", 0, 0)
    now, _ = back(milestone.entry, AT + 3 * DAY)
    assert (now.date, now.slip_days, now.milestone.moves) == ("2026-09-01", 73, 1)


def test_words_that_were_signed_off_anew_are_not_told_as_they_stood(campaign: Campaign) -> None:
    quote = make.quote(campaign, cleared=True)
    owner, person = make.owner_of(campaign), quote.entry.person
    edit_quote(
        quote=quote,
        facts=make.facts(person=person, source=quote.entry.source),
        words="Other words.",
        version=1,
        by=owner,
    )
    fresh = Quote.everything.select_related("entry").get(pk=quote.pk)
    clear_quote(quote=fresh, version=fresh.entry.version, by=owner, at=AT + 2 * DAY)
    write_history(quote.entry, AT, AT + 2 * DAY)
    assert "sign-off is of the new ones" in back(quote.entry, AT + DAY)[1]
    assert back(quote.entry, AT + 3 * DAY)[1] == ""


def test_the_words_of_the_day_stand_where_they_are_still_the_same(campaign: Campaign) -> None:
    quote = make.quote(campaign, cleared=True)
    assert (back(quote.entry, AT + DAY)[0].quote.words, back(quote.entry, AT + DAY)[1]) == (
        "The law must catch up.",
        "",
    )


@pytest.mark.parametrize(
    ("state", "why"), [("draft", "it had not been approved by then"), ("staff", "it was for staff only then")]
)
def test_what_was_not_for_readers_then_is_not_told(campaign: Campaign, state: str, why: str) -> None:
    owner = make.owner_of(campaign)
    hidden = {"approved": False} if state == "draft" else {"visibility": "staff"}
    entry = make.update(campaign, headline="Old", **hidden)
    if state == "draft":
        set_state(entry=entry, state=State.PUBLISHED, by=owner)
    else:
        edit_entry(entry=entry, facts=make.facts(), version=1, by=owner)
    write_history(entry, AT, AT + 2 * DAY)
    assert back(entry, AT + DAY)[1] == why
    assert back(entry, AT + 2 * DAY)[1] == ""


def test_what_was_written_down_only_later_is_taken_as_it_first_was(campaign: Campaign) -> None:
    entry = make.update(campaign, headline="Imported", at=AT - 100 * DAY)
    assert back(entry, AT - 50 * DAY)[0].headline == "Imported"


def test_it_takes_as_many_queries_for_many_as_for_few(campaign: Campaign) -> None:
    def cost(entries: list[Entry]) -> int:
        rows = list(
            Entry.everything.select_related("statistic", "milestone", "quote").filter(
                pk__in=[e.pk for e in entries]
            )
        )
        with CaptureQueriesContext(connection) as asked:
            set_back(rows, AT + DAY)
        return len(asked)

    def some(count: int) -> list[Entry]:
        made = []
        for number in range(count):
            made += [
                make.statistic(campaign).entry,
                make.quote(campaign, cleared=True, person=make.person(campaign, f"P{number}")).entry,
                make.milestone(campaign).entry,
                make.update(campaign, source=make.source(campaign, title=f"S{number}")),
            ]
        return made

    few = some(1)
    assert cost(few) == cost(few + some(4))
