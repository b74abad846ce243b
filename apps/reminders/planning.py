"""Who is to be warned of what, and when: rows derived from targets, ladders and teams, any number of times.

Planning is idempotent. Beside every change the page plans in the same transaction; the tick and a nightly
pass plan again whatever that missed. Many milestones are planned as quickly as one: what a campaign's
milestones share is read once.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.legislation.holidays import tell_holidays
from apps.legislation.models import Milestone, TargetDate
from apps.notices.actions import channels_of, working
from apps.notices.models import Channel
from apps.reminders import bulk
from apps.reminders.ladder import end_of, reach, turns
from apps.reminders.models import Acknowledgement, Ladder, Plan, Reminder, Rule, Wish
from apps.timeline.models import State

OPEN = (Reminder.State.PLANNED, Reminder.State.CLAIMED)
BATCH = 200
ROWS = 5_000
"""Ids in one statement: SQLite takes no more than 32,766."""
CANCELLED_BECAUSE = "The target, the ladder, the team or what they asked for changed."
LOOK_BACK = timedelta(hours=1)
"""How far back from where it had caught up the tick looks for changes: longer than any transaction lasts. The
nightly pass sees all."""
PLANNING_LASTS = 10.0
"""Seconds of a tick after which what changed waits for the next one: what is due must go meanwhile."""
CHANGE_WAITS = timedelta(minutes=5)
"""A moved date is told this long after: what is put right meanwhile was never said."""
CHANGE_TOLD_WITHIN = timedelta(days=1)
AT_ITS_MOMENT = (Rule.Kind.SNOOZE, Rule.Kind.ESCALATION)
"""Never gathered: a snooze asks for its moment, and what nobody answered has waited long enough. Often the
gathered message they would belong to has gone when they are asked for, and the next would come late."""
ESCALATES_FROM = 7
"""Days before the target from which on an unanswered reminder is taken to the campaign's owners."""


class Key(NamedTuple):
    """What a reminder of one milestone is unique on."""

    target: str
    rule_id: int
    occurrence: int
    recipient_id: int
    channel_id: int


Slot = tuple[int, int, int]
"""Rule, recipient, channel: the turns of one rung for one person through one channel."""


@dataclass
class Planned:
    """What the rows of one milestone should be: the slots and keys that stand, and the moment of each row
    that is wanted. What was meant for a moment that has `passed` makes no row, but keeps one there is."""

    target: str
    slots: set[Slot] = field(default_factory=set)
    keys: set[Key] = field(default_factory=set)
    moments: dict[Key, datetime] = field(default_factory=dict)
    passed: set[Key] = field(default_factory=set)

    def stands(self, row: Reminder, at: datetime) -> bool:
        if row.target != self.target:
            return False
        key = _key(row)
        if key not in self.keys and (row.rule_id, row.recipient_id, row.channel_id) not in self.slots:
            return False
        return key in self.moments or row.due_at <= at


# --- What a campaign's milestones share -------------------------------------------------------------------


@dataclass(frozen=True)
class Team:
    """All that planning asks of a campaign, read once for however many of its milestones: who is on it, who
    asked for what, and through which channels each is reached. People are named by their ids."""

    campaign: Campaign
    members: dict[int, Membership]
    channels: dict[int, list[Channel]]
    rungs: list[Rule]
    special: dict[str, Rule]
    ladders: dict[int | None, Ladder]
    wishes: dict[tuple[int, int | None, int | None], Wish]

    def recipients(self, milestone: Milestone) -> list[int]:
        """Those who get every reminder, and who watches the milestone; where that is nobody, the owners."""
        asked = [pk for pk, member in self.members.items() if member.reminded or pk == milestone.owner_id]
        return asked or self.owners()

    def owners(self) -> list[int]:
        return [pk for pk, member in self.members.items() if member.role == Role.OWNER]

    def ladder(self, milestone: Milestone) -> Ladder:
        said = self.ladders.get(milestone.pk) or self.ladders.get(None)
        return said or Ladder(campaign=self.campaign)

    def rungs_for(self, milestone: Milestone, person: int) -> Iterator[Rule]:
        """The milestone's own rungs, the campaign's unless the milestone has a ladder, the person's."""
        own_ladder = milestone.pk in self.ladders
        for rule in self.rungs:
            if rule.milestone_id is not None:
                applies = rule.milestone_id == milestone.pk
            else:
                applies = rule.person_id == person or (rule.person_id is None and not own_ladder)
            if applies:
                yield rule

    def wish(self, milestone: Milestone, person: int, rule: Rule) -> tuple[bool, int]:
        """Whether the person muted it, and how many days earlier they want it. The narrowest wish decides."""
        keys = ((person, None, rule.pk), (person, milestone.pk, None), (person, None, None))
        found = [self.wishes[key] for key in keys if key in self.wishes]
        earlier = next((wish.earlier_days for wish in found if wish.earlier_days), 0)
        return any(wish.muted for wish in found), earlier


