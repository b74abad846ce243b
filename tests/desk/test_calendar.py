"""Calendar feeds: what stands in them and for whom, how it is said, and that an address stays a secret."""

import hashlib
import io
import json
import logging
import re
import warnings
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import serializers
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar, Event

from apps.accounts.models import User
from apps.campaigns.actions import add_member, find_feed, open_feed, remove_member, revoke_feed
from apps.campaigns.models import Campaign, Feed
from apps.campaigns.roles import SEE_HIDDEN_ROLES, Role
from apps.dates import parse
from apps.desk import calendar
from apps.desk.actions import change_state
from apps.evidence.actions import set_state
from apps.legislation.actions import reopen, revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.timeline.models import Entry, Kind, State
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY, SECOND
from tests.pages import Clock, client_of, text_of

PAGE = reverse("calendar")
HOUR = timedelta(hours=1)
TODAY = AT.date()


def token_of(user: User, campaign: Campaign | None = None) -> str:
    return open_feed(user=user, campaign=campaign, at=AT)[1]


def ask(token: str, **headers: str) -> HttpResponse:
    """As a calendar application does: no session, no cookies."""
    return Client().get(reverse("feed", kwargs={"token": token}), headers=headers)


def read(token: str) -> Calendar:
    """The calendar at that address, which must be one without faults."""
    response = ask(token)
    assert response.status_code == 200
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = Calendar.from_ical(response.content)
    assert [part.errors for part in made.walk()] == [[]] * len(made.walk())
    assert {len(line) <= 75 for line in response.content.split(b"\r\n")} == {True}
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", response.content)
    return made


def events(token: str) -> dict[str, Event]:
    """The events by their summaries."""
    return {str(event["SUMMARY"]): event for event in read(token).events}


def summaries(token: str) -> list[str]:
    return sorted(events(token))


def only(token: str) -> Event:
    (event,) = read(token).events
    return event


def settled(milestone: Milestone, outcome: Outcome, on: date = TODAY) -> Milestone:
    by = make.owner_of(milestone.entry.campaign)
    return settle(milestone=milestone, outcome=outcome, on=on, by=by, at=AT)


def moved(milestone: Milestone, to: str, at: datetime = AT) -> None:
    by = make.owner_of(milestone.entry.campaign)
    revise_target(milestone=milestone, to=parse(to), reason="Delayed", by=by, at=at)


# What a calendar reads


def test_an_event_says_all_there_is_to_say(desk: Desk) -> None:
    owner, press = desk.cast["owner"], desk.cast["press"]
    milestone = make.milestone(desk.campaign, target="2026-06-20", owner=press)
    moved(milestone, "2026-07-01", AT + HOUR)
    made = read(token_of(owner, desk.campaign))
    feed = Feed.objects.get()
    assert {name: str(made[name]) for name in ("VERSION", "PRODID", "CALSCALE", "METHOD", "UID")} == {
        "VERSION": "2.0",
        "PRODID": "-//Campaign Tracker//Milestones//EN",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
        "UID": f"calendar-{feed.pk}@localhost",
    }
    assert (str(made["NAME"]), str(made["X-WR-CALNAME"])) == ("Online harms: milestones",) * 2
    assert (made["REFRESH-INTERVAL"].dt, made["REFRESH-INTERVAL"].params["VALUE"]) == (HOUR, "DURATION")
    assert str(made["X-PUBLISHED-TTL"]) == "PT1H"
    (event,) = made.events
    entry = Entry.everything.get()
    address = f"{settings.SITE_URL}/c/{desk.campaign.slug}/entries/{entry.pk}/"
    assert (event.start, event.end) == (date(2026, 7, 1), date(2026, 7, 2))
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (AT + HOUR,) * 2
    assert (event["SEQUENCE"], entry.version) == (entry.version, 3)
    assert {name: str(event[name]) for name in ("UID", "SUMMARY", "STATUS", "TRANSP", "URL")} == {
        "UID": f"milestone-{entry.pk}@localhost",
        "SUMMARY": "Royal Assent",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
        "URL": address,
    }
    assert str(event["DESCRIPTION"]).split("\n") == [
        "Target: 1 July 2026",
        "Moved once, slipped by 11 days",
        f"Watched by {press.name}",
        address,
    ]
    assert "CATEGORIES" not in event


