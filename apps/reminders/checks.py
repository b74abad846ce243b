"""The last look before the wire: which of the rows that are due should go after all, and what they tell."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max

from apps.campaigns.models import Membership
from apps.campaigns.roles import Role
from apps.legislation.models import Milestone, TargetDate
from apps.notices.models import Channel, Kind
from apps.reminders.ladder import end_of
from apps.reminders.models import Reminder, Rule, Wish
from apps.reminders.planning import CHANGE_TOLD_WITHIN
from apps.timeline.models import Entry

OVERDUE_IS_TRIED_FOR = timedelta(days=3)
SAYS_IT = (Reminder.State.SENDING, Reminder.State.SENT, Reminder.State.HELD)
"""The states of a reminder that has warned, as far as anybody knows."""
FARTHEST = 10_000
OF_THE_DATE = (Rule.Kind.RUNG, Rule.Kind.SNOOZE)

Place = tuple[datetime, int, int]


class Target(NamedTuple):
    """What is asked of each date of a ledger: making objects of them all would take longer than the rest."""

    pk: int
    date: str
    recorded_at: datetime
    recorded_by_id: int | None


@dataclass(frozen=True)
class Told:
    """One reminder that goes. `moved_from`: of a change, the date its reader knows."""

    row: Reminder
    moved_from: str = ""
    change: TargetDate | None = None


@dataclass
class Checked:
    """What goes, in the order of target dates, and why the rest does not, by the row's id."""

    told: list[Told] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def gives_up_at(row: Reminder) -> datetime:
    """Until when it is worth trying: the end of the target's last day; of what is overdue, a few days."""
    due = row.milestone.entry.due
    patience = row.due_at + OVERDUE_IS_TRIED_FOR
    return max(patience, end_of(due, row.campaign.zone)) if due else patience


def check(rows: Sequence[Reminder], channel: Channel, *, at: datetime) -> Checked:
    """Look at all rows of one message at once, in a fixed number of queries."""
    look = Look(rows, channel, at)
    checked = Checked()
    for row in sorted(rows, key=lambda row: (row.milestone.entry.due or at.date(), row.milestone_id, row.pk)):
        change = look.changes.get(row.occurrence) if row.rule.kind == Rule.Kind.CHANGE else None
        moved_from = look.known_date(row) if change else ""
        refusal = look.refused.get(row.pk) or look.why_said_already(row)
        if not refusal and change and moved_from == row.target:
            refusal = "The date moved away and back before anybody was told."
        if refusal:
            checked.refused[row.pk] = refusal
        else:
            checked.told.append(Told(row, moved_from, change))
    return checked


