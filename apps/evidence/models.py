"""What is counted and what was said: the details of an entry."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from apps.campaigns.models import Campaign
from apps.people.models import Post
from apps.sources.models import Snapshot
from apps.timeline.models import Entry


class Hedge(models.TextChoices):
    """How the source hedges its figure."""

    EXACTLY = "", "exactly"
    OVER = "over", "over"
    UNDER = "under", "under"
    NEARLY = "nearly", "nearly"
    ABOUT = "about", "about"


class Sort(models.TextChoices):
    """What the number of a stated change counts."""

    PERCENT = "percent", "per cent"
    POINTS = "points", "percentage points"
    TIMES = "times", "times as many"
    ABSOLUTE = "absolute", "more or fewer, in the figure’s unit"


class Basis(models.TextChoices):
    """In which terms a change is stated, where those are not the terms of its figures."""

    SAME = "", "in the same terms as the figures"
    REAL = "real", "in real terms; the figures are in cash"
    CASH = "cash", "in cash; the figures are in real terms"
    RATE = "rate", "as a rate; the figures are counts"
    COUNT = "count", "as a count; the figures are rates"


class Series(models.Model):
    """Figures of one measure that can stand in one row: the same unit, area and population.

    A figure joins the series whose four words are its own, or the one it names. Names are not unique, for a
    refusal would give away one that is hidden. Whoever sees one of its figures sees the name and the note.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="series", db_index=False)
    name = models.CharField(max_length=300)
    measure = models.CharField(max_length=200)
    unit = models.CharField(max_length=60, blank=True)
    area = models.CharField(max_length=200, blank=True)
    population = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True, max_length=2000)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "series"
        indexes = [
            models.Index(fields=["campaign", "measure", "area"], name="series_of_measure"),
            models.Index(fields=["campaign", "name", "id"], name="series_by_name"),
        ]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="series_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Statistic(models.Model):
    """A figure for a measure over a period, as of the entry's date.

    `figure` and `baseline` are in `unit` ("offences", "%"); each is rounded to multiples of its step, as far
    as can be told: "3.4m" is 3,400,000 in steps of 100,000. `stated_change` is the change from baseline to
    figure as the source states it, counted by `change_sort` in steps of `change_step`; `price_rise` turns
    cash into real terms, in per cent. A statistic with a `break_because` begins a new method in its series.
    `superseded_by` is derived: the published figure of its series that took its place (see evidence.series).
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True)
    series = models.ForeignKey(Series, on_delete=models.RESTRICT, related_name="statistics")
    measure = models.CharField(max_length=200)
    figure = models.DecimalField(max_digits=20, decimal_places=4)
    figure_step = models.DecimalField(max_digits=20, decimal_places=4, default=Decimal(1))
    hedge = models.CharField(max_length=6, choices=Hedge, blank=True, default="")
    unit = models.CharField(max_length=60, blank=True)
    population = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=40, blank=True)
    period_earliest = models.DateField(null=True, blank=True, editable=False)
    period_latest = models.DateField(null=True, blank=True, editable=False)
    next_release = models.CharField(max_length=40, blank=True)
    next_release_earliest = models.DateField(null=True, blank=True, editable=False)
    next_release_latest = models.DateField(null=True, blank=True, editable=False)
    baseline = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    baseline_step = models.DecimalField(max_digits=20, decimal_places=4, default=Decimal(1))
    stated_change = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    change_step = models.DecimalField(max_digits=20, decimal_places=4, default=Decimal(1))
    change_hedge = models.CharField(max_length=6, choices=Hedge, blank=True, default="")
    change_sort = models.CharField(max_length=8, choices=Sort, default=Sort.PERCENT)
    change_basis = models.CharField(max_length=5, choices=Basis, blank=True, default="")
    price_rise = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    break_because = models.CharField(max_length=300, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="supersedes", editable=False
    )

    history = HistoricalRecords()
    everything = models.Manager()  # ungated, as Entry.everything

    class Meta:
        indexes = [
            models.Index(
                fields=["next_release_latest"],
                condition=models.Q(next_release_latest__isnull=False, superseded_by__isnull=True),
                name="statistic_next_release",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hedge__in=Hedge.values), name="statistic_hedge_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(change_hedge__in=Hedge.values), name="statistic_change_hedge_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(change_sort__in=Sort.values), name="statistic_change_sort_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(change_basis__in=Basis.values), name="statistic_change_basis_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(figure_step__gt=0, baseline_step__gt=0, change_step__gt=0),
                name="statistic_steps_are_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(price_rise=None) | models.Q(price_rise__gt=-100),
                name="statistic_prices_stay_above_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(period_earliest=None)
                | models.Q(period_latest=None)
                | models.Q(period_earliest__lte=models.F("period_latest")),
                name="statistic_period_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(next_release_earliest=None)
                | models.Q(next_release_latest=None)
                | models.Q(next_release_earliest__lte=models.F("next_release_latest")),
                name="statistic_release_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(superseded_by=None) | ~models.Q(superseded_by=models.F("entry")),
                name="statistic_supersedes_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.figure.normalize():f} {self.unit}".strip()

    def is_break(self) -> bool:
        return bool(self.break_because)


class Outlet(models.TextChoices):
    """Where a quote may be used: what it is cleared for, and what whoever spoke consented to."""

    PRESS = "press", "press"
    WEBSITE = "website", "website"
    SOCIAL = "social", "social media"
    PARLIAMENT = "parliament", "Parliament"
    PRINT = "print", "print"


def outlets_of(text: str) -> tuple[Outlet, ...]:
    """The outlets kept in a field, in their own order."""
    return tuple(outlet for outlet in Outlet if outlet.value in text.split())


def outlets_text(outlets: Iterable[str]) -> str:
    """Outlets as a field keeps them: in one order, with spaces between."""
    chosen = set(outlets)
    return " ".join(outlet.value for outlet in Outlet if outlet in chosen)


EVERYWHERE = outlets_text(Outlet)


class Voice(models.TextChoices):
    """In what capacity somebody spoke: what a quote rests on besides its words."""

    OFFICIAL = "official", "On the record: a published source has it"
    CASE_STUDY = "case study", "A case study: their own story, told to us"


class SignOff(models.TextChoices):
    """How far the sign-off is. That it has run out is derived from `cleared_until` and the consent."""

    DRAFT = "draft", "Not submitted"
    SUBMITTED = "submitted", "Waiting to be cleared"
    CLEARED = "cleared", "Cleared"
    WITHDRAWN = "withdrawn", "Clearance withdrawn"


class Quote(models.Model):
    """Words somebody said or wrote, verbatim.

    `post` is the post the speaker held that day. `start` and `end` are character offsets of the words in the
    snapshot's text, as it prints them: quotation marks, dashes and spaces may be of another sort there. A
    quote is shown beyond staff from its clearance until `cleared_until`, or for good; a case study as long as
    its consent is in force, too. `cleared_for` holds outlets with spaces between (see `outlets`).
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True)
    words = models.TextField(max_length=10_000)
    voice = models.CharField(max_length=10, choices=Voice, default=Voice.OFFICIAL)
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    sign_off = models.CharField(max_length=9, choices=SignOff, default=SignOff.DRAFT)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_for = models.CharField(max_length=60, blank=True)
    cleared_until = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    history = HistoricalRecords()
    everything = models.Manager()  # ungated, as Entry.everything

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(words=""), name="quote_has_words"),
            models.CheckConstraint(condition=models.Q(voice__in=Voice.values), name="quote_voice_is_known"),
            models.CheckConstraint(
                condition=models.Q(sign_off__in=SignOff.values), name="quote_sign_off_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ~models.Q(cleared_for=""),
                    sign_off=SignOff.CLEARED,
                    cleared_by__isnull=False,
                    cleared_at__isnull=False,
                )
                | models.Q(
                    ~models.Q(sign_off=SignOff.CLEARED),
                    cleared_by=None,
                    cleared_at=None,
                    cleared_for="",
                    cleared_until=None,
                ),
                name="quote_clearance_is_paired",
            ),
            models.CheckConstraint(
                condition=models.Q(cleared_until=None) | models.Q(cleared_until__gt=models.F("cleared_at")),
                name="quote_clearance_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(sign_off=SignOff.SUBMITTED) | models.Q(submitted_at__isnull=False),
                name="quote_submission_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(sign_off=SignOff.WITHDRAWN, withdrawn_at__isnull=False)
                | (~models.Q(sign_off=SignOff.WITHDRAWN) & models.Q(withdrawn_at=None, withdrawn_because="")),
                name="quote_withdrawal_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(snapshot=None, start=None, end=None)
                | models.Q(
                    snapshot__isnull=False,
                    start__isnull=False,
                    end__isnull=False,
                    start__lt=models.F("end"),
                ),
                name="quote_offsets_are_in_a_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        return outlets_of(self.cleared_for)

    @property
    def is_case_study(self) -> bool:
        return self.voice == Voice.CASE_STUDY

    def is_cleared(self) -> bool:
        """Whether it was signed off and nobody took that back; that it has run out is another question."""
        return self.cleared_at is not None

    def has_run_out(self, at: datetime) -> bool:
        """Whether its clearance has ended by the calendar."""
        return self.cleared_until is not None and self.cleared_until <= at


class Verdict(models.Model):
    """What the newest check of a quote's words found: kept beside the quote, so that lists need not read the
    texts again. Derived; has no history. `badge` is one of `checks.Verbatim`; `differences` says word by word
    what the nearest passage of the newest text has instead."""

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, primary_key=True, related_name="verdict")
    badge = models.CharField(max_length=20)
    differences = models.JSONField(default=list, blank=True)
    checked_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(badge__in=["verified", "source changed", "not in source", "no source"]),
                name="verdict_badge_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.badge


