"""The forms of a milestone: its facts, moving its date, and how it ended; and those of a bill."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.fields import Line, NameField, PartialDateField
from apps.campaigns.roles import May
from apps.dates import PartialDate
from apps.dates.relative import MOST, Span
from apps.legislation.bills import MOST_WORDS
from apps.legislation.models import Bill, Hook, Milestone, Outcome, TargetDate
from apps.legislation.models.hooks import UNIT_LABELS
from apps.legislation.providers.reading import text
from apps.legislation.providers.records import ProviderBill
from apps.sources.models import Source
from apps.timeline.forms import DATE_HELP, EntryForm, new_or_known_source
from apps.timeline.models import Entry, Kind, Visibility


def require_an_end(when: PartialDate | None) -> PartialDate | None:
    if when is not None and when.latest is None:
        raise ValidationError("A target needs a last day. Write “by …”, or a date or period that ends.")
    return when


class MilestoneForm(EntryForm):
    """What must happen, by when, and who on the team watches it."""

    owner = forms.ModelChoiceField(
        label="Watched by",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet",
        help_text="Who on the team is reminded first.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = team(self.access)
        self.fields["person"].label = "Who must do it (person)"
        self.fields["organisation"].label = "Who must do it (organisation)"
        if self.entry:
            del self.fields["date"]  # only "move the date" moves it, with a reason
        else:
            self.fields["date"].label = "Target date"

    def order(self) -> tuple[str, ...]:
        return ("headline", "date", "owner", "note")

    def initial_of(self, entry: Entry) -> dict[str, Any]:
        return super().initial_of(entry) | {"owner": entry.milestone.owner}

    def clean_date(self) -> PartialDate | None:
        return require_an_end(self.cleaned_data["date"])


def team(access: Access) -> QuerySet[User]:
    """Everybody on the campaign, by name."""
    return User.objects.filter(memberships__campaign=access.campaign, is_active=True).order_by(
        "first_name", "last_name", "username"
    )


class SourcedForm(forms.Form):
    """Something that happened to a milestone, and who says so."""

    source = NameField(
        find="sources",
        by="title",
        also=("url",),
        required=False,
        help_text="The title or web address of what says so.",
    )

    def __init__(self, *args: Any, access: Access, sources: QuerySet[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        cast(NameField, self.fields["source"]).rows = sources

    def source_chosen(self, *, by: User) -> Source | None:
        """The source named; one that is not there yet is added."""
        return new_or_known_source(self.cleaned_data, self.access, by=by)


class MoveForm(SourcedForm):
    """A new target date, and why."""

    to = PartialDateField(label="New date", help_text=DATE_HELP)
    reason = Line(max_length=500, help_text="Why it moved: “committee delayed by the election”.")
    correction = forms.BooleanField(
        label="This corrects a mistake in the record; the target itself did not move",
        required=False,
        help_text="The old row is kept, but counts neither as a move nor as a slip.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    unhook = forms.BooleanField(required=False)

    field_order = ("to", "reason", "source", "correction", "unhook")

    def __init__(self, *args: Any, current: TargetDate, hangs: str = "", **kwargs: Any) -> None:
        """`hangs`: what its date hangs on, in words; empty where it is its own."""
        kwargs["initial"] = (kwargs.get("initial") or {}) | {"seen": current.pk}
        super().__init__(*args, **kwargs)
        self.current = current
        self.fields["unhook"].label = f"From now on it no longer stands {hangs}, but is moved by hand"
        if not hangs:
            del self.fields["unhook"]

    def clean_unhook(self) -> bool:
        if not self.cleaned_data["unhook"]:
            raise ValidationError(
                "Its date follows another. Say that it no longer does, or move that one instead."
            )
        return True

    def clean_to(self) -> PartialDate | None:
        to = require_an_end(self.cleaned_data["to"])
        if to is not None and to.text == self.current.date:
            raise ValidationError("That is the target as it stands.")
        return to


class HangForm(forms.Form):
    """What a milestone's date hangs on, and by how much."""

    amount = forms.IntegerField(label="How many", min_value=1, max_value=MOST)
    unit = forms.ChoiceField(label="Of what", choices=list(UNIT_LABELS.items()), initial="weeks")
    side = forms.ChoiceField(
        label="Before or after",
        choices=[("after", "after"), ("before", "before")],
        widget=forms.RadioSelect,
        initial="after",
    )
    base = NameField(
        find="milestones",
        by="headline",
        label="Which milestone",
        help_text="Its date moves this one from now on; once it is met, the day it was met does.",
    )
    correction = forms.BooleanField(
        label="The date so far was never promised to anybody",
        required=False,
        help_text="Then the new one takes its place in the record, and is no slip.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        milestone: Milestone,
        milestones: QuerySet[Entry],
        current: TargetDate,
        hook: Hook | None,
        **kwargs: Any,
    ) -> None:
        """`milestones` are those it may hang on, as far as this person sees them."""
        stands: dict[str, Any] = {"seen": current.pk}
        if hook:
            stands |= {"amount": hook.amount, "unit": hook.unit, "side": "before" if hook.before else "after"}
            if base := milestones.filter(pk=hook.base_id).first():
                stands["base"] = f"{base.headline} [{base.pk}]"
        kwargs["initial"] = stands
        super().__init__(*args, **kwargs)
        cast(NameField, self.fields["base"]).rows = milestones.exclude(pk=milestone.pk)

    def clean_base(self) -> Milestone:
        chosen = self.cleaned_data["base"]
        if isinstance(chosen, str):
            raise ValidationError(
                f"No other milestone here is called “{chosen[:80]}”. Pick one of those offered."
            )
        return cast(Milestone, chosen.milestone)

    def span(self) -> Span:
        filled = self.cleaned_data
        return Span(filled["amount"], filled["unit"], filled["side"] == "before")


