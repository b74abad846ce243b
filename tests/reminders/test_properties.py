"""Whatever happens, in whatever order: no reminder goes twice, none is lost, none tells what is no more."""

import logging
import sys
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from apps.accounts.models import Digest, User
from apps.campaigns.actions import add_member, change_member, remove_member
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.dates import is_working_day, parse
from apps.desk.actions import change_state
from apps.evidence.actions import set_state
from apps.legislation.actions import (
    current_target,
    edit_milestone,
    refresh,
    reopen,
    revise_target,
    settle,
)
from apps.legislation.models import Milestone, Outcome, TargetDate
from apps.notices.actions import CHANNELS, channels_of, switch_channel
from apps.notices.channels import Fault, Undelivered
from apps.notices.models import Channel, Delivery, Kind
from apps.reminders.actions import (
    acknowledge,
    drop_ladder,
    release,
    set_ladder,
    set_own_rungs,
    set_wish,
)
from apps.reminders.ladder import end_of, end_of_quiet, moment, reach, turns
from apps.reminders.models import Reminder, Rule, Wish, WorkingDays
from apps.reminders.planning import (
    plan,
    plan_batch,
    plan_campaign,
    plan_everything,
    plan_person,
)
from apps.reminders.sending import LEASE, Batch, Sending, Tally, claim, look, send_due
from apps.timeline.models import Entry, Visibility
from apps.timeline.models import State as EntryState
from tests import make
from tests.make import DAY, SECOND
from tests.reminders.model import LAST_DAYS, Key, Situation, instant, key_of

State = Reminder.State
START = datetime(2026, 3, 20, 10, tzinfo=UTC)
"""A Friday, nine days before the clocks go forward."""
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")
ZONES = ["Europe/London", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe"]
PROFILE = hypothesis.settings.default


def so_many(quick: int, thorough: int, **more: Any) -> hypothesis.settings:
    """So many examples in either profile: these need a database, and the profiles' own number is too many."""
    count = thorough if PROFILE.max_examples >= 1000 else quick
    return hypothesis.settings(
        max_examples=count,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # to explain traces every line
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
        **more,
    )


# --- The arithmetic ---------------------------------------------------------------------------------------

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
changeover = st.sampled_from(
    [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5)]
)
near_days = changeover | days
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 45, 59]))
small_clocks = st.builds(time, st.integers(0, 3), st.sampled_from([0, 15, 30, 45])) | clocks
moments = st.builds(instant, near_days, small_clocks, zones) | st.datetimes(
    datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)
)
quiet = st.none() | st.tuples(small_clocks, small_clocks)


@st.composite
def people(draw: Callable[..., Any]) -> User:
    hours = draw(quiet) or (None, None)
    return User(
        time_zone=draw(st.sampled_from(ZONES)),
        digest=draw(st.sampled_from(Digest.values)),
        digest_at=draw(clocks),
        quiet_from=hours[0],
        quiet_until=hours[1],
    )


def is_quiet(person: User, when: datetime) -> bool:
    """Whether the clock on the person's wall stands in their quiet hours."""
    start, end = person.quiet_from, person.quiet_until
    if start is None or end is None:
        return False
    clock = when.astimezone(person.zone).time()
    return start <= clock < end if start <= end else not end <= clock < start


def wakes_into_quiet(person: User) -> bool:
    """Whether less than an hour of the day is not quiet: a clock change can skip all of it."""
    start, end = person.quiet_from, person.quiet_until
    if start is None or end is None:
        return False
    awake = (start.hour - end.hour) * 60 + start.minute - end.minute
    return start != end and awake % 1440 < 60


@given(day=near_days, clock=small_clocks, zone=zones)
def test_a_moment_is_the_first_at_which_the_clock_there_shows_it(
    day: date, clock: time, zone: ZoneInfo
) -> None:
    found = moment(day, clock, zone)
    assert found == instant(day, clock, zone)
    local = found.astimezone(zone).replace(tzinfo=None)
    assert timedelta(0) <= local - datetime.combine(day, clock) <= HOUR


@given(person=people(), when=moments)
def test_quiet_hours_end_outside_themselves_and_never_before_now(person: User, when: datetime) -> None:
    end = end_of_quiet(person, when)
    assert when <= end <= when + timedelta(hours=25)
    assert (end == when) is not is_quiet(person, when)
    assert wakes_into_quiet(person) or not is_quiet(person, end)
    assert end_of_quiet(person, end) == end or wakes_into_quiet(person)


@given(person=people(), when=moments, other=moments)
def test_quiet_hours_never_turn_two_moments_about(person: User, when: datetime, other: datetime) -> None:
    first, second = sorted([when, other])
    assert end_of_quiet(person, first) <= end_of_quiet(person, second)


@given(
    person=people(),
    when=moments,
    ahead=st.timedeltas(SECOND, 20 * DAY),
    last=st.timedeltas(-10 * DAY, 30 * DAY),
    rings=st.booleans(),
)
def test_word_that_is_gathered_comes_no_later_and_none_rings_in_quiet_hours(
    person: User, when: datetime, ahead: timedelta, last: timedelta, rings: bool
) -> None:
    after, ends = when - ahead, when + last
    found = reach(person, when, rings=rings, last=ends, after=after)
    at_once = end_of_quiet(person, when) if rings else when
    assert found > after
    assert not rings or wakes_into_quiet(person) or not is_quiet(person, found)
    if person.digest == Digest.INSTANT:
        assert found == at_once
    if rings or found == when:
        return
    local = found.astimezone(person.zone)
    assert local - datetime.combine(local.date(), person.digest_at, person.zone) <= HOUR
    assert person.digest == Digest.DAILY or local.weekday() == 0
    if found > when:  # the one it belonged to had gone
        step = DAY if person.digest == Digest.DAILY else 7 * DAY
        assert found < ends
        assert instant(local.date() - step, person.digest_at, person.zone) <= after


@given(
    person=people(),
    when=moments,
    ahead=st.timedeltas(SECOND, 20 * DAY),
    last=st.timedeltas(-10 * DAY, 30 * DAY),
)
def test_what_falls_due_between_two_gathered_messages_goes_with_the_first_of_them(
    person: User, when: datetime, ahead: timedelta, last: timedelta
) -> None:
    if person.digest == Digest.INSTANT:
        return
    after = when - ahead
    today = when.astimezone(person.zone).date()
    backwards = (instant(today - back * DAY, person.digest_at, person.zone) for back in range(9))
    belongs = next(
        found
        for found in backwards
        if found <= when
        and (person.digest == Digest.DAILY or found.astimezone(person.zone).date().weekday() == 0)
    )
    if belongs > after:
        assert reach(person, when, rings=False, last=when + last, after=after) == belongs


