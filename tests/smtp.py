"""A real mail server on this machine, which answers as a test bids it.

    with running() as server:
        server.on("RCPT", "550 no such user", HANG)

The first message is refused at its recipient, the second finds a server that says nothing more, and from the
third on all goes well. `server.letters` is what it took.
"""

import asyncio
import logging
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)  # or it tells of every command

HANG = "hang"
DROP = "drop"
"""Instead of an answer: say nothing more, or hang up."""
LONG_ENOUGH = 60


class MailServer(Controller):
    """`on(command, *answers)` says what the next uses of MAIL, RCPT or DATA (the message itself, after its
    last dot) meet; then all goes well. With `wants_password`, it refuses whatever password it is given."""

    def __init__(self, *, wants_password: bool = False) -> None:
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        refuse = {
            "auth_require_tls": False,
            "authenticator": lambda *_: AuthResult(success=False, handled=False),
        }
        super().__init__(self, hostname="127.0.0.1", port=_free_port(), **(refuse if wants_password else {}))

    def on(self, command: str, *answers: str) -> None:
        self.answers[command] += answers

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await self._answer("DATA", server)
        if answer.startswith("250"):
            self._take(envelope)
        return answer

    def _take(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(envelope.rcpt_tos)

    async def _answer(self, command: str, server: SMTP) -> str:
        waiting = self.answers[command]
        answer = waiting.pop(0) if waiting else "250 fine"
        if answer == HANG:
            await asyncio.sleep(LONG_ENOUGH)
        if answer == DROP:
            assert server.transport is not None
            server.transport.abort()
        return answer


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def running(**how: Any) -> Iterator[MailServer]:
    server = MailServer(**how)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def silent() -> Iterator[int]:
    """The port of a server that lets callers in and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@contextmanager
def nobody() -> Iterator[int]:
    """A port at which nothing listens, taken so that nothing will."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]
