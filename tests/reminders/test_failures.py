"""What a mail server refuses: tried again, given up, or taken to another channel. The server is real."""

import time
from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.campaigns.actions import change_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.legislation.models import Milestone
from apps.notices.actions import send_test
from apps.notices.models import Channel, Delivery, Kind
from apps.reminders.models import Reminder
from apps.reminders.planning import plan_campaign
from apps.reminders.sending import Tally, wait_after
from tests import make, smtp
from tests.make import DAY, SECOND
from tests.reminders import remind
from tests.reminders.remind import State, look, on
from tests.smtp import MailServer

DUE = on("2026-06-13")
LAST = on("2026-06-20", "23:00")
MINUTE = timedelta(minutes=1)
BUSY = "451 come back later"


@pytest.fixture
def reader(campaign: Campaign) -> User:
    """Reached by e-mail alone; the owner hears nothing but what is told in the app."""
    owner, reader = make.owner_of(campaign), make.member(campaign, Role.ADVOCACY, name="rita")
    change_member(membership=make.membership(campaign, owner), role=Role.OWNER, reminded=False, by=owner)
    remind.switch_off(Kind.INBOX, reader)
    return reader


@pytest.fixture
def planned(campaign: Campaign, reader: User) -> Milestone:
    """Due on 20 June; the reader is warned a week and a day before."""
    remind.ladder(campaign, 7, 1)
    return remind.milestone(campaign, target="2026-06-20")


def first() -> Reminder:
    return Reminder.objects.select_related("delivery").earliest("due_at", "pk")


def told(person: User) -> list[str]:
    """What stands in a person's inbox."""
    return [notice.subject for notice in Delivery.objects.inbox_of(person).order_by("pk")]


def test_what_passes_is_tried_again_later_and_later_until_it_arrives(
    planned: Milestone, mail_server: MailServer
) -> None:
    mail_server.on("DATA", BUSY, BUSY, BUSY)
    moment = DUE
    for tries in (1, 2, 3):
        assert look(at=moment) == Tally(failed=1)
        row = first()
        assert (row.state, row.attempts, row.due_at) == (State.PLANNED, tries, DUE)
        assert row.because == f"The mail server said: {BUSY}"
        assert row.try_at == moment + wait_after(tries, row.pk)
        assert look(at=row.try_at - SECOND) == Tally()
        moment = row.try_at
    assert look(at=moment) == Tally(sent=1, messages=1)
    row = first()
    assert row.delivery is not None
    assert (row.state, row.because, row.attempts, row.delivery.attempts) == (State.SENT, "", 4, 4)
    assert [letter["Message-ID"] for letter in mail_server.letters] == [row.delivery.message_id]
    assert list(row.delivery.tries.values_list("outcome", flat=True)) == ["passing"] * 3 + ["sent"]


def test_each_wait_is_twice_the_last_up_to_four_hours_and_not_all_at_once() -> None:
    for pk in range(1, 200):
        waits = [wait_after(tries, pk) / MINUTE for tries in range(1, 20)]
        shortest = [min(2 ** (tries - 1), 240) for tries in range(1, 20)]
        assert all(low <= wait < 1.5 * low for low, wait in zip(shortest, waits, strict=True))
    assert len({wait_after(5, pk) for pk in range(1, 200)}) > 150


def test_after_very_many_tries_it_still_waits_four_hours() -> None:
    assert wait_after(32_000, 1) < timedelta(hours=6)


def test_trying_again_ends_with_the_target_date(planned: Milestone, mail_server: MailServer) -> None:
    Reminder.objects.exclude(pk=first().pk).delete()
    mail_server.on("MAIL", *[BUSY] * 500)
    while (row := first()).state == State.PLANNED:
        look(at=row.try_at)
    assert row.state == State.FAILED
    assert row.changed_at <= LAST < row.try_at
    assert row.attempts > 30


def test_what_is_overdue_is_tried_for_three_days(
    campaign: Campaign, reader: User, mail_server: MailServer
) -> None:
    remind.ladder(campaign, -7)
    remind.milestone(campaign, target="2026-06-20")
    mail_server.on("MAIL", *[BUSY] * 500)
    while (row := first()).state == State.PLANNED:
        look(at=row.try_at)
    assert row.changed_at <= on("2026-06-30") < row.try_at


def test_a_later_rung_speaks_for_one_that_cannot_get_through(
    planned: Milestone, mail_server: MailServer
) -> None:
    mail_server.on("MAIL", *[BUSY] * 5)
    for _ in range(5):
        look(at=first().try_at)
    look(at=on("2026-06-19"))
    assert remind.states() == [State.SKIPPED, State.SENT]


# --- Refused for good -------------------------------------------------------------------------------------

NO_SUCH_USER = "550 5.1.1 no such user"