class Consent(models.Model):
    """Whoever a case study is about, or their guardian, lets us use their words: where, and until when.

    A quote has one that is open at most; another one, or a withdrawal, ends it. The evidence stands in a file
    of the charity's own (`reference`), or was uploaded (`file`, the random name under VAR_DIR), or both.
    """

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="consents")
    person = models.CharField(max_length=200)
    under_18 = models.BooleanField(default=False)
    guardian = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=60)
    given_on = models.DateField()
    expires_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=80, blank=True, editable=False)
    file_name = models.CharField(max_length=120, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["quote"], condition=models.Q(ended_at=None), name="one_open_consent_per_quote"
            ),
            models.CheckConstraint(condition=~models.Q(person=""), name="consent_is_somebodys"),
            models.CheckConstraint(
                condition=models.Q(under_18=False, guardian="")
                | (models.Q(under_18=True) & ~models.Q(guardian="")),
                name="consent_of_a_child_is_its_guardians",
            ),
            models.CheckConstraint(condition=~models.Q(scope=""), name="consent_has_a_scope"),
            models.CheckConstraint(condition=~models.Q(reference="", file=""), name="consent_has_evidence"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=False) | models.Q(ended_because=""),
                name="consent_end_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"Consent of {self.guardian or self.person}"

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        return outlets_of(self.scope)

    def covers(self, outlets: Iterable[str]) -> bool:
        return set(outlets) <= set(self.scope.split())

    def is_in_force(self, at: datetime) -> bool:
        return self.ended_at is None and (self.expires_at is None or at < self.expires_at)
