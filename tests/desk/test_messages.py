"""Messages as they were sent: who reads which, and pages by key."""

import re
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.notices.actions import Words, channels_of, prepare
from apps.notices.letters import answer_address, message_id_of
from apps.notices.models import Delivery, Kind
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, listed_in
from tests.make import AT
from tests.pages import client_of, text_of

LIST = reverse("messages")
SENT = {"show": "sent"}
"""Everything that was sent, through whatever channel; without it the page is the inbox."""


def sent(campaign: Campaign, to: User, subject: str = "In 7 days: Royal Assent", **more: Any) -> Delivery:
    message_id = message_id_of(f"{campaign.pk}-{to.pk}-{Delivery.objects.count()}")
    (email,) = [channel for channel in channels_of([to])[to.pk] if channel.kind == Kind.EMAIL]
    words = Words(subject, "Soon.")
    made = prepare(channel=email, campaign=campaign, words=words, message_id=message_id, at=AT)
    for name, value in {"state": Delivery.State.SENT, "sent_at": AT, **more}.items():
        setattr(made, name, value)
    made.save()
    return made


def test_owners_read_the_teams_messages_and_others_their_own(desk: Desk, other_campaign: Campaign) -> None:
    for who, user in desk.cast.items():
        sent(desk.campaign, user, f"To {who}")
    sent(other_campaign, make.owner_of(other_campaign), "Elsewhere")
    seen = {who: listed_in(desk.client(who).get(LIST, SENT), LIST) for who in desk.cast}
    everybody = [f"To {who}" for who in desk.cast]
    assert seen == {who: everybody[::-1] if who == "owner" else [f"To {who}"] for who in desk.cast}


def test_one_is_opened_by_whom_it_went_to_and_by_owners(desk: Desk) -> None:
    path = reverse("message", kwargs={"pk": sent(desk.campaign, desk.cast["viewer"]).pk})
    got = {who: desk.client(who).get(path).status_code for who in desk.cast}
    assert got == {who: 200 if who in {"owner", "viewer"} else 404 for who in desk.cast}


def test_an_administrator_reads_no_teams_messages_here(desk: Desk) -> None:
    message = sent(desk.campaign, desk.cast["viewer"])
    client = client_of(make.user(is_staff=True, is_superuser=True))
    assert listed_in(client.get(LIST, SENT), LIST) == []
    assert client.get(reverse("message", kwargs={"pk": message.pk})).status_code == 404


def test_an_owner_made_volunteer_reads_only_their_own_again(desk: Desk) -> None:
    sent(desk.campaign, desk.cast["viewer"])
    make.member(desk.campaign, "owner")
    place = make.membership(desk.campaign, desk.cast["owner"])
    place.role = "volunteer"
    place.save()
    assert listed_in(desk.client().get(LIST, SENT), LIST) == []


def test_it_says_whom_when_and_what_went_wrong(desk: Desk) -> None:
    viewer = desk.cast["viewer"]
    failed = sent(desk.campaign, viewer, state=Delivery.State.FAILED, sent_at=None, error="No such mailbox")
    sent(desk.campaign, viewer, "Today")
    page = text_of(desk.client().get(LIST, SENT))
    assert f"Today to {viewer.name} · E-mail · Online harms · sent 10 March 2026, 10:00" in page
    assert f"Royal Assent to {viewer.name} · E-mail · Online harms · failed · No such mailbox" in page
    said = text_of(desk.client().get(reverse("message", kwargs={"pk": failed.pk})))
    assert "In 7 days: Royal Assent No such mailbox Soon." in said


def test_what_was_sent_is_text_and_never_markup(desk: Desk) -> None:
    script = "<script>alert(1)</script>"
    message = sent(desk.campaign, desk.cast["owner"], script, body=f"{script} https://example.org/a")
    for path in (LIST + "?show=sent", reverse("message", kwargs={"pk": message.pk})):
        page = desk.client().get(path).content.decode()
        assert (script in page, "&lt;script&gt;" in page) == (False, True)
    assert '<a href="https://example.org/a"' in page


@pytest.fixture
def many(desk: Desk) -> Desk:
    for number in range(130):
        sent(desk.campaign, desk.cast["owner"], f"Message {number:03}")
    return desk


def test_pages_show_every_message_once_newest_first(many: Desk) -> None:
    client, shown, address = many.client(), [], "?show=sent"
    while address is not None:
        response = client.get(LIST + address)
        shown.append(listed_in(response, LIST))
        address = link_called(response, "Older messages")
    assert [len(page) for page in shown] == [50, 50, 30]
    assert [subject for page in shown for subject in page] == [f"Message {n:03}" for n in range(129, -1, -1)]


@pytest.mark.parametrize("place", ["x", "-1", "1.5", "²", "\x00", "", "9" * 19, "9" * 400, "1 or 1"])
def test_a_damaged_place_shows_the_newest(place: str, many: Desk) -> None:
    response = many.client().get(LIST, SENT | {"before": place})
    assert listed_in(response, LIST)[0] == "Message 129"


def test_a_place_never_widens_what_one_may_read(many: Desk) -> None:
    assert listed_in(many.client("viewer").get(LIST, SENT | {"before": "9" * 18}), LIST) == []


def test_the_link_to_answer_by_is_shown_to_its_reader_alone(desk: Desk) -> None:
    message = sent(desk.campaign, desk.cast["viewer"])
    link = answer_address(message.message_id)
    Delivery.objects.update(body=f"Soon.\n\nSay that you have seen it:\n{link}\n")
    path = reverse("message", kwargs={"pk": message.pk})
    shown = {who: link in desk.client(who).get(path).content.decode() for who in ("viewer", "owner")}
    assert shown == {"viewer": True, "owner": False}


def test_without_any_it_says_what_will_be_here(desk: Desk) -> None:
    assert re.search("No message yet.*each as it was sent", text_of(desk.client().get(LIST)))
