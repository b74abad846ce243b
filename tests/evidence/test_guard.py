"""The verbatim guard: kept texts and live pages, on a real server of this machine."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.evidence import actions, guard, telling, verdicts
from apps.evidence.actions import edit_quote, find_quotes_again
from apps.evidence.clearance import withdraw_clearance
from apps.evidence.models import Quote, Verdict
from apps.notices.models import Delivery
from apps.sources import live
from apps.sources.actions import save_source
from apps.sources.models import Host, LivePage, Snapshot, Source
from apps.timeline.actions import record_use
from apps.timeline.models import Entry, Way
from tests import make
from tests.fetch.servers import Server, running, says
from tests.make import AT, DAY, SECOND
from tests.pages import Clock

WORDS = "The law must catch up."
PAGE = """<html><head><title>News</title></head><body><nav><a href="/">Home</a></nav><article>
<h1>Policing the internet</h1><p>It was a long day in the committee room, and nobody left early.</p>
<p>“{words}” she said, and sat down again, while others nodded and wrote it down.</p>
<p>The committee meets again next week to hear from three more witnesses.</p></article></body></html>"""


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with running() as found:
        yield found


def page(words: str) -> Any:
    return says(PAGE.format(words=words).encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def quoted(campaign: Campaign, server: Server, path: str = "/news") -> Quote:
    source = make.source(campaign, url=server.url + path)
    return make.quote(campaign, words=WORDS, source=source)


def look(clock: Clock, **how: Any) -> guard.Tally:
    return guard.look(clock=clock, pause=lambda seconds: None, **how)


def badge(quote: Quote) -> str:
    return Verdict.objects.get(quote=quote).badge


def told(user: User) -> list[str]:
    return list(Delivery.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def test_a_live_page_is_kept_as_text_and_the_quote_found_in_it(campaign: Campaign, server: Server) -> None:
    quote = quoted(campaign, server)
    server.on("/news", page("The law must\u00a0catch up."))
    assert badge(quote) == "no source"
    assert look(Clock(AT)).pages == 1
    quote.refresh_from_db()
    kept = Snapshot.objects.get()
    assert (badge(quote), quote.snapshot, kept.fetched, kept.taken_by) == ("verified", kept, True, None)
    assert quote.start is not None
    assert kept.text[quote.start : quote.end].split() == WORDS.split()
    assert "Home" not in kept.text


def test_a_page_that_changed_is_kept_beside_the_old_one_with_what_differs(
    campaign: Campaign, server: Server
) -> None:
    quote, clock = quoted(campaign, server), Clock(AT)
    server.on("/news", page(WORDS))
    look(clock)
    first = Quote.everything.get(pk=quote.pk)
    server.on("/news", page("The law may catch up."))
    clock.at = AT + DAY
    assert look(clock).pages == 0  # its week is not over
    clock.at = AT + 7 * DAY
    assert look(clock).pages == 1
    verdict = Verdict.objects.get(quote=quote)
    assert (verdict.badge, verdict.differences) == ("source changed", [["must", "may"]])
    second = Quote.everything.get(pk=quote.pk)
    assert (second.snapshot, second.start, second.end) == (first.snapshot, first.start, first.end)
    assert Snapshot.objects.count() == 2
    server.on("/news", page(WORDS))
    clock.at = AT + 14 * DAY
    look(clock)
    assert (badge(quote), Snapshot.objects.count()) == ("verified", 3)
    clock.at = AT + 21 * DAY
    look(clock)
    assert Snapshot.objects.count() == 3


def test_a_new_dress_alone_is_no_news(campaign: Campaign, server: Server) -> None:
    quoted(campaign, server)
    clock = Clock(AT)
    server.on("/news", page(WORDS))
    look(clock)
    server.on("/news", page("The law must\u00a0catch\u2009up."))
    clock.at = AT + 7 * DAY
    look(clock)
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_a_dead_link_is_confirmed_a_day_later_and_told_once(
    status: str, campaign: Campaign, cast: dict[str, User], server: Server
) -> None:
    quote, clock = quoted(campaign, server), Clock(AT)
    make.snapshot(quote.entry.source, WORDS)
    server.on("/news", says(b"gone", status=status))
    look(clock)
    row = LivePage.objects.get()
    assert (row.failing_since, row.dead_since, told(cast[Role.PRESS])) == (AT, None, [])
    clock.at = AT + DAY
    look(clock)
    row.refresh_from_db()
    assert (row.dead_since, row.told_at) == (AT + DAY, AT + DAY)
    for day in (8, 15, 22):
        clock.at = AT + day * DAY
        look(clock)
    for role in (Role.OWNER, Role.PRESS):
        assert told(cast[role]) == ["A source is gone: Police figures, 2020"]
    assert "Its text as it stood is kept" in Delivery.objects.filter(recipient=cast[Role.PRESS])[0].body
    assert told(cast[Role.ADVOCACY]) == []
    server.on("/news", page(WORDS))
    clock.at = AT + 30 * DAY
    look(clock)
    row.refresh_from_db()
    assert (row.failing_since, row.dead_since, row.told_at, row.failures) == (None, None, None, 0)


def test_one_failure_is_not_a_death(campaign: Campaign, server: Server) -> None:
    quoted(campaign, server)
    clock = Clock(AT)
    server.on("/news", says(b"", status="404 Not Found"))
    look(clock)
    server.on("/news", page(WORDS))
    clock.at = AT + DAY
    look(clock)
    assert LivePage.objects.get().failing_since is None


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (says(b"x", status="403 Forbidden"), "does not let programs read it (403)"),
        (says(b"x", headers={"Content-Type": "application/pdf"}), "It is a application/pdf"),
        (
            says(b"<html><body><div id=app></div></body></html>", headers={"Content-Type": "text/html"}),
            "no text",
        ),
    ],
)
def test_what_cannot_be_read_accuses_nobody(
    behaviour: Any, said: str, campaign: Campaign, server: Server
) -> None:
    quote = quoted(campaign, server)
    make.snapshot(quote.entry.source, WORDS)
    server.on("/news", behaviour)
    look(Clock(AT))
    row = LivePage.objects.get()
    assert said in row.said
    assert (row.failing_since, row.try_at, Snapshot.objects.count()) == (None, AT + 7 * DAY, 1)


def test_a_busy_server_is_left_alone_for_longer_each_time(campaign: Campaign, server: Server) -> None:
    quoted(campaign, server)
    clock = Clock(AT)
    server.on("/news", says(b"", status="429 Too Many Requests"))
    waits = []
    for _ in range(3):
        before = clock.at
        look(clock)
        clock.at = LivePage.objects.get().try_at
        waits.append(clock.at - before)
    assert waits == [timedelta(hours=hours) for hours in (1, 2, 4)]
    assert LivePage.objects.get().dead_since is None


def test_a_server_is_asked_by_one_at_a_time(campaign: Campaign, server: Server) -> None:
    quoted(campaign, server)
    server.on("/news", page(WORDS))
    assert live.take("127.0.0.1", at=AT)
    assert not live.take("127.0.0.1", at=AT + SECOND)
    assert (look(Clock(AT)).pages, len(server.requests)) == (0, 0)
    live.give_back("127.0.0.1", at=AT + 2 * SECOND)
    assert look(Clock(AT + 2 * SECOND)).pages == 1
    assert Host.objects.get().free_from > AT + 2 * SECOND


def test_a_campaign_can_keep_the_site_from_looking(campaign: Campaign, server: Server) -> None:
    quoted(campaign, server)
    campaign.checks_live_pages = False
    campaign.save()
    assert (look(Clock(AT)).pages, server.requests) == (0, [])


def test_a_page_that_its_server_keeps_from_programs_is_not_read(campaign: Campaign, server: Server) -> None:
    quote, open_one = quoted(campaign, server, "/members/news"), quoted(campaign, server)
    server.on("/robots.txt", says(b"User-agent: *\nDisallow: /*/news\n"))
    for path in ("/news", "/members/news"):
        server.on(path, page(WORDS))
    assert [look(Clock(AT + number * DAY)).pages for number in range(2)] == [1, 1]  # one at a time
    asked = {request.split(b" ")[1] for request in server.requests}
    assert asked == {b"/robots.txt", b"/news"}
    assert (badge(quote), badge(open_one)) == ("no source", "verified")
    said = LivePage.objects.get(source=quote.entry.source).said
    assert said == "The site asks programs not to read this page, so it is not looked at."


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Internal Server Error"])
def test_a_server_without_rules_for_programs_is_read(status: str, campaign: Campaign, server: Server) -> None:
    quote = quoted(campaign, server)
    server.on("/robots.txt", says(b"User-agent: *\nDisallow: /\n", status=status))
    server.on("/news", page(WORDS))
    look(Clock(AT))
    assert badge(quote) == "verified"


def test_a_source_at_a_new_address_is_looked_at_anew(campaign: Campaign, server: Server) -> None:
    quote = quoted(campaign, server)
    look(Clock(AT))
    source = Source.objects.get(pk=quote.entry.source_id)
    source.url = server.url + "/moved"
    save_source(source=source, published=None, by=make.owner_of(campaign))
    assert look(Clock(AT + DAY)).pages == 1
    assert server.requests[-1].startswith(b"GET /moved ")


def test_quotes_are_judged_once_a_week_in_batches(campaign: Campaign) -> None:
    for _ in range(3):
        make.quote(campaign)
    assert guard.check_kept(at=AT + 6 * DAY) == 0
    assert [guard.check_kept(at=AT + 7 * DAY, most=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.database
def test_a_quote_edited_while_others_are_checked_is_judged_by_its_new_words(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make.source(campaign)
    make.snapshot(source, "The law must catch up. It must do so now.")
    first, second = (make.quote(campaign, words=words, source=source) for words in (WORDS, "Never said."))

    def edit() -> None:
        facts = make.facts(source=source, person=second.entry.person)
        owner = make.owner_of(campaign)
        edit_quote(quote=second, facts=facts, words="It must do so now.", version=1, by=owner, at=AT)

    Verdict.objects.all().delete()
    meanwhile(edit, verdicts, "judged", monkeypatch)
    assert guard.check_kept(at=AT + DAY) == 2
    assert [badge(quote) for quote in (first, second)] == ["verified", "verified"]


@pytest.mark.database
def test_a_clearance_taken_back_while_others_are_looked_for_stays_taken_back(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, owner = make.source(campaign), make.owner_of(campaign)
    first, second = (make.quote(campaign, words=WORDS, source=source, cleared=True) for _ in range(2))
    make.snapshot(source, WORDS)
    withdraw = partial(withdraw_clearance, quote=second, by=owner, at=AT)
    meanwhile(withdraw, verdicts, "judged", monkeypatch)
    find_quotes_again(source=source, by=owner, at=AT)
    for quote, sign_off in ((first, "cleared"), (second, "withdrawn")):
        quote.refresh_from_db()
        assert (quote.sign_off, badge(quote), quote.start) == (sign_off, "verified", 0)


@pytest.mark.database
def test_a_clearance_taken_back_while_its_words_are_looked_for_stays_taken_back(
    shared_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = make.campaign(owner=make.user("olive"))
    source, owner = make.source(campaign), make.owner_of(campaign)
    quote = make.quote(campaign, words=WORDS, source=source, cleared=True)
    make.snapshot(source, WORDS)

    def withdraw() -> None:
        try:
            withdraw_clearance(quote=quote, by=owner, at=AT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        waiting: list[Future[None]] = []
        # It may be done at once, or has to wait until the words are saved.
        meanwhile(
            lambda: wait([waiting.append(pool.submit(withdraw)) or waiting[0]], timeout=1),
            actions,
            "find_words",
            monkeypatch,
        )
        find_quotes_again(source=source, by=owner, at=AT)
        waiting[0].result(timeout=20)
    quote.refresh_from_db()
    assert (quote.sign_off, quote.start) == ("withdrawn", 0)
    assert Entry.everything.get(pk=quote.pk).shown_from is None
    assert [row.sign_off for row in quote.history.order_by("history_id")] == [
        "cleared",
        "cleared",
        "withdrawn",
    ]


def meanwhile(do: Callable[[], object], module: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else does this, once, when that function is first asked."""
    really, done = getattr(module, name), []

    def asked(*args: Any, **kwargs: Any) -> Any:
        if not done:
            done.append(True)
            do()
        return really(*args, **kwargs)

    monkeypatch.setattr(module, name, asked)


