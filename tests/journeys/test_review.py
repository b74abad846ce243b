"""An article pasted and reviewed on a phone: what is accepted stands on the timeline, with its source."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from apps.dates import long_day
from tests.journeys.conftest import PHONE, Visit, cookies, in_days
from tests.journeys.site import Site
from tests.pictures import picture

DEADLINE = in_days(60)
YEAR = DEADLINE.year
ARTICLE = f"""Grooming offences double as ministers delay stream safety law

Police in Northmarch recorded 389 online grooming offences in 2019/20, a 104% increase on 191 the \
year before, figures released to the Harbour Children’s Trust show. Across the region 1,220 offences \
were recorded.

“Every month of delay leaves children open to harm that could have been prevented,” said Nadia \
Okonjo, Director of Policy at the Harbour Children’s Trust.

Ministers must publish a full response to the consultation by {long_day(DEADLINE)}. The Stream \
Safety Bill is due to be introduced in spring {YEAR + 1}, and would be on the statute book by the \
end of {YEAR + 2}. A first review is expected in autumn {YEAR + 2}. It is eighteen months since the \
White Paper was published.

A spokesperson for the Department for Digital Affairs said: “We will bring forward world-leading \
laws as soon as parliamentary time allows.”
"""


def paste(page: Page, site: Site, text: str = ARTICLE) -> None:
    page.goto(f"{site.campaign()}add/text/")
    page.get_by_label("Paste the text").fill(text)
    page.get_by_text("About it: title, publisher, date").click()
    page.get_by_label("When it was published").fill(long_day(in_days(-1)))
    page.get_by_label("Who published it").fill("The Northmarch Echo")
    look_for_facts(page)


def look_for_facts(page: Page) -> None:
    """Press the button; and once more where the text is like one of another journey."""
    page.get_by_role("button", name="Look for facts in it").click()
    found = page.get_by_role("heading", name="What was found in it")
    anyway = page.get_by_role("button", name="Read it anyway")
    expect(found.or_(anyway)).to_be_visible()
    if anyway.is_visible():
        anyway.click()
    expect(found).to_be_visible()


def card(page: Page, kind: str, holding: str) -> str:
    """The selector of a proposal, which stays the same when its card is put anew."""
    found = page.locator(f".proposal.{kind}", has_text=holding).first
    return f"#{found.get_attribute('id')}"


def test_a_pasted_article_is_on_the_timeline_a_minute_later(visit: Visit, site: Site) -> None:
    page = visit("tom", phone=True)
    paste(page, site)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.locator(".proposal.quote").count() == 2
    assert page.locator(".proposal.statistic").count() == 4
    assert page.locator(".proposal.milestone, .proposal.update").count() == 5
    expect(page.locator(".proposal.statistic", has_text="104%").first).to_contain_text("consistent")

    quote = card(page, "quote", "Every month of delay")
    page.locator(quote).get_by_role("link", name="In the text").click()
    expect(page.locator("a.found.chosen")).to_have_text(re.compile("Every month of delay"))
    page.locator(quote).get_by_role("button", name="Accept").click()
    expect(page.locator(quote)).to_contain_text("Accepted by Tom")

    figure = card(page, "statistic", "389")
    page.locator(figure).get_by_role("button", name="Change").click()
    page.locator(figure).get_by_label("Area").fill("Northmarch")
    page.locator(figure).get_by_label("Change as stated").fill("104%")
    page.locator(figure).locator("[data-accept]").click()
    expect(page.locator(figure)).to_contain_text("Accepted by Tom")

    deadline = card(page, "milestone", "full response to the consultation")
    page.locator(deadline).get_by_role("button", name="Accept").click()
    expect(page.locator(deadline)).to_contain_text("Accepted by Tom")
    expect(page.locator("#progress")).to_have_text("3 of 11 decided")

    page.locator(deadline).get_by_role("link", name="The entry").click()
    expect(page.locator("#reminders")).to_contain_text("Planned")
    page.goto(f"{site.campaign()}timeline/?words=grooming")
    expect(page.locator(".row", has_text="389 offences").first).to_be_visible()
    page.goto(f"{site.campaign()}timeline/?words=prevented")
    page.locator(".row").get_by_role("link", name=re.compile("Every month of delay")).click()
    expect(page.locator(".card")).to_contain_text("verified")
    page.get_by_role("link", name="The words in the kept text").click()
    expect(page.locator("#words")).to_have_text(re.compile("^Every month of delay leaves children"))


def change(found: Locator) -> None:
    """Open its form, and wait until its first field has the focus, as people do."""
    found.get_by_role("button", name="Change").click()
    expect(found.get_by_label("Its words in the text")).to_be_focused()


TEXT = "“{word} shall be asked again and again, and we shall say so,” said Jo Smith, of the Harbour Trust."


def test_the_keys_act_in_the_list_and_nowhere_else(visit: Visit, site: Site) -> None:
    page = visit("tom")
    paste(page, site, TEXT.format(word="Oakley") + "\n\n" + TEXT.format(word="Ashby"))
    first, second = page.locator(".proposal").nth(0), page.locator(".proposal").nth(1)
    page.locator("h1").click()
    page.keyboard.press("x")
    expect(first.locator("details.no")).not_to_have_attribute("open", "")
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.type("Already here")
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_have_text("1 of 2 decided")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_have_text("2 of 2 decided")


def test_nothing_typed_is_lost_with_the_connection(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, storage_state=cookies(browser, site, "tom"))
    page = context.new_page()  # not one of `visit`, which minds what a lost connection leaves in the console
    paste(page, site, TEXT.format(word="Birch"))
    found = page.locator(".proposal").first
    change(found)
    found.locator("[name=note]").fill("Typed in a tunnel")
    expect(found.locator("[data-kept]")).to_contain_text("Kept in this browser")
    page.context.set_offline(True)
    found.locator("[data-accept]").click()
    expect(found.locator("[data-kept]")).to_contain_text("There is no connection. Nothing was sent")
    page.context.set_offline(False)
    page.reload()
    change(found)
    expect(found.locator("[name=note]")).to_have_value("Typed in a tunnel")
    expect(found.locator("[data-kept]")).to_contain_text("is back")
    context.close()


def test_the_button_stays_under_the_finger_as_what_is_typed_is_kept(visit: Visit, site: Site) -> None:
    page = visit("tom", phone=True)
    page.goto(f"{site.campaign()}log/")
    button, kept = page.get_by_role("button", name="Log it"), page.locator("[data-kept]")
    places = [button.bounding_box()]
    page.get_by_label("What happened").fill("We met")
    for said in ("Kept in this browser", "for your other devices too"):
        expect(kept).to_contain_text(said)
        places.append(button.bounding_box())
    page.get_by_label("When", exact=True).focus()
    expect(kept).to_contain_text("for your other devices too")
    assert [place == places[0] for place in places] == [True, True, True]


def test_what_is_typed_on_one_device_is_there_on_another(visit: Visit, site: Site) -> None:
    phone, desk = visit("tom", phone=True), visit("tom")
    paste(phone, site, TEXT.format(word="Fir"))
    address = phone.url
    found = phone.locator(".proposal").first
    change(found)
    found.locator("[name=note]").fill("Typed on the bus")
    expect(found.locator("[data-kept]")).to_contain_text("for your other devices too")
    desk.goto(address)
    found = desk.locator(".proposal").first
    change(found)
    expect(found.locator("[name=note]")).to_have_value("Typed on the bus")
    found.locator("[name=note]").fill("Typed on the bus, and at the desk")
    expect(found.locator("[data-kept]")).to_contain_text("for your other devices too")
    phone.reload()
    found = phone.locator(".proposal").first
    change(found)
    expect(found.locator("[name=note]")).to_have_value("Typed on the bus, and at the desk")
    with phone.expect_response(lambda answer: answer.url.endswith("/me/drafts/") and answer.status == 200):
        found.locator("[data-accept]").click()
        expect(found).to_contain_text("Accepted by Tom")
    kept = phone.evaluate("fetch('/me/drafts/').then((answer) => answer.json())")
    assert [name for name in kept["drafts"] if name.startswith("proposal-")] == []


def test_a_photo_goes_with_an_update_logged_on_a_phone(visit: Visit, site: Site) -> None:
    page = visit("tom", phone=True)
    page.goto(f"{site.campaign()}log/")
    page.get_by_label("What happened").fill("At the minister’s door")
    page.get_by_label("Photo").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", size=(1200, 900), gps=True)}
    )
    page.get_by_role("button", name="Log it").click()
    photo = page.get_by_role("img", name="Photo: At the minister’s door")
    expect(photo).to_be_visible()
    expect(photo).to_have_js_property("naturalWidth", 1200)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_two_reviewers_see_each_other(visit: Visit, site: Site) -> None:
    tom, priya = visit("tom"), visit("priya")
    paste(tom, site, TEXT.format(word="Cedar"))
    priya.goto(tom.url)
    tom.locator(".proposal").first.get_by_role("button", name="Change").click()
    expect(tom.locator(".proposal form.narrow")).to_be_visible()
    priya.locator(".proposal").first.get_by_role("button", name="Accept").click()
    expect(priya.get_by_role("alert")).to_contain_text("Tom Ellery is looking at this one, and has it until")
    priya.reload()
    expect(priya.get_by_text("Tom Ellery is reviewing this text, too.")).to_be_visible()


def test_what_another_decides_appears_without_loading_the_page_again(visit: Visit, site: Site) -> None:
    tom, priya = visit("tom"), visit("priya")
    paste(tom, site, TEXT.format(word="Rowan"))
    priya.clock.install()
    priya.goto(tom.url)
    tom.locator(".proposal").first.get_by_role("button", name="Accept").click()
    expect(tom.locator(".proposal").first).to_contain_text("Accepted by Tom")
    expect(priya.get_by_text("Accepted by Tom")).to_have_count(0)
    priya.clock.fast_forward(16_000)
    expect(priya.get_by_text("Tom Ellery is reviewing this text, too.")).to_be_visible()
    expect(priya.locator(".proposal").first).to_contain_text("Accepted by Tom")
    expect(priya.locator("[data-text] .accepted").first).to_be_visible()


def test_words_marked_in_the_text_go_into_the_form(visit: Visit, site: Site) -> None:
    page = visit("tom")
    paste(page, site, "😀 " + TEXT.format(word="Dogwood"))
    found = page.locator(".proposal").first
    change(found)
    expect(found.get_by_label("Its words in the text")).to_have_value(re.compile("^Dogwood"))
    page.evaluate(
        """() => {
            const node = document.querySelector("[data-text] a.found").firstChild;
            const range = document.createRange();
            range.setStart(node, 0);
            range.setEnd(node, "Dogwood shall be asked again".length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    expect(found.get_by_label("Its words in the text")).to_have_value("Dogwood shall be asked again")
    found.locator("[data-accept]").click()
    expect(page.locator("a.found.accepted, .proposal.accepted").first).to_be_visible()
    page.reload()
    expect(page.locator("a.found")).to_have_text("Dogwood shall be asked again")


def test_all_of_it_works_without_javascript(visit: Visit, site: Site) -> None:
    page = visit("tom", java_script_enabled=False)
    page.goto(f"{site.campaign()}add/text/")
    page.get_by_label("Paste the text").fill(TEXT.format(word="Elder"))
    look_for_facts(page)
    page.get_by_role("button", name="Change").click()
    page.locator("[name=note]").fill("Without scripts")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator(".proposal").first).to_contain_text("Accepted by Tom")