def team_of(campaign: Campaign, milestone_ids: Sequence[int] = ()) -> Team:
    """Read a campaign's team, with the ladders and wishes of these milestones."""
    of_these = Q(milestone=None) | Q(milestone__in=milestone_ids)
    rules = list(Rule.objects.filter(of_these, campaign=campaign, active=True))
    members = Membership.objects.filter(campaign=campaign, user__is_active=True).select_related("user")
    people = {member.user_id: member for member in members.order_by("pk")}
    channels = channels_of(member.user for member in people.values())
    return Team(
        campaign=campaign,
        members=people,
        channels={pk: working(found) for pk, found in channels.items()},
        rungs=[rule for rule in rules if rule.kind == Rule.Kind.RUNG],
        special=_special(campaign, rules),
        ladders={
            ladder.milestone_id: ladder for ladder in Ladder.objects.filter(of_these, campaign=campaign)
        },
        wishes={
            (wish.person_id, wish.milestone_id, wish.rule_id): wish
            for wish in Wish.objects.filter(of_these, campaign=campaign)
        },
    )


def _special(campaign: Campaign, rules: list[Rule]) -> dict[str, Rule]:
    """The campaign's rules that are no rungs; they are made where they are missing."""
    kinds = [kind for kind in Rule.Kind if kind != Rule.Kind.RUNG]
    found = {rule.kind: rule for rule in rules if rule.kind != Rule.Kind.RUNG}
    for kind in kinds:
        if kind not in found:
            found[kind], _ = Rule.objects.get_or_create(campaign=campaign, kind=kind)
    return found


def recipients(milestone: Milestone) -> list[User]:
    """Who is reminded of a milestone."""
    team = team_of(milestone.entry.campaign)
    return [team.members[pk].user for pk in team.recipients(milestone)]


# --- What one milestone's rows should be ------------------------------------------------------------------


@dataclass
class Known:
    """What has happened to one milestone: its ledger, oldest first, who answered, and its rows."""

    targets: list[TargetDate] = field(default_factory=list)
    answers: list[Acknowledgement] = field(default_factory=list)
    rows: list[Reminder] = field(default_factory=list)

    def answered(self) -> list[Acknowledgement]:
        """The answers to the target as it stands."""
        return [answer for answer in self.answers if answer.target == self.targets[-1].date]


def wanted(milestone: Milestone, known: Known, team: Team, *, at: datetime) -> Planned:
    """What should be planned at this moment; nothing for a milestone that is settled or not published."""
    planned = Planned(known.targets[-1].date)
    entry = milestone.entry
    if not milestone.is_open() or entry.state != State.PUBLISHED or entry.due is None:
        return planned
    newest = {answer.person_id: answer for answer in known.answered()}
    for person in team.recipients(milestone):
        _add_rungs(planned, milestone, team, person, newest.get(person), at)
        _add_change(planned, milestone, known, team, person, at)
    for answer in newest.values():
        _add_snooze(planned, milestone, team, answer, at)
    if not newest:
        _add_escalation(planned, milestone, known, team, at)
    return planned


def _add_rungs(
    planned: Planned,
    milestone: Milestone,
    team: Team,
    person: int,
    answer: Acknowledgement | None,
    at: datetime,
) -> None:
    """The rungs of one person, but for those before a snooze of theirs ends."""
    silent_until = answer.snoozed_until if answer else None
    for rule in team.rungs_for(milestone, person):
        muted, earlier = team.wish(milestone, person, rule)
        if muted:
            continue
        for channel in team.channels[person]:
            planned.slots.add((rule.pk, person, channel.pk))
        for number, when in _turns(rule, milestone, team, earlier, at):
            if silent_until is None or when >= silent_until or when <= at:
                _add(planned, milestone, team, rule, number, person, when, at)


