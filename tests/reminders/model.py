"""What should go, worked out a second time and the slow way: not one line of it is the planner's.

Only what is beyond doubt: rungs and snoozes of people who want each word at once and, where it rings, have
no quiet hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.campaigns.models import Membership
from apps.campaigns.roles import Role
from apps.legislation.models import Milestone, Outcome, TargetDate
from apps.notices.models import Channel
from apps.reminders.models import Acknowledgement, Ladder, Reminder, Rule, Wish
from apps.timeline.models import State, Visibility

DAY = timedelta(days=1)
LAST_DAYS = {
    "2026-03-25": date(2026, 3, 25),
    "2026-03-30": date(2026, 3, 30),
    "2026-04-02": date(2026, 4, 2),
    "2026-04-06": date(2026, 4, 6),
    "2026-04-20": date(2026, 4, 20),
    "2026-04": date(2026, 4, 30),
    "2026-04-30": date(2026, 4, 30),
    "../2026-04-12": date(2026, 4, 12),
    "2026-23": date(2026, 11, 30),
    "../2026-12-31": date(2026, 12, 31),
}
"""Targets, and the last day of each."""
BANK_HOLIDAYS = {
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
    date(2026, 8, 31),
    date(2026, 12, 25),
    date(2026, 12, 28),
}
"""Of England and Wales."""


@dataclass(frozen=True)
class Key:
    """One thing that should be said once."""

    milestone: int
    target: str
    rule: int
    occurrence: int
    person: int
    channel: int


def key_of(row: Reminder) -> Key:
    return Key(row.milestone_id, row.target, row.rule_id, row.occurrence, row.recipient_id, row.channel_id)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When clocks on the wall there first show it; where they skip it, as much later as they are put on."""
    wall = datetime.combine(day, clock)
    around = [(wall + shift * DAY).replace(tzinfo=UTC).astimezone(zone).utcoffset() for shift in (-1, 1)]
    candidates = {(wall - offset).replace(tzinfo=UTC) for offset in around if offset is not None}
    shown = [when for when in candidates if when.astimezone(zone).replace(tzinfo=None) == wall]
    return min(shown) if shown else max(candidates)


def working_day(day: date) -> date:
    while day.weekday() >= 5 or day in BANK_HOLIDAYS:
        day -= DAY
    return day


class Situation:
    """A milestone, its team and what they asked for, read from the database at one moment."""

    def __init__(self, pk: int) -> None:
        self.milestone = Milestone.everything.select_related("entry__campaign").get(pk=pk)
        self.entry = self.milestone.entry
        self.campaign = self.entry.campaign
        self.target = sorted(TargetDate.objects.filter(milestone=pk), key=lambda t: (t.recorded_at, t.pk))[
            -1
        ].date
        self.members = list(
            Membership.objects.filter(campaign=self.campaign, user__is_active=True).select_related("user")
        )
        self.rules = list(Rule.objects.filter(campaign=self.campaign, active=True))
        ladders = {ladder.milestone_id: ladder for ladder in Ladder.objects.filter(campaign=self.campaign)}
        self.own_ladder = pk in ladders
        self.ladder = ladders.get(pk) or ladders.get(None)
        self.wishes = list(Wish.objects.filter(campaign=self.campaign))
        self.answers = {
            answer.person_id: answer
            for answer in Acknowledgement.objects.filter(milestone=pk, target=self.target).order_by("id")
        }
        self.channels: dict[int, list[Channel]] = {}
        for channel in Channel.objects.filter(user__in=[member.user_id for member in self.members]):
            self.channels.setdefault(channel.user_id, []).append(channel)

    def wanted(self, at: datetime) -> dict[Key, datetime]:
        """What should go after `at`, as one who plans at that moment knows it."""
        if self.milestone.outcome != Outcome.UPCOMING or self.entry.state != State.PUBLISHED:
            return {}
        return {
            Key(self.entry.pk, self.target, rule.pk, turn, member.user_id, channel.pk): when
            for member in self.members
            if self.sees(member) and not self.muted(member.user_id, None)
            for rule, turn, when in [*self.rungs(member, at), *self.snoozes(member)]
            if when > at
            for channel in self.reached_through(member.user)
        }

    def sees(self, member: Membership) -> bool:
        return member.role not in (Role.VOLUNTEER, Role.VIEWER) or self.entry.visibility != Visibility.STAFF

    def muted(self, person: int, rule: Rule | None) -> bool:
        of = {(self.entry.pk, None), (None, None)} | ({(None, rule.pk)} if rule else set())
        return any(
            wish.muted and wish.person_id == person and (wish.milestone_id, wish.rule_id) in of
            for wish in self.wishes
        )

    def earlier(self, person: int, rule: Rule) -> int:
        shifts = {
            (wish.milestone_id, wish.rule_id): wish.earlier_days
            for wish in self.wishes
            if wish.person_id == person and wish.earlier_days
        }
        return (
            shifts.get((None, rule.pk)) or shifts.get((self.entry.pk, None)) or shifts.get((None, None)) or 0
        )

    def asks(self, member: Membership) -> bool:
        def gets_it(one: Membership) -> bool:
            return one.reminded or one.user_id == self.milestone.owner_id

        if any(gets_it(one) for one in self.members):
            return gets_it(member)
        return member.role == Role.OWNER

    def rungs(self, member: Membership, at: datetime) -> Iterator[tuple[Rule, int, datetime]]:
        answer = self.answers.get(member.user_id)
        for rule in self.rules:
            if not self.asks(member) or not self.applies(rule, member) or self.muted(member.user_id, rule):
                continue
            for turn, when in self.turns(rule, self.earlier(member.user_id, rule), at):
                if not answer or not answer.snoozed_until or when >= answer.snoozed_until:
                    yield rule, turn, when

    def applies(self, rule: Rule, member: Membership) -> bool:
        if rule.kind != Rule.Kind.RUNG:
            return False
        if rule.milestone_id:
            return rule.milestone_id == self.entry.pk
        if rule.person_id:
            return rule.person_id == member.user_id
        return not self.own_ladder

    def turns(self, rule: Rule, earlier: int, at: datetime) -> Iterator[tuple[int, datetime]]:
        """A rung's one turn, or the next two of one that comes again."""
        first = LAST_DAYS[self.target] - (rule.days_before + earlier) * DAY
        still = 0
        for turn in range(500 if rule.repeat_days else 1):
            day = first + turn * (rule.repeat_days or 0) * DAY
            plain = instant(day, rule.time, self.campaign.zone)
            if plain <= at:
                continue
            sooner = instant(working_day(day), rule.time, self.campaign.zone)
            yield turn, sooner if self.ladder and self.ladder.working_days and sooner > at else plain
            still += 1
            if still == 2:
                return

    def snoozes(self, member: Membership) -> Iterator[tuple[Rule, int, datetime]]:
        answer = self.answers.get(member.user_id)
        for rule in self.rules:
            if rule.kind == Rule.Kind.SNOOZE and answer and answer.snoozed_until:
                yield rule, answer.pk, answer.snoozed_until

    def reached_through(self, user: User) -> list[Channel]:
        """The person's channels that work, or the inbox; none of those where its moment is in doubt."""
        channels = self.channels[user.pk]
        on = [one for one in channels if one.active and not one.stopped_at and not one.removed_at]
        used = on or [one for one in channels if one.kind == "inbox"]
        if user.digest != "instant":
            return []
        return [one for one in used if user.quiet_from is None or one.kind in ("inbox", "webhook")]
