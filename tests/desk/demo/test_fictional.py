"""The fictional campaign: dates around today, and one of each sort that not everybody sees."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.desk.demo import fictional
from apps.desk.demo.people import cast
from apps.desk.demo.planted import HEADLINE
from apps.desk.findings import CHECKS, Scene, look
from apps.desk.promised import lines_of, waiting
from apps.evidence.arithmetic import Verdict as ArithmeticVerdict
from apps.evidence.checks import Verbatim, check_change, verbatim
from apps.evidence.models import Quote, Statistic
from apps.legislation.models import Milestone, Outcome, TargetDate
from apps.reminders.models import Reminder
from apps.timeline.models import Entry
from tests.make import AT

TODAY = date(2026, 3, 10)
HIDDEN = {
    "Nobody knew what to do (embargoed)",
    "The minister on the duty to check",
    "Glimmer Live closes its rooms for under-16s at night",
    "Call with the committee’s clerk",
}
OWN_DRAFT = {"Glimmer Live closes its rooms for under-16s at night"}


def seen(campaign: Campaign, user: User | AnonymousUser, at: datetime = AT) -> set[str]:
    found = Entry.objects.visible_to(user, at=at, campaign=campaign)
    return set(found.values_list("headline", flat=True))


@pytest.fixture
def milestones(streams: Campaign) -> Callable[[str], Milestone]:
    return lambda headline: Milestone.everything.select_related("entry").get(
        entry__campaign=streams, entry__headline=headline
    )


def test_it_is_private_and_says_that_it_is_fictional(streams: Campaign) -> None:
    assert (streams.is_public, streams.demo, streams.name) == (
        False,
        True,
        "Safer Streams (fictional example)",
    )


def test_deadlines_lie_ahead(streams: Campaign) -> None:
    upcoming = Milestone.everything.filter(entry__campaign=streams, entry__due__gt=TODAY)
    days = {(entry.entry.due - TODAY).days for entry in upcoming}  # type: ignore[operator]
    assert {1, 6, 12, 30} <= days


def test_one_is_overdue_and_slipped_twice(milestones: Callable[[str], Milestone]) -> None:
    response = milestones("Response to the consultation")
    assert response.entry.due == TODAY - timedelta(days=9)
    assert (response.moves, response.slip_days) == (2, 61)


def test_one_is_met_and_one_dropped(milestones: Callable[[str], Milestone]) -> None:
    bill, petition = milestones("Live Streaming (Safety) Bill introduced"), milestones("Petition handed in")
    assert (bill.outcome, bill.late_days(TODAY)) == (Outcome.MET, 9)
    assert petition.outcome == Outcome.DROPPED


def test_dates_are_as_vague_as_life(streams: Campaign) -> None:
    dates = set(Entry.everything.filter(campaign=streams).values_list("date", flat=True))
    assert {"2027-21", "../2027-12-31", "2028~"} <= dates


@pytest.mark.django_db
def test_nothing_is_recorded_in_the_future_even_at_night() -> None:
    at = datetime(2026, 3, 10, 0, 5, tzinfo=UTC)
    campaign = fictional.build(cast(), at=at)
    assert not Entry.everything.filter(campaign=campaign, recorded_at__gt=at).exists()
    assert not TargetDate.objects.filter(milestone__entry__campaign=campaign, recorded_at__gt=at).exists()


@pytest.mark.parametrize("name", ["amira", "tom", "priya"])
def test_staff_see_all_of_it(streams: Campaign, name: str) -> None:
    assert seen(streams, User.objects.get(username=name)) >= HIDDEN


@pytest.mark.parametrize(("name", "own"), [("lewis", OWN_DRAFT), ("jo", set())])
def test_others_see_none_of_the_hidden_but_their_own(streams: Campaign, name: str, own: set[str]) -> None:
    owner, reader = User.objects.get(username="amira"), User.objects.get(username=name)
    assert seen(streams, reader) == seen(streams, owner) - HIDDEN | own


@pytest.mark.parametrize("name", ["", "admin"])
def test_outsiders_see_nothing(streams: Campaign, name: str) -> None:
    assert seen(streams, User.objects.get(username=name) if name else AnonymousUser()) == set()


def test_the_embargo_lifts_in_three_days(streams: Campaign) -> None:
    jo = User.objects.get(username="jo")
    assert "Nobody knew what to do (embargoed)" in seen(streams, jo, datetime(2026, 3, 13, 0, 1, tzinfo=UTC))


def test_its_quotes_and_figures_show_what_checks_find(streams: Campaign) -> None:
    quotes = Quote.everything.filter(entry__campaign=streams).select_related("entry__source")
    assert {verbatim(quote) for quote in quotes} == {Verbatim.VERIFIED, Verbatim.NOT_IN_SOURCE}
    changes = [check_change(row) for row in Statistic.everything.filter(entry__campaign=streams)]
    verdicts = {change.verdict for change in changes if change}
    assert {ArithmeticVerdict.CONSISTENT, ArithmeticVerdict.WRONG} <= verdicts


def test_its_reminders_are_planned(streams: Campaign) -> None:
    planned = Reminder.objects.filter(milestone__entry__campaign=streams, state="planned")
    assert not planned.filter(due_at__lte=AT).exists()
    assert planned.filter(milestone__entry__headline="Second reading", recipient__username="tom").exists()


def test_one_goes_out_in_a_minute(streams: Campaign) -> None:
    mails = Reminder.objects.filter(milestone__entry__headline=HEADLINE, channel__kind="email")
    soon = mails.order_by("due_at", "pk")
    assert [(row.recipient.username, row.due_at) for row in soon[:2]] == [
        ("amira", AT + timedelta(seconds=60)),
        ("tom", AT + timedelta(seconds=60)),
    ]


def test_its_health_page_has_something_of_most_sorts_and_one_line(streams: Campaign) -> None:
    access = Access(streams, User.objects.get(username="amira"), Role.OWNER, AT)
    found = {name for name, check in CHECKS.items() if look(check, Scene(access)).count}
    assert found >= {"words", "sums", "contradictions", "elapsed", "owners"}
    (line,) = lines_of(waiting(access), access)
    assert line.late == "Today that date, 1 March 2026, is 9 days past."
    assert line.said == (
        "On 22 February 2026 Rhys Pellow, Minister for Online Life at Department for Digital Affairs, said:"
        " “You will have our response within a week.”"
        " (Live Streaming (Safety) Bill: oral evidence, Parliament)."
    )
