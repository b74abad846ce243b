"""The form of a campaign's ladder."""

import re

from django import forms
from django.core.exceptions import ValidationError

MOST_DAYS = 730
MOST_RUNGS = 12


class LadderForm(forms.Form):
    """When to warn: so many days before, and whether to go on while overdue."""

    days = forms.CharField(
        label="Days before the last day",
        max_length=200,
        help_text="With commas between; 0 is the day itself: 30, 14, 7, 1, 0",
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    overdue_every = forms.IntegerField(
        label="While overdue, again every so many days",
        required=False,
        min_value=1,
        max_value=365,
        help_text="Empty: not at all.",
    )
    time = forms.TimeField(
        label="At", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), help_text="Local time."
    )

    def clean_days(self) -> list[int]:
        """The days as numbers, most first, each once."""
        days = set()
        for part in self.cleaned_data["days"].split(","):
            typed = part.strip()
            if not re.fullmatch(r"[0-9]{1,4}", typed) or int(typed) > MOST_DAYS:
                raise ValidationError(
                    f"“{typed[:20]}” is not a number of days from 0 to {MOST_DAYS}. Write them like 30, 7, 0."
                )
            days.add(int(typed))
        if len(days) > MOST_RUNGS:
            raise ValidationError(f"A ladder has at most {MOST_RUNGS} rungs.")
        return sorted(days, reverse=True)

    def rungs(self) -> list[tuple[int, int | None]]:
        """(days before, repeat every so many days), as the action takes them."""
        every = self.cleaned_data["overdue_every"]
        plain: list[tuple[int, int | None]] = [(days, None) for days in self.cleaned_data["days"]]
        return [*plain, (-every, every)] if every else plain
