"""A Parliament of this machine, and a clock that goes on while somebody waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.legislation.parliament import Parliament, sitting
from tests.make import AT


class Waiting:
    """A clock; waiting moves it on and takes no time. `waited` is how long, each time."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.waited: list[float] = []

    def __call__(self) -> datetime:
        return self.at

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Waiting:
    return Waiting(AT)


@pytest.fixture
def parliament(settings: Any) -> Iterator[Parliament]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with sitting() as house:
        settings.UK_BILLS_API, settings.GOVUK_API = house.url, ""
        yield house
