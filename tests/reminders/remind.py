"""Shorthand of this room's tests: a campaign with a ladder, a milestone planned, a clock that moves on.

Everybody has an inbox and e-mail, so each reminder is two rows; what is asked here looks at those by e-mail.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.campaigns.actions import add_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.legislation.actions import revise_target
from apps.legislation.models import Milestone
from apps.notices.actions import channels_of, switch_channel
from apps.notices.models import Channel, Kind
from apps.reminders import sending
from apps.reminders.actions import set_ladder
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from apps.reminders.sending import Going, Tally, always
from tests import make
from tests.make import AT

State = Reminder.State


def on(day: str, clock: str = "08:00") -> datetime:
    """That moment in UTC; 08:00 is nine in a London summer."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=UTC)


def look(*, at: datetime, going: Going = always) -> Tally:
    """A tick at that moment."""
    return sending.look(clock=lambda: at, going=going)


def ladder(campaign: Campaign, *rungs: int | tuple[int, int], at: datetime = AT, **how: Any) -> None:
    """Rungs: so many days before, or (days before, repeat every so many days). Nobody is told of what is
    unanswered unless `escalate_after` asks for it."""
    pairs: Sequence[tuple[int, int | None]] = [
        rung if isinstance(rung, tuple) else (rung, None) for rung in rungs
    ]
    how.setdefault("escalate_after", None)
    set_ladder(campaign=campaign, rungs=pairs, by=make.owner_of(campaign), at=at, **how)


def milestone(campaign: Campaign, *, at: datetime = AT, **fields: Any) -> Milestone:
    """A milestone with its reminders planned."""
    made = make.milestone(campaign, at=at, **fields)
    plan(made, at=at)
    return made


def move(
    milestone: Milestone, to: str, *, at: datetime, correction: bool = False, by: User | None = None
) -> None:
    """Move the target and plan by it, as the page does."""
    by = by or make.owner_of(milestone.entry.campaign)
    revise_target(milestone=milestone, to=parse(to), reason="Delayed", by=by, at=at, correction=correction)
    plan(milestone, at=at)


def join(campaign: Campaign, person: User, role: Role = Role.ADVOCACY) -> None:
    add_member(campaign=campaign, user=person, role=role, by=make.owner_of(campaign), at=AT)


def channel_of(person: User, kind: Kind = Kind.EMAIL) -> Channel:
    channels_of([person])
    return Channel.objects.get(user=person, kind=kind)


def switch_off(kind: Kind, person: User) -> None:
    switch_channel(channel=channel_of(person, kind), on=False)


def reminders(kind: Kind = Kind.EMAIL, **those: Any) -> QuerySet[Reminder]:
    """The rows through this kind of channel, in the order due."""
    return Reminder.objects.filter(channel__kind=kind, **those).order_by("due_at", "id")


def rows(
    state: str | None = None, *, to: User | None = None, kind: Kind = Kind.EMAIL, rule: str = "rung"
) -> list[tuple[str, str]]:
    """The reminders as (target, day due)."""
    found = reminders(kind, rule__kind=rule)
    found = found.filter(state=state) if state else found
    found = found.filter(recipient=to) if to else found
    return [(row.target, row.due_at.date().isoformat()) for row in found]


def moments(**those: Any) -> list[datetime]:
    return list(reminders(**those).values_list("due_at", flat=True))


def states(kind: Kind = Kind.EMAIL, *, rule: str = "rung") -> list[str]:
    return list(reminders(kind, rule__kind=rule).values_list("state", flat=True))


def recipients_of(mails: Iterable[Any]) -> list[str]:
    return sorted(address for mail in mails for address in mail.to)
