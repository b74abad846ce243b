"""How each kind of entry is asked for and written: its form, and the actions that save it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.evidence import actions as evidence
from apps.evidence.forms import QuoteForm, StatisticForm
from apps.legislation import actions as legislation
from apps.legislation.forms import MilestoneForm
from apps.reminders.planning import plan
from apps.timeline import actions as timeline
from apps.timeline.forms import EntryForm
from apps.timeline.models import Entry, Kind

Adder = Callable[[EntryForm, Campaign, User, datetime, bool], Entry]
Editor = Callable[[EntryForm, Entry, User, datetime], None]


@dataclass(frozen=True)
class How:
    form: type[EntryForm]
    add: Adder
    edit: Editor
    invitation: str


def _add_update(form: EntryForm, campaign: Campaign, by: User, at: datetime, approved: bool) -> Entry:
    return timeline.add_entry(campaign=campaign, facts=form.facts(by=by), by=by, at=at, approved=approved)


def _edit_update(form: EntryForm, entry: Entry, by: User, at: datetime) -> None:
    version = form.cleaned_data["version"]
    timeline.edit_entry(entry=entry, facts=form.facts(by=by), version=version, by=by)


def _add_statistic(form: EntryForm, campaign: Campaign, by: User, at: datetime, approved: bool) -> Entry:
    figure = cast(StatisticForm, form).figure_made()
    facts = form.facts(by=by)
    return evidence.add_statistic(
        campaign=campaign, facts=facts, figure=figure, by=by, at=at, approved=approved
    ).entry


def _edit_statistic(form: EntryForm, entry: Entry, by: User, at: datetime) -> None:
    figure = cast(StatisticForm, form).figure_made()
    evidence.edit_statistic(
        statistic=entry.statistic,
        facts=form.facts(by=by),
        figure=figure,
        version=form.cleaned_data["version"],
        by=by,
    )


def _add_quote(form: EntryForm, campaign: Campaign, by: User, at: datetime, approved: bool) -> Entry:
    filled = form.cleaned_data
    cleared = bool(filled.get("cleared"))
    facts = form.facts(by=by)
    return evidence.add_quote(
        campaign=campaign,
        facts=facts,
        words=filled["words"],
        voice=filled["voice"],
        by=by,
        at=at,
        cleared=cleared,
        submitted=bool(filled.get("submitted")),
        approved=approved,
    ).entry


def _edit_quote(form: EntryForm, entry: Entry, by: User, at: datetime) -> None:
    filled = form.cleaned_data
    evidence.edit_quote(
        quote=entry.quote,
        facts=form.facts(by=by),
        words=filled["words"],
        voice=filled["voice"],
        version=filled["version"],
        by=by,
        at=at,
    )


def _add_milestone(form: EntryForm, campaign: Campaign, by: User, at: datetime, approved: bool) -> Entry:
    owner = form.cleaned_data["owner"]
    milestone = legislation.add_milestone(
        campaign=campaign, facts=form.facts(by=by), owner=owner, by=by, at=at, approved=approved
    )
    plan(milestone, at=at)
    return milestone.entry


def _edit_milestone(form: EntryForm, entry: Entry, by: User, at: datetime) -> None:
    filled: dict[str, Any] = form.cleaned_data
    milestone = entry.milestone
    legislation.edit_milestone(
        milestone=milestone,
        facts=form.facts(by=by),
        owner=filled["owner"],
        version=filled["version"],
        by=by,
        at=at,
    )
    plan(milestone, at=at)


KINDS: dict[str, How] = {
    Kind.MILESTONE: How(
        MilestoneForm, _add_milestone, _edit_milestone, "Something that must happen by a date"
    ),
    Kind.STATISTIC: How(StatisticForm, _add_statistic, _edit_statistic, "A figure, with what it counts"),
    Kind.QUOTE: How(QuoteForm, _add_quote, _edit_quote, "What somebody said, word for word"),
    Kind.UPDATE: How(EntryForm, _add_update, _edit_update, "What we did, or what happened"),
}
