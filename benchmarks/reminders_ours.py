"""Our reminders, and in turns with them the same in plain SQL: planning, sending what is overdue; a tick."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import redis
from django.db import connection

from apps.notices.actions import CHANNELS
from apps.notices.models import Delivery, Kind
from apps.reminders import planning
from apps.reminders.models import Plan, Reminder
from apps.reminders.sending import look
from benchmarks import reminders_sql as plain
from benchmarks.measure import in_turns, memory_mb
from benchmarks.reminders_world import (
    DUE,
    LONG_AGO,
    LOOKED,
    MILESTONES,
    PEOPLE,
    PLANNED,
    SHAPE,
    fill,
    future_and_done,
    settle,
)

SMALL = 1_000
"""Up to here a round is over so soon that the first is a warm-up."""
ROUNDS = 3
TICKS = 15
LATER = LOOKED + timedelta(hours=1)
Figures = dict[str, Any]


def _rounds(number: int) -> dict[str, int]:
    return {"rounds": ROUNDS, "warm": int(number <= SMALL)}


def _rates(taken: dict[str, list[float]]) -> Figures:
    return {f"{name}_per_s": round(median(rates)) for name, rates in taken.items()}


# --- Planning ---------------------------------------------------------------------------------------------


def plan(number: int, seconds: float) -> Figures:
    """Reminders made per second, 200 to a milestone."""
    count = max(1, number // SHAPE)
    ids = fill(-(-count // MILESTONES), milestones=min(count, MILESTONES))[:count]
    made: Counter[str] = Counter()

    def rate(name: str, work: Callable[[Sequence[int]], object]) -> float:
        _forget_plans()
        started = time.perf_counter()
        work(ids)
        taken = time.perf_counter() - started
        made[name] = Reminder.objects.count()
        return made[name] / taken

    with _memory() as memory:
        runs: dict[str, Callable[[], float]] = {
            "planned": lambda: rate("ours", lambda ids: planning.plan_ids(ids, at=PLANNED)),
            "sql": lambda: rate("sql", lambda ids: plain.plan(ids, at=PLANNED)),
        }
        rates = _rates(in_turns(runs, **_rounds(number)))
    return {**rates, "rows": made["ours"], "rows_of_sql": made["sql"], **memory}


def _forget_plans() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reminders_reminder")
        cursor.execute("DELETE FROM reminders_plan")
        settle(cursor)


# --- Sending ----------------------------------------------------------------------------------------------


def piles(number: int, seconds: float) -> Figures:
    """Reminders sent per second where each person has up to fifty of them due, as after a long stop: they go
    as one message."""
    each = min(MILESTONES, max(1, number // PEOPLE))
    ids = fill(max(1, number // (PEOPLE * each)), milestones=each, rungs=(7,), kinds=(Kind.EMAIL,))
    return _sending(ids, number, seconds)


def singles(number: int, seconds: float) -> Figures:
    """The same where each person has one: a message for each reminder."""
    ids = fill(max(1, number // PEOPLE), milestones=1, rungs=(7,), kinds=(Kind.EMAIL,))
    return _sending(ids, number, seconds)


def _sending(ids: Sequence[int], number: int, seconds: float) -> Figures:
    planning.plan_ids(ids, at=PLANNED)
    each = seconds / ROUNDS
    count = Reminder.objects.filter(state="planned", try_at=DUE).count()
    figures: Figures = {"due": count}
    with null_channel() as taken:

        def ours() -> float:
            _unsend(taken)
            started = time.perf_counter()
            until = time.monotonic() + each
            look(clock=lambda: LOOKED, going=lambda: time.monotonic() < until)
            spent = time.perf_counter() - started
            figures.update(_sent(taken))
            return figures["sent"] / spent

        def sql(write: plain.Writer) -> float:
            _unsend(taken)
            started = time.perf_counter()
            sent = plain.send(at=LOOKED, until=time.monotonic() + each, write=write)
            return sent / (time.perf_counter() - started)

        runs = {
            "sent": ours,
            "sql": lambda: sql(plain.by_templates),
            "sql_without_words": lambda: sql(plain.ready_made),
        }
        with _memory() as memory:
            rates = _rates(in_turns(runs, **_rounds(number)))
    return {**figures, **rates, **memory}


def _sent(taken: "Counter[str]") -> Figures:
    """What was sent, as the rows say and as the channel saw it."""
    rows = Reminder.objects.filter(state="sent")
    return {
        "sent": rows.count(),
        "messages": sum(taken.values()),
        "deliveries": Delivery.objects.filter(state="sent").count(),
        "sent_twice": sum(times > 1 for times in taken.values()) + rows.exclude(attempts=1).count(),
    }


@contextmanager
def null_channel() -> Iterator["Counter[str]"]:
    """In the place of e-mail a channel that only counts what it was handed, by Message-ID."""
    taken: Counter[str] = Counter()

    def send(delivery: Delivery, *, at: datetime) -> None:
        taken[delivery.message_id] += 1

    kept = CHANNELS[Kind.EMAIL]
    CHANNELS[Kind.EMAIL] = cast("ModuleType", SimpleNamespace(send=send))
    try:
        yield taken
    finally:
        CHANNELS[Kind.EMAIL] = kept


def _unsend(taken: "Counter[str]") -> None:
    taken.clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_reminder SET state = 'planned', token = NULL, lease_until = NULL, attempts = 0,"
            " doubts = 0, delivery_id = NULL, said = '', because = '' WHERE state <> 'planned'"
        )
        cursor.execute("DELETE FROM notices_attempt")
        cursor.execute("DELETE FROM notices_delivery")
        settle(cursor)
    Plan.objects.filter(of=None).update(of=LONG_AGO)


# --- A tick -----------------------------------------------------------------------------------------------


def tick(number: int, seconds: float) -> Figures:
    """A look that finds nothing due, and one that finds one reminder, among so many that lie ahead and as
    many that were sent."""
    ahead = future_and_done(max(1, number // SHAPE))
    nearest = Reminder.objects.filter(state="planned", channel__kind=Kind.EMAIL).order_by("try_at", "id")
    milestones = list(Plan.objects.values_list("milestone_id", flat=True)[:4])
    chosen = [
        nearest.filter(milestone=milestones[turn % len(milestones)]).values_list("pk", flat=True)[turn]
        for turn in range(4)
    ]
    with null_channel() as taken, _memory() as memory:
        idle = _timed(lambda: look(clock=lambda: LOOKED), count=TICKS)
        prepare = _fall_due(chosen)
        taken.clear()
        busy = _timed(lambda: look(clock=lambda: LATER), count=len(chosen) - 1, before=prepare)
    return {
        "ahead": ahead,
        "idle_tick_ms": round(1000 * median(idle), 2),
        "tick_ms": round(1000 * median(busy), 1),
        "sent": sum(taken.values()),
        **memory,
    }


def _fall_due(ids: list[int]) -> Callable[[], object]:
    """Before each look another of these falls due; of its milestone nothing else does, or changes."""
    planning.plan_ids(Reminder.objects.filter(pk__in=ids).values_list("milestone_id", flat=True), at=LOOKED)
    look(clock=lambda: LOOKED)  # what that makes due goes first
    waiting = iter(ids)
    moment = LATER - timedelta(minutes=1)
    return lambda: Reminder.objects.filter(pk=next(waiting)).update(
        due_at=moment, try_at=moment, state="planned"
    )


def _timed(
    work: Callable[[], object], *, count: int, before: Callable[[], object] = lambda: None
) -> list[float]:
    """Seconds of each, after one that is not kept."""
    times = []
    for _ in range(1 + count):
        before()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return times[1:]


# --- Memory -----------------------------------------------------------------------------------------------


@contextmanager
def _memory() -> Iterator[Figures]:
    """By how much this process and the broker grew in the block; filled in at its end."""
    figures: Figures = {}
    process, broker = memory_mb(), broker_mb()
    yield figures
    figures["memory_mb"] = round(memory_mb() - process, 1)
    figures["broker_mb"] = round(broker_mb() - broker, 1)


def broker_mb() -> float:
    """What the Redis at REDIS_URL holds; 0 without one."""
    if not (url := os.environ.get("REDIS_URL")):
        return 0.0
    with redis.Redis.from_url(url) as client:
        return client.info("memory")["used_memory"] / 2**20
