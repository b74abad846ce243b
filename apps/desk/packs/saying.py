"""What a pack says of one entry: its facts in words, the verdicts of the checks, and who says so.

Every question that packs ask of evidence and legislation is asked in this file.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.utils import timezone

from apps.campaigns.access import Access
from apps.dates import days, in_words, long_day
from apps.desk.exports.addresses import of_entry
from apps.desk.exports.said import speaker, state
from apps.desk.newer import Since
from apps.desk.phrases import amount
from apps.evidence.checks import EXPLAINED, check_change, verbatim
from apps.evidence.models import Outlet
from apps.legislation.models import TargetDate
from apps.legislation.slips import standing
from apps.press.content import Cite, Linked, Part, Step
from apps.sources.models import Source
from apps.timeline.models import Entry, Kind, State, Visibility


def why_left_out(entry: Entry, at: datetime, zone: tzinfo) -> str:
    """Why an entry may not leave the site at this moment, whatever day a pack is as of; empty where it may.

    What ordinary readers of the campaign may not see is not for outside either.
    """
    if entry.state == State.DRAFT:
        return "it waits for approval"
    if entry.state == State.WITHDRAWN:
        return "it is withdrawn"
    if entry.is_embargoed(at):
        return f"it is under embargo until {moment_in(zone, entry.embargo_until)}"
    if entry.kind == Kind.QUOTE and not entry.quote.is_cleared():
        return "it is not cleared for use"
    if entry.kind == Kind.QUOTE and Outlet.PRESS not in entry.quote.outlets:
        allowed = ", ".join(outlet.label for outlet in entry.quote.outlets)
        return f"it is cleared for {allowed} only, not for the press"
    if entry.shown_until is not None and entry.shown_until <= at:
        return f"its clearance or consent ran out on {moment_in(zone, entry.shown_until)}"
    if entry.visibility == Visibility.STAFF:
        return "it is for staff only"
    return "" if entry.is_shown(at) else "it may not be shown yet"


def moment_in(zone: tzinfo, when: datetime | None) -> str:
    """A moment in a campaign's own zone, for what is read away from the site: "3 September 2020, 14:05"."""
    if when is None:
        return ""
    local = timezone.localtime(when, zone)
    return f"{long_day(local.date())}, {local:%H:%M}"


@dataclass(frozen=True)
class Told:
    """An entry as a pack tells it: set back already where the pack is as of an earlier day, which is then
    `today`. `ledger` are its target dates up to that day, `links` those to other entries of the pack, `since`
    what has come out since a figure, as far as anybody outside may know."""

    entry: Entry
    access: Access
    today: date
    ledger: Sequence[TargetDate] = ()
    links: tuple[Linked, ...] = ()
    since: Since | None = None
    text: str = ""


def part_of(told: Told) -> Part:
    entry = told.entry
    facts = {
        "kind": entry.get_kind_display(),
        "headline": entry.headline,
        "date": in_words(entry.date),
        **_details(told),
        "note": entry.note,
        "source": str(entry.source or ""),
        "source_url": entry.source.url if entry.source else "",
        "address": of_entry(entry, told.access.campaign),
    }
    return Part(
        entry=entry.pk,
        facts={name: text for name, text in facts.items() if text},
        cites=(cite_of(entry.source),) if entry.source else (),
        steps=tuple(_steps(told.ledger)),
        links=told.links,
        text=told.text,
        signed=signed(entry),
    )


def _details(told: Told) -> dict[str, str]:
    entry = told.entry
    if entry.kind == Kind.QUOTE:
        return _quote(entry)
    if entry.kind == Kind.STATISTIC:
        return _statistic(entry, told.since)
    return _milestone(entry, told) if entry.kind == Kind.MILESTONE else {}


def _quote(entry: Entry) -> dict[str, str]:
    judged = verbatim(entry.quote)
    return {
        "words": entry.quote.words,
        "speaker": speaker(entry),
        "check": judged.value,
        "working": EXPLAINED[judged],
    }


def _statistic(entry: Entry, since: Since | None) -> dict[str, str]:
    statistic = entry.statistic
    period = in_words(statistic.period) if statistic.period else ""
    out_of = f"out of {statistic.population}" if statistic.population else ""
    what = (statistic.measure, statistic.area, period, out_of)
    change = check_change(statistic)
    said = [change.working, change.because] if change else []
    return {
        "figure": amount(statistic),
        "measure": ", ".join(part for part in what if part),
        "as_of": f"{in_words(entry.date)} ({since.sentence})" if since else in_words(entry.date),
        "speaker": speaker(entry),
        "check": change.verdict.value if change else "",
        "working": ". ".join(part for part in said if part),
    }


def _milestone(entry: Entry, told: Told) -> dict[str, str]:
    milestone = entry.milestone
    target = in_words(told.ledger[-1].date) if told.ledger else in_words(entry.date)
    late = milestone.late_days(told.today)
    first = long_day(milestone.first_latest)
    return {
        "target": target,
        "outcome": milestone.get_outcome_display(),
        "stands": state(entry, told.today),
        "slip_days": str(entry.slip_days or 0),
        "speaker": speaker(entry),
        "working": f"{days(late)} past the first promised date, {first}." if late > 0 else "",
    }


def _steps(ledger: Sequence[TargetDate]) -> Iterator[Step]:
    """Each target that counts: when it was first set, and each move."""
    for number, row in enumerate(standing(ledger)):
        target = in_words(row.date)
        said = f"Moved to {target}" if number else f"First target: {target}"
        cite = cite_of(row.source) if row.source else None
        yield Step(text=f"{said}. {row.reason}".strip(), cite=cite)


def cite_of(source: Source) -> Cite:
    published = f", {in_words(source.published)}" if source.published else ""
    return Cite(text=f"{source}{published}.", url=source.url)


def signed(entry: Entry) -> str:
    """What a sign-off was of: these words, of this speaker. Empty for what is not signed off."""
    if entry.kind != Kind.QUOTE:
        return ""
    words = hashlib.sha256(entry.quote.words.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{entry.person_id or ''}/{entry.organisation_id or ''}/{words}"
