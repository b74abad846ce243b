"""Who is to be warned of what, and when: rows derived from targets, ladder and team, any number of times.

Planning is idempotent. Beside every change the page plans in the same transaction; the tick and a nightly
pass plan again whatever that missed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Membership
from apps.legislation.actions import current_target
from apps.legislation.models import Milestone
from apps.notices.models import Channel
from apps.reminders.ladder import occurrences
from apps.reminders.models import Plan, Reminder, Rule
from apps.timeline.models import State

OPEN = (Reminder.State.PLANNED, Reminder.State.CLAIMED)
BATCH = 200
LOOK_BACK = timedelta(hours=1)
"""How far back the tick looks for changes: longer than any transaction lasts. The nightly pass sees all."""


@dataclass(frozen=True)
class Key:
    """What a reminder of one milestone is unique on."""

    target: str
    rule_id: int
    occurrence: int
    recipient_id: int
    channel: str


@dataclass(frozen=True)
class Planned:
    """What the rows of one milestone should be: its standing keys, and the moments of those still to come."""

    target: str
    rule_ids: frozenset[int]
    recipient_ids: frozenset[int]
    moments: dict[Key, datetime]

    def stands(self, reminder: Reminder) -> bool:
        return (
            reminder.target == self.target
            and reminder.rule_id in self.rule_ids
            and reminder.recipient_id in self.recipient_ids
        )


def recipients(milestone: Milestone) -> list[User]:
    """The team members who get every reminder, and the milestone's owner while they are on the team."""
    asked = Q(reminded=True) | Q(user=milestone.owner_id)
    members = Membership.objects.filter(asked, campaign=milestone.entry.campaign_id, user__is_active=True)
    return [member.user for member in members.select_related("user").order_by("pk")]


def rules_of(milestone: Milestone) -> list[Rule]:
    """The campaign's ladder and the milestone's own rules."""
    here = Q(campaign=milestone.entry.campaign_id) & (Q(milestone=None) | Q(milestone=milestone))
    return list(Rule.objects.filter(here, active=True))


def wanted(milestone: Milestone, *, at: datetime) -> Planned:
    """What should be planned at this moment; nothing for a milestone that is settled or not published."""
    entry = milestone.entry
    target = current_target(milestone).date
    if not milestone.is_open() or entry.state != State.PUBLISHED or entry.due is None:
        return Planned(target, frozenset(), frozenset(), {})
    rules, people = rules_of(milestone), recipients(milestone)
    moments = {
        Key(target, rule.pk, number, person.pk, Channel.EMAIL): when
        for rule in rules
        for number, when in turns(rule, milestone, after=at)
        for person in people
    }
    return Planned(
        target, frozenset(rule.pk for rule in rules), frozenset(person.pk for person in people), moments
    )


def turns(rule: Rule, milestone: Milestone, *, after: datetime) -> Iterator[tuple[int, datetime]]:
    """The turns of one rule for one open milestone that are still to come."""
    assert milestone.entry.due is not None
    return occurrences(
        due=milestone.entry.due,
        days_before=rule.days_before,
        repeat_days=rule.repeat_days,
        clock=rule.time,
        zone=milestone.entry.campaign.zone,
        after=after,
    )


@dataclass(frozen=True)
class Outcome:
    """What a planning pass changed, in rows."""

    planned: int = 0
    cancelled: int = 0


@transaction.atomic
def plan(milestone: Milestone, *, at: datetime) -> Outcome:
    """Make the milestone's rows what they should be. A sent row stays as it is, whatever happens."""
    Plan.objects.get_or_create(milestone=milestone)
    mark = Plan.objects.select_for_update().get(milestone=milestone)  # one planner at a time
    milestone = Milestone.everything.select_related("entry__campaign").get(pk=milestone.pk)
    target = wanted(milestone, at=at)
    rows = {_key(row): row for row in Reminder.objects.filter(milestone=milestone)}
    cancelled = _cancel([row for row in rows.values() if row.state in OPEN and not target.stands(row)], at)
    planned = _revive_or_move(rows, target, at) + _add(milestone, rows, target, at)
    mark.of = milestone.changed_at
    mark.save()
    return Outcome(planned=planned, cancelled=cancelled)


def _key(row: Reminder) -> Key:
    return Key(row.target, row.rule_id, row.occurrence, row.recipient_id, row.channel)


def _cancel(rows: list[Reminder], at: datetime) -> int:
    for row in rows:
        row.state, row.because, row.changed_at = (
            Reminder.State.CANCELLED,
            "The target, the ladder or the team changed",
            at,
        )
        row.token = row.lease_until = None
    Reminder.objects.bulk_update(rows, ["state", "because", "changed_at", "token", "lease_until"])
    return len(rows)


def _revive_or_move(rows: dict[Key, Reminder], target: Planned, at: datetime) -> int:
    """Rows of the past that are wanted again come back; planned ones whose moment changed move to it."""
    changed = []
    for key, when in target.moments.items():
        row = rows.get(key)
        if row is None or row.state not in (Reminder.State.CANCELLED, Reminder.State.PLANNED):
            continue
        if row.state == Reminder.State.CANCELLED or row.due_at != when:
            row.state, row.due_at, row.because, row.changed_at = Reminder.State.PLANNED, when, "", at
            changed.append(row)
    Reminder.objects.bulk_update(changed, ["state", "due_at", "because", "changed_at"])
    return len(changed)


def _add(milestone: Milestone, rows: dict[Key, Reminder], target: Planned, at: datetime) -> int:
    new = [
        Reminder(
            milestone=milestone,
            target=key.target,
            rule_id=key.rule_id,
            occurrence=key.occurrence,
            recipient_id=key.recipient_id,
            channel=key.channel,
            due_at=when,
            planned_at=at,
            changed_at=at,
        )
        for key, when in target.moments.items()
        if key not in rows
    ]
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def plan_campaign(campaign: Campaign, *, at: datetime) -> None:
    """After the ladder or the team changed: plan the campaign's milestones again. A large campaign's rest
    waits, marked, for the next ticks."""
    Plan.objects.filter(milestone__entry__campaign=campaign).exclude(of=None).update(of=None)
    plan_all(_stale().filter(entry__campaign=campaign)[:BATCH], at=at)


def plan_changed(*, at: datetime) -> int:
    """The tick's pass: milestones marked stale, or changed lately and not yet planned as they now stand."""
    lately = Milestone.everything.filter(changed_at__gt=at - LOOK_BACK)
    behind = lately.filter(Q(plan=None) | ~Q(plan__of=F("changed_at")))
    return plan_all([*_stale()[:BATCH], *behind[:BATCH]], at=at)


def plan_everything(*, at: datetime) -> int:
    """The nightly pass: every open milestone, and every settled one that still has open rows."""
    open_rows = Milestone.everything.filter(reminders__state__in=OPEN).distinct()
    with_due = Milestone.everything.filter(entry__due__isnull=False)
    ids = {*open_rows.values_list("pk", flat=True), *with_due.values_list("pk", flat=True)}
    return plan_all((Milestone(pk=pk) for pk in sorted(ids)), at=at)


def plan_all(milestones: Iterable[Milestone], *, at: datetime) -> int:
    count = 0
    for milestone in milestones:
        plan(milestone, at=at)
        count += 1
    return count


def _stale() -> QuerySet[Milestone]:
    return Milestone.everything.filter(plan__in=Plan.objects.filter(of=None))
