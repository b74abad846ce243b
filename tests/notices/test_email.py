"""E-mail, against a real mail server that misbehaves as it is told."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.notices.actions import deliver
from apps.notices.channels import Fault, Undelivered
from apps.notices.letters import unsubscribe_address
from apps.notices.models import Delivery
from tests import make, smtp
from tests.faults.post_office import PostOffice
from tests.make import AT
from tests.notices.test_deliveries import prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    """A mail server of the site's own, which is asked to hurry."""
    with PostOffice() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", office.port, 0.5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield office


@pytest.fixture
def reader(campaign: Campaign) -> User:
    return make.member(campaign, Role.VIEWER, name="vera")


def sent(campaign: Campaign, reader: User, **words: str) -> Delivery:
    delivery = prepared(campaign, reader, **words)
    deliver(delivery, at=AT)
    return delivery


def failure_of(campaign: Campaign, reader: User) -> Undelivered:
    with pytest.raises(Undelivered) as failure:
        sent(campaign, reader)
    return failure.value


def test_text_and_html_arrive_under_our_message_id(
    office: PostOffice, campaign: Campaign, reader: User
) -> None:
    delivery = sent(campaign, reader, body="In 7 days.", html="<p>In <b>7</b> days.</p>")
    (letter,) = office.accepted
    assert (letter.message_id, letter.to, letter.subject) == (delivery.message_id, reader.email, "Tomorrow")
    assert (letter.text.strip(), letter.html.strip()) == ("In 7 days.", "<p>In <b>7</b> days.</p>")


def test_it_can_be_stopped_in_one_click(campaign: Campaign, reader: User, mailoutbox: list[Any]) -> None:
    delivery = sent(campaign, reader)
    headers = mailoutbox[0].message()
    assert headers["List-Unsubscribe"] == f"<{unsubscribe_address(delivery)}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_headline_cannot_write_headers(office: PostOffice, campaign: Campaign, reader: User) -> None:
    sent(campaign, reader, subject="Soon\r\nBcc: everybody@example.org\n\nHello")
    (letter,) = office.accepted
    assert (letter.subject, letter.to) == ("Soon Bcc: everybody@example.org Hello", reader.email)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("550 No such mailbox", Fault.GONE),
        ("553 Bad name", Fault.GONE),
        ("421 Closing", Fault.PASSING),
        ("450 Busy", Fault.PASSING),
        ("451 Later", Fault.PASSING),
        ("452 Full", Fault.PASSING),
    ],
)
def test_what_is_said_of_the_address(
    office: PostOffice, campaign: Campaign, reader: User, answer: str, fault: Fault
) -> None:
    office.for_recipient = lambda address: answer
    failure = failure_of(campaign, reader)
    assert (failure.fault, failure.everywhere) == (fault, False)
    assert answer[4:] in str(failure)


@pytest.mark.parametrize(("answer", "fault"), [("554 Spam", Fault.REFUSED), ("451 Later", Fault.PASSING)])
def test_what_is_said_of_the_message(
    office: PostOffice, campaign: Campaign, reader: User, answer: str, fault: Fault
) -> None:
    office.for_letter = lambda letter: answer
    assert failure_of(campaign, reader).fault == fault


def test_a_server_that_is_down_is_trouble_for_everybody(
    campaign: Campaign, reader: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    failure = failure_of(campaign, reader)
    assert (failure.fault, failure.everywhere) == (Fault.PASSING, True)


def test_a_server_that_turns_us_away_is_trouble_for_everybody(
    office: PostOffice, campaign: Campaign, reader: User
) -> None:
    office.greeting = lambda: "554 Go away"
    failure = failure_of(campaign, reader)
    assert (failure.fault, failure.everywhere) == (Fault.PASSING, True)


def test_a_password_that_is_refused_is_trouble_for_everybody(
    campaign: Campaign, reader: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "tracker", "WRONG"  # noqa: S105
    with smtp.running(wants_password=True) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        failure = failure_of(campaign, reader)
    assert (failure.fault, failure.everywhere) == (Fault.PASSING, True)
    assert str(failure).startswith("The mail server could not be used: 535 ")
    assert "WRONG" not in str(failure)


@pytest.mark.parametrize("answer", ["550 You may not send", "450 You may not send now"])
def test_a_sender_that_is_refused_is_trouble_for_everybody(
    mail_server: smtp.MailServer, campaign: Campaign, reader: User, answer: str
) -> None:
    mail_server.on("MAIL", answer)
    failure = failure_of(campaign, reader)
    assert (failure.fault, failure.everywhere) == (Fault.PASSING, True)


def test_a_server_that_hangs_at_its_greeting_is_given_up_in_time(
    office: PostOffice, campaign: Campaign, reader: User
) -> None:
    office.silent_at_greeting = 3
    began = time.monotonic()
    assert failure_of(campaign, reader).fault == Fault.PASSING
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("how", ["drops", "hangs"])
def test_a_line_that_breaks_after_the_message_leaves_a_doubt(
    office: PostOffice, campaign: Campaign, reader: User, how: str
) -> None:
    office.drops_after_taking = how == "drops"
    office.says_so_after = 2 if how == "hangs" else 0
    assert failure_of(campaign, reader).fault == Fault.UNSURE
    assert len(office.accepted) == 1


def test_an_account_without_an_address_cannot_be_written_to(campaign: Campaign, reader: User) -> None:
    reader.email = ""
    User.objects.filter(pk=reader.pk).update(email="")
    delivery = prepared(campaign, reader)
    delivery.recipient = reader
    with pytest.raises(Undelivered) as failure:
        deliver(delivery, at=AT)
    assert failure.value.fault == Fault.GONE
