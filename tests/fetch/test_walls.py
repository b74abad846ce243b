"""Nothing gets inside: not by a spelling, not by a name, not by another library."""

import contextvars
import smtplib
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator

import apprise
import pytest
import requests

from apps.fetch import (
    MOST_BYTES_OF_A_REPLY,
    Overdue,
    Overheard,
    PrivateAddress,
    Refused,
    Unreachable,
    by_a_deadline,
    get,
    only_public,
    overhearing,
    post,
)
from tests.conftest import NoWayOut
from tests.fetch.conftest import PUBLIC, Directory
from tests.fetch.servers import Server, redirects, running, says

SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "127.127.127.127", "0177.0.0.1", "0x7f.1", "0x7f000001", "2130706433",
    "017700000001", "0", "0.0.0.0", "localhost", "localhost.", "LOCALHOST", "loc%61lhost", "１２７.０.０.１",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[::1%lo]",
]  # fmt: skip

TRICKS = [
    ["127.0.0.1"],
    ["0.0.0.0"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    ["10.0.0.1"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["64:ff9b::7f00:1"],
    [PUBLIC, "127.0.0.1"],
    ["127.0.0.1", PUBLIC],
]


@pytest.fixture
def everywhere() -> Iterator[list[Server]]:
    """A server on each address of this machine, with the same port where they can have it."""
    with running() as first, running(host="::1") as second:
        yield [first, second]


@pytest.mark.parametrize("ask", [get, lambda url: post(url, body=b"{}", headers={})], ids=["get", "post"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_this_machine_reaches_it(everywhere: list[Server], ask, spelling: str) -> None:
    for server in everywhere:
        with pytest.raises(Refused):
            ask(f"http://{spelling}:{server.port}/")
    assert [server.connections for server in everywhere] == [0, 0]


@pytest.mark.parametrize("leads_to", TRICKS, ids=" ".join)
@pytest.mark.parametrize("ask", [get, lambda url: post(url, body=b"{}", headers={})], ids=["get", "post"])
def test_no_name_that_leads_inside_reaches_it(
    everywhere: list[Server], names: Directory, ask, leads_to: list[str]
) -> None:
    names["127.0.0.1.nip.example"] = [leads_to]
    for server in everywhere:
        with pytest.raises(Refused) as refusal:
            ask(f"http://127.0.0.1.nip.example:{server.port}/secret")
        assert str(refusal.value).startswith("127.0.0.1.nip.example is not on the public internet. Give")
    assert [server.connections for server in everywhere] == [0, 0]


def test_a_name_that_changes_after_it_was_judged_is_not_asked_again(server: Server, names: Directory) -> None:
    names["rebinds.example"] = [[PUBLIC], ["127.0.0.1"]]
    with pytest.raises(Unreachable):  # the tests' own guard stands before the public address
        get(f"http://rebinds.example:{server.port}/")
    assert names.asked == ["rebinds.example"]
    assert server.connections == 0


def test_a_name_that_leads_to_two_servers_never_leads_to_the_one_inside(
    server: Server, names: Directory
) -> None:
    names["outside.example"] = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]]
    for _ in range(3):
        with pytest.raises((Refused, Unreachable)):
            post(f"http://outside.example:{server.port}/", body=b"", headers={})
    assert server.connections == 0


def test_these_servers_can_be_reached_where_it_is_allowed(everywhere: list[Server], settings) -> None:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8", "::1/128"]
    assert [
        get(f"http://{host}:{server.port}/").status
        for server, host in zip(everywhere, ["127.0.0.1", "[::1]"], strict=True)
    ] == [200, 200]
    assert get(f"http://localhost:{everywhere[0].port}/").body == b"fine"


SENDS_TO = ["127.0.0.0/8", "::1/128", "10.0.0.0/8"]


def test_where_messages_may_be_sent_no_page_may_be_read(server: Server, names: Directory, settings) -> None:
    settings.FETCH_ALLOWED_NETWORKS = SENDS_TO
    names["inside.example"] = [["127.0.0.1"]]
    assert post(f"{server.url}/", body=b"", headers={}).status == 200
    for host in ("127.0.0.1", "localhost", "[::1]", "inside.example", "printer", "nas.internal", "10.0.0.5"):
        with pytest.raises(Refused) as refusal:
            get(f"http://{host}:{server.port}/")
        assert "(FETCH_READABLE_NETWORKS)" in str(refusal.value)
    assert server.connections == 1


def test_where_pages_may_be_read_no_message_may_be_sent(server: Server, settings) -> None:
    settings.FETCH_READABLE_NETWORKS = SENDS_TO
    assert get(f"{server.url}/").status == 200
    with pytest.raises(Refused) as refusal:
        post(f"{server.url}/", body=b"", headers={})
    assert "(FETCH_ALLOWED_NETWORKS)" in str(refusal.value)
    with only_public(), pytest.raises(PrivateAddress):
        by_socket(server.port)
    assert server.connections == 1


def test_a_page_outside_that_redirects_to_where_messages_go_is_not_read(server: Server, settings) -> None:
    settings.FETCH_READABLE_NETWORKS, settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.2/32"], SENDS_TO
    with running(host="127.0.0.2") as outside:
        outside.on("/", redirects(f"{server.url}/"))
        with pytest.raises(Refused):
            get(f"http://127.0.0.2:{outside.port}/")
    assert server.connections == 0


# The second wall


def by_socket(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=2).close()


def by_connect_ex(port: int) -> None:
    with socket.socket() as client:
        client.connect_ex(("127.0.0.1", port))


def by_name(port: int) -> None:
    with socket.socket() as client:
        client.connect(("localhost", port))


def by_ipv6(port: int) -> None:
    with socket.socket(socket.AF_INET6) as client:
        client.connect(("::1", port))


def by_urllib(port: int) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)


def by_smtp(port: int) -> None:
    smtplib.SMTP("127.0.0.1", port, timeout=2)


def by_datagram(port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.sendto(b"a", ("127.0.0.1", port))


def by_message(port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.sendmsg([b"a"], [], 0, ("127.0.0.1", port))


WAYS = [by_socket, by_connect_ex, by_name, by_ipv6, by_urllib, by_smtp, by_datagram, by_message]


@pytest.mark.parametrize("way", WAYS)
def test_no_library_gets_through_the_wall(server: Server, way: Callable[[int], None]) -> None:
    with only_public(), pytest.raises(OSError) as failure:
        way(server.port)
    said = failure.value
    assert isinstance(said, PrivateAddress) or isinstance(getattr(said, "reason", None), PrivateAddress)
    assert server.connections == 0


@pytest.mark.parametrize("path", ["/tmp/none.sock", b"/tmp/none.sock", "\0abstract"])
def test_no_unix_socket_is_reached_either(path: str | bytes) -> None:
    with only_public(), socket.socket(socket.AF_UNIX) as client, pytest.raises(PrivateAddress):
        client.connect(path)


def test_the_public_internet_is_open() -> None:
    with only_public(), socket.socket() as client, pytest.raises(NoWayOut):  # the guard of these tests alone
        client.connect((PUBLIC, 80))


def test_the_wall_knows_the_allowed_networks(server: Server, open_inside: None) -> None:
    with only_public():
        by_socket(server.port)
        assert urllib.request.urlopen(server.url, timeout=2).read() == b"fine"


def test_the_wall_ends_where_it_ends(server: Server) -> None:
    with only_public(), only_public():
        pass
    by_socket(server.port)
    with pytest.raises(ZeroDivisionError), only_public():
        raise ZeroDivisionError
    by_socket(server.port)


def test_a_connection_made_before_goes_on(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as client, only_public():
        client.sendmsg([b"GET / HTTP/1.1\r\n\r\n"])
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_other_threads_go_where_they_like(server: Server) -> None:
    failures: list[Exception] = []

    def elsewhere(run: Callable[..., object]) -> None:
        try:
            run(by_socket, server.port)
        except OSError as failure:
            failures.append(failure)

    def in_a_thread(run: Callable[..., object]) -> None:
        thread = threading.Thread(target=elsewhere, args=[run])
        thread.start()
        thread.join()

    with only_public():
        in_a_thread(lambda way, port: way(port))
        assert failures == []
        in_a_thread(contextvars.copy_context().run)  # a library that carries the context carries the wall
    assert [type(failure) for failure in failures] == [PrivateAddress]


@pytest.mark.parametrize("count", [1, 2])
def test_apprise_is_inside_the_wall_with_all_its_threads(server: Server, count: int) -> None:
    notify = apprise.Apprise()
    for number in range(count):
        notify.add(f"json://127.0.0.1:{server.port}/{number}?retry=0")
    with only_public():
        assert not notify.notify(body="hello")
    assert server.connections == 0


def test_apprise_reaches_an_allowed_network(server: Server, open_inside: None) -> None:
    notify = apprise.Apprise()
    notify.add(f"json://127.0.0.1:{server.port}/")
    with only_public():
        assert notify.notify(body="hello")
    assert server.connections == 1


def test_apprise_follows_no_redirect_through_the_wall(settings, server: Server) -> None:
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.2/32"]
    with running(host="127.0.0.2") as outside:
        outside.on("/a", says(b"", status="307 There", headers={"Location": f"{server.url}/counted"}))
        outside.on("/a/", outside.behaviours["/a"])
        notify = apprise.Apprise()
        notify.add(f"json://127.0.0.2:{outside.port}/a?redirect=yes")
        with only_public():
            notify.notify(body="hello")
        assert outside.connections >= 1
    assert server.connections == 0


# --- What a library was told ------------------------------------------------------------------------------


def test_what_requests_is_answered_is_overheard_inside_alone(server: Server, open_inside: None) -> None:
    server.on("/gone", says(b"", status="410 Gone"))
    with overhearing() as heard:
        requests.get(f"{server.url}/", timeout=5)
        requests.post(f"{server.url}/gone", timeout=5)
    requests.get(f"{server.url}/", timeout=5)
    assert heard == Overheard(statuses=[200, 410], doubtful=False)


def test_a_request_that_never_left_leaves_no_doubt_and_one_without_an_answer_does(server: Server) -> None:
    server.on("/breaks", lambda client, request: client.close())
    with overhearing() as heard, pytest.raises(requests.RequestException):
        requests.get("http://127.0.0.1:9/", timeout=5)
    assert heard == Overheard(statuses=[], doubtful=False)
    with overhearing() as heard, only_public(), pytest.raises(requests.RequestException):
        requests.get(f"{server.url}/", timeout=5)
    assert heard == Overheard(statuses=[], doubtful=False)
    with overhearing() as heard, pytest.raises(requests.RequestException):
        requests.get(f"{server.url}/breaks", timeout=5)
    assert heard == Overheard(statuses=[], doubtful=True)


@pytest.mark.parametrize("status", ["200 OK", "307 Elsewhere"])
def test_of_an_endless_answer_no_more_is_read_than_of_a_webhooks(
    server: Server, open_inside: None, status: str
) -> None:
    """Redirects' too: requests reads them whole, also where it does not follow."""

    def pours(client: socket.socket, request: bytes) -> None:
        client.sendall(f"HTTP/1.1 {status}\r\nLocation: /next\r\n\r\n".encode())
        for _ in range(64):
            client.sendall(b"a" * 2**20)
        whole.append(request)

    whole: list[bytes] = []
    server.on("/pours", pours)
    with overhearing() as heard:
        answer = requests.get(f"{server.url}/pours", timeout=5)
    first = answer.history[0] if answer.history else answer
    assert (len(first.content), whole) == (MOST_BYTES_OF_A_REPLY, [])
    assert heard == Overheard(statuses=[int(status[:3])] + [200] * len(answer.history), doubtful=False)


def test_an_answer_that_breaks_off_in_its_body_leaves_a_doubt(server: Server, open_inside: None) -> None:
    server.on("/breaks", says(b"a", headers={"Content-Length": "99"}))
    with overhearing() as heard, pytest.raises(requests.RequestException):
        requests.get(f"{server.url}/breaks", timeout=5)
    assert heard == Overheard(statuses=[], doubtful=True)


# --- The end of a library's work --------------------------------------------------------------------------


def test_work_that_is_done_in_time_says_what_it_said() -> None:
    assert by_a_deadline(lambda: "done", seconds=5) == "done"
    with pytest.raises(ZeroDivisionError):
        by_a_deadline(lambda: 1 / 0, seconds=5)


def test_at_the_deadline_a_library_is_cut_off_and_gets_out_no_more(server: Server, open_inside: None) -> None:
    url = server.on("/drips", server.drips(b"X-More: a\r\n", b"HTTP/1.1 200 OK\r\n"))
    tried: list[str] = []

    def ask_again_and_again() -> None:
        for _ in range(3):
            try:
                requests.get(url, timeout=60)
            except requests.RequestException as failure:
                tried.append(type(failure).__name__)

    start = time.monotonic()
    with only_public(), overhearing() as heard:
        by_a_deadline(ask_again_and_again, seconds=0.5)
    assert time.monotonic() - start < 5
    assert (server.connections, tried) == (1, ["ReadTimeout", "ConnectTimeout", "ConnectTimeout"])
    assert heard == Overheard(statuses=[], doubtful=True)


def test_work_that_does_not_end_is_left_to_itself(server: Server, open_inside: None) -> None:
    over = threading.Event()
    with only_public(), pytest.raises(Overdue) as late:
        by_a_deadline(lambda: over.wait(20), seconds=0.2)
    assert not late.value.left
    with only_public(), pytest.raises(Overdue) as late:
        by_a_deadline(lambda: (by_socket(server.port), over.wait(20)), seconds=0.5)
    assert late.value.left
    over.set()