@given(
    due=near_days,
    days_before=st.integers(-30, 30),
    earlier=st.integers(-10, 10),
    repeat_days=st.none() | st.integers(1, 10),
    clock=small_clocks,
    zone=zones,
    working_days=st.sampled_from(WorkingDays.values),
    after=st.timedeltas(-60 * DAY, 60 * DAY),
)
def test_turns_are_the_next_ones_at_the_local_time_or_the_working_day_before(
    due: date,
    days_before: int,
    earlier: int,
    repeat_days: int | None,
    clock: time,
    zone: ZoneInfo,
    working_days: str,
    after: timedelta,
) -> None:
    first = due - timedelta(days=days_before + earlier)
    at = instant(first, clock, zone) + after
    rung = Rule(days_before=days_before, repeat_days=repeat_days, time=clock)
    found = list(turns(rung, due=due, zone=zone, working_days=working_days, earlier=earlier, after=at))
    assert len(found) == (2 if repeat_days else 1)
    for turn, when in found:
        day = first + timedelta(days=turn * (repeat_days or 0))
        plain = instant(day, clock, zone)
        assert when <= plain
        assert not repeat_days or when > at
        if when != plain:
            local = when.astimezone(zone).date()
            between = [local + n * DAY for n in range(1, (day - local).days + 1)]
            assert when > at
            assert is_working_day(local, working_days)
            assert not any(is_working_day(each, working_days) for each in between)
        elif working_days and not is_working_day(day, working_days):
            assert instant(_working_day_before(day, working_days), clock, zone) <= at
    if repeat_days and found[0][0]:
        assert instant(first + timedelta(days=(found[0][0] - 1) * repeat_days), clock, zone) <= at


def _working_day_before(day: date, nation: str) -> date:
    return next(day - n * DAY for n in range(30) if is_working_day(day - n * DAY, nation))


# --- A world that can be put back -------------------------------------------------------------------------


class Died(BaseException):
    """The sender's process ends here."""


class Slip(Exception):
    """A fault of the program in a channel."""


class Wire(Enum):
    """What happens to a message on the wire."""

    OK = "it arrives"
    PASSING = "not now"
    DOWN = "not now, and nothing that goes the same way"
    REFUSED = "this one not"
    GONE = "the address is gone"
    UNSURE = "the line broke"
    SLIP = "the program slipped"
    DIED_BEFORE = "the sender died before it went"
    DIED_AFTER = "the sender died once it had gone"
    SLOW = "it takes longer than the lease, and another sender comes by"


MAY_HAVE_ARRIVED = {Wire.OK, Wire.UNSURE, Wire.SLIP, Wire.DIED_AFTER, Wire.SLOW}
DOUBTFUL = {Wire.UNSURE, Wire.SLIP, Wire.DIED_BEFORE, Wire.DIED_AFTER, Wire.SLOW}
FAULTS = {
    Wire.PASSING: (Fault.PASSING, False),
    Wire.DOWN: (Fault.PASSING, True),
    Wire.REFUSED: (Fault.REFUSED, False),
    Wire.GONE: (Fault.GONE, False),
    Wire.UNSURE: (Fault.UNSURE, False),
}


@dataclass(frozen=True)
class Sent:
    """One message on the wire, as far as it was about one reminder."""

    message_id: str
    kind: str
    outcome: Wire


@dataclass
class World:
    """Two campaigns with three milestones and five people, by their ids."""

    campaigns: list[int]
    milestones: list[int]
    people: list[int]

    def campaign_of(self, number: int) -> Campaign:
        return (
            Milestone.everything.select_related("entry__campaign")
            .get(pk=self.milestones[number])
            .entry.campaign
        )


