"""A milestone's date that hangs on another milestone's, and what moves such dates beside: bank holidays."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from apps.dates import NATIONS
from apps.dates.relative import MOST, UNITS, Span
from apps.legislation.models.milestones import Milestone

UNIT_LABELS = {unit: several for unit, (_, several) in UNITS.items()} | {
    "working-eng": "working days in England and Wales"
}


class Hook(models.Model):
    """That a milestone's target lies so much after another's, or before it: then nobody moves it by hand.

    `left_out` is what was left out when it was last counted: the day and the name of each bank holiday, or of
    each week of a break. From it is told what was announced since.
    """

    milestone = models.OneToOneField(
        Milestone, on_delete=models.CASCADE, primary_key=True, related_name="hook"
    )
    base = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="hanging")
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=15, choices=list(UNIT_LABELS.items()))
    before = models.BooleanField(default=False)
    left_out = models.JSONField(default=list, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["milestone_id"]
        constraints = [
            models.CheckConstraint(condition=~Q(milestone=models.F("base")), name="hook_on_another"),
            models.CheckConstraint(condition=Q(amount__gte=1, amount__lte=MOST), name="hook_amount_counts"),
            models.CheckConstraint(condition=Q(unit__in=list(UNITS)), name="hook_unit_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.words} {self.base}"

    @property
    def span(self) -> Span:
        return Span(self.amount, self.unit, self.before)

    @property
    def words(self) -> str:
        """ "12 weeks after"."""
        return self.span.words


class BankHoliday(models.Model):
    """A bank holiday that the list in the library does not know yet: one that was just proclaimed. A public
    fact, of no campaign."""

    EVERYWHERE = "UK"

    nation = models.CharField(
        "where",
        max_length=3,
        choices=[(EVERYWHERE, "The whole United Kingdom"), *NATIONS.items()],
        default=EVERYWHERE,
    )
    day = models.DateField(db_index=True)
    name = models.CharField(max_length=100)
    source = models.URLField(max_length=300, help_text="Where it says so.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["day", "nation"]
        constraints = [
            models.UniqueConstraint(fields=["nation", "day"], name="bank_holiday_once"),
            models.CheckConstraint(condition=~Q(name=""), name="bank_holiday_has_a_name"),
            models.CheckConstraint(
                condition=Q(nation__in=["UK", *NATIONS]), name="bank_holiday_nation_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def nations(self) -> list[str]:
        return list(NATIONS) if self.nation == self.EVERYWHERE else [self.nation]


class CalendarLook(models.Model):
    """The one row that says what bank holidays and breaks were known when deadlines were last counted again.
    Has no history."""

    name = models.CharField(max_length=20, primary_key=True, default="deadlines")
    known = models.CharField(max_length=200)
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.looked_at}"
