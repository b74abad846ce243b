"""The forms of sources and of the text kept of them."""

from typing import Any

from django import forms

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.published:
            self.initial["published"] = parse(self.instance.published)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        url = (cleaned or {}).get("url")
        same = Source.objects.filter(campaign=self.instance.campaign, url=url).exclude(pk=self.instance.pk)
        if url and same.exists():
            self.add_error("url", "A source with that web address is here already.")
        return cleaned

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
