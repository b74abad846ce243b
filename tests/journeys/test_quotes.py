"""A press officer with a journalist on the phone: find, check and copy a named person's cleared quote."""

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
