"""A file of entries on its way in: the import, its rows as they were shown, and the entries made of them."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.campaigns.models import Campaign
from apps.timeline.models import Entry, Kind

LEASE = timedelta(minutes=15)
"""For so long nobody else takes a step that somebody has begun."""
MOST_TRIES = 3
"""A step that stopped so often without an end is not begun again."""


class Format(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"
    ODS = "ods", "OpenDocument"
    ICS = "ics", "Calendar"


class Import(models.Model):
    """One file that somebody handed in, as entries of one kind.

    Its columns are confirmed, its rows checked and shown, the good ones written, and that may be undone;
    `state` says what is to be done next or was done last. Whoever takes a step holds it by `token` until
    `lease_until`. `stored` is the random name of the file under VAR_DIR; `sheet` is which of its sheets, from
    0, `sheets` are their names, `head` its first lines and `columns` the field each column fills, "" for
    none. `notes` are sentences about the file as a whole, `because` is why it failed. `found` are the rows,
    of which `fresh` are new, `same` are here already or come twice, `wrong` have an error and `skipped` are
    left out for another reason. `made` entries came of it, and `kept` of them an undoing left, as others had
    built on them. `names` holds the ids of persons, organisations and sources that came with it, by table.
    """

    class State(models.TextChoices):
        CHOSEN = "chosen", "Its columns are to be confirmed"
        WAITING = "waiting", "Waiting to be checked"
        CHECKED = "checked", "Checked, not imported yet"
        ASKED = "asked", "Being imported"
        DONE = "done", "Imported"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        FAILED = "failed", "Nothing was imported"

    class Choice(models.TextChoices):
        ALL = "all", "All rows or none"
        GOOD = "good", "The good rows only"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    format = models.CharField(max_length=4, choices=Format)
    file_name = models.CharField(max_length=120)
    stored = models.CharField(max_length=80, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.CHOSEN)
    choice = models.CharField(max_length=4, choices=Choice, blank=True, default="")
    because = models.CharField(max_length=500, blank=True)
    notes = models.JSONField(default=list, blank=True)
    sheet = models.PositiveSmallIntegerField(default=0)
    sheets = models.JSONField(default=list, blank=True)
    head = models.JSONField(default=list, blank=True)
    columns = models.JSONField(default=list, blank=True)
    names = models.JSONField(default=dict, blank=True)
    found = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=32, blank=True, default="", editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["campaign", "-id"], name="import_newest"),
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["waiting", "asked", "undoing"]),
                name="import_to_do",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="import_kind_is_known"),
            models.CheckConstraint(condition=Q(format__in=Format.values), name="import_format_is_known"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("chosen", "waiting", "checked", "asked"),
                        *("done", "undoing", "undone", "failed"),
                    ]
                ),
                name="import_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(choice__in=["", "all", "good"]), name="import_choice_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(choice="") | ~Q(state__in=["asked", "done", "undoing", "undone"]),
                name="import_is_written_by_choice",
            ),
            models.CheckConstraint(
                condition=Q(token="", lease_until=None) | (~Q(token="") & Q(lease_until__isnull=False)),
                name="import_is_held_for_a_while",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(because=""), name="import_says_why_it_failed"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        """Whether the site has something to do with it that nobody waits to be asked about."""
        return self.state in (self.State.WAITING, self.State.ASKED, self.State.UNDOING)


class Row(models.Model):
    """One row of a file as it was shown. `number` is its number in the spreadsheet; `cells` what stands in
    each column, by the name of the form's field; `errors` sentences by the same names, "" for the whole row.
    `says` is why it is left out, `twin` the entry it is the same as."""

    class Verdict(models.TextChoices):
        FRESH = "fresh", "New"
        SAME = "same", "Nothing new"
        WRONG = "wrong", "To be mended"
        SKIPPED = "skipped", "Left out"

    importing = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    errors = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(max_length=7, choices=Verdict)
    says = models.CharField(max_length=300, blank=True)
    uid = models.CharField(max_length=255, blank=True)
    twin = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["importing", "verdict", "number"], name="row_by_verdict")]
        constraints = [
            models.UniqueConstraint(fields=["importing", "number"], name="row_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=["fresh", "same", "wrong", "skipped"]), name="row_verdict_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"


class Imported(models.Model):
    """An entry that came of an import: of which row, and at which version it was left. `uid` is what the
    calendar it came from calls it."""

    importing = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="entries")
    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    uid = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name_plural = "imported"
        indexes = [
            models.Index(fields=["uid"], condition=~Q(uid=""), name="imported_uid"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"
