"""The ledger of slips: what stands in it, the worst first, summed up, exported, and for whom."""

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest

from apps.dates import parse
from apps.evidence.actions import set_state
from apps.legislation.actions import revise_target, settle
from apps.legislation.bills import change_bill
from apps.legislation.models import Milestone, Outcome, TargetDate
from apps.timeline.models import State
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_of, pages_from, query_count, table_in
from tests.make import AT, DAY
from tests.pages import at, text_of

pytestmark = pytest.mark.django_db


def moved(milestone: Milestone, *targets: str, reason: str = "Delayed", **how: Any) -> Milestone:
    owner = make.owner_of(milestone.entry.campaign)
    for number, target in enumerate(targets, start=1):
        revise_target(
            milestone=milestone,
            to=parse(target),
            reason=reason,
            by=owner,
            at=AT + number * DAY,
            **how,
        )
    return Milestone.everything.select_related("entry").get(pk=milestone.pk)


def headlines(response: Any) -> list[str]:
    return [slip.entry.headline for slip in response.context["slips"]]


@pytest.fixture
def three(desk: Desk) -> Desk:
    """The worst slipped twice and was met late; another slipped; the third was brought forward."""
    body, person = make.organisation(desk.campaign, "DCMS"), make.person(desk.campaign, "Nadine")
    source = make.source(desk.campaign, title="Hansard")
    worst = make.milestone(desk.campaign, target="../2021-12-31", headline="The Act", organisation=body)
    worst = moved(worst, "../2022-12-31", "../2023-10-31", source=source, reason="=Not before the recess")
    settle(milestone=worst, outcome=Outcome.MET, on=parse("2023-10-26").placed, by=None, at=AT)
    other = make.milestone(
        desk.campaign, target="2026-06-01", headline="Codes", organisation=body, person=person
    )
    moved(other, "2026-06-08")
    moved(make.milestone(desk.campaign, target="2026-06-01", headline="Early"), "2026-05-01")
    make.milestone(desk.campaign, headline="Never moved")
    return desk


def test_what_slipped_stands_worst_first_with_its_revisions(three: Desk) -> None:
    page = three.get("slips")
    words = text_of(page)
    assert headlines(page) == ["The Act", "Codes"]
    assert "2 milestones moved 3 times. The worst: “The Act”, 669 days." in words
    assert "Slipped twice, 669 days · met 664 days late" in words
    first, second, third = table_in(page)
    assert first[:3] == ["by the end of 2021", "by the end of 2022", "+365 days"]
    assert first[3] == "=Not before the recess ( Hansard )"
    assert first[4].endswith(f", {make.owner_of(three.campaign).name}")
    assert second[2], third[2] == ("+304 days", "+7 days")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"show": "all"}, ["The Act", "Codes", "Never moved", "Early"]),
        ({"show": "moved"}, ["The Act", "Codes", "Early"]),
        ({"show": "forward"}, ["Early"]),
        ({"words": "act"}, ["The Act"]),
        ({"organisation": "dcms"}, ["The Act", "Codes"]),
        ({"person": "Nadine"}, ["Codes"]),
        ({"start": "12 March 2026"}, ["The Act"]),
        ({"end": "11 March 2026"}, ["The Act", "Codes"]),
        ({"start": "11 March 2026", "end": "11 March 2026"}, ["The Act", "Codes"]),
        ({"end": "10 March 2026"}, []),
        ({"start": "../9998"}, []),
    ],
)
def test_it_is_narrowed(query: dict[str, str], expected: list[str], three: Desk) -> None:
    page = three.get("slips", query=query)
    shown = headlines(page)
    assert (sorted(shown) if query.get("show") == "all" else shown) == (
        sorted(expected) if query.get("show") == "all" else expected
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"organisation": "Nobody"}, "Nothing here has the organisation “Nobody”."),
        ({"bill": "999"}, "Bill: Select a valid choice."),
        ({"bill": "x"}, "Bill: Select a valid choice."),
        ({"show": "x"}, "Show: Select a valid choice."),
        ({"start": "soon"}, "Moved from:"),
        ({"words": "\x00"}, "Words:"),
        ({"after": "x"}, "The page’s address was damaged, so this is the first page."),
        ({"by": "x", "_export": "pdf"}, "The worst: “The Act”"),
    ],
)
def test_bad_filters_say_so(query: dict[str, str], said: str, three: Desk) -> None:
    page = three.get("slips", query=query)
    assert page.status_code == 200
    assert said in text_of(page)


def test_bodies_people_and_bills_are_summed_up(three: Desk) -> None:
    bill = make.bill(three.campaign, "2026-04-01", "2026-04-08")
    make.tell_of(bill, "2026-04-15", "2026-04-08", at=AT + DAY)
    promise = Milestone.everything.get(entry__headline="Codes")
    owner = make.owner_of(three.campaign)
    change_bill(bill=bill, promise=promise, visibility="team", by=owner, at=AT)
    bodies = table_in(three.get("slips", query={"by": "organisation"}))
    assert [row[:4] for row in bodies] == [
        ["DCMS", "669 days", "2", "Slipped 3 times, 676 days"],
        ["House of Lords", "14 days", "1", "Slipped once, 14 days"],
    ]
    people = table_in(three.get("slips", query={"by": "person"}))
    assert [row[:4] for row in people] == [["Nadine", "7 days", "1", "Slipped once, 7 days"]]
    bills = table_in(three.get("slips", query={"by": "bill"}))
    assert [row[:4] for row in bills] == [["Rivers Bill", "14 days", "2", "Slipped twice, 21 days"]]
    narrowed = three.get("slips", query={"bill": str(bill.pk)})
    assert headlines(narrowed) == ["Rivers Bill: Committee stage, Lords", "Codes"]


