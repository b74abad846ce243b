"""A campaign, the people on it, and invitations to join."""

import zoneinfo
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from apps.accounts.models import User
from apps.accounts.zones import DEFAULT_ZONE, validate_time_zone
from apps.campaigns.roles import Role


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def open_to(self, user: object) -> "CampaignQuerySet":
        """Campaigns this person is on, and public ones."""
        return (self.joined_by(user) | self.filter(is_public=True)).distinct()

    def joined_by(self, user: object) -> "CampaignQuerySet":
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        return self.filter(memberships__user=user)


class Campaign(models.Model):
    """One policy campaign: everything else belongs to exactly one, so nothing crosses between them."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(
        "address", max_length=60, unique=True, help_text="The end of the campaign’s web address."
    )
    summary = models.TextField(
        blank=True, max_length=1000, help_text="What the campaign asks for, and of whom."
    )
    time_zone = models.CharField(
        max_length=64,
        default=DEFAULT_ZONE,
        validators=[validate_time_zone],
        help_text="Deadlines and reminders are reckoned in this zone.",
    )
    is_public = models.BooleanField(
        "public",
        default=False,
        help_text="Anybody may read the entries marked public. Everything else stays with the team.",
    )
    embeddable = models.BooleanField(
        "on other sites",
        default=False,
        help_text="Other sites may show the public timeline in a frame. Only where the campaign is public.",
    )
    checks_live_pages = models.BooleanField(
        "look at the live pages of sources",
        default=True,
        help_text="Once a week, to see whether quotes still stand there and links still work.",
    )
    demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()

    history = HistoricalRecords()
    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="campaign_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self, at: datetime) -> date:
        """The calendar day in the campaign's zone at that moment."""
        return at.astimezone(self.zone).date()


class Membership(models.Model):
    """One person's place on one campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    reminded = models.BooleanField(
        default=False, help_text="Gets the reminders of every milestone, not only of their own."
    )
    joined_at = models.DateTimeField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["joined_at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="one_membership_per_person"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} of {self.campaign}"


class Invitation(models.Model):
    """A letter that lets its bearer join in one role, once, for a while. Only the token's hash is kept."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=12, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords(excluded_fields=["token_hash"])

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                "campaign",
                Lower("email"),
                condition=models.Q(accepted_at=None),
                name="one_open_invitation_per_address",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_acceptance_is_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} invited to {self.campaign}"

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and at < self.expires_at


class Feed(models.Model):
    """A secret address at which a calendar reads what one person may see: of one campaign or, without one, of
    all they are on. Only the token's hash is kept. `last_read_at` is written once an hour at most."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="feeds", null=True, blank=True
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords(excluded_fields=["token_hash", "last_read_at"])

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "campaign"],
                condition=models.Q(revoked_at=None),
                name="one_open_feed_per_campaign",
            ),
            models.UniqueConstraint(  # a campaign left empty differs from every other in the one above
                fields=["user"],
                condition=models.Q(revoked_at=None, campaign=None),
                name="one_open_feed_of_everything",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.user}, {self.campaign or 'all campaigns'}"
