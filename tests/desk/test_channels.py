"""When word reaches a person, and through which channels: what is shown, and what never is."""

from datetime import time
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from apps.notices import actions
from apps.notices.channels import Fault, Undelivered
from apps.notices.models import Attempt, Channel, Delivery, Kind
from apps.reminders.models import Plan, Reminder
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import table_in
from tests.make import AT
from tests.pages import everything_stored, problems_of, text_of

ME = reverse("profile")
PROFILE = {"first_name": "Olive", "time_zone": "Europe/London", "digest": "instant", "digest_at": "08:00"}
SECRET = "T0ken-that-nobody-sees"
HOOK = f"https://hooks.example.org/{SECRET}"
CHAT = f"ntfy://{SECRET}"


def add(desk: Desk, kind: str, address: str, *, name: str = "team chat", who: str = "owner") -> HttpResponse:
    path = reverse("add_channel", kwargs={"kind": kind})
    return desk.client(who).post(path, {"name": name, "address": address})


def channel(desk: Desk, kind: str, who: str = "owner") -> Channel:
    return next(one for one in actions.channels_of([desk.cast[who]])[desk.cast[who].pk] if one.kind == kind)


def press(desk: Desk, name: str, of: Channel, who: str = "owner") -> HttpResponse:
    return desk.client(who).post(reverse(name, kwargs={"pk": of.pk}), follow=True)


def stale() -> bool:
    return Plan.objects.filter(of=None).exists()


@pytest.fixture
def planned(desk: Desk) -> Desk:
    plan(make.milestone(desk.campaign, owner=desk.cast["owner"]), at=AT)
    assert not stale()
    return desk


# --- When -------------------------------------------------------------------------------------------------


def test_hours_and_digest_are_kept_and_reminders_planned_again(planned: Desk) -> None:
    hours = {"digest": "weekly", "digest_at": "07:30", "quiet_from": "22:00", "quiet_until": "07:00"}
    assert planned.client().post(ME, {**PROFILE, **hours}).status_code == 302
    user = type(planned.cast["owner"]).objects.get(pk=planned.cast["owner"].pk)
    assert (user.digest, user.digest_at) == ("weekly", time(7, 30))
    assert (user.quiet_from, user.quiet_until) == (time(22), time(7))
    assert stale()
    form = planned.client().get(ME).context["form"]
    assert [form[name].value() for name in hours] == ["weekly", time(7, 30), time(22), time(7)]


def test_a_new_name_plans_nothing_again_and_a_new_zone_does(planned: Desk) -> None:
    planned.client().post(ME, {**PROFILE, "first_name": "Olivia"})
    assert not stale()
    planned.client().post(ME, {**PROFILE, "time_zone": "Asia/Tokyo"})
    assert stale()


def test_what_is_not_sent_stays(desk: Desk) -> None:
    desk.client().post(ME, {**PROFILE, "digest": "daily", "digest_at": "06:00"})
    for rest in ({}, {"digest": "", "digest_at": ""}):
        desk.client().post(ME, {"first_name": "O", "time_zone": "Europe/London", **rest})
        user = type(desk.cast["owner"]).objects.get(pk=desk.cast["owner"].pk)
        assert (user.digest, user.digest_at) == ("daily", time(6))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quiet_from", {"quiet_until": "07:00"}),
        ("quiet_until", {"quiet_from": "22:00"}),
        ("quiet_until", {"quiet_from": "22:00", "quiet_until": "22:00"}),
        ("quiet_from", {"quiet_from": "25:99", "quiet_until": "07:00"}),
        ("digest", {"digest": "hourly"}),
        ("digest_at", {"digest_at": "noon"}),
        ("time_zone", {"time_zone": "Mars/Olympus"}),
    ],
    ids=str,
)
def test_wrong_hours_are_named_and_change_nothing(field: str, value: dict[str, str], desk: Desk) -> None:
    desk.client().get(ME)
    before = everything_stored()
    assert list(problems_of(desk.client().post(ME, {**PROFILE, **value}))) == [field]
    assert everything_stored() == before


# --- Which channels ---------------------------------------------------------------------------------------


def test_everybody_has_the_app_and_e_mail_and_says_how_they_stand(desk: Desk) -> None:
    page = desk.client().get(ME)
    assert [row[:3] for row in table_in(page)] == [
        ["In the app", "In the app", "on"],
        ["E-mail", "E-mail", "on"],
    ]
    assert "Remove" not in text_of(page)


def test_a_webhook_shows_its_key_once_and_its_address_never(planned: Desk) -> None:
    answer = add(planned, "webhook", HOOK)
    hook = channel(planned, Kind.WEBHOOK)
    assert (answer.status_code, hook.secret, hook.name) == (200, HOOK, "team chat")
    assert hook.key in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert SECRET not in answer.content.decode()
    later = planned.client().get(ME).content.decode()
    assert ("team chat" in later, SECRET in later, hook.key in later) == (True, False, False)
    assert stale()


