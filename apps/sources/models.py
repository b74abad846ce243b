"""Where a fact comes from, and the text as it stood when somebody looked."""

import gzip
from typing import Any, NoReturn

from django.db import models
from simple_history.models import HistoricalRecords

from apps.campaigns.models import Campaign
from apps.words import fold


class Source(models.Model):
    """A publication: an article, a report, a debate, a letter. `folded` is its title and its publisher as
    search looks for them (apps/words).

    Web addresses are not unique, for a refusal would give away one that is hidden; the forms look among those
    the person may see.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sources")
    title = models.CharField(max_length=300)
    folded = models.TextField(editable=False)
    publisher = models.CharField(max_length=200, blank=True, help_text="Who published it.")
    url = models.URLField("web address", max_length=1000, blank=True)
    published = models.CharField(max_length=40, blank=True, help_text="When, as far as known.")
    published_day = models.DateField(null=True, blank=True, editable=False)
    note = models.TextField(blank=True, max_length=2000)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        ordering = [models.F("published_day").desc(nulls_last=True), "title", "id"]
        indexes = [models.Index(fields=["campaign", "title"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})" if self.publisher else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(f"{self.title} {self.publisher}")  # whoever saves it
        super().save(*args, **kwargs)


class SnapshotIsImmutable(TypeError):
    """A snapshot is evidence of what a text said; it is taken again, never changed."""


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def whole(self) -> "SnapshotQuerySet":
        """Without excerpts, which say nothing of what else their source holds."""
        return self.filter(excerpt=False)

    def update(self, **kwargs: Any) -> NoReturn:
        raise SnapshotIsImmutable(SnapshotIsImmutable.__doc__)


class Snapshot(models.Model):
    """The text of a source as it stood at a moment, or an `excerpt` of it. `sha256` is the hex digest of the
    text in UTF-8."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="snapshots")
    text = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    fetched = models.BooleanField(default=False, help_text="Read from the web by the site itself.")
    excerpt = models.BooleanField(default=False, help_text="A part of the text, not all of it.")

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sha256", "excerpt"], name="snapshot_text_once_per_source"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="snapshot_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.source} as of {self.taken_at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise SnapshotIsImmutable("Take a new snapshot: this one is evidence and stays as it is.")
        super().save(*args, **kwargs)


class Original(models.Model):
    """The page that a snapshot's text was taken out of, byte for byte as its server handed it over at
    `came_at`.

    `packed` is that in gzip; `size` and `sha256` are of the bytes as they came. Kept apart from its snapshot,
    which is read far more often. It may hold anything, and is handed out only as a file.
    """

    class Kind(models.TextChoices):
        HTML = "html", "web page"
        TEXT = "txt", "plain text"
        PDF = "pdf", "PDF"

    snapshot = models.OneToOneField(
        Snapshot, on_delete=models.CASCADE, primary_key=True, related_name="original"
    )
    kind = models.CharField(max_length=4, choices=Kind)
    packed = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, editable=False)
    came_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["html", "txt", "pdf"]), name="original_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.came_at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise SnapshotIsImmutable("An original is evidence and stays as it is.")
        super().save(*args, **kwargs)

    @property
    def content(self) -> bytes:
        return gzip.decompress(bytes(self.packed))


class LivePage(models.Model):
    """How the web page of a source stood when the site last looked. Has no history.

    `said` is a sentence on what came back. A page that fails is tried again before it counts as dead: from
    `failing_since` it does not answer, since `dead_since` that is confirmed, and `told_at` is when the
    campaign was told. `try_at` is when it is looked at next, while somebody looks, when they must be done.
    """

    source = models.OneToOneField(
        Source, on_delete=models.CASCADE, primary_key=True, related_name="live_page"
    )
    host = models.CharField(max_length=253)
    try_at = models.DateTimeField(db_index=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=300, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    dead_since = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dead_since=None) | models.Q(failing_since__isnull=False),
                name="live_page_fails_before_it_is_dead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} at {self.host}"


class Host(models.Model):
    """A web server that sources stand on. One request at a time: whoever looks takes it by moving `free_from`
    into the future, and gives it back at the moment from which the next request is polite."""

    name = models.CharField(max_length=253, primary_key=True)
    free_from = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
