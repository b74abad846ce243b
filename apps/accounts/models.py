"""The person who signs in."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords

from apps.accounts.zones import DEFAULT_ZONE, validate_time_zone


class User(AbstractUser):
    """An account. What it may do in a campaign is its Membership there; is_superuser opens the admin only."""

    email = models.EmailField("e-mail address", unique=True)
    time_zone = models.CharField(
        max_length=64,
        default=DEFAULT_ZONE,
        validators=[validate_time_zone],
        help_text="Moments on the pages are shown in this zone.",
    )
    demo = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    def __str__(self) -> str:
        return self.name

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
