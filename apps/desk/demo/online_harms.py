"""The Online Harms Bill: a campaign as it was, from the White Paper to Royal Assent, 664 days late.

The campaign is imagined as begun on the day of the article that asked for the Bill by the end of 2021, with
an invented team. What happened, and when, is as the sources say; where no date was promised and the campaign
works to one of its own, the reason says so.
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from apps.campaigns.actions import change_campaign, start_campaign
from apps.campaigns.models import Campaign
from apps.desk.demo.online_harms_bill import write_bill
from apps.desk.demo.online_harms_evidence import write_quotes, write_statistics
from apps.desk.demo.online_harms_milestones import BEGINNING, write_milestones
from apps.desk.demo.online_harms_pack import write_pack
from apps.desk.demo.online_harms_sources import write_sources
from apps.desk.demo.people import Team
from apps.desk.demo.scribe import Scribe, Told
from apps.reminders.actions import set_default_ladder
from apps.reminders.ladder import moment
from apps.timeline.models import Relation, Visibility

NAME = "Online Harms Bill"
SUMMARY = (
    "A legal duty of care on technology firms to protect children, enforced by an independent regulator, on"
    " the statute book by the end of 2021. A true story with an invented team: every entry names its source."
)


def build(team: Team) -> Campaign:
    start = at(BEGINNING, 8)
    campaign = start_campaign(
        name=NAME, summary=SUMMARY, is_public=True, embeddable=True, demo=True, by=team.amira, at=start
    )
    team.join(campaign, at=start)
    set_default_ladder(campaign=campaign, by=team.amira, at=start)
    scribe = Scribe(campaign, visibility=Visibility.PUBLIC)
    write_sources(scribe, by=team.priya, at=at(BEGINNING))
    write_statistics(scribe, by=team.tom, at=at)
    write_quotes(scribe, by=team.priya, at=at)
    write_milestones(scribe, team, at=at)
    write_bill(scribe, team, at=at)
    _write_updates(scribe, team)
    scribe.links(LINKS, by=team.tom, at=at("2023-10-27"))
    write_pack(scribe, by=team.priya, at=at)
    change_campaign(campaign=campaign, by=team.amira)
    return campaign


def at(day: str, hour: int = 10) -> datetime:
    """That hour of that day in London."""
    return moment(date.fromisoformat(day), time(hour), ZoneInfo("Europe/London"))


# short name, headline, date, whose, source, note, and the day it was taken down where that was later
UPDATES = (
    (
        "queens-speech",
        "The Queen’s Speech announces a draft Online Safety Bill",
        "2021-05-11",
        "government",
        "queens-speech",
        "A draft for scrutiny, where the campaign had hoped for the Bill.",
        "",
    ),
    (
        "carried-over",
        "Carry-over motion agreed: the Bill may go on in the next session",
        "2022-04-19",
        "commons",
        "library",
        "Agreed on the day of second reading.",
        "",
    ),
    (
        "put-off",
        "Final Commons stages put off to the autumn",
        "2022-07-13",
        "government",
        "guardian",
        "They were due on 20 July 2022. Reported during the Conservative leadership contest.",
        "2022-07-14",
    ),
    (
        "put-off-again",
        "Report stage taken off the business for 1 November",
        "2022-10",
        "government",
        "politicshome",
        "Reported as the second time in four months.",
        "2022-10-27",
    ),
    (
        "recommitted",
        "Some clauses sent back to a Public Bill Committee",
        "2022-12-05",
        "commons",
        "recommitted",
        "Agreed by the Commons on 5 December 2022, as Parliament’s news page says.",
        "2022-12-07",
    ),
    (
        "autumn",
        "Session extended; Ofcom expects Royal Assent in the autumn",
        "2023-07-24",
        "ofcom",
        "horizon",
        "As a law firm reported it; the date is that of its report.",
        "",
    ),
    (
        "passed",
        "Both Houses agree on the Bill",
        "2023-09-19",
        "parliament",
        "hansard-2023-09",
        "The Lords accepted the Commons’ reasons without a division.",
        "2023-09-20",
    ),
    (
        "assent",
        "Royal Assent: the Bill is now the Online Safety Act 2023",
        "2023-10-26",
        "parliament",
        "library",
        "664 days after the end of 2021.",
        "",
    ),
)


def _write_updates(scribe: Scribe, team: Team) -> None:
    for name, headline, day, body, source, note, recorded in UPDATES:
        told = Told(
            headline=headline,
            date=day,
            source=source,
            organisation=body,
            note=note,
            tags=("parliament",),
            by=team.lewis,
            at=at(recorded or day, 16),
        )
        scribe.update(name, told)


LINKS = (
    ("191", Relation.SUPPORTS, "389", "The baseline of the rise."),
    ("389", Relation.SUPPORTS, "burrows", "The figures the NSPCC speaks of."),
    ("10000", Relation.SUPPORTS, "burrows", "The figures the NSPCC speaks of."),
    ("barratt", Relation.RESPONDS_TO, "389", "The force explains the rise by its own work."),
    ("burrows", Relation.SUPPORTS, "statute-book", "Asks for it by the end of 2021."),
    ("99", Relation.SUPPORTS, "white-paper", ""),
    ("spring", Relation.PROMISES, "final-plans", "In the spring of 2020."),
    ("final-plans", Relation.CONTRADICTS, "spring", "It came in December."),
    ("final-plans", Relation.UPDATES, "consultation", "The outcome of the consultation."),
    ("queens-speech", Relation.UPDATES, "introduced", "A draft first."),
    ("draft", Relation.UPDATES, "introduced", "A draft first."),
    ("66", Relation.RESPONDS_TO, "joint-committee", ""),
    ("carried-over", Relation.UPDATES, "statute-book", "A Bill can be carried over once."),
    ("put-off", Relation.UPDATES, "report", ""),
    ("put-off-again", Relation.UPDATES, "report", ""),
    ("parkinson-2022", Relation.PROMISES, "statute-book", ""),
    ("merron", Relation.RESPONDS_TO, "parkinson-2022", "In the same debate."),
    ("recommitted", Relation.UPDATES, "third-reading", ""),
    ("autumn", Relation.UPDATES, "statute-book", ""),
    ("morgan", Relation.SUPPORTS, "lords-third-reading", "Said at third reading."),
    ("parkinson-2023", Relation.RESPONDS_TO, "passed", "Said in the last debate."),
    ("assent", Relation.UPDATES, "statute-book", ""),
)
