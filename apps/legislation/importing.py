"""Writing what a provider tells of a bill: milestones, people, and the ledger of its dates.

It can be done again at any time and then changes nothing. What a person wrote stays: where the provider says
otherwise, a DateConflict waits for somebody to settle it. What a provider no longer lists is marked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Membership
from apps.dates import long_day, parse
from apps.legislation.actions import reopen, revise_target, settle
from apps.legislation.bulk import New, add_milestones, new_milestone
from apps.legislation.models import (
    Bill,
    BillSponsor,
    DateConflict,
    Milestone,
    Outcome,
    SessionEnd,
    Standing,
    Step,
    StepState,
    TargetDate,
)
from apps.legislation.providers import PROVIDERS
from apps.legislation.providers.records import (
    BECAME_LAW,
    Actions,
    ProviderAction,
    ProviderBill,
    ProviderSponsor,
    Sitting,
)
from apps.people.actions import add_organisation, add_person, add_post
from apps.people.models import Organisation, Person
from apps.sources.actions import add_source
from apps.sources.models import Source
from apps.timeline.actions import Facts, new_entry
from apps.timeline.bulk import Tags, add_entries, index_all
from apps.timeline.density import Tally
from apps.timeline.models import Kind, Visibility

OUTCOMES = {
    StepState.SCHEDULED: Outcome.UPCOMING,
    StepState.HAPPENED: Outcome.MET,
    StepState.CANCELLED: Outcome.DROPPED,
}
Named = TypeVar("Named", Person, Organisation)


@dataclass
class Report:
    """What a reading changed, and what it could not do, in sentences."""

    changed: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@transaction.atomic
def import_bill(*, bill: Bill, told: ProviderBill, listed: Actions, at: datetime) -> Report:
    """Bring what the campaign has of this bill up to what its provider tells."""
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    report = Report(troubles=[*told.troubles, *listed.troubles])
    _write_facts(bill, told, report)
    _write_sponsors(bill, told.sponsors, report)
    steps = Steps(bill, at=at, report=report)
    for action in listed.actions:
        steps.take(action)
    steps.write_new()
    steps.miss(listed)
    steps.doubt()
    keep_promise(bill, by=None, at=at, report=report)
    return report


@transaction.atomic
def pass_days(bill: Bill, steps: Iterable[Step], *, at: datetime) -> Report:
    """These steps were still listed once their day was over: they happened."""
    report = Report()
    writing = Steps(bill, at=at, report=report)
    for step in steps:
        writing.pass_day(step.external_id)
    keep_promise(bill, by=None, at=at, report=report)
    return report


def today_of(bill: Bill, at: datetime) -> date:
    """The day it is where the bill's parliament sits."""
    provider = PROVIDERS.get(bill.provider)
    return at.astimezone(provider.clock).date() if provider else bill.campaign.today(at)


def keep_promise(bill: Bill, *, by: User | None, at: datetime, report: Report | None = None) -> None:
    """The campaign's own milestone is met on the day the bill became law; settled already, it stays so."""
    if bill.promise_id is None or bill.standing != Standing.LAW:
        return
    law = bill.steps.filter(is_law=True, state=StepState.HAPPENED, gone_at=None).order_by("-day").first()
    promise = Milestone.everything.select_related("entry").get(pk=bill.promise_id)
    if law is None or law.day is None or not promise.is_open():
        return
    # Who sees the promise need not see the bill: then it is not named.
    seen = bill.visibility != Visibility.STAFF or promise.entry.visibility == Visibility.STAFF
    settle(
        milestone=promise,
        outcome=Outcome.MET,
        on=law.day,
        because=f"{law.stage}: {bill.name}" if seen else law.stage,
        source=bill.source if seen else None,
        by=by,
        at=at,
    )
    if report:
        report.changed.append(f"“{promise.entry.headline}” was met on {long_day(law.day)}.")


# --- The bill itself, and who brought it in ---------------------------------------------------------------


