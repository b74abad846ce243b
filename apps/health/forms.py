"""Why a finding is left as it is, or a line is not used."""

from django import forms

from apps.campaigns.fields import Line


class ReasonForm(forms.Form):
    reason = Line(
        label="Why",
        max_length=300,
        help_text="The team reads it.",
        error_messages={"required": "Say why, in a few words: the next person will ask."},
    )
