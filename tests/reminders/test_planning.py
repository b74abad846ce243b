"""Planning: rows derived from targets, ladder and team, any number of times."""

from datetime import date, time

import pytest
from django.core import mail

from apps.accounts.models import User
from apps.campaigns.actions import add_member, change_member, remove_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.desk.actions import change_state
from apps.legislation.actions import reopen, settle
from apps.legislation.models import Milestone, Outcome
from apps.notices.models import Kind
from apps.reminders import planning
from apps.reminders.actions import add_rule, set_default_ladder
from apps.reminders.models import Plan, Reminder, Rule
from apps.reminders.planning import plan, plan_campaign, plan_changed, plan_everything, plan_person
from apps.timeline.models import State as EntryState
from tests import make
from tests.make import AT, DAY
from tests.reminders import remind
from tests.reminders.remind import State, look, moments, on, rows


@pytest.fixture
def planned(campaign: Campaign) -> Milestone:
    """Due on 20 June, with a rung a week before and one on the day."""
    remind.ladder(campaign, 7, 0)
    return remind.milestone(campaign, target="2026-06-20")


def close(milestone: Milestone, outcome: Outcome = Outcome.MET) -> None:
    by = make.owner_of(milestone.entry.campaign)
    settle(milestone=milestone, outcome=outcome, on=date(2026, 6, 1), by=by, at=AT + DAY)
    plan(milestone, at=AT + DAY)


def test_each_rung_is_a_row_for_each_who_is_reminded(campaign: Campaign, cast: dict) -> None:
    set_default_ladder(campaign=campaign, by=cast[Role.OWNER], at=AT)
    remind.milestone(campaign, target="2026-06-20")
    days = ["2026-05-21", "2026-06-06", "2026-06-13", "2026-06-19", "2026-06-20", "2026-06-27", "2026-07-04"]
    for who in (Role.OWNER, Role.ADVOCACY):
        assert rows(State.PLANNED, to=cast[who]) == [("2026-06-20", day) for day in days]
    assert remind.reminders().count() == 2 * len(days)


def test_each_reminder_goes_through_every_channel_that_works(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20")
    by_kind = [rows(State.PLANNED, kind=kind) for kind in (Kind.INBOX, Kind.EMAIL)]
    assert by_kind == [[("2026-06-20", "2026-06-13")]] * 2


def test_who_has_no_channel_that_works_is_reminded_in_the_app_all_the_same(campaign: Campaign) -> None:
    for kind in (Kind.INBOX, Kind.EMAIL):
        remind.switch_off(kind, make.owner_of(campaign))
    remind.ladder(campaign, 7)
    remind.milestone(campaign)
    assert [row.channel.kind for row in Reminder.objects.all()] == [Kind.INBOX]


def test_a_channel_that_is_switched_off_is_planned_out(planned: Milestone, campaign: Campaign) -> None:
    remind.switch_off(Kind.EMAIL, make.owner_of(campaign))
    plan_person(make.owner_of(campaign))
    look(at=AT + DAY)
    assert (remind.states(), remind.states(Kind.INBOX)) == ([State.CANCELLED] * 2, [State.PLANNED] * 2)


def test_whoever_watches_a_milestone_is_reminded_of_it_too(campaign: Campaign, cast: dict) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign, owner=cast[Role.VOLUNTEER])
    names = {row.recipient for row in Reminder.objects.all()}
    assert names == {cast[Role.OWNER], cast[Role.ADVOCACY], cast[Role.VOLUNTEER]}


def test_a_watcher_who_is_not_on_the_team_is_not_reminded(campaign: Campaign, cast: dict) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign, owner=cast["outsider"])
    assert rows(to=cast["outsider"]) == []


@pytest.mark.parametrize("again", [plan_everything, plan_changed, look])
def test_planning_again_changes_nothing(planned: Milestone, again: object) -> None:
    before = list(Reminder.objects.values())
    again(at=AT)  # type: ignore[operator]
    plan(planned, at=AT)
    assert list(Reminder.objects.values()) == before


def test_a_rule_made_late_does_not_fill_in_the_past(campaign: Campaign) -> None:
    remind.ladder(campaign, 30, 7, 0)
    remind.milestone(campaign, target="2026-06-20", at=on("2026-06-13", "08:00"))
    assert rows() == [("2026-06-20", "2026-06-20")]


@pytest.mark.parametrize(
    ("target", "last_day"),
    [
        ("2026-06", "2026-06-30"),
        ("2026-23", "2026-11-30"),
        ("../2026-07-15", "2026-07-15"),
        ("2026-06~", "2026-12-31"),
        ("2026~", "2026-12-31"),
    ],
)
def test_an_imprecise_target_warns_of_its_latest_day_and_an_approximate_one_of_its_years(
    campaign: Campaign, target: str, last_day: str
) -> None:
    remind.ladder(campaign, 0)
    remind.milestone(campaign, target=target)
    assert rows() == [(target, last_day)]


