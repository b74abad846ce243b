"""One database's share of the benchmark of followed bills, in a process of its own: with how many bills and
how many stages each, it follows them all at a Parliament of this machine and prints what each look cost, as
JSON."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import django

FIRST, SAME, SOME = "all are new", "none changed", "one day of every tenth moved"
ONE_IN = 10
BEGUN = date(2026, 1, 1)


@dataclass(frozen=True)
class Look:
    """What a look cost; `changed` bills of `bills`."""

    name: str
    bills: int
    changed: int
    requests: int
    queries: int
    seconds: float


class Clock:
    """The time, and all that was waited for without waiting."""

    def __init__(self) -> None:
        self.waited = timedelta(0)

    def __call__(self) -> datetime:
        from django.utils import timezone

        return timezone.now() + self.waited

    def pause(self, seconds: float) -> None:
        self.waited += timedelta(seconds=seconds)


def main(bills: int, stages: int) -> list[dict[str, Any]]:
    django.setup()
    from django.conf import settings

    from tests.legislation.parliament import sitting

    with sitting() as house:
        settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
        settings.UK_BILLS_API = house.url
        return [asdict(look) for look in looks(house, bills, stages)]


def looks(house: Any, bills: int, stages: int) -> Iterator[Look]:
    follow(house, bills, stages)
    clock = Clock()
    yield measured(FIRST, bills, clock)
    yield measured(SAME, bills, clock)
    for number in range(1, bills + 1, ONE_IN):
        house.stages[number][-1]["stageSittings"][0]["date"] = "2031-02-03T00:00:00"
        house.touch(number, "2026-03-02T10:00:00.1")
    yield measured(SOME, bills, clock)


def follow(house: Any, bills: int, stages: int) -> None:
    from django.utils import timezone

    from apps.accounts.models import User
    from apps.campaigns.actions import start_campaign
    from apps.legislation.bills import follow_bill
    from tests.legislation.parliament import a_bill

    owner, at = User.objects.create_user(username="bench", email="bench@example.org"), timezone.now()
    campaign = start_campaign(name="Bench", by=owner, at=at)
    for number in range(1, bills + 1):
        house.holds(a_bill(number), [stage(number, each) for each in range(1, stages + 1)])
        follow_bill(campaign=campaign, provider="uk-bills", external_id=str(number), by=owner, at=at)


def stage(bill: int, number: int) -> dict[str, Any]:
    """One day each, three quarters of them past. None is near today: a day that passes while this runs is a
    change."""
    from tests.legislation.parliament import a_stage

    day = date.today() + timedelta(days=7 * (number - 30) + 3)  # noqa: DTZ011  # any such day will do
    return a_stage(number, (bill * 1_000 + number, day.isoformat()))


def measured(name: str, bills: int, clock: Clock) -> Look:
    from apps.legislation import sync

    clock.waited += timedelta(hours=1)
    with counting() as queries:
        before = time.perf_counter()
        tally = sync.look(clock=clock, pause=clock.pause)
        seconds = time.perf_counter() - before
    if tally.troubles or tally.bills != bills:
        raise RuntimeError(f"{name}: {tally}")
    return Look(name, bills, tally.changed, tally.requests, len(queries), seconds)


@contextmanager
def counting() -> Iterator[list[None]]:
    from django.db import connection

    queries: list[None] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(None)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield queries


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
