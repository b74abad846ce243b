"""What Celery offers for the same: a clocked task of django-celery-beat for each reminder, or a message with
an ETA for each. Both through their own code, to a real Redis."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import redis
from celery import Celery

from benchmarks.databases import ROOT
from benchmarks.measure import memory_mb

QUEUE, HANDED_OUT = "celery", "unacked"
MOMENTS = 500
"""Reminders share moments, as those of one rung do. With more than a thousand beat loads none on SQLite."""
TOGETHER = 200
"""Reminders planned in one transaction: those of a milestone."""
Figures = dict[str, Any]

app = Celery("rivals", broker=os.environ.get("REDIS_URL", "memory://").replace("unix://", "redis+socket://"))
app.conf.task_ignore_result = True
app.conf.worker_prefetch_multiplier = 1
app.conf.broker_connection_retry_on_startup = True


@app.task(name="benchmarks.warn")
def warn(number: int) -> None:
    """Stands for sending one reminder."""


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(os.environ["REDIS_URL"])


def _used_mb(client: "redis.Redis") -> float:
    return client.info("memory")["used_memory"] / 2**20


# --- django-celery-beat -----------------------------------------------------------------------------------


def beat(number: int, seconds: float) -> Figures:
    """One clocked one-off task for each reminder, all overdue."""
    return _beat(number, seconds, moments=min(number, MOMENTS))


def beat_distinct(number: int, seconds: float) -> Figures:
    """The same, each at a moment of its own."""
    return _beat(number, seconds, moments=number)


def _beat(number: int, seconds: float, *, moments: int) -> Figures:
    now = datetime.now(UTC)
    times = [now - timedelta(hours=20) + timedelta(seconds=step) for step in range(moments)]
    figures = _planned(number, seconds, times)
    with _redis() as client:
        client.flushall()
        try:
            return figures | _looked(client, number, seconds)
        except Exception as error:  # beat itself would stop here
            return figures | {"published_per_s": 0, "error": f"{type(error).__name__}: {error}"}


def _planned(number: int, seconds: float, times: list[datetime]) -> Figures:
    """Through its models for so long; the rest, which is not timed, in bulk."""
    from django.db import transaction
    from django_celery_beat.models import ClockedSchedule, PeriodicTask, PeriodicTasks

    started, done = time.perf_counter(), 0
    while done < number and time.perf_counter() - started < seconds:
        with transaction.atomic():
            for pk in range(done, min(done + TOGETHER, number)):
                clocked, _ = ClockedSchedule.objects.get_or_create(clocked_time=times[pk % len(times)])
                PeriodicTask.objects.create(clocked=clocked, **_fields(pk))
                done += 1
    rate = done / (time.perf_counter() - started)
    there = {schedule.clocked_time: schedule for schedule in ClockedSchedule.objects.all()}
    missing = [ClockedSchedule(clocked_time=when) for when in times if when not in there]
    for schedule in ClockedSchedule.objects.bulk_create(missing):
        there[schedule.clocked_time] = schedule
    PeriodicTask.objects.bulk_create(
        PeriodicTask(clocked=there[times[pk % len(times)]], **_fields(pk)) for pk in range(done, number)
    )
    PeriodicTasks.update_changed()
    return {"rows": PeriodicTask.objects.count(), "planned": done, "planned_per_s": round(rate)}


def _fields(number: int) -> dict[str, Any]:
    args = json.dumps([number])
    return {"name": f"reminder {number}", "task": warn.name, "args": args, "one_off": True}


def _looked(client: "redis.Redis", number: int, seconds: float) -> Figures:
    """Beat's own loop without its sleep, until all is published or the time is up."""
    from django_celery_beat.schedulers import DatabaseScheduler

    memory, broker = memory_mb(), _used_mb(client)
    started = time.perf_counter()
    scheduler = DatabaseScheduler(app=app)
    load = time.perf_counter() - started
    grown, ticks = memory_mb() - memory, []
    started = time.perf_counter()
    while client.llen(QUEUE) < number and time.perf_counter() - started < seconds:
        before = time.perf_counter()
        scheduler.tick()
        ticks.append(time.perf_counter() - before)
    taken = time.perf_counter() - started
    published = client.llen(QUEUE)
    return {
        "load_s": round(load, 2),
        "tick_ms": round(1000 * median(ticks), 1),
        "published": published,
        "published_per_s": round(published / taken, 1),
        "memory_mb": round(grown, 1),
        "broker_mb": round(_used_mb(client) - broker, 1),
    }


# --- ETA --------------------------------------------------------------------------------------------------


def eta(number: int, seconds: float) -> Figures:
    """One message for each reminder, a day ahead; then a worker that fetches them all and keeps them."""
    when = datetime.now(UTC) + timedelta(days=1)
    with _redis() as client:
        client.flushall()
        broker = _used_mb(client)
        started, done = time.perf_counter(), 0
        while done < number and time.perf_counter() - started < 3 * seconds:
            warn.apply_async((done,), eta=when)
            done += 1
        rate = done / (time.perf_counter() - started)
        waiting = _used_mb(client) - broker
        with _worker() as worker:
            fetched, took = _fetched(client, done, patience=6 * seconds)
            memory = memory_mb(worker.pid)
        return {
            "planned": done,
            "planned_per_s": round(rate),
            "fetched": fetched,
            "fetch_s": round(took, 1),
            "memory_mb": round(memory, 1),
            "broker_mb": round(waiting, 1),
        }


def _fetched(client: "redis.Redis", number: int, *, patience: float) -> tuple[int, float]:
    started = time.perf_counter()
    while (fetched := client.hlen(HANDED_OUT)) < number and time.perf_counter() - started < patience:
        time.sleep(0.05)
    return fetched, time.perf_counter() - started


@contextmanager
def _worker() -> Iterator["subprocess.Popen[bytes]"]:
    """A Celery worker that knows nothing of Django, so that only the messages are in its memory."""
    command = [sys.executable, "-m", "celery", "-A", "benchmarks.reminders_rivals", "worker", "-c", "1"]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle", "--loglevel", "ERROR"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
