"""Saved searches over feeds, the feeds, and what was found in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.campaigns.models import Campaign
from apps.intake.models.proposals import Article, Proposal


class Monitor(models.Model):
    """A saved search: the articles, deadlines and contributions of some feeds in which these words stand go
    into the review queue, `most_a_day` at most. Without words, all of them do.

    What a volunteer proposes waits until somebody approves it, and is not looked at before.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for approval"
        ON = "on", "Looking"
        PAUSED = "paused", "Paused"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="monitors")
    name = models.CharField(max_length=80)
    words = models.CharField(max_length=300, blank=True)
    most_a_day = models.PositiveSmallIntegerField(default=10)
    state = models.CharField(max_length=7, choices=State, default=State.ON)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="monitor_has_a_name"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "on", "paused"]), name="monitor_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(most_a_day__gte=1, most_a_day__lte=50), name="monitor_cap_is_in_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MonitorFeed(models.Model):
    """One address that a monitor looks at, and how that goes. Has no history.

    `said` is why the last look failed, "" where it did not; `failing_since` when that began. `etag` and
    `modified` are what the server wants to hear to answer that nothing is new.
    """

    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="feeds")
    url = models.URLField(max_length=1000)
    title = models.CharField(max_length=200, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    try_at = models.DateTimeField(db_index=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["monitor", "url"], name="feed_once_per_monitor"),
            models.CheckConstraint(condition=~Q(url=""), name="feed_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class Hit(models.Model):
    """Something that a monitor found. Has no history.

    `key` is the feed's own name of it, hashed; `day` an ISO date where it is a deadline, `speaker` and `role`
    where it is something said, and `text` what the feed itself says. It waits for its turn, is brought into
    the queue (`article`, or `proposal` where it is a deadline), is here already, or could not be read: `said`
    says why. `told_at` is when the digest told of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for its turn"
        BROUGHT = "brought", "In the queue"
        KNOWN = "known", "Here already"
        FAILED = "failed", "Could not be read"

    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="hits", db_index=False)
    feed = models.ForeignKey(MonitorFeed, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64)
    url = models.CharField(max_length=1000, blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    day = models.CharField(max_length=10, blank=True)
    speaker = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    said = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    brought_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["monitor", "state", "-id"], name="hit_of_monitor")]
        constraints = [
            models.UniqueConstraint(fields=["monitor", "key"], name="hit_once_per_monitor"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "brought", "known", "failed"]), name="hit_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="brought") | Q(brought_at__isnull=False), name="hit_brought_at_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.title
