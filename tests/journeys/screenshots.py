"""Takes the pictures of the documentation from the demo: `python -m tests.journeys.screenshots [FOLDER]`."""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import django
from playwright.sync_api import Browser, Page, sync_playwright

from script.broker import ROOT
from tests.journeys.chromium import find_chromium, launch

WHO = "amira"
PHONE = (390, 844)


@dataclass(frozen=True)
class Shot:
    """A picture: its file, the page, and how large the window is; what is below is cut off. `do`: what is
    typed and pressed there first."""

    name: str
    address: str
    size: tuple[int, int] = (1280, 900)
    dark: bool = False
    do: Callable[[Page], None] | None = None


FIGURES = """\
Indicator,Value,Unit,Region,As of
Reports of online harm,"1,204",reports,Northmarch,3 Sept 2026
Reports of online harm,389,reports,Southmere,3 Sept 2026
Reports of online harm,many,reports,Eastwick,3 Sept 2026
"""


def move_by_a_month(page: Page) -> None:
    page.get_by_label("New date").fill("30 January 2027")
    page.get_by_label("Reason").fill("The regulator asked for more time")
    page.get_by_role("button", name="Show the effect first").click()


def hand_in_figures(page: Page) -> None:
    page.get_by_label("Statistics", exact=True).check()
    page.get_by_label("The file").set_input_files(
        {"name": "figures.csv", "mimeType": "text/csv", "buffer": FIGURES.encode()}
    )
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Look at the rows").click()


def look_for_online_safety(page: Page) -> None:
    page.get_by_label("Name").fill("Online safety in the papers")
    page.get_by_label("Words to look for").fill('"online safety" -gambling')
    page.get_by_label("Where to look").fill(
        "https://www.example.org/news/feed.atom\nhttps://hansard.parliament.uk/"
    )


SHOTS = (
    Shot("timeline", "{true}timeline/", (1280, 1200)),
    Shot("timeline-dark", "{true}timeline/", (1280, 1200), dark=True),
    Shot("timeline-phone", "{true}timeline/", PHONE),
    Shot("home", "{here}"),
    Shot("home-phone", "{here}", PHONE),
    Shot("entry", "<Online Harms Bill on the statute book>", (1280, 1300)),
    Shot("slips", "{true}slips/", (1280, 1000)),
    Shot("bill", "{true}bills/1/", (1280, 1100)),
    Shot("chart", "<Online Harms Bill on the statute book>trend.svg", (920, 560)),
    Shot("deadlines", "/deadlines/", (1280, 800)),
    Shot("move", "<Draft code for streaming services>move/", (1280, 1100)),
    Shot("cascade", "<Draft code for streaming services>move/", (1280, 1380), do=move_by_a_month),
    Shot("monitor", "{here}monitors/add/", do=look_for_online_safety),
    Shot("import", "{here}imports/", do=hand_in_figures),
    Shot("reminders", "{here}reminders/", (1280, 1000)),
    Shot("channels", "/me/", (1280, 1300)),
    Shot("search", "{true}search/?q=children", (1280, 1000)),
    Shot("quote", "<Government: the strongest protections in the Bill are for children>", (1280, 800)),
    Shot("health", "{here}health/", (1280, 1000)),
    Shot("review", "{here}texts/1/", (1280, 1000)),
    Shot("review-phone", "{here}texts/1/", PHONE),
    Shot("queue", "{here}queue/", (1280, 1000)),
    Shot("pack", "{true}packs/1/", (1280, 1000)),
    Shot("compare", "/compare/?organisation=HM+Government", (1280, 1000)),
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
        take_letter(browser, site.folder / "mail", folder / "email-phone.png")


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
    if shot.do:
        shot.do(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=to / f"{shot.name}.png")
    context.close()


def take_letter(browser: Browser, letters: Path, picture: Path) -> None:
    """The newest e-mail the site wrote, as a phone's mail program shows it."""
    newest = max(letters.iterdir(), key=lambda letter: letter.stat().st_mtime)
    lines = [line for line in newest.read_bytes().splitlines() if line != b"-" * 79]
    letter = message_from_bytes(b"\n".join(lines), policy=policy.default)
    html = letter.get_body(("html",))
    assert html
    page = browser.new_page(viewport={"width": PHONE[0], "height": 340})
    page.set_content(html.get_content())
    page.screenshot(path=picture, full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
