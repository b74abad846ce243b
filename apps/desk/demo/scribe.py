"""A scribe writes one campaign through the rooms' actions, and knows what it wrote by short names."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate, parse
from apps.dates.relative import Span
from apps.evidence.actions import Figure, add_quote, add_statistic
from apps.evidence.clearance import Given, clear_quote, record_consent
from apps.evidence.models import Voice
from apps.legislation.actions import FIRST_TARGET, add_milestone, revise_target, settle
from apps.legislation.hanging import hang
from apps.legislation.models import Milestone, Outcome
from apps.people.actions import add_organisation, add_person, add_post
from apps.people.models import Organisation, Person
from apps.sources.actions import add_source, take_snapshot
from apps.sources.models import Source
from apps.timeline.actions import Facts, add_entry, add_link
from apps.timeline.models import Entry, Relation, Visibility

Held = tuple[str, str, str, str]
"""A post: role, the organisation's short name, held from and held to as partial dates ("" where unknown)."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What every entry tells of itself, with sources, people and organisations by their short names."""

    headline: str
    date: str
    source: str = ""
    person: str = ""
    organisation: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    visibility: str = ""
    embargo_until: datetime | None = None
    by: User
    at: datetime
    approved: bool = True


@dataclass
class Scribe:
    campaign: Campaign
    visibility: str = Visibility.TEAM
    sources: dict[str, Source] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)

    def organisation(self, name: str, title: str, url: str = "", *, by: User) -> None:
        self.organisations[name] = add_organisation(campaign=self.campaign, name=title, url=url, by=by)

    def person(self, name: str, title: str, *posts: Held, by: User, note: str = "") -> None:
        person = add_person(campaign=self.campaign, name=title, note=note, by=by)
        for role, organisation, start, end in posts:
            add_post(
                person=person,
                role=role,
                organisation=self.organisations[organisation],
                held_from=_date(start),
                held_to=_date(end),
                by=by,
            )
        self.persons[name] = person

    def source(
        self,
        name: str,
        title: str,
        *,
        publisher: str,
        published: str,
        by: User,
        url: str = "",
        note: str = "",
    ) -> None:
        self.sources[name] = add_source(
            campaign=self.campaign,
            title=title,
            publisher=publisher,
            published=_date(published),
            url=url,
            note=note,
            by=by,
        )

    def snapshot(self, source: str, text: str, *, by: User, at: datetime) -> None:
        take_snapshot(source=self.sources[source], text=text, by=by, at=at)

    def update(self, name: str, told: Told) -> None:
        self.entries[name] = add_entry(
            campaign=self.campaign, facts=self._facts(told), by=told.by, at=told.at, approved=told.approved
        )

    def statistic(self, name: str, told: Told, figure: Figure) -> None:
        statistic = add_statistic(
            campaign=self.campaign,
            facts=self._facts(told),
            figure=figure,
            by=told.by,
            at=told.at,
            approved=told.approved,
        )
        self.entries[name] = statistic.entry

    def case_study(
        self, name: str, told: Told, words: str, *, given: Given, by: User, until: datetime | None = None
    ) -> None:
        """A story of somebody's own, with their consent, cleared for what that covers."""
        quote = add_quote(
            campaign=self.campaign,
            facts=self._facts(told),
            words=words,
            voice=Voice.CASE_STUDY,
            by=told.by,
            at=told.at,
        )
        record_consent(quote=quote, given=given, version=quote.entry.version, by=by, at=told.at)
        quote.entry.refresh_from_db()
        cleared = clear_quote(quote=quote, version=quote.entry.version, by=by, at=told.at, until=until)
        self.entries[name] = cleared.entry

    def quote(self, name: str, told: Told, words: str, *, cleared: bool = True) -> None:
        quote = add_quote(
            campaign=self.campaign,
            facts=self._facts(told),
            words=words,
            by=told.by,
            at=told.at,
            cleared=cleared,
            approved=told.approved,
        )
        self.entries[name] = quote.entry

    def milestone(
        self, name: str, told: Told, *, owner: User | None = None, reason: str = FIRST_TARGET
    ) -> None:
        milestone = add_milestone(
            campaign=self.campaign,
            facts=self._facts(told),
            owner=owner,
            reason=reason,
            by=told.by,
            at=told.at,
            approved=told.approved,
        )
        self.milestones[name], self.entries[name] = milestone, milestone.entry

    def hang(self, name: str, base: str, span: Span, *, by: User, at: datetime) -> None:
        hang(milestone=self.milestones[name], base=self.milestones[base], span=span, by=by, at=at)

    def move(self, name: str, to: str, reason: str, *, by: User, at: datetime, source: str = "") -> None:
        revise_target(
            milestone=self.milestones[name],
            to=parse(to),
            reason=reason,
            source=self.sources[source] if source else None,
            by=by,
            at=at,
        )

    def settle(
        self,
        name: str,
        outcome: Outcome,
        on: date,
        *,
        by: User,
        at: datetime,
        because: str = "",
        source: str = "",
    ) -> None:
        settle(
            milestone=self.milestones[name],
            outcome=outcome,
            on=on,
            because=because,
            source=self.sources[source] if source else None,
            by=by,
            at=at,
        )

    def link(
        self, start: str, relation: Relation, end: str, *, by: User, at: datetime, note: str = ""
    ) -> None:
        add_link(
            from_entry=self.entries[start],
            to_entry=self.entries[end],
            relation=relation,
            note=note,
            by=by,
            at=at,
        )

    def links(self, rows: Iterable[tuple[str, Relation, str, str]], *, by: User, at: datetime) -> None:
        for start, relation, end, note in rows:
            self.link(start, relation, end, note=note, by=by, at=at)

    def _facts(self, told: Told) -> Facts:
        return Facts(
            headline=told.headline,
            date=parse(told.date),
            note=told.note,
            source=self.sources[told.source] if told.source else None,
            person=self.persons[told.person] if told.person else None,
            organisation=self.organisations[told.organisation] if told.organisation else None,
            tags=told.tags,
            visibility=told.visibility or self.visibility,
            embargo_until=told.embargo_until,
        )


def _date(text: str) -> PartialDate | None:
    return parse(text) if text else None
