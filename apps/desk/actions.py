"""What a page does in one go across several rooms: the change, and the reminders that follow from it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.zones import DEFAULT_ZONE
from apps.campaigns import actions as campaigns
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.evidence.actions import set_state
from apps.legislation.actions import refresh
from apps.legislation.hooks import hanging_on
from apps.legislation.models import Milestone
from apps.people import actions as people
from apps.people.models import Organisation, Person, Post
from apps.reminders.actions import set_default_ladder
from apps.reminders.models import WorkingDays
from apps.reminders.planning import Outcome, plan, plan_campaign, plan_ids
from apps.sources import actions as sources
from apps.sources.models import Source
from apps.timeline import index
from apps.timeline.models import Entry, Kind, State


@transaction.atomic
def start_campaign(*, by: User, at: datetime, **facts: Any) -> Campaign:
    """A campaign with an owner and the default ladder; one in London keeps to working days."""
    campaign = campaigns.start_campaign(by=by, at=at, **facts)
    london = campaign.time_zone == DEFAULT_ZONE
    working_days = WorkingDays.ENGLAND_AND_WALES if london else WorkingDays.ANY
    set_default_ladder(campaign=campaign, by=by, at=at, working_days=working_days)
    return campaign


@transaction.atomic
def change_milestone(change: Callable[[], Any], *, milestone: Milestone, at: datetime) -> Outcome:
    """Do something to a milestone and plan its reminders, and those of all that hangs on it, all or nothing.
    What became of its own is answered."""
    change()
    planned = plan(milestone, at=at)
    plan_ids(hanging_on([milestone.pk]), at=at)
    return planned


@transaction.atomic
def change_milestones(change: Callable[[], Iterable[Milestone]], *, at: datetime) -> list[Milestone]:
    """Do something to several milestones and plan the reminders of each, all or nothing."""
    changed = list(change())
    for milestone in changed:
        plan(milestone, at=at)
    return changed


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


# A name stands in the index with every entry it stands in. The rooms below know no entries, so a page writes
# both here.


@transaction.atomic
def save_person(*, person: Person, by: User) -> Person:
    people.save_person(person=person, by=by)
    index.write_named(person)
    return person


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: User) -> Organisation:
    people.save_organisation(organisation=organisation, by=by)
    index.write_named(organisation)
    return organisation


@transaction.atomic
def save_source(*, source: Source, published: PartialDate | None, by: User) -> Source:
    sources.save_source(source=source, published=published, by=by)
    index.write_named(source)
    return source


@transaction.atomic
def remove_post(*, post: Post, by: User) -> None:
    """The quotes said in that post lose it."""
    quotes = index.standing_in(post)
    people.remove_post(post=post, by=by)
    index.write(quotes)
