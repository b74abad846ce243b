"""Runs the whole site from one terminal: Redis, the site, its worker and its clock. Used by script/server.

Nothing needs to be set. What can be: PORT, HOST, SITE_URL, VAR_DIR, DATABASE_URL, REDIS_URL, TICK_SECONDS,
and all else that README lists.
"""

import fcntl
import http.client
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from script.address import Address, BadAddress, open_address, site_environ
from script.broker import (
    ROOT,
    Broker,
    NoBroker,
    forget_broker,
    plan_broker,
    shown,
    unreachable,
    wait_for,
)
from script.supervisor import Child, Supervisor, say

ANSWER_SECONDS = 60
ASK_EVERY = 5.0
PATIENCE = 60.0  # between two restarts for silence
MISSED_TICKS = 3
ANSWERS_OF_A_MESSAGE = 15  # as many as the site's own lease reckons with
HANDOVER_SECONDS = 15
INSTALL_HINT = (
    "For more than a trial install Redis or Valkey: apt install redis-server, or brew install valkey"
)


class CannotStart(Exception):
    """The site cannot start; the message says why and what to do."""


# --- The folder -------------------------------------------------------------------------------------------


def open_var_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """VAR_DIR, made if need be, with its log folder."""
    folder = Path(environ.get("VAR_DIR") or ROOT / "var").absolute()
    try:
        (folder / "log").mkdir(parents=True, exist_ok=True)
        for name in ("server.lock", "log/web.log"):
            (folder / name).touch()
    except OSError as error:
        raise CannotStart(
            f"Cannot write to {folder} ({error.strerror}). "
            "Make it writable, or name another folder: VAR_DIR=~/campaigntracker script/server"
        ) from error
    return folder


def lock(var_dir: Path) -> IO[str]:
    """Keeps a second server out of this folder while the file returned is open, here or in the leash."""
    file = (var_dir / "server.lock").open("a+")
    until = time.monotonic() + HANDOVER_SECONDS
    while not _locked(file):
        if (owner := _owner(file)) or time.monotonic() > until:
            file.close()
            raise CannotStart(f"Campaign Tracker is already running in {var_dir}{owner}. {_advice()}")
        time.sleep(0.1)  # the last one was killed, and its children are still being stopped
    file.truncate(0)
    return file


def _advice() -> str:
    return "Stop that one first (Ctrl-C where it runs), or give this one a folder of its own with VAR_DIR."


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _owner(file: IO[str]) -> str:
    """Who holds the lock, in words; empty when that process is gone."""
    file.seek(0)
    pid, _, url = file.read().strip().partition(" ")
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return ""
    except PermissionError:
        pass
    return f", at {url} (process {pid})" if url else f" (process {pid})"


def sign(file: IO[str], url: str = "") -> None:
    """Says in the lock file who holds it."""
    file.truncate(0)
    file.write(f"{os.getpid()} {url}".strip())
    file.flush()


# --- The broker -------------------------------------------------------------------------------------------


def choose_broker(var_dir: Path, environ: Mapping[str, str] = os.environ) -> Broker | None:
    """A server to start; None when REDIS_URL names one, or when there is none to be had."""
    if url := environ.get("REDIS_URL"):
        if reason := unreachable(url):
            raise CannotStart(
                f"Nothing answers at REDIS_URL, {shown(url)}: {reason}. "
                "Start that server, or unset REDIS_URL to have one started here."
            )
        return None
    try:
        return plan_broker(var_dir)
    except NoBroker as error:
        say(f"No Redis here, so reminders run without one. {INSTALL_HINT}. What was tried:\n{error}")
        return None


def start_broker(supervisor: Supervisor, broker: Broker, var_dir: Path) -> Child | None:
    """Starts it; when it dies at once, perhaps over its old journal, once more with an empty one."""
    child = Child("Redis server", broker.command, log=var_dir / "log" / "redis.log", typed=broker.config)
    supervisor.leash.hold_folder(broker.socket.parent)
    for last_try in (False, True):
        supervisor.start(child)
        assert child.process
        if not (reason := wait_for(broker.url, process=child.process)):
            return child
        supervisor.end([child])
        if not last_try:
            _set_aside(broker.folder)
    say(f"Redis did not start ({reason}), so reminders run without it. Its log: {child.log}")
    return None


