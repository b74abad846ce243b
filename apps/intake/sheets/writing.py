"""The rows that were shown as new, written as entries: all in one transaction, or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import transaction

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.evidence.actions import Figure
from apps.evidence.bulk import SeriesOf, add_quotes, add_statistics
from apps.evidence.forms import StatisticForm
from apps.evidence.models import Quote
from apps.intake.models import Import, Imported, Row
from apps.intake.sheets.checking import AT_ONCE, Beat
from apps.intake.sheets.newcomers import Newcomers
from apps.intake.sheets.rows import Rows
from apps.intake.sheets.twins import Twins, print_of
from apps.legislation.bulk import New, add_milestones, new_milestone
from apps.timeline.actions import Facts, new_entry
from apps.timeline.bulk import Tags, add_entries, index_all
from apps.timeline.density import Tally
from apps.timeline.models import Entry, Kind


class ChangedSince(Exception):
    """A row is no longer what was shown of it. Nothing was written."""


@dataclass
class Ready:
    """A row that may be written."""

    row: Row
    filled: dict[str, Any]
    headline: str
    figure: Figure | None


@transaction.atomic
def write(importing: Import, access: Access, *, at: datetime, beat: Beat) -> int:
    """Answers how many entries were made. Raises ChangedSince, ValidationError."""
    writer, done = Writer(importing, access, at=at), 0
    for batch in _batches(importing):
        done += writer.write(batch)
        beat(done)
    writer.finish()
    Import.objects.filter(pk=importing.pk).update(names=writer.newcomers.made)
    return done


def _batches(importing: Import) -> Iterator[list[Row]]:
    rows, last = Row.objects.filter(importing=importing, verdict=Row.Verdict.FRESH), 0
    while batch := list(rows.filter(number__gt=last).order_by("number")[:AT_ONCE]):
        yield batch
        last = batch[-1].number


class Writer:
    """A batch of rows after another."""

    def __init__(self, importing: Import, access: Access, *, at: datetime) -> None:
        self.importing, self.campaign, self.kind, self.at = importing, access.campaign, importing.kind, at
        self.by: User = access.member
        self.rows = Rows(access, importing.kind)
        self.newcomers = Newcomers(self.campaign, by=self.by)
        self.tags, self.tally = Tags(self.campaign), Tally()
        self.series = SeriesOf(self.campaign) if importing.kind == Kind.STATISTIC else None
        self.twins = Twins(self.campaign, importing.kind)

    def write(self, batch: Sequence[Row]) -> int:
        ready = [self._ready(row) for row in batch]
        self.newcomers.settle([one.filled for one in ready])
        entries = [self._entry(one) for one in ready]
        milestones = self._milestones(entries, ready)  # their entries show what follows from the target
        tags = [one.filled["tags"] for one in ready]
        add_entries(entries, tags, by=self.by, known=self.tags, tally=self.tally)
        self._details(entries, ready, milestones)
        index_all(entries)
        Imported.objects.bulk_create(
            Imported(
                importing=self.importing,
                entry=entry,
                number=one.row.number,
                version=entry.version,
                uid=one.row.uid,
            )
            for entry, one in zip(entries, ready, strict=True)
        )
        return len(entries)

    def finish(self) -> None:
        if self.series is not None:
            self.series.derive()
        self.tally.write()

    def _ready(self, row: Row) -> Ready:
        """Filled in and judged once more: names and entries may have come and gone since. Raises
        ChangedSince."""
        form = self.rows.form
        if self.rows.fill(row.cells):
            raise ChangedSince
        headline = form.headline_made()
        if self.twins.of(print_of(self.kind, form.cleaned_data, headline)):
            raise ChangedSince
        figure = cast(StatisticForm, form).figure_made() if self.kind == Kind.STATISTIC else None
        return Ready(row, form.cleaned_data, headline, figure)

    def _entry(self, one: Ready) -> Entry:
        filled = one.filled
        names = ("date", "note", "source", "person", "organisation", "tags", "visibility", "embargo_until")
        facts = Facts(headline=one.headline, **{name: filled[name] for name in names})
        return new_entry(campaign=self.campaign, facts=facts, kind=Kind(self.kind), by=self.by, at=self.at)

    def _milestones(self, entries: Sequence[Entry], ready: Sequence[Ready]) -> list[New]:
        if self.kind != Kind.MILESTONE:
            return []
        return [
            new_milestone(entry, one.filled["date"], owner=one.filled["owner"], by=self.by, at=self.at)
            for entry, one in zip(entries, ready, strict=True)
        ]

    def _details(self, entries: Sequence[Entry], ready: Sequence[Ready], milestones: Sequence[New]) -> None:
        add_milestones(milestones, by=self.by)
        pairs = list(zip(entries, ready, strict=True))
        if self.series is not None:
            figures = [(entry, one.figure) for entry, one in pairs if one.figure is not None]
            add_statistics(figures, by=self.by, series=self.series)
        elif self.kind == Kind.QUOTE:
            quotes = [
                Quote(entry=entry, words=one.filled["words"], voice=one.filled["voice"])
                for entry, one in pairs
            ]
            add_quotes(quotes, by=self.by, at=self.at)
