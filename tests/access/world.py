"""One of everything: what the pages of a campaign are about, twice, in two campaigns."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client

from apps.accounts.models import User
from apps.campaigns.actions import invite
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.evidence.actions import set_state
from apps.legislation.actions import settle
from apps.legislation.models import Outcome
from apps.notices.actions import prepare
from apps.reminders.actions import set_default_ladder
from apps.reminders.models import Tick
from apps.reminders.planning import plan
from apps.timeline.models import State
from tests import make
from tests.make import AT
from tests.pages import client_of

ROLES = ("nobody", "outsider", "administrator", "viewer", "volunteer", "press", "advocacy", "owner")
"""Everybody who might ask. The administrator has no place on any campaign."""


@dataclass
class One:
    """One of everything in one campaign, by id; entries are all the owner's."""

    campaign: Campaign
    ids: dict[str, Any]


@dataclass
class World:
    mine: One
    theirs: One
    public: bool
    cast: dict[str, User | None]
    clients: dict[str, Client]


def build(*, public: bool = False, mark: str = "") -> World:
    """`mark` keeps the names of one world apart from those of another."""
    mine = make.campaign(owner=make.user(f"{mark}olive"), name=f"{mark}Online harms", public=public)
    theirs = make.campaign(owner=make.user(f"{mark}oscar"), name=f"{mark}Clean rivers")
    cast: dict[str, User | None] = {"nobody": None, **make.cast(mine)}
    cast["administrator"] = make.user(f"{mark}ada", is_staff=True, is_superuser=True)
    Group.objects.get_or_create(name="Helpers")
    Tick.objects.get_or_create(defaults={"looked_at": AT})
    EmailAddress.objects.create(user=cast["administrator"], email=f"{mark}ada@example.org", primary=True)
    clients = {role: client_of(cast[role]) for role in ROLES}
    return World(one_of_everything(mine), one_of_everything(theirs), public, cast, clients)


def one_of_everything(campaign: Campaign) -> One:
    owner = make.owner_of(campaign)
    set_default_ladder(campaign=campaign, by=owner, at=AT)
    source = make.source(campaign)
    make.snapshot(source, "The law must catch up.")
    person, organisation = make.person(campaign), make.organisation(campaign)
    post = make.post(person, organisation=organisation)
    public = {"source": source, "person": person, "organisation": organisation, "visibility": "public"}
    update = make.update(campaign, tags=("Bill",), **public)
    quote = make.quote(campaign, **public).entry
    withdrawn = make.update(campaign, headline="Withdrawn", **public)
    set_state(entry=withdrawn, state=State.WITHDRAWN, by=owner)
    milestone, settled = make.milestone(campaign, **public), make.milestone(campaign, **public)
    settle(milestone=settled, outcome=Outcome.MET, on=AT.date(), by=owner, at=AT)
    plan(milestone, at=AT)
    member = make.member(campaign, Role.VIEWER)
    invitation, token = invite(
        campaign=campaign, email=f"{campaign.slug}@example.org", role=Role.VIEWER, by=owner, at=AT
    )
    delivery = prepare(
        campaign=campaign,
        recipient=member,
        channel="email",
        subject="In 7 days: Royal Assent",
        body="Soon.",
        key=campaign.slug,
        at=AT - timedelta(days=1),
    )
    return One(
        campaign,
        {
            "update": update.pk,
            "draft": make.update(campaign, headline="Draft", approved=False, **public).pk,
            "withdrawn": withdrawn.pk,
            "statistic": make.statistic(campaign, **public).entry.pk,
            "quote": quote.pk,
            "cleared": make.quote(campaign, cleared=True, **public).entry.pk,
            "milestone": milestone.pk,
            "settled": settled.pk,
            "link": make.link(update, milestone.entry).pk,
            "person": person.pk,
            "organisation": organisation.pk,
            "post": post.pk,
            "source": source.pk,
            "member": make.membership(campaign, member).pk,
            "invitation": invitation.pk,
            "token": token,
            "delivery": delivery.pk,
        },
    )
