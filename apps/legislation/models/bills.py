"""Bills that a campaign follows, what a provider says of them, and how that maps to milestones."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from simple_history.models import HistoricalRecords

from apps.campaigns.models import Campaign
from apps.legislation.models.milestones import Milestone, Outcome, TargetDate
from apps.people.models import Organisation, Person
from apps.sources.models import Source
from apps.timeline.models import Visibility

_AS_AN_ACT = re.compile(r" Act [0-9]{4}$")


class Standing(models.TextChoices):
    """How a bill stands with its parliament."""

    OPEN = "open", "Before Parliament"
    LAW = "law", "Law"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DEFEATED = "defeated", "Defeated"
    FELL = "fell", "Fell with its session"


class Following(models.TextChoices):
    """Whether the site looks at it."""

    WAITING = "waiting", "Waiting for approval"
    FOLLOWED = "followed", "Followed"
    STOPPED = "stopped", "No longer followed"


class Bill(models.Model):
    """A bill of some parliament, or a consultation, followed by one campaign. `external_id` is the
    provider's, and what it is known by: titles collide and change.

    `promise` is a milestone of the campaign's own that is met once the bill is law: what was promised, so
    that how late it is can be told. `updated_at` is when the provider last changed anything.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="bills")
    provider = models.CharField(max_length=20)
    external_id = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    address = models.URLField(max_length=400, blank=True)
    standing = models.CharField(max_length=9, choices=Standing, default=Standing.OPEN)
    stage = models.CharField(max_length=150, blank=True)
    where = models.CharField(max_length=40, blank=True)
    session = models.CharField(max_length=60, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    source = models.ForeignKey(Source, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    promise = models.ForeignKey(
        Milestone, on_delete=models.SET_NULL, null=True, blank=True, related_name="promised_of"
    )
    visibility = models.CharField(max_length=6, choices=Visibility, default=Visibility.TEAM)
    following = models.CharField(max_length=8, choices=Following, default=Following.FOLLOWED)
    followed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    followed_at = models.DateTimeField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "provider", "external_id"], name="bill_once_per_campaign"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(external_id=""), name="bill_is_some_bill"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="bill_standing_is_known"),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="bill_visibility_is_known"
            ),
            models.CheckConstraint(
                condition=Q(following__in=Following.values), name="bill_following_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """What it is called on its way: without the mark of where it began; a bill though it is law now."""
        return _AS_AN_ACT.sub(" Bill", self.title.removesuffix(" [HL]"))

    def is_followed(self) -> bool:
        return self.following == Following.FOLLOWED


class BillLook(models.Model):
    """How the looking at a bill goes. Has no history.

    `token` is the provider's mark of the state that was last read whole. `looked_at` is when the provider was
    last heard of it, `read_at` when it was last read. `said` are sentences: what the last reading could not
    do; `changed` what the last one that changed anything did, at `changed_at`. `asked_at` is set while
    somebody waits for a look they asked for, which is then at step `done` of LOOK_STEPS.
    """

    bill = models.OneToOneField(Bill, on_delete=models.CASCADE, primary_key=True, related_name="look")
    token = models.CharField(max_length=100, blank=True)
    try_at = models.DateTimeField(db_index=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    said = models.JSONField(default=list, blank=True)
    changed = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"Looking at {self.bill}"


class StepState(models.TextChoices):
    """How a day of a stage stands; a stage without any day is unscheduled."""

    UNSCHEDULED = "unscheduled", "No day yet"
    SCHEDULED = "scheduled", "Scheduled"
    HAPPENED = "happened", "Happened"
    CANCELLED = "cancelled", "Cancelled"


class Step(models.Model):
    """What the provider lists of a bill: a day of a stage, or a stage without one; and its milestone.

    `day` and `state` are the provider's; `starts` is from when on the clock there, and `called_off` the day
    that Parliament's calendar calls off, where it is told of apart from the bill. `held` is the day it
    happened on where that is another than its day; `waits` says that it has not happened merely because its
    day is over. `target` and `ended` are what was last written into the milestone (the ledger's row, and the
    outcome): where the milestone stands otherwise, a person decided so. `gone_at` is since when the provider
    no longer lists it.
    """

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="steps")
    external_id = models.CharField(max_length=60)
    stage = models.CharField(max_length=150)
    where = models.CharField(max_length=40, blank=True)
    order = models.IntegerField(default=0)
    day = models.DateField(null=True, blank=True)
    starts = models.TimeField(null=True, blank=True)
    called_off = models.DateField(null=True, blank=True)
    held = models.DateField(null=True, blank=True)
    waits = models.BooleanField(default=False)
    state = models.CharField(max_length=11, choices=StepState)
    is_law = models.BooleanField(default=False, help_text="With it the bill is law.")
    address = models.URLField(max_length=400, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    made = models.BooleanField(default=False, help_text="A milestone was made of it, once.")
    milestone = models.OneToOneField(
        Milestone, on_delete=models.SET_NULL, null=True, blank=True, related_name="step"
    )
    target = models.ForeignKey(TargetDate, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ended = models.CharField(max_length=8, choices=Outcome, default=Outcome.UPCOMING)

    class Meta:
        ordering = [models.F("day").asc(nulls_last=True), "order", "id"]
        indexes = [
            models.Index(
                fields=["day"], condition=Q(state="scheduled", gone_at__isnull=True), name="step_scheduled"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["bill", "external_id"], name="step_once_per_bill"),
            models.CheckConstraint(condition=Q(state__in=StepState.values), name="step_state_is_known"),
            models.CheckConstraint(condition=Q(ended__in=Outcome.values), name="step_end_is_known"),
            models.CheckConstraint(
                condition=Q(state=StepState.UNSCHEDULED) | Q(day__isnull=False), name="step_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage}, {self.where}" if self.where else self.stage


class DateConflictQuerySet(models.QuerySet["DateConflict"]):
    def to_settle(self) -> "DateConflictQuerySet":
        """Those that wait, without what a person has since brought to what the provider says."""
        same_day = Q(step__milestone__entry__date=Cast("theirs", models.CharField()))
        ended = {StepState.SCHEDULED: Outcome.UPCOMING, StepState.HAPPENED: Outcome.MET}
        agreed = Q(state=StepState.CANCELLED, step__milestone__outcome=Outcome.DROPPED)
        for state, outcome in ended.items():
            agreed |= Q(same_day, state=state, step__milestone__outcome=outcome)
        return self.filter(took=DateConflict.Took.OPEN).exclude(agreed)


class DateConflict(models.Model):
    """A provider says otherwise than a person did. It waits for a person; the milestone stays as it is.

    `theirs` is the provider's day, and `state` what it says of it; `ours` is the target as it stood (EDTF).
    """

    class Took(models.TextChoices):
        OPEN = "", "Open"
        THEIRS = "theirs", "The provider’s was taken"
        OURS = "ours", "Ours was kept"
        AGREED = "agreed", "Both came to say the same"

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="conflicts")
    theirs = models.DateField()
    state = models.CharField(max_length=11, choices=StepState)
    ours = models.CharField(max_length=40)
    noticed_at = models.DateTimeField()
    took = models.CharField(max_length=6, choices=Took, default=Took.OPEN, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DateConflictQuerySet.as_manager()

    class Meta:
        ordering = ["-noticed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["step"], condition=Q(took=""), name="one_open_conflict_per_step"),
            models.CheckConstraint(
                condition=Q(took="", settled_at=None)
                | Q(took__in=["theirs", "ours", "agreed"], settled_at__isnull=False),
                name="conflict_settled_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["scheduled", "happened", "cancelled"]), name="conflict_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.theirs} against {self.ours}"


class BillSponsor(models.Model):
    """Who brought a bill in, by the provider's id of the person."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="sponsors")
    external_id = models.CharField(max_length=60)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "external_id"], name="sponsor_once_per_bill"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False),
                name="sponsor_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.organisation)


class ProviderLook(models.Model):
    """How a provider stood when it was last asked, whatever bill it was about. Has no history.

    `said` is why it could not be asked, "" where it could; until `try_at` it is left alone."""

    provider = models.CharField(max_length=20, primary_key=True)
    try_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    said = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.provider
