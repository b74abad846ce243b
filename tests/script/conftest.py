"""A stand-in for the whole project: our scripts as they are, around a site that starts in a second."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from script.broker import ROOT, NoBroker, find_server
from tests.script.processes import descendants, eventually

OURS = (
    "PORT",
    "HOST",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "VAR_DIR",
    "DATABASE_URL",
    "REDIS_URL",
    "TICK_SECONDS",
    "EMAIL_TIMEOUT",
    "DJANGO_SETTINGS_MODULE",
)
SITE = {
    "campaigntracker/__init__.py": "",
    "campaigntracker/wsgi.py": """
import json, os
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/healthz":
        ticks = os.environ["VAR_DIR"] + "/ticks"
        count = os.path.getsize(ticks) if os.path.exists(ticks) else None
        return [json.dumps({"scheduler_looked_at": count}).encode()]
    return [" ".join([os.environ["SITE_URL"], os.environ.get("REDIS_URL", "without Redis")]).encode()]
""",
    "campaigntracker/celery.py": """
import os
from celery import Celery
app = Celery("campaigntracker", broker=os.environ["REDIS_URL"].replace("unix://", "redis+socket://"))
app.conf.beat_schedule = {"tick": {"task": "tick", "schedule": 0.5}}
app.conf.task_ignore_result = True
@app.task(name="tick")
def tick():
    with open(os.environ["VAR_DIR"] + "/ticks", "a") as file:
        file.write("x")
""",
    "manage.py": """
import sys, time
if sys.argv[1] == "prepare_site":
    print("prepared")
else:
    print(*sys.argv[1:], flush=True)
    time.sleep(600)
""",
}


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """The top folder of a stand-in project."""
    top = tmp_path / "project"
    shutil.copytree(ROOT / "script", top / "script", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in SITE.items():
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_text(text)
    return top


@pytest.fixture(scope="session")
def valkey() -> Path:
    """A Redis-compatible server, or a skip that says why there is none."""
    try:
        return find_server(ROOT / "var" / "valkey")
    except NoBroker as error:
        pytest.skip(str(error))


@pytest.fixture
def bare_environ() -> dict[str, str]:
    """Our environment without any of our own settings, and with a port of the system's choosing."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "PORT": "0"}


class Served:
    """One run of script/serve.py in a stand-in project."""

    def __init__(self, top: Path, environ: dict[str, str]) -> None:
        self.top = top
        self.output = top / f"output-{time.monotonic_ns()}.txt"
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "script.serve"],
                cwd=top,
                env=environ,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def says(self, text: str) -> None:
        eventually(lambda: text in self.said, lambda: f"{text!r} in {self.said!r}")

    @property
    def url(self) -> str:
        return self.said.partition("Campaign Tracker is at ")[2].split()[0]

    def family(self) -> list[int]:
        """Every process this one started, directly or not."""
        return descendants(self.process.pid)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


@pytest.fixture
def serve(stand_in: Path, bare_environ: dict[str, str]) -> Iterator[Callable[..., Served]]:
    runs: list[Served] = []

    def start(**environ: str) -> Served:
        runs.append(Served(stand_in, {**bare_environ, **environ}))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.end()
