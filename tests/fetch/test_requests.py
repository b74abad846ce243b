"""Sending and fetching, against real servers that behave badly."""

import gzip
import io
import json
import socket
import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.fetch import MOST_BYTES_OF_A_REPLY, Refused, Unreachable, get, post
from tests.fetch.conftest import Directory
from tests.fetch.servers import Behaviour, Server, redirects, running, says

pytestmark = pytest.mark.usefixtures("open_inside")
FILES_OPEN = Path("/proc/self/fd")
JSON = {"Content-Type": "application/json", "X-Signature": "sha256=abc"}


def lines(request: bytes) -> list[str]:
    return request.split(b"\r\n\r\n")[0].decode().split("\r\n")


# What goes out and comes back


def test_a_post_sends_these_bytes_and_headers_and_no_others(server: Server) -> None:
    answer = post(server.on("/hook?a=b", says(b"taken", status="201 Created")), body=b"{}", headers=JSON)
    assert (answer.status, answer.body, answer.cut) == (201, b"taken", False)
    assert answer.headers["content-type"] == "text/plain"
    [request] = server.requests
    assert request.endswith(b"\r\n\r\n{}")
    assert lines(request)[0] == "POST /hook?a=b HTTP/1.1"
    assert sorted(lines(request)[1:]) == [
        "Accept-Encoding: identity",
        "Accept: */*",
        "Connection: close",
        "Content-Length: 2",
        "Content-Type: application/json",
        f"Host: 127.0.0.1:{server.port}",
        "User-Agent: CampaignTracker",
        "X-Signature: sha256=abc",
    ]


def test_an_empty_post_is_one(server: Server) -> None:
    post(server.url, body=b"", headers={})
    assert lines(server.requests[0])[0] == "POST / HTTP/1.1"
    assert "Content-Length: 0" in lines(server.requests[0])


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "429 Too Many Requests", "500 Oops"])
def test_an_error_is_an_answer(server: Server, status: str) -> None:
    url = server.on("/hook", says(b"no", status=status, headers={"Retry-After": "60"}))
    answer = post(url, body=b"", headers={})
    assert (answer.status, answer.body, answer.headers["RETRY-AFTER"]) == (int(status[:3]), b"no", "60")


def test_the_name_is_the_host_and_the_part_after_the_hash_stays_here(
    server: Server, names: Directory
) -> None:
    names["xn--bcher-kva.example"] = [["127.0.0.1"]]
    get(f"http://BÜCHER.example:{server.port}/größe?ü#secret")
    assert lines(server.requests[0])[0] == "GET /gr%C3%B6%C3%9Fe?%C3%BC HTTP/1.1"
    assert f"Host: xn--bcher-kva.example:{server.port}" in lines(server.requests[0])


def test_the_environment_has_no_say(server: Server, names: Directory, monkeypatch, tmp_path) -> None:
    (tmp_path / ".netrc").write_text("machine receiver.example login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    names["receiver.example"] = [["127.0.0.1"]]
    assert get(f"http://receiver.example:{server.port}/").status == 200
    assert not [line for line in lines(server.requests[0]) if line.startswith("Authorization")]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "a\r\nX-B: b"},
        {"X-A": "a\nb"},
        {"X-A": "a\r"},
        {"X-A\r\nX-B": "b"},
        {"X A": "b"},
        {"": "b"},
        {"X-A:": "b"},
        {"X-A": "caf\u00e9"},
        {"X-A": "a\0"},
        {"Host": "127.0.0.1"},
        {"content-length": "5"},
        {"Transfer-Encoding": "chunked"},
    ],
)
def test_headers_that_smuggle_are_refused(server: Server, headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        post(server.url, body=b"", headers=headers)
    with pytest.raises(Refused):
        get(server.url, headers=headers)
    assert server.connections == 0


# Redirects


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "304 Same", "307 Temp", "308 Perm"])
def test_a_post_goes_nowhere_else(server: Server, status: str) -> None:
    with pytest.raises(Refused) as refusal:
        post(server.on("/secret", redirects("/there", status)), body=b"", headers={})
    assert str(refusal.value) == ("127.0.0.1 redirects to another address. Give the address it redirects to.")
    assert len(server.requests) == 1


