"""What people do about reminders: ladders, wishes, answers, and what was held."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.legislation.actions import current_target
from apps.legislation.models import Milestone
from apps.reminders.ladder import DEFAULT_LADDER, moment
from apps.reminders.models import (
    ESCALATE_AFTER,
    Acknowledgement,
    Ladder,
    Reminder,
    Rule,
    Wish,
    WorkingDays,
)
from apps.reminders.planning import plan, plan_campaign
from apps.reminders.watch import RESTORED

SENT_BY_HAND = "Sent again by hand"
SET_ASIDE = "Set aside by hand."
Rung = tuple[int, int | None]
"""Days before, and repeat every so many days."""


@transaction.atomic
def set_ladder(
    *,
    campaign: Campaign,
    rungs: Sequence[Rung],
    by: User,
    at: datetime,
    clock: time = time(9),
    milestone: Milestone | None = None,
    working_days: str = WorkingDays.ANY,
    escalate_after: int | None = ESCALATE_AFTER,
) -> None:
    """Make the campaign's ladder, or one milestone's own, exactly these rungs, and plan by it. No rungs: none
    but people's own.

    A rung taken out is put to rest rather than deleted: what it sent stays in the ledger.
    """
    ladder = Ladder.objects.filter(campaign=campaign, milestone=milestone).first() or Ladder(
        campaign=campaign, milestone=milestone
    )
    ladder.working_days, ladder.escalate_after = working_days, escalate_after
    save_as(by, ladder)
    _set_rungs(rungs, campaign=campaign, milestone=milestone, person=None, clock=clock, by=by)
    _plan_again(campaign, milestone, at)


@transaction.atomic
def drop_ladder(*, milestone: Milestone, by: User, at: datetime) -> None:
    """The milestone goes by its campaign's ladder again."""
    campaign = milestone.entry.campaign
    Ladder.objects.filter(milestone=milestone).delete()
    _set_rungs([], campaign=campaign, milestone=milestone, person=None, clock=time(9), by=by)
    plan(milestone, at=at)


def set_default_ladder(
    *, campaign: Campaign, by: User, at: datetime, working_days: str = WorkingDays.ANY
) -> None:
    set_ladder(campaign=campaign, rungs=DEFAULT_LADDER, by=by, at=at, working_days=working_days)


@transaction.atomic
def set_own_rungs(
    *, campaign: Campaign, person: User, days: Sequence[int], clock: time, at: datetime
) -> None:
    """Rungs of a person's own, beside the campaign's ladder."""
    rungs: list[Rung] = [(number, None) for number in days]
    _set_rungs(rungs, campaign=campaign, milestone=None, person=person, clock=clock, by=person)
    plan_campaign(campaign, at=at)


def _set_rungs(
    rungs: Sequence[Rung],
    *,
    campaign: Campaign,
    milestone: Milestone | None,
    person: User | None,
    clock: time,
    by: User,
) -> None:
    here = Rule.objects.filter(campaign=campaign, milestone=milestone, person=person, kind=Rule.Kind.RUNG)
    existing = {rule.days_before: rule for rule in here}
    for days_before, repeat_days in rungs:
        rule = existing.pop(days_before, None) or Rule(
            campaign=campaign, milestone=milestone, person=person, days_before=days_before
        )
        rule.repeat_days, rule.time, rule.active = repeat_days, clock, True
        save_as(by, rule)
    for rule in existing.values():
        if rule.active:
            rule.active = False
            save_as(by, rule)


def _plan_again(campaign: Campaign, milestone: Milestone | None, at: datetime) -> None:
    if milestone:
        plan(milestone, at=at)
    else:
        plan_campaign(campaign, at=at)


@transaction.atomic
def add_rule(*, milestone: Milestone, days_before: int, clock: time, by: User, at: datetime) -> Rule:
    """A rung of one milestone's own, beside its campaign's ladder."""
    rule = Rule(campaign=milestone.entry.campaign, milestone=milestone, days_before=days_before, time=clock)
    save_as(by, rule)
    plan(milestone, at=at)
    return rule


# --- A person's wishes ------------------------------------------------------------------------------------


@transaction.atomic
def set_wish(
    *,
    person: User,
    campaign: Campaign,
    at: datetime,
    milestone: Milestone | None = None,
    rule: Rule | None = None,
    muted: bool = False,
    earlier_days: int = 0,
) -> None:
    """Mute or shift one rule, one milestone or a whole campaign for one person; neither takes a wish back."""
    of: dict[str, Any] = {"person": person, "campaign": campaign, "milestone": milestone, "rule": rule}
    if muted or earlier_days:
        Wish.objects.update_or_create(**of, defaults={"muted": muted, "earlier_days": earlier_days})
    else:
        Wish.objects.filter(**of).delete()
    _plan_again(campaign, milestone, at)


# --- Answers ----------------------------------------------------------------------------------------------


@transaction.atomic
def acknowledge(
    *, milestone: Milestone, person: User, at: datetime, until: datetime | None = None
) -> Acknowledgement:
    """The person has seen it; or, with `until`, wants to be told again then, and not before."""
    answer = Acknowledgement.objects.create(
        milestone=milestone,
        target=current_target(milestone).date,
        person=person,
        at=at,
        snoozed_until=until,
    )
    plan(milestone, at=at)
    return answer


def snooze_until(milestone: Milestone, days: int, *, at: datetime) -> datetime:
    """Nine in the morning so many days on, in the campaign's zone; of a target still to come, at the latest
    on its last day, so that a snooze never silences what it was about. Raises ValidationError on that day."""
    campaign = milestone.entry.campaign
    today = campaign.today(at)
    day: date = today + timedelta(days=days)
    due = milestone.entry.due
    if due is not None and today <= due:
        day = min(day, due)
    if day <= today:
        raise ValidationError("Its last day is today: it cannot wait any longer.")
    return moment(day, time(9), campaign.zone)


# --- What was held ----------------------------------------------------------------------------------------


@transaction.atomic
def release(*, reminder: Reminder, send: bool, at: datetime) -> None:
    """A held or failed reminder: send it after all, or let it rest as it is. Raises ValidationError where
    somebody has done so already."""
    row = Reminder.objects.select_for_update().get(pk=reminder.pk)
    if row.state not in (Reminder.State.HELD, Reminder.State.FAILED):
        raise ValidationError("Somebody has seen to it already.")
    row.changed_at = at
    if send:
        row.state, row.try_at, row.because = Reminder.State.PLANNED, at, SENT_BY_HAND
        row.attempts = row.doubts = 0
    else:
        row.state = Reminder.State.SKIPPED
        row.because = f"{row.because} {SET_ASIDE}"[:300]
    row.save()


def release_restored(*, send: bool, at: datetime) -> int:
    """The same for all that was held because the database was put back. Answers how many."""
    rows = Reminder.objects.filter(state=Reminder.State.HELD, because=RESTORED)
    if send:
        planned = {"state": Reminder.State.PLANNED, "try_at": at, "because": SENT_BY_HAND}
        return rows.update(**planned, attempts=0, doubts=0, changed_at=at)
    set_aside = f"{RESTORED} {SET_ASIDE}"[:300]
    return rows.update(state=Reminder.State.SKIPPED, because=set_aside, changed_at=at)
