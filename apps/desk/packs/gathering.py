"""A pack as it stands now: its entries read through the gate, set back to the day it is as of, in order.

However many entries there are, it takes the same number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from apps.campaigns.access import Access
from apps.desk import visible
from apps.desk.asof import AsOf, end_of_day, then
from apps.desk.exports.said import clean
from apps.desk.newer import since_among
from apps.desk.packs.saying import Told, moment_in, part_of, why_left_out
from apps.legislation.models import TargetDate
from apps.press.actions import MOST
from apps.press.content import Content, Linked, Part, content_from
from apps.press.models import Item, PressPack
from apps.press.rewind import set_back
from apps.timeline.models import Entry, Kind, Link, Relation, State, Visibility


@dataclass(frozen=True)
class Place:
    """One thing of a pack. `part` is what an export says of it, None where it is left out, and `left_out`
    says why. `item` is None for an entry that the saved filter found."""

    item: Item | None
    entry: Entry | None
    part: Part | None
    left_out: str = ""


@dataclass(frozen=True)
class Gathered:
    """`too_many`: the saved filter finds more than fit."""

    places: list[Place]
    content: Content
    too_many: bool = False

    @property
    def left_out(self) -> list[Place]:
        return [place for place in self.places if place.left_out]

    @property
    def held(self) -> list[Entry]:
        """The entries that an export holds."""
        return [place.entry for place in self.places if place.entry and place.part]

    @property
    def own(self) -> list[Place]:
        """What was picked and written, as against found."""
        return [place for place in self.places if place.item]

    @property
    def found(self) -> list[Place]:
        return [place for place in self.places if not place.item]


def as_of_in(pack: PressPack, access: Access) -> AsOf | None:
    """The day the pack is as of; None where that is today."""
    return end_of_day(access, pack.as_of) if pack.as_of and pack.as_of < access.today else None


def gather(pack: PressPack, access: Access, *, found: QuerySet[Entry] | None = None) -> Gathered:
    """`found` is what the saved filter finds, of what this person may see."""
    as_of = as_of_in(pack, access)
    items = list(pack.items.all())
    picked = {item.entry_id for item in items if item.entry_id}
    rows = _rows(visible.entries(access).filter(pk__in=picked))
    extra = list(_rows(found).order_by("placed", "pk")[: MOST + len(picked) + 1]) if found is not None else []
    extra = [entry for entry in extra if entry.pk not in picked]
    room = max(0, MOST - len(items))
    entries = {entry.pk: entry for entry in (*rows, *extra[:room])}
    reasons = left_out_of(entries.values(), access, as_of)
    parts = _parts([entry for entry in entries.values() if entry.pk not in reasons], items, access, as_of)
    places = [_place(item, entries, parts, reasons) for item in items]
    places += [Place(None, entry, parts.get(entry.pk), reasons.get(entry.pk, "")) for entry in extra[:room]]
    content = _content(pack, access, as_of, [place.part for place in places if place.part])
    return Gathered(places, content, too_many=len(extra) > room)


def _rows(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    return entries.select_related(
        *("source", "person", "organisation", "statistic", "milestone", "quote__post__organisation")
    )


def left_out_of(entries: Iterable[Entry], access: Access, as_of: AsOf | None) -> dict[int, str]:
    """Why some of these may not be told, by their id; the others are set back to the day asked for.

    Embargo, clearance and consent are asked as of now, whatever the day."""
    zone, reasons, rest = access.campaign.zone, {}, []
    for entry in entries:
        why = why_left_out(entry, access.at, zone)
        if not why and as_of and entry.recorded_at > as_of.at:
            why = f"it was recorded on {moment_in(zone, entry.recorded_at)}, after {as_of.words}"
        if why:
            reasons[entry.pk] = why
        else:
            rest.append(entry)
    return reasons | (set_back(rest, as_of.at) if as_of else {})


def _parts(
    entries: Sequence[Entry], items: Iterable[Item], access: Access, as_of: AsOf | None
) -> dict[int, Part]:
    beside = {item.entry_id: item.text for item in items}
    ids = [entry.pk for entry in entries]
    _with_snapshots(entries)
    ledgers, links = _ledgers(entries, as_of), _links(ids, as_of)
    today = then(access, as_of).today
    since = since_among(entries, lambda: _for_outside(access), today=today, as_of=as_of)
    told = [
        Told(
            entry=entry,
            access=access,
            today=today,
            ledger=ledgers.get(entry.pk, ()),
            links=tuple(links[entry.pk]),
            since=since.get(entry.pk),
            text=beside.get(entry.pk, ""),
        )
        for entry in entries
    ]
    return {each.entry.pk: part_of(each) for each in told}


def _for_outside(access: Access) -> QuerySet[Entry]:
    """What ordinary readers may see now: a figure under embargo must not give itself away by an older one."""
    shown = Q(state=State.PUBLISHED, shown_from__lte=access.at) & ~Q(visibility=Visibility.STAFF)
    return visible.entries(access).filter(shown, Q(shown_until=None) | Q(shown_until__gt=access.at))


def _with_snapshots(entries: Sequence[Entry]) -> None:
    """The texts that quotes are held against, in one query."""
    sources = [entry.source for entry in entries if entry.kind == Kind.QUOTE and entry.source]
    if sources:
        prefetch_related_objects(sources, "snapshots")


def _ledgers(entries: Iterable[Entry], as_of: AsOf | None) -> dict[int, list[TargetDate]]:
    milestones = [entry.pk for entry in entries if entry.kind == Kind.MILESTONE]
    rows = TargetDate.objects.filter(milestone__in=milestones).select_related("source")
    return (rows.filter(recorded_at__lte=as_of.at) if as_of else rows).by_milestone()


def _links(ids: Sequence[int], as_of: AsOf | None) -> dict[int, list[Linked]]:
    """The links between these entries, read from both ends."""
    rows = Link.objects.filter(from_entry__in=ids, to_entry__in=ids)
    if as_of:
        rows = rows.filter(created_at__lte=as_of.at)
    found: dict[int, list[Linked]] = defaultdict(list)
    for link in rows.order_by("id"):
        relation = Relation(link.relation)
        found[link.from_entry_id].append(Linked(relation=relation.label, entry=link.to_entry_id))
        found[link.to_entry_id].append(Linked(relation=relation.backwards, entry=link.from_entry_id))
    return found


def _place(item: Item, entries: dict[int, Entry], parts: dict[int, Part], reasons: dict[int, str]) -> Place:
    if item.entry_id is None:
        return Place(item, None, Part(text=item.text))
    entry = entries.get(item.entry_id)
    why = reasons.get(item.entry_id, "") if entry else "it is not one you may see"
    return Place(item, entry, parts.get(item.entry_id) if not why else None, why)


def _content(pack: PressPack, access: Access, as_of: AsOf | None, parts: list[Part]) -> Content:
    now = moment_in(access.campaign.zone, access.at).rpartition(",")[0]
    known = (
        f"As known on {as_of.words}; what was recorded later is left out." if as_of else f"As known on {now}."
    )
    content = Content(
        campaign=access.campaign.name,
        title=pack.title,
        introduction=pack.introduction,
        known=known,
        parts=tuple(parts),
    )
    return content_from(_cleaned(content.as_json()))


def _cleaned(value: Any) -> Any:
    """The same, without the characters that XML may not hold, wherever they were typed."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, list) else value
