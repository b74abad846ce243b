"""What every test may ask for: a campaign and its cast, a Redis of its own, and no way out to the network."""

import ipaddress
import os
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import AppConfig
from django.core.cache import cache
from django.db import connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test.utils import override_settings

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates.working_days import announce
from script.broker import NoBroker, running_broker
from tests import make, smtp

os.environ["WHATS_ON_API"] = ""  # nor do the processes that tests start ask Parliament for its calendar
AT_ANY_SPEED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
"""A test may share its machine."""
hypothesis.settings.register_profile("quick", max_examples=60, **AT_ANY_SPEED)
hypothesis.settings.register_profile("thorough", max_examples=200, **AT_ANY_SPEED)
hypothesis.settings.register_profile("all", max_examples=1_000, **AT_ANY_SPEED)
THOROUGH = os.environ.get("THOROUGH", "")
hypothesis.settings.load_profile({"": "quick", "all": "all"}.get(THOROUGH, "thorough"))


@receiver(post_migrate)
def forget_words(sender: AppConfig, using: str, **_: Any) -> None:
    """Tests that commit are cleaned up after table by table; SQLite's index of words is no model's table."""
    connection = connections[using]
    if sender.label != "timeline" or connection.vendor != "sqlite":
        return
    if "timeline_search" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO timeline_search (timeline_search) VALUES ('rebuild')")


MARKED_BY_FOLDER = {"journeys": "browser", "faults": "services"}
"""Folders whose every test bears a marker."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    root = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(root).parts[0] if item.path.is_relative_to(root) else ""
        if folder in MARKED_BY_FOLDER:
            item.add_marker(MARKED_BY_FOLDER[folder])


@pytest.fixture(scope="session", autouse=True)
def plain_settings() -> Iterator[None]:
    """Quick passwords, a cache in memory, static files without a manifest, and of Parliament its bills alone.
    E-mail stays in memory: Django's test set-up sees to that."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        SECURE_SSL_REDIRECT=False,
        WHATS_ON_API="",
        UK_QUESTIONS_API="",
    ):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Sign-in throttling counts in the cache, and must not count across tests."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_bank_holidays_announced() -> None:
    """Those a test entered by hand are known to the whole program, and must not outlive its database."""
    announce([])


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """What the scheduler remembers outside the database must not outlive a test's database."""
    settings.VAR_DIR = tmp_path


class NoWayOut(OSError):
    """A test tried to reach another machine."""


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every socket but loopback and Unix ones."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
            raise NoWayOut(f"Tests reach nothing but this machine, and this one tried {address!r}.")
        return connect(self, address)

    return guarded


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis, for as long as the tests run."""
    try:
        with running_broker(tmp_path_factory.mktemp("redis")) as broker:
            yield broker.url
    except NoBroker as reason:
        pytest.skip(f"No Redis can be had: {reason}")


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The test database in a form that several threads can use at once.

    PostgreSQL is that already; SQLite's tests run in memory, so for these it moves to a file, as on a site.
    """
    kept = connections["default"]
    if kept.vendor != "sqlite":
        yield
        return
    kept.ensure_connection()
    with sqlite3.connect(tmp_path / "db.sqlite3") as copy:
        kept.connection.backup(copy)
    copy.close()
    in_memory = kept.settings_dict["NAME"]
    del connections["default"]
    connections.settings["default"]["NAME"] = str(tmp_path / "db.sqlite3")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"]["NAME"] = in_memory
        connections["default"] = kept


@pytest.fixture
def mail_server(settings: Any) -> Iterator[smtp.MailServer]:
    """Where the site sends its mail: a real server, which answers as the test bids it."""
    with smtp.running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        settings.EMAIL_TIMEOUT = 0.5
        yield server


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make.campaign(owner=make.user("olive"))


@pytest.fixture
def other_campaign(db: None) -> Campaign:
    """A campaign of other people."""
    return make.campaign(owner=make.user("oscar"), name="Clean rivers")


@pytest.fixture
def cast(campaign: Campaign) -> dict[str, User]:
    """One person of each role on the campaign, and an outsider."""
    return make.cast(campaign)
