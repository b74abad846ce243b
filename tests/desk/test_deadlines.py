"""The deadlines board: sorting, filters, pages by key, exports, and whose milestones stand on it."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import chain
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponse
from django.urls import reverse

from apps.campaigns.actions import add_member
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_of, pages_from, query_count, table_in
from tests.make import AT, DAY
from tests.pages import text_of

BOARD = reverse("deadlines")
WHEN, WHAT, TARGET, WATCHED, CAMPAIGN, SLIPPED, REMINDED = range(7)


def board(desk: Desk, who: str = "owner", **query: Any) -> HttpResponse:
    return desk.client(who).get(BOARD, query)


def column(number: int, response: HttpResponse) -> list[str]:
    return [row[number] for row in table_in(response)]


def moved(milestone: Milestone, *targets: str) -> Milestone:
    owner = make.owner_of(milestone.entry.campaign)
    for target in targets:
        revise_target(milestone=milestone, to=parse(target), reason="Delayed", by=owner, at=AT)
    return milestone


def exported(desk: Desk, fmt: str, **query: Any) -> list[list[str]]:
    """The rows of an export, without its heading."""
    response = board(desk, _export=fmt, **query)
    assert response["Content-Disposition"] == f'attachment; filename="deadlines-2026-03-10.{fmt}"'
    if fmt == "csv":
        return list(csv.reader(StringIO(response.content.decode())))[1:]
    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)][1:]


@pytest.fixture
def three(desk: Desk) -> Desk:
    """One overdue and twice moved, one soon and brought forward, one far off."""
    moved(make.milestone(desk.campaign, target="2025-12-01", headline="Late"), "2026-01-01", "2026-03-01")
    moved(make.milestone(desk.campaign, target="2026-05-01", headline="Soon"), "2026-03-20")
    make.milestone(desk.campaign, target="../2027-06-30", headline="Far", owner=desk.cast["press"])
    return desk


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("when", ["Late", "Soon", "Far"]),
        ("-when", ["Far", "Soon", "Late"]),
        ("slipped", ["Soon", "Far", "Late"]),
        ("-slipped", ["Late", "Far", "Soon"]),
        ("headline", ["Late", "Soon", "Far"]),
        ("", ["Late", "Soon", "Far"]),
    ],
)
def test_it_sorts_both_ways(sort: str, order: list[str], three: Desk) -> None:
    assert column(WHAT, board(three, sort=sort)) == order


def test_it_says_dates_and_slips_in_words(three: Desk) -> None:
    assert [row[:6] for row in table_in(board(three))] == [
        ["9 days overdue", "Late", "1 March 2026", "Nobody", "Online harms", "2×, 90 days"],
        ["in 10 days", "Soon", "20 March 2026", "Nobody", "Online harms", "1×, 42 days earlier"],
        ["in 477 days", "Far", "by the end of June 2027", three.cast["press"].name, "Online harms", "–"],
    ]


FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({"status": "open"}, ["Late", "Soon", "Far"]),
    ({"status": "overdue"}, ["Late"]),
    ({"status": "soon"}, ["Soon"]),
    ({"status": "met"}, ["Met"]),
    ({"status": "dropped"}, []),
    ({"words": "oo"}, ["Soon"]),
    ({"words": "100%"}, []),
    ({"start": "2026-03-02"}, ["Soon", "Far"]),
    ({"end": "March 2026"}, ["Late", "Soon"]),
    ({"start": "2026-03-20", "end": "2026-03-20"}, ["Soon"]),
    ({"owner": "null"}, ["Late", "Soon"]),
]


@pytest.mark.parametrize(("query", "found"), FILTERS, ids=str)
def test_it_is_narrowed(query: dict[str, str], found: list[str], three: Desk) -> None:
    met = make.milestone(three.campaign, headline="Met")
    owner = three.cast["owner"]
    settle(milestone=met, outcome=Outcome.MET, on=date(2026, 3, 9), by=owner, at=AT)
    assert column(WHAT, board(three, **query)) == found
    assert [row[WHAT] for row in exported(three, "csv", **query)] == found


def test_it_is_narrowed_to_who_watches_and_to_a_campaign(three: Desk) -> None:
    press, ours = three.cast["press"].pk, three.campaign.pk
    assert column(WHAT, board(three, owner=press)) == ["Far"]
    assert column(WHAT, board(three, campaign=ours, owner=press)) == ["Far"]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "late"},
        {"start": "2021-13"},
        {"end": "2021-02-30"},
        {"end": "soon"},
        {"owner": "0"},
        {"owner": "x"},
        {"campaign": "999999"},
        {"words": "x" * 101},
    ],
    ids=str,
)
def test_a_wrong_filter_says_so_and_finds_nothing(query: dict[str, str], three: Desk) -> None:
    response = board(three, **query)
    assert "This filter finds nothing as it is" in text_of(response)
    assert list(response.context["filter"].form.errors) == list(query)
    assert (table_in(response), exported(three, "csv", **query)) == ([], [])


def test_another_campaign_and_its_people_are_no_choice(three: Desk, other_campaign: Any) -> None:
    for query in ({"campaign": other_campaign.pk}, {"owner": make.owner_of(other_campaign).pk}):
        assert list(board(three, **query).context["filter"].form.errors) == list(query)


def test_it_gathers_my_campaigns_and_no_others(three: Desk, other_campaign: Any) -> None:
    theirs = make.campaign(owner=make.user(), name="Clean air", public=True)
    make.milestone(theirs, headline="Not mine", visibility="public")
    make.milestone(other_campaign, headline="Permit", target="2026-04-01")
    assert column(WHAT, board(three)) == ["Late", "Soon", "Far"]
    join(three, other_campaign)
    found = board(three)
    assert column(WHAT, found) == ["Late", "Soon", "Permit", "Far"]
    assert column(CAMPAIGN, found) == ["Online harms", "Online harms", "Clean rivers", "Online harms"]
    assert column(WHAT, board(three, campaign=other_campaign.pk)) == ["Permit"]


def join(desk: Desk, campaign: Any) -> None:
    by = make.owner_of(campaign)
    add_member(campaign=campaign, user=desk.cast["owner"], role=Role.VIEWER, by=by, at=AT)


@pytest.mark.parametrize("who", ["outsider", "viewer"])
def test_what_is_hidden_or_not_ones_own_is_not_on_it(who: str, desk: Desk) -> None:
    make.milestone(desk.campaign, headline="Open to the team")
    for fields in ({"visibility": "staff"}, {"embargo_until": AT + DAY}, {"approved": False}):
        make.milestone(desk.campaign, headline="Hidden", **fields)
    assert column(WHAT, board(desk, who)) == (["Open to the team"] if who == "viewer" else [])
    assert len(column(WHAT, board(desk))) == 3  # a draft is due to nobody


def test_when_somebody_was_last_reminded(desk: Desk) -> None:
    milestone = make.milestone(desk.campaign)
    plan(milestone, at=AT)
    assert column(REMINDED, board(desk)) == ["–"]
    first, second = Reminder.objects.all()[:2]
    for row, days in ((first, 2), (second, 1)):
        row.state, row.changed_at = Reminder.State.SENT, AT - days * DAY
        row.save()
    assert column(REMINDED, board(desk)) == ["9 Mar, 10:00"]


@pytest.fixture
def many(desk: Desk) -> Desk:
    """130 milestones in two campaigns, three to a day, some of them slipped."""
    other = make.campaign(owner=desk.cast["owner"], name="Clean rivers")
    for number in range(130):
        day, slip = date(2026, 2, 20) + timedelta(days=number // 3), timedelta(days=number % 7 - 3)
        campaign = other if number % 5 == 0 else desk.campaign
        made = make.milestone(campaign, headline=f"Deadline {number:03}", target=(day - slip).isoformat())
        if slip:
            moved(made, day.isoformat())
    return desk


SORTS = ("when", "-when", "slipped", "-slipped")


@pytest.mark.parametrize("sort", SORTS)
def test_every_row_stands_on_one_page_and_exports_hold_the_same(sort: str, many: Desk) -> None:
    pages = [table_in(page) for page in pages_from(many.client(), f"{BOARD}?sort={sort}")]
    assert [len(page) for page in pages] == [50, 50, 30]
    shown = list(chain(*pages))
    assert len({row[WHAT] for row in shown}) == 130
    assert exported(many, "csv", sort=sort) == shown
    assert exported(many, "xlsx", sort=sort) == shown


@pytest.mark.parametrize("sort", SORTS)
def test_the_way_back_shows_the_same_pages(sort: str, many: Desk) -> None:
    client = many.client()
    forward = list(pages_from(client, f"{BOARD}?sort={sort}"))
    back = link_of(forward[-1], "prev")
    assert back is not None
    backward = list(pages_from(client, BOARD + back, "prev"))
    assert [table_in(page) for page in backward[::-1]] == [table_in(page) for page in forward[:-1]]


def test_pages_keep_the_filter(many: Desk) -> None:
    pages = pages_from(many.client(), f"{BOARD}?words=Deadline 0&sort=-when")
    shown = list(chain(*(column(WHAT, page) for page in pages)))
    assert shown == [f"Deadline {number:03}" for number in reversed(range(100))]


@pytest.mark.parametrize("place", ["x", "2021-13-01.1", "664.5", "2026-03-01", "\x00", "2026-03-01.x"])
def test_a_damaged_place_shows_the_first_page(place: str, many: Desk) -> None:
    for side in ("after", "before"):
        response = board(many, **{side: place})
        assert "address was damaged" in text_of(response)
        assert column(WHAT, response)[0] == "Deadline 000"


def test_formulas_are_put_down_as_text(desk: Desk) -> None:
    campaign = make.campaign(owner=desk.cast["owner"], name="@SUM(1)")
    formulas = ("=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(0)")
    for number, headline in enumerate(formulas, start=1):
        make.milestone(campaign, headline=headline, target=f"2026-04-0{number}")
    for fmt in ("csv", "xlsx"):
        rows = exported(desk, fmt)
        assert [row[WHAT] for row in rows] == [f"'{headline}" for headline in formulas]
        assert {row[CAMPAIGN] for row in rows} == {"'@SUM(1)"}
    sheet = openpyxl.load_workbook(BytesIO(board(desk, _export="xlsx").content)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_another_format_is_the_page(three: Desk) -> None:
    assert column(WHAT, board(three, _export="pdf")) == ["Late", "Soon", "Far"]


def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            plan(make.milestone(desk.campaign, owner=desk.cast["press"]), at=AT)

    add(10)
    client = desk.client()
    few = [query_count(client, address) for address in (BOARD, f"{BOARD}?_export=csv")]
    add(50)
    assert [query_count(client, address) for address in (BOARD, f"{BOARD}?_export=csv")] == few
