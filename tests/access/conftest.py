"""Two campaigns with one of everything in each, and the cast of the first: built once for a whole module,
since no test here leaves anything behind."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from apps.evidence import files
from tests.access.world import World, build
from tests.make import AT
from tests.pages import Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The pages read the clock of the tests."""
    clock = Clock(AT)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture(scope="module", autouse=True)
def kept_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files outlive a test here, as the world they belong to does."""
    folder = tmp_path_factory.mktemp("evidence")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_folder", lambda: folder)
        yield


@pytest.fixture(scope="module")
def private_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    yield from _kept(django_db_blocker, public=False)


@pytest.fixture(scope="module")
def public_world(private_world: World, django_db_blocker: Any) -> Iterator[World]:
    yield from _kept(django_db_blocker, public=True)


def _kept(blocker: Any, *, public: bool) -> Iterator[World]:
    with blocker.unblock(), transaction.atomic():
        world = build(public=public, mark="p" if public else "")
        with blocker.block():
            yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(private_world: World, db: None) -> World:
    return private_world


@pytest.fixture(params=["private", "public"])
def either(request: pytest.FixtureRequest) -> World:
    """The same world twice: its campaign is private, then public."""
    request.getfixturevalue(f"{request.param}_world")
    request.getfixturevalue("db")
    return request.getfixturevalue(f"{request.param}_world")
