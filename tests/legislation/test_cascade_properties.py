"""Any sequence of what a provider, the calendar and people do: the ledger only grows, its newest row stands,
and all that hangs on another stands where counting everything anew would put it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.dates.relative import Span, count_from
from apps.dates.working_days import announce
from apps.legislation.actions import Hooked, record_break, reopen, revise_target, settle
from apps.legislation.hanging import hang, take_off
from apps.legislation.holidays import record_holiday
from apps.legislation.models import (
    BankHoliday,
    Bill,
    Break,
    Chamber,
    Hook,
    Milestone,
    Outcome,
    SittingBreak,
    TargetDate,
)
from apps.legislation.recounting import catch_up
from tests import make
from tests.conftest import THOROUGH
from tests.make import AT, DAY

TARGETS = ["2026-04-30", "2026-05-01", "2026-05-07", "2026-05", "2026-22", "../2026-06-30", "2026-06~"]
SITTINGS = ["2026-04-28", "2026-05-06", "2026-05-21"]
DAYS = [date(2026, 5, 8), date(2026, 5, 12), date(2026, 6, 3)]
UNITS = ["days", "weeks", "months", "working-eng", "working-sct", "sitting-commons"]
MANY = 5
"""Milestones; the first is kept up by a provider. The next hang each on the one before to begin with, and the
last on nothing."""

which = st.integers(0, MANY - 1)
spans = st.builds(Span, st.integers(1, 6), st.sampled_from(UNITS), st.booleans())
CHAIN = st.lists(spans, min_size=MANY - 2, max_size=MANY - 2)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("hang"), which, which, spans),
        st.tuples(st.just("take_off"), which),
        st.tuples(st.just("move"), which, st.sampled_from(TARGETS), st.booleans(), st.booleans()),
        st.tuples(st.just("provider"), st.sampled_from(SITTINGS)),
        st.tuples(st.just("settle"), which, st.sampled_from(["met", "dropped"]), st.sampled_from(DAYS)),
        st.tuples(st.just("reopen"), which),
        st.tuples(st.just("holiday"), st.sampled_from(DAYS)),
        st.tuples(st.just("recess"), st.sampled_from(DAYS), st.integers(0, 12)),
    ),
    min_size=3,
    max_size=8,
)


@dataclass
class House:
    campaign: Campaign
    bill: Bill
    milestones: list[Milestone]
    now: datetime = field(default=AT)

    def do(self, what: str, *how: Any) -> None:
        """Refusals are part of it: then nothing may have changed."""
        self.now += timedelta(minutes=1)
        before = ledgers()
        try:
            getattr(self, what)(*how)
        except (ValidationError, Hooked):
            assert ledgers() == before

    def _who(self) -> dict[str, Any]:
        return {"by": make.owner_of(self.campaign), "at": self.now}

    def _fresh(self, number: int) -> Milestone:
        return Milestone.everything.select_related("entry").get(pk=self.milestones[number].pk)

    def hang(self, number: int, base: int, span: Span) -> None:
        hang(milestone=self._fresh(number), base=self._fresh(base), span=span, **self._who())

    def take_off(self, number: int) -> None:
        take_off(milestone=self._fresh(number), by=make.owner_of(self.campaign))

    def move(self, number: int, to: str, correction: bool, unhook: bool) -> None:
        how = {"correction": correction, "unhook": unhook} | self._who()
        revise_target(milestone=self._fresh(number), to=parse(to), reason="Delayed", **how)

    def provider(self, day: str) -> None:
        make.tell_of(self.bill, day, at=self.now)

    def settle(self, number: int, outcome: str, on: date) -> None:
        settle(milestone=self._fresh(number), outcome=Outcome(outcome), on=on, **self._who())

    def reopen(self, number: int) -> None:
        reopen(milestone=self._fresh(number), **self._who())

    def holiday(self, day: date) -> None:
        record_holiday(nation="UK", day=day, name="A holiday", source="https://www.gov.uk/", by=None)
        catch_up(at=self.now)

    def recess(self, first: date, length: int) -> None:
        record_break(
            chamber=Chamber.COMMONS,
            sort=Break.RECESS,
            name="A recess",
            first=first,
            last=first + length * DAY,
            source="https://www.parliament.uk/",
            by=None,
        )
        catch_up(at=self.now)


def ledgers() -> dict[int, list[tuple[int, str, str, bool]]]:
    rows = TargetDate.objects.order_by("recorded_at", "id")
    found: dict[int, list[tuple[int, str, str, bool]]] = {}
    for row in rows:
        found.setdefault(row.milestone_id, []).append((row.pk, row.date, row.reason, row.correction))
    return found


def from_scratch() -> dict[int, str]:
    """Where each open milestone that hangs on another belongs, by nothing of the cascade but the counting."""
    hooks = {hook.milestone_id: hook for hook in Hook.objects.all()}
    milestones = Milestone.everything.in_bulk()
    newest = {pk: rows[-1][1] for pk, rows in ledgers().items()}
    announce((nation, row.day, row.name) for row in BankHoliday.objects.all() for nation in row.nations)
    breaks = list(SittingBreak.objects.all())

    def target(pk: int) -> str:
        if pk not in hooks or not milestones[pk].is_open():
            return newest[pk]
        return count_from(parse(stands(hooks[pk].base_id)), hooks[pk].span, breaks).date.text

    def stands(pk: int) -> str:
        met = milestones[pk].outcome == Outcome.MET and milestones[pk].settled_on
        return met.isoformat() if met else target(pk)

    return {pk: target(pk) for pk in hooks}


WEEKS = [Span(2, "weeks", before=False)] * (MANY - 2)
SITTING = [Span(2, "sitting-commons", before=False)] * (MANY - 2)
WORKING = [Span(5, "working-eng", before=False)] * (MANY - 2)


class AnySequence(TestCase):
    @given(chain=CHAIN, events=EVENTS)
    @example(WEEKS, [("settle", 1, "met", DAYS[0]), ("provider", SITTINGS[2]), ("reopen", 1)])
    @example(WEEKS, [("settle", 1, "dropped", DAYS[0]), ("provider", SITTINGS[2]), ("reopen", 1)])
    @example(SITTING, [("recess", DAYS[0], 12), ("provider", SITTINGS[1])])
    @example(WORKING, [("holiday", date(2026, 5, 1)), ("take_off", 2), ("provider", SITTINGS[1])])
    @settings(max_examples=60 if THOROUGH else 10)
    def test_what_hangs_on_another_stands_where_counting_anew_puts_it(
        self, chain: list[Span], events: list[Any]
    ) -> None:
        announce([])
        campaign = make.campaign()
        bill = make.bill(campaign, SITTINGS[0])
        first = Milestone.everything.get(step__bill=bill)
        others = [
            make.milestone(campaign, headline=f"Milestone {number}", target=TARGETS[number])
            for number in range(1, MANY)
        ]
        house = House(campaign, bill, [first, *others])
        for number, span in enumerate(chain, 1):
            house.do("hang", number, number - 1, span)
        before = ledgers()
        for event in events:
            house.do(*event)
            now = ledgers()
            for pk, rows in before.items():
                assert now[pk][: len(rows)] == rows
            self._stands(now)
            before = now

    def _stands(self, now: dict[int, list[tuple[int, str, str, bool]]]) -> None:
        newest = {pk: rows[-1][1] for pk, rows in now.items()}
        for milestone in Milestone.everything.select_related("entry"):
            if milestone.outcome != Outcome.MET:
                assert milestone.entry.date == newest[milestone.pk]
        for pk, text in from_scratch().items():
            assert newest[pk] == text
