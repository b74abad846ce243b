"""The arithmetic of the ledger: what the target dates of a milestone add up to."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Target(Protocol):
    """What the arithmetic needs of a ledger row."""

    @property
    def date(self) -> str: ...
    @property
    def latest(self) -> datetime.date: ...
    @property
    def correction(self) -> bool: ...


Row = TypeVar("Row", bound=Target)


@dataclass(frozen=True)
class Reckoning:
    """`slip_days` = newest.latest − first.latest; `moves` = how often the target changed."""

    first_latest: datetime.date
    slip_days: int
    moves: int


def standing(rows: Iterable[Row]) -> list[Row]:
    """The rows that count, oldest first: a correction takes the place of the row before it."""
    kept: list[Row] = []
    for row in rows:
        if row.correction and kept:
            kept.pop()
        if not kept or kept[-1].date != row.date:
            kept.append(row)
    return kept


def reckon(rows: Iterable[Target]) -> Reckoning:
    """Add up a ledger of at least one row, given oldest first."""
    kept = standing(rows)
    first, newest = kept[0].latest, kept[-1].latest
    return Reckoning(first_latest=first, slip_days=(newest - first).days, moves=len(kept) - 1)
