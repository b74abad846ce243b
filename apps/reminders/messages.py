"""The words of a message: one or many reminders, as text and as HTML for a mail program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from apps.accounts.models import Digest, User
from apps.dates import days, in_words, long_day, parse
from apps.notices.actions import Words
from apps.notices.letters import answer_address
from apps.reminders.checks import Told
from apps.reminders.models import Rule

LATE_AFTER = timedelta(hours=1)
OLD_AFTER = timedelta(hours=24)
SHOWN = 30
"""Reminders written out in one message; the rest are counted, and stand in the app."""


@dataclass(frozen=True)
class Item:
    """One milestone in a message, in words. `stale` puts it under what the scheduler missed."""

    headline: str
    campaign: str
    state: str
    target: str
    last_day: str
    slip: str
    watcher: str
    moved_from: str
    because: str
    source: str
    unanswered: bool
    rule: str
    late: str
    stale: bool
    address: str

    @cached_property
    def text(self) -> str:
        """How it stands in the message, and afterwards in the ledger as what was said."""
        return render_to_string("reminders/item.txt", {"item": self}).strip()


@dataclass(frozen=True)
class Composed:
    """A whole message, and by the row's id what it says of each."""

    words: Words
    said: dict[int, str]


def compose(told: Sequence[Told], recipient: User, *, message_id: str, at: datetime) -> Composed:
    """What one person reads at this moment of all that is due for them. It says how late it is itself."""
    items = [item_of(one, at) for one in told]
    said = {one.row.pk: item.text for one, item in zip(told, items, strict=True)}
    return Composed(words_of(items, recipient, message_id=message_id), said)


def words_of(items: Sequence[Item], recipient: User, *, message_id: str) -> Words:
    """The message that these items make."""
    ordered = sorted(items, key=lambda item: (item.stale, bool(item.moved_from)))
    subject = subject_of(ordered)
    context = {
        "moved": [item for item in ordered[:SHOWN] if item.moved_from and not item.stale],
        "due": [item for item in ordered[:SHOWN] if not item.moved_from and not item.stale],
        "stale": [item for item in ordered[:SHOWN] if item.stale],
        "more": max(0, len(ordered) - SHOWN),
        "gathered": recipient.digest != Digest.INSTANT,
        "recipient": recipient,
        "answer": answer_address(message_id),
        "settings": settings.SITE_URL + reverse("profile"),
        "ledger": settings.SITE_URL + reverse("my_reminders"),
        "subject": subject,
    }
    return Words(
        subject=subject,
        body=render_to_string("reminders/message.txt", context).strip() + "\n",
        html=render_to_string("reminders/message.html", context),
    )


def subject_of(items: Sequence[Item]) -> str:
    """The first in full, and how many more."""
    if all(item.stale for item in items):
        count = len(items)
        return f"Missed while reminders stood still: {count} deadline{'' if count == 1 else 's'}"
    first = items[0]
    if first.moved_from:
        line = f"Moved: {first.headline}, from {first.moved_from} to {first.target}"
    elif first.unanswered:
        line = f"Nobody has answered: {first.headline}, {first.state} ({first.target})"
    else:
        line = f"{first.state[:1].upper()}{first.state[1:]}: {first.headline} ({first.target})"
    rest = len(items) - 1
    return f"{line}, and {rest} more" if rest else line


def item_of(told: Told, at: datetime) -> Item:
    row, milestone, entry = told.row, told.row.milestone, told.row.milestone.entry
    campaign = row.campaign
    assert entry.due is not None
    left = (entry.due - campaign.today(at)).days
    late = at - row.due_at
    path = reverse("entry", kwargs={"slug": campaign.slug, "pk": entry.pk})
    change = told.change
    return Item(
        headline=" ".join(entry.headline.split()),
        campaign=campaign.name,
        state=state_of(left),
        target=in_words(row.target),
        last_day="" if parse(row.target).is_day else long_day(entry.due, weekday=True),
        slip=_slip(milestone.moves, milestone.slip_days),
        watcher=milestone.owner.name if milestone.owner else "",
        moved_from=in_words(told.moved_from) if change else "",
        because=change.reason if change else "",
        source=str(change.source or "") if change else "",
        unanswered=row.rule.kind == Rule.Kind.ESCALATION,
        rule=str(row.rule),
        late=_late(late),
        stale=not change
        and (late >= OLD_AFTER or (left < 0 <= row.rule.days_before and row.rule.kind == Rule.Kind.RUNG)),
        address=settings.SITE_URL + path,
    )


def _slip(moves: int, slip: int) -> str:
    if not moves or not slip:
        return ""
    times = {1: "once", 2: "twice"}.get(moves, f"{moves} times")
    return (
        f"It has moved {times}, {days(abs(slip))} {'later' if slip > 0 else 'earlier'} than first promised."
    )


def state_of(left: int) -> str:
    """ "in 7 days", "today", "3 days overdue"."""
    if left < 0:
        return f"{days(-left)} overdue"
    return {0: "today", 1: "tomorrow"}.get(left, f"in {days(left)}")


def _late(late: timedelta) -> str:
    """How late the message is, once that is worth a sentence."""
    if late < LATE_AFTER:
        return ""
    hours = int(late.total_seconds() // 3600)
    return days(hours // 24) if hours >= 48 else f"{hours} hour{'' if hours == 1 else 's'}"
