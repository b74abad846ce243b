"""What people do with monitors: add and change them, pause, approve, have them look now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.intake.models import Monitor, MonitorFeed

MOST_MONITORS = 50
MOST_FEEDS = 10


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a monitor looks for, and where."""

    name: str
    words: str
    addresses: Sequence[str]
    most_a_day: int


@transaction.atomic
def add_monitor(
    *, campaign: Campaign, wanted: Wanted, by: User, at: datetime, approved: bool = True
) -> Monitor:
    """Not `approved`, nobody looks before somebody approves it."""
    monitor = Monitor.objects.create(
        campaign=campaign,
        name=wanted.name,
        words=wanted.words,
        most_a_day=wanted.most_a_day,
        state=Monitor.State.ON if approved else Monitor.State.WAITING,
        added_by=by,
        added_at=at,
    )
    _set_feeds(monitor, wanted.addresses, at)
    return monitor


@transaction.atomic
def change_monitor(*, monitor: Monitor, wanted: Wanted, at: datetime) -> None:
    """What it found stays. With other words, its feeds are read anew at once."""
    monitor = Monitor.objects.select_for_update().get(pk=monitor.pk)
    anew = monitor.words != wanted.words
    monitor.name, monitor.words, monitor.most_a_day = wanted.name, wanted.words, wanted.most_a_day
    monitor.save()
    _set_feeds(monitor, wanted.addresses, at)
    if anew:
        ask_for_a_look(monitor=monitor, at=at)


def _set_feeds(monitor: Monitor, addresses: Sequence[str], at: datetime) -> None:
    known = set(monitor.feeds.values_list("url", flat=True))
    monitor.feeds.exclude(url__in=addresses).delete()
    new = [url for url in dict.fromkeys(addresses) if url not in known]
    MonitorFeed.objects.bulk_create(MonitorFeed(monitor=monitor, url=url, try_at=at) for url in new)


@transaction.atomic
def set_state(*, monitor: Monitor, state: Monitor.State, at: datetime) -> None:
    """Approve it, pause it, or go on."""
    Monitor.objects.filter(pk=monitor.pk).update(state=state)
    if state == Monitor.State.ON:
        monitor.feeds.update(try_at=at)


def ask_for_a_look(*, monitor: Monitor, at: datetime) -> None:
    """Have all its feeds read at the next look, changed or not."""
    monitor.feeds.update(try_at=at, etag="", modified="")


def remove_monitor(*, monitor: Monitor) -> None:
    """What it brought into the queue stays there."""
    monitor.delete()
