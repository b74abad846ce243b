"""When silence means that the scheduler hangs, by a clock that the test turns."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from script.serve import NoAnswer, Watchman, longest_silence, looked_at


class Stage:
    """A watchman, his clock, what he is told, and what he does about it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.answer: str | None = "first"
        self.said: list[str] = []
        self.killed = 0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.child = SimpleNamespace(name="worker", running=True, since=900.0)
        keeper: Any = SimpleNamespace(say=self.said.append, start_again=self.start_again)
        self.watchman = Watchman(keeper, [self.child, self.child], ask=self.ask, silence=100)  # type: ignore[list-item]

    def ask(self) -> str:
        if self.answer is None:
            raise NoAnswer
        return self.answer

    def start_again(self, children: list[Any]) -> None:
        self.killed += 1
        self.child.since = self.now

    def passes(self, seconds: int) -> int:
        """Look every second meanwhile. Answers how often they were killed so far."""
        for _ in range(seconds):
            self.now += 1
            self.watchman.look()
        return self.killed


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch)


def test_silence_is_ended_once_and_then_given_time(stage: Stage) -> None:
    assert stage.passes(100) == 0
    assert stage.passes(10) == 1
    assert stage.said == ["No look for due reminders in 105 s: starting the worker and the worker again."]
    assert stage.passes(95) == 1
    assert stage.passes(15) == 2


def test_not_more_than_once_a_minute(stage: Stage) -> None:
    stage.watchman.silence = 10
    assert stage.passes(60) == 1
    assert stage.passes(60) == 2


def test_whoever_looks_is_left_alone(stage: Stage) -> None:
    for number in range(5):
        stage.answer = f"look {number}"
        assert stage.passes(90) == 0


def test_whoever_just_started_has_time_too(stage: Stage) -> None:
    stage.passes(80)
    stage.child.since = stage.now
    assert stage.passes(80) == 0


def test_one_that_died_is_seen_to_by_others(stage: Stage) -> None:
    stage.child.running = False
    assert stage.passes(300) == 0


def test_a_site_that_does_not_answer_says_nothing_of_the_scheduler(stage: Stage) -> None:
    stage.answer = None
    assert stage.passes(300) == 0


def test_one_that_never_looked_hangs_too(stage: Stage) -> None:
    stage.answer = ""
    assert stage.passes(300) > 0


def test_what_the_site_says() -> None:
    assert looked_at(b'{"ok": true, "scheduler_looked_at": "2026-03-10T10:00:00Z"}') == "2026-03-10T10:00:00Z"
    assert looked_at(b'{"scheduler_looked_at": null}') == ""
    for answer in (None, b"", b"<html>", b"{}", b"[]", b"3"):
        with pytest.raises(NoAnswer):
            looked_at(answer)


def test_the_longest_silence_covers_the_longest_message() -> None:
    assert longest_silence({}) == 3 * 30 + 15 * 20
    assert longest_silence({"TICK_SECONDS": "60", "EMAIL_TIMEOUT": "2"}) == 3 * 60 + 15 * 2