def test_a_move_cancels_and_plans_anew(planned: Milestone) -> None:
    remind.move(planned, "2026-07-20", at=AT + DAY)
    assert rows(State.CANCELLED) == [("2026-06-20", "2026-06-13"), ("2026-06-20", "2026-06-20")]
    assert rows(State.PLANNED) == [("2026-07-20", "2026-07-13"), ("2026-07-20", "2026-07-20")]


def test_a_date_moved_away_and_back_mails_once(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, target="2026-06-20")
    look(at=on("2026-06-13"))
    remind.move(milestone, "2026-06-27", at=on("2026-06-13", "09:00"))
    remind.move(milestone, "2026-06-20", at=on("2026-06-13", "10:00"), correction=True)
    for day in ("13", "14", "20", "21", "28"):
        look(at=on(f"2026-06-{day}", "11:00"))
    assert [message.to for message in mail.outbox] == [[make.owner_of(campaign).email]]
    assert rows(State.SENT) == [("2026-06-20", "2026-06-13")]


def test_a_date_moved_back_before_its_rung_still_mails(planned: Milestone) -> None:
    remind.move(planned, "2026-06-27", at=AT + DAY)
    remind.move(planned, "2026-06-20", at=AT + 2 * DAY, correction=True)
    assert rows(State.PLANNED) == [("2026-06-20", "2026-06-13"), ("2026-06-20", "2026-06-20")]
    assert rows(State.CANCELLED) == [("2026-06-27", "2026-06-20"), ("2026-06-27", "2026-06-27")]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome != Outcome.UPCOMING])
def test_settling_cancels(planned: Milestone, outcome: Outcome) -> None:
    close(planned, outcome)
    assert remind.states() == [State.CANCELLED] * 2


def test_reopening_plans_again(planned: Milestone, campaign: Campaign) -> None:
    close(planned)
    reopen(milestone=planned, by=make.owner_of(campaign), at=AT + 2 * DAY)
    plan(planned, at=AT + 2 * DAY)
    assert remind.states() == [State.PLANNED] * 2


def test_withdrawing_cancels_and_restoring_plans_again(planned: Milestone, campaign: Campaign) -> None:
    owner = make.owner_of(campaign)
    change_state(entry=planned.entry, state=EntryState.WITHDRAWN, by=owner, at=AT + DAY)
    withdrawn = remind.states()
    change_state(entry=planned.entry, state=EntryState.PUBLISHED, by=owner, at=AT + 2 * DAY)
    assert (withdrawn, remind.states()) == ([State.CANCELLED] * 2, [State.PLANNED] * 2)


def test_a_draft_warns_nobody_until_it_is_approved(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = remind.milestone(campaign, approved=False)
    assert rows() == []
    change_state(entry=milestone.entry, state=EntryState.PUBLISHED, by=make.owner_of(campaign), at=AT + DAY)
    assert rows(State.PLANNED) == [("2026-06-20", "2026-06-13")]


def test_who_joins_later_gets_only_what_is_still_to_come(campaign: Campaign) -> None:
    remind.ladder(campaign, 7, 0)
    remind.milestone(campaign, target="2026-06-20")
    new, joined = make.user(), on("2026-06-14")
    add_member(campaign=campaign, user=new, role=Role.ADVOCACY, by=make.owner_of(campaign), at=joined)
    plan_campaign(campaign, at=joined)
    assert rows(to=new) == [("2026-06-20", "2026-06-20")]


def test_who_leaves_or_no_longer_asks_is_planned_out(campaign: Campaign, cast: dict) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign)
    volunteer = make.membership(campaign, cast[Role.VOLUNTEER])
    change_member(membership=volunteer, role=Role.VOLUNTEER, reminded=True, by=cast[Role.OWNER])
    plan_campaign(campaign, at=AT)
    remove_member(membership=make.membership(campaign, cast[Role.ADVOCACY]), by=cast[Role.OWNER])
    owner = make.membership(campaign, cast[Role.OWNER])
    change_member(membership=owner, role=Role.OWNER, reminded=False, by=cast[Role.OWNER])
    plan_campaign(campaign, at=AT + DAY)
    left = {row.recipient: row.state for row in remind.reminders()}
    assert left == {
        cast[Role.OWNER]: State.CANCELLED,
        cast[Role.ADVOCACY]: State.CANCELLED,
        cast[Role.VOLUNTEER]: State.PLANNED,
    }


