"""Milestones as an iCalendar feed: which ones, and how each is said to a calendar."""

import heapq
import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from icalendar import STATUS, TRANSP, Calendar, Event, vDuration, vText

from apps.campaigns.models import Feed
from apps.dates import days, how_sure, in_words, long_day, parse
from apps.desk.phrases import times
from apps.legislation.models import Outcome
from apps.timeline.models import Entry, Kind, State, Visibility
from apps.timeline.paging import Cursor, Order

MOST_EVENTS = 5_000
SETTLED_FOR = timedelta(days=731)
"""How long what has no deadline any more stays in a calendar."""
MOST_PARTS = 30
"""Of how many campaigns each is asked by itself, as on the deadlines board."""
REFRESH = timedelta(hours=1)
BEGINNINGS = {
    Outcome.MET: "Met",
    Outcome.MISSED: "Missed",
    Outcome.DROPPED: "Dropped",
    Outcome.FELL: "Fell",
}
CANCELLED = {Outcome.DROPPED, Outcome.FELL}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


# Which ones


def milestones_of(feed: Feed, *, mine: Collection[int], at: datetime) -> list[Entry]:
    """What the feed's person may see of its campaign, or of the campaigns `mine` that they are on.

    Open milestones first, then drafts and what was settled or withdrawn lately; of either those nearest to
    today, MOST_EVENTS in all.
    """
    rows = Entry.objects.visible_to(feed.user, at=at, campaign=feed.campaign)
    rows = rows.select_related("campaign", "milestone__owner")
    parts: tuple[Q, ...] = (Q(),)
    if feed.campaign is None:
        rows = rows.filter(campaign__in=mine)
        if 1 < len(mine) <= MOST_PARTS:
            parts = tuple(Q(campaign=pk) for pk in mine)
    today = at.date()
    found = _nearest(rows, Order("due", parts=parts), day=today, count=MOST_EVENTS)
    if room := MOST_EVENTS - len(found):
        rest = rows.filter(kind=Kind.MILESTONE, due__isnull=True, latest__gte=today - SETTLED_FOR)
        found += _nearest(rest, Order("latest", parts=parts), day=today, count=room)
    return found


def _nearest(rows: QuerySet[Entry], order: Order, *, day: date, count: int) -> list[Entry]:
    """Two walks along an index, away from that day."""
    here = Cursor(day, 0)
    later = order.take(rows, count=count, beyond=here)
    earlier = order.reversed().take(rows, count=count, beyond=here)
    return list(
        islice(heapq.merge(later, earlier, key=lambda row: abs(getattr(row, order.field) - day)), count)
    )


# How they are said


