"""All that belongs to a campaign in the tables of history, which outlive what they are the history of.

Worked out from the models, so that a new room's tables are taken in without a word here.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from apps.campaigns.models import Campaign
from apps.intake.models import Proposal
from apps.sources.models import Snapshot

Model = type[models.Model]


@cache
def _owner_field(model: Model) -> Any:
    """The field that leads from a model towards its campaign; None where nothing does."""
    fields = [field for field in model._meta.concrete_fields if _cascades(field)]
    for field in sorted(fields, key=lambda field: field.related_model is not Campaign):
        if field.related_model is Campaign or (
            field.related_model is not model and _owner_field(field.related_model)
        ):
            return field
    return None


def _cascades(field: Any) -> bool:
    return field.is_relation and field.remote_field.on_delete is models.CASCADE


def _kept_models() -> list[Any]:
    """The models of ours that keep history and belong to a campaign."""
    ours = [model for model in apps.get_models() if hasattr(model, "history")]
    return [model for model in ours if model is not Campaign and _owner_field(model)]


def _ids(model: Any, campaign_pk: int) -> set[int]:
    """The keys of all rows of the model that ever belonged to the campaign, by its history."""
    if model is Campaign:
        return {campaign_pk}
    field = _owner_field(model)
    owners = _ids(field.related_model, campaign_pk)
    rows = model.history.filter(**{f"{field.attname}__in": owners})
    return set(rows.values_list(model._meta.pk.attname, flat=True))


def forget(campaign_pk: int) -> None:
    """Delete the history of a campaign that has been deleted, and of everything that was in it."""
    ids = {model: _ids(model, campaign_pk) for model in _kept_models()}
    for model, keys in {**ids, Campaign: {campaign_pk}}.items():
        forget_rows(model, keys)


def forget_rows(model: Any, keys: Iterable[int]) -> None:
    model.history.filter(**{f"{model._meta.pk.attname}__in": list(keys)}).delete()


def changed_since(campaign: Campaign, moment: datetime, *, apart_from_entry: int | None = None) -> bool:
    """Whether anybody changed the campaign or anything in it after the moment, one entry left aside."""
    if campaign.history.filter(history_date__gt=moment).exists():
        return True
    if Snapshot.objects.filter(source__campaign=campaign, taken_at__gt=moment).exists():
        return True
    handed_in = Q(proposed_at__gt=moment) | Q(decisions__decided_at__gt=moment)
    if Proposal.objects.filter(handed_in, campaign=campaign, line=None).exists():
        return True
    aside = {apart_from_entry} if apart_from_entry else set()
    return any(_touched(model, campaign.pk, moment, aside) for model in _kept_models())


def _touched(model: Any, campaign_pk: int, moment: datetime, aside: set[int]) -> bool:
    keys = _ids(model, campaign_pk)
    key = model._meta.pk.attname
    rows = model.history.filter(**{f"{key}__in": keys, "history_date__gt": moment})
    return any(not aside & _entries(row) for row in rows)


def _entries(row: Any) -> set[int]:
    """The entries a row of history speaks of: itself, or those it points to."""
    names = ("entry_id", "quote_id", "milestone_id", "from_entry_id", "to_entry_id")
    own = {row.id} if row.instance_type._meta.model_name == "entry" else set()
    return own | {value for name in names if (value := getattr(row, name, None))}
