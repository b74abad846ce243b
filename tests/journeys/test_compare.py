"""Two campaigns on one axis, in a real browser: chosen, walked with the keyboard, and without JavaScript."""

import re

from playwright.sync_api import Page, expect

from apps.desk.demo import fictional
from tests.journeys.conftest import Visit
from tests.journeys.site import TRUE_STORY, Site


def choose_both(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Compare campaigns").click()
    for name in (TRUE_STORY, fictional.NAME):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#picture .lane")).to_have_count(2)


def test_she_compares_two_campaigns_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("amira")
    choose_both(page)
    stops = page.locator("#picture .item[tabindex='0'], #picture .column[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    expect(page.locator("#picture .item:focus")).to_have_attribute(
        "aria-label", re.compile(f", {TRUE_STORY}$")
    )
    page.keyboard.press("ArrowDown")
    name = re.compile(re.escape(fictional.NAME) + "$")
    expect(page.locator("#picture .item:focus")).to_have_attribute("aria-label", name)
    before = page.locator("#picture .window").inner_text()
    page.keyboard.press("+")
    expect(page.locator("#picture .window")).not_to_have_text(before)
    assert page.url.count("c=") == 2 and "from=" in page.url
    page.keyboard.press("0")
    expect(page.locator("#picture .window")).to_have_text(before)
    page.keyboard.press("m")  # nothing is moved here
    page.keyboard.press("Enter")
    expect(page.locator("#chosen h2").first).to_be_focused()


def test_without_javascript_its_links_and_list_do_the_same(visit: Visit, site: Site) -> None:
    page = visit("amira", java_script_enabled=False)
    choose_both(page)
    expect(page.locator(".row .whose", has_text=TRUE_STORY).first).to_be_visible()
    before = page.locator("#picture .window").inner_text()
    page.get_by_role("link", name="Closer").click()
    expect(page.locator("#picture .window")).not_to_have_text(before)
    expect(page.locator("#picture .lane")).to_have_count(2)
    page.goto(f"{site.campaign(TRUE_STORY)}people/")
    page.get_by_role("link", name="HM Government").click()
    page.get_by_role("link", name="Their promises across campaigns").click()
    expect(page.locator(".sentence")).to_contain_text("Promised ")
