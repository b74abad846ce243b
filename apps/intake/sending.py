"""A form that is sent twice, by a double tap or a page loaded again, is taken once; the second is answered
with what became of the first."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.intake.models import Sending

SECONDS_TO_WAIT = 12.0
"""So long the second waits for the first."""
GIVEN_UP = timedelta(minutes=2)
"""A sending that has no answer after this died on the way, and may be taken again."""
LASTS = timedelta(days=2)


class UnderWay(Exception):
    """The first is still being taken. Nothing was done a second time."""


def first_answer(
    *, key: str, by: User, at: datetime, wait: Callable[[float], None] = time.sleep
) -> str | None:
    """Claim this sending. Answers None for the first, who then says `answered` or `withdrawn`; and what
    became of the first for whoever comes after. Raises UnderWay."""
    for _ in range(int(SECONDS_TO_WAIT * 10)):
        try:
            with transaction.atomic():
                Sending.objects.create(person=by, key=key, began_at=at)
            return None
        except IntegrityError:
            first = Sending.objects.filter(person=by, key=key).first()
        if first is None:
            continue  # it was withdrawn in this very moment
        if answer := first.answer or cache.get(_done(key), ""):
            return str(answer)
        died = first.began_at <= at - GIVEN_UP or cache.delete(_failed(key))
        if died and _taken_over(first, at):
            return None
        wait(0.1)
    raise UnderWay


def _taken_over(first: Sending, at: datetime) -> bool:
    same = Sending.objects.filter(pk=first.pk, answer="", began_at=first.began_at)
    return bool(same.update(began_at=at))


def answered(*, key: str, by: User, answer: str) -> None:
    Sending.objects.filter(person=by, key=key).update(answer=answer[:500])


def withdrawn(*, key: str, by: User, busy: bool = False) -> None:
    """It was not taken: the form came back, or failed. It may be sent again, also where the database is too
    busy to be told so."""
    if busy:
        cache.set(_failed(key), 1, int(GIVEN_UP.total_seconds()))
    else:
        Sending.objects.filter(person=by, key=key, answer="").delete()


def done_while_busy(*, key: str, answer: str) -> None:
    """It was taken, and the database was too busy to be told so."""
    cache.set(_done(key), answer[:500], int(LASTS.total_seconds()))


def _done(key: str) -> str:
    return f"sending-done-{key}"


def _failed(key: str) -> str:
    return f"sending-failed-{key}"


def forget_old_sendings(*, at: datetime) -> None:
    Sending.objects.filter(began_at__lte=at - LASTS).delete()
