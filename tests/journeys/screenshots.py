"""Takes the pictures of the documentation from the demo: `python -m tests.journeys.screenshots [FOLDER]`."""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from playwright.sync_api import Browser, sync_playwright

from script.broker import ROOT
from tests.journeys.chromium import find_chromium, launch

WHO = "amira"
PHONE = (390, 844)


@dataclass(frozen=True)
class Shot:
    """A picture: its file, the page, and how large the window is; what is below is cut off."""

    name: str
    address: str
    size: tuple[int, int] = (1280, 900)
    dark: bool = False


SHOTS = (
    Shot("timeline", "{true}timeline/", (1280, 1200)),
    Shot("timeline-dark", "{true}timeline/", (1280, 1200), dark=True),
    Shot("timeline-phone", "{true}timeline/", PHONE),
    Shot("home", "{here}"),
    Shot("home-phone", "{here}", PHONE),
    Shot("entry", "<Online Harms Bill on the statute book>", (1280, 1300)),
    Shot("deadlines", "/deadlines/", (1280, 800)),
    Shot("move", "<Draft code for streaming services>move/", (1280, 1100)),
)


def main(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaigntracker.settings")
    django.setup()  # before what follows can be imported
    from tests.journeys.conftest import cookies
    from tests.journeys.site import TRUE_STORY, running_site

    path = find_chromium()
    if path is None:
        sys.exit("No Chromium or Chrome is here. Install one, or name it: CHROMIUM=/path/to/chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        running_site(Path(var)) as site,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright, path)
        state = cookies(browser, site, WHO)
        parts = {"here": site.campaign(), "true": site.campaign(TRUE_STORY)}
        for shot in SHOTS:
            headline, _, rest = shot.address.removeprefix("<").partition(">")
            address = site.entry(headline) + rest if rest or "<" in shot.address else shot.address
            take(browser, shot, site.url + address.format(**parts), state=state, to=folder)


def take(browser: Browser, shot: Shot, address: str, *, state: Any, to: Path) -> None:
    width, height = shot.size
    context = browser.new_context(
        storage_state=state,
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=to / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
