"""The pages of bills that may have fallen: flagged with the reason, confirmed or not so, by whom."""

from datetime import date
from typing import Any

import pytest

from apps.legislation.actions import record_break
from apps.legislation.models import Bill, Break, Chamber, Milestone, Outcome, SessionEnd, Standing
from apps.reminders.models import Reminder
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT
from tests.pages import at, problems_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(desk: Desk) -> Bill:
    """A bill last seen in January; the session ended in February."""
    made = make.bill(desk.campaign, "2026-01-20")
    record_break(
        chamber=Chamber.BOTH,
        sort=Break.PROROGATION,
        name="Prorogation",
        first=date(2026, 2, 10),
        last=date(2026, 2, 16),
        source="https://www.parliament.uk/",
        by=None,
    )
    return made


def test_it_is_flagged_in_the_list_and_on_its_page_with_the_reason(desk: Desk, bill: Bill) -> None:
    assert "Rivers Bill may have fallen" in text_of(desk.get("bills"))
    words = text_of(desk.get("bill", pk=bill.pk))
    assert "Prorogation, Parliament, 10 to 16 February 2026" in words
    assert "The last day seen of it: Committee stage, Lords, on 20 January 2026" in words
    assert "For an owner or advocacy staff to say." in text_of(desk.get("bill", who="press", pk=bill.pk))


def test_the_last_day_that_was_seen_is_named_to_those_who_see_all(desk: Desk, bill: Bill) -> None:
    page = text_of(desk.get("bill", who="viewer", pk=bill.pk))
    assert "may have fallen" in page
    assert "The last day seen of it" not in page


def test_confirmed_it_fell_with_what_was_open(desk: Desk, bill: Bill) -> None:
    owner = make.owner_of(desk.campaign)
    promised = make.milestone(desk.campaign, headline="On the statute book", owner=owner)
    desk.post("change_bill", {"promise": "On the statute book", "visibility": "team"}, pk=bill.pk)
    assert Reminder.objects.filter(milestone=promised, state="planned").exists()
    page = desk.get("bill_fell", pk=bill.pk)
    form = page.context["form"]
    assert form["because"].value() == (
        "The session ended with it still open: Prorogation, Parliament, 10 to 16 February 2026"
    )
    filled = {"on": "10 February 2026", "because": form["because"].value(), "promise": "on"}
    done = desk.client().post(page.request["PATH_INFO"], filled, follow=True)  # type: ignore[attr-defined]
    words = text_of(done)
    assert "It fell. 1 milestone fell with it, and what reminded of them is cancelled." in words
    assert f"It fell at the end of the session, 10 February 2026: {filled['because']}" in words
    assert f"by {owner.name}" in words
    assert Bill.objects.get().standing == Standing.FELL
    assert Milestone.everything.get(pk=promised.pk).outcome == Outcome.FELL
    assert not Reminder.objects.filter(milestone=promised, state="planned").exists()
    assert desk.post("bill_carried_over", {"on": "2026-02-10"}, pk=bill.pk).status_code == 302
    assert Milestone.everything.get(pk=promised.pk).is_open()
    assert Reminder.objects.filter(milestone=promised, state="planned").exists()


def test_not_so_it_was_carried_over(desk: Desk, bill: Bill) -> None:
    desk.post("bill_carried_over", {"on": "2026-02-10"}, who="advocacy", pk=bill.pk)
    end = SessionEnd.objects.get()
    assert (end.took, end.decided_by, end.decided_at) == ("carried", desk.cast["advocacy"], AT)
    words = text_of(desk.get("bill", pk=bill.pk))
    assert "It was carried over at the end of the session, 10 February 2026" in words
    assert "may have fallen" not in words


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"on": "", "because": "x"}, "on"),
        ({"on": "February 2026", "because": "x"}, "on"),
        ({"on": "11 March 2027", "because": "x"}, "on"),
        ({"on": "soon", "because": "x"}, "on"),
        ({"on": "10 February 2026", "because": ""}, "because"),
        ({"on": "10 February 2026", "because": "\x00"}, "because"),
        ({"on": "10 February 2026", "because": "x" * 301}, "because"),
    ],
)
def test_bad_answers_change_nothing(data: dict[str, Any], problem: str, desk: Desk, bill: Bill) -> None:
    page = desk.post("bill_fell", data, pk=bill.pk)
    assert list(problems_of(page)) == [problem]
    assert Bill.objects.get().standing == Standing.OPEN


@pytest.mark.parametrize("on", ["", "x", "2026-02-11", "2026-13-40", "9" * 400, "\x00"])
def test_odd_sessions_change_nothing(on: str, desk: Desk, bill: Bill) -> None:
    page = desk.client().post(at("bill_carried_over", desk.campaign, pk=bill.pk), {"on": on}, follow=True)
    assert "Nothing was changed" in text_of(page)
    assert not SessionEnd.objects.exists()
