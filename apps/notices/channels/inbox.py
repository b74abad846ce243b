"""In the app: the delivery itself is what is read, so there is nothing to send and nothing to fail."""

from datetime import datetime

from apps.notices.models import Delivery


def send(delivery: Delivery, *, at: datetime) -> None:
    """The row stands in the inbox as soon as its transaction is committed."""
