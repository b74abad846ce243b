"""What a version of a pack holds, as plain data that is kept as JSON, and how one differs from another.

Everything is text as it is to be read, already said in words and free of what XML may not hold; so a version
exported again years later says what it said then.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

FACTS = {
    "kind": "Kind",
    "headline": "Headline",
    "date": "Date",
    "words": "Verbatim words",
    "speaker": "Speaker",
    "figure": "Figure",
    "measure": "What it counts",
    "as_of": "As of",
    "target": "Target date",
    "outcome": "Outcome",
    "stands": "How it stands",
    "slip_days": "Slip in days",
    "check": "Check",
    "working": "Working",
    "note": "Note",
    "source": "Source",
    "source_url": "Address of the source",
    "address": "Address of the entry",
}
"""What may be said of an entry, in the order of a spreadsheet's columns, with its name there."""
BY_ITSELF = {"stands", "address"}
"""What changes from day to day, or when the site moves, and is no change to tell of."""


@dataclass(frozen=True, kw_only=True)
class Cite:
    """A footnote: who says so, and where."""

    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One target date of a milestone, why, and who says so."""

    text: str
    cite: Cite | None = None


@dataclass(frozen=True, kw_only=True)
class Linked:
    """That this entry bears on another of the same pack."""

    relation: str
    entry: int


@dataclass(frozen=True, kw_only=True)
class Part:
    """An entry, with the note beside it; or, without `entry`, a note that stands by itself.

    `signed` names the words and the speaker that were signed off, so that a sign-off of other words does not
    count for these. `gone` says why nothing of the entry is told any more; all else is empty then.
    """

    entry: int | None = None
    facts: dict[str, str] = field(default_factory=dict)
    cites: tuple[Cite, ...] = ()
    steps: tuple[Step, ...] = ()
    links: tuple[Linked, ...] = ()
    text: str = ""
    signed: str = ""
    gone: str = ""

    def without_what_it_said(self, gone: str) -> "Part":
        """Nothing of the entry, nor of what was written beside it, is left."""
        return Part(entry=self.entry, gone=gone)


@dataclass(frozen=True, kw_only=True)
class Content:
    """`known` says as of when: "As known on 17 October 2024: …"."""

    campaign: str
    title: str
    introduction: str
    known: str
    parts: tuple[Part, ...]

    @property
    def entries(self) -> list[Part]:
        return [part for part in self.parts if part.entry is not None]

    def as_json(self) -> dict[str, Any]:
        # Through JSON and back: tuples become lists, as they will be once kept.
        return dict(json.loads(json.dumps(asdict(self))))

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def content_from(kept: dict[str, Any]) -> Content:
    """What `as_json` made, read again."""
    return Content(**{**kept, "parts": tuple(_part_from(part) for part in kept["parts"])})


def _part_from(kept: dict[str, Any]) -> Part:
    steps = [
        Step(text=step["text"], cite=Cite(**step["cite"]) if step["cite"] else None) for step in kept["steps"]
    ]
    return Part(
        **{
            **kept,
            "cites": tuple(Cite(**cite) for cite in kept["cites"]),
            "steps": tuple(steps),
            "links": tuple(Linked(**link) for link in kept["links"]),
        }
    )


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A version as it may be shown now, ready to be set in any form."""

    content: Content
    number: int
    by: str
    made: str
    made_at: datetime
    address: str

    @property
    def line(self) -> str:
        """When, by whom and as what it was made."""
        return f"Version {self.number}, made by {self.by} on {self.made}. {self.content.known}"

    def shown_as(self, parts: tuple[Part, ...]) -> "Edition":
        return replace(self, content=replace(self.content, parts=parts))


@dataclass(frozen=True)
class Difference:
    """What is otherwise about one entry, or (without one) about the pack, as sentences."""

    entry: int | None
    headline: str
    what: tuple[str, ...]


def differences(old: Content, new: Content) -> list[Difference]:
    """What `new` says otherwise than `old`."""
    found = [Difference(None, "", tuple(_of_the_pack(old, new)))]
    then, now = ({part.entry: part for part in content.entries} for content in (old, new))
    told = _told(old) & _told(new)
    for pk, part in now.items():
        if pk not in then:
            found.append(Difference(pk, _headline(part), ("Added",)))
        else:
            found.append(Difference(pk, _headline(part), tuple(otherwise(then[pk], part, told=told))))
    found += [Difference(pk, _headline(part), ("Taken out",)) for pk, part in then.items() if pk not in now]
    return [difference for difference in found if difference.what]


def _told(content: Content) -> set[int]:
    return {part.entry for part in content.entries if part.entry is not None and not part.gone}


def _headline(part: Part) -> str:
    return part.facts.get("headline", "")


def _of_the_pack(old: Content, new: Content) -> Iterator[str]:
    for name, label in (("title", "Title"), ("introduction", "Introduction"), ("known", "As of")):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield _changed(label, before, after)
    kept = {part.entry for part in old.entries} & {part.entry for part in new.entries}
    orders = [[part.entry for part in content.entries if part.entry in kept] for content in (old, new)]
    if orders[0] != orders[1]:
        yield "The order of the entries changed"
    notes = [[part.text for part in content.parts if part.entry is None] for content in (old, new)]
    yield from (f"Note added: {_quoted(text)}" for text in notes[1] if text not in notes[0])
    yield from (f"Note taken out: {_quoted(text)}" for text in notes[0] if text not in notes[1])


def otherwise(old: Part, new: Part, *, told: set[int]) -> Iterator[str]:
    """What the second says of the same entry otherwise than the first; `told` are the entries that both may
    tell of, for a link to another is no link that was taken away."""
    if old.gone or new.gone:
        if old.gone != new.gone:
            yield new.gone or "Told again"
        return
    for name, label in FACTS.items():
        before, after = old.facts.get(name, ""), new.facts.get(name, "")
        if before != after and name not in BY_ITSELF:
            yield _changed(label, before, after)
    if old.text != new.text:
        yield _changed("Note beside it", old.text, new.text)
    links = [{link for link in part.links if link.entry in told} for part in (old, new)]
    if links[0] != links[1]:
        yield "Its links to the other entries changed"


MOST_SHOWN = 160


def _changed(label: str, before: str, after: str) -> str:
    return f"{label}: {_quoted(before)} → {_quoted(after)}"


def _quoted(text: str) -> str:
    if not text:
        return "nothing"
    return f"“{text}”" if len(text) <= MOST_SHOWN else f"“{text[:MOST_SHOWN]}…”"
