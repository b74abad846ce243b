"""Writing statistics and quotes: entry and details together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.dates.clocks import NoSuchTime, moment_of
from apps.evidence.clearance import (
    NEEDS_A_SOURCE,
    NEEDS_CONSENT,
    NOT_FOR_THE_WEBSITE,
    NOT_THEIRS,
    end_consent,
    give_clearance,
    is_published,
    shown_between,
    shown_of,
    start_again,
)
from apps.evidence.figures import step_of
from apps.evidence.models import Basis, Outlet, Quote, Series, SignOff, Sort, Statistic, Voice
from apps.evidence.series import choose, derive, drop_if_empty, lock_all
from apps.evidence.telling import tell_it_is_hidden
from apps.evidence.verdicts import find_words, judge
from apps.people.models import Post
from apps.sources.models import Source
from apps.timeline import index
from apps.timeline.actions import Facts, add_entry, change_state, edit_entry, lock, save_derived, show
from apps.timeline.models import Entry, Kind, State


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a statistic says beyond its entry; see Statistic for the units. A step that is left out is that of
    the number's last digit; `series` is a series, the name of a new one, or None for the one that matches."""

    measure: str
    figure: Decimal
    figure_step: Decimal | None = None
    unit: str = ""
    hedge: str = ""
    population: str = ""
    area: str = ""
    period: PartialDate | None = None
    next_release: PartialDate | None = None
    baseline: Decimal | None = None
    baseline_step: Decimal | None = None
    stated_change: Decimal | None = None
    change_step: Decimal | None = None
    change_hedge: str = ""
    change_sort: str = Sort.PERCENT
    change_basis: str = Basis.SAME
    price_rise: Decimal | None = None
    break_because: str = ""
    series: Series | str | None = None


AS_THEY_ARE = (
    *("measure", "figure", "unit", "hedge", "population", "area", "baseline", "stated_change"),
    *("change_hedge", "change_sort", "change_basis", "price_rise", "break_because"),
)
STEPS = {"figure_step": "figure", "baseline_step": "baseline", "change_step": "stated_change"}


@transaction.atomic
def add_statistic(
    *, campaign: Campaign, facts: Facts, figure: Figure, by: User, at: datetime, approved: bool = True
) -> Statistic:
    entry = add_entry(campaign=campaign, kind=Kind.STATISTIC, facts=facts, by=by, at=at, approved=approved)
    return _save_figure(Statistic(entry=entry), figure, by)


@transaction.atomic
def edit_statistic(
    *, statistic: Statistic, facts: Facts, figure: Figure, version: int, by: User
) -> Statistic:
    """Raises Conflict where the entry has a newer version."""
    statistic.entry = edit_entry(entry=statistic.entry, facts=facts, version=version, by=by)
    return _save_figure(statistic, figure, by)


def _save_figure(statistic: Statistic, figure: Figure, by: User) -> Statistic:
    before = statistic.series if statistic.series_id else None
    fill_figure(statistic, figure)
    return _save_in_series(statistic, before, figure.series, by)


def fill_figure(statistic: Statistic, figure: Figure) -> None:
    """Write into the row what the figure says, and what is derived from that; its series apart."""
    for name in AS_THEY_ARE:
        setattr(statistic, name, getattr(figure, name))
    for step, name in STEPS.items():
        setattr(statistic, step, getattr(figure, step) or step_of(getattr(figure, name)))
    for name in ("period", "next_release"):
        known = getattr(figure, name)
        setattr(statistic, name, known.text if known else "")
        setattr(statistic, f"{name}_earliest", known.earliest if known else None)
        setattr(statistic, f"{name}_latest", known.latest if known else None)


