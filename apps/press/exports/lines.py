"""What documents say of a pack, line by line, their footnotes numbered through: Word, Markdown and the page
say the same, in their own way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.press.content import Cite, Content, Part

NO_SOURCE = Cite(text="No source is given.")


@dataclass(frozen=True)
class Footnote:
    number: int
    cite: Cite


@dataclass(frozen=True)
class Line:
    """`style` is what it is: fact, words, whose, step, check, note, link, beside or gone."""

    style: str
    text: str
    footnotes: tuple[Footnote, ...] = ()


@dataclass(frozen=True)
class Block:
    """One part of the pack. `number` counts the entries from 1; a note by itself has none."""

    number: int | None
    kicker: str
    headline: str
    address: str
    lines: tuple[Line, ...]


def blocks_of(content: Content) -> list[Block]:
    return list(_Numbering(content).blocks())


def footnotes_of(blocks: Iterable[Block]) -> list[Footnote]:
    return [footnote for block in blocks for line in block.lines for footnote in line.footnotes]


class _Numbering:
    """Counts entries and footnotes from the pack's beginning to its end."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.numbers = {part.entry: number for number, part in enumerate(content.entries, start=1)}
        self.told = {part.entry: part.facts["headline"] for part in content.entries if not part.gone}
        self.footnotes = 0

    def blocks(self) -> Iterator[Block]:
        for part in self.content.parts:
            facts = part.facts
            if part.entry is None:
                yield Block(None, "", "", "", (Line("note", part.text),))
            elif part.gone:
                yield Block(self.numbers[part.entry], "", "", "", (Line("gone", part.gone),))
            else:
                lines = tuple(self._lines(part))
                kicker = " · ".join((facts["kind"], facts["date"]))
                yield Block(self.numbers[part.entry], kicker, facts["headline"], facts["address"], lines)

    def _lines(self, part: Part) -> Iterator[Line]:
        facts = part.facts
        for style, text in self._facts(part):
            # The sources of the whole entry stand where its fact is said.
            yield Line(style, text, tuple(self._cited(part.cites or (NO_SOURCE,))))
        if speaker := facts.get("speaker"):
            yield Line("whose", speaker)
        for step in part.steps:
            yield Line("step", step.text, tuple(self._cited((step.cite,) if step.cite else ())))
        if check := facts.get("check"):
            yield Line("check", f"Checked: {check}. {facts.get('working', '')}".strip())
        if (note := facts.get("note")) and not _is_its_note(part):
            yield Line("note", note)
        for link in part.links:
            if link.entry in self.told:
                yield Line("link", f"{link.relation} {self.numbers[link.entry]}. {self.told[link.entry]}")
        if part.text:
            yield Line("beside", part.text)

    def _facts(self, part: Part) -> Iterator[tuple[str, str]]:
        """The one line that the entry is there for."""
        facts = part.facts
        if words := facts.get("words"):
            yield "words", f"“{words}”"
        elif figure := facts.get("figure"):
            as_of = f", as of {facts['as_of']}" if facts.get("as_of") else ""
            yield "fact", f"{figure}: {facts['measure']}{as_of}"
        elif stands := facts.get("stands"):
            slip = facts.get("slip_days", "0")
            slipped = f". Slipped by {_days(slip)}" if slip not in ("", "0") else ""
            yield "fact", f"{facts['target'][:1].upper()}{facts['target'][1:]}: {stands}{slipped}"
        elif note := facts.get("note"):
            yield "note", note
        else:
            yield "fact", facts["date"][:1].upper() + facts["date"][1:]

    def _cited(self, cites: Iterable[Cite]) -> Iterator[Footnote]:
        for cite in cites:
            self.footnotes += 1
            yield Footnote(self.footnotes, cite)


def _is_its_note(part: Part) -> bool:
    """Whether its note is all it has to say: an update."""
    return not part.facts.keys() & {"words", "figure", "stands"}


def _days(count: str) -> str:
    return f"{count} day{'' if count in ('1', '-1') else 's'}"
