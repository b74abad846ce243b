"""The PostgreSQL that tests can have without installing one."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from script.broker import ROOT
from script.postgres import NoPostgres, running_postgres
from tests.script.processes import processes

pytestmark = pytest.mark.services


def test_it_answers_and_leaves_nothing() -> None:
    try:
        with running_postgres() as url:
            folder = unquote(urlsplit(url).netloc.partition("@")[2])
            with psycopg.connect(host=folder, user="postgres", dbname="postgres") as connection:
                assert connection.execute("select lower('É')").fetchone() == ("é",)
    except NoPostgres as error:
        pytest.skip(str(error))
    assert not Path(folder).exists()
    assert not [row for row in processes().values() if folder in row[2]]


def test_a_command_is_given_its_address() -> None:
    script = "import os, sys; sys.exit(3 if os.environ['DATABASE_URL'].startswith('postgres://') else 4)"
    command = [sys.executable, "-m", "script.postgres", "--", sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode == os.EX_TEMPFAIL:
        pytest.skip(done.stderr)
    assert (done.returncode, done.stderr) == (3, "")
