"""A fresh site's database, many times over: a file of SQLite's, or a database of PostgreSQL's."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from django.db import connections
from environs import Env

from script.broker import ROOT
from script.postgres import copy_programs, hand_over, make_cluster, serve
from script.sockets import socket_folder


def migrate(url: str, folder: Path) -> None:
    """All tables, in a process of its own, as on a site."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "VAR_DIR": str(folder)},
        check=True,
    )


class SqliteDatabase:
    """One file. `keep` and `put_back` are a backup and its restoration; nobody else may be connected."""

    kind = "sqlite"

    def __init__(self, template: Path, folder: Path) -> None:
        self.path = folder / "site.sqlite3"
        shutil.copyfile(template, self.path)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def keep(self) -> None:
        copy = self.path.with_suffix(".copy")
        with closing(sqlite3.connect(self.path)) as live, closing(sqlite3.connect(copy)) as kept:
            live.backup(kept)

    def put_back(self) -> None:
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        self.path.with_suffix(".copy").replace(self.path)


class PostgresServer:
    """A cluster that can be stopped and started, and the template of every site on it."""

    def __init__(self) -> None:
        self.work = socket_folder(prefix="pg-")
        self.programs = copy_programs(self.work)
        hand_over(self.work)
        make_cluster(self.programs, self.work)
        self.running = ExitStack()
        self.numbers = count(1)

    def start(self) -> None:
        self.running.enter_context(serve(self.programs, self.work))

    def stop(self) -> None:
        """At once: every connection ends, every open transaction is undone."""
        self.running.close()

    def url(self, name: str) -> str:
        host = str(self.work).replace("/", "%2F")
        return f"postgres://postgres@{host}/{name}"

    def run(self, statement: str) -> None:
        host = unquote(urlsplit(self.url("postgres")).netloc.partition("@")[2])
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as link:
            link.execute(statement)  # type: ignore[arg-type]  # names of our own


class PostgresDatabase:
    """One database, made of the server's template."""

    kind = "postgresql"

    def __init__(self, server: PostgresServer) -> None:
        self.server, self.name = server, f"site{next(server.numbers)}"
        server.run(f"CREATE DATABASE {self.name} TEMPLATE site")

    @property
    def url(self) -> str:
        return self.server.url(self.name)

    def keep(self) -> None:
        self.server.run(f"CREATE DATABASE {self.name}_copy TEMPLATE {self.name}")

    def put_back(self) -> None:
        self.server.run(f"DROP DATABASE {self.name} WITH (FORCE)")
        self.server.run(f"ALTER DATABASE {self.name}_copy RENAME TO {self.name}")


Database = SqliteDatabase | PostgresDatabase


@contextmanager
def connected(url: str) -> Iterator[None]:
    """This process's own ORM on that database, as settings would have it, and back again."""
    kept, kept_settings = connections["default"], connections.settings["default"]
    settings = Env().dj_db_url("URL", default=url)
    if url.startswith("sqlite"):
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    settings["CONN_MAX_AGE"] = None
    configured = connections.configure_settings({"default": settings})["default"]
    del connections["default"]
    connections.settings["default"] = configured
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = kept_settings
        connections["default"] = kept
