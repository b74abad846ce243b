"""“Seen”, “later”, and what becomes of what nobody answers."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.legislation.actions import settle
from apps.legislation.models import Milestone, Outcome
from apps.reminders.actions import acknowledge, set_wish, snooze_until
from apps.reminders.planning import plan, plan_everything
from tests import make
from tests.make import DAY, SECOND
from tests.reminders import remind
from tests.reminders.remind import State, look, moments, move, on, rows

DUE = on("2026-06-13")
SNOOZE, ESCALATION = {"rule__kind": "snooze"}, {"rule__kind": "escalate"}


@pytest.fixture
def watcher(campaign: Campaign) -> User:
    return make.member(campaign, Role.ADVOCACY, name="wendy")


@pytest.fixture
def owner(campaign: Campaign) -> User:
    return make.owner_of(campaign)


@pytest.fixture
def planned(campaign: Campaign, watcher: User) -> Milestone:
    """Due on 20 June; rungs 7, 3 and 1 day before; the owner is told of what is unanswered for two days."""
    remind.ladder(campaign, 7, 3, 1, escalate_after=2)
    return remind.milestone(campaign, target="2026-06-20", owner=watcher)


def planned_days(to: User) -> list[str]:
    return [day for _, day in rows(State.PLANNED, to=to)]


def test_a_snooze_silences_the_rungs_till_then_for_that_person_alone(
    planned: Milestone, watcher: User, owner: User
) -> None:
    look(at=DUE)
    acknowledge(milestone=planned, person=watcher, at=DUE + SECOND, until=on("2026-06-18", "10:00"))
    assert planned_days(watcher) == ["2026-06-19"]
    assert planned_days(owner) == ["2026-06-17", "2026-06-19"]
    assert moments(**SNOOZE) == [on("2026-06-18", "10:00")]


def test_what_was_snoozed_comes_then_once(planned: Milestone, watcher: User) -> None:
    acknowledge(milestone=planned, person=watcher, at=DUE, until=on("2026-06-16"))
    for day in ("2026-06-15", "2026-06-16", "2026-06-17"):
        plan_everything(at=on(day, "12:00"))
        look(at=on(day, "12:00"))
    assert list(remind.reminders(**SNOOZE).values_list("state", flat=True)) == [State.SENT]


@pytest.mark.parametrize("digest", ["daily", "weekly"])
def test_what_was_snoozed_is_not_gathered(planned: Milestone, watcher: User, digest: str) -> None:
    User.objects.filter(pk=watcher.pk).update(digest=digest)
    monday = on("2026-06-15", "10:00")
    until = snooze_until(planned, 3, at=monday)
    acknowledge(milestone=planned, person=watcher, at=monday, until=until)
    look(at=until)
    assert (moments(**SNOOZE), until) == ([on("2026-06-18")], on("2026-06-18"))
    assert [row.state for row in remind.reminders(**SNOOZE)] == [State.SENT]


def test_a_newer_answer_takes_the_place_of_an_older_one(planned: Milestone, watcher: User) -> None:
    look(at=DUE)
    acknowledge(milestone=planned, person=watcher, at=DUE, until=on("2026-06-16"))
    acknowledge(milestone=planned, person=watcher, at=DUE + SECOND, until=on("2026-06-18"))
    assert moments(**SNOOZE, state=State.PLANNED) == [on("2026-06-18")]
    acknowledge(milestone=planned, person=watcher, at=DUE + 2 * SECOND)
    assert moments(**SNOOZE, state=State.PLANNED) == []
    assert planned_days(watcher) == ["2026-06-17", "2026-06-19"]


def test_an_answer_is_to_the_date_as_it_stood(planned: Milestone, watcher: User) -> None:
    acknowledge(milestone=planned, person=watcher, at=DUE, until=on("2026-06-18"))
    move(planned, "2026-07-20", at=DUE + DAY)
    assert moments(**SNOOZE, state=State.PLANNED) == []
    assert planned_days(watcher) == ["2026-07-13", "2026-07-17", "2026-07-19"]


@pytest.mark.parametrize(
    ("days", "at", "until"),
    [
        (1, "2026-06-13", "2026-06-14"),
        (3, "2026-06-13", "2026-06-16"),
        (30, "2026-06-13", "2026-06-20"),  # never past its last day
        (3, "2026-06-25", "2026-06-28"),  # what is overdue has none
    ],
)
def test_later_means_nine_in_the_morning_and_not_past_the_last_day(
    planned: Milestone, days: int, at: str, until: str
) -> None:
    assert snooze_until(planned, days, at=on(at)) == on(until)


@pytest.mark.parametrize("days", [1, 7])
def test_on_its_last_day_it_cannot_wait(planned: Milestone, days: int) -> None:
    with pytest.raises(ValidationError, match="it cannot wait any longer"):
        snooze_until(planned, days, at=on("2026-06-20"))


def test_later_is_counted_in_the_campaigns_zone(planned: Milestone, campaign: Campaign) -> None:
    planned.entry.campaign.time_zone = "Pacific/Auckland"
    late_in_the_evening = on("2026-06-13", "12:30")  # half past midnight on the 14th there
    assert snooze_until(planned, 1, at=late_in_the_evening) == on("2026-06-14", "21:00")


# --- What nobody answers ----------------------------------------------------------------------------------


def escalated(state: str = State.PLANNED) -> list[tuple[str, datetime]]:
    return [(row.recipient.username, row.due_at) for row in remind.reminders(**ESCALATION, state=state)]


def test_what_nobody_answers_is_taken_to_the_owners_after_so_many_days(planned: Milestone) -> None:
    look(at=DUE)
    look(at=DUE + SECOND)
    assert escalated() == [("olive", DUE + 2 * DAY)]
    mail.outbox.clear()
    look(at=DUE + 2 * DAY)
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["olive@example.org"], "Nobody has answered: Royal Assent, in 5 days (20 June 2026)")
    ]


def test_it_is_taken_there_once(planned: Milestone) -> None:
    for day in range(13, 30):
        look(at=on(f"2026-06-{day}"))
    assert escalated(State.SENT) == [("olive", DUE + 2 * DAY)]


@pytest.mark.parametrize("until", [None, on("2026-06-18")])
def test_any_answer_stops_it(planned: Milestone, watcher: User, until: datetime | None) -> None:
    look(at=DUE)
    look(at=DUE + SECOND)
    acknowledge(milestone=planned, person=watcher, at=DUE + DAY, until=until)
    assert (escalated(), len(escalated(State.CANCELLED))) == ([], 1)


def test_what_is_settled_or_moved_is_not_taken_there(planned: Milestone, owner: User) -> None:
    look(at=DUE)
    look(at=DUE + SECOND)
    settle(milestone=planned, outcome=Outcome.MET, on=date(2026, 6, 14), by=owner, at=DUE + DAY)
    plan(planned, at=DUE + DAY)
    assert (escalated(), len(escalated(State.CANCELLED))) == ([], 1)


def test_a_far_reminder_needs_no_answer(campaign: Campaign, watcher: User) -> None:
    remind.ladder(campaign, 30, escalate_after=2)
    remind.milestone(campaign, target="2026-07-13", owner=watcher)
    look(at=DUE)
    look(at=DUE + SECOND)
    assert escalated() == []


def test_an_owner_who_watches_it_is_not_told_that_they_have_not_answered(
    campaign: Campaign, owner: User
) -> None:
    make.member(campaign, Role.OWNER, name="orla")
    remind.ladder(campaign, 7, escalate_after=2)
    remind.milestone(campaign, target="2026-06-20", owner=owner)
    look(at=DUE)
    look(at=DUE + SECOND)
    assert escalated() == [("orla", DUE + 2 * DAY)]


def test_an_owner_may_mute_it(planned: Milestone, campaign: Campaign, owner: User) -> None:
    look(at=DUE)
    set_wish(person=owner, campaign=campaign, milestone=planned, muted=True, at=DUE + SECOND)
    assert escalated() == []


def test_whoever_has_a_weekly_digest_is_told_at_once_however_often_it_is_planned(
    planned: Milestone, owner: User
) -> None:
    owner.digest = "weekly"
    owner.save()
    move(planned, "2026-06-30", at=DUE)
    look(at=on("2026-06-23"))  # a Tuesday: Thursday’s word, and the Monday before has gone
    found = []
    for night in range(6):
        plan_everything(at=on("2026-06-23") + night * DAY + timedelta(hours=12))
        found += escalated()
    assert found == [("olive", on("2026-06-25"))] * 6
