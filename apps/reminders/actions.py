"""The ladder, and the tick: claim what is due, check it once more, send it, write down what became of it."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Q

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.legislation.models import Milestone
from apps.notices.actions import deliver, prepare
from apps.notices.channels import Undelivered
from apps.notices.models import Delivery
from apps.reminders.ladder import DEFAULT_LADDER
from apps.reminders.messages import compose
from apps.reminders.models import Reminder, Rule, Tick
from apps.reminders.planning import plan, plan_campaign, plan_changed, recipients
from apps.timeline.models import Entry

log = logging.getLogger(__name__)

BATCH = 200
LEASE = timedelta(minutes=10)  # longer than a batch that meets the mail server's time limit now and then
MOST_ATTEMPTS = 5
State = Reminder.State
SAYS_IT = (State.PLANNED, State.CLAIMED, State.SENDING, State.SENT, State.HELD)
"""The states of a reminder that warns, or has warned, as far as anybody knows."""


@transaction.atomic
def set_ladder(
    *,
    campaign: Campaign,
    rungs: Sequence[tuple[int, int | None]],
    by: User,
    at: datetime,
    clock: time = time(9),
) -> None:
    """Make the campaign's ladder exactly these (days before, repeat days) rungs, and plan by it.

    A rung taken out is put to rest rather than deleted: what it sent stays in the ledger.
    """
    existing = {rule.days_before: rule for rule in Rule.objects.filter(campaign=campaign, milestone=None)}
    for days_before, repeat_days in rungs:
        rule = existing.pop(days_before, None) or Rule(campaign=campaign, days_before=days_before)
        rule.repeat_days, rule.time, rule.active = repeat_days, clock, True
        save_as(by, rule)
    for rule in existing.values():
        rule.active = False
        save_as(by, rule)
    plan_campaign(campaign, at=at)


def set_default_ladder(*, campaign: Campaign, by: User, at: datetime) -> None:
    set_ladder(campaign=campaign, rungs=DEFAULT_LADDER, by=by, at=at)


@transaction.atomic
def add_rule(*, milestone: Milestone, days_before: int, clock: time, by: User, at: datetime) -> Rule:
    """A rule of one milestone's own, beside its campaign's ladder."""
    rule = Rule(campaign=milestone.entry.campaign, milestone=milestone, days_before=days_before, time=clock)
    save_as(by, rule)
    plan(milestone, at=at)
    return rule


@dataclass(frozen=True)
class Tally:
    """What a tick did, in reminders."""

    sent: int = 0
    failed: int = 0
    skipped: int = 0


def look(*, at: datetime) -> Tally:
    """One tick: plan what changed, then send what is due, and note that the scheduler looked."""
    plan_changed(at=at)
    tally = send_due(at=at)
    Tick.objects.update_or_create(defaults={"looked_at": at, "sent": tally.sent})
    return tally


def send_due(*, at: datetime) -> Tally:
    """Claim a batch and send it, one message for each row."""
    token = uuid.uuid4()
    results = [_send_or_stand_aside(pk, token=token, at=at) for pk in claim(token=token, at=at)]
    return Tally(
        sent=results.count(State.SENT),
        failed=results.count(State.FAILED) + results.count(State.PLANNED),
        skipped=results.count(State.SKIPPED) + results.count(State.HELD),
    )


@transaction.atomic
def claim(*, token: uuid.UUID, at: datetime) -> list[int]:
    """Take up to BATCH due rows under a lease; no other sender gets them while it lasts.

    Also taken: rows whose sender died before the wire (lease run out while claimed) and during it (while
    sending), whose outcome is unknown.
    """
    due = Q(state=State.PLANNED, due_at__lte=at)
    left_lying = Q(state__in=[State.CLAIMED, State.SENDING], lease_until__lt=at)
    rows = Reminder.objects.filter(due | left_lying).order_by("due_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)  # SQLite's transactions are IMMEDIATE: one at a time
    ids = []
    for row in rows[:BATCH]:
        row.state = State.SENDING if row.state == State.SENDING else State.CLAIMED
        row.token, row.lease_until, row.changed_at = token, at + LEASE, at
        row.save()
        ids.append(row.pk)
    return ids


def _send_or_stand_aside(pk: int, *, token: uuid.UUID, at: datetime) -> str:
    """Send; a row that trips the program stands aside, and the others of its batch still go."""
    try:
        return send(pk, token=token, at=at)
    except Exception as error:
        log.exception("Reminder %s tripped the program", pk)
        return _stand_aside(pk, error, token=token, at=at)


@transaction.atomic
def _stand_aside(pk: int, error: Exception, *, token: uuid.UUID, at: datetime) -> str:
    """Before the wire: try again later. On the wire the outcome is unknown, so the lease decides."""
    row = Reminder.objects.select_for_update().get(pk=pk)
    if row.token != token or row.state != State.CLAIMED:
        return row.state
    row.attempts += 1
    row.save()
    failure = Undelivered(f"The program failed: {error!r}", permanent=False)
    return _finish(pk, _after_failure(pk, failure, at), token=token, at=at)


def send(pk: int, *, token: uuid.UUID, at: datetime) -> str:
    """Send one claimed reminder. Answers the state it ends in."""
    delivery = _commit_to_sending(pk, token=token, at=at)
    if delivery is None:
        return Reminder.objects.get(pk=pk).state
    try:
        deliver(delivery, at=at)
    except Undelivered as error:
        return _finish(pk, _after_failure(pk, error, at), token=token, at=at)
    return _finish(pk, Ending(State.SENT), token=token, at=at)


@transaction.atomic
def _commit_to_sending(pk: int, *, token: uuid.UUID, at: datetime) -> Delivery | None:
    """Check once more that it should go, and commit to the wire: from here on the outcome may be unknown."""
    row = Reminder.objects.select_for_update().filter(pk=pk, token=token).first()
    if row is None:
        return None  # cancelled or taken over since it was claimed
    refusal = _why_not(row, at)
    if refusal:
        _end(row, state=State.SKIPPED, because=refusal, at=at)
        return None
    if row.state == State.SENDING and row.attempts >= 2:
        _end(row, state=State.HELD, because="Its sender died twice: it may have arrived.", at=at)
        return None
    milestone = Milestone.everything.select_related("entry__campaign", "owner").get(pk=row.milestone_id)
    message = compose(row, milestone, at=at)
    row.delivery = prepare(
        campaign=milestone.entry.campaign,
        recipient=row.recipient,
        channel=row.channel,
        subject=message.subject,
        body=message.body,
        key=f"reminder {row.pk}",
        at=at,
    )
    row.state, row.attempts, row.changed_at = State.SENDING, row.attempts + 1, at
    row.save()
    return row.delivery


def _why_not(row: Reminder, at: datetime) -> str:
    """Why a due reminder should not go after all; empty where it should."""
    milestone = Milestone.everything.select_related("entry__campaign").get(pk=row.milestone_id)
    if not milestone.is_open() or milestone.entry.due is None:
        return "The milestone is settled or withdrawn."
    if not row.rule.active:
        return "The rule was taken off the ladder."
    newest = milestone.targets.order_by("-recorded_at", "-id").values_list("date", flat=True).first()
    if newest != row.target:
        return "The target date has moved."
    if row.recipient not in recipients(milestone):
        return "The recipient is no longer on the team, or no longer asks for reminders."
    if not Entry.objects.visible_to(row.recipient, at=at).filter(pk=milestone.pk).exists():
        return "The recipient may not see the milestone."
    return _superseded(row, at)


def _superseded(row: Reminder, at: datetime) -> str:
    """After a stand-still several rungs are due at once: the newest says all that the older would."""
    newer = Reminder.objects.filter(
        milestone=row.milestone_id,
        target=row.target,
        recipient=row.recipient_id,
        channel=row.channel,
        due_at__lte=at,
        due_at__gt=row.due_at,
        state__in=SAYS_IT,
    )
    return "A later reminder of the same target says it." if newer.exists() else ""


@dataclass(frozen=True)
class Ending:
    """How a try ended; `again_at` where it is to be tried again."""

    state: str
    because: str = ""
    again_at: datetime | None = None


def _after_failure(pk: int, error: Undelivered, at: datetime) -> Ending:
    """Try again later, twice as late each time; give up where trying again would not help."""
    attempts = Reminder.objects.values_list("attempts", flat=True).get(pk=pk)
    because = str(error)[:300]
    if error.permanent or attempts >= MOST_ATTEMPTS:
        return Ending(State.FAILED, because)
    return Ending(State.PLANNED, because, again_at=at + timedelta(minutes=2**attempts))


@transaction.atomic
def _finish(pk: int, ending: Ending, *, token: uuid.UUID, at: datetime) -> str:
    row = Reminder.objects.select_for_update().get(pk=pk)
    if row.token != token:
        return row.state  # the lease ran out and another sender has it
    row.due_at = ending.again_at or row.due_at
    _end(row, state=ending.state, because=ending.because, at=at)
    if ending.state == State.SENT and row.rule.repeat_days:
        plan(row.milestone, at=at)  # the next turn of a rule that comes again
    return ending.state


def _end(row: Reminder, *, state: str, because: str, at: datetime) -> None:
    row.state, row.because, row.changed_at = state, because, at
    row.token = row.lease_until = None
    row.save()
