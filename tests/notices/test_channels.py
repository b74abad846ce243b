"""A person's channels: webhooks and services of their own, tried out, stopped, removed, never shown again."""

import base64
import hashlib
import hmac
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apprise.attachment.file import AttachFile
from django.core import mail
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.notices import actions
from apps.notices.actions import (
    MOST_CHANNELS,
    Words,
    add_channel,
    channels_of,
    deliver,
    prepare,
    remove_channel,
    send_test,
    stop_channel,
    switch_channel,
    working,
)
from apps.notices.channels import Fault, Undelivered
from apps.notices.channels.service import BadService, plugin_of
from apps.notices.letters import message_id_of
from apps.notices.models import Channel, Delivery, Kind
from tests import make
from tests.fetch.servers import running
from tests.make import AT, DAY
from tests.notices.receiver import Receiver, listening
from tests.notices.test_deliveries import channel_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(campaign: Campaign) -> User:
    return make.member(campaign, Role.VIEWER, name="vera")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver in a network this site may go to."""
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with listening() as receiver:
        yield receiver


def hook(reader: User, receiver: Receiver) -> Channel:
    return add_channel(user=reader, kind=Kind.WEBHOOK, name="Our desk", address=receiver.url)


def sent_through(channel: Channel, *, campaign: Campaign | None = None, key: str = "k") -> Delivery:
    words = Words("Tomorrow", "Royal Assent\n")
    delivery = prepare(channel=channel, campaign=campaign, words=words, message_id=message_id_of(key), at=AT)
    deliver(delivery, at=AT)
    return delivery


def fault_of(channel: Channel) -> Fault:
    with pytest.raises(Undelivered) as failure:
        sent_through(channel)
    assert "SECRET" not in str(failure.value)
    return failure.value.fault


# --- Everybody's ------------------------------------------------------------------------------------------


def test_everybody_has_an_inbox_and_email(reader: User) -> None:
    for _ in range(2):
        kinds = [channel.kind for channel in channels_of([reader])[reader.pk]]
        assert sorted(kinds) == [Kind.EMAIL, Kind.INBOX]


def test_word_goes_to_the_inbox_where_nothing_else_is_left(reader: User) -> None:
    for channel in channels_of([reader])[reader.pk]:
        switch_channel(channel=channel, on=False)
    assert [channel.kind for channel in working(channels_of([reader])[reader.pk])] == [Kind.INBOX]


def test_inbox_and_email_cannot_be_removed(reader: User) -> None:
    for kind in (Kind.INBOX, Kind.EMAIL):
        with pytest.raises(ValidationError, match="switched off, but not removed"):
            remove_channel(channel=channel_of(reader, kind), at=AT)


def test_a_channel_that_is_gone_is_stopped_once_and_its_owner_told_in_the_app(reader: User) -> None:
    email = channel_of(reader)
    for _ in range(2):
        stop_channel(email, because="The address was refused: 550 No such mailbox", at=AT)
    email.refresh_from_db()
    (notice,) = Delivery.objects.inbox_of(reader)
    assert (email.works, email.stopped_at) == (False, AT)
    assert notice.body.startswith("The address was refused: 550 No such mailbox")


def test_a_test_that_arrives_starts_a_stopped_channel_again(reader: User) -> None:
    email = channel_of(reader)
    stop_channel(email, because="Refused", at=AT)
    delivery = send_test(email, at=AT + DAY)
    email.refresh_from_db()
    assert (email.works, email.stopped_because, delivery.state) == (True, "", "sent")
    assert [message.subject for message in mail.outbox] == ["A test from Campaign Tracker"]


# --- Webhooks ---------------------------------------------------------------------------------------------


def test_a_webhook_is_signed_so_that_its_receiver_can_check_it(
    campaign: Campaign, reader: User, receiver: Receiver
) -> None:
    channel = hook(reader, receiver)
    delivery = sent_through(channel, campaign=campaign)
    (call,) = receiver.calls
    name, stamp = call.headers["webhook-id"], call.headers["webhook-timestamp"]
    secret = base64.b64decode(channel.key.removeprefix("whsec_"))
    expected = hmac.new(secret, f"{name}.{stamp}.".encode() + call.body, hashlib.sha256).digest()
    assert call.headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
    assert (stamp, name) == (str(int(AT.timestamp())), delivery.message_id.strip("<>"))
    assert json.loads(call.body) == {
        "type": "campaigntracker.message",
        "id": name,
        "to": reader.username,
        "campaign": campaign.slug,
        "subject": "Tomorrow",
        "text": "Royal Assent\n",
    }


def test_a_repeat_carries_the_same_key(reader: User, receiver: Receiver) -> None:
    channel = hook(reader, receiver)
    sent_through(channel)
    sent_through(channel)
    sent_through(channel, key="another")
    keys = [call.headers["idempotency-key"] for call in receiver.calls]
    assert keys[0] == keys[1] != keys[2]
    assert keys == [call.headers["webhook-id"] for call in receiver.calls]


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (404, Fault.GONE),
        (410, Fault.GONE),
        (400, Fault.REFUSED),
        (403, Fault.REFUSED),
        (408, Fault.PASSING),
        (429, Fault.PASSING),
        (500, Fault.PASSING),
        (503, Fault.PASSING),
    ],
)
def test_what_a_receivers_answer_means(reader: User, receiver: Receiver, status: int, fault: Fault) -> None:
    receiver.status = status
    assert fault_of(hook(reader, receiver)) == fault


def test_a_receiver_that_hangs_up_leaves_a_doubt(reader: User, receiver: Receiver) -> None:
    receiver.drops = True
    assert fault_of(hook(reader, receiver)) == Fault.UNSURE


def test_a_receiver_that_redirects_is_not_followed(reader: User, receiver: Receiver) -> None:
    receiver.status, receiver.location = 307, receiver.url.replace("SECRET", "OTHER")
    assert fault_of(hook(reader, receiver)) == Fault.GONE
    assert [call.path for call in receiver.calls] == ["/SECRET-PATH"]


def test_nothing_at_the_address_is_tried_again(reader: User, receiver: Receiver) -> None:
    channel = hook(reader, receiver)
    channel.secret = "http://127.0.0.1:9999/SECRET"
    assert fault_of(channel) == Fault.PASSING


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/SECRET",
        "http://localhost/SECRET",
        "http://[::ffff:127.0.0.1]/SECRET",
        "http://169.254.169.254/SECRET",
        "http://10.0.0.1/SECRET",
        "ftp://example.org/SECRET",
        "https://user:SECRET@example.org/",
        "https://example.org:25/SECRET",
        "https://example.org/SECRET\r\nHost: x",
    ],
)
def test_an_address_inside_the_network_or_odd_is_refused_without_repeating_it(
    reader: User, address: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        add_channel(user=reader, kind=Kind.WEBHOOK, name="", address=address)
    assert "SECRET" not in refusal.value.messages[0]
    assert not Channel.objects.filter(kind=Kind.WEBHOOK).exists()


def test_a_name_that_comes_to_mean_our_own_machine_is_not_gone_to(
    reader: User, receiver: Receiver, settings: Any
) -> None:
    channel = hook(reader, receiver)
    settings.FETCH_ALLOWED_NETWORKS = []
    assert fault_of(channel) == Fault.GONE
    assert receiver.calls == []


# --- Services ---------------------------------------------------------------------------------------------


def service_address(receiver: Receiver) -> str:
    """apprise's own JSON notice, which stands for every plugin that speaks HTTP."""
    return receiver.url.replace("http://", "json://")


