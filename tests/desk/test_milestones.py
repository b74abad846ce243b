"""Moving a milestone's date, settling it and opening it again; its reminders follow each time."""

from collections import Counter
from typing import Any

import pytest

from apps.dates import parse
from apps.legislation.actions import revise_target
from apps.legislation.models import Milestone
from apps.reminders.actions import set_ladder
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from apps.sources.models import Source
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import Clock, at, everything_stored, problems_of, text_of

TARGET = "2026-06-20"


@pytest.fixture
def bill(desk: Desk) -> Milestone:
    """Planned by a ladder of 7 days before and the day itself; the owner and advocacy are reminded, each by
    e-mail and in the app."""
    owner = desk.cast["owner"]
    set_ladder(campaign=desk.campaign, rungs=[(7, None), (0, None)], by=owner, at=AT)
    milestone = make.milestone(desk.campaign, target=TARGET)
    plan(milestone, at=AT)
    return milestone


def stands(milestone: Milestone) -> Milestone:
    return Milestone.everything.select_related("entry").get(pk=milestone.pk)


def moving(milestone: Milestone, to: str = "2026-09-01", **other: Any) -> dict[str, Any]:
    return {"to": to, "reason": "The election", "seen": milestone.targets.latest("pk").pk, **other}


def open_reminders() -> dict[str, int]:
    """How many are planned, by the target they warn of."""
    return dict(Counter(Reminder.objects.filter(state="planned").values_list("target", flat=True)))


def states() -> dict[str, int]:
    return dict(Counter(Reminder.objects.values_list("state", flat=True)))


def test_a_move_is_shown_first_and_changes_nothing_yet(desk: Desk, bill: Milestone) -> None:
    make.link(make.update(desk.campaign), bill.entry)
    before = everything_stored()
    response = desk.post("move", moving(bill, preview="1"), pk=bill.pk)
    said = text_of(response)
    assert "The target will stand 73 days later than first promised ." in said
    assert "8 planned reminders of the old date are cancelled" in said
    names = ", ".join(desk.cast[role].name for role in ("owner", "advocacy"))
    assert f"Reminded: {names}." in said
    assert "1 linked entry will show the new date." in said
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("2026-06-21", "1 day later than first promised"),
        ("2026-06-10", "10 days earlier than first promised"),
        ("by 20 June 2026", "on its first promised date"),
    ],
)
def test_the_effect_is_said_in_words(to: str, words: str, desk: Desk, bill: Milestone) -> None:
    response = desk.post("move", moving(bill, to, preview="1"), pk=bill.pk)
    assert response.context["effect"].slip == words


def test_a_move_plans_the_reminders_again(desk: Desk, bill: Milestone) -> None:
    assert open_reminders() == {TARGET: 8}
    assert desk.post("move", moving(bill, "1 September 2026"), pk=bill.pk).status_code == 302
    entry = stands(bill).entry
    assert (entry.date, entry.slip_days, stands(bill).moves) == ("2026-09-01", 73, 1)
    # Two more than before: whoever did not move it is told, in both ways.
    assert (open_reminders(), states()) == ({"2026-09-01": 10}, {"planned": 10, "cancelled": 8})
    assert "1 September 2026 The election recorded" in text_of(desk.get("entry", pk=bill.pk))


def test_the_person_is_told_what_became_of_the_reminders(desk: Desk, bill: Milestone) -> None:
    client = desk.client()
    response = client.post(at("move", desk.campaign, pk=bill.pk), moving(bill), follow=True)
    assert "8 reminders of the old date cancelled, 10 planned for the new one." in text_of(response)


