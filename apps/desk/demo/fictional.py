"""Safer Streams: a made-up campaign whose dates lie around today, so that every list has something in it.

All its people, bodies, figures and words are invented; its addresses, under example.org, lead nowhere.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from apps.accounts.models import User
from apps.campaigns.actions import change_campaign, start_campaign
from apps.campaigns.models import Campaign
from apps.dates import long_day, parse
from apps.dates.relative import Span
from apps.desk.demo.people import Team
from apps.desk.demo.scribe import Scribe, Told
from apps.evidence.actions import Figure
from apps.evidence.clearance import Given
from apps.health.promises import draft_broken_promises
from apps.intake.actions import Handed, propose_entry, take_in
from apps.intake.models import Article
from apps.intake.proposing import found_in
from apps.legislation.models import Outcome
from apps.reminders.actions import set_default_ladder
from apps.reminders.ladder import moment
from apps.reminders.planning import plan_all
from apps.timeline.actions import record_use
from apps.timeline.models import Kind, Relation, Visibility, Way

NAME = "Safer Streams (fictional example)"
SUMMARY = (
    "Made up from end to end, with dates around today: a law that live streaming services check their rooms"
    " for children at risk. Try everything here; untouched, it is made anew each day."
)
NOTE = "Invented for the demo."

RESEARCH = (
    "Harbour Children’s Trust asked 2,100 young people about live streams. One in five had seen something in"
    " the past month that frightened them. “Nobody I told knew what to do,” said one of them. “I closed"
    " the app and did not sleep,” said Mia, 16."
)
HEARING = (
    "Nadia Okonjo: Every week we hear from parents who reported a stream and waited days for an answer. A"
    " duty to answer within a day would change that. Rhys Pellow: You will have our response within a"
    " week."
)

ARTICLE = (
    "Reports of harm in live streams double\n\n"
    "Police in Northmarch recorded 389 reports of harm in live streams in 2019/20, a 104% increase on 191 the"
    " year before, figures released to Harbour Children’s Trust show.\n\n"
    "“Every month of delay leaves children open to harm that could have been prevented,” said Nadia Okonjo,"
    " Director of Harbour Children’s Trust.\n\n"
    "Ministers must publish a full response to the consultation by {deadline}. The Bill would be on the"
    " statute book by the end of {next_year}.\n\n"
    "A spokesperson for the Department for Digital Affairs said: “We will bring forward world-leading laws as"
    " soon as parliamentary time allows.”"
)


@dataclass(frozen=True)
class Calendar:
    """Days counted from the one on which the campaign is written, in its own zone."""

    now: datetime
    campaign: Campaign

    @property
    def today(self) -> date:
        return self.campaign.today(self.now)

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def text(self, offset: int) -> str:
        return self.day(offset).isoformat()

    def at(self, offset: int, clock: time = time(10)) -> datetime:
        """That time of a past day, or of one to come."""
        return moment(self.day(offset), clock, self.campaign.zone)


def build(team: Team, *, at: datetime) -> Campaign:
    campaign = start_campaign(name=NAME, summary=SUMMARY, demo=True, by=team.amira, at=at)
    team.join(campaign, at=at)
    set_default_ladder(campaign=campaign, by=team.amira, at=at)
    scribe, days = Scribe(campaign), Calendar(at, campaign)
    _write_sources(scribe, team.priya, days)
    _write_milestones(scribe, team, days)
    _write_evidence(scribe, team, days)
    _write_story(scribe, team, days)
    _write_embarrassing(scribe, team, days)
    _write_hidden(scribe, team, days)
    _write_updates(scribe, team, days)
    _hand_in(campaign, team, days)
    scribe.links(LINKS, by=team.tom, at=at)
    plan_all(scribe.milestones.values(), at=at)
    draft_broken_promises(at=at)
    change_campaign(campaign=campaign, by=team.amira)
    return campaign


def _write_sources(scribe: Scribe, by: User, days: Calendar) -> None:
    for name, title in (
        ("trust", "Harbour Children’s Trust"),
        ("department", "Department for Digital Affairs"),
        ("regulator", "Streaming Standards Office"),
        ("company", "Glimmer Live"),
        ("parliament", "Parliament"),
    ):
        scribe.organisation(name, title, f"https://{name}.example.org/", by=by)
    scribe.person("nadia", "Nadia Okonjo", ("Director", "trust", days.text(-900), ""), by=by, note=NOTE)
    scribe.person("mia", "Mia (name changed)", by=by, note=NOTE)
    scribe.person(
        "rhys",
        "Rhys Pellow",
        ("Minister for Online Life", "department", days.text(-200), ""),
        ("Member of Parliament", "parliament", days.text(-1500), ""),
        by=by,
        note=NOTE,
    )
    scribe.person(
        "sunniva", "Sunniva Quill", ("Head of Trust and Safety", "company", "", ""), by=by, note=NOTE
    )
    for name, title, publisher, ago in (
        ("research", "Growing up live: what young people see in streams", "Harbour Children’s Trust", -95),
        ("hearing", "Live Streaming (Safety) Bill: oral evidence", "Parliament", -16),
        ("paper", "Streams and safety: a consultation", "Department for Digital Affairs", -130),
        ("plan", "Plan of work", "Streaming Standards Office", -45),
        ("blog", "Our approach to safety", "Glimmer Live", -12),
    ):
        scribe.source(
            name,
            title,
            publisher=publisher,
            published=days.text(ago),
            url=f"https://example.org/safer-streams/{name}",
            note=NOTE,
            by=by,
        )
    scribe.snapshot("research", RESEARCH, by=by, at=days.at(-94))
    scribe.snapshot("hearing", HEARING, by=by, at=days.at(-15))
    scribe.snapshot("blog", "Safety comes first at Glimmer Live, and always has.", by=by, at=days.at(-11))


def _write_milestones(scribe: Scribe, team: Team, days: Calendar) -> None:
    year = days.today.year
    rows = (
        # short name, headline, first target, whose, source, owner, taken down so many days ago
        (
            "evidence",
            "Written evidence to the committee",
            days.text(1),
            "parliament",
            "hearing",
            team.tom,
            20,
        ),
        ("meeting", "Minister’s answer on the duty to check", days.text(6), "department", "", team.amira, 9),
        ("second", "Second reading", days.text(12), "parliament", "", team.tom, 14),
        ("code", "Draft code for streaming services", days.text(15), "regulator", "plan", team.amira, 44),
        ("response", "Response to the consultation", days.text(-70), "department", "paper", team.amira, 128),
        (
            "bill",
            "Live Streaming (Safety) Bill introduced",
            days.text(-30),
            "department",
            "paper",
            team.tom,
            128,
        ),
        ("comments", "Our comments on the draft code", days.text(43), "trust", "", team.amira, 44),
        ("petition", "Petition handed in", days.text(-5), "trust", "", team.tom, 60),
        ("report", "Report stage", f"{year + 1}-21", "parliament", "", team.tom, 14),
        (
            "act",
            "Live Streaming (Safety) Act",
            f"../{year + 1}-12-31",
            "parliament",
            "paper",
            team.amira,
            128,
        ),
        ("yearly", "First yearly safety report", f"{year + 2}~", "regulator", "plan", None, 44),
    )
    for name, headline, target, body, source, owner, ago in rows:
        told = Told(
            headline=headline,
            date=target,
            organisation=body,
            source=source,
            note=NOTE,
            tags=("bill",) if body == "parliament" else ("government",),
            by=team.tom,
            at=days.at(-ago),
        )
        scribe.milestone(name, told, owner=owner)
    _move_and_settle(scribe, team, days)


def _move_and_settle(scribe: Scribe, team: Team, days: Calendar) -> None:
    scribe.hang("comments", "code", Span(4, "weeks"), by=team.amira, at=days.at(-44, time(11)))
    for name, to, reason, source, ago in (
        ("response", days.text(-40), "More answers than expected, says the department", "paper", 72),
        ("response", days.text(-9), "Waiting for the minister to agree", "", 41),
        ("code", days.text(30), "The regulator’s new plan of work says so", "plan", 20),
    ):
        scribe.move(name, to, reason, source=source, by=team.amira, at=days.at(-ago, time(15)))
    scribe.settle("bill", Outcome.MET, days.day(-21), by=team.tom, at=days.at(-21, time(17)))
    scribe.settle(
        "petition",
        Outcome.DROPPED,
        days.day(-14),
        because="Joined with the trust’s own petition",
        by=team.amira,
        at=days.at(-14, time(11)),
    )


def _write_evidence(scribe: Scribe, team: Team, days: Calendar) -> None:
    last = days.today.year - 1
    for name, headline, source, figure in (
        (
            "reports",
            f"1,284 reports of harm in live streams in {last}",
            "research",
            Figure(
                measure="Reports of harm in live streams",
                figure=Decimal(1284),
                unit="reports",
                period=parse(str(last)),
                next_release=parse(f"{last + 2}-03"),
                baseline=Decimal(917),
                stated_change=Decimal(40),
            ),
        ),
        (
            "answers",
            "Services answered 62% more reports, says Glimmer Live",
            "blog",
            Figure(
                measure="Reports answered within a week",
                figure=Decimal(410),
                unit="reports",
                period=parse(str(last)),
                baseline=Decimal(330),
                stated_change=Decimal(62),
            ),
        ),
        (
            "frightened",
            "One in five young people frightened by a stream in the past month",
            "research",
            Figure(measure="Frightened by a stream", figure=Decimal(20), unit="%", population="2,100 asked"),
        ),
    ):
        body = "company" if source == "blog" else "trust"
        told = Told(
            headline=headline,
            date=days.text(-95 if source == "research" else -12),
            source=source,
            organisation=body,
            note=NOTE,
            tags=("evidence",),
            by=team.tom,
            at=days.at(-11),
        )
        scribe.statistic(name, told, figure)
    scribe.quote(
        "within-a-day",
        _said("A duty to answer within a day", days, -16, "hearing", "nadia", "trust", by=team.priya),
        "A duty to answer within a day would change that.",
    )
    scribe.quote(
        "first",
        _said("Glimmer Live: safety first", days, -12, "blog", "sunniva", "company", by=team.priya),
        "Safety comes first at Glimmer Live, as it always has.",
    )


def _write_story(scribe: Scribe, team: Team, days: Calendar) -> None:
    """A case study, in use, whose consent is about to run out."""
    told = _said("Mia, 16: I did not sleep", days, -30, "research", "mia", "", by=team.priya)
    given = Given(
        person="Mia (name changed)",
        under_18=True,
        guardian="Dana Reed",
        scope=("press", "website", "social"),
        given_on=days.day(-40),
        expires_at=days.at(6, time(0)),
        reference="Consents/Safer Streams/14 (invented)",
    )
    scribe.case_study("mia", told, "I closed the app and did not sleep", given=given, by=team.priya)
    record_use(
        entries=[scribe.entries["mia"]],
        way=Way.COPIED,
        form="Plain, with citation",
        by=team.priya,
        at=days.at(-2),
    )


def _said(headline: str, days: Calendar, ago: int, source: str, person: str, body: str, *, by: User) -> Told:
    return Told(
        headline=headline,
        date=days.text(ago),
        source=source,
        person=person,
        organisation=body,
        note=NOTE,
        tags=("voices",),
        by=by,
        at=min(days.at(ago + 1), days.now),
    )


def _write_embarrassing(scribe: Scribe, team: Team, days: Calendar) -> None:
    """What the health page is for: a promise that is late, a figure at odds with another, words overtaken."""
    headline = "The minister promises a response within a week"
    told = _said(headline, days, -16, "hearing", "rhys", "department", by=team.priya)
    scribe.quote("promise", told, "You will have our response within a week.")
    told = Told(
        headline="Almost three months since the call for evidence",
        date=days.text(-200),
        organisation="parliament",
        note=NOTE,
        tags=("bill",),
        by=team.lewis,
        at=days.at(-200, time(18)),
    )
    scribe.update("overtaken", told)
    last = days.today.year - 1
    told = Told(
        headline=f"1,310 reports of harm in live streams in {last}",
        date=days.text(-95),
        source="blog",
        organisation="company",
        note=NOTE,
        tags=("evidence",),
        by=team.tom,
        at=days.at(-11),
    )
    figure = Figure(
        measure="Reports of harm in live streams",
        figure=Decimal(1310),
        unit="reports",
        period=parse(str(last)),
    )
    scribe.statistic("other-reports", told, figure)


def _write_hidden(scribe: Scribe, team: Team, days: Calendar) -> None:
    """One of each that not everybody sees: embargoed, not cleared, waiting for approval, for staff only."""
    told = _said("Nobody knew what to do (embargoed)", days, -2, "research", "", "trust", by=team.priya)
    embargo = days.at(3, time(0, 1))
    scribe.quote("embargoed", _with(told, embargo_until=embargo), "Nobody I told knew what to do")
    told = _said(
        "The minister on the duty to check", days, -1, "hearing", "rhys", "department", by=team.priya
    )
    scribe.quote("uncleared", told, "We will look at a duty to check with an open mind.", cleared=False)
    told = Told(
        headline="Glimmer Live closes its rooms for under-16s at night",
        date=days.text(-1),
        organisation="company",
        source="blog",
        note="Seen on their blog; somebody should check the date. Invented for the demo.",
        by=team.lewis,
        at=days.at(-1, time(19)),
        approved=False,
    )
    scribe.update("draft", told)
    told = Told(
        headline="Call with the committee’s clerk",
        date=days.text(-4),
        organisation="parliament",
        note="They expect a crowded day, and ask for two pages at most. Invented for the demo.",
        visibility=Visibility.STAFF,
        by=team.amira,
        at=days.at(-4, time(16)),
    )
    scribe.update("call", told)


def _with(told: Told, *, embargo_until: datetime) -> Told:
    return replace(told, embargo_until=embargo_until)


def _hand_in(campaign: Campaign, team: Team, days: Calendar) -> None:
    """An article and an update that a volunteer sent: they wait for review."""
    at = days.at(-1, time(20))
    in_two_months, next_year = days.day(60), days.today.year + 1
    text = ARTICLE.format(deadline=long_day(in_two_months), next_year=next_year)
    take_in(
        campaign=campaign,
        handed=Handed(
            text=text,
            way=Article.Way.PASTED,
            title="Reports of harm in streams double (invented)",
            publisher="The Northmarch Echo",
            published=parse(days.text(-1)),
        ),
        found=found_in(text, published=days.day(-1), today=days.today),
        sent=True,
        by=team.lewis,
        at=at,
    )
    fields = {
        "headline": "Forty people at the stall in Northmarch market",
        "note": "Most had seen a stream that worried them. Invented for the demo.",
        "date": long_day(days.day(-2)),
        "visibility": Visibility.TEAM.value,
    }
    propose_entry(campaign=campaign, kind=Kind.UPDATE, fields=fields, by=team.lewis, at=at)


def _write_updates(scribe: Scribe, team: Team, days: Calendar) -> None:
    for name, headline, ago, body, source in (
        ("paper-out", "Consultation on streams and safety opens", -130, "department", "paper"),
        ("plan-out", "Regulator publishes its plan of work", -45, "regulator", "plan"),
        ("hearing-held", "First day of oral evidence", -16, "parliament", "hearing"),
    ):
        told = Told(
            headline=headline,
            date=days.text(ago),
            organisation=body,
            source=source,
            note=NOTE,
            tags=("bill",) if body == "parliament" else ("government",),
            by=team.lewis,
            at=days.at(ago + 1, time(18)),
        )
        scribe.update(name, told)


LINKS = (
    ("reports", Relation.SUPPORTS, "within-a-day", "What the director spoke of."),
    ("within-a-day", Relation.SUPPORTS, "act", ""),
    ("frightened", Relation.SUPPORTS, "act", ""),
    ("first", Relation.CONTRADICTS, "reports", "Safety first, with 40% more reports."),
    ("answers", Relation.RESPONDS_TO, "reports", ""),
    ("uncleared", Relation.PROMISES, "meeting", ""),
    ("promise", Relation.PROMISES, "response", ""),
    ("paper-out", Relation.UPDATES, "response", ""),
    ("plan-out", Relation.UPDATES, "code", ""),
    ("hearing-held", Relation.UPDATES, "evidence", ""),
)
