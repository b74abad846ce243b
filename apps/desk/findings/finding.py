"""A finding: something that would embarrass us, with its working and where it is mended.

A check names the rows that may be wrong and judges each. Most ask one indexed query and take a page of it;
those that have to reckon read the newest rows, so many and no more, and say so. Nothing is kept of a finding:
what is mended is gone with the next look.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.campaigns.access import Access
from apps.campaigns.roles import May, Role
from apps.desk import visible
from apps.health.models import Mute
from apps.legislation.falling import MayHaveFallen, may_have_fallen
from apps.legislation.models import Bill, Standing
from apps.timeline.models import Entry, State

PAGE = 20
COUNTED = 10_000
NEWEST = 20_000
"""How many of the newest entries are looked through where no index answers."""
JUDGED = 1_000
"""How many of the muted rows of a check are judged again to count them."""


@dataclass(frozen=True)
class Fix:
    """What to do about it, and where. Without an address it is for somebody else to do: `who`."""

    words: str
    address: str
    who: str = ""


@dataclass(frozen=True)
class Finding:
    """`subject` names what it is about ("entry 12"), and `key` its place in the list; `facts` is what it
    rests on, and what a mute is good for: nothing that changes with the day alone."""

    subject: str
    key: int
    title: str
    address: str
    working: str
    facts: tuple[str, ...]
    fix: Fix
    kind: str = ""

    @property
    def slug(self) -> str:
        """The subject in an address."""
        return self.subject.replace(" ", "-")

    @property
    def digest(self) -> str:
        return hashlib.sha256("\x00".join(self.facts).encode(errors="replace")).hexdigest()


@dataclass(frozen=True)
class Scene:
    """A campaign as one of its staff sees it at a moment."""

    access: Access

    @property
    def today(self) -> date:
        return self.access.today

    @cached_property
    def entries(self) -> QuerySet[Entry]:
        """What is on the timeline: drafts and withdrawn entries embarrass nobody."""
        return visible.entries(self.access).filter(state=State.PUBLISHED)

    @cached_property
    def floor(self) -> int:
        """The key below which entries are too many to be looked through; 0 where there are not so many."""
        keys = visible.entries(self.access).order_by("-pk").values_list("pk", flat=True)
        return next(iter(keys[NEWEST : NEWEST + 1]), 0)

    @cached_property
    def newest(self) -> QuerySet[Entry]:
        """The newest of what is on the timeline: for checks that no index answers."""
        return self.entries.filter(pk__gt=self.floor) if self.floor else self.entries

    @cached_property
    def mutes(self) -> dict[tuple[str, str], Mute]:
        rows = Mute.objects.standing().filter(campaign=self.access.campaign).select_related("muted_by")
        return {(row.finding, row.subject): row for row in rows[:COUNTED]}

    @cached_property
    def fallen(self) -> dict[int, MayHaveFallen]:
        """Bills that may have fallen, by the milestone of the last day that was seen of each."""
        bills = Bill.objects.filter(campaign=self.access.campaign, standing=Standing.OPEN)
        found = may_have_fallen(bills, at=self.access.at).values()
        return {each.last.milestone_id: each for each in found if each.last and each.last.milestone_id}

    def to(self, name: str, **parts: Any) -> str:
        return reverse(name, kwargs={"slug": self.access.campaign.slug, **parts})

    def fix(self, words: str, name: str, *, need: May = May.EDIT, **parts: Any) -> Fix:
        """Where it is mended, for whoever may do that."""
        if self.access.may(need):
            return Fix(words, self.to(name, **parts))
        return Fix(words, "", who=WHO.get(need, "an owner"))

    def finding(self, entry: Entry, working: str, facts: Sequence[object], fix: Fix) -> Finding:
        return Finding(
            subject=f"entry {entry.pk}",
            key=entry.pk,
            title=entry.headline,
            address=self.to("entry", pk=entry.pk),
            working=working,
            facts=tuple(str(fact) for fact in facts),
            fix=fix,
            kind=entry.kind,
        )


WHO = {
    May.CLEAR: f"{Role.OWNER.label.lower()} or {Role.PRESS.label.lower()}",
    May.MOVE: f"{Role.OWNER.label.lower()} or {Role.ADVOCACY.label.lower()}",
    May.PLAN: f"{Role.OWNER.label.lower()} or {Role.ADVOCACY.label.lower()}",
}


@dataclass(frozen=True)
class Check:
    """`one` and `many` finish a sentence that starts with a number. `newest`: it looks through the newest
    entries alone. `reads`: how many of its rows it judges, the newest first, where it must reckon; otherwise
    every row that it names is a finding."""

    name: str
    title: str
    one: str
    many: str
    rows: Callable[[Scene], QuerySet[Any]]
    judge: Callable[[Scene, Sequence[Any]], list[Finding]]
    newest: bool = False
    reads: int = 0


@dataclass(frozen=True)
class Found:
    """What a check found, muted findings left out: a page of them, and how many there are. `after` continues
    after the last; `read_all` is False where there are more rows than it reads."""

    check: Check
    findings: list[Finding]
    count: int
    more_than: bool = False
    after: int | None = None
    read_all: bool = True

    @property
    def number(self) -> str:
        return f"{self.count:,}{'+' if self.more_than else ''}"

    @property
    def words(self) -> str:
        return f"{self.number} {self.check.one if self.count == 1 else self.check.many}"

    @property
    def limit(self) -> str:
        return f"{self.check.reads or NEWEST:,}"


def look(check: Check, scene: Scene, *, after: int | None = None) -> Found:
    """A page of what one check finds, newest first, after the row with that key."""
    rows = check.rows(scene).order_by("-pk")
    return _reckoned(check, scene, rows, after) if check.reads else _asked(check, scene, rows, after)


def _asked(check: Check, scene: Scene, rows: QuerySet[Any], after: int | None) -> Found:
    """One query where there is nothing, two where there is something, however much."""
    counted = rows.order_by()[: COUNTED + 1].count()
    read_all = not (check.newest and scene.floor)
    if not counted:
        return Found(check, [], 0, read_all=read_all)
    page = list((rows.filter(pk__lt=after) if after else rows)[: PAGE + 1])
    last = page[PAGE - 1].pk if len(page) > PAGE else None
    standing = not_muted(check, scene, check.judge(scene, page[:PAGE]))
    if counted <= PAGE and not after:
        return Found(check, standing, len(standing), read_all=read_all)
    count = max(len(standing), min(counted, COUNTED) - _still_muted(check, scene, rows))
    return Found(check, standing, count, counted > COUNTED, last if count else None, read_all)


def _still_muted(check: Check, scene: Scene, rows: QuerySet[Any]) -> int:
    """How many of the rows are muted for the facts they have today. What was put right is no row any more,
    and what has changed counts again; where very many are muted, the older ones count as well."""
    subjects = [subject for name, subject in scene.mutes if name == check.name][:JUDGED]
    keys = [int(subject.rpartition(" ")[2]) for subject in subjects]
    if not keys:
        return 0
    found = check.judge(scene, list(rows.filter(pk__in=keys)))
    return len(found) - len(not_muted(check, scene, found))


def _reckoned(check: Check, scene: Scene, rows: QuerySet[Any], after: int | None) -> Found:
    read = list(rows[: check.reads + 1])
    found = not_muted(check, scene, check.judge(scene, read[: check.reads]))
    rest = [finding for finding in found if not after or finding.key < after]
    last = rest[PAGE - 1].key if len(rest) > PAGE else None
    return Found(
        check, rest[:PAGE], len(found), after=last, read_all=len(read) <= check.reads and not scene.floor
    )


def not_muted(check: Check, scene: Scene, findings: Sequence[Finding]) -> list[Finding]:
    """Those that nobody has muted, or whose facts are others since."""
    mutes = scene.mutes
    return [
        finding
        for finding in findings
        if (mute := mutes.get((check.name, finding.subject))) is None or mute.facts != finding.digest
    ]


def find_one(check: Check, scene: Scene, subject: str) -> Finding | None:
    """The finding of a check about one thing, muted or not, if it is still so."""
    _, _, pk = subject.rpartition(" ")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    rows = check.rows(scene).order_by("-pk")
    read = list(rows[: check.reads]) if check.reads else list(rows.filter(pk=int(pk)))
    return next((found for found in check.judge(scene, read) if found.subject == subject), None)
