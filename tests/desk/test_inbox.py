"""The inbox: what is unread, reading it, and what stands round every page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.notices.actions import Words, channels_of, deliver, prepare, tell
from apps.notices.letters import message_id_of
from apps.notices.models import Delivery, Kind
from apps.reminders.models import Reminder, Tick
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, listed_in, query_count
from tests.make import AT, DAY
from tests.pages import client_of, everything_stored, text_of

INBOX = reverse("messages")
READ = reverse("read_messages")


def told(desk: Desk, who: str = "owner", subject: str = "Word", *, count: int = 1) -> list[Delivery]:
    for _ in range(count):
        key = f"{subject} {Delivery.objects.count()}"
        tell([desk.cast[who]], subject=subject, body="Words.", key=key, at=AT, campaign=desk.campaign)
    return list(Delivery.objects.filter(recipient=desk.cast[who], subject=subject))


def mailed(desk: Desk, to: User, subject: str) -> Delivery:
    (channel,) = [one for one in channels_of([to])[to.pk] if one.kind == Kind.EMAIL]
    made = prepare(
        channel=channel,
        campaign=desk.campaign,
        words=Words(subject, "Soon."),
        message_id=message_id_of(subject),
        at=AT,
    )
    deliver(made, at=AT)
    return made


def address(delivery: Delivery) -> str:
    return reverse("message", kwargs={"pk": delivery.pk})


def test_the_inbox_is_mine_and_the_rest_is_beside_it(desk: Desk) -> None:
    told(desk, subject="In the app")
    mailed(desk, desk.cast["owner"], "By mail")
    mailed(desk, desk.cast["viewer"], "To the viewer")
    client = desk.client()
    assert listed_in(client.get(INBOX), INBOX) == ["In the app"]
    assert listed_in(client.get(INBOX, {"show": "sent"}), INBOX) == ["To the viewer", "By mail", "In the app"]
    assert listed_in(desk.client("viewer").get(INBOX), INBOX) == []
    assert listed_in(desk.client("viewer").get(INBOX, {"show": "sent"}), INBOX) == ["To the viewer"]


def test_unread_is_said_in_words_until_it_is_opened(desk: Desk) -> None:
    (message,) = told(desk)
    client = desk.client()
    page = text_of(client.get(INBOX))
    assert "Messages (1) , 1 unread" in page
    assert "Word unread" in page
    assert client.head(address(message)).status_code == 200
    assert "1 unread" in text_of(client.get(INBOX))
    assert "Messages (1)" not in text_of(client.get(address(message)))
    message.refresh_from_db()
    assert message.read_at == AT
    assert "Nothing unread." in text_of(client.get(INBOX))


def test_an_owner_who_reads_a_teams_message_does_not_read_it_for_them(desk: Desk) -> None:
    (message,) = told(desk, "viewer")
    before = everything_stored()
    assert desk.client().get(address(message)).status_code == 200
    assert everything_stored() == before


def test_opening_a_mail_changes_nothing(desk: Desk) -> None:
    message = mailed(desk, desk.cast["viewer"], "By mail")
    before = everything_stored()
    assert desk.client("viewer").get(address(message)).status_code == 200
    assert everything_stored() == before


def test_all_are_marked_as_read_and_only_mine(desk: Desk) -> None:
    told(desk, count=3)
    told(desk, "press")
    assert desk.client().get(READ).status_code == 405
    page = desk.client().post(READ, follow=True)
    assert "Nothing unread." in text_of(page)
    assert [row.recipient for row in Delivery.objects.unread()] == [desk.cast["press"]]


def test_the_count_stops_at_ninety_nine(desk: Desk) -> None:
    told(desk, count=99)
    assert "Messages (99)" in text_of(desk.client().get("/"))
    told(desk, count=5)
    assert "Messages (99+) , 99+ unread" in text_of(desk.client().get("/"))


def test_a_message_of_several_campaigns_stands_without_one(desk: Desk) -> None:
    tell([desk.cast["owner"]], subject="Of two", body="Words.", key="two", at=AT)
    assert "Of two unread sent 10 March 2026, 10:00" in text_of(desk.client().get(INBOX))
    assert desk.client().get(INBOX, {"show": "sent"}).status_code == 200


@pytest.mark.parametrize("show", ["", "sent"])
def test_pages_show_every_message_once(show: str, desk: Desk) -> None:
    for number in range(120):
        told(desk, subject=f"Message {number:03}")
    client, shown, place = desk.client(), [], f"?show={show}"
    while place is not None:
        page = client.get(INBOX + place)
        shown += listed_in(page, INBOX)
        place = link_called(page, "Older messages")
    assert shown == [f"Message {number:03}" for number in range(119, -1, -1)]


@pytest.mark.parametrize("place", ["x", "-1", "²", "\x00", "9" * 400])
def test_a_damaged_place_shows_the_newest(place: str, desk: Desk) -> None:
    told(desk)
    assert listed_in(desk.client().get(INBOX, {"before": place}), INBOX) == ["Word"]


def test_what_was_sent_is_text_and_never_markup(desk: Desk) -> None:
    (message,) = told(desk, subject="<script>alert(1)</script>")
    for path in (INBOX, address(message)):
        assert b"<script>alert" not in desk.client().get(path).content


# --- What stands round every page -------------------------------------------------------------------------

STILL = "Reminders are not going out"


def test_owners_and_staff_are_told_when_the_scheduler_stands_still(desk: Desk) -> None:
    Tick.objects.create(looked_at=AT - timedelta(hours=3))
    admin = make.user(is_staff=True)
    seen = {who: STILL in text_of(desk.client(who).get("/")) for who in desk.cast}
    assert seen == {who: who == "owner" for who in desk.cast}
    said = "Reminders are not going out: the scheduler last looked 3 hours ago."
    assert said in text_of(desk.client().get("/"))
    assert f"{said} See what is wrong" in text_of(client_of(admin).get("/"))
    assert STILL not in text_of(desk.client("nobody").get("/"))


def test_it_is_silent_while_the_scheduler_looks(desk: Desk) -> None:
    Tick.objects.create(looked_at=AT - timedelta(seconds=60))
    assert STILL not in text_of(desk.client().get("/"))


def test_a_fresh_site_is_not_unwell_until_a_reminder_is_due(desk: Desk) -> None:
    plan(make.milestone(desk.campaign), at=AT)
    assert STILL not in text_of(desk.client().get("/"))
    Reminder.objects.update(try_at=AT - DAY)
    assert f"{STILL}: the scheduler has never looked." in text_of(desk.client().get("/"))


def test_the_frame_costs_two_queries_and_visitors_none(desk: Desk) -> None:
    """Counted on a page that asks nothing else of somebody signed in."""
    Tick.objects.create(looked_at=AT)
    path = "/no-such-page/"
    told(desk, count=30)
    client = desk.client()
    assert query_count(client, path) == 4  # the session, the user; the unread, the scheduler
    with CaptureQueriesContext(connection) as asked:
        desk.client("nobody").get(path)
    assert len(asked) == 0


def test_there_is_no_unread_without_a_user(desk: Desk, rf: Any) -> None:
    from apps.desk.context import site

    frame: Any = site(rf.get("/"))["frame"]
    assert (frame.unread, frame.standstill) == ("", "")
