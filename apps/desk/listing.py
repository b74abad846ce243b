"""Plain lists by name, a page at a time by key."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

PAGE = 100


@dataclass(frozen=True)
class Listing:
    """Rows in the order of their names. `more` continues after the last; `words` narrowed them."""

    rows: list[Any]
    words: str
    more: str


def listing_of(rows: QuerySet[Any], address: QueryDict, *, by: str, key: str = "") -> Listing:
    """A page of rows whose name holds the words in `q`, after the name and id in `{key}after`."""
    words = " ".join(address.get("q", "")[:100].replace("\x00", "").split())
    if words:
        rows = rows.filter(**{f"{by}__icontains": words})
    ordered = rows.order_by(by, "pk")
    name, _, pk = address.get(f"{key}after", "").replace("\x00", "").rpartition("|")
    if pk.isdecimal() and len(pk) < 19:
        ordered = ordered.filter(**{f"{by}__gte": name}).exclude(**{by: name, "pk__lte": int(pk)})
    page = list(ordered[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    return Listing(page[:PAGE], words, f"{getattr(last, by)}|{last.pk}" if last else "")


def query_of(address: QueryDict) -> str:
    """What an address asks for, without its place and format: ready for links to other pages of the same."""
    kept: Any = address.copy()
    for name in ("after", "before", "_export"):
        kept.pop(name, None)
    return kept.urlencode()
