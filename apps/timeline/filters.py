"""What the timeline can be narrowed to; all of it stands in the address."""

from functools import cached_property
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet

from apps.campaigns.fields import Line, NameField, PartialDateField
from apps.dates import PartialDate
from apps.timeline.models import Entry, Kind, Link, Tag
from apps.timeline.models.entry import EntryQuerySet
from apps.timeline.paths import Path, path_from
from apps.words import read_query


class NameFilter(django_filters.Filter):
    """Narrow to what belongs to one person, organisation, source or tag, given by name."""

    field_class = NameField

    def __init__(self, *, find: str, by: str = "name", **kwargs: Any) -> None:
        super().__init__(find=find, by=by, required=False, **kwargs)

    def filter(self, qs: QuerySet[Entry], value: Any) -> QuerySet[Entry]:
        if not value:
            return qs
        if isinstance(value, str):
            return qs.none()  # the form says that nothing has that name
        return qs.filter(**{self.field_name: value})


FEW = 1_000
LONGEST_ID = 18
"""Digits of the largest id there can be."""


class TagFilter(NameFilter):
    """Narrow to one tag's entries. Where they are few they are listed, for neither database would see from a
    subquery how few they are; where they are many the timeline is walked and each entry asked."""

    def filter(self, qs: QuerySet[Entry], value: Any) -> QuerySet[Entry]:
        if not isinstance(value, Tag):
            return super().filter(qs, value)
        through: Any = Entry.tags.through
        tagged = through.objects.filter(tag=value)
        few = list(tagged.values_list("entry", flat=True)[: FEW + 1])
        if len(few) <= FEW:
            return qs.filter(pk__in=few)
        return qs.filter(Exists(tagged.filter(entry=OuterRef("pk"))))


class WordsFilter(django_filters.CharFilter):
    """Narrow to what holds some words."""

    field_class = Line


class SearchedLine(Line):
    """Words as search looks for them; what cannot be looked for is refused with its sentence."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if problem := read_query(typed).problem:
            raise ValidationError(problem)
        return typed


class SearchedFilter(WordsFilter):
    """Narrow to what search finds."""

    field_class = SearchedLine


class DayFilter(django_filters.Filter):
    """Narrow to one side of a partial date."""

    field_class = PartialDateField


class TimelineFilter(django_filters.FilterSet):
    """Kind, words (looked for as search does), whose, from where, tag, from–to, and whose path."""

    kind = django_filters.MultipleChoiceFilter(
        choices=Kind.choices, widget=forms.CheckboxSelectMultiple, label="Kinds", distinct=False
    )
    words = SearchedFilter(method="with_words", max_length=100, label="Words")
    person = NameFilter(find="persons")
    organisation = NameFilter(find="organisations")
    source = NameFilter(find="sources", by="title")
    tag = TagFilter(find="tags", label="Tag")
    start = DayFilter(method="not_before", label="From")
    end = DayFilter(method="not_after", label="Until")
    path = WordsFilter(method="on_path", max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        *args: Any,
        names: dict[str, QuerySet[Any]],
        links: QuerySet[Link] | None = None,
        by: str = "placed",
        **kwargs: Any,
    ) -> None:
        """`names` are the rows that names are looked for in, `links` what paths may follow (all if not said),
        `by` the field that holds an entry's day."""
        super().__init__(*args, **kwargs)
        self.by = by
        self.links = Link.objects.all() if links is None else links
        for name, rows in names.items():
            cast(NameField, self.form.fields[name]).rows = rows

    def with_words(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        query = read_query(value)
        return cast(EntryQuerySet, rows).matching(query) if query else rows

    def not_before(self, rows: QuerySet[Entry], name: str, value: PartialDate | None) -> QuerySet[Entry]:
        return rows.filter(**{f"{self.by}__gte": value.placed}) if value else rows

    def not_after(self, rows: QuerySet[Entry], name: str, value: PartialDate | None) -> QuerySet[Entry]:
        return rows.filter(**{f"{self.by}__lte": value.latest}) if value and value.latest else rows

    def on_path(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        return rows.filter(pk__in=self.followed.entries) if self.followed else rows.none()

    @cached_property
    def followed(self) -> Path | None:
        """The path that is asked for, through all entries whatever else they are narrowed to; None where none
        is, or no entry has that id."""
        asked = self.form.cleaned_data.get("path", "") if self.form.is_valid() else ""
        known = asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_ID
        return path_from(int(asked), self.queryset, self.links) if known else None

    def unknown_names(self) -> list[str]:
        """Sentences about names in the address that nothing here has."""
        cleaned = self.form.cleaned_data
        path = cleaned.get("path")
        lost = (
            [f"Nothing here is entry “{path}”, so it has no path to follow."]
            if path and not self.followed and self.form.is_valid()
            else []
        )
        return lost + [
            f"Nothing here has the {name} “{cleaned[name][:80]}”."
            for name in ("person", "organisation", "source", "tag")
            if isinstance(cleaned.get(name), str)
        ]
