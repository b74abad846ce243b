"""Worker and clock: two of them, none of them, and whether the site says so."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.reminders.models import Reminder, Tick
from apps.reminders.planning import mark_stale
from apps.reminders.sending import look
from apps.reminders.watch import MISSED_TICKS, health
from tests.faults.outcome import outcome
from tests.faults.post_office import PostOffice
from tests.faults.redis_server import RedisServer
from tests.faults.site import Site, fill, milestones_of
from tests.faults.sizes import SIZES


def is_well() -> bool:
    return health(at=timezone.now()).well


def test_two_clocks_and_a_loop_beside_them_then_none(
    site: Site, post: PostOffice, redis_server: RedisServer
) -> None:
    """However many knock, each goes once; when nobody does, the site says so, and cron is enough."""
    fill(SIZES.people)
    post.says_so_after = 0.02
    worker = site.worker(REDIS_URL=redis_server.url)
    clocks = [site.beat(REDIS_URL=redis_server.url) for _ in range(2)]
    loop = site.looks()
    site.until(lambda: post.seen)
    fill(SIZES.people, name="Clean rivers")
    site.until_nothing_waits()
    assert outcome(post).each_once, outcome(post)
    site.until(is_well)

    loop.stop()
    for clock in clocks:
        clock.kill()
    fill(5, name="Late", due=timezone.now() + timedelta(seconds=2))
    red = site.until(lambda: not is_well(), seconds=20)
    assert red < 2 * MISSED_TICKS + 4, f"{red} s, at a tick of one"
    assert worker.running
    assert outcome(post).lost == 5
    assert site.looks_once().end() == 0
    assert outcome(post).each_once, outcome(post)
    assert is_well()


def test_the_clock_is_well_during_a_long_tick(site: Site, post: PostOffice) -> None:
    """Sending takes longer than several ticks: that is no silence."""
    fill(12)
    post.says_so_after = 0.7
    site.looks()
    site.until(lambda: post.seen)
    site.until(is_well, seconds=5)
    ill = []
    while len(post.accepted) < 12:
        before = health(at=timezone.now())
        ill += [problem for problem in before.problems if "looked" in problem]
        connection.close()
        known = len(post.accepted)
        site.until(lambda: len(post.accepted) > known)  # noqa: B023
    assert ill == []


def test_an_idle_tick_asks_little_however_much_is_planned(site: Site) -> None:
    def questions() -> int:
        at = timezone.now()
        look(clock=lambda: at)
        with CaptureQueriesContext(connection) as asked:
            look(clock=lambda: at + timedelta(seconds=1))
        return len(asked)

    fill(2, due=timezone.now() + timedelta(days=30))
    few = questions()
    for number in range(2):
        fill(
            50, milestones=SIZES.ready_rows // 200, due=timezone.now() + timedelta(days=30), name=f"N{number}"
        )
    assert Reminder.objects.count() >= SIZES.ready_rows
    assert questions() == few <= 12
    assert Tick.objects.get().sent == 0


def test_what_was_left_unplanned_is_planned_by_the_next_tick(site: Site, post: PostOffice) -> None:
    """A page that died between its change and the planning: here, all rows of a milestone are missing."""
    due = timezone.now() + timedelta(minutes=10)
    campaign = fill(3, due=due)
    Reminder.objects.all().delete()
    mark_stale([milestone.pk for milestone in milestones_of(campaign)])
    look(clock=timezone.now)
    assert Reminder.objects.filter(due_at=due).count() == 6
