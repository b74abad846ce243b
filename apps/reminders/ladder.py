"""The arithmetic of when: where a rung falls in a campaign's zone, and when word may then reach a person."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.accounts.models import Digest, User
from apps.dates import working_day_on_or_before
from apps.reminders.models import Rule

DEFAULT_LADDER: tuple[tuple[int, int | None], ...] = (
    (30, None),
    (14, None),
    (7, None),
    (1, None),
    (0, None),
    (-7, 7),
)
"""(days before, repeat every so many days): 30, 14, 7, 1 before, on the day, weekly while overdue."""

TURNS_AHEAD = 2
"""Of a rule that comes again, so many turns are planned at a time."""


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That local time on that day, in UTC. One the clocks skip moves forward; a doubled one is its first."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def turns(
    rule: Rule, *, due: date, zone: ZoneInfo, working_days: str, earlier: int = 0, after: datetime
) -> Iterator[tuple[int, datetime]]:
    """The turns of a rung as (occurrence, when): the one turn of a plain rung, wherever it lies, or the next
    few of one that comes again. `earlier`: so many days sooner. On a day off it is the working day before,
    unless that has passed already."""
    shift = rule.days_before + earlier
    if not 1 <= due.toordinal() - shift <= date.max.toordinal() - 400:
        return  # beyond the calendar's ends
    first = due - timedelta(days=shift)
    if not rule.repeat_days:
        yield 0, _at(first, rule.time, zone, working_days, after)
        return
    today = after.astimezone(zone).date()
    number = max(0, (today - first).days // rule.repeat_days)
    if moment(first + timedelta(days=number * rule.repeat_days), rule.time, zone) <= after:
        number += 1
    for turn in range(number, number + TURNS_AHEAD):
        day = first + timedelta(days=turn * rule.repeat_days)
        yield turn, _at(day, rule.time, zone, working_days, after)


def _at(day: date, clock: time, zone: ZoneInfo, working_days: str, after: datetime) -> datetime:
    plain = moment(day, clock, zone)
    if not working_days:
        return plain
    before = moment(working_day_on_or_before(day, working_days), clock, zone)
    return before if before > after else plain


def reach(
    person: User, when: datetime, *, rings: bool, last: datetime, after: datetime, gathers: bool = True
) -> datetime:
    """When word meant for `when` should reach the person: at once, or in the gathered message it belongs to
    (unless it is none that one `gathers`), and outside quiet hours where it `rings`.

    A gathered message holds what falls due until the next one, so that what is known by then does not come
    later for being gathered. Where that message has gone already, the next one will do if it comes before
    `last`, the end of the target's last day; else it comes by itself.
    """
    if gathers and person.digest != Digest.INSTANT:
        when = _gathered(person, when, last=last, after=after)
    return end_of_quiet(person, when) if rings else when


def _gathered(person: User, when: datetime, *, last: datetime, after: datetime) -> datetime:
    day = when.astimezone(person.zone).date()
    step = 7 if person.digest == Digest.WEEKLY else 1
    start = day - timedelta(days=day.weekday() if step == 7 else 0)
    if moment(start, person.digest_at, person.zone) > when:
        start -= timedelta(days=step)
    digests = (moment(start + timedelta(days=turn * step), person.digest_at, person.zone) for turn in (0, 1))
    return next((found for found in digests if found > after and (found <= when or found < last)), when)


def end_of_quiet(person: User, when: datetime) -> datetime:
    """The moment itself, or where it lies in the person's quiet hours their end."""
    start, end = person.quiet_from, person.quiet_until
    if start is None or end is None or start == end:
        return when
    local = when.astimezone(person.zone)
    clock = local.time()
    if start < end:
        quiet, ends_tomorrow = start <= clock < end, False
    else:
        quiet, ends_tomorrow = clock >= start or clock < end, clock >= start
    if not quiet:
        return when
    return moment(local.date() + timedelta(days=int(ends_tomorrow)), end, person.zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The end of that day there."""
    return moment(min(day, date.max - timedelta(days=1)) + timedelta(days=1), time(0), zone)
