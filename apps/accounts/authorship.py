"""Who did it: every save that keeps history goes through here, so that each row of it names a person."""

from typing import TypeVar

from django.db import models

from apps.accounts.models import User

Row = TypeVar("Row", bound=models.Model)


def save_as(by: User | None, row: Row) -> Row:
    """Save a row, its history saying that `by` did it (None: the program itself)."""
    _sign(row, by)
    row.save()
    return row


def delete_as(by: User | None, row: models.Model) -> None:
    """Delete a row; its history stays, and says that `by` did it."""
    _sign(row, by)
    row.delete()


def _sign(row: models.Model, by: User | None) -> None:
    row._history_user = by  # type: ignore[attr-defined]  # where simple-history looks for the author
