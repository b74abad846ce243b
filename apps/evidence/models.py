"""What is counted and what was said: the details of an entry."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from apps.people.models import Post
from apps.sources.models import Snapshot
from apps.timeline.models import Entry


class Hedge(models.TextChoices):
    """How the source hedges its figure."""

    EXACTLY = "", "exactly"
    OVER = "over", "over"
    UNDER = "under", "under"
    ABOUT = "about", "about"


class Statistic(models.Model):
    """A figure for a measure over a period, as of the entry's date.

    `figure` and `baseline` are in `unit` ("offences", "%"); `stated_change` is the change from baseline to
    figure in per cent, as the source states it.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True)
    measure = models.CharField(max_length=200)
    figure = models.DecimalField(max_digits=20, decimal_places=4)
    hedge = models.CharField(max_length=6, choices=Hedge, blank=True, default="")
    unit = models.CharField(max_length=60, blank=True)
    population = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=40, blank=True)
    period_earliest = models.DateField(null=True, blank=True, editable=False)
    period_latest = models.DateField(null=True, blank=True, editable=False)
    next_release = models.CharField(max_length=40, blank=True)
    baseline = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    stated_change = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)

    history = HistoricalRecords()
    everything = models.Manager()  # ungated, as Entry.everything

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hedge__in=Hedge.values), name="statistic_hedge_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(stated_change=None) | ~models.Q(baseline=None),
                name="statistic_change_has_a_baseline",
            ),
            models.CheckConstraint(
                condition=models.Q(period_earliest=None)
                | models.Q(period_latest=None)
                | models.Q(period_earliest__lte=models.F("period_latest")),
                name="statistic_period_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.figure.normalize():f} {self.unit}".strip()


class Quote(models.Model):
    """Words somebody said or wrote, verbatim.

    `post` is the post the speaker held that day. `start` and `end` are character offsets of the words in the
    snapshot's text. A quote is shown beyond staff once it is cleared.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True)
    words = models.TextField(max_length=10_000)
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()
    everything = models.Manager()  # ungated, as Entry.everything

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(words=""), name="quote_has_words"),
            models.CheckConstraint(
                condition=models.Q(cleared_by=None, cleared_at=None)
                | models.Q(cleared_by__isnull=False, cleared_at__isnull=False),
                name="quote_clearance_is_paired",
            ),
            models.CheckConstraint(
                condition=models.Q(snapshot=None, start=None, end=None)
                | models.Q(
                    snapshot__isnull=False,
                    start__isnull=False,
                    end__isnull=False,
                    start__lt=models.F("end"),
                ),
                name="quote_offsets_are_in_a_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    def is_cleared(self) -> bool:
        return self.cleared_at is not None
