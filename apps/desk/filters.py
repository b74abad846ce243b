"""What the deadlines board and the ledgers of reminders and of slips can be narrowed to: one FilterSet each,
for the page and its exports."""

from datetime import date, time, timedelta
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.fields import NameField
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.desk import ledger
from apps.legislation.models import Bill, Outcome, TargetDate
from apps.notices.models import Channel
from apps.notices.models import Kind as ChannelKind
from apps.reminders.ladder import end_of, moment
from apps.reminders.models import Reminder
from apps.timeline.filters import DayFilter, NameFilter, WordsFilter
from apps.timeline.models import Entry, Kind

OPEN = "open"
OVERDUE = "overdue"
SOON = "soon"
STATUS = [
    (OPEN, "Open"),
    (OVERDUE, "Overdue"),
    (SOON, "Due within 30 days"),
    *[(value, label) for value, label in Outcome.choices if value != Outcome.UPCOMING],
]


class DeadlineFilter(django_filters.FilterSet):
    """Status, campaign, who watches, words, and from–to. `today` is the reader's own day."""

    status = django_filters.ChoiceFilter(
        choices=STATUS, method="with_status", empty_label=None, label="Show", initial=OPEN
    )
    campaign = django_filters.ModelChoiceFilter(
        queryset=Campaign.objects.none(), empty_label="all my campaigns", label="In"
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(),
        field_name="milestone__owner",
        empty_label="anybody",
        null_label="nobody",
        label="Watched by",
    )
    words = WordsFilter(field_name="headline", lookup_expr="icontains", max_length=100, label="Words")
    start = DayFilter(method="not_before", label="From")
    end = DayFilter(method="not_after", label="Until")

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, user: User, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        campaigns = Campaign.objects.joined_by(user)
        cast("forms.ModelChoiceField[Campaign]", self.form.fields["campaign"]).queryset = campaigns
        people = User.objects.filter(memberships__campaign__in=list(campaigns)).distinct()
        cast("forms.ModelChoiceField[User]", self.form.fields["owner"]).queryset = people.order_by("username")

    def with_status(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Milestones of one status. Only they fall due, and to say so again would mislead the database."""
        if value == OVERDUE:
            return rows.filter(due__lt=self.today)
        if value == SOON:
            return rows.filter(due__gte=self.today, due__lte=self.today + timedelta(days=30))
        if value == OPEN:
            return rows.filter(due__isnull=False)
        return rows.filter(kind=Kind.MILESTONE, milestone__outcome=value)

    def not_before(self, rows: QuerySet[Entry], name: str, value: PartialDate | None) -> QuerySet[Entry]:
        return rows.filter(latest__gte=value.placed) if value else rows

    def not_after(self, rows: QuerySet[Entry], name: str, value: PartialDate | None) -> QuerySet[Entry]:
        return rows.filter(Q(latest__lte=value.latest)) if value and value.latest else rows

    def is_settled(self) -> bool:
        """Whether the rows asked for have no deadline any more, and are ordered by their day instead."""
        return self.form.is_valid() and self.form.cleaned_data["status"] in Outcome.values


FEW = 1_000
EARLIEST, LATEST = date(1900, 1, 1), date(9990, 1, 1)
"""Days that have a moment in every zone."""
LEDGER_STATES = [(state, state.capitalize()) for state in ledger.STATES]


class LedgerFilter(django_filters.FilterSet):
    """State, campaign, to whom, through what, words of the milestone, and from–to of when it is due, in the
    reader's zone. `people` and `campaigns` are what may be asked for; without them it is not asked."""

    state = django_filters.ChoiceFilter(choices=LEDGER_STATES, method="with_state", widget=forms.HiddenInput)
    campaign = django_filters.ModelChoiceFilter(
        queryset=Campaign.objects.none(), empty_label="all my campaigns", label="In"
    )
    person = WordsFilter(method="with_person", max_length=100, label="To")
    channel = django_filters.ChoiceFilter(
        choices=ChannelKind.choices, method="with_channel", empty_label="any channel", label="Through"
    )
    words = WordsFilter(method="with_words", max_length=100, label="Milestone")
    start = DayFilter(method="not_before", label="From")
    end = DayFilter(method="not_after", label="Until")

    class Meta:
        model = Reminder
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        *args: Any,
        entries: QuerySet[Entry],
        people: QuerySet[User] | None = None,
        campaigns: QuerySet[Campaign] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entries, self.people = entries, people
        for name, rows in (("person", people), ("campaign", campaigns)):
            if rows is None:
                del self.form.fields[name]
                del self.filters[name]
        if campaigns is not None:
            cast("forms.ModelChoiceField[Campaign]", self.form.fields["campaign"]).queryset = campaigns

    def with_state(self, rows: QuerySet[Reminder], name: str, value: str) -> QuerySet[Reminder]:
        return ledger.in_state(rows, value)

    def with_person(self, rows: QuerySet[Reminder], name: str, value: str) -> QuerySet[Reminder]:
        """To whoever has all these words in their name: typed, for a team may be too many to choose from."""
        found = self.people if self.people is not None else User.objects.none()
        for word in value.split():
            named = Q(first_name__icontains=word) | Q(last_name__icontains=word)
            found = found.filter(named | Q(username__icontains=word))
        return rows.filter(recipient__in=list(found.values_list("pk", flat=True)[:FEW]))

    def with_channel(self, rows: QuerySet[Reminder], name: str, value: str) -> QuerySet[Reminder]:
        """Where few channels are of that kind they are listed; else each row is asked."""
        few = list(Channel.objects.filter(kind=value).values_list("pk", flat=True)[: FEW + 1])
        return rows.filter(channel__in=few) if len(few) <= FEW else rows.filter(channel__kind=value)

    def with_words(self, rows: QuerySet[Reminder], name: str, value: str) -> QuerySet[Reminder]:
        found = self.entries.filter(kind=Kind.MILESTONE, headline__icontains=value)
        few = list(found.values_list("pk", flat=True)[: FEW + 1])
        if len(few) <= FEW:
            return rows.filter(milestone__in=few)
        return rows.filter(milestone__entry__headline__icontains=value)

    def not_before(
        self, rows: QuerySet[Reminder], name: str, value: PartialDate | None
    ) -> QuerySet[Reminder]:
        if not value:
            return rows
        return rows.filter(due_at__gte=moment(_kept(value.placed), time(0), _zone()))

    def not_after(self, rows: QuerySet[Reminder], name: str, value: PartialDate | None) -> QuerySet[Reminder]:
        if not value or not value.latest:
            return rows
        return rows.filter(due_at__lt=end_of(_kept(value.latest), _zone()))

    def is_narrowed(self) -> bool:
        """Whether anything but the state is asked for."""
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        return any(value for name, value in asked.items() if name != "state")

    def state_asked(self) -> str:
        """A word of ledger.STATES, or "" for what matters now."""
        return self.form.cleaned_data["state"] if self.form.is_valid() else ""


SLIPPED, MOVED, FORWARD, EVERY = "slipped", "moved", "forward", "all"
SHOWN = [
    (SLIPPED, "What slipped"),
    (MOVED, "What moved at all"),
    (FORWARD, "What was brought forward"),
    (EVERY, "Every milestone"),
]


class SlipFilter(django_filters.FilterSet):
    """What moved, words, of which bill, whose, and from–to of the day a move was recorded, in the
    campaign's zone. `names` are the rows that names are looked for in."""

    show = django_filters.ChoiceFilter(choices=SHOWN, method="with_show", empty_label=None, label="Show")
    words = WordsFilter(field_name="headline", lookup_expr="icontains", max_length=100, label="Words")
    bill = django_filters.ModelChoiceFilter(
        queryset=Bill.objects.none(), method="with_bill", empty_label="any or none", label="Bill"
    )
    organisation = NameFilter(find="organisations", label="Body")
    person = NameFilter(find="persons", label="Person")
    start = DayFilter(method="within", label="Moved from")
    end = DayFilter(method="within", label="Until")

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def __init__(
        self, *args: Any, bills: QuerySet[Bill], names: dict[str, QuerySet[Any]], zone: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        cast("forms.ModelChoiceField[Bill]", self.form.fields["bill"]).queryset = bills
        for name, rows in names.items():
            cast(NameField, self.form.fields[name]).rows = rows

    def with_show(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        if value == SLIPPED:
            return rows.filter(slip_days__gt=0)
        if value == FORWARD:
            return rows.filter(slip_days__lt=0)
        return rows.filter(milestone__moves__gt=0) if value == MOVED else rows

    def with_bill(self, rows: QuerySet[Entry], name: str, value: Bill | None) -> QuerySet[Entry]:
        """The days of its stages, and what was promised of it."""
        return rows.filter(Q(milestone__step__bill=value) | Q(pk=value.promise_id)) if value else rows

    def within(self, rows: QuerySet[Entry], name: str, value: PartialDate | None) -> QuerySet[Entry]:
        return rows  # both ends are asked of one move, below

    def filter_queryset(self, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        rows = super().filter_queryset(queryset)
        start, end = (self.form.cleaned_data[name] for name in ("start", "end"))
        when = {}
        if start:
            when["recorded_at__gte"] = moment(_kept(start.placed), time(0), self.zone)
        if end and end.latest:
            when["recorded_at__lt"] = end_of(_kept(end.latest), self.zone)
        return rows.filter(_moved(**when)) if when else rows

    def unknown_names(self) -> list[str]:
        """Sentences about names in the address that nothing here has."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        return [
            f"Nothing here has the {name} “{cleaned[name][:80]}”."
            for name in ("organisation", "person")
            if isinstance(cleaned.get(name), str)
        ]


def _moved(**when: Any) -> Exists:
    """That a target was recorded then which was not the first."""
    before = TargetDate.objects.filter(milestone=OuterRef("milestone"), pk__lt=OuterRef("pk"))
    return Exists(TargetDate.objects.filter(Exists(before), milestone=OuterRef("pk"), **when))


def _kept(day: date) -> date:
    """Within the days that have a moment in every zone."""
    return min(max(day, EARLIEST), LATEST)


def _zone() -> Any:
    return timezone.get_current_timezone()
