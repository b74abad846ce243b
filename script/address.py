"""Where the site is: its port, the addresses of this machine, and what the site must be told of them."""

import errno
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

ANYWHERE = ("0.0.0.0", "::")
TRIES = 50


class BadAddress(Exception):
    """HOST or PORT cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Address:
    """A listening socket, so that nobody can take the port between choosing it and serving on it."""

    listener: socket.socket
    host: str
    port: int
    wanted: int

    @property
    def url(self) -> str:
        """The site's address as this machine's owner would type it."""
        name = "localhost" if self.host in ("127.0.0.1", "::1", "localhost") else self.hosts[0]
        return f"http://{_bracketed(name)}:{self.port}"

    @property
    def hosts(self) -> list[str]:
        """The addresses other machines know this one by; empty when the site is for this machine only."""
        if self.host in ANYWHERE:
            return lan_addresses() or ["localhost"]
        return [] if self.host in ("127.0.0.1", "::1", "localhost") else [self.host]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def port_from(environ: Mapping[str, str]) -> int:
    text = environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise BadAddress(f"PORT is {text!r}: give a number from 1 to 65535.")
    return int(text)


def open_address(environ: Mapping[str, str] = os.environ) -> Address:
    """Listens on HOST and PORT, or on the next free port. With SITE_URL set the port may not move."""
    host, wanted = environ.get("HOST") or "127.0.0.1", port_from(environ)
    last = wanted if environ.get("SITE_URL") and environ.get("PORT") else min(wanted + TRIES, 65535)
    for port in range(wanted, last + 1):
        if listener := listen(host, port):
            return Address(listener, host, listener.getsockname()[1], wanted)
    if last == wanted:
        raise BadAddress(f"Port {wanted} is taken. Stop what uses it, or set another PORT.")
    raise BadAddress(f"Ports {wanted} to {last} are all taken. Set another PORT.")


def listen(host: str, port: int) -> socket.socket | None:
    """A socket listening there, or None when something else already does."""
    if port and answers(port):
        return None
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise BadAddress(_why_not(error, host, port)) from error
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if isinstance(error, PermissionError):
        return f"Port {port} needs administrator rights: set a PORT above 1023."
    return f"HOST is {host}, which is no address of this machine: use 127.0.0.1, or 0.0.0.0 for the network."


def answers(port: int) -> bool:
    """Whether localhost is someone else's on this port. Asked because macOS lets two programs share one."""
    for host in ("127.0.0.1", "::1"):
        with suppress(OSError), socket.create_connection((host, port), timeout=0.3):
            return True
    return False


def lan_addresses() -> list[str]:
    """This machine's addresses on the local network, the likeliest first."""
    found = [_outward_address(), *_named_addresses()]
    return [address for address in dict.fromkeys(found) if address and not address.startswith("127.")]


def _outward_address() -> str:
    # Connecting a datagram socket sends nothing: it only asks which of our addresses would be used.
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return ""


def _named_addresses() -> list[str]:
    with suppress(OSError):
        return list(socket.gethostbyname_ex(socket.gethostname())[2])
    return []


def site_environ(address: Address, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the site must be told about where it is. A SITE_URL of the user's own is left as it is."""
    if environ.get("SITE_URL"):
        return {}
    hosts = [*environ.get("ALLOWED_HOSTS", "").split(","), *address.hosts]
    return {"SITE_URL": address.url, "ALLOWED_HOSTS": ",".join(host for host in hosts if host)}
