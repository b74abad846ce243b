"""Planning many milestones is planning each, only quicker."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.legislation.models import Milestone
from apps.reminders.actions import acknowledge, set_ladder, set_wish
from apps.reminders.models import Plan, Reminder, Tick
from apps.reminders.planning import Outcome, mark_stale, plan, plan_batch, plan_changed, plan_everything
from tests import make
from tests.make import AT, DAY
from tests.reminders import remind
from tests.reminders.remind import look, on

LATER = on("2026-06-14")


def many(campaigns: list[Campaign], count: int) -> list[Milestone]:
    """Milestones of all sorts: some moved, some snoozed, some with a ladder or a wish of their own."""
    made = []
    for number in range(count):
        campaign = campaigns[number % len(campaigns)]
        owner = make.owner_of(campaign)
        milestone = make.milestone(campaign, target=f"2026-06-{15 + number % 15}", owner=owner)
        plan(milestone, at=AT)
        if number % 5 == 0:
            remind.move(milestone, f"2026-07-{1 + number % 28:02}", at=AT + DAY)
        if number % 5 == 1:
            acknowledge(milestone=milestone, person=owner, at=AT + DAY, until=on("2026-06-20"))
        if number % 5 == 2:
            set_ladder(campaign=campaign, milestone=milestone, rungs=[(3, None)], by=owner, at=AT + DAY)
        if number % 5 == 3:
            set_wish(person=owner, campaign=campaign, milestone=milestone, earlier_days=2, at=AT + DAY)
        made.append(milestone)
    return made


def all_rows() -> list[dict[str, Any]]:
    fields = (
        "milestone",
        "target",
        "rule",
        "occurrence",
        "recipient",
        "channel",
        "due_at",
        "state",
        "because",
    )
    return list(Reminder.objects.order_by(*fields).values(*fields))


@pytest.fixture
def campaigns(campaign: Campaign, other_campaign: Campaign) -> list[Campaign]:
    for one in (campaign, other_campaign):
        make.member(one, Role.ADVOCACY)
        remind.ladder(one, 14, 7, 0, (-7, 7), escalate_after=3)
    return [campaign, other_campaign]


def test_planning_fifty_at_once_comes_to_the_same_as_each_by_itself(campaigns: list[Campaign]) -> None:
    milestones = many(campaigns, 50)
    look(at=on("2026-06-12"))
    kept = list(Reminder.objects.values())
    for milestone in milestones:
        plan(milestone, at=LATER)
    each = all_rows()

    Reminder.objects.all().delete()
    Reminder.objects.bulk_create(Reminder(**row) for row in kept)
    plan_batch([milestone.pk for milestone in milestones], at=LATER)
    assert all_rows() == each


def readings_to_plan(count: int, campaign: Campaign) -> int:
    milestones = [make.milestone(campaign) for _ in range(count)]
    plan(milestones[0], at=AT)  # what stands once in a campaign is made
    with CaptureQueriesContext(
        connection,
    ) as queries:
        plan_batch([milestone.pk for milestone in milestones], at=AT)
    return sum(query["sql"].startswith("SELECT") for query in queries)


def test_a_hundred_milestones_take_no_more_readings_than_two(campaign: Campaign) -> None:
    remind.ladder(campaign, 7, 0)
    assert readings_to_plan(2, campaign) == readings_to_plan(100, campaign)


def test_more_than_a_batch_is_planned_in_several(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.reminders.planning.BATCH", 3)
    remind.ladder(campaign, 7)
    for _ in range(8):
        make.milestone(campaign)
    plan_everything(at=AT)
    assert remind.reminders().count() == 8


def test_a_mark_asks_for_planning_again_whatever_its_number(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestones = [remind.milestone(campaign) for _ in range(3)]
    mark_stale([milestone.pk for milestone in milestones])
    marked = Plan.objects.filter(of=None).count()
    look(at=AT + DAY)
    assert (marked, Plan.objects.filter(of=None).count()) == (3, 0)


# --- More than one tick plans -----------------------------------------------------------------------------


def test_what_an_import_brings_is_planned_by_the_next_ticks_however_late_they_come(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.reminders.planning.BATCH", 3)
    monkeypatch.setattr("apps.reminders.planning.PLANNING_LASTS", 0.0)
    remind.ladder(campaign, 7)
    look(at=AT)
    for _ in range(8):
        make.milestone(campaign)
    planned, caught_up = [], []
    for hours in (2, 4, 6, 8):
        look(at=AT + timedelta(hours=hours))
        planned.append(remind.reminders().count())
        caught_up.append(Tick.objects.get().caught_up_at)
    assert planned == [3, 6, 8, 8]
    assert caught_up == [AT, AT, AT + timedelta(hours=6), AT + timedelta(hours=8)]


def test_one_tick_plans_several_batches_while_it_has_time(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.reminders.planning.BATCH", 3)
    remind.ladder(campaign, 7)
    for _ in range(8):
        make.milestone(campaign)
    look(at=AT + timedelta(hours=2))
    assert remind.reminders().count() == 8


def test_more_than_a_tick_takes_on_is_left_to_the_next(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.reminders.planning.ROWS", 3)
    remind.ladder(campaign, 7)
    for _ in range(5):
        make.milestone(campaign)
    assert [plan_changed(at=AT) for _ in range(3)] == [
        Outcome(planned=6, left=True),
        Outcome(planned=4),
        Outcome(),
    ]


def test_after_a_long_stop_the_tick_plans_what_changed_meanwhile(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    look(at=AT)
    make.milestone(campaign, at=AT + DAY)
    look(at=AT + 3 * DAY)
    assert remind.reminders().count() == 1


def test_a_clock_that_was_wrong_hides_no_change(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    look(at=AT + 30 * DAY)
    make.milestone(campaign, at=AT)
    look(at=AT)
    assert remind.reminders().count() == 1


def test_an_idle_tick_asks_the_same_few_questions(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign)
    look(at=AT)
    with CaptureQueriesContext(connection) as asked:
        look(at=AT + timedelta(minutes=1))
    assert len(asked) == 6  # the last look, changed, marked, due, left lying, and that it looked
