"""The pages of one campaign, read by the tests' own clock."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.reminders.actions import set_default_ladder
from tests.make import AT
from tests.pages import Clock, at, client_of


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(AT)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@dataclass
class Desk:
    """One campaign and its cast; `get` and `post` ask for a page as somebody, the owner if not said."""

    campaign: Campaign
    cast: dict[str, User]

    def client(self, who: str = "owner") -> Client:
        return client_of(self.cast.get(who))

    def get(self, name: str, *, who: str = "owner", query: Any = None, **parts: Any) -> HttpResponse:
        return self.client(who).get(at(name, self.campaign, **parts), query or {})

    def post(self, name: str, data: Any, *, who: str = "owner", **parts: Any) -> HttpResponse:
        return self.client(who).post(at(name, self.campaign, **parts), data)


@pytest.fixture
def desk(clock: Clock, campaign: Campaign, cast: dict[str, User]) -> Desk:
    set_default_ladder(campaign=campaign, by=cast["owner"], at=AT)
    return Desk(campaign, cast)
