"""What a campaign's home says: where things stand, in a sentence, then what is next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import May, Role
from apps.dates import countdown, days
from apps.desk import visible
from apps.desk.findings import health_of
from apps.desk.promised import count_waiting
from apps.desk.rows import with_details
from apps.evidence.models import SignOff
from apps.legislation.models import Outcome
from apps.timeline.models import Entry, Kind, State

SHOWN = 5
FEW, LIKELY = 1_000, 20
"""Milestones that are all compared, and of more, those of either sort that are."""
LATE_BY = ("outcome", "settled_on", "first_latest")


@dataclass(frozen=True)
class Home:
    """The parts of a campaign's home page."""

    sentence: str
    next: list[Entry]
    overdue: list[Entry]
    overdue_more: bool
    slipped: list[Entry]
    newest: list[Entry]
    waiting: list[Entry]
    uncleared: list[Entry]
    unwatched: list[Entry]
    team: list[Membership]
    health: str
    empty: bool


def home_of(access: Access) -> Home:
    entries = with_details(visible.entries(access))
    due = entries.filter(due__isnull=False)
    upcoming = list(due.filter(due__gte=access.today).order_by("due", "pk")[:SHOWN])
    overdue = list(due.filter(due__lt=access.today).order_by("due", "pk")[: SHOWN + 1])
    slipped = entries.filter(state=State.PUBLISHED, slip_days__gt=0).order_by("-slip_days", "-pk")
    newest = list(entries.order_by("-pk")[:SHOWN])
    staff = access.may(May.SEE_HIDDEN)
    return Home(
        sentence=sentence(access, upcoming, overdue, latest_of(access)),
        next=upcoming,
        overdue=overdue[:SHOWN],
        overdue_more=len(overdue) > SHOWN,
        slipped=list(slipped[:SHOWN]),
        newest=newest,
        waiting=list(entries.filter(state=State.DRAFT, shown_from=None).order_by("pk")[:SHOWN]),
        uncleared=list(
            entries.filter(kind=Kind.QUOTE, state=State.PUBLISHED, shown_from=None)
            .exclude(quote__sign_off=SignOff.WITHDRAWN)
            .order_by("pk")[:SHOWN]
            if staff
            else []
        ),
        unwatched=list(due.filter(milestone__owner=None).order_by("due")[:SHOWN] if staff else []),
        team=team_of(access),
        health=health_of(access, lines=count_waiting(access)).sentence if staff and newest else "",
        empty=not newest,
    )


def team_of(access: Access) -> list[Membership]:
    """Who is on the campaign; for the team's own eyes."""
    if access.role is None:
        return []
    return list(access.campaign.memberships.select_related("user").order_by("joined_at")[:30])


def latest_of(access: Access, entries: QuerySet[Entry] | None = None) -> Entry | None:
    """The milestone furthest past its first promised date: met late, or open and still moving. Of these
    entries, or of all that may be seen; of more than `FEW`, those that moved most or are due longest."""
    rows = visible.entries(access) if entries is None else entries
    rows = rows.filter(kind=Kind.MILESTONE, state=State.PUBLISHED).select_related("milestone")
    if not rows.order_by()[FEW : FEW + 1].exists():
        found = list(rows.order_by().only("headline", *(f"milestone__{name}" for name in LATE_BY)))
    else:
        found = list(rows.filter(slip_days__gt=0).order_by("-slip_days", "-pk")[:LIKELY])
        found += rows.filter(due__isnull=False, due__lt=access.today).order_by("due", "pk")[:LIKELY]
    return max(found, key=lambda entry: entry.milestone.late_days(access.today), default=None)


def sentence(access: Access, upcoming: list[Entry], overdue: list[Entry], worst: Entry | None) -> str:
    """The state of the campaign in a breath."""
    parts = []
    late = worst.milestone.late_days(access.today) if worst else 0
    if worst and late > 0:
        met = worst.milestone.outcome == Outcome.MET
        tail = "met {} past" if met else "{} past"
        parts.append(f"{worst.headline}: {tail.format(days(late))} its first promised date.")
    if overdue:
        count = "More than five deadlines are" if len(overdue) > SHOWN else _deadlines(len(overdue))
        parts.append(f"{count} overdue.")
    if upcoming:
        first = upcoming[0]
        parts.append(f"Next: {first.headline}, {countdown(first.due or access.today, access.today)}.")
    return " ".join(parts) or "Nothing is overdue and no deadline is set."


def _deadlines(count: int) -> str:
    return "One deadline is" if count == 1 else f"{('Two', 'Three', 'Four', 'Five')[count - 2]} deadlines are"


@dataclass(frozen=True)
class Summary:
    """A campaign in the list of mine."""

    campaign: Campaign
    role: str
    next: Entry | None
    overdue: bool


def summaries_of(memberships: Iterable[Membership], *, user: User, at: datetime) -> list[Summary]:
    """Each campaign with what is next in it: two small queries a campaign, of which a person has few."""
    return [_summary(membership, user, at) for membership in memberships]


def _summary(membership: Membership, user: User, at: datetime) -> Summary:
    campaign = membership.campaign
    access = Access(campaign=campaign, user=user, role=Role(membership.role), at=at)
    due = visible.entries(access).filter(due__isnull=False)
    return Summary(
        campaign=campaign,
        role=membership.get_role_display(),
        next=due.filter(due__gte=access.today).order_by("due", "pk").first(),
        overdue=due.filter(due__lt=access.today).exists(),
    )
