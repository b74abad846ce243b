"""The nightly pass: every milestone is planned once more, for whatever a crash left unplanned.

It goes in portions, and the scheduler's own record says how far it got. So a loop sends what is due in
between, whoever is stopped or dies leaves the rest to the next, and two at once do each portion once.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.busy import is_busy
from apps.reminders.models import Tick
from apps.reminders.planning import Outcome, plan_batch, plan_everything, to_plan_again

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
EARLY = timedelta(hours=1)
"""A clock that knocks once a day never knocks exactly a day after the last time."""
LASTS = 10.0
"""Seconds after which a loop that also sends leaves the rest of a pass to its next look."""


def plan_for_a_while(*, at: datetime, going: Callable[[], bool]) -> Outcome:
    """What one look does of a pass that is due or under way."""
    until = time.monotonic() + LASTS
    return plan_on(at=at, every=EVERY, going=lambda: going() and time.monotonic() < until)


def plan_through(*, at: datetime) -> Outcome:
    """The whole pass at once, unless somebody did it already."""
    if not Tick.objects.exists():
        return plan_everything(at=at)  # nobody ever looked, so that there is nowhere to note it
    return plan_on(at=at, every=EVERY - EARLY, going=lambda: True)


def plan_on(*, at: datetime, every: timedelta, going: Callable[[], bool]) -> Outcome:
    """Begin a pass where the last one began so long ago, and plan on with the one that is under way. Where
    there is neither, that is one question and nothing written."""
    tick, done = Tick.objects.first(), Outcome()
    if tick is None or not (_is_under_way(tick) or _begin(tick, at, every)):
        return done
    while going() and (portion := _portion(at)) is not None:
        done += portion
    return done


def _is_under_way(tick: Tick) -> bool:
    return tick.nightly_reached is not None


def _begin(tick: Tick, at: datetime, every: timedelta) -> bool:
    """Whether a pass was due. Of two who begin it at once one does, and the other helps."""
    if tick.nightly_at and abs(at - tick.nightly_at) < every:  # one far ahead was noted by a wrong clock
        return False
    as_it_was = Tick.objects.filter(pk=tick.pk, nightly_at=tick.nightly_at, nightly_reached=None)
    as_it_was.update(nightly_at=at, nightly_reached=0)
    return True


@transaction.atomic
def _portion(at: datetime) -> Outcome | None:
    """The next batch, and how far that gets; None once the pass is done. Who comes second waits here."""
    tick = Tick.objects.select_for_update().first()
    if tick is None or tick.nightly_reached is None:
        return None
    ids = to_plan_again(after=tick.nightly_reached)
    done = _planned(ids, at)
    Tick.objects.filter(pk=tick.pk).update(nightly_reached=ids[-1] if ids else None)
    return done


def _planned(ids: Sequence[int], at: datetime) -> Outcome:
    """One milestone that cannot be planned keeps none behind its batch from being planned."""
    try:
        with transaction.atomic():
            return plan_batch(ids, at=at)
    except Exception as error:
        if is_busy(error):
            raise
        log.exception("Milestones %s to %s could not be planned. The next pass tries again.", ids[0], ids[-1])
        return Outcome()
