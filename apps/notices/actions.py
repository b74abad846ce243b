"""Handing a message to its channel, writing down what became of it, and looking after people's channels."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Subquery

from apps import fetch
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.notices.channels import Fault, Undelivered, email, inbox, service, webhook
from apps.notices.letters import message_id_of
from apps.notices.models import Attempt, Channel, Delivery, Kind

log = logging.getLogger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError)
"""What a database raises that is locked, full, restarted, or settles a deadlock: nobody's fault here."""
INSIST_SECONDS = 60.0
"""Longer than SQLite waits for another writer, so that it is tried at least twice."""
CHANNELS: dict[str, ModuleType] = {
    Kind.INBOX: inbox,
    Kind.EMAIL: email,
    Kind.WEBHOOK: webhook,
    Kind.SERVICE: service,
}
EVERYBODY_HAS = (Kind.INBOX, Kind.EMAIL)
MOST_CHANNELS = 10


@dataclass(frozen=True)
class Words:
    """What a message says. `html` is the same once more for mail programs, or empty."""

    subject: str
    body: str
    html: str = ""


@transaction.atomic(savepoint=False)
def prepare(
    *, channel: Channel, campaign: Campaign | None, words: Words, message_id: str, at: datetime
) -> Delivery:
    """The message as it will be sent, and the try that is about to be made, kept before it is. What is sent
    again goes under the same Message-ID, so that a mail server or reader can tell a repeat."""
    content = {
        "campaign": campaign,
        "recipient_id": channel.user_id,
        "channel": channel,
        "kind": channel.kind,
        "subject": " ".join(words.subject.split())[:300],
        "body": words.body,
        "html": words.html,
    }
    before = Delivery.objects.filter(message_id=message_id)
    if before.update(
        **content, state=Delivery.State.SENDING, sent_at=None, error="", attempts=F("attempts") + 1
    ):
        delivery = before.get()
    else:
        delivery = Delivery.objects.create(message_id=message_id, attempts=1, created_at=at, **content)
    Attempt.objects.create(delivery=delivery, at=at)
    return delivery


def deliver(delivery: Delivery, *, at: datetime) -> None:
    """Send it and write the result down. Raises Undelivered, with the failure written down first."""
    try:
        _carry(delivery, at)
    except Undelivered as failure:
        outcome, error = Attempt.Outcome(failure.fault.value), str(failure)[:500]
        insist(lambda: _note(delivery, outcome, state=Delivery.State.FAILED, error=error))
        raise
    insist(lambda: _note(delivery, Attempt.Outcome.SENT, state=Delivery.State.SENT, sent_at=at, error=""))


def insist(write: Callable[[], None]) -> None:
    """Write down what has happened, which nobody can undo: where the database is away, wait for it a while.
    Within a transaction there is nothing to wait for; it is lost as a whole."""
    until = time.monotonic() + INSIST_SECONDS
    while True:
        try:
            return write()
        except DATABASE_AWAY as error:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            log.warning("The database is away (%s); trying again.", str(error).strip())
            connection.close()
            time.sleep(1)


def _carry(delivery: Delivery, at: datetime) -> None:
    """Hand it to its channel. A fault of the program counts as undelivered too, so it is written down."""
    try:
        CHANNELS[delivery.kind].send(delivery, at=at)
    except Undelivered:
        raise
    except Exception as error:
        # Its text may quote an address with its secret, so it is named by its sort alone.
        raise Undelivered(f"The program failed: {type(error).__name__}.", Fault.UNSURE) from error


@transaction.atomic(savepoint=False)
def _note(delivery: Delivery, outcome: Attempt.Outcome, *, error: str, **values: object) -> None:
    """What became of the newest try, and of the message."""
    newest = delivery.tries.order_by("-pk").values("pk")[:1]
    delivery.tries.filter(pk=Subquery(newest)).update(outcome=outcome, error=error)
    for name, value in {**values, "error": error}.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=[*values, "error"])


@transaction.atomic
def tell(
    recipients: Iterable[User],
    *,
    subject: str,
    body: str,
    key: str,
    at: datetime,
    campaign: Campaign | None = None,
) -> None:
    """Put a notice of the site's own into these people's inboxes, once for each key."""
    people = list(recipients)
    channels = channels_of(people)
    for person in people:
        (channel,) = [channel for channel in channels[person.pk] if channel.kind == Kind.INBOX]
        Delivery.objects.get_or_create(
            message_id=message_id_of(f"{key} to {person.pk}"),
            defaults={
                "campaign": campaign,
                "recipient": person,
                "channel": channel,
                "kind": Kind.INBOX,
                "subject": " ".join(subject.split())[:300],
                "body": body,
                "state": Delivery.State.SENT,
                "attempts": 1,
                "created_at": at,
                "sent_at": at,
            },
        )


