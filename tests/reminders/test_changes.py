"""Word of a moved date: once, to whoever was there and did not move it, from the date they knew."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.legislation.models import Milestone
from apps.reminders.actions import set_wish
from apps.reminders.planning import plan, plan_everything
from tests import make
from tests.make import AT, DAY
from tests.reminders import remind
from tests.reminders.remind import State, look, moments, move, on

MINUTE = timedelta(minutes=1)
MOVED = on("2026-06-02", "12:00")
CHANGE = {"rule__kind": "change"}


@pytest.fixture
def team(campaign: Campaign) -> dict[str, User]:
    """The owner, who moves the dates, and one who hears of it. Both by e-mail alone."""
    people = {"mover": make.owner_of(campaign), "reader": make.member(campaign, Role.ADVOCACY)}
    for person in people.values():
        remind.switch_off(remind.Kind.INBOX, person)
    return people


@pytest.fixture
def planned(campaign: Campaign, team: dict[str, User]) -> Milestone:
    remind.ladder(campaign)
    return remind.milestone(campaign, target="2026-06-20")


def subjects(to: User) -> list[str]:
    return [message.subject for message in mail.outbox if message.to == [to.email]]


def test_a_move_is_told_five_minutes_later_to_all_but_the_mover(
    planned: Milestone, team: dict[str, User]
) -> None:
    move(planned, "2026-06-27", at=MOVED)
    for later in (4 * MINUTE, 5 * MINUTE, 10 * MINUTE, DAY):
        look(at=MOVED + later)
    assert subjects(team["mover"]) == []
    assert subjects(team["reader"]) == ["Moved: Royal Assent, from 20 June 2026 to 27 June 2026"]
    assert moments(**CHANGE) == [MOVED + 5 * MINUTE]


def test_the_first_target_is_no_move(planned: Milestone) -> None:
    assert moments(**CHANGE) == []


def test_what_is_put_right_within_five_minutes_was_never_said(
    planned: Milestone, team: dict[str, User]
) -> None:
    move(planned, "2026-06-27", at=MOVED)
    move(planned, "2026-06-20", at=MOVED + 2 * MINUTE, correction=True)
    for later in (5 * MINUTE, 10 * MINUTE, DAY):
        look(at=MOVED + later)
    assert mail.outbox == []
    because = remind.reminders(**CHANGE, state=State.SKIPPED).values_list("because", flat=True)
    assert list(because) == ["The date moved away and back before anybody was told."]


def test_two_moves_within_five_minutes_are_told_as_one_from_the_date_the_reader_knew(
    planned: Milestone, team: dict[str, User]
) -> None:
    move(planned, "2026-06-27", at=MOVED)
    move(planned, "2026-07-04", at=MOVED + 2 * MINUTE)
    for later in (5 * MINUTE, 10 * MINUTE, DAY):
        look(at=MOVED + later)
    assert subjects(team["reader"]) == ["Moved: Royal Assent, from 20 June 2026 to 4 July 2026"]


def test_a_date_moved_away_and_back_is_told_each_time_once(planned: Milestone, team: dict[str, User]) -> None:
    for step, day in enumerate(("2026-06-27", "2026-06-20")):
        move(planned, day, at=MOVED + step * 10 * MINUTE)
        look(at=MOVED + (step + 1) * 10 * MINUTE - MINUTE)
    look(at=MOVED + DAY)
    assert subjects(team["reader"]) == [
        "Moved: Royal Assent, from 20 June 2026 to 27 June 2026",
        "Moved: Royal Assent, from 27 June 2026 to 20 June 2026",
    ]


def test_a_mover_hears_of_the_move_of_another_from_the_date_they_made(
    planned: Milestone, team: dict[str, User]
) -> None:
    move(planned, "2026-06-27", at=MOVED)
    move(planned, "2026-07-04", at=MOVED + MINUTE, by=team["reader"])
    look(at=MOVED + DAY)
    assert subjects(team["mover"]) == ["Moved: Royal Assent, from 27 June 2026 to 4 July 2026"]
    assert subjects(team["reader"]) == []


def test_who_joined_after_the_move_is_not_told(planned: Milestone, campaign: Campaign) -> None:
    move(planned, "2026-06-27", at=MOVED)
    late = make.member(campaign, Role.ADVOCACY, at=MOVED + MINUTE)
    plan(planned, at=MOVED + MINUTE)
    look(at=MOVED + DAY)
    assert subjects(late) == []


@pytest.mark.parametrize("of", ["milestone", "campaign"])
def test_who_muted_it_is_not_told(
    planned: Milestone, campaign: Campaign, team: dict[str, User], of: str
) -> None:
    what: dict[str, Any] = {"milestone": planned} if of == "milestone" else {}
    set_wish(person=team["reader"], campaign=campaign, muted=True, at=AT, **what)
    move(planned, "2026-06-27", at=MOVED)
    look(at=MOVED + DAY)
    assert mail.outbox == []


def test_a_weekly_digest_tells_of_the_whole_week(planned: Milestone, team: dict[str, User]) -> None:
    """Moved on a Tuesday, and planned again each night until Monday."""
    team["reader"].digest = "weekly"
    team["reader"].save()
    move(planned, "2026-06-27", at=MOVED)
    for night in range(1, 6):
        plan_everything(at=MOVED + night * DAY)
        look(at=MOVED + night * DAY)
    assert (moments(**CHANGE), mail.outbox) == ([on("2026-06-08", "07:00")], [])
    look(at=on("2026-06-08", "07:00"))
    assert subjects(team["reader"]) == ["Moved: Royal Assent, from 20 June 2026 to 27 June 2026"]


def test_a_move_that_was_missed_for_an_hour_is_told_at_once_and_one_of_days_ago_no_more(
    planned: Milestone, campaign: Campaign
) -> None:
    found = []
    for late in (timedelta(hours=1), 2 * DAY):
        other = make.milestone(campaign, target="2026-06-20")
        by = make.owner_of(campaign)
        remind.revise_target(
            milestone=other, to=remind.parse("2026-06-27"), reason="Delayed", by=by, at=MOVED
        )
        plan(other, at=MOVED + late)
        found.append(moments(**CHANGE, milestone=other))
    assert found == [[MOVED + timedelta(hours=1, seconds=1)], []]


def test_a_slip_and_its_correction_count_once(campaign: Campaign, team: dict[str, User]) -> None:
    """20, 27 and back to 20: the rung of the 20th was sent before, and is not sent again."""
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, target="2026-06-20")
    look(at=on("2026-06-13"))
    move(milestone, "2026-06-27", at=on("2026-06-14"))
    move(milestone, "2026-06-20", at=on("2026-06-14", "12:00"), correction=True)
    for day in range(14, 30):
        look(at=on(f"2026-06-{day}", "20:00"))
    assert subjects(team["mover"]) == ["In 7 days: Royal Assent (20 June 2026)"]
    milestone.refresh_from_db()
    assert (milestone.moves, milestone.slip_days) == (0, 0)