def test_a_service_is_reached_through_apprise(reader: User, receiver: Receiver) -> None:
    channel = add_channel(user=reader, kind=Kind.SERVICE, name="Chat", address=service_address(receiver))
    sent_through(channel)
    (call,) = receiver.calls
    assert (json.loads(call.body)["title"], json.loads(call.body)["message"]) == ("Tomorrow", "Royal Assent")


def test_a_service_inside_the_network_is_not_reached(reader: User, receiver: Receiver, settings: Any) -> None:
    channel = add_channel(user=reader, kind=Kind.SERVICE, name="Chat", address=service_address(receiver))
    settings.FETCH_ALLOWED_NETWORKS = []
    assert (fault_of(channel), receiver.calls) == (Fault.PASSING, [])


def service(reader: User, address: str) -> Channel:
    return add_channel(user=reader, kind=Kind.SERVICE, name="Chat", address=address)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (500, Fault.PASSING),
        (503, Fault.PASSING),
        (429, Fault.PASSING),
        (400, Fault.REFUSED),
        (402, Fault.REFUSED),
        (401, Fault.GONE),
        (403, Fault.GONE),
        (404, Fault.GONE),
        (410, Fault.GONE),
    ],
)
def test_what_a_services_answer_means(reader: User, receiver: Receiver, status: int, fault: Fault) -> None:
    receiver.status = status
    channel = service(reader, service_address(receiver))
    assert fault_of(channel) == fault
    assert str(status) in Delivery.objects.get().error


@pytest.mark.parametrize("trouble", ["hangs up", "says nothing"])
def test_a_service_that_took_it_without_saying_so_leaves_a_doubt(
    reader: User, receiver: Receiver, trouble: str
) -> None:
    """apprise says the same as of one that cannot be reached. Tried again and again, it tells it twice."""
    receiver.drops, receiver.waits = trouble == "hangs up", 2 * (trouble == "says nothing")
    assert fault_of(service(reader, f"{service_address(receiver)}?rto=0.3")) == Fault.UNSURE
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("limits", ["rto=99999", "rto=nan", "rto=inf&cto=inf", "rto=-1&cto=0"])
def test_a_service_that_says_nothing_is_left_after_a_while_whatever_its_address_says(
    reader: User, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, limits: str
) -> None:
    monkeypatch.setattr("apps.notices.channels.service.SECONDS", 0.5)
    receiver.waits = 8
    start = time.monotonic()
    assert fault_of(service(reader, f"{service_address(receiver)}?{limits}")) == Fault.UNSURE
    assert (time.monotonic() - start < 5, len(receiver.calls)) == (True, 1)


