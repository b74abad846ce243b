"""Looking at Parliament's calendar: hours and cancellations of the sittings of followed bills, once an hour
while any are to come, and recesses, prorogations and dissolutions, once a day.

How it stood when it was last asked is a ProviderLook, one for each of the two. What a person wrote down of a
break, or changed of one, stays as it is.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet

from apps.accounts.authorship import delete_as, save_as
from apps.legislation.importing import Report, Steps
from apps.legislation.models import (
    Bill,
    BillLook,
    Following,
    ProviderLook,
    SittingBreak,
    Step,
    StepState,
)
from apps.legislation.providers.asking import Asker, Busy, Engaged, Trouble
from apps.legislation.providers.whats_on import Breaks, Sittings, ToldBreak, ToldSitting, WhatsOn
from apps.legislation.sync import LONGEST, MOST_SAID, Tally

log = logging.getLogger(__name__)

WHATS_ON = WhatsOn()
PAGES = "https://whatson.parliament.uk/"
SITTINGS, BREAKS = "whats-on", "whats-on-breaks"
EVERY = {SITTINGS: timedelta(hours=1), BREAKS: timedelta(days=1)}
AHEAD = timedelta(days=84)
"""How far sittings are asked for; Parliament tells of few that are further off."""
BREAKS_BACK, BREAKS_AHEAD = timedelta(days=60), timedelta(days=550)


def look(
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], None] = time.sleep,
    going: Callable[[], bool] = lambda: True,
) -> Tally:
    """Ask for whatever of the two it is time for."""
    tally = Tally()
    if WHATS_ON.off():
        return tally
    with Asker(WHATS_ON.base(), clock=clock, pause=pause, going=going) as ask:
        for name, work in ((SITTINGS, _look_at_sittings), (BREAKS, _look_at_breaks)):
            row = ProviderLook.objects.filter(provider=name).first()
            row = row or ProviderLook(provider=name, try_at=clock())
            if row.try_at <= clock() and going():
                _try(row, work, ask, tally)
        tally.requests = ask.requests
    return tally


def _try(row: ProviderLook, work: Callable[[Asker, Tally], bool], ask: Asker, tally: Tally) -> None:
    try:
        if not work(ask, tally):
            return  # there was nothing to ask for
    except Engaged as trouble:  # it is not our turn, which is nobody's fault
        tally.troubles.append(str(trouble))
        return
    except Trouble as trouble:
        _failed(row, trouble, ask.clock())
        tally.troubles.append(str(trouble))
        return
    row.try_at, row.looked_at = ask.clock() + EVERY[row.provider], ask.clock()
    row.failures, row.said = 0, ""
    row.save()


def _failed(row: ProviderLook, trouble: Trouble, at: datetime) -> None:
    """It is tried again, later each time."""
    row.failures = min(row.failures + 1, 1000)
    again = at + min(EVERY[SITTINGS] * 2 ** min(row.failures - 1, 10), LONGEST)
    row.try_at = max(again, trouble.until) if isinstance(trouble, Busy) else again
    row.said = str(trouble)[:300]
    row.save()


# --- Sittings ---------------------------------------------------------------------------------------------


def _look_at_sittings(ask: Asker, tally: Tally) -> bool:
    today = ask.clock().astimezone(WHATS_ON.clock).date()
    to_come = _to_come(today)
    last = to_come.aggregate(last=Max("day"))["last"]
    if last is None:
        return False
    told = WHATS_ON.sittings(ask, today, min(last, today + AHEAD))
    tally.troubles += told.troubles
    _take_sittings(told, to_come, tally, at=ask.clock())
    return True


def _to_come(today: date) -> QuerySet[Step]:
    """The days of followed bills of the UK Parliament that are not over."""
    states = (StepState.SCHEDULED, StepState.CANCELLED)
    rows = Step.objects.filter(day__gte=today, gone_at=None, state__in=states)
    rows = rows.filter(bill__provider="uk-bills", bill__following=Following.FOLLOWED)
    return rows.select_related("bill").order_by("bill_id", "day", "id")


def _take_sittings(told: Sittings, steps: Iterable[Step], tally: Tally, *, at: datetime) -> None:
    """Of several sittings of one house on a day, the first says from when; it is called off with the last."""
    by_day: dict[tuple[str, str, date], list[ToldSitting]] = defaultdict(list)
    for sitting in told.sittings:
        by_day[sitting.bill, sitting.where, sitting.day].append(sitting)
    by_bill: dict[Bill, list[tuple[Step, list[ToldSitting]]]] = defaultdict(list)
    for step in steps:
        assert step.day is not None, "only those with a day are asked for"
        if here := by_day.get((step.bill.external_id, step.where, step.day)):
            by_bill[step.bill].append((step, here))
    for bill, found in by_bill.items():
        try:
            changed = _write(bill, found, at)
        except Exception as error:  # whatever it is, the other bills are still to be written
            log.exception("The sittings of bill %s could not be written.", bill.pk)
            tally.troubles.append(f"The sittings of {bill} could not be written ({type(error).__name__}).")
            continue
        tally.changed += bool(changed)


@transaction.atomic
def _write(bill: Bill, found: Iterable[tuple[Step, list[ToldSitting]]], at: datetime) -> list[str]:
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    report = Report()
    writing = Steps(bill, at=at, report=report)
    for seen, here in found:
        step = writing.steps.get(seen.external_id)
        if step is None or step.day != seen.day:
            continue  # another look was quicker
        held = [sitting for sitting in here if not sitting.called_off]
        starts = min((each.starts for each in held if each.starts), default=None)
        if starts and starts != step.starts:
            step.starts = starts
            step.save()
            report.changed.append(f"{step} on {step.day:%-d %B %Y} starts at {starts:%H:%M}.")
        writing.call_off(seen.external_id, called_off=not held)
    if report.changed:
        BillLook.objects.filter(bill=bill).update(changed=report.changed[:MOST_SAID], changed_at=at)
    return report.changed


# --- Breaks -----------------------------------------------------------------------------------------------


def _look_at_breaks(ask: Asker, tally: Tally) -> bool:
    today = ask.clock().astimezone(WHATS_ON.clock).date()
    told = WHATS_ON.breaks(ask, today - BREAKS_BACK, today + BREAKS_AHEAD)
    tally.troubles += told.troubles
    tally.changed += keep_breaks(told, today=today)
    return True


@transaction.atomic
def keep_breaks(told: Breaks, *, today: date) -> int:
    """Bring the breaks up to what Parliament tells. Answers how many changed.

    One that a person wrote down or changed stays as it is, and so do the days it covers; one that a person
    took away does not come back. A break to come that is no longer listed goes, unless the list was not read
    whole, or is empty.
    """
    rows = list(SittingBreak.objects.select_for_update())
    known = {row.external_id: row for row in rows if row.external_id}
    by_hand = [row for row in rows if not row.external_id or _changed_by_a_person(row)]
    kept = {row.pk for row in by_hand}
    taken_away = SittingBreak.history.filter(history_type="-", history_user__isnull=False)
    struck = set(taken_away.exclude(external_id="").values_list("external_id", flat=True))
    names = {each.external_id for each in told.breaks}
    lost = [row for row in known.values() if row.external_id not in names and row.pk not in kept]
    changed = 0
    for each in told.breaks:
        if each.external_id not in struck:
            row = known.get(each.external_id) or _under_another_id(each, lost)
            changed += _keep_break(each, row, by_hand, kept)
    if not told.whole or not told.breaks:
        return changed
    for row in lost:
        if row.external_id not in names and row.first > today:
            delete_as(None, row)
            changed += 1
    return changed


def _under_another_id(told: ToldBreak, lost: Iterable[SittingBreak]) -> SittingBreak | None:
    """The same break, that Parliament lists anew: of one day there is one of a sort."""
    same = (told.chamber, told.sort, told.first)
    return next((row for row in lost if (row.chamber, row.sort, row.first) == same), None)


def _changed_by_a_person(row: SittingBreak) -> bool:
    newest = row.history.order_by("-history_id").first()
    return newest is not None and newest.history_user_id is not None


def _keep_break(
    told: ToldBreak, row: SittingBreak | None, by_hand: Iterable[SittingBreak], kept: set[int]
) -> bool:
    if row is not None and row.pk in kept:
        return False
    if any(_is_the_same(told, other) for other in by_hand):
        return False
    row = row or SittingBreak()
    is_renamed, row.external_id = row.external_id != told.external_id, told.external_id
    facts = (told.chamber, told.sort, told.name, told.first, told.last, PAGES)
    stands = (row.chamber, row.sort, row.name, row.first, row.last, row.source)
    if row.pk and not is_renamed and stands == facts:
        return False
    row.chamber, row.sort, row.name, row.first, row.last, row.source = facts
    twins = SittingBreak.objects.filter(chamber=told.chamber, sort=told.sort, first=told.first)
    if twins.exclude(pk=row.pk).exists():
        return False  # Parliament lists it twice
    save_as(None, row)
    return True


def _is_the_same(told: ToldBreak, row: SittingBreak) -> bool:
    """Whether a person wrote this break down: of its sort, of that chamber, and in some of its days."""
    chambers = {told.chamber, row.chamber}
    same_chamber = len(chambers) == 1 or "both" in chambers
    return same_chamber and told.sort == row.sort and told.first <= row.last and row.first <= told.last
