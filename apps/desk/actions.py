"""What a page does in one go across several rooms: the change, and the reminders that follow from it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.campaigns import actions as campaigns
from apps.campaigns.models import Campaign
from apps.evidence.actions import set_state
from apps.legislation.actions import refresh
from apps.legislation.models import Milestone
from apps.reminders.actions import set_default_ladder
from apps.reminders.planning import Outcome, plan, plan_campaign
from apps.timeline.models import Entry, Kind, State


@transaction.atomic
def start_campaign(*, by: User, at: datetime, **facts: Any) -> Campaign:
    """A campaign with an owner and the default ladder."""
    campaign = campaigns.start_campaign(by=by, at=at, **facts)
    set_default_ladder(campaign=campaign, by=by, at=at)
    return campaign


@transaction.atomic
def change_milestone(change: Callable[[], Any], *, milestone: Milestone, at: datetime) -> Outcome:
    """Do something to a milestone and plan its reminders, both or neither."""
    change()
    return plan(milestone, at=at)


@transaction.atomic
def change_state(*, entry: Entry, state: State, by: User, at: datetime) -> None:
    """Approve, withdraw or restore an entry; a milestone's deadline and reminders follow."""
    changed = set_state(entry=entry, state=state, by=by)
    if changed.kind == Kind.MILESTONE:
        milestone = changed.milestone
        milestone.entry = changed
        refresh(milestone=milestone, by=by, at=at)
        plan(milestone, at=at)


@transaction.atomic
def change_team(change: Callable[[], Any], *, campaign: Campaign, at: datetime) -> Any:
    """Do something to who is on the team, and plan the campaign's reminders for who is on it now."""
    result = change()
    plan_campaign(campaign, at=at)
    return result
