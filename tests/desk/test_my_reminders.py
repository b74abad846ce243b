"""What one person is reminded of, over all their campaigns, and what they want otherwise."""

from datetime import time
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from apps.campaigns.actions import add_member
from apps.campaigns.roles import Role
from apps.reminders.models import Reminder, Rule, Wish
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import pages_from, query_count, table_in
from tests.make import AT
from tests.pages import at, everything_stored, text_of

MINE = reverse("my_reminders")
WHAT, CAMPAIGN = 1, 2


def mine(desk: Desk, who: str = "volunteer", **query: Any) -> HttpResponse:
    return desk.client(who).get(MINE, query)


def join(desk: Desk, campaign: Any, who: str = "volunteer") -> None:
    by = make.owner_of(campaign)
    add_member(campaign=campaign, user=desk.cast[who], role=Role.VIEWER, by=by, at=AT)


@pytest.fixture
def two(desk: Desk, other_campaign: Any) -> Desk:
    """The volunteer watches a milestone in each of two campaigns."""
    join(desk, other_campaign)
    volunteer = desk.cast["volunteer"]
    plan(make.milestone(desk.campaign, headline="Bill", owner=volunteer), at=AT)
    make_ladder(other_campaign)
    plan(make.milestone(other_campaign, headline="Permit", owner=volunteer), at=AT)
    return desk


def make_ladder(campaign: Any) -> None:
    from apps.reminders.actions import set_default_ladder

    set_default_ladder(campaign=campaign, by=make.owner_of(campaign), at=AT)


def shown(response: HttpResponse) -> set[tuple[str, str]]:
    return {(row[WHAT], row[CAMPAIGN]) for row in table_in(response)}


def test_my_reminders_are_those_to_me_in_all_my_campaigns(two: Desk) -> None:
    assert shown(mine(two)) == {("Bill", "Online harms"), ("Permit", "Clean rivers")}
    assert shown(mine(two, state="all", words="perm")) == {("Permit", "Clean rivers")}
    assert shown(mine(two, state="all", campaign=two.campaign.pk)) == {("Bill", "Online harms")}
    assert shown(mine(two, "press")) == set()


def test_what_i_left_or_may_not_see_any_more_is_not_among_them(two: Desk) -> None:
    make.membership(two.campaign, two.cast["volunteer"]).delete()
    assert shown(mine(two, state="all")) == {("Permit", "Clean rivers")}
    entry = Reminder.objects.filter(milestone__entry__headline="Permit")[0].milestone.entry
    entry.visibility = "staff"
    entry.save()
    assert shown(mine(two, state="all")) == set()
    assert "Permit" not in text_of(mine(two)) + mine(two, _export="csv").content.decode()


def test_a_viewer_sees_and_releases_their_own(two: Desk, other_campaign: Any) -> None:
    row = Reminder.objects.filter(campaign=other_campaign, recipient=two.cast["volunteer"])[0]
    Reminder.objects.filter(pk=row.pk).update(state="held")
    assert "Send it" in text_of(mine(two))
    path = at("release", other_campaign, pk=row.pk)
    answer = two.client("volunteer").post(path, {"do": "send", "back": "mine"})
    assert answer["Location"] == MINE
    row.refresh_from_db()
    assert row.state == "planned"


def test_pages_and_exports_hold_every_row_once(two: Desk) -> None:
    for number in range(8):
        made = make.milestone(two.campaign, headline=f"More {number}", owner=two.cast["volunteer"])
        plan(made, at=AT)
    rows = Reminder.objects.filter(recipient=two.cast["volunteer"]).count()
    pages = [table_in(page) for page in pages_from(two.client("volunteer"), f"{MINE}?state=planned")]
    assert sum(map(len, pages)) == rows > 100
    assert len(mine(two, state="planned", _export="csv").content.decode().strip().split("\r\n")) == rows + 1