@contextmanager
def put_back() -> Iterator[None]:
    """What is written inside never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def hushed() -> Iterator[None]:
    """Thousands of steps say nothing in the log."""
    log = logging.getLogger("apps.reminders")
    before = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(before)


@pytest.fixture
def world(db: None, hushed: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.SIMPLE_HISTORY_ENABLED = False
    olive, adam, vera, oscar, pia = (make.user(name) for name in ("olive", "adam", "vera", "oscar", "pia"))
    bill = make.campaign(owner=olive, at=START - DAY)
    rivers = make.campaign(owner=oscar, name="Clean rivers", at=START - DAY)
    for campaign, person, role in (
        (bill, adam, Role.ADVOCACY),
        (bill, vera, Role.VOLUNTEER),
        (rivers, adam, Role.ADVOCACY),
    ):
        add_member(campaign=campaign, user=person, role=role, by=make.owner_of(campaign), at=START - DAY)
    Channel.objects.create(user=adam, kind=Kind.WEBHOOK, secret="https://hook.example.org/")
    everybody = [olive, adam, vera, oscar, pia]
    channels_of(everybody)
    Channel.objects.filter(user__in=[adam, oscar], kind=Kind.EMAIL).update(active=False)
    ladder = [(7, None), (1, None), (0, None), (-3, 3)]
    for campaign in (bill, rivers):
        set_ladder(campaign=campaign, rungs=ladder, by=make.owner_of(campaign), at=START - DAY)
    milestones = [
        make.milestone(bill, target="2026-04-02", headline="Royal Assent", at=START - DAY),
        make.milestone(bill, target="2026-04-20", headline="Second reading", owner=vera, at=START - DAY),
        make.milestone(rivers, target="2026-04-06", headline="Ofwat answers", at=START - DAY),
    ]
    for milestone in milestones:
        plan(milestone, at=START - DAY)
    pks = [[one.pk for one in rows] for rows in ([bill, rivers], milestones, everybody)]
    return World(*pks)


CHOSEN = {
    "default": [(7, None), (1, None), (0, None), (-3, 3)],
    "early": [(14, None), (3, None), (0, None)],
    "near": [(2, None), (1, None)],
    "overdue": [(7, None), (-1, 2)],
    "none": [],
}
LEDGER = ["id", "target", "due_at", "try_at", "state", "because", "attempts", "doubts", "changed_at", "token"]
WAITS = [MINUTE, 4 * MINUTE, 6 * MINUTE, 59 * MINUTE, 3 * HOUR, 11 * HOUR, DAY, 3 * DAY, 8 * DAY, 20 * DAY]
DONE = (State.SENT, State.SKIPPED, State.HELD, State.FAILED)
UNDER_WAY = (State.CLAIMED, State.SENDING)
OUTWARD = [Kind.EMAIL, Kind.EMAIL, Kind.WEBHOOK]
OF_THE_DATE = [Rule.Kind.RUNG, Rule.Kind.SNOOZE]
SAID_LATER = "A later reminder of the same target says it."

which = st.integers(0, 2)
who = st.integers(0, 4)
where = st.integers(0, 1)
ladders = st.sampled_from(sorted(CHOSEN))
times = st.sampled_from([time(9), time(0, 30), time(1, 30), time(17), time(23, 30)])


class Reminders(RuleBasedStateMachine):
    """Everything that happens to reminders, and after each step what must hold whatever happened."""

    def __init__(self, world: World, forget: Callable[[], None]) -> None:
        super().__init__()
        forget()
        self.world, self.now = world, START
        self.undo = put_back()
        self.undo.__enter__()
        self.in_doubt = "resend"
        self.script: dict[str, deque[Wire]] = defaultdict(deque)
        self.sent: dict[Key, list[Sent]] = defaultdict(list)
        self.told: dict[str, set[Key]] = {}
        self.released: Counter[Key] = Counter()
        self.wrong: list[str] = []
        self.troubled: set[int] = set()
        self.promised: dict[Key, tuple[datetime, datetime]] = {}
        self.unplanned: set[int] = set()
        self.known: set[int] = set()
        self.abandoned: list[Batch] = []
        self.nested = self.went_back = False
        self.steps = 0
        for kind in Kind:
            CHANNELS[kind] = self  # type: ignore[assignment]
        self._note_planned(*world.milestones)

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:  # a failing run is over as it is
                self.run_to_the_end()
        finally:
            self.undo.__exit__(None, None, None)

    # --- the wire: this machine stands where the channels would be ---

    def send(self, delivery: Delivery, *, at: datetime) -> None:
        on_it = Reminder.objects.filter(delivery=delivery, state=State.SENDING)
        rows = list(on_it.select_related("rule").order_by("pk"))
        if not rows:
            self.wrong.append(f"{delivery} is on the wire and no reminder is")
        waiting = self.script[delivery.kind]
        outcome = waiting.popleft() if waiting and delivery.kind != Kind.INBOX else Wire.OK
        if outcome == Wire.SLOW and self.nested:
            outcome = Wire.OK
        for row in rows:
            self.sent[key_of(row)].append(Sent(delivery.message_id, delivery.kind, outcome))
        told = {key_of(row) for row in rows}
        if not told <= self.told.get(delivery.message_id, told):
            self.wrong.append(
                f"{delivery} may have arrived, and now says something new under the same Message-ID"
            )
        if outcome in MAY_HAVE_ARRIVED:
            self.told.setdefault(delivery.message_id, told)
        self._look_at(rows, delivery)
        if outcome != Wire.OK:
            self.troubled |= {row.pk for row in rows}
        self._meet(outcome, delivery)

    def _meet(self, outcome: Wire, delivery: Delivery) -> None:
        if outcome in FAULTS:
            fault, everywhere = FAULTS[outcome]
            if everywhere:
                same_way = Reminder.objects.filter(channel__kind=delivery.kind).exclude(state__in=DONE)
                self.troubled |= set(same_way.values_list("pk", flat=True))
            raise Undelivered(outcome.value, fault, everywhere=everywhere)
        if outcome == Wire.SLIP:
            raise Slip
        if outcome in (Wire.DIED_BEFORE, Wire.DIED_AFTER):
            raise Died
        if outcome == Wire.SLOW:
            self.nested = True
            self.now += LEASE + MINUTE
            try:
                self._look()
            finally:
                self.nested = False

    def _look_at(self, rows: list[Reminder], delivery: Delivery) -> None:
        """Nothing stale: what goes must be so at the moment it goes, and be all that is told."""
        channel = Channel.objects.select_related("user").get(pk=delivery.channel_id)
        person = channel.user
        milestones = {one.pk: one for one in Milestone.everything.select_related("entry")}
        newest = dict(TargetDate.objects.order_by("recorded_at", "id").values_list("milestone_id", "date"))
        joined = set(Membership.objects.filter(user=person).values_list("campaign_id", flat=True))
        seen = set(Entry.objects.visible_to(person, at=self.now).values_list("pk", flat=True))
        muted = list(Wish.objects.filter(person=person, muted=True))
        off = set(Rule.objects.filter(active=False).values_list("pk", flat=True))
        said = self._said_before(rows, channel)
        for row in rows:
            milestone = milestones[row.milestone_id]
            problems = {
                "its target has moved": newest[row.milestone_id] != row.target,
                "it is settled": milestone.outcome != Outcome.UPCOMING,
                "it is withdrawn": milestone.entry.state != EntryState.PUBLISHED,
                "it is early": row.due_at > self.now and not self.went_back,
                "its reader left": row.campaign_id not in joined,
                "its reader's account is closed": not person.is_active,
                "its reader may not see it": row.milestone_id not in seen,
                "its reader muted it": any(
                    wish.campaign_id == row.campaign_id
                    and wish.milestone_id in (None, row.milestone_id)
                    and wish.rule_id in (None, row.rule_id)
                    for wish in muted
                ),
                "its rule is off": row.rule_id in off,
                "a later one says it": any(
                    other[:2] == (row.milestone_id, row.target) and other[2] > row.due_at
                    for other in said
                    if row.rule.kind in OF_THE_DATE
                ),
                "its channel is off": not channel.works and channel.kind != Kind.INBOX,
                "it is somebody else's": {row.recipient_id, delivery.recipient_id} != {person.pk}
                or row.channel_id != channel.pk,
                "it rings in quiet hours": channel.interrupts
                and is_quiet(person, self.now)
                and not row.doubts,
            }
            self.wrong += [f"{row} at {self.now}: {problem}" for problem, so in problems.items() if so]
        meant = {row.milestone_id for row in rows}
        for milestone in milestones.values():
            if (milestone.entry.headline in delivery.body) != (milestone.pk in meant):
                self.wrong.append(f"{delivery}: {milestone} is told and not meant, or meant and not told")

    def _said_before(self, rows: list[Reminder], channel: Channel) -> list[tuple[int, str, datetime]]:
        """What was said of milestones and targets through this channel, and is in this message."""
        of_the_date = Reminder.objects.filter(channel=channel, rule__kind__in=OF_THE_DATE)
        said = of_the_date.filter(state=State.SENT) | of_the_date.filter(pk__in=[row.pk for row in rows])
        return list(said.values_list("milestone_id", "target", "due_at"))

    # --- what is expected ---

    def _note_planned(self, *milestones: int) -> None:
        """These were planned at this moment: what lies ahead of it should go from now on."""
        self.unplanned -= set(milestones)
        rows = _rows()
        for pk in milestones:
            for key, when in Situation(pk).wanted(self.now).items():
                row = rows.get(key)
                if key not in self.promised and (
                    row is None or row.state in (State.PLANNED, State.CANCELLED)
                ):
                    self.promised[key] = (when, self.now)

    def _forget_what_no_longer_holds(self) -> None:
        situations = {pk: Situation(pk) for pk in {key.milestone for key in self.promised}}
        pairs = {(key.milestone, at) for key, (_, at) in self.promised.items()}
        wanted = {(pk, at): situations[pk].wanted(at) for pk, at in pairs}
        self.promised = {
            key: (when, at)
            for key, (when, at) in self.promised.items()
            if wanted[key.milestone, at].get(key) == when
        }

    def _judge(self) -> None:
        """After a tick that ran to its end: what was promised by now has gone, or is in trouble by name."""
        self._forget_what_no_longer_holds()
        rows = _rows()
        for key, (when, _) in list(self.promised.items()):
            if when > self.now:
                continue
            row = rows.get(key)
            assert row is not None, f"{key}, promised for {when}, was never made"
            fine = (
                row.state == State.SENT
                or (row.state == State.SKIPPED and row.because == SAID_LATER)
                or row.pk in self.troubled
            )
            assert fine, f"{key}, promised for {when}, is {row.state} at {self.now}: {row.because}"
            if row.state in DONE:
                del self.promised[key]

    def _planned(self, *milestones: int) -> None:
        self._forget_what_no_longer_holds()
        self._note_planned(*milestones)

    def _planned_campaign(self, campaign: Campaign) -> None:
        here = Milestone.everything.filter(entry__campaign=campaign, pk__in=self.world.milestones)
        self._planned(*here.values_list("pk", flat=True))

    def _person_changed(self, person: User) -> None:
        """Planned by the next tick."""
        plan_person(person)
        joined = Milestone.everything.filter(entry__campaign__in=Campaign.objects.joined_by(person))
        self.unplanned |= set(joined.values_list("pk", flat=True))
        self._forget_what_no_longer_holds()

    # --- the scheduler ---

    def _look(self, going: Callable[[], bool] = lambda: True) -> bool:
        """A tick; whether it ran to its end."""
        if not self.nested:
            self._planned(*self.unplanned)
        before = set(Channel.objects.exclude(stopped_at=None).values_list("pk", flat=True))
        try:
            look(clock=lambda: self.now, going=going)
        except Died:
            lying = Reminder.objects.filter(state__in=UNDER_WAY)
            self.troubled |= set(lying.values_list("pk", flat=True))
            return False
        finally:
            for channel in Channel.objects.exclude(stopped_at=None).exclude(pk__in=before):
                self._person_changed(channel.user)
        return True

    def _tick(self) -> None:
        if self._look():
            self._judge()

    @rule()
    def tick(self) -> None:
        self._tick()

    @rule(wait=st.sampled_from(WAITS))
    def wait(self, wait: timedelta) -> None:
        self.now += wait

    @rule(wait=st.sampled_from(WAITS))
    def wait_and_tick(self, wait: timedelta) -> None:
        self.now += wait
        self._tick()

    @rule(off=st.sampled_from([-MINUTE, timedelta(0), timedelta(0), MINUTE]))
    def wait_for_the_next_moment(self, off: timedelta) -> None:
        ahead = Reminder.objects.filter(state=State.PLANNED, try_at__gt=self.now - min(off, timedelta(0)))
        first = ahead.order_by("try_at").values_list("try_at", flat=True).first()
        if first:
            self.now = first + off
            self._tick()

    @rule(messages=st.integers(0, 2))
    def a_tick_is_stopped(self, messages: int) -> None:
        left = iter([True] * (messages + 1))
        self._look(going=lambda: next(left, False))

    @rule(back=st.sampled_from([2 * MINUTE, HOUR, 7 * HOUR, DAY]))
    def the_clock_goes_back(self, back: timedelta) -> None:
        self.now -= back
        self.went_back = True
        self.promised.clear()

    @rule()
    def the_nightly_pass(self) -> None:
        plan_everything(at=self.now)
        self._planned(*self.world.milestones)

    @rule()
    def a_sender_dies_before_the_wire(self) -> None:
        batch = claim(token=uuid.UUID(int=len(self.abandoned) + 1), at=self.now)
        if batch:
            self.abandoned.append(batch)
            lying = Reminder.objects.filter(token=batch.token)
            self.troubled |= set(lying.values_list("pk", flat=True))

    @rule()
    def a_sender_thought_dead_comes_back(self) -> None:
        for batch in self.abandoned[-1:]:
            for channel in batch.channels:
                try:
                    Sending(channel, batch.token, lambda: self.now, Tally()).go()
                except Died:
                    self.troubled |= set(
                        Reminder.objects.filter(state__in=UNDER_WAY).values_list("pk", flat=True)
                    )

    @rule(
        kind=st.sampled_from(OUTWARD),
        outcomes=st.lists(st.sampled_from(list(Wire)), min_size=1, max_size=4),
    )
    def trouble_on_the_wire(self, kind: str, outcomes: list[Wire]) -> None:
        self.script[kind] = deque(outcomes)

    # --- milestones ---

    def _milestone(self, number: int) -> Milestone:
        return Milestone.everything.select_related("entry__campaign", "owner").get(
            pk=self.world.milestones[number]
        )

    def _owner(self, campaign: Campaign) -> User:
        return make.owner_of(campaign)

    @rule(number=which, to=st.sampled_from(sorted(LAST_DAYS)), correction=st.booleans(), mover=who)
    def the_target_moves(self, number: int, to: str, correction: bool, mover: int) -> None:
        milestone = self._milestone(number)
        by = User.objects.get(pk=self.world.people[mover])
        try:
            revise_target(
                milestone=milestone, to=parse(to), reason="Delayed", by=by, at=self.now, correction=correction
            )
        except ValidationError:
            return
        plan(milestone, at=self.now)
        self._planned(milestone.pk)

    @rule(number=which, outcome=st.sampled_from(Outcome))
    def it_is_settled_or_opened_again(self, number: int, outcome: Outcome) -> None:
        milestone = self._milestone(number)
        by = self._owner(milestone.entry.campaign)
        if outcome == Outcome.UPCOMING:
            reopen(milestone=milestone, by=by, at=self.now)
        else:
            settle(milestone=milestone, outcome=outcome, on=self.now.date(), by=by, at=self.now)
        plan(milestone, at=self.now)
        self._planned(milestone.pk)

    @rule(number=which)
    def it_is_opened_again(self, number: int) -> None:
        self.it_is_settled_or_opened_again(number, Outcome.UPCOMING)

    @rule(number=which, state=st.sampled_from(EntryState))
    def it_is_withdrawn_or_restored(self, number: int, state: EntryState) -> None:
        entry = self._milestone(number).entry
        change_state(entry=entry, state=state, by=self._owner(entry.campaign), at=self.now)
        self._planned(entry.pk)

    @rule(number=which)
    def it_is_restored(self, number: int) -> None:
        self.it_is_withdrawn_or_restored(number, EntryState.PUBLISHED)

    @rule(
        number=which,
        owner=st.none() | who,
        visibility=st.sampled_from([Visibility.STAFF, Visibility.TEAM]),
    )
    def it_is_edited(self, number: int, owner: int | None, visibility: Visibility) -> None:
        milestone = self._milestone(number)
        entry = milestone.entry
        edit_milestone(
            milestone=milestone,
            facts=make.facts(headline=entry.headline, visibility=visibility),
            owner=None if owner is None else User.objects.get(pk=self.world.people[owner]),
            version=entry.version,
            by=self._owner(entry.campaign),
            at=self.now,
        )
        plan(milestone, at=self.now)
        self._planned(milestone.pk)

    # --- ladders and wishes ---

    def _campaign(self, number: int) -> Campaign:
        return Campaign.objects.get(pk=self.world.campaigns[number])

    @rule(
        number=where,
        rungs=ladders,
        clock=times,
        working_days=st.sampled_from(["", "ENG"]),
        escalate_after=st.sampled_from([None, 1, 3]),
    )
    def the_ladder_changes(
        self, number: int, rungs: str, clock: time, working_days: str, escalate_after: int | None
    ) -> None:
        campaign = self._campaign(number)
        set_ladder(
            campaign=campaign,
            rungs=CHOSEN[rungs],
            by=self._owner(campaign),
            at=self.now,
            clock=clock,
            working_days=working_days,
            escalate_after=escalate_after,
        )
        self._planned_campaign(campaign)

    @rule(number=which, rungs=st.none() | ladders, clock=times, working_days=st.sampled_from(["", "ENG"]))
    def a_milestone_gets_a_ladder_or_loses_it(
        self, number: int, rungs: str | None, clock: time, working_days: str
    ) -> None:
        milestone = self._milestone(number)
        campaign = milestone.entry.campaign
        by = self._owner(campaign)
        if rungs is None:
            drop_ladder(milestone=milestone, by=by, at=self.now)
        else:
            set_ladder(
                campaign=campaign,
                milestone=milestone,
                rungs=CHOSEN[rungs],
                by=by,
                at=self.now,
                clock=clock,
                working_days=working_days,
            )
        self._planned(milestone.pk)

    @rule(number=where, pick=st.integers(0, 5), active=st.booleans())
    def a_rung_is_switched_in_the_admin(self, number: int, pick: int, active: bool) -> None:
        """Nobody plans: only the last look before the wire can see it."""
        rungs = Rule.objects.filter(campaign=self.world.campaigns[number], kind=Rule.Kind.RUNG).order_by("pk")
        rungs.filter(pk=rungs[pick % len(rungs)].pk).update(active=active)
        self._forget_what_no_longer_holds()

    @rule(number=where, person=who, chosen=st.sampled_from([[], [2], [5, 0], [-1]]), clock=times)
    def somebody_sets_rungs_of_their_own(
        self, number: int, person: int, chosen: list[int], clock: time
    ) -> None:
        campaign = self._campaign(number)
        somebody = User.objects.get(pk=self.world.people[person])
        set_own_rungs(campaign=campaign, person=somebody, days=chosen, clock=clock, at=self.now)
        self._planned_campaign(campaign)

    @rule(
        number=which,
        person=who,
        of=st.sampled_from(["campaign", "milestone", "rule"]),
        pick=st.integers(0, 5),
        muted=st.booleans(),
        earlier_days=st.sampled_from([0, 0, 2, -1]),
    )
    def somebody_wishes(
        self, number: int, person: int, of: str, pick: int, muted: bool, earlier_days: int
    ) -> None:
        milestone = self._milestone(number)
        campaign = milestone.entry.campaign
        rules = list(Rule.objects.filter(campaign=campaign, kind=Rule.Kind.RUNG).order_by("pk"))
        set_wish(
            person=User.objects.get(pk=self.world.people[person]),
            campaign=campaign,
            at=self.now,
            milestone=milestone if of == "milestone" else None,
            rule=rules[pick % len(rules)] if of == "rule" else None,
            muted=muted,
            earlier_days=0 if muted else earlier_days,
        )
        if of == "milestone":
            self._planned(milestone.pk)
        else:
            self._planned_campaign(campaign)

    @rule(number=which, person=who, later=st.sampled_from([None, HOUR, DAY, 3 * DAY, 10 * DAY]))
    def somebody_answers(self, number: int, person: int, later: timedelta | None) -> None:
        milestone = self._milestone(number)
        member = Membership.objects.filter(
            campaign=milestone.entry.campaign, user=self.world.people[person], user__is_active=True
        ).first()
        if member:
            until = self.now + later if later else None
            acknowledge(milestone=milestone, person=member.user, at=self.now, until=until)
            self._planned(milestone.pk)

    # --- people ---

    @rule(
        person=who,
        digest=st.sampled_from(Digest.values + [Digest.INSTANT] * 2),
        digest_at=st.sampled_from([time(8), time(1, 30), time(18)]),
        hours=st.sampled_from([(None, None), (None, None), (time(22), time(7)), (time(8), time(12))]),
        zone=st.sampled_from(ZONES[:3]),
    )
    def somebody_changes_their_hours(
        self, person: int, digest: str, digest_at: time, hours: tuple[Any, Any], zone: str
    ) -> None:
        somebody = User.objects.get(pk=self.world.people[person])
        somebody.digest, somebody.digest_at, somebody.time_zone = digest, digest_at, zone
        somebody.quiet_from, somebody.quiet_until = hours
        somebody.save()
        self._person_changed(somebody)

    @rule(person=who, kind=st.sampled_from(Kind), on=st.booleans())
    def somebody_switches_a_channel(self, person: int, kind: str, on: bool) -> None:
        channel = Channel.objects.filter(user=self.world.people[person], kind=kind).first()
        if channel:
            switch_channel(channel=channel, on=on)
            if on:
                Channel.objects.filter(pk=channel.pk).update(stopped_at=None)
            self._person_changed(channel.user)

    @rule(number=where, person=who, role=st.none() | st.sampled_from(Role), reminded=st.booleans())
    def the_team_changes(self, number: int, person: int, role: Role | None, reminded: bool) -> None:
        campaign = self._campaign(number)
        by, somebody = self._owner(campaign), User.objects.get(pk=self.world.people[person])
        member = Membership.objects.filter(campaign=campaign, user=somebody).first()
        try:
            if member is None:
                add_member(campaign=campaign, user=somebody, role=role or Role.ADVOCACY, by=by, at=self.now)
            elif role is None:
                remove_member(membership=member, by=by)
            else:
                change_member(membership=member, role=role, reminded=reminded, by=by)
        except ValidationError:
            return
        plan_campaign(campaign, at=self.now)
        self._planned_campaign(campaign)

    @rule(person=who)
    def an_account_is_closed_or_opened(self, person: int) -> None:
        """Nobody plans: only the last look before the wire can see it."""
        somebody = User.objects.get(pk=self.world.people[person])
        somebody.is_active = not somebody.is_active
        somebody.save()
        self._forget_what_no_longer_holds()

    @rule(number=where, zone=st.sampled_from(ZONES[:3]))
    def the_campaign_moves_to_another_zone(self, number: int, zone: str) -> None:
        campaign = self._campaign(number)
        campaign.time_zone = zone
        campaign.save()
        plan_campaign(campaign, at=self.now)
        self._planned_campaign(campaign)

    @rule(send=st.booleans())
    def somebody_sees_to_what_was_held(self, send: bool) -> None:
        row = Reminder.objects.filter(state__in=[State.HELD, State.FAILED]).first()
        if row:
            release(reminder=row, send=send, at=self.now)
            self.released[key_of(row)] += 1

    @initialize(in_doubt=st.sampled_from(["resend", "hold"]))
    def what_to_do_in_doubt(self, in_doubt: str) -> None:
        from django.conf import settings

        settings.SEND_AGAIN_IN_DOUBT = in_doubt
        self.in_doubt = in_doubt

    # --- what always holds ---

    @invariant()
    def nothing_stale_was_sent(self) -> None:
        assert self.wrong == []

    @invariant()
    def nothing_arrived_twice(self) -> None:
        for key, sent in self.sent.items():
            arrived = [one for one in sent if one.outcome in MAY_HAVE_ARRIVED]
            doubts = sum(one.outcome in DOUBTFUL for one in sent)
            again = min(1, doubts) if self.in_doubt == "resend" else 0
            if sent[0].kind == Kind.INBOX:
                again = 0
            assert len(arrived) <= 1 + again + self.released[key], (key, sent)
            if not self.released[key]:
                assert len({one.message_id for one in arrived}) <= 1, (key, sent)

    @invariant()
    def every_row_said_once_what_it_is(self) -> None:
        for key, row in _rows().items():
            arrived = any(one.outcome in MAY_HAVE_ARRIVED for one in self.sent.get(key, []))
            assert arrived or row.state != State.SENT, f"{row} counts as sent and was not"

    @invariant()
    def no_row_is_made_for_the_past(self) -> None:
        new = Reminder.objects.exclude(pk__in=self.known)
        for pk, due_at, planned_at, state in new.values_list("pk", "due_at", "planned_at", "state"):
            assert due_at > planned_at, f"row {pk}, {state}"
            self.known.add(pk)

    @invariant()
    def the_program_never_trips(self) -> None:
        tripped = Reminder.objects.filter(because__startswith="The program failed").exclude(
            because__contains="Slip"
        )
        assert list(tripped.values_list("because", flat=True)) == []

    @invariant()
    def what_a_later_one_said_was_said(self) -> None:
        rows = _rows().items()
        said = {
            (key.milestone, key.target, key.channel, row.due_at) for key, row in rows if self.sent.get(key)
        }
        for key, row in rows:
            if row.state == State.SKIPPED and row.because == SAID_LATER:
                mine = (key.milestone, key.target, key.channel)
                assert any(other[:3] == mine and other[3] >= row.due_at for other in said), (
                    f"{row} ({row.due_at}) left it to a later one, and none went"
                )

    @invariant()
    def planning_again_changes_nothing_and_later_moves_nothing(self) -> None:
        self.steps += 1
        if self.steps % 5 == 0:
            self.plan_again()

    def plan_again(self) -> None:
        with put_back():
            plan_everything(at=self.now)
            before = _ledger()
            for pk in self.world.milestones:
                plan(Milestone.everything.get(pk=pk), at=self.now)
            assert _ledger() == before
            plan_batch(self.world.milestones, at=self.now)
            assert _ledger() == before
            for later in (9 * HOUR, 30 * HOUR):
                ahead = Reminder.objects.filter(state=State.PLANNED, due_at__gt=self.now + later)
                before = list(ahead.order_by("pk").values(*LEDGER))
                plan_everything(at=self.now + later)
                ids = [row["id"] for row in before]
                assert list(Reminder.objects.filter(pk__in=ids).order_by("pk").values(*LEDGER)) == before

    def run_to_the_end(self) -> None:
        """The world stands still; the clock runs on from one moment to the next."""
        self.script.clear()
        for _ in range(5):
            moments = list(
                Reminder.objects.filter(state=State.PLANNED, try_at__gt=self.now).values_list(
                    "try_at", flat=True
                )
            ) + [when for when, _ in self.promised.values() if when > self.now]
            if not moments:
                break
            self.now = max(min(moments), self.now + 6 * MINUTE)
            self._tick()
            left = Reminder.objects.filter(state=State.PLANNED, try_at__lte=self.now)
            assert not left.exists(), left.first()
        self.what_always_holds()
        self.plan_again()

    def what_always_holds(self) -> None:
        self.nothing_stale_was_sent()
        self.nothing_arrived_twice()
        self.every_row_said_once_what_it_is()
        self.what_a_later_one_said_was_said()
        self.the_program_never_trips()


def _rows() -> dict[Key, Reminder]:
    return {key_of(row): row for row in Reminder.objects.defer("said")}


def _ledger() -> list[dict[str, Any]]:
    return list(Reminder.objects.order_by("pk").values(*LEDGER))


@pytest.fixture
def forget(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Between two histories the scheduler forgets; after the test the channels are again what they were."""
    for kind in Kind:
        monkeypatch.setitem(CHANNELS, kind, CHANNELS[kind])
    settings.SEND_AGAIN_IN_DOUBT = "resend"
    kept = Path(settings.VAR_DIR)

    def forget() -> None:
        for file in kept.glob("last-look-*"):
            file.unlink()

    return forget