def _set_aside(folder: Path) -> None:
    # Nothing in it is needed: what is due is in the database, and Redis only says "look now".
    aside = folder.with_name("redis.unreadable")
    shutil.rmtree(aside, ignore_errors=True)
    folder.rename(aside)
    folder.mkdir()


# --- The programs -----------------------------------------------------------------------------------------


def manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


def web(address: Address) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "campaigntracker.wsgi", "--workers", "2", "--threads", "4"]
    return [*command, "--no-control-socket", "--bind", f"fd://{address.listener.fileno()}"]


def worker() -> list[str]:
    command = [sys.executable, "-m", "celery", "-A", "campaigntracker", "worker", "--concurrency", "2"]
    return [*command, "--loglevel", "warning", "--without-gossip", "--without-mingle"]


def beat(var_dir: Path) -> list[str]:
    # No pid file: server.lock keeps a second one out, and a stale one would keep the first one out.
    command = [sys.executable, "-m", "celery", "-A", "campaigntracker", "beat", "--loglevel", "warning"]
    return [*command, "--schedule", str(var_dir / "celerybeat-schedule"), "--pidfile="]


def programs(*, address: Address, var_dir: Path, environ: Mapping[str, str]) -> list[Child]:
    """What runs besides Redis. Without one, loops look for due reminders and quotes instead."""
    log = var_dir / "log"
    children = [Child("site", web(address), environ, log / "web.log", passed=[address.listener.fileno()])]
    if environ.get("REDIS_URL"):
        children.append(Child("worker", worker(), environ, log / "worker.log"))
        children.append(Child("clock", beat(var_dir), environ, log / "beat.log"))
    else:
        loop = manage("send_due_reminders", "--loop", environ.get("TICK_SECONDS") or "30")
        children.append(Child("reminder loop", loop, environ, log / "reminders.log"))
        checks = manage("check_quotes", "--loop", "600")
        children.append(Child("quote loop", checks, environ, log / "quotes.log"))
        drafts = manage("draft_broken_promises", "--loop", "3600")
        children.append(Child("promise loop", drafts, environ, log / "promises.log"))
        queue = manage("look_at_queue", "--loop", "900")
        children.append(Child("queue loop", queue, environ, log / "queue.log"))
        imports = manage("work_on_imports", "--loop", "10")
        children.append(Child("import loop", imports, environ, log / "imports.log"))
        bills = manage("sync_legislation", "--loop", "60")
        children.append(Child("bill loop", bills, environ, log / "bills.log"))
        monitors = manage("look_at_monitors", "--loop", "60")
        children.append(Child("monitor loop", monitors, environ, log / "monitors.log"))
    return children


# --- Is it up? --------------------------------------------------------------------------------------------


def answers(address: Address, site_url: str) -> bool:
    """Whether the site answers /healthz."""
    return healthz(address, site_url) is not None


def healthz(address: Address, site_url: str) -> bytes | None:
    """What /healthz says, asked the way a visitor's browser (or its proxy) would ask; None: no answer."""
    site = urlsplit(site_url)
    connection = http.client.HTTPConnection(address.host, address.port, timeout=2)
    headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
    try:
        connection.request("GET", "/healthz", headers=headers)
        return connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


# --- Does the scheduler look? -----------------------------------------------------------------------------


class NoAnswer(Exception):
    """The site does not say when the scheduler last looked."""


def looked_at(answer: bytes | None) -> str:
    """When the scheduler last looked, by what /healthz says; empty for never. Raises NoAnswer."""
    try:
        return str(json.loads(answer or b"")["scheduler_looked_at"] or "")
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswer from error


def longest_silence(environ: Mapping[str, str]) -> float:
    """Seconds after which a scheduler that runs must hang: it says that it looks before every message, and
    one message may take as long as the mail server takes to answer."""
    tick = int(environ.get("TICK_SECONDS") or 30)
    return MISSED_TICKS * tick + ANSWERS_OF_A_MESSAGE * int(environ.get("EMAIL_TIMEOUT") or 20)


