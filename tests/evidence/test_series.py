"""Series: which figures join one, and which supersedes which."""

from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.evidence.actions import edit_statistic, save_series, set_state
from apps.evidence.models import Series, Statistic
from apps.evidence.series import newer_than, standing
from apps.timeline.models import Entry, State
from tests import make
from tests.pages import client_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def figure(
    campaign: Campaign, period: str = "2019-04/2020-03", *, as_of: str = "2020-09-03", **more: Any
) -> Statistic:
    facts = {name: more.pop(name) for name in ("approved", "embargo_until") if name in more}
    said = make.figure(period=parse(period) if period else None, **more)
    return make.statistic(campaign, figure=said, date=as_of, **facts)


def superseded(*rows: Statistic) -> list[int | None]:
    return [Statistic.everything.get(pk=row.pk).superseded_by_id for row in rows]


def test_figures_of_the_same_measure_unit_area_and_population_are_one_series(campaign: Campaign) -> None:
    first, second = figure(campaign), figure(campaign, "2020-04/2021-03", measure="RECORDED offences")
    others = [figure(campaign, **{word: "Another"}) for word in ("measure", "unit", "area", "population")]
    assert first.series == second.series
    assert len({row.series for row in (first, *others)}) == 5
    assert first.series.name == "Recorded offences, West Mercia"


def test_another_campaigns_series_is_never_joined(campaign: Campaign) -> None:
    here, there = figure(campaign), figure(make.campaign(name="Clean rivers"))
    assert here.series != there.series
    with pytest.raises(ValidationError, match="another campaign"):
        figure(campaign, series=there.series)


def test_a_series_is_chosen_by_name_or_made_under_one(campaign: Campaign) -> None:
    first = figure(campaign)
    named = figure(campaign, series="By the new method")
    joined = figure(campaign, "2020-04/2021-03", area="West Mercia and Wales", series=first.series)
    assert (named.series.name, named.series == first.series) == ("By the new method", False)
    assert joined.series == first.series


def test_a_lone_figures_series_follows_its_words_and_keeps_the_name_it_was_given(campaign: Campaign) -> None:
    row = figure(campaign)
    row = edited(row, area="Kent")
    assert (row.series.name, Series.objects.count()) == ("Recorded offences, Kent", 1)
    row.series.name = "Our series"
    save_series(series=row.series, by=make.owner_of(campaign))
    row = edited(row, area="Devon")
    assert (row.series.name, row.series.area, Series.objects.count()) == ("Our series", "Devon", 1)


def test_a_figure_that_leaves_a_series_leaves_the_others_and_an_empty_series_goes(campaign: Campaign) -> None:
    first, second, lone = figure(campaign), figure(campaign, "2020-04/2021-03"), figure(campaign, area="Kent")
    second = edited(second, area="Kent", period=parse("2020-04/2021-03"))
    assert (second.series, superseded(first, lone)) == (lone.series, [None, second.pk])
    edited(first, area="Kent")
    assert Series.objects.get() == lone.series
    assert Series.history.filter(history_type="-").count() == 1


def edited(row: Statistic, **fields: Any) -> Statistic:
    row = Statistic.everything.select_related("entry__campaign", "series").get(pk=row.pk)
    return edit_statistic(
        statistic=row,
        facts=make.facts(date="2020-09-03"),
        figure=make.figure(**fields),
        version=row.entry.version,
        by=make.owner_of(row.entry.campaign),
    )


def test_a_later_period_supersedes_an_earlier_one_whichever_was_added_first(campaign: Campaign) -> None:
    later = figure(campaign, "2020-04/2021-03")
    first, between = figure(campaign, "2018-04/2019-03"), figure(campaign)
    assert superseded(first, between, later) == [later.pk, later.pk, None]


def test_a_revision_supersedes_the_figure_for_the_same_period_before_a_later_period_does(
    campaign: Campaign,
) -> None:
    first, later = figure(campaign), figure(campaign, "2020-04/2021-03", as_of="2021-09")
    revised = figure(campaign, as_of="2021-01-05")
    assert superseded(first, later, revised) == [revised.pk, None, later.pk]


def test_two_figures_for_one_period_as_of_one_day_supersede_neither(campaign: Campaign) -> None:
    assert superseded(figure(campaign), figure(campaign, figure=Decimal(390))) == [None, None]


def test_figures_without_a_period_go_by_their_as_of_dates(campaign: Campaign) -> None:
    first, second = figure(campaign, "", as_of="2020-01-01"), figure(campaign, "", as_of="2020-06")
    assert superseded(first, second) == [second.pk, None]


