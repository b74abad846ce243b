"""Ladders as the pages show them: which one warns of a milestone, whom it warns, and what somebody wished."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.legislation.models import Milestone
from apps.reminders.forms import SPECIAL, ladder_as_typed
from apps.reminders.models import Ladder, Rule, Wish
from apps.timeline.models import Entry

NAMED = 6
"""People named in a sentence; the rest are counted."""


def rungs_of(campaign: Campaign, milestone: Milestone | None = None) -> QuerySet[Rule]:
    """The rungs of a campaign's ladder, or of a milestone's own; people's own are not among them."""
    return Rule.objects.filter(
        campaign=campaign, milestone=milestone, person=None, kind=Rule.Kind.RUNG, active=True
    )


def typed_of_campaign(campaign: Campaign) -> dict[str, object]:
    """The campaign's ladder as its form shows it."""
    ladder = Ladder.objects.filter(campaign=campaign, milestone=None).first()
    return ladder_as_typed(ladder or Ladder(campaign=campaign), rungs_of(campaign))


def typed_of_milestone(milestone: Milestone, campaign: Campaign) -> dict[str, object]:
    """The milestone's own ladder, or its campaign's, from which its own would start."""
    ladder = Ladder.objects.filter(milestone=milestone).first()
    return ladder_as_typed(ladder, rungs_of(campaign, milestone)) if ladder else typed_of_campaign(campaign)


@dataclass(frozen=True)
class Warns:
    """How a milestone warns: by which rungs, whom, and what the reader wished."""

    own_ladder: bool
    rungs: list[Rule]
    people: list[User]
    more: int
    stands_in: bool
    muted: bool


def warns_of(entry: Entry, access: Access) -> Warns:
    """Who gets reminders of a milestone: who asks for all of the campaign's and who watches it; where that is
    nobody, its owners stand in."""
    milestone = entry.milestone
    own = Ladder.objects.filter(milestone=milestone).exists()
    rungs = rungs_of(access.campaign) if not own else Rule.objects.none()
    extra = rungs_of(access.campaign, milestone)
    team = Membership.objects.filter(campaign=access.campaign, user__is_active=True)
    asked = _people(team.filter(Q(reminded=True) | Q(user=milestone.owner_id)))
    people = asked or _people(team.filter(role=Role.OWNER))
    return Warns(
        own_ladder=own,
        rungs=sorted([*rungs, *extra], key=lambda rung: -rung.days_before),
        people=people[:NAMED],
        more=len(people) - NAMED if len(people) > NAMED else 0,
        stands_in=not asked,
        muted=Wish.objects.filter(person=access.member, milestone=milestone, muted=True).exists(),
    )


def _people(members: QuerySet[Membership]) -> list[User]:
    return [member.user for member in members.select_related("user").order_by("pk")]


def wishes_of(access: Access) -> dict[str, Wish]:
    """What the reader wished of the campaign ("") and of its rules, by the names the form gives them."""
    here = Wish.objects.filter(person=access.member, campaign=access.campaign, milestone=None)
    return {_name(wish.rule): wish for wish in here.select_related("rule")}


def _name(rule: Rule | None) -> str:
    if rule is None:
        return ""
    return f"kind_{rule.kind}" if rule.kind in SPECIAL else f"rung_{rule.pk}"


def rule_named(name: str, access: Access) -> Rule | None:
    """The rule a form's name stands for. One that is no rung is made where nothing has asked for it yet."""
    what, _, which = name.partition("_")
    if not what:
        return None
    if what == "kind":
        rule, _ = Rule.objects.get_or_create(campaign=access.campaign, kind=which)
        return rule
    return rungs_of(access.campaign).get(pk=which)