def test_in_any_order_nothing_goes_twice_nothing_is_lost_and_nothing_is_stale(
    world: World, forget: Callable[[], None]
) -> None:
    run_state_machine_as_test(
        lambda: Reminders(world, forget), settings=so_many(10, 90, stateful_step_count=25)
    )


# --- The wire, digests and clock changes, each by itself --------------------------------------------------


@pytest.fixture
def minutes_apart(world: World) -> World:
    """Four milestones of one campaign that fall due within ten minutes."""
    bill = world.campaign_of(0)
    Membership.objects.filter(user=world.people[1]).update(reminded=False)  # one person is enough
    for minute in (3, 0, 10, 1):
        milestone = make.milestone(bill, target="2026-03-25", headline=f"Deadline at 9.{minute:02}", at=START)
        set_ladder(
            campaign=bill,
            milestone=milestone,
            rungs=[(1, None)],
            clock=time(9, minute),
            by=make.owner_of(bill),
            at=START,
        )
        world.milestones.append(milestone.pk)
    return world


@given(
    outcomes=st.lists(st.sampled_from(Wire), max_size=6),
    steps=st.lists(
        st.tuples(
            st.sampled_from([MINUTE, 2 * MINUTE, 3 * MINUTE, 6 * MINUTE]),
            st.sampled_from(["tick", "tick", "tick", "tick", "claim", "come back", "stop"]),
        ),
        min_size=4,
        max_size=12,
    ),
    in_doubt=st.sampled_from(["resend", "resend", "hold"]),
)
@so_many(10, 50)
def test_whatever_happens_on_the_wire_each_reminder_arrives_once_or_says_why_not(
    minutes_apart: World,
    forget: Callable[[], None],
    outcomes: list[Wire],
    steps: list[tuple[timedelta, str]],
    in_doubt: str,
) -> None:
    history = Reminders(minutes_apart, forget)
    try:
        history.what_to_do_in_doubt(in_doubt)
        history.now = datetime(2026, 3, 24, 9, tzinfo=UTC)
        history.script[Kind.EMAIL] = deque(outcomes)
        for wait, what in steps:
            if what == "claim":
                history.a_sender_dies_before_the_wire()
            elif what == "come back":
                history.a_sender_thought_dead_comes_back()
            elif what == "stop":
                history.a_tick_is_stopped(1)
            else:
                history.tick()
            history.what_always_holds()
            history.now += wait
        history.run_to_the_end()
        due = Reminder.objects.filter(due_at__lte=datetime(2026, 3, 24, 9, 10, tzinfo=UTC))
        for row in due.select_related("channel"):
            assert row.state in DONE or row.channel.stopped_at, f"{row} is still {row.state}"
            assert row.because or row.state == State.SENT
    finally:
        history.undo.__exit__(None, None, None)


