"""The form of a monitor."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps import fetch
from apps.campaigns.fields import Line, Prose
from apps.intake.models import Monitor
from apps.intake.monitoring.actions import MOST_FEEDS, Wanted
from apps.words import read_query


class MonitorForm(forms.Form):
    """What to look for, and where."""

    name = Line(max_length=80, help_text="What you call it: “Online safety in the papers”.")
    words = Line(
        label="Words to look for",
        max_length=300,
        required=False,
        help_text=(
            "All of them must stand there: online safety. “Words side by side” in quotation marks, -without "
            "with a minus before it, regulat* for what a word begins with. Left empty, everything is brought."
        ),
    )
    addresses = Prose(
        label="Where to look",
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=(
            f"Addresses of feeds (RSS, Atom) or calendars (.ics), one a line, {MOST_FEEDS} at most. For what "
            "is said in Parliament: hansard.parliament.uk, or the address of a debate or of a member there."
        ),
    )
    most_a_day = forms.IntegerField(
        label="At most this many a day",
        min_value=1,
        max_value=50,
        initial=10,
        help_text="The newest come first; the others wait for the next day.",
    )

    def __init__(self, *args: Any, monitor: Monitor | None = None, **kwargs: Any) -> None:
        if monitor is not None:
            kwargs["initial"] = {
                "name": monitor.name,
                "words": monitor.words,
                "addresses": "\n".join(monitor.feeds.values_list("url", flat=True)),
                "most_a_day": monitor.most_a_day,
            }
        super().__init__(*args, **kwargs)

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if problem := read_query(words, as_typed=False).problem:
            raise ValidationError(problem)
        return words

    def clean_addresses(self) -> list[str]:
        typed = [line.strip() for line in self.cleaned_data["addresses"].splitlines() if line.strip()]
        found = list(dict.fromkeys(map(_whole, typed)))
        if not found:
            raise ValidationError("Give the address of a feed or calendar.")
        if len(found) > MOST_FEEDS:
            raise ValidationError(f"There are {len(found)} addresses here, and {MOST_FEEDS} is the most.")
        for url in found:
            if len(url) > 1000:
                raise ValidationError(f"An address is too long: {url[:60]}…")
            try:
                fetch.check(url)
            except fetch.Refused as refusal:
                raise ValidationError(f"{url[:100]}: {refusal}") from None
        return found

    def wanted(self) -> Wanted:
        filled = self.cleaned_data
        names = ("name", "words", "addresses", "most_a_day")
        return Wanted(**{name: filled[name] for name in names})


def _whole(typed: str) -> str:
    """Calendars are often given as webcal://, which browsers take for https://."""
    for scheme in ("webcal://", "feed://"):
        if typed.lower().startswith(scheme):
            return f"https://{typed[len(scheme) :]}"
    return typed if "//" in typed else f"https://{typed}"
