"""Press packs: entries picked, ordered and commented for somebody outside, and what left the site when."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.campaigns.models import Campaign
from apps.timeline.models import Entry


class PressPack(models.Model):
    """What is to be handed over, as it is being put together.

    `as_of` is the day whose knowledge it tells; empty: what is known when it is exported. `query` is a saved
    filter, the query of the timeline's own address: the entries it finds when the pack is opened follow those
    that were picked. `revision` counts the changes, so that the second of two editors is told.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="packs")
    title = models.CharField(max_length=200)
    introduction = models.TextField(blank=True, max_length=10_000)
    as_of = models.DateField("as of", null=True, blank=True)
    query = models.CharField("saved filter", max_length=2_000, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [models.Index(fields=["campaign", "-changed_at", "-id"], name="pack_newest")]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="pack_has_a_title")]

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """One thing in a pack: an entry with what is written beside it, or a note that stands by itself.

    Items stand in the order of `place`, those of the same place in that of their ids.
    """

    pack = models.ForeignKey(PressPack, on_delete=models.CASCADE, related_name="items", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    text = models.TextField("note", blank=True, max_length=5_000)
    place = models.PositiveIntegerField()

    class Meta:
        ordering = ["place", "id"]
        indexes = [models.Index(fields=["pack", "place", "id"], name="pack_order")]
        constraints = [
            models.UniqueConstraint(fields=["pack", "entry"], name="entry_once_per_pack"),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | ~Q(text=""), name="item_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.pack}"


class VersionIsKept(TypeError):
    """A version is what somebody was given; another is made, none is changed."""


class KeptQuerySet(models.QuerySet[Any]):
    """Rows go only with their pack: a cascade does not ask here."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise VersionIsKept(VersionIsKept.__doc__)

    def delete(self) -> NoReturn:
        raise VersionIsKept(VersionIsKept.__doc__)


class Version(models.Model):
    """What a pack held when it was exported, as data: see `content.Content`.

    It is numbered from 1 within its pack. `digest` is of the content, so that an export of the same content
    makes no new version. `by_name` outlives the account of whoever made it. Whoever opens a version sees what
    may still be seen: the content is read through the gate each time.
    """

    pack = models.ForeignKey(PressPack, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="version_number_once_per_pack"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_numbers_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.pack}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise VersionIsKept(VersionIsKept.__doc__)
        super().save(*args, **kwargs)


class Form(models.TextChoices):
    """What a version can be exported as."""

    WORD = "docx", "Word"
    PDF = "pdf", "PDF"
    PRINT = "print", "Print page"
    MARKDOWN = "md", "Markdown"
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"
    ODS = "ods", "OpenDocument"


class Export(models.Model):
    """That a version left the site, as what, by whose hand. Rows are added and never changed."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="exports")
    form = models.CharField(max_length=5, choices=Form)
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    exported_at = models.DateTimeField()

    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["-exported_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(form__in=Form.values), name="export_form_is_known")]

    def __str__(self) -> str:
        return f"{self.version} as {self.get_form_display()}"
