"""What's On, the calendar of the UK Parliament: hours and cancellations of sittings, and when none are held.

It tells of no bills, so it is no Provider but a neighbour of them: `sittings` of a stretch of days, joined to
bills by their id in the Bills API, and `breaks`. It has no key. Days have no zone: they are London's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.legislation.models import Break, Chamber
from apps.legislation.providers.asking import Asker, Params, Trouble
from apps.legislation.providers.reading import day, key, parts, text

ZONE = "Europe/London"
DAYS_AT_ONCE = 28
"""One answer covers 31 days at most."""
CHAMBERS = {
    "commons": Chamber.COMMONS,
    "lords": Chamber.LORDS,
    "": Chamber.BOTH,
    "joint": Chamber.BOTH,
    "both": Chamber.BOTH,
}
SORTS = {"REC": Break.RECESS, "POR": Break.PROROGATION, "DIS": Break.DISSOLUTION}
"""By the code of the category. There is one more, of single days without a sitting: those are no breaks."""

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-9.]+)?")


@dataclass(frozen=True)
class ToldSitting:
    """A sitting on a bill: on which day, in which house ("Commons"), from when if that is known, and whether
    it is called off."""

    bill: str
    where: str
    day: date
    starts: time | None
    called_off: bool


@dataclass(frozen=True)
class ToldBreak:
    """Days on which a chamber does not sit, both among them. `external_id` is What's On's own."""

    external_id: str
    chamber: Chamber
    sort: Break
    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Sittings:
    sittings: tuple[ToldSitting, ...]
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Breaks:
    """Not `whole`: something could not be read, so none that is missing is gone."""

    breaks: tuple[ToldBreak, ...]
    whole: bool = True
    troubles: tuple[str, ...] = ()


class WhatsOn:
    name = "whats-on"
    title = "What’s On"
    clock = ZoneInfo(ZONE)

    def off(self) -> str:
        return "" if settings.WHATS_ON_API else "It is turned off: WHATS_ON_API is empty."

    def base(self) -> str:
        return str(settings.WHATS_ON_API)

    def headers(self) -> Mapping[str, str]:
        return {}

    def sittings(self, ask: Asker, first: date, last: date) -> Sittings:
        """On bills, in these days. Raises Trouble where nothing can be had."""
        found: list[ToldSitting] = []
        lost, start = 0, first
        while start <= last:
            end = min(start + timedelta(days=DAYS_AT_ONCE - 1), last)
            for item in self._listed(ask, "list", _between(start, end)):
                told = parts(item)
                if told.get("BillId") in (None, 0, ""):
                    continue
                if sitting := _sitting(told):
                    found.append(sitting)
                else:
                    lost += 1
            start = end + timedelta(days=1)
        return Sittings(tuple(found), _lost(lost, "sittings"))

    def breaks(self, ask: Asker, first: date, last: date) -> Breaks:
        """Those that touch these days. Raises Trouble where nothing can be had."""
        found: dict[str, ToldBreak] = {}
        lost = 0
        for code, sort in SORTS.items():
            asked: Params = [*_between(first, last), ("queryParameters.categoryCode", code)]
            for item in self._listed(ask, "nonsitting", asked):
                told = parts(item)
                if text(told.get("CategoryCode"), 10).upper() not in ("", code):
                    continue  # a server that does not know the parameter tells of all
                if read := _break(told, sort):
                    found[read.external_id] = read
                else:
                    lost += 1
        return Breaks(tuple(found.values()), not lost, _lost(lost, "breaks"))

    def _listed(self, ask: Asker, what: str, asked: Params) -> Iterator[Any]:
        answer = ask.json(f"/calendar/events/{what}.json", asked)
        if not isinstance(answer, list):
            raise Trouble(f"{ask.host} answered with a list that is none.")
        yield from answer


def _between(first: date, last: date) -> list[tuple[str, str | int]]:
    return [
        ("queryParameters.startDate", first.isoformat()),
        ("queryParameters.endDate", last.isoformat()),
    ]


def _lost(count: int, what: str) -> tuple[str, ...]:
    return (f"{count} of the {what} could not be read.",) if count else ()


def _sitting(told: Mapping[str, Any]) -> ToldSitting | None:
    bill, on = key(told.get("BillId")), day(told.get("StartDate"), ZONE)
    where = text(told.get("House"), 40)
    if not bill.isdecimal() or on is None or not where:
        return None
    return ToldSitting(bill, where, on, _time(told.get("StartTime")), bool(told.get("CancelledDate")))


def _time(value: Any) -> time | None:
    """A time of day; midnight is no time, but a day without one."""
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    found = time(int(match[1]), int(match[2])) if match else None
    return found if found != time(0) else None


def _break(told: Mapping[str, Any], sort: Break) -> ToldBreak | None:
    external_id, first = key(told.get("Id")), day(told.get("StartDate"), ZONE)
    last = day(told.get("EndDate"), ZONE) if told.get("EndDate") is not None else first
    chamber = CHAMBERS.get(text(told.get("House"), 40).casefold())
    if not external_id or chamber is None or first is None or last is None or last < first:
        return None
    name = text(told.get("Description"), 100) or sort.label.capitalize()
    return ToldBreak(f"whats-on {external_id}", chamber, sort, name, first, last)