def test_an_account_that_is_closed_is_planned_out(campaign: Campaign, cast: dict) -> None:
    remind.ladder(campaign, 7)
    remind.milestone(campaign)
    cast[Role.ADVOCACY].is_active = False
    cast[Role.ADVOCACY].save()
    plan_campaign(campaign, at=AT + DAY)
    assert rows(State.CANCELLED, to=cast[Role.ADVOCACY]) == [("2026-06-20", "2026-06-13")]
    assert rows(State.PLANNED) == rows(to=cast[Role.OWNER]) == [("2026-06-20", "2026-06-13")]


def test_where_nobody_asks_the_owners_are_reminded(campaign: Campaign, cast: dict) -> None:
    for role in (Role.OWNER, Role.ADVOCACY):
        membership = make.membership(campaign, cast[role])
        change_member(membership=membership, role=role, reminded=False, by=cast[Role.OWNER])
    second = make.member(campaign, Role.OWNER)
    change_member(
        membership=make.membership(campaign, second), role=Role.OWNER, reminded=False, by=cast[Role.OWNER]
    )
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20")
    look(at=on("2026-06-13"))
    assert remind.recipients_of(mail.outbox) == sorted([cast[Role.OWNER].email, second.email])


def test_a_rung_taken_off_the_ladder_is_cancelled_and_kept(planned: Milestone, campaign: Campaign) -> None:
    remind.ladder(campaign, 14, 0, at=AT + DAY)
    assert rows(State.CANCELLED) == [("2026-06-20", "2026-06-13")]
    assert rows(State.PLANNED) == [("2026-06-20", "2026-06-06"), ("2026-06-20", "2026-06-20")]
    rungs = Rule.objects.filter(kind=Rule.Kind.RUNG).values_list("days_before", "active")
    assert sorted(rungs) == [(0, True), (7, False), (14, True)]


def test_another_time_of_day_moves_what_is_planned(planned: Milestone, campaign: Campaign) -> None:
    Rule.objects.update(time=time(17, 30))
    plan_campaign(campaign, at=AT + DAY)
    assert moments() == [on("2026-06-13", "16:30"), on("2026-06-20", "16:30")]


def test_what_was_sent_is_not_sent_again_when_its_time_is_moved_to_later_that_day(
    planned: Milestone, campaign: Campaign
) -> None:
    look(at=on("2026-06-13"))
    Rule.objects.update(time=time(17, 30))
    plan_campaign(campaign, at=on("2026-06-13", "09:00"))
    look(at=on("2026-06-13", "18:00"))
    assert (remind.states(), len(mail.outbox)) == ([State.SENT, State.PLANNED], 1)


def test_another_zone_moves_what_is_planned(planned: Milestone, campaign: Campaign) -> None:
    Campaign.objects.update(time_zone="Pacific/Auckland")
    plan_campaign(campaign, at=AT + DAY)
    assert moments() == [on("2026-06-12", "21:00"), on("2026-06-19", "21:00")]


def rings_from_ten(person: User, **hours: object) -> None:
    User.objects.filter(pk=person.pk).update(quiet_from=time(20), quiet_until=time(10), **hours)


@pytest.mark.parametrize("kind", [Kind.INBOX, Kind.EMAIL])
def test_what_was_brought_forward_waits_for_quiet_hours_on_that_day(campaign: Campaign, kind: Kind) -> None:
    rings_from_ten(make.owner_of(campaign))
    remind.ladder(campaign, 0, working_days="ENG")
    remind.milestone(campaign, target="2026-06-28")  # a Sunday
    for clock in ("08:00:10", "08:00:40", "08:30", "09:00"):
        look(at=on("2026-06-26", clock))
        plan_everything(at=on("2026-06-26", clock))
    moment = on("2026-06-26", "09:00" if kind == Kind.EMAIL else "08:00")
    assert (moments(kind=kind), remind.states(kind)) == ([moment], [State.SENT])


@pytest.mark.parametrize("hours", [{"digest": "daily"}, {"digest": "weekly"}])
def test_what_belongs_to_a_digest_waits_for_quiet_hours_on_that_day(
    campaign: Campaign, hours: dict[str, str]
) -> None:
    rings_from_ten(make.owner_of(campaign), digest_at=time(7), **hours)
    remind.ladder(campaign, 5)
    remind.milestone(campaign, target="2026-06-27")  # five days before is a Monday
    for clock in ("06:00:10", "06:00:40", "07:30", "09:00"):
        look(at=on("2026-06-22", clock))
        plan_everything(at=on("2026-06-22", clock))
    assert (moments(), remind.states()) == ([on("2026-06-22", "09:00")], [State.SENT])


def test_other_quiet_hours_move_what_waits_for_them_within_its_day(campaign: Campaign) -> None:
    owner = make.owner_of(campaign)
    rings_from_ten(owner)
    remind.ladder(campaign, 0, working_days="ENG")
    milestone = remind.milestone(campaign, target="2026-06-28")
    found = []
    for clock, until in (("08:10", time(11)), ("08:20", time(12)), ("08:30", time(12))):
        User.objects.filter(pk=owner.pk).update(quiet_until=until)
        plan(milestone, at=on("2026-06-26", clock))
        found += moments()
    assert found == [on("2026-06-26", "10:00"), on("2026-06-26", "11:00"), on("2026-06-26", "11:00")]


