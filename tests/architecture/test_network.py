"""No test reaches another machine."""

import socket

import pytest

from tests.conftest import NoWayOut


@pytest.mark.parametrize("address", ["192.0.2.1", "example.org", "0.0.0.0"])
def test_a_socket_to_another_machine_is_refused(address: str) -> None:
    with socket.socket() as client, pytest.raises(NoWayOut):
        client.connect((address, 80))


def test_a_socket_to_this_machine_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