def _turns(
    rule: Rule, milestone: Milestone, team: Team, earlier: int, at: datetime
) -> Iterator[tuple[int, datetime]]:
    assert milestone.entry.due is not None
    return turns(
        rule,
        due=milestone.entry.due,
        zone=team.campaign.zone,
        working_days=team.ladder(milestone).working_days,
        earlier=earlier,
        after=at,
    )


def _add(
    planned: Planned,
    milestone: Milestone,
    team: Team,
    rule: Rule,
    number: int,
    person: int,
    when: datetime,
    at: datetime,
) -> None:
    """One turn, through each of the person's channels, at the moment it may reach them there. That stays as
    it is when the turn has passed, so that what waits for a digest or for a morning is left to wait."""
    assert milestone.entry.due is not None
    last = end_of(milestone.entry.due, team.campaign.zone)
    user, gathers = team.members[person].user, rule.kind not in AT_ITS_MOMENT
    for channel in team.channels[person]:
        key = Key(planned.target, rule.pk, number, person, channel.pk)
        planned.keys.add(key)
        planned.moments[key] = reach(
            user, when, rings=channel.interrupts, last=last, after=min(when, at), gathers=gathers
        )
        if when <= at:
            planned.passed.add(key)


def _add_change(
    planned: Planned, milestone: Milestone, known: Known, team: Team, person: int, at: datetime
) -> None:
    """The newest move, to everybody but whoever made it and those who were not there yet."""
    rule, newest = team.special[Rule.Kind.CHANGE], known.targets[-1]
    moved = len(known.targets) > 1 and person != newest.recorded_by_id
    if not moved or team.wish(milestone, person, rule)[0]:
        return
    if team.members[person].joined_at <= newest.recorded_at:
        when = _not_missed(newest.recorded_at + CHANGE_WAITS, at)
        _add(planned, milestone, team, rule, newest.pk, person, when, at)


def _add_snooze(
    planned: Planned, milestone: Milestone, team: Team, answer: Acknowledgement, at: datetime
) -> None:
    if answer.snoozed_until is not None and answer.person_id in team.members:
        rule = team.special[Rule.Kind.SNOOZE]
        _add(planned, milestone, team, rule, answer.pk, answer.person_id, answer.snoozed_until, at)


def _add_escalation(planned: Planned, milestone: Milestone, known: Known, team: Team, at: datetime) -> None:
    """To the campaign's owners, some days after the first close reminder that nobody answered."""
    wait = team.ladder(milestone).escalate_after
    close = {rule.pk for rule in team.rungs if rule.days_before <= ESCALATES_FROM}
    sent = [
        row.changed_at
        for row in known.rows
        if row.state == Reminder.State.SENT and row.target == planned.target and row.rule_id in close
    ]
    if wait is None or not sent:
        return
    rule = team.special[Rule.Kind.ESCALATION]
    when = _not_missed(min(sent) + timedelta(days=wait), at)
    for person in team.owners():
        if person != milestone.owner_id and not team.wish(milestone, person, rule)[0]:
            _add(planned, milestone, team, rule, 0, person, when, at)


def _not_missed(when: datetime, at: datetime) -> datetime:
    """What follows from something that happened, and was planned a little too late, goes now."""
    return at + timedelta(seconds=1) if at - CHANGE_TOLD_WITHIN < when <= at else when


# --- Making the rows so -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What a planning pass changed, in rows, and whether it left some milestones to the next."""

    planned: int = 0
    cancelled: int = 0
    left: bool = False

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.planned + other.planned, self.cancelled + other.cancelled, self.left or other.left
        )


def plan(milestone: Milestone, *, at: datetime) -> Outcome:
    """Make the milestone's rows what they should be. A sent row stays as it is, whatever happens."""
    return plan_batch([milestone.pk], at=at)


