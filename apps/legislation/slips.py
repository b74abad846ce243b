"""The arithmetic of the ledger: what the target dates of a milestone add up to."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar


class Target(Protocol):
    """What the arithmetic needs of a ledger row."""

    @property
    def date(self) -> str: ...
    @property
    def latest(self) -> datetime.date: ...
    @property
    def correction(self) -> bool: ...


Row = TypeVar("Row", bound=Target)
Told = TypeVar("Told")


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


@dataclass(frozen=True)
class Revision(Generic[Told]):
    """A row of the ledger beside the target that stood `before` it (None: it is the first).

    `days` is how much later it is. A row that was `replaced` by a correction, and one that puts a target back
    to the `same` it was, do not count; the days of those that do add up to the slip.
    """

    row: Told
    before: Told | None
    days: int = 0
    same: bool = False
    replaced: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is a move."""
        return self.stands and self.before is not None

    @property
    def stands(self) -> bool:
        """Whether `standing` keeps it: it is the first target, or a move."""
        return not self.replaced and not self.same


def revisions(rows: Iterable[Row]) -> list[Revision[Row]]:
    """Every row of a ledger, oldest first, with what it moved the target from."""
    told: list[Revision[Row]] = []
    kept: list[int] = []  # the places of those that stand, as in `standing`
    for row in rows:
        if row.correction and kept:
            place = kept.pop()
            told[place] = replace(told[place], replaced=True)
        before = told[kept[-1]].row if kept else None
        if before is None:
            made = Revision(row, None)
        else:
            made = Revision(row, before, (row.latest - before.latest).days, same=before.date == row.date)
        told.append(made)
        if not made.same:
            kept.append(len(told) - 1)
    return told
