"""A server to go to, a network that is allowed, and a directory of names that needs no network."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fetch.servers import Server, running

PUBLIC = "93.184.215.14"


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def open_inside(settings: Any) -> None:
    """A site whose receivers, and the pages it may read, are on the same machine."""
    settings.FETCH_ALLOWED_NETWORKS = settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]


class Directory:
    """What names lead to. A name with several answers gives the next each time, and the last for ever."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []

    def __setitem__(self, name: str, answers: list[list[str]]) -> None:
        self.answers[name] = answers

    def look_up(self, name: str) -> list[str]:
        self.asked.append(name)
        answers = self.answers.get(name)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Directory:
    directory = Directory()
    monkeypatch.setattr(socket, "getaddrinfo", _resolver(directory, socket.getaddrinfo))
    return directory


def _resolver(directory: Directory, system: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            found = directory.look_up(host)
        else:
            return system(host, port, *args, **kwargs)
        return [answer for address in found for answer in system(address, port, type=socket.SOCK_STREAM)]

    return getaddrinfo
