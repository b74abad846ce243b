"""Handing a message to its channel, and writing down what became of it."""

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.notices.channels import Undelivered, email
from apps.notices.models import Channel, Delivery

CHANNELS = {Channel.EMAIL: email.send}


def prepare(
    *, campaign: Campaign, recipient: User, channel: str, subject: str, body: str, key: str, at: datetime
) -> Delivery:
    """The message as it will be sent, kept before it is. The same `key` gives the same Message-ID, so that a
    mail server or reader can tell a repeat."""
    host = urlsplit(settings.SITE_URL).hostname
    message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
    content = {
        "campaign": campaign,
        "recipient": recipient,
        "channel": channel,
        "subject": " ".join(subject.split())[:300],
        "body": body,
    }
    delivery, _ = Delivery.objects.update_or_create(
        message_id=message_id,
        defaults={**content, "state": Delivery.State.SENDING, "sent_at": None},
        create_defaults={**content, "created_at": at},
    )
    return delivery


def deliver(delivery: Delivery, *, at: datetime) -> None:
    """Send it and write the result down. Raises Undelivered, with the failure written down first."""
    delivery.attempts += 1
    try:
        _carry(delivery)
    except Undelivered as error:
        delivery.state, delivery.error = Delivery.State.FAILED, str(error)[:500]
        delivery.save()
        raise
    delivery.state, delivery.sent_at, delivery.error = Delivery.State.SENT, at, ""
    delivery.save()


def _carry(delivery: Delivery) -> None:
    """Hand it to its channel. A fault of the program counts as undelivered too, so it is written down."""
    try:
        CHANNELS[Channel(delivery.channel)](delivery)
    except Undelivered:
        raise
    except Exception as error:
        raise Undelivered(f"The program failed: {error!r}", permanent=False) from error
