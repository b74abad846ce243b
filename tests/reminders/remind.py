"""Shorthand of this room's tests: a campaign with a ladder, a milestone planned, a clock that moves on."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.legislation.actions import revise_target
from apps.legislation.models import Milestone
from apps.reminders.actions import set_ladder
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from tests import make
from tests.make import AT

State = Reminder.State


def on(day: str, clock: str = "08:00") -> datetime:
    """That moment in UTC; 08:00 is nine in a London summer."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=UTC)


def ladder(campaign: Campaign, *rungs: int | tuple[int, int], at: datetime = AT) -> None:
    pairs: Sequence[tuple[int, int | None]] = [
        rung if isinstance(rung, tuple) else (rung, None) for rung in rungs
    ]
    set_ladder(campaign=campaign, rungs=pairs, by=make.owner_of(campaign), at=at)


def milestone(campaign: Campaign, *, at: datetime = AT, **fields: Any) -> Milestone:
    """A milestone with its reminders planned."""
    made = make.milestone(campaign, at=at, **fields)
    plan(made, at=at)
    return made


def move(milestone: Milestone, to: str, *, at: datetime, correction: bool = False) -> None:
    """Move the target and plan by it, as the page does."""
    by = make.owner_of(milestone.entry.campaign)
    revise_target(milestone=milestone, to=parse(to), reason="Delayed", by=by, at=at, correction=correction)
    plan(milestone, at=at)


def rows(state: str | None = None, *, to: User | None = None) -> list[tuple[str, str]]:
    """The reminders as (target, day due), in the order due."""
    found = Reminder.objects.order_by("due_at", "id")
    found = found.filter(state=state) if state else found
    found = found.filter(recipient=to) if to else found
    return [(row.target, row.due_at.date().isoformat()) for row in found]


def states() -> list[str]:
    return list(Reminder.objects.order_by("due_at", "id").values_list("state", flat=True))


def recipients_of(mails: Iterable[Any]) -> list[str]:
    return sorted(address for mail in mails for address in mail.to)
