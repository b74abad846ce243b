"""Putting packs together, and keeping what leaves the site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import delete_as, save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.press.content import Content
from apps.press.models import Export, Form, Item, PressPack, Version
from apps.timeline.actions import record_use
from apps.timeline.models import Entry, Way

MOST = 2_000
"""Entries and notes in one pack."""


class Changed(Exception):
    """Somebody else changed the pack first. Nothing was written; `pack` is what stands now."""

    def __init__(self, pack: PressPack) -> None:
        super().__init__(f"{pack} was changed in the meantime")
        self.pack = pack


@transaction.atomic
def start_pack(
    *,
    campaign: Campaign,
    title: str,
    by: User,
    at: datetime,
    introduction: str = "",
    as_of: date | None = None,
    query: str = "",
) -> PressPack:
    pack = PressPack(
        campaign=campaign,
        title=title,
        introduction=introduction,
        as_of=as_of,
        query=query,
        created_by=by,
        changed_at=at,
    )
    return save_as(by, pack)


@transaction.atomic
def change_pack(
    *,
    pack: PressPack,
    title: str,
    introduction: str,
    as_of: date | None,
    query: str,
    revision: int,
    by: User,
    at: datetime,
) -> PressPack:
    """Raises Changed where the pack has a newer revision."""
    pack = _lock(pack, revision)
    pack.title, pack.introduction, pack.as_of, pack.query = title, introduction, as_of, query
    return _saved(pack, by, at)


@dataclass(frozen=True)
class Put:
    """How many entries were put into a pack, were in it already, and found no room."""

    added: int
    known: int
    too_many: int


@transaction.atomic
def put(*, pack: PressPack, entries: Sequence[Entry], by: User, at: datetime) -> Put:
    """Add entries at the pack's end, in the order given. Raises ValidationError for another campaign's."""
    if any(entry.campaign_id != pack.campaign_id for entry in entries):
        raise ValidationError("An entry of another campaign cannot go into this pack.")
    pack = _lock(pack)
    items = list(pack.items.all())
    there = {item.entry_id for item in items}
    new = [entry for entry in entries if entry.pk not in there]
    fitting = new[: max(0, MOST - len(items))]
    after = items[-1].place if items else 0
    Item.objects.bulk_create(
        Item(pack=pack, entry=entry, place=after + number) for number, entry in enumerate(fitting, start=1)
    )
    if fitting:
        _saved(pack, by, at)
    return Put(added=len(fitting), known=len(entries) - len(new), too_many=len(new) - len(fitting))


@transaction.atomic
def save_filter(*, pack: PressPack, query: str, by: User, at: datetime) -> PressPack:
    """From now the pack takes what this filter of the timeline finds when it is opened."""
    pack = _lock(pack)
    pack.query = query
    return _saved(pack, by, at)


@transaction.atomic
def add_note(*, pack: PressPack, text: str, place: int, revision: int, by: User, at: datetime) -> Item:
    """A note that stands by itself, as the `place`-th thing of the pack, counted from 1."""
    pack = _lock(pack, revision)
    items = list(pack.items.all())
    if len(items) >= MOST:
        raise ValidationError(f"A pack holds at most {MOST:,} entries and notes. Take something out first.")
    note = Item.objects.create(pack=pack, text=text, place=len(items) + 1)
    _in_order(items, note, place)
    _saved(pack, by, at)
    return note


@transaction.atomic
def change_item(*, item: Item, text: str, place: int, revision: int, by: User, at: datetime) -> Item:
    """What is written there, and where it stands. Raises Changed where the pack has a newer revision."""
    pack = _lock(item.pack, revision)
    items = list(pack.items.all())
    item = next(each for each in items if each.pk == item.pk)
    if item.entry_id is None and not text:
        raise ValidationError("A note by itself needs words; take it out of the pack instead.")
    item.text = text
    item.save(update_fields=["text"])
    _in_order([each for each in items if each.pk != item.pk], item, place)
    _saved(pack, by, at)
    return item


@transaction.atomic
def step(*, item: Item, by_places: int, revision: int, by: User, at: datetime) -> None:
    """Move it up (−1) or down (+1)."""
    pack = _lock(item.pack, revision)
    items = list(pack.items.all())
    where = next(number for number, each in enumerate(items) if each.pk == item.pk)
    moved = items.pop(where)
    _in_order(items, moved, where + 1 + by_places)
    _saved(pack, by, at)


@transaction.atomic
def take_out(*, item: Item, revision: int, by: User, at: datetime) -> None:
    pack = _lock(item.pack, revision)
    item.delete()
    _saved(pack, by, at)


@transaction.atomic
def remove_pack(*, pack: PressPack, by: User) -> None:
    """Raises ValidationError for one that has left the site: its versions say what others hold."""
    pack = _lock(pack)
    if pack.versions.exists():
        raise ValidationError("This pack has been exported, so what it said is kept.")
    delete_as(by, pack)


def _lock(pack: PressPack, revision: int | None = None) -> PressPack:
    locked = PressPack.objects.select_for_update().get(pk=pack.pk)
    if revision is not None and locked.revision != revision:
        raise Changed(locked)
    return locked


def _saved(pack: PressPack, by: User, at: datetime) -> PressPack:
    pack.revision += 1
    pack.changed_at = at
    return save_as(by, pack)


def _in_order(others: list[Item], item: Item, place: int) -> None:
    """Give all of them their places, the item standing as the `place`-th."""
    where = min(max(place, 1), len(others) + 1) - 1
    ordered = [*others[:where], item, *others[where:]]
    misplaced = []
    for number, each in enumerate(ordered, start=1):
        if each.place != number:
            each.place = number
            misplaced.append(each)
    Item.objects.bulk_update(misplaced, ["place"], batch_size=300)


@transaction.atomic
def freeze(*, pack: PressPack, content: Content, by: User, at: datetime) -> Version:
    """The version that holds this content: the newest where it is the same, otherwise a new one."""
    pack = _lock(pack)
    newest = pack.versions.first()
    if newest is not None and newest.digest == content.digest:
        return newest
    return Version.objects.create(
        pack=pack,
        number=newest.number + 1 if newest else 1,
        content=content.as_json(),
        digest=content.digest,
        made_by=by,
        by_name=by.name[:200],
        made_at=at,
    )


@transaction.atomic
def record_export(
    *, version: Version, form: Form, entries: Iterable[Entry], address: str, by: User, at: datetime
) -> Export:
    """Note that these entries of the version left the site; `address` is the path of its page."""
    record_use(
        entries=entries,
        way=Way.EXPORTED,
        form=form.label,
        where=f"Press pack “{version.pack.title}”, version {version.number}",
        address=address,
        by=by,
        at=at,
    )
    return Export.objects.create(version=version, form=form, exported_by=by, exported_at=at)
