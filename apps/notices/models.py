"""The outbox: every message as it was sent, or the reason it was not."""

from django.conf import settings
from django.db import models

from apps.campaigns.models import Campaign


class Channel(models.TextChoices):
    """The ways word can reach a person."""

    EMAIL = "email", "E-mail"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def readable_by(self, user: object, *, owned_campaign_ids: list[int]) -> "DeliveryQuerySet":
        """Messages to this person, and those of campaigns they own."""
        return self.filter(models.Q(recipient=user) | models.Q(campaign_id__in=owned_campaign_ids))


class Delivery(models.Model):
    """One message to one person through one channel. `message_id` is settled before the first try."""

    class State(models.TextChoices):
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries"
    )
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.SENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["recipient", "-id"]),
            models.Index(fields=["campaign", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="delivery_sent_when_it_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"
