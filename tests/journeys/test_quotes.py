"""A press officer with a journalist on the phone: find, check and copy a named person's cleared quote."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site

WORDS = "A duty to answer within a day would change that."
MOST_ACTIONS = 3


class Actions:
    """Clicks, and fields filled in and sent with Enter; what one reads in between costs nothing."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, role: str, name: str, *, inside: str = "body") -> None:
        self.count += 1
        self.page.locator(inside).get_by_role(role, name=name).first.click()  # type: ignore[arg-type]


def test_a_named_persons_cleared_quote_is_copied_in_three_actions(visit: Visit, site: Site) -> None:
    page = visit("priya", permissions=["clipboard-read", "clipboard-write"])
    page.goto(site.campaign())
    actions = Actions(page)

    actions.click("link", "People", inside="nav")
    actions.click("link", "Nadia Okonjo", inside="main")
    row = page.locator(".row", has_text=WORDS)
    expect(row.get_by_text("verified")).to_be_visible()
    expect(row).to_contain_text("Director")
    actions.click("button", "Copy", inside=".row:has-text('A duty to answer')")

    expect(row.get_by_role("status")).to_contain_text("Copied")
    taken = page.evaluate("navigator.clipboard.readText()")
    assert taken.startswith(f"“{WORDS}”\n— Nadia Okonjo, Director, Harbour Children’s Trust, ")
    assert actions.count <= MOST_ACTIONS


def test_without_a_clipboard_the_text_stands_ready_to_select(visit: Visit, site: Site) -> None:
    page = visit("priya", java_script_enabled=False)
    page.goto(site.entry("A duty to answer within a day"))
    page.get_by_role("button", name="Markdown").click()
    expect(page.get_by_role("status").first).to_contain_text("ready to select")
    expect(page.get_by_label("Markdown")).to_contain_text("A duty to answer within a day")


def test_c_copies_while_the_card_has_the_focus_and_nowhere_else(visit: Visit, site: Site) -> None:
    page = visit("priya", permissions=["clipboard-read", "clipboard-write"])
    page.goto(site.entry("A duty to answer within a day"))
    said = page.locator("[data-said]")
    page.keyboard.press("c")
    expect(said).to_be_empty()
    page.locator("[data-card]").focus()
    page.keyboard.press("c")
    expect(said).to_contain_text("Copied")
    page.goto(f"{page.url}#uses")
    page.reload()
    expect(page.locator("#uses")).to_contain_text("Priya Raman copied it as Plain, with citation")


PROMISE = "The minister promises a response within a week"


@pytest.mark.parametrize("by_key", [False, True])
def test_a_page_left_open_while_the_quote_was_taken_back_copies_nothing_and_says_why(
    visit: Visit, site: Site, by_key: bool
) -> None:
    page, other = visit("priya", permissions=["clipboard-read", "clipboard-write"]), visit("priya")
    page.goto(site.entry(PROMISE))
    other.goto(site.entry(PROMISE))
    other.get_by_text("Take the clearance back").first.click()
    other.get_by_role("button", name="Take the clearance back").click()
    expect(other.get_by_text("The clearance is taken back")).to_be_visible()
    page.bring_to_front()
    page.evaluate("navigator.clipboard.writeText('Something of mine')")

    if by_key:
        page.locator("[data-card]").focus()
        page.keyboard.press("c")
    else:
        page.get_by_role("button", name="Markdown").click()
    said = page.locator("[data-said]")
    expect(said).to_have_text("Not copied. It is not to be used: clearance withdrawn.")
    assert page.evaluate("navigator.clipboard.readText()") == "Something of mine"

    other.goto(f"{site.entry(PROMISE)}clear/")
    other.get_by_role("main").get_by_role("button", name="Clear").click()
    expect(other.get_by_text("Cleared for use.")).to_be_visible()
    page.get_by_role("button", name="Markdown").click()
    expect(said).to_contain_text("Copied, and noted")
    assert page.evaluate("navigator.clipboard.readText()").startswith("> “You will have our response")


def test_a_browser_that_does_not_let_it_copy_shows_the_text_and_notes_it_once(
    visit: Visit, site: Site
) -> None:
    page = visit("priya")
    page.goto(site.entry(PROMISE))
    page.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new Error('not allowed')); }")
    uses = "SELECT COUNT(*) FROM timeline_use"
    before = site.ask(uses)
    page.get_by_role("button", name="Markdown").click()
    expect(page.get_by_role("status").first).to_contain_text("ready to select")
    assert site.ask(uses) == before + 1