def mark_read(user: User, *, at: datetime, only: Delivery | None = None) -> None:
    """This message, or all of the inbox."""
    rows = Delivery.objects.inbox_of(user).unread()
    (rows.filter(pk=only.pk) if only else rows).update(read_at=at)


# --- People's channels ------------------------------------------------------------------------------------


def channels_of(people: Iterable[User]) -> dict[int, list[Channel]]:
    """The channels of each person, by the person's id; inbox and e-mail are made where they are missing."""
    ids = {person.pk for person in people}
    found = _by_person(ids)
    missing = [
        Channel(user_id=pk, kind=kind)
        for pk in sorted(ids)
        for kind in EVERYBODY_HAS
        if kind not in {channel.kind for channel in found[pk]}
    ]
    if missing:
        Channel.objects.bulk_create(missing, ignore_conflicts=True)
        found = _by_person(ids)
    return found


def _by_person(ids: Iterable[int]) -> dict[int, list[Channel]]:
    found: dict[int, list[Channel]] = {pk: [] for pk in ids}
    for channel in Channel.objects.filter(user__in=list(found), removed_at=None).order_by("id"):
        found[channel.user_id].append(channel)
    return found


def working(channels: list[Channel]) -> list[Channel]:
    """Those that word is sent through: never none, for then it is the inbox whatever was chosen."""
    return [channel for channel in channels if channel.works] or [
        channel for channel in channels if channel.kind == Kind.INBOX
    ]


@transaction.atomic
def add_channel(*, user: User, kind: Kind, name: str, address: str) -> Channel:
    """A webhook or service of the person's own. Raises ValidationError for an address we will not go to, with
    words that do not repeat it."""
    if Channel.objects.filter(user=user, removed_at=None).count() >= MOST_CHANNELS:
        raise ValidationError(f"You have {MOST_CHANNELS} channels. Remove one first.")
    try:
        if kind == Kind.WEBHOOK:
            fetch.check(address, fetch.Errand.SEND)
        else:
            service.plugin_of(address)
    except (fetch.Refused, service.BadService) as refusal:
        raise ValidationError(str(refusal)) from None
    key = webhook.new_key() if kind == Kind.WEBHOOK else ""
    return Channel.objects.create(user=user, kind=kind, name=name, secret=address, key=key)


@transaction.atomic
def switch_channel(*, channel: Channel, on: bool) -> None:
    channel.active = on
    channel.save(update_fields=["active"])


@transaction.atomic
def remove_channel(*, channel: Channel, at: datetime) -> None:
    """Raises ValidationError for the inbox and e-mail, which can only be switched off."""
    if channel.kind in EVERYBODY_HAS:
        raise ValidationError("This one can be switched off, but not removed.")
    channel.secret = channel.key = ""
    channel.active, channel.removed_at = False, at
    channel.save()


def stop_channel(channel: Channel, *, because: str, at: datetime) -> None:
    """It refused for good: nothing more goes there until a test reaches it. Its owner is told in the app."""
    if not Channel.objects.filter(pk=channel.pk, stopped_at=None).update(
        stopped_at=at, stopped_because=because[:300]
    ):
        return
    tell(
        [channel.user],
        subject=f"Nothing more is sent to your {str(channel).lower() if not channel.name else channel.name}",
        body=f"{because}\n\nReminders go to your other channels, or here. Put it right under your name, "
        "and send yourself a test: when that arrives, it is used again.",
        key=f"stopped {channel.pk} {at.isoformat()}",
        at=at,
    )


def send_test(channel: Channel, *, at: datetime) -> Delivery:
    """A message to try a channel with; one that had been stopped is used again when it arrives. Raises
    Undelivered."""
    words = Words(
        subject="A test from Campaign Tracker",
        body="This is the test you asked for. Reminders will reach you here.\n",
    )
    message_id = message_id_of(f"test {channel.pk} {at.isoformat()}")
    delivery = prepare(channel=channel, campaign=None, words=words, message_id=message_id, at=at)
    deliver(delivery, at=at)
    Channel.objects.filter(pk=channel.pk).update(stopped_at=None, stopped_because="")
    return delivery