def test_drafts_and_what_is_withdrawn_supersede_nothing(campaign: Campaign) -> None:
    owner, first = make.owner_of(campaign), figure(campaign)
    draft = figure(campaign, "2020-04/2021-03", approved=False)
    assert superseded(first) == [None]
    set_state(entry=draft.entry, state=State.PUBLISHED, by=owner)
    assert superseded(first) == [draft.pk]
    set_state(entry=draft.entry, state=State.WITHDRAWN, by=owner)
    assert superseded(first) == [None]
    set_state(entry=draft.entry, state=State.PUBLISHED, by=owner)
    assert superseded(first) == [draft.pk]


def test_deriving_writes_no_history_and_no_version(campaign: Campaign) -> None:
    first = figure(campaign)
    figure(campaign, "2020-04/2021-03")
    assert (first.history.count(), Entry.everything.get(pk=first.pk).version) == (1, 1)


def test_the_bounds_of_the_next_release_can_be_asked_for(campaign: Campaign) -> None:
    row = figure(campaign, next_release=parse("2021-10"))
    due = Statistic.everything.filter(next_release_latest__lt=date(2021, 11, 1), superseded_by=None)
    assert (row.next_release_earliest, list(due)) == (date(2021, 10, 1), [row])


def test_steps_are_kept_or_told_from_the_last_digit(campaign: Campaign) -> None:
    row = figure(campaign, figure=Decimal("3400000"), figure_step=Decimal(100_000), baseline=Decimal("12.5"))
    stored = Statistic.everything.get(pk=row.pk)
    assert (stored.figure_step, stored.baseline_step, stored.change_step) == (100_000, Decimal("0.1"), 1)


@given(st.lists(st.tuples(st.integers(2015, 2019), st.integers(2019, 2022)), min_size=1, max_size=6))
def test_following_what_supersedes_always_ends_at_a_figure_that_stands(years: list[tuple[int, int]]) -> None:
    rows = []
    for number, (year, as_of) in enumerate(years):
        entry = Entry(
            pk=number, earliest=date(as_of, 1, 1), latest=date(as_of, 1, 1), placed=date(as_of, 1, 1)
        )
        row = Statistic(period=str(year), period_earliest=date(year, 1, 1), period_latest=date(year, 12, 31))
        row.entry, row.pk = entry, number
        rows.append(row)
    for row in rows:
        steps = 0
        while (newer := newer_than(row, rows).newest) is not None:
            row, steps = newer, steps + 1
            assert steps <= len(rows)
        assert row in standing(rows)


def test_migrating_groups_what_was_there_and_says_what_is_superseded(campaign: Campaign) -> None:
    """The migration's own rules, on rows as they were before it."""
    first = figure(campaign, "2018-04/2019-03", figure=Decimal("12.50"), baseline=None, stated_change=None)
    revised = figure(campaign, "2018-04/2019-03", as_of="2021", next_release=parse("2027-03"))
    later, other = figure(campaign, measure="RECORDED OFFENCES"), figure(campaign, area="Kent")
    rows = (first, revised, later, other)
    expected = superseded(*rows)
    names = {row.pk: row.series.name for row in rows}
    old = Series.objects.create(campaign=campaign, name="All in one", measure="x")
    Statistic.everything.update(
        series=old, superseded_by=None, figure_step=1, next_release_earliest=None, next_release_latest=None
    )
    import_module("apps.evidence.migrations.0003_group_into_series").group(apps, None)
    stored = Statistic.everything.in_bulk()
    assert superseded(*rows) == expected == [revised.pk, later.pk, None, None]
    assert {pk: row.series.name for pk, row in stored.items()} == names
    assert stored[first.pk].figure_step == Decimal("0.1")
    assert stored[revised.pk].next_release_latest == date(2027, 3, 31)


@pytest.mark.parametrize("model", ["timeline_entry", "evidence_statistic"])
@pytest.mark.parametrize("many", [False, True])
def test_a_figure_deleted_in_the_admin_supersedes_nothing_any_more(
    model: str, many: bool, campaign: Campaign
) -> None:
    rows = [figure(campaign, f"{year}-04/{year + 1}-03") for year in (2018, 2019, 2020)]
    assert superseded(*rows) == [rows[2].pk, rows[2].pk, None]
    admin = client_of(make.user("ada", is_staff=True, is_superuser=True))
    if many:
        address, asked = reverse(f"admin:{model}_changelist"), {"action": "delete_selected"}
        asked |= {"_selected_action": str(rows[2].pk)}
    else:
        address, asked = reverse(f"admin:{model}_delete", args=[rows[2].pk]), {}
    assert admin.post(address, {"post": "yes", **asked}).status_code == 302
    assert not Entry.everything.filter(pk=rows[2].pk).exists()
    assert superseded(*rows[:2]) == [rows[1].pk, None]