def test_another_campaign_is_no_choice(desk: Desk, other_campaign: Any) -> None:
    assert list(mine(desk, campaign=other_campaign.pk).context["filter"].form.errors) == ["campaign"]


def test_a_visitor_is_asked_to_sign_in(desk: Desk) -> None:
    assert desk.client("nobody").get(MINE).status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_rows(two: Desk) -> None:
    client = two.client("volunteer")
    few = [query_count(client, f"{MINE}{query}") for query in ("", "?state=all")]
    for _ in range(10):
        plan(make.milestone(two.campaign, owner=two.cast["volunteer"]), at=AT)
    assert [query_count(client, f"{MINE}{query}") for query in ("", "?state=all")] == few


# --- What I want otherwise --------------------------------------------------------------------------------


def rung(desk: Desk, days: int) -> Rule:
    return Rule.objects.get(
        campaign=desk.campaign, days_before=days, person=None, milestone=None, kind="rung"
    )


def moments(desk: Desk, who: str = "volunteer") -> set[tuple[int, str]]:
    rows = Reminder.objects.filter(recipient=desk.cast[who], state="planned", rule__repeat_days=None)
    return {(row.rule.days_before, f"{row.due_at:%d %b %H:%M}") for row in rows.select_related("rule")}


@pytest.fixture
def bill(desk: Desk) -> Desk:
    """A milestone the volunteer and press are reminded of."""
    plan(make.milestone(desk.campaign, owner=desk.cast["volunteer"], target="2026-06-20"), at=AT)
    return desk


def wish(desk: Desk, data: dict[str, Any], who: str = "volunteer") -> HttpResponse:
    return desk.post("my_ladder", data, who=who)


def test_one_rung_comes_earlier_and_another_not_at_all_for_me_alone(bill: Desk) -> None:
    thirty, seven = rung(bill, 30), rung(bill, 7)
    before = moments(bill, "owner")
    data = {f"rung_{thirty.pk}": "earlier", f"rung_{thirty.pk}_days": "5", f"rung_{seven.pk}": "muted"}
    assert wish(bill, data).status_code == 302
    assert moments(bill) == {
        (30, "16 May 08:00"),
        (14, "06 Jun 08:00"),
        (1, "19 Jun 08:00"),
        (0, "20 Jun 08:00"),
    }
    assert moments(bill, "owner") == before
    form = bill.get("my_ladder", who="volunteer").context["form"]
    values = [form[name].value() for name in data]
    assert values == ["earlier", 5, "muted"]
    wish(bill, {"own_days": ""})
    assert not Wish.objects.exists()
    assert (30, "21 May 08:00") in moments(bill)


def test_days_of_my_own_come_besides(bill: Desk) -> None:
    assert wish(bill, {"own_days": "60, 3", "own_time": "18:30"}).status_code == 302
    assert {(60, "21 Apr 17:30"), (3, "17 Jun 17:30"), (30, "21 May 08:00")} <= moments(bill)
    assert (60, "21 Apr 17:30") not in moments(bill, "owner")
    form = bill.get("my_ladder", who="volunteer").context["form"]
    assert (form["own_days"].value(), form["own_time"].value()) == ("60, 3", time(18, 30))
    wish(bill, {"own_days": "", "own_time": "18:30"})
    assert not Rule.objects.filter(person=bill.cast["volunteer"], active=True).exists()


def test_the_whole_campaign_is_muted_and_heard_again(bill: Desk) -> None:
    wish(bill, {"muted": "on"})
    assert (moments(bill), bool(moments(bill, "owner"))) == (set(), True)
    assert bill.get("my_ladder", who="volunteer").context["form"]["muted"].value() is True
    wish(bill, {"own_days": ""})
    assert moments(bill)


def test_moves_and_what_nobody_answered_are_muted_too(desk: Desk) -> None:
    assert wish(desk, {"kind_change": "muted", "kind_escalate": "muted"}).status_code == 302
    kinds = Wish.objects.filter(muted=True).values_list("rule__kind", flat=True)
    assert set(kinds) == {"change", "escalate"}
    form = desk.get("my_ladder", who="volunteer").context["form"]
    assert [form[name].value() for name in ("kind_change", "kind_escalate")] == ["muted", "muted"]


