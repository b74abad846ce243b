"""What has come out since a figure was recorded, as far as this reader may see: said beside it wherever it
stands. The gate is asked once for a page, and not at all for a page whose figures all stand."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from apps.campaigns.access import Access
from apps.dates import in_words, parse
from apps.desk import visible
from apps.desk.asof import AsOf, then
from apps.evidence.models import Statistic
from apps.evidence.series import newer_than, period_of, siblings
from apps.timeline.models import Entry, Kind

FINANCIAL_YEAR = re.compile(r"(\d{4})-04/(\d{4})-03")
SEASONS = ("spring", "summer", "autumn", "winter")


@dataclass(frozen=True)
class Since:
    """`revised` is the newest figure for the same period, `later` the newest for a later one; `due` says that
    new figures were to be out by now. A figure of which there is nothing to say has none of the three."""

    revised: Entry | None = None
    later: Entry | None = None
    due: str = ""

    @property
    def superseded(self) -> bool:
        return bool(self.revised or self.later)

    @property
    def word(self) -> str:
        """For where there is room for one word."""
        return "revised" if self.revised else "superseded" if self.later else "new figures due"

    @property
    def words(self) -> str:
        """ "revised on 3 May 2021", "newer: 2020/21", "new figures were due in March 2021"."""
        if self.revised:
            return f"revised {on_or_in(self.revised.date)}"
        if self.later:
            return f"newer: {covered(self.later.statistic)}"
        return f"new figures were due {self.due}"

    @property
    def sentence(self) -> str:
        """The same to stand by itself: "Superseded; newer: 2020/21"."""
        words = f"superseded; {self.words}" if self.later and not self.revised else self.words
        return words[:1].upper() + words[1:]


def since_of(entries: Iterable[Entry], access: Access, *, as_of: AsOf | None = None) -> dict[int, Since]:
    """By the entry's key, for those of which there is something to say; with their details loaded."""
    return since_among(entries, lambda: visible.entries(access), today=then(access, as_of).today, as_of=as_of)


def since_among(
    entries: Iterable[Entry], seen: Callable[[], QuerySet[Entry]], *, today: date, as_of: AsOf | None = None
) -> dict[int, Since]:
    """The same of several campaigns; `seen` answers all that this person may see of them."""
    figures = [entry.statistic for entry in entries if entry.kind == Kind.STATISTIC]
    superseded = [row for row in figures if row.superseded_by_id]
    newer = _newer(superseded, seen(), as_of) if superseded else {}
    found = {row.pk: _since(row, newer.get(row.pk, []), today) for row in figures}
    return {pk: since for pk, since in found.items() if since != Since()}


def _newer(
    superseded: list[Statistic], seen: QuerySet[Entry], as_of: AsOf | None
) -> dict[int, list[Statistic]]:
    """By its key, figures among which is all that this reader may see in the place of each.

    What took a figure's place is newest of all. Where it is of a later period, and they may see it, it is
    newest of what they see too, so nothing else of the series is read.
    """
    seen = seen.select_related("statistic").defer("note")
    newer: dict[int, list[Statistic]] = {}
    if not as_of:
        took = {
            entry.pk: entry.statistic
            for entry in seen.filter(pk__in={row.superseded_by_id for row in superseded})
        }
        pairs = [(row, took[row.superseded_by_id]) for row in superseded if row.superseded_by_id in took]
        newer = {row.pk: [other] for row, other in pairs if period_of(other) != period_of(row)}
    left = [row for row in superseded if row.pk not in newer]
    return newer | _whole_series(left, seen, as_of) if left else newer


def _whole_series(
    figures: list[Statistic], seen: QuerySet[Entry], as_of: AsOf | None
) -> dict[int, list[Statistic]]:
    """By its key, all of the series of each that this reader may see."""
    rows = seen.filter(siblings(figures))
    if as_of:
        rows = rows.filter(recorded_at__lte=as_of.at)
    by_series: dict[int, list[Statistic]] = defaultdict(list)
    for entry in rows:
        by_series[entry.statistic.series_id].append(entry.statistic)
    return {row.pk: by_series[row.series_id] for row in figures}


def _since(row: Statistic, others: list[Statistic], today: date) -> Since:
    newer = newer_than(row, others)
    if newer.newest:
        revised, later = (each.entry if each else None for each in (newer.revised, newer.later))
        return Since(revised, later)
    expected = row.next_release_latest
    return Since(due=on_or_in(row.next_release)) if expected and expected < today else Since()


def covered(statistic: Statistic) -> str:
    """What a figure is for: its period or, without one, the day it stands as of."""
    if not statistic.period:
        return f"as of {in_words(statistic.entry.date)}"
    year = FINANCIAL_YEAR.fullmatch(statistic.period)
    if year and int(year[2]) == int(year[1]) + 1:
        return f"{year[1]}/{year[2][2:]}"
    return in_words(statistic.period)


def on_or_in(text: str) -> str:
    """A partial date within a sentence: "on 3 May 2021", "in May 2021", "by the end of 2021"."""
    known = parse(text)
    words = in_words(text)
    if known.is_day:
        return f"on {words}"
    return (
        f"in {words}" if words[:1].isdigit() or words[:1].isupper() or words.split()[0] in SEASONS else words
    )
