"""Starting, restarting and stopping, with programs small enough to fail on purpose."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from script import supervisor as rules
from script.leash import follow
from script.supervisor import Child, Leash, Supervisor
from tests.script.processes import alive, descendants, eventually

pytestmark = pytest.mark.services


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def keeper(said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(say=said.append)
    yield supervisor
    if supervisor.leash.process.poll() is None:  # the test stopped it
        supervisor.stop()


def sleeper(name: str = "sleeper", log: Path | None = None) -> Child:
    return Child(name, ["sleep", "600"], log=log)


def pid(child: Child) -> int:
    assert child.process
    return child.process.pid


def test_what_is_killed_is_started_again(
    keeper: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    child = sleeper()
    child.wait = 0.05
    first = pid(keeper.start(child))
    os.kill(first, signal.SIGKILL)
    assert keeper.run(until=lambda: child.running and pid(child) != first)
    assert said == ["The sleeper was stopped by SIGKILL; starting it again in 0.05 s."]


def test_its_last_words_are_passed_on(keeper: Supervisor, said: list[str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    keeper.start(Child("talker", ["sh", "-c", "echo No room.; exit 3"], log=log))
    assert keeper.run(until=lambda: bool(said))
    assert said == ['The talker ended with code 3; starting it again in 0.5 s. Its last words: "No room."']


def test_the_wait_doubles_up_to_half_a_minute_and_is_forgiven(keeper: Supervisor, said: list[str]) -> None:
    child = keeper.start(Child("faller", ["false"]))
    assert child.process
    waits = []
    for _ in range(8):
        child.process.wait()
        waits.append(child.wait)
        keeper._note_death(child, now=child.since + 1)
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]
    keeper._note_death(child, now=child.since + rules.STEADY_SECONDS)
    assert said[-1] == "The faller ended with code 1; starting it again in 0.5 s."


def test_stopping_leaves_nobody(keeper: Supervisor) -> None:
    parent = keeper.start(Child("parent", ["sh", "-c", "sleep 600 & sleep 600 & wait"]))
    eventually(lambda: len(descendants(pid(parent))) == 2)
    family = [pid(parent), *descendants(pid(parent))]
    keeper.stop()
    eventually(lambda: alive(family) == [])  # a grandchild that was killed takes a moment to be gone


def test_who_will_not_stop_is_killed(
    keeper: Supervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rules, "STOP_SECONDS", 0.3)
    stubborn = "trap '' TERM; echo deaf; while :; do sleep 1; done"
    child = keeper.start(Child("stubborn", ["sh", "-c", stubborn], log=tmp_path / "log"))
    eventually(lambda: child.last_line() == "deaf")
    keeper.stop()
    assert child.ending == "was stopped by SIGKILL"


def test_a_second_ctrl_c_waits_for_nobody(keeper: Supervisor, tmp_path: Path) -> None:
    stubborn = "trap '' TERM; echo deaf; while :; do sleep 1; done"
    child = keeper.start(Child("stubborn", ["sh", "-c", stubborn], log=tmp_path / "log"))
    eventually(lambda: child.last_line() == "deaf")
    keeper.asked, began = 2, time.monotonic()
    keeper.stop()
    assert time.monotonic() - began < 2
    assert not child.running


def test_only_a_later_ctrl_c_is_impatience(keeper: Supervisor) -> None:
    asked = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
        keeper._on_signal(number, None)
        asked.append(keeper.asked)
    keeper.asked_at -= 1
    for number in (signal.SIGTERM, signal.SIGINT):
        keeper._on_signal(number, None)
        asked.append(keeper.asked)
    assert asked == [1, 1, 1, 1, 2]


def test_the_broker_goes_last(keeper: Supervisor, tmp_path: Path) -> None:
    order = tmp_path / "order"
    script = "trap 'sleep 0.3; echo $0 >>{}; exit' TERM; echo ready; while :; do sleep 0.05; done"
    children = [
        keeper.start(Child(name, ["sh", "-c", script.format(order), name], log=tmp_path / name))
        for name in ("broker", "site")
    ]
    eventually(lambda: all(child.last_line() == "ready" for child in children))
    keeper.stop(last=children[0])
    assert order.read_text().split() == ["site", "broker"]


def test_one_run_to_the_end(keeper: Supervisor) -> None:
    assert keeper.run_once(Child("errand", ["sh", "-c", "exit 4"])) == 4
    keeper.asked = 1
    assert keeper.run_once(sleeper()) is None


def test_the_leash_stops_those_who_are_left(tmp_path: Path) -> None:
    leash, child = Leash(), sleeper()
    child.start()
    leash.hold(child)
    leash.hold_folder(tmp_path / "socket")
    (tmp_path / "socket").mkdir()
    assert child.process
    assert leash.process.stdin
    leash.process.stdin.close()  # as when the supervisor is killed outright
    assert child.process.wait(timeout=5) == -signal.SIGTERM
    assert leash.process.wait(timeout=5) == 0
    assert not (tmp_path / "socket").exists()


def test_the_leash_forgets_those_who_ended() -> None:
    told = ["+10\n", "+11\n", "/tmp/socket\n", "-10\n", "+12\n", "-99\n"]
    assert follow(told) == ([11, 12], ["/tmp/socket"])


def test_a_long_log_is_set_aside(keeper: Supervisor, tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * (rules.LONGEST_LOG + 1))
    child = keeper.start(Child("talker", [sys.executable, "-c", "print('new')"], log=log))
    assert child.process
    child.process.wait()
    assert log.read_text() == "new\n"
    assert (tmp_path / "web.old.log").stat().st_size == rules.LONGEST_LOG + 1