def behind_the_planner(history: Reminders, what: str, number: int, pick: int) -> None:
    """A change that nobody has planned by yet: a sender that is under way meets it."""
    milestone = history._milestone(number)
    entry, campaign = milestone.entry, milestone.entry.campaign
    owner, now = make.owner_of(campaign), history.now
    people = list(User.objects.filter(memberships__campaign=campaign).order_by("pk"))
    person = people[pick % len(people)]
    due = Reminder.objects.filter(milestone=milestone, due_at__lte=now).order_by("-due_at", "-pk").first()
    rung = due.rule if due else Rule.objects.filter(campaign=campaign, kind=Rule.Kind.RUNG).first()
    if what == "moved" and milestone.is_open():
        to = parse("2026-04-30" if current_target(milestone).date != "2026-04-30" else "2026-04-20")
        revise_target(milestone=milestone, to=to, reason="Delayed", by=owner, at=now)
    elif what == "settled":
        settle(milestone=milestone, outcome=Outcome.MET, on=now.date(), by=owner, at=now)
    elif what == "withdrawn":
        milestone.entry = set_state(entry=entry, state=EntryState.WITHDRAWN, by=owner)
        refresh(milestone=milestone, by=owner, at=now)
    elif what == "for staff":
        Entry.everything.filter(pk=entry.pk).update(visibility=Visibility.STAFF)
    elif what == "left" and person != owner:
        Membership.objects.filter(campaign=campaign, user=person).delete()
    elif what == "closed":
        User.objects.filter(pk=person.pk).update(is_active=False)
    elif what == "muted":
        of = [{"milestone": milestone}, {"rule": rung}, {}][pick % 3]
        Wish.objects.get_or_create(person=person, campaign=campaign, muted=True, **of)
    elif what == "rung off" and rung:
        Rule.objects.filter(pk=rung.pk).update(active=False)
    elif what == "channel off":
        Channel.objects.filter(user=person).exclude(kind=Kind.INBOX).update(active=False)
    elif what == "quiet":
        hours = {"quiet_from": time(0), "quiet_until": time(23, 59), "time_zone": "Europe/London"}
        User.objects.filter(pk=person.pk).update(**hours)


