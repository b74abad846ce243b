"""Writing many milestones at once: as `actions` does, a table at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from apps.accounts.authorship import create_all_as, delete_all_as
from apps.accounts.models import User
from apps.dates import PartialDate
from apps.legislation.actions import FIRST_TARGET, derive, new_target
from apps.legislation.models import Milestone, Outcome, TargetDate
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


def new_milestone(
    entry: Entry,
    when: PartialDate,
    *,
    owner: User | None,
    by: User | None,
    at: datetime,
    reason: str = FIRST_TARGET,
    met_on: date | None = None,
) -> New:
    """Its entry has what follows from the target. `met_on`: it is told of after the fact, by the entry's
    source. Raises ValidationError for a date without an end."""
    milestone = Milestone(entry=entry, owner=owner)
    if met_on:
        milestone.outcome, milestone.settled_on, milestone.settled_at = Outcome.MET, met_on, at
        milestone.settled_source = entry.source
    target = new_target(milestone, when, reason=reason, source=entry.source, by=by, at=at)
    derive(milestone, [target], at=at)
    entry.version = DERIVED_ONCE
    return New(milestone, target)


def add_milestones(made: Sequence[New], *, by: User | None) -> None:
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
