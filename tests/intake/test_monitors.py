"""Monitors: feeds and calendars read over a real connection, and what becomes of what they say."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.intake.actions import accept
from apps.intake.models import Article, Hit, Monitor, Proposal
from apps.intake.monitoring import looking
from apps.intake.monitoring.actions import set_state
from apps.intake.monitoring.reading import BadFeed, opened, read
from apps.notices.models import Delivery
from tests import make
from tests.intake.press import Press
from tests.legislation.conftest import Waiting
from tests.legislation.parliament import FAULT, HTML, Fault, hangs_up, says, sitting
from tests.make import AT, DAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def press(settings: Any) -> Iterator[Press]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with sitting(Press()) as house:
        assert isinstance(house, Press)
        yield house


@pytest.fixture
def clock() -> Waiting:
    return Waiting(AT)


def look(clock: Waiting) -> looking.Tally:
    return looking.look(clock=clock, pause=clock.pause)


def states(monitor: Monitor) -> list[tuple[str, str]]:
    return [(hit.title, hit.state) for hit in monitor.hits.order_by("pk")]


def test_what_fits_comes_into_the_queue_with_what_is_found_in_it(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/feed")
    press.prints(("a", "Online safety law delayed"), ("b", "A cat is found"))
    tally = look(clock)
    assert (tally.feeds, tally.found, tally.brought, tally.troubles) == (1, 1, 1, [])
    article = Article.objects.get()
    assert (article.way, article.added_by, article.source.title, article.source.publisher) == (
        "feed",
        None,
        "Online safety law delayed",
        "The Echo",
    )
    assert article.source.url == f"{press.url}/a"
    assert article.source.published == "2026-03-09"
    assert {row.kind for row in Proposal.objects.filter(state="waiting")} >= {"quote", "statistic"}
    hit = monitor.hits.get()
    assert (hit.state, hit.article) == (Hit.State.BROUGHT, article)
    assert not any("/b" in path for path in press.asked)
    clock.at += HOUR
    assert look(clock).brought == 0


def test_the_same_article_is_brought_once_whoever_has_it(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    press.prints(
        ("a", "Online safety one"), ("again", "Online safety once more"), ("c", "Online safety three")
    )
    press.pages["again"] = press.pages["a"]  # the same words at another address
    make.article(campaign, url=f"{press.url}/c", text="Something else of the same address, long enough.")
    monitor = make.monitor(campaign, f"{press.url}/feed")
    make.monitor(campaign, f"{press.url}/feed", name="Zines")
    look(clock)
    assert sorted(state for _, state in states(monitor)) == ["brought", "known", "known"]
    assert Article.objects.count() == 2
    assert Hit.objects.filter(state=Hit.State.BROUGHT).count() == 1


def test_no_more_come_in_a_day_than_was_said_the_newest_first(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/feed", most_a_day=2)
    press.prints(*[(f"s{number}", f"Online safety {number}") for number in range(5)])
    assert look(clock).brought == 2
    clock.at += HOUR
    assert look(clock).brought == 0
    clock.at += DAY
    assert look(clock).brought == 2
    assert sorted(state for _, state in states(monitor)) == ["brought"] * 4 + ["waiting"]


def test_what_was_published_long_before_is_nothing_new(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    make.monitor(campaign, f"{press.url}/feed")
    press.prints(("a", "Online safety of old"), at=datetime(2025, 1, 1, tzinfo=UTC))
    assert look(clock).found == 0


def test_a_server_that_has_nothing_new_says_so_and_is_not_read(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    press.etags = True
    monitor = make.monitor(campaign, f"{press.url}/feed")
    press.prints(("a", "Online safety law delayed"))
    look(clock)
    clock.at += HOUR
    assert look(clock).troubles == []
    assert press.told[-1]["If-None-Match"] == monitor.feeds.get().etag


NOT_A_FEED = says(
    200, b"<html><head><title>x</title></head><body>Hello</body></html>", Content_Type="text/html"
)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (FAULT, "The server has a fault of its own (500)."),
        (HTML, "There is no feed and no calendar at this address."),
        (NOT_A_FEED, "There is no feed and no calendar at this address."),
        (says(404), "There is nothing at this address (404)."),
        (says(403), "The server does not hand it over (403)."),
        (says(200, b""), "There is no feed and no calendar at this address."),
        (
            says(200, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCAL"),
            "The calendar breaks off before its end.",
        ),
        (hangs_up, "It was not fetched: "),
    ],
)
def test_a_feed_that_fails_says_why_and_is_tried_again_later_each_time(
    campaign: Campaign, press: Press, clock: Waiting, fault: Fault, said: str
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/feed", f"{press.url}/well")
    press.prints(("a", "Online safety law delayed"))
    press.pages["well"] = press.pages["feed"]
    press.pages["feed"] = fault
    look(clock)
    bad, well = monitor.feeds.order_by("pk")
    assert (bad.said[: len(said)], bad.failures, bad.failing_since is None) == (said, 1, False)
    assert (well.said, well.failures) == ("", 0)
    assert monitor.hits.get().state == Hit.State.BROUGHT
    first = bad.try_at
    clock.at = first + timedelta(minutes=1)
    look(clock)
    bad.refresh_from_db()
    assert bad.failures == 2
    assert bad.try_at - clock.at > timedelta(minutes=50)
    press.prints(("a", "Online safety law delayed"))
    clock.at = bad.try_at
    look(clock)
    bad.refresh_from_db()
    assert (bad.said, bad.failures, bad.failing_since) == ("", 0, None)


def test_a_server_that_asks_for_patience_is_left_alone_by_everybody(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/feed")
    make.monitor(campaign, f"{press.url}/feed", name="Another")
    press.pages["feed"] = says(429, Retry_After="7200")
    look(clock)
    assert len(press.asked) == 1
    feed = monitor.feeds.get()
    assert feed.said == "The server asked for patience (429)."
    assert feed.try_at >= AT + 2 * HOUR


def test_a_page_that_cannot_be_read_is_tried_again_and_then_said(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/feed")
    press.prints(("a", "Online safety law delayed"))
    press.pages["a"] = says(403)
    for _ in range(3):
        look(clock)
        clock.at += DAY
    hit = monitor.hits.get()
    assert (hit.state, hit.tries) == (Hit.State.FAILED, 3)
    assert "behind a wall" in hit.said
    assert not Article.objects.exists()


def test_what_the_feed_itself_says_is_kept_where_its_page_cannot_be_read(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/feed")
    told = "“Every month of delay leaves children open to harm,” said Nadia Okonjo of the Harbour Trust. " * 3
    link = f"<link href='{press.url}/a'/>"
    entry = f"<entry><id>1</id><title>Online safety</title>{link}<content>{told}</content></entry>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>The Echo</title>{entry}</feed>"
    press.pages |= {"feed": ("application/atom+xml", feed), "a": says(402)}
    for _ in range(3):
        look(clock)
        clock.at += DAY
    hit = monitor.hits.get()
    assert hit.state == Hit.State.BROUGHT
    assert hit.article is not None
    assert hit.article.snapshot.excerpt


def test_a_paused_one_and_one_that_waits_for_approval_look_at_nothing(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    press.prints(("a", "Online safety law delayed"))
    waits = make.monitor(campaign, f"{press.url}/feed", approved=False)
    set_state(monitor=make.monitor(campaign, f"{press.url}/feed"), state=Monitor.State.PAUSED, at=AT)
    assert look(clock).feeds == 0
    set_state(monitor=waits, state=Monitor.State.ON, at=AT)
    assert look(clock).brought == 1


def test_an_address_inside_the_network_is_refused_in_words(
    campaign: Campaign, clock: Waiting, settings: Any
) -> None:
    settings.FETCH_READABLE_NETWORKS = []
    monitor = make.monitor(campaign, "http://169.254.169.254/latest/meta-data")
    look(clock)
    assert "not on the public internet" in monitor.feeds.get().said


# --- The digest -------------------------------------------------------------------------------------------


def test_those_who_decide_hear_once_a_day_what_was_brought(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    cast = make.cast(campaign)
    clock.at = AT - 5 * HOUR  # five in the morning: nobody is told yet
    make.monitor(campaign, f"{press.url}/feed", at=clock.at, most_a_day=2)
    press.prints(*[(f"s{number}", f"Online safety {number}") for number in range(3)])
    look(clock)
    assert not Delivery.objects.exists()
    clock.at = AT
    look(clock)
    look(clock)
    told = Delivery.objects.all()
    assert {row.recipient for row in told} == {cast[role] for role in (Role.OWNER, Role.ADVOCACY, Role.PRESS)}
    assert {row.subject for row in told} == {"Monitors brought 2 things for review"}
    assert "1 more wait for their turn: it brings 2 a day." in told[0].body


def test_a_feed_that_fails_for_a_day_is_told_of_once(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    make.monitor(campaign, f"{press.url}/feed")
    for _ in range(60):
        look(clock)
        clock.at += HOUR
    assert [row.subject for row in Delivery.objects.all()] == [f"A monitor’s feed fails: {press.url}/feed"]


# --- Calendars --------------------------------------------------------------------------------------------


def event(uid: str, day: str, title: str, *more: str) -> str:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTART;VALUE=DATE:{day}",
        f"SUMMARY:{title}",
        *more,
        "END:VEVENT",
    ]
    return "\r\n".join(lines)


def ics(*events: str) -> tuple[str, str]:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "X-WR-CALNAME:Hearings", *events, "END:VCALENDAR", ""]
    return "text/calendar; charset=utf-8", "\r\n".join(lines)


def test_a_calendars_deadlines_wait_for_review_and_follow_it(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/cal.ics", words="evidence")
    over, other = event("0", "20260301", "Evidence past"), event("9", "20260501", "A party")
    weekly = event("8", "20260401", "Evidence weekly", "RRULE:FREQ=WEEKLY")
    press.pages["cal.ics"] = ics(over, other, weekly, event("1", "20260420", "Evidence closes"))
    look(clock)
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.sort, proposal.proposed_by) == ("milestone", "entry", None)
    assert (proposal.fields["headline"], proposal.fields["date"]) == ("Evidence closes", "20 April 2026")
    press.pages["cal.ics"] = ics(event("1", "20260427", "Evidence closes"))
    clock.at += HOUR
    look(clock)
    proposal.refresh_from_db()
    assert (proposal.fields["date"], proposal.version) == ("27 April 2026", 2)
    milestone = make.milestone(campaign, headline="Evidence closes", target="2026-04-27")
    owner = make.owner_of(campaign)
    accept(proposal=proposal, write=lambda: milestone.entry, made={}, version=2, by=owner, at=AT)
    press.pages["cal.ics"] = ics(event("1", "20260504", "Evidence closes"))
    clock.at += HOUR
    look(clock)
    newest = Proposal.objects.latest("pk")
    assert newest.fields["moves"] == f"Evidence closes [{milestone.pk}]"
    press.pages["cal.ics"] = ics(event("1", "20260504", "Evidence closes", "STATUS:CANCELLED"))
    clock.at += HOUR
    look(clock)
    assert monitor.hits.get().said == "Its calendar says that it is called off."


def test_a_move_that_moves_on_before_it_is_reviewed_stays_a_move(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    make.monitor(campaign, f"{press.url}/cal.ics", words="evidence")
    press.pages["cal.ics"] = ics(event("1", "20260427", "Evidence closes"))
    look(clock)
    milestone = make.milestone(campaign, headline="Evidence closes", target="2026-04-27")
    owner = make.owner_of(campaign)
    proposal = Proposal.objects.get()
    accept(proposal=proposal, write=lambda: milestone.entry, made={}, version=1, by=owner, at=AT)
    for day in ("20260504", "20260511"):
        press.pages["cal.ics"] = ics(event("1", day, "Evidence closes"))
        clock.at += HOUR
        look(clock)
    newest = Proposal.objects.latest("pk")
    assert (newest.fields["date"], newest.version) == ("11 May 2026", 2)
    assert newest.fields["moves"] == f"Evidence closes [{milestone.pk}]"


def test_what_was_said_of_a_moved_deadline_stands_until_it_is_told(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/cal.ics", words="evidence")
    press.pages["cal.ics"] = ics(event("1", "20260427", "Evidence closes"))
    look(clock)
    Proposal.objects.update(state=Proposal.State.REJECTED)
    press.pages["cal.ics"] = ics(event("1", "20260504", "Evidence closes"))
    for _ in range(2):
        clock.at += HOUR
        look(clock)
        assert monitor.hits.get().said.startswith("Its calendar says 4 May 2026 now.")


def test_what_is_called_off_is_not_brought_and_is_once_it_is_on_again(
    campaign: Campaign, press: Press, clock: Waiting
) -> None:
    monitor = make.monitor(campaign, f"{press.url}/cal.ics", words="evidence", most_a_day=1)
    events = [event(str(number), f"2026042{number}", f"Evidence {number}") for number in (1, 2)]
    press.pages["cal.ics"] = ics(*events)
    look(clock)
    [left] = monitor.hits.filter(state="waiting")
    off = event(left.title[-1], f"2026042{left.title[-1]}", left.title, "STATUS:CANCELLED")
    press.pages["cal.ics"] = ics(off)
    clock.at += HOUR
    look(clock)
    left.refresh_from_db()
    assert (left.state, left.said) == ("known", "Its calendar says that it is called off.")
    press.pages["cal.ics"] = ics(event(left.title[-1], "20260429", left.title))
    clock.at += 24 * HOUR
    look(clock)
    left.refresh_from_db()
    assert (left.state, left.said, Proposal.objects.count()) == ("brought", "", 2)


# --- Reading ----------------------------------------------------------------------------------------------


def test_a_page_that_names_its_feed_is_told_apart() -> None:
    page = b"<html><head><link rel='alternate' type='application/rss+xml' href='/rss.xml'></head></html>"
    with pytest.raises(BadFeed, match="The page names a feed, /rss.xml: give that address."):
        opened(page, "text/html", "https://example.org/")


def test_it_is_read_in_a_process_of_its_own_and_never_as_an_address() -> None:
    with pytest.raises(BadFeed):
        read(b"/etc/passwd", kind="", url="https://example.org/")
    bomb = b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9)
    )
    bomb += b"]><rss version='2.0'><channel><title>&j;</title><item><title>&j;</title></item></channel></rss>"
    try:
        told = read(bomb, kind="application/rss+xml", url="https://example.org/")
    except BadFeed:
        return
    assert all(len(item.title) <= 300 for item in told.items)


@settings(max_examples=30)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.sampled_from(["rss", "ics", ""]))
def test_odd_content_breaks_nothing(content: bytes, sort: str) -> None:
    wrapped = {
        "rss": b"<rss version='2.0'><channel><item><title>" + content + b"</title></item></channel></rss>",
        "ics": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:"
        + content
        + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    }.get(sort, content)
    with suppress(BadFeed, ValueError):
        opened(wrapped, "", "https://example.org/")