def _write_facts(bill: Bill, told: ProviderBill, report: Report) -> None:
    new = {
        "title": told.title or bill.title,
        "address": told.address,
        "standing": _standing(bill, told),
        "stage": told.stage or bill.stage,
        "where": told.where,
        "session": told.session or bill.session,
        "updated_at": told.updated or bill.updated_at,
    }
    before = {name: getattr(bill, name) for name in new}
    if bill.source_id is None:
        bill.source = _source_of(bill, told.title or bill.title, told.address)
    elif before == new:
        return
    for name, value in new.items():
        setattr(bill, name, value)
    save_as(None, bill)
    if before["title"] != bill.title:
        report.changed.append(f"It is now called {bill.title}.")
    if before["standing"] != bill.standing:
        report.changed.append(f"It is now: {bill.get_standing_display().lower()}.")


def _standing(bill: Bill, told: ProviderBill) -> Standing:
    """No parliament says that a bill fell; where a person did, that stands until it is more than open."""
    fell = bill.standing == Standing.FELL and told.standing == Standing.OPEN
    return Standing.FELL if fell else Standing(told.standing)


def _source_of(bill: Bill, title: str, address: str) -> Source:
    known = Source.objects.filter(campaign=bill.campaign_id, url=address).order_by("pk").first()
    provider = PROVIDERS[bill.provider]
    return known or add_source(
        campaign=bill.campaign,
        title=f"{title}: the {provider.noun}’s page",
        url=address,
        publisher=provider.title,
        by=None,
    )


def _write_sponsors(bill: Bill, sponsors: Sequence[ProviderSponsor], report: Report) -> None:
    known = set(bill.sponsors.values_list("external_id", flat=True))
    for sponsor in sponsors:
        if sponsor.external_id not in known:
            known.add(sponsor.external_id)
            _write_sponsor(bill, sponsor)
            verb = "Asked" if PROVIDERS[bill.provider].noun == "question" else "Brought in"
            report.changed.append(f"{verb} by {sponsor.person or sponsor.organisation}.")


def _write_sponsor(bill: Bill, told: ProviderSponsor) -> None:
    """A person by the provider's id, else by the name where the campaign has one of that name."""
    body = _organisation(bill, told.organisation, told.organisation_address)
    person = _person(bill, told) if told.person else None
    if person and told.seat:
        _hold(person, told.seat, _organisation(bill, told.house))
    if person and body and bill.visibility != Visibility.STAFF:  # whoever sees the person sees their posts
        _hold(person, f"Sponsor of the {bill.name}"[:200], body)
    BillSponsor.objects.create(
        bill=bill, external_id=told.external_id, person=person, organisation=None if person else body
    )


def _person(bill: Bill, told: ProviderSponsor) -> Person:
    same = BillSponsor.objects.filter(
        bill__campaign=bill.campaign_id, bill__provider=bill.provider, external_id=told.external_id
    )
    if (known := same.exclude(person=None).select_related("person").first()) and known.person:
        return known.person
    named = _only(Person.objects.filter(campaign=bill.campaign_id, name__iexact=told.person)[:2])
    return named or add_person(campaign=bill.campaign, name=told.person, url=told.address, by=None)


def _organisation(bill: Bill, name: str, address: str = "") -> Organisation | None:
    if not name:
        return None
    named = Organisation.objects.filter(campaign=bill.campaign_id, name__iexact=name).order_by("pk").first()
    return named or add_organisation(campaign=bill.campaign, name=name, url=address, by=None)


def _only(rows: Iterable[Named]) -> Named | None:
    """The row, where there is one alone: of two people with one name neither is taken."""
    found = list(rows)
    return found[0] if len(found) == 1 else None


def _hold(person: Person, role: str, body: Organisation | None) -> None:
    if not person.posts.filter(role=role, organisation=body).exists():
        add_post(person=person, role=role, organisation=body, by=None)


# --- Its days ---------------------------------------------------------------------------------------------