class SettleForm(SourcedForm):
    """How the milestone ended, and on which day."""

    outcome = forms.ChoiceField(
        choices=[(value, label) for value, label in Outcome.choices if value != Outcome.UPCOMING],
        widget=forms.RadioSelect,
    )
    on = PartialDateField(label="On which day", help_text="A full day: 3 September 2020.")
    because = Line(label="Why, or what shows it", max_length=300, required=False)

    field_order = ("outcome", "on", "because", "source")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        return past_day(self.cleaned_data["on"], self.today)


def past_day(when: PartialDate, today: date) -> date:
    """The one day that is meant. Raises ValidationError for a period, or a day that is still to come."""
    if not when.is_day or when.approximate or when.earliest is None:
        raise ValidationError("Give the full day, such as 3 September 2020.")
    if when.earliest > today:
        raise ValidationError("That day is still to come. Settle it once it has happened.")
    return when.earliest


class FellForm(forms.Form):
    """The end of the session with which a bill fell, and why that is thought."""

    on = PartialDateField(
        label="The session ended on", help_text="The first day on which it did not sit: 3 September 2020."
    )
    because = Line(label="Why", max_length=300, help_text="Each milestone that falls will say so.")
    promise = forms.BooleanField(required=False)

    def __init__(self, *args: Any, today: date, promise: Entry | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if promise:
            self.fields["promise"].label = f"“{promise.headline}” fell with it, too"
        else:
            del self.fields["promise"]

    def clean_on(self) -> date:
        return past_day(self.cleaned_data["on"], self.today)


class FindBillForm(forms.Form):
    """What bill, by words of its title or the address of its page."""

    q = Line(
        label="Words of its title, or the address of its page",
        max_length=MOST_WORDS,
        help_text="“Online Safety”, https://bills.parliament.uk/bills/3137, or a written question’s number.",
    )


class BillForm(forms.Form):
    """What was promised of a bill, and who sees what comes of it."""

    promise = NameField(
        find="entries",
        by="headline",
        label="What was promised of it",
        required=False,
        help_text=(
            "A milestone of your own, such as “On the statute book by the end of 2021”. It is marked met on "
            "the day the bill becomes law, so that you see how late that was."
        ),
    )
    visibility = forms.ChoiceField(
        label="Who may see its milestones", help_text="Of those added from now on.", choices=()
    )

    def __init__(
        self, *args: Any, access: Access, entries: QuerySet[Entry], bill: Bill | None = None, **kwargs: Any
    ) -> None:
        stands = {"visibility": bill.visibility if bill else Visibility.TEAM}
        if bill and bill.promise and entries.filter(pk=bill.promise.pk).exists():
            stands["promise"] = f"{bill.promise.entry.headline} [{bill.promise.pk}]"
        kwargs["initial"] = stands
        super().__init__(*args, **kwargs)
        cast(NameField, self.fields["promise"]).rows = entries.filter(kind=Kind.MILESTONE)
        may_hide = access.may(May.SEE_HIDDEN)
        cast(forms.ChoiceField, self.fields["visibility"]).choices = [
            pair for pair in Visibility.choices if may_hide or pair[0] != Visibility.STAFF
        ]

    def clean_promise(self) -> Milestone | None:
        chosen = self.cleaned_data["promise"]
        if isinstance(chosen, str):
            raise ValidationError(f"No milestone here is called “{chosen[:80]}”. Pick one of those offered.")
        return cast(Milestone, chosen.milestone) if chosen else None


class FollowForm(BillForm):
    """One of the bills that were found. Each is told by its provider, its id there, and its title as shown,
    which the first look replaces by the provider's."""

    bill = forms.CharField(max_length=500, error_messages={"required": "Choose one of the bills."})

    field_order = ("bill", "promise", "visibility")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visibility"].help_text = ""

    def clean_bill(self) -> tuple[str, str, str]:
        parts = text(self.cleaned_data["bill"], 500).split(" ", 2)
        if len(parts) < 2 or len(parts[1]) > 200:
            raise ValidationError("That is none of the bills found. Look for it again.")
        return parts[0], parts[1], text(parts[2], 200) if len(parts) > 2 else ""


def choice_of(bill: ProviderBill) -> str:
    """What FollowForm takes for this bill."""
    return f"{bill.provider} {bill.external_id} {bill.title}"
