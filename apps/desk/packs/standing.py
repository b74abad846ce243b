"""A version that was kept, read through the gate as of now: nothing withdrawn, expired, under embargo or
deleted since is told again, in any form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from apps.campaigns.access import Access
from apps.dates import long_day
from apps.desk import visible
from apps.desk.exports.addresses import whole
from apps.desk.packs.gathering import Gathered
from apps.desk.packs.saying import moment_in, signed, why_left_out
from apps.press.content import Content, Difference, Edition, Part, content_from, otherwise
from apps.press.models import Version
from apps.timeline.models import Entry, State

GONE = "What stood here may not be used at present."
DELETED = "What stood here is no longer kept."
REWORDED = "What stood here was changed since, and signed off anew."


@dataclass(frozen=True)
class Standing:
    """`edition` is what may be shown, `held` the entries it still tells of, and `reasons` why the others are
    gone, for staff, by their id."""

    edition: Edition
    held: list[Entry]
    reasons: dict[int, str]


def stand(version: Version, access: Access) -> Standing:
    content = content_from(version.content)
    ids = [part.entry for part in content.entries if part.entry is not None]
    rows = visible.entries(access).select_related("quote").filter(pk__in=ids)
    entries = {entry.pk: entry for entry in rows}
    withdrawn = _withdrawn(entries.values(), access)
    reasons: dict[int, str] = {}
    parts = []
    for part in content.parts:
        gone, why = _gone(part, entries.get(part.entry or 0), withdrawn, access)
        if part.entry is not None and gone:
            reasons[part.entry] = why
        parts.append(part.without_what_it_said(gone) if gone else part)
    held = [entry for pk, entry in entries.items() if pk not in reasons]
    return Standing(_edition(version, content, access).shown_as(tuple(parts)), held, reasons)


def _gone(part: Part, entry: Entry | None, withdrawn: dict[int, str], access: Access) -> tuple[str, str]:
    """What stands in the part's place, which leaves the site too, and why, which does not. Both empty where
    it may still be told."""
    if part.entry is None:
        return "", ""
    if entry is None:
        return DELETED, "it is no longer on the timeline"
    if entry.pk in withdrawn:
        return f"What stood here was withdrawn on {withdrawn[entry.pk]}.", "it is withdrawn"
    if why := why_left_out(entry, access.at, access.campaign.zone):
        return GONE, why
    if part.signed != signed(entry):
        return REWORDED, "its words or speaker were changed since, and today’s sign-off is of the new ones"
    return "", ""


def _withdrawn(entries: Iterable[Entry], access: Access) -> dict[int, str]:
    """On what day those that are withdrawn were: one query, and none where none is."""
    ids = [entry.pk for entry in entries if entry.state == State.WITHDRAWN]
    if not ids:
        return {}
    since: dict[int, datetime] = {}
    rows = Entry.history.filter(id__in=ids).order_by("id", "history_date", "history_id")
    for pk, state, when in rows.values_list("id", "state", "history_date"):
        if state != State.WITHDRAWN:
            since.pop(pk, None)
        else:
            since.setdefault(pk, when)
    return {pk: long_day(access.campaign.today(since[pk])) for pk in ids if pk in since}


def _edition(version: Version, content: Content, access: Access) -> Edition:
    campaign = access.campaign
    return Edition(
        content=content,
        number=version.number,
        by=version.by_name,
        made=f"{moment_in(campaign.zone, version.made_at)} ({campaign.time_zone})",
        made_at=version.made_at,
        address=whole("version", campaign, pk=version.pack_id, number=version.number),
    )


def changed_since(stood: Standing, now: Gathered) -> list[Difference]:
    """What has become of the entries of a version since it was made."""
    return list(_changed(stood, now))


def _changed(stood: Standing, now: Gathered) -> Iterator[Difference]:
    told = {part.entry: part for part in now.content.entries}
    headlines = {place.entry.pk: place.entry.headline for place in now.places if place.entry}
    both = {entry.pk for entry in stood.held} & {pk for pk in told if pk is not None}
    for part in stood.edition.content.entries:
        assert part.entry is not None
        if why := stood.reasons.get(part.entry):
            yield Difference(part.entry, headlines.get(part.entry, ""), (why,))
        elif current := told.get(part.entry):
            what = tuple(otherwise(part, current, told=both))
            if what:
                yield Difference(part.entry, current.facts["headline"], what)
