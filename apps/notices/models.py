"""The ways word reaches a person, and the outbox: every message as it was sent, or why it was not."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.campaigns.models import Campaign


class Kind(models.TextChoices):
    """The sorts of channels; `channels/` has a file for each."""

    INBOX = "inbox", "In the app"
    EMAIL = "email", "E-mail"
    WEBHOOK = "webhook", "Webhook"
    SERVICE = "service", "Chat or push service"


class Channel(models.Model):
    """One way word reaches one person.

    Everybody has an inbox and an e-mail channel (whose address is the account's); others are added. `secret`
    is a whole address, token and all, and `key` signs what a webhook is sent: neither is ever shown again,
    logged, exported or kept in history. A channel that refused for good is stopped, until a test message
    reaches it. One that is removed loses both, and stays as a name in the ledger of what was sent.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=60, blank=True, help_text="What you call it: “team Slack”.")
    secret = models.CharField(max_length=2000, blank=True, editable=False)
    key = models.CharField(max_length=100, blank=True, editable=False)
    active = models.BooleanField(default=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_because = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["user", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(kind__in=["inbox", "email"]),
                name="channel_one_inbox_and_one_email",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["inbox", "email"], secret="", removed_at=None)
                | (Q(kind__in=["webhook", "service"], removed_at=None) & ~Q(secret=""))
                | Q(kind__in=["webhook", "service"], removed_at__isnull=False, secret="", key=""),
                name="channel_has_the_address_it_needs",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()

    @property
    def works(self) -> bool:
        return self.active and self.stopped_at is None and self.removed_at is None

    @property
    def interrupts(self) -> bool:
        """Whether it rings somewhere, and so keeps quiet hours. The inbox waits; a webhook is a machine."""
        return self.kind in (Kind.EMAIL, Kind.SERVICE)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def readable_by(self, user: object, *, owned_campaign_ids: list[int]) -> "DeliveryQuerySet":
        """Messages to this person, and those that are of one campaign they own."""
        return self.filter(Q(recipient=user) | Q(campaign_id__in=owned_campaign_ids))

    def inbox_of(self, user: object) -> "DeliveryQuerySet":
        """What stands in this person's inbox."""
        return self.filter(recipient=user, kind=Kind.INBOX, state=Delivery.State.SENT)

    def unread(self) -> "DeliveryQuerySet":
        return self.filter(read_at=None)


class Delivery(models.Model):
    """One message to one person through one channel. `message_id` is settled before the first try.

    `campaign` is empty where the message speaks of several: then only its recipient may read it whole.
    """

    class State(models.TextChoices):
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="deliveries", null=True, blank=True
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries"
    )
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.EMAIL)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.SENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["recipient", "-id"]),
            models.Index(fields=["campaign", "-id"]),
            models.Index(
                fields=["recipient", "kind", "-id"],
                condition=Q(read_at__isnull=True),
                name="delivery_unread",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="delivery_sent_when_it_has_a_moment",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="delivery_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"


class Attempt(models.Model):
    """One try at a delivery, written down before it is made: `outcome` is empty while nobody knows it."""

    class Outcome(models.TextChoices):
        SENT = "sent", "Sent"
        PASSING = "passing", "To be tried again"
        REFUSED = "refused", "Refused"
        GONE = "gone", "Address refused"
        UNSURE = "unsure", "May have arrived"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=["sent", "passing", "refused", "gone", "unsure"]),
                name="attempt_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.get_outcome_display() or 'under way'}"