def test_an_address_that_is_gone_is_stopped_and_its_person_and_the_owners_are_told(
    planned: Milestone, campaign: Campaign, reader: User, mail_server: MailServer
) -> None:
    mail_server.on("RCPT", NO_SUCH_USER)
    assert look(at=DUE) == Tally(failed=1)
    channel = remind.channel_of(reader)
    because = f"The address was refused: {NO_SUCH_USER}"
    assert (channel.works, channel.stopped_at, channel.stopped_because) == (False, DUE, because)
    assert (first().state, first().because) == (State.FAILED, because)
    assert told(reader) == ["Nothing more is sent to your e-mail"]
    assert told(make.owner_of(campaign)) == ["A reminder could not reach Rita"]


def test_the_inbox_takes_over_though_it_was_switched_off(
    planned: Milestone, reader: User, mail_server: MailServer
) -> None:
    mail_server.on("RCPT", NO_SUCH_USER)
    for moment in (DUE, DUE + MINUTE, on("2026-06-19")):
        look(at=moment)
    assert told(reader)[1:] == ["Tomorrow: Royal Assent (20 June 2026)"]
    assert (mail_server.letters, remind.states()) == ([], [State.FAILED, State.CANCELLED])


def test_a_test_that_arrives_opens_it_again(
    planned: Milestone, campaign: Campaign, reader: User, mail_server: MailServer
) -> None:
    mail_server.on("RCPT", NO_SUCH_USER)
    look(at=DUE)
    send_test(remind.channel_of(reader), at=DUE + DAY)
    channel = remind.channel_of(reader)
    assert (channel.works, channel.stopped_because) == (True, "")
    plan_campaign(campaign, at=DUE + DAY)
    look(at=on("2026-06-19"))
    assert [letter["Subject"] for letter in mail_server.letters] == [
        "A test from Campaign Tracker",
        "Tomorrow: Royal Assent (20 June 2026)",
    ]


def test_a_refused_message_fails_alone_and_the_owners_are_told(
    planned: Milestone, campaign: Campaign, reader: User, mail_server: MailServer
) -> None:
    mail_server.on("DATA", "554 5.7.1 spam")
    assert look(at=DUE) == Tally(failed=1)
    assert (first().state, first().because) == (State.FAILED, "The mail server said: 554 5.7.1 spam")
    assert remind.channel_of(reader).works
    assert (told(reader), told(make.owner_of(campaign))) == ([], ["A reminder could not reach Rita"])
    assert look(at=on("2026-06-19")) == Tally(sent=1, messages=1)


def test_the_owners_are_told_once_a_day_however_much_is_refused(
    campaign: Campaign, reader: User, mail_server: MailServer
) -> None:
    remind.ladder(campaign, 7)
    mail_server.on("DATA", *["554 spam"] * 3)
    for hour in (9, 10, 11):
        remind.milestone(campaign, target="2026-06-20")
        Reminder.objects.filter(state=State.PLANNED).update(try_at=on("2026-06-13", f"{hour:02}:00"))
        look(at=on("2026-06-13", f"{hour:02}:00"))
    assert remind.states() == [State.FAILED] * 3
    notices = [subject for subject in told(make.owner_of(campaign)) if "stood still" not in subject]
    assert notices == ["A reminder could not reach Rita"]


# --- A server that is in trouble --------------------------------------------------------------------------


@pytest.fixture
def ten_readers(campaign: Campaign) -> list[User]:
    people = [make.member(campaign, Role.ADVOCACY) for _ in range(9)] + [make.owner_of(campaign)]
    for person in people:
        remind.switch_off(Kind.INBOX, person)
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20")
    return people


def test_while_the_mail_server_is_down_one_message_tries_it_and_the_rest_wait(
    ten_readers: list[User], mail_server: MailServer, settings: Any
) -> None:
    mail_server.on("MAIL", "550 you may not send")
    assert look(at=DUE) == Tally(failed=1)
    states = Reminder.objects.order_by().values_list("state", "token", "lease_until", "attempts").distinct()
    assert sorted(states) == [(State.PLANNED, None, None, 0), (State.PLANNED, None, None, 1)]
    assert look(at=DUE + 2 * MINUTE) == Tally(sent=10, messages=10)


def test_a_server_that_says_nothing_costs_one_time_limit(ten_readers: list[User], settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 0.2
    with smtp.silent() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        before = time.monotonic()
        assert look(at=DUE) == Tally(failed=1)
        assert time.monotonic() - before < 1.5


def test_other_channels_go_on_while_the_mail_server_is_down(campaign: Campaign, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    remind.ladder(campaign, 7)
    make.member(campaign, Role.ADVOCACY)
    remind.milestone(campaign, target="2026-06-20")
    with smtp.nobody() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        assert look(at=DUE) == Tally(sent=2, failed=1, messages=2)
    assert remind.states(Kind.INBOX) == [State.SENT] * 2


def test_a_channel_in_trouble_does_not_hold_up_the_persons_others(
    planned: Milestone, campaign: Campaign, mail_server: MailServer
) -> None:
    other = make.member(campaign, Role.ADVOCACY)
    remind.plan(planned, at=make.AT)
    mail_server.on("RCPT", "450 mailbox busy")
    assert look(at=DUE) == Tally(sent=2, failed=1, messages=2)
    assert Channel.objects.filter(user=other, stopped_at=None).count() == 2