CHANGES = [
    "moved", "settled", "withdrawn", "for staff", "left", "closed", "muted", "rung off", "rung off",
    "channel off", "quiet",
]  # fmt: skip


@given(
    ahead=st.sampled_from([datetime(2026, 4, day, 12, tzinfo=UTC) for day in (1, 2, 5, 6, 13, 20)]),
    before=st.lists(st.sampled_from(Wire), max_size=3),
    taken=st.booleans(),
    changes=st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=3
    ),
)
@so_many(30, 120)
def test_a_sender_under_way_tells_nothing_that_changed_meanwhile_and_leaves_out_nothing_else(
    world: World,
    forget: Callable[[], None],
    ahead: datetime,
    before: list[Wire],
    taken: bool,
    changes: list[tuple[str, int, int]],
) -> None:
    history = Reminders(world, forget)
    try:
        history.now = ahead
        if before:
            history.script[Kind.EMAIL] = deque(before[:2])
            history.script[Kind.WEBHOOK] = deque(before[2:])
            history.tick()
            history.now += 2 * LEASE
            history.script.clear()
        batch = claim(token=uuid.UUID(int=1), at=history.now) if taken else None
        for what, number, pick in changes:
            behind_the_planner(history, what, number, pick)
        for channel in batch.channels if batch else []:
            Sending(channel, batch.token, lambda: history.now, Tally()).go()
        send_due(clock=lambda: history.now)
        history._judge()
        history.what_always_holds()
    finally:
        history.undo.__exit__(None, None, None)


