"""The demo as it is on the day of the tests' clock, with a folder of its own for the sign-ins."""

from pathlib import Path
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.desk.demo import fictional, online_harms
from apps.desk.demo.load import load, plant_reminder
from apps.desk.demo.people import cast, cast_administrator
from tests.make import AT


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.PRODUCTION = False


@pytest.fixture
def loaded(db: None) -> list[str]:
    """The whole demo; what loading said."""
    return load(at=AT)


@pytest.fixture
def harms(db: None) -> Campaign:
    """The true campaign alone."""
    return online_harms.build(cast())


@pytest.fixture
def streams(db: None) -> Campaign:
    """The fictional campaign alone, its reminder planted."""
    cast_administrator()
    campaign = fictional.build(cast(), at=AT)
    plant_reminder(at=AT)
    return campaign
