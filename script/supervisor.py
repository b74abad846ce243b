"""Keeps a handful of programs running: starts them, restarts what dies, stops them all.

Each runs in a session of its own, so Ctrl-C reaches only the supervisor, which stops them in order. Their
output goes to one log file each.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY_SECONDS = 60.0  # a program that ran this long is forgiven its earlier falls
STOP_SECONDS = 10.0
LOOK_EVERY = 0.1
SAME_WISH_SECONDS = 0.5  # some programs signal us both directly and with our group
LONGEST_LOG = 5 * 1024 * 1024


def say(line: str) -> None:
    with suppress(OSError):  # the terminal may be gone, and there is still stopping to do
        print(line, flush=True)


@dataclass
class Child:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    log: Path | None = None  # None: it speaks for itself
    typed: str = ""  # what it reads on its standard input
    passed: Sequence[int] = ()  # file descriptors it inherits
    process: subprocess.Popen[bytes] | None = None
    wait: float = FIRST_WAIT
    since: float = 0.0  # when it started
    again_at: float | None = None  # when to start it again, once it has died

    def start(self) -> None:
        self.since, self.again_at = time.monotonic(), None
        output = self.log.open("ab") if self.log else None
        self.process = subprocess.Popen(
            self.command,
            env=self.environ,
            stdin=subprocess.PIPE if self.typed else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            pass_fds=self.passed,
        )
        if output:
            output.close()
        self._type()

    def _type(self) -> None:
        if not self.typed or not self.process or not self.process.stdin:
            return
        with suppress(BrokenPipeError):  # it died at once, which the next look will see
            self.process.stdin.write(self.typed.encode())
            self.process.stdin.close()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self.process.poll() if self.process else None
        if code is None:
            return "has not ended"
        return f"was stopped by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def last_line(self) -> str:
        """The last thing it wrote to its log."""
        if not self.log or not self.log.exists():
            return ""
        lines = self.log.read_text(errors="replace")[-4000:].split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def ask_to_stop(self) -> None:
        # Only the program itself: a Celery worker tells its own children, and lets them finish.
        if self.running and self.process:
            self.process.terminate()

    def kill(self) -> None:
        """Ends it and whatever it started."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):  # macOS: not permitted, when all are gone
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Leash:
    """A second process that stops the children should this one be killed outright. See leash.py."""

    def __init__(self, *, passed: Sequence[int] = ()) -> None:
        command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py")), str(STOP_SECONDS)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, start_new_session=True, pass_fds=passed
        )

    def hold(self, child: Child) -> None:
        self._tell(f"+{child.process.pid if child.process else 0}")

    def release(self, child: Child) -> None:
        self._tell(f"-{child.process.pid if child.process else 0}")

    def hold_folder(self, folder: Path) -> None:
        """A folder to remove should there be nobody else left to do it."""
        self._tell(str(folder))

    def _tell(self, line: str) -> None:
        with suppress(BrokenPipeError):
            assert self.process.stdin
            self.process.stdin.write(f"{line}\n".encode())
            self.process.stdin.flush()

    def close(self) -> None:
        with suppress(BrokenPipeError):
            assert self.process.stdin
            self.process.stdin.close()
        self.process.wait()


class Supervisor:
    """Starts children in order, watches them, and stops them in the opposite order."""

    def __init__(self, *, say: Callable[[str], None] = say, passed: Sequence[int] = ()) -> None:
        self.say = say
        self.children: list[Child] = []
        self.asked = 0  # 1: to stop; 2: to stop at once
        self.asked_at = 0.0
        self.leash = Leash(passed=passed)

    # --- signals ---

    def listen(self) -> None:
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup leaves it
            numbers.append(signal.SIGHUP)
        for number in numbers:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self.asked:
            self.asked, self.asked_at = 1, now
        elif number == signal.SIGINT and now - self.asked_at > SAME_WISH_SECONDS:
            self.asked = 2

    @property
    def stopping(self) -> bool:
        return self.asked > 0

    # --- running ---

    def start(self, child: Child) -> Child:
        _shorten(child.log)
        self._launch(child)
        self.children.append(child)
        return child

    def _launch(self, child: Child) -> None:
        child.start()
        self.leash.hold(child)

    def run_once(self, child: Child) -> int | None:
        """Runs a child to its end and returns its code; None when we are asked to stop first."""
        self._launch(child)
        while child.running and not self.stopping:
            time.sleep(0.02)
        if child.running:
            self.end([child])
            return None
        self.leash.release(child)
        return child.process.returncode if child.process else None

    def run(
        self, *, until: Callable[[], bool] = lambda: False, beside: Callable[[], None] = lambda: None
    ) -> bool:
        """Watches over the children, and does `beside` as well. True once `until` holds, False when asked to
        stop."""
        while not self.stopping:
            self.look()
            beside()
            if until():
                return True
            time.sleep(LOOK_EVERY)
        return False

    def look(self) -> None:
        """One look at every child: notes who died, starts again whose time has come."""
        now = time.monotonic()
        for child in self.children:
            if child.again_at is None and not child.running:
                self._note_death(child, now)
            elif child.again_at is not None and now >= child.again_at:
                self._launch(child)

    def start_again(self, children: Sequence[Child]) -> None:
        """Kills these, who hang; the next look starts them as it starts who died."""
        for child in children:
            child.kill()

    def _note_death(self, child: Child, now: float) -> None:
        lived = now - child.since
        self.leash.release(child)
        child.kill()  # what it started and left behind
        if lived >= STEADY_SECONDS:
            child.wait = FIRST_WAIT
        child.again_at = now + child.wait
        self.say(f"The {child.name} {child.ending}; starting it again in {child.wait:g} s.{_why(child)}")
        child.wait = min(child.wait * 2, LONGEST_WAIT)

    # --- stopping ---

    def stop(self, *, last: Child | None = None) -> None:
        """Stops everything; `last` (the broker) only when the others are gone."""
        self.end([child for child in self.children if child is not last])
        if last:
            self.end([last])
        self.leash.close()

    def end(self, children: Sequence[Child]) -> None:
        """Ends these and forgets them."""
        for child in children:
            child.ask_to_stop()
        until = time.monotonic() + STOP_SECONDS
        while any(child.running for child in children) and time.monotonic() < until and self.asked < 2:
            time.sleep(0.02)
        for child in children:
            child.kill()
            self.leash.release(child)
            self.children = [other for other in self.children if other is not child]


def _why(child: Child) -> str:
    """The last words of a child that ended by itself; one that was killed had no time for any."""
    gave_up = child.process and (child.process.poll() or 0) > 0
    return f' Its last words: "{line}"' if gave_up and (line := child.last_line()) else ""


def _shorten(log: Path | None) -> None:
    """Sets a long log aside, so that two files are the most one program keeps."""
    if log and log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