@given(
    digest=st.sampled_from([Digest.DAILY, Digest.WEEKLY]),
    digest_at=clocks,
    hours=quiet,
    zone=st.sampled_from(ZONES),
    days_before=st.lists(st.integers(-4, 12), min_size=1, max_size=5, unique=True),
    clock=clocks,
    target=st.sampled_from(["2026-03-25", "2026-03-30", "2026-04-02"]),
    before=st.integers(1, 24 * 7),
)
@so_many(12, 50)
def test_a_digest_says_it_no_later_than_its_moment_or_before_the_last_day_is_over(
    world: World,
    forget: Callable[[], None],
    digest: str,
    digest_at: time,
    hours: tuple[time, time] | None,
    zone: str,
    days_before: list[int],
    clock: time,
    target: str,
    before: int,
) -> None:
    history = Reminders(world, forget)
    try:
        history.what_to_do_in_doubt("resend")
        history.now = START - before * HOUR
        bill = world.campaign_of(0)
        fell = {"outcome": Outcome.FELL, "settled_on": START, "settled_at": START}
        Milestone.everything.filter(pk__in=world.milestones).update(**fell)
        olive, adam = (User.objects.get(pk=pk) for pk in world.people[:2])
        adam.digest, adam.digest_at, adam.time_zone = digest, digest_at, zone
        adam.quiet_from, adam.quiet_until = hours or (None, None)
        adam.save()
        rungs = [(number, None) for number in days_before]
        set_ladder(campaign=bill, rungs=rungs, by=olive, at=history.now, clock=clock, escalate_after=None)
        milestone = make.milestone(bill, target=target, headline="Third reading", at=history.now)
        plan(milestone, at=history.now)
        history.world = replace(world, milestones=[milestone.pk])
        planned_at, nights = history.now, history.now + DAY
        last = end_of(LAST_DAYS[target], LONDON)
        while ahead := Reminder.objects.filter(state=State.PLANNED).order_by("try_at").first():
            if ahead.try_at > nights:
                history.now = nights
                plan_everything(at=nights)
                nights += 2 * DAY
            else:
                history.now = max(ahead.try_at, history.now)
                assert history._look()
        history.nothing_stale_was_sent()
        _compare(_inbox_rows(milestone, olive), _inbox_rows(milestone, adam), adam, planned_at, last)
    finally:
        history.undo.__exit__(None, None, None)


