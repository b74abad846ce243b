"""A mail server that does as it is told: slow, rude, silent, or gone at the worst moment."""

import asyncio
import email
import email.policy
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"
logging.getLogger("mail.log").setLevel(
    logging.CRITICAL
)  # it tells every word, and every killed sender as a fault


@dataclass(frozen=True)
class Letter:
    """One message as the server got it. `seconds` is when, by the monotonic clock."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    seconds: float = field(default_factory=time.monotonic)


def read(envelope: Envelope) -> Letter:
    assert isinstance(envelope.content, bytes)
    message: Any = email.message_from_bytes(envelope.content, policy=email.policy.default)
    html = message.get_body(("html",))
    return Letter(
        message_id=message["Message-ID"],
        to=envelope.rcpt_tos[0],
        subject=message["Subject"],
        text=message.get_body(("plain",)).get_content(),
        html=html.get_content() if html else "",
    )


class PostOffice:
    """Listens as long as its `with` block lasts. What it does is set by assigning to it, at any time.

    `seen` has every message whose DATA came whole, `accepted` those it took: it takes a message, as real ones
    do, before it says so.
    """

    def __init__(self) -> None:
        self.seen: list[Letter] = []
        self.accepted: list[Letter] = []
        self.behave()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def behave(self) -> None:
        """Take everything, at once."""
        self.greeting: Callable[[], str] = lambda: ""
        """What to say in place of a welcome."""
        self.silent_at_greeting = 0.0
        self.for_recipient: Callable[[str], str] = lambda address: OK
        self.for_letter: Callable[[Letter], str] = lambda letter: OK
        self.says_so_after = 0.0
        """Seconds between taking a message and saying so."""
        self.drops_after_taking = False
        self.on_taking: Callable[[Letter], None] = lambda letter: None

    def __enter__(self) -> "PostOffice":
        self._thread.start()
        listening = self._loop.create_server(lambda: Clerk(self, self._loop), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *why: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def repeats(self) -> int:
        """How many times a message was taken that had been taken before."""
        return sum(count - 1 for count in Counter(letter.message_id for letter in self.accepted).values())

    def to(self, address: str) -> list[Letter]:
        return [letter for letter in self.accepted if letter.to == address]


class Clerk(SMTP):
    """One conversation."""

    def __init__(self, office: PostOffice, loop: asyncio.AbstractEventLoop) -> None:
        self.office = office
        super().__init__(self, hostname="post.example.org", loop=loop)

    async def _handle_client(self) -> None:
        await asyncio.sleep(self.office.silent_at_greeting)
        if rude := self.office.greeting():
            await self.push(rude)
            self.transport.close()
            return
        await super()._handle_client()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.office.for_recipient(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        letter = read(envelope)
        self.office.seen.append(letter)
        answer = self.office.for_letter(letter)
        if answer == OK:
            self.office.accepted.append(letter)
            self.office.on_taking(letter)
            await asyncio.sleep(self.office.says_so_after)
            if self.office.drops_after_taking:
                self.transport.abort()
        return answer
