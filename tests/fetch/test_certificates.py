"""https by name: the certificate is the name's, while the connection goes to the address that was judged."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.fetch import Refused, Unreachable, get, post
from tests.fetch.conftest import Directory
from tests.fetch.servers import Server, redirects, running

pytestmark = [
    pytest.mark.usefixtures("open_inside"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="No openssl to make a certificate with"),
]
NAME = "receiver.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        + ["-keyout", path, "-out", path.with_suffix(".crt"), "-days", "2", "-subj", f"/CN={NAME}"]
        + ["-addext", f"subjectAltName=DNS:{NAME}"],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def asked_for() -> list[str | None]:
    """The names that clients asked for when they made the connection secure."""
    return []


@pytest.fixture
def secure(certificate: Path, asked_for: list[str | None], names: Directory) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda sock, name, context: asked_for.append(name)
    names[NAME] = [["127.0.0.1"]]
    names["another.example"] = [["127.0.0.1"]]
    with running(tls=context) as server:
        yield server


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))


@pytest.mark.usefixtures("trusted")
def test_the_name_is_what_is_asked_for_and_verified(secure: Server, asked_for: list[str | None]) -> None:
    assert post(f"https://{NAME}:{secure.port}/hook", body=b"{}", headers={}).body == b"fine"
    assert asked_for == [NAME]
    assert f"Host: {NAME}:{secure.port}\r\n".encode() in secure.requests[0]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("host", ["another.example", "127.0.0.1"])
def test_the_certificate_of_another_name_is_not_enough(secure: Server, host: str) -> None:
    with pytest.raises(Unreachable) as failure:
        post(f"https://{host}:{secure.port}/secret", body=b"{}", headers={})
    assert str(failure.value) == f"{host} does not speak https, or its certificate is not valid."
    assert (failure.value.certain, secure.requests) == (True, [])


def test_a_certificate_of_nobody_is_not_enough(secure: Server) -> None:
    with pytest.raises(Unreachable) as failure:
        get(f"https://{NAME}:{secure.port}/")
    assert (failure.value.certain, secure.requests) == (True, [])


def test_a_server_without_https_was_surely_not_reached(server: Server) -> None:
    server.before = lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(Unreachable) as failure:
        post(f"https://127.0.0.1:{server.port}/", body=b"{}", headers={})
    assert str(failure.value) == "127.0.0.1 does not speak https, or its certificate is not valid."
    assert (failure.value.certain, server.requests) == (True, [])


@pytest.mark.usefixtures("trusted")
def test_https_is_not_left_for_http(secure: Server, server: Server, names: Directory) -> None:
    secure.on("/", redirects(f"http://{NAME}:{server.port}/"))
    with pytest.raises(Refused) as refusal:
        get(f"https://{NAME}:{secure.port}/")
    assert str(refusal.value) == (
        f"{NAME} redirects from https to http, where others can listen. Give another address."
    )
    assert server.connections == 0


def test_a_handshake_that_drips_is_cut_off_in_time(server: Server) -> None:
    def drip(client: socket.socket) -> None:
        client.sendall(b"\x16\x03\x03\x20\0")
        while not server.over.wait(0.1):
            client.sendall(b"\x02")

    server.before = drip
    began = time.monotonic()
    with pytest.raises(Unreachable) as failure:
        post(f"https://127.0.0.1:{server.port}/", body=b"{}", headers={}, seconds=0.6)
    assert (failure.value.certain, time.monotonic() - began < 1.5) == (True, True)


@pytest.mark.usefixtures("trusted")
def test_a_secure_server_that_drips_is_cut_off_in_time(secure: Server) -> None:
    secure.on("/", secure.drips(b"a", b"HTTP/1.1 200 OK\r\n\r\n"))
    began = time.monotonic()
    with pytest.raises(Unreachable) as failure:
        post(f"https://{NAME}:{secure.port}/", body=b"{}", headers={}, seconds=0.6)
    assert (failure.value.certain, time.monotonic() - began < 1.5) == (False, True)