@dataclass
class Watchman:
    """Starts the scheduler's programs again when they run and do not look: who hangs does not die. Silence is
    timed here, whatever the clocks say."""

    supervisor: Supervisor
    scheduler: Sequence[Child]
    ask: Callable[[], str]
    silence: float
    heard: str | None = None
    since: float = 0.0
    """Since when it says the same."""
    asked: float = 0.0
    acted: float = float("-inf")

    def look(self) -> None:
        now = time.monotonic()
        if now - self.asked < ASK_EVERY:
            return
        self.asked = now
        try:
            said = self.ask()
        except NoAnswer:
            return
        if said != self.heard:
            self.heard, self.since = said, now
        silent = now - max(self.since, *(child.since for child in self.scheduler))
        # One that died is seen to already.
        running = all(child.running for child in self.scheduler)
        if running and silent > self.silence and now - self.acted > PATIENCE:
            self.acted = now
            names = " and ".join(f"the {child.name}" for child in self.scheduler)
            self.supervisor.say(f"No look for due reminders in {silent:.0f} s: starting {names} again.")
            self.supervisor.start_again(self.scheduler)


# --- All together -----------------------------------------------------------------------------------------


def announce(address: Address, *, site_url: str, var_dir: Path) -> None:
    say("")
    say(f"Campaign Tracker is at {site_url}")
    if address.hosts and site_url == address.url:
        names = ", ".join(f"http://{host}:{address.port}" for host in address.hosts)
        say(f"Anyone on your network can open it: {names}")
    say(f"Logs are in {_short(var_dir / 'log')}. Ctrl-C stops everything.")


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def serve(supervisor: Supervisor, var_dir: Path, lock_file: IO[str]) -> None:
    """From nothing to a running site, until asked to stop."""
    address = open_address()
    if address.wanted and address.port != address.wanted:
        say(f"Port {address.wanted} is taken; using {address.port}.")
    environ = {**os.environ, "VAR_DIR": str(var_dir), "PYTHONUNBUFFERED": "1", **site_environ(address)}
    sign(lock_file, environ["SITE_URL"])
    broker = choose_broker(var_dir)
    last = start_broker(supervisor, broker, var_dir) if broker and not supervisor.stopping else None
    try:
        if broker and last:
            environ["REDIS_URL"] = broker.url
        run_site(supervisor, address=address, var_dir=var_dir, environ=environ)
    finally:
        if supervisor.stopping:
            say("Stopping")
        supervisor.stop(last=last)
        if broker:
            forget_broker(broker)


def run_site(supervisor: Supervisor, *, address: Address, var_dir: Path, environ: Mapping[str, str]) -> None:
    """Prepares the site, starts its programs, says where it is, and watches over them."""
    if not prepare(supervisor, environ):
        return
    _, *scheduler = children = programs(address=address, var_dir=var_dir, environ=environ)
    for child in children:
        supervisor.start(child)
    if wait_for_site(supervisor, address=address, environ=environ, var_dir=var_dir):
        announce(address, site_url=environ["SITE_URL"], var_dir=var_dir)
        watchman = Watchman(
            supervisor,
            scheduler,
            ask=lambda: looked_at(healthz(address, environ["SITE_URL"])),
            silence=longest_silence(environ),
        )
        supervisor.run(beside=watchman.look)


def prepare(supervisor: Supervisor, environ: Mapping[str, str]) -> bool:
    """Brings database and static files up to date. False when asked to stop meanwhile."""
    if supervisor.stopping:
        return False
    code = supervisor.run_once(Child("preparation", manage("prepare_site"), environ))
    if code:
        raise CannotStart(
            f"The site could not be prepared (manage.py prepare_site {_ended(code)}): see above."
        )
    return code == 0


def _ended(code: int) -> str:
    return f"ended with code {code}" if code > 0 else f"was stopped by signal {-code}"


def wait_for_site(
    supervisor: Supervisor, *, address: Address, environ: Mapping[str, str], var_dir: Path
) -> bool:
    """True once the site answers (or is late, which is said); False when asked to stop."""
    until = time.monotonic() + ANSWER_SECONDS
    if not supervisor.run(until=lambda: answers(address, environ["SITE_URL"]) or time.monotonic() > until):
        return False
    if time.monotonic() > until:
        say(f"The site does not answer yet. Its log may say why: {_short(var_dir / 'log' / 'web.log')}")
    return True


def main() -> int:
    os.chdir(ROOT)
    if sys.argv[1:]:
        print(__doc__)
        return 0 if sys.argv[1] in ("-h", "--help") else 2
    try:
        var_dir = open_var_dir()
        with lock(var_dir) as lock_file:
            sign(lock_file)
            supervisor = Supervisor(passed=[lock_file.fileno()])
            supervisor.listen()
            serve(supervisor, var_dir, lock_file)
    except (CannotStart, BadAddress) as error:
        print(error, file=sys.stderr)
        return 1
    say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
