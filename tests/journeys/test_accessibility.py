"""Every page under axe-core, in light and dark, on a desk and on a phone: no finding of any weight.

By default each page is looked at twice, light and wide, dark and narrow; with THOROUGH set, all four ways.
"""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from apps.desk.demo import planted
from apps.desk.urls import urlpatterns
from script.broker import ROOT
from script.serve import manage
from tests.journeys.conftest import PHONE, WIDE, Visit, cookies
from tests.journeys.site import PARTS, TRUE_STORY, Site, environment

LIGHT_WIDE, DARK_NARROW = ("light", WIDE), ("dark", PHONE)
WAYS = [LIGHT_WIDE, DARK_NARROW]
if os.environ.get("THOROUGH"):
    WAYS += [("dark", WIDE), ("light", PHONE)]

NO_PAGES = {
    *("healthz", "find", "feed", "revoke_feed", "picture", "embedded_picture", "compared"),
    *("timeline_json", "timeline_timelinejs", "timeline_atom"),
    *("timeline_svg", "timeline_png", "timeline_pdf", "card"),
    *("approve", "withdraw", "restore", "revoke_clearance", "reopen"),
    *("submit_quote", "withdraw_consent", "consent_file", "extend_embargo"),
    *("switch_channel", "test_channel", "remove_channel", "read_messages", "mute", "release"),
    *("remove_pack", "arrange_pack", "keep_found", "export_pack", "export_version"),
    *("chart", "unmute_finding", "manifest"),
    *("send_found", "mark_found", "act_on_queue", "claim_proposal", "accept_proposal", "reject_proposal"),
    *("leave_proposal", "ask_second_pair", "drafts", "proposal_photo", "entry_photo"),
    *("look_at_bill", "approve_bill", "stop_bill", "follow_bill_again", "settle_conflict"),
    *("bill_carried_over", "entry_trend", "bill_trend", "organisation_trend", "person_trend"),
    *("remove_link", "remove_post", "change_member", "remove_member", "withdraw_invitation"),
    *("article_now", "article_original", "original", "queue_now", "take_off"),
    *("look_at_monitor", "approve_monitor", "pause_monitor", "resume_monitor", "remove_monitor"),
    *("import_template", "export_entries", "write_import", "undo_import", "throw_import", "import_to_mend"),
}
"""Addresses that only take a button's press, or answer machines."""

RUN_AXE = "axe.run(document, {resultTypes: ['violations']}).then(results => results.violations)"

MILESTONE, SETTLED = "Minister’s answer on the duty to check", "Live Streaming (Safety) Bill introduced"
STATISTIC, UPDATE = "1,284 reports of harm in live streams in {last_year}", "First day of oral evidence"
STORY = "Mia, 16: I did not sleep"
QUOTE, EMBARGOED = "Glimmer Live: safety first", "Nobody knew what to do (embargoed)"
DRAFT, UNCLEARED = "Glimmer Live closes its rooms for under-16s at night", "The minister on the duty to check"
PACK = "How late is the Bill?"
PERSON, BODY, SOURCE = "Rhys Pellow", "Harbour Children’s Trust", "Plan of work"

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Place:
    """A page: its address (<headline>, <people:name> stand for addresses), who looks, what they do there."""

    name: str
    address: str
    who: str = "amira"
    act: Act | None = None
    status: int = 200


def send(**filled: str) -> Act:
    """Fill fields by their names, and press the form's first button."""

    def act(page: Page) -> None:
        form = page.locator("main form[method=post]:has(.actions)").last
        for name, text in filled.items():
            form.locator(f"[name={name}]").fill(text)
        form.locator(".actions button").first.click()
        page.wait_for_load_state()

    return act


def refused(**filled: str) -> Act:
    """The same, with a form that says what is wrong."""

    def act(page: Page) -> None:
        send(**filled)(page)
        expect(page.get_by_role("alert")).to_be_visible()

    return act


def add_a_monitor(page: Page) -> None:
    send(name="Rivers in the papers", words="rivers", addresses="https://example.org/feed.xml")(page)
    page.wait_for_url("**/monitors/*/")


