"""Dates on which a provider and somebody here disagree, and bills that a session ended without."""

from collections.abc import Sequence

from django.db.models import QuerySet

from apps.campaigns.roles import May
from apps.dates import in_words, long_day
from apps.desk.findings.finding import Check, Finding, Scene
from apps.legislation.falling import MayHaveFallen
from apps.legislation.models import DateConflict
from apps.legislation.providers import PROVIDERS
from apps.timeline.models import Entry


def _disputed(scene: Scene) -> QuerySet[Entry]:
    open_ones = DateConflict.objects.to_settle().filter(step__bill__campaign=scene.access.campaign)
    return scene.entries.filter(pk__in=open_ones.values("step__milestone")).defer("note")


def _judge(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    open_ones = DateConflict.objects.to_settle().filter(step__milestone__in=[entry.pk for entry in rows])
    by_entry = {row.step.milestone_id: row for row in open_ones.select_related("step__bill")}
    return [_finding(scene, entry, by_entry[entry.pk]) for entry in rows if entry.pk in by_entry]


def _finding(scene: Scene, entry: Entry, row: DateConflict) -> Finding:
    bill = row.step.bill
    teller = PROVIDERS[bill.provider].title if bill.provider in PROVIDERS else "Its provider"
    theirs = f"{long_day(row.theirs)} ({row.get_state_display().lower()})"
    return scene.finding(
        entry,
        f"We say {in_words(entry.date)}, {teller} says {theirs}.",
        (entry.date, row.theirs, row.state),
        scene.fix("Settle it", "bill", need=May.MOVE, pk=bill.pk),
    )


DISPUTED = Check(
    "dates",
    "Dates of bills to settle",
    "date of a bill to settle",
    "dates of bills to settle",
    _disputed,
    _judge,
)


def _fallen(scene: Scene) -> QuerySet[Entry]:
    """The last day that was seen of each bill that may have fallen."""
    return scene.entries.filter(pk__in=scene.fallen).defer("note")


def _judge_fallen(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    return [_finding_of_fallen(scene, entry, scene.fallen[entry.pk]) for entry in rows]


def _finding_of_fallen(scene: Scene, entry: Entry, found: MayHaveFallen) -> Finding:
    return scene.finding(
        entry,
        f"{found.because}. {found.seen}",
        (found.bill.pk, found.ended.first, entry.date),
        scene.fix("Say what became of it", "bill", need=May.MOVE, pk=found.bill.pk),
    )


FALLEN = Check(
    "sessions",
    "Bills that may have fallen",
    "bill that may have fallen",
    "bills that may have fallen",
    _fallen,
    _judge_fallen,
)
