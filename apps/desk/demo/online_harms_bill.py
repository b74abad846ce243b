"""The Online Safety Bill as the campaign followed it, day by day of its stages, without asking Parliament.

The days are as Hansard and parliament.uk have them. Twelve were not checked there: the money and the ways
and means resolution, second reading in the Lords, and days of its committee (25 April, 2, 9, 11, 16 and 25
May 2023) and report stage (6, 10 and 12 July 2023). Contains Parliamentary information licensed under the
Open Parliament Licence v3.0.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from apps.desk.demo.people import Team
from apps.desk.demo.scribe import Scribe
from apps.legislation.bills import change_bill, follow_bill, set_following
from apps.legislation.importing import import_bill
from apps.legislation.models import Bill, BillLook, Following, Standing
from apps.legislation.providers.records import (
    BECAME_LAW,
    Actions,
    Chamber,
    ProviderAction,
    ProviderBill,
    ProviderSponsor,
)
from apps.timeline.models import Visibility

NUMBER = "3137"
ADDRESS = f"https://bills.parliament.uk/bills/{NUMBER}"
COMMONS, LORDS = "Commons", "Lords"
CHAMBERS = {COMMONS: Chamber.LOWER, LORDS: Chamber.UPPER}

# stage, where, its days
STAGES = (
    ("1st reading", COMMONS, ("2022-03-17",)),
    ("2nd reading", COMMONS, ("2022-04-19",)),
    ("Programme motion", COMMONS, ("2022-04-19",)),
    ("Money resolution", COMMONS, ("2022-04-19",)),
    ("Ways and Means resolution", COMMONS, ("2022-04-19",)),
    ("Carry-over motion", COMMONS, ("2022-04-19",)),
    (
        "Committee stage",
        COMMONS,
        (
            *("2022-05-24", "2022-05-26", "2022-06-07", "2022-06-09", "2022-06-14", "2022-06-16"),
            *("2022-06-21", "2022-06-23", "2022-06-28"),
        ),
    ),
    ("Report stage", COMMONS, ("2022-07-12", "2022-12-05")),
    ("Committee stage (re-committed clauses and schedules)", COMMONS, ("2022-12-13", "2022-12-15")),
    ("Report stage", COMMONS, ("2023-01-17",)),
    ("3rd reading", COMMONS, ("2023-01-17",)),
    ("1st reading", LORDS, ("2023-01-18",)),
    ("2nd reading", LORDS, ("2023-02-01",)),
    (
        "Committee stage",
        LORDS,
        (
            *("2023-04-19", "2023-04-25", "2023-04-27", "2023-05-02", "2023-05-09", "2023-05-11"),
            *("2023-05-16", "2023-05-23", "2023-05-25", "2023-06-22"),
        ),
    ),
    ("Report stage", LORDS, ("2023-07-06", "2023-07-10", "2023-07-12", "2023-07-17", "2023-07-19")),
    ("3rd reading", LORDS, ("2023-09-06",)),
    ("Consideration of Lords amendments", COMMONS, ("2023-09-12",)),
    ("Consideration of Commons amendments", LORDS, ("2023-09-19",)),
    ("Royal Assent", "", ("2023-10-26",)),
)
LOOKS = ("2022-03-18", "2022-07-13", "2023-01-19", "2023-10-27")
"""The days on which it was read: all of it up to then came in."""


def write_bill(scribe: Scribe, team: Team, *, at: Callable[..., datetime]) -> None:
    """Followed from the day after it was introduced until it was law, with what was promised of it."""
    scribe.source(
        "bill",
        "Online Safety Act 2023: the bill’s page",
        publisher="UK Parliament",
        published="2023-10-27",
        url=ADDRESS,
        note=(
            "Lists the days of its stages. Twelve of them, most in the Lords’ committee and report stages,"
            " have not been checked against it."
        ),
        by=team.priya,
    )
    bill = follow_bill(
        campaign=scribe.campaign,
        provider="uk-bills",
        external_id=NUMBER,
        title="Online Safety Bill",
        visibility=Visibility.PUBLIC,
        by=team.amira,
        at=at(LOOKS[0]),
    )
    promise = scribe.milestones["statute-book"]
    change_bill(bill=bill, promise=promise, visibility=Visibility.PUBLIC, by=team.amira, at=at(LOOKS[0]))
    for day in LOOKS:
        listed = tuple(_listed(until=day))
        told = _told(listed[-1], is_law=day == LOOKS[-1])
        import_bill(bill=bill, told=told, listed=Actions(listed), at=at(day, 18))
    _stop(bill, team, at(LOOKS[-1], 18))


def _stop(bill: Bill, team: Team, when: datetime) -> None:
    """It is law: the site is not to ask for it, or its own days would come in beside these."""
    bill.refresh_from_db()
    set_following(bill=bill, following=Following.STOPPED, by=team.amira, at=when)
    BillLook.objects.filter(bill=bill).update(looked_at=when, read_at=when)


def _told(last: ProviderAction, *, is_law: bool) -> ProviderBill:
    return ProviderBill(
        provider="uk-bills",
        external_id=NUMBER,
        title="Online Safety Act 2023" if is_law else "Online Safety Bill",
        address=ADDRESS,
        stage=last.stage,
        where=last.where,
        standing=Standing.LAW if is_law else Standing.OPEN,
        sponsors=(
            ProviderSponsor(
                external_id="department",
                organisation="Department for Science, Innovation and Technology",
                organisation_address=(
                    "https://www.gov.uk/government/organisations/department-for-science-innovation-and-technology"
                ),
            ),
        )
        if is_law
        else (),
    )


def _listed(*, until: str) -> Iterator[ProviderAction]:
    for order, (stage, where, days) in enumerate(STAGES, start=1):
        for day in days:
            if day < until:
                yield ProviderAction(
                    external_id=f"stage {order} on {day}",
                    bill_external_id=NUMBER,
                    stage=stage,
                    chamber=CHAMBERS.get(where, Chamber.NONE),
                    where=where,
                    house=f"House of {where}" if where else "",
                    order=order,
                    day=date.fromisoformat(day),
                    classification=(BECAME_LAW,) if stage == "Royal Assent" else (),
                )
