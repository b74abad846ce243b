"""The forms of a statistic and of a quote."""

from typing import Any

from django import forms

from apps.campaigns.fields import Line, PartialDateField, Prose
from apps.campaigns.roles import May
from apps.dates import parse
from apps.evidence.actions import Figure
from apps.evidence.checks import plain
from apps.evidence.models import Hedge
from apps.timeline.forms import EntryForm
from apps.timeline.models import Entry


class StatisticForm(EntryForm):
    """A figure, of what, over which period; the date is the day it stands as of."""

    headline = Line(max_length=300, required=False, help_text="Left empty, it is made of the figure.")
    measure = Line(max_length=200, help_text="What is counted: “online child sex offences”.")
    hedge = forms.ChoiceField(label="The figure is", choices=Hedge.choices, required=False)
    figure = forms.DecimalField(max_digits=20, decimal_places=4, localize=False)
    unit = Line(max_length=60, required=False, help_text="offences, %, £, people …")
    area = Line(max_length=200, required=False, help_text="West Mercia, United Kingdom …")
    population = Line(max_length=200, required=False, help_text="Out of whom, where that matters.")
    period = PartialDateField(required=False, help_text="What it covers: 2019/20, April to June 2020.")
    baseline = forms.DecimalField(
        label="The earlier figure",
        max_digits=20,
        decimal_places=4,
        required=False,
        help_text="What it is compared with, if the source compares.",
    )
    stated_change = forms.DecimalField(
        label="Change as stated, %",
        max_digits=9,
        decimal_places=2,
        required=False,
        help_text="As the source says it; it is checked against the two figures.",
    )
    next_release = PartialDateField(label="Next figures", required=False, help_text="When, if known.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].label = "As of"
        self.fields["person"].label = "Counted by (person)"
        self.fields["organisation"].label = "Counted by"

    def order(self) -> tuple[str, ...]:
        return (
            *("measure", "hedge", "figure", "unit", "area", "period", "date"),
            *("baseline", "stated_change", "note"),
        )

    def more(self) -> tuple[str, ...]:
        return ("headline", "population", "next_release", "tags")

    def initial_of(self, entry: Entry) -> dict[str, Any]:
        statistic = entry.statistic
        names = ("measure", "hedge", "unit", "area", "population")
        return super().initial_of(entry) | {
            **{name: getattr(statistic, name) for name in names},
            **{name: _typed(getattr(statistic, name)) for name in ("figure", "baseline", "stated_change")},
            "period": parse(statistic.period) if statistic.period else None,
            "next_release": parse(statistic.next_release) if statistic.next_release else None,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("stated_change") is not None and cleaned.get("baseline") is None:
            self.add_error("baseline", "A stated change needs the earlier figure it is measured from.")
        return cleaned

    def headline_made(self) -> str:
        filled = self.cleaned_data
        if filled["headline"]:
            return filled["headline"]
        unit = filled["unit"]
        figure = plain(filled["figure"])
        amount = f"{figure}%" if unit == "%" else f"£{figure}" if unit == "£" else f"{figure} {unit}".strip()
        hedge = f"{filled['hedge'].capitalize()} " if filled["hedge"] else ""
        place = f", {filled['area']}" if filled["area"] else ""
        return f"{hedge}{amount}: {filled['measure']}{place}"[:300]

    def figure_made(self) -> Figure:
        filled = self.cleaned_data
        return Figure(**{name: filled[name] for name in Figure.__dataclass_fields__})


class QuoteForm(EntryForm):
    """Words, whose, and when they were said."""

    headline = Line(max_length=300, required=False, help_text="Left empty, it is made of the words.")
    words = Prose(
        max_length=10_000,
        help_text="Exactly as said or printed, without the outer quotation marks.",
        widget=forms.Textarea(attrs={"rows": 5, "class": "words"}),
    )
    cleared = forms.BooleanField(
        label="I clear this quote for use",
        required=False,
        help_text="Until it is cleared only staff see it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].label = "When it was said"
        self.fields["person"].label = "Who said it"
        self.fields["organisation"].label = "For which organisation"
        if self.entry or not self.access.may(May.CLEAR):
            del self.fields["cleared"]

    def order(self) -> tuple[str, ...]:
        return ("words", "date", "note")

    def more(self) -> tuple[str, ...]:
        return ("headline", "tags")

    def last_fields(self) -> list[forms.BoundField]:
        cleared = [self["cleared"]] if "cleared" in self.fields else []
        return [*super().last_fields(), *cleared]

    def initial_of(self, entry: Entry) -> dict[str, Any]:
        return super().initial_of(entry) | {"words": entry.quote.words}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("person") and not cleaned.get("organisation"):
            self.add_error("person", "Say who said it: a person, or at least the organisation.")
        return cleaned

    def headline_made(self) -> str:
        filled = self.cleaned_data
        if filled["headline"]:
            return filled["headline"]
        speaker = filled["person"] or filled["organisation"]
        words = " ".join(filled["words"].split())
        short = words if len(words) <= 80 else words[:80].rsplit(" ", 1)[0] + " …"
        return f"{speaker}: “{short}”"[:300]


def _typed(number: Any) -> str:
    """A number as a field shows it: no trailing zeros, no thousands separators."""
    return "" if number is None else f"{number.normalize():f}"