@transaction.atomic
def plan_batch(ids: Iterable[int], *, at: datetime) -> Outcome:
    """Plan these milestones, whatever campaigns they are of; one planner at a time has each."""
    ids = sorted(set(ids))
    tell_holidays()
    Plan.objects.bulk_create([Plan(milestone_id=pk) for pk in ids], ignore_conflicts=True)
    marks = list(Plan.objects.select_for_update().filter(milestone__in=ids).order_by("pk"))
    milestones = Milestone.everything.select_related("entry__campaign").in_bulk(ids)
    known = _known(ids)
    by_campaign: dict[Campaign, list[int]] = defaultdict(list)
    for pk, milestone in milestones.items():
        by_campaign[milestone.entry.campaign].append(pk)
    changes = Changes(at)
    for campaign, here in by_campaign.items():
        team = team_of(campaign, here)
        for pk in here:
            changes.compare(milestones[pk], known[pk], team)
    for mark in marks:
        mark.of = milestones[mark.pk].changed_at
    bulk.save(marks, ["of"])
    return changes.write()


def _known(ids: list[int]) -> dict[int, Known]:
    """What has happened to each milestone. Its rows are locked, so that no sender takes one meanwhile."""
    known = {pk: Known() for pk in ids}
    for target in TargetDate.objects.filter(milestone__in=ids).order_by("recorded_at", "id"):
        known[target.milestone_id].targets.append(target)
    for answer in Acknowledgement.objects.filter(milestone__in=ids).order_by("id"):
        known[answer.milestone_id].answers.append(answer)
    rows = Reminder.objects.select_for_update().filter(milestone__in=ids).defer("said").order_by("id")
    for row in rows:
        known[row.milestone_id].rows.append(row)
    return known


def _key(row: Reminder) -> Key:
    return Key(row.target, row.rule_id, row.occurrence, row.recipient_id, row.channel_id)


@dataclass
class Changes:
    """The rows of a batch that are to be cancelled, moved or made."""

    at: datetime
    cancelled: list[Reminder] = field(default_factory=list)
    moved: list[Reminder] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)

    def compare(self, milestone: Milestone, known: Known, team: Team) -> None:
        as_of = cache(lambda moment: wanted(milestone, known, team, at=moment))
        planned = as_of(self.at)
        rows = {_key(row): row for row in known.rows}
        for row in known.rows:
            if row.state in OPEN and not planned.stands(row, self.at):
                self._cancel(row)
        for key, when in planned.moments.items():
            if key in rows:
                self._move(rows[key], self._moment(rows[key], when, as_of))
            elif key not in planned.passed:
                self.new.append(self._row(milestone, key, when))

    def _cancel(self, row: Reminder) -> None:
        row.state = Reminder.State.CANCELLED
        self.cancelled.append(row)

    def _moment(self, row: Reminder, when: datetime, as_of: Callable[[datetime], Planned]) -> datetime:
        """When a row there is should go: as was answered when it was first planned, while that lies ahead.
        For once the working day before or the digest it belongs to has begun, the answer is another, and what
        waits for quiet hours to end would be put off."""
        if row.state not in (Reminder.State.PLANNED, Reminder.State.CANCELLED):
            return when  # it stays as it is
        if row.due_at == when or when <= self.at:
            return when
        first = as_of(min(row.planned_at, self.at)).moments.get(_key(row))
        return first if first and first > self.at else when

    def _move(self, row: Reminder, when: datetime) -> None:
        """A cancelled row that is wanted again comes back; a planned one goes to its new moment, or at once
        if that has passed. One that is due already stays."""
        back = row.state == Reminder.State.CANCELLED and when > self.at
        elsewhere = row.state == Reminder.State.PLANNED and row.due_at > self.at and row.due_at != when
        if back or elsewhere:
            row.state, row.because, row.changed_at = Reminder.State.PLANNED, "", self.at
            row.due_at = row.try_at = max(when, self.at)
            self.moved.append(row)

    def _row(self, milestone: Milestone, key: Key, when: datetime) -> dict[str, Any]:
        return {
            "milestone_id": milestone.pk,
            "campaign_id": milestone.entry.campaign_id,
            "target": key.target,
            "rule_id": key.rule_id,
            "occurrence": key.occurrence,
            "recipient_id": key.recipient_id,
            "channel_id": key.channel_id,
            "due_at": when,
            "try_at": when,
            "planned_at": self.at,
            "changed_at": self.at,
        }

    def write(self) -> Outcome:
        for some in chunks([row.pk for row in self.cancelled]):
            Reminder.objects.filter(pk__in=some).update(
                state=Reminder.State.CANCELLED,
                because=CANCELLED_BECAUSE,
                changed_at=self.at,
                token=None,
                lease_until=None,
            )
        bulk.save(self.moved, ["state", "due_at", "try_at", "because", "changed_at"])
        bulk.insert(self.new)
        return Outcome(planned=len(self.moved) + len(self.new), cancelled=len(self.cancelled))


