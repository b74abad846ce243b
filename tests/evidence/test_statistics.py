"""Statistics: entry and figure are written together."""

from datetime import date
from decimal import Decimal

import pytest

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.evidence.actions import edit_statistic
from apps.evidence.models import Hedge, Statistic
from apps.timeline.actions import Conflict
from apps.timeline.models import Entry, Kind
from tests import make
from tests.make import AT


def test_a_statistic_is_an_entry_and_its_figure(campaign: Campaign) -> None:
    row = Statistic.everything.select_related("entry").get(pk=make.statistic(campaign).pk)
    assert (row.entry.kind, row.entry.shown_from, row.figure, row.baseline) == (Kind.STATISTIC, AT, 389, 191)
    assert (row.period, row.period_earliest, row.period_latest) == (
        "2019-04/2020-03",
        date(2019, 4, 1),
        date(2020, 3, 31),
    )
    assert str(row) == "Recorded offences: 389 offences"


def test_an_edit_writes_figure_and_entry_and_clears_what_is_gone(campaign: Campaign) -> None:
    editor, row = make.member(campaign, Role.PRESS), make.statistic(campaign)
    figure = make.figure(figure=Decimal("0.5"), hedge=Hedge.OVER, period=None, next_release=parse("2027"))
    edit_statistic(statistic=row, facts=make.facts(headline="New"), figure=figure, version=1, by=editor)
    new = Statistic.everything.select_related("entry").get(pk=row.pk)
    assert (new.entry.headline, new.entry.version, new.figure, new.hedge) == (
        "New",
        2,
        Decimal("0.5"),
        "over",
    )
    assert (new.period, new.period_earliest, new.period_latest, new.next_release) == ("", None, None, "2027")
    assert [past.history_user for past in new.history.all()] == [editor, make.owner_of(campaign)]


def test_who_edits_second_is_told_and_nothing_is_written(campaign: Campaign) -> None:
    owner, row = make.owner_of(campaign), make.statistic(campaign)
    edit_statistic(statistic=row, facts=make.facts(), figure=make.figure(), version=1, by=owner)
    row = Statistic.everything.get(pk=row.pk)
    with pytest.raises(Conflict):
        edit_statistic(
            statistic=row, facts=make.facts(), figure=make.figure(figure=Decimal(1)), version=1, by=owner
        )
    assert Statistic.everything.get(pk=row.pk).figure == 389


def test_figures_have_no_public_manager() -> None:
    assert [name for name in ("objects",) if hasattr(Statistic, name)] == []
    assert Entry.objects.__class__.__name__ == "Gate"
