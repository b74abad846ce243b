"""The picture of a timeline in a real browser: moved, looked into, rewound and written on."""

import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from apps.dates import long_day
from script.broker import ROOT
from script.serve import manage
from tests.journeys.conftest import WIDE, Visit, cookies, in_days, sign_in
from tests.journeys.site import TRUE_STORY, Site, environment

BILL = "Online Harms Bill on the statute book"
SETTLED_MS = 600
"""Longer than the picture rests before it asks for the next one."""
RETRIED_MS = 1_600
"""Longer than it waits before it asks a second time."""
CROWDED = 1_500
"""So many entries that every lane shows columns."""


@pytest.fixture
def bill(visit: Visit, site: Site) -> Page:
    page = visit()
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    expect(shapes(page).first).to_be_visible()
    return page


@pytest.fixture
def crowded(visit: Visit, site: Site) -> Iterator[Page]:
    """A campaign of columns, Jo's for one test, so that others find her campaigns as they know them."""
    subprocess.run(
        manage("make_entries", str(CROWDED), "--campaign", "crowded"),
        cwd=ROOT,
        env=environment(site.folder),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    change(
        site,
        "INSERT INTO campaigns_membership (campaign_id, user_id, role, reminded, joined_at)"
        " SELECT c.id, u.id, 'viewer', 0, c.created_at FROM campaigns_campaign c, accounts_user u"
        " WHERE c.slug = 'crowded' AND u.username = 'jo'",
    )
    page = visit("jo")
    page.goto("/c/crowded/timeline/")
    expect(page.locator("#picture .column").first).to_be_attached()
    page.wait_for_timeout(SETTLED_MS)
    yield page
    change(
        site,
        "DELETE FROM campaigns_membership"
        " WHERE role = 'viewer' AND campaign_id = (SELECT id FROM campaigns_campaign WHERE slug = 'crowded')",
    )


def change(site: Site, how: str) -> None:
    with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database, database:
        database.execute(how)


def shapes(page: Page) -> Locator:
    return page.locator("#picture .item .shape")


def item(page: Page, headline: str) -> Locator:
    return page.locator(f"#picture .item[aria-label*='{headline}']")


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def window(page: Page) -> tuple[date, date]:
    """What is in sight, as the address says."""
    found = asked(page)
    return date.fromisoformat(found["from"]), date.fromisoformat(found["to"])


def middle(shape: Locator) -> tuple[float, float]:
    box = shape.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_no_two_labels_overlap(bill: Page, site: Site) -> None:
    """As the browser draws them, in whatever font it has."""
    for query in ("", "?from=2020-06-01&to=2022-12-31", "?from=2023-01-01&to=2023-12-31"):
        bill.goto(f"{site.campaign(TRUE_STORY)}timeline/{query}")
        bill.wait_for_timeout(SETTLED_MS)
        boxes: list[Any] = bill.locator("#picture .item text").evaluate_all(
            """texts => texts.map(text => {
                const {left, right, top, bottom} = text.getBoundingClientRect();
                return [left, right, top, bottom, text.textContent];
            })"""
        )
        assert len(boxes) > 10
        for number, (left, right, top, bottom, said) in enumerate(boxes):
            for left2, right2, top2, bottom2, other in boxes[number + 1 :]:
                apart = right <= left2 or right2 <= left or bottom - 3 <= top2 or bottom2 - 3 <= top
                assert apart, f"“{said}” and “{other}”"


def test_buttons_move_the_window_and_back_goes_back(bill: Page) -> None:
    everything = bill.locator("#picture .window").inner_text()
    bill.get_by_role("link", name="Closer").click()
    expect(bill.locator("#picture .window")).not_to_have_text(everything)
    first, last = window(bill)
    bill.get_by_role("link", name="Later", exact=True).click()
    expect(bill.locator("#picture .window")).not_to_contain_text(long_day(first))
    later, _ = window(bill)
    assert first < later < last
    expect(bill.get_by_role("link", name="Later", exact=True)).to_be_focused()
    bill.go_back()
    expect(bill.locator("#picture .window")).to_contain_text(long_day(first))
    bill.go_back()
    expect(bill.locator("#picture .window")).to_have_text(everything)


def test_it_is_dragged_and_a_drag_is_no_click(bill: Page) -> None:
    bill.get_by_role("link", name="Closer").click()
    bill.wait_for_url("**from=**")
    first, last = window(bill)
    shape = shapes(bill).nth(3)
    x, y = middle(shape)
    bill.mouse.move(x, y)
    bill.mouse.down()
    bill.mouse.move(x - 200, y, steps=5)
    bill.mouse.up()
    bill.wait_for_url(lambda url: f"from={first}" not in url)
    expect(bill.locator("#chosen")).to_be_hidden()
    moved, until = window(bill)
    assert moved > first and abs((until - moved).days - (last - first).days) <= 1
    stop = bill.locator("#picture .item[tabindex='0']")
    assert is_in_sight(stop)
    stop.press("Enter")  # which the browser tells as a click
    expect(bill.locator("#chosen h2").first).to_be_focused()


def test_the_wheel_zooms_with_ctrl_and_scrolls_without(bill: Page) -> None:
    x, y = middle(item(bill, BILL).locator(".shape"))
    bill.mouse.move(x, y)
    bill.mouse.wheel(0, 100)
    bill.wait_for_timeout(SETTLED_MS)
    assert "from" not in asked(bill)
    assert bill.evaluate("scrollY") > 0
    bill.evaluate("scrollTo(0, 0)")
    x, y = middle(item(bill, BILL).locator(".shape"))
    bill.mouse.move(x, y)
    bill.keyboard.down("Control")
    for _ in range(4):
        bill.mouse.wheel(0, -100)
    bill.keyboard.up("Control")
    bill.wait_for_url("**from=**")
    first, last = window(bill)
    assert (last - first).days < 1000
    again, _ = middle(item(bill, BILL).locator(".shape"))
    assert abs(again - x) < 12, "what the pointer was on stays under it"


def test_the_strip_moves_the_window(bill: Page) -> None:
    bill.get_by_role("link", name="Closer").click()
    bill.wait_for_url("**from=**")
    first, _ = window(bill)
    x, y = middle(bill.locator(".strip .held"))
    bill.mouse.move(x, y)
    bill.mouse.down()
    bill.mouse.move(x + 120, y, steps=4)
    bill.mouse.up()
    bill.wait_for_url(lambda url: f"from={first}" not in url)
    assert window(bill)[0] > first


def test_an_entry_is_read_beside_the_picture(bill: Page) -> None:
    item(bill, BILL).locator(".shape").click()
    chosen = bill.locator("#chosen")
    expect(chosen.get_by_role("heading", name=BILL)).to_be_focused()
    expect(chosen).to_contain_text("664 days")
    bill.keyboard.press("Escape")
    expect(chosen).to_be_hidden()
    expect(item(bill, BILL)).to_be_focused()


def test_an_entry_that_comes_late_is_not_opened(bill: Page) -> None:
    """Once another was chosen, or Esc pressed, what was chosen before is let go."""
    held: list[Any] = []
    bill.route("**/entries/*/", lambda route: held.append(route) if len(held) != 1 else route.continue_())
    marks = bill.locator("#picture .lane.milestone .item")
    first, second = marks.nth(0), marks.nth(1)
    first.press("Enter")
    second.press("Enter")
    heading = bill.locator("#chosen h2").first
    expect(heading).to_be_focused()
    shown = heading.inner_text()
    held[0].continue_()
    bill.wait_for_timeout(SETTLED_MS)
    assert heading.inner_text() == shown
    expect(second).to_have_class(re.compile("chosen"))
    bill.keyboard.press("Escape")
    held.clear()
    first.press("Enter")
    bill.keyboard.press("Escape")
    held[0].continue_()
    bill.wait_for_timeout(SETTLED_MS)
    expect(bill.locator("#chosen")).to_be_hidden()
    expect(first).to_be_focused()


def test_links_are_drawn_where_one_looks(bill: Page) -> None:
    expect(bill.locator(".bond")).to_have_count(0)
    linked = bill.locator("#picture .item[data-links]").first
    linked.locator(".shape").hover()
    expect(bill.locator(".bond").first).to_be_attached()
    bill.mouse.move(5, 5)
    expect(bill.locator(".bond")).to_have_count(0)


def test_it_is_walked_with_the_keyboard_alone(bill: Page) -> None:
    """One stop of the Tab key; arrows within a lane and between lanes; keys for all that buttons do."""
    stops = bill.locator("#picture .item[tabindex='0'], #picture .column[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    names = [focused(bill)]
    for _ in range(3):
        bill.keyboard.press("ArrowRight")
        names.append(focused(bill))
    assert len(set(names)) == 4 and all(name.startswith("Milestone, ") for name in names)
    bill.keyboard.press("ArrowDown")
    assert focused(bill).startswith("Statistic, ")
    bill.keyboard.press("End")
    expect(stops).to_have_count(1)
    before = bill.locator("#picture .window").inner_text()
    bill.keyboard.press("+")
    expect(bill.locator("#picture .window")).not_to_have_text(before)
    bill.keyboard.press("0")
    expect(bill.locator("#picture .window")).to_have_text(before)
    bill.keyboard.press("Enter")
    expect(bill.locator("#chosen h2").first).to_be_focused()


def test_columns_are_walked_with_the_keyboard_alone(crowded: Page) -> None:
    """The focus stays on a thing that one sees, and nothing is asked for twice."""
    shown = crowded.locator("#picture .window")
    asked_for: list[Request] = []
    crowded.on("request", lambda request: asked_for.append(request))
    columns = crowded.locator("#picture .lane.update .column")
    columns.nth(20).focus()
    for key in ("+", "+", "-", "t", "0"):
        before = shown.inner_text()
        crowded.keyboard.press(key)
        expect(shown).not_to_have_text(before)
        expect(shown).not_to_contain_text("could not")
        assert is_in_sight(crowded.locator("#picture .lane.update .column:focus")), key
    crowded.wait_for_timeout(RETRIED_MS)
    assert len([each for each in asked_for if "/picture/" in each.url]) == 5
    crowded.keyboard.press("+")
    crowded.wait_for_url("**from=**")
    before = shown.inner_text()
    for _ in range(200):
        crowded.keyboard.press("ArrowRight")
        if shown.inner_text() != before:
            break
    day = crowded.locator("#picture .column:focus").get_attribute("data-day")
    crowded.wait_for_timeout(SETTLED_MS)
    assert shown.inner_text() != before
    there = crowded.locator("#picture .column:focus")
    assert is_in_sight(there) and there.get_attribute("data-day") == day
    before = shown.inner_text()
    crowded.keyboard.press("Enter")
    expect(shown).not_to_have_text(before)
    assert is_in_sight(crowded.locator("#picture :is(.item, .column):focus"))


def test_one_tabs_to_a_mark_that_is_in_sight(bill: Page, site: Site) -> None:
    """What is drawn beside the window is for moving it; the focus leaves it for what is in sight."""
    stop = bill.locator("#picture .item[tabindex='0']")
    for year in (2022, 2023):
        bill.goto(f"{site.campaign(TRUE_STORY)}timeline/?from={year}-01-01&to={year}-12-31")
        bill.wait_for_timeout(SETTLED_MS)
        assert is_in_sight(stop)
    stop.focus()
    bill.keyboard.press("t")
    bill.wait_for_url(lambda url: "from=2023-01-01" not in url)
    assert bill.evaluate("document.activeElement.matches('#picture *')")


def is_in_sight(mark: Locator) -> bool:
    """Whether its day is within the window, and not only drawn beside it."""
    return bool(
        mark.evaluate(
            """mark => {
                const {first, days} = mark.closest("svg.picture").dataset;
                return mark.dataset.day >= +first && mark.dataset.day < +first + +days;
            }"""
        )
    )


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def test_marks_say_what_they_are_to_a_screen_reader(bill: Page) -> None:
    name = item(bill, BILL).get_attribute("aria-label")
    assert name == f"Milestone, {BILL}, 26 October 2023, met 664 days late, moved 4 times"
    assert bill.get_by_role("group", name=re.compile("Picture of the timeline")).count() == 1


def test_the_timeline_is_rewound(bill: Page) -> None:
    """The deadline moves while one steps through what was recorded of it."""
    bill.get_by_text("Go to a date, or rewind").click()
    bill.get_by_label("As it was known on").fill("2021-06-01")
    bill.get_by_role("button", name="Rewind").click()
    expect(bill.locator("#picture .asof")).to_contain_text("As it was known on 1 June 2021.")
    expect(item(bill, BILL)).to_have_attribute("aria-label", re.compile("by the end of 2021"))
    expect(bill.locator(".row", has_text=BILL).first).to_contain_text("by the end of 2021")
    expect(bill.locator(".row", has_text="Royal Assent")).to_have_count(0)
    bill.locator("#picture .asof a").nth(1).click()
    expect(bill.locator("#picture .asof")).not_to_contain_text("1 June 2021")
    bill.get_by_role("link", name="Back to now").click()
    expect(item(bill, BILL)).to_have_attribute("aria-label", re.compile("met 664 days late"))


def test_a_target_is_dragged_and_put_back(visit: Visit, site: Site) -> None:
    """Never silently: the form asks why. Undo is a correction, with its own reason."""
    page = visit("amira")
    page.goto(f"{site.campaign()}timeline/")
    target = item(page, "Second reading")
    was = target.get_attribute("data-date")
    x, y = middle(target.locator(".shape"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    form = page.get_by_role("dialog")
    expect(form.get_by_role("heading", name="Move the date")).to_be_visible()
    to = form.get_by_label("New date").input_value()
    assert to != was
    form.get_by_role("button", name="Move the date").click()
    expect(form.get_by_role("alert")).to_contain_text("Reason")  # nothing moved without one
    form.get_by_label("Reason").fill("The House rose early")
    form.get_by_role("button", name="Move the date").click()
    expect(page.locator(".flash")).to_contain_text("The date is moved.")
    expect(target).to_have_attribute("data-date", to)
    page.get_by_role("button", name=f"Undo: back to {was}").click()
    expect(form.get_by_label("This corrects a mistake")).to_be_checked()
    form.get_by_role("button", name="Move the date").click()
    expect(target).to_have_attribute("data-date", str(was))


def test_an_entry_is_added_where_one_double_clicks(visit: Visit, site: Site) -> None:
    page = visit("tom")
    page.goto(f"{site.campaign()}timeline/?from={in_days(-30)}&to={in_days(-1)}")
    page.wait_for_timeout(SETTLED_MS)
    rule = page.locator("#picture .lane.update .rule").bounding_box()
    assert rule is not None
    page.mouse.dblclick(rule["x"] + rule["width"] - 2, rule["y"] + 4)
    form = page.get_by_role("dialog")
    expect(form.get_by_role("heading", name="Add an update")).to_be_visible()
    expect(form.get_by_label("When", exact=True)).to_have_value(long_day(in_days(-1)))
    form.get_by_label("Headline").fill("Met the clerk in the lobby")
    form.get_by_role("button", name="Add to the timeline").click()
    expect(item(page, "Met the clerk in the lobby")).to_be_attached()


def test_what_was_typed_outlives_a_lost_connection(browser: Browser, site: Site) -> None:
    page = browser.new_page(base_url=site.url, viewport=WIDE, storage_state=cookies(browser, site, "tom"))  # type: ignore[arg-type]
    page.goto(f"{site.campaign()}timeline/")
    page.locator("#picture .item[data-move]").first.focus()
    page.keyboard.press("m")
    form = page.get_by_role("dialog")
    form.get_by_label("Reason").fill("Kept")
    page.route("**/move/", lambda route: route.abort())
    form.get_by_role("button", name="Move the date").click()
    expect(form.get_by_role("alert")).to_contain_text("there is no connection")
    expect(form.get_by_label("Reason")).to_have_value("Kept")
    page.close()


def test_what_was_typed_outlives_a_session_and_a_site_that_is_down(browser: Browser, site: Site) -> None:
    """Whatever came instead of the form or the page behind it, nothing is taken for saved that was not."""
    signed_in = browser.new_context(
        base_url=site.url,
        viewport=WIDE,  # type: ignore[arg-type]
        storage_state=cookies(browser, site, "tom"),
    )
    page = signed_in.new_page()
    page.goto(f"{site.campaign()}timeline/")
    page.locator("#picture .lane.update .item").first.press("n")
    form = page.get_by_role("dialog")
    form.get_by_label("Headline").fill("Rang the committee office")
    add = form.get_by_role("button", name="Add to the timeline")
    for status in (503, 500, 403):
        page.route("**/add/update/**", broken(status))
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            add.click()
        expect(form.get_by_role("alert")).to_contain_text("Not saved: the site could not take it.")
        page.unroute("**/add/update/**")
    signed_in.clear_cookies(name="sessionid")
    add.click()
    expect(form.get_by_role("alert")).to_contain_text("sign in, in another tab, and save again")
    expect(form.get_by_label("Headline")).to_have_value("Rang the committee office")
    other = signed_in.new_page()
    sign_in(other, site, "tom")
    other.close()

    def behind(route: Route) -> None:
        """The page behind the form, asked for by the script: another one."""
        if route.request.resource_type == "fetch":
            route.fulfill(content_type="text/html", body="<main>Sign in</main>")
        else:
            route.continue_()

    page.route("**/timeline/", behind)
    add.click()
    expect(form).to_be_hidden()
    expect(item(page, "Rang the committee office")).to_be_attached()
    expect(page.locator("#found")).to_be_attached()
    signed_in.close()


def broken(status: int) -> Callable[[Route], None]:
    body = "<main><div class=narrow><h1>Something broke</h1></div></main>"
    return lambda route: route.fulfill(status=status, content_type="text/html", body=body)


def test_readers_get_nothing_to_write_with(visit: Visit, site: Site) -> None:
    page = visit("jo")
    page.goto(f"{site.campaign()}timeline/")
    expect(page.locator("[data-move], [data-add], #dialogue")).to_have_count(0)


def test_on_a_phone_it_fits_and_the_entry_is_below(visit: Visit, site: Site) -> None:
    page = visit(phone=True)
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    page.wait_for_timeout(SETTLED_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture = page.locator("#picture svg.picture").bounding_box()
    assert picture is not None and picture["width"] <= 390
    item(page, BILL).locator(".shape").click()
    expect(page.locator("#chosen")).to_be_visible()


def test_without_javascript_its_links_do_it_all(visit: Visit, site: Site) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    page.get_by_role("link", name="Closer").click()
    first, last = window(page)
    page.get_by_role("link", name="Later", exact=True).click()
    assert window(page)[0] > first
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    item(page, BILL).locator(".shape").click()
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    assert "/entries/" in page.url


def test_a_lost_connection_keeps_the_picture(browser: Browser, site: Site) -> None:
    page = browser.new_page(base_url=site.url, viewport=WIDE)  # type: ignore[arg-type]
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    page.wait_for_timeout(SETTLED_MS)
    marks = shapes(page).count()
    page.route("**/picture/**", lambda route: route.fulfill(status=503, body="away"))
    with page.expect_response("**/picture/**"):
        page.get_by_role("link", name="Closer").click()
    expect(page.locator("#picture .window")).to_contain_text("could not be brought up to date; trying again")
    assert shapes(page).count() == marks
    page.unroute("**/picture/**")
    expect(page.locator("#picture .window")).not_to_contain_text("could not")
    page.close()


def test_what_waits_to_be_tried_again_is_overtaken(browser: Browser, site: Site) -> None:
    """What the reader went to since stays, in the picture and in the address."""
    page = browser.new_page(base_url=site.url, viewport=WIDE)  # type: ignore[arg-type]
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    page.wait_for_timeout(SETTLED_MS)
    page.route("**/picture/**", lambda route: route.fulfill(status=503, body="away"))
    page.get_by_role("link", name="Closer").click()
    expect(page.locator("#picture .window")).to_contain_text("trying again")
    page.unroute("**/picture/**")
    page.get_by_role("link", name="Wider").click()
    page.wait_for_url("**from=**")
    shown, address = page.locator("#picture .window").inner_text(), page.url
    page.wait_for_timeout(RETRIED_MS)
    assert (page.locator("#picture .window").inner_text(), page.url) == (shown, address)
    page.close()


def test_every_action_has_a_key_and_a_focus_one_can_see(visit: Visit, site: Site) -> None:
    """Tab to the picture, through it by arrows, along a link, into an entry, to its path and back: never a
    mouse, and always a ring where one is."""
    page = visit("amira")
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    expect(shapes(page).first).to_be_visible()
    page.wait_for_timeout(SETTLED_MS)
    press = page.keyboard.press
    stops: list[str] = []
    for _ in range(60):
        press("Tab")
        stops.append(where(page))
        assert is_marked(page), stops[-1]
        if stops[-1].startswith("item"):
            break
    assert stops[-1].startswith("item") and len(stops) < 40
    assert [stop for stop in stops if stop.startswith("go")] == [
        *("go earlier", "go later", "go closer", "go wider", "go all", "go today")
    ]
    seen = set()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "End", "Home"):
        press(key)
        assert where(page).startswith("item") and is_marked(page), key
        seen.add(where(page))
    assert len(seen) >= 4
    whole = page.locator("#picture .window").inner_text()
    for key in ("+", "-", "t"):
        before = page.locator("#picture .window").inner_text()
        press(key)
        expect(page.locator("#picture .window")).not_to_have_text(before)
        page.wait_for_timeout(SETTLED_MS)
    page.locator("#picture [data-go=all]").focus()
    press("Enter")
    expect(page.locator("#picture .window")).to_have_text(whole)
    item(page, BILL).focus()
    press("l")
    assert where(page).startswith("item") and BILL not in focused(page)
    press("Enter")
    chosen = page.locator("#chosen")
    expect(chosen.locator("h2").first).to_be_focused()
    for _ in range(20):
        press("Tab")
        assert is_marked(page)
        if page.evaluate("document.activeElement.textContent").startswith("Follow its path"):
            break
    press("Enter")
    page.wait_for_url("**path=**")
    expect(page.locator("#picture .tie").first).to_be_attached()
    for _ in range(60):
        press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Leave the path":
            break
    assert is_marked(page)
    press("Enter")
    page.wait_for_url(lambda url: "path=" not in url)


def where(page: Page) -> str:
    """What has the focus: "item 12", "go later", or its text."""
    return str(
        page.evaluate(
            """() => {
                const it = document.activeElement, data = it.dataset;
                if (data.pk) return `item ${data.pk}`;
                return data.go ? `go ${data.go}` : it.textContent.trim().slice(0, 60);
            }"""
        )
    )


def is_marked(page: Page) -> bool:
    """Whether one can see that it has the focus: an outline, or the ring of a mark in the picture."""
    return bool(
        page.evaluate(
            """() => {
                const it = document.activeElement;
                if (it.matches("#picture .item, #picture .column")) {
                    const ring = it.querySelector(".shape") || it.querySelector("rect");
                    return parseFloat(getComputedStyle(ring).strokeWidth) >= 3;
                }
                const {outlineStyle, outlineWidth} = getComputedStyle(it);
                return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
            }"""
        )
    )


def test_a_path_is_drawn_for_good_and_moves_with_its_marks(bill: Page, site: Site) -> None:
    pk = site.entry(BILL).rstrip("/").rpartition("/")[2]
    bill.goto(f"{site.campaign(TRUE_STORY)}timeline/?path={pk}")
    bill.wait_for_timeout(SETTLED_MS)
    expect(bill.locator("#picture .tie")).not_to_have_count(0)
    assert bill.locator(".tie").count() == bill.locator(".follows").count()
    x, y = middle(item(bill, BILL).locator(".shape"))
    bill.mouse.move(600, y + 60)
    bill.mouse.down()
    bill.mouse.move(500, y + 60, steps=3)
    apart: float = bill.evaluate(
        """pk => {
            const mark = document.querySelector(`#m${pk} .shape`).getBoundingClientRect();
            const middle = mark.x + mark.width / 2;
            return Math.min(...[...document.querySelectorAll(".tie")].map(tie => {
                const end = tie.getPointAtLength(tie.getTotalLength()), box = tie.getScreenCTM();
                return Math.abs(end.x * box.a + box.e - middle);
            }));
        }""",
        pk,
    )
    bill.mouse.up()
    assert apart < 2
    assert middle(item(bill, BILL).locator(".shape"))[0] < x - 50


def test_an_overtaken_request_is_dropped(bill: Page) -> None:
    """The first answer comes last: what was asked for later stays, in the picture and in the address."""
    held: list[Any] = []

    def hold(route: Any) -> None:
        if not held:
            held.append(route)
        else:
            route.continue_()

    bill.route("**/picture/**", hold)
    bill.get_by_role("link", name="Closer").click()
    bill.wait_for_timeout(100)
    bill.get_by_role("link", name="Wider").click()
    bill.wait_for_url("**from=**")
    later = bill.locator("#picture .window").inner_text()
    address = bill.url
    held[0].continue_()
    bill.wait_for_timeout(SETTLED_MS)
    assert (bill.locator("#picture .window").inner_text(), bill.url) == (later, address)
    first, last = window(bill)
    assert (last - first).days > 2_000


def test_a_link_to_this_view_and_to_an_entry_is_copied(visit: Visit, site: Site) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    page.get_by_role("link", name="Closer").click()
    page.wait_for_url("**from=**")
    page.get_by_role("button", name="Copy a link to this view").click()
    expect(page.locator(".share [data-copied]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    item(page, BILL).focus()
    page.keyboard.press("Enter")
    page.locator("#chosen").get_by_role("button", name="Copy a link to this entry").click()
    expect(page.locator("#chosen [data-copied]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == site.url + site.entry(BILL)


def test_at_four_times_the_size_nothing_is_lost(browser: Browser, site: Site) -> None:
    """1280 pixels zoomed to 400 % are 320: no page that scrolls both ways, every mark and every row there."""
    page = browser.new_page(base_url=site.url, viewport={"width": 320, "height": 256}, device_scale_factor=4)
    pk = site.entry(BILL).rstrip("/").rpartition("/")[2]
    for query in ("", f"?path={pk}", "?asof=2021-06-01"):
        page.goto(f"{site.campaign(TRUE_STORY)}timeline/{query}")
        expect(page.locator("#picture svg.picture")).to_have_attribute("width", re.compile(r"^[123]\d\d$"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, query
        assert shapes(page).count() >= 5
        for name in ("Closer", "Later", "Everything"):
            expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
        expect(page.locator(".row", has_text=BILL).first).to_be_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_marks_lines_and_focus_are_seen(browser: Browser, site: Site, scheme: Any) -> None:
    page = browser.new_page(
        base_url=site.url,
        viewport=WIDE,  # type: ignore[arg-type]
        forced_colors="active",
        color_scheme=scheme,
    )
    page.goto(f"{site.campaign(TRUE_STORY)}timeline/")
    page.wait_for_timeout(SETTLED_MS)
    colours: dict[str, Any] = page.evaluate(
        """() => {
            const of = (selector, what) => getComputedStyle(document.querySelector(selector))[what];
            const item = "#picture .milestone.met";
            return {
                paper: getComputedStyle(document.documentElement).backgroundColor,
                shape: of(`${item} .shape`, "stroke"),
                label: of(`${item} .label`, "fill"),
                said: of(`${item} .said`, "fill"),
                slip: of("#picture .slip", "stroke"),
                rule: of("#picture .rule", "stroke"),
                held: of(".strip .held", "stroke"),
            };
        }"""
    )
    paper = colours.pop("paper")
    assert {name for name, colour in colours.items() if colour in (paper, "none")} == set()
    page.close()


def test_with_reduced_motion_nothing_moves_by_itself(bill: Page) -> None:
    assert bill.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    moving = bill.evaluate(
        """() => [...document.querySelectorAll("*")].filter(each => {
            const style = getComputedStyle(each);
            const seconds = text => Math.max(...text.split(",").map(parseFloat));
            return seconds(style.transitionDuration) > 0 || seconds(style.animationDuration) > 0;
        }).map(each => each.tagName)"""
    )
    assert moving == []
    item(bill, BILL).focus()
    bill.keyboard.press("Enter")
    expect(bill.locator("#chosen h2").first).to_be_focused()
