"""Writing many entries at once, and taking them away again: as `actions` does, a table at a time.

Within one transaction of the caller's. The counts are added up in a Tally, which the caller writes last.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Lower

from apps.accounts.authorship import create_all_as, delete_all_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.timeline import index
from apps.timeline.density import Tally
from apps.timeline.models import Entry, Tag


class Tags:
    """The tags of a campaign by name, capitals aside; those that are new are made as they are asked for."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        rows = Tag.objects.filter(campaign=campaign).annotate(lowered=Lower("name"))
        self.known = dict(rows.values_list("lowered", "pk"))

    def key_of(self, name: str) -> int:
        known = self.known.get(name.lower())
        if known is None:
            found = Tag.objects.filter(campaign=self.campaign, name__iexact=name).first()
            found = found or Tag.objects.create(campaign=self.campaign, name=name)
            known = self.known[name.lower()] = found.pk
        return known


def add_entries(
    entries: Sequence[Entry], tags: Sequence[tuple[str, ...]], *, by: User | None, known: Tags, tally: Tally
) -> None:
    """Save new entries, each with its tags; their details come next, and then `index_all`."""
    create_all_as(by, entries)
    through: Any = Entry.tags.through
    pairs = [
        (entry.pk, known.key_of(name)) for entry, names in zip(entries, tags, strict=True) for name in names
    ]
    through.objects.bulk_create([through(entry_id=entry, tag_id=tag) for entry, tag in dict.fromkeys(pairs)])
    for entry in entries:
        tally.add(entry)


def index_all(entries: Sequence[Entry]) -> None:
    """Write entries into the index of words, once their details are there."""
    index.write([entry.pk for entry in entries])


def delete_entries(entries: Sequence[Entry], *, by: User, tally: Tally) -> None:
    """Take entries away; their history stays. Their details must be gone."""
    for entry in entries:
        tally.take_off(entry)
    index.forget([entry.pk for entry in entries])
    delete_all_as(by, entries)


def locked(ids: Sequence[int]) -> list[Entry]:
    """These entries, locked for this transaction; those that are gone are left out."""
    return list(Entry.everything.select_for_update().filter(pk__in=ids).order_by("pk"))