def read(desk: Desk, fmt: str, who: str = "owner", **query: str) -> Any:
    response: Any = desk.get("slips", who=who, query={"_export": fmt, **query})
    name = f"online-harms-slips-2026-03-10.{fmt}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    content = response.getvalue()
    if fmt == "csv":
        return list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    if fmt == "json":
        return json.loads(content)
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_every_revision_is_exported_and_no_cell_is_a_formula(three: Desk) -> None:
    lines = read(three, "csv")
    assert read(three, "xlsx") == lines
    columns = lines[0]
    rows = [dict(zip(columns, line, strict=True)) for line in lines[1:]]
    assert [row["Milestone"] for row in rows] == ["The Act"] * 3 + ["Codes"] * 2
    last = rows[2]
    assert (last["From, last day"], last["To, last day"]) == ("2022-12-31", "2023-10-31")
    assert (last["Days"], last["Counts"], last["Why"]) == ("304", "yes", "'=Not before the recess")
    assert last["Recorded on"] == "2026-03-12"
    told = read(three, "json")["milestones"]
    assert [(each["headline"], each["moves"], each["slip_days"]) for each in told] == [
        ("The Act", 2, 669),
        ("Codes", 1, 7),
    ]
    assert [each["days"] for each in told[0]["targets"]] == [0, 365, 304]


def test_corrections_are_told_and_do_not_count(desk: Desk) -> None:
    milestone = moved(make.milestone(desk.campaign, target="2026-06-01"), "2027-06-08")
    revise_target(
        milestone=milestone,
        to=parse("2026-06-08"),
        reason="A typo",
        correction=True,
        by=make.owner_of(desk.campaign),
        at=AT + 2 * DAY,
    )
    page = desk.get("slips")
    assert "Slipped once, 7 days" in text_of(page)
    typo, right = table_in(page)
    assert typo[2:4] == ["+372 days", "Delayed put right later, does not count"]
    assert right[:4] == ["1 June 2026", "8 June 2026", "+7 days", "A typo correction"]


@pytest.mark.parametrize("who", ["nobody", "outsider", "viewer", "volunteer"])
def test_what_is_hidden_stands_in_no_row_and_no_sum(who: str, three: Desk) -> None:
    three.campaign.is_public = True
    three.campaign.save()
    body = make.organisation(three.campaign, "Cabinet Office")
    hidden: dict[str, Any] = {"visibility": "public", "organisation": body, "headline": "Hidden"}
    for fields in ({"visibility": "staff"}, {"embargo_until": AT + 9 * DAY}):
        moved(make.milestone(three.campaign, target="2026-01-01", **(hidden | fields)), "2029-01-01")
    gone = moved(make.milestone(three.campaign, target="2026-01-01", **hidden), "2029-01-01")
    set_state(entry=gone.entry, state=State.WITHDRAWN, by=make.owner_of(three.campaign))
    shown = {"nobody": [], "outsider": []}.get(who, ["The Act", "Codes"])
    page = three.get("slips", who=who)
    assert headlines(page) == shown
    assert page.context["sums"].days == (676 if shown else 0)
    assert b"Cabinet" not in three.get("slips", who=who, query={"by": "organisation"}).content
    assert len(read(three, "csv", who)) == (6 if shown else 1)
    staff = three.get("slips", who="press")
    assert headlines(staff) == ["Hidden", "Hidden", "The Act", "Codes"]


def test_visitors_are_not_told_who_recorded_it(desk: Desk) -> None:
    desk.campaign.is_public = True
    desk.campaign.save()
    moved(make.milestone(desk.campaign, target="2026-06-01", visibility="public"), "2026-06-08")
    name = make.owner_of(desk.campaign).name
    assert name not in text_of(desk.get("slips", who="nobody"))
    assert [row[-3] for row in read(desk, "csv", "nobody")] == ["Recorded by", "", ""]
    assert [row[-3] for row in read(desk, "csv")] == ["Recorded by", name, name]


def many(desk: Desk, count: int, revisions: int) -> None:
    """So many milestones with so many revisions each, written in bulk."""
    owner = make.owner_of(desk.campaign)
    for number in range(count):
        milestone = make.milestone(desk.campaign, target="2026-06-01", headline=f"Goal {number}")
        days = [parse("2026-06-01").placed + timedelta(days=number + each) for each in range(1, revisions)]
        TargetDate.objects.bulk_create(
            TargetDate(
                milestone=milestone,
                date=day.isoformat(),
                earliest=day,
                latest=day,
                reason="Later",
                recorded_by=owner,
                recorded_at=AT + (each + 1) * DAY,
            )
            for each, day in enumerate(days)
        )
        moved(milestone, (days[-1] + DAY).isoformat())


def test_a_page_takes_as_many_queries_however_many_revisions_there_are(desk: Desk) -> None:
    many(desk, 2, 3)
    address = at("slips", desk.campaign)
    few = query_count(desk.client(), address)
    many(desk, 30, 20)
    assert (query_count(desk.client(), address), few) == (14, 14)
    assert [len(page.context["slips"]) for page in pages_from(desk.client(), address)] == [25, 7]
    page = desk.get("slips")
    assert len(page.context["slips"][0].moved) == 12
    assert page.context["slips"][0].cut
    assert link_of(page, "next") is not None
    assert len(read(desk, "csv")) == 1 + 2 * 4 + 30 * 21


def test_nothing_has_slipped_yet(desk: Desk) -> None:
    assert "Nothing has slipped yet" in text_of(desk.get("slips"))
    assert "Nothing to add up" in text_of(desk.get("slips", query={"by": "bill"}))
