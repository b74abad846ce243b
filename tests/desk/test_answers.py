"""What a person does from a message itself, without signing in: seen, later, no more of these."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.notices.actions import Words as Message
from apps.notices.actions import channels_of, deliver, prepare
from apps.notices.letters import LINKS_LAST, message_id_of, token_of
from apps.notices.models import Channel, Delivery, Kind
from apps.reminders.models import Acknowledgement, Plan, Reminder
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import Clock, everything_stored, text_of

State = Reminder.State


class Letter:
    """A message to the volunteer by e-mail, about milestones of theirs."""

    def __init__(self, desk: Desk, *targets: str, kind: str = Kind.EMAIL) -> None:
        self.person = desk.cast["volunteer"]
        self.entries = [
            make.milestone(desk.campaign, headline=f"Bill {target}", owner=self.person, target=target)
            for target in targets
        ]
        channels = channels_of([self.person])[self.person.pk]
        self.channel = next(channel for channel in channels if channel.kind == kind)
        self.delivery = prepare(
            channel=self.channel,
            campaign=desk.campaign,
            words=Message("In 7 days: a bill", "Soon."),
            message_id=message_id_of(f"letter {self.channel.pk} {targets}"),
            at=AT,
        )
        deliver(self.delivery, at=AT)
        for milestone in self.entries:
            plan(milestone, at=AT)
            row = Reminder.objects.filter(milestone=milestone, channel=self.channel)[0]
            Reminder.objects.filter(pk=row.pk).update(
                state=State.SENT, delivery=self.delivery, due_at=AT, changed_at=AT
            )
        self.token = token_of(self.delivery.message_id)

    @property
    def answer(self) -> str:
        return reverse("answer", kwargs={"token": self.token})

    @property
    def unsubscribe(self) -> str:
        return reverse("unsubscribe", kwargs={"token": self.token})

    def say(self, answer: int, *numbers: int, client: Client | None = None) -> Any:
        about = [self.entries[number].pk for number in numbers]
        return (client or Client()).post(self.answer, {"about": about, "answer": answer}, follow=True)


@pytest.fixture
def letter(desk: Desk) -> Letter:
    return Letter(desk, "2026-03-17", "2026-04-20")


def answers() -> list[tuple[int, datetime | None]]:
    return list(Acknowledgement.objects.values_list("milestone_id", "snoozed_until"))


DAMAGED = ["x", "x.y", "%00", "a" * 5000, "..", "%F0%9F%98%80"]


def test_a_damaged_link_leads_nowhere(letter: Letter) -> None:
    cut, swapped = letter.token[:-1], letter.token[::-1]
    for token in [*DAMAGED, cut, swapped, letter.token + "x", "." + letter.token]:
        for page in ("answer", "unsubscribe"):
            for method in ("get", "post"):
                assert getattr(Client(), method)(f"/{page}/{token}/").status_code == 404, token


def test_a_link_of_no_message_that_was_signed_leads_nowhere(letter: Letter) -> None:
    token = token_of(message_id_of("no such message"))
    assert Client().get(reverse("answer", kwargs={"token": token})).status_code == 404


def test_a_link_runs_out(letter: Letter, clock: Clock) -> None:
    clock.at = AT + LINKS_LAST - timedelta(seconds=1)
    assert Client().get(letter.answer).status_code == 200
    clock.at = AT + LINKS_LAST
    assert Client().get(letter.answer).status_code == 404


def test_the_link_of_an_account_put_to_rest_leads_nowhere(letter: Letter) -> None:
    letter.person.is_active = False
    letter.person.save()
    assert [Client().get(path).status_code for path in (letter.answer, letter.unsubscribe)] == [404, 404]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_is_allowed(method: str, letter: Letter) -> None:
    for path in (letter.answer, letter.unsubscribe):
        assert Client().generic(method, path).status_code == 405


def test_a_link_is_handed_to_no_other_site(letter: Letter) -> None:
    """With `no-referrer` a browser says `Origin: null` when the page's own form is sent."""
    for path in (letter.answer, letter.unsubscribe):
        page = Client().get(path)
        assert "no-store" in page["Cache-Control"]
        assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")


def test_asking_changes_nothing(letter: Letter) -> None:
    before = everything_stored()
    for path in (letter.answer, letter.unsubscribe):
        Client().get(path)
        Client().head(path)
    assert everything_stored() == before


def test_it_says_what_it_is_about(letter: Letter) -> None:
    page = text_of(Client().get(letter.answer))
    assert f"{letter.person.name}, this answers “In 7 days: a bill”." in page
    assert "Bill 2026-03-17" in page
    assert "Bill 2026-04-20" in page


def test_seen_is_written_down_for_what_was_ticked(letter: Letter) -> None:
    assert "Seen, and noted." in text_of(letter.say(0, 0))
    assert answers() == [(letter.entries[0].pk, None)]
    (answer,) = Acknowledgement.objects.all()
    assert (answer.person, answer.target, answer.at) == (letter.person, "2026-03-17", AT)


