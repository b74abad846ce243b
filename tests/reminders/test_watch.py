"""What the scheduler notices about itself: that it stood still, that the clock went back, and that the
database was put back from a copy."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.legislation.models import Milestone
from apps.notices.models import Delivery, Kind
from apps.reminders import watch
from apps.reminders.models import Reminder, Tick
from apps.reminders.sending import Tally
from apps.reminders.watch import RESTORED, health, length
from tests import make
from tests.make import AT, DAY, SECOND
from tests.reminders import remind
from tests.reminders.remind import State, look, on

DUE = on("2026-06-13")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def planned(campaign: Campaign) -> Milestone:
    """Due on 20 June; its owner is warned a week and a day before, by e-mail alone."""
    remind.switch_off(Kind.INBOX, make.owner_of(campaign))
    remind.ladder(campaign, 7, 1)
    return remind.milestone(campaign, target="2026-06-20")


def notices(campaign: Campaign) -> list[str]:
    return [notice.subject for notice in Delivery.objects.inbox_of(make.owner_of(campaign))]


# --- The database was put back ----------------------------------------------------------------------------


def put_back(tick: Tick, rows: list[Reminder]) -> None:
    """As it was when these were read."""
    Tick.objects.filter(pk=tick.pk).update(number=tick.number, looked_at=tick.looked_at)
    for row in rows:
        row.save()


def test_what_may_have_gone_before_the_database_was_put_back_is_held(planned: Milestone) -> None:
    look(at=DUE - MINUTE)
    copy = Tick.objects.get(), list(Reminder.objects.all())
    look(at=DUE)
    put_back(*copy)
    assert look(at=DUE + MINUTE) == Tally()
    row = Reminder.objects.earliest("due_at")
    assert (row.state, row.because, len(mail.outbox)) == (State.HELD, RESTORED, 1)


def test_what_falls_due_after_the_last_look_goes_as_ever(planned: Milestone) -> None:
    look(at=DUE - MINUTE)
    copy = Tick.objects.get(), list(Reminder.objects.all())
    look(at=DUE)
    put_back(*copy)
    for moment in (DUE + MINUTE, DUE + 2 * MINUTE, on("2026-06-19")):
        look(at=moment)
    assert remind.states() == [State.HELD, State.SENT]


def test_the_numbers_go_on_from_what_is_remembered(planned: Milestone) -> None:
    for _ in range(3):
        look(at=DUE - MINUTE)
    Tick.objects.update(number=1)
    look(at=DUE)
    look(at=DUE + MINUTE)
    remembered = watch.remembered()
    assert remembered is not None
    assert (Tick.objects.get().number, remembered.number) == (5, 5)


def test_an_empty_database_in_its_place_holds_nothing_that_is_still_to_come(planned: Milestone) -> None:
    look(at=AT)
    Tick.objects.all().delete()
    look(at=AT + MINUTE)
    assert remind.states() == [State.PLANNED] * 2


@pytest.mark.parametrize("text", ["", "{}", "nonsense", '{"number": 1, "looked_at": "soon"}'])
def test_a_damaged_record_is_as_good_as_none(planned: Milestone, settings: Any, text: str) -> None:
    look(at=AT)
    (record,) = Path(settings.VAR_DIR).glob("last-look-*.json")
    record.write_text(text)
    assert (look(at=DUE), watch.remembered()) == (Tally(sent=1, messages=1), watch.Look(2, DUE))


def test_a_record_that_cannot_be_written_stops_nothing(
    planned: Milestone, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VAR_DIR = tmp_path / "missing"
    assert look(at=DUE) == Tally(sent=1, messages=1)
    assert "could not be written" in caplog.text


def test_the_command_holds_what_is_due_before_a_copy_is_used_elsewhere(planned: Milestone) -> None:
    first = Reminder.objects.earliest("due_at")
    Reminder.objects.filter(pk=first.pk).update(try_at=AT - 300 * DAY)  # due by any clock
    Reminder.objects.exclude(pk=first.pk).update(try_at=AT + 30_000 * DAY)
    out = StringIO()
    call_command("hold_reminders", stdout=out)
    assert out.getvalue() == "1 reminders are held.\n"
    assert remind.states() == [State.HELD, State.PLANNED]


# --- It stood still ---------------------------------------------------------------------------------------


def test_owners_are_told_of_a_stand_still_in_which_something_fell_due(
    planned: Milestone, campaign: Campaign, other_campaign: Campaign
) -> None:
    look(at=DUE - timedelta(hours=1))
    look(at=DUE + timedelta(hours=2))
    assert notices(campaign) == ["Reminders stood still for 3 hours"]
    assert notices(other_campaign) == []
    body = Delivery.objects.inbox_of(make.owner_of(campaign)).get().body
    assert "1 reminder of Online harms fell due meanwhile" in body


@pytest.mark.parametrize(
    ("before", "after"),
    [(5 * MINUTE, 4 * MINUTE), (timedelta(hours=9), -timedelta(hours=1))],
    ids=["short", "nothing was due"],
)
def test_of_a_short_one_or_one_in_which_nothing_fell_due_nobody_is_told(
    planned: Milestone, campaign: Campaign, before: timedelta, after: timedelta
) -> None:
    look(at=DUE - before)
    look(at=DUE + after)
    assert notices(campaign) == []


def test_the_first_look_of_all_is_no_stand_still(planned: Milestone, campaign: Campaign) -> None:
    look(at=DUE + DAY)
    assert notices(campaign) == []


# --- The clock went back ----------------------------------------------------------------------------------


def test_a_clock_that_goes_back_is_logged_and_sends_nothing_twice(
    planned: Milestone, caplog: pytest.LogCaptureFixture
) -> None:
    for moment in (DUE, DUE - timedelta(hours=3), DUE):
        look(at=moment)
    assert caplog.text.count("The clock went back") == 1
    assert len(mail.outbox) == 1


def test_a_second_or_two_back_is_worth_no_word(planned: Milestone, caplog: pytest.LogCaptureFixture) -> None:
    for moment in (AT, AT - 30 * SECOND):
        look(at=moment)
    assert "clock" not in caplog.text


# --- How it stands ----------------------------------------------------------------------------------------


def test_a_site_whose_scheduler_looks_is_well(planned: Milestone) -> None:
    look(at=AT)
    found = health(at=AT + 30 * SECOND)
    assert (found.well, found.looked_at, found.problems) == (True, AT, [])


def test_one_that_never_looked_says_so(db: None) -> None:
    assert health(at=AT).problems == [
        "The scheduler has never looked. Start Celery’s worker and beat, or cron."
    ]


def test_one_that_stands_still_says_for_how_long_and_what_waits(planned: Milestone) -> None:
    look(at=DUE - MINUTE)
    found = health(at=DUE + timedelta(hours=3))
    assert found.problems == [
        "The scheduler last looked 3 hours ago. See that it runs.",
        "A reminder has been due for 3 hours and was not sent.",
    ]
    assert found.oldest_overdue == DUE


def test_what_waits_for_a_person_is_counted_and_does_not_make_the_site_unwell(
    planned: Milestone, campaign: Campaign
) -> None:
    look(at=DUE)
    Reminder.objects.filter(state=State.PLANNED).update(state=State.HELD)
    Reminder.objects.filter(state=State.SENT).update(state=State.FAILED)
    found = health(at=DUE)
    assert (found.well, found.held, found.failed) == (True, 1, 1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(59, "59 seconds"), (119, "119 seconds"), (120, "2 minutes"), (7200, "2 hours"), (172_800, "2 days")],
)
def test_a_length_of_time_in_words(seconds: int, words: str) -> None:
    assert length(timedelta(seconds=seconds)) == words


def test_every_owner_is_told_of_a_stand_still(planned: Milestone, campaign: Campaign) -> None:
    second = make.member(campaign, Role.OWNER)
    look(at=DUE - timedelta(hours=1))
    look(at=DUE + timedelta(hours=2))
    told = {notice.recipient for notice in Delivery.objects.filter(subject__startswith="Reminders stood")}
    assert told == {second, make.owner_of(campaign)}
