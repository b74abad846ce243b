"""E-mail through Django's backend: SMTP where EMAIL_URL is set, files in var/mail where it is not."""

import smtplib

from django.core.mail import EmailMessage

from apps.notices.channels import Undelivered
from apps.notices.models import Delivery


def send(delivery: Delivery) -> None:
    """Send one message to one person, under the delivery's own Message-ID. Raises Undelivered."""
    message = EmailMessage(
        subject=delivery.subject,
        body=delivery.body,
        to=[delivery.recipient.email],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        if not message.send():
            raise Undelivered("There is no address to send it to.", permanent=True)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise Undelivered(f"The address was refused: {error}", permanent=min(codes) >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise Undelivered(f"The mail server said: {error}", permanent=error.smtp_code >= 500) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(f"The mail server could not be reached: {error}", permanent=False) from error
