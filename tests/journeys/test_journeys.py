"""What people of each role do in a day, in a real browser."""

import csv
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from apps.dates import long_day
from tests.journeys.conftest import Visit, in_days
from tests.journeys.site import TRUE_STORY, Site, running_site

WAITS = "waiting for approval"


def test_the_owner_moves_a_date_and_the_reminders_move_with_it(visit: Visit, site: Site) -> None:
    old, new = long_day(site.target("Second reading")), long_day(in_days(40))
    page = visit("amira")
    page.goto(site.entry("Second reading"))
    rows = page.locator("#reminders tbody tr")
    planned = page.locator("#reminders tr.planned")
    expect(planned.filter(has_text=old).first).to_be_visible()
    before = rows.count()

    page.get_by_role("link", name="Move the date").click()
    page.get_by_label("New date").fill(new)
    page.get_by_label("Reason").fill("The usual channels want more time")
    page.get_by_label("Source").fill("Plan of work")
    page.get_by_role("button", name="Move the date").click()

    expect(page.locator(".flash")).to_contain_text("reminders of the old date cancelled")
    expect(page.locator("#reminders tr.cancelled").filter(has_text=old)).to_have_count(before)
    expect(planned.filter(has_text=old)).to_have_count(0)
    expect(planned.filter(has_text=new).first).to_be_visible()
    current = page.locator(".ledger .current")
    expect(current).to_contain_text(f"{new} The usual channels want more time")
    expect(current.get_by_role("link", name="Plan of work")).to_be_visible()
    expect(current).to_contain_text("by Amira Haddad")
    expect(page.locator(".history")).to_contain_text("Amira Haddad")

    page.get_by_role("link", name="Move the date").click()
    page.get_by_label("New date").fill(old)
    page.get_by_label("Reason").fill("That was the other Bill")
    page.get_by_label("This corrects a mistake").check()
    page.get_by_role("button", name="Move the date").click()

    expect(current).to_contain_text(f"{old} correction That was the other Bill")
    expect(planned.filter(has_text=old).first).to_be_visible()
    expect(planned.filter(has_text=new)).to_have_count(0)
    expect(page.locator(".entry .lead")).not_to_contain_text("slipped")


def test_a_volunteer_logs_an_update_on_a_phone_and_press_accepts_it(visit: Visit, site: Site) -> None:
    headline = "Glimmer Live’s lobbyist seen in the committee corridor"
    lewis, jo, priya = visit("lewis", phone=True), visit("jo"), visit("priya")
    lewis.goto(f"{site.campaign()}timeline/")
    lewis.get_by_role("navigation", name="Quick").get_by_role("link", name="Log an update").click()
    lewis.get_by_label("What happened").fill(headline)
    lewis.get_by_role("button", name="Log it").click()
    expect(lewis.locator(".proposal").first).to_contain_text(headline)
    expect(lewis.locator(".waits").first).to_contain_text("Waiting for review")

    jo.goto(f"{site.campaign()}timeline/")
    expect(jo.get_by_text(headline)).to_have_count(0)

    priya.goto(f"{site.campaign()}queue/")
    priya.locator(".proposal", has_text=headline).get_by_role("button", name=re.compile("^Accept")).click()
    expect(priya.locator(".proposal", has_text=headline)).to_contain_text("Accepted by Priya Raman")

    lewis.goto("/messages/")
    expect(lewis.get_by_role("link", name=f"Accepted: {headline}")).to_be_visible()

    jo.reload()
    expect(jo.locator(".row").get_by_role("link", name=headline)).to_be_visible()
    expect(jo.locator(f"#picture .item[aria-label*='{headline[:20]}']")).to_be_attached()


