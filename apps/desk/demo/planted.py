"""A reminder that goes out a minute after the site starts, to show that reminders do go out."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.desk.demo.extent import forget_rows
from apps.legislation.actions import add_milestone, current_target
from apps.legislation.models import Milestone
from apps.reminders.actions import add_rule
from apps.reminders.models import Rule
from apps.timeline import index
from apps.timeline.actions import Facts
from apps.timeline.models import Entry, Kind, Link, State

HEADLINE = "A reminder goes out one minute after the start"
NOTE = (
    "Put here each time the site starts, so that a reminder can be watched on its way: planned in the"
    " reminder ledger, sent a minute later, kept in the outbox. If it stays planned, the scheduler"
    " does not run."
)
WAIT = timedelta(seconds=60)


@transaction.atomic
def plant(campaign: Campaign, *, owner: User, at: datetime) -> datetime:
    """Plan one reminder for a minute from now. Answers the moment.

    On the same day the milestone gets a new rule in place of the old; on a later day it is made anew.
    """
    when = at + WAIT
    milestone = find(campaign, owner=owner, at=at)
    if milestone and not _stands(milestone, campaign, when):
        _remove(milestone)
        milestone = None
    milestone = milestone or _add(campaign, owner, at=at, when=when)
    for rule in Rule.objects.filter(milestone=milestone, active=True):
        rule.active = False
        save_as(owner, rule)
    clock = when.astimezone(campaign.zone).time()
    add_rule(milestone=milestone, days_before=0, clock=clock, by=owner, at=at)
    return when


def find(campaign: Campaign, *, owner: User, at: datetime) -> Milestone | None:
    """The milestone of the last reminder that was planted, as far as its owner sees it."""
    entries = Entry.objects.visible_to(owner, at=at, campaign=campaign)
    entry = entries.filter(kind=Kind.MILESTONE, headline=HEADLINE).order_by("-pk").first()
    return entry.milestone if entry else None


def _stands(milestone: Milestone, campaign: Campaign, when: datetime) -> bool:
    """Whether it is still open, and for the day on which the next reminder is to go."""
    open_still = milestone.is_open() and milestone.entry.state == State.PUBLISHED
    return open_still and current_target(milestone).date == campaign.today(when).isoformat()


def _add(campaign: Campaign, owner: User, *, at: datetime, when: datetime) -> Milestone:
    facts = Facts(headline=HEADLINE, date=parse(campaign.today(when).isoformat()), note=NOTE, tags=("demo",))
    return add_milestone(campaign=campaign, facts=facts, owner=owner, reason="Today", by=owner, at=at)


def _remove(milestone: Milestone) -> None:
    """Take it away with its history: it was only ever a try."""
    pk = milestone.pk
    rules = list(Rule.objects.filter(milestone=milestone).values_list("pk", flat=True))
    links = list(
        (Link.objects.filter(from_entry=pk) | Link.objects.filter(to_entry=pk)).values_list("pk", flat=True)
    )
    index.forget([milestone.pk])
    milestone.entry.delete()
    for model, keys in ((Rule, rules), (Link, links), (Milestone, [pk]), (Entry, [pk])):
        forget_rows(model, keys)
