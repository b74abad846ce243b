"""Counting deadlines again once a bank holiday or a recess is announced: rows of the ledger, as any move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

from django.db import transaction

from apps.dates import in_words, long_day
from apps.dates.relative import ANNOUNCED
from apps.legislation.actions import bring_back, current_target
from apps.legislation.hooks import calendar_for, counted_from, stands_at, told
from apps.legislation.models import BankHoliday, CalendarLook, Hook, SittingBreak


@dataclass(frozen=True)
class Recount:
    """A milestone that moved: its id, from and to (EDTF), and why."""

    milestone: int
    headline: str
    before: str
    after: str
    reason: str

    def __str__(self) -> str:
        return f"{self.headline}: {in_words(self.before)} → {in_words(self.after)}. {self.reason}"


def catch_up(*, at: datetime) -> list[Recount]:
    """Count again what bank holidays and breaks move, if any became known, or known otherwise, since the last
    time. Asks two rows where nothing did."""
    known = _known()
    look = CalendarLook.objects.filter(known=known).first()
    return [] if look else recount(at=at)


def recount(*, at: datetime, every: bool = False) -> list[Recount]:
    """Count again now, `every` deadline that hangs on another or those that the calendar moves."""
    known = _known()
    hooks = Hook.objects.all() if every else Hook.objects.filter(unit__in=ANNOUNCED)
    found = [moved for pk in _from_the_top(hooks.values_list("pk", flat=True)) if (moved := _one(pk, at))]
    CalendarLook.objects.update_or_create(defaults={"known": known, "looked_at": at}, name="deadlines")
    return found


def _known() -> str:
    """A mark of what is known: another one where a row was added, changed or removed, or the library's list
    is another."""
    newest = [
        model.history.order_by("-history_id").values_list("history_id", flat=True).first()
        for model in (BankHoliday, SittingBreak)
    ]
    return f"{newest[0]} {newest[1]} {version('holidays')}"


def _from_the_top(ids: Iterable[int]) -> list[int]:
    """What hangs on others, before what hangs on it: so that each moves once."""
    base_of = dict(Hook.objects.values_list("milestone_id", "base_id"))

    def depth(pk: int) -> int:
        steps = 0
        while pk in base_of:
            pk, steps = base_of[pk], steps + 1
        return steps

    return sorted(ids, key=lambda pk: (depth(pk), pk))


@transaction.atomic
def _one(pk: int, at: datetime) -> Recount | None:
    rows = Hook.objects.select_related("base__entry", "milestone__entry__campaign")
    hook = rows.filter(pk=pk).first()
    if hook is None or not hook.milestone.is_open():
        return None
    stands = current_target(hook.milestone)
    when = stands_at(hook.base, current_target(hook.base))
    counted = counted_from(hook, when, calendar_for([hook]))
    if counted is None or counted.date.text == stands.date:
        return None
    reason = _why(hook, set(counted.left_out), until=stands.latest) or (f"Counted again from {told(hook)}")
    move = bring_back(hook=hook, by=None, at=at, reason=reason)
    if move is None:
        return None
    headline = hook.milestone.entry.headline
    return Recount(hook.pk, headline, move.stands.date, move.to.text, reason)


def _why(hook: Hook, left_out: set[tuple[date, str]], *, until: date) -> str:
    """What was announced, or taken back, since it was last counted; empty where neither tells of it. Of days
    beyond where it stood nothing is news: the count had not come to them."""
    before = {(date.fromisoformat(day), name) for day, name in hook.left_out}
    added, gone = left_out - before, before - left_out
    added = {(day, name) for day, name in added if hook.before or day <= until} or added
    holidays = hook.unit.startswith("working")
    if added:
        return _said(added, holidays, "announced")
    return _said(gone, holidays, "taken back") if gone else ""


def _said(days: set[tuple[date, str]], holidays: bool, verb: str) -> str:
    """ "A bank holiday was announced: 8 May 2026"; of breaks, the name of each and the first day left out."""
    if holidays:
        each = [long_day(day) for day in sorted({day for day, _ in days})]
        begins = ("A bank holiday was", "Bank holidays were")
    else:
        first: dict[str, date] = {}
        for day, name in sorted(days):
            first.setdefault(name, day)
        each = [f"{name}, {long_day(day)}" for name, day in first.items()]
        begins = ("A break of Parliament was", "Breaks of Parliament were")
    return f"{begins[len(each) > 1]} {verb}: {'; '.join(each)}"[:500]
