"""Writing the details of many statistics and quotes at once: as `actions` does, a table at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from apps.accounts.authorship import create_all_as, delete_all_as, delete_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.evidence.actions import Figure, fill_figure, post_among
from apps.evidence.checks import Verbatim
from apps.evidence.models import Quote, Series, Statistic, Verdict
from apps.evidence.series import FOUR, derive, lock_all, matching, name_of
from apps.evidence.verdicts import find_words, judge
from apps.people.models import Post
from apps.sources.models import Snapshot
from apps.timeline.models import Entry

AT_ONCE = 500
"""Rows named in one statement."""


class SeriesOf:
    """The series of a campaign, as figures join them; those that are new are gathered, and saved together."""

    def __init__(self, campaign: Campaign) -> None:
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # or two would make the same one
        self.campaign = campaign
        self.matched: dict[tuple[str, ...], Series] = {}
        self.named: dict[str, Series] = {}
        self.new: list[Series] = []
        self.touched: set[int] = set()

    def choose(self, statistic: Statistic, named: Series | str | None) -> Series:
        """The one that is named, or the one whose four words are the figure's."""
        if isinstance(named, Series):
            return named
        if named is not None:
            known = self.named.get(named.casefold())
            return known or self._new(statistic, named, self.named, named.casefold())
        four = _four(statistic)
        if four not in self.matched and (found := matching(self.campaign, statistic)):
            self.matched[four] = found
        return self.matched.get(four) or self._new(statistic, name_of(statistic), self.matched, four)

    def _new(self, statistic: Statistic, name: str, known: dict[Any, Series], key: Any) -> Series:
        series = Series(campaign=self.campaign, name=name[:300])
        for word in FOUR:
            setattr(series, word, getattr(statistic, word))
        self.new.append(series)
        known[key] = series
        four = _four(statistic)
        if four not in self.matched:
            self.matched[four] = matching(self.campaign, statistic) or series
        return series

    def save_new(self, *, by: User) -> None:
        create_all_as(by, self.new)
        self.new = []

    def derive(self) -> None:
        """Say anew of all that got a figure which figures are superseded."""
        for series in _many(self.touched):
            derive(series)


def _four(statistic: Statistic) -> tuple[str, ...]:
    return tuple(getattr(statistic, word).casefold() for word in FOUR)


def _many(keys: Iterable[int]) -> Iterable[Series]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield from Series.objects.filter(pk__in=ordered[start : start + AT_ONCE]).order_by("pk")


def add_statistics(pairs: Sequence[tuple[Entry, Figure]], *, by: User, series: SeriesOf) -> None:
    """The details of entries that are saved. `series.derive` comes once all figures are there."""
    rows = []
    for entry, figure in pairs:
        statistic = Statistic(entry=entry)
        fill_figure(statistic, figure)
        rows.append((statistic, series.choose(statistic, figure.series)))
    series.save_new(by=by)
    for statistic, chosen in rows:
        statistic.series = chosen
        series.touched.add(chosen.pk)
    create_all_as(by, [statistic for statistic, _ in rows])


def add_quotes(quotes: Sequence[Quote], *, by: User, at: datetime) -> None:
    """The details of entries that are saved, with what is derived from their words."""
    _find_posts(quotes)
    sources = {quote.entry.source_id for quote in quotes if quote.entry.source_id}
    kept = set(Snapshot.objects.filter(source__in=sources).order_by().values_list("source_id", flat=True))
    with_texts = [quote for quote in quotes if quote.entry.source_id in kept]
    for quote in with_texts:
        found = find_words(quote.words, quote.entry.source)
        quote.snapshot, quote.start, quote.end = found or (None, None, None)
    create_all_as(by, quotes)
    judged = {quote.entry_id for quote in with_texts}
    Verdict.objects.bulk_create(
        Verdict(quote=quote, badge=Verbatim.NO_SOURCE.value, differences=[], checked_at=at)
        for quote in quotes
        if quote.entry_id not in judged
    )
    for quote in with_texts:
        judge(quote, at=at)


def _find_posts(quotes: Sequence[Quote]) -> None:
    """The post each speaker held that day."""
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(person__in={quote.entry.person_id for quote in quotes}):
        posts[post.person_id].append(post)
    for quote in quotes:
        entry = quote.entry
        held = [post for post in posts.get(entry.person_id or 0, ()) if post.is_held_on(entry.placed)]
        quote.post = post_among(held, entry)


def delete_statistics(ids: Sequence[int], *, by: User) -> set[int]:
    """Take the details of entries away; answers which series lost a figure, for `settle_series`."""
    rows = list(Statistic.everything.filter(pk__in=ids).select_related("series"))
    lock_all(*(row.series for row in rows))
    delete_all_as(by, rows)
    return {row.series_id for row in rows}


def settle_series(keys: Iterable[int], *, by: User) -> None:
    """After figures went: drop the series that are empty, and say of the others what is superseded."""
    for series in _many(keys):
        if series.statistics.exists():
            derive(series)
        else:
            delete_as(by, series)


def delete_quotes(ids: Sequence[int], *, by: User) -> None:
    delete_all_as(by, list(Quote.everything.filter(pk__in=ids)))
