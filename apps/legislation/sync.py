"""Looking at what followed bills are at: rows and a tick, like all that is done later.

A look asks each provider which of the bills whose turn it is have changed, many in one request, and reads
only those. Missed or doubled, nothing goes wrong: what a look could not do is written down, and the next does
it.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock_time

from django.db.models import QuerySet

from apps.legislation.importing import Report, import_bill, pass_days
from apps.legislation.models import Bill, BillLook, Following, ProviderLook, Step, StepState
from apps.legislation.providers import PROVIDERS
from apps.legislation.providers.asking import Asker, Busy, Engaged, NotThere, Trouble
from apps.legislation.providers.records import OFTEN, Actions, Provider, ProviderBill

log = logging.getLogger(__name__)

EVERY = OFTEN
"""After which a provider that could not be asked is tried again, and then twice as long."""
LONGEST = timedelta(days=1)
MOST_SAID = 50
LOOK_STEPS = 4
"""Of a look that somebody waits for: asked, the bill read, its stages read, all written."""


@dataclass
class Tally:
    """What a look did."""

    bills: int = 0
    changed: int = 0
    requests: int = 0
    troubles: list[str] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.bills + other.bills,
            self.changed + other.changed,
            self.requests + other.requests,
            [*self.troubles, *other.troubles],
        )


@dataclass(frozen=True)
class Means:
    """How to look: the clock, how to wait, and whether there is time left."""

    clock: Callable[[], datetime]
    pause: Callable[[float], None] = time.sleep
    going: Callable[[], bool] = lambda: True

    def ask(self, provider: Provider) -> Asker:
        return Asker(
            provider.base(),
            clock=self.clock,
            pause=self.pause,
            going=self.going,
            headers=provider.headers(),
        )


def look(
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], None] = time.sleep,
    going: Callable[[], bool] = lambda: True,
) -> Tally:
    """Look at every bill whose turn it is."""
    means, tally = Means(clock, pause, going), Tally()
    for provider in PROVIDERS.values():
        if not provider.off() and going():
            _look_by(provider, means, tally)
    return tally


def look_at(
    bill: Bill,
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], None] = time.sleep,
    going: Callable[[], bool] = lambda: True,
) -> Tally:
    """Read one bill in full, now, unless its provider is being left alone."""
    means, tally = Means(clock, pause, going), Tally()
    provider = PROVIDERS.get(bill.provider)
    if provider is None or provider.off():
        tally.troubles.append(provider.off() if provider else f"There is no provider {bill.provider}.")
        return tally
    row = BillLook.objects.select_related("bill").get(bill=bill)
    with means.ask(provider) as ask:
        try:
            _read(provider, ask, [row], row.token, means, tally)
            _answered(provider, clock())
        except (Busy, Engaged) as trouble:
            _could_not(provider, trouble, means, tally)
            BillLook.objects.filter(pk=row.pk).update(said=[str(trouble)], asked_at=None, done=0)
        tally.requests += ask.requests
    _pass_days(provider, means, [bill.pk])
    return tally


def due(provider: Provider, at: datetime) -> QuerySet[BillLook]:
    """The bills of this provider whose turn it is."""
    rows = BillLook.objects.filter(try_at__lte=at, bill__provider=provider.name)
    return rows.filter(bill__following=Following.FOLLOWED).order_by("try_at", "bill_id")


def _look_by(provider: Provider, means: Means, tally: Tally) -> None:
    at = means.clock()
    rows = list(due(provider, at).select_related("bill"))
    if not rows or ProviderLook.objects.filter(provider=provider.name, try_at__gt=at).exists():
        return
    with means.ask(provider) as ask:
        try:
            for page in _pages(rows, provider.most_at_once):
                _look_at_page(provider, ask, page, means, tally)
            _answered(provider, means.clock())
        except Trouble as trouble:
            _could_not(provider, trouble, means, tally)
        tally.requests += ask.requests
    _pass_days(provider, means)


def _pages(rows: Sequence[BillLook], most: int) -> Iterator[dict[str, list[BillLook]]]:
    """The rows by the provider's id of their bill, so many ids at a time."""
    by_id: dict[str, list[BillLook]] = {}
    for row in rows:
        by_id.setdefault(row.bill.external_id, []).append(row)
    names = list(by_id)
    for start in range(0, len(names), most):
        yield {name: by_id[name] for name in names[start : start + most]}


def _look_at_page(
    provider: Provider, ask: Asker, page: dict[str, list[BillLook]], means: Means, tally: Tally
) -> None:
    """One request for all of these; then each that changed."""
    known = {name: {row.token for row in rows} for name, rows in page.items()}
    tokens = {name: next(iter(of)) if len(of) == 1 else "" for name, of in known.items()}
    changes = provider.changed_since(ask, tokens)
    tally.troubles += changes.troubles
    same = [row for name in changes.unchanged for row in page[name]]
    for name, token in changes.changed.items():
        same += [row for row in page[name] if row.token == token]
    _note_unchanged(provider, [row.pk for row in same], means.clock())
    tally.bills += len(same)
    for name in page:
        if name not in (*changes.changed, *changes.unchanged, *changes.left):
            gone = name in changes.missing
            said = [_not_listed(provider)] if gone else list(changes.troubles)
            for row in page[name]:
                _fail(row, said, means.clock())
    for name, token in changes.changed.items():
        rows = [row for row in page[name] if row.token != token]
        if rows:
            _read(provider, ask, rows, token, means, tally)


