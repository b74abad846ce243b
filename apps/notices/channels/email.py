"""E-mail through Django's backend: SMTP where EMAIL_URL is set, files in var/mail where it is not."""

import smtplib
from datetime import datetime

from django.core.mail import EmailMultiAlternatives, get_connection

from apps.notices.channels import Fault, Undelivered
from apps.notices.letters import unsubscribe_address
from apps.notices.models import Delivery


def send(delivery: Delivery, *, at: datetime) -> None:
    """Send one message to one person, under the delivery's own Message-ID. Raises Undelivered."""
    if not delivery.recipient.email:
        raise Undelivered("The account has no e-mail address.", Fault.GONE)
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(
            f"The mail server could not be used: {_said(error)}", Fault.PASSING, everywhere=True
        ) from error
    message = _message(delivery)
    message.connection = connection
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise Undelivered(
            f"The address was refused: {code} {_text(text)}", _fault(code, Fault.GONE)
        ) from error
    except smtplib.SMTPSenderRefused as error:
        words = f"The mail server does not let this site send: {_said(error)}"
        raise Undelivered(words, Fault.PASSING, everywhere=True) from error
    except smtplib.SMTPResponseException as error:
        raise Undelivered(
            f"The mail server said: {_said(error)}", _fault(error.smtp_code, Fault.REFUSED)
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        # The line broke somewhere between "here is a message" and "I have it": nobody can tell.
        raise Undelivered(f"The mail server went silent: {_said(error)}", Fault.UNSURE) from error
    finally:
        _hang_up(connection)


def _message(delivery: Delivery) -> EmailMultiAlternatives:
    """Text, the same as HTML, and a way to stop it in one click (RFC 8058)."""
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.body,
        to=[delivery.recipient.email],
        headers={
            "Message-ID": delivery.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{unsubscribe_address(delivery)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    if delivery.html:
        message.attach_alternative(delivery.html, "text/html")
    return message


def _fault(code: int, permanent: Fault) -> Fault:
    return permanent if code >= 500 else Fault.PASSING


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _hang_up(connection: object) -> None:
    """Say goodbye; a server that is gone already is no fault of the message."""
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return
