"""Every constraint is held by the database itself: each is broken once, past every action and form."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from apps.accounts.models import User
from apps.campaigns.actions import invite, open_feed
from apps.campaigns.models import Campaign, Feed, Invitation, Membership
from apps.campaigns.roles import Role
from apps.evidence.clearance import withdraw_clearance
from apps.evidence.models import Consent, Quote, Series, Statistic, Verdict
from apps.health.actions import mute
from apps.health.models import BrokenPromise, Mute
from apps.health.promises import draft_broken_promises
from apps.intake.actions import accept, add_photo, ask_for_two, claim, gather_lines, read, reject
from apps.intake.drafts import keep as keep_draft
from apps.intake.models import (
    Article,
    Decision,
    Draft,
    Hit,
    Import,
    Monitor,
    MonitorFeed,
    Pair,
    Photo,
    Proposal,
    Reading,
    Row,
    Sending,
)
from apps.intake.sending import first_answer
from apps.legislation.actions import record_break
from apps.legislation.bills import follow_bill
from apps.legislation.holidays import record_holiday
from apps.legislation.models import (
    BankHoliday,
    Bill,
    BillSponsor,
    Break,
    Chamber,
    DateConflict,
    Hook,
    Milestone,
    SessionEnd,
    SittingBreak,
    Step,
    TargetDate,
)
from apps.notices.actions import Words, add_channel, channels_of, prepare
from apps.notices.models import Attempt, Channel, Delivery, Kind
from apps.people.models import Post
from apps.press.actions import add_note, freeze, record_export
from apps.press.content import Content
from apps.press.models import Export, Form, Item, PressPack, Version
from apps.reminders.actions import acknowledge, set_ladder, set_own_rungs
from apps.reminders.models import Acknowledgement, Ladder, Reminder, Rule, Wish
from apps.sources.models import LivePage, Original, Snapshot
from apps.timeline.actions import record_use
from apps.timeline.models import Density, Entry, Link, Relation, Tag, Use, Way
from apps.timeline.models import Words as IndexedWords
from tests import imports, make
from tests.make import AT, DAY, SECOND
from tests.reminders import remind

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def everything(campaign: Campaign) -> Campaign:
    """One sound row of every table, two where rows must differ."""
    owner = make.owner_of(campaign)
    viewer = make.member(campaign, Role.VIEWER)
    for whole in (None, campaign):
        for user in (owner, viewer):
            open_feed(user=user, campaign=whole, at=AT)
    for number in (1, 2):
        invite(campaign=campaign, email=f"{number}@example.org", role=Role.VIEWER, by=owner, at=AT)
        source = make.source(campaign, url=f"https://example.org/{number}")
        make.organisation(campaign, f"Organisation {number}")
        make.snapshot(source, f"The law must catch up. {number}")
    make.snapshot(source, "Another text")
    make.post(make.person(campaign), held_from="2019", held_to="2020")
    updates = [make.update(campaign, tags=(f"tag {number}",)) for number in (1, 2)]
    make.statistic(campaign)
    make.quote(campaign, cleared=True, source=source)
    make.quote(campaign)
    withdraw_clearance(quote=make.quote(campaign, cleared=True), by=owner, at=AT)
    for _ in range(2):
        make.consent(make.case_study(campaign))
    LivePage.objects.create(source=source, host="example.org", try_at=AT)
    late = make.milestone(campaign, target="2026-01-31", at=AT - 90 * DAY)
    for _ in range(2):
        make.link(make.quote(campaign, cleared=True, date="2026-01-02").entry, late.entry, Relation.PROMISES)
    draft_broken_promises(at=AT)
    for subject in ("entry 1", "entry 2"):
        words = {"said": "Not verified", "reason": "A letter"}
        mute(campaign=campaign, finding="words", subject=subject, facts="", by=owner, at=AT, **words)
    make.link(updates[0], updates[1], Relation.SUPPORTS)
    make.link(updates[0], updates[1], Relation.UPDATES)
    record_use(entries=updates, way=Way.COPIED, form="Markdown", by=owner, at=AT)
    for first in (SOON, LATER):
        record_break(
            chamber=Chamber.COMMONS,
            sort=Break.RECESS,
            name="Christmas recess",
            first=first,
            last=LATER,
            source="https://www.parliament.uk/",
            by=owner,
        )
        record_holiday(nation="UK", day=first, name="A holiday", source="https://www.gov.uk/", by=owner)
        make.hang(make.milestone(campaign), late)
    _queue(updates, owner, viewer)
    imports.imported(campaign)
    monitor = make.monitor(campaign, "https://example.org/1", "https://example.org/2")
    for _ in range(2):
        make.hit(monitor)
    remind.ladder(campaign, 7, 1)
    milestone = remind.milestone(campaign)
    set_ladder(campaign=campaign, milestone=milestone, rungs=[(7, None), (1, None)], by=owner, at=AT)
    set_own_rungs(campaign=campaign, person=owner, days=[60, 45], clock=time(9), at=AT)
    rule = Rule.objects.filter(campaign=campaign, milestone=None, person=None, kind="rung")[0]
    for person in (owner, viewer):
        for of in ({}, {"milestone": milestone}, {"rule": rule}):
            Wish.objects.create(person=person, campaign=campaign, muted=True, **of)
    acknowledge(milestone=milestone, person=owner, at=AT)
    _packs(updates, owner)
    _bills(milestone)
    (_, email) = channels_of([owner])[owner.pk]
    prepare(channel=email, campaign=campaign, words=Words("s", "b"), message_id="<k@localhost>", at=AT)
    add_channel(user=owner, kind=Kind.WEBHOOK, name="", address="https://example.org/hook")
    return campaign


def _queue(updates: list[Entry], owner: User, viewer: User) -> None:
    """A proposal of each sort; one accepted, one rejected, one claimed, one read by two people."""
    campaign = updates[0].campaign
    make.article(campaign, kind="html", original=b"<p>Offences double</p>")
    make.suggested(updates[0])
    gather_lines(at=AT)
    made = [make.proposal(campaign) for _ in range(3)]
    accept(proposal=made[0], write=lambda: updates[0], made={}, version=1, by=owner, at=AT)
    reject(proposal=made[1], because="Already here", version=1, by=owner, at=AT)
    claim(proposal=made[2], by=owner, at=AT)
    figure = make.proposal(campaign, "statistic")
    ask_for_two(proposal=figure, two=True, by=owner, at=AT)
    for person in (owner, viewer):
        read(proposal=figure, typed="389", by=person, at=AT)
    for name in ("log", "text"):
        keep_draft(name=name, typed='{"0 note": "x"}', by=owner, at=AT)
    add_photo(stored="a" * 43, proposal=figure, by=owner, at=AT)
    for key in ("one", "two"):
        first_answer(key=key, by=owner, at=AT)


def _bills(milestone: Milestone) -> None:
    campaign = milestone.entry.campaign
    owner = make.owner_of(campaign)
    for number in ("1", "2"):
        bill = follow_bill(campaign=campaign, provider="uk-bills", external_id=number, by=owner, at=AT)
    for number in ("1", "2"):
        step = Step.objects.create(
            bill=bill, external_id=number, stage="2nd reading", day=SOON, state="scheduled"
        )
        told = {"theirs": SOON, "state": "scheduled", "ours": "2026", "noticed_at": AT}
        DateConflict.objects.create(step=step, **told)
        DateConflict.objects.create(step=step, took="ours", settled_at=AT, **told)
        day = f"2026-0{number}-01"
        SessionEnd.objects.create(bill=bill, ended_on=day, took="carried", decided_at=AT)
        BillSponsor.objects.create(bill=bill, external_id=number, person=make.person(campaign))


def _packs(updates: list[Entry], owner: User) -> None:
    pack = make.pack(updates[0].campaign, *updates)
    add_note(pack=pack, text="A note.", place=1, revision=pack.revision, by=owner, at=AT)
    for title in ("One", "Two"):
        content = Content(campaign="", title=title, introduction="", known="", parts=())
        version = freeze(pack=pack, content=content, by=owner, at=AT)
    record_export(version=version, form=Form.WORD, entries=[], address="", by=owner, at=AT)


@dataclass(frozen=True)
class Breach:
    """Values no row may have; or, with `second`, values of the first row that the second may not share."""

    model: type[models.Model]
    values: dict[str, Any] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    copied: tuple[str, ...] = ()
    changed: Callable[[Any], Any] = lambda value: value


def shout(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


DAY_ONE = date(2026, 1, 1)
SOON, LATER = DAY_ONE, DAY_ONE + timedelta(days=1)
UPDATE = {"kind": "update"}
RUNG = {"kind": "rung"}
CLEARED = {"sign_off": "cleared"}

BREACHES: dict[str, list[Breach]] = {
    "import_kind_is_known": [Breach(Import, {"kind": "rumour"})],
    "import_format_is_known": [Breach(Import, {"format": "pdf"})],
    "import_state_is_known": [Breach(Import, {"state": "lost"})],
    "import_choice_is_known": [Breach(Import, {"choice": "some"})],
    "import_is_written_by_choice": [Breach(Import, {"choice": ""}, {"state": "done"})],
    "import_is_held_for_a_while": [
        Breach(Import, {"token": "x"}, {"token": ""}),
        Breach(Import, {"lease_until": AT}, {"token": ""}),
    ],
    "import_says_why_it_failed": [Breach(Import, {"state": "failed"}, {"because": ""})],
    "row_once": [Breach(Row, copied=("importing_id", "number"))],
    "row_verdict_is_known": [Breach(Row, {"verdict": "perhaps"})],
    "original_kind_is_known": [Breach(Original, {"kind": "exe"})],
    "form_sent_once": [Breach(Sending, copied=("person_id", "key"))],
    "sending_is_of_a_form": [Breach(Sending, {"key": ""})],
    "article_way_is_known": [Breach(Article, {"way": "fax"})],
    "monitor_has_a_name": [Breach(Monitor, {"name": ""})],
    "monitor_state_is_known": [Breach(Monitor, {"state": "asleep"})],
    "monitor_cap_is_in_reason": [Breach(Monitor, {"most_a_day": 0}), Breach(Monitor, {"most_a_day": 51})],
    "feed_once_per_monitor": [Breach(MonitorFeed, copied=("url",))],
    "feed_has_an_address": [Breach(MonitorFeed, {"url": ""})],
    "hit_once_per_monitor": [Breach(Hit, copied=("key",))],
    "hit_state_is_known": [Breach(Hit, {"state": "lost"})],
    "hit_brought_at_a_moment": [Breach(Hit, {"state": "brought", "brought_at": None})],
    "proposal_kind_is_known": [Breach(Proposal, {"kind": "rumour"})],
    "proposal_state_is_known": [Breach(Proposal, {"state": "lost"})],
    "proposal_is_of_its_sort": [
        Breach(Proposal, {"sort": "found"}, {"sort": "entry"}),
        Breach(Proposal, {"entry": None}, {"sort": "change"}),
        Breach(Proposal, {"entry_version": None}, {"sort": "change"}),
        Breach(Proposal, {"line": None}, {"sort": "line"}),
        Breach(Proposal, {"sort": "rumour"}, {"sort": "entry"}),
    ],
    "proposal_offsets_are_in_an_article": [
        Breach(Proposal, {"end": 0}, {"start__gte": 0}),
        Breach(Proposal, {"end": None}, {"start__gte": 0}),
        Breach(Proposal, {"start": 1, "end": 2}, {"sort": "entry"}),
    ],
    "proposal_claim_is_paired": [
        Breach(Proposal, {"claimed_until": None}, {"claimed_by__isnull": False}),
        Breach(Proposal, {"claimed_until": AT}, {"claimed_by": None}),
    ],
    "proposal_confidence_is_a_share": [
        Breach(Proposal, {"confidence": 1.5}),
        Breach(Proposal, {"confidence": -0.5}),
    ],
    "proposal_second_pair_is_for_figures": [Breach(Proposal, {"second_pair": True}, {"kind": "update"})],
    "decision_is_whole": [
        Breach(Decision, {"because": ""}, {"outcome": "rejected"}),
        Breach(Decision, {"outcome": "rejected"}, {"entry__isnull": False}),
        Breach(Decision, {"outcome": "perhaps"}),
    ],
    "pair_ends_for_a_reason": [Breach(Pair, {"two": False})],
    "draft_once": [Breach(Draft, copied=("person_id", "name"))],
    "draft_is_of_a_form": [Breach(Draft, {"name": ""})],
    "photo_is_of_something": [Breach(Photo, {"proposal": None, "entry": None})],
    "one_reading_per_person": [Breach(Reading, copied=("proposal_id", "read_by_id"))],
    "campaign_has_a_name": [Breach(Campaign, {"name": ""})],
    "one_membership_per_person": [Breach(Membership, copied=("campaign_id", "user_id"))],
    "membership_role_is_known": [Breach(Membership, {"role": "king"})],
    "one_open_invitation_per_address": [Breach(Invitation, copied=("email",), changed=shout)],
    "invitation_role_is_known": [Breach(Invitation, {"role": "king"})],
    "invitation_acceptance_is_paired": [Breach(Invitation, {"accepted_at": AT})],
    "one_open_feed_per_campaign": [Breach(Feed, copied=("user_id",))],
    "one_open_feed_of_everything": [Breach(Feed, {"campaign": None}, {"campaign__isnull": False})],
    "post_ends_after_it_starts": [Breach(Post, {"from_day": LATER, "to_day": SOON})],
    "snapshot_text_once_per_source": [Breach(Snapshot, copied=("source_id", "sha256", "excerpt"))],
    "snapshot_is_not_empty": [Breach(Snapshot, {"text": ""})],
    "user_quiet_hours_are_paired": [
        Breach(User, {"quiet_from": time(22)}),
        Breach(User, {"quiet_until": time(7)}),
    ],
    "user_digest_is_known": [Breach(User, {"digest": "hourly"})],
    "channel_one_inbox_and_one_email": [
        Breach(Channel, where={"kind__in": ["inbox", "email"]}, copied=("kind", "user_id"))
    ],
    "channel_has_the_address_it_needs": [
        Breach(Channel, {"secret": "x"}, {"kind": "inbox"}),
        Breach(Channel, {"removed_at": AT}, {"kind": "email"}),
        Breach(Channel, {"secret": ""}, {"kind": "webhook"}),
        Breach(Channel, {"removed_at": AT}, {"kind": "webhook"}),
        Breach(Channel, {"kind": "pigeon"}),
    ],
    "delivery_kind_is_known": [Breach(Delivery, {"kind": "pigeon"})],
    "attempt_outcome_is_known": [Breach(Attempt, {"outcome": "lost"})],
    "delivery_sent_when_it_has_a_moment": [
        Breach(Delivery, {"state": "sent", "sent_at": None}),
        Breach(Delivery, {"state": "failed", "sent_at": AT}),
    ],
    "tag_once_per_campaign": [Breach(Tag, copied=("name",), changed=shout)],
    "tag_has_a_name": [Breach(Tag, {"name": ""})],
    "density_once": [Breach(Density, copied=("campaign_id", "size", "block", "kind"))],
    "density_kind_is_known": [Breach(Density, {"kind": "rumour"})],
    "words_key_once": [Breach(IndexedWords, copied=("key",))],
    "use_way_is_known": [Breach(Use, {"way": "sung"})],
    "entry_kind_is_known": [Breach(Entry, {"kind": "rumour"}, UPDATE)],
    "entry_state_is_known": [Breach(Entry, {"state": "gone"}, UPDATE)],
    "entry_visibility_known": [Breach(Entry, {"visibility": "some"}, UPDATE)],
    "entry_has_a_headline": [Breach(Entry, {"headline": ""}, UPDATE)],
    "entry_ends_after_it_starts": [
        Breach(Entry, {"earliest": LATER, "placed": LATER, "latest": SOON}, UPDATE)
    ],
    "entry_placed_on_a_known_day": [
        Breach(Entry, {"earliest": SOON, "latest": LATER, "placed": LATER}, UPDATE),
        Breach(Entry, {"earliest": None, "latest": LATER, "placed": SOON}, UPDATE),
        Breach(Entry, {"earliest": None, "latest": None}, UPDATE),
    ],
    "entry_only_milestones_fall_due": [
        Breach(Entry, {"due": SOON}, UPDATE),
        Breach(Entry, {"slip_days": 3}, UPDATE),
    ],
    "entry_quote_has_a_speaker": [Breach(Entry, {"person": None, "organisation": None}, {"kind": "quote"})],
    "entry_not_shown_under_embargo": [
        Breach(Entry, {"embargo_until": AT + DAY, "shown_from": AT + DAY - SECOND}, UPDATE)
    ],
    "link_once": [Breach(Link, copied=("relation",))],
    "link_joins_two_entries": [Breach(Link, {"to_entry": models.F("from_entry")})],
    "link_relation_is_known": [Breach(Link, {"relation": "likes"}, {"relation": "supports"})],
    "statistic_hedge_is_known": [Breach(Statistic, {"hedge": "maybe"})],
    "statistic_change_hedge_is_known": [Breach(Statistic, {"change_hedge": "maybe"})],
    "statistic_change_sort_is_known": [Breach(Statistic, {"change_sort": "somehow"})],
    "statistic_change_basis_is_known": [Breach(Statistic, {"change_basis": "felt"})],
    "statistic_steps_are_positive": [
        Breach(Statistic, {"figure_step": 0}),
        Breach(Statistic, {"baseline_step": 0}),
        Breach(Statistic, {"change_step": 0}),
    ],
    "statistic_prices_stay_above_nothing": [Breach(Statistic, {"price_rise": -100})],
    "statistic_release_ends_after_it_starts": [
        Breach(Statistic, {"next_release_earliest": LATER, "next_release_latest": SOON})
    ],
    "statistic_supersedes_another": [Breach(Statistic, {"superseded_by": models.F("entry")})],
    "series_has_a_name": [Breach(Series, {"name": ""})],
    "statistic_period_ends_after_it_starts": [
        Breach(Statistic, {"period_earliest": LATER, "period_latest": SOON})
    ],
    "quote_has_words": [Breach(Quote, {"words": ""})],
    "quote_clearance_is_paired": [
        Breach(Quote, {"cleared_at": None}, CLEARED),
        Breach(Quote, {"cleared_by": None}, CLEARED),
        Breach(Quote, {"cleared_for": ""}, CLEARED),
        Breach(Quote, {"sign_off": "draft"}, CLEARED),
        Breach(Quote, {"cleared_until": AT}, {"sign_off": "withdrawn"}),
    ],
    "quote_voice_is_known": [Breach(Quote, {"voice": "rumour"})],
    "quote_sign_off_is_known": [Breach(Quote, {"sign_off": "perhaps"}, {"sign_off": "draft"})],
    "quote_clearance_ends_after_it_starts": [Breach(Quote, {"cleared_until": AT}, CLEARED)],
    "quote_submission_has_a_moment": [Breach(Quote, {"sign_off": "submitted"}, {"sign_off": "draft"})],
    "quote_withdrawal_has_a_moment": [
        Breach(Quote, {"withdrawn_at": None}, {"sign_off": "withdrawn"}),
        Breach(Quote, {"withdrawn_at": AT}, {"sign_off": "draft"}),
        Breach(Quote, {"withdrawn_because": "x"}, {"sign_off": "draft"}),
    ],
    "verdict_badge_is_known": [Breach(Verdict, {"badge": "plausible"})],
    "one_open_consent_per_quote": [Breach(Consent, copied=("quote_id",))],
    "consent_is_somebodys": [Breach(Consent, {"person": ""})],
    "consent_of_a_child_is_its_guardians": [
        Breach(Consent, {"under_18": True}),
        Breach(Consent, {"guardian": "Ann Smith"}),
    ],
    "consent_has_a_scope": [Breach(Consent, {"scope": ""})],
    "consent_has_evidence": [Breach(Consent, {"reference": ""})],
    "consent_end_has_a_moment": [Breach(Consent, {"ended_because": "x"})],
    "live_page_fails_before_it_is_dead": [Breach(LivePage, {"dead_since": AT})],
    "quote_offsets_are_in_a_snapshot": [
        Breach(Quote, {"snapshot": None}),
        Breach(Quote, {"start": None}),
        Breach(Quote, {"end": None}),
        Breach(Quote, {"start": 5, "end": 5}),
    ],
    "milestone_outcome_known": [
        Breach(Milestone, {"outcome": "hoped", "settled_on": SOON, "settled_at": AT})
    ],
    "milestone_settled_on_a_day": [
        Breach(Milestone, {"outcome": "met"}),
        Breach(Milestone, {"outcome": "met", "settled_on": SOON}),
        Breach(Milestone, {"outcome": "met", "settled_at": AT}),
        Breach(Milestone, {"settled_on": SOON}),
        Breach(Milestone, {"settled_at": AT}),
    ],
    "target_ends_after_it_starts": [Breach(TargetDate, {"earliest": LATER, "latest": SOON})],
    "broken_promise_once": [Breach(BrokenPromise, copied=("quote_id",))],
    "broken_promise_decision_is_whole": [
        Breach(BrokenPromise, {"state": "taken"}),
        Breach(BrokenPromise, {"state": "dismissed", "decided_at": AT}),
        Breach(BrokenPromise, {"decided_at": AT}),
        Breach(BrokenPromise, {"state": "burnt"}),
    ],
    "one_standing_mute_per_finding": [Breach(Mute, copied=("subject",))],
    "mute_has_a_reason": [Breach(Mute, {"reason": ""})],
    "break_once_of_parliaments": [
        Breach(SittingBreak, {"external_id": "whats-on 1"}, {"external_id": ""}),
    ],
    "break_once": [Breach(SittingBreak, copied=("chamber", "sort", "first"))],
    "break_ends_after_it_starts": [Breach(SittingBreak, {"first": LATER, "last": SOON})],
    "break_chamber_is_known": [Breach(SittingBreak, {"chamber": "senate"})],
    "break_sort_is_known": [Breach(SittingBreak, {"sort": "siesta"})],
    "break_has_a_name": [Breach(SittingBreak, {"name": ""})],
    "hook_on_another": [Breach(Hook, {"base_id": models.F("milestone_id")})],
    "hook_amount_counts": [Breach(Hook, {"amount": 0}), Breach(Hook, {"amount": 1000})],
    "hook_unit_is_known": [Breach(Hook, {"unit": "moons"})],
    "bank_holiday_once": [Breach(BankHoliday, copied=("nation", "day"))],
    "bank_holiday_has_a_name": [Breach(BankHoliday, {"name": ""})],
    "bank_holiday_nation_is_known": [Breach(BankHoliday, {"nation": "WAL"})],
    "bill_once_per_campaign": [Breach(Bill, copied=("external_id",))],
    "bill_is_some_bill": [Breach(Bill, {"title": ""}), Breach(Bill, {"external_id": ""})],
    "bill_standing_is_known": [Breach(Bill, {"standing": "prone"})],
    "bill_visibility_is_known": [Breach(Bill, {"visibility": "some"})],
    "bill_following_is_known": [Breach(Bill, {"following": "perhaps"})],
    "step_once_per_bill": [Breach(Step, copied=("external_id",))],
    "step_state_is_known": [Breach(Step, {"state": "danced"})],
    "step_end_is_known": [Breach(Step, {"ended": "hoped"})],
    "step_has_its_day": [Breach(Step, {"day": None})],
    "one_open_conflict_per_step": [Breach(DateConflict, where={"took": ""}, copied=("step_id",))],
    "conflict_settled_at_a_moment": [
        Breach(DateConflict, {"settled_at": AT}, {"took": ""}),
        Breach(DateConflict, {"settled_at": None}, {"took": "ours"}),
        Breach(DateConflict, {"took": "ours"}, {"took": ""}),
        Breach(DateConflict, {"took": "lost"}, {"took": "ours"}),
    ],
    "session_ends_once_for_a_bill": [Breach(SessionEnd, copied=("ended_on",))],
    "session_end_is_known": [Breach(SessionEnd, {"took": "slept"})],
    "conflict_state_is_known": [Breach(DateConflict, {"state": "unscheduled"})],
    "sponsor_once_per_bill": [Breach(BillSponsor, copied=("external_id",))],
    "sponsor_is_somebody": [Breach(BillSponsor, {"person": None})],
    "one_ladder_per_campaign": [Breach(Ladder, {"milestone": None}, {"milestone__isnull": False})],
    "ladder_working_days_known": [Breach(Ladder, {"working_days": "FRA"})],
    "ladder_escalates_in_reason": [
        Breach(Ladder, {"escalate_after": 0}),
        Breach(Ladder, {"escalate_after": 61}),
    ],
    "rung_once_per_ladder": [
        Breach(Rule, where={"milestone": None, "person": None, **RUNG}, copied=("days_before",))
    ],
    "rung_once_per_person": [Breach(Rule, where={"person__isnull": False}, copied=("days_before",))],
    "rule_of_a_kind_once": [Breach(Rule, where={"kind__in": ["snooze", "change"]}, copied=("kind",))],
    "rule_kind_is_known": [
        Breach(Rule, {"kind": "whim"}, RUNG),
        Breach(Rule, {"repeat_days": 7}, {"kind": "change"}),
    ],
    "rule_of_milestone_or_person": [
        Breach(Rule, {"person_id": models.F("campaign_id")}, {"milestone__isnull": False, "days_before": 1})
    ],
    "one_wish_per_campaign": [Breach(Wish, where={"milestone": None, "rule": None}, copied=("person_id",))],
    "one_wish_per_milestone": [Breach(Wish, where={"milestone__isnull": False}, copied=("person_id",))],
    "one_wish_per_rule": [Breach(Wish, where={"rule__isnull": False}, copied=("person_id",))],
    "wish_of_milestone_or_rule": [
        Breach(Wish, {"rule_id": models.F("campaign_id")}, {"milestone__isnull": False})
    ],
    "wish_shift_in_reason": [Breach(Wish, {"earlier_days": 366}), Breach(Wish, {"earlier_days": -61})],
    "snoozed_into_the_future": [Breach(Acknowledgement, {"snoozed_until": AT})],
    "rule_offset_in_reason": [
        Breach(Rule, {"days_before": -366}, {"days_before": 7}),
        Breach(Rule, {"days_before": 731}, {"days_before": 7}),
    ],
    "rule_repeat_in_reason": [
        Breach(Rule, {"repeat_days": 0}, RUNG),
        Breach(Rule, {"repeat_days": 366}, RUNG),
    ],
    "pack_has_a_title": [Breach(PressPack, {"title": ""})],
    "entry_once_per_pack": [Breach(Item, where={"entry__isnull": False}, copied=("entry_id",))],
    "item_says_something": [Breach(Item, {"text": ""}, {"entry": None})],
    "version_number_once_per_pack": [Breach(Version, copied=("number",))],
    "version_numbers_start_at_one": [Breach(Version, {"number": 0}, {"number": 1})],
    "export_form_is_known": [Breach(Export, {"form": "fax"})],
    "reminder_once": [Breach(Reminder, copied=("rule_id", "recipient_id", "channel_id"))],
    "reminder_claim_is_paired": [Breach(Reminder, {"lease_until": AT})],
}


def commit(breach: Breach) -> None:
    rows = models.QuerySet(breach.model)  # a plain queryset: some models' own refuse to update
    values = breach.values
    if breach.copied:
        pair = rows.filter(**breach.where).order_by("pk").values("pk", *breach.copied)
        first, second = list(pair)[-2:]
        rows = rows.filter(pk=second["pk"])
        values = {name: breach.changed(first[name]) for name in breach.copied}
    with transaction.atomic():
        assert rows.filter(**breach.where).update(**values) > 0


@pytest.mark.parametrize(
    ("name", "breach"),
    [
        pytest.param(name, breach, id=f"{name} {number}")
        for name, breaches in BREACHES.items()
        for number, breach in enumerate(breaches, start=1)
    ],
)
def test_the_database_refuses(everything: Campaign, name: str, breach: Breach) -> None:
    with pytest.raises(IntegrityError) as refusal:
        commit(breach)
    by_columns = connection.vendor == "sqlite" and "UNIQUE constraint failed" in str(refusal.value)
    assert name in str(refusal.value) or by_columns


def test_every_constraint_of_every_room_is_broken_here() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    assert {constraint.name for model in ours for constraint in model._meta.constraints} == set(BREACHES)
