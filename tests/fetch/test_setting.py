"""FETCH_ALLOWED_NETWORKS, as the environment gives it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOW = "from campaigntracker import settings; print(settings.FETCH_ALLOWED_NETWORKS)"


def settings_with(value: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"FETCH_ALLOWED_NETWORKS": value, "VAR_DIR": str(folder)}
    return subprocess.run([sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("value", "read"),
    [("", []), ("10.0.0.0/8", ["10.0.0.0/8"]), (" 10.0.0.5, fd00::/8 ", ["10.0.0.5", "fd00::/8"])],
)
def test_networks_are_read_with_commas_between(value: str, read: list[str], tmp_path: Path) -> None:
    assert settings_with(value, tmp_path).stdout == f"{read}\n"


@pytest.mark.parametrize("value", ["10.0.0.1/8", "home", "10.0.0.0/8;fd00::/8", "10.0.0.0/99"])
def test_what_is_no_network_stops_the_site_with_a_sentence(value: str, tmp_path: Path) -> None:
    assert settings_with(value, tmp_path).stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: "
        f"FETCH_ALLOWED_NETWORKS has {value!r}, which is no network: "
        "write one like 192.168.0.0/16, or 192.168.1.20/32 for one machine, with commas between several."
    )
