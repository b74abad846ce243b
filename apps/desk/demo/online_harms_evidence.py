"""The statistics and quotes of the Online Harms Bill campaign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.accounts.models import User
from apps.dates import parse
from apps.desk.demo.online_harms_milestones import BEGINNING
from apps.desk.demo.scribe import Scribe, Told
from apps.evidence.actions import Figure


@dataclass(frozen=True, kw_only=True)
class Count:
    name: str
    headline: str
    day: str = BEGINNING
    source: str = "article"
    body: str = "nspcc"
    note: str
    recorded: str = BEGINNING
    figure: Figure


COUNTS = (
    Count(
        name="191",
        headline="191 online child sex offences in West Mercia in 2018/19",
        note="The year before, as given with the figure for 2019/20.",
        figure=Figure(
            measure="Online child sex offences",
            figure=Decimal(191),
            unit="offences",
            area="West Mercia",
            period=parse("2018-04/2019-03"),
        ),
    ),
    Count(
        name="389",
        headline="389 online child sex offences in West Mercia in 2019/20",
        note="Published by the NSPCC. The article gives a rise of 104% on the 191 of the year before.",
        figure=Figure(
            measure="Online child sex offences",
            figure=Decimal(389),
            unit="offences",
            area="West Mercia",
            period=parse("2019-04/2020-03"),
            baseline=Decimal(191),
            stated_change=Decimal(104),
        ),
    ),
    Count(
        name="10000",
        headline="Over 10,000 online child sex crimes logged in a year",
        note="Nationwide, logged by police; passed for the first time. The article names no year.",
        figure=Figure(
            measure="Online child sex crimes logged by police in a year",
            figure=Decimal(10_000),
            hedge="over",
            unit="crimes",
            area="Nationwide",
        ),
    ),
    Count(
        name="99",
        headline="99% of 12 to 15 year olds are online",
        day="2019-04-08",
        source="white-paper",
        body="government",
        note="From the joint ministerial foreword to the White Paper.",
        figure=Figure(
            measure="Share online", figure=Decimal(99), unit="%", population="12 to 15 year olds", area="UK"
        ),
    ),
    Count(
        name="66",
        headline="66 of the Joint Committee’s 129 recommendations adopted",
        day="2022-03",
        source="liaison",
        body="lords",
        note="As counted by the Lords’ Liaison Committee; the Bill was introduced in March 2022.",
        recorded="2023-01-18",
        figure=Figure(
            measure="Recommendations on the draft Bill adopted",
            figure=Decimal(66),
            unit="recommendations",
            population="the Joint Committee’s 129 recommendations",
        ),
    ),
)


def write_statistics(scribe: Scribe, *, by: User, at: Callable[[str], datetime]) -> None:
    for count in COUNTS:
        told = Told(
            headline=count.headline,
            date=count.day,
            source=count.source,
            organisation=count.body,
            note=count.note,
            tags=("evidence",),
            by=by,
            at=at(count.recorded),
        )
        scribe.statistic(count.name, told, count.figure)


# short name, headline, day, source, person, organisation, words (never 25 or more), note
QUOTES = (
    (
        "spring",
        "A full response “in the spring”",
        "2020-02-13",
        "lords-2020-02",
        "",
        "government",
        "We will publish a full response in the spring before bringing forward legislation.",
        "A minister’s answer, repeated in the Lords. The full response came on 15 December 2020.",
    ),
    (
        "burrows",
        "NSPCC: pass legislation by the end of 2021",
        BEGINNING,
        "article",
        "burrows",
        "nspcc",
        "pass legislation by the end of 2021, that sees tech firms held criminally and financially"
        " accountable if they put children at risk",
        "An excerpt, copied from the article; no text of it is kept to check against.",
    ),
    (
        "barratt",
        "West Mercia Police: the rise reflects our own work",
        BEGINNING,
        "article",
        "barratt",
        "police",
        "our increased proactivity and prioritisation in this area has no doubt led to the increased reported"
        " offences",
        "An excerpt, copied from the article; no text of it is kept to check against.",
    ),
    (
        "parkinson-2022",
        "Government: the strongest protections in the Bill are for children",
        "2022-11-07",
        "hansard-2022-11",
        "parkinson",
        "government",
        "That is why we are bringing forward the Online Safety Bill, why the strongest protections in the"
        " Bill are for children",
        "Answering a Private Notice Question.",
    ),
    (
        "merron",
        "Baroness Merron: three Prime Ministers later, still waiting",
        "2022-11-07",
        "hansard-2022-11",
        "merron",
        "lords",
        "Yet, three Prime Ministers later, we are still waiting for this crucial legislation to reach your"
        " Lordships’ House.",
        "From the same exchange, to the Minister.",
    ),
    (
        "morgan",
        "Baroness Morgan: a model for cross-party engagement",
        "2023-09-06",
        "lords-2023-09",
        "morgan",
        "lords",
        "I hope that this Bill will be used as a model for cross-party, non-partisan engagement",
        "At third reading in the Lords.",
    ),
    (
        "parkinson-2023",
        "Government: this is not the end of the road",
        "2023-09-19",
        "hansard-2023-09",
        "parkinson",
        "government",
        "My Lords, I am very conscious that this is not the end of the road.",
        "From the last debate on the Bill, which then waited for Royal Assent.",
    ),
)


def write_quotes(scribe: Scribe, *, by: User, at: Callable[[str], datetime]) -> None:
    for name, headline, day, source, person, body, words, note in QUOTES:
        told = Told(
            headline=headline,
            date=day,
            source=source,
            person=person,
            organisation=body,
            note=note,
            tags=("voices",),
            by=by,
            at=at(max(day, BEGINNING)),
        )
        scribe.quote(name, told, words)
