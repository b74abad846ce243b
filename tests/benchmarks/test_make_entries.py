"""What make_entries writes in bulk is what the actions would have written."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.evidence.models import Quote, Statistic
from apps.legislation.models import Milestone, Outcome
from apps.legislation.slips import reckon
from apps.timeline.models import Entry, Kind, Link, State

pytestmark = pytest.mark.django_db
NUMBER = 2_000


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """One campaign filled once for the whole module, and taken away after it."""
    with django_db_blocker.unblock():
        call_command("make_entries", NUMBER, campaign="bench-campaign", verbosity=0)
        yield Campaign.objects.get(slug="bench-campaign")
        _forget()


def _forget():
    call_command("flush", interactive=False, verbosity=0)


def entries(campaign):
    return Entry.everything.filter(campaign=campaign)


def test_makes_so_many_of_every_kind(filled):
    kinds = [entries(filled).filter(kind=kind).count() for kind in Kind]
    assert sum(kinds) == NUMBER
    assert min(kinds) > NUMBER / 10
    assert (
        Quote.everything.filter(entry__campaign=filled).count()
        == entries(filled).filter(kind=Kind.QUOTE).count()
    )
    assert (
        Statistic.everything.filter(entry__campaign=filled).count()
        == entries(filled).filter(kind=Kind.STATISTIC).count()
    )
    assert Link.objects.count() > NUMBER / 20


def test_the_campaign_has_an_owner_called_bench(filled):
    assert [member.user.username for member in filled.memberships.filter(role=Role.OWNER)] == ["bench"]


def test_days_follow_from_the_dates(filled):
    for entry in entries(filled):
        when = parse(entry.date)
        assert (entry.earliest, entry.latest, entry.placed) == (when.earliest, when.latest, when.placed)


def test_milestones_follow_from_their_ledgers(filled):
    milestones = Milestone.everything.filter(entry__campaign=filled).prefetch_related("targets")
    for milestone in milestones.select_related("entry"):
        rows = list(milestone.targets.all())
        sums = reckon(rows)
        assert (milestone.first_latest, milestone.slip_days, milestone.moves) == (
            sums.first_latest,
            sums.slip_days,
            sums.moves,
        )
        met = milestone.settled_on if milestone.outcome == Outcome.MET else None
        assert milestone.entry.date == (met.isoformat() if met else rows[-1].date)
        waits = milestone.is_open() and milestone.entry.state == State.PUBLISHED
        assert milestone.entry.due == (parse(rows[-1].date).due if waits else None)


def test_some_deadlines_are_overdue_and_some_lie_ahead(filled):
    today = filled.today(timezone.now())
    assert entries(filled).filter(due__lt=today).exists()
    assert entries(filled).filter(due__gt=today).exists()


def test_readers_see_what_is_published_ready_and_out_of_embargo(filled):
    for entry in entries(filled).select_related("quote"):
        ready = entry.quote.cleared_at if entry.kind == Kind.QUOTE else entry.recorded_at
        if entry.state != State.PUBLISHED or ready is None:
            assert entry.shown_from is None
        else:
            assert entry.shown_from == max(ready, entry.embargo_until or ready)


def test_a_second_call_adds_to_the_first(db):
    for seed in (1, 2):
        call_command("make_entries", 30, campaign="twice", seed=seed, verbosity=0)
    assert entries(Campaign.objects.get(slug="twice")).count() == 60


def test_refuses_on_a_production_site(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("make_entries", 1)