def change_a_monitor(page: Page) -> None:
    add_a_monitor(page)
    page.goto(f"{page.url}edit/")


def read_the_first(page: Page) -> None:
    page.get_by_role("link", name=planted.HEADLINE).first.click()
    page.wait_for_url("**/messages/*/")


def read_what_it_said(page: Page) -> None:
    page.get_by_role("link", name="what it said").first.click()
    page.wait_for_url("**/reminders/*/")


SHEET = "Headline,When\nA fact out of a sheet,2020\nAnother,soon\n"


def hand_in(page: Page) -> None:
    page.get_by_label("Updates").check()
    page.get_by_label("The file").set_input_files(
        {"name": "facts.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    )
    page.get_by_role("button", name="Read it").click()
    page.wait_for_url("**/columns/")


def choose_wrong(page: Page) -> None:
    hand_in(page)
    page.get_by_label("Headline", exact=True).select_option("note")
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.get_by_role("alert")).to_be_visible()


def look_at_rows(page: Page) -> None:
    hand_in(page)
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.locator(".sentence")).to_be_visible()


def import_rows(page: Page) -> None:
    look_at_rows(page)
    page.get_by_role("button", name="Import the 1 good row only").click()
    page.get_by_text("Undo the whole import").click()


def undo_rows(page: Page) -> None:
    page.locator("td a", has_text="facts.csv").first.click()
    page.get_by_text("Undo the whole import").click()
    page.get_by_role("button", name="Undo it").click()
    expect(page.locator(".sentence")).to_contain_text("was undone")


def write_beside_the_first(page: Page) -> None:
    page.get_by_role("link", name="Write a note").nth(1).click()
    page.wait_for_url("**/things/*/")


def follow(link: str, to: str) -> Act:
    """Follows the first link so named, to an address that ends so."""

    def act(page: Page) -> None:
        page.locator("main a", has_text=link).first.click()
        page.wait_for_url(f"**/{to}/")

    return act


def read_the_words(page: Page) -> None:
    page.get_by_role("link", name="The words in the kept text").click()
    page.wait_for_url("**/text/*/*")


def make_an_address(page: Page) -> None:
    page.get_by_role("button", name="Make a calendar address").first.click()
    expect(page.get_by_role("heading", name="Your calendar address")).to_be_visible()