def test_a_service_that_drips_is_left_after_a_while(
    reader: User, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No time limit of a socket's ever ends it: each piece comes in time."""
    monkeypatch.setattr("apps.notices.channels.service.SECONDS", 1.0)
    with running() as server:
        server.on("/SECRET", server.drips(b"a", b"HTTP/1.1 200 OK\r\nX-Long: "))
        start = time.monotonic()
        assert fault_of(service(reader, server.url.replace("http", "json") + "/SECRET")) == Fault.UNSURE
        assert (time.monotonic() - start < 5, server.connections) == (True, 1)


def test_a_service_whose_name_is_never_found_is_tried_again(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr("apps.notices.channels.service.SECONDS", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: over.wait(20) and [])
    start = time.monotonic()
    assert fault_of(service(reader, "json://slow.example/SECRET")) == Fault.PASSING
    assert time.monotonic() - start < 5
    over.set()


def test_a_service_that_never_stops_talking_has_taken_it(reader: User, receiver: Receiver) -> None:
    def pours(client: socket.socket, request: bytes) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.over.is_set():
            client.sendall(b"a" * 2**20)

    with running() as server:
        server.on("/SECRET", pours)
        start = time.monotonic()
        sent_through(service(reader, server.url.replace("http", "json") + "/SECRET"))
        assert time.monotonic() - start < 5


def test_a_service_that_took_a_part_leaves_a_doubt(reader: User, receiver: Receiver) -> None:
    """Two topics in one address, of which the second is refused."""
    receiver.statuses = [200, 500]
    address = receiver.url.replace("http://", "ntfy://").replace("SECRET-PATH", "one/two")
    assert fault_of(service(reader, address)) == Fault.UNSURE
    assert len(receiver.calls) == 2


def test_a_service_where_nobody_is_is_tried_again(reader: User, receiver: Receiver) -> None:
    channel = service(reader, service_address(receiver))
    channel.secret = "json://127.0.0.1:9/SECRET"
    assert fault_of(channel) == Fault.PASSING


@pytest.mark.parametrize(
    "address",
    [
        "SECRET",
        "slack://SECRET",
        "nothing://SECRET",
        "mailto://user:SECRET@example.org",
        "syslog://SECRET",
        "dbus://SECRET",
        "mqtt://SECRET@example.org/topic",
        "https://SECRET.example.org/\x00",
    ],
)
def test_an_address_of_no_service_is_refused_without_repeating_it(reader: User, address: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        add_channel(user=reader, kind=Kind.SERVICE, name="", address=address)
    assert "SECRET" not in refusal.value.messages[0]


# --- Secrets ----------------------------------------------------------------------------------------------


def test_an_address_and_its_key_are_nowhere_to_be_read(
    reader: User, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    channel = hook(reader, receiver)
    with caplog.at_level(logging.INFO):
        sent_through(channel)
    said = f"{channel} {channel!r} {list(Delivery.objects.values())} {caplog.text}"
    assert "SECRET" not in said
    assert channel.key not in said


def test_a_removed_channel_keeps_its_name_and_loses_its_secrets(reader: User, receiver: Receiver) -> None:
    channel = hook(reader, receiver)
    sent_through(channel)
    remove_channel(channel=channel, at=AT)
    channel.refresh_from_db()
    assert (str(channel), channel.secret, channel.key, channel.works) == ("Our desk", "", "", False)
    assert channel not in channels_of([reader])[reader.pk]
    assert Delivery.objects.get().channel == channel


def test_nobody_has_more_channels_than_can_be_looked_after(reader: User, receiver: Receiver) -> None:
    channels_of([reader])
    for number in range(MOST_CHANNELS - len(actions.EVERYBODY_HAS)):
        add_channel(user=reader, kind=Kind.WEBHOOK, name=str(number), address=receiver.url)
    with pytest.raises(ValidationError, match="Remove one first"):
        hook(reader, receiver)


@pytest.mark.parametrize(
    "address",
    [
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?template={}",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?template=file://{}",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?template={}",
        "tgram://123456789:abcdefg_hijklmnop/12315544/?template={}",
        "fcm://project/device?keyfile={}",
    ],
)
def test_a_service_is_given_no_file_of_the_server(address: str, tmp_path: Path) -> None:
    file = tmp_path / "secret.json"
    file.write_text("{}")
    with pytest.raises(BadService):
        plugin_of(address.format(file))
    assert not AttachFile(str(file)).download()
