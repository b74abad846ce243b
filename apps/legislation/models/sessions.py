"""What became of a bill that was open when a session of its parliament ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.legislation.models.bills import Bill


class SessionEnd(models.Model):
    """A person said what became of a bill at the end of a session. `ended_on` is the first day on which its
    parliament did not sit; `because` is what every milestone says that fell with it."""

    class Took(models.TextChoices):
        FELL = "fell", "It fell"
        CARRIED = "carried", "It was carried over"

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="session_ends")
    ended_on = models.DateField()
    took = models.CharField(max_length=7, choices=Took)
    because = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["-ended_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "ended_on"], name="session_ends_once_for_a_bill"),
            models.CheckConstraint(condition=Q(took__in=["fell", "carried"]), name="session_end_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.bill}: {self.get_took_display()}"