def test_press_finds_the_speaker_by_half_a_name_and_the_quote_waits_for_clearance(
    visit: Visit, site: Site
) -> None:
    priya, jo = visit("priya"), visit("jo")
    priya.goto(site.campaign())
    priya.locator("summary", has_text="Add").click()
    priya.get_by_role("link", name="Quote").click()
    priya.get_by_label("Words").fill("A day is a long time when you are twelve.")
    priya.get_by_label("When it was said").fill(long_day(in_days(-1)))
    speaker = priya.get_by_label("Who said it")
    speaker.press_sequentially("okon")
    found = priya.locator("datalist#id_person-found option")
    expect(found).to_have_count(1)
    speaker.fill(found.get_attribute("value") or "")
    priya.get_by_label("Source").first.fill("Plan of work")
    priya.get_by_role("button", name="Add to the timeline").click()
    expect(priya.locator(".speaker").get_by_role("link", name="Nadia Okonjo")).to_be_visible()
    expect(priya.locator(".speaker")).to_contain_text("Director")
    expect(priya.locator(".badges")).to_contain_text("not cleared")

    answer = jo.goto(priya.url)
    assert answer and answer.status == 404
    priya.get_by_role("link", name="Clear this quote").click()
    priya.get_by_label("print").uncheck()
    priya.get_by_role("button", name="Clear it for use").click()
    expect(priya.locator(".badges")).to_contain_text(
        "Cleared for press, website, social media and Parliament by Priya Raman"
    )
    jo.goto(priya.url)
    expect(jo.get_by_role("blockquote")).to_have_text("“A day is a long time when you are twelve.”")


def test_two_people_edit_one_entry_and_the_second_is_told(visit: Visit, site: Site) -> None:
    amira, tom = visit("amira"), visit("tom")
    for page in (amira, tom):
        page.goto(f"{site.entry('Regulator publishes its plan of work')}edit/")
    tom.get_by_label("Note").fill("Tom’s note")
    tom.get_by_role("button", name="Save").click()
    expect(tom.locator(".prose")).to_have_text("Tom’s note")

    amira.get_by_label("Note").fill("Amira’s note")
    amira.get_by_role("button", name="Save").click()
    expect(amira.get_by_role("alert")).to_contain_text("Somebody else saved this entry")
    expect(amira.get_by_role("alert")).to_be_focused()
    expect(amira.get_by_label("Note")).to_have_value("Amira’s note")
    expect(amira.locator(".note")).to_contain_text("Tom’s note")
    amira.get_by_role("button", name="Save").click()
    expect(amira.locator(".prose")).to_have_text("Amira’s note")


def test_somebody_is_invited_signs_up_and_joins(visit: Visit, site: Site) -> None:
    amira, sam = visit("amira"), visit(phone=True)
    amira.goto(f"{site.campaign()}members/")
    amira.get_by_label("E-mail address").fill("sam@example.org")
    amira.get_by_role("combobox", name="As", exact=True).select_option("Volunteer")
    amira.get_by_role("button", name="Invite").click()

    sam.goto(amira.locator("code").inner_text())
    expect(sam.get_by_text("Amira Haddad invites you as volunteer.")).to_be_visible()
    sam.get_by_role("link", name="Make an account").click()
    sam.get_by_label("Email").fill("sam@example.org")
    sam.get_by_label("Username").fill("sam")
    sam.get_by_label("Password", exact=True).fill("seven lilac umbrellas")
    sam.get_by_label("Password (again)").fill("seven lilac umbrellas")
    sam.get_by_role("button", name="Make the account").click()
    sam.get_by_role("button", name="Join the campaign").click()
    expect(sam.get_by_role("status")).to_contain_text("You are on Safer Streams")

    amira.goto(f"{site.campaign()}members/")
    expect(amira.locator("tr", has_text="sam@example.org")).to_be_visible()