BAD: list[tuple[dict[str, str], str]] = [
    ({"to": ""}, "to"),
    ({"to": TARGET}, "to"),
    ({"to": "20 June 2026"}, "to"),
    ({"to": "from 2026 onwards"}, "to"),
    ({"to": "2027/2026"}, "to"),
    ({"to": "2021-13"}, "to"),
    ({"to": "2021-02-30"}, "to"),
    ({"to": "soon"}, "to"),
    ({"reason": ""}, "reason"),
    ({"reason": " "}, "reason"),
    ({"reason": "x" * 501}, "reason"),
    ({"source": "x" * 301}, "source"),
    ({"source": "x [999999]"}, "source"),
    ({"seen": ""}, "seen"),
    ({"seen": "x"}, "seen"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD, ids=lambda value: str(value)[:30])
def test_a_bad_move_is_refused_whether_shown_first_or_not(
    wrong: dict[str, str], field: str, desk: Desk, bill: Milestone
) -> None:
    before = everything_stored()
    for preview in ({}, {"preview": "1"}):
        response = desk.post("move", moving(bill, **wrong, **preview), pk=bill.pk)
        assert list(problems_of(response)) == [field]
        for name, value in wrong.items():
            assert response.context["form"][name].value() == value
    assert everything_stored() == before


def test_a_correction_is_neither_a_move_nor_a_slip(desk: Desk, bill: Milestone) -> None:
    desk.post("move", moving(bill, correction="on"), pk=bill.pk)
    assert (stands(bill).moves, stands(bill).slip_days, stands(bill).entry.date) == (0, 0, "2026-09-01")
    assert open_reminders() == {"2026-09-01": 10}
    assert "1 September 2026 correction The election" in text_of(desk.get("entry", pk=bill.pk))


@pytest.mark.parametrize("typed", ["The Gazette", "https://example.org/gazette"])
def test_a_source_is_made_on_the_spot_and_found_the_next_time(
    typed: str, desk: Desk, bill: Milestone
) -> None:
    desk.post("move", moving(bill, source=typed), pk=bill.pk)
    desk.post("move", moving(bill, "2026-10-01", source=typed.upper()), pk=bill.pk)
    source = Source.objects.get()
    assert (source.title, source.url) == (typed, typed if typed.startswith("https") else "")
    assert [row.source for row in bill.targets.all()] == [None, source, source]


def test_a_refused_move_leaves_no_source_behind(desk: Desk, bill: Milestone) -> None:
    desk.post("move", moving(bill, source="The Gazette", seen=999_999), pk=bill.pk)
    assert Source.objects.count() == 0


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(desk: Desk, bill: Milestone) -> None:
    mine = moving(bill, "2027")
    desk.post("move", moving(bill, reason="Recess"), pk=bill.pk, who="advocacy")
    before = everything_stored()
    response = desk.post("move", mine, pk=bill.pk)
    assert problems_of(response)["__all__"] == [
        "Somebody moved it to 1 September 2026 meanwhile: Recess. Save again to move it from there."
    ]
    assert response.context["form"]["to"].value() == "2027"
    assert everything_stored() == before
    again = {**mine, "seen": response.context["form"]["seen"].value()}
    assert desk.post("move", again, pk=bill.pk).status_code == 302
    assert [row.date for row in bill.targets.all()] == [TARGET, "2026-09-01", "2027"]


def test_the_second_tab_is_told_where_both_chose_the_same_date(desk: Desk, bill: Milestone) -> None:
    mine = moving(bill)
    desk.post("move", mine, pk=bill.pk)
    assert list(problems_of(desk.post("move", mine, pk=bill.pk))) == ["to"]
    assert bill.targets.count() == 2


def test_a_date_moved_away_and_back_warns_once(desk: Desk, bill: Milestone) -> None:
    desk.post("move", moving(bill), pk=bill.pk)
    desk.post("move", moving(bill, TARGET), pk=bill.pk)
    assert (open_reminders(), states()) == ({TARGET: 10}, {"planned": 10, "cancelled": 10})


def settling(outcome: str = "met", on: str = "9 March 2026", **other: str) -> dict[str, str]:
    return {"outcome": outcome, "on": on, **other}


@pytest.mark.parametrize("outcome", ["met", "missed", "dropped", "fell"])
def test_it_is_settled_with_its_source_and_no_reminder_is_left(
    outcome: str, desk: Desk, bill: Milestone
) -> None:
    data = settling(outcome, because="Hansard", source="The Gazette")
    assert desk.post("mark", data, pk=bill.pk).status_code == 302
    settled = stands(bill)
    assert (settled.outcome, str(settled.settled_on), settled.settled_because) == (
        outcome,
        "2026-03-09",
        "Hansard",
    )
    assert (settled.settled_source, settled.entry.due) == (Source.objects.get(), None)
    assert (open_reminders(), states()) == ({}, {"cancelled": 8})
    assert "By The Gazette" in text_of(desk.get("entry", pk=bill.pk))


BAD_ENDINGS: list[tuple[dict[str, str], str]] = [
    ({"on": "11 March 2026"}, "on"),
    ({"on": "March 2026"}, "on"),
    ({"on": "2026"}, "on"),
    ({"on": "about 9 March 2026"}, "on"),
    ({"on": "by 9 March 2026"}, "on"),
    ({"on": "2026-02-30"}, "on"),
    ({"on": "soon"}, "on"),
    ({"on": ""}, "on"),
    ({"outcome": ""}, "outcome"),
    ({"outcome": "upcoming"}, "outcome"),
    ({"outcome": "won"}, "outcome"),
    ({"because": "x" * 301}, "because"),
    ({"source": "x [999999]"}, "source"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD_ENDINGS, ids=lambda value: str(value)[:30])
def test_a_bad_ending_is_refused(wrong: dict[str, str], field: str, desk: Desk, bill: Milestone) -> None:
    before = everything_stored()
    response = desk.post("mark", {**settling(), **wrong}, pk=bill.pk)
    assert list(problems_of(response)) == [field]
    assert everything_stored() == before


def test_today_is_the_campaigns_own_day(desk: Desk, bill: Milestone, clock: Clock) -> None:
    desk.campaign.time_zone = "Pacific/Auckland"
    desk.campaign.save()
    assert desk.post("mark", settling(on="10 March 2026"), pk=bill.pk).status_code == 302
    clock.at = AT + DAY / 6  # two in the afternoon in London, past midnight in Auckland
    assert desk.post("mark", settling(on="11 March 2026"), pk=bill.pk).status_code == 302


def test_opened_again_it_is_due_and_reminds(desk: Desk, bill: Milestone) -> None:
    desk.post("mark", settling(because="Hansard", source="The Gazette"), pk=bill.pk)
    assert desk.post("reopen", {}, pk=bill.pk).status_code == 302
    open_again = stands(bill)
    assert (open_again.outcome, open_again.settled_on, open_again.settled_source) == ("upcoming", None, None)
    assert (str(open_again.entry.due), open_again.settled_because) == (TARGET, "")
    assert open_reminders() == {TARGET: 8}


def test_a_settled_milestone_is_not_moved(desk: Desk, bill: Milestone) -> None:
    desk.post("mark", settling(), pk=bill.pk)
    before = everything_stored()
    response = desk.post("move", moving(bill), pk=bill.pk)
    assert problems_of(response)["__all__"] == [
        "This milestone is settled. Open it again before moving its date."
    ]
    assert everything_stored() == before


@pytest.mark.parametrize("name", ["move", "mark"])
def test_only_milestones_are_moved_and_settled(name: str, desk: Desk) -> None:
    update = make.update(desk.campaign)
    assert desk.get(name, pk=update.pk).status_code == 404
    assert desk.post(name, {}, pk=update.pk).status_code == 404
    assert desk.post("reopen", {}, pk=update.pk).status_code == 404


@pytest.mark.parametrize("name", ["move", "mark"])
def test_press_and_volunteers_are_told_why_not(name: str, desk: Desk, bill: Milestone) -> None:
    for who in ("press", "volunteer"):
        response = desk.post(name, {}, pk=bill.pk, who=who)
        assert response.status_code == 403
        assert f"Your role here is {who}, which may not move target dates or settle milestones." in (
            text_of(response)
        )


def test_withdrawn_it_reminds_nobody_until_it_is_restored(desk: Desk, bill: Milestone) -> None:
    desk.post("withdraw", {}, pk=bill.pk)
    assert (stands(bill).entry.due, open_reminders()) == (None, {})
    desk.post("restore", {}, pk=bill.pk)
    assert (str(stands(bill).entry.due), open_reminders()) == (TARGET, {TARGET: 8})


def test_who_watches_it_is_reminded_from_then_on(desk: Desk, bill: Milestone) -> None:
    press = desk.cast["press"]
    data = {
        "headline": "Royal Assent",
        "owner": press.pk,
        "visibility": "team",
        "version": bill.entry.version,
    }
    assert desk.post("edit_entry", data, pk=bill.pk).status_code == 302
    assert Reminder.objects.filter(recipient=press, state="planned").count() == 4


def test_the_ledger_keeps_every_date(desk: Desk, bill: Milestone) -> None:
    owner = desk.cast["owner"]
    for target in ("2026-09", "../2027"):
        revise_target(milestone=bill, to=parse(target), reason="Later", by=owner, at=AT)
    page = text_of(desk.get("entry", pk=bill.pk))
    shown = [
        page.index(words) for words in ("20 June 2026 First", "September 2026 Later", "end of 2027 Later")
    ]
    assert shown == sorted(shown)
