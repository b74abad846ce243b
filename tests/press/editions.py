"""An edition with one of everything in it, and texts that somebody might type to break a format."""

from apps.press.content import Cite, Content, Edition, Linked, Part, Step
from tests.make import AT

SOURCE = Cite(
    text="Police figures, 2020 (Example Times), 3 September 2020.", url="https://example.org/a?b=1&c=2"
)
NASTY = (
    '=HYPERLINK("https://evil.example")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "＠x",
    "مرحبا שלום 😀",
    "# not a heading <script>alert(1)</script> [^1] #let x = 1 $y$",
    "- not a list",
    "1. nor this",
)


def part(number: int, kind: str, **facts: str) -> dict[str, str]:
    address = f"https://tracker.example/c/online-harms/entries/{number}/"
    return {"kind": kind, "date": "3 September 2020", "address": address, **facts}


STATISTIC = Part(
    entry=1,
    facts=part(
        1,
        "Statistic",
        headline="389 offences in West Mercia",
        figure="389 offences",
        measure="Recorded offences, West Mercia",
        as_of="3 September 2020",
        check="adds up",
        working="104% ≈ (389 − 191) / 191 = +103.7%",
    ),
    cites=(SOURCE,),
    links=(Linked(relation="supports", entry=2),),
    text="Ask for the table.",
)
QUOTE = Part(
    entry=2,
    facts=part(
        2,
        "Quote",
        headline="The law must catch up",
        words="The law must catch up.\nNow.",
        speaker="Andy Burrows, NSPCC",
        check="verified",
        working="To the letter.",
    ),
    cites=(SOURCE,),
)
MILESTONE = Part(
    entry=3,
    facts=part(
        3,
        "Milestone",
        headline="On the statute book",
        target="by the end of 2021",
        outcome="Met",
        stands="met 664 days late, moved once",
        slip_days="664",
    ),
    cites=(SOURCE,),
    steps=(Step(text="First target: by the end of 2021", cite=SOURCE), Step(text="Moved to 2022")),
)
UPDATE = Part(entry=4, facts=part(4, "Update", headline="Letter sent", note="To all members."))
GONE = QUOTE.without_what_it_said("What stood here was withdrawn on 3 March 2026.")
NOTE = Part(text="Figures first.")
FOOTNOTES = 5
"""Three sources, one of a target date, and that an update gives none."""


def edition(*parts: Part, title: str = "For the Today programme", number: int = 3) -> Edition:
    return Edition(
        content=Content(
            campaign="Online harms",
            title=title,
            introduction="What we know.",
            known="As known on 10 March 2026.",
            parts=parts or (NOTE, STATISTIC, QUOTE, MILESTONE, UPDATE),
        ),
        number=number,
        by="Olive",
        made="10 March 2026, 10:00 (Europe/London)",
        made_at=AT.replace(microsecond=123_456),
        address="https://tracker.example/c/online-harms/packs/1/versions/3/",
    )


def nasty() -> Edition:
    """Every text in every place."""
    parts = [
        Part(
            entry=number,
            facts=part(
                number, "Quote", headline=text, words=text, speaker=text, check=text, working=text, note=text
            ),
            cites=(Cite(text=text, url='https://example.org/<x>"y" z'),),
            text=text,
        )
        for number, text in enumerate(NASTY, start=1)
    ]
    return edition(*parts, *(Part(text=text) for text in NASTY), title=NASTY[0])
