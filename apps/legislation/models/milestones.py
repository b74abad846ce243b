"""Milestones and the append-only record of their target dates, and when Parliament does not sit."""

from collections import defaultdict
from datetime import date
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.sources.models import Source
from apps.timeline.models import Entry


class Outcome(models.TextChoices):
    """How a milestone ended, or that it has not. Overdue is derived, not an outcome."""

    UPCOMING = "upcoming", "Upcoming"
    MET = "met", "Met"
    MISSED = "missed", "Missed"
    DROPPED = "dropped", "Dropped"
    FELL = "fell", "Fell with the bill"


class Milestone(models.Model):
    """Something that must happen by a target date.

    `first_latest` and `moves` are derived from the target dates by the actions that write them: the last day
    of the first target, and how often it moved. The slip stands in the entry, where boards sort by it.
    `settled_on` is the day it was met or otherwise ended, `settled_at` the moment that was recorded.
    `changed_at` is when anything a reminder depends on last changed; the planner compares against it.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who on the team watches it, and is reminded first.",
    )
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.UPCOMING)
    settled_on = models.DateField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_because = models.CharField(max_length=300, blank=True)
    settled_source = models.ForeignKey(
        Source, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    first_latest = models.DateField(editable=False)
    moves = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(editable=False, db_index=True)

    history = HistoricalRecords()
    everything = models.Manager()  # ungated, as Entry.everything

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="milestone_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.UPCOMING, settled_on=None, settled_at=None)
                | (~Q(outcome=Outcome.UPCOMING) & Q(settled_on__isnull=False, settled_at__isnull=False)),
                name="milestone_settled_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.entry.headline

    @property
    def slip_days(self) -> int:
        """newest.latest − first.latest, in days."""
        return self.entry.slip_days or 0

    def is_open(self) -> bool:
        return self.outcome == Outcome.UPCOMING

    def late_days(self, today: date) -> int:
        """Days past the first promised date: at the day it was met, or today while it is not. Never below 0
        for one still upcoming: before its first date it is simply not late."""
        if self.outcome == Outcome.MET and self.settled_on:
            return (self.settled_on - self.first_latest).days
        return max(0, (today - self.first_latest).days) if self.is_open() else 0


class LedgerIsAppendOnly(TypeError):
    """A target date is a fact about what was said and when; a new one is added, none is changed."""


class TargetDateQuerySet(models.QuerySet["TargetDate"]):
    """Rows go only with their milestone: a cascade does not ask here."""

    def by_milestone(self) -> dict[int, list["TargetDate"]]:
        """The rows of each milestone, oldest first; none for a milestone that has none among these."""
        ledgers: dict[int, list[TargetDate]] = defaultdict(list)
        for target in self.order_by("recorded_at", "id"):
            ledgers[target.milestone_id].append(target)
        return ledgers

    def update(self, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly(LedgerIsAppendOnly.__doc__)

    def delete(self) -> NoReturn:
        raise LedgerIsAppendOnly(LedgerIsAppendOnly.__doc__)

    def bulk_create(self, objs: Any, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> Any:
        if update_conflicts:
            raise LedgerIsAppendOnly(LedgerIsAppendOnly.__doc__)
        return super().bulk_create(objs, *args, **kwargs)


class TargetDate(models.Model):
    """One row of the ledger: the target, why, the source that says so, who recorded it, when.

    The newest row is the current target. A `correction` replaces the row before it in all reckoning (a typo
    put right, a move undone) and counts neither as a move nor as a slip. `follows`: nobody chose the date, it
    was counted from that milestone.
    """

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="targets")
    date = models.CharField(max_length=40)
    earliest = models.DateField(null=True, blank=True, editable=False)
    latest = models.DateField(editable=False)
    reason = models.CharField(max_length=500)
    source = models.ForeignKey(Source, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    correction = models.BooleanField(default=False)
    follows = models.ForeignKey(
        Milestone, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = TargetDateQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["milestone", "recorded_at", "id"], name="target_ledger")]
        constraints = [
            models.CheckConstraint(
                condition=Q(earliest=None) | Q(earliest__lte=models.F("latest")),
                name="target_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.date

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerIsAppendOnly(LedgerIsAppendOnly.__doc__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly(LedgerIsAppendOnly.__doc__)


class Chamber(models.TextChoices):
    COMMONS = "commons", "House of Commons"
    LORDS = "lords", "House of Lords"
    BOTH = "both", "Parliament"


class Break(models.TextChoices):
    """Why a chamber does not sit. Between sessions and Parliaments, what has not passed may fall."""

    RECESS = "recess", "recess"
    PROROGATION = "prorogation", "prorogation"
    DISSOLUTION = "dissolution", "dissolution"


class SittingBreak(models.Model):
    """Days on which a chamber does not sit, `first` and `last` among them. A public fact, of no campaign.

    `external_id` is Parliament's where it came from there; such a row follows what Parliament says, until a
    person changes it."""

    chamber = models.CharField(max_length=7, choices=Chamber)
    sort = models.CharField(max_length=11, choices=Break)
    name = models.CharField(max_length=100)
    first = models.DateField("first day", db_index=True)
    last = models.DateField("last day")
    source = models.URLField(max_length=300, help_text="Where it says so.")
    external_id = models.CharField(max_length=70, blank=True, default="", editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["first", "chamber", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="break_once_of_parliaments"
            ),
            models.UniqueConstraint(fields=["chamber", "sort", "first"], name="break_once"),
            models.CheckConstraint(
                condition=Q(last__gte=models.F("first")), name="break_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(chamber__in=Chamber.values), name="break_chamber_is_known"),
            models.CheckConstraint(condition=Q(sort__in=Break.values), name="break_sort_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="break_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_chamber_display()}"