def test_days_are_dates_and_ends_are_the_next_morning(desk: Desk) -> None:
    make.milestone(desk.campaign, target="2026-12-31")
    content = ask(token_of(desk.cast["owner"])).content
    assert b"DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n" in content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in content
    assert b"DTSTAMP:20260310T100000Z\r\n" in content


DATES = [
    ("2026-06-20", "Royal Assent", date(2026, 6, 20), "CONFIRMED"),
    ("2026-23", "Royal Assent (autumn 2026; last day)", date(2026, 11, 30), "CONFIRMED"),
    ("2026-06", "Royal Assent (June 2026; last day)", date(2026, 6, 30), "CONFIRMED"),
    ("../2026-06-30", "Royal Assent (by the end of June 2026)", date(2026, 6, 30), "CONFIRMED"),
    ("2026-06~", "Royal Assent (about June 2026; last day)", date(2026, 12, 31), "TENTATIVE"),
    ("2026-06-20?", "Royal Assent (20 June 2026, uncertain; last day)", date(2026, 12, 31), "TENTATIVE"),
    ("9998-12-31", "Royal Assent", date(9998, 12, 31), "CONFIRMED"),
]


@pytest.mark.parametrize(("target", "summary", "day", "status"), DATES)
def test_a_date_that_is_no_day_says_so(target: str, summary: str, day: date, status: str, desk: Desk) -> None:
    make.milestone(desk.campaign, target=target)
    event = only(token_of(desk.cast["owner"]))
    assert (str(event["SUMMARY"]), event.start, str(event["STATUS"])) == (summary, day, status)
    assert event.end == day + DAY


OUTCOMES = [
    (Outcome.MET, "Met: Royal Assent", date(2026, 3, 9), "CONFIRMED"),
    (Outcome.MISSED, "Missed: Royal Assent", date(2026, 6, 20), "CONFIRMED"),
    (Outcome.DROPPED, "Dropped: Royal Assent", date(2026, 6, 20), "CANCELLED"),
    (Outcome.FELL, "Fell: Royal Assent", date(2026, 6, 20), "CANCELLED"),
]


@pytest.mark.parametrize(("outcome", "summary", "day", "status"), OUTCOMES)
def test_what_is_settled_stays_and_says_how(
    outcome: Outcome, summary: str, day: date, status: str, desk: Desk
) -> None:
    milestone = make.milestone(desk.campaign)
    token = token_of(desk.cast["owner"])
    uid = only(token)["UID"]
    settled(milestone, outcome, date(2026, 3, 9))
    event = only(token)
    assert (event["UID"], str(event["SUMMARY"]), event.start, str(event["STATUS"])) == (
        uid,
        summary,
        day,
        status,
    )
    reopen(milestone=milestone, by=desk.cast["owner"], at=AT)
    assert str(only(token)["SUMMARY"]) == "Royal Assent"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 3, 12), "Met 12 March 2026, 2 days past the first promised date"),
        (date(2026, 3, 10), "Met 10 March 2026, on time"),
        (date(2026, 3, 9), "Met 9 March 2026, 1 day early"),
    ],
)
def test_what_was_met_says_how_late(on: date, words: str, desk: Desk) -> None:
    settled(make.milestone(desk.campaign, target="2026-03-10"), Outcome.MET, on)
    assert words in str(only(token_of(desk.cast["owner"]))["DESCRIPTION"]).split("\n")


@pytest.mark.parametrize(
    ("to", "words"),
    [("2026-06-01", "Moved once, brought forward by 19 days"), ("2026-06", "Moved once, slipped by 10 days")],
)
def test_a_move_says_how_far(to: str, words: str, desk: Desk) -> None:
    milestone = make.milestone(desk.campaign, target="2026-06-20")
    moved(milestone, to)
    assert words in str(only(token_of(desk.cast["owner"]))["DESCRIPTION"]).split("\n")


