"""The forms of a statistic, of its series, and of a quote."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from apps.campaigns.access import Access
from apps.campaigns.fields import Line, NameField, PartialDateField, Prose, no_control_characters
from apps.campaigns.roles import May
from apps.dates import long_day, parse
from apps.evidence import files
from apps.evidence.actions import Figure
from apps.evidence.changes import ReadChange, read_change, typed_again
from apps.evidence.clearance import NEEDS_A_SOURCE, Given, default_outlets
from apps.evidence.figures import BadFigure, long, plain, read_figure, short, with_unit
from apps.evidence.models import Basis, Hedge, Outlet, Quote, Series, Sort, Statistic, Voice
from apps.evidence.series import is_alike
from apps.evidence.shortening import NotTheirs, shortened
from apps.timeline.forms import EntryForm, Names
from apps.timeline.models import Entry


class FigureField(forms.CharField):
    """A figure or a change as people write it. Cleans to what `read` makes of it, None when empty."""

    default_validators = [no_control_characters]

    def __init__(self, *, read: Callable[[str], Any] = read_figure, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.read = read
        self.widget.attrs |= {"autocomplete": "off", "class": "short"}

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed.strip():
            return None
        try:
            return self.read(typed)
        except BadFigure as wrong:
            raise ValidationError(str(wrong)) from wrong


class StatisticForm(EntryForm):
    """A figure, of what, over which period; the date is the day it stands as of."""

    headline = Line(max_length=300, required=False, help_text="Left empty, it is made of the figure.")
    measure = Line(max_length=200, help_text="What is counted: “online child sex offences”.")
    figure = FigureField(help_text="As it is written: 389, about 10,000, 1.2m, £3.4bn, 12.5%.")
    hedge = forms.ChoiceField(label="The figure is", choices=Hedge.choices, required=False)
    unit = Line(max_length=60, required=False, help_text="offences, %, £, people …")
    area = Line(max_length=200, required=False, help_text="West Mercia, United Kingdom …")
    population = Line(max_length=200, required=False, help_text="Out of whom, where that matters.")
    period = PartialDateField(required=False, help_text="What it covers: 2019/20, April to June 2020.")
    baseline = FigureField(
        label="The earlier figure",
        required=False,
        help_text="What it is compared with, if the source compares.",
    )
    stated_change = FigureField(
        label="Change as stated",
        read=read_change,
        required=False,
        help_text="As the source says it: 104%, more than doubled, down 3 points. It is checked.",
    )
    change_sort = forms.ChoiceField(
        label="Which is in",
        choices=Sort.choices,
        required=False,
        help_text="Where the words of the change do not say it.",
    )
    change_basis = forms.ChoiceField(label="The change is stated", choices=Basis.choices, required=False)
    price_rise = FigureField(
        label="Prices rose by, %",
        required=False,
        help_text="Between the two, to check real terms against cash.",
    )
    break_because = Line(
        label="A new method begins here",
        max_length=300,
        required=False,
        help_text="Why it cannot be compared with the figures before it: “recording rules changed”.",
    )
    series = NameField(
        find="series",
        required=False,
        help_text="Left empty, it joins the figures of the same measure, unit, area and population.",
    )
    next_release = PartialDateField(label="Next figures", required=False, help_text="When, if known.")

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, names=names, **kwargs)
        self.fields["date"].label = "As of"
        self.fields["person"].label = "Counted by (person)"
        self.fields["organisation"].label = "Counted by"
        cast(NameField, self.fields["series"]).rows = names.more.get("series")

    def order(self) -> tuple[str, ...]:
        return (
            *("measure", "figure", "hedge", "unit", "area", "period", "date"),
            *("baseline", "stated_change", "change_sort", "note"),
        )

    def more(self) -> tuple[str, ...]:
        return (
            *("headline", "population", "next_release", "change_basis", "price_rise"),
            *("break_because", "series", "tags"),
        )

    def initial_of(self, entry: Entry) -> dict[str, Any]:
        row = entry.statistic
        names = (
            "measure",
            "hedge",
            "unit",
            "area",
            "population",
            "change_sort",
            "change_basis",
            "break_because",
        )
        return super().initial_of(entry) | {
            **{name: getattr(row, name) for name in names},
            "figure": short(row.figure, row.figure_step),
            "baseline": None if row.baseline is None else short(row.baseline, row.baseline_step),
            "stated_change": self._change_typed(row),
            "price_rise": None if row.price_rise is None else plain(row.price_rise),
            "period": parse(row.period) if row.period else None,
            "next_release": parse(row.next_release) if row.next_release else None,
            "series": None if is_alike(row.series, row) else row.series,
        }

    def _change_typed(self, row: Statistic) -> str | None:
        """In words that read back as they stand; the sort is beside them."""
        if row.stated_change is None:
            return None
        return typed_again(ReadChange(row.stated_change, row.change_step, row.change_hedge, row.change_sort))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._take_figure_apart(cleaned)
        self._take_change_apart(cleaned)
        rise = cleaned.get("price_rise")
        if rise and (rise.value <= -100 or rise.value >= 10_000):
            self.add_error("price_rise", "Prices rise or fall by some per cent: 12.5, or -1.")
        return cleaned

    def _take_figure_apart(self, cleaned: dict[str, Any]) -> None:
        """The unit and hedge typed with the figure, where they have no other in their own fields."""
        for name in ("figure", "baseline"):
            read = cleaned.get(name)
            unit = cleaned.get("unit", "")
            if read and read.unit and not unit:
                cleaned["unit"] = read.unit
            elif read and read.unit and read.unit.casefold() != unit.casefold():
                self.add_error(name, f"This is in “{read.unit}”, and the unit in “{unit}”. Make them agree.")
        figure, baseline = cleaned.get("figure"), cleaned.get("baseline")
        if baseline and baseline.hedge:
            self.add_error("baseline", "The earlier figure is kept without a hedge. Type its number alone.")
        if figure and figure.hedge and not cleaned.get("hedge"):
            cleaned["hedge"] = figure.hedge
        elif figure and figure.hedge and figure.hedge != cleaned.get("hedge"):
            self.add_error("hedge", f"The figure says “{figure.hedge}”. Make them agree.")

    def _take_change_apart(self, cleaned: dict[str, Any]) -> None:
        change, sort = cleaned.get("stated_change"), cleaned.get("change_sort") or Sort.PERCENT
        cleaned["change_sort"] = sort
        if not change or not change.sort:
            return
        if sort not in (Sort.PERCENT, change.sort):
            said = Sort(change.sort).label
            self.add_error("change_sort", f"The change says “{said}”. Make them agree.")
        cleaned["change_sort"] = change.sort

    def headline_made(self) -> str:
        filled = self.cleaned_data
        if filled["headline"]:
            return filled["headline"]
        read, more = filled["figure"], (filled[name] for name in HEADLINE)
        return headline_of_figure(read.value, read.step, *more)

    def headline_of(self, entry: Entry) -> str:
        row, more = entry.statistic, (getattr(entry.statistic, name) for name in HEADLINE)
        return headline_of_figure(row.figure, row.figure_step, *more)

    def figure_made(self) -> Figure:
        filled = self.cleaned_data
        figure, baseline, change = (filled[name] for name in ("figure", "baseline", "stated_change"))
        as_filled = (
            *("measure", "unit", "hedge", "population", "area", "period", "next_release"),
            *("change_sort", "change_basis", "break_because", "series"),
        )
        return Figure(
            **{name: filled[name] for name in as_filled},
            figure=figure.value,
            figure_step=figure.step,
            baseline=baseline.value if baseline else None,
            baseline_step=baseline.step if baseline else None,
            stated_change=change.value if change else None,
            change_step=change.step if change else None,
            change_hedge=change.hedge if change else "",
            price_rise=filled["price_rise"].value if filled["price_rise"] else None,
        )


HEADLINE = ("unit", "hedge", "measure", "area")
"""What a headline is made of, besides the figure."""


def headline_of_figure(value: Decimal, step: Decimal, unit: str, hedge: str, measure: str, area: str) -> str:
    amount = with_unit(long(value, step), unit)
    said = f"{hedge.capitalize()} " if hedge else ""
    place = f", {area}" if area else ""
    return f"{said}{amount}: {measure}{place}"[:300]


class SeriesForm(forms.ModelForm):
    """What a series is called, and what there is to know about it."""

    class Meta:
        model = Series
        fields = ["name", "note"]
        field_classes = {"name": Line, "note": Prose}
        help_texts = {"note": "How it is counted, what has changed. Whoever sees a figure of it sees this."}


class QuoteForm(EntryForm):
    """Words, whose, and when they were said."""

    headline = Line(max_length=300, required=False, help_text="Left empty, it is made of the words.")
    words = Prose(
        max_length=10_000,
        help_text="Exactly as said or printed, without the outer quotation marks.",
        widget=forms.Textarea(attrs={"rows": 5, "class": "words"}),
    )
    voice = forms.ChoiceField(
        label="What sort of quote",
        choices=Voice.choices,
        required=False,
        help_text="A case study needs the consent of whoever it is about, recorded on its page.",
    )
    cleared = forms.BooleanField(
        label="I clear this quote for use",
        required=False,
        help_text="Until it is cleared only staff see it.",
    )
    submitted = forms.BooleanField(
        label="Ask for it to be cleared",
        required=False,
        help_text="An owner or press officer clears it. Until then only staff see it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].label = "When it was said"
        self.fields["person"].label = "Who said it"
        self.fields["organisation"].label = "For which organisation"
        clears = self.access.may(May.CLEAR)
        if self.entry or not clears:
            del self.fields["cleared"]
        if self.entry or clears:
            del self.fields["submitted"]

    def order(self) -> tuple[str, ...]:
        return ("words", "voice", "date", "note")

    def more(self) -> tuple[str, ...]:
        return ("headline", "tags")

    def last_fields(self) -> list[forms.BoundField]:
        asked = [self[name] for name in ("cleared", "submitted") if name in self.fields]
        return [*super().last_fields(), *asked]

    def initial_of(self, entry: Entry) -> dict[str, Any]:
        return super().initial_of(entry) | {"words": entry.quote.words, "voice": entry.quote.voice}

    def clean_voice(self) -> str:
        return self.cleaned_data["voice"] or (self.entry.quote.voice if self.entry else Voice.OFFICIAL)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("person") and not cleaned.get("organisation"):
            self.add_error("person", "Say who said it: a person, or at least the organisation.")
        self._ready_to_be_cleared(cleaned)
        return cleaned

    def _ready_to_be_cleared(self, cleaned: dict[str, Any]) -> None:
        asked = next((name for name in ("cleared", "submitted") if cleaned.get(name)), None)
        if asked == "cleared" and cleaned.get("voice") == Voice.CASE_STUDY:
            self.add_error(
                "cleared", "Save it without this tick, record the consent on its page, then clear it."
            )
        nameless = (
            "source" in cleaned and not cleaned["source"]
        )  # not one that is wrong, which is said already
        if asked and cleaned.get("voice") == Voice.OFFICIAL and nameless:
            self.add_error("source", NEEDS_A_SOURCE)

    def headline_made(self) -> str:
        filled = self.cleaned_data
        if filled["headline"]:
            return filled["headline"]
        return headline_of_words(filled["words"], filled["person"] or filled["organisation"])

    def headline_of(self, entry: Entry) -> str:
        return headline_of_words(entry.quote.words, entry.person or entry.organisation)


def headline_of_words(words: str, speaker: Any) -> str:
    words = " ".join(words.split())
    short = words if len(words) <= 80 else words[:80].rsplit(" ", 1)[0] + " …"
    return f"{speaker}: “{short}”"[:300]


def outlets_field(label: str, help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=Outlet.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
        error_messages={"required": "Tick at least one."},
    )


class LastDayField(PartialDateField):
    """The last day on which something holds, typed as people write days. Cleans to a date, or None."""

    def to_python(self, value: Any) -> Any:
        when = super().to_python(value)
        if when is None:
            return None
        if when.earliest != when.latest or when.latest is None:
            raise ValidationError("Give one day, such as 3 May 2026.")
        return when.latest

    def prepare_value(self, value: Any) -> Any:
        return long_day(value) if isinstance(value, date) else value


def end_of(day: date | None, access: Access) -> datetime | None:
    """The moment at which a day ends on the clocks of the campaign."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=access.campaign.zone) if day else None


