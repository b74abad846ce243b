"""Hanging a milestone's date on another's, and taking it off."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import delete_as, save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates.relative import Span
from apps.legislation.actions import bring_back, current_target
from apps.legislation.hooks import calendar_for, chain_of, counted_from, stands_at, told
from apps.legislation.models import Hook, Milestone, Outcome, Step
from apps.timeline.actions import Conflict, lock
from apps.timeline.models import State


@transaction.atomic
def hang(
    *,
    milestone: Milestone,
    base: Milestone,
    span: Span,
    by: User,
    at: datetime,
    correction: bool = False,
    seen: int | None = None,
) -> Hook:
    """Let its target lie that span from the base's, from now on; hung elsewhere before, it is there no
    longer. The target moves there, as a row of the ledger. `correction`: what stood there was never promised.

    `seen` is the id of the target the person had before them; raises Conflict where a newer one stands.
    Raises ValidationError where it cannot hang there: in a loop, in another campaign, settled, kept up by a
    provider, or beyond the calendar.
    """
    campaign = Campaign.objects.select_for_update().get(pk=milestone.entry.campaign_id)  # one loop at a time
    lock(base.entry)
    entry = lock(milestone.entry)
    if seen is not None and current_target(milestone).pk != seen:
        raise Conflict(entry)
    milestone = Milestone.everything.select_related("entry").get(pk=milestone.pk)
    base = Milestone.everything.select_related("entry").get(pk=base.pk)
    _refuse(milestone, base, campaign)
    hook = Hook.objects.filter(milestone=milestone).first() or Hook(milestone=milestone)
    hook.milestone, hook.base = milestone, base
    hook.amount, hook.unit, hook.before = span.amount, span.unit, span.before
    hook.full_clean(validate_unique=False)
    when = stands_at(base, current_target(base))
    if counted_from(hook, when, calendar_for([hook])) is None:
        raise ValidationError(f"{hook.words} “{base}” lies beyond what can be counted.")
    save_as(by, hook)
    reason = f"Hangs on {told(hook)}"
    bring_back(hook=hook, by=by, at=at, reason=reason, correction=correction)
    return hook


@transaction.atomic
def take_off(*, milestone: Milestone, by: User) -> None:
    """Its date stays as it is, and is moved by hand from now on."""
    lock(milestone.entry)
    if hook := Hook.objects.filter(milestone=milestone).first():
        delete_as(by, hook)


def _refuse(milestone: Milestone, base: Milestone, campaign: Campaign) -> None:
    if base.entry.campaign_id != campaign.pk:
        raise ValidationError("Both milestones must belong to the same campaign.")
    if base.pk == milestone.pk:
        raise ValidationError("A milestone cannot hang on itself.")
    if not milestone.is_open():
        raise ValidationError("This milestone is settled. Open it again before hanging it on another.")
    if base.entry.state == State.WITHDRAWN:
        raise ValidationError(f"“{base}” is withdrawn: nothing follows from it.")
    if base.outcome not in (Outcome.UPCOMING, Outcome.MET):
        raise ValidationError(f"“{base}” is {base.get_outcome_display().lower()}: nothing follows from it.")
    if Step.objects.filter(milestone=milestone).exists():
        raise ValidationError("Its date is kept up from the bill’s page, so it cannot hang on another here.")
    chain = chain_of(base)
    if milestone in chain:
        loop = [milestone, base, *chain[: chain.index(milestone) + 1]]
        raise ValidationError(f"That would be a loop: {' → '.join(each.entry.headline for each in loop)}.")
