"""Rules say when to warn; reminders are the rows that warn, each of them once."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.campaigns.models import Campaign
from apps.legislation.models import Milestone
from apps.notices.models import Channel, Delivery


class Rule(models.Model):
    """One rung of a ladder: so many days before (below 0: after) a target's last day, at a local time.

    A rule with `repeat_days` comes again every so many days until the milestone is settled or moved. A rule
    of a milestone stands beside its campaign's ladder.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rules")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, related_name="rules", null=True, blank=True
    )
    days_before = models.SmallIntegerField()
    repeat_days = models.PositiveSmallIntegerField(null=True, blank=True)
    time = models.TimeField(default=time(9))
    active = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-days_before", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "days_before"],
                condition=Q(milestone=None),
                name="rung_once_per_ladder",
            ),
            models.CheckConstraint(
                condition=Q(days_before__gte=-365, days_before__lte=730), name="rule_offset_in_reason"
            ),
            models.CheckConstraint(
                condition=Q(repeat_days=None) | Q(repeat_days__gte=1, repeat_days__lte=365),
                name="rule_repeat_in_reason",
            ),
        ]

    def __str__(self) -> str:
        if self.repeat_days:
            return (
                "weekly while overdue"
                if self.repeat_days == 7
                else f"every {self.repeat_days} days while overdue"
            )
        if self.days_before == 0:
            return "on the day"
        count = abs(self.days_before)
        return f"{count} day{'' if count == 1 else 's'} {'before' if self.days_before > 0 else 'after'}"


class Reminder(models.Model):
    """One warning to one person.

    Unique on (milestone, the target date's value, rule, occurrence, recipient, channel): the value and not
    the row's number, so that a date moved away and back never warns twice. `occurrence` counts a repeating
    rule's turns, else 0. `token` and `lease_until` belong to the sender that claimed it.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CLAIMED = "claimed", "About to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        CANCELLED = "cancelled", "Cancelled"
        SKIPPED = "skipped", "Skipped"
        HELD = "held", "Held for a person"
        FAILED = "failed", "Failed"

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="reminders")
    target = models.CharField(max_length=40)
    rule = models.ForeignKey(Rule, on_delete=models.RESTRICT, related_name="reminders")
    occurrence = models.PositiveSmallIntegerField(default=0)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    because = models.CharField(max_length=300, blank=True)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivery = models.OneToOneField(Delivery, on_delete=models.SET_NULL, null=True, blank=True)
    planned_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="reminder_by_state_and_moment"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "target", "rule", "occurrence", "recipient", "channel"],
                name="reminder_once",
            ),
            models.CheckConstraint(
                condition=Q(token=None, lease_until=None) | Q(token__isnull=False, lease_until__isnull=False),
                name="reminder_claim_is_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} → {self.recipient}, {self.rule}"


class Plan(models.Model):
    """That a milestone's reminders were planned, and as of which of its changes (Milestone.changed_at).

    An empty `of` asks for planning again: the ladder or the team changed.
    """

    milestone = models.OneToOneField(
        Milestone, on_delete=models.CASCADE, primary_key=True, related_name="plan"
    )
    of = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["milestone"], condition=Q(of=None), name="plan_stale")]

    def __str__(self) -> str:
        return f"{self.milestone} as of {self.of}"


class Tick(models.Model):
    """The one row that says when the scheduler last looked, so that silence can be seen."""

    name = models.CharField(max_length=20, primary_key=True, default="reminders")
    looked_at = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.looked_at}"
