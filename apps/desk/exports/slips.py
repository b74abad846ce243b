"""The ledger of slips as a sheet and as JSON: every target of every milestone that came through the filter,
the worst first. Written as it is read, however long it is."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from apps.campaigns.access import Access
from apps.desk.exports.addresses import of_entry, whole
from apps.desk.exports.plain import Json, dated, iso, source_of
from apps.desk.exports.said import state
from apps.desk.picture import restrictions
from apps.desk.slips import Slip
from apps.legislation.models import TargetDate
from apps.legislation.slips import Revision

COLUMNS = (
    *("Milestone", "Address", "Who must do it", "Bill", "How it stands", "Moved, times", "Slipped, days"),
    *("Row", "From", "To", "From, last day", "To, last day", "Days", "Counts", "Why", "Source"),
    *("Source’s address", "Recorded by", "Recorded on", "Not for everybody"),
)


def lines_of(slips: Iterable[Slip]) -> Iterator[list[str]]:
    """The names of the columns, then a line for each target; a first one moved from nothing."""
    yield list(COLUMNS)
    for slip in slips:
        shared = _shared(slip)
        not_for_all = "; ".join(restrictions(slip.entry, slip.access))
        for number, told in enumerate(slip.told):
            yield [*shared, *_line(number, told, slip.access), not_for_all]


def _shared(slip: Slip) -> list[str]:
    entry = slip.entry
    return [
        entry.headline,
        of_entry(entry, slip.access.campaign),
        " · ".join(str(who) for who in (entry.person, entry.organisation) if who),
        str(slip.bill or ""),
        state(entry, slip.access.today),
        str(entry.milestone.moves),
        str(entry.slip_days or 0),
    ]


def _line(number: int, told: Revision[TargetDate], access: Access) -> list[str]:
    row, before = told.row, told.before
    return [
        str(number),
        before.date if before else "",
        row.date,
        before.latest.isoformat() if before else "",
        row.latest.isoformat(),
        str(told.days) if before else "",
        counts_in_words(told),
        row.reason,
        str(row.source or ""),
        row.source.url if row.source else "",
        recorded_by(row, access),
        access.campaign.today(row.recorded_at).isoformat(),
    ]


def counts_in_words(told: Revision[TargetDate]) -> str:
    """Whether a row counts as a move, or why not."""
    if told.replaced:
        return "no: put right later"
    if told.row.correction:
        return "no: a correction" if not told.counts else "yes, as a correction of the row before"
    if told.before is None:
        return "the first target"
    return "yes" if told.counts else "no: the same date"


def recorded_by(row: TargetDate, access: Access) -> str:
    """Who, for those on the campaign."""
    if access.role is None:
        return ""
    return row.recorded_by.name if row.recorded_by else "a program"


def as_json(slips: Iterable[Slip], access: Access) -> Iterator[str]:
    campaign = {"name": access.campaign.name, "url": whole("campaign", access.campaign)}
    head = json.dumps({"campaign": campaign, "today": access.today.isoformat()}, ensure_ascii=False)
    yield f'{head[:-1]}, "milestones": ['
    comma = ""
    for slip in slips:
        yield comma + json.dumps(_milestone(slip), ensure_ascii=False)
        comma = ",\n"
    yield "]}\n"


def _milestone(slip: Slip) -> Json:
    entry, milestone, access = slip.entry, slip.entry.milestone, slip.access
    return {
        "id": entry.pk,
        "url": of_entry(entry, access.campaign),
        "headline": entry.headline,
        "person": entry.person.name if entry.person else None,
        "organisation": entry.organisation.name if entry.organisation else None,
        "bill": slip.bill.title if slip.bill else None,
        "state": state(entry, access.today),
        "outcome": milestone.outcome,
        "settled_on": iso(milestone.settled_on),
        "first_promised": iso(milestone.first_latest),
        "late_days": milestone.late_days(access.today),
        "moves": milestone.moves,
        "slip_days": entry.slip_days or 0,
        "restrictions": restrictions(entry, access),
        "targets": [_target(told, access) for told in slip.told],
    }


def _target(told: Revision[TargetDate], access: Access) -> dict[str, Any]:
    row = told.row
    return {
        "from": dated(told.before.date) if told.before else None,
        "to": dated(row.date),
        "latest": row.latest.isoformat(),
        "days": told.days,
        "counts": told.counts,
        "correction": row.correction,
        "replaced": told.replaced,
        "reason": row.reason,
        "source": source_of(row.source),
        "recorded_by": recorded_by(row, access) or None,
        "recorded_on": access.campaign.today(row.recorded_at).isoformat(),
    }
