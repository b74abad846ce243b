"""A fresh site for each test, on each database that SIZES names."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from apps.accounts.models import User
from script.broker import ROOT, NoBroker, plan_broker
from script.postgres import NoPostgres
from tests.faults.databases import (
    Database,
    PostgresDatabase,
    PostgresServer,
    SqliteDatabase,
    connected,
    migrate,
)
from tests.faults.post_office import PostOffice
from tests.faults.redis_server import RedisServer
from tests.faults.site import Site
from tests.faults.sizes import SIZES


@pytest.fixture(scope="session")
def sqlite_template(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Path:
    """A file with all tables: a copy of the tests' own database, where that is SQLite and is there."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "site.sqlite3"
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite" and User._meta.db_table in connection.introspection.table_names():
            with closing(sqlite3.connect(path)) as copy:
                connection.connection.backup(copy)
            return path
    migrate(f"sqlite:///{path}", folder / "var")
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A cluster with the template of a site in it."""
    try:
        server = PostgresServer()
        server.start()
    except NoPostgres as reason:
        pytest.skip(f"No PostgreSQL can be had: {reason}")
    server.run("CREATE DATABASE site")
    migrate(server.url("site"), tmp_path_factory.mktemp("template") / "var")
    yield server
    server.stop()


@pytest.fixture(params=SIZES.databases)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return SqliteDatabase(request.getfixturevalue("sqlite_template"), tmp_path)
    return PostgresDatabase(request.getfixturevalue("postgres_server"))


@pytest.fixture
def post() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


@pytest.fixture
def site(
    database: Database,
    post: PostOffice,
    tmp_path: Path,
    settings: Any,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Site]:
    """The site, with this process's own ORM on its database and its own mail to its mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", post.port, 20
    settings.TICK_SECONDS = 1
    with django_db_blocker.unblock(), connected(database.url):
        here = Site(database, post, tmp_path)
        try:
            yield here
        finally:
            here.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    try:
        server = RedisServer(plan_broker(tmp_path, kept=ROOT / "var" / "valkey"))
    except NoBroker as reason:
        pytest.skip(f"No Redis can be had: {reason}")
    server.start()
    yield server
    server.forget()
