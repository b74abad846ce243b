"""Writing entries: what is derived, what conflicts, what is refused, what history keeps."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.evidence.actions import set_state
from apps.timeline.actions import Conflict, edit_entry
from apps.timeline.models import Entry, State, Tag
from tests import make
from tests.make import AT, DAY


def stored(entry: Entry) -> Entry:
    return Entry.everything.get(pk=entry.pk)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2026-03-01", (date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 1))),
        ("2020-23", (date(2020, 9, 1), date(2020, 11, 30), date(2020, 9, 1))),
        ("2021~", (date(2021, 1, 1), date(2021, 12, 31), date(2021, 1, 1))),
        ("../2021-12-31", (None, date(2021, 12, 31), date(2021, 12, 31))),
        ("2021-01/..", (date(2021, 1, 1), None, date(2021, 1, 1))),
    ],
)
def test_the_bounds_of_the_date_are_stored_beside_it(
    campaign: Campaign, text: str, bounds: tuple[date | None, date | None, date]
) -> None:
    entry = stored(make.update(campaign, date=text))
    assert (entry.date, entry.earliest, entry.latest, entry.placed) == (text, *bounds)


def test_a_new_entry_knows_who_recorded_it_and_when(campaign: Campaign, cast: dict[str, User]) -> None:
    entry = stored(make.update(campaign, by=cast[Role.PRESS]))
    assert (entry.created_by, entry.recorded_at, entry.shown_from) == (cast[Role.PRESS], AT, AT)


def test_a_draft_is_shown_once_it_is_approved(campaign: Campaign) -> None:
    entry = make.update(campaign, approved=False)
    assert (entry.state, entry.shown_from) == (State.DRAFT, None)
    approved = set_state(entry=entry, state=State.PUBLISHED, by=make.owner_of(campaign))
    assert (approved.state, approved.shown_from) == (State.PUBLISHED, AT)


def test_withdrawing_hides_and_restoring_shows_under_the_same_embargo(campaign: Campaign) -> None:
    owner, embargo = make.owner_of(campaign), AT + DAY
    entry = make.update(campaign, embargo_until=embargo)
    withdrawn = set_state(entry=entry, state=State.WITHDRAWN, by=owner)
    restored = set_state(entry=entry, state=State.PUBLISHED, by=owner)
    assert (withdrawn.shown_from, restored.shown_from) == (None, embargo)


def test_an_embargo_in_the_past_hides_nothing(campaign: Campaign) -> None:
    assert make.update(campaign, embargo_until=AT - DAY).shown_from == AT


def test_an_edit_writes_the_facts_and_counts_the_version(campaign: Campaign) -> None:
    entry = make.update(campaign, tags=("Ofcom",))
    edit_entry(
        entry=entry,
        facts=make.facts(headline="New", date="2026-04", note="n", tags=("Bill",), embargo_until=AT + DAY),
        version=1,
        by=make.owner_of(campaign),
    )
    new = stored(entry)
    assert (new.headline, new.date, new.note, new.version) == ("New", "2026-04", "n", 2)
    assert (new.placed, new.shown_from) == (date(2026, 4, 1), AT + DAY)
    assert [tag.name for tag in new.tags.all()] == ["Bill"]


def test_lifting_an_embargo_shows_the_entry_from_its_start(campaign: Campaign) -> None:
    entry = make.update(campaign, embargo_until=AT + DAY)
    edit_entry(entry=entry, facts=make.facts(), version=1, by=make.owner_of(campaign))
    assert stored(entry).shown_from == AT


def test_who_saves_second_is_told_and_nothing_is_written(campaign: Campaign) -> None:
    owner, entry = make.owner_of(campaign), make.update(campaign)
    edit_entry(entry=entry, facts=make.facts(headline="First"), version=1, by=owner)
    with pytest.raises(Conflict) as refusal:
        edit_entry(entry=entry, facts=make.facts(headline="Second"), version=1, by=owner)
    assert (refusal.value.entry.headline, refusal.value.entry.version) == ("First", 2)
    assert (stored(entry).headline, entry.history.count()) == ("First", 2)


@pytest.mark.parametrize("part", ["source", "person", "organisation"])
def test_parts_of_another_campaign_are_refused(
    campaign: Campaign, other_campaign: Campaign, part: str
) -> None:
    foreign = {part: getattr(make, part)(other_campaign)}
    with pytest.raises(ValidationError, match="belongs to another campaign"):
        make.update(campaign, **foreign)
    entry = make.update(campaign)
    with pytest.raises(ValidationError, match="belongs to another campaign"):
        edit_entry(entry=entry, facts=make.facts(**foreign), version=1, by=make.owner_of(campaign))
    assert Entry.everything.count() == 1


def test_a_tag_is_one_whatever_its_case_and_stays_in_its_campaign(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    for where, name in ((campaign, "Ofcom"), (campaign, "OFCOM"), (other_campaign, "ofcom")):
        make.update(where, tags=(name, name))
    assert sorted(Tag.objects.values_list("campaign", "name")) == [
        (campaign.pk, "Ofcom"),
        (other_campaign.pk, "ofcom"),
    ]


def test_every_change_leaves_a_row_of_history_with_its_author(
    campaign: Campaign, cast: dict[str, User]
) -> None:
    entry = make.update(campaign, by=cast[Role.VOLUNTEER], approved=False)
    set_state(entry=entry, state=State.PUBLISHED, by=cast[Role.ADVOCACY])
    edit_entry(entry=entry, facts=make.facts(headline="New"), version=2, by=cast[Role.PRESS])
    rows = entry.history.order_by("history_id")
    assert [(row.history_type, row.history_user, row.state, row.version) for row in rows] == [
        ("+", cast[Role.VOLUNTEER], State.DRAFT, 1),
        ("~", cast[Role.ADVOCACY], State.PUBLISHED, 2),
        ("~", cast[Role.PRESS], State.PUBLISHED, 3),
    ]
    moments = [row.history_date for row in rows]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] < timedelta(minutes=1)


def test_only_an_open_milestone_falls_overdue(campaign: Campaign) -> None:
    due = make.milestone(campaign, target="2026-06-20").entry
    answers = [entry.is_overdue(day) for entry in (due, make.update(campaign)) for day in _around(due)]
    assert answers == [False, True, False, False]


def _around(entry: Entry) -> tuple[date, date]:
    assert entry.due is not None
    return entry.due, entry.due + DAY