class Steps:
    """The steps of one bill and their milestones, brought up to what is listed. `by` is whoever decided so:
    None for the provider."""

    def __init__(self, bill: Bill, *, at: datetime, report: Report, by: User | None = None) -> None:
        self.bill, self.at, self.report, self.by = bill, at, report, by
        self.today = today_of(bill, at)
        self.teller = PROVIDERS[bill.provider].title if bill.provider in PROVIDERS else bill.provider
        rows = bill.steps.select_related("milestone__entry")
        self.steps = {step.external_id: step for step in rows}
        ledgers = TargetDate.objects.filter(milestone__step__bill=bill).by_milestone()
        self.newest = {milestone: rows[-1] for milestone, rows in ledgers.items()}
        open_ones = DateConflict.objects.filter(step__bill=bill, took=DateConflict.Took.OPEN)
        self.conflicts = {conflict.step_id: conflict for conflict in open_ones}
        self.houses: dict[str, Organisation | None] = {}
        self.new: list[tuple[Step, New]] = []

    @cached_property
    def watcher(self) -> User | None:
        """Who followed the bill watches what is to come of it, while they are on the campaign."""
        here = Membership.objects.filter(campaign=self.bill.campaign_id, user=self.bill.followed_by_id)
        return self.bill.followed_by if self.bill.followed_by_id and here.exists() else None

    def take(self, action: ProviderAction) -> None:
        """Write one thing that is listed."""
        step = self.steps.get(action.external_id) or Step(bill=self.bill, external_id=action.external_id)
        if action.is_sitting and action.day is None and step.day:
            self.report.troubles.append(
                f"{step} is listed without a day. {long_day(step.day)} is kept, as it was before."
            )
        before = (step.day, step.state, step.gone_at, step.held)
        step.held, step.waits = action.held, action.waits
        facts = (
            action.stage,
            action.where,
            action.order,
            BECAME_LAW in action.classification,
            action.address,
        )
        told = (step.stage, step.where, step.order, step.is_law, step.address)
        step.stage, step.where, step.order, step.is_law, step.address = facts
        step.day = action.day or step.day
        if step.starts and step.day != before[0]:
            step.starts = None  # of another day
        step.state, step.gone_at = self._state(action, step), None
        news = before != (step.day, step.state, step.gone_at, step.held)
        if step._state.adding or news or told != facts:
            self.steps[step.external_id] = step
            self._write(step, house=action.house, news=news)
            is_new = step._state.adding or (self.new and self.new[-1][0] is step)
            if not is_new:
                step.save()  # what is new is saved with all that is, by `write_new`

    def miss(self, listed: Actions) -> None:
        """Mark what is no longer listed. Of a list that is not whole, or empty, nothing is told from that."""
        names = {action.external_id for action in listed.actions}
        missing = [step for name, step in self.steps.items() if name not in names and step.gone_at is None]
        if not listed.whole or not missing:
            return
        if not names:
            self.report.troubles.append("No stage is listed any more. All that was listed before is kept.")
            return
        for step in missing:
            if step.milestone_id is None and not step.made:
                step.delete()  # a stage that had no day: it has some now, or is itself no more
                continue
            step.gone_at = self.at
            if step.state == StepState.SCHEDULED:
                step.state = StepState.CANCELLED
            elif step.state == StepState.HAPPENED:
                self.report.troubles.append(f"{_said(step)} is no longer listed, though its day is past.")
            self._write(step, news=True)
            step.save()

    def doubt(self) -> None:
        """Say so where days are listed after the session with which the bill fell, as we have it."""
        fell = self.bill.session_ends.filter(took=SessionEnd.Took.FELL).first()
        if self.bill.standing != Standing.FELL or fell is None:
            return
        later = [
            step
            for step in self.steps.values()
            if step.day
            and step.day >= fell.ended_on
            and not step.gone_at
            and step.state != StepState.CANCELLED
        ]
        if later:
            self.report.troubles.append(
                f"We have it as fallen with its session, and {self.teller} lists {_said(later[0])}: "
                "it may have been carried over."
            )

    def pass_day(self, external_id: str) -> None:
        step = self.steps[external_id]
        if step.state == StepState.SCHEDULED and step.day and step.day < self.today:
            step.state = StepState.HAPPENED
            self._write(step, news=True)
            step.save()

    def overwrite(self, step: Step) -> None:
        """A person takes the provider's side: from here on the milestone follows it again."""
        step = self.steps[step.external_id]
        if step.milestone:
            self._bring(step, step.milestone, f"Taken over from {self.teller}")
            step.save()

    def call_off(self, external_id: str, *, called_off: bool) -> None:
        """Parliament's calendar calls the day off, or says that it is held after all."""
        step = self.steps[external_id]
        if (step.called_off is not None and step.called_off == step.day) == called_off:
            return
        step.called_off = step.day if called_off else None
        if step.gone_at is None and step.day and step.day >= self.today:
            step.state = StepState.CANCELLED if called_off else StepState.SCHEDULED
            self._write(step, news=True)
        step.save()

    def _state(self, action: ProviderAction, step: Step) -> StepState:
        day = step.day
        if day is None:
            return StepState.UNSCHEDULED
        if action.state == Sitting.CANCELLED or step.called_off == day:
            return StepState.CANCELLED
        past = action.state == Sitting.HAPPENED or (day < self.today and not action.waits)
        return StepState.HAPPENED if past else StepState.SCHEDULED

    def _write(self, step: Step, *, news: bool, house: str = "") -> None:
        """Bring the milestone to where the step is, unless a person has a hand in it."""
        if step.state == StepState.UNSCHEDULED or step.day is None:
            return
        if not step.made:
            self._make(step, house)
            return
        milestone = step.milestone
        if milestone is None or not news:
            return  # somebody removed it, and it is not made again
        newest = self.newest[milestone.pk]
        same_day = newest.date == step.day.isoformat()
        moved = newest.pk != step.target_id and not same_day
        ended = milestone.outcome != step.ended or _is_met_by_hand(step, milestone, newest)
        if ended and milestone.outcome == OUTCOMES[StepState(step.state)] and same_day:
            self._agree(step)  # a person settled it first, and the same way
        elif milestone.outcome == Outcome.FELL and step.state == StepState.CANCELLED:
            self._agree(step)  # neither expects it any more
        elif moved or ended:
            self._disagree(step, newest)
        else:
            self._agree(step)
            self._bring(step, milestone, f"Moved by {self.teller}")

    def _make(self, step: Step, house: str) -> None:
        assert step.day is not None, "only what has a day is made"
        if house not in self.houses:
            self.houses[house] = _organisation(self.bill, house)
        facts = Facts(
            headline=f"{self.bill.name}: {step}"[:300],
            date=parse(step.day.isoformat()),
            source=self.bill.source,
            organisation=self.houses[house],
            visibility=self.bill.visibility,
        )
        entry = new_entry(
            campaign=self.bill.campaign, facts=facts, kind=Kind.MILESTONE, by=self.by, at=self.at
        )
        held = (step.held or step.day) if step.state == StepState.HAPPENED else None
        new = new_milestone(
            entry,
            facts.date,
            owner=None if held else self.watcher,
            reason=f"Listed by {self.teller}",
            met_on=held,
            by=self.by,
            at=self.at,
        )
        step.made = True
        self.new.append((step, new))
        self.report.changed.append(f"New: {_said(step)}.")

    def write_new(self) -> None:
        """Write all that is new a table at a time: a bill comes in with some forty days."""
        self._write_milestones([new for _, new in self.new])
        for step, new in self.new:
            step.milestone, step.target = new.milestone, new.target
            self.newest[new.milestone.pk] = new.target
            self._end(step, new.milestone)
            if not step._state.adding:
                step.save()
        Step.objects.bulk_create([step for step in self.steps.values() if step._state.adding])
        self.new.clear()

    def _write_milestones(self, made: Sequence[New]) -> None:
        entries, tally = [new.entry for new in made], Tally()
        if entries:
            add_entries(entries, [()] * len(entries), by=self.by, known=Tags(self.bill.campaign), tally=tally)
            add_milestones(made, by=self.by)
            index_all(entries)
            tally.write()

    def _bring(self, step: Step, milestone: Milestone, reason: str) -> None:
        """Write the step's day and state into its milestone."""
        assert step.day is not None, "only what has a day has a milestone"
        wanted = OUTCOMES[StepState(step.state)]
        newest = self.newest[milestone.pk]
        moves = newest.date != step.day.isoformat() and wanted != Outcome.DROPPED
        past = milestone.outcome == Outcome.MET  # the day of what happened is put right, it does not slip
        if not milestone.is_open() and (moves or milestone.outcome != wanted):
            milestone = reopen(milestone=milestone, by=self.by, at=self.at)
            step.ended = Outcome.UPCOMING
        if moves:
            before = newest
            newest = revise_target(
                milestone=milestone,
                to=parse(step.day.isoformat()),
                reason=reason,
                source=self.bill.source,
                correction=past and wanted == Outcome.MET,
                by=self.by,
                at=self.at,
            )
            self.report.changed.append(f"{step} moved from {parse(before.date)} to {long_day(step.day)}.")
        step.target = self.newest[milestone.pk] = newest
        milestone = Milestone.everything.select_related("entry").get(pk=milestone.pk)
        self._end(step, milestone)
        step.milestone = milestone

    def _end(self, step: Step, milestone: Milestone) -> None:
        """Settle what happened or was called off."""
        wanted = OUTCOMES[StepState(step.state)]
        ends_on = (step.held or step.day) if wanted == Outcome.MET else self.today
        other_day = wanted == Outcome.MET and step.held not in (None, milestone.settled_on)
        if wanted != Outcome.UPCOMING and (milestone.outcome != wanted or other_day):
            assert step.day is not None, "only what has a day ends"
            called_off = (
                f"{self.teller} no longer lists it" if step.gone_at else f"Called off by {self.teller}"
            )
            settle(
                milestone=milestone,
                outcome=wanted,
                on=ends_on or self.today,
                because="" if wanted == Outcome.MET else called_off,
                source=self.bill.source,
                by=self.by,
                at=self.at,
            )
            if wanted == Outcome.DROPPED:
                self.report.changed.append(f"{_said(step)} is called off.")
            elif step.held:
                self.report.changed.append(f"{step}: met on {long_day(step.held)}.")
        step.ended = wanted

    def _disagree(self, step: Step, newest: TargetDate) -> None:
        assert step.day is not None, "only what has a day is disagreed on"
        conflict = self.conflicts.get(step.pk) or DateConflict(step=step)
        told = (step.day, step.state, newest.date)
        if conflict.pk and (conflict.theirs, conflict.state, conflict.ours) == told:
            return
        conflict.theirs, conflict.state, conflict.ours = told
        conflict.noticed_at = self.at
        conflict.save()
        self.conflicts[step.pk] = conflict
        self.report.changed.append(
            f"{self.teller} says otherwise than we do of {step}: {_said(step)}. Somebody must settle it."
        )

    def _agree(self, step: Step) -> None:
        """There is nothing to settle any more, if there was."""
        if conflict := self.conflicts.pop(step.pk, None):
            close(conflict, took=DateConflict.Took.AGREED, by=None, at=self.at)


def close(conflict: DateConflict, *, took: str, by: User | None, at: datetime) -> None:
    conflict.took, conflict.settled_by, conflict.settled_at = took, by, at
    conflict.save()


def _is_met_by_hand(step: Step, milestone: Milestone, newest: TargetDate) -> bool:
    """Whether a person said why it was met, or on which other day. A provider gives no reason."""
    if not milestone.outcome == step.ended == Outcome.MET:
        return False
    other_day = step.held is None and str(milestone.settled_on) != newest.date
    return other_day or bool(milestone.settled_because)


def _said(step: Step) -> str:
    """ "Committee stage, Lords, on 12 May 2026"."""
    return f"{step}, on {long_day(step.day)}" if step.day else str(step)