def test_what_is_made_after_the_working_day_before_comes_on_the_day_itself(campaign: Campaign) -> None:
    rings_from_ten(make.owner_of(campaign))
    remind.ladder(campaign, 0, working_days="ENG")
    milestone = remind.milestone(campaign, target="2026-06-28", at=on("2026-06-26", "08:10"))
    plan(milestone, at=on("2026-06-26", "08:20"))
    assert moments() == [on("2026-06-28", "09:00")]


def test_a_rule_of_one_milestone_stands_beside_the_ladder(planned: Milestone, campaign: Campaign) -> None:
    other = remind.milestone(campaign, headline="Second reading")
    add_rule(milestone=planned, days_before=60, clock=time(9), by=make.owner_of(campaign), at=AT)
    assert rows()[0] == ("2026-06-20", "2026-04-21")
    counts = [remind.reminders(milestone=one).count() for one in (planned, other)]
    assert counts == [3, 2]


def test_a_repeating_rung_plans_its_next_two_turns(campaign: Campaign) -> None:
    remind.ladder(campaign, (-7, 7))
    milestone = remind.milestone(campaign, target="2026-06-20")
    found = [remind.reminders().count()]
    for day in ("2026-06-27", "2026-07-04", "2026-07-11"):
        look(at=on(day))
        plan(milestone, at=on(day))
        found.append(remind.reminders().count())
    assert found == [2, 3, 4, 5]
    assert [row.occurrence for row in remind.reminders()] == [0, 1, 2, 3, 4]
    assert len(mail.outbox) == 3


def test_the_tick_plans_what_the_page_did_not(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    milestone = make.milestone(campaign)
    assert plan_changed(at=AT) == planning.Outcome(planned=2)
    assert Plan.objects.get().of == Milestone.everything.get().changed_at
    settle(
        milestone=milestone, outcome=Outcome.MET, on=date(2026, 6, 1), by=make.owner_of(campaign), at=AT + DAY
    )
    assert plan_changed(at=AT + DAY) == planning.Outcome(cancelled=2)
    assert plan_changed(at=AT + DAY) == planning.Outcome()
    assert remind.states() == [State.CANCELLED]


def test_the_nightly_pass_finds_what_every_tick_missed(campaign: Campaign) -> None:
    remind.ladder(campaign, 7)
    late, settled = make.milestone(campaign), remind.milestone(campaign, target="2026-07-20")
    settle(milestone=settled, outcome=Outcome.MET, on=date(2026, 6, 1), by=make.owner_of(campaign), at=AT)
    caught_up = AT + DAY / 2
    assert plan_changed(at=AT + DAY, caught_up_at=caught_up) == planning.Outcome()  # it changed before
    assert plan_everything(at=AT + DAY) == planning.Outcome(planned=2, cancelled=2)
    found = [remind.reminders(milestone=one).get().state for one in (late, settled)]
    assert found == [State.PLANNED, State.CANCELLED]


def test_the_plans_of_another_campaign_stay_as_they_are(
    planned: Milestone, campaign: Campaign, other_campaign: Campaign
) -> None:
    remind.ladder(other_campaign, 7)
    remind.milestone(other_campaign)
    before = list(Reminder.objects.filter(milestone=planned).values())
    remind.ladder(other_campaign, 3, at=AT + DAY)
    assert list(Reminder.objects.filter(milestone=planned).values()) == before


def test_every_change_of_the_ladder_is_in_history_with_its_author(
    planned: Milestone, campaign: Campaign
) -> None:
    remind.ladder(campaign, 7, at=AT + DAY)
    authors = {row.history_user for row in Rule.history.filter(kind=Rule.Kind.RUNG)}
    assert authors == {make.owner_of(campaign)}
    rest = Rule.objects.get(kind=Rule.Kind.RUNG, days_before=0)
    assert [row.active for row in rest.history.order_by("history_id")] == [True, False]


def test_a_milestone_of_the_year_one_does_not_stop_the_tick(campaign: Campaign) -> None:
    remind.ladder(campaign, 730, 7)
    make.milestone(campaign, target="0001")
    make.milestone(campaign, target="2026-06-20")
    look(at=AT)
    assert rows() == [("2026-06-20", "2026-06-13")]


def test_a_campaign_goes_with_its_reminders(planned: Milestone, campaign: Campaign) -> None:
    look(at=on("2026-06-13"))
    campaign.delete()
    assert (Reminder.objects.count(), Rule.objects.count(), Plan.objects.count()) == (0, 0, 0)
