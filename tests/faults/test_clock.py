"""Clocks that jump, days that have 23 and 25 hours, and ten days of standstill."""

import logging
import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.legislation.models import Milestone
from apps.notices.models import Delivery, Kind
from apps.reminders.actions import add_rule
from apps.reminders.models import Reminder
from apps.reminders.planning import plan_ids
from apps.reminders.sending import LEASE, claim, look
from tests import make
from tests.faults.outcome import outcome
from tests.faults.post_office import PostOffice
from tests.faults.site import Site, State, fill
from tests.faults.sizes import SIZES
from tests.reminders import remind

LONDON = ZoneInfo("Europe/London")
CLOCKS = [time(0, 30), time(1, 0), time(1, 30), time(2, 0), time(2, 30), time(9, 0)]


def tick(at: datetime) -> None:
    look(clock=lambda: at)


def test_a_day_ahead_and_back(site: Site, post: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    """What the wrong clock sent is not sent again; what it claimed is not claimed for a day."""
    now = timezone.now()
    fill(4, name="Today")
    fill(4, name="Tomorrow", due=now + timedelta(hours=23))
    fill(4, name="After that", due=now + timedelta(hours=25))
    tick(now)
    assert len(post.accepted) == 4
    ahead = now + timedelta(days=1)
    tick(ahead)
    assert len(post.accepted) == 8
    later = ahead + timedelta(hours=2)
    assert claim(token=uuid.uuid4(), at=later), "A sender dies with a lease of the wrong clock."
    with caplog.at_level(logging.WARNING):
        tick(now + timedelta(minutes=1))
    assert "The clock went back" in caplog.text
    caplog.clear()
    tick(now + timedelta(minutes=2))
    assert "went back" not in caplog.text, "It is said once."
    assert not Reminder.objects.filter(state__in=[State.CLAIMED, State.SENDING]).exists()
    for hours in (23, 24, 25, 26):
        tick(now + timedelta(hours=hours, minutes=5) + LEASE)
    assert outcome(post).each_once, outcome(post)
    assert len(post.accepted) == 12


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
def test_the_days_on_which_london_s_clocks_change(site: Site, post: PostOffice, day: date) -> None:
    """A time that is skipped moves forward by the hour that is; a time that comes twice is its first."""
    before = datetime.combine(day - timedelta(days=3), time(12), tzinfo=UTC)
    campaign = make.campaign(at=before)
    remind.ladder(campaign, at=before)
    for clock in CLOCKS:
        milestone = make.milestone(campaign, target=day.isoformat(), headline=f"At {clock};", at=before)
        add_rule(milestone=milestone, days_before=0, clock=clock, by=make.owner_of(campaign), at=before)
    expected = {}
    for clock in CLOCKS:
        skipped = day.month == 3 and clock.hour == 1
        summer = (day.month == 3 and clock.hour > 1) or (day.month == 10 and clock.hour < 2)
        utc = datetime.combine(day, clock, tzinfo=UTC) - timedelta(hours=int(summer))
        expected[f"At {clock};"] = utc
        assert skipped or utc.astimezone(LONDON).time() == clock

    sent = {}
    at = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=2)
    while at.date() <= day and at.hour < 12 or at.date() < day:
        known = len(post.accepted)
        tick(at)
        for letter in post.accepted[known:]:
            for headline in [headline for headline in expected if headline in letter.text]:
                assert headline not in sent, "Twice"
                sent[headline] = at
        at += timedelta(minutes=15)
    assert sent == expected
    assert outcome(post).each_once


def test_ten_days_of_standstill(site: Site, post: PostOffice) -> None:
    """Five hundred reminders fell due: one message for each person and channel, and none of a date that a
    later reminder says as well."""
    people = 5
    started = timezone.now() - timedelta(days=11)
    campaign = fill(
        people, milestones=SIZES.overdue // (people * 2), due=started + timedelta(days=1, hours=1), days=7
    )
    tick(started)
    assert post.accepted == []
    assert Reminder.objects.filter(state=State.PLANNED).count() == SIZES.overdue
    tick(timezone.now())
    assert sorted(letter.to for letter in post.accepted) == [
        f"online-harms-{number}@example.org" for number in range(people)
    ]
    assert all("Missed while reminders stood still" in letter.subject for letter in post.accepted)
    assert Reminder.objects.exclude(state=State.SENT).count() == 0
    owner = make.owner_of(campaign)
    gap = Delivery.objects.filter(kind=Kind.INBOX, recipient=owner, subject__contains="stood still")
    assert gap.count() == 1
    inbox = Delivery.objects.filter(kind=Kind.INBOX).exclude(recipient=owner)
    assert inbox.count() == people
    known = len(post.accepted)
    tick(timezone.now() + timedelta(minutes=1))
    assert len(post.accepted) == known


def test_of_many_missed_turns_the_newest_goes(site: Site, post: PostOffice) -> None:
    """Three rungs of one date fell due meanwhile: the last of them says it."""
    now = timezone.now()
    start = now - timedelta(days=20)
    campaign = make.campaign(at=start)
    remind.ladder(campaign, 14, 7, 1, at=start)
    made = remind.milestone(campaign, target=(now + timedelta(days=1)).date().isoformat(), at=start)
    plan_ids([made.pk], at=start)
    tick(now + timedelta(hours=12))
    states = Reminder.objects.filter(channel__kind=Kind.EMAIL).values_list("rule__days_before", "state")
    assert dict(states)[14] == dict(states)[7] == State.SKIPPED
    assert len(post.accepted) == 1
    assert Milestone.everything.count() == 1