def test_a_fetch_follows_three_redirects_and_no_more(server: Server) -> None:
    for number in range(4):
        server.on(f"/{number}", redirects(f"/{number + 1}"))
    server.on("/4", says(b"here"))
    assert get(f"{server.url}/1").body == b"here"
    with pytest.raises(Refused) as refusal:
        get(f"{server.url}/0")
    assert "again and again" in str(refusal.value)


@pytest.mark.parametrize("status", ["300 Choose", "302 Found", "304 Not Modified"])
def test_an_answer_that_leads_nowhere_is_the_answer(server: Server, status: str) -> None:
    assert get(server.on("/a", says(b"", status=status))).status == int(status[:3])


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/counted",
        "//127.1:{port}/counted",
        "http://inside.example:{port}/counted",
        "http://localhost:{port}/counted",
        "http://[::ffff:127.0.0.1]:{port}/counted",
        "http://user@127.0.0.1:{port}/counted",
        "http://127.0.0.1:22/",
        "ftp://127.0.0.1:{port}/",
        "file:///etc/passwd",
        "http://[",
        "http://\xe9\xff.example/",
        "http://a b/",
    ],
)
def test_a_redirect_to_the_inside_is_refused(settings, names: Directory, location: str) -> None:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.2/32"]
    names["outside.example"] = [["127.0.0.2"]]  # stands for a public server
    names["inside.example"] = [["127.0.0.1"]]
    with running() as counted, running(host="127.0.0.2") as outside:
        outside.on("/", redirects(location.format(port=counted.port)))
        with pytest.raises(Refused) as refusal:
            get(f"http://outside.example:{outside.port}/")
        assert (outside.connections, counted.connections) == (1, 0)
    assert "counted" not in str(refusal.value)


def test_secret_headers_stay_with_the_server_they_were_for(server: Server, names: Directory) -> None:
    names["elsewhere.example"] = [["127.0.0.1"]]
    server.on("/a", redirects("/b"))
    server.on("/b", redirects(f"http://elsewhere.example:{server.port}/c"))
    get(
        f"{server.url}/a",
        headers={"Authorization": "Bearer secret", "X-Key": "secret", "Accept": "text/calendar"},
    )
    assert [b"secret" in request for request in server.requests] == [True, True, False]
    assert all(b"Accept: text/calendar" in request for request in server.requests)


def test_cookies_are_not_kept(server: Server) -> None:
    server.on("/a", says(b"", status="302 Found", headers={"Location": "/b", "Set-Cookie": "a=b"}))
    get(f"{server.url}/a")
    assert b"Cookie" not in server.requests[1]


# Time


def took(ask, *args, **kwargs) -> tuple[Unreachable, float]:
    began = time.monotonic()
    with pytest.raises(Unreachable) as failure:
        ask(*args, **kwargs)
    return failure.value, time.monotonic() - began


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b"H"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD, b"X-A: b\r\n"),
        (HEAD + b"X-A: ", b"a"),
        (HEAD + b"Content-Length: 1000\r\n\r\n", b"a"),
        (HEAD + b"\r\n", b"a"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1000\r\n\r\n", b"a"),
        (HEAD + b"Content-Length: 10\r\n\r\n", b""),
    ],
)
def test_a_server_that_drips_is_cut_off_in_time(server: Server, start: bytes, piece: bytes) -> None:
    url = server.on("/secret", server.drips(piece, start))
    failure, seconds = took(post, url, body=b"", headers={}, seconds=0.6)
    assert str(failure) == "127.0.0.1 took longer than 0.6 seconds to answer."
    assert not failure.certain
    assert 0.5 < seconds < 1.5


