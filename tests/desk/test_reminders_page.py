"""The page of a campaign's reminders: its ladder, what is planned by it, and whose rows one sees."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.notices.actions import prepare
from apps.reminders.models import Reminder, Rule, Tick
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import query_count, table_in
from tests.make import AT, DAY
from tests.pages import at, everything_stored, problems_of, text_of

LADDER = {"days": "30, 7", "overdue_every": "", "time": "09:00"}


def rungs() -> list[tuple[int, int | None]]:
    return list(Rule.objects.filter(active=True).values_list("days_before", "repeat_days"))


def test_the_ladder_is_changed_and_planned_by(desk: Desk) -> None:
    milestone = make.milestone(desk.campaign, target="2026-06-20")
    plan(milestone, at=AT)
    data = {"days": " 7,30 , 7,0", "overdue_every": "14", "time": "18:30"}
    assert desk.post("reminders", data, who="advocacy").status_code == 302
    assert rungs() == [(30, None), (7, None), (0, None), (-14, 14)]
    planned = Reminder.objects.filter(state="planned", recipient=desk.cast["owner"])
    assert [f"{row.due_at:%d %b %H:%M}" for row in planned] == [
        *("21 May 17:30", "13 Jun 17:30"),
        *("20 Jun 17:30", "04 Jul 17:30"),
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


def test_staff_see_every_row_and_volunteers_their_own(desk: Desk) -> None:
    volunteer = desk.cast["volunteer"]
    plan(make.milestone(desk.campaign, target="2026-03-20", owner=volunteer), at=AT)
    hidden = make.milestone(desk.campaign, headline="Hidden", owner=volunteer, visibility="staff")
    plan(hidden, at=AT)
    whose = {
        who: {row[2] for row in table_in(desk.get("reminders", who=who))} for who in ("press", "volunteer")
    }
    names = {who: user.name for who, user in desk.cast.items()}
    assert whose == {
        "press": {names["owner"], names["advocacy"], names["volunteer"]},
        "volunteer": {names["volunteer"]},
    }
    assert "Hidden" not in text_of(desk.get("reminders", who="volunteer"))


def test_planned_rows_come_soonest_first_in_the_readers_own_words(desk: Desk) -> None:
    plan(make.milestone(desk.campaign, target="2026-03-20", owner=desk.cast["volunteer"]), at=AT)
    volunteer = desk.cast["volunteer"].name
    assert table_in(desk.get("reminders", who="volunteer")) == [
        ["13 March 2026, 09:00", "Royal Assent 20 March 2026", volunteer, "7 days before"],
        ["19 March 2026, 09:00", "Royal Assent 20 March 2026", volunteer, "1 day before"],
        ["20 March 2026, 09:00", "Royal Assent 20 March 2026", volunteer, "on the day"],
        ["27 March 2026, 09:00", "Royal Assent 20 March 2026", volunteer, "weekly while overdue"],
    ]


def test_what_was_sent_leads_to_the_message_for_its_reader_and_owners(desk: Desk) -> None:
    milestone = make.milestone(desk.campaign, owner=desk.cast["volunteer"])
    plan(milestone, at=AT)
    row = Reminder.objects.filter(recipient=desk.cast["volunteer"])[0]
    whom: dict[str, Any] = {"campaign": desk.campaign, "recipient": row.recipient, "channel": "email"}
    row.delivery = prepare(**whom, subject="Soon", body="Soon.", key="1", at=AT)
    row.state, row.changed_at = Reminder.State.SENT, AT - DAY
    row.save()
    staff = ("owner", "press", "volunteer")
    assert {who for who in staff if "read it" in text_of(desk.get("reminders", who=who))} == {
        "owner",
        "volunteer",
    }


def test_it_says_when_the_scheduler_last_looked(desk: Desk) -> None:
    assert "The scheduler has not looked yet." in text_of(desk.get("reminders"))
    Tick.objects.create(looked_at=datetime.now(UTC) - DAY)  # "ago" is told by the machine's own clock
    assert "The scheduler last looked 1 day ago." in text_of(desk.get("reminders"))


def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk) -> None:
    def add(count: int) -> None:
        for number in range(count):
            plan(make.milestone(desk.campaign, headline=f"Deadline {number}"), at=AT)

    client, path = desk.client(), at("reminders", desk.campaign)
    add(10)
    few = query_count(client, path)
    add(50)
    assert query_count(client, path) == few
