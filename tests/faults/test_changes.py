"""What changes between planning and sending: dates, outcomes, people, and what may be said."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.actions import change_member, remove_member
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.notices.models import Channel, Delivery, Kind
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from apps.reminders.sending import look
from apps.timeline.models import Entry, Visibility
from tests import make
from tests.faults.outcome import outcome
from tests.faults.post_office import PostOffice
from tests.faults.site import Site, State, fill, milestones_of
from tests.reminders import remind


def tick(at: datetime | None = None) -> None:
    moment = at or timezone.now()
    look(clock=lambda: moment)


def move(milestone: Milestone, to: str) -> None:
    at = timezone.now()
    by = make.owner_of(milestone.entry.campaign)
    revise_target(milestone=milestone, to=parse(to), reason="Delayed", by=by, at=at)
    plan(milestone, at=at)


def meet(milestone: Milestone) -> None:
    at = timezone.now()
    by = make.owner_of(milestone.entry.campaign)
    settle(milestone=milestone, outcome=Outcome.MET, on=at.date(), by=by, at=at)
    plan(milestone, at=at)


# --- Dates and outcomes -----------------------------------------------------------------------------------


def test_away_and_back_warns_once_of_each_date(site: Site, post: PostOffice) -> None:
    start = datetime.fromisoformat("2026-06-01T08:00+00:00")
    campaign = make.campaign(at=start)
    remind.ladder(campaign, 14, 7, at=start)
    milestone = remind.milestone(campaign, target="2026-06-20", at=start)
    moments = [("2026-06-07", ""), ("2026-06-08", "2026-06-27"), ("2026-06-09", "2026-06-20")]
    for day, to in moments:
        at = remind.on(day, "10:00")
        if to:
            remind.move(milestone, to, at=at)
        tick(at)
    for day in ("2026-06-10", "2026-06-13", "2026-06-14", "2026-06-20"):
        tick(remind.on(day, "10:00"))
    said = [
        (row.target, row.rule.days_before)
        for row in Reminder.objects.filter(
            state=State.SENT, channel__kind=Kind.EMAIL, rule__kind="rung"
        ).select_related("rule")
    ]
    assert sorted(said) == [("2026-06-20", 7), ("2026-06-20", 14)]
    assert len(said) == len(set(said))
    assert post.repeats() == 0


@pytest.mark.parametrize("change", ["slip", "met"])
def test_changed_while_claimed(site: Site, post: PostOffice, change: str) -> None:
    """A real sender has claimed it, and is busy with an earlier message of the same batch."""
    fill(1, name="First", due=timezone.now() - timedelta(minutes=2))
    campaign = fill(3, name="Second")
    (milestone,) = milestones_of(campaign)
    post.says_so_after = 4
    sender = site.looks()
    site.until(lambda: len(post.seen) == 1 and Reminder.objects.filter(state=State.CLAIMED).exists())
    assert "First" in post.seen[0].subject
    claimed = Reminder.objects.filter(campaign=campaign, channel__kind=Kind.EMAIL)
    assert set(claimed.values_list("state", flat=True)) == {State.CLAIMED}
    if change == "slip":
        move(milestone, (timezone.now() + timedelta(days=300)).date().isoformat())
    else:
        meet(milestone)
    post.says_so_after = 0
    site.until(lambda: not Reminder.objects.filter(state=State.CLAIMED).exists())
    site.until_nothing_waits()
    assert sender.stop() == 0
    assert [letter.subject for letter in post.accepted if "Second" in letter.text] == []
    rows = Reminder.objects.filter(campaign=campaign, rule__kind="rung", channel__kind=Kind.EMAIL)
    assert set(rows.filter(due_at__lt=timezone.now()).values_list("state", flat=True)) == {State.CANCELLED}
    assert outcome(post).doubled == 0


def test_planners_and_senders_at_once(site: Site, post: PostOffice) -> None:
    """Dates are moved and planned again and again while senders send: no page fails, nothing goes twice."""
    campaign = fill(10, milestones=6)
    milestones = milestones_of(campaign)
    post.says_so_after = 0.02
    failures: list[BaseException] = []

    def keep_moving(mine: list[Milestone], first: int) -> None:
        try:
            for days in range(first, first + 12):
                for milestone in mine:
                    move(milestone, (timezone.now() + timedelta(days=days)).date().isoformat())
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    senders = [site.looks(), site.looks()]
    site.until(lambda: post.seen)
    threads = [
        threading.Thread(target=keep_moving, args=[mine, first])
        for mine, first in ((milestones[:2], 300), (milestones[2:4], 400), (milestones[1:3], 500))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    site.until_nothing_waits()
    assert [sender.stop() for sender in senders] == [0, 0]
    assert "Traceback" not in "".join(sender.said for sender in senders)
    became = outcome(post)
    assert (became.doubled, became.doubled_in_app, became.repeats, became.held) == (0, 0, 0, 0)
    untouched = Reminder.objects.filter(milestone__in=milestones[4:], due_at__lt=timezone.now())
    assert set(untouched.values_list("state", flat=True)) == {State.SENT}


def test_planners_at_once_make_each_row_once(site: Site) -> None:
    at = timezone.now()
    campaign = make.campaign(at=at)
    remind.ladder(campaign, 30, 7, at=at)
    target = (at + timedelta(days=60)).date().isoformat()
    made = [make.milestone(campaign, target=target, at=at) for _ in range(5)]
    failures: list[BaseException] = []

    def keep_planning() -> None:
        try:
            for milestone in made * 3:
                plan(milestone, at=at)
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=keep_planning) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert Reminder.objects.count() == 5 * 2 * 2


# --- People -----------------------------------------------------------------------------------------------


def removed(user: User, campaign: Campaign) -> None:
    remove_member(membership=make.membership(campaign, user), by=make.owner_of(campaign))


def deactivated(user: User, campaign: Campaign) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def no_longer_reminded(user: User, campaign: Campaign) -> None:
    membership = make.membership(campaign, user)
    change_member(membership=membership, role=Role.VIEWER, reminded=False, by=make.owner_of(campaign))


def no_longer_allowed(user: User, campaign: Campaign) -> None:
    """The entry is for staff now, and the person is not."""
    Entry.everything.filter(campaign=campaign).update(visibility=Visibility.STAFF)


def bounced(user: User, campaign: Campaign) -> None:
    Channel.objects.filter(user=user, kind=Kind.EMAIL).update(
        stopped_at=timezone.now(), stopped_because="The address was refused: 550"
    )


@pytest.mark.parametrize(
    "change", [removed, deactivated, no_longer_reminded, no_longer_allowed, bounced], ids=lambda f: f.__name__
)
def test_who_should_no_longer_be_told(
    site: Site, post: PostOffice, change: Callable[[User, Campaign], None]
) -> None:
    """The change alone, with no planning after it, as where the planner died: the last look sees it."""
    campaign = fill(2)
    user = User.objects.get(username="online-harms-0")
    change(user, campaign)
    tick()
    assert post.to(user.email) == []
    mails = Reminder.objects.filter(recipient=user, channel__kind=Kind.EMAIL)
    assert set(mails.values_list("state", flat=True)) <= {State.SKIPPED, State.CANCELLED}
    in_app = Delivery.objects.filter(recipient=user, kind=Kind.INBOX, body__contains="step 0;")
    assert in_app.exists() == (change is bounced)
    if change is not no_longer_allowed:
        assert len(post.accepted) == 1


def test_an_embargo_set_after_planning(site: Site, post: PostOffice) -> None:
    """Neither subject nor body, neither text nor HTML, to those who may not see it yet; staff may."""
    campaign = fill(2)
    Entry.everything.filter(campaign=campaign).update(
        embargo_until=timezone.now() + timedelta(days=2), shown_from=timezone.now() + timedelta(days=2)
    )
    staff = User.objects.get(username="online-harms-1")
    Membership.objects.filter(user=staff).update(role=Role.ADVOCACY)
    tick()
    (letter,) = post.accepted
    assert letter.to == staff.email
    assert not [one for one in post.seen if one.to != staff.email]
    others = Delivery.objects.exclude(recipient=staff)
    assert not others.filter(body__contains="step 0").exists()
    assert set(
        Reminder.objects.exclude(recipient=staff).values_list("state", "because", "said").distinct()
    ) == {(State.SKIPPED, "The recipient may not see the milestone.", "")}
