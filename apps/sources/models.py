"""Where a fact comes from, and the text as it stood when somebody looked."""

from typing import Any, NoReturn

from django.db import models
from simple_history.models import HistoricalRecords

from apps.campaigns.models import Campaign


class Source(models.Model):
    """A publication: an article, a report, a debate, a letter.

    Web addresses are not unique, for a refusal would give away one that is hidden; the forms look among those
    the person may see.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sources")
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200, blank=True, help_text="Who published it.")
    url = models.URLField("web address", max_length=1000, blank=True)
    published = models.CharField(max_length=40, blank=True, help_text="When, as far as known.")
    published_day = models.DateField(null=True, blank=True, editable=False)
    note = models.TextField(blank=True, max_length=2000)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    history = HistoricalRecords()

    class Meta:
        ordering = [models.F("published_day").desc(nulls_last=True), "title", "id"]
        indexes = [models.Index(fields=["campaign", "title"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})" if self.publisher else self.title


class SnapshotIsImmutable(TypeError):
    """A snapshot is evidence of what a text said; it is taken again, never changed."""


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise SnapshotIsImmutable(SnapshotIsImmutable.__doc__)


class Snapshot(models.Model):
    """The text of a source as it stood at a moment. `sha256` is the hex digest of the text in UTF-8."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="snapshots")
    text = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="snapshot_text_once_per_source"),
            models.CheckConstraint(condition=~models.Q(text=""), name="snapshot_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.source} as of {self.taken_at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise SnapshotIsImmutable("Take a new snapshot: this one is evidence and stays as it is.")
        super().save(*args, **kwargs)
