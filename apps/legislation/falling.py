"""Bills that were open when their session ended: which may have fallen and why, and what a person says.

A session ends with prorogation or dissolution, as the breaks in Parliament's sitting tell. A bill that is
open then, and of which no later day is listed, may have fallen; only a person says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.dates import long_day
from apps.legislation.actions import reopen, settle
from apps.legislation.importing import today_of
from apps.legislation.models import (
    Bill,
    Break,
    Milestone,
    Outcome,
    SessionEnd,
    SittingBreak,
    Standing,
    Step,
    StepState,
)
from apps.legislation.sittings import said_of

IN_SESSIONS = frozenset({"uk-bills"})
"""Providers whose bills fall with a session. Consultations do not."""
CARRY_OVER = "carry-over"
RULES = {
    Break.PROROGATION: (
        "A public bill falls then unless the House agreed to carry it over, which it can once; private and "
        "hybrid bills often are."
    ),
    Break.DISSOLUTION: (
        "A public bill that has not passed falls at a dissolution; private and hybrid bills may be carried "
        "over into the next Parliament."
    ),
}


@dataclass(frozen=True)
class MayHaveFallen:
    """An open bill, the end of a session it did not get past, and the last day that was seen of it."""

    bill: Bill
    ended: SittingBreak
    last: Step | None

    @property
    def because(self) -> str:
        """What its milestones will say, should it have fallen."""
        return f"The session ended with it still open: {said_of(self.ended)}"[:300]

    @property
    def seen(self) -> str:
        if self.last is None or self.last.day is None:
            return "No day of it has ever been listed."
        return f"The last day seen of it: {self.last}, on {long_day(self.last.day)}. None is listed since."

    @property
    def rule(self) -> str:
        return RULES[Break(self.ended.sort)]


def falls_with_sessions(bill: Bill) -> bool:
    return bill.standing == Standing.OPEN and bill.provider in IN_SESSIONS


def may_have_fallen(bills: Iterable[Bill], *, at: datetime) -> dict[int, MayHaveFallen]:
    """Those of these bills that may, by their ids: five queries at most, however many bills."""
    asked = {bill.pk: bill for bill in bills if falls_with_sessions(bill)}
    ends = _ends() if asked else []
    if not ends:
        return {}
    listed = Step.objects.filter(bill__in=asked, gone_at=None, day__isnull=False)
    listed = listed.exclude(state=StepState.CANCELLED).order_by()
    newest = dict(listed.values_list("bill").annotate(Max("day")))
    motions = listed.filter(stage__icontains=CARRY_OVER, state=StepState.HAPPENED)
    carried = _days(motions.values_list("bill", "day"))
    decided = _days(SessionEnd.objects.filter(bill__in=asked).values_list("bill", "ended_on"))
    ended = {
        pk: end
        for pk, bill in asked.items()
        if (end := _end_of(bill, ends, newest.get(pk), carried[pk], decided[pk], today_of(bill, at)))
    }
    last = {step.bill_id: step for step in listed.filter(bill__in=ended).order_by("day", "order", "id")}
    return {pk: MayHaveFallen(asked[pk], end, last.get(pk)) for pk, end in ended.items()}


def _ends() -> list[SittingBreak]:
    """The ends of sessions that are known, earliest first; each once, though both Houses are told of it."""
    rows = SittingBreak.objects.filter(sort__in=RULES).order_by("first", "chamber", "id")
    ends: dict[date, SittingBreak] = {}
    for row in rows:
        ends.setdefault(row.first, row)
    return list(ends.values())


def _days(rows: Iterable[tuple[int, date | None]]) -> dict[int, set[date]]:
    days: dict[int, set[date]] = defaultdict(set)
    for of, day in rows:
        if day:
            days[of].add(day)
    return days


def _end_of(
    bill: Bill,
    ends: Sequence[SittingBreak],
    newest: date | None,
    carried: Set[date],
    decided: Set[date],
    today: date,
) -> SittingBreak | None:
    """The end of a session that this bill did not get past: the first after the last day that is listed of
    it, unless it was carried over or somebody has said what became of it then."""
    since = newest or bill.followed_at.date()
    before = date.min
    for end in ends:
        in_session = {day for day in carried if before <= day < end.first}
        goes_on = bool(in_session) and end.sort == Break.PROROGATION
        before = end.first
        if end.first > since and not goes_on and end.first not in decided:
            return end if end.first <= today else None
    return None


# --- What a person says -----------------------------------------------------------------------------------


def open_milestones(bill: Bill) -> list[Milestone]:
    """Those of its days that are still to come."""
    rows = Milestone.everything.filter(step__bill=bill, outcome=Outcome.UPCOMING)
    return list(rows.select_related("entry").order_by("entry__placed", "pk"))


@transaction.atomic
def say_it_fell(
    *, bill: Bill, on: date, because: str, by: User, at: datetime, promise: bool = False
) -> list[Milestone]:
    """The bill fell with a session that ended that day: its open milestones fell with it, and where `promise`
    what was promised of it. Answers these. Raises ValidationError for a bill that is not open, or a day that
    is still to come."""
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    if bill.standing != Standing.OPEN:
        raise ValidationError(f"It is not open any more: {bill.get_standing_display().lower()}.")
    if on > today_of(bill, at):
        raise ValidationError("That day is still to come. Say so once the session has ended.")
    bill.standing = Standing.FELL
    save_as(by, bill)
    _decide(bill, SessionEnd.Took.FELL, on=on, because=because, by=by, at=at)
    fallen = open_milestones(bill)
    if promise and bill.promise_id:
        promised = Milestone.everything.select_related("entry").get(pk=bill.promise_id)
        fallen += [promised] if promised.is_open() else []
    return [
        settle(
            milestone=milestone,
            outcome=Outcome.FELL,
            on=on,
            because=because,
            source=bill.source,
            by=by,
            at=at,
        )
        for milestone in fallen
    ]


@transaction.atomic
def say_it_was_carried_over(*, bill: Bill, on: date, because: str, by: User, at: datetime) -> list[Milestone]:
    """It went on after the session that ended that day. Said of a bill that was taken to have fallen then,
    what fell with it is open again; answers those. Raises ValidationError where nobody asked: of one that is
    law, withdrawn or defeated, or of another session."""
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    if bill.standing not in (Standing.OPEN, Standing.FELL):
        raise ValidationError(f"It is not open any more: {bill.get_standing_display().lower()}.")
    end = SessionEnd.objects.filter(bill=bill, ended_on=on).first()
    if bill.standing == Standing.FELL and (end is None or end.took != SessionEnd.Took.FELL):
        raise ValidationError("It fell at the end of another session.")
    asked = may_have_fallen([bill], at=at).get(bill.pk)
    if bill.standing == Standing.OPEN and (asked is None or asked.ended.first != on):
        raise ValidationError("It was not in doubt at the end of that session. Nothing was changed.")
    opened = _fallen(bill, end) if end and bill.standing == Standing.FELL else []
    bill.standing = Standing.OPEN
    save_as(by, bill)
    _decide(bill, SessionEnd.Took.CARRIED, on=on, because=because, by=by, at=at)
    return [reopen(milestone=milestone, by=by, at=at) for milestone in opened]


def fell_at(bill: Bill) -> SessionEnd | None:
    """The end of the session with which it fell."""
    return bill.session_ends.filter(took=SessionEnd.Took.FELL).first()


def _fallen(bill: Bill, end: SessionEnd) -> list[Milestone]:
    """What fell with the bill then and was not touched since."""
    rows = Milestone.everything.filter(
        outcome=Outcome.FELL, settled_on=end.ended_on, settled_because=end.because
    )
    of_bill = rows.filter(step__bill=bill) | rows.filter(pk=bill.promise_id)
    return list(of_bill.select_related("entry").order_by("pk"))


def _decide(bill: Bill, took: str, *, on: date, because: str, by: User, at: datetime) -> None:
    row = SessionEnd.objects.filter(bill=bill, ended_on=on).first() or SessionEnd(bill=bill, ended_on=on)
    row.took, row.because, row.decided_by, row.decided_at = took, because, by, at
    save_as(by, row)
