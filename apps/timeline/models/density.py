"""How many entries stand on which days, kept beside the entries so that a million can be counted at once."""

from django.db import models

from apps.campaigns.models import Campaign
from apps.timeline.models.entry import Kind


class Density(models.Model):
    """Entries of one kind filed under one stretch of days.

    `size` is the stretch's length in days (1, 32 or 1024), `block` its number: the ordinal of each of its
    days, divided by the size. `every` counts all of them; `team` those that readers of the campaign see, and
    `anyone` those of them that are marked public, each at the moment from which it is shown: embargoes that
    have not lifted are still in it, for nothing is written when they do.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    size = models.PositiveSmallIntegerField()
    block = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    every = models.IntegerField(default=0)
    team = models.IntegerField(default=0)
    anyone = models.IntegerField(default=0)

    class Meta:
        verbose_name_plural = "densities"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "size", "block", "kind"], name="density_once"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="density_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.every} from {self.block * self.size}, {self.size} days"
