"""Milestones that hang on others: all follow, in the ledger, whoever moved what they hang on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.dates.relative import Span
from apps.legislation import tasks
from apps.legislation.actions import Hooked, record_break, reopen, revise_target, settle
from apps.legislation.bulk import delete_milestones
from apps.legislation.hanging import hang, take_off
from apps.legislation.holidays import record_holiday
from apps.legislation.models import BankHoliday, Break, Chamber, Hook, Milestone, Outcome
from apps.legislation.recounting import catch_up, recount
from apps.timeline.actions import Conflict
from tests import make
from tests.make import AT, DAY

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def opens(campaign: Campaign) -> Milestone:
    """Consultation opens on Monday 1 June 2026."""
    return make.milestone(campaign, headline="Consultation opens", target="2026-06-01")


@pytest.fixture
def closes(campaign: Campaign, opens: Milestone) -> Milestone:
    """12 weeks after it opens."""
    milestone = make.milestone(campaign, headline="Consultation closes", target="2026-08-24")
    make.hang(milestone, opens)
    return milestone


@pytest.fixture
def answer(campaign: Campaign, closes: Milestone) -> Milestone:
    """3 months after it closes."""
    milestone = make.milestone(campaign, headline="The answer", target="2026-11-24")
    make.hang(milestone, closes, 3, "months")
    return milestone


def dates(milestone: Milestone) -> list[str]:
    return [row.date for row in milestone.targets.all()]


def fresh(milestone: Milestone) -> Milestone:
    return Milestone.everything.select_related("entry").get(pk=milestone.pk)


def move(milestone: Milestone, to: str, **how: Any) -> None:
    how = {"reason": "Delayed", "by": make.owner_of(milestone.entry.campaign), "at": AT + DAY} | how
    revise_target(milestone=milestone, to=parse(to), **how)


def end(milestone: Milestone, outcome: Outcome = Outcome.MET, on: date = date(2026, 3, 9)) -> None:
    by = make.owner_of(milestone.entry.campaign)
    settle(milestone=milestone, outcome=outcome, on=on, by=by, at=AT + DAY)


# --- Following --------------------------------------------------------------------------------------------


def test_what_hangs_on_it_follows_with_a_row_that_says_so(
    campaign: Campaign, opens: Milestone, closes: Milestone, answer: Milestone
) -> None:
    move(opens, "2026-06-15", source=make.source(campaign))
    assert (dates(closes), dates(answer)) == (["2026-08-24", "2026-09-07"], ["2026-11-24", "2026-12-07"])
    row = closes.targets.latest("pk")
    assert row.reason == "Follows another milestone: 12 weeks after it"
    assert (row.follows, row.recorded_by) == (opens, make.owner_of(campaign))
    assert row.source is None  # who sees the one need not see the sources of the other
    row = answer.targets.latest("pk")
    assert (row.reason, row.follows) == ("Follows another milestone: 3 months after it", closes)
    entry = fresh(answer).entry
    assert (entry.date, str(entry.due), entry.slip_days) == ("2026-12-07", "2026-12-07", 13)


def test_hanging_it_brings_it_there(campaign: Campaign, opens: Milestone) -> None:
    milestone = make.milestone(campaign, headline="Letters out", target="2026-01-01")
    hook = make.hang(milestone, opens, 2, "weeks", before=True)
    assert dates(milestone) == ["2026-01-01", "2026-05-18"]
    row = milestone.targets.latest("pk")
    assert row.reason == "Hangs on another milestone: 2 weeks before it"
    assert (hook.words, hook.history.get().history_user) == ("2 weeks before", make.owner_of(campaign))
    make.hang(milestone, opens, 1, "weeks", correction=True)
    assert dates(milestone)[-1] == "2026-06-08"
    assert fresh(milestone).moves == 1  # the correction took the place of the row before it


def test_a_vague_date_stays_as_vague(opens: Milestone, closes: Milestone) -> None:
    move(opens, "2026-23")
    assert dates(closes)[-1] == "2026-11-24/2027-02-22"


def test_a_correction_corrects_what_followed_it(opens: Milestone, closes: Milestone) -> None:
    move(opens, "2027-06-01")
    move(opens, "2026-06-01", correction=True)
    assert dates(closes) == ["2026-08-24", "2027-08-24", "2026-08-24"]
    assert (fresh(closes).moves, fresh(closes).slip_days) == (0, 0)


def test_once_met_the_day_it_was_met_counts(opens: Milestone, closes: Milestone, answer: Milestone) -> None:
    end(opens)
    assert (dates(closes)[-1], dates(answer)[-1]) == ("2026-06-01", "2026-09-01")
    reopen(milestone=opens, by=None, at=AT + 2 * DAY)
    assert (dates(closes)[-1], dates(answer)[-1]) == ("2026-08-24", "2026-11-24")
    assert (fresh(closes).moves, fresh(answer).moves) == (0, 0)


@pytest.mark.parametrize("outcome", [Outcome.MET, Outcome.MISSED, Outcome.DROPPED, Outcome.FELL])
def test_what_is_settled_stays_until_it_is_opened_again(
    outcome: Outcome, opens: Milestone, closes: Milestone, answer: Milestone
) -> None:
    end(closes, outcome)
    before = dates(answer)
    move(opens, "2026-06-15")
    assert (dates(closes), dates(answer)) == (["2026-08-24"], before)
    reopen(milestone=closes, by=None, at=AT + 2 * DAY)
    assert (dates(closes)[-1], dates(answer)[-1]) == ("2026-09-07", "2026-12-07")


def test_what_cannot_be_counted_stays(opens: Milestone, closes: Milestone) -> None:
    move(opens, "9998-12-01")
    assert dates(closes) == ["2026-08-24"]


def test_what_a_provider_moves_moves_what_hangs_on_it(campaign: Campaign) -> None:
    bill = make.bill(campaign, "2026-04-01")
    day = Milestone.everything.get(step__bill=bill)
    briefing = make.milestone(campaign, headline="Briefing out", target="2026-03-25")
    make.hang(briefing, day, 5, "working-eng", before=True)
    make.tell_of(bill, "2026-04-08", at=AT + DAY)
    row = briefing.targets.latest("pk")
    assert (row.date, row.recorded_by, row.follows) == ("2026-03-30", None, day)
    with pytest.raises(ValidationError, match="kept up from the bill’s page"):
        make.hang(day, briefing)


def test_it_is_moved_by_hand_only_once_it_hangs_there_no_longer(opens: Milestone, closes: Milestone) -> None:
    with pytest.raises(Hooked):
        move(closes, "2027")
    move(closes, "2027", unhook=True)
    move(opens, "2026-06-15")
    assert (dates(closes), Hook.objects.count()) == (["2026-08-24", "2027"], 0)
    assert Hook.history.latest("pk").history_user == make.owner_of(closes.entry.campaign)


def test_taken_off_its_date_stays(opens: Milestone, closes: Milestone) -> None:
    for _ in range(2):
        take_off(milestone=closes, by=make.owner_of(closes.entry.campaign))
    move(opens, "2026-06-15")
    assert dates(closes) == ["2026-08-24"]


def test_when_what_it_hangs_on_is_removed_its_date_stays(opens: Milestone, closes: Milestone) -> None:
    move(opens, "2026-06-15")
    delete_milestones([opens.pk], by=make.owner_of(closes.entry.campaign))
    assert (dates(closes), Hook.objects.count()) == (["2026-08-24", "2026-09-07"], 0)
    assert closes.targets.latest("pk").follows is None


# --- What cannot hang -------------------------------------------------------------------------------------


def test_a_loop_is_refused_and_spelled_out(opens: Milestone, closes: Milestone, answer: Milestone) -> None:
    with pytest.raises(ValidationError) as error:
        make.hang(opens, answer, 1, "months")
    loop = "Consultation opens → The answer → Consultation closes → Consultation opens"
    assert error.value.messages == [f"That would be a loop: {loop}."]
    with pytest.raises(ValidationError, match="cannot hang on itself"):
        make.hang(opens, opens)
    assert not Hook.objects.filter(milestone=opens).exists()


def _elsewhere(one: Milestone, other: Milestone) -> None:
    make.hang(one, make.milestone(make.campaign(name="Clean rivers")))


def _settled(one: Milestone, other: Milestone) -> None:
    end(one)
    make.hang(one, other)


def _on_what_is_dropped(one: Milestone, other: Milestone) -> None:
    end(other, Outcome.DROPPED)
    make.hang(one, other)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (_elsewhere, "belong to the same campaign"),
        (_settled, "This milestone is settled"),
        (_on_what_is_dropped, "is dropped: nothing follows from it"),
        (lambda one, other: make.hang(one, other, 999, "sitting-lords"), "beyond what can be counted"),
    ],
)
def test_what_cannot_hang_there_is_refused(
    refused: Callable[[Milestone, Milestone], None], words: str, campaign: Campaign, opens: Milestone
) -> None:
    with pytest.raises(ValidationError, match=words):
        refused(make.milestone(campaign), opens)
    assert Hook.objects.count() == 0


def test_hung_from_an_older_date_than_stands_it_is_a_conflict(campaign: Campaign, opens: Milestone) -> None:
    milestone = make.milestone(campaign)
    seen = milestone.targets.get().pk
    move(milestone, "2027")
    with pytest.raises(Conflict):
        hang(
            milestone=milestone,
            base=opens,
            span=Span(1, "days"),
            by=make.owner_of(campaign),
            at=AT,
            seen=seen,
        )


# --- Bank holidays and recesses ---------------------------------------------------------------------------


VICTORY = {"nation": "UK", "day": date(2026, 5, 8), "name": "Victory day", "source": "https://www.gov.uk/"}
WHITSUN = {
    "chamber": Chamber.COMMONS,
    "sort": Break.RECESS,
    "name": "Whitsun recess",
    "first": date(2026, 5, 22),
    "last": date(2026, 5, 31),
    "source": "https://www.parliament.uk/",
}


@pytest.fixture
def due(campaign: Campaign) -> Milestone:
    """20 working days after 27 April 2026, over the bank holidays of 4 and 25 May: 27 May."""
    asked = make.milestone(campaign, headline="Request received", target="2026-04-27")
    milestone = make.milestone(campaign, headline="Answer due", target="2026-05-27")
    make.hang(milestone, asked, 20, "working-eng")
    assert dates(milestone) == ["2026-05-27"]
    catch_up(at=AT)
    return milestone


def test_a_bank_holiday_that_is_announced_moves_what_is_counted_over_it(
    campaign: Campaign, due: Milestone
) -> None:
    after = make.milestone(campaign, headline="Complaint")
    make.hang(after, due, 1, "weeks")
    assert catch_up(at=AT + DAY) == []
    record_holiday(**VICTORY, by=None)
    moved = catch_up(at=AT + DAY)
    assert [str(one) for one in moved] == [
        "Answer due: 27 May 2026 → 28 May 2026. A bank holiday was announced: 8 May 2026"
    ]
    row = due.targets.latest("pk")
    assert (row.date, row.reason, row.recorded_by) == ("2026-05-28", moved[0].reason, None)
    assert dates(after)[-1] == "2026-06-04"
    assert catch_up(at=AT + DAY) == recount(at=AT + DAY, every=True) == []
    BankHoliday.objects.get().delete()
    assert [one.reason for one in catch_up(at=AT + 2 * DAY)] == ["A bank holiday was taken back: 8 May 2026"]
    assert dates(due) == ["2026-05-27", "2026-05-28", "2026-05-27"]


def test_a_bank_holiday_elsewhere_moves_nothing(due: Milestone) -> None:
    record_holiday(**VICTORY | {"nation": "SCT"}, by=None)
    assert catch_up(at=AT + DAY) == []


def test_one_counted_back_moves_earlier(campaign: Campaign) -> None:
    base = make.milestone(campaign, headline="Committee", target="2026-05-15")
    briefing = make.milestone(campaign, headline="Briefing")
    make.hang(briefing, base, 6, "working-uk", before=True)
    assert dates(briefing)[-1] == "2026-05-07"
    record_holiday(**VICTORY, by=None)
    assert [one.reason for one in catch_up(at=AT + DAY)] == ["A bank holiday was announced: 8 May 2026"]
    assert dates(briefing)[-1] == "2026-05-06"


def test_a_recess_that_is_announced_moves_sitting_weeks(campaign: Campaign) -> None:
    base = make.milestone(campaign, headline="Report", target="2026-05-14")
    debate = make.milestone(campaign, headline="Debate")
    make.hang(debate, base, 2, "sitting-commons")
    assert dates(debate)[-1] == "2026-05-28"
    record_break(**WHITSUN, by=None)
    told = "A break of Parliament was announced: Whitsun recess, 28 May 2026"
    assert [one.reason for one in catch_up(at=AT + DAY)] == [told]
    assert dates(debate)[-1] == "2026-06-04"


def test_what_the_library_learns_of_is_found_too(due: Milestone, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.dates import working_days

    known = working_days._bank_holidays

    def newer(year: int, nation: str) -> dict[date, str]:
        return {**known(year, nation), date(2026, 5, 8): "Victory day"}

    monkeypatch.setattr(working_days, "_bank_holidays", newer)
    assert catch_up(at=AT + DAY) == []  # of the same release nothing new is expected
    monkeypatch.setattr("apps.legislation.recounting.version", lambda name: "1000.0")
    assert [one.reason for one in catch_up(at=AT + DAY)] == ["A bank holiday was announced: 8 May 2026"]


def test_a_settled_deadline_is_not_counted_again(due: Milestone) -> None:
    end(due)
    record_holiday(**VICTORY, by=None)
    assert catch_up(at=AT + DAY) == []


def test_the_task_and_the_command_count_again(due: Milestone, capsys: pytest.CaptureFixture[str]) -> None:
    record_holiday(**VICTORY, by=None)
    tasks.recount_deadlines()
    assert dates(due)[-1] == "2026-05-28"
    Hook.objects.filter(pk=due.pk).update(amount=21)
    call_command("recount_deadlines")
    call_command("recount_deadlines", every=True)
    why = "Counted again from another milestone: 21 working days after it"
    said = f"  Answer due: 28 May 2026 → 29 May 2026. {why}"
    assert capsys.readouterr().out.splitlines() == ["0 moved", "1 moved", said]


def test_a_bank_holiday_is_recorded_once(campaign: Campaign) -> None:
    owner = make.owner_of(campaign)
    first = record_holiday(**VICTORY, by=owner)
    again = record_holiday(**VICTORY | {"name": "VE day"}, by=owner)
    assert record_holiday(**VICTORY | {"name": "VE day"}, by=owner) == again
    assert (first.pk, again.name, again.history.count()) == (again.pk, "VE day", 2)
    for wrong in ({"name": ""}, {"source": "the paper"}, {"nation": "WAL"}):
        with pytest.raises(ValidationError):
            record_holiday(**VICTORY | {"day": date(2026, 5, 9)} | wrong, by=owner)
