"""Milestones nobody watches, and words that the calendar has overtaken."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.campaigns.roles import May
from apps.dates import Elapsed, elapsed_in, in_words, long_day
from apps.desk.findings.finding import Check, Finding, Scene
from apps.reminders.models import Reminder
from apps.timeline.models import Entry, Kind

READ = 2_000
"""How many entries with such words are read, the newest first."""
TELLING = ("ago", "since", "now ", "already ")
"""One of these stands in every such claim."""
WARNS = ("planned", "claimed", "sending", "sent", "held")


# --- Nobody watches ---------------------------------------------------------------------------------------


def _ownerless(scene: Scene) -> QuerySet[Entry]:
    return scene.entries.filter(due__isnull=False, milestone__owner__isnull=True).defer("note")


def _judge_owners(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    return [
        scene.finding(
            entry,
            f"Nobody on the team watches it; its date is {in_words(entry.date)}.",
            (entry.date,),
            scene.fix("Say who watches it", "edit_entry", pk=entry.pk),
        )
        for entry in rows
    ]


def _unwarned(scene: Scene) -> QuerySet[Entry]:
    reminders = Reminder.objects.filter(milestone=OuterRef("pk"), target=OuterRef("date"), state__in=WARNS)
    return scene.entries.filter(~Exists(reminders), due__isnull=False, due__gte=scene.today).defer("note")


def _judge_reminders(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    return [
        scene.finding(
            entry,
            f"No reminder is planned before its date, {in_words(entry.date)}, and none has gone out for it.",
            (entry.date,),
            scene.fix("Plan reminders of it", "milestone_ladder", need=May.PLAN, pk=entry.pk),
        )
        for entry in rows
    ]


# --- So long ago ------------------------------------------------------------------------------------------


def _telling(scene: Scene) -> QuerySet[Entry]:
    """Of the newest entries those that may claim that so much time has passed."""
    claims = Q()
    for word in TELLING:
        claims |= Q(headline__icontains=word) | Q(note__icontains=word)
    return scene.newest.filter(claims)


def _judge_claims(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    found = ((entry, overtaken(entry, scene.today, scene)) for entry in rows)
    return [
        scene.finding(
            entry,
            " ".join(_working(claim, entry, scene.today) for claim in claims),
            (entry.date, *(claim.words for claim in claims)),
            scene.fix("Say it anew", "edit_entry", pk=entry.pk),
        )
        for entry, claims in found
        if claims
    ]


def overtaken(entry: Entry, today: date, scene: Scene) -> list[Elapsed]:
    """The claims of its headline and note that no longer hold, whether they were made on the entry's day or
    on that of its writing. A milestone's day is still to come: it counts from its writing alone."""
    written = scene.access.campaign.today(entry.recorded_at)
    days = (written,) if entry.kind == Kind.MILESTONE else (entry.latest or entry.placed, written)
    claims = [*elapsed_in(entry.headline), *elapsed_in(entry.note)]
    return [claim for claim in claims if claim.is_over(today, *days)]


def _working(claim: Elapsed, entry: Entry, today: date) -> str:
    if claim.since and claim.since.latest:
        by_now = claim.in_unit((today - claim.since.latest).days)
        return f"It says “{claim.words}”, and today it is {by_now}."
    day = entry.recorded_at.date() if entry.kind == Kind.MILESTONE else (entry.latest or entry.placed)
    passed = (today - day).days
    return (
        f"It says “{claim.words}” as of {long_day(day)}. Another {claim.in_unit(passed)} have passed, so"
        f" by now it is about {claim.in_unit(claim.days + passed)}."
    )


OWNERLESS = Check(
    "owners",
    "Milestones that nobody watches",
    "milestone that nobody watches",
    "milestones that nobody watches",
    _ownerless,
    _judge_owners,
)
UNWARNED = Check(
    "reminders",
    "Milestones without a reminder",
    "milestone without a reminder",
    "milestones without a reminder",
    _unwarned,
    _judge_reminders,
)
OVERTAKEN = Check(
    "elapsed",
    "Words that time has overtaken",
    "claim of elapsed time that no longer holds",
    "claims of elapsed time that no longer hold",
    _telling,
    _judge_claims,
    reads=READ,
)
