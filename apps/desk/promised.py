"""Lines drafted of broken promises, in words made on the day they are read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.campaigns.access import Access
from apps.dates import days, in_words, long_day
from apps.desk.newer import on_or_in
from apps.health.models import BrokenPromise
from apps.legislation.models import Outcome
from apps.sources.models import Source
from apps.timeline.models import Entry

LONGEST_HEADLINE = 300
COUNTED = 1_000


@dataclass(frozen=True)
class Line:
    """`said` is who said what, and where; `late` how late that is today; `since` what has become of the
    milestone meanwhile, if anything has; `lasting` the whole so that it still holds tomorrow."""

    row: BrokenPromise
    quote: Entry
    milestone: Entry
    said: str
    late: str
    since: str
    lasting: str
    headline: str

    @property
    def words(self) -> str:
        return f"{self.said} {self.late}"


def waiting(access: Access) -> QuerySet[BrokenPromise]:
    """What may be decided on in this campaign; for staff alone."""
    rows = BrokenPromise.objects.waiting(at=access.at).filter(campaign=access.campaign)
    return rows.select_related(
        *("quote__entry__person", "quote__entry__organisation", "quote__entry__source"),
        *("quote__post__organisation", "milestone__entry"),
    )


def count_waiting(access: Access) -> int:
    return (
        BrokenPromise.objects.waiting(at=access.at)
        .filter(campaign=access.campaign)
        .order_by()[:COUNTED]
        .count()
    )


def lines_of(rows: Sequence[BrokenPromise], access: Access) -> list[Line]:
    return [line_of(row, access) for row in rows]


def line_of(row: BrokenPromise, access: Access) -> Line:
    quote, milestone, today = row.quote.entry, row.milestone.entry, access.today
    said, promised = _said(row), in_words(row.target).removeprefix("by ")
    past = days((today - row.due).days)
    return Line(
        row,
        quote,
        milestone,
        said=said,
        late=f"Today that date, {promised}, is {past} past.",
        since=_since(row),
        lasting=f"{said} On {long_day(today)} that date, {promised}, was {past} past.",
        headline=f"Past its promised date, {promised}: {milestone.headline}"[:LONGEST_HEADLINE],
    )


def _said(row: BrokenPromise) -> str:
    """ "On 3 September 2020 Andy Burrows, Head of Policy at NSPCC, said: “…” (The Guardian)."."""
    quote = row.quote.entry
    when = on_or_in(quote.date)
    source = f" ({_named(quote.source)})" if quote.source else ""
    return f"{when[:1].upper()}{when[1:]} {_speaker(row)} said: “{row.quote.words}”{source}."


def _named(source: Source) -> str:
    return f"{source.title}, {source.publisher}" if source.publisher else source.title


def _speaker(row: BrokenPromise) -> str:
    quote, post = row.quote.entry, row.quote.post
    if quote.person is None:
        return str(quote.organisation)
    body = post.organisation if post and post.organisation_id else None if post else quote.organisation
    held = " at ".join(str(part) for part in (post.role if post else "", body) if part)
    return f"{quote.person}, {held}," if held else str(quote.person)


def _since(row: BrokenPromise) -> str:
    """What has become of the milestone since that date."""
    milestone = row.milestone
    settled = milestone.settled_on
    if milestone.outcome == Outcome.MET and settled:
        late = (settled - row.due).days
        return f"It was met on {long_day(settled)}, {_by(late)}. Dismiss the line, or say that it was late."
    if not milestone.is_open():
        on = f" on {long_day(settled)}" if settled else ""
        return f"The milestone was settled{on}: {milestone.get_outcome_display().lower()}."
    if milestone.entry.date != row.target:
        return f"The target has moved: it is {in_words(milestone.entry.date)} now."
    return ""


def _by(late: int) -> str:
    return f"{days(late)} after that date" if late > 0 else "in time"
