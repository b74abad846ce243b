"""Real servers on this machine that count who comes, and answer as a test bids them."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket, bytes], object]


def says(
    body: bytes = b"fine", *, status: str = "200 OK", headers: dict[str, str] | None = None
) -> Behaviour:
    lines = {"Content-Length": str(len(body)), "Content-Type": "text/plain", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    answer = f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body
    return lambda client, request: client.sendall(answer)


def redirects(location: str, status: str = "302 Found") -> Behaviour:
    return says(b"", status=status, headers={"Location": location})


class Server:
    """One behaviour for each path, `says()` for all others; `requests` is what came, whole."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listening = socket.create_server((host, 0), family=family)
        self.port: int = self.listening.getsockname()[1]
        self.url = f"http://{host}:{self.port}"
        self.tls = tls
        self.connections = 0
        self.requests: list[bytes] = []
        self.behaviours: dict[str, Behaviour] = {}
        self.before: Callable[[socket.socket], object] = lambda client: None
        self.over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def on(self, path: str, behaviour: Behaviour) -> str:
        self.behaviours[path] = behaviour
        return self.url + path

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                self.connections += 1
                threading.Thread(target=self._meet, args=[client], daemon=True).start()

    def _meet(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            client.settimeout(10)
            self.before(client)
            speaking = self.tls.wrap_socket(client, server_side=True) if self.tls else client
            with speaking:
                request = _request(speaking)
                if b"\r\n\r\n" in request:
                    self.requests.append(request)
                    path = request.split(b" ")[1].decode("latin-1")
                    self.behaviours.get(path, says())(speaking, request)

    def close(self) -> None:
        self.over.set()
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    def drips(self, piece: bytes, start: bytes = b"") -> Behaviour:
        """A piece every tenth of a second, for as long as the test runs."""

        def drip(client: socket.socket, request: bytes) -> None:
            client.sendall(start)
            while not self.over.wait(0.1):
                client.sendall(piece)

        return drip


def _request(client: socket.socket) -> bytes:
    came = b""
    while b"\r\n\r\n" not in came:
        piece = client.recv(65536)
        if not piece:
            return came
        came += piece
    head, _, body = came.partition(b"\r\n\r\n")
    lengths = [
        line.split(b":")[1] for line in head.splitlines() if line.lower().startswith(b"content-length:")
    ]
    while lengths and len(body) < int(lengths[0]) and (piece := client.recv(65536)):
        body += piece
    return head + b"\r\n\r\n" + body


@contextmanager
def running(**kinds: object) -> Iterator[Server]:
    server = Server(**kinds)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.close()
