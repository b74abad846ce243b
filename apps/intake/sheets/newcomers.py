"""Persons, organisations and sources that a file names and the campaign does not have yet: made together."""

from collections.abc import Sequence
from typing import Any

from apps.accounts.authorship import create_all_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.people.models import Organisation, Person
from apps.sources.models import Source
from apps.words import fold

Filled = dict[str, Any]
Key = tuple[str, ...]


class Newcomers:
    """Each is made once, however many rows name it. `made` are their keys, by their tables."""

    def __init__(self, campaign: Campaign, *, by: User) -> None:
        self.campaign, self.by = campaign, by
        self.keys: dict[Key, int] = {}
        self.made: dict[str, list[int]] = {}

    def settle(self, batch: Sequence[Filled]) -> None:
        """Put rows in the place of names, in forms that were filled in."""
        for field in ("person", "organisation", "source"):
            named = [filled for filled in batch if isinstance(filled.get(field), str)]
            if named:
                self._settle(field, named)

    def _settle(self, field: str, named: Sequence[Filled]) -> None:
        new: dict[Key, Any] = {}
        for filled in named:
            key = _key(field, filled)
            if key not in self.keys and key not in new:
                new[key] = self._row(field, filled)
        rows = create_all_as(self.by, list(new.values()))
        for key, row in zip(new, rows, strict=True):
            self.keys[key] = row.pk
            self.made.setdefault(row._meta.label, []).append(row.pk)
        known = {row.pk: row for row in rows}
        wanted = {self.keys[_key(field, filled)] for filled in named} - known.keys()
        known |= TABLES[field].objects.in_bulk(sorted(wanted))
        for filled in named:
            filled[field] = known[self.keys[_key(field, filled)]]

    def _row(self, field: str, filled: Filled) -> Any:
        name, whose = filled[field], {"campaign": self.campaign, "created_by": self.by}
        if field != "source":
            return TABLES[field](name=name, folded=fold(name), **whose)
        published, publisher = filled.get("source_published"), filled.get("source_publisher", "")
        return Source(
            title=name[:300],
            url=_address(filled),
            publisher=publisher,
            published=published.text if published else "",
            published_day=published.placed if published else None,
            folded=fold(f"{name[:300]} {publisher}"),
            **whose,
        )


TABLES: dict[str, Any] = {"person": Person, "organisation": Organisation, "source": Source}


def _key(field: str, filled: Filled) -> Key:
    name = str(filled[field]).casefold()
    return (field, name, _address(filled)) if field == "source" else (field, name)


def _address(filled: Filled) -> str:
    title = str(filled["source"])
    return filled.get("source_url") or (title if title.startswith(("http://", "https://")) else "")
