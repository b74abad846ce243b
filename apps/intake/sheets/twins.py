"""Which entries a campaign has already, whatever the spaces and capitals: to know them again in a file."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from apps.campaigns.models import Campaign
from apps.evidence.models import Quote, Statistic
from apps.intake.models import Imported
from apps.legislation.models import TargetDate
from apps.timeline.models import Entry, Kind

Print = int
FIGURE = ("measure", "area", "population", "unit", "period", "figure")


class Twins:
    """The entries of one kind, by a print of what they say. It takes some 100 bytes for each."""

    def __init__(self, campaign: Campaign, kind: str) -> None:
        self.known: dict[Print, int] = {}
        for pk, parts in _stored(campaign, kind):
            self.known.setdefault(_print(parts), pk)

    def of(self, said: Print) -> int | None:
        return self.known.get(said)


def print_of(kind: str, filled: Mapping[str, Any], headline: str) -> Print:
    """Of a form that is filled in without errors."""
    if kind == Kind.STATISTIC:
        period = filled["period"].text if filled["period"] else ""
        typed = (*(filled[name] for name in FIGURE[:4]), period, filled["figure"].value, filled["date"].text)
        return _print(typed)
    if kind == Kind.QUOTE:
        speaker = filled["person"] or filled["organisation"]
        return _print((filled["words"], getattr(speaker, "name", speaker), filled["date"].text))
    return _print((headline, filled["date"].text))


def _stored(campaign: Campaign, kind: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    if kind == Kind.STATISTIC:
        rows = Statistic.everything.filter(entry__campaign=campaign)
        for pk, *parts in rows.values_list("pk", *FIGURE, "entry__date").iterator(chunk_size=5_000):
            yield pk, tuple(parts)
    elif kind == Kind.QUOTE:
        quotes = Quote.everything.filter(entry__campaign=campaign)
        names = ("words", "entry__person__name", "entry__organisation__name", "entry__date")
        for pk, words, person, body, date in quotes.values_list("pk", *names).iterator(chunk_size=5_000):
            yield pk, (words, person or body, date)
    else:
        entries = Entry.everything.filter(campaign=campaign, kind=kind)
        for pk, *parts in entries.values_list("pk", "headline", "date").iterator(chunk_size=5_000):
            yield pk, tuple(parts)
        if kind == Kind.MILESTONE:
            yield from _targets(campaign)


def _targets(campaign: Campaign) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """A milestone that has moved is known by every date it had."""
    rows = TargetDate.objects.filter(milestone__entry__campaign=campaign)
    names = ("milestone_id", "milestone__entry__headline", "date")
    for pk, headline, date in rows.order_by().values_list(*names).iterator(chunk_size=5_000):
        yield pk, (headline, date)


def _print(parts: tuple[Any, ...]) -> Print:
    return hash(tuple(_said(one) for one in parts))


def _said(part: Any) -> Any:
    """A number as text: only its hash is kept, and those of -1 and -2 are the same."""
    if isinstance(part, Decimal):
        return str(part.normalize()) if part else "0"  # which has a sign, too
    return " ".join(part.casefold().split()) if isinstance(part, str) else part


def known_in_calendars(campaign: Campaign) -> dict[str, int]:
    """The entries that came of a calendar, by what it calls them."""
    rows = Imported.objects.filter(importing__campaign=campaign).exclude(uid="")
    return dict(rows.values_list("uid", "entry_id"))
