"""Rules say when to warn; reminders are the rows that warn, each of them once."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.campaigns.models import Campaign
from apps.legislation.models import Milestone
from apps.notices.models import Channel, Delivery

ESCALATE_AFTER = 3


class WorkingDays(models.TextChoices):
    """Whether a reminder may fall on a day off, and whose bank holidays those are."""

    ANY = "", "Any day"
    ENGLAND_AND_WALES = "ENG", "Working days in England and Wales"
    SCOTLAND = "SCT", "Working days in Scotland"
    NORTHERN_IRELAND = "NIR", "Working days in Northern Ireland"


class Ladder(models.Model):
    """How a campaign warns; or a milestone, whose own ladder takes the place of its campaign's. The rungs are
    rules.

    With `working_days`, what would fall on a day off comes on the working day before. `escalate_after`: so
    many days after a reminder that nobody answered, the campaign's owners are told (empty: never).
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="ladders")
    milestone = models.OneToOneField(
        Milestone, on_delete=models.CASCADE, related_name="ladder", null=True, blank=True
    )
    working_days = models.CharField(max_length=3, choices=WorkingDays, default=WorkingDays.ANY, blank=True)
    escalate_after = models.PositiveSmallIntegerField(default=ESCALATE_AFTER, null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(milestone=None), name="one_ladder_per_campaign"
            ),
            models.CheckConstraint(
                condition=Q(working_days__in=WorkingDays.values), name="ladder_working_days_known"
            ),
            models.CheckConstraint(
                condition=Q(escalate_after=None) | Q(escalate_after__gte=1, escalate_after__lte=60),
                name="ladder_escalates_in_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Ladder of {self.milestone or self.campaign}"


class Rule(models.Model):
    """Why a person is warned. Mostly a rung: so many days before (below 0: after) a target's last day, at a
    local time; with `repeat_days` it comes again every so many days until the milestone is settled or moved.

    A rung is the campaign's, or a milestone's own, or with `person` somebody's own in that campaign. The
    other kinds stand once in each campaign, for what no rung causes.
    """

    class Kind(models.TextChoices):
        RUNG = "rung", "Days before or after"
        SNOOZE = "snooze", "Later, as asked"
        ESCALATION = "escalate", "Nobody answered"
        CHANGE = "change", "The date moved"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rules")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, related_name="rules", null=True, blank=True
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rules", null=True, blank=True
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.RUNG)
    days_before = models.SmallIntegerField(default=0)
    repeat_days = models.PositiveSmallIntegerField(null=True, blank=True)
    time = models.TimeField(default=time(9))
    active = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-days_before", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "days_before"],
                condition=Q(milestone=None, person=None, kind="rung"),
                name="rung_once_per_ladder",
            ),
            models.UniqueConstraint(
                fields=["campaign", "person", "days_before"],
                condition=Q(person__isnull=False),
                name="rung_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["campaign", "kind"], condition=~Q(kind="rung"), name="rule_of_a_kind_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="rung")
                | Q(kind__in=["snooze", "escalate", "change"], milestone=None, person=None, repeat_days=None),
                name="rule_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(milestone=None) | Q(person=None), name="rule_of_milestone_or_person"
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
        if self.kind != Rule.Kind.RUNG:
            return self.get_kind_display().lower()
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


class Wish(models.Model):
    """What one person wants otherwise than the ladder has it: nothing, or `earlier_days` sooner.

    Of one rule, of one milestone, or with neither of the whole campaign.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    muted = models.BooleanField(default=False)
    earlier_days = models.SmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "campaign"],
                condition=Q(milestone=None, rule=None),
                name="one_wish_per_campaign",
            ),
            models.UniqueConstraint(
                fields=["person", "milestone"],
                condition=Q(milestone__isnull=False),
                name="one_wish_per_milestone",
            ),
            models.UniqueConstraint(
                fields=["person", "rule"], condition=Q(rule__isnull=False), name="one_wish_per_rule"
            ),
            models.CheckConstraint(
                condition=Q(milestone=None) | Q(rule=None), name="wish_of_milestone_or_rule"
            ),
            models.CheckConstraint(
                condition=Q(earlier_days__gte=-60, earlier_days__lte=365), name="wish_shift_in_reason"
            ),
        ]

    def __str__(self) -> str:
        of = self.milestone or self.rule or self.campaign
        return f"{self.person}: {of} {'muted' if self.muted else f'{self.earlier_days} days earlier'}"


class Acknowledgement(models.Model):
    """That a person said “I have seen it” of a target date, or “later”: then `snoozed_until`."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="acknowledgements")
    target = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(snoozed_until=None) | Q(snoozed_until__gt=models.F("at")),
                name="snoozed_into_the_future",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} has seen {self.milestone}"


class Reminder(models.Model):
    """One warning to one person through one channel.

    Unique on (milestone, the target date's value, rule, occurrence, recipient, channel): the value and not
    the row's number, so that a date moved away and back never warns twice. `occurrence` counts a repeating
    rule's turns; of a snooze it is the acknowledgement, of a change the target date's row; else 0.

    `due_at` is when it should go, `try_at` when it is tried next. `token` and `lease_until` belong to the
    sender that claimed it. `doubts` counts the tries of which nobody knows the outcome. `said` is what it
    said, as it was sent.
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
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reminders", db_index=False)
    target = models.CharField(max_length=40)
    rule = models.ForeignKey(Rule, on_delete=models.RESTRICT, related_name="reminders")
    occurrence = models.PositiveBigIntegerField(default=0)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders", db_index=False
    )
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="reminders", db_index=False)
    due_at = models.DateTimeField()
    try_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    because = models.CharField(max_length=300, blank=True)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(default=0)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.SET_NULL, related_name="reminders", null=True, blank=True
    )
    said = models.TextField(blank=True)
    planned_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["state", "try_at", "id"], name="reminder_by_state_and_moment"),
            models.Index(fields=["channel", "state", "try_at"], name="reminder_by_channel"),
            models.Index(fields=["campaign", "due_at", "id"], name="reminder_in_campaign"),
            models.Index(fields=["campaign", "state", "due_at", "id"], name="reminder_in_ledger"),
            models.Index(fields=["recipient", "due_at", "id"], name="reminder_to_person"),
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
        indexes = [models.Index(fields=["milestone"], condition=Q(of__isnull=True), name="plan_stale")]

    def __str__(self) -> str:
        return f"{self.milestone} as of {self.of}"


class Tick(models.Model):
    """The one row that says when the scheduler last looked, so that silence can be seen.

    `number` counts its looks: a database that was put back from a copy counts less than the site remembers.
    `caught_up_at` is when a look last left no change unplanned: the next looks for those since then.
    `nightly_at` is when the last pass over every milestone began, and `nightly_reached` the milestone up to
    which it got (empty: it is done).
    """

    name = models.CharField(max_length=20, primary_key=True, default="reminders")
    number = models.PositiveBigIntegerField(default=0)
    looked_at = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)
    caught_up_at = models.DateTimeField(null=True)
    nightly_at = models.DateTimeField(null=True)
    nightly_reached = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.looked_at}"
