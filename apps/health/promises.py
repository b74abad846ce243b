"""They said, and it is late: the date a quote promised has passed, and its milestone is not met.

Rows and a tick. The links are the facts, the ledger says which date was promised; whoever looks, however
often and however many at once, drafts each line once: its key is (quote, milestone, date).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.models import User
from apps.dates import parse
from apps.health.models import BrokenPromise, shown
from apps.legislation.models import TargetDate
from apps.legislation.slips import standing
from apps.timeline.models import Entry, Kind, Link, Relation

BATCH = 500


class Decided(Exception):
    """Somebody decided on the line first."""


def draft_broken_promises(*, at: datetime) -> int:
    """Draft a line for every promise whose date has passed unmet. Answers how many are new."""
    return sum(_draft(links, at) for links in _batches(at))


def _batches(at: datetime) -> Iterator[list[Link]]:
    """Links from quotes to open milestones past their first date, as far as readers see both."""
    tomorrow = at.date() + timedelta(days=1)  # nowhere is it later than that; each campaign's own day decides
    links = Link.objects.filter(
        shown("from_entry", at),
        shown("to_entry", at),
        relation=Relation.PROMISES,
        from_entry__kind=Kind.QUOTE,
        to_entry__due__isnull=False,
        to_entry__milestone__first_latest__lt=tomorrow,
    )
    links = links.select_related("from_entry__campaign").order_by("pk")
    batch = list(links[:BATCH])
    while batch:
        yield batch
        batch = list(links.filter(pk__gt=batch[-1].pk)[:BATCH])


def _draft(links: Sequence[Link], at: datetime) -> int:
    ledgers = TargetDate.objects.filter(milestone__in=[link.to_entry_id for link in links]).by_milestone()
    rows = [_line(link, ledgers[link.to_entry_id], at) for link in links]
    late = [row for row in rows if row.due < row.campaign.today(at)]
    known = set(
        BrokenPromise.objects.filter(quote__in=[row.quote_id for row in late]).values_list(
            "quote_id", "milestone_id", "target"
        )
    )
    new = [row for row in late if (row.quote_id, row.milestone_id, row.target) not in known]
    BrokenPromise.objects.bulk_create(new, ignore_conflicts=True)  # another tick may be at it, too
    return len(new)


def _line(link: Link, ledger: list[TargetDate], at: datetime) -> BrokenPromise:
    quote = link.from_entry
    target = promised(quote, ledger)
    return BrokenPromise(
        campaign=quote.campaign,
        quote_id=quote.pk,
        milestone_id=link.to_entry_id,
        target=target.date,
        due=parse(target.date).due or target.latest,
        drafted_at=at,
    )


def promised(quote: Entry, ledger: Sequence[TargetDate]) -> TargetDate:
    """The target that stood when it was said: a date set later nobody promised then. Where the ledger was
    begun after that day, its first one."""
    rows = standing(ledger)
    day = quote.latest or quote.placed
    known = [row for row in rows if quote.campaign.today(row.recorded_at) <= day]
    return known[-1] if known else rows[0]


@transaction.atomic
def take(*, line: BrokenPromise, entry: Entry, by: User, at: datetime) -> None:
    """The line has become this entry. Raises Decided where somebody was first."""
    locked = _locked(line)
    locked.state, locked.entry = BrokenPromise.State.TAKEN, entry
    locked.decided_by, locked.decided_at = by, at
    locked.save()


@transaction.atomic
def dismiss(*, line: BrokenPromise, because: str, by: User, at: datetime) -> None:
    """The line is not used, and is never drafted again. Raises Decided where somebody was first."""
    locked = _locked(line)
    locked.state, locked.because = BrokenPromise.State.DISMISSED, because
    locked.decided_by, locked.decided_at = by, at
    locked.save()


def _locked(line: BrokenPromise) -> BrokenPromise:
    locked = BrokenPromise.objects.select_for_update().get(pk=line.pk)
    if locked.state != BrokenPromise.State.WAITING:
        raise Decided
    return locked
