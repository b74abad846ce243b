"""Everything that matters works with JavaScript switched off."""

import pytest
from playwright.sync_api import Page, expect

from apps.dates import long_day
from tests.journeys.conftest import Visit, in_days, sign_in
from tests.journeys.site import TRUE_STORY, Site


@pytest.fixture
def amira(visit: Visit) -> Page:
    return visit("amira", java_script_enabled=False)


def test_he_signs_in_and_out(visit: Visit, site: Site) -> None:
    page = visit(java_script_enabled=False)
    sign_in(page, site, "tom")
    expect(page.get_by_role("heading", name="My campaigns")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.goto(site.campaign())
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_she_reads_and_filters_the_timeline(amira: Page, site: Site) -> None:
    amira.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    rows = amira.locator(".row")
    everything = rows.count()
    amira.locator("summary", has_text="with any words").click()
    amira.get_by_label("Words").fill("third reading")
    amira.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(3)
    amira.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    amira.locator("summary", has_text="with any words").click()
    amira.get_by_label("Person").fill("Baroness Merron")
    amira.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(1)
    amira.get_by_role("link", name="Show everything").click()
    expect(rows).to_have_count(everything)


def test_she_adds_a_quote_of_somebody_new_and_edits_it(amira: Page, site: Site) -> None:
    amira.goto(site.campaign())
    amira.locator("summary", has_text="Add").click()
    amira.get_by_role("link", name="Quote").click()
    amira.get_by_label("Words").fill("Nobody asked the children.")
    amira.get_by_label("When it was said").fill(long_day(in_days(-3)))
    amira.get_by_label("Who said it").fill("Freya Lindqvist")
    amira.get_by_label("Source", exact=False).first.fill("Evening panel on live streams")
    amira.locator("summary", has_text="The source is new here").click()
    amira.get_by_label("Who published it").fill("Radio Harbour")
    amira.get_by_role("button", name="Add to the timeline").click()
    expect(amira.get_by_role("link", name="Freya Lindqvist")).to_be_visible()
    expect(amira.get_by_role("link", name="Evening panel on live streams").first).to_be_visible()

    amira.get_by_role("link", name="Edit", exact=True).click()
    amira.get_by_label("Words").fill("Nobody asked the children themselves.")
    amira.get_by_role("button", name="Save").click()
    expect(amira.get_by_role("blockquote")).to_have_text("“Nobody asked the children themselves.”")

    amira.get_by_role("link", name="Evening panel on live streams").first.click()
    expect(amira.locator(".lead")).to_have_text("Radio Harbour")


def test_she_sees_the_effect_of_a_move_then_moves_and_settles_it(amira: Page, site: Site) -> None:
    new = long_day(in_days(33))
    amira.goto(site.entry("Draft code for streaming services"))
    amira.get_by_role("link", name="Move the date").click()
    amira.get_by_label("New date").fill(new)
    amira.get_by_label("Reason").fill("The regulator needs three more days")
    amira.get_by_role("button", name="Show the effect first").click()
    expect(amira.locator(".side")).to_contain_text(new)
    expect(amira.locator(".effect")).to_contain_text("later than first promised")
    amira.get_by_role("button", name="Move the date").click()
    expect(amira.locator(".ledger .current")).to_contain_text(f"{new} The regulator needs three more days")

    amira.get_by_role("link", name="Mark met, missed or dropped").click()
    amira.get_by_label("Met", exact=True).check()
    amira.get_by_label("On which day").fill(long_day(in_days(0)))
    amira.get_by_role("button", name="Settle it").click()
    expect(amira.locator(".effect")).to_contain_text("Our comments on the draft code")
    amira.get_by_role("button", name="Settle it, and move what hangs on it").click()
    expect(amira.locator(".entry .lead")).to_contain_text(f"met {long_day(in_days(0))}")
    expect(amira.get_by_role("button", name="Open it again")).to_be_visible()


def test_she_links_two_entries(amira: Page, site: Site) -> None:
    amira.goto(site.entry("First day of oral evidence"))
    amira.get_by_role("link", name="Link to another entry").click()
    amira.get_by_label("Which entry").fill("Report stage")
    amira.get_by_role("button", name="Link them").click()
    expect(amira.locator(".links").get_by_role("link", name="Report stage")).to_be_visible()


def test_she_sorts_and_filters_the_deadlines(amira: Page) -> None:
    amira.goto("/deadlines/")
    first = amira.locator("tbody tr").first
    expect(first).to_contain_text("overdue")
    amira.get_by_role("link", name="When").click()
    expect(amira.get_by_role("columnheader", name="When")).to_have_attribute("aria-sort", "descending")
    expect(first).to_contain_text("First yearly safety report")
    amira.get_by_label("Show").select_option("Overdue")
    amira.get_by_role("button", name="Show").click()
    expect(amira.locator("tbody tr")).to_have_count(1)
    expect(first).to_contain_text("Response to the consultation")


def test_she_turns_the_pages_of_a_long_timeline(amira: Page, site: Site) -> None:
    amira.goto(f"{site.campaign(TRUE_STORY)}timeline/?start=2019")
    seen = amira.locator(".row .headline").all_inner_texts()  # days of one stage are called alike
    later = amira.get_by_role("link", name="Later entries")
    while later.count():
        with amira.expect_navigation():
            later.click()
        seen += amira.locator(".row .headline").all_inner_texts()
    assert len(seen) == site.ask(
        "SELECT count(*) FROM timeline_entry WHERE campaign_id ="
        " (SELECT id FROM campaigns_campaign WHERE name = ?)",
        TRUE_STORY,
    )
