"""The tick: claim what is due, check it once more, send it, write down what became of it.

All that is due for one person through one channel goes as one message. Rows are claimed under a lease, and
committed as `sending` before the wire, so that a sender that dies leaves rows that say how far it got.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from apps.campaigns.models import Campaign
from apps.notices.actions import DATABASE_AWAY, deliver, insist, prepare
from apps.notices.channels import Fault, Undelivered
from apps.notices.letters import message_id_of
from apps.notices.models import Channel, Delivery, Kind
from apps.reminders import bulk, watch
from apps.reminders.checks import Checked, check, gives_up_at
from apps.reminders.ladder import end_of_quiet
from apps.reminders.messages import LATE_AFTER, compose
from apps.reminders.models import Reminder
from apps.reminders.planning import ESCALATES_FROM, chunks, mark_stale, plan_changed
from apps.reminders.trouble import after_refusal

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Going = Callable[[], bool]
State = Reminder.State
UNDER_WAY = (State.CLAIMED, State.SENDING)

MESSAGES = 50
"""Messages claimed at a time. A tick goes on claiming until nothing is due."""
LEASE = 15 * timedelta(seconds=settings.EMAIL_TIMEOUT)
"""Longer than one message can take: the mail server's time limit counts for each of its few answers (nine,
with encryption and a password), and then the outcome must be written down."""
LONGEST_WAIT_MINUTES = 240
AGAIN_AFTER_DOUBT = timedelta(minutes=1)
WHAT_IT_WAS = ("pk", "state", "delivery_id", "doubts")
"""What a message in doubt was goes again as that message alone, even where it was refused in between."""
SENT_LATE = "Sent late: it could not be sent when it was due."
RESEND = "resend"
"""SEND_AGAIN_IN_DOUBT: send once more under the same Message-ID; the other is to hold it for a person."""


def always() -> bool:
    return True


@dataclass
class Tally:
    """What a tick did, in reminders, and in how many messages."""

    sent: int = 0
    failed: int = 0
    skipped: int = 0
    messages: int = 0


def look(*, clock: Clock, going: Going = always) -> Tally:
    """One tick: plan what changed, send what is due, and note that the scheduler looked. It stops between two
    messages once it should not be `going`, and gives back what it had claimed."""
    last, began = watch.look_back(at=clock()), clock()
    planned = plan_changed(at=began, caught_up_at=last.caught_up_at if last else None)
    tally = send_due(clock=clock, going=going)
    watch.looked(at=clock(), sent=tally.sent, caught_up_at=None if planned.left else began)
    return tally


def send_due(*, clock: Clock, going: Going = always) -> Tally:
    """Claim and send until nothing is due."""
    tally, silent, said_so = Tally(), set[str](), clock()
    while going() and (batch := claim(token=uuid.uuid4(), at=clock(), but=silent)):
        try:
            for channel in batch.channels:
                if clock() - said_so > watch.tick_length():  # a long tick is no silence
                    said_so = clock()
                    watch.looked(at=said_so, sent=tally.sent)
                if not going() or channel.kind in silent:
                    give_back(batch, channel)
                elif not Sending(channel, batch.token, clock, tally).go():
                    silent.add(channel.kind)  # the rest need not wait for the same server to time out again
                    give_back(batch, channel)
        except DATABASE_AWAY:
            with suppress(*DATABASE_AWAY):  # else they wait for the lease to run out
                insist(lambda: give_back(batch))  # noqa: B023  # it is called at once
            raise
    return tally


# --- Claiming ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """Channels whose due rows one sender has, under its token."""

    token: uuid.UUID
    channels: list[Channel]


def claim(*, token: uuid.UUID, at: datetime, but: Iterable[str] = ()) -> Batch | None:
    """Take what is due under a lease, by whole channels, so that one message has all of it; no other sender
    gets these rows while the lease lasts. None where nothing is due. `but`: kinds of channels to leave.

    Also taken: rows whose sender died before the wire (lease run out while claimed) and on it (while
    sending), whose outcome is unknown. A lease that ends later than any can was taken when a clock was wrong.
    """
    due = Q(state=State.PLANNED, try_at__lte=at)
    lapsed = Q(lease_until__lt=at) | Q(lease_until__gt=at + 2 * LEASE)
    left_lying = Q(state__in=UNDER_WAY) & lapsed
    ids = _channels_with(due, but) or _channels_with(left_lying, but)
    if not ids:
        return None
    with transaction.atomic():
        channels = Channel.objects.select_related("user").filter(pk__in=ids).order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            # NO KEY: else a planner could not add a row of this channel, while we wait for rows it holds.
            channels = channels.select_for_update(skip_locked=True, of=("self",), no_key=True)
        taken = list(channels)  # SQLite's transactions are IMMEDIATE: one at a time
        here = Reminder.objects.filter(channel__in=[channel.pk for channel in taken])
        found = in_order(here.filter(due | left_lying))
        lease = {"token": token, "lease_until": at + LEASE, "changed_at": at}
        as_taken = Case(When(state=State.PLANNED, then=Value(State.CLAIMED)), default=F("state"))
        for some in chunks(list(found)):
            Reminder.objects.filter(pk__in=some).update(state=as_taken, **lease)
    theirs = set(found.values())  # not of a channel another emptied between our look and our lock
    return Batch(token, [channel for channel in taken if channel.pk in theirs]) if found else None


def in_order(rows: QuerySet[Reminder]) -> dict[int, int]:
    """The rows' ids and their channels', locked. All lock rows in the order of their ids, or two would wait
    for each other."""
    return dict(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", "channel_id"))


def _channels_with(rows: Q, but: Iterable[str]) -> list[int]:
    """The channels of the rows that have waited longest, each once."""
    waiting = (
        Reminder.objects.filter(rows).exclude(channel__kind__in=but) if but else Reminder.objects.filter(rows)
    )
    longest = waiting.order_by("try_at", "id").values_list("channel_id", flat=True)
    return list(dict.fromkeys(longest[: MESSAGES * 20]))[:MESSAGES]


def give_back(batch: Batch, channel: Channel | None = None) -> None:
    """What was claimed and is not to be sent now is planned again, at once."""
    rows = Reminder.objects.filter(token=batch.token, state=State.CLAIMED)
    here = rows.filter(channel__in=[channel] if channel else batch.channels)
    here.update(state=State.PLANNED, token=None, lease_until=None)


# --- Sending ----------------------------------------------------------------------------------------------


@dataclass
class Sending:
    """One channel's claimed rows on their way. They go as one message; those whose sender died on the wire
    go, if at all, as the message they were."""

    channel: Channel
    token: uuid.UUID
    clock: Clock
    tally: Tally
    after: list[Callable[[], None]] = field(default_factory=list)
    """What follows from it, once the rows are let go: it locks what planners lock before they lock rows."""

    def rows(self) -> QuerySet[Reminder]:
        return Reminder.objects.filter(channel=self.channel, token=self.token)

    def go(self) -> bool:
        """Send them. False where the whole way is blocked, for everybody."""
        doubtful: dict[int | None, list[int]] = defaultdict(list)
        claimed: dict[int | None, list[int]] = defaultdict(list)
        under_way = self.rows().filter(state__in=UNDER_WAY).order_by("pk")
        for pk, state, delivery, doubts in under_way.values_list(*WHAT_IT_WAS):
            if state == State.SENDING:
                doubtful[delivery].append(pk)
            else:
                claimed[delivery if doubts else None].append(pk)
        some_each = [*doubtful.values(), *(some for ids in claimed.values() for some in chunks(ids))]
        return all(self._send_or_stand_aside(ids) for ids in some_each)

    def _send_or_stand_aside(self, ids: list[int]) -> bool:
        """A row that trips the program stands aside; the others go without it."""
        try:
            way_is_open = self._send(ids)
            while self.after:
                self.after.pop()()
            return way_is_open
        except DATABASE_AWAY:
            raise  # no row's fault
        except Exception as error:
            log.exception("Reminders %s tripped the program", ids[:5])
            if len(ids) > 1:
                return all([self._send_or_stand_aside([pk]) for pk in ids])  # noqa: C419  # each, whatever the others do
            failure = Undelivered(f"The program failed: {type(error).__name__}.", Fault.PASSING)
            self._failed(self.rows().filter(pk__in=ids, state=State.CLAIMED), failure)
            return True

    def _send(self, ids: list[int]) -> bool:
        """Commit to the wire, send, and write down what became of it."""
        delivery = self._commit(ids)
        if delivery is None or delivery.kind == Kind.INBOX:
            return True
        under_way = self.rows().filter(pk__in=ids, state=State.SENDING)
        try:
            deliver(delivery, at=self.clock())
        except Undelivered as error:
            failure = error  # Python forgets `error` at the end of this block
            insist(lambda: self._failed(under_way, failure))
            return not failure.everywhere
        insist(lambda: self._arrived(under_way))
        return True

    @transaction.atomic
    def _commit(self, ids: list[int]) -> Delivery | None:
        """Check once more what should go, and commit to the wire: from here on the outcome may be unknown."""
        at = self.clock()
        self.channel = Channel.objects.select_related("user").get(pk=self.channel.pk)  # as it stands now
        rows = self._locked(ids)
        if not rows or self._quiet(rows, at) or self._settled_doubt(rows, at):
            return None
        checked = check(rows, self.channel, at=at)
        self._refuse(checked, at)
        if not checked.told:
            return None
        going = [told.row for told in checked.told]
        before = going[0].delivery if going[0].state == State.SENDING or going[0].doubts else None
        message_id = before.message_id if before else message_id_of(_names(going))
        composed = compose(checked.told, self.channel.user, message_id=message_id, at=at)
        campaigns = {row.campaign for row in going}
        delivery = prepare(
            channel=self.channel,
            campaign=campaigns.pop() if len(campaigns) == 1 else None,
            words=composed.words,
            message_id=message_id,
            at=at,
        )
        for row in going:
            row.said = composed.said[row.pk]
            row.doubts += row.state == State.SENDING
            row.attempts += 1
            row.state, row.delivery, row.lease_until = State.SENDING, delivery, at + LEASE
        bulk.save(going, ["said", "doubts", "attempts", "state", "delivery", "lease_until"])
        if delivery.kind == Kind.INBOX:  # there is no wire: the rows and the message arrive together
            deliver(delivery, at=at)
            self._arrived(Reminder.objects.filter(pk__in=[row.pk for row in going]))
        return delivery

    def _locked(self, ids: list[int]) -> list[Reminder]:
        """The rows as they are now; those cancelled or taken over meanwhile are not among them."""
        under_way = self.rows().filter(pk__in=ids, state__in=UNDER_WAY)
        locked = under_way.select_for_update(of=("self",)).select_related("milestone__entry").order_by("pk")
        return list(locked.prefetch_related("milestone__owner", "rule", "campaign"))  # few, of many rows

    def _quiet(self, rows: list[Reminder], at: datetime) -> bool:
        """Whether the person wants nothing to ring now; then the rows wait."""
        until = end_of_quiet(self.channel.user, at)
        if until <= at or not self.channel.interrupts or rows[0].state == State.SENDING:
            return False
        self._release(
            rows, at, state=State.PLANNED, try_at=until, because="Waits for the end of quiet hours."
        )
        return True

    def _settled_doubt(self, rows: list[Reminder], at: datetime) -> bool:
        """Whether rows found on the wire need no sending: their delivery says that it arrived, or they are to
        wait for a person."""
        first = rows[0]
        if first.state != State.SENDING:
            return False
        if first.delivery and first.delivery.state == Delivery.State.SENT:
            self._arrived(Reminder.objects.filter(pk__in=[row.pk for row in rows]))
            return True
        if settings.SEND_AGAIN_IN_DOUBT != RESEND or first.doubts:
            because = (
                "Nobody knows whether it arrived: its sender died, or the line broke, while it was sent."
            )
            self._release(rows, at, state=State.HELD, because=because)
            self.tally.skipped += len(rows)
            return True
        return False

    def _refuse(self, checked: Checked, at: datetime) -> None:
        by_reason: dict[str, list[int]] = defaultdict(list)
        for pk, because in checked.refused.items():
            by_reason[because].append(pk)
        for because, ids in by_reason.items():
            self._let_go(Reminder.objects.filter(pk__in=ids), at, state=State.SKIPPED, because=because)
        self.tally.skipped += len(checked.refused)

    # --- what became of it ---

    @transaction.atomic
    def _arrived(self, rows: QuerySet[Reminder]) -> None:
        at = self.clock()
        here = rows.order_by("pk").select_for_update(of=("self",))
        told = list(here.values_list("pk", "milestone_id", "rule__repeat_days", "rule__days_before"))
        late = When(due_at__lt=at - LATE_AFTER, then=Value(SENT_LATE))
        said = Case(late, default=Value(""))  # not what went wrong before
        count = Reminder.objects.filter(pk__in=[pk for pk, *_ in told]).update(
            state=State.SENT, because=said, token=None, lease_until=None, changed_at=at
        )
        follow = {of for _, of, repeats, days in told if repeats is not None or days <= ESCALATES_FROM}
        if follow:  # its next turn, and escalation, follow from its having been sent
            self.after.append(lambda: mark_stale(follow))
        self.tally.sent += count
        self.tally.messages += 1

    @transaction.atomic
    def _failed(self, rows: QuerySet[Reminder], failure: Undelivered) -> None:
        at, because = self.clock(), str(failure)[:300]
        locked = list(
            rows.select_for_update(of=("self",)).select_related("milestone__entry", "campaign").order_by("pk")
        )
        self.tally.failed += len(locked)
        if failure.fault == Fault.UNSURE:
            rows.update(lease_until=at + AGAIN_AFTER_DOUBT, because=because)
        elif failure.fault == Fault.PASSING:
            self._try_again(locked, because, at)
        else:
            self._release(locked, at, state=State.FAILED, because=because)
            campaigns: set[Campaign] = {row.campaign for row in locked}
            gone = failure.fault == Fault.GONE
            self.after.append(
                lambda: after_refusal(self.channel, campaigns, because=because, gone=gone, at=at)
            )

    def _try_again(self, rows: list[Reminder], because: str, at: datetime) -> None:
        """Later and later, until it would be of no use."""
        for row in rows:
            attempts = max(row.attempts, 1) if row.state == State.SENDING else row.attempts + 1
            row.attempts, row.try_at = attempts, at + wait_after(attempts, row.pk)
            useless = row.try_at > gives_up_at(row)
            row.state = State.FAILED if useless else State.PLANNED
            row.because, row.changed_at = because, at
            row.token = row.lease_until = None
        values = ["attempts", "try_at", "state", "because", "changed_at", "token", "lease_until"]
        bulk.save(rows, values)

    def _release(self, rows: list[Reminder], at: datetime, **values: object) -> None:
        self._let_go(Reminder.objects.filter(pk__in=[row.pk for row in rows]), at, **values)

    @staticmethod
    def _let_go(rows: QuerySet[Reminder], at: datetime, **values: object) -> None:
        rows.update(token=None, lease_until=None, changed_at=at, **values)


def _names(rows: list[Reminder]) -> str:
    """What the Message-ID of these rows' message is made of: the same rows, the same id."""
    return "reminders " + " ".join(sorted(f"{row.pk}/{row.planned_at.isoformat()}" for row in rows))


def wait_after(attempts: int, pk: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, up to four hours, and not all at once.
    The jitter, up to half as long again, is the row's own, so that it can be foretold."""
    minutes = min(2.0 ** min(attempts - 1, 20), LONGEST_WAIT_MINUTES)
    return timedelta(minutes=minutes * (1 + (pk * 2654435761 % 1000) / 2000))
