"""When an answer is due by law or by the rules of Parliament, with every day that was counted."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns.access import open_campaign
from apps.campaigns.fields import PartialDateField
from apps.dates import PartialDate, long_day
from apps.dates.counting import Count, TooFar
from apps.dates.uk_clocks import CLOCKS, Clock
from apps.legislation.holidays import tell_holidays
from apps.legislation.models import Break, Chamber, SittingBreak
from apps.legislation.sittings import breaks_between

AHEAD = timedelta(days=400)
"""How far breaks matter: no clock here runs longer."""


class ClockForm(forms.Form):
    clock = forms.ChoiceField(label="For", choices=[(key, clock.name) for key, clock in CLOCKS.items()])
    start = PartialDateField(label="Day it starts", help_text="3 May 2024")

    def clean_start(self) -> date:
        known: PartialDate | None = self.cleaned_data["start"]
        if known is None or not known.is_day or known.earliest is None:
            raise ValidationError("A clock starts on a day: type one, such as 3 May 2024.")
        return known.earliest


@dataclass(frozen=True)
class Counted:
    """What a clock says, and sentences on what is not known and would move the day."""

    clock: Clock
    count: Count
    unknown: list[str]

    @property
    def end(self) -> date:
        return self.count.end


@require_safe
def clock(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_campaign(request, slug)
    form = ClockForm(request.GET if "start" in request.GET else None)
    counted = None
    if form.is_valid():
        try:
            counted = counted_from(CLOCKS[form.cleaned_data["clock"]], form.cleaned_data["start"])
        except TooFar as error:
            form.add_error("start", str(error))
    return render(request, "desk/clock.html", {"access": access, "form": form, "counted": counted})


def counted_from(clock: Clock, start: date) -> Counted:
    """Raises TooFar."""
    until = min(start, date.max - AHEAD) + AHEAD
    tell_holidays()
    count = clock.counts(start, breaks_between(start, until))
    return Counted(clock, count, [_unknown(chamber, count.end) for chamber in clock.chambers])


def _unknown(chamber: str, end: date) -> str:
    """That recesses of a chamber are not known here as far as the count goes; empty where they are."""
    rows = SittingBreak.objects.filter(chamber__in=[chamber, Chamber.BOTH], sort=Break.RECESS)
    last: date | None = rows.aggregate(last=Max("last"))["last"]
    house = Chamber(chamber).label
    if last is None:
        return f"No recess of the {house} is known here: one of these days would move the answer."
    if last < end:
        until = long_day(last)
        return f"Recesses of the {house} are known here only until {until}: a later one would move this."
    return ""
