"""The ledger of reminders: which of its rows a person may see, in which order, and how it stands."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.roles import May
from apps.desk.moments import moment
from apps.reminders.models import Reminder, Tick
from apps.reminders.watch import length
from apps.timeline.models import Entry
from apps.timeline.paging import Order, count_up_to

Rows = QuerySet[Any]
"""Reminders, whose state is asked for as `stands`."""
State = Reminder.State
COUNTED = 1_000
NEEDS_A_PERSON = (State.HELD, State.FAILED)
UNDER_WAY = (State.PLANNED, State.CLAIMED, State.SENDING)
STATES: dict[str, tuple[State, ...]] = {
    "planned": UNDER_WAY,
    "sent": (State.SENT,),
    "held": (State.HELD,),
    "failed": (State.FAILED,),
    "skipped": (State.SKIPPED,),
    "cancelled": (State.CANCELLED,),
    "all": (),
}
"""What the ledger can be narrowed to, by the word in its address."""


# --- Which rows, in which order ---------------------------------------------------------------------------


def of_campaign(access: Access, *, few: bool = False) -> Rows:
    """All of a campaign's, for those who see what is hidden; of the others each their own, of milestones they
    may see. `few`: only some people's will be asked for."""
    if access.may(May.SEE_HIDDEN):
        if few:
            return _by_person(Reminder.objects.all(), [access.campaign.pk])
        return Reminder.objects.filter(campaign=access.campaign).alias(stands=F("state"))
    if access.role is None:
        return Reminder.objects.none()
    return _own(access.member, [access.campaign.pk], access.at)


def of_person(user: User, at: datetime) -> Rows:
    """What reminded somebody, or will, in the campaigns they are on, of milestones they may see."""
    joined = list(user.memberships.values_list("campaign_id", flat=True))
    return _own(user, joined, at)


def _own(user: User, campaigns: list[int], at: datetime) -> Rows:
    # The gate is asked of each row, for `IN` would list every entry there is.
    seen = Entry.objects.visible_to(user, at=at).filter(pk=OuterRef("milestone"))
    return _by_person(Reminder.objects.filter(Exists(seen), recipient=user), campaigns)


def _by_person(rows: Rows, campaigns: list[int]) -> Rows:
    """A person's rows are few beside a campaign's. Campaign and state are written so that no index fits them,
    or SQLite, which cannot know how few, would walk the campaign's instead of the person's."""
    hidden = rows.alias(of=Coalesce("campaign_id", Value(0)), stands=Coalesce("state", Value("")))
    return hidden.filter(of__in=campaigns)


def in_state(rows: Rows, state: str) -> Rows:
    """Rows of of_campaign or of_person in the states that a word stands for."""
    states = STATES[state]
    return rows.filter(stands__in=states) if states else rows


def order_of(state: str) -> Order:
    """What is to come soonest first, what has been newest first."""
    states = NEEDS_A_PERSON if state == "needs" else STATES[state]
    parts = tuple(Q(stands=one) for one in states) if len(states) > 1 else (Q(),)
    return Order("due_at", descending=state != "planned", of=datetime, parts=parts)


def with_words(rows: Rows) -> Rows:
    """All that a row says, in the same query."""
    return rows.select_related("milestone__entry", "campaign", "recipient", "channel", "rule").defer("said")


def may_release(reminder: Reminder, user: object, access: Access | None) -> bool:
    """Whether this person may send what is held or failed, or leave it."""
    mine = reminder.recipient_id == getattr(user, "pk", None)
    return reminder.state in NEEDS_A_PERSON and (mine or (access is not None and access.may(May.PLAN)))


def lateness(reminder: Reminder) -> str:
    """ "3 hours late", once that is worth saying."""
    late = reminder.changed_at - reminder.due_at
    return f"{length(late)} late" if reminder.state == State.SENT and late > timedelta(hours=1) else ""


# --- How it stands ----------------------------------------------------------------------------------------


def sentence(rows: Rows, *, at: datetime) -> str:
    """When the scheduler last looked, what comes next, and what needs a person."""
    return " ".join(part for part in (looked(at), _next(rows), _needs(rows)) if part)


def looked(at: datetime) -> str:
    tick = Tick.objects.first()
    if tick is None:
        return "The scheduler has not looked yet."
    return f"The scheduler last looked {length(max(at - tick.looked_at, timedelta()))} ago."


def _next(rows: Rows) -> str:
    found = order_of("planned").take(with_words(in_state(rows, "planned")), count=1)
    if not found:
        return "No reminder is planned."
    (row,) = found
    return f"Next: {row.milestone.entry.headline}, to {row.recipient.name}, {moment(row.due_at)}."


def _needs(rows: Rows) -> str:
    held, failed = (count_up_to(in_state(rows, state), COUNTED) for state in ("held", "failed"))
    said = []
    if held != "0":
        said.append(f"{held} {'is' if held == '1' else 'are'} held for a person")
    if failed != "0":
        said.append(f"{failed} failed")
    return f"{' and '.join(said)}." if said else ""
