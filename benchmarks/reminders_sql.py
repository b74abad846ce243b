"""The same work as the reminders' in plain SQL through the database's driver: what there is to reach at best.

It writes the same rows in transactions like ours. Before it sends it reads what ours checks once more (the
ledger, the team, what is muted, what may be seen, what was said), but asks no further than that something is
there. Its words are written by the same templates or, to see what those cost, ready-made.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse

from apps.accounts.models import User
from apps.reminders.ladder import moment
from apps.reminders.messages import SHOWN, Item, words_of
from apps.reminders.planning import BATCH
from apps.reminders.sending import LEASE, MESSAGES
from benchmarks.reminders_world import LONG_AGO

ROWS = 1_000
"""Rows in one INSERT on PostgreSQL."""
ITEM = (
    "Guidance on the duty of care, part 17\nTarget: 18 September 2026, in 7 days.\nWatched by Person 0.\n"
    "This is 2 hours late: reminders stood still when it was due.\nCampaign 3 · http://localhost/c/3/17/\n"
)
HTML = f'<tr><td style="padding:16px 0;border-bottom:1px solid #d4d4d4"><div>{ITEM * 4}</div></td></tr>'

INSERT = (
    "INSERT INTO reminders_reminder (milestone_id, campaign_id, target, rule_id, occurrence, recipient_id,"
    " channel_id, due_at, try_at, state, because, attempts, doubts, said, planned_at, changed_at) VALUES "
)
VALUES = "(%s, %s, %s, %s, 0, %s, %s, %s, %s, 'planned', '', 0, 0, '', %s, %s)"
ON_CONFLICT = " ON CONFLICT DO NOTHING"


class Plain:
    """The driver's own cursor on Django's connection."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.sqlite = connection.vendor == "sqlite"
        driver = connection.connection
        if self.sqlite:
            self.cursor: Any = driver.cursor()
        else:
            import psycopg

            self.cursor = psycopg.Cursor(driver)

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        self.cursor.execute(self._spelt(statement), values)
        return self.cursor.fetchall() if self.cursor.description else []

    def run_many(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        self.cursor.executemany(self._spelt(statement), values)

    def insert(self, rows: Sequence[Sequence[Any]]) -> None:
        """The fastest way of each driver."""
        if self.sqlite:
            self.run_many(INSERT + VALUES + ON_CONFLICT, rows)
            return
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            self.run(
                INSERT + ", ".join([VALUES] * len(part)) + ON_CONFLICT, [one for row in part for one in row]
            )

    def _spelt(self, statement: str) -> str:
        return statement.replace("%s", "?") if self.sqlite else statement

    def at(self, when: datetime) -> str:
        """A moment as Django writes it."""
        return f"{when:%Y-%m-%d %H:%M:%S}" if self.sqlite else when.isoformat()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.run("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
        yield
        self.run("COMMIT")


def plan(ids: Sequence[int], *, at: datetime) -> None:
    """A row for each milestone, person, rung and channel; BATCH milestones to a transaction."""
    plain = Plain()
    for start in range(0, len(ids), BATCH):
        with plain.transaction():
            _plan_batch(plain, ids[start : start + BATCH], plain.at(at))


def _plan_batch(plain: Plain, ids: Sequence[int], at: str) -> None:
    several = ", ".join(["%s"] * len(ids))
    plain.run_many(
        "INSERT INTO reminders_plan (milestone_id, of) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [(pk, plain.at(LONG_AGO)) for pk in ids],
    )
    found = plain.run(
        "SELECT entry.id, entry.campaign_id, entry.date, entry.due, rule.id, rule.days_before, rule.time,"
        " campaign.time_zone FROM timeline_entry AS entry"
        " JOIN campaigns_campaign AS campaign ON campaign.id = entry.campaign_id"
        " JOIN reminders_rule AS rule ON rule.campaign_id = entry.campaign_id AND rule.kind = 'rung'"
        f" WHERE entry.id IN ({several}) ORDER BY entry.id",
        ids,
    )
    reached: dict[int, list[tuple[int, int]]] = {}
    for campaign, person, channel in plain.run(
        "SELECT member.campaign_id, member.user_id, channel.id FROM campaigns_membership AS member"
        " JOIN notices_channel AS channel ON channel.user_id = member.user_id"
        f" WHERE member.campaign_id IN (SELECT campaign_id FROM timeline_entry WHERE id IN ({several}))",
        ids,
    ):
        reached.setdefault(campaign, []).append((person, channel))
    rows = []
    for entry, campaign, target, due, rule, days_before, clock, zone in found:
        when = plain.at(_moment(due, days_before, clock, zone))
        rows += [
            (entry, campaign, target, rule, person, channel, when, when, at, at)
            for person, channel in reached[campaign]
        ]
    plain.insert(rows)


def _moment(due: Any, days_before: int, clock: Any, zone: str) -> datetime:
    from datetime import time as clock_time
    from zoneinfo import ZoneInfo

    day = due if isinstance(due, date) else date.fromisoformat(due)
    at = clock if isinstance(clock, clock_time) else clock_time.fromisoformat(clock)
    return moment(day - timedelta(days=days_before), at, ZoneInfo(zone))


def send(*, at: datetime, until: float, write: "Writer") -> int:
    """Claim, commit as sending, hand to nobody, commit as sent, until nothing is due or that reading of the
    monotonic clock. Gives how many were sent."""
    plain, sent = Plain(), 0
    token = uuid.uuid4().hex
    now, lease = plain.at(at), plain.at(at + LEASE)
    while time.monotonic() < until and (channels := _claim(plain, token, now, lease)):
        for channel, person in channels:
            sent += _message(plain, channel, person, token, now, lease, write)
            if time.monotonic() > until:
                break
    return sent


def _claim(plain: Plain, token: str, now: str, lease: str) -> list[tuple[int, int]]:
    ids = [
        pk
        for (pk,) in plain.run(
            "SELECT DISTINCT channel_id FROM (SELECT channel_id FROM reminders_reminder"
            " WHERE state = 'planned' AND try_at <= %s ORDER BY try_at, id LIMIT 1000) AS longest LIMIT %s",
            (now, MESSAGES),
        )
    ]
    if not ids:
        return []
    several = ", ".join(["%s"] * len(ids))
    with plain.transaction():
        plain.run(
            "UPDATE reminders_reminder SET state = 'claimed', token = %s, lease_until = %s, changed_at = %s"
            f" WHERE state = 'planned' AND try_at <= %s AND channel_id IN ({several})",
            (token, lease, now, now, *ids),
        )
    return plain.run(f"SELECT id, user_id FROM notices_channel WHERE id IN ({several})", ids)


Row = tuple[Any, ...]
"""Reminder, milestone, campaign, headline, the campaign's name and slug."""
Written = tuple[str, str, str, list[str]]
"""Subject, text, HTML, and what is said of each row."""
Writer = Callable[[Sequence[Row], int], Written]


def ready_made(rows: Sequence[Row], person: int) -> Written:
    shown = min(len(rows), SHOWN)
    return "In 7 days", ITEM * shown, HTML * shown, [ITEM] * len(rows)


def by_templates(rows: Sequence[Row], person: int) -> Written:
    """As our own messages are written, from the moment their facts are at hand."""
    items = [_item(row) for row in rows]
    said = [item.text for item in items]
    words = words_of(items, User(pk=person), message_id="<0123456789@localhost>")
    return words.subject, words.body, words.html, said


def _item(row: Row) -> Item:
    return Item(
        headline=row[3],
        campaign=row[4],
        state="in 7 days",
        target="18 September 2026",
        last_day="",
        slip="",
        watcher="Person 0",
        moved_from="",
        because="",
        source="",
        unanswered=False,
        rule="7 days before",
        late="2 hours",
        stale=False,
        address=settings.SITE_URL + reverse("entry", kwargs={"slug": row[5], "pk": row[1]}),
    )


def _checked(plain: Plain, rows: list[Row], channel: int, person: int) -> list[Row]:
    """Those whose reader is on the team and has not muted them, whose milestone is there to be seen and has a
    date, and of which nothing later was said."""
    milestones = sorted({row[1] for row in rows})
    several = ", ".join(["%s"] * len(milestones))
    plain.run(
        "SELECT * FROM notices_channel AS channel JOIN accounts_user AS reader ON reader.id = channel.user_id"
        " WHERE channel.id = %s",
        (channel,),
    )
    team = {pk for (pk,) in plain.run(
        "SELECT campaign_id FROM campaigns_membership WHERE user_id = %s", (person,)
    )}  # fmt: skip
    seen = {pk for (pk,) in plain.run(f"SELECT id FROM timeline_entry WHERE id IN ({several})", milestones)}
    dates = dict(plain.run(
        f"SELECT milestone_id, date FROM legislation_targetdate WHERE milestone_id IN ({several})"
        " ORDER BY recorded_at, id",
        milestones,
    ))  # fmt: skip
    muted = set(plain.run(
        "SELECT campaign_id, milestone_id FROM reminders_wish WHERE muted AND person_id = %s", (person,)
    ))  # fmt: skip
    said = dict(plain.run(
        "SELECT row.milestone_id, MAX(row.due_at) FROM reminders_reminder AS row"
        " JOIN reminders_rule AS rule ON rule.id = row.rule_id AND rule.kind IN ('rung', 'snooze')"
        f" WHERE row.channel_id = %s AND row.milestone_id IN ({several})"
        " AND row.state IN ('sending', 'sent', 'held') GROUP BY row.milestone_id",
        (channel, *milestones),
    ))  # fmt: skip
    return [
        row
        for row in rows
        if row[2] in team and row[1] in seen and row[1] in dates
        and (row[2], row[1]) not in muted and row[1] not in said
    ]  # fmt: skip


def _message(plain: Plain, channel: int, person: int, token: str, now: str, lease: str, write: Writer) -> int:
    with plain.transaction():
        rows = plain.run(
            "SELECT row.id, row.milestone_id, row.campaign_id, entry.headline, campaign.name,"
            " campaign.slug"
            " FROM reminders_reminder AS row JOIN timeline_entry AS entry ON entry.id = row.milestone_id"
            " JOIN campaigns_campaign AS campaign ON campaign.id = row.campaign_id"
            " WHERE row.channel_id = %s AND row.token = %s AND row.state = 'claimed'",
            (channel, token),
        )
        rows = _checked(plain, rows, channel, person)
        ids = [row[0] for row in rows]
        subject, body, html, said = write(rows, person)
        several = ", ".join(["%s"] * len(ids))
        ((delivery,),) = plain.run(
            "INSERT INTO notices_delivery (campaign_id, recipient_id, channel_id, kind, subject, body, html,"
            " message_id, state, attempts, error, created_at)"
            " VALUES (%s, %s, %s, 'email', %s, %s, %s, %s, 'sending', 1, '', %s) RETURNING id",
            (rows[0][2], person, channel, subject, body, html, uuid.uuid4().hex, now),
        )
        ((attempt,),) = plain.run(
            "INSERT INTO notices_attempt (delivery_id, at, outcome, error) VALUES (%s, %s, '', '')"
            " RETURNING id",
            (delivery, now),
        )
        plain.run_many(
            "UPDATE reminders_reminder SET said = %s WHERE id = %s", list(zip(said, ids, strict=True))
        )
        plain.run(
            "UPDATE reminders_reminder SET delivery_id = %s, attempts = attempts + 1, state = 'sending',"
            f" lease_until = %s WHERE id IN ({several})",
            (delivery, lease, *ids),
        )
    with plain.transaction():
        plain.run("UPDATE notices_attempt SET outcome = 'sent' WHERE id = %s", (attempt,))
        plain.run(
            "UPDATE notices_delivery SET state = 'sent', sent_at = %s WHERE id = %s AND state = 'sending'",
            (now, delivery),
        )
        plain.run(
            "UPDATE reminders_reminder SET state = 'sent', token = NULL, lease_until = NULL, changed_at = %s"
            f" WHERE id IN ({several}) AND state = 'sending'",
            (now, *ids),
        )
        milestones = sorted({row[1] for row in rows})
        plain.run(
            "UPDATE reminders_plan SET of = NULL WHERE of IS NOT NULL"
            f" AND milestone_id IN ({', '.join(['%s'] * len(milestones))})",
            milestones,
        )
    return len(ids)
