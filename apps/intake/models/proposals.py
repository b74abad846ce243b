"""What came in and waits for a person: texts, proposals, and what was decided of each."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.campaigns.models import Campaign
from apps.health.models import BrokenPromise
from apps.sources.models import Snapshot, Source
from apps.timeline.models import Entry, Kind

BY_HAND = "by hand"
"""The rule of what a person marked in a text themselves."""
CLAIM_LASTS = timedelta(minutes=15)
"""How long whoever opened a proposal has it to themselves."""


class Article(models.Model):
    """A text that somebody handed in: the source it makes or adds to, and its words as they stood.

    `digest` is that of its words alone, whatever their spaces and capitals: the same article under another
    address has the same one. `author` is as the page names it.
    """

    class Way(models.TextChoices):
        PASTED = "pasted", "pasted"
        LINK = "link", "read from its address"
        FILE = "file", "read from a file"
        FEED = "feed", "found by a monitor"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=6, choices=Way)
    digest = models.CharField(max_length=64, editable=False)
    author = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["campaign", "digest"], name="article_of_these_words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["pasted", "link", "file", "feed"]), name="article_way_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.source)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self, *, at: datetime) -> "ProposalQuerySet":
        """Those a person may decide on. A drafted line is one while its quote and milestone are shown."""
        lines = BrokenPromise.objects.waiting(at=at).values("pk")
        return self.filter(Q(line=None) | Q(line__in=lines), state=Proposal.State.WAITING)

    def handed_in(self) -> "ProposalQuerySet":
        """Without those that whoever handed the text in has not sent, or has left out."""
        return self.exclude(state__in=[Proposal.State.UNSENT, Proposal.State.LEFT])

    def claimed(self, *, at: datetime) -> "ProposalQuerySet":
        return self.filter(claimed_until__gt=at)


class Proposal(models.Model):
    """Something that may become an entry, or change one: no entry, and on no page but the queue's and that of
    whoever sent it.

    `fields` are those of the form of its `kind`, as typed; `proposed` the same as they came, before whoever
    reviews wrote them anew. `start` and `end` are character offsets of its words in the article's snapshot. A
    suggested change is of `entry`, at the version it was made from, where
    `was` holds what stood. Whoever opens it has it to themselves until `claimed_until`. An important figure
    asks for a `second_pair` of eyes: see Reading.
    """

    class Sort(models.TextChoices):
        FOUND = "found", "found in a text"
        ENTRY = "entry", "a new entry"
        CHANGE = "change", "a suggested change"
        LINE = "line", "a drafted line"

    class State(models.TextChoices):
        UNSENT = "unsent", "Not sent yet"
        WAITING = "waiting", "Waiting for review"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Not accepted"
        LEFT = "left", "Left out"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    sort = models.CharField(max_length=6, choices=Sort)
    kind = models.CharField(max_length=10, choices=Kind)
    fields = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    was = models.JSONField(default=dict, blank=True)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="proposals"
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    check_said = models.CharField(max_length=20, blank=True)
    working = models.CharField(max_length=500, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    entry_version = models.PositiveIntegerField(null=True, blank=True)
    line = models.OneToOneField(
        BrokenPromise, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    second_pair = models.BooleanField(default=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["campaign", "state", "id"], name="proposal_queue"),
            models.Index(fields=["campaign", "proposed_by", "id"], name="proposal_of_sender"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="proposal_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["unsent", "waiting", "accepted", "rejected", "left"]),
                name="proposal_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(sort="found", article__isnull=False, entry=None, line=None)
                | Q(sort="entry", article=None, entry=None, line=None)
                | Q(sort="change", article=None, entry__isnull=False, entry_version__isnull=False, line=None)
                | Q(sort="line", article=None, entry=None, line__isnull=False),
                name="proposal_is_of_its_sort",
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None)
                | Q(article__isnull=False, start__isnull=False, end__isnull=False, start__lt=F("end")),
                name="proposal_offsets_are_in_an_article",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="proposal_claim_is_paired",
            ),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1),
                name="proposal_confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(second_pair=False) | Q(kind=Kind.STATISTIC),
                name="proposal_second_pair_is_for_figures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_sort_display()}"

    def is_claimed_from(self, user_id: int | None, at: datetime) -> bool:
        """Whether somebody else has it to themselves at this moment."""
        return self.claimed_until is not None and self.claimed_until > at and self.claimed_by_id != user_id

    def is_written(self) -> bool:
        """Whether a person wrote it, and no rule found it."""
        return self.sort in (self.Sort.ENTRY, self.Sort.CHANGE) or self.rule == BY_HAND

    @property
    def is_undecided(self) -> bool:
        return self.state in (self.State.UNSENT, self.State.WAITING)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def words(self) -> str:
        """What it is about in its article; empty where it stands in none. Reads the snapshot."""
        if self.article is None or self.start is None:
            return ""
        return self.article.snapshot.text[self.start : self.end]


class Decision(models.Model):
    """What was proposed, what was made of it, by whom, when and why. Never changed.

    `proposed` and `made` are fields of a form, as typed: what differs was edited on the way, and what `made`
    has alone was added. `entry` is the one that was written or changed.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Not accepted"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=8, choices=Outcome)
    proposed = models.JSONField(default=dict)
    made = models.JSONField(default=dict, blank=True)
    because = models.CharField(max_length=300, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | (Q(outcome="rejected", entry=None) & ~Q(because="")),
                name="decision_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.because}" if self.because else self.get_outcome_display()


class Reading(models.Model):
    """A figure as one person read it in the text, before they saw what another made of it. It may be put
    right until a second person has read it: from then on both are shown, and stand as they are."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="readings")
    figure = models.DecimalField(max_digits=20, decimal_places=4)
    typed = models.CharField(max_length=200)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "read_by"], name="one_reading_per_person"),
        ]

    def __str__(self) -> str:
        return self.typed


class Pair(models.Model):
    """Whether two people must read a figure, as somebody said at a moment: the newest row counts. Rows are
    never changed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="pairs")
    two = models.BooleanField()
    because = models.CharField(max_length=300, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(two=True) | ~Q(because=""), name="pair_ends_for_a_reason"),
        ]

    def __str__(self) -> str:
        if self.two:
            return "A second pair of eyes is asked for"
        return f"One pair of eyes is enough: {self.because}"


class Photo(models.Model):
    """A photograph that came with something proposed or logged: seen with its proposal, and with the entry it
    became. `stored` is its name among the kept files (evidence/files.py)."""

    stored = models.CharField(max_length=64, unique=True)
    proposal = models.OneToOneField(
        Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="photo"
    )
    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False) | Q(entry__isnull=False), name="photo_is_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"A photograph of {self.added_at:%Y-%m-%d}"


class Draft(models.Model):
    """What somebody has typed into a form and not sent: theirs alone, on whichever device they go on.

    `name` is the form's own; `typed` what differs from how it came, by the place and name of each field."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=100)
    typed = models.JSONField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-kept_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="draft_once"),
            models.CheckConstraint(condition=~Q(name=""), name="draft_is_of_a_form"),
        ]

    def __str__(self) -> str:
        return self.name
