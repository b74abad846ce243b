"""An address may hold a token. What is raised and what is logged says the host at most."""

import logging
import pickle
import socket
import traceback

import pytest

from apps.fetch import Refused, Unreachable, check, get, only_public, post
from tests.fetch.conftest import Directory
from tests.fetch.servers import Behaviour, Server, redirects, says

SECRET = "s3cr3t"


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All that is logged."""
    caplog.set_level(logging.DEBUG)
    return caplog


def broken(client: socket.socket, request: bytes) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")


def malformed(client: socket.socket, request: bytes) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nnot a header\r\nContent-Length: 0\r\n\r\n")


def told(failure: BaseException) -> str:
    """All that a log or a mail to the admins would show, the chain of causes included."""
    chain, seen = "", failure
    while seen:
        chain += f"{seen} {seen!r} {vars(seen)} {seen.args}"
        seen = seen.__cause__ or seen.__context__
    return chain + "".join(traceback.format_exception_only(failure))


@pytest.mark.parametrize(
    "url",
    [
        f"http://me:{SECRET}@example.org/",
        f"http://{SECRET}@example.org:99999/",
        f"http://me:{SECRET}@\u2100.org/",
        f"http://example.org:22/{SECRET}",
        f"http://127.1/{SECRET}?{SECRET}#{SECRET}",
        f"http://localhost/{SECRET}",
        f"http://[::1/{SECRET}",
        f"http://[::1]/{SECRET}",
        f"ftp://example.org/{SECRET}",
        f"example.org/{SECRET}",
        f"http://exa mple.org/{SECRET}",
        f"http://a..b/{SECRET}",
        f"http://ü..b/{SECRET}",
        "http://example.org/" + SECRET * 400,
    ],
)
def test_a_refusal_tells_no_secret(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        check(url)
    assert SECRET not in told(refusal.value)


@pytest.mark.parametrize(
    "behaviour",
    [
        broken,
        malformed,
        says(b"fine"),
        says(b"no", status="500 Oops"),
        redirects(f"/there?{SECRET}"),
        redirects(f"http://{SECRET}@127.0.0.1/{SECRET}"),
        redirects(f"http://10.0.0.1/{SECRET}"),
        redirects(f"http://[/{SECRET}"),
    ],
)
def test_neither_failures_nor_logs_tell_a_secret(
    server: Server, open_inside: None, heard: pytest.LogCaptureFixture, behaviour: Behaviour
) -> None:
    url = server.on(f"/{SECRET}?key={SECRET}", behaviour)
    for ask in (get, lambda url: post(url, body=SECRET.encode(), headers={"Authorization": SECRET})):
        try:
            ask(url)
        except (Refused, Unreachable) as failure:
            assert SECRET not in told(failure)
    assert len(server.requests) >= 2
    assert SECRET not in heard.text


@pytest.mark.parametrize("host", ["127.0.0.1:9", "unknown.example", "resolves.example:9"])
def test_a_server_that_is_away_tells_no_secret(
    open_inside: None, names: Directory, heard: pytest.LogCaptureFixture, host: str
) -> None:
    names["resolves.example"] = [["127.0.0.1"]]
    for scheme in ("http", "https"):
        with pytest.raises((Refused, Unreachable)) as failure:
            post(f"{scheme}://{host.replace(':9', ':1025')}/{SECRET}", body=b"", headers={})
        assert SECRET not in told(failure.value)
    assert SECRET not in heard.text


def test_urllib3_keeps_quiet_behind_the_wall_and_only_there(heard: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("urllib3.connectionpool")
    with only_public():
        log.warning("inside")
    log.warning("outside")
    assert heard.messages == ["outside"]


def test_a_failure_survives_the_way_through_a_queue() -> None:
    failure = pickle.loads(pickle.dumps(Unreachable("Nothing answers.", True)))
    assert (str(failure), failure.certain) == ("Nothing answers.", True)