def _not_listed(provider: Provider) -> str:
    return f"{provider.title} no longer lists this {provider.noun}. What is here is kept."


def _note_unchanged(provider: Provider, bills: Sequence[int], at: datetime) -> None:
    if bills:
        BillLook.objects.filter(pk__in=bills).update(
            looked_at=at, try_at=at + provider.every, failures=0, asked_at=None
        )


def _read(
    provider: Provider, ask: Asker, rows: Sequence[BillLook], token: str, means: Means, tally: Tally
) -> None:
    """Read a bill and write it for every campaign that follows it. Raises Busy and Engaged."""
    external_id = rows[0].bill.external_id
    tally.bills += len(rows)
    try:
        _progress(rows, 1)
        told = provider.get_bill(ask, external_id)
        _progress(rows, 2)
        listed = provider.list_actions(ask, external_id)
        _progress(rows, 3)
    except (Busy, Engaged):
        raise
    except Trouble as trouble:
        said = _not_listed(provider) if isinstance(trouble, NotThere) else str(trouble)
        for row in rows:
            _fail(row, [said], means.clock())
        tally.troubles.append(said)
        return
    for row in rows:
        _write(provider, row, told, listed, means, tally)


def _progress(rows: Sequence[BillLook], done: int) -> None:
    """Shown to whoever waits; nobody does, mostly."""
    waited_for = [row.pk for row in rows if row.asked_at]
    if waited_for:
        BillLook.objects.filter(pk__in=waited_for).update(done=done)


def _write(
    provider: Provider, row: BillLook, told: ProviderBill, listed: Actions, means: Means, tally: Tally
) -> None:
    at = means.clock()
    try:
        report = import_bill(bill=row.bill, told=told, listed=listed, at=at)
    except Exception as error:  # whatever it is, the other bills are still to be looked at
        log.exception("Bill %s could not be written.", row.pk)
        _fail(row, [f"What was read could not be written ({type(error).__name__}). Nothing changed."], at)
        tally.troubles.append(f"{row.bill} could not be written.")
        return
    tally.changed += bool(report.changed)
    tally.troubles += report.troubles
    if not listed.whole:
        _fail(row, report.troubles, at, changed=report.changed)
        return
    row.token, row.looked_at, row.read_at = told.token[:100], at, at
    row.said, row.failures, row.try_at = report.troubles[:MOST_SAID], 0, at + provider.every
    _finish(row, report.changed, at)


def _fail(row: BillLook, said: Sequence[str], at: datetime, changed: Sequence[str] = ()) -> None:
    """It is tried again, later each time; what the last whole reading left stands."""
    row.said = list(said)[:MOST_SAID]
    row.failures = min(row.failures + 1, 1000)
    row.try_at = at + min(EVERY * 2 ** min(row.failures - 1, 10), LONGEST)
    _finish(row, changed, at)


def _finish(row: BillLook, changed: Sequence[str], at: datetime) -> None:
    if changed:
        row.changed, row.changed_at = list(changed)[:MOST_SAID], at
    row.asked_at, row.done = None, 0
    row.save()


def _answered(provider: Provider, at: datetime) -> None:
    now = {"looked_at": at, "try_at": at, "failures": 0, "said": ""}
    ProviderLook.objects.update_or_create(provider=provider.name, defaults=now)


def _could_not(provider: Provider, trouble: Trouble, means: Means, tally: Tally) -> None:
    """The provider is left alone for a while, longer each time."""
    tally.troubles.append(str(trouble))
    if isinstance(trouble, Engaged):
        return
    at = means.clock()
    row = ProviderLook.objects.filter(provider=provider.name).first() or ProviderLook(provider=provider.name)
    row.failures = min(row.failures + 1, 1000)
    again = at + min(EVERY * 2 ** min(row.failures - 1, 10), LONGEST)
    row.try_at = max(again, trouble.until) if isinstance(trouble, Busy) else again
    row.said = str(trouble)[:300]
    row.save()
    BillLook.objects.filter(bill__provider=provider.name).exclude(asked_at=None).update(asked_at=None, done=0)


def _pass_days(provider: Provider, means: Means, bills: Sequence[int] | None = None) -> None:
    """What was still listed once its day was over has happened: nobody says so, the calendar does."""
    at = means.clock()
    today = at.astimezone(provider.clock).date()
    midnight = datetime.combine(today, clock_time.min, provider.clock)
    steps = Step.objects.filter(state=StepState.SCHEDULED, gone_at=None, waits=False, day__lt=today)
    steps = steps.filter(bill__provider=provider.name, bill__following=Following.FOLLOWED)
    steps = steps.filter(bill__look__looked_at__gte=midnight).select_related("bill__look")
    if bills is not None:
        steps = steps.filter(bill__in=bills)
    by_bill: dict[Bill, list[Step]] = {}
    for step in steps.order_by("bill_id", "day", "id"):
        by_bill.setdefault(step.bill, []).append(step)
    for bill, passed in by_bill.items():
        report = pass_days(bill, passed, at=at)
        _note_passed(bill, report, at)


def _note_passed(bill: Bill, report: Report, at: datetime) -> None:
    if report.changed:
        BillLook.objects.filter(bill=bill).update(changed=report.changed[:MOST_SAID], changed_at=at)
