"""The only door to the network: `post` and `get` go to public addresses and nowhere else.

An address comes from people, so it may be a trick: a name for 127.0.0.1, a redirect to the cloud's own
metadata, a server that drips a byte a second. Here it is read once, strictly; its name is looked up once, and
all that it leads to must be public; the connection goes where was judged, while certificate and Host go by
name; redirects are refused or judged anew; time and size have an end. `only_public` is a second wall, round
any library that opens sockets of its own, and `by_a_deadline` ends what such a library does. Settings open
networks of one's own, to what is sent and to what is read apart: see `Errand`.

Addresses hold secrets (the path of a webhook, a token in a query), so nothing that is raised or logged here
says more than the host.
"""

import http.client
import ipaddress
import logging
import os
import queue
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache, wraps
from typing import Any, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import idna
import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

LONGEST = 2000
MOST_HOPS = 3
MOST_BYTES_OF_A_REPLY = 64 * 1024
USER_AGENT = "CampaignTracker"

Done = TypeVar("Done")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Errand(Enum):
    """What a request goes for, with the setting that opens networks of one's own to it. What is sent shows
    nobody a page; what is read ends in a text, and whoever may add one would read the pages inside."""

    SEND = "FETCH_ALLOWED_NETWORKS"
    READ = "FETCH_READABLE_NETWORKS"


class Refused(Exception):
    """We will not go there: a sentence for whoever typed the address. It names the host at most."""


class PrivateAddress(Refused, OSError):
    """A socket was about to leave for what is not public. Libraries take it for a failed connection."""


class Unreachable(Exception):
    """No answer came: a sentence that names the host at most.

    `certain` says that the request was surely not received, so that sending it again does no harm.
    """

    def __init__(self, sentence: str, certain: bool = False) -> None:
        super().__init__(sentence)
        self.certain = certain


@dataclass(frozen=True)
class Answer:
    """What came back. Headers are found in any case; `cut` says that the body was longer than this."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


def post(url: str, *, body: bytes, headers: Mapping[str, str], seconds: float = 10) -> Answer:
    """Send `body` there. Raises Refused, also for an address that redirects, and Unreachable.

    `seconds` is for everything together, from looking up the name to the last byte of the answer.
    """
    target, trip = _read(url, Errand.SEND), _Trip(seconds)
    answer = _ask("POST", target, trip, body=body, headers=headers, most_bytes=MOST_BYTES_OF_A_REPLY)
    if 300 <= answer.status < 400:
        raise Refused(f"{target.host} redirects to another address. Give the address it redirects to.")
    return answer


def get(
    url: str, *, headers: Mapping[str, str] | None = None, seconds: float = 10, most_bytes: int = 2_000_000
) -> Answer:
    """Fetch a page, through three redirects at most, in `seconds` for everything together.

    Raises Refused and Unreachable. Another server than the one named gets no header that may be secret.
    """
    target, trip, sent = _read(url, Errand.READ), _Trip(seconds), dict(headers or {})
    for _ in range(MOST_HOPS + 1):
        answer = _ask("GET", target, trip, headers=sent, most_bytes=most_bytes)
        location = answer.headers.get("Location")
        if answer.status not in REDIRECTS or not location:
            return answer
        following = _follow(target, location)
        if following.origin != target.origin:
            sent = {name: value for name, value in sent.items() if name.lower() in CARRIED_ELSEWHERE}
        target = following
    raise Refused(f"{target.host} redirects again and again. Give the address where the page is in the end.")


def check(url: str, errand: Errand = Errand.READ) -> None:
    """Raises Refused for what can be told from the address alone: what a name leads to is not looked up."""
    _read(url, errand)


# The judgement: which addresses are public

CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services, to the machines in it
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "2001::/23",  # Teredo and others of the protocol's own
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
"""The one part of IPv6 given out so far: mapped, translated, local and multicast addresses are outside it."""


def is_public(address: str, errand: Errand = Errand.READ) -> bool:
    """Whether this IP address means the same machine everywhere, or is in a network opened to the errand.

    False for every other text, for unusual spellings, for zones and for IPv6 addresses that wrap IPv4 ones.
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if "%" in address:
        return False
    return _is_allowed(known, errand) or _is_global(known)


