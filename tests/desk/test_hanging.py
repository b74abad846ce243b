"""The pages of milestones that hang on others: what moves is shown before it moves, to those who see it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.dates import parse
from apps.legislation.actions import revise_target
from apps.legislation.models import BankHoliday, Hook, Milestone
from apps.legislation.recounting import catch_up
from apps.reminders.actions import set_ladder
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT
from tests.pages import at, client_of, everything_stored, problems_of, text_of


@pytest.fixture
def opens(desk: Desk) -> Milestone:
    owner = desk.cast["owner"]
    set_ladder(campaign=desk.campaign, rungs=[(7, None)], by=owner, at=AT)
    milestone = make.milestone(desk.campaign, headline="Consultation opens", target="2026-06-01")
    plan(milestone, at=AT)
    return milestone


@pytest.fixture
def closes(desk: Desk, opens: Milestone) -> Milestone:
    milestone = make.milestone(desk.campaign, headline="Consultation closes", target="2026-08-24")
    make.hang(milestone, opens)
    plan(milestone, at=AT)
    return milestone


def newest(milestone: Milestone) -> int:
    return milestone.targets.latest("pk").pk


def date_of(milestone: Milestone) -> str:
    return Milestone.everything.select_related("entry").get(pk=milestone.pk).entry.date


def moving(milestone: Milestone, **other: Any) -> dict[str, Any]:
    return {"to": "2026-06-15", "reason": "The election", "seen": newest(milestone), **other}


def hanging(milestone: Milestone, base: str, **other: Any) -> dict[str, Any]:
    asked = {"amount": "3", "unit": "months", "side": "after", "base": base}
    return asked | {"seen": newest(milestone)} | other


# --- Before a move ----------------------------------------------------------------------------------------


def test_a_move_is_first_shown_with_all_that_follows_and_then_confirmed(
    desk: Desk, opens: Milestone, closes: Milestone
) -> None:
    answer = make.milestone(desk.campaign, headline="The answer", target="2026-11-24")
    make.hang(answer, closes, 3, "months")
    plan(answer, at=AT)
    before = everything_stored()
    response = desk.post("move", moving(opens), pk=opens.pk)
    said = text_of(response)
    assert everything_stored() == before
    assert "Nothing has moved yet." in said
    assert "2 deadlines that hang on it What From To Because" in said
    closing = "Consultation closes 24 August 2026 7 September 2026 12 weeks after “Consultation opens”"
    assert closing in said
    assert "The answer 24 November 2026 7 December 2026 3 months after “Consultation closes”" in said
    effect = response.context["effect"].foreseen
    # Of each the two who are reminded, in both ways: 12 go, 12 come, and advocacy is told of each move twice.
    assert (effect.cancelled, effect.planned) == (12, 18)
    assert effect.people == sorted(desk.cast[role].name for role in ("owner", "advocacy"))
    confirmed = moving(opens, confirmed=effect.mark)
    page = desk.client().post(at("move", desk.campaign, pk=opens.pk), confirmed, follow=True)
    assert "2 deadlines that hang on it moved with it." in text_of(page)
    assert (date_of(closes), date_of(answer)) == ("2026-09-07", "2026-12-07")
    planned = Reminder.objects.filter(state="planned").values_list("target", flat=True)
    assert set(planned) == {"2026-06-15", "2026-09-07", "2026-12-07"}
    assert planned.count() == 18


def test_what_is_confirmed_is_what_was_shown(desk: Desk, opens: Milestone, closes: Milestone) -> None:
    mark = desk.post("move", moving(opens), pk=opens.pk).context["effect"].foreseen.mark
    for other in ({"to": "2026-06-16"}, {"confirmed": "x"}):
        response = desk.post("move", {**moving(opens, confirmed=mark), **other}, pk=opens.pk)
        assert "Nothing has moved yet." in text_of(response)
    assert date_of(opens) == "2026-06-01"


def test_before_a_date_is_typed_the_page_says_that_some_hang_on_it(desk: Desk, closes: Milestone) -> None:
    for name in ("move", "mark"):
        said = text_of(desk.get(name, pk=closes.hook.base_id))
        assert "1 deadline hangs on it and follows." in said


def test_being_met_on_another_day_is_shown_first_too(desk: Desk, opens: Milestone, closes: Milestone) -> None:
    met = {"outcome": "met", "on": "9 March 2026"}
    response = desk.post("mark", met, pk=opens.pk)
    assert "Consultation closes 24 August 2026 1 June 2026" in text_of(response)
    assert date_of(closes) == "2026-08-24"
    mark = response.context["effect"].foreseen.mark
    assert desk.post("mark", met | {"confirmed": mark}, pk=opens.pk).status_code == 302
    assert date_of(closes) == "2026-06-01"
    before = everything_stored()
    response = desk.post("reopen", {}, pk=opens.pk)
    assert "Nothing has moved yet." in text_of(response)
    assert "Consultation closes 1 June 2026 24 August 2026" in text_of(response)
    assert everything_stored() == before
    again = {"confirmed": response.context["effect"].foreseen.mark}
    said = text_of(desk.client().post(at("reopen", desk.campaign, pk=opens.pk), again, follow=True))
    assert "planned. 1 deadline that hangs on it moved with it." in said
    assert date_of(closes) == "2026-08-24"


@pytest.mark.parametrize("outcome", ["dropped", "missed"])
def test_what_moves_nothing_is_not_asked_twice(outcome: str, desk: Desk, closes: Milestone) -> None:
    base = closes.hook.base_id
    assert desk.post("mark", {"outcome": outcome, "on": "9 March 2026"}, pk=base).status_code == 302
    assert date_of(closes) == "2026-08-24"


def test_one_that_hangs_is_moved_by_hand_only_if_one_says_so(
    desk: Desk, opens: Milestone, closes: Milestone
) -> None:
    said = text_of(desk.get("move", pk=closes.pk))
    assert "it stands 12 weeks after Consultation opens ." in said
    response = desk.post("move", moving(closes), pk=closes.pk)
    assert problems_of(response)["unhook"] == [
        "Its date follows another. Say that it no longer does, or move that one instead."
    ]
    assert desk.post("move", moving(closes, unhook="on"), pk=closes.pk).status_code == 302
    assert (date_of(closes), Hook.objects.count()) == ("2026-06-15", 0)
    assert "No longer hangs on another" in text_of(desk.get("entry", pk=closes.pk))


# --- What each sees ---------------------------------------------------------------------------------------


def test_both_pages_say_it_in_words(desk: Desk, opens: Milestone, closes: Milestone) -> None:
    above, below = (text_of(desk.get("entry", pk=each.pk, who="viewer")) for each in (opens, closes))
    assert "1 deadline hangs on this" in above
    assert "12 weeks after: ◆ Consultation closes 24 August 2026" in above
    assert "12 weeks after Consultation opens" in below
    revise_target(milestone=opens, to=parse("2026-06-15"), reason="Later", by=desk.cast["owner"], at=AT)
    assert "Follows Consultation opens : 12 weeks after it" in text_of(desk.get("entry", pk=closes.pk))


@pytest.mark.parametrize("hidden", ["opens", "closes"])
def test_what_a_reader_may_not_see_is_not_counted_either(
    hidden: str, desk: Desk, opens: Milestone, closes: Milestone
) -> None:
    entry = {"opens": opens, "closes": closes}[hidden].entry
    entry.visibility = "staff"
    entry.save()
    shown = closes if hidden == "opens" else opens
    revise_target(milestone=opens, to=parse("2026-06-15"), reason="Later", by=desk.cast["owner"], at=AT)
    for who, sees in (("volunteer", False), ("press", True)):
        said = text_of(desk.get("entry", pk=shown.pk, who=who))
        assert ("hangs on this" in said or "12 weeks after Consultation" in said) == sees
        assert (("Consultation opens" in said) + ("Consultation closes" in said) == 2) == sees


# --- Hanging it there -------------------------------------------------------------------------------------


def test_it_is_hung_on_another_once_the_effect_was_seen(desk: Desk, opens: Milestone) -> None:
    milestone = make.milestone(desk.campaign, headline="Letters", target="2026-01-05")
    response = desk.post("hang", hanging(milestone, "consultation OPENS"), pk=milestone.pk)
    assert "The date moves from 5 January 2026 to 1 September 2026 ." in text_of(response)
    assert Hook.objects.count() == 0
    mark = response.context["effect"].foreseen.mark
    data = hanging(milestone, f"Consultation opens [{opens.pk}]", confirmed=mark)
    page = desk.client().post(at("hang", desk.campaign, pk=milestone.pk), data, follow=True)
    assert "It hangs there now." in text_of(page)
    assert "Hangs on another: 3 months after “Consultation opens”" in text_of(page)
    assert date_of(milestone) == "2026-09-01"
    assert f"Consultation opens [{opens.pk}]" in desk.get("hang", pk=milestone.pk).content.decode()
    assert desk.post("take_off", {}, pk=milestone.pk).status_code == 302
    assert (date_of(milestone), Hook.objects.count()) == ("2026-09-01", 0)


def test_a_loop_is_refused_and_spelled_out(desk: Desk, opens: Milestone, closes: Milestone) -> None:
    response = desk.post("hang", hanging(opens, "Consultation closes"), pk=opens.pk)
    loop = "Consultation opens → Consultation closes → Consultation opens"
    assert problems_of(response)["__all__"] == [f"That would be a loop: {loop}."]


BAD: list[tuple[dict[str, str], str]] = [
    ({"amount": ""}, "amount"),
    ({"amount": "0"}, "amount"),
    ({"amount": "1000"}, "amount"),
    ({"amount": "two"}, "amount"),
    ({"unit": "moons"}, "unit"),
    ({"side": "beside"}, "side"),
    ({"base": ""}, "base"),
    ({"base": "No such thing"}, "base"),
    ({"base": "x [999999]"}, "base"),
    ({"base": "Letters"}, "base"),  # itself
    ({"base": "Plain"}, "base"),  # no milestone
    ({"base": "x\x00"}, "base"),
    ({"seen": "x"}, "seen"),
    ({"unit": "sitting-lords", "amount": "999"}, "__all__"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD, ids=lambda value: str(value)[:30])
def test_bad_input_is_refused_and_nothing_lost(
    wrong: dict[str, str], field: str, desk: Desk, opens: Milestone
) -> None:
    make.update(desk.campaign, headline="Plain")
    milestone = make.milestone(desk.campaign, headline="Letters")
    before = everything_stored()
    response = desk.post("hang", hanging(milestone, "Consultation opens") | wrong, pk=milestone.pk)
    assert list(problems_of(response)) == [field]
    for name, value in wrong.items():
        assert response.context["form"][name].value() == value
    assert everything_stored() == before


def test_suggestions_are_milestones_alone(desk: Desk, opens: Milestone) -> None:
    make.update(desk.campaign, headline="Consultation was discussed")
    response = desk.get("find", what="milestones", query={"q": "consult"})
    offered = response.content.decode()
    assert "Consultation opens" in offered
    assert "discussed" not in offered


# --- Announced in the administration ----------------------------------------------------------------------


def test_a_bank_holiday_entered_there_moves_what_is_counted_over_it(desk: Desk) -> None:
    asked = make.milestone(desk.campaign, headline="Request", target="2026-05-07")
    due = make.milestone(desk.campaign, headline="Answer due")
    make.hang(due, asked, 1, "working-uk")
    catch_up(at=AT)
    staff = client_of(make.user("ada", is_staff=True, is_superuser=True))
    holiday = {"nation": "UK", "day": "2026-05-08", "name": "Victory day", "source": "https://www.gov.uk/"}
    assert staff.post(reverse("admin:legislation_bankholiday_add"), holiday).status_code == 302
    assert date_of(due) == "2026-05-11"
    clock = text_of(desk.get("clock", query={"clock": "foi", "start": "7 May 2026"}))
    assert "Victory day" in clock
    row = BankHoliday.objects.get()
    staff.post(reverse("admin:legislation_bankholiday_delete", args=[row.pk]), {"post": "yes"})
    assert date_of(due) == "2026-05-08"
    assert _says(desk.client(), desk, due) == [
        "A bank holiday was announced",
        "A bank holiday was taken back",
    ]


def _says(client: Client, desk: Desk, due: Milestone) -> list[str]:
    page = text_of(client.get(at("entry", desk.campaign, pk=due.pk)))
    return [
        said for said in ("A bank holiday was announced", "A bank holiday was taken back") if said in page
    ]


def test_nobody_is_shown_an_outsiders_campaign(desk: Desk, opens: Milestone) -> None:
    outsider: User = desk.cast["outsider"]
    assert client_of(outsider).get(at("hang", desk.campaign, pk=opens.pk)).status_code == 404
