"""They said, and it is late: which lines are drafted, once, and what becomes of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.evidence.clearance import withdraw_clearance
from apps.evidence.models import Quote
from apps.health.models import BrokenPromise
from apps.health.promises import Decided, dismiss, draft_broken_promises, take
from apps.health.tasks import look_at_promises
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.timeline.actions import remove_link
from apps.timeline.models import Entry, Link, Relation
from campaigntracker.celery import app
from tests import make
from tests.make import AT, DAY
from tests.pages import Clock

pytestmark = pytest.mark.django_db
BEFORE = AT - 90 * DAY
Promise = tuple[Quote, Milestone]


def promise(campaign: Campaign, *, target: str = "2026-01-31", **quote: Any) -> Promise:
    """A quote of 2 January that promises a milestone whose target is `target`."""
    milestone = make.milestone(campaign, target=target, at=BEFORE)
    said = make.quote(campaign, **({"cleared": True, "date": "2026-01-02"} | quote))
    make.link(said.entry, milestone.entry, Relation.PROMISES)
    return said, milestone


def move(milestone: Milestone, to: str, at: datetime, **fields: Any) -> None:
    owner = make.owner_of(milestone.entry.campaign)
    revise_target(milestone=milestone, to=parse(to), reason="Delayed", by=owner, at=at, **fields)


def targets() -> list[str]:
    return list(BrokenPromise.objects.order_by("pk").values_list("target", flat=True))


def test_a_promise_is_broken_the_day_after_its_date(campaign: Campaign) -> None:
    promise(campaign, target="2026-03-10")
    midnight = datetime(2026, 3, 11, tzinfo=campaign.zone)
    assert draft_broken_promises(at=midnight - timedelta(seconds=1)) == 0
    assert draft_broken_promises(at=midnight) == 1


def test_each_campaign_has_its_own_day(campaign: Campaign) -> None:
    campaign.time_zone = "Pacific/Auckland"
    campaign.save()
    promise(campaign, target="2026-03-10")
    assert draft_broken_promises(at=AT.replace(hour=10)) == 0
    assert draft_broken_promises(at=AT.replace(hour=12)) == 1


def test_a_line_is_drafted_once(campaign: Campaign) -> None:
    promise(campaign)
    assert [draft_broken_promises(at=AT + days * DAY) for days in range(3)] == [1, 0, 0]
    line = BrokenPromise.objects.get()
    assert (line.target, line.due.isoformat(), line.state) == ("2026-01-31", "2026-01-31", "waiting")


def test_nothing_is_drafted_again_after_a_decision(campaign: Campaign) -> None:
    promise(campaign)
    draft_broken_promises(at=AT)
    dismiss(line=BrokenPromise.objects.get(), because="Known", by=make.owner_of(campaign), at=AT)
    assert (draft_broken_promises(at=AT + DAY), BrokenPromise.objects.count()) == (0, 1)


def test_what_was_promised_is_the_date_that_stood_when_it_was_said(campaign: Campaign) -> None:
    _, milestone = promise(campaign)
    move(milestone, "2026-02-20", AT - 30 * DAY)  # after it was said, before today
    later = make.quote(campaign, cleared=True, date="2026-02-15")
    make.link(later.entry, milestone.entry, Relation.PROMISES)
    assert draft_broken_promises(at=AT) == 2
    assert targets() == ["2026-01-31", "2026-02-20"]


def test_a_date_moved_ahead_before_it_passed_was_broken_all_the_same(campaign: Campaign) -> None:
    _, milestone = promise(campaign)
    move(milestone, "2027-01-31", AT - 60 * DAY)
    assert draft_broken_promises(at=AT) == 1
    assert targets() == ["2026-01-31"]


def test_a_typo_put_right_was_never_promised(campaign: Campaign) -> None:
    _, milestone = promise(campaign, target="2025-01-31")
    move(milestone, "2027-01-31", AT - DAY, correction=True)
    assert draft_broken_promises(at=AT) == 0


def test_about_a_year_is_late_when_that_year_is_over(campaign: Campaign) -> None:
    promise(campaign, target="2026~")
    assert draft_broken_promises(at=datetime(2026, 12, 31, 12, tzinfo=campaign.zone)) == 0
    assert draft_broken_promises(at=datetime(2027, 1, 1, 12, tzinfo=campaign.zone)) == 1


def hide_milestone(said: Quote, milestone: Milestone) -> None:
    Entry.everything.filter(pk=milestone.pk).update(visibility="staff")


def clearance_over(said: Quote, milestone: Milestone) -> None:
    Entry.everything.filter(pk=said.pk).update(shown_until=AT)


def settled(said: Quote, milestone: Milestone) -> None:
    owner = make.owner_of(said.entry.campaign)
    settle(milestone=milestone, outcome=Outcome.MET, on=AT.date(), by=owner, at=AT)


def unlinked(said: Quote, milestone: Milestone) -> None:
    remove_link(link=Link.objects.get(), by=make.owner_of(said.entry.campaign))


def withdrawn(said: Quote, milestone: Milestone) -> None:
    withdraw_clearance(quote=said, by=make.owner_of(said.entry.campaign), at=AT)


@pytest.mark.parametrize("change", [hide_milestone, clearance_over, settled, unlinked, withdrawn])
def test_nothing_is_drafted_from_what_readers_do_not_see_or_has_come(campaign: Campaign, change: Any) -> None:
    change(*promise(campaign))
    assert draft_broken_promises(at=AT) == 0


@pytest.mark.parametrize(
    "fields", [{"cleared": False}, {"approved": False}, {"embargo_until": AT + DAY}, {"visibility": "staff"}]
)
def test_nothing_is_drafted_from_a_hidden_quote(campaign: Campaign, fields: dict[str, Any]) -> None:
    promise(campaign, **fields)
    assert draft_broken_promises(at=AT) == 0


@pytest.mark.parametrize("change", [hide_milestone, clearance_over, unlinked, withdrawn])
def test_a_line_hides_with_its_quote_its_milestone_or_their_link(campaign: Campaign, change: Any) -> None:
    pair = promise(campaign)
    draft_broken_promises(at=AT)
    assert BrokenPromise.objects.waiting(at=AT).count() == 1
    change(*pair)
    assert BrokenPromise.objects.waiting(at=AT).count() == 0


def test_the_second_to_decide_is_told(campaign: Campaign) -> None:
    promise(campaign)
    draft_broken_promises(at=AT)
    line, owner = BrokenPromise.objects.get(), make.owner_of(campaign)
    take(line=line, entry=make.update(campaign), by=owner, at=AT)
    with pytest.raises(Decided):
        dismiss(line=line, because="Known", by=owner, at=AT)
    assert BrokenPromise.objects.get().state == "taken"


def test_many_promises_take_as_few_queries_as_two(campaign: Campaign, django_assert_num_queries: Any) -> None:
    for _ in range(12):
        promise(campaign)
    with django_assert_num_queries(5):  # a batch and the one after it, ledgers, what is known, the new rows
        assert draft_broken_promises(at=AT) == 12


@pytest.mark.database
def test_two_ticks_at_once_draft_each_line_once(shared_database: None) -> None:
    campaign = make.campaign(owner=make.user("olive"))
    for _ in range(8):
        promise(campaign)

    def tick(_: int) -> int:
        try:
            return draft_broken_promises(at=AT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tick, range(4)))
    assert BrokenPromise.objects.count() == 8


def test_beat_knows_the_look_and_the_command_does_the_same(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", Clock(AT))
    (entry,) = [
        each for each in settings.CELERY_BEAT_SCHEDULE.values() if each["task"] == look_at_promises.name
    ]
    assert entry["schedule"] == 3600
    app.loader.import_default_modules()
    assert app.tasks[entry["task"]].name == look_at_promises.name
    promise(campaign)
    look_at_promises()
    assert BrokenPromise.objects.count() == 1
    promise(campaign)
    said = StringIO()
    call_command("draft_broken_promises", stdout=said)
    assert (said.getvalue(), BrokenPromise.objects.count()) == ("1 line drafted.\n", 2)