def test_a_service_is_added_by_its_address(planned: Desk) -> None:
    assert add(planned, "service", CHAT).status_code == 302
    assert channel(planned, Kind.SERVICE).secret == CHAT
    assert SECRET not in planned.client().get(ME).content.decode()
    assert stale()


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("webhook", ""),
        ("webhook", f"http://hooks.example.org/{SECRET}"),
        ("webhook", f"https://user:{SECRET}@hooks.example.org/"),
        ("webhook", f"https://127.0.0.1/{SECRET}"),
        ("webhook", f"https://10.0.0.1/{SECRET}"),
        ("webhook", f"https://[::1]/{SECRET}"),
        ("webhook", f"https://hooks.example.org:22/{SECRET}"),
        ("webhook", f"https://hooks example.org/{SECRET}"),
        ("webhook", f"https://{SECRET * 200}"),
        ("webhook", f"https://[{SECRET}"),
        ("webhook", f"javascript:{SECRET}"),
        ("service", f"nosuch://{SECRET}"),
        ("service", f"slack://{SECRET}"),
        ("service", f"syslog://{SECRET}"),
        ("service", f"mailto://user:{SECRET}@example.org"),
        ("service", f"<script>{SECRET}"),
        ("service", f"{SECRET}\x00"),
    ],
)
def test_what_is_refused_is_said_without_repeating_the_address(kind: str, address: str, desk: Desk) -> None:
    before = everything_stored()
    answer = add(desk, kind, address)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["address"]
    assert SECRET.casefold() not in answer.content.decode().casefold()
    assert everything_stored() == before


def test_a_name_is_needed_and_the_address_is_not_shown_again(desk: Desk) -> None:
    answer = add(desk, "webhook", HOOK, name="")
    assert list(answer.context["form"].errors) == ["name"]
    assert SECRET not in answer.content.decode()


def test_there_is_an_end_to_channels(desk: Desk) -> None:
    assert channel(desk, Kind.INBOX)
    for number in range(8):
        assert add(desk, "service", CHAT, name=f"chat {number}").status_code == 302
    assert "Remove one first" in text_of(add(desk, "service", CHAT))


@pytest.mark.parametrize("kind", ["inbox", "email", "pigeon"])
def test_no_other_kind_is_added(kind: str, desk: Desk) -> None:
    assert add(desk, kind, HOOK).status_code == 404


def test_one_is_switched_off_and_on(planned: Desk) -> None:
    mail = channel(planned, Kind.EMAIL)
    assert "E-mail is off." in text_of(press(planned, "switch_channel", mail))
    assert [row[2] for row in table_in(planned.client().get(ME))] == ["on", "off"]
    assert stale()
    press(planned, "switch_channel", mail)
    mail.refresh_from_db()
    assert mail.active


def test_where_all_are_off_the_page_says_where_reminders_wait(desk: Desk) -> None:
    for kind in (Kind.INBOX, Kind.EMAIL):
        press(desk, "switch_channel", channel(desk, kind))
    assert "All are off, so reminders wait in the app." in text_of(desk.client().get(ME))


def test_one_is_removed_with_its_secret_and_stays_in_the_ledger(planned: Desk) -> None:
    add(planned, "webhook", HOOK)
    hook = channel(planned, Kind.WEBHOOK)
    assert "team chat is removed" in text_of(press(planned, "remove_channel", hook))
    hook.refresh_from_db()
    assert (hook.secret, hook.key, hook.name, hook.active) == ("", "", "team chat", False)
    assert press(planned, "switch_channel", hook).status_code == 404


@pytest.mark.parametrize("kind", [Kind.INBOX, Kind.EMAIL])
def test_the_app_and_e_mail_are_not_removed(kind: str, desk: Desk) -> None:
    page = press(desk, "remove_channel", channel(desk, kind))
    assert "This one can be switched off, but not removed." in text_of(page)


@pytest.mark.parametrize("name", ["switch_channel", "test_channel", "remove_channel"])
def test_another_persons_channel_is_not_there(name: str, desk: Desk) -> None:
    add(desk, "service", CHAT, who="press")
    theirs = channel(desk, Kind.SERVICE, "press")
    before = everything_stored()
    assert press(desk, name, theirs).status_code == 404
    assert everything_stored() == before


def test_a_test_that_arrives_is_said_and_stands_in_the_inbox(desk: Desk, mailoutbox: list[Any]) -> None:
    for kind in (Kind.INBOX, Kind.EMAIL):
        page = text_of(press(desk, "test_channel", channel(desk, kind)))
        assert f"A test was sent to {'In the app' if kind == Kind.INBOX else 'E-mail'}" in page
    assert [message.subject for message in mailoutbox] == ["A test from Campaign Tracker"]
    assert Delivery.objects.inbox_of(desk.cast["owner"]).count() == 1


def test_one_that_does_not_says_why_without_the_address(desk: Desk) -> None:
    """Tests reach no network, so this one cannot arrive."""
    add(desk, "webhook", HOOK)
    page = press(desk, "test_channel", channel(desk, Kind.WEBHOOK))
    assert "No test arrived" in text_of(page) or "Nobody knows" in text_of(page)
    assert SECRET not in page.content.decode()
    assert SECRET not in " ".join(Attempt.objects.values_list("error", flat=True))


def test_a_stopped_one_says_so_until_a_test_arrives(planned: Desk) -> None:
    mail = channel(planned, Kind.EMAIL)
    actions.stop_channel(mail, because="The address was refused.", at=AT)
    assert table_in(planned.client().get(ME))[1][2] == "stopped : The address was refused."
    Plan.objects.update(of=AT)
    press(planned, "test_channel", mail)
    mail.refresh_from_db()
    assert (mail.stopped_at, stale()) == (None, True)


def test_a_fault_of_the_program_is_a_sentence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise Undelivered("The line broke.", Fault.UNSURE)

    monkeypatch.setattr(actions, "send_test", refuse)
    page = press(desk, "test_channel", channel(desk, Kind.INBOX))
    assert "Nobody knows whether the test arrived. The line broke." in text_of(page)


def test_pressing_needs_a_button(desk: Desk) -> None:
    for name in ("switch_channel", "test_channel", "remove_channel"):
        path = reverse(name, kwargs={"pk": channel(desk, Kind.INBOX).pk})
        assert desk.client().get(path).status_code == 405
    assert not Reminder.objects.exists()
