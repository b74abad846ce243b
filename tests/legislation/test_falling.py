"""What fell: bills that a session ended without, and what a person says became of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.legislation.actions import record_break
from apps.legislation.bills import change_bill
from apps.legislation.falling import may_have_fallen, say_it_fell, say_it_was_carried_over
from apps.legislation.importing import import_bill
from apps.legislation.models import (
    Bill,
    Break,
    Chamber,
    DateConflict,
    Milestone,
    Outcome,
    SessionEnd,
    Standing,
)
from apps.legislation.providers.records import Actions, ProviderAction, ProviderBill
from apps.legislation.providers.records import Chamber as Where
from tests import make
from tests.make import AT, DAY

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ENDED = date(2026, 2, 10)
WHY = "The session ended with it still open: Prorogation, Parliament, 10 to 16 February 2026"


def ends(first: date = ENDED, sort: Break = Break.PROROGATION, chamber: Chamber = Chamber.BOTH) -> None:
    record_break(
        chamber=chamber,
        sort=sort,
        name=sort.label.capitalize(),
        first=first,
        last=first + 6 * DAY,
        source="https://www.parliament.uk/",
        by=None,
    )


def told_of(bill: Bill, *, standing: Standing = Standing.OPEN) -> ProviderBill:
    return ProviderBill(
        provider="uk-bills",
        external_id=bill.external_id,
        title=bill.title,
        address="https://bills.parliament.uk/bills/1",
        standing=standing,
    )


def day_of(bill: Bill, stage: str, day: str) -> ProviderAction:
    return ProviderAction(
        external_id=f"{stage} on {day}",
        bill_external_id=bill.external_id,
        stage=stage,
        chamber=Where.NONE,
        where="",
        house="",
        day=date.fromisoformat(day),
        order=1,
    )


def tell(bill: Bill, *stages: tuple[str, str], standing: Standing = Standing.OPEN, days: int = 0) -> Bill:
    """Parliament lists these stages, each with its day."""
    actions = tuple(day_of(bill, stage, day) for stage, day in stages)
    told = told_of(bill, standing=standing)
    import_bill(bill=bill, told=told, listed=Actions(actions), at=AT + days * DAY)
    return Bill.objects.get(pk=bill.pk)


def flagged(bill: Bill, days: int = 0) -> date | None:
    found = may_have_fallen([Bill.objects.get(pk=bill.pk)], at=AT + days * DAY).get(bill.pk)
    return found.ended.first if found else None


def test_a_bill_left_open_by_the_end_of_a_session_may_have_fallen(campaign: Campaign) -> None:
    bill = tell(make.bill(campaign), ("Second reading", "2026-01-20"))
    assert flagged(bill) is None
    ends(chamber=Chamber.COMMONS)
    ends(chamber=Chamber.LORDS)
    (found,) = may_have_fallen([bill], at=AT).values()
    assert found.because == WHY.replace("Parliament,", "House of Commons,")
    assert found.seen == (
        "The last day seen of it: Second reading, on 20 January 2026. None is listed since."
    )
    assert "private and hybrid bills often are" in found.rule


@pytest.mark.parametrize(
    ("stages", "ended", "sort", "expected"),
    [
        ([("Second reading", "2026-01-20"), ("Committee stage", "2026-03-02")], ENDED, "prorogation", None),
        ([("Second reading", "2026-01-20"), ("Committee stage", "2026-04-02")], ENDED, "prorogation", None),
        ([("Second reading", "2026-02-10")], ENDED, "prorogation", None),
        ([("Second reading", "2026-01-20")], date(2026, 3, 11), "prorogation", None),
        ([("Second reading", "2026-01-20")], date(2026, 3, 10), "prorogation", date(2026, 3, 10)),
        ([("Second reading", "2026-01-20")], ENDED, "recess", None),
        ([("Carry-over motion", "2026-01-20")], ENDED, "prorogation", None),
        ([("Carry-over motion", "2026-01-20")], ENDED, "dissolution", ENDED),
        ([], ENDED, "prorogation", None),
        ([], date(2026, 3, 10), "prorogation", None),
    ],
)
def test_which_may_have_fallen(
    stages: list[tuple[str, str]], ended: date, sort: str, expected: date | None, campaign: Campaign
) -> None:
    bill = tell(make.bill(campaign), *stages)
    ends(ended, Break(sort))
    assert flagged(bill) == expected


def test_a_bill_is_carried_over_once(campaign: Campaign) -> None:
    bill = tell(make.bill(campaign), ("Carry-over motion", "2025-01-20"))
    ends(date(2025, 2, 10))
    assert flagged(bill) is None
    ends(ENDED)
    assert flagged(bill) == ENDED


@pytest.mark.parametrize("standing", [Standing.LAW, Standing.WITHDRAWN, Standing.DEFEATED])
def test_what_is_no_longer_open_did_not_fall(standing: Standing, campaign: Campaign) -> None:
    bill = tell(make.bill(campaign), ("Second reading", "2026-01-20"), standing=standing)
    ends()
    assert flagged(bill) is None
    with pytest.raises(ValidationError, match="not open any more"):
        say_it_fell(bill=bill, on=ENDED, because=WHY, by=make.owner_of(campaign), at=AT)


def test_a_consultation_falls_with_no_session(campaign: Campaign) -> None:
    bill = tell(make.bill(campaign), ("Opens", "2026-01-20"))
    Bill.objects.filter(pk=bill.pk).update(provider="govuk")
    ends()
    assert flagged(bill) is None


def fallen(campaign: Campaign, *, promise: bool = True) -> tuple[Bill, Milestone]:
    """It was scheduled for April when the session ended in March."""
    owner = make.owner_of(campaign)
    bill = make.bill(campaign, "2026-02-03", "2026-04-08")
    promised = make.milestone(campaign, headline="On the statute book", target="../2026-12-31")
    change_bill(bill=bill, promise=promised, visibility="team", by=owner, at=AT)
    say_it_fell(bill=bill, on=ENDED, because=WHY, promise=promise, by=owner, at=AT)
    return Bill.objects.get(pk=bill.pk), Milestone.everything.get(pk=promised.pk)


def outcomes(bill: Bill) -> list[str]:
    return list(bill.steps.order_by("day").values_list("milestone__outcome", flat=True))


def test_what_falls_says_why_and_who_said_so_is_kept(campaign: Campaign) -> None:
    bill, promised = fallen(campaign)
    owner = make.owner_of(campaign)
    assert (bill.standing, outcomes(bill)) == (Standing.FELL, [Outcome.MET, Outcome.FELL])
    assert promised.outcome == Outcome.FELL
    milestone = Milestone.everything.get(step__bill=bill, outcome=Outcome.FELL)
    assert (milestone.settled_on, milestone.settled_because) == (ENDED, WHY)
    assert milestone.history.latest().history_user == owner
    end = SessionEnd.objects.get()
    assert (end.took, end.ended_on, end.decided_by, end.decided_at) == ("fell", ENDED, owner, AT)
    ends()
    assert flagged(bill) is None


def test_a_promise_falls_only_where_that_is_said(campaign: Campaign) -> None:
    assert fallen(campaign, promise=False)[1].outcome == Outcome.UPCOMING


def test_not_so_it_was_carried_over(campaign: Campaign) -> None:
    bill, promised = fallen(campaign)
    owner = make.owner_of(campaign)
    opened = say_it_was_carried_over(bill=bill, on=ENDED, because="", by=owner, at=AT + DAY)
    assert len(opened) == 2
    bill = Bill.objects.get(pk=bill.pk)
    assert (bill.standing, outcomes(bill)) == (Standing.OPEN, [Outcome.MET, Outcome.UPCOMING])
    assert Milestone.everything.get(pk=promised.pk).is_open()
    end = SessionEnd.objects.get()
    assert [row.took for row in end.history.order_by("history_id")] == ["fell", "carried"]


def test_once_it_is_said_to_be_carried_over_nobody_asks_again(campaign: Campaign) -> None:
    bill = tell(make.bill(campaign), ("Second reading", "2026-01-20"))
    ends()
    owner = make.owner_of(campaign)
    for day in (ENDED - DAY, ENDED + DAY):
        with pytest.raises(ValidationError, match="not in doubt"):
            say_it_was_carried_over(bill=bill, on=day, because="", by=owner, at=AT)
    say_it_was_carried_over(bill=bill, on=ENDED, because="", by=owner, at=AT)
    assert flagged(bill) is None
    ends(ENDED + 20 * DAY)
    assert flagged(bill) == ENDED + 20 * DAY


def test_a_day_to_come_is_refused(campaign: Campaign) -> None:
    bill = tell(make.bill(campaign), ("Second reading", "2026-01-20"))
    with pytest.raises(ValidationError, match="still to come"):
        say_it_fell(bill=bill, on=AT.date() + DAY, because=WHY, by=make.owner_of(campaign), at=AT)


def test_parliament_saying_open_does_not_raise_what_fell(campaign: Campaign) -> None:
    bill, _ = fallen(campaign)
    make.tell_of(bill, "2026-02-03", at=AT + DAY)  # the day in April is listed no more
    bill = Bill.objects.get(pk=bill.pk)
    assert (bill.standing, outcomes(bill)) == (Standing.FELL, [Outcome.MET, Outcome.FELL])
    assert not DateConflict.objects.exists()


def test_days_listed_after_it_fell_are_doubted_aloud(campaign: Campaign) -> None:
    bill = tell(make.bill(campaign), ("Second reading", "2026-01-20"))
    say_it_fell(bill=bill, on=ENDED, because=WHY, by=make.owner_of(campaign), at=AT)
    later = Actions((day_of(bill, "Committee stage", "2026-04-01"),))
    report = import_bill(bill=bill, told=told_of(bill), listed=later, at=AT)
    assert report.troubles[-1] == (
        "We have it as fallen with its session, and UK Parliament lists Committee stage, on 1 April 2026: it "
        "may have been carried over."
    )
    assert tell(bill, ("Royal Assent", "2026-03-01"), standing=Standing.LAW).standing == Standing.LAW


def test_it_takes_as_many_queries_however_many_bills(campaign: Campaign) -> None:
    for number in range(3):
        make.bill(campaign, "2026-01-20", "2026-01-27", title=f"Bill {number}")
    ends()
    bills = list(Bill.objects.all())
    with CaptureQueriesContext(connection) as asked:
        found = may_have_fallen(bills, at=AT + timedelta(1))
    assert (len(found), len(asked)) == (3, 5)
