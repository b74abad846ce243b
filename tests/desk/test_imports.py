"""The pages of an import: a file chosen, its columns confirmed, its rows shown, written, undone."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.intake.models import Import, Row
from apps.intake.sheets import actions, steps
from apps.timeline.models import Entry, Kind
from tests import imports, make
from tests.imports import UPDATES, Upload
from tests.make import AT
from tests.pages import client_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

BAD = UPDATES + "Never,30 February 2026\n=A formula,3 March 2026\n"


@pytest.fixture
def owner(campaign: Campaign) -> Client:
    return client_of(make.owner_of(campaign))


def path(name: str, campaign: Campaign, pk: int | None = None, **more: Any) -> str:
    return reverse(name, kwargs={"slug": campaign.slug, **({"pk": pk} if pk else {}), **more})


def send(client: Client, campaign: Campaign, content: str | bytes, kind: str = "update") -> Any:
    upload = Upload(content.encode() if isinstance(content, str) else content)
    return client.post(path("imports", campaign), {"kind": kind, "upload": upload}, follow=True)


def newest() -> Import:
    return Import.objects.latest("pk")


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_from_a_file_to_entries_and_back(owner: Client, campaign: Campaign) -> None:
    page = send(owner, campaign, UPDATES)
    assert "Which column is what?" in text_of(page)
    assert "We wrote to Ofcom" in text_of(page)
    pk = newest().pk
    columns = {"column-0": "headline", "column-1": "date"}
    page = owner.post(path("import_columns", campaign, pk), columns, follow=True)
    assert "2 of 2 rows would be new entries" in text_of(page)
    assert Entry.everything.count() == 0
    page = owner.post(path("write_import", campaign, pk), {"choice": "all"}, follow=True)
    assert "2 updates were imported." in text_of(page)
    assert Entry.everything.count() == 2
    page = owner.post(path("undo_import", campaign, pk), follow=True)
    assert "The import was undone" in text_of(page)
    assert Entry.everything.count() == 0


def test_every_row_is_shown_with_what_becomes_of_it(owner: Client, campaign: Campaign) -> None:
    make.update(campaign, headline="We met the minister", date="2026-03-04")
    pk = imports.checked(campaign, BAD).pk
    wrong = text_of(owner.get(path("import", campaign, pk)))
    assert "1 of 4 rows would be new entries; 2 are to be mended; 1 is nothing new." in wrong
    assert "<strong>When</strong>: February 2026 has 28 days." in wrong
    assert "Import the 1 good row only" in wrong
    new = text_of(owner.get(path("import", campaign, pk), {"show": "fresh"}))
    assert ("We wrote to Ofcom" in new, "Never" in new) == (True, False)
    same = text_of(owner.get(path("import", campaign, pk), {"show": "same"}))
    assert "It is here already." in same


def test_what_was_chosen_wrong_is_said_and_kept(owner: Client, campaign: Campaign) -> None:
    pk = imports.chosen(campaign).pk
    page = text_of(owner.post(path("import_columns", campaign, pk), {"column-0": "note", "column-1": "note"}))
    assert "Two columns are to be “Note”. Leave one of them out." in page
    assert "Say which column is: Headline, When." in page
    assert newest().state == Import.State.CHOSEN


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04 nothing", "The file is damaged"),
        (b"\x00\x01\x02\x03", "This is no spreadsheet that can be read here"),
        (b'Headline,When\n"open,3 March 2026\n', "quotation marks"),
        (b"Headline,When\n", "There is nothing below the first row."),
    ],
)
def test_what_cannot_be_read_is_said_on_the_page(
    owner: Client, campaign: Campaign, content: bytes, says: str, tmp_path: Path
) -> None:
    page = send(owner, campaign, content)
    assert (page.status_code, says in text_of(page)) == (200, True)
    assert Import.objects.count() == 0
    assert list((tmp_path / "imports").glob("*")) == []


def test_a_file_or_kind_that_was_not_given(owner: Client, campaign: Campaign) -> None:
    page = text_of(owner.post(path("imports", campaign), {}))
    assert page.count("This field is required.") == 4


def test_a_file_that_goes_wrong_far_down_imports_nothing(owner: Client, campaign: Campaign) -> None:
    rows = "".join(f"Fact {n},2026\n" for n in range(20))
    send(owner, campaign, f'Headline,When\n{rows}"open,2026\n')
    columns = {"column-0": "headline", "column-1": "date"}
    page = owner.post(path("import_columns", campaign, newest().pk), columns, follow=True)
    assert "Nothing was imported." in text_of(page)
    assert "quotation marks in row 22 do not add up" in text_of(page)


def test_volunteers_are_told_who_imports(campaign: Campaign) -> None:
    volunteer = client_of(make.member(campaign, Role.VOLUNTEER))
    answer = volunteer.get(path("imports", campaign))
    assert (answer.status_code, "Files are imported by staff" in text_of(answer)) == (403, True)
    assert path("imports", campaign) not in text_of(volunteer.get(path("timeline", campaign)))


def test_a_large_file_is_worked_on_while_one_waits(
    owner: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LIGHT_BYTES", 0)
    monkeypatch.setattr(actions, "LIGHT_ROWS", 0)
    send(owner, campaign, UPDATES)
    here = path("import", campaign, newest().pk)
    owner.post(path("import_columns", campaign, newest().pk), {"column-0": "headline", "column-1": "date"})
    page = text_of(owner.get(here))
    assert "The rows are being checked" in page
    assert ('hx-trigger="every 2s"' in page, "<progress" in page) == (True, True)
    steps.work(now=lambda: AT)
    owner.post(path("write_import", campaign, newest().pk), {"choice": "all"})
    assert "0 of 2 rows are written." in text_of(owner.get(here))
    steps.work(now=lambda: AT)
    assert "2 updates were imported." in text_of(owner.get(here))


def test_what_comes_too_late_is_said(owner: Client, campaign: Campaign) -> None:
    pk = imports.imported(campaign).pk
    for name in ("write_import", "throw_import"):
        page = owner.post(path(name, campaign, pk), follow=True)
        assert "That cannot be done now: imported." in text_of(page)


def test_thrown_away(owner: Client, campaign: Campaign) -> None:
    pk = imports.chosen(campaign).pk
    page = owner.post(path("throw_import", campaign, pk), follow=True)
    assert "was thrown away. Nothing of it was imported." in text_of(page)
    assert Import.objects.count() == 0


@pytest.mark.parametrize("kind", Kind.values)
def test_the_empty_ones_are_understood_when_they_come_back(
    owner: Client, campaign: Campaign, kind: str
) -> None:
    sheet = owner.get(path("import_template", campaign, kind=kind, ending="xlsx"))
    head = [cell.value for cell in next(load_workbook(io.BytesIO(whole(sheet))).active.iter_rows())]
    text = whole(owner.get(path("import_template", campaign, kind=kind, ending="csv"))).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text))) == head
    importing = imports.chosen(campaign, text + ",".join("x" for _ in head) + "\n", kind)
    assert "" not in importing.columns
    assert len(set(importing.columns)) == len(head)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", Kind.values)
def test_what_leaves_is_known_when_it_comes_back(
    owner: Client, campaign: Campaign, kind: str, ending: str
) -> None:
    title = {"headline": "=A formula, or so", "tags": ("one", "two")}
    source = make.source(campaign, url="https://example.org/a", publisher="BBC")
    make.update(campaign, source=source, visibility="staff", **title)
    make.statistic(campaign, source=source, date="2021~", **title)
    make.quote(campaign, words="-1 is a number, she said.\nNext line.", source=source, **title)
    someone = make.owner_of(campaign)
    make.milestone(campaign, target="../2026-12-31", owner=someone, source=source, **title)
    content = whole(owner.get(path("export_entries", campaign, kind=kind, ending=ending)))
    importing = imports.checked(campaign, content, kind)
    assert (importing.found, importing.same, importing.wrong) == (1, 1, 0), Row.objects.get().errors
    other = make.campaign(owner=make.owner_of(campaign), name="Another")
    moved = imports.imported(other, content, kind)
    assert moved.made == 1, Row.objects.filter(importing=moved).get().errors
    (here, there) = Entry.everything.filter(kind=kind).order_by("pk")
    for name in ("headline", "date", "note", "visibility"):
        assert getattr(here, name) == getattr(there, name)
    assert [tag.name for tag in there.tags.all()] == ["one", "two"]
    assert there.source.url == "https://example.org/a"


def test_a_headline_that_was_made_leaves_with_its_row(owner: Client, campaign: Campaign) -> None:
    made = "389 offences: Recorded offences, West Mercia"
    make.statistic(campaign, headline=made)
    content = whole(owner.get(path("export_entries", campaign, kind="statistic", ending="csv")))
    assert made in content.decode()


def test_no_other_templates(owner: Client, campaign: Campaign) -> None:
    for kind, ending in (("rumour", "csv"), ("quote", "exe")):
        assert owner.get(path("import_template", campaign, kind=kind, ending=ending)).status_code == 404


def test_rows_to_be_mended_leave_as_a_file_without_formulas(owner: Client, campaign: Campaign) -> None:
    pk = imports.checked(campaign, BAD).pk
    answer = owner.get(path("import_to_mend", campaign, pk))
    rows = list(csv.reader(io.StringIO(whole(answer).decode("utf-8-sig"))))
    assert rows[0] == ["Headline", "When", "Row in the file", "What to mend"]
    assert [row[:3] for row in rows[1:]] == [
        ["Never", "30 February 2026", "4"],
        ["'=A formula", "3 March 2026", "5"],
    ]
    assert "When: February 2026 has 28 days." in rows[1][3]


def test_long_files_are_shown_page_by_page_at_the_same_cost(owner: Client, campaign: Campaign) -> None:
    short = imports.checked(campaign, "Headline,When\n" + "".join(f"A {n},2026\n" for n in range(5)))
    long = imports.checked(campaign, "Headline,When\n" + "".join(f"B {n},2026\n" for n in range(120)))
    asked = []
    for importing in (short, long):
        with CaptureQueriesContext(connection) as queries:
            page = owner.get(path("import", campaign, importing.pk))
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert "?show=fresh&amp;after=51" in text_of(page)
    second = text_of(owner.get(path("import", campaign, long.pk), {"show": "fresh", "after": "51"}))
    assert ("B 50" in second, "B 49" in second) == (True, False)
    for odd in ("x", "-1", "9" * 40, "٣"):
        assert owner.get(path("import", campaign, long.pk), {"after": odd}).status_code == 200


def test_another_sheet_may_be_taken(owner: Client, campaign: Campaign) -> None:
    book = Workbook()
    book.active.append(["Headline", "When"])
    book.active.append(["One", "2026"])
    second = book.create_sheet("Second")
    second.append(["Date", "What"])
    second.append(["2027", "Two"])
    out = io.BytesIO()
    book.save(out)
    page = send(owner, campaign, out.getvalue())
    assert "Take this sheet" in text_of(page)
    owner.post(path("import_columns", campaign, newest().pk), {"sheet": "1"})
    importing = newest()
    assert (importing.sheet, importing.columns) == (1, ["date", "headline"])
    page = owner.post(path("import_columns", campaign, importing.pk), {"sheet": "7"}, follow=True)
    assert page.status_code == 200
    assert newest().sheet == 1


def test_a_twin_under_embargo_is_told_to_staff_alone(owner: Client, campaign: Campaign) -> None:
    """Whoever may import sees all of the campaign, so nothing is given away."""
    make.update(campaign, headline="We wrote to Ofcom", date="2026-03-03", visibility="staff")
    pk = imports.checked(campaign).pk
    assert Row.objects.filter(importing=pk, verdict="same").count() == 1
    assert client_of(make.member(campaign, Role.VIEWER)).get(path("import", campaign, pk)).status_code == 403
