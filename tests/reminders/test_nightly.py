"""The nightly pass: in portions, once a day, whoever does it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.reminders import nightly, planning
from apps.reminders.models import Reminder, Tick
from apps.reminders.nightly import plan_for_a_while, plan_on, plan_through
from apps.reminders.planning import Outcome, plan_batch
from apps.reminders.tasks import plan_again
from tests import make
from tests.make import AT, DAY, SECOND
from tests.reminders import remind
from tests.reminders.remind import look

HOUR = timedelta(hours=1)


@pytest.fixture
def missed(campaign: Campaign) -> Callable[[], None]:
    """Five milestones, planned; called, all their rows are gone, and no mark says so."""
    remind.ladder(campaign, 7)
    for _ in range(5):
        remind.milestone(campaign)
    look(at=AT)
    return lambda: Reminder.objects.all().delete() and None


def always() -> bool:
    return True


def so_often(count: int) -> Callable[[], bool]:
    left = iter([True] * count)
    return lambda: next(left, False)


def found(at: datetime) -> int:
    """How many reminders by e-mail there are after a look's share of a pass."""
    plan_for_a_while(at=at, going=always)
    return remind.reminders().count()


def test_it_goes_at_first_and_whenever_the_last_is_a_day_old(missed: Callable[[], None]) -> None:
    counts = []
    for at in (AT, AT + DAY - SECOND, AT + DAY, AT + 2 * DAY - SECOND, AT + 2 * DAY):
        missed()
        counts.append(found(at))
    assert counts == [5, 0, 5, 0, 5]


def test_the_command_does_it(missed: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + HOUR)
    missed()
    call_command("send_due_reminders")
    assert remind.reminders().count() == 5
    tick = Tick.objects.get()
    assert (tick.nightly_at, tick.nightly_reached) == (AT + HOUR, None)


def test_what_the_task_did_the_command_does_not_do_again(
    missed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + HOUR)
    plan_again()
    missed()
    assert (Tick.objects.get().nightly_at, found(AT + 2 * HOUR)) == (AT + HOUR, 0)


def test_the_task_comes_a_little_early_and_goes_all_the_same(missed: Callable[[], None]) -> None:
    plan_through(at=AT)
    missed()
    assert plan_through(at=AT + HOUR) == Outcome()
    assert plan_through(at=AT + DAY - SECOND) == Outcome(planned=10)


def test_where_nobody_ever_looked_the_task_plans_nevertheless(missed: Callable[[], None]) -> None:
    Tick.objects.all().delete()
    missed()
    assert plan_through(at=AT) == Outcome(planned=10)


def test_it_goes_on_where_it_was_left(missed: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.reminders.planning.BATCH", 2)
    missed()
    done = [plan_on(at=AT + step * HOUR, every=DAY, going=so_often(1)).planned for step in range(5)]
    assert (done, Tick.objects.get().nightly_at) == ([4, 4, 2, 0, 0], AT)


def test_a_look_leaves_the_rest_once_its_time_is_over(
    missed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "LASTS", 0.0)
    missed()
    assert found(AT) == 0
    assert Tick.objects.get().nightly_reached == 0


def test_a_portion_for_which_the_database_is_too_busy_is_done_again(
    missed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    missed()
    with monkeypatch.context() as patch:
        patch.setattr(nightly, "plan_batch", trip)
        with pytest.raises(OperationalError):
            plan_on(at=AT, every=DAY, going=always)
    assert found(AT + HOUR) == 5


def test_a_portion_that_fails_keeps_none_behind_it_from_being_planned(
    missed: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def trip_first(ids: Any, *, at: datetime) -> Outcome:
        seen.append(len(ids))
        if len(seen) == 1:
            raise RuntimeError
        return plan_batch(ids, at=at)

    missed()
    with monkeypatch.context() as patch:
        patch.setattr(planning, "BATCH", 2)
        patch.setattr(nightly, "plan_batch", trip_first)
        assert found(AT) == 3
    assert found(AT + HOUR) == 3
    assert found(AT + DAY) == 5


def test_a_moment_noted_by_a_wrong_clock_keeps_nobody_waiting(missed: Callable[[], None]) -> None:
    found(AT + 30 * DAY)
    missed()
    assert found(AT) == 5


def test_where_nothing_is_to_do_it_asks_once_and_writes_nothing(missed: Callable[[], None]) -> None:
    found(AT)
    with CaptureQueriesContext(connection) as asked:
        found_at = plan_for_a_while(at=AT + HOUR, going=always)
    assert (found_at, len(asked)) == (Outcome(), 1)


@pytest.mark.database
def test_two_at_once_do_each_portion_once(shared_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = make.campaign(owner=make.user("olive"))
    remind.ladder(campaign, 7)
    milestones = [remind.milestone(campaign).pk for _ in range(6)]
    look(at=AT)
    monkeypatch.setattr("apps.reminders.planning.BATCH", 1)
    planned: list[int] = []

    def plan_and_note(ids: list[int], *, at: datetime) -> Outcome:
        planned.extend(ids)
        return plan_batch(ids, at=at)

    def work() -> None:
        try:
            plan_on(at=AT + HOUR, every=DAY, going=always)
        finally:
            connection.close()

    monkeypatch.setattr(nightly, "plan_batch", plan_and_note)
    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(planned) == milestones
    assert Tick.objects.get().nightly_reached is None
