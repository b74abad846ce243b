"""The milestones of the Online Harms Bill campaign, with every target they had and why it moved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from apps.desk.demo.people import Team
from apps.desk.demo.scribe import Scribe, Told
from apps.legislation.models import Outcome

BEGINNING = "2020-09-03"
"""The day of the article, and the campaign's first."""


@dataclass(frozen=True, kw_only=True)
class Move:
    on: str
    to: str
    reason: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A milestone: its first target, when the campaign took it down, its moves, and the day it was met."""

    name: str
    headline: str
    target: str
    body: str
    source: str
    note: str
    met: str
    met_by: str = ""  # the source of the day it was met, unless it is that of the target
    recorded: str = ""  # the day it was met, unless said
    reason: str = ""
    moves: tuple[Move, ...] = ()
    tags: tuple[str, ...] = ("parliament",)


GOALS = (
    Goal(
        name="white-paper",
        headline="Online Harms White Paper published",
        target="2019-04-08",
        body="government",
        source="white-paper",
        note="Proposes a statutory duty of care. Taken down from the page itself when the campaign began.",
        met="2019-04-08",
        recorded=BEGINNING,
        tags=("government",),
    ),
    Goal(
        name="consultation",
        headline="White Paper consultation closes",
        target="2019-07-01",
        body="government",
        source="consultation",
        note="Open from 8 April to 1 July 2019, by the consultation’s own page.",
        met="2019-07-01",
        recorded=BEGINNING,
        tags=("government",),
    ),
    Goal(
        name="final-plans",
        headline="Final plans (full government response) published",
        target="../2020-12-31",
        body="government",
        source="article",
        note=(
            "The NSPCC asked for the final plans before the end of the year. In February 2020 the Government"
            " had announced them for the spring. The consultation’s page gives 15 December 2020."
        ),
        met="2020-12-15",
        met_by="consultation",
        recorded=BEGINNING,
        reason="Asked for by the NSPCC: before the end of the year",
        tags=("government",),
    ),
    Goal(
        name="introduced",
        headline="Online Harms Bill introduced",
        target="2020-23",
        body="government",
        source="article",
        note=(
            "The NSPCC asked for progress on the Bill “this autumn”; the campaign takes that as introduction."
            " Introduced in the Commons on 17 March 2022 as the Online Safety Bill (Commons Library)."
        ),
        met="2022-03-17",
        met_by="library",
        recorded=BEGINNING,
        reason="Asked for by the NSPCC: progress on the Bill this autumn",
        moves=(
            Move(
                on="2020-12-15",
                to="../2021-12-31",
                reason="Autumn went by. With the final plans, the Bill is announced for 2021",
                source="connectivity",
            ),
            Move(
                on="2021-08-19",
                to="../2022-06-30",
                reason=(
                    "A draft came first. A joint committee is to report on it by 10 December 2021, and"
                    " redrafting is expected to go on into the middle of 2022"
                ),
                source="scrutiny",
            ),
        ),
    ),
    Goal(
        name="draft",
        headline="Draft Online Safety Bill published",
        target="2021-05-12",
        body="dcms",
        source="ofcom-draft",
        note="A draft for scrutiny, the day after the Queen’s Speech; not yet the Bill itself.",
        met="2021-05-12",
        tags=("government",),
    ),
    Goal(
        name="joint-committee",
        headline="Joint Committee reports on the draft Bill",
        target="../2021-12-10",
        body="parliament",
        source="scrutiny",
        note="Required by 10 December 2021; published on 14 December (House of Lords Liaison Committee).",
        met="2021-12-14",
        met_by="liaison",
        recorded="2021-08-19",
    ),
    Goal(
        name="second-reading",
        headline="Second reading in the Commons",
        target="2022-04-19",
        body="commons",
        source="library",
        note="The date is the House of Commons Library’s.",
        met="2022-04-19",
    ),
    Goal(
        name="report",
        headline="Report stage in the Commons, second day",
        target="2022-07-20",
        body="commons",
        source="guardian",
        note=(
            "The first day was 12 July 2022. The final Commons stages were to be finished on Wednesday 20"
            " July. The second day was held on 5 December 2022, by the business papers of the House."
        ),
        met="2022-12-05",
        met_by="business-2022-12",
        recorded="2022-07-12",
        moves=(
            Move(
                on="2022-07-14",
                to="2022-23",
                reason="Taken off the business during the leadership contest and put off to the autumn",
                source="guardian",
            ),
            Move(
                on="2022-11-24",
                to="2022-12-05",
                reason="Put down for 1 November, taken off again, and now put down for 5 December",
                source="mordaunt",
            ),
        ),
    ),
    Goal(
        name="third-reading",
        headline="Third reading in the Commons",
        target="2023-01-17",
        body="commons",
        source="commons-2023-01",
        note=(
            "The debate of 17 January 2023 is on record. That third reading was the same day is inferred: it"
            " was ordered so, and the Bill was in the Lords on 18 January."
        ),
        met="2023-01-17",
    ),
    Goal(
        name="lords-first-reading",
        headline="First reading in the Lords",
        target="2023-01-18",
        body="lords",
        source="lords-news",
        note="Parliament’s news page says the Lords considered the Bill from 18 January 2023.",
        met="2023-01-18",
    ),
    Goal(
        name="lords-third-reading",
        headline="Third reading in the Lords",
        target="2023-09-06",
        body="lords",
        source="lords-news",
        note="The date is from Parliament’s news page.",
        met="2023-09-06",
    ),
    Goal(
        name="statute-book",
        headline="Online Harms Bill on the statute book",
        target="../2021-12-31",
        body="government",
        source="article",
        note=(
            "The NSPCC asked for the end of 2021. The Online Safety Bill received Royal Assent on 26 October"
            " 2023 (House of Commons Library)."
        ),
        met="2023-10-26",
        met_by="library",
        recorded=BEGINNING,
        reason="Asked for by the NSPCC: by the end of 2021",
        moves=(
            Move(
                on="2021-08-19",
                to="../2022-12-31",
                reason=(
                    "A draft came in May 2021, and a joint committee reports on it by 10 December: the end of"
                    " 2021 is out of reach. No date was promised; the end of 2022 is the campaign’s own"
                ),
                source="scrutiny",
            ),
            Move(
                on="2022-11-21",
                to="../2023-04-30",
                reason=(
                    "Taken off the Commons’ business in July and again for November. Carried over once"
                    " already, it is said to have to pass by April 2023"
                ),
                source="officials",
            ),
            Move(
                on="2023-04-19",
                to="../2023-07-31",
                reason=(
                    "The Lords’ committee stage begins only today. No date was promised; the end of July is"
                    " the campaign’s own"
                ),
                source="lords-2023-04",
            ),
            Move(
                on="2023-07-24",
                to="2023-23",
                reason="The session was extended to the autumn, and Ofcom expects Royal Assent then",
                source="horizon",
            ),
        ),
    ),
)


def write_milestones(scribe: Scribe, team: Team, *, at: Callable[..., datetime]) -> None:
    for goal in GOALS:
        told = Told(
            headline=goal.headline,
            date=goal.target,
            source=goal.source,
            organisation=goal.body,
            note=goal.note,
            tags=goal.tags,
            by=team.tom,
            at=at(goal.recorded or goal.met),
        )
        scribe.milestone(goal.name, told, owner=team.tom, reason=goal.reason or "Date given by the source")
        for move in goal.moves:
            scribe.move(
                goal.name, move.to, move.reason, source=move.source, by=team.amira, at=at(move.on, 12)
            )
        settled = at(max(goal.met, goal.recorded), 18)
        scribe.settle(
            goal.name,
            Outcome.MET,
            date.fromisoformat(goal.met),
            source=goal.met_by or goal.source,
            by=team.tom,
            at=settled,
        )