def chunks(ids: list[int], size: int = ROWS) -> Iterator[list[int]]:
    """The ids, so many to a statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


# --- Which milestones -------------------------------------------------------------------------------------


def mark_stale(ids: Iterable[int] | QuerySet[Any, Any]) -> None:
    """Ask for these milestones, a list or a query of ids, to be planned again by the next tick."""
    marks = Plan.objects.filter(milestone__in=ids, of__isnull=False).order_by("pk").select_for_update()
    with transaction.atomic():
        for some in chunks(list(marks.values_list("pk", flat=True))):
            Plan.objects.filter(pk__in=some).update(of=None)


def plan_campaign(campaign: Campaign, *, at: datetime) -> None:
    """After the ladder or the team changed: plan the campaign's milestones again. A large campaign's rest
    waits, marked, for the next ticks."""
    mark_stale(Milestone.everything.filter(entry__campaign=campaign).values("pk"))
    plan_all(_stale().filter(entry__campaign=campaign)[:BATCH], at=at)


def plan_person(user: User) -> None:
    """After a person's channels, hours or digest changed: every campaign they are on, by the next tick."""
    mark_campaigns_stale(Membership.objects.filter(user=user).values("campaign"))


def mark_campaigns_stale(campaigns: Iterable[int] | QuerySet[Any, Any]) -> None:
    """The same for all milestones of these campaigns, a list or a query of ids."""
    mark_stale(Milestone.everything.filter(entry__campaign__in=campaigns).values("pk"))


def plan_changed(*, at: datetime, caught_up_at: datetime | None = None) -> Outcome:
    """The tick's pass: milestones marked stale, or changed and not yet planned as they now stand. Those of a
    large import take several: a tick leaves some, and the next ones find them however old they are by then.

    `caught_up_at`: when a pass last left none. Without it every milestone is looked at.
    """
    changed = Milestone.everything.all()
    if caught_up_at is not None:
        changed = changed.filter(changed_at__gt=min(caught_up_at, at) - LOOK_BACK)
    unplanned = changed.filter(Q(plan=None) | ~Q(plan__of=F("changed_at")))
    behind = _ids(unplanned.order_by("changed_at"))  # by the index it is bounded by, or all would be read
    stale = _ids(Plan.objects.filter(of__isnull=True).order_by("pk"))
    waiting, until = sorted({*stale, *behind}), time.monotonic() + PLANNING_LASTS
    done = Outcome(left=ROWS in (len(behind), len(stale)))
    for some in chunks(waiting, BATCH):
        done += plan_batch(some, at=at)
        if time.monotonic() > until and some[-1] != waiting[-1]:
            return done + Outcome(left=True)
    return done


def plan_everything(*, at: datetime) -> Outcome:
    """All that the nightly pass plans, in one go."""
    done, after = Outcome(), 0
    while ids := to_plan_again(after=after):
        done, after = done + plan_batch(ids, at=at), ids[-1]
    return done


def to_plan_again(*, after: int) -> list[int]:
    """The next batch of every open milestone, and every settled one that still has open rows."""
    open_rows = Reminder.objects.filter(milestone=OuterRef("pk"), state__in=OPEN)
    those = Milestone.everything.filter(Q(entry__due__isnull=False) | Exists(open_rows), pk__gt=after)
    return list(those.order_by("pk").values_list("pk", flat=True)[:BATCH])


def plan_all(milestones: Iterable[Milestone], *, at: datetime) -> Outcome:
    return plan_ids((milestone.pk for milestone in milestones), at=at)


def plan_ids(ids: Iterable[int], *, at: datetime) -> Outcome:
    """Plan any number, so many to a transaction."""
    done = Outcome()
    for some in chunks(sorted(set(ids)), BATCH):
        done += plan_batch(some, at=at)
    return done


def _ids(rows: QuerySet[Any]) -> list[int]:
    """As many as one pass may take on. A plan has its milestone's id."""
    return list(rows.values_list("pk", flat=True)[:ROWS])


def _stale() -> QuerySet[Milestone]:
    return Milestone.everything.filter(plan__in=Plan.objects.filter(of__isnull=True))
