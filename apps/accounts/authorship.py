"""Who did it: every save that keeps history goes through here, so that each row of it names a person."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import models, router
from django.db.models.deletion import Collector
from simple_history.utils import bulk_create_with_history

from apps.accounts.models import User

Row = TypeVar("Row", bound=models.Model)


def save_as(by: User | None, row: Row, *, only: Sequence[str] | None = None) -> Row:
    """Save a row, or `only` these fields of it, its history saying that `by` did it (None: the program
    itself)."""
    _sign(row, by)
    row.save(update_fields=only)
    return row


def delete_as(by: User | None, row: models.Model) -> None:
    """Delete a row; its history stays, and says that `by` did it."""
    _sign(row, by)
    row.delete()


def create_all_as(by: User | None, rows: Sequence[Row]) -> Sequence[Row]:
    """Save new rows of one table, all at once; each gets its key. What their own `save` would derive is for
    the caller to fill in."""
    if rows:
        bulk_create_with_history(rows, type(rows[0]), default_user=by, batch_size=500)
    return rows


def delete_all_as(by: User | None, rows: Sequence[models.Model]) -> None:
    """Delete rows of one table, with what goes with them; what that is must be signed by the caller."""
    if not rows:
        return
    for row in rows:
        _sign(row, by)
    collector = Collector(using=router.db_for_write(type(rows[0])), origin=rows[0])
    collector.collect(rows)
    collector.delete()


def _sign(row: models.Model, by: User | None) -> None:
    row._history_user = by  # type: ignore[attr-defined]  # where simple-history looks for the author
