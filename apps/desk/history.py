"""The history of an entry as sentences: who changed what, when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.accounts.models import User
from apps.dates import in_words, long_day
from apps.desk.cascade import reasons_of
from apps.desk.moments import moment
from apps.legislation.models import Hook, Milestone
from apps.timeline.models import Entry, Kind

MOST = 30
DERIVED = {"version", "earliest", "latest", "placed", "due", "shown_from", "shown_until", "recorded_at"} | {
    "slip_days",
    "cleared_at",
    "submitted_by",
    "submitted_at",
    "withdrawn_by",
    "withdrawn_at",
    "moves",
    "first_latest",
    "changed_at",
    "period_earliest",
    "period_latest",
    "next_release_earliest",
    "next_release_latest",
    "superseded_by",
    "figure_step",
    "baseline_step",
    "change_step",
    "start",
    "end",
    "snapshot",
    "post",
    "entry",
    "id",
}
CREATED, REMOVED = "+", "-"


@dataclass(frozen=True)
class Step:
    """One change: who, when, and a sentence for each fact that changed."""

    who: User | None
    when: datetime
    what: list[str]


def steps_of(entry: Entry) -> list[Step]:
    """The newest changes of the entry, its details and its target dates, newest first."""
    is_milestone = entry.kind == Kind.MILESTONE
    ignored = DERIVED | {"date"} if is_milestone else DERIVED  # the ledger tells a milestone's dates better
    rows = [entry.history]
    if entry.kind != Kind.UPDATE:
        rows.append(getattr(entry, entry.kind).history)
    steps = [step for history in rows for step in _changes(history, ignored)]
    if is_milestone:
        steps += [*_moves(entry), *_hooks(entry)]
    return sorted(steps, key=lambda step: step.when, reverse=True)[:MOST]


def _changes(history: Any, ignored: set[str]) -> Iterable[Step]:
    rows = list(history.select_related("history_user").order_by("-history_date", "-history_id")[: MOST + 1])
    for newer, older in zip(rows, rows[1:], strict=False):
        if what := _differences(newer, older, ignored):
            yield Step(newer.history_user, newer.history_date, what)
    if rows and rows[-1].history_type == CREATED and "headline" in _names(rows[-1]):
        yield Step(rows[-1].history_user, rows[-1].history_date, ["Added to the timeline"])


def _names(row: Any) -> set[str]:
    return {field.name for field in row.tracked_fields}


def _differences(newer: Any, older: Any, ignored: set[str]) -> list[str]:
    return [
        f"{field.verbose_name.capitalize()}: {_shown(older, field)} → {_shown(newer, field)}"
        for field in newer.tracked_fields
        if field.name not in ignored and getattr(newer, field.attname) != getattr(older, field.attname)
    ]


def _shown(row: Any, field: Any) -> str:
    display = getattr(row, f"get_{field.name}_display", None)
    value = display() if display else getattr(row, field.attname)
    if field.is_relation:
        value = field.remote_field.model._base_manager.filter(pk=value).first() if value else None
    if value in (None, ""):
        return "nothing"
    if field.name in ("date", "period", "next_release"):
        return in_words(str(value))
    if isinstance(value, date) and not isinstance(value, datetime):
        return long_day(value)
    if isinstance(value, datetime):
        return moment(value)
    text = str(value)
    return f"“{text}”" if len(text) <= 120 else f"“{text[:120]}…”"


def _moves(entry: Entry) -> Iterable[Step]:
    """For staff, who see all of a campaign, with the name of what a date followed."""
    rows = list(
        entry.milestone.targets.select_related("recorded_by", "source").order_by("-recorded_at")[:MOST]
    )
    reasons = reasons_of(rows, Entry.everything.all())
    for row in rows:
        source = f" ({row.source})" if row.source else ""
        said = f"Target {in_words(row.date)}: {reasons[row.pk]}{source}"
        yield Step(row.recorded_by, row.recorded_at, [said])


def _hooks(entry: Entry) -> Iterable[Step]:
    """What its date hung on, from when to when."""
    rows = list(Hook.history.filter(milestone_id=entry.pk).order_by("history_date", "history_id")[: MOST + 1])
    bases = Milestone.everything.select_related("entry").in_bulk({row.base_id for row in rows})
    before = ""
    for row in rows:
        base = bases.get(row.base_id)
        on = f"{row.instance.words} “{base.entry.headline if base else 'a milestone that was removed'}”"
        now = "" if row.history_type == REMOVED else on
        if now != before:
            said = f"Hangs on another: {on}" if now else "No longer hangs on another"
            yield Step(row.history_user, row.history_date, [said])
        before = now
