"""Every constraint is held by the database itself: each is broken once, past every action and form."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from apps.campaigns.actions import invite
from apps.campaigns.models import Campaign, Invitation, Membership
from apps.campaigns.roles import Role
from apps.evidence.models import Quote, Statistic
from apps.legislation.models import Milestone, TargetDate
from apps.notices.actions import prepare
from apps.notices.models import Delivery
from apps.people.models import Post
from apps.reminders.models import Reminder, Rule
from apps.sources.models import Snapshot
from apps.timeline.models import Entry, Link, Relation, Tag
from tests import make
from tests.make import AT, DAY, SECOND
from tests.reminders import remind

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def everything(campaign: Campaign) -> Campaign:
    """One sound row of every table, two where rows must differ."""
    owner = make.owner_of(campaign)
    make.member(campaign, Role.VIEWER)
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
    make.link(updates[0], updates[1], Relation.SUPPORTS)
    make.link(updates[0], updates[1], Relation.UPDATES)
    remind.ladder(campaign, 7, 1)
    remind.milestone(campaign)
    prepare(campaign=campaign, recipient=owner, channel="email", subject="s", body="b", key="k", at=AT)
    return campaign


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

BREACHES: dict[str, list[Breach]] = {
    "campaign_has_a_name": [Breach(Campaign, {"name": ""})],
    "one_membership_per_person": [Breach(Membership, copied=("campaign_id", "user_id"))],
    "membership_role_is_known": [Breach(Membership, {"role": "king"})],
    "one_open_invitation_per_address": [Breach(Invitation, copied=("email",), changed=shout)],
    "invitation_role_is_known": [Breach(Invitation, {"role": "king"})],
    "invitation_acceptance_is_paired": [Breach(Invitation, {"accepted_at": AT})],
    "post_ends_after_it_starts": [Breach(Post, {"from_day": LATER, "to_day": SOON})],
    "snapshot_text_once_per_source": [Breach(Snapshot, copied=("source_id", "sha256"))],
    "snapshot_is_not_empty": [Breach(Snapshot, {"text": ""})],
    "delivery_sent_when_it_has_a_moment": [
        Breach(Delivery, {"state": "sent", "sent_at": None}),
        Breach(Delivery, {"state": "failed", "sent_at": AT}),
    ],
    "tag_once_per_campaign": [Breach(Tag, copied=("name",), changed=shout)],
    "tag_has_a_name": [Breach(Tag, {"name": ""})],
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
    "statistic_change_has_a_baseline": [Breach(Statistic, {"baseline": None})],
    "statistic_period_ends_after_it_starts": [
        Breach(Statistic, {"period_earliest": LATER, "period_latest": SOON})
    ],
    "quote_has_words": [Breach(Quote, {"words": ""})],
    "quote_clearance_is_paired": [
        Breach(Quote, {"cleared_at": None}),
        Breach(Quote, {"cleared_by": None}),
    ],
    "quote_offsets_are_in_a_snapshot": [
        Breach(Quote, {"snapshot": None}),
        Breach(Quote, {"start": None}),
        Breach(Quote, {"end": None}),
        Breach(Quote, {"start": 5, "end": 5}),
    ],
    "milestone_outcome_known": [Breach(Milestone, {"outcome": "hoped", "settled_on": SOON})],
    "milestone_settled_on_a_day": [
        Breach(Milestone, {"outcome": "met"}),
        Breach(Milestone, {"settled_on": SOON}),
    ],
    "target_ends_after_it_starts": [Breach(TargetDate, {"earliest": LATER, "latest": SOON})],
    "rung_once_per_ladder": [Breach(Rule, copied=("days_before",))],
    "rule_offset_in_reason": [
        Breach(Rule, {"days_before": -366}, {"days_before": 7}),
        Breach(Rule, {"days_before": 731}, {"days_before": 7}),
    ],
    "rule_repeat_in_reason": [Breach(Rule, {"repeat_days": 0}), Breach(Rule, {"repeat_days": 366})],
    "reminder_once": [Breach(Reminder, copied=("rule_id",))],
    "reminder_claim_is_paired": [Breach(Reminder, {"lease_until": AT})],
}


def commit(breach: Breach) -> None:
    rows = models.QuerySet(breach.model)  # a plain queryset: some models' own refuse to update
    values = breach.values
    if breach.copied:
        first, second = list(rows.order_by("pk").values("pk", *breach.copied))[-2:]
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
