"""Entry: the one table of the timeline, and the one gate to it.

Statistic, Quote and Milestone keep their own facts in a detail row that shares the entry's primary key; an
Update is an Entry alone. What the timeline, search, feeds and access need is here, so that a window of time
is one indexed range scan at any size.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import SEE_HIDDEN_ROLES
from apps.people.models import Organisation, Person
from apps.sources.models import Source
from apps.timeline.models.matching import Marks, among, conditions, index_of
from apps.words import Query


class Kind(models.TextChoices):
    MILESTONE = "milestone", "Milestone"
    STATISTIC = "statistic", "Statistic"
    QUOTE = "quote", "Quote"
    UPDATE = "update", "Update"


class State(models.TextChoices):
    DRAFT = "draft", "Waiting for approval"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Visibility(models.TextChoices):
    PUBLIC = "public", "Anyone, where the campaign is public"
    TEAM = "team", "Everybody on the campaign"
    STAFF = "staff", "Staff only: owner, advocacy and press"


class Tag(models.Model):
    """A word that gathers entries of one campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=50)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("campaign", Lower("name"), name="tag_once_per_campaign"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class GateIsClosed(TypeError):
    """Entries are reached through `Entry.objects.visible_to(user, at=…)`, and through nothing else."""


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(
        self,
        user: User | AnonymousUser,
        *,
        at: datetime,
        campaign: Campaign | None = None,
        roles: Mapping[int, str] | None = None,
    ) -> "EntryQuerySet":
        """The entries this person may see at this moment, in one campaign or in all.

        `roles`: what `roles_of` answers, from a page that knows it already. Campaign ids are fetched first
        and listed: as a subquery they would ruin the database's plan.
        """
        if roles is None:
            roles = roles_of(user, campaign)
        staff = [pk for pk, role in roles.items() if role in SEE_HIDDEN_ROLES]
        public = [pk for pk in _public_campaigns(campaign) if pk not in staff]
        readers = [pk for pk in roles if pk not in staff]
        shown = Q(state=State.PUBLISHED, shown_from__lte=at) & (Q(shown_until=None) | Q(shown_until__gt=at))
        sees = Q(pk__in=[])
        if staff:
            sees |= Q(campaign_id__in=staff)
        if readers:
            own_draft = Q(state=State.DRAFT, created_by=user.pk)
            sees |= Q(campaign_id__in=readers) & ((shown & ~Q(visibility=Visibility.STAFF)) | own_draft)
        if public:
            sees |= Q(campaign_id__in=public, visibility=Visibility.PUBLIC) & shown
        entries = self.filter(sees)
        return entries.filter(campaign=campaign) if campaign else entries

    def matching(
        self,
        query: Query,
        *,
        marks: Marks = (),
        head: bool | None = None,
        start: date | None = None,
        end: date | None = None,
        before: int | None = None,
    ) -> "EntryQuerySet":
        """Those of these entries that hold the words.

        `marks` (see timeline/index.py): of each group they must bear one. `head`: whether the words must all
        stand in what the entry says itself, or may not. They are of the days from `start` to `end`; `before`
        is the key of an entry that they follow in `newest_first`.
        """
        return self._narrowed(
            **conditions(self.db, query, marks=marks, head=head, start=start, end=end, before=before)
        )

    def of_keys(self, keys: Sequence[int]) -> "EntryQuerySet":
        """Those of these entries that have one of some thousands of keys."""
        return self._narrowed(**among(self.db, "timeline_entry.id", keys))

    def newest_first(self) -> "EntryQuerySet":
        """Those that match, the latest day first, as the index has them."""
        return self._narrowed(order_by=[f"-{index_of(self.db).key}"])

    def _narrowed(self, **how: Any) -> "EntryQuerySet":
        return cast("EntryQuerySet", self.extra(**how))


def roles_of(user: User | AnonymousUser, campaign: Campaign | None) -> dict[int, str]:
    """What this person may do, by the campaign's id."""
    if not user.is_authenticated or not user.is_active:
        return {}
    memberships = Membership.objects.filter(user=user)
    if campaign:
        memberships = memberships.filter(campaign=campaign)
    return dict(memberships.order_by().values_list("campaign_id", "role"))


def _public_campaigns(campaign: Campaign | None) -> list[int]:
    if campaign:
        return [campaign.pk] if campaign.is_public else []
    return list(Campaign.objects.filter(is_public=True).order_by().values_list("pk", flat=True))


class Gate(models.Manager["Entry"]):
    """The public manager: it opens only to somebody, at some moment."""

    def visible_to(
        self,
        user: User | AnonymousUser,
        *,
        at: datetime,
        campaign: Campaign | None = None,
        roles: Mapping[int, str] | None = None,
    ) -> EntryQuerySet:
        entries = EntryQuerySet(self.model, using=self._db)
        return entries.visible_to(user, at=at, campaign=campaign, roles=roles)

    def get_queryset(self) -> NoReturn:
        raise GateIsClosed(GateIsClosed.__doc__)


class Entry(models.Model):
    """One thing on the timeline.

    `date` is the partial date (EDTF) of when it happened or is meant to; for a milestone that is its current
    target, or the day it was met. `earliest` and `latest` are its strict bounds (empty: open), `placed` the
    day it is filed under, `due` the last day before an open milestone is overdue (empty for all else), and
    `slip_days` how far a milestone's newest target lies behind its first (empty for all else).
    `person` and `organisation` are whose it is: who said it, who counted it, who must do it.
    `shown_from` and `shown_until` are derived from embargo, clearance and consent: ordinary readers see the
    entry between the two; an empty `shown_from` means not yet.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    headline = models.CharField(max_length=300)
    note = models.TextField(blank=True, max_length=20_000)
    date = models.CharField(max_length=40)
    earliest = models.DateField(null=True, blank=True, editable=False)
    latest = models.DateField(null=True, blank=True, editable=False)
    placed = models.DateField(editable=False)
    due = models.DateField(null=True, blank=True, editable=False)
    slip_days = models.IntegerField(null=True, blank=True, editable=False)
    source = models.ForeignKey(
        Source, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", db_index=False
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)
    visibility = models.CharField(max_length=6, choices=Visibility, default=Visibility.TEAM)
    embargo_until = models.DateTimeField(null=True, blank=True)
    shown_from = models.DateTimeField(null=True, blank=True, editable=False)
    shown_until = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(editable=False)

    history = HistoricalRecords()

    everything = models.Manager()  # ungated: for actions, the admin and the planner; a test lists who uses it
    objects = Gate()

    class Meta:
        verbose_name_plural = "entries"
        base_manager_name = "everything"
        default_manager_name = "everything"
        # Partial indexes say IS NOT NULL, as the queries do: SQLite takes NOT (x IS NULL) for something else.
        indexes = [
            models.Index(fields=["campaign", "placed", "id"], name="entry_window"),
            models.Index(fields=["campaign", "kind", "placed", "id"], name="entry_kind_window"),
            models.Index(fields=["campaign", "id"], name="entry_newest"),
            models.Index(
                fields=["campaign", "state", "id"],
                condition=Q(shown_from__isnull=True),
                name="entry_not_shown",
            ),
            models.Index(
                fields=["campaign", "created_by", "state"],
                condition=Q(shown_from__isnull=True),
                name="entry_own_drafts",
            ),
            models.Index(fields=["campaign", "kind", "latest", "id"], name="entry_kind_latest"),
            models.Index(
                fields=["campaign", "placed", "latest"],
                condition=Q(latest__gt=models.F("earliest")),
                name="entry_vague_window",
            ),
            models.Index(
                fields=["campaign", "placed", "slip_days"],
                condition=Q(slip_days__isnull=False),
                name="entry_target_window",
            ),
            models.Index(fields=["campaign", "shown_from"], name="entry_shown_from"),
            models.Index(
                fields=["campaign", "shown_until"],
                condition=Q(shown_until__isnull=False),
                name="entry_shown_until",
            ),
            models.Index(
                fields=["campaign", "due", "id"], condition=Q(due__isnull=False), name="entry_due_here"
            ),
            models.Index(fields=["due", "id"], condition=Q(due__isnull=False), name="entry_due_anywhere"),
            models.Index(
                fields=["campaign", "slip_days", "id"],
                condition=Q(slip_days__isnull=False),
                name="entry_slip",
            ),
            models.Index(
                fields=["person", "campaign", "placed", "id"],
                condition=Q(person__isnull=False),
                name="entry_person_window",
            ),
            models.Index(
                fields=["organisation", "campaign", "placed", "id"],
                condition=Q(organisation__isnull=False),
                name="entry_organisation_window",
            ),
            models.Index(
                fields=["source", "campaign", "placed", "id"],
                condition=Q(source__isnull=False),
                name="entry_source_window",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="entry_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="entry_state_is_known"),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="entry_visibility_known"
            ),
            models.CheckConstraint(condition=~Q(headline=""), name="entry_has_a_headline"),
            models.CheckConstraint(
                condition=Q(earliest=None) | Q(latest=None) | Q(earliest__lte=models.F("latest")),
                name="entry_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(earliest__isnull=False, placed=models.F("earliest"))
                | Q(earliest=None, latest__isnull=False, placed=models.F("latest")),
                name="entry_placed_on_a_known_day",
            ),
            models.CheckConstraint(
                condition=Q(due=None, slip_days=None) | Q(kind=Kind.MILESTONE),
                name="entry_only_milestones_fall_due",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.QUOTE) | ~Q(person=None) | ~Q(organisation=None),
                name="entry_quote_has_a_speaker",
            ),
            models.CheckConstraint(
                condition=Q(embargo_until=None)
                | Q(shown_from=None)
                | Q(shown_from__gte=models.F("embargo_until")),
                name="entry_not_shown_under_embargo",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def is_hidden(self, at: datetime) -> bool:
        """Whether ordinary readers of the campaign do not see it at this moment."""
        if self.state != State.PUBLISHED or self.visibility == Visibility.STAFF:
            return True
        return not self.is_shown(at)

    def is_shown(self, at: datetime) -> bool:
        started = self.shown_from is not None and self.shown_from <= at
        return started and (self.shown_until is None or self.shown_until > at)

    def is_embargoed(self, at: datetime) -> bool:
        return self.embargo_until is not None and self.embargo_until > at

    def is_overdue(self, today: Any) -> bool:
        """Derived, never stored: an open milestone whose last day has passed."""
        return self.due is not None and self.due < today