def _is_global(address: Address) -> bool:
    """By our list, by requests-hardened's and by Python's: one closed door is enough."""
    if address.version == 6 and address not in GLOBAL_IPV6:
        return False
    closed = any(address in network for network in (*CLOSED, *EXTRA_BLOCKED_NET_RANGES))
    return address.is_global and not closed


def _is_allowed(address: Address, errand: Errand) -> bool:
    return any(address in network for network in _allowed(errand))


def _allowed(errand: Errand) -> tuple[Network, ...]:
    return _networks(tuple(map(str, getattr(settings, errand.value))))


@lru_cache(maxsize=16)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(map(ipaddress.ip_network, texts))


# Reading an address

PORTS = {"http": 80, "https": 443}
OUR_NETWORK = ("local", "internal", "localdomain", "home.arpa")
"""Endings of names that mean nothing outside a network."""

_AUTHORITY = re.compile(r"(\[[0-9a-fA-F:.]*\]|[^\[\]:@%]*)(?::([0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

ODD_ADDRESS = "This is not an address of a page. Write it like https://example.org/page"
TRY_ANOTHER = "Give an address that is, or ask whoever runs this site to allow the network it is in ({})."


@dataclass(frozen=True)
class _Target:
    """An address that was read, put together again from its parts so that nobody can read it differently."""

    scheme: str
    host: str
    port: int
    url: str = field(repr=False)
    errand: Errand

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def _read(url: str, errand: Errand) -> _Target:
    if len(url) > LONGEST:
        raise Refused(f"The address is too long: {LONGEST:,} characters is the most.")
    if not url.isprintable() or " " in url or "\\" in url:
        raise Refused("The address has a space, a line break or a backslash in it. Take it out.")
    parts = _split(url)
    if "@" in parts.netloc:
        raise Refused("The address has a user name or a password in it, before an @. Take it out.")
    match = _AUTHORITY.fullmatch(parts.netloc)
    if match is None:
        raise Refused(ODD_ADDRESS)
    port = _port(match[2], parts.scheme)
    host = _bracketed(match[1], errand) if match[1].startswith("[") else _name(match[1], errand)
    where = f"[{host}]" if ":" in host else host
    if port != PORTS[parts.scheme]:
        where = f"{where}:{port}"
    plain = urlunsplit((parts.scheme, where, parts.path or "/", parts.query, ""))
    return _Target(parts.scheme, host, port, plain, errand)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = SplitResult("http", "", "", "", "")
    if parts.scheme not in PORTS:
        raise Refused("The address has to begin with https:// or http://")
    if not parts.netloc:
        raise Refused(ODD_ADDRESS)
    return parts


def _port(text: str | None, scheme: str) -> int:
    port = int(text) if text else PORTS[scheme]
    if port in PORTS.values() or 1024 <= port < 65536:
        return port
    raise Refused(f"Port {port} is not one for web pages. Use 80, 443 or one from 1024 to 65535.")


def _bracketed(text: str, errand: Errand) -> str:
    try:
        host = str(ipaddress.IPv6Address(text.strip("[]")))
    except ValueError:
        raise Refused(ODD_ADDRESS) from None
    return _judged(host, errand)


def _name(text: str, errand: Errand) -> str:
    """A host in lower case and ASCII, without the dot at its end."""
    host = _in_ascii(text).removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise Refused(ODD_ADDRESS)
    if _NUMBER.fullmatch(labels[-1]):
        return _numeric(host, errand)
    if labels[-1] == "localhost":
        return _local(host, errand)
    ours = len(labels) == 1 or any(host.endswith(f".{ending}") for ending in OUR_NETWORK)
    if ours and not _allowed(errand):  # where networks are allowed, looking the name up decides
        raise _inside(host, errand)
    return host


def _in_ascii(text: str) -> str:
    if text.isascii():
        return text.lower()
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except (ValueError, IndexError):
        raise Refused(ODD_ADDRESS) from None


def _numeric(host: str, errand: Errand) -> str:
    """Only four plain numbers: 127.1, 0x7f.1 and 2130706433 are for whoever has something to hide."""
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        raise Refused(
            f"{host} is an unusual way to write an address. Write four numbers, like 93.184.215.14"
        ) from None
    return _judged(host, errand)


def _judged(host: str, errand: Errand) -> str:
    if is_public(host, errand):
        return host
    raise _inside(host, errand)


def _local(host: str, errand: Errand) -> str:
    if is_public("127.0.0.1", errand) or is_public("::1", errand):
        return host
    raise _inside(host, errand)


def _inside(host: str, errand: Errand) -> Refused:
    return Refused(_not_public(host, errand))


def _not_public(what: str, errand: Errand) -> str:
    return f"{what} is not on the public internet. {TRY_ANOTHER.format(errand.value)}"


REDIRECTS = {301, 302, 303, 307, 308}
CARRIED_ELSEWHERE = {"accept", "accept-language", "if-none-match", "if-modified-since"}
"""What another server than the one asked may be sent: any other header may be a secret."""


def _follow(target: _Target, location: str) -> _Target:
    """Where a redirect leads, read as strictly as what a person types."""
    try:
        following = _read(_joined(target.url, location), target.errand)
    except Refused as refusal:
        raise Refused(f"{target.host} redirects where this site does not go. {refusal}") from None
    if (target.scheme, following.scheme) == ("https", "http"):
        raise Refused(
            f"{target.host} redirects from https to http, where others can listen. Give another address."
        )
    return following


def _joined(url: str, location: str) -> str:
    """The address in a Location header, which http.client hands over as Latin-1; '' where it is none."""
    with suppress(ValueError):
        return urljoin(url, location.encode("latin-1").decode())
    return ""


# One request

FAILURES = (OSError, ValueError, HTTPError, http.client.HTTPException)
"""All that requests and what it stands on raise: its own exceptions are OSErrors."""

OURS_TO_SAY = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def _ask(
    method: str,
    target: _Target,
    trip: "_Trip",
    *,
    headers: Mapping[str, str],
    most_bytes: int,
    body: bytes | None = None,
) -> Answer:
    sent = _headers(headers) | {"Accept-Encoding": "identity" if body is not None else "gzip, deflate"}
    trip.look_up(target)
    with ExitStack() as leaving:
        leaving.enter_context(only_public(target.errand))
        leaving.enter_context(_underway(trip))
        leaving.callback(trip.end)
        # Raised outside the handler, a failure drags no original along that says the whole address.
        try:
            answer = _exchange(method, target, trip, sent, body, most_bytes)
        except FAILURES as failure:
            failed = trip.failure(target, failure)
        else:
            if trip.left() > 0:
                return answer
            failed = trip.failure(target, None)
    raise failed


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _HEADER.fullmatch(name):
            raise Refused("A header has a name that no header can have. Use letters, digits and hyphens.")
        if name.lower() in OURS_TO_SAY:
            raise Refused(f"The header {name} is not for others to set. Leave it out.")
        if not (value.isascii() and value.isprintable()):
            raise Refused(f"The header {name} has a line break or a special character in it. Take it out.")
    given = {name: value.strip() for name, value in headers.items()}
    return {"User-Agent": USER_AGENT, "Connection": "close", **given}


def _exchange(
    method: str, target: _Target, trip: "_Trip", headers: dict[str, str], body: bytes | None, most_bytes: int
) -> Answer:
    with _Session() as session:
        response = session.request(
            method, target.url, data=body, headers=headers, stream=True, timeout=max(trip.left(), 0.001)
        )
        with response:
            kept, cut = _capped(response.raw, most_bytes)
            return Answer(response.status_code, response.headers, kept, cut)


def _capped(raw: HTTPResponse, most_bytes: int) -> tuple[bytes, bool]:
    """The body as far as it may go, after decompression: urllib3 unpacks no more than it is asked for."""
    kept = bytearray()
    while len(kept) <= most_bytes and (piece := raw.read(64 * 1024, decode_content=True)):
        kept += piece
    return bytes(kept[:most_bytes]), len(kept) > most_bytes


class _Session(HTTPSession):
    """requests-hardened's session, which never redirects, with connections of our own. It knows no proxies,
    netrc or cookies of earlier requests: there is one for each request."""

    def __init__(self) -> None:
        super().__init__(
            Config(
                ip_filter_enable=False,  # it knows no allowed networks; _Trip looks up and judges instead
                ip_filter_allow_loopback_ips=False,
                never_redirect=True,
                default_timeout=(10, 10),
            )
        )
        self.trust_env = False
        self.mount("http://", _Adapter())
        self.mount("https://", _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: requests reads all of a redirect's body, however long, also where it does not follow."""


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _trip.get().connect()

    def connect(self) -> None:
        super().connect()
        _trip.get().arrived = True


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


# One trip: from the name to the last byte, by a deadline

SocketAddress = tuple[socket.AddressFamily, tuple[Any, ...]]
"""A family and what `connect` takes for it."""


class _Trip:
    """Where a request goes and how long it may take; `arrived` once there is a connection, made secure."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.deadline = time.monotonic() + seconds
        self.arrived = False
        self._addresses: list[SocketAddress] = []
        self._ending = ExitStack()

    def left(self) -> float:
        return self.deadline - time.monotonic()

    def look_up(self, target: _Target) -> None:
        """Ask for the addresses, once, and refuse all if one is not public."""
        found = self._resolved(target)
        if isinstance(found, Exception) or not found:
            raise Unreachable(f"The name {target.host} is not known. Look for a typing mistake in it.", True)
        if not all(is_public(str(address[0]), target.errand) for _, address in found):
            raise _inside(target.host, target.errand)
        self._addresses = found

    def _resolved(self, target: _Target) -> list[SocketAddress] | Exception:
        """The resolver knows no time limit, so it works in a thread that may be left to itself."""
        answers: queue.SimpleQueue[list[SocketAddress] | Exception] = queue.SimpleQueue()
        threading.Thread(
            target=lambda: answers.put(_resolve(target.host, target.port)), name="look-up", daemon=True
        ).start()
        with suppress(queue.Empty):
            return answers.get(timeout=max(self.left(), 0))
        raise Unreachable(f"{target.host} could not be looked up within {self.seconds:g} seconds.", True)

    def connect(self) -> socket.socket:
        """A socket to the first address that answers; at the deadline it is cut off, whatever it is doing."""
        failure: OSError = TimeoutError()
        for number, (family, address) in enumerate(self._addresses):
            within = self.left() / (len(self._addresses) - number)
            if within <= 0:
                break
            try:
                return self._connected(family, address, within)
            except OSError as refused:
                failure = refused
        raise failure

    def _connected(
        self, family: socket.AddressFamily, address: tuple[Any, ...], within: float
    ) -> socket.socket:
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(within)
            sock.connect(address)
            sock.settimeout(max(self.left(), 0.001))
            self._cut_off_at_the_deadline(sock)
        except BaseException:
            sock.close()
            raise
        return sock

    def _cut_off_at_the_deadline(self, sock: socket.socket) -> None:
        """A socket's timeout is for each read alone, and a server that drips never meets it. The handle is a
        second one, because TLS takes over the first."""
        handle = self._ending.enter_context(sock.dup())
        timer = threading.Timer(max(self.left(), 0), _cut_off, [handle])
        timer.daemon = True
        timer.start()
        self._ending.callback(timer.join)
        self._ending.callback(timer.cancel)

    def end(self) -> None:
        self._ending.close()

    def failure(self, target: _Target, cause: Exception | None) -> Unreachable:
        host, late = target.host, self.left() <= 0
        if self.arrived and late:
            return Unreachable(f"{host} took longer than {self.seconds:g} seconds to answer.")
        if self.arrived:
            return Unreachable(f"{host} broke off before it had answered, or answered with nonsense.")
        if late:
            return Unreachable(f"{host} could not be reached within {self.seconds:g} seconds.", True)
        if isinstance(cause, requests.exceptions.SSLError):
            return Unreachable(f"{host} does not speak https, or its certificate is not valid.", True)
        return Unreachable(
            f"Nothing answers at {host} on port {target.port}. Look for a typing mistake.", True
        )


def _resolve(host: str, port: int) -> list[SocketAddress] | Exception:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as failure:
        return failure
    internet = (socket.AF_INET, socket.AF_INET6)
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found if family in internet))


def _cut_off(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


_trip: ContextVar[_Trip] = ContextVar("trip")


@contextmanager
def _underway(trip: _Trip) -> Iterator[None]:
    token = _trip.set(trip)
    try:
        yield
    finally:
        _trip.reset(token)


# The second wall: no socket leaves for an address that is not public

_walled: ContextVar[Errand | None] = ContextVar("walled", default=None)
SOCKETS_LEAVE = {"socket.connect", "socket.sendto", "socket.sendmsg"}


@contextmanager
def only_public(errand: Errand = Errand.SEND) -> Iterator[None]:
    """Whatever connects in here, with whatever library, reaches public IP addresses or gets PrivateAddress.

    It holds in this thread and in what runs in a copy of its context (asyncio's tasks, apprise's threads). A
    thread that a library starts otherwise is outside, and so is what connects without Python's sockets: other
    programs, PostgreSQL's client. A cache in Redis cannot be reached from inside: it is at a private address.
    """
    _build_wall()
    token = _walled.set(errand)
    try:
        yield
    finally:
        _walled.reset(token)


@lru_cache(maxsize=1)
def _build_wall() -> None:
    """Once, and not before it is needed: an audit hook is asked about everything and cannot be taken away."""
    sys.addaudithook(_wall)
    for name in TALKATIVE:
        logging.getLogger(name).addFilter(_is_outside)


def _wall(event: str, args: tuple[Any, ...]) -> None:
    if event in SOCKETS_LEAVE and (errand := _walled.get()):
        _let_pass(errand, *args)
        if event == "socket.connect" and (leash := _leash.get()):
            leash.hold(args[0])


def _let_pass(errand: Errand, sock: socket.socket, address: Any) -> None:
    if address is None:  # more for a peer that was judged when it was connected
        return
    host = address[0] if isinstance(address, tuple) and address else None
    internet = sock.family in (socket.AF_INET, socket.AF_INET6)
    if not (internet and isinstance(host, str) and is_public(host, errand)):
        said = host if internet and isinstance(host, str) else "A socket of this machine"
        raise PrivateAddress(_not_public(said, errand))


TALKATIVE = ("urllib3.connection", "urllib3.connectionpool", "urllib3.response", "urllib3.util.retry")
"""They log paths and queries, on some answers even as warnings."""


def _is_outside(record: logging.LogRecord) -> bool:
    return _walled.get() is None


# What such a library was answered: many swallow it, and say no more than that it went wrong


@dataclass
class Overheard:
    """What became of the requests made inside: how each was answered, and whether one that was not may have
    been received all the same."""

    statuses: list[int] = field(default_factory=list)
    doubtful: bool = False


_overheard: ContextVar[Overheard | None] = ContextVar("overheard", default=None)


@contextmanager
def overhearing() -> Iterator[Overheard]:
    """Hear what a library is told that asks with `requests`, and let no body be longer than post's may be. It
    holds as far as `only_public` does."""
    _listen()
    heard = Overheard()
    token = _overheard.set(heard)
    try:
        yield heard
    finally:
        _overheard.reset(token)


@lru_cache(maxsize=1)
def _listen() -> None:
    """Once: every session of requests, whoever makes it, sends each request and each hop through this one
    method, and reads bodies, redirects' too, after it."""
    send = HTTPAdapter.send

    @wraps(send)
    def heard_by_us(self: HTTPAdapter, *args: Any, **kwargs: Any) -> requests.Response:
        heard = _overheard.get()
        if heard is None:
            return send(self, *args, **kwargs)
        try:
            response = send(self, *args, **kwargs)
            _read_as_far_as_it_may_go(response)
        except requests.RequestException as failure:
            heard.doubtful = heard.doubtful or not _surely_not_received(failure)
            raise
        heard.statuses.append(response.status_code)
        return response

    HTTPAdapter.send = heard_by_us  # type: ignore[method-assign]


def _read_as_far_as_it_may_go(response: requests.Response) -> None:
    """Requests itself would read all of it. What was read stands in its place, as if that were the whole."""
    try:
        kept, cut = _capped(response.raw, MOST_BYTES_OF_A_REPLY)
    except FAILURES as failure:
        response.raw.close()
        raise requests.ConnectionError(failure, request=response.request) from None
    if (leash := _leash.get()) and leash.pulled:  # cut off between two headers, it looks like their end
        raise requests.ReadTimeout("There was no time left to hear it out.", request=response.request)
    if cut:
        response.raw.close()
    response._content, response._content_consumed = kept, True  # type: ignore[attr-defined]


NEVER_LEFT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
)


def _surely_not_received(failure: requests.RequestException) -> bool:
    """Whether there was no connection that a request could have gone through."""
    cause = getattr(failure.args[0], "reason", None) if failure.args else None
    return isinstance(failure, NEVER_LEFT) or isinstance(cause, NewConnectionError)


# The end of such a library's work: it has limits for each step alone, and takes them out of the address


class Overdue(Exception):
    """The work was left to itself. `left` says that something had left for the network by then."""

    def __init__(self, left: bool) -> None:
        super().__init__("It took too long.")
        self.left = left


A_MOMENT = 0.5
"""Seconds in which what was cut off may say so itself."""


def by_a_deadline(work: Callable[[], Done], *, seconds: float) -> Done:
    """Do it in so many seconds, inside `only_public`: then all its sockets are cut off and no more may leave.
    Where it does not end of that (it looks a name up, it sleeps), it is left to itself. Raises Overdue, and
    whatever the work raises."""
    leash, outcome = _Leash(), Future[Done]()
    inside = copy_context()
    inside.run(_leash.set, leash)
    threading.Thread(target=inside.run, args=[_do, work, outcome], name="leashed", daemon=True).start()
    wait([outcome], seconds)
    left = leash.pull()
    wait([outcome], A_MOMENT)
    if not outcome.done():
        raise Overdue(left)
    return outcome.result()


def _do(work: Callable[[], Done], outcome: "Future[Done]") -> None:
    try:
        outcome.set_result(work())
    except Exception as failure:
        outcome.set_exception(failure)


class _Leash:
    """The sockets that left for some work, and whether more may."""

    def __init__(self) -> None:
        self._handles: list[socket.socket] = []
        self.pulled = False
        self._lock = threading.Lock()

    def hold(self, sock: socket.socket) -> None:
        """The handle is a second one, because TLS takes over the first; by its number, for a secured socket
        refuses to be doubled."""
        with self._lock:
            if self.pulled:
                raise TimeoutError("There is no time left to go there.")
            self._handles.append(socket.socket(fileno=os.dup(sock.fileno())))

    def pull(self) -> bool:
        """Cut them all off, for good. Whether there were any."""
        with self._lock:
            self.pulled = True
        for handle in self._handles:
            _cut_off(handle)
            handle.close()
        return bool(self._handles)


_leash: ContextVar[_Leash | None] = ContextVar("leash", default=None)