def test_an_imprecise_date_says_how_sure_it_is(desk: Desk) -> None:
    make.milestone(desk.campaign, target="2026-06~")
    assert str(only(token_of(desk.cast["owner"]))["DESCRIPTION"]).split("\n")[1:4] == [
        "Target: about June 2026",
        "Approximate: about June 2026, so not overdue until the year has passed.",
        "Watched by nobody yet",
    ]


def test_overdue_turns_with_the_day_of_the_campaign(desk: Desk, clock: Clock) -> None:
    desk.campaign.time_zone = "Pacific/Auckland"
    desk.campaign.save()
    make.milestone(desk.campaign, target="2026-03-20")
    token = token_of(desk.cast["owner"])
    midnight = datetime(2026, 3, 20, 11, tzinfo=UTC)  # in Auckland the 21st begins
    seen = {}
    for clock.at in (midnight - SECOND, midnight):
        seen[clock.at] = (summaries(token), ask(token)["ETag"])
    before, after = seen.values()
    assert (before[0], after[0]) == (["Royal Assent"], ["Overdue: Royal Assent"])
    assert before[1] != after[1]


def test_all_campaigns_are_named_and_only_ones_own_are_in(desk: Desk, other_campaign: Campaign) -> None:
    owner = desk.cast["owner"]
    comma = make.campaign(owner=owner, name="Rivers, lakes; C:\\New")
    make.milestone(desk.campaign, headline="Ours")
    make.milestone(comma, headline="Also ours")
    make.milestone(other_campaign, headline="Not mine")
    open_to_all = make.campaign(owner=make.user(), name="Clean air", public=True)
    make.milestone(open_to_all, headline="Public, and not mine", visibility="public")
    made = read(token_of(owner))
    assert str(made["X-WR-CALNAME"]) == "Campaign milestones"
    found = {
        str(event["SUMMARY"]): (event.categories, str(event["DESCRIPTION"]).split("\n")[0])
        for event in made.events
    }
    assert found == {
        "Ours": (["Online harms"], "Online harms"),
        "Also ours": (["Rivers, lakes; C:\\New"], "Rivers, lakes; C:\\New"),
    }
    alone = read(token_of(owner, comma))
    assert [str(event["SUMMARY"]) for event in alone.events] == ["Also ours"]
    assert rb"X-WR-CALNAME:Rivers\, lakes\; C:\\New: milestones" in alone.to_ical()


NASTY = [
    "a, b; c: d \"e\" 'f'",
    "C:\\New\\new; x",
    "BEGIN:VEVENT\nEND:VCALENDAR",
    "tab\tand \\n and \\N and \\, and \\;",
    "é" * 300,
    "😀" * 150 + "👩‍👩‍👧‍👦" * 20,
    "日本語の見出し、" * 30,
    "‮right to left‬ \u2028 \u0085 \u00a0",
    "%0D%0A ^n ^' =?utf-8?q?x?=",
]


@pytest.mark.parametrize("headline", NASTY)
def test_any_headline_comes_through(headline: str, desk: Desk) -> None:
    make.milestone(desk.campaign, headline=headline)
    assert str(only(token_of(desk.cast["owner"]))["SUMMARY"]) == headline


@pytest.mark.parametrize(("headline", "said"), [("a\r\nb\rc", "a\nb\nc"), ("a\x0b\x01b\x7f", "ab")])
def test_signs_no_calendar_may_hold_are_left_out(headline: str, said: str, desk: Desk) -> None:
    make.milestone(desk.campaign, headline=headline)
    assert str(only(token_of(desk.cast["owner"]))["SUMMARY"]) == said


# Who reads what


def hide(campaign: Campaign, sort: str) -> None:
    fields: dict[str, Any] = {
        "draft": {"approved": False},
        "staff only": {"visibility": "staff"},
        "embargoed": {"embargo_until": AT + DAY},
        "withdrawn": {},
    }[sort]
    made = make.milestone(campaign, headline="Zanzibar", **fields)
    if sort == "withdrawn":
        change_state(entry=made.entry, state=State.WITHDRAWN, by=make.owner_of(campaign), at=AT)


