"""Search by keyboard, in a real browser."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import TRUE_STORY, Site

MAY_COPY = ["clipboard-read", "clipboard-write"]


def copied(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_a_named_persons_quote_is_found_checked_and_copied_from_the_campaign(
    visit: Visit, site: Site
) -> None:
    """Three actions: ask for it, go to it, copy it."""
    page = visit(permissions=MAY_COPY)
    page.goto(site.campaign(TRUE_STORY))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("burrows")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=burrows")
    quote = page.locator(".hits .hit:has(blockquote)").first
    expect(quote).to_contain_text("Burrows")
    page.get_by_role("searchbox").press("ArrowDown")
    while not quote.locator("a:focus").count():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert re.match(r"“.+” — .*Burrows.+\d{4}", copied(page), re.DOTALL)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_what_was_hidden_since_the_page_was_opened_is_not_copied(visit: Visit, site: Site) -> None:
    page = visit(permissions=MAY_COPY)
    page.goto(f"{site.campaign(TRUE_STORY)}search/?q=burrows")
    link = page.locator(".hits .hit:has(blockquote) .headline a").first
    number = (link.get_attribute("href") or "").rstrip("/").rpartition("/")[2]
    page.evaluate("navigator.clipboard.writeText('Something of mine')")
    with shown_to(site, number, "staff"):
        link.focus()
        page.keyboard.press("c")
        expect(page.locator("#copied")).to_contain_text("Not copied: it is no longer shown")
    assert copied(page) == "Something of mine"


@contextmanager
def shown_to(site: Site, number: str, whom: str) -> Iterator[None]:
    """For a while, as if somebody had edited the entry."""
    change = "UPDATE timeline_entry SET visibility = ? WHERE id = ?"
    for visibility in (whom, "public"):
        with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database, database:
            database.execute(change, (visibility, number))
        if visibility == whom:
            yield


def test_hits_come_as_one_types_and_a_letter_typed_is_a_letter(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto(f"{site.campaign(TRUE_STORY)}search/")
    box = page.get_by_role("searchbox")
    box.press_sequentially("harm/c?", delay=20)
    expect(box).to_have_value("harm/c?")
    box.fill("harm")
    expect(page.locator(".hits mark").first).to_be_visible()
    page.wait_for_url("**/search/?q=harm*")
    expect(box).to_be_focused()
    page.locator(".hits .headline a").first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#copied")).not_to_be_empty()


def test_without_scripts_it_is_a_form(visit: Visit, site: Site) -> None:
    page = visit(java_script_enabled=False)
    page.goto(site.campaign(TRUE_STORY))
    page.get_by_role("searchbox").fill("harm")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".hits mark").first).to_be_visible()
