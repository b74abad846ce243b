"""Inviting, joining, leaving, what people may do, and the campaign's own settings."""

import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.actions import INVITATION_LASTS, invite
from apps.campaigns.models import Campaign, Invitation, Membership
from apps.campaigns.roles import Role
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, query_count
from tests.make import AT, PASSWORD, SECOND
from tests.pages import Clock, at, client_of, everything_stored, problems_of, text_of

SITE = "https://tracker.example.org"
VERA = {"email": "vera@example.org", "username": "vera", "password1": PASSWORD, "password2": PASSWORD}
GONE = "This invitation is no longer good"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def letter(desk: Desk, role: str = "press", email: str = "vera@example.org") -> str:
    """The path that an invitation's mail leads to."""
    desk.post("invite", {"email": email, "role": role})
    found = re.search(rf"^{SITE}(/invitations/\S+/)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found is not None
    return found[1]


def test_from_invitation_to_a_place_on_the_campaign(desk: Desk) -> None:
    path, client = letter(desk), Client()
    welcome = client.get(path)
    assert "Olive invites you as press." in text_of(welcome)
    sign_up = link_called(welcome, "Make an account")
    assert sign_up is not None
    assert client.get(sign_up).status_code == 200
    signed_up = client.post(reverse("account_signup"), {**VERA, "next": path}, follow=True)
    assert signed_up.redirect_chain == [(path, 302)]
    assert "You are signed in as vera." in text_of(signed_up)
    joined = client.post(path, follow=True)
    assert joined.redirect_chain == [(at("campaign", desk.campaign), 302)]
    assert "You are on Online harms." in text_of(joined)
    place = Membership.objects.get(user__username="vera")
    assert (place.role, place.joined_at, place.reminded) == ("press", AT, False)
    assert Invitation.objects.get().accepted_by == place.user


def test_the_mail_says_who_what_and_where(desk: Desk) -> None:
    path = letter(desk, "volunteer")
    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Join Online harms", ["vera@example.org"])
    assert message.body == (
        "Olive invites you to the campaign “Online harms” as Volunteer.\n\n"
        f"Join here, within two weeks:\n{SITE}{path}\n\n"
        "If you do not know what this is about, leave it be: nothing happens until the link is used.\n\n"
    )


def test_a_name_with_a_line_break_adds_no_header(desk: Desk) -> None:
    Campaign.objects.filter(pk=desk.campaign.pk).update(name="Rivers\nBcc: all@example.org")
    letter(desk)
    (message,) = mail.outbox
    assert (message.subject, message.recipients()) == (
        "Join Rivers Bcc: all@example.org",
        ["vera@example.org"],
    )


def test_the_link_is_shown_to_the_owner_once(desk: Desk) -> None:
    response = desk.post("invite", {"email": "vera@example.org", "role": "press"})
    found = re.search(rf"<code>{SITE}(/invitations/\S+/)</code>", response.content.decode())
    assert found is not None
    assert "This site sends no e-mail: send them the link yourself." in text_of(response)
    assert found[1] not in desk.get("members").content.decode()
    assert "vera@example.org as press by Olive; open until 24 March 2026, 10:00" in (
        text_of(desk.get("members"))
    )


def test_a_mail_server_that_is_away_loses_nothing(desk: Desk, settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]  # bound, but nobody listens
        settings.EMAIL_HOST, settings.EMAIL_URL = "127.0.0.1", "smtp://127.0.0.1"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        response = desk.post("invite", {"email": "vera@example.org", "role": "press"})
    assert "The mail server did not take the message" in text_of(response)
    assert Invitation.objects.count() == 1


def test_a_message_that_cannot_be_written_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(message: Any) -> int:
        raise UnicodeError("label empty or too long")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses)
    response = desk.post("invite", {"email": "vera@bücher.example", "role": "press"})
    assert re.search(rf"<code>{SITE}/invitations/\S+/</code>", response.content.decode())
    assert Invitation.objects.get().email == "vera@bücher.example"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "vera"}, "email"),
        ({"email": "vera@example.org\nBcc: x@example.org"}, "email"),
        ({"email": f"{'x' * 250}@example.org"}, "email"),
        ({"email": f"vera@{'ü' * 60}.org"}, "email"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_bad_invitation_is_refused(wrong: dict[str, str], field: str, desk: Desk) -> None:
    before = everything_stored()
    response = desk.post("invite", {"email": "vera@example.org", "role": "press", **wrong})
    assert list(problems_of(response)) == [field]
    assert (everything_stored() == before, mail.outbox) == (True, [])


def test_a_member_is_not_invited_again(desk: Desk) -> None:
    response = desk.post("invite", {"email": desk.cast["press"].email.upper(), "role": "viewer"})
    assert problems_of(response) == {"email": ["They are on this campaign already."]}
    assert mail.outbox == []


def is_gone(response: HttpResponse) -> bool:
    return response.status_code == 404 and GONE in text_of(response)


def test_a_letter_works_once(desk: Desk) -> None:
    path = letter(desk)
    desk.client("outsider").post(path)
    for client in (Client(), desk.client("outsider"), client_of(make.user())):
        assert (is_gone(client.get(path)), is_gone(client.post(path))) == (True, True)
    assert Membership.objects.filter(role="press").count() == 2


def test_it_runs_out_at_its_moment(desk: Desk, clock: Clock) -> None:
    path = letter(desk)
    clock.at = AT + INVITATION_LASTS - SECOND
    assert Client().get(path).status_code == 200
    clock.at += SECOND
    client = desk.client("outsider")
    assert (is_gone(client.get(path)), is_gone(client.post(path))) == (True, True)
    assert "ran out 24 March 2026, 10:00" in text_of(desk.get("members"))


def test_a_withdrawn_or_replaced_letter_opens_nothing(desk: Desk) -> None:
    old, new = letter(desk), letter(desk)
    assert (is_gone(Client().get(old)), Client().get(new).status_code) == (True, 200)
    assert desk.post("withdraw_invitation", {}, pk=Invitation.objects.get().pk).status_code == 302
    assert is_gone(Client().get(new))


def test_somebody_else_signed_in_is_told_as_whom_before_anything_happens(desk: Desk) -> None:
    path, client = letter(desk), desk.client("outsider")
    before = everything_stored()
    assert f"You are signed in as {desk.cast['outsider'].name}." in text_of(client.get(path))
    assert everything_stored() == before
    client.post(path)
    assert make.membership(desk.campaign, desk.cast["outsider"]).role == "press"


def test_a_member_who_follows_it_keeps_their_place(desk: Desk) -> None:
    path = letter(desk, "owner")
    assert desk.client("viewer").post(path).status_code == 302
    assert make.membership(desk.campaign, desk.cast["viewer"]).role == "viewer"


def test_a_visitor_who_posts_joins_nothing(desk: Desk) -> None:
    before = Membership.objects.count()
    assert "Make an account" in text_of(Client().post(letter(desk)))
    assert Membership.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_is_told(shared_database: None, clock: Clock) -> None:
    campaign = make.campaign(owner=make.user("olive"))
    by = make.owner_of(campaign)
    _, token = invite(campaign=campaign, email="vera@example.org", role=Role.PRESS, by=by, at=AT)
    path, start = reverse("invitation", kwargs={"token": token}), threading.Barrier(2)

    def join(client: Client) -> tuple[int, bool]:
        try:
            start.wait(timeout=10)
            response = client.post(path)
            return response.status_code, GONE in response.content.decode()
        finally:
            connection.close()

    clients = [client_of(make.user()) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(join, clients))
    assert answers == [(302, False), (404, True)]
    assert campaign.memberships.filter(role="press").count() == 1


def test_without_a_letter_there_is_no_signing_up(desk: Desk) -> None:
    sign_up = reverse("account_signup")
    assert "Accounts are made by invitation" in text_of(Client().post(sign_up, VERA))
    client = Client()
    client.get(letter(desk))
    desk.post("withdraw_invitation", {}, pk=Invitation.objects.get().pk)
    assert "Accounts are made by invitation" in text_of(client.post(sign_up, VERA))
    assert User.objects.filter(username="vera").count() == 0


def change(desk: Desk, who: str, role: str, reminded: bool = False, by: str = "owner") -> str:
    """What the members' page says after the change."""
    place = make.membership(desk.campaign, desk.cast[who])
    data = {"role": role, **({"reminded": "on"} if reminded else {})}
    client = desk.client(by)
    return text_of(client.post(at("change_member", desk.campaign, pk=place.pk), data, follow=True))


def remove(desk: Desk, who: str, by: str = "owner") -> str:
    place = make.membership(desk.campaign, desk.cast[who])
    path = at("remove_member", desk.campaign, pk=place.pk)
    return text_of(desk.client(by).post(path, follow=True))


def planned_for(who: User) -> int:
    return Reminder.objects.filter(recipient=who, state="planned").count()


def test_reminders_follow_who_is_on_the_team(desk: Desk) -> None:
    plan(make.milestone(desk.campaign, target="2026-03-20"), at=AT)
    press, counts = desk.cast["press"], []
    said = change(desk, "press", "advocacy", reminded=True)
    counts.append(planned_for(press))
    change(desk, "press", "advocacy")
    counts.append(planned_for(press))
    change(desk, "press", "press", reminded=True)
    remove(desk, "press")
    counts.append(planned_for(press))
    assert (f"{press.name}: advocacy from now on." in said, counts) == (True, [10, 0, 0])


def test_a_role_that_is_not_in_the_list_changes_nothing(desk: Desk) -> None:
    assert "Choose one of the roles in the list." in change(desk, "press", "king")
    assert make.membership(desk.campaign, desk.cast["press"]).role == "press"


def test_the_last_owner_stays(desk: Desk) -> None:
    needs = "A campaign needs an owner. Make somebody else an owner first."
    assert needs in change(desk, "owner", "viewer")
    assert needs in remove(desk, "owner")
    assert make.membership(desk.campaign, desk.cast["owner"]).role == "owner"
    change(desk, "press", "owner")
    assert "You have left the campaign." in remove(desk, "owner")
    assert desk.get("campaign").status_code == 404


def test_everybody_else_may_leave(desk: Desk) -> None:
    for who in ("advocacy", "press", "volunteer", "viewer"):
        assert "You have left the campaign." in remove(desk, who, by=who)
    assert [place.user for place in desk.campaign.memberships.all()] == [desk.cast["owner"]]


def test_addresses_are_for_owners_and_the_list_for_the_team(desk: Desk) -> None:
    email = desk.cast["press"].email
    pages = {who: desk.get("members", who=who) for who in desk.cast}
    assert {who for who, page in pages.items() if page.status_code == 200} == set(Role)
    assert {who for who, page in pages.items() if email in text_of(page)} == {"owner"}


def test_the_number_of_queries_does_not_grow_with_the_team(desk: Desk) -> None:
    def add(count: int) -> None:
        for number in range(count):
            place = make.member(desk.campaign, "viewer")
            by = desk.cast["owner"]
            email = f"{number}-{place.pk}@example.org"
            invite(campaign=desk.campaign, email=email, role=Role.VIEWER, by=by, at=AT)

    client, path = desk.client(), at("members", desk.campaign)
    add(10)
    few = query_count(client, path)
    add(50)
    assert query_count(client, path) == few


SETTINGS = {"name": "Online harms", "time_zone": "Europe/London"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("summary", "x" * 1001),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("time_zone", "../zones"),
    ],
    ids=lambda value: value[:20],
)
def test_bad_settings_are_refused(field: str, value: str, desk: Desk) -> None:
    before = everything_stored()
    response = desk.post("campaign_settings", {**SETTINGS, field: value})
    assert list(problems_of(response)) == [field]
    assert everything_stored() == before


