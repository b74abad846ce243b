"""What a start prepares: tables, static files, and the demo where nobody has begun."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from apps.campaigns.models import Campaign
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_static_files(settings: Any, tmp_path: Path) -> Path:
    """One static file, and a place to collect it to."""
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "site.css").write_text("body { margin: 0 }")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [folder]
    settings.STATIC_ROOT = tmp_path / "static"
    return folder


def prepare() -> list[str]:
    said = StringIO()
    call_command("prepare_site", stdout=said)
    return said.getvalue().splitlines()


def test_an_empty_site_gets_the_demo_and_says_who_can_sign_in() -> None:
    lines = prepare()
    assert lines[0] == "Collecting the static files"
    assert lines[1] == "“Online Harms Bill” is loaded."
    assert [line.split()[0] for line in lines[-6:]] == ["amira", "tom", "priya", "lewis", "jo", "admin"]


def test_a_second_start_only_plants_and_says_who_can_sign_in_again() -> None:
    people = prepare()[-6:]
    again = prepare()
    assert again[0].startswith("A reminder is planned for ")
    assert again[1:] == ["Sign in as", *people]


def test_static_files_are_collected_when_they_change(few_static_files: Path, settings: Any) -> None:
    prepare()
    (few_static_files / "site.css").write_text("body { margin: 1em }")
    assert prepare()[0] == "Collecting the static files"
    assert (Path(settings.STATIC_ROOT) / "site.css").read_text() == "body { margin: 1em }"


def test_the_demo_can_be_kept_away(settings: Any) -> None:
    settings.DEMO = False
    assert prepare() == ["Collecting the static files"]


def test_a_site_in_use_gets_no_demo() -> None:
    make.user("olive")
    prepare()
    assert not Campaign.objects.exists()


def test_a_production_site_gets_no_demo(settings: Any) -> None:
    settings.PRODUCTION = True
    assert prepare() == ["Collecting the static files"]
    assert not Campaign.objects.exists()


def test_a_demo_that_went_into_production_is_warned_of_and_no_password_shown(settings: Any) -> None:
    prepare()
    settings.PRODUCTION = True
    assert prepare() == ["This site has the demo's accounts, and one may do everything: run remove_demo."]
