"""Bringing what a monitor found into the queue: an article with what is found in it, a deadline, a quote."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from apps.dates import PartialDate, in_words, parse
from apps.evidence.actions import find_quotes_again
from apps.intake.actions import Handed, Known, found_anew, propose_entry, take_in
from apps.intake.models import Article, Hit, Monitor, Proposal
from apps.intake.monitoring.fetching import turn
from apps.intake.opening import Opened
from apps.intake.pages import read_page, without_trackers
from apps.intake.proposing import Fields, Found, found_in
from apps.intake.texts import BadText, cleaned
from apps.sources.models import Source
from apps.timeline.models import Kind, Visibility
from apps.words import Query, matches, read_query

AGAIN = timedelta(hours=1)
MOST_TRIES = 3
LONGEST_QUOTE, MOST_QUOTED = 1_200, 9_000
"""Characters: what is said in no more than the first is quoted whole, and never more than the second."""
_PARAGRAPH = re.compile(r"[^\n]+")
ENOUGH = 200
"""Characters of what a feed itself says that are worth keeping where the page cannot be read."""


class Bringing:
    """For one monitor. Each hit is saved as it then stands."""

    def __init__(
        self, monitor: Monitor, clock: Callable[[], datetime], pause: Callable[[float], None]
    ) -> None:
        self.monitor, self.clock, self.pause = monitor, clock, pause
        self.campaign = monitor.campaign
        self.articles = Article.objects.filter(campaign=self.campaign).select_related("source")

    def bring(self, hit: Hit) -> None:
        if hit.speaker:
            self._speech(hit)
        elif hit.day:
            self._deadline(hit)
        elif known := self._at_its_address(hit):
            self._known(hit, known)
        else:
            self._article(hit)

    def fail(self, hit: Hit, said: str) -> None:
        """It is tried again, later each time, and in the end told of."""
        hit.tries += 1
        hit.said = said[:300]
        hit.try_at = self.clock() + AGAIN * 2**hit.tries
        if hit.tries >= MOST_TRIES:
            hit.state = Hit.State.FAILED
        hit.save()

    # --- Articles -----------------------------------------------------------------------------------------

    def _at_its_address(self, hit: Hit) -> Article | None:
        url = without_trackers(hit.url)
        return self.articles.filter(source__url__in={url, hit.url}).order_by("pk").first() if url else None

    def _article(self, hit: Hit) -> None:
        try:
            opened, excerpt, url = self._opened(hit)
            text = cleaned(opened.text)
        except _NotNow:
            return  # somebody else asks its server; the next look comes soon
        except BadText as refusal:
            self.fail(hit, str(refusal))
            return
        published = _day_of(hit, self.monitor) or _read_day(opened.published)
        feed = hit.feed.title if hit.feed else ""
        sources = Source.objects.filter(campaign=self.campaign, url=url).order_by("pk")
        handed = Handed(
            text=text,
            way=Article.Way.FEED,
            title=hit.title or " ".join(opened.title.split()),
            url=url,
            publisher=_site(opened, url) or feed,
            published=published,
            author=" ".join(opened.author.split()),
            source=sources.first() if url else None,
            excerpt=excerpt,
        )
        at = self.clock()
        day = published.latest if published else None
        found = found_in(text, published=day, today=self.campaign.today(at))
        self._take_in(hit, handed, found)

    def _opened(self, hit: Hit) -> tuple[Opened, bool, str]:
        """The text, whether it is a part only, and its address. Raises BadText and _NotNow."""
        if not hit.url:
            return Opened(hit.text, hit.title), True, ""
        with turn(hit.url, clock=self.clock, pause=self.pause) as ours:
            if not ours:
                raise _NotNow
            try:
                page = read_page(hit.url)
                return page.opened, False, page.url
            except BadText:
                if hit.tries < MOST_TRIES - 1 or len(hit.text) < ENOUGH:
                    raise
        return Opened(hit.text, hit.title), True, without_trackers(hit.url)

    def _take_in(self, hit: Hit, handed: Handed, found: list[Found]) -> None:
        at = self.clock()
        try:
            article = take_in(
                campaign=self.campaign,
                handed=handed,
                found=found,
                sent=True,
                by=None,
                at=at,
                among=self.articles,
            )
        except Known as first:
            self._known(hit, first.article)
            return
        if handed.source:
            find_quotes_again(source=handed.source, by=None, at=at)
        hit.article = article
        part = handed.excerpt and not hit.speaker
        hit.said = "Its page could not be read: what the feed says of it was kept." if part else ""
        self._brought(hit)

    # --- What was said ------------------------------------------------------------------------------------

    def _speech(self, hit: Hit) -> None:
        """A contribution, and of it a quote: all of it, or where it is long the paragraph that fits."""
        if known := self.articles.filter(source__url=hit.url).order_by("pk").first():
            self._known(hit, known)
            return
        try:
            text = cleaned(hit.text)
        except BadText as refusal:
            self.fail(hit, str(refusal))
            return
        start, end = passage_of(text, read_query(self.monitor.words, as_typed=False))
        fields: Fields = {
            "words": text[start:end],
            "date": in_words(hit.day),
            "voice": "official",
            "person": hit.speaker,
            "role": hit.role,
        }
        handed = Handed(
            text=text,
            way=Article.Way.FEED,
            title=hit.title,
            url=hit.url,
            publisher="Hansard",
            published=parse(hit.day),
            author=hit.speaker,
            excerpt=True,
        )
        self._take_in(hit, handed, [Found(Kind.QUOTE, start, end, fields, rule="hansard")])

    # --- Deadlines ----------------------------------------------------------------------------------------

    def _deadline(self, hit: Hit) -> None:
        fields: Fields = {"headline": hit.title, "date": in_words(hit.day), "visibility": Visibility.TEAM}
        url = hit.url or (hit.feed.url if hit.feed else "")
        if url:
            title = hit.feed.title if hit.feed else ""
            fields |= {"source": (title or url)[:300], "source_url": url}
        if hit.text:
            fields["note"] = hit.text
        before = hit.proposal
        if before is None:
            hit.proposal = self._propose(fields)
        elif before.state == Proposal.State.ACCEPTED:
            entry = before.decisions.exclude(entry=None).values_list("entry_id", "entry__headline").last()
            if entry:
                fields |= {"moves": f"{entry[1]} [{entry[0]}]", "reason": "Its calendar says so now"}
            hit.proposal = self._propose(fields)
        elif not found_anew(proposal=before, fields=fields | _moving(before.proposed), at=self.clock()):
            hit.state = Hit.State.KNOWN
            hit.said = f"Its calendar says {in_words(hit.day)} now. What was decided, or changed, stands."
            hit.save()
            return
        self._brought(hit)

    def _propose(self, fields: Fields) -> Proposal:
        return propose_entry(
            campaign=self.campaign, kind=Kind.MILESTONE, fields=fields, by=None, at=self.clock()
        )

    # --- How it went --------------------------------------------------------------------------------------

    def _brought(self, hit: Hit) -> None:
        hit.state, hit.brought_at = Hit.State.BROUGHT, self.clock()
        hit.save()

    def _known(self, hit: Hit, article: Article) -> None:
        hit.state, hit.article, hit.said = Hit.State.KNOWN, article, ""
        hit.save()


def _moving(proposed: Fields) -> Fields:
    """What says of a proposal that it moves a date that is here: it still does when its calendar moves on."""
    return {name: proposed[name] for name in ("moves", "reason") if proposed.get(name)}


def passage_of(text: str, query: Query) -> tuple[int, int]:
    """Where the words to quote stand: the text, or where it is long its first paragraph that has all of the
    words, or any, or its first."""
    if len(text) <= LONGEST_QUOTE:
        return 0, len(text)
    paragraphs = [(match.start(), match.end()) for match in _PARAGRAPH.finditer(text)]
    whole = [span for span in paragraphs if matches(query, text[slice(*span)])]
    alone = [Query(terms=(term,)) for term in query.wanted]
    some = [span for span in paragraphs if any(matches(one, text[slice(*span)]) for one in alone)]
    start, end = (whole or some or paragraphs)[0]
    if end - start > MOST_QUOTED:
        end = max(text.rfind(". ", start, start + MOST_QUOTED) + 1, start + 1)
    return start, end


class _NotNow(Exception):
    """Its server is being asked by somebody else."""


def _site(opened: Opened, url: str) -> str:
    """The name of the page's site; "" where that is merely its address once more."""
    site = " ".join(opened.site.split())
    return "" if site and site.casefold() in url.casefold() else site


def _day_of(hit: Hit, monitor: Monitor) -> PartialDate | None:
    """The day it was published, on the campaign's clock."""
    if hit.published_at is None:
        return None
    return parse(hit.published_at.astimezone(monitor.campaign.zone).date().isoformat())


def _read_day(text: str) -> PartialDate | None:
    try:
        return parse(date.fromisoformat(text).isoformat()) if text else None
    except ValueError:
        return None
