"""The person who signs in."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords

from apps.accounts.zones import DEFAULT_ZONE, validate_time_zone


class Digest(models.TextChoices):
    """How often word may reach a person: each time, or gathered."""

    INSTANT = "instant", "Each as it falls due"
    DAILY = "daily", "Once a day, gathered"
    WEEKLY = "weekly", "Once a week, on Monday, gathered"


class User(AbstractUser):
    """An account. What it may do in a campaign is its Membership there; is_superuser opens the admin only.

    `quiet_from` to `quiet_until` (in the person's zone, both or neither; it may span midnight) nothing rings.
    """

    email = models.EmailField("e-mail address", unique=True)
    time_zone = models.CharField(
        max_length=64,
        default=DEFAULT_ZONE,
        validators=[validate_time_zone],
        help_text="Moments on the pages are shown in this zone.",
    )
    digest = models.CharField(max_length=7, choices=Digest, default=Digest.INSTANT)
    digest_at = models.TimeField(default=time(8), help_text="When a gathered message comes.")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    letter_keys = models.BooleanField(
        default=True,
        help_text="Whether / goes to the search box, and ? lists the keys.",
    )
    demo = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="user_quiet_hours_are_paired",
            ),
            models.CheckConstraint(condition=models.Q(digest__in=Digest.values), name="user_digest_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def name(self) -> str:
        """The name others see: the full name where there is one."""
        return self.get_full_name() or self.get_username()

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        # One spelling of an address, whatever form it came in by, or "unique" would not mean one person.
        self.email = self.email.lower()
        super().save(*args, **kwargs)
