"""Use: that an entry's words left the site, by whose hand, and where they went."""

from django.conf import settings
from django.db import models

from apps.timeline.models.entry import Entry


class Way(models.TextChoices):
    COPIED = "copied", "copied"
    EXPORTED = "exported", "exported"


class Use(models.Model):
    """One copy or export of an entry. Rows are added and never changed: when a quote is withdrawn or a figure
    superseded, they say who has it and must be told.

    `form` is what it left as ("Markdown", "Word"); `where` and `address` name what it went into, such as a
    version of a press pack or an update of ours, and that page's path, as text: a use outlives it.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="uses", db_index=False)
    way = models.CharField(max_length=8, choices=Way)
    form = models.CharField(max_length=40)
    where = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["-used_at", "-id"]
        indexes = [models.Index(fields=["entry", "-used_at", "-id"], name="use_of_entry")]
        constraints = [
            models.CheckConstraint(condition=models.Q(way__in=Way.values), name="use_way_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.way} as {self.form}"