def open_all(page: Page) -> None:
    """Unfold everything that is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")


def review(page: Page) -> None:
    """Open the text that the demo has in review, and the form of what was found first in it."""
    page.get_by_role("link", name="Reports of harm in streams double").first.click()
    page.wait_for_url("**/texts/*/**")
    page.locator("[data-do=change]").first.click()
    expect(page.locator(".proposal form.narrow").first).to_be_visible()
    open_all(page)


def change_by_hand(page: Page) -> None:
    """The page of one proposal, as without JavaScript."""
    pk = page.locator(".proposal.statistic").first.get_attribute("data-proposal")
    page.goto(page.url.replace("queue/", f"proposals/{pk}/"))


def read_by_hand(page: Page) -> None:
    pk = page.locator(".proposal.statistic").first.get_attribute("data-proposal")
    page.goto(page.url.replace("queue/", f"proposals/{pk}/read/"))


VISITOR = ""
PLACES = [
    Place("welcome", "/", VISITOR),
    Place("sign-in", "/accounts/login/", VISITOR),
    Place("sign-in refused", "/accounts/login/", VISITOR, refused(login="amira", password="not hers")),
    Place("sign-up closed", "/accounts/signup/", VISITOR),
    Place("forgotten password", "/accounts/password/reset/", VISITOR),
    Place("public campaign", "{true}", VISITOR),
    Place("public timeline", "{true}timeline/", VISITOR),
    Place("public entry", "<Online Harms Bill on the statute book>", VISITOR),
    Place("invitation gone", "/invitations/nonsense/", VISITOR, status=404),
    Place("my campaigns", "/"),
    Place("my campaigns, none", "/", "admin"),
    Place("start a campaign", "/campaigns/new/"),
    Place("start a campaign, refused", "/campaigns/new/", act=refused(time_zone="Mars/Olympus")),
    Place("profile", "/me/"),
    Place("profile, refused", "/me/", act=refused(time_zone="Mars/Olympus")),
    Place("add a service", "/me/channels/add/service/"),
    Place("add a service, refused", "/me/channels/add/service/", act=refused(name="x", address="x")),
    Place("add a webhook", "/me/channels/add/webhook/"),
    Place(
        "webhook added",
        "/me/channels/add/webhook/",
        "priya",
        send(name="Our server", address="https://example.org/hook"),
    ),
    Place("profile with a channel", "/me/", "priya"),
    Place("change password", "/accounts/password/change/"),
    Place("change e-mail", "/accounts/email/"),
    Place("sign out", "/accounts/logout/"),
    Place("campaign", "{here}"),
    Place("campaign, empty", "{quiet}"),
    Place("campaign as its viewer", "{here}", "jo"),
    Place("timeline", "{here}timeline/"),
    Place("timeline, long", "{true}timeline/"),
    Place("timeline, along a path", "{true}timeline/?path={bill}", VISITOR),
    Place("timeline, as of a day", "{true}timeline/?asof=2021-06-01", VISITOR),
    Place("timeline, everything unfolded", "{true}timeline/", act=open_all),
    Place("frame, along a path", "{frame}?path={bill}", VISITOR),
    Place("timeline, filtered", "{here}timeline/?words=Glimmer&kind=quote&start=2020"),
    Place("timeline, refused", "{here}timeline/?start=nonsense&person=Nobody+Here"),
    Place("timeline, nothing fits", "{here}timeline/?words=xylophone"),
    Place("timeline, damaged place", "{here}timeline/?after=nonsense"),
    Place("timeline, empty", "{quiet}timeline/"),
    Place("share", "{true}share/?from=2020&kind=quote", VISITOR),
    Place("share, not public", "{here}share/"),
    Place("frame on other sites", "{frame}", VISITOR),
    Place("milestone", f"<{MILESTONE}>"),
    Place("milestone, overdue and moved", "<Response to the consultation>"),
    Place("milestone, settled", f"<{SETTLED}>"),
    Place("milestone as its viewer", f"<{MILESTONE}>", "jo"),
    Place("statistic", f"<{STATISTIC}>"),
    Place("statistic that does not add up", "<Services answered 62% more reports, says Glimmer Live>"),
    Place("all series", "{true}series/", VISITOR),
    Place("series", "{true}series/1/", VISITOR),
    Place("edit a series", "{true}series/1/edit/"),
    Place("health", "{here}health/"),
    Place("mute a finding", "{here}health/", act=follow("Mute", "mute")),
    Place("take a drafted line", "{here}health/", act=follow("Take it", "take")),
    Place("dismiss a drafted line", "{here}health/", act=follow("Dismiss", "dismiss")),
    Place("quote", f"<{QUOTE}>"),
    Place("quote, embargoed", f"<{EMBARGOED}>"),
    Place("quote, not cleared", f"<{UNCLEARED}>", "priya"),
    Place("case study", f"<{STORY}>", "priya", act=open_all),
    Place("clear a quote", f"<{UNCLEARED}>clear/", "priya"),
    Place("clear a quote, refused", f"<{UNCLEARED}>clear/", "priya", refused(until="yesterday")),
    Place("record a consent", f"<{STORY}>consent/", "priya"),
    Place("record a consent, refused", f"<{STORY}>consent/", "priya", refused(person="")),
    Place("copy a quote", f"<{QUOTE}>copy/", "priya"),
    Place("copy a quote, refused", f"<{QUOTE}>copy/?short=Never", "priya"),
    Place("kept text", "<A duty to answer within a day>", "priya", read_the_words),
    Place("update", f"<{UPDATE}>"),
    Place("update, draft", f"<{DRAFT}>"),
    *[
        Place(f"add a {kind}", f"{{here}}add/{kind}/", act=open_all)
        for kind in ("milestone", "statistic", "quote", "update")
    ],
    *[
        Place(f"add a {kind}, refused", f"{{here}}add/{kind}/", act=refused())
        for kind in ("milestone", "statistic", "quote", "update")
    ],
    Place("add an update on the run", "{here}add/update/", "lewis"),
    Place("edit a milestone", f"<{MILESTONE}>edit/"),
    Place("edit a milestone, refused", f"<{MILESTONE}>edit/", act=refused(headline="")),
    Place("edit a statistic", f"<{STATISTIC}>edit/", act=open_all),
    Place("edit a statistic, refused", f"<{STATISTIC}>edit/", act=refused(measure="")),
    Place("edit a quote", f"<{QUOTE}>edit/", act=open_all),
    Place("edit a quote, refused", f"<{QUOTE}>edit/", act=refused(words="")),
    Place("edit an update", f"<{UPDATE}>edit/"),
    Place("edit an update, refused", f"<{UPDATE}>edit/", act=refused(date="soon")),
    Place("move the date", f"<{MILESTONE}>move/"),
    Place("move the date, refused", f"<{MILESTONE}>move/", act=refused()),
    Place("mark", f"<{MILESTONE}>mark/"),
    Place("mark, refused", f"<{MILESTONE}>mark/", act=refused()),
    Place("link", f"<{QUOTE}>link/"),
    Place("link, refused", f"<{QUOTE}>link/", act=refused(other="No such entry")),
    Place("search, nothing asked", "{here}search/", act=open_all),
    Place("search", "{here}search/?q=glimmer"),
    Place("search, narrowed", "{here}search/?q=glimmer&kind=quote&start=2020&standing=cleared", act=open_all),
    Place("search, a name mistyped", "{here}search/?q=Pelow"),
    Place("search, refused", "{here}search/?q=-draft&start=nonsense"),
    Place("search, nothing found", "{here}search/?q=xylophone"),
    Place("search everywhere", "/search/?q=harm", VISITOR),
    Place("people", "{here}people/"),
    Place("people, none of that name", "{here}people/?q=xylophone"),
    Place("people, empty", "{quiet}people/"),
    Place("person", f"<people:{PERSON}>"),
    Place("add a person", "{here}people/new/"),
    Place("add a person, refused", "{here}people/new/", act=refused()),
    Place("edit a person", f"<people:{PERSON}>edit/"),
    Place("add a post", f"<people:{PERSON}>posts/new/"),
    Place("add a post, refused", f"<people:{PERSON}>posts/new/", act=refused()),
    Place("organisation", f"<organisations:{BODY}>"),
    Place("add an organisation", "{here}organisations/new/"),
    Place("add an organisation, refused", "{here}organisations/new/", act=refused()),
    Place("edit an organisation", f"<organisations:{BODY}>edit/"),
    Place("sources", "{here}sources/"),
    Place("sources, empty", "{quiet}sources/"),
    Place("source", f"<sources:{SOURCE}>"),
    Place("source with its text", "<sources:Our approach to safety>", act=open_all),
    Place("add a source", "{here}sources/new/"),
    Place("add a source, refused", "{here}sources/new/", act=refused()),
    Place("edit a source", f"<sources:{SOURCE}>edit/"),
    Place("keep a source’s text", f"<sources:{SOURCE}>text/"),
    Place("keep a source’s text, refused", f"<sources:{SOURCE}>text/", act=refused()),
    Place("bills", "{bills}bills/"),
    Place("bills, none", "{quiet}bills/"),
    Place("follow a bill", "{here}bills/follow/"),
    Place("bill", "{bills}bills/2/", act=open_all),
    Place("bill whose dates gave way", "{true}bills/1/", act=open_all),
    Place("bill that fell", "{bills}bills/2/fell/"),
    Place("bill that fell, refused", "{bills}bills/2/fell/", act=refused(on="soon")),
    Place("monitors, none", "{quiet}monitors/"),
    Place("add a monitor", "{here}monitors/add/"),
    Place("add a monitor, refused", "{here}monitors/add/", act=refused(addresses="soon")),
    Place("monitor", "{here}monitors/add/", act=add_a_monitor),
    Place("change a monitor", "{here}monitors/add/", act=change_a_monitor),
    Place("hang a milestone", f"<{MILESTONE}>hang/"),
    Place("hang a milestone, refused", f"<{MILESTONE}>hang/", act=refused()),
    Place("slips", "{true}slips/"),
    Place("slips of bodies", "{true}slips/?by=organisation"),
    Place("slips, none", "{quiet}slips/"),
    Place("bill that is looked at now", "{bills}bills/3/"),
    Place("change a bill", "{bills}bills/2/change/"),
    Place("change a bill, refused", "{bills}bills/2/change/", act=refused(promise="No such thing")),
    Place("packs", "{true}packs/"),
    Place("packs, none", "{quiet}packs/"),
    Place("start a pack", "{here}packs/new/"),
    Place("start a pack, refused", "{here}packs/new/", act=refused(title="x", as_of="soon")),
    Place("put in a pack", "{true}packs/put/?timeline=kind%3Dquote"),
    Place("put in a pack, refused", "{here}packs/put/?timeline=kind%3Dquote", act=refused()),
    Place("pack", f"<packs:{PACK}>"),
    Place("change a pack", f"<packs:{PACK}>change/"),
    Place("change a pack, refused", f"<packs:{PACK}>change/", act=refused(title="")),
    Place("a note in a pack", f"<packs:{PACK}>notes/new/"),
    Place("a note in a pack, refused", f"<packs:{PACK}>notes/new/", act=refused()),
    Place("a note beside an entry", f"<packs:{PACK}>", act=write_beside_the_first),
    Place("version of a pack", f"<packs:{PACK}>versions/1/"),
    Place("members", "{here}members/"),
    Place("members as their viewer", "{here}members/", "jo"),
    Place("invite", "{here}members/invite/"),
    Place("invite, refused", "{here}members/invite/", act=refused(email="nobody")),
    Place("invited", "{here}members/invite/", act=send(email="long.name.of.somebody@example.org")),
    Place("settings", "{here}settings/"),
    Place("settings, refused", "{here}settings/", act=refused(name="")),
    Place("reminders", "{here}reminders/"),
    Place("reminders, empty", "{quiet}reminders/"),
    Place("reminders, of one state", "{here}reminders/?state=planned"),
    Place("reminders, refused filter", "{here}reminders/?start=nonsense&person=x"),
    Place("reminders, refused ladder", "{here}reminders/", act=refused(days="soon")),
    Place("reminder", "{here}reminders/?state=sent", act=read_what_it_said),
    Place("my reminders", "/reminders/"),
    Place("my reminders, none", "/reminders/", "admin"),
    Place("what I want otherwise", "{here}reminders/mine/"),
    Place("what I want otherwise, refused", "{here}reminders/mine/", act=refused(own_days="soon")),
    Place("what its viewer wants otherwise", "{here}reminders/mine/", "jo"),
    Place("a milestone’s ladder", f"<{MILESTONE}>ladder/"),
    Place("a milestone’s ladder, refused", f"<{MILESTONE}>ladder/", act=refused(days="soon")),
    Place("health", "/health/", "admin"),
    Place("answer", "/answer/{letter}/", VISITOR),
    Place("answer, to a damaged link", "/answer/nonsense/", VISITOR, status=404),
    Place("unsubscribe", "/unsubscribe/{letter}/", VISITOR),
    Place("deadlines", "/deadlines/"),
    Place("deadlines, filtered", "/deadlines/?status=overdue&sort=-slipped"),
    Place("deadlines, refused", "/deadlines/?start=nonsense"),
    Place("deadlines, none", "/deadlines/", "admin"),
    Place("compare, nothing chosen", "/compare/"),
    Place("compare", "/compare/?c={here_slug}&c={true_slug}"),
    Place(
        "compare, every kind", "/compare/?c={true_slug}&kind=milestone&kind=statistic&kind=quote&kind=update"
    ),
    Place("compare, refused", "/compare/?c=nowhere&kind=x&from=nonsense"),
    Place("compare, as a visitor", "/compare/", VISITOR),
    Place("promises", "/compare/?organisation=HM+Government"),
    Place("promises, none", "/compare/?person=Nobody"),
    Place("calendar", "/calendar/"),
    Place("calendar address", "/calendar/", "priya", make_an_address),
    Place("calendar with an address", "/calendar/", "priya"),
    Place("messages", "/messages/"),
    Place("messages, sent elsewhere", "/messages/?show=sent"),
    Place("messages, none", "/messages/", "admin"),
    Place("message", "/messages/", act=read_the_first),
    Place("review queue", "{here}queue/", act=open_all),
    Place("review queue, nothing fits", "{here}queue/?sort=change"),
    Place("review queue, empty", "{quiet}queue/"),
    Place("review of a text", "{here}queue/", act=review),
    Place("one proposal", "{here}queue/", act=change_by_hand),
    Place("read a figure", "{here}queue/", act=read_by_hand),
    Place("what I sent", "{here}sent/", "lewis"),
    Place("what I sent, nothing", "{quiet}sent/"),
    Place("add from a text", "{here}add/text/", act=open_all),
    Place("add from a text, refused", "{here}add/text/", "lewis", act=refused()),
    Place("import a spreadsheet", "{quiet}imports/"),
    Place("import a spreadsheet, refused", "{quiet}imports/", act=refused()),
    Place("columns of a spreadsheet", "{quiet}imports/", act=hand_in),
    Place("columns of a spreadsheet, refused", "{quiet}imports/", act=choose_wrong),
    Place("rows of a spreadsheet", "{quiet}imports/", act=look_at_rows),
    Place("an import", "{quiet}imports/", act=import_rows),
    Place("an import, undone", "{quiet}imports/", act=undo_rows),
    Place("imports so far", "{quiet}imports/"),
    Place("imports, as a volunteer", "{here}imports/", "lewis", status=403),
    Place("log an update", "{here}log/", "lewis"),
    Place("log an update, refused", "{here}log/", "lewis", refused()),
    Place("log, somewhere", "/log/?other=1"),
    Place("when an answer is due", "{here}clock/"),
    Place("share in", "/share-in/?other=1&url=https://example.org/a"),
    Place("ways in", "/ways-in/"),
    Place("suggest a change", f"<{UPDATE}>suggest/", "lewis"),
    Place("not found", "/no-such-page/", status=404),
    Place("not allowed", "{here}settings/", "jo", status=403),
]


@pytest.fixture(scope="package")
def campaigns(browser: Browser, site: Site) -> dict[str, str]:
    """The addresses of the two campaigns of the demo, of an empty one, of one that follows bills, and of what
    a message links to."""
    page = browser.new_page(base_url=site.url, storage_state=cookies(browser, site, "amira"))
    quiet, bills = (started(page, name) for name in ("A quiet campaign", "A campaign of bills"))
    page.close()
    follow_bills(site, bills.split("/")[2])
    return {
        "here": site.campaign(),
        "true": site.campaign(TRUE_STORY),
        "frame": site.campaign(TRUE_STORY).replace("/c/", "/embed/"),
        "here_slug": site.campaign().split("/")[2],
        "true_slug": site.campaign(TRUE_STORY).split("/")[2],
        "quiet": quiet,
        "bills": bills,
        "letter": site.letter(),
        "bill": site.entry("Online Harms Bill on the statute book").rstrip("/").rpartition("/")[2],
    }


def started(page: Page, name: str) -> str:
    """The address of a new campaign of that name."""
    page.goto("/campaigns/new/")
    send(name=name)(page)
    page.wait_for_url(lambda url: "/c/" in url)
    return urlsplit(page.url).path


FOLLOW = """
from datetime import timedelta
from django.utils import timezone
from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.legislation.actions import revise_target
from apps.legislation.bills import ask_for_a_look
from apps.legislation.models import BillLook, Milestone
from tests import make
campaign, at = Campaign.objects.get(slug="{slug}"), timezone.now()
told, ours, since = (str((at + timedelta(days=days)).date()) for days in (40, 41, 42))
bill = make.bill(campaign, "2021-04-01", told, at=at)
held = Milestone.everything.get(step__bill=bill, step__day=told)
revise_target(milestone=held, to=parse(ours), reason="We think so", by=make.owner_of(campaign), at=at)
make.tell_of(bill, "2021-04-01", since, at=at)
said = {{"said": ["A stage could not be read."], "changed": ["New: a stage."]}}
BillLook.objects.update(changed_at=at, looked_at=at, **said)
ask_for_a_look(bill=make.bill(campaign, title="Lakes Bill", at=at), at=at)
"""


def follow_bills(site: Site, slug: str) -> None:
    """Have the campaign follow two bills: one has something to settle, the other is being looked at."""
    subprocess.run(
        manage("shell", "-v0", "-c", FOLLOW.format(slug=slug)),
        cwd=ROOT,
        env=environment(site.folder, SITE_URL=site.url),
        check=True,
    )


def address_of(place: Place, site: Site, campaigns: dict[str, str]) -> str:
    def looked_up(match: re.Match[str]) -> str:
        what, _, name = match[1].partition(":")
        return site.part(what, name) if what in PARTS else site.entry(match[1])

    written = place.address.format(**campaigns, last_year=timezone.localdate().year - 1)
    return re.sub("<(.+)>", looked_up, written)


def faults_of(page: Page) -> list[str]:
    """What axe-core finds, what sticks out to the right, and whether title and h1 say where one is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = [
        f"{fault['impact']}: {fault['id']}: {fault['help']}: {node['html'][:200]}"
        for fault in page.evaluate(RUN_AXE)
        for node in fault["nodes"]
    ]
    sticks_out = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if sticks_out > 0:
        found.append(f"{sticks_out} px stick out")
    if (count := page.locator("h1").count()) != 1:
        found.append(f"{count} h1")
    if not re.fullmatch(r".*\w.* · Campaign Tracker", page.title()):
        found.append(f"title: {page.title()!r}")
    return found


