"""How entries are narrowed to those that hold some words, in SQL: FTS5 of SQLite, tsvector of PostgreSQL; and
to those of some thousands of keys."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connections

from apps.words import Query, fts5, tsquery

ID_BITS = 40
"""Of a key; above them stands the day."""
Marks = Iterable[Iterable[str]]
"""Of each group an entry must bear one."""


def key_of(day: date, pk: int) -> int:
    """A number that orders entries by their day, then by their id. The index hands them out in its order, so
    that the newest fifty of a million cost what the newest fifty of a thousand do."""
    return day.toordinal() << ID_BITS | pk


class _Index(NamedTuple):
    """The index as one database has it."""

    table: str
    key: str
    matches: str
    is_of: str


_SQLITE = _Index(
    "timeline_search",
    "timeline_search.rowid",
    "timeline_search MATCH %s",
    f"timeline_entry.id = (timeline_search.rowid & {(1 << ID_BITS) - 1})",
)
_POSTGRESQL = _Index(
    "timeline_words",
    "timeline_words.key",
    "timeline_words.vector @@ %s::tsquery",
    "timeline_entry.id = timeline_words.entry_id",
)


def index_of(using: str) -> _Index:
    return _POSTGRESQL if connections[using].vendor == "postgresql" else _SQLITE


def conditions(
    using: str,
    query: Query,
    *,
    marks: Marks = (),
    head: bool | None = None,
    start: date | None = None,
    end: date | None = None,
    before: int | None = None,
) -> dict[str, Any]:
    """What `QuerySet.extra` takes; see EntryQuerySet.matching."""
    index = index_of(using)
    written = tsquery if index is _POSTGRESQL else fts5
    where: list[str] = [index.is_of, index.matches]
    params: list[Any] = [written(query, marks=marks, head=head)]
    bounds = (
        (">=", key_of(start, 0) if start else None),
        ("<=", key_of(end, (1 << ID_BITS) - 1) if end else None),
        ("<", before),
    )
    for sign, bound in bounds:
        if bound is not None:
            where.append(f"{index.key} {sign} %s")
            params.append(bound)
    return {"tables": [index.table], "where": where, "params": params}


def among(using: str, column: str, keys: Sequence[int]) -> dict[str, Any]:
    """What `QuerySet.extra` takes, for rows whose `column` is one of these keys. They are one parameter: to
    read a list of thousands takes either database longer than to look them up."""
    if index_of(using) is _POSTGRESQL:
        return {"where": [f"{column} = ANY(%s)"], "params": [list(keys)]}
    listed = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608  # a column's name, of ours
    return {"where": [listed], "params": [json.dumps(list(keys))]}
