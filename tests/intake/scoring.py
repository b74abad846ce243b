"""How proposals compare with the annotated texts beside this file.

A quote is found where its span and the annotated one overlap by four fifths of what they cover together; a
figure where spans overlap and values agree; a deadline where it covers half of the annotated expression.
What is annotated as a fragment, a turn in a debate or optional is neither asked for nor held against anybody.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from apps.intake.extraction import Extraction, extract

TEXTS = Path(__file__).parent / "texts"
EDGES = " \t\n\u00a0\"'“”‘’.,;:"
WANTED = ("full", "block")


@dataclass
class Score:
    """Counts: what was right of what was wanted, for each question asked."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    proposed: Counter[str] = field(default_factory=Counter)

    def share(self, name: str) -> float:
        return self.right[name] / self.asked[name] if self.asked[name] else 1.0

    def f1(self, name: str) -> float:
        return 2 * self.right[name] / (self.asked[name] + self.proposed[name])

    def ask(self, name: str, right: bool) -> None:
        self.asked[name] += 1
        self.right[name] += right


def annotated() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(TEXTS.glob("*.json"))]


def score(texts: list[dict[str, Any]]) -> Score:
    total = Score()
    for text in texts:
        published = date.fromisoformat(text["published"]) if text["published"] else None
        found = extract(text["text"], published)
        score_quotes(total, text, found)
        score_statistics(total, text, found)
        score_deadlines(total, text, found)
    return total


def score_quotes(total: Score, text: dict[str, Any], found: Extraction) -> None:
    left = list(found.quotes)
    for gold in text["quotes"]:
        span = trimmed(text["text"], gold["start"], gold["end"])
        best = max(
            left, key=lambda one: jaccard(trimmed(text["text"], one.start, one.end), span), default=None
        )
        near = jaccard(trimmed(text["text"], best.start, best.end), span) if best else 0
        if gold["kind"] not in WANTED:
            if best and near >= 0.5:
                left.remove(best)
            continue
        hit = best is not None and near >= 0.8
        total.ask("quotes", hit)
        if "\n\n" in gold["text"] and gold["kind"] == "full":
            total.ask("many paragraphs", hit)
        total.asked["end to end"] += 1
        if not hit or best is None:
            continue
        left.remove(best)
        named = same_name(best.speaker, gold)
        total.ask("speaker", named)
        total.right["end to end"] += named
        total.proposed["quotes"] += 1
        total.proposed["end to end"] += 1
        if gold["role"]:
            total.ask("role", alike(f"{best.role or ''} {best.organisation or ''}", gold["role"]) >= 0.5)
    total.proposed["quotes"] += len(left)
    total.proposed["end to end"] += len(left)


def score_statistics(total: Score, text: dict[str, Any], found: Extraction) -> None:
    left = list(found.statistics)
    for gold in sorted(text["statistics"], key=lambda one: one.get("optional", False)):
        hit = next((one for one in left if one.end > gold["start"] and one.start < gold["end"]), None)
        if hit:
            left.remove(hit)
        if gold.get("optional"):
            continue
        right = hit is not None and abs(hit.value - gold["value"]) <= 0.005 * abs(gold["value"])
        total.ask("statistics", right)
        total.proposed["statistics"] += hit is not None
        if right and hit:
            total.ask("unit", family(hit.unit) == family(gold["unit"]))
    total.proposed["statistics"] += len(left)


def score_deadlines(total: Score, text: dict[str, Any], found: Extraction) -> None:
    left = list(found.deadlines)
    for gold in sorted(text["deadlines"], key=lambda one: one.get("optional", False)):
        half = (gold["end"] - gold["start"]) / 2
        hit = next(
            (one for one in left if min(one.end, gold["end"]) - max(one.start, gold["start"]) >= half), None
        )
        if hit:
            left.remove(hit)
        if gold.get("optional"):
            continue
        total.ask("deadlines", hit is not None)
        total.proposed["deadlines"] += hit is not None
        if hit and gold["date_latest"]:
            total.ask(
                "dates", near_day(hit.date_latest, gold["date_latest"], 31 if gold.get("approx") else 1)
            )
    total.proposed["deadlines"] += len(left)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return start, end


def jaccard(one: tuple[int, int], other: tuple[int, int]) -> float:
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(common, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def words_of(said: str) -> set[str]:
    plain = re.sub(r"[’']s\b", "", said.lower()).replace("’", "'")
    return set(re.findall(r"[^\s.,;:()\[\]\"“”/]+", plain))


def same_name(proposed: str | None, gold: dict[str, Any]) -> bool:
    """Whether the last word of the name, or of another form of it, is among those proposed."""
    if gold["speaker"] is None:
        return True
    names = [gold["speaker"], *gold.get("speaker_aliases", [])]
    return any(words_of(name.split()[-1]) <= words_of(proposed or "") for name in names)


def alike(one: str, other: str) -> float:
    first, second = words_of(one), words_of(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def family(unit: str) -> str:
    """Sorts of unit: every count is of one, and so are fractions and multiples."""
    unit = unit.lower()
    for sort, signs in {"%": ("%", "percent"), "£": ("£",), "$": ("$",), "ratio": ("ratio", "times")}.items():
        if any(sign in unit for sign in signs):
            return sort
    return "count"


def near_day(found: date | None, gold: str, days: int) -> bool:
    return found is not None and abs((found - date.fromisoformat(gold)).days) <= days