def test_the_command_does_the_same(campaign: Campaign, capsys: Any) -> None:
    make.quote(campaign)
    Verdict.objects.all().delete()
    call_command("check_quotes", "--offline")
    assert capsys.readouterr().out == "1 quotes and 0 live pages checked\n"


def test_an_embargo_is_announced_once_a_day_before(campaign: Campaign, cast: dict[str, User]) -> None:
    make.quote(campaign, cleared=True, embargo_until=AT + 2 * DAY)
    make.quote(campaign, headline="Not cleared", embargo_until=AT + 2 * DAY)
    assert telling.look(at=AT + DAY - SECOND) == 0
    for moment in (AT + DAY, AT + DAY + SECOND, AT + 2 * DAY - SECOND, AT + 2 * DAY):
        telling.look(at=moment)
    subjects = told(cast[Role.PRESS])
    assert len(subjects) == 2
    assert all(
        subject.startswith("An embargo lifts 12 March 2026, 10:00 (Europe/London)") for subject in subjects
    )
    assert told(cast[Role.ADVOCACY]) == []


def test_the_end_of_a_consent_is_announced_and_then_told_with_who_has_it(
    campaign: Campaign, cast: dict[str, User]
) -> None:
    story = make.cleared_case_study(campaign, expires_at=AT + 8 * DAY)
    entry = Entry.everything.get(pk=story.pk)
    record_use(
        entries=[entry],
        way=Way.EXPORTED,
        form="Word",
        where="Briefing, version 2",
        address="/c/x/packs/1/",
        by=cast[Role.PRESS],
        at=AT,
    )
    telling.look(at=AT)
    assert told(cast[Role.OWNER]) == []
    for moment in (AT + DAY, AT + 2 * DAY):
        telling.look(at=moment)
    for moment in (AT + 8 * DAY, AT + 9 * DAY):
        telling.look(at=moment)
    assert [subject.split(":")[0] for subject in told(cast[Role.OWNER])] == [
        "The consent ends 18 March 2026, 10",
        "No longer to be used",
    ]
    body = Delivery.objects.filter(recipient=cast[Role.OWNER]).latest("pk").body
    assert (
        f"- {cast[Role.PRESS].name} exported it as Word, in Briefing, version 2, 10 March 2026, 10:00" in body
    )


def test_a_quote_taken_back_tells_nobody_of_an_end_to_come(campaign: Campaign, cast: dict[str, User]) -> None:
    story = make.cleared_case_study(campaign, expires_at=AT + 8 * DAY)
    withdraw_clearance(quote=story, by=cast[Role.OWNER], at=AT)
    assert telling.look(at=AT + 8 * DAY) == 0