def test_saving_what_stands_changes_nothing(bill: Desk) -> None:
    wish(bill, {"kind_change": "muted", "own_days": "60", "own_time": "09:00"})
    before = everything_stored()
    wish(bill, {"kind_change": "muted", "own_days": "60", "own_time": "09:00"})
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("own_days", {"own_days": "soon", "own_time": "09:00"}),
        ("own_days", {"own_days": "731", "own_time": "09:00"}),
        ("own_days", {"own_days": ", ".join(map(str, range(13))), "own_time": "09:00"}),
        ("own_time", {"own_days": "60"}),
        ("own_time", {"own_days": "60", "own_time": "25:99"}),
        ("kind_change", {"kind_change": "earlier"}),
        ("kind_change", {"kind_change": "\x00"}),
    ],
    ids=str,
)
def test_a_wrong_wish_is_named_and_changes_nothing(field: str, data: dict[str, str], bill: Desk) -> None:
    before = everything_stored()
    assert list(wish(bill, data).context["form"].errors) == [field]
    assert everything_stored() == before


@pytest.mark.parametrize("days", ["", "0", "-1", "366", "x", "9" * 400])
def test_earlier_needs_a_number_of_days(days: str, bill: Desk) -> None:
    name = f"rung_{rung(bill, 30).pk}"
    page = wish(bill, {name: "earlier", f"{name}_days": days})
    assert list(page.context["form"].errors) == [f"{name}_days"]


def test_every_member_may_and_nobody_else(desk: Desk) -> None:
    got = {who: desk.get("my_ladder", who=who).status_code for who in desk.cast}
    assert got == {who: 404 if who == "outsider" else 200 for who in desk.cast}


def test_visitors_of_a_public_campaign_may_not(desk: Desk) -> None:
    desk.campaign.is_public = True
    desk.campaign.save()
    milestone = make.milestone(desk.campaign, visibility="public")
    assert desk.get("my_ladder", who="outsider").status_code == 403
    assert desk.get("my_ladder", who="nobody").status_code == 302
    assert desk.post("mute", {}, pk=milestone.pk, who="outsider").status_code == 403
    page = text_of(desk.get("entry", pk=milestone.pk, who="outsider"))
    assert not [word for word in ("Mute", "Reminded", "Nobody watches") if word in page]


def test_one_milestone_is_muted_and_heard_again(bill: Desk) -> None:
    pk = Reminder.objects.all()[0].milestone_id
    assert "Mute this for me" in text_of(bill.get("entry", pk=pk, who="volunteer"))
    assert bill.post("mute", {"mute": "1"}, pk=pk, who="volunteer").status_code == 302
    assert moments(bill) == set()
    assert "You have muted it." in text_of(bill.get("entry", pk=pk, who="volunteer"))
    assert "You have muted it." not in text_of(bill.get("entry", pk=pk))
    assert [entry.pk for entry in bill.get("my_ladder", who="volunteer").context["muted"]] == [pk]
    answer = bill.post("mute", {"unmute": "1", "back": "mine"}, pk=pk, who="volunteer")
    assert answer["Location"] == at("my_ladder", bill.campaign)
    assert moments(bill)


def test_a_muted_milestone_that_i_may_not_see_any_more_is_not_named(bill: Desk) -> None:
    row = Reminder.objects.all()[0]
    bill.post("mute", {"mute": "1"}, pk=row.milestone_id, who="volunteer")
    entry = row.milestone.entry
    entry.visibility = "staff"
    entry.save()
    assert "Royal Assent" not in text_of(bill.get("my_ladder", who="volunteer"))
    assert bill.post("mute", {"unmute": "1"}, pk=entry.pk, who="volunteer").status_code == 404
