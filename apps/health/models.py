"""What waits for a person's judgement: lines drafted of broken promises, and findings that were muted."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from apps.campaigns.models import Campaign
from apps.evidence.models import Quote
from apps.legislation.models import Milestone
from apps.timeline.models import Entry, Link, Relation, State, Visibility


def shown(entry: str, at: datetime) -> Q:
    """That the entry at that end is one ordinary readers of the campaign see at this moment."""
    return (
        Q(**{f"{entry}__state": State.PUBLISHED, f"{entry}__shown_from__lte": at})
        & (Q(**{f"{entry}__shown_until": None}) | Q(**{f"{entry}__shown_until__gt": at}))
        & ~Q(**{f"{entry}__visibility": Visibility.STAFF})
    )


class BrokenPromiseQuerySet(models.QuerySet["BrokenPromise"]):
    def waiting(self, *, at: datetime) -> "BrokenPromiseQuerySet":
        """Those a person may decide on: nobody has, and quote, milestone and the link between them are still
        there for readers to see."""
        links = Link.objects.filter(
            from_entry=OuterRef("quote"), to_entry=OuterRef("milestone"), relation=Relation.PROMISES
        )
        seen = shown("quote__entry", at) & shown("milestone__entry", at)
        return self.filter(Exists(links), seen, state=BrokenPromise.State.WAITING)


class BrokenPromise(models.Model):
    """A line drafted when the date that a quote promised had passed and its milestone was not met.

    Its parts are kept; its words, and the days it is late by, are made when it is shown. It is no entry: a
    person takes it, and it becomes an update (`entry`), or dismisses it and says why. `target` is the date
    promised, as the ledger has it; `due` the last day on which it was kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a person"
        TAKEN = "taken", "Taken: an update on the timeline"
        DISMISSED = "dismissed", "Dismissed"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="+", db_index=False)
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=40)
    due = models.DateField()
    drafted_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=300, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = BrokenPromiseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["campaign", "state", "id"], name="broken_promise_queue")]
        constraints = [
            models.UniqueConstraint(fields=["quote", "milestone", "target"], name="broken_promise_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, because="", entry=None)
                | Q(state="taken", decided_at__isnull=False, because="")
                | (Q(state="dismissed", decided_at__isnull=False, entry=None) & ~Q(because="")),
                name="broken_promise_decision_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.get_state_display().lower()}"


class MuteQuerySet(models.QuerySet["Mute"]):
    def standing(self) -> "MuteQuerySet":
        return self.filter(ended_at=None)


class Mute(models.Model):
    """That a finding is known and stands, and why: it is not counted while its facts stay as they were.

    `finding` is the sort of finding and `subject` what it is about ("entry 12"); `facts` is a digest of what
    it rests on; `said` keeps its words for the list of what is muted. Rows end; else none is ever changed.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    finding = models.CharField(max_length=30)
    subject = models.CharField(max_length=40)
    facts = models.CharField(max_length=64)
    said = models.TextField(max_length=2000)
    reason = models.CharField(max_length=300)
    muted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    muted_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MuteQuerySet.as_manager()

    class Meta:
        ordering = [F("muted_at").desc(), "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "finding", "subject"],
                condition=Q(ended_at=None),
                name="one_standing_mute_per_finding",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="mute_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.finding} of {self.subject}: {self.reason}"
