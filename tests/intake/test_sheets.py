"""Importing files of entries: checked, written all or none, known again, taken back."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.evidence.models import Quote, Series, Statistic
from apps.intake.models import LEASE, Import, Imported, Row
from apps.intake.sheets import actions, steps
from apps.intake.sheets.checking import TOO_MANY
from apps.intake.sheets.lines import BadSheet
from apps.intake.sheets.writing import write
from apps.legislation.actions import revise_target
from apps.legislation.models import Milestone
from apps.people.models import Organisation, Person
from apps.sources.models import Source
from apps.timeline.models import Density, Entry, Kind, Words
from tests import make
from tests.imports import UPDATES, checked, chosen, handed, imported, undone, worked
from tests.make import AT, DAY

pytestmark = [pytest.mark.database, pytest.mark.django_db]

STATISTICS = """\
Measure,Figure,Unit,Area,Period,As of,Source,Counted by,Tags
Recorded offences,389,offences,West Mercia,2019/20,3 Sept 2020,Police figures,NSPCC,"police, data"
Recorded offences,"1,204",offences,Kent,2019/20,2020-09-03,Police figures,NSPCC,police
Recorded offences,191,offences,West Mercia,2018/19,2019-09-03,Older figures,NSPCC,
"""
MILESTONES = """\
Milestone,Deadline,Watched by,Who must do it
Second reading,by 20 June 2026,,DSIT
Royal Assent,by the end of 2026,,DSIT
"""
QUOTES = """\
Quote,Speaker,Organisation,When it was said,Source
The law must catch up.,Andy Burrows,NSPCC,3 Sept 2020,The Guardian
Every month counts.,Nadia Okonjo,,2020-10-01,The Guardian
"""


def counts(importing: Import) -> tuple[int, ...]:
    return (importing.fresh, importing.same, importing.wrong, importing.skipped)


def entries(campaign: Campaign) -> list[Entry]:
    return list(Entry.everything.filter(campaign=campaign).order_by("pk"))


def everything(campaign: Campaign) -> dict[str, int]:
    """How much of everything there is that an import makes."""
    tables: Iterable[Any] = (Person, Organisation, Source, Series, Words)
    return {
        "entries": len(entries(campaign)),
        "density": sum(Density.objects.values_list("every", flat=True)),
        **{table.__name__: table._default_manager.count() for table in tables},
    }


def test_statistics_are_checked_and_then_written(campaign: Campaign) -> None:
    importing = checked(campaign, STATISTICS, Kind.STATISTIC)
    assert counts(importing) == (3, 0, 0, 0)
    assert entries(campaign) == []
    actions.ask(importing, "all", at=AT)
    worked(importing)
    assert (importing.state, importing.made) == (Import.State.DONE, 3)
    first = entries(campaign)[0]
    assert first.headline == "389 offences: Recorded offences, West Mercia"
    assert (first.date, first.visibility, first.created_by) == ("2020-09-03", "team", make.owner_of(campaign))
    assert sorted(tag.name for tag in first.tags.all()) == ["data", "police"]
    assert (str(first.source), str(first.organisation)) == ("Police figures", "NSPCC")
    assert first.history.get().history_user == make.owner_of(campaign)
    assert Source.objects.count() == 2
    assert Organisation.objects.count() == 1
    assert Series.objects.count() == 2


def test_what_is_written_is_what_the_form_writes(campaign: Campaign) -> None:
    """Counts, index, series and what supersedes what: as if typed in by hand."""
    imported(campaign, STATISTICS, Kind.STATISTIC)
    old = Statistic.everything.get(figure=191)
    assert old.superseded_by == Statistic.everything.get(figure=389)
    assert sum(Density.objects.filter(size=1).values_list("every", flat=True)) == 3
    assert Words.objects.count() == 3
    found = Entry.objects.visible_to(make.owner_of(campaign), at=AT)
    assert found.count() == 3


def test_milestones_have_a_ledger_and_wait_to_be_planned(campaign: Campaign) -> None:
    imported(campaign, MILESTONES, Kind.MILESTONE)
    milestone = Milestone.everything.get(entry__headline="Second reading")
    assert [target.date for target in milestone.targets.all()] == ["../2026-06-20"]
    assert (milestone.changed_at, str(milestone.entry.due)) == (AT, "2026-06-20")


def test_quotes_wait_to_be_cleared(campaign: Campaign) -> None:
    imported(campaign, QUOTES, Kind.QUOTE)
    quote = Quote.everything.get(words="The law must catch up.")
    assert (quote.entry.shown_from, quote.is_cleared()) == (None, False)
    assert str(quote.entry.person) == "Andy Burrows"
    assert quote.verdict.badge == "no source"


def test_updates(campaign: Campaign) -> None:
    imported(campaign, UPDATES, Kind.UPDATE)
    assert [entry.headline for entry in entries(campaign)] == ["We wrote to Ofcom", "We met the minister"]


def test_the_same_file_again_makes_nothing(campaign: Campaign) -> None:
    imported(campaign, STATISTICS, Kind.STATISTIC)
    again = checked(campaign, STATISTICS.upper(), Kind.STATISTIC)
    assert counts(again) == (0, 3, 0, 0)
    assert Row.objects.filter(importing=again, twin=None).count() == 0
    with pytest.raises(BadSheet, match="nothing to import"):
        actions.ask(again, "all", at=AT)
    same = handed(campaign, STATISTICS, Kind.STATISTIC)
    assert "This very file was imported on 10 March 2026" in same.notes[0]


def test_a_milestone_that_moved_is_known_by_the_date_it_had(campaign: Campaign) -> None:
    imported(campaign, MILESTONES, Kind.MILESTONE)
    Entry.everything.filter(headline="Royal Assent").update(date="2027-03-01")
    assert counts(checked(campaign, MILESTONES, Kind.MILESTONE)) == (0, 2, 0, 0)


def test_a_row_that_comes_twice_is_made_once(campaign: Campaign) -> None:
    importing = imported(campaign, UPDATES + "we wrote to  ofcom,2026-03-03\n", Kind.UPDATE)
    assert (importing.made, counts(importing)) == (2, (2, 1, 0, 0))
    assert Row.objects.get(number=4).says == "The same as row 2 of this file."


BAD = UPDATES + ",5 March 2026\nNo such day,30 February 2026\nA formula,=TODAY()\n"


def test_errors_are_told_by_row_and_column(campaign: Campaign) -> None:
    importing = checked(campaign, BAD, Kind.UPDATE)
    assert counts(importing) == (2, 0, 3, 0)
    wrong = {row.number: row.errors for row in Row.objects.filter(verdict=Row.Verdict.WRONG)}
    assert wrong[4] == {"headline": "This field is required."}
    assert list(wrong[5]) == list(wrong[6]) == ["date"]
    assert "formula" in wrong[6]["date"]


def test_figures_that_differ_are_no_twins(campaign: Campaign) -> None:
    rows = "Measure,Figure,Unit,As of\nChange,-1,%,2020\nChange,-2,%,2020\nChange,-2.0,%,2020\n"
    assert counts(checked(campaign, rows, Kind.STATISTIC)) == (2, 1, 0, 0)
    imported(campaign, rows.replace("Change,-1,%,2020\n", ""), Kind.STATISTIC)
    assert counts(checked(campaign, rows, Kind.STATISTIC)) == (1, 2, 0, 0)


def test_cells_beyond_the_columns_are_told(campaign: Campaign) -> None:
    """Also in the first rows, which the page about the columns shows; of an empty one nothing is lost."""
    more = "Headline,When\nWe wrote to Ofcom,2026-03-03, again\nFine,2026-03-04,, \n"
    importing = checked(campaign, more + "A,2026-03-05\nB,2026-03-06\nOne,2026-03-07,,two\n", Kind.UPDATE)
    assert counts(importing) == (3, 0, 2, 0)
    wrong = {row.number: row.errors for row in Row.objects.filter(verdict=Row.Verdict.WRONG)}
    assert wrong == {2: {"": TOO_MANY}, 6: {"": TOO_MANY}}


def test_a_column_without_a_name_may_be_left_out_or_taken(campaign: Campaign) -> None:
    text = "Headline,When,\nWe wrote to Ofcom,2026-03-03,by post\n"
    assert counts(checked(campaign, text, Kind.UPDATE)) == (1, 0, 0, 0)
    importing = chosen(campaign, text.replace("When,", "When"))
    actions.confirm_columns(importing, ["headline", "date", "note"], at=AT)
    assert counts(worked(importing)) == (1, 0, 0, 0)


def test_all_or_none_refuses_a_file_with_errors_and_the_good_rows_may_go_alone(campaign: Campaign) -> None:
    importing = checked(campaign, BAD, Kind.UPDATE)
    with pytest.raises(BadSheet, match="Mend them"):
        actions.ask(importing, "all", at=AT)
    assert entries(campaign) == []
    actions.ask(importing, "good", at=AT)
    assert worked(importing).made == 2


def test_what_changed_since_it_was_shown_is_shown_again(campaign: Campaign) -> None:
    importing = checked(campaign, UPDATES, Kind.UPDATE)
    make.update(campaign, headline="We met the minister", date="2026-03-04")
    actions.ask(importing, "all", at=AT)
    worked(importing)
    assert (importing.state, counts(importing)) == (Import.State.CHECKED, (1, 1, 0, 0))
    assert importing.notes == [steps.LOOK_AGAIN]
    assert len(entries(campaign)) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (STATISTICS, Kind.STATISTIC),
        (MILESTONES, Kind.MILESTONE),
        (QUOTES, Kind.QUOTE),
        (UPDATES, Kind.UPDATE),
    ],
)
def test_undoing_leaves_nothing_behind(campaign: Campaign, text: str, kind: str) -> None:
    before = everything(campaign)
    importing = imported(campaign, text, kind)
    assert everything(campaign) != before
    undone(importing, campaign)
    assert (importing.state, importing.kept) == (Import.State.UNDONE, 0)
    assert everything(campaign) == before


def test_undoing_keeps_what_others_have_built_on(campaign: Campaign) -> None:
    importing = imported(campaign, STATISTICS, Kind.STATISTIC)
    first, second, third = entries(campaign)
    make.pack(campaign, first)
    make.link(second, make.update(campaign))
    undone(importing, campaign)
    assert importing.kept == 2
    assert not Entry.everything.filter(pk=third.pk).exists()
    assert [str(source) for source in Source.objects.all()] == ["Police figures"]


def test_undoing_keeps_a_source_that_a_ledger_cites(campaign: Campaign) -> None:
    importing = imported(campaign, STATISTICS, Kind.STATISTIC)
    moved, settled = make.milestone(campaign), make.milestone(campaign, headline="Second reading")
    older, police = Source.objects.order_by("title")
    by, to = make.owner_of(campaign), parse("2026-09-01")
    revise_target(milestone=moved, to=to, reason="Recess", source=older, by=by, at=AT)
    Milestone.everything.filter(pk=settled.pk).update(settled_source=police)
    undone(importing, campaign)
    assert (importing.state, importing.kept) == (Import.State.UNDONE, 0)
    assert entries(campaign) == [moved.entry, settled.entry]
    assert list(Source.objects.order_by("title")) == [older, police]
    assert not Organisation.objects.filter(name="NSPCC").exists()


def test_an_entry_edited_since_is_kept(campaign: Campaign) -> None:
    importing = imported(campaign, UPDATES, Kind.UPDATE)
    Entry.everything.filter(headline="We wrote to Ofcom").update(version=2)
    undone(importing, campaign)
    assert [entry.headline for entry in entries(campaign)] == ["We wrote to Ofcom"]


def test_a_writing_that_breaks_midway_leaves_nothing(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    importing = checked(campaign, STATISTICS, Kind.STATISTIC)
    before = everything(campaign)
    actions.ask(importing, "all", at=AT)
    monkeypatch.setattr("apps.intake.sheets.writing.index_all", _break)
    worked(importing)
    assert (importing.state, importing.because) == (Import.State.FAILED, steps.BROKE)
    assert everything(campaign) == before
    assert Imported.objects.count() == 0


def _break(*_: object) -> None:
    raise RuntimeError("the disk is full")


def test_a_worker_that_died_is_followed_by_another_once_its_lease_is_over(campaign: Campaign) -> None:
    importing = handed(campaign, UPDATES, Kind.UPDATE)
    Import.objects.update(token="dead", lease_until=AT + LEASE, tries=1)
    assert worked(importing).state == Import.State.WAITING
    assert worked(importing, at=AT + LEASE + timedelta(seconds=1)).state == Import.State.CHECKED


def test_a_step_that_died_again_and_again_is_given_up(campaign: Campaign) -> None:
    importing = handed(campaign, UPDATES, Kind.UPDATE)
    Import.objects.update(tries=3)
    assert worked(importing).because == steps.GAVE_UP


def test_whoever_lost_the_lease_writes_nothing(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    importing = checked(campaign, UPDATES, Kind.UPDATE)
    actions.ask(importing, "all", at=AT)

    def taken_over(*args: Any, **more: Any) -> int:
        made = write(*args, **more)
        Import.objects.filter(pk=importing.pk).update(token="another")
        return made

    monkeypatch.setattr("apps.intake.sheets.steps.write", taken_over)
    worked(importing)
    assert entries(campaign) == []


def test_whoever_may_no_longer_import_does_not(campaign: Campaign) -> None:
    press = make.member(campaign, Role.PRESS)
    importing = handed(campaign, UPDATES, Kind.UPDATE, by=press, role=Role.PRESS)
    make.membership(campaign, press).delete()
    assert worked(importing).because == steps.NOBODY


def test_names_here_are_found_and_doubtful_ones_asked(campaign: Campaign) -> None:
    known = make.person(campaign, "Andy Burrows")
    make.person(campaign, "Nadia Okonjo")
    make.person(campaign, "Nadia Okonjo")
    importing = imported(campaign, QUOTES, Kind.QUOTE, choice="good")
    assert counts(importing) == (1, 0, 1, 0)
    assert entries(campaign)[0].person == known
    assert "more than one Nadia Okonjo" in Row.objects.get(number=3).errors["person"]


SOURCES = """\
Headline,When,Source,Web address,Published by
One,2021,BBC News,https://example.org/1,BBC
Two,2022,BBC News,https://example.org/2,BBC
Three,2023,BBC News,https://example.org/1,BBC
Four,2024,Annual report,,NSPCC
"""


def test_sources_of_one_title_are_told_apart_by_their_addresses(campaign: Campaign) -> None:
    imported(campaign, SOURCES)
    stand = [(entry.headline, entry.source.url if entry.source else "") for entry in entries(campaign)]
    assert stand == [
        ("One", "https://example.org/1"),
        ("Two", "https://example.org/2"),
        ("Three", "https://example.org/1"),
        ("Four", ""),
    ]
    assert Source.objects.count() == 3
    assert counts(checked(campaign, SOURCES)) == (0, 4, 0, 0)
    imported(campaign, SOURCES + "Five,2025,BBC News,https://example.org/3,BBC\n")
    assert Source.objects.count() == 4


def test_an_owner_is_found_by_name_or_address(campaign: Campaign) -> None:
    owner = make.owner_of(campaign)
    text = f"Milestone,Deadline,Watched by\nOne,2026-05-01,{owner.email}\nTwo,2026-05-01,Nobody Known\n"
    imported(campaign, text, Kind.MILESTONE, choice="good")
    assert Milestone.everything.get().owner == owner
    assert "Nobody on this campaign" in Row.objects.get(number=3).errors["owner"]


def test_choices_are_read_by_their_words(campaign: Campaign) -> None:
    text = UPDATES.replace("When\n", "When,Who may see it\n").replace("2026\n", "2026,staff\n", 1)
    text = text.replace("4 March 2026", "4 March 2026,the moon")
    importing = imported(campaign, text, Kind.UPDATE, choice="good")
    assert entries(campaign)[0].visibility == "staff"
    assert "is none of" in Row.objects.get(importing=importing, number=3).errors["visibility"]


ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//x//y//EN\r
BEGIN:VEVENT\r
UID:1@example.org\r
SUMMARY:Committee stage\r
DTSTART;VALUE=DATE:20270105\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@example.org\r
SUMMARY:Team meeting\r
DTSTART:20270105T100000Z\r
RRULE:FREQ=WEEKLY\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_a_calendar_brings_deadlines_and_is_known_again(campaign: Campaign) -> None:
    importing = imported(campaign, ICS)
    assert (importing.kind, counts(importing)) == (Kind.MILESTONE, (1, 0, 0, 1))
    assert Milestone.everything.get().entry.date == "2027-01-05"
    assert counts(checked(campaign, ICS)) == (0, 1, 0, 1)
    moved = checked(campaign, ICS.replace("DATE:20270105", "DATE:20270209"))
    assert counts(moved) == (0, 0, 0, 2)
    row = Row.objects.get(importing=moved, number=2)
    assert (row.twin, "another date" in row.says) == (entries(campaign)[0], True)


def test_files_nobody_imported_are_forgotten(campaign: Campaign, tmp_path: Path) -> None:
    checked(campaign, UPDATES, Kind.UPDATE)
    steps.work(now=lambda: AT + 6 * DAY)
    assert Import.objects.count() == 1
    steps.work(now=lambda: AT + 8 * DAY)
    assert Import.objects.count() == 0
    assert list((tmp_path / "imports").iterdir()) == []


def test_a_file_that_is_refused_is_not_kept(campaign: Campaign, tmp_path: Path) -> None:
    with pytest.raises(BadSheet):
        handed(campaign, "Headline,When\n")
    assert list((tmp_path / "imports").iterdir()) == []
    assert Import.objects.count() == 0


def test_queries_do_not_grow_with_the_rows(campaign: Campaign) -> None:
    def text(count: int, year: int) -> str:
        return "Headline,When,Person\n" + "".join(f"Fact {n},{year},Jo\n" for n in range(count))

    asked: list[int] = []
    for count, year in ((10, 2001), (400, 2002)):
        with CaptureQueriesContext(connection) as queries:
            imported(campaign, text(count, year), Kind.UPDATE)
        asked.append(len(queries))
    assert asked[1] - asked[0] < 30