def test_a_server_that_takes_no_request_is_cut_off_in_time(server: Server) -> None:
    server.before = lambda client: server.over.wait(5)
    failure, seconds = took(post, server.url, body=b"a" * 30_000_000, headers={}, seconds=0.6)
    assert (failure.certain, seconds < 1.5) == (False, True)


def test_redirects_share_one_time_limit(server: Server) -> None:
    def slowly(client: socket.socket, request: bytes) -> None:
        time.sleep(0.4)
        redirects("/slow")(client, request)

    failure, seconds = took(get, server.on("/slow", slowly), seconds=0.9)
    assert (failure.certain, 0.8 < seconds < 1.7) == (False, True)


def test_a_resolver_that_hangs_is_left_in_time(monkeypatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(3) or [])
    failure, seconds = took(post, "https://slow.example/secret", body=b"", headers={}, seconds=0.5)
    assert (str(failure), failure.certain) == (
        "slow.example could not be looked up within 0.5 seconds.",
        True,
    )
    assert seconds < 1


def test_a_server_that_does_not_take_the_connection_is_left_in_time() -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        socket.socket() as a,
        socket.socket() as b,
    ):
        for waiting in (a, b):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        failure, seconds = took(get, f"http://127.0.0.1:{full.getsockname()[1]}/", seconds=0.6)
    assert (failure.certain, seconds < 1.5) == (True, True)
    assert str(failure) == "127.0.0.1 could not be reached within 0.6 seconds."


def test_no_socket_is_left_behind(server: Server) -> None:
    def handles() -> int:
        return len(list(FILES_OPEN.iterdir()))

    if not FILES_OPEN.exists():
        pytest.skip("Only Linux lists a process's open files")
    get(server.url)
    before = handles()
    for _ in range(20):
        get(server.url)
    assert handles() <= before + 2


# Size


def gzipped(size: int, times: int = 1) -> bytes:
    body = io.BytesIO()
    with gzip.GzipFile(fileobj=body, mode="wb") as packed:
        for _ in range(size // 1_000_000):
            packed.write(b"\0" * 1_000_000)
    packed_body = body.getvalue()
    for _ in range(times - 1):
        packed_body = gzip.compress(packed_body)
    return packed_body


def endless(head: bytes, piece: bytes) -> Behaviour:
    def flood(client: socket.socket, request: bytes) -> None:
        client.sendall(head)
        while True:
            client.sendall(piece)

    return flood


CHUNK = b"10000\r\n" + b"a" * 65536 + b"\r\n"


@pytest.mark.parametrize(
    "behaviour",
    [
        endless(HEAD + b"\r\n", b"a" * 65536),
        endless(HEAD + b"Content-Length: 100000000000\r\n\r\n", b"a" * 65536),
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK),
        endless(b"HTTP/1.1 404 Not Found\r\n\r\n", b"a" * 65536),
        says(gzipped(200_000_000), headers={"Content-Encoding": "gzip"}),
        says(gzipped(200_000_000, 2), headers={"Content-Encoding": "gzip, gzip"}),
        says(zlib.compress(b"\0" * 100_000_000), headers={"Content-Encoding": "deflate"}),
    ],
    ids=["to the end", "by length", "in chunks", "of an error", "gzip", "gzip twice", "deflate"],
)
def test_a_body_is_kept_as_far_as_allowed(server: Server, behaviour: Behaviour) -> None:
    url = server.on("/big", behaviour)
    tracemalloc.start()
    try:
        fetched = get(url, most_bytes=500_000)
        sent = post(url, body=b"", headers={})
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(fetched.body), fetched.cut) == (500_000, True)
    assert (len(sent.body), sent.cut) == (MOST_BYTES_OF_A_REPLY, True)
    assert most < 10_000_000


def test_the_body_of_a_redirect_is_not_read(server: Server) -> None:
    flood = endless(b"HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n", b"a" * 65536)
    began = time.monotonic()
    assert get(server.on("/a", flood), most_bytes=1000).body == b"fine"
    assert time.monotonic() - began < 5


