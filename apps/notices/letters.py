"""The links that a message carries: signed, so that the message itself is all its reader needs to show."""

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from apps.notices.models import Delivery

LINKS_LAST = timedelta(days=180)
_signer = Signer(salt="notices.letters", sep=".")


def message_id_of(key: str) -> str:
    """The Message-ID that belongs to a key on this site: the same key, the same id."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{urlsplit(settings.SITE_URL).hostname}>"


def token_of(message_id: str) -> str:
    """What a link in the message carries."""
    return _signer.sign(message_id.strip("<>").partition("@")[0])


def find_by_token(token: str, *, at: datetime) -> Delivery | None:
    """The message a link came in, unless the link is damaged, too old, or its reader's account is closed."""
    try:
        name = _signer.unsign(token)
    except BadSignature:
        return None
    known = Delivery.objects.select_related("recipient", "channel")
    found = known.filter(message_id__startswith=f"<{name}@", created_at__gt=at - LINKS_LAST).first()
    return found if found and found.recipient.is_active else None


def answer_address(message_id: str) -> str:
    """Where its reader says “seen”, or “later”."""
    return settings.SITE_URL + reverse("answer", kwargs={"token": token_of(message_id)})


def unsubscribe_address(delivery: Delivery) -> str:
    return settings.SITE_URL + reverse("unsubscribe", kwargs={"token": token_of(delivery.message_id)})
