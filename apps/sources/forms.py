"""The forms of sources and of the text kept of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from apps.campaigns.fields import Line, PartialDateField, Prose, web_address
from apps.dates import parse
from apps.sources.models import Source


class SourceForm(forms.ModelForm):
    url = web_address()
    published = PartialDateField(required=False, help_text="As far as it is known: 3 September 2020, 2020.")

    class Meta:
        model = Source
        fields = ["title", "publisher", "url", "published", "note"]
        field_classes = {"title": Line, "publisher": Line, "note": Prose}

    def __init__(self, *args: Any, known: QuerySet[Source], **kwargs: Any) -> None:
        """`known` are the sources the person asking may see."""
        super().__init__(*args, **kwargs)
        self.known = known.exclude(pk=self.instance.pk)
        if self.instance.published:
            self.initial["published"] = parse(self.instance.published)

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url and self.known.filter(url=url).exists():
            raise ValidationError("A source with that web address is here already.")
        return url

    def _post_clean(self) -> None:
        # `published` cleans to a PartialDate; the action writes it, and the row behind it.
        published = self.cleaned_data.get("published")
        self.cleaned_data["published"] = published.text if published else ""
        super()._post_clean()  # type: ignore[misc]
        self.cleaned_data["published"] = published


class SnapshotForm(forms.Form):
    """The text of a source as it stands today."""

    text = Prose(
        label="The text",
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Paste the words of the source as they stand. Quotes are checked against them.",
    )
