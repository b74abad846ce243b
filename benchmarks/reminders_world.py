"""The campaigns that reminders are measured on: people, ladders and milestones, written in bulk.

Twenty people on each campaign, all reminded of everything, by e-mail and in the app. The clock is made up.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.dates import PartialDate
from apps.legislation.models import Milestone, TargetDate
from apps.notices.models import Channel, Kind
from apps.reminders.models import Ladder, Plan, Rule
from apps.timeline.actions import place, show
from apps.timeline.models import Entry, Visibility
from apps.timeline.models import Kind as EntryKind

PEOPLE = 20
MILESTONES = 50
"""On each campaign, so that somebody has fifty reminders due at once after a long stop."""
RUNGS = (60, 30, 14, 7, 1)
BOTH = (Kind.INBOX, Kind.EMAIL)
SHAPE = PEOPLE * len(RUNGS) * len(BOTH)
"""Reminders of one milestone."""
LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
PLANNED = datetime(2026, 6, 1, 9, tzinfo=UTC)
TARGET = date(2026, 9, 18)
DUE = datetime(2026, 9, 11, 8, tzinfo=UTC)
"""When the rung of seven days falls: nine in a London summer."""
LOOKED = DUE + timedelta(hours=2)
"""When the overdue are looked at, after a stop of two hours."""


def fill(
    campaigns: int,
    *,
    milestones: int = MILESTONES,
    rungs: Sequence[int] = RUNGS,
    kinds: Sequence[Kind] = BOTH,
) -> list[int]:
    """So many campaigns of this shape. Gives the milestones' ids; nothing of them is planned yet."""
    people = User.objects.bulk_create(_person(number) for number in range(campaigns * PEOPLE))
    Channel.objects.bulk_create(
        Channel(user=person, kind=kind, active=kind in kinds) for person in people for kind in BOTH
    )
    homes = Campaign.objects.bulk_create(
        Campaign(name=f"Campaign {number}", slug=f"campaign-{number}", created_at=LONG_AGO)
        for number in range(campaigns)
    )
    Membership.objects.bulk_create(
        Membership(
            campaign=homes[number // PEOPLE],
            user=person,
            role=Role.ADVOCACY if number % PEOPLE else Role.OWNER,
            reminded=True,
            joined_at=LONG_AGO,
        )
        for number, person in enumerate(people)
    )
    Ladder.objects.bulk_create(Ladder(campaign=home) for home in homes)
    Rule.objects.bulk_create(Rule(campaign=home, days_before=rung) for home in homes for rung in rungs)
    others = [kind for kind in Rule.Kind if kind != Rule.Kind.RUNG]
    Rule.objects.bulk_create(Rule(campaign=home, kind=kind) for home in homes for kind in others)
    return _milestones(homes, people[::PEOPLE], milestones)


def _person(number: int) -> User:
    name = f"person{number}"
    return User(username=name, email=f"{name}@example.org", first_name="Person", last_name=str(number))


def _milestones(homes: Sequence[Campaign], owners: Sequence[User], count: int) -> list[int]:
    entries = [
        _entry(home, owner, number)
        for home, owner in zip(homes, owners, strict=True)
        for number in range(count)
    ]
    Entry.everything.bulk_create(entries)
    Milestone.everything.bulk_create(
        Milestone(entry=entry, owner_id=entry.created_by_id, first_latest=TARGET, changed_at=LONG_AGO)
        for entry in entries
    )
    TargetDate.objects.bulk_create(
        TargetDate(
            milestone_id=entry.pk,
            date=TARGET.isoformat(),
            earliest=TARGET,
            latest=TARGET,
            reason="First target",
            recorded_by_id=entry.created_by_id,
            recorded_at=LONG_AGO,
        )
        for entry in entries
    )
    return [entry.pk for entry in entries]


def _entry(home: Campaign, owner: User, number: int) -> Entry:
    entry = Entry(
        campaign=home,
        kind=EntryKind.MILESTONE,
        headline=f"Guidance on the duty of care, part {number}",
        state="published",
        visibility=Visibility.TEAM,
        created_by=owner,
        recorded_at=LONG_AGO,
        slip_days=0,
    )
    place(entry, PartialDate(TARGET.isoformat(), TARGET, TARGET), due=TARGET)
    show(entry, ready=LONG_AGO)
    return entry


# --- Many rows at once ------------------------------------------------------------------------------------


def future_and_done(milestones: int) -> int:
    """For each milestone a reminder of each person, rung and channel that lies ahead, and one that was sent;
    written by the database itself. Gives how many lie ahead."""
    fill(-(-milestones // MILESTONES), milestones=min(milestones, MILESTONES))
    Plan.objects.bulk_create(
        [Plan(milestone_id=pk, of=LONG_AGO) for pk in Milestone.everything.values_list("pk", flat=True)]
    )
    with connection.cursor() as cursor:
        cursor.execute(_rows("planned", 0, "+"))
        count = cursor.rowcount
        cursor.execute(_rows("sent", 1, "-"))
        settle(cursor)
    return count


def settle(cursor: object) -> None:
    """What a PostgreSQL in use does by itself."""
    if connection.vendor == "postgresql":
        cursor.execute("VACUUM ANALYZE")  # type: ignore[attr-defined]


def _rows(state: str, occurrence: int, sign: str) -> str:
    """Rungs from the moment of looking on, or back from it: with days between, as in a campaign."""
    moment = (
        f"datetime('{LOOKED:%Y-%m-%d %H:%M:%S}', '{sign}' || (rule.days_before + 1) || ' days')"
        if connection.vendor == "sqlite"
        else f"timestamptz '{LOOKED.isoformat()}' {sign} (rule.days_before + 1) * interval '1 day'"
    )
    return f"""
        INSERT INTO reminders_reminder (milestone_id, campaign_id, target, rule_id, occurrence, recipient_id,
            channel_id, due_at, try_at, state, because, attempts, doubts, said, planned_at, changed_at)
        SELECT entry.id, entry.campaign_id, '{TARGET.isoformat()}', rule.id, {occurrence}, member.user_id,
            channel.id, {moment}, {moment}, '{state}', '', 0, 0, '', {moment}, {moment}
        FROM timeline_entry AS entry
        JOIN campaigns_membership AS member ON member.campaign_id = entry.campaign_id
        JOIN notices_channel AS channel ON channel.user_id = member.user_id
        JOIN reminders_rule AS rule ON rule.campaign_id = entry.campaign_id AND rule.kind = 'rung'
    """
