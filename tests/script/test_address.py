"""Where the site listens, and what it is told of it."""

import socket
from collections.abc import Iterator

import pytest

from script import address
from script.address import Address, BadAddress, open_address, site_environ


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def at(host: str, port: int = 8000) -> Address:
    return Address(listener=socket.socket(), host=host, port=port, wanted=port)


def test_a_taken_port_gives_way_to_the_next_free_one(taken: int) -> None:
    found = open_address({"PORT": str(taken)})
    assert found.wanted == taken
    assert taken < found.port <= taken + address.TRIES
    assert found.listener.getsockname() == ("127.0.0.1", found.port)
    found.listener.close()


def test_a_port_named_together_with_site_url_does_not_move(taken: int) -> None:
    with pytest.raises(BadAddress, match=f"^Port {taken} is taken. Stop what uses it, or set another PORT.$"):
        open_address({"PORT": str(taken), "SITE_URL": "https://tracker.example.org"})


@pytest.mark.parametrize("port", ["web", "-1", "65536", "80 "])
def test_a_port_that_is_none(port: str) -> None:
    with pytest.raises(BadAddress, match="give a number from 1 to 65535"):
        open_address({"PORT": port})


def test_a_host_that_is_not_this_machine() -> None:
    with pytest.raises(BadAddress, match="^HOST is 203.0.113.9, which is no address of this machine"):
        open_address({"HOST": "203.0.113.9", "PORT": "0"})


def test_on_this_machine_only() -> None:
    assert site_environ(at("127.0.0.1"), {}) == {"SITE_URL": "http://localhost:8000", "ALLOWED_HOSTS": ""}


def test_opened_to_the_local_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "lan_addresses", lambda: ["192.168.1.20", "10.0.0.5"])
    assert site_environ(at("0.0.0.0"), {"ALLOWED_HOSTS": "tracker.local"}) == {
        "SITE_URL": "http://192.168.1.20:8000",
        "ALLOWED_HOSTS": "tracker.local,192.168.1.20,10.0.0.5",
    }


def test_one_address_of_this_machine() -> None:
    assert at("192.168.1.20").url == "http://192.168.1.20:8000"
    assert at("fd00::1").url == "http://[fd00::1]:8000"


def test_a_site_url_of_ones_own_is_left_alone() -> None:
    assert site_environ(at("0.0.0.0"), {"SITE_URL": "https://tracker.example.org"}) == {}
