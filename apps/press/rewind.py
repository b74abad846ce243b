"""Entries as they stood at a moment, set back through their history.

Headline, note, date, source, whose it is, the words and the figures are those of the last change by then;
milestones go by their ledger (legislation/rewind.py). What was recorded by then but written into history only
later (an import of older records) is taken as it was first written.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from apps.dates import parse
from apps.evidence.models import Quote, Statistic
from apps.legislation import rewind as legislation
from apps.people.models import Organisation, Person, Post
from apps.sources.models import Source
from apps.timeline.actions import place
from apps.timeline.models import Entry, Kind, State, Visibility

FIGURES = (
    *("measure", "figure", "figure_step", "hedge", "unit", "population", "area"),
    *("period", "period_earliest", "period_latest"),
    *("next_release", "next_release_earliest", "next_release_latest"),
)
CHANGES = (
    *("baseline", "baseline_step", "stated_change", "change_step", "change_hedge", "change_sort"),
    *("change_basis", "price_rise", "break_because"),
)


def set_back(entries: Iterable[Entry], at: datetime) -> dict[int, str]:
    """Set these entries back; nothing is to be saved. Answers why some of them may not be told as they stood,
    by their id. The number of queries does not depend on how many there are."""
    rows = list(entries)
    legislation.rewind(rows, at)
    then = rows_at(Entry.history, "id", [entry.pk for entry in rows], at)
    details = {
        Kind.QUOTE: rows_at(Quote.history, "entry_id", _ids(rows, Kind.QUOTE), at),
        Kind.STATISTIC: rows_at(Statistic.history, "entry_id", _ids(rows, Kind.STATISTIC), at),
    }
    reasons = {}
    for entry in rows:
        row = then.get(entry.pk)
        detail = details.get(Kind(entry.kind), {}).get(entry.pk)
        if row is not None:
            if why := _not_then(entry, row, detail):
                reasons[entry.pk] = why
            _set_back(entry, row, detail)
    _name_again(rows)
    return reasons


def _ids(entries: Iterable[Entry], kind: Kind) -> list[int]:
    return [entry.pk for entry in entries if entry.kind == kind]


def rows_at(history: Any, key: str, ids: Collection[int], at: datetime) -> dict[int, Any]:
    """The row of history that held at that moment, by the key; where none was written by then, the first."""
    if not ids:
        return {}
    by_then = history.filter(history_date__lte=at)
    found = _first_of_each(by_then, key, ids, "-history_date", "-history_id")
    if rest := set(ids) - found.keys():
        found |= _first_of_each(history.all(), key, rest, "history_date", "history_id")
    return found


def _first_of_each(rows: Any, key: str, ids: Collection[int], *order: str) -> dict[int, Any]:
    number = Window(RowNumber(), partition_by=F(key), order_by=order)
    first = rows.filter(**{f"{key}__in": ids}).annotate(number=number).filter(number=1)
    return {getattr(row, key): row for row in first}


def _not_then(entry: Entry, row: Any, detail: Any) -> str:
    """Why it may not be told as it stood: what was not for readers then was written for nobody else."""
    if row.state == State.DRAFT:
        return "it had not been approved by then"
    if row.state == State.WITHDRAWN:
        return "it was withdrawn then"
    if row.visibility == Visibility.STAFF:
        return "it was for staff only then"
    if entry.kind == Kind.QUOTE and detail is not None and not _same_words(entry, row, detail):
        return "its words or speaker were changed since, and today’s sign-off is of the new ones"
    return ""


def _same_words(entry: Entry, row: Any, detail: Any) -> bool:
    now = (entry.quote.words, entry.person_id, entry.organisation_id)
    return now == (detail.words, row.person_id, row.organisation_id)


def _set_back(entry: Entry, row: Any, detail: Any) -> None:
    entry.headline, entry.note = row.headline, row.note
    entry.person_id, entry.organisation_id = row.person_id, row.organisation_id
    entry.source_id = row.source_id
    if entry.kind != Kind.MILESTONE:
        place(entry, parse(row.date))
    if entry.kind == Kind.STATISTIC and detail is not None:
        for name in (*FIGURES, *CHANGES):
            setattr(entry.statistic, name, getattr(detail, name))
    if entry.kind == Kind.QUOTE and detail is not None:
        entry.quote.words, entry.quote.post_id = detail.words, detail.post_id


def _name_again(entries: list[Entry]) -> None:
    """Give the entries the people and sources of their keys, as those are called now; one query for each."""
    named: tuple[tuple[Any, str], ...] = (
        (Person.objects, "person"),
        (Organisation.objects, "organisation"),
        (Source.objects, "source"),
    )
    for found, name in named:
        rows = _by_key(found, {getattr(entry, f"{name}_id") for entry in entries})
        for entry in entries:
            setattr(entry, name, rows.get(getattr(entry, f"{name}_id")))
    quotes = [entry.quote for entry in entries if entry.kind == Kind.QUOTE]
    posts = _by_key(Post.objects, {quote.post_id for quote in quotes})
    for quote in quotes:
        quote.post = posts.get(quote.post_id)


def _by_key(rows: Any, keys: set[int | None]) -> dict[int | None, Any]:
    known = keys - {None}
    return {row.pk: row for row in rows.filter(pk__in=known)} if known else {}