def _save_in_series(
    statistic: Statistic, before: Series | None, named: Series | str | None, by: User
) -> Statistic:
    """Save it in the series it belongs to now, and say anew in both which figures are superseded."""
    if isinstance(named, Series) and named.campaign_id != statistic.entry.campaign_id:
        raise ValidationError(f"“{named}” belongs to another campaign.")
    statistic.series = choose(statistic, named, before=before, by=by)
    save_as(by, statistic)
    derive(statistic.series)
    if before and before != statistic.series:
        derive(before)
        drop_if_empty(before, by=by)
    statistic.refresh_from_db(fields=["superseded_by"])
    index.write([statistic.pk])
    return statistic


@transaction.atomic
def save_series(*, series: Series, by: User) -> Series:
    """Rename a series, or write what there is to know about it."""
    return save_as(by, series)


@transaction.atomic
def add_quote(
    *,
    campaign: Campaign,
    facts: Facts,
    words: str,
    by: User,
    at: datetime,
    voice: str = Voice.OFFICIAL,
    cleared: bool = False,
    submitted: bool = False,
    approved: bool = True,
) -> Quote:
    """A quote; `cleared` where `by` signs it off in the same breath, `submitted` where somebody else must.
    Raises ValidationError where it cannot be cleared: without a source, or without a consent."""
    if cleared and voice == Voice.CASE_STUDY:
        raise ValidationError({"cleared": NEEDS_CONSENT})
    if cleared and facts.source is None:
        raise ValidationError({"source": NEEDS_A_SOURCE})
    entry = add_entry(
        campaign=campaign,
        kind=Kind.QUOTE,
        facts=facts,
        by=by,
        at=at,
        approved=approved,
        ready=at if cleared else None,
    )
    quote = Quote(entry=entry, words=words, voice=voice)
    if cleared:
        give_clearance(quote, by=by, at=at, outlets=None)
    elif submitted:
        quote.sign_off, quote.submitted_by, quote.submitted_at = SignOff.SUBMITTED, by, at
    return _save_words(quote, by, at=at)


@transaction.atomic
def edit_quote(
    *,
    quote: Quote,
    facts: Facts,
    words: str,
    version: int,
    by: User,
    voice: str | None = None,
    at: datetime | None = None,
) -> Quote:
    """Write new facts and words. Words that changed, another speaker or another capacity must be cleared
    again: the sign-off was of what stood before. Another speaker must consent again, too: the consent was
    somebody else's. Raises Conflict where the entry has a newer version, and ValidationError where a cleared
    quote would lose its source, or would be shown to anyone though it is not cleared for the website."""
    entry = lock(quote.entry, version=version)
    quote = Quote.everything.select_related("entry").get(pk=entry.pk)
    voice, now, was_cleared = voice or quote.voice, at or entry.recorded_at, quote.is_cleared()
    speaker, other = (entry.person, entry.organisation), (facts.person, facts.organisation)
    whose, whose_now = entry.person or entry.organisation, facts.person or facts.organisation
    ended = whose != whose_now and end_consent(quote, by=by, at=now, because=NOT_THEIRS)
    if (quote.words, quote.voice, *speaker) != (words, voice, *other):
        start_again(quote)
    elif quote.is_cleared() and voice == Voice.OFFICIAL and entry.source_id and facts.source is None:
        raise ValidationError({"source": NEEDS_A_SOURCE})
    if quote.is_cleared() and is_published(facts.visibility) and Outlet.WEBSITE not in quote.outlets:
        raise ValidationError({"visibility": NOT_FOR_THE_WEBSITE})
    stood, quote.words, quote.voice = quote.words, words, voice
    ready, until = shown_between(quote)
    quote.entry = edit_entry(entry=entry, facts=facts, version=version, by=by, ready=ready, until=until)
    if ended and was_cleared:
        reason = f"{by.name} named another speaker, and the consent was not theirs: it ended."
        tell_it_is_hidden(quote.entry, because=reason, of=now, at=now, words=stood)
    return _save_words(quote, by, at=at)


