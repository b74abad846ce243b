"""What may be wrong with figures."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from apps.campaigns.roles import May
from apps.dates import countdown
from apps.desk.findings.finding import Check, Finding, Scene
from apps.desk.newer import covered, on_or_in
from apps.desk.phrases import amount, times
from apps.evidence.arithmetic import Verdict
from apps.evidence.checks import check_change
from apps.evidence.models import Statistic
from apps.evidence.series import period_of
from apps.timeline.models import Entry, Kind, Link, State, Use

SUMS = 500
FIGURES = 1_000
"""How many of the newest are reckoned."""
COMPARED = (
    *("headline", "kind", "date", "earliest", "latest", "placed"),
    *(f"statistic__{name}" for name in ("series", "figure", "figure_step", "hedge", "unit")),
    *(f"statistic__{name}" for name in ("period", "period_earliest", "period_latest")),
)
"""What comparing them asks for: a decimal that is not read is not converted."""


def _figures(scene: Scene) -> QuerySet[Entry]:
    return scene.newest.filter(kind=Kind.STATISTIC).select_related("statistic").defer("note")


# --- Sums that do not add up ------------------------------------------------------------------------------


def _stated(scene: Scene) -> QuerySet[Entry]:
    return _figures(scene).filter(statistic__stated_change__isnull=False)


def _judge_sums(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    checked = [(entry, check_change(entry.statistic)) for entry in rows]
    return [
        scene.finding(
            entry, check.words, (check.words,), scene.fix("Put the figures right", "edit_entry", pk=entry.pk)
        )
        for entry, check in checked
        if check and check.verdict == Verdict.WRONG
    ]


# --- Two figures for the same -----------------------------------------------------------------------------


def _all(scene: Scene) -> QuerySet[Entry]:
    return _figures(scene).only(*COMPARED)


def _judge_figures(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    """Of figures of one series for one period, as of the same day: a later one would revise the earlier."""
    alike: dict[object, list[Statistic]] = defaultdict(list)
    for entry in rows:
        row = entry.statistic
        alike[row.series_id, period_of(row), entry.placed].append(row)
    found = [_contradiction(scene, one, other) for group in alike.values() for one, other in _apart(group)]
    return sorted(found, key=lambda finding: -finding.key)


def _apart(group: Sequence[Statistic]) -> Iterator[tuple[Statistic, Statistic]]:
    """Each figure that differs from the oldest of the group by more than rounding, with that one."""
    first = group[-1]
    for row in group[:-1]:
        if abs(row.figure - first.figure) > (row.figure_step + first.figure_step) / 2:
            yield row, first


def _contradiction(scene: Scene, one: Statistic, other: Statistic) -> Finding:
    working = (
        f"It says {amount(one)} for {covered(one)}; “{other.entry.headline}” says {amount(other)} for the"
        " same measure, area and period, as of the same day."
    )
    facts = (one.figure, other.pk, other.figure, one.period, one.entry.date)
    fix = scene.fix("Put one right", "edit_entry", pk=one.pk)
    return scene.finding(one.entry, working, facts, fix)


# --- Figures that are no longer the newest ----------------------------------------------------------------


def _superseded(scene: Scene) -> QuerySet[Entry]:
    """Those in use: copied, exported, or linked to what is on the timeline."""
    used = Exists(Use.objects.filter(entry=OuterRef("pk")))
    linked = Exists(_out().filter(from_entry=OuterRef("pk"))) | Exists(
        _into().filter(to_entry=OuterRef("pk"))
    )
    rows = _figures(scene).filter(used | linked, statistic__superseded_by__isnull=False)
    return rows.select_related("statistic__superseded_by__entry")


def _out() -> QuerySet[Link]:
    """Links to what is on the timeline; those between figures of one series only compare them."""
    rows = Link.objects.filter(to_entry__state=State.PUBLISHED)
    return rows.exclude(to_entry__statistic__series=F("from_entry__statistic__series"))


def _into() -> QuerySet[Link]:
    rows = Link.objects.filter(from_entry__state=State.PUBLISHED)
    return rows.exclude(from_entry__statistic__series=F("to_entry__statistic__series"))


def _judge_superseded(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    uses = _counts(Use.objects.filter(entry__in=[entry.pk for entry in rows]), "entry")
    ids = [entry.pk for entry in rows]
    out = _counts(_out().filter(from_entry__in=ids), "from_entry")
    into = _counts(_into().filter(to_entry__in=ids), "to_entry")
    return [
        _superseded_finding(scene, entry, uses.get(entry.pk, 0), out.get(entry.pk, 0) + into.get(entry.pk, 0))
        for entry in rows
    ]


def _counts(rows: QuerySet, by: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(count=Count("pk")))


def _superseded_finding(scene: Scene, entry: Entry, uses: int, links: int) -> Finding:
    newer = entry.statistic.superseded_by
    assert newer is not None
    used = [
        *([f"it was copied or exported {times(uses)}"] if uses else []),
        *([f"{links} entr{'y is' if links == 1 else 'ies are'} linked to it"] if links else []),
    ]
    working = f"{amount(newer)} ({covered(newer)}) has taken its place, and {' and '.join(used)}."
    fix = scene.fix("Use the newer figure", "entry", need=May.SEE, pk=newer.pk)
    return scene.finding(entry, working, (newer.pk, newer.figure, uses, links), fix)


def _due(scene: Scene) -> QuerySet[Entry]:
    return _figures(scene).filter(
        statistic__superseded_by__isnull=True,
        statistic__next_release_latest__isnull=False,
        statistic__next_release_latest__lt=scene.today,
    )


def _judge_due(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    return [_due_finding(scene, entry) for entry in rows]


def _due_finding(scene: Scene, entry: Entry) -> Finding:
    row = entry.statistic
    assert row.next_release_latest is not None
    ago = countdown(row.next_release_latest, scene.today)
    working = f"New figures were due {on_or_in(row.next_release)} ({ago}), and none stands in its series."
    fix = scene.fix("Add the new figure", "add_entry", need=May.ADD, kind="statistic")
    return scene.finding(entry, working, (row.next_release,), fix)


WRONG = Check(
    "sums",
    "Sums that do not add up",
    "sum that does not add up",
    "sums that do not add up",
    _stated,
    _judge_sums,
    reads=SUMS,
)
CONTRADICTING = Check(
    "contradictions",
    "Figures that contradict each other",
    "figure that contradicts another",
    "figures that contradict others",
    _all,
    _judge_figures,
    reads=FIGURES,
)
SUPERSEDED = Check(
    "superseded",
    "Superseded figures in use",
    "superseded figure in use",
    "superseded figures in use",
    _superseded,
    _judge_superseded,
    newest=True,
)
DUE = Check(
    "releases",
    "Figures whose next release is past",
    "figure whose next release is past",
    "figures whose next release is past",
    _due,
    _judge_due,
    newest=True,
)
