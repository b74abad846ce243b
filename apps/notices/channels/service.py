"""Slack, Teams, Telegram, ntfy, text messages and all else that apprise reaches, by one address.

apprise's plugins open their own connections, so they run inside `fetch.only_public` and by a deadline, and
those that do not speak HTTP (the desktop's own notices, syslog, MQTT, mail) are not offered.
"""

import sys
from datetime import datetime
from typing import Any

import apprise
from apprise.attachment.file import AttachFile

from apps import fetch
from apps.notices.channels import TRY_AGAIN, Fault, Undelivered
from apps.notices.models import Delivery

AttachFile.location = apprise.ContentLocation.INACCESSIBLE
# Or an address could name a file of this server, as its template or its key, and have it sent.

TURNED_AWAY = {401, 403, 404, 410}
"""A token that was revoked, a reader who blocked the sender, a channel that was deleted."""
SECONDS = 10.0
"""For everything together, as for a webhook: a person waits for the test they sent, and holds up others."""
LONGEST = 3500
"""Characters of text: chat services cut what is much longer, and the app has it whole."""


class BadService(ValueError):
    """The address is not one that apprise understands, or not of a service that is offered here."""


def plugin_of(address: str) -> Any:
    """The apprise plugin that an address names. Raises BadService, whose text never holds the address."""
    with fetch.only_public():
        plugin = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if plugin is None:
        raise BadService(
            "This is not an address apprise knows, or a part of it is missing. Write it as its documentation"
            " does: slack://TokenA/TokenB/TokenC/channel, ntfy://topic, tgram://bottoken/ChatID."
        )
    if not hasattr(sys.modules[type(plugin).__module__], "requests"):
        raise BadService(f"{plugin.service_name} cannot be reached from a server. Choose another service.")
    if any(isinstance(template, AttachFile) for template in getattr(plugin, "template", None) or ()):
        raise BadService("An address names no file of this server: leave “template” out of it.")
    plugin.socket_connect_timeout = _within_bounds(plugin.socket_connect_timeout)
    plugin.socket_read_timeout = _within_bounds(plugin.socket_read_timeout)
    return plugin


def _within_bounds(seconds: float) -> float:
    """The address may give time limits of its own: any number, none below nothing, nan."""
    return seconds if 0 < seconds <= SECONDS else SECONDS


def send(delivery: Delivery, *, at: datetime) -> None:
    """Hand it to the service. Raises Undelivered; what apprise itself says may hold the address, so it is not
    repeated."""
    try:
        plugin = plugin_of(delivery.channel.secret)
    except BadService as error:
        raise Undelivered(str(error), Fault.GONE) from None
    with fetch.only_public(), fetch.overhearing() as heard:
        taken = _taken(plugin, delivery, heard)
    if not taken:
        said, fault = _what_became(heard)
        raise Undelivered(f"{plugin.service_name} {said}", fault)


def _taken(plugin: Any, delivery: Delivery, heard: fetch.Overheard) -> bool:
    try:
        return fetch.by_a_deadline(
            lambda: bool(plugin.notify(body=delivery.body[:LONGEST], title=delivery.subject)), seconds=SECONDS
        )
    except fetch.Overdue as late:
        heard.doubtful = heard.doubtful or late.left
        return False


def _what_became(heard: fetch.Overheard) -> tuple[str, Fault]:
    """apprise answers only that it failed. A part that arrived must not go again and again: where one request
    was taken, or may have been, the whole is in doubt."""
    if heard.doubtful or any(200 <= status < 300 for status in heard.statuses):
        return "did not say whether it took all of it.", Fault.UNSURE
    if not heard.statuses:
        return "could not be reached.", Fault.PASSING
    status = heard.statuses[-1]
    if status in TURNED_AWAY:
        return f"does not know this address any more: it answered {status}.", Fault.GONE
    passes = status not in range(400, 500) or status in TRY_AGAIN
    return f"did not take it: it answered {status}.", Fault.PASSING if passes else Fault.REFUSED