def test_the_filter_stands_in_the_address_and_back_undoes_it(visit: Visit, site: Site) -> None:
    page = visit("jo")
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    page.evaluate("window.stayed = true")
    rows, quotes = page.locator(".row"), page.get_by_role("checkbox", name="Quotes")
    everything = rows.count()
    quotes.check()
    expect(page).to_have_url(re.compile(r"kind=quote"))
    expect(page.locator(".count")).to_contain_text("fit this filter")
    expect(page.locator(".row > .mark.statistic")).to_have_count(0)
    assert page.evaluate("window.stayed"), "htmx changes the list without loading the page"

    page.go_back()
    expect(page).to_have_url(re.compile(r"/timeline/$"))
    expect(rows).to_have_count(everything)
    expect(quotes).not_to_be_checked()
    page.go_forward()
    expect(page.locator(".count")).to_contain_text("fit this filter")
    page.reload()
    expect(quotes).to_be_checked()


def test_an_entry_is_added_with_the_keyboard_alone(visit: Visit, site: Site) -> None:
    page = visit("tom")
    page.goto(site.campaign())
    assert tab(page) == "Skip to the page"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.goto(site.campaign())  # not reload(): the address holds #main now
    passed = [tab(page)]
    while passed[-1] != "Add":
        passed.append(tab(page))
    assert passed[:4] == ["Skip to the page", "◆ Campaign Tracker", "", "Search"]  # the box has no text
    assert passed[4:7] == ["Campaigns", "Deadlines", "Compare"]
    assert passed[7].startswith("Messages")  # and how many are unread
    assert passed.index("Sign out") < passed.index("Timeline") < passed.index("Sources")
    page.keyboard.press("Enter")
    while tab(page) != "– Update":
        pass
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Add an update")).to_be_visible()
    page.get_by_label("Headline").focus()
    page.keyboard.type("Typed without a mouse")
    assert tab(page) == ""
    page.keyboard.type(long_day(in_days(0)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Typed without a mouse")).to_be_visible()


def tab(page: Page) -> str:
    """Press Tab; the text of what has the focus now, which must show that it has it."""
    page.keyboard.press("Tab")
    outline, text = page.evaluate(
        "[getComputedStyle(document.activeElement).outlineStyle, document.activeElement.innerText]"
    )
    assert outline != "none", f"“{text}” has the focus and does not show it"
    return str(text).strip()


def test_the_deadlines_are_sorted_and_taken_away_as_a_file(visit: Visit, tmp_path: Path) -> None:
    page = visit("amira")
    page.goto("/deadlines/")
    page.get_by_role("link", name="Slipped").click()
    page.get_by_role("link", name="Slipped").click()
    expect(page.get_by_role("columnheader", name="Slipped")).to_have_attribute("aria-sort", "descending")
    assert parse_qs(urlsplit(page.url).query)["sort"] == ["-slipped"]
    shown = page.locator("tbody td[data-label=What]").all_inner_texts()
    assert shown[0] == "Response to the consultation"

    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    waiting.value.save_as(tmp_path / "deadlines.csv")
    with (tmp_path / "deadlines.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [row["What"] for row in csv.DictReader(file)] == shown


def test_the_first_person_on_an_empty_site_starts_a_campaign(visit: Visit, tmp_path: Path) -> None:
    with running_site(tmp_path, DEMO="0") as empty:
        page = visit(to=empty)
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name="Start your campaign").click()
        page.get_by_label("Email").fill("first@example.org")
        page.get_by_label("Username").fill("first")
        page.get_by_label("Password", exact=True).fill("seven lilac umbrellas")
        page.get_by_label("Password (again)").fill("seven lilac umbrellas")
        page.get_by_role("button", name="Make the account").click()
        page.get_by_label("Name").fill("Clean rivers")
        page.get_by_role("button", name="Start the campaign").click()
        page.get_by_role("link", name="Add the first milestone").click()
        page.get_by_label("Headline").fill("Water Bill introduced")
        page.get_by_label("Target date").fill(long_day(in_days(20)))
        page.get_by_label("Watched by").select_option("first")
        page.get_by_role("button", name="Add to the timeline").click()
        expect(page.locator("#reminders tr.planned").first).to_be_visible()

        second = visit(to=empty)
        second.goto("/accounts/signup/")
        expect(second.get_by_role("heading", name="Accounts are made by invitation")).to_be_visible()
