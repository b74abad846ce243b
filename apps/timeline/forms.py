"""The form of an update, which is also the common part of every other kind's form."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.zones import validate_time_zone
from apps.campaigns.access import Access
from apps.campaigns.fields import (
    Line,
    LocalMomentField,
    NameField,
    PartialDateField,
    Prose,
    TagsField,
    web_address,
)
from apps.campaigns.roles import May
from apps.dates import PartialDate, long_day, parse
from apps.dates.clocks import NoSuchTime, moment_of
from apps.people.actions import add_organisation, add_person
from apps.people.models import Organisation, Person
from apps.sources.actions import add_source
from apps.sources.models import Source
from apps.timeline.actions import Facts
from apps.timeline.models import Entry, Relation, Visibility

DATE_HELP = "As far as it is known: 3 September 2020, September 2020, autumn 2020, 2021, by the end of 2021."


class Names:
    """The people and sources that a form may find by name: those the person may see. `more` is what the forms
    of some kinds find besides."""

    def __init__(
        self,
        *,
        persons: QuerySet[Person],
        organisations: QuerySet[Organisation],
        sources: QuerySet[Source],
        **more: QuerySet[Any],
    ) -> None:
        self.persons, self.organisations, self.sources = persons, organisations, sources
        self.more = more


class EntryForm(forms.Form):
    """What every kind asks. A kind's own form adds its fields and says in `order` where they stand."""

    headline = Line(max_length=300, help_text="The fact in one line, at most 300 characters.")
    date = PartialDateField(label="When", help_text=DATE_HELP)
    note = Prose(max_length=20_000, required=False)
    person = NameField(find="persons", required=False)
    organisation = NameField(find="organisations", required=False)
    source = NameField(
        find="sources",
        by="title",
        also=("url",),
        required=False,
        help_text="The title or web address of where this is from.",
    )
    source_url = web_address(label="Its web address")
    source_publisher = Line(label="Who published it", max_length=200, required=False)
    source_published = PartialDateField(label="When it was published", required=False)
    tags = TagsField(required=False, help_text="Words to gather entries by, with commas between.")
    visibility = forms.ChoiceField(label="Who may see it", choices=Visibility.choices)
    embargo_until = LocalMomentField(
        label="Embargo until", required=False, help_text="Until that moment only staff see it."
    )
    embargo_zone = Line(
        label="By the clocks of",
        max_length=64,
        required=False,
        validators=[validate_time_zone],
        help_text="A time zone. The campaign’s, unless you give another, such as America/New_York.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    only_if_new = ("source_url", "source_publisher", "source_published")

    def __init__(
        self, *args: Any, access: Access, names: Names, entry: Entry | None = None, **kwargs: Any
    ) -> None:
        self.access, self.entry = access, entry
        self.remarks: list[str] = []
        initial = self.initial_of(entry) if entry else {"visibility": Visibility.TEAM}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["embargo_zone"].initial = access.campaign.time_zone
        for name in ("person", "organisation", "source"):
            field = cast(NameField, self.fields[name])
            field.rows = getattr(names, f"{name}s")
        if not access.may(May.SEE_HIDDEN):
            self._leave_to_staff()

    def _leave_to_staff(self) -> None:
        """An embargo, and what is for staff only, is for staff to set and to lift."""
        del self.fields["embargo_until"], self.fields["embargo_zone"]
        if self.entry and self.entry.visibility == Visibility.STAFF:
            del self.fields["visibility"]
        else:
            visibility = cast(forms.ChoiceField, self.fields["visibility"])
            visibility.choices = [pair for pair in Visibility.choices if pair[0] != Visibility.STAFF]

    def initial_of(self, entry: Entry) -> dict[str, Any]:
        """What stands now, as the fields show it. A headline that was made of the rest is left empty, so that
        it is made anew of what is changed."""
        return {
            "headline": "" if entry.headline == self.headline_of(entry) else entry.headline,
            "date": parse(entry.date),
            "note": entry.note,
            "person": entry.person,
            "organisation": entry.organisation,
            "source": entry.source,
            "tags": [tag.name for tag in entry.tags.all()],
            "visibility": entry.visibility,
            "embargo_until": self._on_the_clock(entry.embargo_until),
            "version": entry.version,
        }

    def clean_embargo_until(self) -> datetime | None:
        until = self.cleaned_data["embargo_until"]
        if until and not 2000 <= until.year < 2200:  # the calendar's ends have no moment in every zone
            raise ValidationError(f"No embargo ends in the year {until.year}.")
        return until

    def _on_the_clock(self, moment: datetime | None) -> datetime | None:
        """A moment as the clocks of the campaign show it."""
        return moment.astimezone(self.access.campaign.zone).replace(tzinfo=None) if moment else None

    def _place_embargo(self, cleaned: dict[str, Any]) -> None:
        """Turn the local time into the moment it means; `remarks` says what clocks do to it."""
        local = cleaned.get("embargo_until")
        if local is None or "embargo_zone" not in cleaned:
            return
        zone = ZoneInfo(cleaned["embargo_zone"] or self.access.campaign.time_zone)
        try:
            moment, twice = moment_of(local, zone)
        except NoSuchTime as jump:
            self.add_error(
                "embargo_until",
                f"The clocks in {zone.key} go forward then: there is no {local:%H:%M} on that day. "
                f"Give {jump.next:%H:%M} or later.",
            )
            return
        cleaned["embargo_until"] = moment
        stands = self.entry.embargo_until if self.entry else None
        if moment == stands:
            return
        if moment <= self.access.at:
            now = self.access.at.astimezone(zone)
            self.add_error(
                "embargo_until",
                f"That moment is over: in {zone.key} it is {long_day(now.date())}, {now:%H:%M}. "
                "Give one that is still to come, or leave it empty.",
            )
        elif twice:
            self.remarks.append(
                f"The clocks in {zone.key} go back then, so that {local:%H:%M} comes twice: "
                "the embargo lasts until the second one."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._place_embargo(cleaned)
        named = cleaned.get("source")
        described = any(cleaned.get(name) for name in self.only_if_new)
        if described and not named:
            self.add_error("source", "Give the source its title.")
        if described and isinstance(named, Source):
            self.add_error(
                "source", f"“{named.title}” is here already; leave the fields about a new source empty."
            )
        if isinstance(named, str) and (known := self._source_at(cleaned.get("source_url"))):
            cleaned["source"] = known
        if "version" in self.fields and self.entry and not cleaned.get("version"):
            raise ValidationError("This page is incomplete. Open it again before saving.")
        return cleaned

    def _source_at(self, url: str | None) -> Source | None:
        field = cast(NameField, self.fields["source"])
        known = field.called(url, "url") if field.rows is not None and url else []
        return next((source for source in known if source.url == url), None)

    def facts(self, *, by: User) -> Facts:
        """The facts as filled in; people and sources that are new are added on the way."""
        filled = self.cleaned_data
        return Facts(
            headline=self.headline_made(),
            date=cast(PartialDate, filled.get("date")),
            note=filled["note"],
            source=self.source_chosen(by=by),
            person=self._person(filled["person"], by=by),
            organisation=self._organisation(filled["organisation"], by=by),
            tags=filled["tags"],
            visibility=self._asked_or_kept("visibility"),
            embargo_until=self._asked_or_kept("embargo_until"),
        )

    def _asked_or_kept(self, name: str) -> Any:
        """What was filled in; a field that this person is not asked stays as it is."""
        if name in self.fields:
            return self.cleaned_data[name]
        return getattr(self.entry, name) if self.entry else None

    def headline_made(self) -> str:
        return self.cleaned_data["headline"]

    def headline_of(self, entry: Entry) -> str:
        """What would be made of an entry as it stands; empty for kinds whose headline is never made."""
        return ""

    def _person(self, named: Person | str | None, *, by: User) -> Person | None:
        return (
            add_person(campaign=self.access.campaign, name=named, by=by) if isinstance(named, str) else named
        )

    def _organisation(self, named: Organisation | str | None, *, by: User) -> Organisation | None:
        if isinstance(named, str):
            return add_organisation(campaign=self.access.campaign, name=named, by=by)
        return named

    def source_chosen(self, *, by: User) -> Source | None:
        return new_or_known_source(self.cleaned_data, self.access, by=by)

    def main_fields(self) -> list[forms.BoundField]:
        """The fields in the order they are asked: the fact first, then whose, then from where."""
        return [self[name] for name in (*self.order(), "person", "organisation") if name in self.fields]

    def order(self) -> tuple[str, ...]:
        """The kind's own fields, as asked first."""
        return ("headline", "date", "note")

    def more(self) -> tuple[str, ...]:
        """Fields that are seldom needed: behind a fold."""
        return ("tags",)

    def source_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.only_if_new]

    def last_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("visibility", "embargo_until", "embargo_zone") if name in self.fields]

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more()]

    def more_is_used(self) -> bool:
        """Whether something stands behind the fold, or is wrong there."""
        return any(field.errors or field.value() for field in self.more_fields())

    def source_is_described(self) -> bool:
        return any(field.errors or field.value() for field in self.source_fields())


def new_or_known_source(filled: dict[str, Any], access: Access, *, by: User) -> Source | None:
    """The source a form names; one that is not there yet is added with what the form says of it."""
    named = filled["source"]
    if not isinstance(named, str):
        return cast("Source | None", named)
    address = named if named.startswith(("http://", "https://")) else ""
    return add_source(
        campaign=access.campaign,
        title=named[:300],
        url=filled.get("source_url") or address,
        publisher=filled.get("source_publisher", ""),
        published=filled.get("source_published"),
        by=by,
    )


class LinkForm(forms.Form):
    """How this entry bears on another one."""

    relation = forms.ChoiceField(label="This entry", choices=Relation.choices)
    other = NameField(
        find="entries",
        by="headline",
        label="Which entry",
        help_text="Type part of its headline, then pick it.",
    )
    note = Line(max_length=300, required=False, label="Why (optional)")

    def __init__(self, *args: Any, others: QuerySet[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(NameField, self.fields["other"]).rows = others

    def clean_other(self) -> Entry:
        other = self.cleaned_data["other"]
        if not isinstance(other, Entry):
            raise ValidationError(f"No entry here is called “{str(other)[:80]}”. Pick one of those offered.")
        return other