def test_later_silences_until_then_and_comes_again(letter: Letter) -> None:
    assert "You will be told again then." in text_of(letter.say(3, 1))
    until = datetime(2026, 3, 13, 9, tzinfo=UTC)
    assert answers() == [(letter.entries[1].pk, until)]
    rows = Reminder.objects.filter(milestone=letter.entries[1], state=State.PLANNED, channel=letter.channel)
    assert rows.earliest("due_at").due_at == until
    assert rows.earliest("due_at").rule.kind == "snooze"


def test_later_never_reaches_past_the_last_day(desk: Desk) -> None:
    letter = Letter(desk, "2026-03-12")
    letter.say(7, 0)
    assert answers() == [(letter.entries[0].pk, datetime(2026, 3, 12, 9, tzinfo=UTC))]


def test_what_is_due_today_cannot_wait_and_nothing_is_written(desk: Desk) -> None:
    letter = Letter(desk, "2026-04-20", "2026-03-10")
    page = letter.say(1, 0, 1)
    assert "Its last day is today: it cannot wait any longer." in text_of(page)
    assert answers() == []
    letter.say(0, 1)
    assert len(answers()) == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"answer": "0"},
        {"about": "1"},
        {"about": "x", "answer": "0"},
        {"about": "999", "answer": "0"},
        {"about": "1" + "0" * 30, "answer": "0"},
    ],
    ids=str,
)
def test_half_an_answer_writes_nothing(data: dict[str, str], letter: Letter) -> None:
    assert Client().post(letter.answer, data).status_code == 200
    assert answers() == []


@pytest.mark.parametrize("answer", ["2", "-1", "365", "x", "", "9" * 400])
def test_only_what_is_offered_is_an_answer(answer: str, letter: Letter) -> None:
    page = Client().post(letter.answer, {"about": letter.entries[0].pk, "answer": answer})
    assert (page.status_code, answers()) == (200, [])


def test_another_milestone_is_not_answered_to(letter: Letter, desk: Desk) -> None:
    other = make.milestone(desk.campaign, headline="Another", owner=letter.person)
    Client().post(letter.answer, {"about": other.pk, "answer": "0"})
    assert answers() == []


def test_what_is_embargoed_afterwards_is_neither_shown_nor_answered(letter: Letter, desk: Desk) -> None:
    entry = letter.entries[0].entry
    entry.shown_from = AT + DAY
    entry.save()
    assert "Bill 2026-03-17" not in text_of(Client().get(letter.answer))
    letter.say(0, 0)
    assert answers() == []


def test_whoever_left_the_campaign_is_shown_nothing_even_of_a_public_one(letter: Letter, desk: Desk) -> None:
    type(desk.campaign).objects.update(is_public=True)
    type(letter.entries[0].entry).everything.update(visibility="public")
    make.membership(desk.campaign, letter.person).delete()
    page = text_of(Client().get(letter.answer))
    assert "there is nothing to answer" in page
    assert "Bill 2026-03-17" not in page
    letter.say(0, 0)
    assert answers() == []


def test_what_is_settled_is_not_asked_about(letter: Letter, desk: Desk) -> None:
    from apps.legislation.actions import settle
    from apps.legislation.models import Outcome

    settle(milestone=letter.entries[0], outcome=Outcome.MET, on=AT.date(), by=desk.cast["owner"], at=AT)
    assert "Bill 2026-03-17" not in text_of(Client().get(letter.answer))


def test_answering_keeps_the_guard_against_other_sites(letter: Letter) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(letter.answer, {"about": letter.entries[0].pk, "answer": 0}).status_code == 403
    assert answers() == []


# --- No more of these -------------------------------------------------------------------------------------


def test_one_press_switches_the_channel_off_without_a_session_or_a_token(letter: Letter) -> None:
    Plan.objects.update(of=AT)
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(letter.unsubscribe, {"List-Unsubscribe": "One-Click"})
    assert (page.status_code, "Unsubscribed" in text_of(page)) == (200, True)
    letter.channel.refresh_from_db()
    assert (letter.channel.active, Plan.objects.filter(of=None).exists()) == (False, True)
    assert Channel.objects.filter(user=letter.person, active=True).count() == 1
    assert strict.post(letter.unsubscribe).status_code == 200


def test_asking_first_offers_the_button(letter: Letter) -> None:
    page = text_of(Client().get(letter.unsubscribe))
    assert "No more of these?" in page
    assert "gets no more messages by e-mail" in page


def test_the_app_is_not_unsubscribed_from(desk: Desk) -> None:
    letter = Letter(desk, "2026-04-20", kind=Kind.INBOX)
    assert "This was in the app" in text_of(Client().post(letter.unsubscribe))
    letter.channel.refresh_from_db()
    assert letter.channel.active


def test_a_channel_that_was_removed_meanwhile_is_no_error(desk: Desk) -> None:
    letter = Letter(desk, "2026-04-20")
    chat = Channel.objects.create(user=letter.person, kind=Kind.SERVICE, name="chat", secret="ntfy://x")
    Delivery.objects.filter(pk=letter.delivery.pk).update(channel=chat, kind=Kind.SERVICE)
    Channel.objects.filter(pk=chat.pk).update(secret="", active=False, removed_at=AT)
    assert Client().post(letter.unsubscribe).status_code == 200