def test_a_body_of_exactly_the_size_allowed_is_whole(server: Server) -> None:
    server.on("/a", says(b"a" * 1000))
    assert [get(f"{server.url}/a", most_bytes=most).cut for most in (999, 1000, 1001)] == [True, False, False]
    server.on("/b", says(gzip.compress(b"a" * 1000), headers={"Content-Encoding": "gzip"}))
    answer = get(f"{server.url}/b", most_bytes=1000)
    assert (answer.body, answer.cut) == (b"a" * 1000, False)


# Failures


def broken(sent: bytes, *, reset: bool = False) -> Behaviour:
    def end(client: socket.socket, request: bytes) -> None:
        client.sendall(sent)
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return end


@pytest.mark.parametrize(
    "behaviour",
    [
        broken(b""),
        broken(b"", reset=True),
        broken(b"SSH-2.0-OpenSSH_9.6\r\n"),
        broken(b"220 mail.example ESMTP\r\n"),
        broken(b"\x15\x03\x01\0\x02\x02\x46"),
        broken(HEAD + b"Content-Length: 10\r\n\r\nabc"),
        broken(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        broken(HEAD + b"Content-Encoding: gzip\r\n\r\nnot gzip"),
        broken(HEAD + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n"),
        broken(HEAD + b"X-A: a\r\n" * 200 + b"\r\n"),
    ],
)
def test_what_breaks_after_sending_may_have_arrived(server: Server, behaviour: Behaviour) -> None:
    with pytest.raises(Unreachable) as failure:
        post(server.on("/secret", behaviour), body=b"{}", headers=JSON)
    assert str(failure.value) == "127.0.0.1 broke off before it had answered, or answered with nonsense."
    assert not failure.value.certain
    assert len(server.requests) == 1  # and was not sent again


def test_a_port_where_nobody_is_was_surely_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable) as failure:
        post(f"http://127.0.0.1:{port}/secret", body=b"{}", headers=JSON)
    assert str(failure.value) == f"Nothing answers at 127.0.0.1 on port {port}. Look for a typing mistake."
    assert failure.value.certain


def test_a_name_that_is_not_known_was_surely_not_reached(names: Directory) -> None:
    with pytest.raises(Unreachable) as failure:
        post("https://exmaple.example/secret", body=b"{}", headers=JSON)
    assert str(failure.value) == "The name exmaple.example is not known. Look for a typing mistake in it."
    assert failure.value.certain


def test_of_several_addresses_one_that_answers_will_do(server: Server, names: Directory) -> None:
    names["several.example"] = [["127.0.0.7", "127.0.0.1"]]
    assert get(f"http://several.example:{server.port}/").body == b"fine"


@given(st.binary(max_size=60) | st.binary(max_size=60).map(HEAD.__add__))
@example(b"HTTP/1.1 302 Found\r\nLocation: \xff\r\n\r\n")
@example(b"HTTP/1.1 999999 X\r\n\r\n")
@example(HEAD + b"Content-Length: -1\r\n\r\n")
@example(HEAD + b"Content-Length: 1, 2\r\n\r\na")
@example(HEAD + b"Set-Cookie: \xff=;\x00\r\n\r\n")
@example(HEAD + b"Content-Encoding: br, zstd, x\r\n\r\na")
@example(HEAD + b"Content-Encoding: " + b"gzip, " * 50 + b"\r\n\r\na")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_server_says_ends_in_an_answer_or_one_of_our_own(server: Server, said: bytes) -> None:
    server.behaviours["/"] = broken(said)
    for ask in (
        lambda: get(server.url, seconds=2),
        lambda: post(server.url, body=b"", headers={}, seconds=2),
    ):
        try:
            assert json.dumps(ask().status)
        except (Refused, Unreachable) as failure:
            assert len(str(failure)) > 10
