"""Asking a provider's server: JSON by the one door to the network, one request at a time, with patience.

An `Asker` is one conversation. It holds the server (see sources.live) from its first request to its last,
leaves a second between two, tries again what may go well in a moment, and honours Retry-After. What it cannot
get it raises as `Trouble`, a sentence for people.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from apps import fetch
from apps.legislation.providers.reading import parts, things, whole
from apps.legislation.providers.records import Changes
from apps.sources import live

COURTESY = 1.0
"""Seconds between two requests to one server."""
SECONDS = 15.0
TRIES = 3
PATIENCE = 15.0
"""Seconds to wait for the server to be free of another asker, or for what it asks us to wait."""
LONGEST_WAIT = timedelta(days=1)
MOST_BYTES = 5_000_000
MOST_PAGES = 100
MOST_IN_A_ROW = 3
"""Bills of which each gave trouble; then the others wait for their next turn."""

Params = Sequence[tuple[str, str | int]]


class Trouble(Exception):
    """What could not be had, in a sentence."""


class NotThere(Trouble):
    """The server knows no such thing."""


class Busy(Trouble):
    """The server is not to be asked before `until`."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


class Engaged(Trouble):
    """It is not our turn: somebody else is asking the server, or our time is up."""


class Asker:
    """One conversation with the server at `base`; a context manager. `requests` counts what was sent."""

    def __init__(
        self,
        base: str,
        *,
        clock: Callable[[], datetime] = timezone.now,
        pause: Callable[[float], None] = time.sleep,
        going: Callable[[], bool] = lambda: True,
        headers: Mapping[str, str] | None = None,
        tries: int = TRIES,
        patience: float = PATIENCE,
    ) -> None:
        """Somebody who waits at a page has little `patience` and asks for one try."""
        self.tries, self.patience = tries, patience
        self.base, self.host = base.rstrip("/"), live.host_of(base)
        self.clock, self.pause, self.going = clock, pause, going
        self.headers = {"Accept": "application/json", **(headers or {})}
        self.requests = 0
        self._holds = False
        self._rest = timedelta(0)
        self._told_to_wait: Busy | None = None

    def __enter__(self) -> "Asker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._holds:
            rest = max(self._rest, timedelta(seconds=COURTESY))
            live.give_back(self.host, at=self.clock() + rest)
            self._holds = False

    def json(self, path: str, params: Params = ()) -> Any:
        """What stands at the path, read as JSON. Raises Trouble: NotThere, Busy, or what was wrong."""
        query = f"?{urlencode(params)}" if params else ""
        return self._read(self._answer(self.base + path + query))

    def _answer(self, url: str) -> fetch.Answer:
        """The answer, after some tries where it may go well in a moment."""
        if self._told_to_wait:
            raise self._told_to_wait
        for number in range(1, self.tries + 1):
            if not self.going():
                raise Engaged(f"There was no time left to ask {self.host}; the next look goes on.")
            self._take()
            trouble, wait = self._try(url, number)
            if isinstance(trouble, fetch.Answer):
                return trouble
            if number == self.tries or wait > self.patience:
                raise self._busy(trouble, wait)
            self.pause(wait)
        raise AssertionError("the last try returns or raises")

    def _try(self, url: str, number: int) -> tuple[fetch.Answer | str, float]:
        """The answer; or why there is none that counts, and how many seconds to wait."""
        self.requests += 1
        try:
            answer = fetch.get(url, headers=self.headers, seconds=SECONDS, most_bytes=MOST_BYTES)
        except fetch.Refused as refusal:
            raise Trouble(f"{self.host} was not asked: {refusal}") from None
        except fetch.Unreachable as failure:
            return f"No answer: {failure}", float(2**number)
        if answer.status == 429 or answer.status >= 500:
            wait = retry_after(answer.headers.get("Retry-After", ""), self.clock())
            said = "asked for patience" if answer.status == 429 else "has a fault of its own"
            return f"{self.host} {said} ({answer.status}).", float(2**number) if wait is None else wait
        if answer.status in (404, 410):
            raise NotThere(f"{self.host} knows nothing of it ({answer.status}).")
        if answer.status != 200:
            raise Trouble(f"{self.host} refused to answer ({answer.status}).")
        return answer, 0.0

    def _busy(self, said: str, wait: float) -> Busy:
        self._rest = min(timedelta(seconds=min(wait, 10**6)), LONGEST_WAIT)
        self._told_to_wait = Busy(said, self.clock() + self._rest)
        return self._told_to_wait

    def _take(self) -> None:
        """Hold the server, or go on holding it, for as long as a request may take."""
        if self._holds:
            self.pause(COURTESY)
            live.give_back(self.host, at=self.clock() + live.LEASE)
            return
        waited = 0.0
        while not live.take(self.host, at=self.clock()):
            if waited >= self.patience:
                raise Engaged(f"Somebody else is asking {self.host}, or it asked for patience.")
            self.pause(0.5)
            waited += 0.5
        self._holds = True

    def _read(self, answer: fetch.Answer) -> Any:
        if answer.cut:
            raise Trouble(f"{self.host} answered with more than {MOST_BYTES // 1_000_000} MB.")
        body = answer.body.decode("utf-8-sig", "replace").strip()
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            pass
        if body.startswith("<"):
            raise Trouble(f"{self.host} answered with a web page where data was asked for.")
        if body.startswith(("{", "[")):
            raise Trouble(f"{self.host} answered with data that is damaged or breaks off.")
        raise Trouble(f"{self.host} answered with something that is no data.")


