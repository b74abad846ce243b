"""What the deadlines board can be narrowed to: one FilterSet for the page and its exports."""

from datetime import timedelta
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.legislation.models import Outcome
from apps.timeline.filters import DayFilter, WordsFilter
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