class Look:
    """What the rows of one message are checked against, as it stands now."""

    def __init__(self, rows: Sequence[Reminder], channel: Channel, at: datetime) -> None:
        self.channel, self.at = channel, at
        ids = {row.milestone_id for row in rows}
        campaigns = {row.campaign_id for row in rows}
        visible = Entry.objects.visible_to(channel.user, at=at).filter(pk__in=ids)
        self.visible = set(visible.values_list("pk", flat=True))
        self.ledgers: dict[int, list[Target]] = defaultdict(list)
        ledger = TargetDate.objects.filter(milestone__in=ids).order_by("recorded_at", "id")
        for milestone, *target in ledger.values_list("milestone_id", *Target._fields):
            self.ledgers[milestone].append(Target._make(target))
        moves = [row.occurrence for row in rows if row.rule.kind == Rule.Kind.CHANGE]
        self.changes = TargetDate.objects.select_related("source").in_bulk(moves)  # no query without them
        members = Membership.objects.filter(user=channel.user, campaign__in=campaigns)
        self.members = {member.campaign_id: member for member in members}
        wishes = Wish.objects.filter(person=channel.user, campaign__in=campaigns, muted=True)
        self.muted = {(wish.campaign_id, wish.milestone_id, wish.rule_id) for wish in wishes}
        self.refused = {row.pk: because for row in rows if (because := self.why_not(row))}
        self.newest_said = self._newest_said(rows, ids)
        self.changes_told = self._changes_told(rows)

    def _changes_told(self, rows: Sequence[Reminder]) -> set[int]:
        """The moves that were told already, of the milestones whose move is to be told now."""
        ids = {row.milestone_id for row in rows if row.rule.kind == Rule.Kind.CHANGE}
        told = Reminder.objects.filter(
            channel=self.channel, milestone__in=ids, rule__kind=Rule.Kind.CHANGE, state__in=SAYS_IT
        )
        return set(told.values_list("occurrence", flat=True))  # no query where there are none

    def _newest_said(self, rows: Sequence[Reminder], ids: set[int]) -> dict[tuple[int, str], Place]:
        """Of each target, the place of the newest reminder that says it: sent already, or going now."""
        said = Reminder.objects.filter(
            channel=self.channel, milestone__in=ids, rule__kind__in=OF_THE_DATE, state__in=SAYS_IT
        ).exclude(pk__in=[row.pk for row in rows])
        newest = {
            (milestone, target): (when, -FARTHEST, 0)
            for milestone, target, when in said.order_by()
            .values_list("milestone_id", "target")
            .annotate(when=Max("due_at"))
        }
        for row in rows:
            if row.rule.kind in OF_THE_DATE and row.pk not in self.refused:
                key = (row.milestone_id, row.target)
                newest[key] = max(newest.get(key, _place(row)), _place(row))
        return newest

    def why_not(self, row: Reminder) -> str:
        """Why a due reminder should not go after all; empty where it should."""
        milestone, entry = row.milestone, row.milestone.entry
        if not milestone.is_open() or entry.due is None:
            return "The milestone is settled or withdrawn."
        if not row.rule.active:
            return "The rule was taken off the ladder."
        newest = self.ledgers[row.milestone_id][-1]
        if newest.date != row.target or (row.rule.kind == Rule.Kind.CHANGE and newest.pk != row.occurrence):
            return "The target date has moved."
        if not self.still_asks(row):
            return "The recipient is no longer on the team, or no longer asks for reminders."
        if row.milestone_id not in self.visible:
            return "The recipient may not see the milestone."
        if not self.channel.works and self.channel.kind != Kind.INBOX:
            return "The channel is switched off or stopped."
        return ""

    def why_said_already(self, row: Reminder) -> str:
        """Why a reminder that nothing else forbids need not go: another says it, and one that does go."""
        if row.rule.kind in OF_THE_DATE and self.newest_said[row.milestone_id, row.target] > _place(row):
            return "A later reminder of the same target says it."
        return ""

    def still_asks(self, row: Reminder) -> bool:
        member = self.members.get(row.campaign_id)
        if member is None or not self.channel.user.is_active:
            return False
        narrow = (
            (row.campaign_id, None, row.rule_id),
            (row.campaign_id, row.milestone_id, None),
            (row.campaign_id, None, None),
        )
        if any(key in self.muted for key in narrow):
            return False
        if row.rule.kind == Rule.Kind.SNOOZE:
            return True
        if row.rule.kind == Rule.Kind.ESCALATION:
            return member.role == Role.OWNER
        return (
            member.reminded or row.milestone.owner_id == member.user_id or _stands_in(member, row.milestone)
        )

    def known_date(self, row: Reminder) -> str:
        """Of a change: the newest date before it that its reader was told, made, or has had for long."""
        *before, newest = self.ledgers[row.milestone_id]
        known = ""
        for target in reversed(before):
            known = target.date
            old = newest.recorded_at - target.recorded_at > CHANGE_TOLD_WITHIN
            if old or target.pk in self.changes_told or target.recorded_by_id == row.recipient_id:
                break
        return known


def _place(row: Reminder) -> Place:
    """Which of two reminders of one target is the newer: by its moment, then by how close to the date. Of two
    alike, as a rung of the campaign's and the same of one's own, one speaks for both."""
    return row.due_at, -row.rule.days_before, row.pk


def _stands_in(member: Membership, milestone: Milestone) -> bool:
    """An owner gets what would otherwise reach nobody."""
    if member.role != Role.OWNER:
        return False
    team = Membership.objects.filter(campaign=member.campaign_id, user__is_active=True)
    return not (team.filter(reminded=True) | team.filter(user=milestone.owner_id)).exists()
