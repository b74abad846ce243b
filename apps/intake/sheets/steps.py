"""What is to be done with files that were handed in, a step at a time: each held by one worker, by a lease.

A step that dies leaves its import as it was, and is begun again by whoever looks next.
"""

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, F, Q, QuerySet

from apps.busy import is_busy
from apps.campaigns.access import Access, role_of
from apps.campaigns.roles import May
from apps.intake.models import LEASE, MOST_TRIES, Import, Row
from apps.intake.sheets import files
from apps.intake.sheets.checking import check
from apps.intake.sheets.lines import BadSheet
from apps.intake.sheets.undoing import undo
from apps.intake.sheets.writing import ChangedSince, write

State = Import.State
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)

TO_DO = [State.WAITING, State.ASKED, State.UNDOING]
ABANDONED = timedelta(days=7)
"""A file that nobody imported is forgotten after this."""
NOBODY = "Whoever handed the file in may no longer import into this campaign. Somebody who may can do it."
GAVE_UP = (
    "The site stopped in the midst of it more than once. Split the file, or save it as CSV, and try again."
)
BROKE = "Something went wrong here that is no fault of the file. Whoever runs the site finds it in the log."
LOOK_AGAIN = (
    "Something here changed since the rows were checked, so nothing was imported. They were checked again: "
    "look at them, then import."
)


class Busy(Exception):
    """Others held the database for too long."""


class Lost(Exception):
    """Somebody else took the step over."""


def work(*, now: Clock, only: Import | None = None) -> int:
    """Take every step there is to take; answers how many."""
    done = 0
    while importing := _claim(now, only):
        if not _step(importing, now):
            return done
        done += 1
    if only is None:
        _forget_abandoned(now())
    return done


def progress_of(importing: Import) -> int:
    """How many rows the step that is being taken has done."""
    return int(cache.get(_key(importing), 0))


def _key(importing: Import) -> str:
    return f"import-{importing.pk}-{importing.state}"


def _free(now: datetime) -> QuerySet[Import]:
    rows = Import.objects.filter(state__in=TO_DO)
    return rows.filter(Q(token="") | Q(lease_until__lt=now))


def _claim(now: Clock, only: Import | None) -> Import | None:
    if only is None and Import.objects.filter(lease_until__gte=now()).exists():
        return None  # one at a time, or imports would keep all workers from sending reminders
    free = _free(now())
    for importing in free.filter(pk=only.pk) if only else free.order_by("id")[:20]:
        token = secrets.token_hex(16)
        taken = _free(now()).filter(pk=importing.pk, state=importing.state)
        if taken.update(token=token, lease_until=now() + LEASE, tries=F("tries") + 1):
            return Import.objects.select_related("campaign", "added_by", "undone_by").get(token=token)
    return None


def _step(importing: Import, now: Clock) -> bool:
    """Whether it is worth going on: not where the database is busy."""
    try:
        _take(importing, now)
    except Lost:
        log.warning("Import %s was taken over by another worker.", importing.pk)
    except Busy:
        log.warning("Import %s waits, as the database is busy.", importing.pk)
        _give_back(importing)
        return False
    return True


def _take(importing: Import, now: Clock) -> None:
    """Raises Lost, Busy."""
    step = {State.WAITING: _check, State.ASKED: _write, State.UNDOING: _undo}[State(importing.state)]
    try:
        if importing.tries > MOST_TRIES:
            raise BadSheet(GAVE_UP)
        step(importing, now)
    except ChangedSince:
        _end(importing, State.WAITING, now, notes=[*importing.notes, LOOK_AGAIN])
    except BadSheet as refusal:
        _fail(importing, str(refusal), now)
    except ValidationError as refusal:
        _fail(importing, " ".join(refusal.messages), now)
    except Lost:
        raise
    except Exception as error:  # whatever it is, it must not stand in the way of others
        if is_busy(error):
            raise Busy from error
        log.exception("Import %s failed.", importing.pk)
        _fail(importing, BROKE, now)


def _check(importing: Import, now: Clock) -> None:
    check(importing, _access(importing, now), lambda done: _beat(importing, done, now))
    found = Row.objects.filter(importing=importing).order_by().values_list("verdict").annotate(Count("pk"))
    counts = dict.fromkeys(Row.Verdict.values, 0) | dict(found)
    _end(importing, State.CHECKED, now, found=sum(counts.values()), **counts)


def _write(importing: Import, now: Clock) -> None:
    with transaction.atomic():  # the entries, and that they are there
        made = write(importing, _access(importing, now), at=now(), beat=lambda done: _show(importing, done))
        _end(importing, State.DONE, now, made=made)
    files.forget(importing.stored)


def _undo(importing: Import, now: Clock) -> None:
    by = importing.undone_by
    if by is None:
        raise BadSheet(NOBODY)
    with transaction.atomic():
        kept = undo(importing, by=by, beat=lambda done: _show(importing, done))
        _end(importing, State.UNDONE, now, kept=kept)


def _access(importing: Import, now: Clock) -> Access:
    """Raises BadSheet where they may not import any more."""
    by = importing.added_by
    role = role_of(by, importing.campaign) if by else None
    access = Access(importing.campaign, by, role, now()) if by else None
    if access is None or not access.may(May.EDIT):
        raise BadSheet(NOBODY)
    return access


def _fail(importing: Import, because: str, now: Clock) -> None:
    """An undoing that failed has undone nothing."""
    state = State.DONE if importing.state == State.UNDOING else State.FAILED
    _end(importing, state, now, because=because[:500])
    if state == State.FAILED:
        files.forget(importing.stored)


def _end(importing: Import, state: str, now: Clock, **facts: object) -> None:
    """Raises Lost."""
    mine = Import.objects.filter(pk=importing.pk, token=importing.token)
    changed = {"state": state, "token": "", "lease_until": None, "tries": 0, "changed_at": now(), **facts}
    if not mine.update(**changed):
        raise Lost
    cache.delete(_key(importing))


def _give_back(importing: Import) -> None:
    """Nothing was written: whoever looks next takes the step."""
    mine = Import.objects.filter(pk=importing.pk, token=importing.token)
    with suppress(OperationalError, InterfaceError):  # then the lease ends by itself
        mine.update(token="", lease_until=None, tries=F("tries") - 1)


def _beat(importing: Import, done: int, now: Clock) -> None:
    """Say how far it got, and hold on to the step. Raises Lost."""
    _show(importing, done)
    held = Import.objects.filter(pk=importing.pk, token=importing.token)
    if not held.update(lease_until=now() + LEASE):
        raise Lost


def _show(importing: Import, done: int) -> None:
    cache.set(_key(importing), done, 3600)


def _forget_abandoned(now: datetime) -> None:
    waiting = [State.CHOSEN, State.CHECKED]
    for importing in Import.objects.filter(state__in=waiting, changed_at__lt=now - ABANDONED)[:100]:
        drop(importing)


def drop(importing: Import) -> None:
    """Forget a file of which nothing was imported."""
    files.forget(importing.stored)
    importing.delete()
