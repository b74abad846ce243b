"""Series: which figures stand in one row, and which of them took the place of which.

A figure is superseded by one of its series that is published, whoever may see that one: `superseded_by` holds
it, for lists to know at no cost where there is something to say. What it is for a reader is asked of the gate
(desk.newer), for a figure under embargo must not give itself away by what it supersedes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q

from apps.accounts.authorship import delete_as, save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.evidence.models import Series, Statistic
from apps.timeline.models import State

AT_ONCE = 500
"""Rows named in one statement."""
FOUR = ("measure", "unit", "area", "population")
"""What makes figures comparable."""

One = TypeVar("One", bound=Statistic)


# --- Which supersedes which -------------------------------------------------------------------------------


def period_of(statistic: Statistic) -> tuple[date | None, date | None]:
    """What the figure covers; without a period, the time it stands as of."""
    if statistic.period:
        return statistic.period_earliest, statistic.period_latest
    return statistic.entry.earliest, statistic.entry.latest


def ends(statistic: Statistic) -> date:
    """The day its period ends, or starts where the end is open."""
    earliest, latest = period_of(statistic)
    day = latest or earliest
    assert day is not None, "a period open at both ends"
    return day


def in_order(statistics: Iterable[One]) -> list[One]:
    """By period; figures for the same period as they came out."""
    return sorted(statistics, key=lambda row: (ends(row), row.entry.placed, row.pk))


@dataclass(frozen=True)
class Newer:
    """What has come out since: `revised` is a newer figure for the same period, `later` one for a later
    period, each the newest of its kind."""

    revised: Statistic | None = None
    later: Statistic | None = None

    @property
    def newest(self) -> Statistic | None:
        """The one that takes its place: a revision says that the figure itself no longer stands."""
        return self.revised or self.later


def newer_than(statistic: Statistic, others: Iterable[Statistic]) -> Newer:
    """Two figures for the same period as of the same day supersede neither the other: they contradict."""
    period, as_of, end = period_of(statistic), statistic.entry.placed, ends(statistic)
    rows = in_order(others)
    revisions = [row for row in rows if period_of(row) == period and row.entry.placed > as_of]
    later = [row for row in rows if ends(row) > end]
    return Newer(revisions[-1] if revisions else None, later[-1] if later else None)


def standing(statistics: Collection[One]) -> list[One]:
    """The figures that stand, in order: of those for one period the newest, or all that came out that day."""
    newest: dict[tuple[date | None, date | None], date] = {}
    for row in statistics:
        period, as_of = period_of(row), row.entry.placed
        newest[period] = max(newest.get(period, as_of), as_of)
    return [row for row in in_order(statistics) if row.entry.placed == newest[period_of(row)]]


def derive(series: Series) -> None:
    """Write down anew which figures of the series are superseded, and by which. The series is locked."""
    rows = list(Statistic.everything.filter(series=series).select_related("entry"))
    published = Published(row for row in rows if row.entry.state == State.PUBLISHED)
    changed: dict[int | None, list[int]] = defaultdict(list)
    for row in rows:
        newest = published.newest_over(row)
        key = newest.pk if newest else None
        if row.superseded_by_id != key:
            changed[key].append(row.pk)
    for key, keys in changed.items():
        for start in range(0, len(keys), AT_ONCE):  # derived: no history
            Statistic.everything.filter(pk__in=keys[start : start + AT_ONCE]).update(superseded_by=key)


class Published:
    """The published figures of a series, put in order once: what `newer_than` says of each, for all of them
    in the time that sorting takes."""

    def __init__(self, rows: Iterable[Statistic]) -> None:
        self.last: Statistic | None = None
        self.last_of: dict[tuple[date | None, date | None], Statistic] = {}
        for row in in_order(rows):
            self.last = self.last_of[period_of(row)] = row

    def newest_over(self, row: Statistic) -> Statistic | None:
        revised = self.last_of.get(period_of(row))
        if revised is not None and revised.entry.placed > row.entry.placed:
            return revised
        return self.last if self.last is not None and ends(self.last) > ends(row) else None


# --- Which series a figure is of --------------------------------------------------------------------------


def lock_all(*series: Series | None) -> set[int]:
    """Lock these series in the order of their keys, so that two writers never wait for each other; the keys
    of those that are still there."""
    keys = {row.pk for row in series if row is not None}
    rows = Series.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def name_of(row: Statistic | Series) -> str:
    """What a series is called until somebody renames it: "Recorded offences, West Mercia"; with its unit
    where the measure does not say it."""
    unit = "" if row.unit.casefold() in row.measure.casefold() else row.unit
    parts = (row.measure, row.area, row.population, unit)
    return ", ".join(part for part in parts if part)[:300]


def matching(campaign: Campaign, statistic: Statistic) -> Series | None:
    """The series whose measure, unit, area and population are the figure's, capitals aside."""
    same = Q(**{f"{word}__iexact": getattr(statistic, word) for word in FOUR})
    return Series.objects.filter(same, campaign=campaign).order_by("pk").first()


def is_alike(series: Series, row: Statistic | Series) -> bool:
    """Whether the four words are the same, capitals aside."""
    return all(getattr(series, word).casefold() == getattr(row, word).casefold() for word in FOUR)


def choose(statistic: Statistic, named: Series | str | None, *, before: Series | None, by: User) -> Series:
    """The series of a figure, locked together with the one it was in: the one named, or the one it matches; a
    new one where there is none. Where the figure was alone in its series, that one follows its words."""
    campaign = statistic.entry.campaign
    chosen = named if isinstance(named, Series) else None
    if named is None:
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # or two would make the same one
        chosen = matching(campaign, statistic)
    there = lock_all(before, chosen)
    if chosen and chosen.pk in there:
        return chosen
    if named is None and before and before.pk in there and _is_alone(statistic, before):
        return _renamed(before, statistic, by=by)
    return _new(campaign, statistic, named if isinstance(named, str) else name_of(statistic), by=by)


def _is_alone(statistic: Statistic, series: Series) -> bool:
    return not series.statistics.exclude(pk=statistic.pk).exists()


def _renamed(series: Series, statistic: Statistic, *, by: User) -> Series:
    if series.name == name_of(series):
        series.name = name_of(statistic)
    return _worded(series, statistic, by=by)


def _new(campaign: Campaign, statistic: Statistic, name: str, *, by: User) -> Series:
    return _worded(Series(campaign=campaign, name=name[:300]), statistic, by=by)


def _worded(series: Series, statistic: Statistic, *, by: User) -> Series:
    for word in FOUR:
        setattr(series, word, getattr(statistic, word))
    return save_as(by, series)


def drop_if_empty(series: Series, *, by: User) -> None:
    """A series is there for its figures; its history stays."""
    if not series.statistics.exists():
        delete_as(by, series)


def siblings(statistics: Sequence[Statistic]) -> Q:
    """Narrows entries to the published figures of the same series. By their keys: with a join, SQLite looks
    through all that is published."""
    figures = Statistic.everything.filter(series__in={row.series_id for row in statistics})
    return Q(state=State.PUBLISHED, pk__in=figures.values("pk"))
