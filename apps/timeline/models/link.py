"""Link: how one entry bears on another."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from apps.timeline.models.entry import Entry


class Relation(models.TextChoices):
    """Read from the first entry to the second: "this quote *promises* that milestone"."""

    SUPPORTS = "supports", "supports"
    CONTRADICTS = "contradicts", "contradicts"
    RESPONDS_TO = "responds_to", "responds to"
    PROMISES = "promises", "promises"
    UPDATES = "updates", "updates"

    @property
    def backwards(self) -> str:
        """The relation read from the second entry to the first."""
        return BACKWARDS[self]


BACKWARDS = {
    Relation.SUPPORTS: "supported by",
    Relation.CONTRADICTS: "contradicted by",
    Relation.RESPONDS_TO: "answered by",
    Relation.PROMISES: "promised in",
    Relation.UPDATES: "updated by",
}


class Link(models.Model):
    """One relation between two entries of the same campaign (the action that makes it holds them to that)."""

    from_entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="links_out")
    to_entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="links_in")
    relation = models.CharField(max_length=12, choices=Relation)
    note = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["from_entry", "to_entry", "relation"], name="link_once"),
            models.CheckConstraint(
                condition=~models.Q(from_entry=models.F("to_entry")), name="link_joins_two_entries"
            ),
            models.CheckConstraint(
                condition=models.Q(relation__in=Relation.values), name="link_relation_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_entry} {self.get_relation_display()} {self.to_entry}"
