"""Writing many milestones at once: as `actions` does, a table at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.authorship import create_all_as, delete_all_as
from apps.accounts.models import User
from apps.dates import PartialDate
from apps.legislation.actions import derive, new_target
from apps.legislation.models import Milestone, TargetDate
from apps.timeline.models import Entry

DERIVED_ONCE = 2
"""The version of a milestone's entry once its ledger has been added up."""


@dataclass
class New:
    """A milestone and its first target, not saved yet."""

    milestone: Milestone
    target: TargetDate

    @property
    def entry(self) -> Entry:
        return self.milestone.entry


def new_milestone(entry: Entry, when: PartialDate, *, owner: User | None, by: User, at: datetime) -> New:
    """Its entry has what follows from the target. Raises ValidationError for a date without an end."""
    milestone = Milestone(entry=entry, owner=owner)
    target = new_target(milestone, when, source=entry.source, by=by, at=at)
    derive(milestone, [target], at=at)
    entry.version = DERIVED_ONCE
    return New(milestone, target)


def add_milestones(made: Sequence[New], *, by: User) -> None:
    """The details and the ledgers of entries that are saved. The planner finds them by `changed_at`."""
    for one in made:
        one.milestone.entry = one.entry  # again: now it has its key
    create_all_as(by, [one.milestone for one in made])
    for one in made:
        one.target.milestone = one.milestone
    TargetDate.objects.bulk_create([one.target for one in made])


def delete_milestones(ids: Sequence[int], *, by: User) -> None:
    """With their ledgers, and the reminders planned for them."""
    delete_all_as(by, list(Milestone.everything.filter(pk__in=ids)))
