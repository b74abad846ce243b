"""Writing entries and links. Only actions write: these, and those of the rooms whose details an entry has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import delete_as, save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.people.models import Organisation, Person
from apps.sources.models import Source
from apps.timeline import index
from apps.timeline.density import count_again, counted, stored
from apps.timeline.models import Entry, Kind, Link, Relation, State, Tag, Use, Visibility, Way


class Conflict(Exception):
    """Somebody else saved first. Nothing was written; `entry` is what stands now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry} was changed in the meantime")
        self.entry = entry


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every kind of entry says of itself."""

    headline: str
    date: PartialDate
    note: str = ""
    source: Source | None = None
    person: Person | None = None
    organisation: Organisation | None = None
    tags: tuple[str, ...] = ()
    visibility: str = Visibility.TEAM
    embargo_until: datetime | None = None


@transaction.atomic
def add_entry(
    *,
    campaign: Campaign,
    facts: Facts,
    by: User | None,
    at: datetime,
    kind: Kind = Kind.UPDATE,
    approved: bool = True,
    ready: datetime | None = None,
    until: datetime | None = None,
) -> Entry:
    """A new entry. Not `approved`: it waits as a draft. `ready` is the moment from which readers may see it
    (embargo apart), `until` the one from which they no longer do; left out `ready` is `at`, except for a
    quote, which waits to be cleared."""
    entry = new_entry(
        campaign=campaign, facts=facts, kind=kind, by=by, at=at, approved=approved, ready=ready, until=until
    )
    return _save(entry, by, tags=facts.tags)


def new_entry(
    *,
    campaign: Campaign,
    facts: Facts,
    kind: Kind,
    by: User | None,
    at: datetime,
    approved: bool = True,
    ready: datetime | None = None,
    until: datetime | None = None,
) -> Entry:
    """The row that `add_entry` saves, not saved yet."""
    entry = Entry(
        campaign=campaign,
        kind=kind,
        state=State.PUBLISHED if approved else State.DRAFT,
        created_by=by,
        recorded_at=at,
    )
    _fill(entry, facts)
    show(entry, ready=ready if ready or kind == Kind.QUOTE else at, until=until)
    return entry


@transaction.atomic
def edit_entry(
    *,
    entry: Entry,
    facts: Facts,
    version: int,
    by: User,
    ready: datetime | None = None,
    until: datetime | None = None,
) -> Entry:
    """Write new facts over version `version` of the entry. Raises Conflict where it has a newer one."""
    entry = lock(entry, version=version)
    _fill(entry, facts)
    show(entry, ready=ready if ready or entry.kind == Kind.QUOTE else entry.recorded_at, until=until)
    entry.version += 1
    return _save(entry, by, tags=facts.tags)


def lock(entry: Entry, *, version: int | None = None) -> Entry:
    """The entry's row, locked for this transaction. Raises Conflict unless it is still at `version`."""
    locked = Entry.everything.select_for_update().get(pk=entry.pk)
    if version is not None and locked.version != version:
        raise Conflict(locked)
    return locked


def show(entry: Entry, *, ready: datetime | None, until: datetime | None = None) -> None:
    """Derive when readers see it: once published, ready and out of embargo, and until when."""
    if entry.state != State.PUBLISHED or ready is None:
        entry.shown_from = entry.shown_until = None
    else:
        entry.shown_from, entry.shown_until = max(ready, entry.embargo_until or ready), until


def place(entry: Entry, when: PartialDate, *, due: date | None = None) -> None:
    """Give the entry its date and what is derived from it."""
    entry.date = when.text
    entry.earliest, entry.latest, entry.placed = when.earliest, when.latest, when.placed
    entry.due = due


def _fill(entry: Entry, facts: Facts) -> None:
    entry.headline, entry.note = facts.headline, facts.note
    entry.source, entry.person, entry.organisation = facts.source, facts.person, facts.organisation
    entry.visibility, entry.embargo_until = facts.visibility, facts.embargo_until
    place(entry, facts.date, due=entry.due)
    _same_campaign(entry)


def _same_campaign(entry: Entry) -> None:
    for part in (entry.source, entry.person, entry.organisation):
        if part is not None and part.campaign_id != entry.campaign_id:
            raise ValidationError(f"“{part}” belongs to another campaign.")


def _save(entry: Entry, by: User | None, *, tags: Iterable[str] | None = None) -> Entry:
    before = stored(entry)
    save_as(by, entry)
    count_again(before, counted(entry))
    if tags is not None:
        entry.tags.set([_tag(entry.campaign, name) for name in tags])
    index.write([entry.pk])
    return entry


def _tag(campaign: Campaign, name: str) -> Tag:
    existing = Tag.objects.filter(campaign=campaign, name__iexact=name).first()
    return existing or Tag.objects.create(campaign=campaign, name=name)


@transaction.atomic
def save_derived(*, entry: Entry, by: User | None) -> Entry:
    """Save an entry whose details' actions changed its derived fields."""
    entry.version += 1
    return _save(entry, by)


@transaction.atomic
def change_state(
    *, entry: Entry, state: State, ready: datetime | None, until: datetime | None = None, by: User
) -> Entry:
    """Approve, withdraw or restore."""
    entry = lock(entry)
    entry.state = state
    show(entry, ready=ready, until=until)
    return save_derived(entry=entry, by=by)


@transaction.atomic
def add_link(
    *, from_entry: Entry, to_entry: Entry, relation: Relation, by: User, at: datetime, note: str = ""
) -> Link:
    """Raises ValidationError for an entry linked to itself, across campaigns, or twice the same way."""
    if from_entry.campaign_id != to_entry.campaign_id:
        raise ValidationError("Both entries must belong to the same campaign.")
    link = Link(
        from_entry=from_entry, to_entry=to_entry, relation=relation, note=note, created_by=by, created_at=at
    )
    if from_entry == to_entry:
        raise ValidationError("An entry cannot be linked to itself.")
    if Link.objects.filter(from_entry=from_entry, to_entry=to_entry, relation=relation).exists():
        raise ValidationError("They are linked that way already.")
    return save_as(by, link)


@transaction.atomic
def remove_link(*, link: Link, by: User) -> None:
    delete_as(by, link)


def record_use(
    *,
    entries: Iterable[Entry],
    way: Way,
    form: str,
    by: User,
    at: datetime,
    where: str = "",
    address: str = "",
) -> None:
    """Note that these entries left the site; see Use."""
    Use.objects.bulk_create(
        Use(entry=entry, way=way, form=form, where=where[:300], address=address[:300], used_by=by, used_at=at)
        for entry in entries
    )
