"""The chart of targets against the day each was set."""

from typing import Any
from xml.etree import ElementTree

import pytest

from apps.dates import parse
from apps.desk.exports.trend import MOST_LINES, ticks
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Milestone, Outcome
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import query_count, table_in
from tests.make import AT, DAY
from tests.pages import at, text_of

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def slipping(desk: Desk, *targets: str, **fields: Any) -> Milestone:
    owner = make.owner_of(desk.campaign)
    milestone = make.milestone(desk.campaign, target=targets[0], at=AT - 90 * DAY, **fields)
    for number, target in enumerate(targets[1:], start=1):
        revise_target(
            milestone=milestone,
            to=parse(target),
            reason="Delayed",
            by=owner,
            at=AT - (90 - 10 * number) * DAY,
        )
    return Milestone.everything.get(pk=milestone.pk)


def drawn(desk: Desk, name: str, who: str = "owner", **parts: Any) -> ElementTree.Element:
    response = desk.get(name, who=who, **parts)
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert "'unsafe" not in response["Content-Security-Policy"]
    return ElementTree.fromstring(response.content)  # noqa: S314


def words_in(svg: ElementTree.Element) -> list[str]:
    return [" ".join("".join(each.itertext()).split()) for each in svg.iter(f"{SVG}text")]


def test_one_milestone_with_the_verdict_in_large(desk: Desk) -> None:
    milestone = slipping(desk, "2026-01-31", "2026-02-28", "2026-03-31")
    settle(milestone=milestone, outcome=Outcome.MET, on=AT.date(), by=None, at=AT)
    svg = drawn(desk, "entry_trend", pk=milestone.pk)
    words = words_in(svg)
    assert {"38 days", "late", "first: 31 January 2026", "met 10 March 2026"} <= set(words)
    assert {"31 January 2026", "+28", "31 March 2026 +31"} <= set(words)
    description = svg.find(f"{SVG}desc")
    assert description is not None
    assert description.text == (
        "Royal Assent: first set on 10 December 2025 to 31 January 2026, moved twice: on 20 December 2025 to "
        "28 February 2026; on 30 December 2025 to 31 March 2026. Met 10 March 2026: 38 days late."
    )
    page = desk.get("entry", pk=milestone.pk)
    assert (
        f'alt="Chart of each target against the day it was set. {description.text}"' in page.content.decode()
    )
    assert ["20 December 2025", "28 February 2026", "28 February 2026"] in table_in(page)
    assert ["10 March 2026", "met, 38 days late", "10 March 2026"] in table_in(page)


@pytest.mark.parametrize(
    "targets",
    [
        ["2026-06-01", "2026-05-01"],
        ["0001-01-01", "9998-12-31"],
        ["2026-06-01", "2026-06-02", "2026-06-01"],
        ["2025-01-01", "2025-01-02"],
        ["2026-01-01", *[f"20{year}-01-01" for year in range(27, 99)]],
    ],
)
@pytest.mark.parametrize("width", ["", "1", "350", "99999", "x", "٣"])
def test_any_ledger_can_be_drawn(targets: list[str], width: str, desk: Desk) -> None:
    milestone = slipping(desk, *targets, headline="]]>&<\x0b“Odd”")
    response = desk.get("entry_trend", pk=milestone.pk, query={"width": width})
    svg = ElementTree.fromstring(response.content)  # noqa: S314
    assert 320 <= float(svg.attrib["width"]) <= 1_200
    wide = float(svg.attrib["width"])
    for text in svg.iter(f"{SVG}text"):
        assert -1 <= float(text.attrib["x"]) <= wide


def test_what_never_moved_has_no_chart(desk: Desk) -> None:
    milestone = make.milestone(desk.campaign)
    assert desk.get("entry_trend", pk=milestone.pk).status_code == 404
    assert 'id="trend"' not in desk.get("entry", pk=milestone.pk).content.decode()


def test_a_body_and_a_person_the_worst_first_and_so_many(desk: Desk) -> None:
    body, person = make.organisation(desk.campaign, "DCMS"), make.person(desk.campaign)
    for number in range(1, MOST_LINES + 3):
        slipping(
            desk,
            "2026-06-01",
            f"2026-06-{number + 1:02}",
            headline=f"Goal {number}",
            organisation=body,
            person=person,
        )
    for name, pk in (("organisation", body.pk), ("person", person.pk)):
        words = words_in(drawn(desk, f"{name}_trend", pk=pk))
        goals = [word for word in words if word.startswith("Goal")]
        assert sorted(goals) == sorted(f"Goal {number}" for number in range(3, 11))[:MOST_LINES]
        page = desk.get(name, pk=pk)
        assert f"Drawn are the {MOST_LINES} that slipped furthest." in text_of(page)
    few = query_count(desk.client(), at("organisation_trend", desk.campaign, pk=body.pk))
    slipping(desk, "2026-06-01", "2026-09-01", organisation=body)
    assert query_count(desk.client(), at("organisation_trend", desk.campaign, pk=body.pk)) == few


def test_a_bill_with_its_promise(desk: Desk) -> None:
    bill = make.bill(desk.campaign, "2026-04-01")
    make.tell_of(bill, "2026-04-15", at=AT + DAY)
    slipping(desk, "../2026-12-31", "../2027-12-31", headline="On the statute book")
    desk.post("change_bill", {"promise": "On the statute book", "visibility": "team"}, pk=bill.pk)
    words = words_in(drawn(desk, "bill_trend", pk=bill.pk))
    assert {"On the statute book", "365 days later", "14 days later"} <= set(words)
    assert 'id="trend"' in desk.get("bill", pk=bill.pk).content.decode()


@pytest.mark.parametrize("who", ["viewer", "volunteer"])
def test_hidden_lines_are_not_drawn(who: str, desk: Desk) -> None:
    body = make.organisation(desk.campaign, "DCMS")
    slipping(desk, "2026-06-01", "2026-07-01", headline="Plain", organisation=body)
    hidden = slipping(
        desk, "2026-06-01", "2026-09-01", headline="Hidden", organisation=body, embargo_until=AT + DAY
    )
    assert desk.get("entry_trend", who=who, pk=hidden.pk).status_code == 404
    words = words_in(drawn(desk, "organisation_trend", who=who, pk=body.pk))
    assert "30 days" in words
    assert not any("Hidden" in word or "92" in word for word in words)
    assert "Hidden" in words_in(drawn(desk, "organisation_trend", pk=body.pk))


def test_the_grid_has_as_many_lines_as_there_is_room_for() -> None:
    first = parse("2020-09-03").placed.toordinal()
    for last in ("2020-10-01", "2021-01-01", "2023-10-26", "2120-01-01", "9998-12-31"):
        found = ticks(first, parse(last).placed.toordinal(), 600, 60)
        assert 1 <= len(found) <= 12, last
        assert all(tick.day >= first for tick in found)