def _save_words(quote: Quote, by: User | None, *, at: datetime | None = None) -> Quote:
    """Save a quote with what is derived from its words; `at` is when they are checked."""
    quote.post = _post_held(quote.entry)
    found = find_words(quote.words, quote.entry.source)
    quote.snapshot, quote.start, quote.end = found or (None, None, None)
    save_as(by, quote)
    judge(quote, at=at or quote.entry.recorded_at)
    index.write([quote.pk])
    return quote


def _post_held(entry: Entry) -> Post | None:
    """The post the speaker held that day; where there are several, the one in the organisation named."""
    if entry.person_id is None:
        return None
    return post_among(Post.objects.filter(person_id=entry.person_id).held_on(entry.placed), entry)


def post_among(held: Iterable[Post], entry: Entry) -> Post | None:
    """Of the posts the speaker held that day, the one in which they said it, if that can be told."""
    posts = list(held)
    for post in posts:
        if post.organisation_id is not None and post.organisation_id == entry.organisation_id:
            return post
    return posts[0] if len(posts) == 1 else None


def find_quotes_again(*, source: Source, by: User | None, at: datetime | None = None) -> None:
    """After a new snapshot: look for the words of every quote of the source, and judge all of them anew. Each
    in a transaction of its own: while hundreds are compared, people go on editing the others."""
    for pk in list(Quote.everything.filter(entry__source=source).order_by("pk").values_list("pk", flat=True)):
        check_again(pk=pk, by=by, at=at, source=source)


@transaction.atomic
def check_again(
    *, pk: int, by: User | None = None, at: datetime | None = None, source: Source | None = None
) -> None:
    """Judge a quote by its words as they stand now, whatever they were when it was listed. One that has gone
    meanwhile is left out. With its `source`, its words are looked for there too, if no kept text had them."""
    entry = Entry.everything.select_for_update().filter(pk=pk).first()  # who writes a quote, locks that first
    if entry is None:
        return
    quote = Quote.everything.select_related("entry__source").get(pk=pk)
    if source is not None and quote.entry.source_id == source.pk and quote.snapshot_id is None:
        _find_words_again(quote, by)
    judge(quote, at=at or quote.entry.recorded_at)


def _find_words_again(quote: Quote, by: User | None) -> None:
    """Save where the words stand, and nothing else of the quote."""
    if found := find_words(quote.words, quote.entry.source):
        quote.snapshot, quote.start, quote.end = found
        save_as(by, quote, only=["snapshot", "start", "end"])


def ready_from(entry: Entry) -> datetime | None:
    """From when readers may see it, embargo apart: a quote from its clearance, the rest from the start."""
    return shown_of(entry)[0]


@transaction.atomic
def set_state(*, entry: Entry, state: State, by: User) -> Entry:
    """Approve, withdraw or restore an entry of any kind."""
    entry = lock(entry)  # as it stands: a clearance taken back since the page was read must not show a quote
    ready, until = shown_of(entry)
    changed = change_state(entry=entry, state=state, ready=ready, until=until, by=by)
    if changed.kind == Kind.STATISTIC:
        lock_all(changed.statistic.series)
        derive(changed.statistic.series)
    return changed


@transaction.atomic
def extend_embargo(*, entry: Entry, days: int, version: int, by: User, at: datetime) -> Entry:
    """So many days more, to the same time by the clocks of the campaign. Raises Conflict, and ValidationError
    for an embargo that has lifted: what was seen cannot be unseen."""
    entry = lock(entry, version=version)
    if not entry.is_embargoed(at) or entry.embargo_until is None:
        raise ValidationError(
            "The embargo has lifted already: the entry has been seen. Edit it to hide it again."
        )
    zone = entry.campaign.zone
    local = entry.embargo_until.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    try:
        entry.embargo_until, _ = moment_of(local, zone)
    except NoSuchTime as jump:
        entry.embargo_until, _ = moment_of(jump.next, zone)
    ready, until = shown_of(entry)
    show(entry, ready=ready, until=until)
    return save_derived(entry=entry, by=by)
