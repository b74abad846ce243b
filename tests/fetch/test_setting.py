"""FETCH_ALLOWED_NETWORKS and FETCH_READABLE_NETWORKS, as the environment gives it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = ("FETCH_ALLOWED_NETWORKS", "FETCH_READABLE_NETWORKS")


def settings_with(name: str, value: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {name: value, "VAR_DIR": str(folder)}
    show = f"from campaigntracker import settings; print({', '.join(f'settings.{name}' for name in NAMES)})"
    return subprocess.run([sys.executable, "-c", show], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("value", "read"),
    [("", []), ("10.0.0.0/8", ["10.0.0.0/8"]), (" 10.0.0.5, fd00::/8 ", ["10.0.0.5", "fd00::/8"])],
)
def test_networks_are_read_with_commas_between(
    name: str, value: str, read: list[str], tmp_path: Path
) -> None:
    shown = [str(read) if name == each else "[]" for each in NAMES]
    assert settings_with(name, value, tmp_path).stdout == f"{' '.join(shown)}\n"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["10.0.0.1/8", "home", "10.0.0.0/8;fd00::/8", "10.0.0.0/99"])
def test_what_is_no_network_stops_the_site_with_a_sentence(name: str, value: str, tmp_path: Path) -> None:
    assert settings_with(name, value, tmp_path).stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: "
        f"{name} has {value!r}, which is no network: "
        "write one like 192.168.0.0/16, or 192.168.1.20/32 for one machine, with commas between several."
    )
