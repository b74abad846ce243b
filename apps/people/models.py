"""Persons, organisations, and the posts persons held in them."""

from datetime import date
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from apps.campaigns.models import Campaign
from apps.words import fold


class Organisation(models.Model):
    """A body that says, counts or must do something: a charity, a department, a police force.

    `folded` is the name as search looks for it (apps/words).

    Names are not unique, for a refusal would give away one that is hidden; the forms look among those the
    person may see.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="organisations")
    name = models.CharField(max_length=200)
    folded = models.TextField(editable=False)
    url = models.URLField("web address", max_length=1000, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["campaign", "name"])]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.name)  # whoever saves it: a name that stands here is found
        super().save(*args, **kwargs)


class Person(models.Model):
    """Somebody quoted, responsible or otherwise concerned. Two may share a name, so names are not unique.
    `folded` is the name as search looks for it (apps/words)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="persons")
    name = models.CharField(max_length=200)
    folded = models.TextField(editable=False)
    url = models.URLField("web address", max_length=1000, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["campaign", "name"])]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.name)  # whoever saves it: a name that stands here is found
        super().save(*args, **kwargs)


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, day: date | models.OuterRef) -> "PostQuerySet":
        """Posts held on that day; one whose start or end is unknown counts as held."""
        started = models.Q(from_day=None) | models.Q(from_day__lte=day)
        not_over = models.Q(to_day=None) | models.Q(to_day__gte=day)
        return self.filter(started & not_over)


class Post(models.Model):
    """A role a person held in an organisation, from–to: partial dates as written, outer days derived."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="posts", null=True, blank=True
    )
    role = models.CharField(max_length=200, help_text="As printed: “Head of Child Safety Online Policy”.")
    held_from = models.CharField(max_length=40, blank=True)
    held_to = models.CharField(max_length=40, blank=True)
    from_day = models.DateField(null=True, blank=True, editable=False)
    to_day = models.DateField(null=True, blank=True, editable=False)

    history = HistoricalRecords()
    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = [models.F("from_day").desc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_day=None)
                | models.Q(to_day=None)
                | models.Q(from_day__lte=models.F("to_day")),
                name="post_ends_after_it_starts",
            ),
        ]

    def is_held_on(self, day: date) -> bool:
        """As `held_on` has it."""
        return (self.from_day is None or self.from_day <= day) and (self.to_day is None or self.to_day >= day)

    def __str__(self) -> str:
        return f"{self.role}, {self.organisation}" if self.organisation_id else self.role
