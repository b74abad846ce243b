"""Everything that would embarrass a campaign, gravest first."""

from dataclasses import dataclass

from apps.campaigns.access import Access
from apps.desk.findings.bills import DISPUTED, FALLEN
from apps.desk.findings.figures import CONTRADICTING, DUE, SUPERSEDED, WRONG
from apps.desk.findings.finding import Check, Finding, Found, Scene, find_one, look
from apps.desk.findings.milestones import OVERTAKEN, OWNERLESS, UNWARNED
from apps.desk.findings.quotes import DEAD, ENDING, OUT_OF_POST, UNVERIFIED

CHECKS = {
    check.name: check
    for check in (
        *(ENDING, UNVERIFIED, OUT_OF_POST, WRONG, CONTRADICTING, SUPERSEDED, DUE),
        *(DISPUTED, FALLEN, DEAD, OVERTAKEN, OWNERLESS, UNWARNED),
    )
}

__all__ = ["CHECKS", "Check", "Finding", "Found", "Health", "Scene", "find_one", "health_of", "look"]


@dataclass(frozen=True)
class Health:
    """What each check found, where it found something, and how many lines wait to be taken or dismissed."""

    found: list[Found]
    lines: int

    @property
    def count(self) -> int:
        return sum(found.count for found in self.found)

    @property
    def sentence(self) -> str:
        """The conclusion, before anything else."""
        parts = [self._things()]
        if self.lines:
            parts.append(
                f"{self.lines:,} drafted line{' waits' if self.lines == 1 else 's wait'} for a person."
            )
        return " ".join(parts)

    def _things(self) -> str:
        if not self.found:
            return "Nothing here would embarrass us."
        more = "+" if any(found.more_than for found in self.found) else ""
        if len(self.found) == 1:
            return f"{self.found[0].words} would embarrass us."
        return f"{self.count:,}{more} things would embarrass us: {_listed(self.found)}."


def _listed(found: list[Found]) -> str:
    """The first three sorts in words, the rest as a number."""
    words = [each.words for each in found[:3]]
    rest = found[3:]
    if rest:
        words.append(f"{sum(each.count for each in rest):,} more")
    return f"{', '.join(words[:-1])} and {words[-1]}"


def health_of(access: Access, *, lines: int) -> Health:
    scene = Scene(access)
    found = [look(check, scene) for check in CHECKS.values()]
    return Health([each for each in found if each.count], lines)