HIDDEN = {
    "draft": ("Zanzibar (waiting for approval)", "TENTATIVE"),
    "staff only": ("Zanzibar (staff only)", "CONFIRMED"),
    "embargoed": ("Zanzibar (embargoed until 11 March 2026, 10:00)", "CONFIRMED"),
    "withdrawn": ("Withdrawn: Zanzibar", "CANCELLED"),
}


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("who", make.EVERYBODY)
@pytest.mark.parametrize("sort", HIDDEN)
def test_what_is_hidden_is_for_staff(sort: str, who: str, public: bool, desk: Desk) -> None:
    desk.campaign.is_public = public
    desk.campaign.save()
    hide(desk.campaign, sort)
    make.milestone(desk.campaign, headline="For the team")
    feeds = [token_of(desk.cast[who]), token_of(desk.cast[who], desk.campaign)]
    for token in feeds:
        found = {summary: str(event["STATUS"]) for summary, event in events(token).items()}
        expected = {"For the team": "CONFIRMED"} if who != "outsider" else {}
        if who in SEE_HIDDEN_ROLES:
            expected |= dict([HIDDEN[sort]])
        assert found == expected
        assert (b"Zanzibar" in ask(token).content) == (who in SEE_HIDDEN_ROLES)


def test_a_draft_is_in_the_calendar_of_whoever_added_it(desk: Desk) -> None:
    make.milestone(desk.campaign, by=desk.cast["volunteer"], approved=False)
    assert summaries(token_of(desk.cast["volunteer"])) == ["Royal Assent (waiting for approval)"]
    assert summaries(token_of(desk.cast["viewer"])) == []


def test_an_embargo_lifts_at_its_moment(desk: Desk, clock: Clock) -> None:
    hide(desk.campaign, "embargoed")
    viewer, press = token_of(desk.cast["viewer"]), token_of(desk.cast["press"])
    seen = []
    for clock.at in (AT + DAY - SECOND, AT + DAY):
        seen += [summaries(viewer), summaries(press)]
    assert seen == [[], [HIDDEN["embargoed"][0]], ["Zanzibar"], ["Zanzibar"]]


def test_an_embargo_is_told_in_the_campaigns_zone_whoever_is_signed_in(desk: Desk) -> None:
    hide(desk.campaign, "embargoed")
    press = desk.cast["press"]
    press.time_zone = "Asia/Tokyo"
    press.save()
    address = reverse("feed", kwargs={"token": token_of(press)})
    assert client_of(press).get(address).content == Client().get(address).content


def test_other_kinds_are_not_in_it(desk: Desk) -> None:
    for other in (make.update, make.quote, make.statistic):
        other(desk.campaign)
    assert summaries(token_of(desk.cast["owner"])) == []


def left(desk: Desk, who: str) -> None:
    place = make.membership(desk.campaign, desk.cast[who])
    remove_member(membership=place, by=desk.cast["owner"])


@pytest.mark.parametrize("whole", [True, False])
def test_who_has_left_reads_an_empty_calendar_without_a_name(whole: bool, desk: Desk) -> None:
    make.milestone(desk.campaign, headline="Ours")
    token = token_of(desk.cast["press"], None if whole else desk.campaign)
    assert summaries(token) == ["Ours"]
    left(desk, "press")
    made = read(token)
    assert made.events == []
    assert b"harms" not in ask(token).content
    rejoined = {"campaign": desk.campaign, "user": desk.cast["press"], "role": Role.VIEWER}
    add_member(**rejoined, by=desk.cast["owner"], at=AT)
    assert summaries(token) == ["Ours"]


def test_who_has_left_a_public_campaign_reads_what_everybody_does(desk: Desk) -> None:
    desk.campaign.is_public = True
    desk.campaign.save()
    watcher = desk.cast["owner"]
    make.milestone(desk.campaign, headline="Public", visibility="public", owner=watcher)
    make.milestone(desk.campaign, headline="Team's")
    token = token_of(desk.cast["press"], desk.campaign)
    assert f"Watched by {watcher.name}" in str(events(token)["Public"]["DESCRIPTION"])
    left(desk, "press")
    assert summaries(token) == ["Public"]
    assert "Watched" not in str(only(token)["DESCRIPTION"])


def is_no_calendar(response: HttpResponse) -> bool:
    assert response.content == b"There is no calendar here.\n"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert not response.cookies
    return response.status_code == 404


