"""Hansard, what was said in the UK Parliament: contributions by words, by member, or of one debate. No key.

It tells of no bills, so it is no Provider but a neighbour of them. Contributions come with marks of columns
and of emphasis in them, which are taken out. Who spoke is a name, or an office with the name behind it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.legislation.providers.asking import Asker, Params, Trouble
from apps.legislation.providers.reading import day, host_and_path, key, parts, text, things, whole

ZONE = "Europe/London"
PAGES = "https://hansard.parliament.uk"
MOST_FOUND = 100
"""More in one request, and the server has a fault of its own."""
LONGEST = 50_000
DEEPEST = 6
HOUSES = {"Commons": "House of Commons", "Lords": "House of Lords"}
PARTIES = {
    *("con", "lab", "lab/co-op", "labour", "conservative", "ld", "liberal democrat", "snp", "dup", "cb"),
    *("green", "gp", "pc", "plaid cymru", "ind", "independent", "alba", "uup", "sdlp", "sf", "reform"),
    *("reform uk", "ruk", "alliance", "apni", "tuv", "non-afl", "bishops", "crossbench", "your party"),
    *("scottish national party", "democratic unionist party", "sinn féin", "labour/co-operative"),
}
"""Behind a name in brackets, these say of which party somebody is, and not where they sit."""

_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_DEBATE = re.compile(rf"/(?:[a-z]+/[0-9-]+/)?debates/({_GUID})(?:/.*)?", re.IGNORECASE)
_MEMBER = re.compile(r"/member/([0-9]{1,7})(?:/.*)?", re.IGNORECASE)
_ENDS = re.compile(r"<\s*/\s*(?:p|div|blockquote|li)\s*>|<\s*br\s*/?\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Place:
    """What of Hansard somebody wants: all of it, what one member said, or one debate."""

    member: str = ""
    debate: str = ""


@dataclass(frozen=True)
class Contribution:
    """What somebody said, and where: `address` leads to the very words. `role` as printed, or "MP for …"."""

    external_id: str
    speaker: str
    role: str
    text: str
    debate: str
    house: str
    day: date
    address: str


@dataclass(frozen=True)
class Contributions:
    contributions: tuple[Contribution, ...]
    more: bool = False
    troubles: tuple[str, ...] = ()


class Hansard:
    name = "hansard"
    title = "Hansard"
    clock = ZoneInfo(ZONE)

    def off(self) -> str:
        return "" if settings.HANSARD_API else "It is turned off: HANSARD_API is empty."

    def base(self) -> str:
        return str(settings.HANSARD_API)

    def read_address(self, typed: str) -> Place | None:
        """Of Hansard's own pages, and of a member's page at Parliament."""
        host, path = host_and_path(typed)
        if host == "members.parliament.uk":
            match = _MEMBER.fullmatch(path)
            return Place(member=match[1]) if match else None
        if host != "hansard.parliament.uk":
            return None
        if match := _DEBATE.fullmatch(path):
            return Place(debate=match[1].upper())
        asked = parse_qs(urlsplit(typed if "//" in typed else f"https://{typed}").query)
        members = [value for name, values in asked.items() if name.lower() == "memberid" for value in values]
        return Place(member=members[0] if members and members[0].isdecimal() else "")

    def search(self, ask: Asker, words: str, *, member: str, since: date) -> Contributions:
        """The newest contributions since that day. Raises Trouble where nothing can be had."""
        asked: Params = [
            ("queryParameters.searchTerm", words),
            *([("queryParameters.memberId", member)] if member else []),
            ("queryParameters.startDate", since.isoformat()),
            ("queryParameters.orderBy", "SittingDateDesc"),
            ("queryParameters.take", MOST_FOUND),
        ]
        page = parts(ask.json("/search/contributions/Spoken.json", asked))
        items = page.get("Results")
        if not isinstance(items, list):
            raise Trouble(f"{ask.host} answered with something that is no list of contributions.")
        read = [_found(parts(item)) for item in items]
        return _gathered(read, more=whole(page.get("TotalResultCount")) > len(items))

    def debate(self, ask: Asker, debate: str) -> Contributions:
        """All that was said in one debate, those within it too. Raises Trouble where it cannot be had."""
        told = parts(ask.json(f"/debates/debate/{debate}.json"))
        if not parts(told.get("Overview")):
            raise Trouble(f"{ask.host} answered with something that is no debate.")
        return _gathered(list(_debated(told, DEEPEST)), more=False)


def _gathered(read: list[Contribution | None], *, more: bool) -> Contributions:
    kept = {each.external_id: each for each in read if each is not None}
    lost = read.count(None)
    troubles = (f"{lost} of the contributions could not be read.",) if lost else ()
    return Contributions(tuple(kept.values()), more, troubles)


def _found(told: Mapping[str, Any]) -> Contribution | None:
    said = plain(told.get("ContributionTextFull")) or plain(told.get("ContributionText"))
    return _contribution(
        told,
        external_id=key(told.get("ContributionExtId")),
        said=said,
        debate=text(told.get("DebateSection"), 200),
        debate_id=key(told.get("DebateSectionExtId")),
        house=text(told.get("House"), 20),
        on=day(told.get("SittingDate"), ZONE),
    )


def _debated(told: Mapping[str, Any], deep: int) -> Iterator[Contribution | None]:
    about = parts(told.get("Overview"))
    for item in map(parts, things(told.get("Items"))):
        said = plain(item.get("Value"))
        if text(item.get("ItemType")) != "Contribution" or not text(item.get("AttributedTo")) or not said:
            continue  # a heading, a time, a division, or what the chair reads out
        yield _contribution(
            item,
            external_id=key(item.get("ExternalId")),
            said=said,
            debate=text(about.get("Title"), 200),
            debate_id=key(about.get("ExtId")),
            house=text(about.get("House"), 20),
            on=day(about.get("Date"), ZONE),
        )
    if deep:
        for child in things(told.get("ChildDebates")):
            yield from _debated(parts(child), deep - 1)


def _contribution(
    told: Mapping[str, Any],
    *,
    external_id: str,
    said: str,
    debate: str,
    debate_id: str,
    house: str,
    on: date | None,
) -> Contribution | None:
    speaker, role = speaker_of(text(told.get("AttributedTo"), 300), text(told.get("MemberName"), 200), house)
    if not (external_id and debate_id and said and speaker) or on is None:
        return None
    place = f"{PAGES}/{house if house in HOUSES else 'Commons'}/{on.isoformat()}/debates/{debate_id}"
    return Contribution(
        external_id=external_id.lower(),  # its letters come small and large
        speaker=speaker,
        role=role,
        text=said,
        debate=debate or "Hansard",
        house=HOUSES.get(house, ""),
        day=on,
        address=f"{place}/#contribution-{external_id}",
    )


def speaker_of(attributed: str, name: str, house: str) -> tuple[str, str]:
    """Who spoke and as what: an office as printed, or the seat. The party is not read from it."""
    head = attributed.partition("(")[0].strip()
    brackets = [said.strip() for said in _BRACKETS.findall(attributed)]
    if head.lower().startswith("the "):
        return name or (brackets[0] if brackets else head), head[4:] if name or brackets else ""
    seats = [_seat(said) for said in brackets]
    seat = next(filter(None, seats), "")
    return name or head, f"MP for {seat}" if seat and house == "Commons" else ""


def _seat(said: str) -> str:
    """Without the party that may stand behind it: "Chippenham, Conservative"."""
    before, _, last = said.rpartition(", ")
    if before and last.casefold() in PARTIES:
        said = before
    return "" if said.casefold() in PARTIES else said


def plain(value: Any) -> str:
    """Text without its marks, a paragraph a line."""
    if not isinstance(value, str):
        return ""
    marked = _TAG.sub("", _ENDS.sub("\n", value[: 2 * LONGEST]))
    lines = [text(line, LONGEST) for line in unescape(marked).splitlines()]
    return "\n\n".join(filter(None, lines))[:LONGEST]
