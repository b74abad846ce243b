"""A signed POST to an address of the person's own, in the manner of standardwebhooks.com.

The receiver can check that it is ours (`webhook-signature`) and tell a repeat (`webhook-id`, the same as
`Idempotency-Key`).
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime

from apps import fetch
from apps.notices.channels import TRY_AGAIN, Fault, Undelivered
from apps.notices.models import Delivery

KEY_PREFIX = "whsec_"
NO_SUCH_ADDRESS = {404, 410}


def new_key() -> str:
    """A signing key, as Standard Webhooks writes them."""
    return KEY_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def send(delivery: Delivery, *, at: datetime) -> None:
    """POST the message as JSON. Raises Undelivered."""
    body = json.dumps(_content(delivery)).encode()
    name = delivery.message_id.strip("<>")
    stamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": name,
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(delivery.channel.key, name=name, stamp=stamp, body=body),
    }
    try:
        answer = fetch.post(delivery.channel.secret, body=body, headers=headers)
    except fetch.Refused as refusal:
        raise Undelivered(str(refusal), Fault.GONE) from None
    except fetch.Unreachable as error:
        raise Undelivered(str(error), Fault.PASSING if error.certain else Fault.UNSURE) from None
    if answer.status >= 300:
        raise Undelivered(f"The address answered {answer.status}.", _fault(answer.status))


def signature(key: str, *, name: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over id, time and body, each a part of what is signed."""
    secret = base64.b64decode(key.removeprefix(KEY_PREFIX))
    digest = hmac.new(secret, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _content(delivery: Delivery) -> dict[str, object]:
    return {
        "type": "campaigntracker.message",
        "id": delivery.message_id.strip("<>"),
        "to": delivery.recipient.get_username(),
        "campaign": delivery.campaign.slug if delivery.campaign else None,
        "subject": delivery.subject,
        "text": delivery.body,
    }


def _fault(status: int) -> Fault:
    if status in NO_SUCH_ADDRESS:
        return Fault.GONE
    return Fault.PASSING if status >= 500 or status in TRY_AGAIN else Fault.REFUSED
