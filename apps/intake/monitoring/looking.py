"""One look at the feeds whose turn it is: what fits goes into the queue, so many a day, and is told once.

Rows say what is due, so that a look that is missed or doubled does no harm. A feed that fails is tried again,
later each time, and its page says why.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock_time

from django.db.models import F, QuerySet

from apps.intake.models import Hit, Monitor, MonitorFeed
from apps.intake.monitoring.bringing import Bringing
from apps.intake.monitoring.fetching import (
    HANSARD,
    Answer,
    NotNow,
    ask,
    ask_hansard,
    leave_alone,
    turn,
)
from apps.intake.monitoring.reading import Item, Told
from apps.intake.monitoring.telling import tell_of_hits
from apps.words import matches, read_query

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=30)
LONGEST = timedelta(days=1)
OLDEST = timedelta(days=14)
"""What was published longer than this before the monitor was made is nothing new."""
MOST_FEEDS = 100
MOST_AT_ONCE = 20
"""Articles brought for one monitor in one look."""


@dataclass
class Tally:
    """What a look did."""

    feeds: int = 0
    found: int = 0
    brought: int = 0
    troubles: list[str] = field(default_factory=list)


def look(
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], None] = time.sleep,
    going: Callable[[], bool] = lambda: True,
) -> Tally:
    """Look at the feeds whose turn it is, bring what was found, and tell of it once a day."""
    tally = Tally()
    for feed in due(clock()):
        if not going():
            return tally
        _look_at(feed, clock, pause, tally)
    for monitor in Monitor.objects.filter(state=Monitor.State.ON).select_related("campaign"):
        _bring(monitor, clock, pause, going, tally)
    tell_of_hits(at=clock())
    return tally


def due(at: datetime) -> list[MonitorFeed]:
    """The feeds whose turn it is, those that wait longest first."""
    rows = MonitorFeed.objects.filter(try_at__lte=at, monitor__state=Monitor.State.ON)
    return list(rows.select_related("monitor__campaign").order_by("try_at", "pk")[:MOST_FEEDS])


def _look_at(
    feed: MonitorFeed, clock: Callable[[], datetime], pause: Callable[[float], None], tally: Tally
) -> None:
    try:
        answer = _ask(feed, clock, pause)
    except NotNow as failure:
        tally.feeds += 1
        tally.troubles.append(f"{feed}: {failure}")
        _failed(feed, failure, clock())
    else:
        if answer is not None:
            tally.feeds += 1
            _answered(feed, answer, clock(), tally)


def _ask(feed: MonitorFeed, clock: Callable[[], datetime], pause: Callable[[float], None]) -> Answer | None:
    """None where somebody else asks that server; the next look comes soon. Raises NotNow."""
    if place := HANSARD.read_address(feed.url):
        return ask_hansard(place, feed.monitor.words, clock=clock, pause=pause)
    until = None
    try:
        with turn(feed.url, clock=clock, pause=pause) as ours:
            return ask(feed, at=clock()) if ours else None
    except NotNow as failure:
        until = failure.until
        raise
    finally:
        if until is not None:
            leave_alone(feed.url, until)


def _answered(feed: MonitorFeed, answer: Answer, at: datetime, tally: Tally) -> None:
    if answer.told is not None:
        try:
            tally.found += take(feed, answer.told, at=at)
        except Exception as error:  # whatever it is, the other feeds are still to be looked at
            log.exception("Feed %s could not be written down.", feed.pk)
            _failed(feed, NotNow(f"What it says could not be kept ({type(error).__name__})."), at)
            return
        feed.title = answer.told.title or feed.title
    feed.etag, feed.modified = answer.etag, answer.modified
    feed.looked_at, feed.try_at = at, at + EVERY
    feed.failures, feed.failing_since, feed.said = 0, None, ""
    feed.save()


def _failed(feed: MonitorFeed, failure: NotNow, at: datetime) -> None:
    feed.failures = min(feed.failures + 1, 1000)
    again = at + min(EVERY * 2 ** min(feed.failures - 1, 10), LONGEST)
    feed.try_at = max(again, failure.until) if failure.until else again
    feed.failing_since = feed.failing_since or at
    feed.said = str(failure)[:300]
    feed.save()


# --- What is found ----------------------------------------------------------------------------------------


def take(feed: MonitorFeed, told: Told, *, at: datetime) -> int:
    """Note what fits and is new. Answers how many that are."""
    monitor = feed.monitor
    query = read_query(monitor.words, as_typed=False)
    fitting = {
        key_of(item): item
        for item in told.items
        if _is_timely(item, monitor, at) and matches(query, f"{item.title}\n{item.text}\n{item.speaker}")
    }
    known = {hit.key: hit for hit in monitor.hits.filter(key__in=fitting).select_related("proposal")}
    new = [
        _hit(feed, key, item, at) for key, item in fitting.items() if key not in known and not item.called_off
    ]
    Hit.objects.bulk_create(new, ignore_conflicts=True)
    for key, hit in known.items():
        _tell_anew(hit, fitting[key], at)
    return len(new)


def key_of(item: Item) -> str:
    return hashlib.sha256(item.key.encode("utf-8", "surrogatepass")).hexdigest()


def _is_timely(item: Item, monitor: Monitor, at: datetime) -> bool:
    """A deadline that is not over; whatever else was published lately."""
    if item.day and not item.speaker:
        return item.day >= monitor.campaign.today(at).isoformat()
    published = _published(item)
    return published is None or published >= monitor.added_at - OLDEST


def _published(item: Item) -> datetime | None:
    return datetime.fromisoformat(item.published) if item.published else None


def _hit(feed: MonitorFeed, key: str, item: Item, at: datetime) -> Hit:
    return Hit(
        monitor=feed.monitor,
        feed=feed,
        key=key,
        url=item.url,
        title=item.title,
        text=item.text,
        day=item.day,
        speaker=item.speaker,
        role=item.role,
        published_at=_published(item),
        found_at=at,
        try_at=at,
    )


CALLED_OFF = "Its calendar says that it is called off."


def _tell_anew(hit: Hit, item: Item, at: datetime) -> None:
    """A deadline that moved is brought again; one that is called off is told of."""
    if item.speaker or not item.day:
        return
    was_off = hit.said == CALLED_OFF
    if item.called_off:
        if was_off:
            return
        hit.said = CALLED_OFF
        if hit.state == Hit.State.WAITING:
            hit.state = Hit.State.KNOWN  # it is told of, and not brought
    elif item.day != hit.day or (was_off and hit.proposal is None):
        hit.day, hit.state, hit.tries, hit.try_at = item.day, Hit.State.WAITING, 0, at
        hit.said = ""
    elif was_off:
        hit.said = ""
    else:
        return
    hit.told_at = None
    hit.save()


# --- What is brought --------------------------------------------------------------------------------------


def _bring(
    monitor: Monitor,
    clock: Callable[[], datetime],
    pause: Callable[[float], None],
    going: Callable[[], bool],
    tally: Tally,
) -> None:
    """Deadlines, which are few, then the newest, as many as are left of today."""
    bringing = Bringing(monitor, clock, pause)
    for hit in waiting(monitor, clock())[:MOST_AT_ONCE]:
        if not going() or left_today(monitor, clock()) <= 0:
            return
        try:
            bringing.bring(hit)
        except Exception:  # whatever it is, the other articles are still to be brought
            log.exception("Hit %s could not be brought into the queue.", hit.pk)
            bringing.fail(hit, "It could not be kept.")
        tally.brought += hit.state == Hit.State.BROUGHT


def waiting(monitor: Monitor, at: datetime) -> QuerySet[Hit]:
    rows = monitor.hits.filter(state=Hit.State.WAITING, try_at__lte=at).select_related("feed", "proposal")
    return rows.order_by(F("published_at").desc(nulls_first=True), "-pk")


def left_today(monitor: Monitor, at: datetime) -> int:
    """How many more may come into the queue on this day of the campaign."""
    zone = monitor.campaign.zone
    midnight = datetime.combine(at.astimezone(zone).date(), clock_time.min, zone)
    return monitor.most_a_day - monitor.hits.filter(brought_at__gte=midnight).count()
