"""The page of a campaign's reminders: its ladder, who sees it, and when the scheduler last looked."""

import pytest

from apps.reminders.models import Reminder, Rule, Tick
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import everything_stored, problems_of, text_of

LADDER = {"days": "30, 7", "overdue_every": "", "time": "09:00"}


def rungs() -> list[tuple[int, int | None]]:
    return list(Rule.objects.filter(active=True, kind="rung").values_list("days_before", "repeat_days"))


def test_the_ladder_is_changed_and_planned_by(desk: Desk) -> None:
    milestone = make.milestone(desk.campaign, target="2026-06-20")
    plan(milestone, at=AT)
    data = {"days": " 7,30 , 7,0", "overdue_every": "14", "time": "18:30"}
    assert desk.post("reminders", data, who="advocacy").status_code == 302
    assert rungs() == [(30, None), (7, None), (0, None), (-14, 14)]
    planned = Reminder.objects.filter(state="planned", recipient=desk.cast["owner"], channel__kind="email")
    assert [f"{row.due_at:%d %b %H:%M}" for row in planned] == [
        *("21 May 17:30", "13 Jun 17:30"),
        *("20 Jun 17:30", "04 Jul 17:30", "18 Jul 17:30"),
    ]
    shown = desk.get("reminders").context["form"]
    assert [str(shown[name].value()) for name in ("days", "overdue_every", "time")] == [
        "30, 7, 0",
        "14",
        "18:30:00",
    ]


def test_a_ladder_may_have_twelve_rungs_and_no_overdue_one(desk: Desk) -> None:
    data = {**LADDER, "days": ", ".join(map(str, range(12)))}
    assert desk.post("reminders", data).status_code == 302
    assert rungs() == [(days, None) for days in range(11, -1, -1)]


BAD = [
    ("days", "30, x"),
    ("days", "9999"),
    ("days", "731"),
    ("days", "-1"),
    ("days", "1.5"),
    ("days", "²"),
    ("days", "7,,1"),
    ("days", ","),
    ("days", ""),
    ("days", ", ".join(map(str, range(13)))),
    ("days", "1," * 150),
    ("overdue_every", "0"),
    ("overdue_every", "366"),
    ("overdue_every", "weekly"),
    ("time", ""),
    ("time", "25:99"),
    ("time", "noon"),
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda value: value[:20])
def test_bad_input_is_named_and_the_old_ladder_stays(field: str, value: str, desk: Desk) -> None:
    before = everything_stored()
    response = desk.post("reminders", {**LADDER, field: value})
    assert list(problems_of(response)) == [field]
    assert response.context["form"][field].value() == value
    assert everything_stored() == before


def test_who_sees_the_page_and_who_the_form(desk: Desk) -> None:
    pages = {who: desk.get("reminders", who=who) for who in desk.cast}
    assert {who: page.status_code for who, page in pages.items()} == {
        **dict.fromkeys(("owner", "advocacy", "press", "volunteer"), 200),
        "viewer": 403,
        "outsider": 404,
    }
    assert {who for who, page in pages.items() if "The ladder" in text_of(page)} == {"owner", "advocacy"}


def test_it_says_when_the_scheduler_last_looked(desk: Desk) -> None:
    assert "The scheduler has not looked yet." in text_of(desk.get("reminders"))
    Tick.objects.create(looked_at=AT - DAY)
    assert "The scheduler last looked 24 hours ago." in text_of(desk.get("reminders"))