class Text(vText):
    """Text as it was written. The library's own reads "\\N" as a new line, and "C:\\New" as two lines."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")
        return escaped.encode()


def calendar_of(entries: Iterable[Entry], *, feed: Feed, mine: Collection[int], at: datetime) -> bytes:
    """The feed as a calendar application reads it: the same bytes until something changes. Who watches a
    milestone is said in the campaigns `mine`, where the reader is on the team."""
    # By id: the order must not change from day to day.
    events = [
        event_of(entry, several=feed.campaign is None, team=entry.campaign_id in mine, at=at)
        for entry in sorted(entries, key=lambda entry: entry.pk)
    ]
    calendar = Calendar.new(
        prodid="-//Campaign Tracker//Milestones//EN",
        uid=f"calendar-{feed.pk}@{_host()}",
        calscale="GREGORIAN",
        method="PUBLISH",
        subcomponents=events,
    )
    for name in ("NAME", "X-WR-CALNAME"):  # the library's own calendar name is not escaped
        calendar[name] = _text(name_of(feed, mine))
    # Its refresh interval does not say that it is a duration, which RFC 7986 demands.
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH, {"VALUE": "DURATION"}), encode=False)
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH), encode=False)
    return calendar.to_ical()


def name_of(feed: Feed, mine: Collection[int]) -> str:
    """A campaign is not named to somebody who may not see it any more."""
    campaign = feed.campaign
    if campaign is None:
        return "Campaign milestones"
    return f"{campaign.name}: milestones" if campaign.pk in mine or campaign.is_public else "No milestones"


def event_of(entry: Entry, *, several: bool, team: bool, at: datetime) -> Event:
    """One milestone as a whole day. `several` names its campaign, `team` who watches it."""
    day = entry.due or entry.latest or entry.placed
    changed = entry.milestone.changed_at
    address = _address(entry)
    event = Event.new(
        uid=f"milestone-{entry.pk}@{_host()}",
        sequence=entry.version,
        stamp=changed,
        last_modified=changed,
        start=day,
        end=day + timedelta(days=1),
        summary=_text(summary_of(entry, at)),
        description=_text("\n".join([*_description(entry, several=several, team=team), address])),
        status=status_of(entry),
        transparency=TRANSP.TRANSPARENT,
        url=address,
    )
    if several:
        event.add("CATEGORIES", _text(entry.campaign.name), encode=False)
    return event


def status_of(entry: Entry) -> STATUS:
    if entry.state == State.WITHDRAWN or entry.milestone.outcome in CANCELLED:
        return STATUS.CANCELLED
    if entry.state == State.DRAFT or parse(entry.date).approximate:
        return STATUS.TENTATIVE
    return STATUS.CONFIRMED


def summary_of(entry: Entry, at: datetime) -> str:
    """The headline, with how it stands before it and how sure and how secret it is behind."""
    begins = _beginning(entry, at)
    said = [f"{begins}: {entry.headline}" if begins else entry.headline]
    said += [f"({remark})" for remark in _remarks(entry, at)]
    return " ".join(said)


def _beginning(entry: Entry, at: datetime) -> str:
    if entry.state == State.WITHDRAWN:
        return "Withdrawn"
    if entry.is_overdue(entry.campaign.today(at)):
        return "Overdue"
    return BEGINNINGS.get(Outcome(entry.milestone.outcome), "")


def _remarks(entry: Entry, at: datetime) -> Iterable[str]:
    if not parse(entry.date).is_day:
        words = in_words(entry.date)
        yield words if words.startswith("by ") else f"{words}; last day"
    if entry.embargo_until and entry.is_embargoed(at):
        until = entry.embargo_until.astimezone(entry.campaign.zone)
        yield f"embargoed until {long_day(until.date())}, {until:%H:%M}"
    if entry.visibility == Visibility.STAFF:
        yield "staff only"
    if entry.state == State.DRAFT:
        yield "waiting for approval"


def _description(entry: Entry, *, several: bool, team: bool) -> Iterable[str]:
    milestone = entry.milestone
    if several:
        yield entry.campaign.name
    yield from _when(entry)
    if milestone.moves:
        yield f"Moved {times(milestone.moves)}{_slip(entry.slip_days or 0)}"
    if team:
        yield f"Watched by {milestone.owner.name if milestone.owner else 'nobody yet'}"


def _when(entry: Entry) -> Iterable[str]:
    milestone = entry.milestone
    settled = milestone.settled_on
    if milestone.outcome == Outcome.MET and settled:  # the entry's date is that day now, and no target
        yield f"Met {long_day(settled)}, {_lateness(milestone.late_days(settled))}"
        return
    yield f"Target: {in_words(entry.date)}"
    if settled:
        yield f"{BEGINNINGS[Outcome(milestone.outcome)]} {long_day(settled)}"
    elif not parse(entry.date).is_day:
        yield how_sure(entry.date)


def _lateness(late: int) -> str:
    if late == 0:
        return "on time"
    return f"{days(late)} past the first promised date" if late > 0 else f"{days(-late)} early"


def _slip(slip: int) -> str:
    if slip == 0:
        return ""
    return f", slipped by {days(slip)}" if slip > 0 else f", brought forward by {days(-slip)}"


def _address(entry: Entry) -> str:
    path = reverse("entry", kwargs={"slug": entry.campaign.slug, "pk": entry.pk})
    return f"{settings.SITE_URL}{path}"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""


def _text(text: str) -> Text:
    """Line ends are one sign, and signs that a calendar must not hold are left out."""
    return Text(_CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