def retry_after(said: str, now: datetime) -> float | None:
    """Seconds to wait, out of a number or a date in the header; None where it says neither."""
    said = said.strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        then = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())


@dataclass(frozen=True)
class Shape:
    """How a server names the parts of its pages; the total may stand in a part of its own."""

    skip: str = "Skip"
    take: str = "Take"
    items: str = "items"
    total: tuple[str, ...] = ("totalResults",)

    def total_of(self, page: Mapping[str, Any]) -> int:
        """-1 where it says none."""
        for name in self.total[:-1]:
            page = parts(page.get(name))
        return whole(page.get(self.total[-1]), -1)


SKIP_AND_TAKE = Shape()


class Pages:
    """The items of a list that comes in pages. `whole` once all were read, else `trouble` says why not."""

    def __init__(
        self, ask: Asker, path: str, params: Params = (), *, take: int, shape: Shape = SKIP_AND_TAKE
    ) -> None:
        self.ask, self.path, self.params, self.take, self.shape = ask, path, list(params), take, shape
        self.whole = False
        self.trouble = ""

    def __iter__(self) -> Iterator[Any]:
        skip, before = 0, None
        for _ in range(MOST_PAGES):
            try:
                asked = [*self.params, (self.shape.skip, skip), (self.shape.take, self.take)]
                page = self.ask.json(self.path, asked)
            except NotThere:
                raise
            except Trouble as trouble:
                self.trouble = str(trouble)
                if skip == 0:
                    raise
                return
            items, total = parts(page).get(self.shape.items), self.shape.total_of(parts(page))
            if not isinstance(items, list):
                self.trouble = f"{self.ask.host} answered with a list that is none."
                return
            if items and items == before:
                self.trouble = f"{self.ask.host} gave the same page again and again, so its list was left."
                return
            yield from things(items)
            skip, before = skip + len(items), items
            if not items or (skip >= total if total >= 0 else len(items) < self.take):
                self.whole = total < 0 or skip >= total
                self.trouble = (
                    "" if self.whole else f"{self.ask.host} gave {skip} of {total} and then no more."
                )
                return
        self.trouble = f"{self.ask.host} has a list of more than {MOST_PAGES} pages."


def one_by_one(tokens: Mapping[str, str], token_now: Callable[[str], str]) -> Changes:
    """Which of these bills changed, the server asked for each by itself. `token_now` may raise Trouble: of
    one bill it is that bill's own, and the others are asked about; after so many in a row they are left."""
    changed, unchanged, missing, troubles = {}, [], [], []
    in_a_row = 0
    asked = list(tokens.items())
    while asked and in_a_row < MOST_IN_A_ROW:
        external_id, token = asked.pop(0)
        try:
            now = token_now(external_id)
        except NotThere:
            missing.append(external_id)
            in_a_row = 0  # it answered
            continue
        except (Busy, Engaged):
            raise
        except Trouble as trouble:
            in_a_row += 1
            troubles.append(str(trouble))
            continue
        in_a_row = 0
        if now == token:
            unchanged.append(external_id)
        else:
            changed[external_id] = now
    left = tuple(external_id for external_id, _ in asked)
    return Changes(changed, tuple(unchanged), tuple(missing), tuple(troubles), left)
