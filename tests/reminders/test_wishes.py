"""What a milestone or a person has otherwise than the campaign's ladder."""

from datetime import time

import pytest

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.legislation.models import Milestone
from apps.reminders.actions import add_rule, drop_ladder, set_ladder, set_own_rungs, set_wish
from apps.reminders.models import Rule, Wish
from apps.reminders.planning import plan_everything, plan_person
from tests import make
from tests.make import AT, DAY
from tests.reminders import remind
from tests.reminders.remind import State, look, moments, on, rows

RUNG = {"rule__kind": Rule.Kind.RUNG}


@pytest.fixture
def owner(campaign: Campaign) -> User:
    return make.owner_of(campaign)


@pytest.fixture
def planned(campaign: Campaign) -> Milestone:
    """Due on Saturday 20 June, with a rung a week before and one on the day."""
    remind.ladder(campaign, 7, 0)
    return remind.milestone(campaign, target="2026-06-20")


def days(state: str = State.PLANNED, *, to: User | None = None) -> list[str]:
    return [day[5:] for _, day in rows(state, to=to)]


def rung(days_before: int) -> Rule:
    return Rule.objects.get(kind=Rule.Kind.RUNG, days_before=days_before)


def test_a_milestone_has_its_own_ladder_in_place_of_its_campaigns(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    other = remind.milestone(campaign, target="2026-06-20")
    set_ladder(campaign=campaign, milestone=planned, rungs=[(3, None)], by=owner, at=AT)
    found = [
        [row.due_at.day for row in remind.reminders(milestone=one, state=State.PLANNED)]
        for one in (planned, other)
    ]
    assert found == [[17], [13, 20]]


def test_a_milestones_empty_ladder_warns_nobody(planned: Milestone, campaign: Campaign, owner: User) -> None:
    set_ladder(campaign=campaign, milestone=planned, rungs=[], by=owner, at=AT)
    assert days() == []


def test_dropping_its_ladder_brings_the_campaigns_back(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    set_ladder(campaign=campaign, milestone=planned, rungs=[(3, None)], by=owner, at=AT)
    drop_ladder(milestone=planned, by=owner, at=AT + DAY)
    assert (days(), days(State.CANCELLED)) == (["06-13", "06-20"], ["06-17"])


def test_a_campaign_on_working_days_warns_on_the_friday_before(
    planned: Milestone, campaign: Campaign
) -> None:
    remind.ladder(campaign, 7, 0, working_days="ENG")
    assert days() == ["06-12", "06-19"]


def test_a_milestones_own_ladder_has_its_own_working_days(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    set_ladder(campaign=campaign, milestone=planned, rungs=[(0, None)], working_days="ENG", by=owner, at=AT)
    assert days() == ["06-19"]


def test_what_was_sent_on_the_working_day_before_does_not_come_again_on_the_day(
    planned: Milestone, campaign: Campaign
) -> None:
    remind.ladder(campaign, 0, working_days="ENG")
    look(at=on("2026-06-19"))
    look(at=on("2026-06-20", "12:00"))
    assert rows(State.SENT) == [("2026-06-20", "2026-06-19")]
    assert len(remind.reminders(**RUNG, state=State.PLANNED)) == 0


def test_a_person_has_rungs_of_their_own_beside_the_ladder(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    other = make.member(campaign, "advocacy")
    set_own_rungs(campaign=campaign, person=owner, days=[10, 3], clock=time(18), at=AT)
    assert (days(to=owner), days(to=other)) == (["06-10", "06-13", "06-17", "06-20"], ["06-13", "06-20"])


def test_ones_own_rungs_stand_beside_a_milestones_own_ladder_too(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    set_ladder(campaign=campaign, milestone=planned, rungs=[(3, None)], by=owner, at=AT)
    set_own_rungs(campaign=campaign, person=owner, days=[10], clock=time(9), at=AT)
    assert days() == ["06-10", "06-17"]


def test_taking_ones_own_rung_out_cancels_it(planned: Milestone, campaign: Campaign, owner: User) -> None:
    for wished in ([10, 3], [3]):
        set_own_rungs(campaign=campaign, person=owner, days=wished, clock=time(9), at=AT)
    assert (days(), days(State.CANCELLED)) == (["06-13", "06-17", "06-20"], ["06-10"])


def test_ones_own_rung_at_the_moment_of_the_campaigns_makes_one_message_that_says_it_once(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    remind.switch_off(remind.Kind.INBOX, owner)
    set_own_rungs(campaign=campaign, person=owner, days=[7], clock=time(9), at=AT)
    plan_person(owner)
    look(at=on("2026-06-13"))
    assert days(State.SENT) == days(State.SKIPPED) == ["06-13"]


@pytest.mark.parametrize(
    ("of", "left"),
    [
        ("rule", {"second": ["06-20"], "first": ["06-20"]}),
        ("milestone", {"second": ["06-13", "06-20"], "first": []}),
        ("campaign", {"second": [], "first": []}),
    ],
)
def test_a_person_mutes_a_rule_a_milestone_or_a_campaign_for_themselves_alone(
    campaign: Campaign, owner: User, of: str, left: dict[str, list[str]]
) -> None:
    other = make.member(campaign, "advocacy")
    remind.ladder(campaign, 7, 0)
    first, second = (remind.milestone(campaign, target="2026-06-20") for _ in range(2))
    what = {"rule": {"rule": rung(7)}, "milestone": {"milestone": first}, "campaign": {}}[of]
    set_wish(person=owner, campaign=campaign, muted=True, at=AT, **what)  # type: ignore[arg-type]
    found = {
        name: [
            f"{row.due_at:%m-%d}"
            for row in remind.reminders(milestone=one, recipient=owner, state=State.PLANNED)
        ]
        for name, one in (("first", first), ("second", second))
    }
    assert (found, days(to=other)) == (left, ["06-13", "06-13", "06-20", "06-20"])


def test_a_wish_taken_back_leaves_the_ladder_as_it_was(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    for muted in (True, False):
        set_wish(person=owner, campaign=campaign, milestone=planned, muted=muted, at=AT)
    assert (days(), Wish.objects.count()) == (["06-13", "06-20"], 0)


def test_what_was_muted_and_not_planned_again_is_caught_before_the_wire(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    Wish.objects.create(person=owner, campaign=campaign, milestone=planned, muted=True)
    look(at=on("2026-06-13"))
    assert days(State.SKIPPED) == ["06-13"]


def test_a_person_wants_it_earlier_for_themselves_alone(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    other = make.member(campaign, "advocacy")
    set_wish(person=owner, campaign=campaign, earlier_days=2, at=AT)
    assert (days(to=owner), days(to=other)) == (["06-11", "06-18"], ["06-13", "06-20"])


def test_the_narrowest_wish_to_have_it_earlier_decides(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    set_wish(person=owner, campaign=campaign, earlier_days=2, at=AT)
    set_wish(person=owner, campaign=campaign, milestone=planned, earlier_days=4, at=AT)
    set_wish(person=owner, campaign=campaign, rule=rung(0), earlier_days=1, at=AT)
    assert days() == ["06-09", "06-19"]


def test_a_rung_moved_earlier_than_now_goes_at_once(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    now = on("2026-06-12", "12:00")
    set_wish(person=owner, campaign=campaign, rule=rung(7), earlier_days=3, at=now)
    assert moments(state=State.PLANNED, rule=rung(7)) == [now]


def test_a_digest_moves_what_is_planned_and_taking_it_back_moves_it_back(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    found = []
    for digest in ("weekly", "instant"):
        owner.digest = digest
        owner.save()
        plan_person(owner)
        look(at=AT + DAY)
        found.append(moments(**RUNG))
    assert found == [
        [on("2026-06-08", "07:00"), on("2026-06-15", "07:00")],
        [on("2026-06-13"), on("2026-06-20")],
    ]


def test_what_waits_for_a_digest_or_for_the_morning_still_waits_when_it_is_planned_again(
    campaign: Campaign, owner: User
) -> None:
    """On Tuesday the Monday's digest has gone, and the rung of Wednesday waits for the next."""
    owner.digest, owner.quiet_from, owner.quiet_until = "weekly", time(22), time(7)
    owner.save()
    remind.ladder(campaign, 14)
    remind.milestone(campaign, target="2026-06-24", at=on("2026-06-09"))
    before = moments()
    for later in (on("2026-06-11"), on("2026-06-14", "23:00")):
        plan_everything(at=later)
    assert before == moments() == [on("2026-06-15", "07:00")]


def test_a_milestone_made_too_late_for_a_rung_does_not_bring_it_with_the_next_digest(
    campaign: Campaign, owner: User
) -> None:
    owner.digest = "weekly"
    owner.save()
    remind.ladder(campaign, 14)
    remind.milestone(campaign, target="2026-06-24", at=on("2026-06-11"))
    assert moments() == []


def test_two_rungs_that_one_digest_gathers_say_it_once(campaign: Campaign, owner: User) -> None:
    owner.digest = "weekly"
    owner.save()
    remind.ladder(campaign, 3, 1)
    remind.milestone(campaign, target="2026-06-20")
    look(at=on("2026-06-15", "07:00"))
    assert remind.states() == [State.SKIPPED, State.SENT]


def test_a_rule_of_one_milestone_twice_the_same_says_it_once(
    planned: Milestone, campaign: Campaign, owner: User
) -> None:
    add_rule(milestone=planned, days_before=7, clock=time(9), by=owner, at=AT)
    look(at=on("2026-06-13"))
    assert sorted(days(State.SENT) + days(State.SKIPPED)) == ["06-13", "06-13"]
    assert len(days(State.SENT)) == 1