def _inbox_rows(milestone: Milestone, person: User) -> dict[int, Reminder]:
    inbox = Reminder.objects.filter(recipient=person, channel__kind=Kind.INBOX, milestone=milestone)
    return {row.rule_id: row for row in inbox.select_related("delivery")}


def _compare(
    at_once: dict[int, Reminder],
    gathered: dict[int, Reminder],
    person: User,
    planned: datetime,
    last: datetime,
) -> None:
    """Of each rung: what its reader at once got, the reader of the digest got in time."""
    assert at_once.keys() == gathered.keys()
    for rule_id, plain in at_once.items():
        row = gathered[rule_id]
        assert plain.state == State.SENT
        assert row.state == State.SENT or row.because == SAID_LATER
        if row.delivery:
            assert row.delivery.sent_at == row.due_at
        if row.due_at > plain.due_at:
            step = 7 * DAY if person.digest == Digest.WEEKLY else DAY
            local = row.due_at.astimezone(person.zone).date()
            assert row.due_at < last
            assert instant(local - step, person.digest_at, person.zone) <= planned
    email = Reminder.objects.filter(recipient=person, channel__kind=Kind.EMAIL, state=State.SENT)
    assert not any(is_quiet(person, row.changed_at) for row in email)


CLOCK_CHANGES = [
    ("2026-03-29", time(0, 30), "2026-03-29 00:30"),
    ("2026-03-29", time(1), "2026-03-29 01:00"),  # skipped: two o'clock, summer time
    ("2026-03-29", time(1, 30), "2026-03-29 01:30"),  # skipped
    ("2026-03-29", time(2), "2026-03-29 01:00"),
    ("2026-03-29", time(2, 30), "2026-03-29 01:30"),
    ("2026-03-29", time(9), "2026-03-29 08:00"),
    ("2026-10-25", time(0, 30), "2026-10-24 23:30"),
    ("2026-10-25", time(1), "2026-10-25 00:00"),  # twice: the first
    ("2026-10-25", time(1, 30), "2026-10-25 00:30"),  # twice: the first
    ("2026-10-25", time(2), "2026-10-25 02:00"),
    ("2026-10-25", time(2, 30), "2026-10-25 02:30"),
    ("2026-10-25", time(9), "2026-10-25 09:00"),
]


@pytest.mark.parametrize(("day", "clock", "when"), CLOCK_CHANGES)
def test_on_the_night_the_clocks_change_each_rung_goes_once_at_its_local_time(
    day: str, clock: time, when: str, campaign: Campaign
) -> None:
    planned = datetime.fromisoformat(f"{day} 00:00").replace(tzinfo=UTC) - 2 * DAY
    set_ladder(campaign=campaign, rungs=[(1, None)], by=make.owner_of(campaign), at=planned, clock=clock)
    target = (date.fromisoformat(day) + DAY).isoformat()
    plan(make.milestone(campaign, target=target, at=planned), at=planned)
    went = {}
    for half_hours in range(76):
        now = planned + DAY + half_hours * 30 * MINUTE
        if half_hours % 9 == 0:
            plan_everything(at=now)
        if sent := send_due(clock=lambda now=now: now).messages:
            went[now.strftime("%Y-%m-%d %H:%M")] = sent
    assert went == {when: 2}  # one in the app, one by e-mail