def test_public_shows_what_is_public_and_private_takes_it_back(desk: Desk) -> None:
    make.update(desk.campaign, headline="For all", visibility="public")
    make.update(desk.campaign, headline="For us")
    seen = []
    for data in ({**SETTINGS, "is_public": "on"}, SETTINGS):
        assert desk.post("campaign_settings", data).status_code == 302
        said = text_of(desk.client("outsider").get(at("timeline", desk.campaign)))
        seen.append(("For all" in said, "For us" in said))
    assert seen == [(True, False), (False, False)]


def test_reminders_move_with_the_time_zone(desk: Desk) -> None:
    plan(make.milestone(desk.campaign, target="2026-03-20"), at=AT)
    mine = Reminder.objects.filter(recipient=desk.cast["owner"], state="planned", channel__kind="email")
    before = [f"{row.due_at:%d %H:%M}" for row in mine.all()]
    desk.post("campaign_settings", {**SETTINGS, "time_zone": "Asia/Tokyo"})
    after = [f"{row.due_at:%d %H:%M}" for row in mine.all()]
    assert before == ["13 09:00", "19 09:00", "20 09:00", "27 09:00", "03 08:00"]
    assert after == ["13 00:00", "19 00:00", "20 00:00", "27 00:00", "03 00:00"]


def test_the_address_stays_when_the_name_changes(desk: Desk) -> None:
    desk.post("campaign_settings", {**SETTINGS, "name": "Safer online"})
    desk.campaign.refresh_from_db()
    assert (desk.campaign.name, desk.campaign.slug) == ("Safer online", "online-harms")