def test_who_is_deactivated_reads_nothing(desk: Desk) -> None:
    user = desk.cast["press"]
    token = token_of(user)
    user.is_active = False
    user.save()
    assert is_no_calendar(ask(token))
    user.is_active = True
    user.save()
    assert ask(token).status_code == 200


# The address


def test_only_the_hash_of_the_token_is_kept(desk: Desk) -> None:
    feed, token = open_feed(user=desk.cast["press"], campaign=desk.campaign, at=AT)
    assert len(token) >= 43  # 32 random bytes
    stored = Feed.objects.get()
    assert stored.token_hash == hashlib.sha256(token.encode()).hexdigest()
    everything = serializers.serialize("json", [stored, *Feed.history.all()])
    assert token not in everything
    kept = json.loads(everything)[1]["fields"]
    assert kept.keys() & {"token_hash", "last_read_at"} == set()
    assert find_feed(token) == feed
    assert [find_feed(wrong) for wrong in ("", "x", stored.token_hash, token[:-1])] == [None] * 4


def test_a_new_address_ends_the_old_one_at_once(desk: Desk) -> None:
    press = desk.cast["press"]
    old, other, elsewhere = token_of(press), token_of(press, desk.campaign), token_of(desk.cast["owner"])
    new = token_of(press)
    assert is_no_calendar(ask(old))
    assert {ask(token).status_code for token in (new, other, elsewhere)} == {200}
    assert Feed.objects.filter(user=press, campaign=None, revoked_at=None).count() == 1


def test_a_revoked_address_answers_no_more_and_history_says_who(desk: Desk) -> None:
    press = desk.cast["press"]
    feed, token = open_feed(user=press, campaign=None, at=AT)
    revoke_feed(feed=feed, by=press, at=AT + SECOND)
    assert is_no_calendar(ask(token))
    steps = Feed.history.order_by("history_id").values_list("history_type", "history_user", "revoked_at")
    assert list(steps) == [("+", press.pk, None), ("~", press.pk, AT + SECOND)]


@pytest.mark.parametrize(
    "token", ["x", "%00", "x" * 5000, "%FF", "%F0%9F%98%80", "a b", "'--", ".ics", "%0A"]
)
def test_odd_addresses_are_no_calendars(token: str, db: None) -> None:
    assert is_no_calendar(Client().get(f"/calendar/{token}.ics"))


def test_reading_is_noted_once_an_hour(desk: Desk, clock: Clock) -> None:
    token = token_of(desk.cast["press"])
    noted = []
    for clock.at in (AT, AT + HOUR - SECOND, AT + HOUR, AT + HOUR + SECOND):
        ask(token)
        noted.append(Feed.objects.get().last_read_at)
    assert noted == [AT, AT, AT + HOUR, AT + HOUR]
    assert Feed.history.count() == 1


# The answer


def test_the_headers_keep_it_private(desk: Desk) -> None:
    response = ask(token_of(desk.cast["press"]))
    assert {name: response[name] for name in ("Content-Type", "Content-Disposition")} == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="milestones.ics"',
    }
    guards = {
        "Cache-Control": "private, max-age=300",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    for answer in (response, ask("x")):
        assert {name: answer[name] for name in guards} == guards
        assert not answer.cookies
    assert re.fullmatch(r'"[0-9a-f]{64}"', response["ETag"])


def test_no_session_is_begun_or_changed(desk: Desk) -> None:
    token = token_of(desk.cast["press"])
    signed_in = client_of(desk.cast["owner"])
    before = dict(signed_in.session)
    assert not signed_in.get(reverse("feed", kwargs={"token": token})).cookies
    assert dict(signed_in.session) == before


def test_head_says_the_same_without_a_word(desk: Desk) -> None:
    make.milestone(desk.campaign)
    token = token_of(desk.cast["press"])
    address = reverse("feed", kwargs={"token": token})
    got, head = Client().get(address), Client().head(address)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])
    assert Client().head(address, headers={"If-None-Match": got["ETag"]}).status_code == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_no_other_method_is_allowed(method: str, desk: Desk) -> None:
    address = reverse("feed", kwargs={"token": token_of(desk.cast["press"])})
    response = Client(enforce_csrf_checks=True).generic(method, address)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert not response.cookies


