"""Pages by key, never by offset: the ten-thousandth page costs what the first does."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
Value = datetime.date | datetime.datetime | int
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
_CURSOR = re.compile(
    r"(?P<value>\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{6}Z)?|-?\d{1,7})\.(?P<pk>\d{1,18})", re.ASCII
)


class BadCursor(ValueError):
    """The page's address was cut or mistyped."""


@dataclass(frozen=True)
class Cursor:
    """A place in an order: the sorted value and the id of the row that stands there."""

    value: Value
    pk: int

    def __str__(self) -> str:
        if isinstance(self.value, datetime.datetime):
            return f"{self.value.astimezone(datetime.UTC).strftime(_MOMENT)}.{self.pk}"
        return f"{self.value}.{self.pk}"


def read_cursor(text: str) -> Cursor:
    """The cursor an address carries: "2021-12-31.45", "2021-12-31T09:00:00.000000Z.45", or "664.45". Raises
    BadCursor."""
    match = _CURSOR.fullmatch(text)
    if match is None:
        raise BadCursor(text)
    try:
        return Cursor(_value(match["value"]), int(match["pk"]))
    except ValueError as error:
        raise BadCursor(text) from error


def _value(raw: str) -> Value:
    if "T" in raw:
        return datetime.datetime.fromisoformat(raw)
    return datetime.date.fromisoformat(raw) if "-" in raw[1:] else int(raw)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in order, and the cursors of what lies before and after (None: nothing does)."""

    rows: list[Row]
    before: Cursor | None = None
    after: Cursor | None = None


@dataclass(frozen=True)
class Order:
    """Rows by one field, then by id, so that every row has a place of its own. `field` may follow relations
    and holds values of the type `of`; rows in which it is empty are not part of the order.

    `parts` split the rows, and each is taken by itself: an index that starts with the campaign gives an order
    within each campaign, not across several, which would have to be sorted whole.
    """

    field: str
    descending: bool = False
    of: type[Value] = datetime.date
    parts: tuple[Q, ...] = (Q(),)

    def reversed(self) -> "Order":
        return replace(self, descending=not self.descending)

    def terms(self) -> tuple[str, str]:
        sign = "-" if self.descending else ""
        return f"{sign}{self.field}", f"{sign}pk"

    def beyond(self, cursor: Cursor) -> Q:
        """Rows that stand after the cursor. The first condition is what lets an index seek."""
        step = "lt" if self.descending else "gt"
        return Q(**{f"{self.field}__{step}e": cursor.value}) & (
            Q(**{f"{self.field}__{step}": cursor.value}) | Q(**{f"pk__{step}": cursor.pk})
        )

    def cursor_of(self, row: Model) -> Cursor:
        value: Any = row
        for name in self.field.split("__"):
            value = getattr(value, name)
        return Cursor(value, row.pk)

    def read(self, text: str) -> Cursor:
        """The cursor an address carries, if it can be one of this order. Raises BadCursor."""
        cursor = read_cursor(text)
        if type(cursor.value) is not self.of:  # a moment is a date too, as Python has it
            raise BadCursor(text)
        return cursor

    def take(self, rows: QuerySet[Row], *, count: int, beyond: Cursor | None = None) -> list[Row]:
        rows = rows.filter(**{f"{self.field}__isnull": False})
        if beyond is not None:
            rows = rows.filter(self.beyond(beyond))
        ordered = rows.order_by(*self.terms())
        taken = [row for part in self.parts for row in ordered.filter(part)[:count]]
        if len(self.parts) > 1:
            taken.sort(key=self.place_of, reverse=self.descending)
        return taken[:count]

    def place_of(self, row: Model) -> tuple[Any, int]:
        cursor = self.cursor_of(row)
        return cursor.value, cursor.pk


def page_after(rows: QuerySet[Row], order: Order, *, size: int, cursor: Cursor | None = None) -> Page[Row]:
    """The page that follows the cursor; without one, the first."""
    taken = order.take(rows, count=size + 1, beyond=cursor)
    return _page(taken[:size], order, before=cursor is not None, after=len(taken) > size)


def page_before(rows: QuerySet[Row], order: Order, *, size: int, cursor: Cursor) -> Page[Row]:
    """The page that leads up to the cursor."""
    taken = order.reversed().take(rows, count=size + 1, beyond=cursor)
    return _page(taken[:size][::-1], order, before=len(taken) > size, after=True)


def page_named(
    rows: QuerySet[Row], order: Order, *, size: int, after: str | None, before: str | None
) -> tuple[Page[Row] | None, bool]:
    """The page that an address's `after` or `before` names, if it names one, and whether that was damaged."""
    try:
        if after:
            return page_after(rows, order, size=size, cursor=order.read(after)), False
        if before:
            return page_before(rows, order, size=size, cursor=order.read(before)), False
    except BadCursor:
        return None, True
    return None, False


def page_around(rows: QuerySet[Row], order: Order, *, size: int, at: Value) -> Page[Row]:
    """A page with `at` inside it: half of what leads up to it, then what follows; either fills the other's
    room where it runs short."""
    here = Cursor(at, 0)
    later = order.take(rows, count=size + 1, beyond=here)
    earlier = order.reversed().take(rows, count=size + 1, beyond=here)
    room_later = max(size // 2, size - len(earlier))
    shown_later = later[:room_later]
    shown_earlier = earlier[: size - len(shown_later)]
    return _page(
        [*shown_earlier[::-1], *shown_later],
        order,
        before=len(earlier) > len(shown_earlier),
        after=len(later) > len(shown_later),
    )


def _page(rows: Sequence[Row], order: Order, *, before: bool, after: bool) -> Page[Row]:
    if not rows:
        return Page([])
    return Page(
        list(rows),
        before=order.cursor_of(rows[0]) if before else None,
        after=order.cursor_of(rows[-1]) if after else None,
    )


COUNT_TO = 10_000


def count_up_to(rows: QuerySet[Any], limit: int = COUNT_TO) -> str:
    """How many rows, in words that stop counting: "1,204", or "10,000+"."""
    number = rows.order_by()[: limit + 1].count()
    return f"{limit:,}+" if number > limit else f"{number:,}"
