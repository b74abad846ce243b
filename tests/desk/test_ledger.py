"""The ledger of a campaign's reminders: who sees what, narrowing, pages by key, exports, and what is held."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponse

from apps.accounts.models import User
from apps.campaigns.models import Membership
from apps.notices.actions import Words, channels_of, deliver, prepare
from apps.notices.letters import message_id_of
from apps.notices.models import Kind
from apps.reminders.models import Ladder, Reminder, Rule, Tick
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, pages_from, query_count, table_in
from tests.make import AT
from tests.pages import at, text_of

WHEN, WHAT, WHOM, THROUGH, RULE, TARGET, STATE = range(7)
State = Reminder.State


def ledger(desk: Desk, who: str = "owner", **query: Any) -> HttpResponse:
    return desk.get("reminders", who=who, query=query)


def column(number: int, response: HttpResponse) -> list[str]:
    return [row[number] for row in table_in(response)]


def planned(desk: Desk, *, owner: str = "volunteer", **fields: Any) -> list[Reminder]:
    """Of a new milestone, the rows to whoever watches it, in the order of their moments."""
    milestone = make.milestone(desk.campaign, owner=desk.cast[owner], **fields)
    plan(milestone, at=AT)
    return list(Reminder.objects.filter(milestone=milestone, recipient=desk.cast[owner]))


def turned(row: Reminder, state: str, **values: Any) -> Reminder:
    Reminder.objects.filter(pk=row.pk).update(state=state, **values)
    row.refresh_from_db()
    return row


def exported(desk: Desk, fmt: str, **query: Any) -> list[list[str]]:
    response = ledger(desk, _export=fmt, **query)
    assert response["Content-Disposition"] == f'attachment; filename="reminders-2026-03-10.{fmt}"'
    if fmt == "csv":
        return list(csv.reader(StringIO(response.content.decode())))[1:]
    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)][1:]


def test_it_begins_with_what_needs_a_person_then_what_is_to_come_then_what_went(desk: Desk) -> None:
    rows = planned(desk)
    turned(rows[0], State.SENT, changed_at=rows[0].due_at + timedelta(hours=3))
    turned(rows[1], State.FAILED, because="The address was refused.")
    turned(rows[3], State.HELD, because="Nobody knows.")
    Tick.objects.create(looked_at=AT - timedelta(seconds=40))
    page = ledger(desk)
    said = text_of(page)
    assert "The scheduler last looked 40 seconds ago. Next: Royal Assent, to" in said
    assert "1 is held for a person and 1 failed." in said
    parts = [part.heading for part in page.context["parts"]]
    assert parts == ["Needs a person", "Planned", "Sent"]
    states = [cell.split()[0] for cell in column(STATE, page)]
    assert states == ["Held", "Failed", *["Planned"] * 12, "Sent"]
    assert "sent 3 hours late" in column(WHEN, page)[-1]


def test_a_row_says_when_what_to_whom_through_what_why_and_for_which_date(desk: Desk) -> None:
    planned(desk, target="2026-03-20")
    volunteer = desk.cast["volunteer"].name
    assert table_in(ledger(desk, "volunteer"))[:2] == [
        ["13 March 2026, 09:00", "Royal Assent", volunteer, kind, "7 days before", "20 March 2026", "Planned"]
        for kind in ("In the app", "E-mail")
    ]


def whats(desk: Desk, who: str) -> set[str]:
    """What the reminders that somebody sees are of, on all pages."""
    pages = pages_from(desk.client(who), at("reminders", desk.campaign) + "?state=all")
    return {what for page in pages for what in column(WHAT, page)}


def test_staff_see_every_row_and_volunteers_their_own_of_what_they_may_see(desk: Desk) -> None:
    planned(desk)
    planned(desk, headline="Hidden", visibility="staff")
    planned(desk, owner="press", headline="Watched by press")
    seen = {who: whats(desk, who) for who in ("press", "volunteer")}
    assert seen == {"press": {"Royal Assent", "Watched by press", "Hidden"}, "volunteer": {"Royal Assent"}}
    assert set(column(WHOM, ledger(desk, "volunteer"))) == {desk.cast["volunteer"].name}
    assert ledger(desk, "viewer").status_code == 403


def test_another_campaigns_rows_are_not_in_it(desk: Desk, other_campaign: Any) -> None:
    plan(make.milestone(other_campaign), at=AT)
    assert (table_in(ledger(desk)), table_in(ledger(desk, state="all"))) == ([], [])


def test_others_channels_are_named_by_their_kind_alone(desk: Desk) -> None:
    (row, *_) = planned(desk)
    type(row.channel).objects.filter(pk=row.channel_id).update(name="secret project")
    assert "secret project" not in text_of(ledger(desk))
    assert "secret project" in text_of(ledger(desk, "volunteer"))


@pytest.fixture
def mixed(desk: Desk) -> Desk:
    """Two milestones; of the first, one row in each state."""
    rows = planned(desk, headline="First bill")
    states = [State.SENT, State.HELD, State.FAILED, State.SKIPPED, State.CANCELLED, State.CLAIMED]
    for row, state in zip(rows, states, strict=False):
        lease = {"token": "1" * 32, "lease_until": AT} if state == State.CLAIMED else {}
        turned(row, state, **lease)
    planned(desk, owner="press", headline="Second bill", target="2026-05-01")
    return desk


def count(**filters: Any) -> int:
    return Reminder.objects.filter(**filters).count()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "planned"}, {"state__in": ["planned", "claimed"]}),
        *[({"state": one}, {"state": one}) for one in ("sent", "skipped", "cancelled", "held", "failed")],
        ({"state": "all"}, {}),
        ({"state": "all", "words": "second"}, {"milestone__entry__headline": "Second bill"}),
        ({"state": "all", "channel": "email"}, {"channel__kind": "email"}),
        ({"state": "all", "channel": "webhook"}, {"channel__kind": "webhook"}),
        ({"state": "all", "start": "2026-04-20"}, {"due_at__gte": "2026-04-19T23:00Z"}),
        ({"state": "all", "end": "April 2026"}, {"due_at__lt": "2026-04-30T23:00Z"}),
        ({"state": "planned", "words": "nothing has these"}, {"pk": 0}),
    ],
    ids=str,
)
def test_it_is_narrowed_and_exports_hold_the_same(
    query: dict[str, str], found: dict[str, Any], mixed: Desk
) -> None:
    page = ledger(mixed, **query)
    rows, shown = exported(mixed, "csv", **query), table_in(page)
    assert (len(rows), len(shown)) == (count(**found), min(50, len(rows)))
    assert [row[1:6] for row in rows[:50]] == [row[1:6] for row in shown]


def test_it_is_narrowed_to_a_person(mixed: Desk) -> None:
    press = mixed.cast["press"]
    page = ledger(mixed, state="all", person=press.username.upper())
    assert len(table_in(page)) == count(recipient=press) > 0
    assert table_in(ledger(mixed, state="all", person="nobody at all")) == []
    volunteer = ledger(mixed, "volunteer", state="all", person=press.username)
    assert set(column(WHOM, volunteer)) == {mixed.cast["volunteer"].name}


@pytest.mark.parametrize(
    "query",
    [
        {"state": "late"},
        {"start": "2021-13"},
        {"person": "x" * 101},
        {"channel": "pigeon"},
        {"words": "x" * 101},
    ],
    ids=str,
)
def test_a_wrong_filter_says_so_and_finds_nothing(query: dict[str, str], mixed: Desk) -> None:
    page = ledger(mixed, **query)
    assert "This filter finds nothing as it is" in text_of(page)
    assert (table_in(page), exported(mixed, "csv", **query)) == ([], [])


HOSTILE = [
    "\x00",
    "9" * 400,
    "0001",
    "9999",
    "../9998",
    "0001-01-01",
    "9998-12-31",
    "<script>",
    "²",
    "%",
    "'",
]


@pytest.mark.parametrize(
    "name", ["state", "person", "channel", "words", "start", "end", "after", "before", "_export"]
)
def test_no_query_string_breaks_it(name: str, mixed: Desk) -> None:
    for value in HOSTILE:
        for state in ("", "all"):
            page = ledger(mixed, **{"state": state, name: value})
            assert page.status_code == 200
            assert b"<script>a" not in page.content


@pytest.fixture
def many(desk: Desk) -> Desk:
    """More than two pages of rows, many at the same moment."""
    for number in range(12):
        planned(desk, headline=f"Deadline {number:02}", target=f"2026-06-{10 + number // 3}")
    return desk


@pytest.mark.parametrize("state", ["planned", "all", "cancelled"])
def test_every_row_stands_on_one_page_both_ways(state: str, many: Desk) -> None:
    if state == "cancelled":
        Reminder.objects.update(state=State.CANCELLED)
    client, path = many.client(), at("reminders", many.campaign)
    forward = [table_in(page) for page in pages_from(client, f"{path}?state={state}")]
    shown = [row for page in forward for row in page]
    everything = Reminder.objects.order_by("due_at", "pk")
    assert len(shown) == everything.count() > 100
    assert {len(page) for page in forward[:-1]} == {50}
    last = list(pages_from(client, f"{path}?state={state}"))[-1]
    back = link_called(last, "Previous page")
    backward = [table_in(page) for page in pages_from(client, path + str(back), "prev")]
    assert backward[::-1] == forward[:-1]
    assert [row[1:6] for row in exported(many, "xlsx", state=state)] == [row[1:6] for row in shown]


@pytest.mark.parametrize("place", ["x", "2026-03-01.5", "664.5", "2026-13-01T00:00:00.000000Z.1", "\x00"])
def test_a_damaged_place_shows_the_first_page(place: str, many: Desk) -> None:
    first = table_in(ledger(many, state="planned"))
    for side in ("after", "before"):
        page = ledger(many, state="planned", **{side: place})
        assert "address was damaged" in text_of(page)
        assert table_in(page) == first


def test_formulas_are_put_down_as_text(desk: Desk) -> None:
    person = desk.cast["volunteer"]
    User.objects.filter(pk=person.pk).update(first_name="=1+1", last_name="")
    planned(desk, headline="@SUM(A1)")
    for fmt in ("csv", "xlsx"):
        rows = exported(desk, fmt, state="all")
        assert {(row[WHAT], row[WHOM]) for row in rows if "=" in row[WHOM]} == {("'@SUM(A1)", "'=1+1")}


def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk) -> None:
    client, path = desk.client(), at("reminders", desk.campaign)
    planned(desk)
    few = [query_count(client, f"{path}{query}") for query in ("", "?state=all", "?_export=csv")]
    for number in range(10):
        turned(planned(desk, headline=f"More {number}")[number % 4], State.HELD)
    assert [query_count(client, f"{path}{query}") for query in ("", "?state=all", "?_export=csv")] == few
    assert few[0] <= 26


def test_fifteen_hundred_people_are_a_page_like_any_other(desk: Desk) -> None:
    people = User.objects.bulk_create(
        User(username=f"crowd{n}", email=f"crowd{n}@example.org", password="!") for n in range(1500)
    )
    Membership.objects.bulk_create(
        Membership(campaign=desk.campaign, user=one, role="viewer", reminded=True, joined_at=AT)
        for one in people
    )
    client, path = desk.client(), at("reminders", desk.campaign)
    few = query_count(client, path)
    plan(make.milestone(desk.campaign), at=AT)
    assert Reminder.objects.values("recipient").distinct().count() == 1502
    assert query_count(client, path) <= few + 3
    assert [ledger(desk, state="all").status_code, len(exported(desk, "csv", state="all"))] == [
        200,
        min(20_000, Reminder.objects.count()),
    ]


# --- One reminder -----------------------------------------------------------------------------------------


def sent(row: Reminder) -> Reminder:
    delivery = prepare(
        channel=row.channel,
        campaign=row.campaign,
        words=Words("In 7 days: Royal Assent", "The whole message."),
        message_id=message_id_of(str(row.pk)),
        at=AT,
    )
    deliver(delivery, at=AT)
    return turned(row, State.SENT, delivery=delivery, said="Royal Assent, in 7 days.", changed_at=AT)


def test_a_row_leads_to_what_it_said_and_what_became_of_it(desk: Desk) -> None:
    row = sent(next(row for row in planned(desk) if row.channel.kind == Kind.EMAIL))
    address = link_called(ledger(desk, state="sent"), "what it said")
    assert address == at("reminder", desk.campaign, pk=row.pk)
    seen = {}
    for who in desk.cast:
        page = desk.get("reminder", who=who, pk=row.pk)
        said = text_of(page)
        if page.status_code == 200:
            assert "Royal Assent, in 7 days." in said
            assert "Attempts 10 March 2026, 10:00 Sent" in said
        seen[who] = (page.status_code, "The whole message" in said)
    assert seen == {
        **dict.fromkeys(("owner", "volunteer"), (200, True)),
        **dict.fromkeys(("advocacy", "press"), (200, False)),
        **dict.fromkeys(("viewer", "outsider"), (404, False)),
    }


def test_what_is_embargoed_afterwards_is_not_shown_to_its_recipient(desk: Desk) -> None:
    row = sent(planned(desk)[0])
    entry = row.milestone.entry
    entry.shown_from = None
    entry.save()
    assert {who: desk.get("reminder", who=who, pk=row.pk).status_code for who in ("press", "volunteer")} == {
        "press": 200,
        "volunteer": 404,
    }


@pytest.mark.parametrize("state", ["held", "failed"])
@pytest.mark.parametrize(("do", "becomes"), [("send", "planned"), ("leave", "skipped"), ("", "skipped")])
def test_what_is_held_or_failed_is_sent_or_left(state: str, do: str, becomes: str, desk: Desk) -> None:
    row = turned(planned(desk)[0], state, because="Nobody knows.")
    assert "Send it" in text_of(ledger(desk))
    assert desk.post("release", {"do": do}, pk=row.pk, who="advocacy").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.changed_at) == (becomes, AT)
    again = desk.client().post(at("release", desk.campaign, pk=row.pk), {"do": "send"}, follow=True)
    assert "Somebody has seen to it already." in text_of(again)


def test_whom_it_went_to_may_release_it_and_who_may_not_sees_no_button(desk: Desk) -> None:
    row = turned(planned(desk)[0], State.HELD)
    buttons = {who: "Send it" in text_of(ledger(desk, who)) for who in ("advocacy", "press", "volunteer")}
    assert buttons == {"advocacy": True, "press": False, "volunteer": True}
    got = {
        who: desk.post("release", {"do": "leave"}, pk=row.pk, who=who).status_code
        for who in ("press", "viewer", "volunteer")
    }
    assert got == {"press": 403, "viewer": 404, "volunteer": 302}


def test_there_is_no_releasing_by_a_link(desk: Desk) -> None:
    row = turned(planned(desk)[0], State.HELD)
    assert desk.get("release", pk=row.pk).status_code == 405


# --- The ladder -------------------------------------------------------------------------------------------

LADDER = {"days": "30, 7", "overdue_every": "", "time": "09:00"}


def test_working_days_and_telling_the_owners_are_kept_and_shown(desk: Desk) -> None:
    data = {**LADDER, "working_days": "SCT", "escalate_after": "5"}
    assert desk.post("reminders", data).status_code == 302
    ladder = Ladder.objects.get(campaign=desk.campaign)
    assert (ladder.working_days, ladder.escalate_after) == ("SCT", 5)
    form = desk.get("reminders").context["form"]
    assert [form[name].value() for name in ("days", "working_days", "escalate_after")] == ["30, 7", "SCT", 5]
    desk.post("reminders", LADDER)
    ladder.refresh_from_db()
    assert (ladder.working_days, ladder.escalate_after) == ("", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("working_days", "FRA"), ("escalate_after", "0"), ("escalate_after", "61"), ("escalate_after", "soon")],
)
def test_a_wrong_ladder_is_named(field: str, value: str, desk: Desk) -> None:
    assert list(desk.post("reminders", {**LADDER, field: value}).context["form"].errors) == [field]


def test_the_form_shows_rungs_and_neither_peoples_own_nor_other_rules(desk: Desk) -> None:
    planned(desk)
    desk.post("my_ladder", {"own_days": "90", "own_time": "08:00"}, who="volunteer")
    assert Rule.objects.filter(campaign=desk.campaign, active=True).count() > 6
    assert desk.get("reminders").context["form"]["days"].value() == "30, 14, 7, 1, 0"


@pytest.mark.parametrize(("zone", "days"), [("Europe/London", "ENG"), ("Europe/Paris", "")])
def test_a_campaign_started_in_london_keeps_to_working_days(zone: str, days: str, desk: Desk) -> None:
    desk.client().post("/campaigns/new/", {"name": "New one", "time_zone": zone})
    assert Ladder.objects.get(campaign__name="New one").working_days == days


def test_a_milestone_has_a_ladder_of_its_own_and_goes_back(desk: Desk) -> None:
    milestone = planned(desk)[0].milestone
    page = text_of(desk.get("entry", pk=milestone.pk))
    assert "By the campaign’s ladder: 30 days before, 14 days before" in page
    shown = desk.get("milestone_ladder", pk=milestone.pk)
    assert shown.context["form"]["days"].value() == "30, 14, 7, 1, 0"
    assert "Use the campaign’s ladder again" not in text_of(shown)
    data = {**LADDER, "days": "60, 2"}
    assert desk.post("milestone_ladder", data, pk=milestone.pk, who="advocacy").status_code == 302
    rules = Reminder.objects.filter(milestone=milestone, state="planned").values_list("rule__days_before")
    assert set(rules) == {(60,), (2,)}
    assert "By a ladder of its own: 60 days before, 2 days before." in text_of(
        desk.get("entry", pk=milestone.pk)
    )
    assert desk.get("reminders").context["form"]["days"].value() == "30, 14, 7, 1, 0"
    desk.post("milestone_ladder", {"drop": "1"}, pk=milestone.pk)
    assert set(rules.all()) == {(30,), (14,), (7,), (1,), (0,), (-7,)}
    assert not Ladder.objects.filter(milestone=milestone).exists()


def test_a_wrong_ladder_of_its_own_changes_nothing(desk: Desk) -> None:
    milestone = planned(desk)[0].milestone
    page = desk.post("milestone_ladder", {**LADDER, "days": "x"}, pk=milestone.pk)
    assert list(page.context["form"].errors) == ["days"]
    assert not Ladder.objects.filter(milestone=milestone).exists()


def test_only_milestones_have_ladders(desk: Desk) -> None:
    assert desk.get("milestone_ladder", pk=make.update(desk.campaign).pk).status_code == 404


def test_that_nobody_watches_is_a_problem_everywhere(desk: Desk) -> None:
    milestone = make.milestone(desk.campaign)
    page = text_of(desk.get("entry", pk=milestone.pk))
    assert "Nobody watches this." in page
    assert "Until then its reminders go to the campaign’s owners." in page or "Reminded:" in page
    assert "nobody watches it" in text_of(desk.get("campaign"))
    assert '<strong class="late">Nobody</strong>' in desk.client().get("/deadlines/").content.decode()


def test_whoever_adds_a_milestone_watches_it_unless_they_say_otherwise(desk: Desk) -> None:
    for who in ("advocacy", "volunteer"):
        form = desk.get("add_entry", kind="milestone", who=who).context["form"]
        assert form["owner"].value() in (desk.cast[who], desk.cast[who].pk)
    assert "owner" not in desk.get("add_entry", kind="update").context["form"].fields


def test_moving_a_date_says_that_people_are_told(desk: Desk) -> None:
    milestone = planned(desk)[0].milestone
    assert "They are told of the move, with your reason" in text_of(desk.get("move", pk=milestone.pk))


def test_channels_are_made_for_whoever_has_none(desk: Desk) -> None:
    kinds = [channel.kind for channel in channels_of([desk.cast["press"]])[desk.cast["press"].pk]]
    assert kinds == [Kind.INBOX, Kind.EMAIL]


def test_a_day_begins_in_the_readers_zone(desk: Desk) -> None:
    rows = planned(desk)
    Reminder.objects.exclude(pk=rows[0].pk).delete()
    turned(rows[0], State.SENT, due_at=AT.replace(hour=23, minute=30))
    found = {}
    for zone in ("Europe/London", "Asia/Tokyo"):
        User.objects.filter(pk=desk.cast["owner"].pk).update(time_zone=zone)
        found[zone] = len(table_in(ledger(desk, state="all", start="2026-03-11")))
    assert found == {"Europe/London": 0, "Asia/Tokyo": 1}
