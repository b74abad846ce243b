"""A spreadsheet imported on a phone: its rows are shown, stand on the timeline, and are taken back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Visit
from tests.journeys.site import Site

FIGURES = """\
Indicator,Value,Unit,Region,Published on,As of,Link
Reports of imported harm,"1,204",reports,Northmarch,,3 Sept 2020,https://example.org/northmarch
Reports of imported harm,389,reports,Southmere,,2020-09-03,
Reports of imported harm,many,reports,Eastwick,,2020-09-03,
"""


def hand_in(page: Page, site: Site, text: str = FIGURES) -> None:
    page.goto(f"{site.campaign()}imports/")
    page.get_by_label("Statistics", exact=True).check()
    page.get_by_label("The file").set_input_files(
        {"name": "figures.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Read it").click()


def no_wider_than_the_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("javascript", [True, False])
def test_rows_are_seen_imported_and_undone_on_a_phone(visit: Visit, site: Site, javascript: bool) -> None:
    page = visit("tom", phone=True, java_script_enabled=javascript)
    hand_in(page, site)
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()
    expect(page.get_by_label("Indicator")).to_have_value("measure")
    expect(page.get_by_label("Link")).to_have_value("source")
    if javascript:
        no_wider_than_the_phone(page)
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.locator(".sentence")).to_have_text("2 of 3 rows would be new entries; 1 is to be mended.")
    expect(page.locator("td.because")).to_contain_text("Figure: “many” is no figure")
    if javascript:
        no_wider_than_the_phone(page)
    page.get_by_role("link", name="New (2)").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Import the 2 good rows only").click()
    expect(page.locator(".sentence")).to_have_text("2 statistics were imported.")
    here = page.url

    page.goto(f"{site.campaign()}timeline/?words=imported+harm")
    expect(page.locator(".row", has_text="1,204 reports").first).to_be_visible()
    hand_in(page, site)
    expect(page.locator(".note")).to_contain_text("This very file was imported on")
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.locator(".sentence")).to_have_text(
        re.compile("None of 3 rows is new; 1 is to be mended; 2 are")
    )
    page.get_by_role("button", name="Throw the file away").click()

    page.goto(here)
    page.get_by_text("Undo the whole import").click()
    page.get_by_role("button", name="Undo it").click()
    expect(page.locator(".sentence")).to_have_text("The import was undone by Tom Ellery.")
    page.goto(f"{site.campaign()}timeline/?words=imported+harm")
    expect(page.locator(".row")).to_have_count(0)