def last_day_of(moment: datetime | None, access: Access) -> date | None:
    """The last day that lies before a moment."""
    return (moment - timedelta(microseconds=1)).astimezone(access.campaign.zone).date() if moment else None


class ClearForm(forms.Form):
    """Where a quote may be used, and until when."""

    outlets = outlets_field("Cleared for")
    until = LastDayField(
        label="Until", required=False, help_text="The last day it may be used. Empty: for good."
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, access: Access, quote: Quote, **kwargs: Any) -> None:
        self.access = access
        initial = {
            "outlets": [str(outlet) for outlet in quote.outlets or default_outlets(quote)],
            "until": last_day_of(quote.cleared_until, access),
            "version": quote.entry.version,
        }
        super().__init__(*args, **{"initial": initial, **kwargs})

    def clean_until(self) -> datetime | None:
        until = end_of(self.cleaned_data["until"], self.access)
        if until is not None and until <= self.access.at:
            raise ValidationError("That day is over. Give one that is still to come, or leave it empty.")
        return until


class ConsentForm(forms.Form):
    """Who consented, to what, until when, and what shows it."""

    person = Line(label="Whose story it is", max_length=200)
    under_18 = forms.BooleanField(label="They are under 18", required=False)
    guardian = Line(
        label="Guardian who consented",
        max_length=200,
        required=False,
        help_text="Needed for anybody under 18.",
    )
    outlets = outlets_field("They consented to use in")
    given_on = LastDayField(label="Given on")
    expires = LastDayField(
        label="In force until", required=False, help_text="The last day. Empty: until it is withdrawn."
    )
    reference = Line(
        label="Where the signed form is",
        max_length=300,
        required=False,
        help_text="A file number or folder of your own: “Consents/2026/014”.",
    )
    upload = forms.FileField(
        label="Or the form itself",
        required=False,
        max_length=200,
        help_text="PDF, Word (.docx), JPEG, PNG or plain text, 5 MB at most. Only owners and press open it.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, access: Access, quote: Quote, **kwargs: Any) -> None:
        self.access = access
        speaker = quote.entry.person.name if quote.entry.person else ""
        initial = {"version": quote.entry.version, "person": speaker, "given_on": access.today}
        super().__init__(*args, **{"initial": initial, **kwargs})

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > self.access.today:
            raise ValidationError("That day is still to come. Give the day on which they consented.")
        return day

    def clean_expires(self) -> datetime | None:
        until = end_of(self.cleaned_data["expires"], self.access)
        if until is not None and until <= self.access.at:
            raise ValidationError("That day is over. Give one that is still to come, or leave it empty.")
        return until

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload:
            if upload.size > files.MOST_BYTES:
                raise ValidationError(
                    f"The file is larger than {files.MOST_BYTES // 1024 // 1024} MB. Make it smaller."
                )
            try:
                files.checked(upload.name, upload.read())
            except files.BadFile as refusal:
                raise ValidationError(str(refusal)) from refusal
            upload.seek(0)
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("under_18") and not cleaned.get("guardian"):
            self.add_error("guardian", "Somebody under 18 cannot consent alone. Name the guardian who did.")
        if cleaned.get("guardian") and not cleaned.get("under_18"):
            self.add_error("under_18", "Tick this if a guardian consented, or leave the guardian out.")
        if (
            not cleaned.get("reference")
            and not cleaned.get("upload")
            and not {"reference", "upload"} & set(self.errors)
        ):
            self.add_error("reference", "Say where the signed form is kept, or choose the file below.")
        return cleaned

    def given(self, *, file: str = "", file_name: str = "") -> Given:
        filled = self.cleaned_data
        return Given(
            person=filled["person"],
            under_18=filled["under_18"],
            guardian=filled["guardian"],
            scope=tuple(filled["outlets"]),
            given_on=filled["given_on"],
            expires_at=filled["expires"],
            reference=filled["reference"],
            file=file,
            file_name=file_name,
        )


class BecauseForm(forms.Form):
    """Why something is taken back."""

    because = Line(max_length=300, required=False)
    version = forms.IntegerField()


class ShortenForm(forms.Form):
    """What stays of a quote."""

    short = Prose(
        label="What stays",
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "words"}),
        help_text="Take out what you do not need. […] is put wherever words are missing; no word can change.",
    )

    def __init__(self, *args: Any, verbatim: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verbatim = verbatim

    def clean_short(self) -> str:
        typed = self.cleaned_data["short"]
        if not typed.strip():
            return self.verbatim
        try:
            made = shortened(self.verbatim, typed)
        except NotTheirs as word:
            raise ValidationError(str(word)) from word
        if not made:
            raise ValidationError("Nothing is left of it. Keep at least one word.")
        return made if made != " ".join(self.verbatim.split()) else self.verbatim
