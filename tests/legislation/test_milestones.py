"""Milestones: the ledger of targets, the outcome, and everything derived from the two."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.desk.actions import change_state
from apps.legislation.actions import (
    current_target,
    edit_milestone,
    reopen,
    revise_target,
    settle,
)
from apps.legislation.models import LedgerIsAppendOnly, Milestone, Outcome, TargetDate
from apps.legislation.slips import reckon
from apps.timeline.actions import Conflict
from apps.timeline.models import Entry, State
from tests import make
from tests.make import AT, DAY


def stored(milestone: Milestone) -> Milestone:
    return Milestone.everything.select_related("entry").get(pk=milestone.pk)


def move(milestone: Milestone, to: str, *, at: datetime = AT + DAY, **fields: Any) -> TargetDate:
    by = fields.pop("by", None) or make.owner_of(milestone.entry.campaign)
    return revise_target(milestone=milestone, to=parse(to), reason="It was delayed", by=by, at=at, **fields)


def end(milestone: Milestone, outcome: Outcome, on: date = date(2026, 6, 1)) -> Milestone:
    by = make.owner_of(milestone.entry.campaign)
    return settle(milestone=milestone, outcome=outcome, on=on, by=by, at=AT + DAY, because="Hansard")


def test_the_first_target_opens_the_ledger(campaign: Campaign) -> None:
    source = make.source(campaign)
    milestone = make.milestone(campaign, target="2026-06-20", source=source)
    row = TargetDate.objects.get()
    assert (row.date, row.latest, row.source, row.recorded_by, row.recorded_at, row.correction) == (
        "2026-06-20",
        date(2026, 6, 20),
        source,
        make.owner_of(campaign),
        AT,
        False,
    )
    new = stored(milestone)
    assert (new.first_latest, new.slip_days, new.moves, new.changed_at) == (date(2026, 6, 20), 0, 0, AT)
    assert (new.entry.due, new.entry.placed) == (date(2026, 6, 20), date(2026, 6, 20))


@pytest.mark.parametrize(
    ("target", "due"),
    [
        ("2026-06", date(2026, 6, 30)),
        ("../2026-12-31", date(2026, 12, 31)),
        ("2026-23", date(2026, 11, 30)),
        ("2026-24", date(2027, 2, 28)),
        ("2026-06~", date(2026, 12, 31)),
        ("2026-06-20?", date(2026, 12, 31)),
    ],
)
def test_a_partial_target_is_due_on_its_latest_day_or_the_years_last(
    campaign: Campaign, target: str, due: date
) -> None:
    assert stored(make.milestone(campaign, target=target)).entry.due == due


def test_a_target_without_an_end_is_refused(campaign: Campaign) -> None:
    with pytest.raises(ValidationError, match="needs a last day"):
        make.milestone(campaign, target="2026-06/..")
    milestone = make.milestone(campaign)
    with pytest.raises(ValidationError, match="needs a last day"):
        move(milestone, "2026-06/..")
    assert (Entry.everything.count(), TargetDate.objects.count()) == (1, 1)


def test_a_move_adds_a_row_and_everything_follows(campaign: Campaign) -> None:
    milestone = make.milestone(campaign)
    row = move(milestone, "2026-07-20")
    new = stored(milestone)
    assert (current_target(new), [target.date for target in new.targets.all()]) == (
        row,
        ["2026-06-20", "2026-07-20"],
    )
    assert (new.first_latest, new.slip_days, new.moves, new.changed_at) == (
        date(2026, 6, 20),
        30,
        1,
        AT + DAY,
    )
    assert (new.entry.date, new.entry.due, new.entry.version) == ("2026-07-20", date(2026, 7, 20), 3)


def test_the_bill_was_664_days_late(campaign: Campaign) -> None:
    promised = make.milestone(campaign, target="../2021-12-31")
    assert stored(promised).late_days(date(2021, 12, 31)) == 0
    assert stored(promised).late_days(date(2022, 1, 1)) == 1
    end(promised, Outcome.MET, on=date(2023, 10, 26))
    met = stored(promised)
    assert met.late_days(date(2026, 3, 10)) == 664
    assert (met.entry.date, met.entry.due) == ("2023-10-26", None)


def test_lateness_counts_from_the_first_promise_however_often_it_moved(campaign: Campaign) -> None:
    milestone = make.milestone(campaign, target="2026-06-20")
    move(milestone, "2026-07-20")
    assert stored(milestone).late_days(date(2026, 6, 25)) == 5


@pytest.mark.parametrize("outcome", [Outcome.MISSED, Outcome.DROPPED, Outcome.FELL])
def test_what_ended_unmet_is_neither_due_nor_growing_later(campaign: Campaign, outcome: Outcome) -> None:
    milestone = end(make.milestone(campaign), outcome)
    new = stored(milestone)
    assert (new.outcome, new.settled_on, new.settled_because) == (outcome, date(2026, 6, 1), "Hansard")
    assert (new.entry.due, new.entry.date, new.late_days(date(2030, 1, 1))) == (None, "2026-06-20", 0)


def test_reopening_takes_it_back_to_its_target(campaign: Campaign) -> None:
    milestone = end(make.milestone(campaign), Outcome.MET)
    reopen(milestone=milestone, by=make.owner_of(campaign), at=AT + 2 * DAY)
    new = stored(milestone)
    assert (new.outcome, new.settled_on, new.settled_because, new.changed_at) == (
        Outcome.UPCOMING,
        None,
        "",
        AT + 2 * DAY,
    )
    assert (new.entry.date, new.entry.due) == ("2026-06-20", date(2026, 6, 20))


def test_a_settled_milestone_does_not_move(campaign: Campaign) -> None:
    milestone = end(make.milestone(campaign), Outcome.MET)
    with pytest.raises(ValidationError, match="settled"):
        move(milestone, "2026-07-20")


def test_the_same_date_again_is_refused(campaign: Campaign) -> None:
    with pytest.raises(ValidationError, match="as it stands"):
        move(make.milestone(campaign, target="2026-06-20"), "2026-06-20")


def test_who_moves_second_is_told_and_no_row_is_written(campaign: Campaign) -> None:
    milestone = make.milestone(campaign)
    seen = current_target(milestone).pk
    move(milestone, "2026-07-20", seen=seen)
    with pytest.raises(Conflict):
        move(milestone, "2026-08-20", seen=seen)
    assert TargetDate.objects.count() == 2


def test_a_source_of_another_campaign_is_refused(campaign: Campaign, other_campaign: Campaign) -> None:
    milestone = make.milestone(campaign)
    with pytest.raises(ValidationError, match="belongs to another campaign"):
        move(milestone, "2026-07-20", source=make.source(other_campaign))
    assert TargetDate.objects.count() == 1


def test_an_edit_writes_everything_but_the_date(campaign: Campaign, cast: dict[str, User]) -> None:
    milestone, editor = make.milestone(campaign), cast[Role.ADVOCACY]
    edit_milestone(
        milestone=milestone,
        facts=make.facts(headline="New", date="2030-01-01"),
        owner=editor,
        version=stored(milestone).entry.version,
        by=editor,
        at=AT + DAY,
    )
    new = stored(milestone)
    assert (new.entry.headline, new.owner, new.changed_at) == ("New", editor, AT + DAY)
    assert (new.entry.date, new.entry.due, new.targets.count()) == ("2026-06-20", date(2026, 6, 20), 1)


def test_who_edits_second_is_told(campaign: Campaign) -> None:
    milestone = make.milestone(campaign)
    version = stored(milestone).entry.version
    edit: dict[str, Any] = {"owner": None, "version": version, "by": make.owner_of(campaign), "at": AT}
    edit_milestone(milestone=milestone, facts=make.facts(headline="First"), **edit)
    with pytest.raises(Conflict):
        edit_milestone(milestone=milestone, facts=make.facts(headline="Second"), **edit)
    assert stored(milestone).entry.headline == "First"


def test_withdrawing_takes_the_deadline_away_and_restoring_brings_it_back(campaign: Campaign) -> None:
    milestone, owner = make.milestone(campaign), make.owner_of(campaign)
    change_state(entry=milestone.entry, state=State.WITHDRAWN, by=owner, at=AT)
    withdrawn = stored(milestone).entry.due
    change_state(entry=milestone.entry, state=State.PUBLISHED, by=owner, at=AT)
    assert (withdrawn, stored(milestone).entry.due) == (None, date(2026, 6, 20))


def test_a_draft_has_no_deadline_until_it_is_approved(campaign: Campaign) -> None:
    milestone = make.milestone(campaign, approved=False)
    assert stored(milestone).entry.due is None
    change_state(entry=milestone.entry, state=State.PUBLISHED, by=make.owner_of(campaign), at=AT)
    assert stored(milestone).entry.due == date(2026, 6, 20)


def test_an_outcome_cites_its_source_until_it_is_taken_back(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    milestone, source = make.milestone(campaign), make.source(campaign)
    by, on = make.owner_of(campaign), date(2026, 6, 1)
    settle(milestone=milestone, outcome=Outcome.MET, on=on, source=source, by=by, at=AT)
    assert stored(milestone).settled_source == source
    reopen(milestone=milestone, by=by, at=AT)
    assert stored(milestone).settled_source is None
    with pytest.raises(ValidationError, match="belongs to another campaign"):
        foreign = make.source(other_campaign)
        settle(milestone=milestone, outcome=Outcome.MET, on=on, source=foreign, by=by, at=AT)


def test_every_action_leaves_a_row_of_history_with_its_author(
    campaign: Campaign, cast: dict[str, User]
) -> None:
    milestone = make.milestone(campaign, by=cast[Role.OWNER])
    move(milestone, "2026-07-20", by=cast[Role.ADVOCACY])
    settle(milestone=milestone, outcome=Outcome.MET, on=date(2026, 7, 1), by=cast[Role.PRESS], at=AT)
    reopen(milestone=milestone, by=cast[Role.VOLUNTEER], at=AT)
    authors = [row.history_user for row in milestone.history.order_by("history_id")]
    names = [Role.OWNER, Role.OWNER, Role.ADVOCACY, Role.PRESS, Role.VOLUNTEER]
    assert authors == [cast[name] for name in names]
    assert [row.recorded_by for row in milestone.targets.all()] == [cast[Role.OWNER], cast[Role.ADVOCACY]]


def _save(row: TargetDate) -> None:
    row.latest = date(2030, 1, 1)
    row.save()


def _bulk_update(row: TargetDate) -> None:
    TargetDate.objects.bulk_update([row], ["reason"])


@pytest.mark.parametrize(
    "change",
    [
        _save,
        _bulk_update,
        lambda row: row.delete(),
        lambda row: TargetDate.objects.update(reason="x"),
        lambda row: TargetDate.objects.filter(pk=row.pk).delete(),
        lambda row: row.milestone.targets.all().delete(),
        lambda row: row.milestone.targets.update(reason="x"),
        lambda row: TargetDate.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["id"], update_fields=["reason"]
        ),
        lambda row: TargetDate.objects.update_or_create(pk=row.pk, defaults={"reason": "x"}),
    ],
)
def test_no_row_of_the_ledger_is_changed_or_taken_out(
    campaign: Campaign, change: Callable[[TargetDate], object]
) -> None:
    make.milestone(campaign)
    before = list(TargetDate.objects.values())
    with pytest.raises(LedgerIsAppendOnly), transaction.atomic():
        change(TargetDate.objects.get())
    assert list(TargetDate.objects.values()) == before


def test_the_ledger_goes_with_its_milestone(campaign: Campaign) -> None:
    move(make.milestone(campaign), "2026-07-20")
    Entry.everything.get().delete()
    assert TargetDate.objects.count() == 0


def test_the_ledger_outlives_whoever_recorded_it(campaign: Campaign) -> None:
    recorder = make.member(campaign, Role.ADVOCACY)
    move(make.milestone(campaign), "2026-07-20", by=recorder)
    recorder.delete()
    assert [(row.date, row.recorded_by) for row in TargetDate.objects.all()] == [
        ("2026-06-20", make.owner_of(campaign)),
        ("2026-07-20", None),
    ]


def test_a_whole_campaign_can_be_deleted(campaign: Campaign) -> None:
    source = make.source(campaign)
    make.snapshot(source, "The law must catch up.")
    move(make.milestone(campaign, source=source), "2026-07-20", source=source)
    make.quote(campaign, source=source, cleared=True)
    campaign.delete()
    assert (Entry.everything.count(), TargetDate.objects.count()) == (0, 0)


TARGETS = ["2026-06-20", "2026-06-27", "../2026-12-31", "2026-23", "2027~"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(TARGETS), st.booleans()),
        st.tuples(st.just("settle"), st.sampled_from(Outcome.values)),
        st.tuples(st.just("state"), st.sampled_from(State.values)),
    ),
    max_size=6,
)


class DerivedFields(TestCase):
    """After any sequence of actions the stored sums are those of the ledger."""

    @settings(max_examples=25)
    @given(STEPS)
    def test_derived_fields_always_equal_a_recomputation(self, steps: list[tuple]) -> None:
        campaign = make.campaign()
        milestone = make.milestone(campaign)
        for number, step in enumerate(steps, start=1):
            _take(step, milestone, at=AT + number * DAY)
        _assert_derived(stored(milestone))


def _take(step: tuple, milestone: Milestone, *, at: datetime) -> None:
    by = make.owner_of(milestone.entry.campaign)
    if step[0] == "settle":
        settle(milestone=milestone, outcome=Outcome(step[1]), on=date(2026, 6, 1), by=by, at=at)
    elif step[0] == "state":
        change_state(entry=milestone.entry, state=State(step[1]), by=by, at=at)
    else:
        with suppress(ValidationError):  # settled, or the same date again
            move(milestone, step[1], at=at, correction=step[2])


def _assert_derived(milestone: Milestone) -> None:
    rows = list(TargetDate.objects.filter(milestone=milestone).order_by("recorded_at", "id"))
    sums, target, entry = reckon(rows), parse(rows[-1].date), milestone.entry
    assert (milestone.first_latest, milestone.slip_days, milestone.moves) == (
        sums.first_latest,
        sums.slip_days,
        sums.moves,
    )
    met = milestone.outcome == Outcome.MET and milestone.settled_on
    shown = parse(met.isoformat()) if met else target
    assert (entry.date, entry.earliest, entry.latest, entry.placed) == (
        shown.text,
        shown.earliest,
        shown.latest,
        shown.placed,
    )
    counts = milestone.is_open() and entry.state == State.PUBLISHED
    assert entry.due == (target.due if counts else None)
    assert entry.shown_from == (entry.recorded_at if entry.state == State.PUBLISHED else None)


def test_a_move_costs_no_more_queries_however_long_the_ledger(campaign: Campaign) -> None:
    milestone = make.milestone(campaign)
    counts = set()
    for day in range(21, 25):
        with CaptureQueriesContext(connection) as queries:
            move(milestone, f"2026-06-{day}", at=AT + day * DAY)
        counts.add(len(queries))
    assert len(counts) == 1
