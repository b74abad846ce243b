"""What the timeline can be narrowed to; all of it stands in the address."""

from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.campaigns.fields import Line, NameField, PartialDateField
from apps.dates import PartialDate
from apps.timeline.models import Entry, Kind, Tag


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


class DayFilter(django_filters.Filter):
    """Narrow to one side of a partial date."""

    field_class = PartialDateField


class TimelineFilter(django_filters.FilterSet):
    """Kind, words, whose, from where, tag, and from–to. The words look at headlines and verbatim words."""

    kind = django_filters.MultipleChoiceFilter(
        choices=Kind.choices, widget=forms.CheckboxSelectMultiple, label="Kinds", distinct=False
    )
    words = WordsFilter(method="with_words", max_length=100, label="Words")
    person = NameFilter(find="persons")
    organisation = NameFilter(find="organisations")
    source = NameFilter(find="sources", by="title")
    tag = TagFilter(find="tags", label="Tag")
    start = DayFilter(method="not_before", label="From")
    end = DayFilter(method="not_after", label="Until")

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, names: dict[str, QuerySet[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in names.items():
            cast(NameField, self.form.fields[name]).rows = rows

    def with_words(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        said = Q(headline__icontains=value) | Q(quote__words__icontains=value)
        return rows.filter(said | Q(statistic__measure__icontains=value))

    def not_before(self, rows: QuerySet[Entry], name: str, value: PartialDate | None) -> QuerySet[Entry]:
        return rows.filter(placed__gte=value.placed) if value else rows

    def not_after(self, rows: QuerySet[Entry], name: str, value: PartialDate | None) -> QuerySet[Entry]:
        return rows.filter(placed__lte=value.latest) if value and value.latest else rows

    def unknown_names(self) -> list[str]:
        """Sentences about names in the address that nothing here has."""
        cleaned = self.form.cleaned_data
        return [
            f"Nothing here has the {name} “{cleaned[name][:80]}”."
            for name in ("person", "organisation", "source", "tag")
            if isinstance(cleaned.get(name), str)
        ]
