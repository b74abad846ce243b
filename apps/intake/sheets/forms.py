"""The forms of an import: which file as what, and which column is what."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.intake.models import Import
from apps.intake.sheets.actions import columns_wrong
from apps.intake.sheets.lines import MOST_BYTES
from apps.intake.sheets.rows import Rows
from apps.timeline.models import Kind

PLURALS = [(kind.value, f"{kind.label}s") for kind in Kind]
LEFT_OUT = "– left out –"


class FileForm(forms.Form):
    """A file, and what its rows are."""

    kind = forms.ChoiceField(label="Its rows are", choices=PLURALS, widget=forms.RadioSelect)
    upload = forms.FileField(
        label="The file",
        max_length=200,
        allow_empty_file=True,  # that it is empty is said where all else is
        help_text="CSV, Excel (.xlsx), OpenDocument (.ods) or, of deadlines, a calendar (.ics). At most "
        f"{MOST_BYTES // 1024 // 1024} MB and 100,000 rows. Its first row names the columns.",
    )


class SheetForm(forms.Form):
    """Which sheet of a file that has several."""

    sheet = forms.TypedChoiceField(label="Sheet", coerce=int)

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"] = forms.TypedChoiceField(
            label="Sheet",
            coerce=int,
            choices=[(place, name or f"Sheet {place + 1}") for place, name in enumerate(names)],
        )


class ColumnsForm(forms.Form):
    """For each column of the file the field it fills."""

    def __init__(self, *args: Any, importing: Import, rows: Rows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.width = rows, len(importing.head[0])
        must = set(rows.required)
        labels = [(name, f"{label} *" if name in must else label) for name, label in rows.fields.items()]
        for place, header in enumerate(importing.head[0]):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=header or f"Column {place + 1}",
                choices=[("", LEFT_OUT), *labels],
                required=False,
                initial=importing.columns[place] if place < len(importing.columns) else "",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (wrong := columns_wrong(self.columns(), self.rows)):
            raise ValidationError(wrong)
        return cleaned

    def columns(self) -> list[str]:
        return [self.cleaned_data.get(f"column-{place}", "") for place in range(self.width)]
