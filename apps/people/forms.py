"""The forms of persons, organisations and posts."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from apps.campaigns.fields import Line, NameField, PartialDateField, Prose, web_address
from apps.people.models import Organisation, Person

FIELDS = ["name", "url", "note"]
FIELD_CLASSES = {"name": Line, "note": Prose}


class NamedForm(forms.ModelForm):
    """What persons and organisations have in common. `known` are the rows the person asking may see."""

    url = web_address()

    def __init__(self, *args: Any, known: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known.exclude(pk=self.instance.pk)


class PersonForm(NamedForm):
    class Meta:
        model = Person
        fields = FIELDS
        field_classes = FIELD_CLASSES


class OrganisationForm(NamedForm):
    class Meta:
        model = Organisation
        fields = FIELDS
        field_classes = FIELD_CLASSES

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if self.known.filter(name__iexact=name).exists():
            raise ValidationError("An organisation of that name is here already.")
        return name


class PostForm(forms.Form):
    """A role held in an organisation, from–to."""

    role = Line(max_length=200, help_text="As printed: “Head of Child Safety Online Policy”.")
    organisation = NameField(find="organisations", required=False)
    held_from = PartialDateField(label="From", required=False, help_text="As far as it is known: May 2019.")
    held_to = PartialDateField(label="Until", required=False, help_text="Empty while they hold it.")

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(NameField, self.fields["organisation"]).rows = organisations

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("held_from"), cleaned.get("held_to")
        if start and end and start.earliest and end.latest and end.latest < start.earliest:
            self.add_error("held_to", "The post ends before it starts.")
        return cleaned
