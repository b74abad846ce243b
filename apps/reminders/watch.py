"""Whether reminders work: that the scheduler looks, and that nothing lies about unsent."""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from apps.campaigns.models import Campaign
from apps.dates import days
from apps.notices.actions import tell
from apps.reminders.models import Reminder, Tick
from apps.reminders.trouble import owners_of

log = logging.getLogger(__name__)

State = Reminder.State
MISSED_TICKS = 3
WORTH_TELLING = timedelta(minutes=10)
RESTORED = "The database was put back from a copy: this may have gone already."
COUNTED = 1_000
COUNT_UP = """
    INSERT INTO reminders_tick (name, number, looked_at, sent, caught_up_at)
    VALUES ('reminders', 1, %s, %s, %s)
    ON CONFLICT (name) DO UPDATE
    SET number = reminders_tick.number + 1, looked_at = excluded.looked_at, sent = excluded.sent,
        caught_up_at = COALESCE(excluded.caught_up_at, reminders_tick.caught_up_at)
    RETURNING number
"""
"""One statement, so that two ticks at once never count the same number; the ORM would need two or three."""


# --- The scheduler's own record ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """A look of the scheduler, kept outside the database: what the database forgets when it is put back."""

    number: int
    looked_at: datetime


def _record() -> Path:
    """One file for each database that this machine looks into."""
    database = settings.DATABASES["default"]
    name = hashlib.sha256(f"{database.get('HOST')} {database['NAME']}".encode()).hexdigest()[:12]
    return Path(settings.VAR_DIR) / f"last-look-{name}.json"


def remembered() -> Look | None:
    """The newest look this machine remembers."""
    try:
        kept = json.loads(_record().read_text())
        return Look(int(kept["number"]), datetime.fromisoformat(kept["looked_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(look: Look) -> None:
    record, fresh = _record(), _record().with_suffix(f".{look.number}")
    try:
        fresh.write_text(json.dumps(asdict(look), default=str))
        fresh.replace(record)
    except OSError as error:
        log.warning("The scheduler's look could not be written to %s: %s", record, error)


def look_back(*, at: datetime) -> Tick | None:
    """Before a tick: see whether the scheduler stood still, the clock was put back, or the database was put
    back from a copy that is older than the last look. Gives what the database knows of that look."""
    known = remembered()  # before the row, which another tick may be counting up: it commits, then remembers
    tick = Tick.objects.first()
    if known and known.number > (tick.number if tick else 0):
        count = hold_what_may_have_gone(until=known.looked_at, at=at)
        log.warning("The database is older than the last look: %s reminders are held for a person.", count)
        Tick.objects.update_or_create(defaults={"number": known.number, "looked_at": known.looked_at})
    elif tick and at < tick.looked_at - timedelta(minutes=1):
        log.warning("The clock went back: the last look was at %s, and now it is %s.", tick.looked_at, at)
        early = Reminder.objects.filter(state=State.CLAIMED, try_at__gt=at)  # by the wrong clock it was due
        early.update(state=State.PLANNED, token=None, lease_until=None)
    elif tick and at - tick.looked_at > max(WORTH_TELLING, MISSED_TICKS * tick_length()):
        _tell_of_the_gap(tick.looked_at, at)
    return tick


def looked(*, at: datetime, sent: int, caught_up_at: datetime | None = None) -> None:
    """After a tick: that there was one. `caught_up_at`: when no change was left unplanned, if so."""
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(COUNT_UP, [moment(at), sent, moment(caught_up_at) if caught_up_at else None])
        (number,) = cursor.fetchone()
    _remember(Look(number, at))


def hold_what_may_have_gone(*, until: datetime, at: datetime) -> int:
    """Hold for a person whatever was due by then and stands as unsent. Answers how many."""
    open_states = [State.PLANNED, State.CLAIMED, State.SENDING]
    rows = Reminder.objects.filter(state__in=open_states, try_at__lte=until)
    return rows.update(state=State.HELD, because=RESTORED, token=None, lease_until=None, changed_at=at)


def _tell_of_the_gap(since: datetime, at: datetime) -> None:
    """Owners whose campaigns had something due while nobody looked are told, in the app."""
    late = Reminder.objects.filter(state=State.PLANNED, try_at__gt=since, try_at__lte=at).order_by()
    for campaign in Campaign.objects.filter(pk__in=late.values("campaign")):
        count = late.filter(campaign=campaign).count()
        stood = length(at - since)
        tell(
            [owner.user for owner in owners_of(campaign)],
            subject=f"Reminders stood still for {stood}",
            body=f"The scheduler did not run for {stood}. {count} reminder{'' if count == 1 else 's'} of "
            f"{campaign.name} fell due meanwhile: what is still worth saying goes out now, marked late.",
            key=f"gap {campaign.pk} {since.isoformat()}",
            campaign=campaign,
            at=at,
        )


# --- How it stands ----------------------------------------------------------------------------------------


def tick_length() -> timedelta:
    return timedelta(seconds=settings.TICK_SECONDS)


@dataclass(frozen=True)
class Health:
    """How reminders stand. `problems` are sentences; none means well."""

    looked_at: datetime | None
    oldest_overdue: datetime | None
    held: int
    failed: int
    problems: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return not self.problems


def stands_still(tick: Tick | None, at: datetime) -> bool:
    """Whether the scheduler missed so many looks that something is wrong."""
    return tick is None or at - tick.looked_at > MISSED_TICKS * tick_length()


def health(*, at: datetime) -> Health:
    """Counts stop at COUNTED. What is held or failed waits for a person; the site is well nevertheless."""
    tick = Tick.objects.first()
    waiting = Reminder.objects.filter(state=State.PLANNED, try_at__lt=at - 2 * MISSED_TICKS * tick_length())
    oldest = waiting.order_by("try_at", "id").values_list("try_at", flat=True).first()
    problems = []
    if tick is None:
        problems.append("The scheduler has never looked. Start Celery’s worker and beat, or cron.")
    elif stands_still(tick, at):
        problems.append(f"The scheduler last looked {length(at - tick.looked_at)} ago. See that it runs.")
    if oldest:
        problems.append(f"A reminder has been due for {length(at - oldest)} and was not sent.")
    return Health(
        looked_at=tick.looked_at if tick else None,
        oldest_overdue=oldest,
        held=_count(Reminder.objects.filter(state=State.HELD)),
        failed=_count(Reminder.objects.filter(state=State.FAILED, try_at__gt=at - timedelta(days=7))),
        problems=problems,
    )


def _count(rows: QuerySet[Reminder]) -> int:
    return rows.order_by()[:COUNTED].count()


def length(span: timedelta) -> str:
    """ "40 seconds", "12 minutes", "3 hours", "2 days"."""
    seconds = int(span.total_seconds())
    for size, name in ((86_400, ""), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            count = seconds // size
            return days(count) if not name else f"{count} {name}s"
    return f"{seconds} seconds"