def test_it_is_sent_again_only_when_something_changed(desk: Desk, clock: Clock) -> None:
    milestone = make.milestone(desk.campaign)
    token = token_of(desk.cast["press"])
    first = ask(token)
    before = only(token)
    clock.at = AT + timedelta(days=20)
    again = ask(token, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "private, max-age=300"
    assert ask(token, **{"If-None-Match": f'W/"x", {first["ETag"]}'}).status_code == 304
    moved(milestone, "2026-07-01", clock.at)
    changed = ask(token, **{"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)
    after = only(token)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert (before["LAST-MODIFIED"].dt, after["LAST-MODIFIED"].dt) == (AT, clock.at)


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the site writes where its output goes."""
    written = io.StringIO()
    (handler,) = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    monkeypatch.setattr(handler, "stream", written)
    return written


def test_addresses_stay_out_of_the_logs(desk: Desk, console: io.StringIO) -> None:
    token = token_of(desk.cast["press"])
    address = reverse("feed", kwargs={"token": token})
    Client().post(address)
    Client().get(address)
    token_of(desk.cast["press"])
    Client().get(address)
    Client().get(f"/invitations/{token}/")
    Client().get("/no-such-page/")
    Client(enforce_csrf_checks=True).post(f"/invitations/{token}/")
    Client(enforce_csrf_checks=True).post(f"/answer/{token}/")
    said = [line.split(" WARNING ")[1] for line in console.getvalue().splitlines() if " WARNING " in line]
    assert said == [
        "django.request: Method Not Allowed (POST): /calendar/….ics",
        "django.request: Not Found: /calendar/….ics",
        "django.request: Not Found: /invitations/…/",
        "django.request: Not Found: /no-such-page/",
        "django.security.csrf: Forbidden (CSRF cookie not set.): /invitations/…/",
        "django.security.csrf: Forbidden (CSRF cookie not set.): /answer/…/",
    ]
    assert token not in console.getvalue()


def test_the_admin_shows_no_secret(desk: Desk) -> None:
    token_of(desk.cast["press"])
    feed = Feed.objects.get()
    ada = client_of(make.user("ada", is_staff=True, is_superuser=True))
    for page in ("changelist", "change", "history", "delete"):
        args = [] if page == "changelist" else [feed.pk]
        response = ada.get(reverse(f"admin:campaigns_feed_{page}", args=args))
        assert response.status_code == 200
        assert feed.token_hash.encode() not in response.content
    assert ada.get(reverse("admin:campaigns_feed_add")).status_code == 403
    change = reverse("admin:campaigns_feed_change", args=[feed.pk])
    assert ada.post(change, {"revoked_at": ""}).status_code == 403


# At size


def pour(campaign: Campaign, days: list[date], *, outcome: str = Outcome.UPCOMING) -> None:
    """Many milestones at once, each with an owner of its own."""
    password = make_password("x")
    first = User.objects.count()
    people = User.objects.bulk_create(
        User(username=f"u{first + number}", email=f"u{first + number}@example.org", password=password)
        for number in range(len(days))
    )
    is_open = outcome == Outcome.UPCOMING
    entries = Entry.everything.bulk_create(
        Entry(
            campaign=campaign,
            kind=Kind.MILESTONE,
            headline=f"{outcome} {day}",
            date=day.isoformat(),
            earliest=day,
            latest=day,
            placed=day,
            due=day if is_open else None,
            slip_days=0,
            shown_from=AT,
            recorded_at=AT,
        )
        for day in days
    )
    Milestone.everything.bulk_create(
        Milestone(
            entry=entry,
            owner=person,
            outcome=outcome,
            settled_on=None if is_open else entry.latest,
            settled_at=None if is_open else AT,
            first_latest=entry.placed,
            changed_at=AT,
        )
        for entry, person in zip(entries, people, strict=True)
    )


def around(today: date, count: int) -> list[date]:
    """So many days, today in their middle."""
    return [today + timedelta(days=number - count // 2) for number in range(count)]


def asked_for(token: str) -> int:
    ask(token)  # notes that it was read
    with CaptureQueriesContext(connection) as asked:
        ask(token)
    return len(asked)


@pytest.mark.parametrize(("whole", "queries"), [(True, 8), (False, 7)])
def test_the_number_of_queries_does_not_grow(whole: bool, queries: int, desk: Desk) -> None:
    token = token_of(desk.cast["press"], None if whole else desk.campaign)
    pour(desk.campaign, around(TODAY, 3))
    assert asked_for(token) == queries
    pour(desk.campaign, around(TODAY, 1_500))
    pour(desk.campaign, around(TODAY, 500), outcome=Outcome.MET)
    assert asked_for(token) == queries
    assert len(read(token).events) == 2_003


def test_what_does_not_fit_is_what_is_furthest_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "MOST_EVENTS", 10)
    other = make.campaign(owner=desk.cast["owner"], name="Clean rivers")
    pour(desk.campaign, [TODAY + n * DAY for n in (-90, -40, -3, -1, 0, 2, 50, 400)])
    pour(other, [TODAY + n * DAY for n in (-1, 7)])
    pour(other, [TODAY + n * DAY for n in (-732, -731, -200, 1, 300)], outcome=Outcome.DROPPED)
    token = token_of(desk.cast["owner"])

    def offsets() -> list[tuple[str, int]]:
        return sorted((str(e["STATUS"]), (e.start - TODAY).days) for e in read(token).events)

    every_open = [-90, -40, -3, -1, -1, 0, 2, 7, 50, 400]
    assert offsets() == [("CONFIRMED", n) for n in every_open]
    monkeypatch.setattr(calendar, "MOST_EVENTS", 7)
    assert offsets() == [("CONFIRMED", n) for n in [-40, -3, -1, -1, 0, 2, 7]]
    monkeypatch.setattr(calendar, "MOST_EVENTS", 12)
    assert offsets() == [("CANCELLED", n) for n in (-200, 1)] + [("CONFIRMED", n) for n in every_open]
    monkeypatch.setattr(calendar, "MOST_EVENTS", 100)
    assert offsets() == [("CANCELLED", n) for n in (-731, -200, 1, 300)] + [
        ("CONFIRMED", n) for n in every_open
    ]


def test_many_campaigns_are_all_in_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = desk.cast["owner"]
    for number in range(4):
        make.milestone(make.campaign(owner=owner, name=f"Campaign {number}"), headline=f"Of {number}")
    token = token_of(owner)
    asked_each = ask(token).content
    monkeypatch.setattr(calendar, "MOST_PARTS", 3)
    assert ask(token).content == asked_each
    assert summaries(token) == [f"Of {number}" for number in range(4)]


# The page


def test_somebody_who_is_not_signed_in_is_asked_to(db: None) -> None:
    assert Client().get(PAGE)["Location"] == f"{reverse('account_login')}?next={PAGE}"


def make_one(desk: Desk, who: str = "press", campaign: str = "") -> tuple[HttpResponse, str]:
    """The page after the button was pressed, and the token it shows."""
    response = desk.client(who).post(PAGE, {"campaign": campaign})
    (address,) = re.findall(r"<code>(.*?)</code>", response.content.decode())
    prefix = f"{settings.SITE_URL}/calendar/"
    assert address.startswith(prefix)
    return response, address.removeprefix(prefix).removesuffix(".ics")


@pytest.mark.parametrize("whole", [True, False])
def test_an_address_is_made_and_shown_once(whole: bool, desk: Desk) -> None:
    make.milestone(desk.campaign, headline="Ours")
    response, token = make_one(desk, campaign="" if whole else desk.campaign.slug)
    feed = Feed.objects.get()
    assert (feed.user, feed.campaign) == (desk.cast["press"], None if whole else desk.campaign)
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "same-origin")
    said = text_of(response)
    assert "shown this once" in said
    assert "Whoever has the address can read the milestones that you can read." in said
    assert "replace or revoke it" in said
    assert summaries(token) == ["Ours"]
    client = desk.client("press")
    for page in (PAGE, reverse("profile"), reverse("home"), reverse("deadlines")):
        assert token.encode() not in client.get(page).content
    assert "last read 10 March 2026, 10:00" in text_of(client.get(PAGE))


def test_every_calendar_has_its_link(desk: Desk) -> None:
    desk.campaign.name = "Rivers & lakes, 100%"
    desk.campaign.save()
    response, token = make_one(desk, campaign=desk.campaign.slug)
    links = {
        words: unescape(link)
        for link, words in re.findall(
            r'<a href="([^"]*)" rel="noreferrer">(.*?)</a>', response.content.decode()
        )
    }
    address = f"{settings.SITE_URL}/calendar/{token}.ics"
    webcal = f"webcal://{urlsplit(settings.SITE_URL).netloc}/calendar/{token}.ics"
    assert list(links) == ["Apple Calendar", "Google Calendar", "Outlook.com", "Office 365"]
    assert links["Apple Calendar"] == webcal
    google = urlsplit(links["Google Calendar"])
    assert (google.netloc, google.path) == ("calendar.google.com", "/calendar/render")
    assert (google.query.count(":"), parse_qs(google.query)) == (0, {"cid": [webcal]})
    for name, host in (("Outlook.com", "outlook.live.com"), ("Office 365", "outlook.office.com")):
        outlook = urlsplit(links[name])
        assert (outlook.scheme, outlook.netloc, outlook.path) == ("https", host, "/calendar/0/addfromweb")
        asked = {"url": [address], "name": ["Rivers & lakes, 100%: milestones"]}
        assert parse_qs(outlook.query) == asked
        assert "Rivers & lakes, 100%" in unquote(outlook.query)


def test_the_page_offers_what_one_is_on_and_what_stands(desk: Desk, other_campaign: Campaign) -> None:
    make.campaign(owner=make.user(), name="Clean air", public=True)
    token_of(desk.cast["press"], desk.campaign)
    said = text_of(desk.client("press").get(PAGE))
    assert said.count("Make a calendar address") == 1
    assert said.count("Replace the address") == 1
    assert "Online harms Made 10 March 2026, 10:00; not read yet" in said
    assert "Clean" not in said


def test_replacing_ends_the_old_address(desk: Desk) -> None:
    _, old = make_one(desk)
    _, new = make_one(desk)
    assert is_no_calendar(ask(old))
    assert ask(new).status_code == 200


def test_revoking_ends_it_and_only_ones_own(desk: Desk) -> None:
    _, token = make_one(desk)
    address = reverse("revoke_feed", kwargs={"pk": Feed.objects.get().pk})
    assert desk.client("owner").post(address).status_code == 404
    assert ask(token).status_code == 200
    client = desk.client("press")
    response = client.post(address, follow=True)
    assert "The address is revoked" in text_of(response)
    assert is_no_calendar(ask(token))
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("who", ["press", "outsider"])
def test_a_campaign_that_is_not_ones_own_is_no_choice(who: str, desk: Desk) -> None:
    theirs = make.campaign(owner=make.user(), name="Clean air", public=True)
    for slug in (theirs.slug, "no-such-campaign", "\x00"):
        assert desk.client(who).post(PAGE, {"campaign": slug}).status_code == 404
    assert Feed.objects.count() == 0


def test_a_feed_of_a_campaign_one_has_left_can_be_revoked_and_names_nothing(desk: Desk) -> None:
    token = token_of(desk.cast["press"], desk.campaign)
    left(desk, "press")
    client = desk.client("press")
    said = text_of(client.get(PAGE))
    assert "A campaign you have left" in said
    assert "harms" not in said
    client.post(reverse("revoke_feed", kwargs={"pk": Feed.objects.get().pk}))
    assert is_no_calendar(ask(token))


@pytest.mark.parametrize("page", ["profile", "deadlines"])
def test_other_pages_lead_there(page: str, desk: Desk) -> None:
    assert f'href="{PAGE}"' in desk.client("press").get(reverse(page)).content.decode()


def test_withdrawing_past_the_page_still_takes_it_out_of_the_teams_calendars(desk: Desk) -> None:
    made = make.milestone(desk.campaign)
    token = token_of(desk.cast["viewer"])
    assert summaries(token) == ["Royal Assent"]
    set_state(entry=made.entry, state=State.WITHDRAWN, by=desk.cast["owner"])
    assert summaries(token) == []