def check(page: Page, ways: list[tuple[str, dict[str, int]]] = WAYS) -> None:
    found = []
    for scheme, size in ways:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        found += [f"{scheme}, {size['width']} px: {fault}" for fault in faults_of(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_page_has_no_faults(place: Place, visit: Visit, site: Site, campaigns: dict[str, str]) -> None:
    page = visit(place.who)
    answer = page.goto(address_of(place, site, campaigns))
    assert answer and answer.status == place.status
    if place.act:
        place.act(page)
    check(page)


def test_the_pages_of_somebody_who_is_invited_have_no_faults(visit: Visit, site: Site) -> None:
    owner, guest = visit("amira"), visit()
    owner.goto(f"{site.campaign()}members/invite/")
    send(email="guest@example.org")(owner)
    guest.goto(owner.locator("code").inner_text())
    check(guest)
    guest.get_by_role("link", name="Make an account").click()
    check(guest)
    refused(email="guest@example.org", username="guest", password1="short", password2="short")(guest)
    check(guest)


@pytest.mark.parametrize("name", ["400", "403_csrf", "500"])
def test_the_plain_page_has_no_faults(name: str, visit: Visit) -> None:
    page = visit()
    page.set_content((ROOT / "templates" / f"{name}.html").read_text())
    check(page)


def test_the_check_finds_what_is_wrong(visit: Visit) -> None:
    page = visit()
    page.set_content(
        "<html lang=en><title>x</title><main><img src=data:,><p style='color: #ccc'>Pale</p>"
        "<div style='width: 3000px'>Wide</div></main></html>"
    )
    found = " ".join(faults_of(page))
    for fault in ("image-alt", "color-contrast", "px stick out", "0 h1", "title: 'x'"):
        assert fault in found


def test_every_page_is_in_the_table(site: Site, campaigns: dict[str, str]) -> None:
    there = {
        resolve(address_of(place, site, campaigns).partition("?")[0]).url_name
        for place in PLACES
        if place.name != "not found"
    }
    acted = {
        "message",
        "reminder",
        "change_pack_item",
        "mute_finding",
        "snapshot",
        "take_line",
        "article",
        "proposal",
        "read_figure",
        "dismiss_line",
        "import",
        "import_columns",
        "monitor",
        "edit_monitor",
    }
    assert {pattern.name for pattern in urlpatterns} - NO_PAGES - there - acted == set()
