"""A timeline as plain JSON, for other programs. docs/presenting.md describes it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from apps.campaigns.access import Access
from apps.dates import in_words
from apps.desk.exports.addresses import of_entry, whole
from apps.desk.exports.said import speaker, state
from apps.desk.newer import Since, since_of
from apps.desk.phrases import amount, change_of
from apps.desk.picture import restrictions
from apps.desk.rows import LinkedTo, links_of, with_details
from apps.evidence.checks import check_change
from apps.evidence.figures import plain as plain_number
from apps.legislation.models import TargetDate
from apps.sources.models import Source
from apps.timeline.models import Entry, Kind
from apps.timeline.paging import Order, page_after

PAGE = 200
ORDER = Order("placed")

Json = dict[str, Any]


def timeline(found: QuerySet[Entry], access: Access, address: QueryDict) -> Json:
    """A page of it, earliest first. Raises BadCursor where the address's `after` was damaged."""
    after = address.get("after")
    cursor = ORDER.read(after) if after else None
    page = page_after(with_details(found), ORDER, size=PAGE, cursor=cursor)
    links = links_of(page.rows, access)
    ledgers, since = ledgers_of(page.rows), since_of(page.rows, access)
    following = address.copy()
    following["after"] = str(page.after)
    return {
        "campaign": {
            "name": access.campaign.name,
            "summary": access.campaign.summary,
            "url": whole("campaign", access.campaign),
            "time_zone": access.campaign.time_zone,
        },
        "today": access.today.isoformat(),
        "entries": [
            entry_of(entry, links[entry.pk], ledgers[entry.pk], since.get(entry.pk), access)
            for entry in page.rows
        ],
        "next": whole("timeline_json", access.campaign, following.urlencode()) if page.after else None,
    }


def ledgers_of(entries: Iterable[Entry]) -> dict[int, list[TargetDate]]:
    """Every target date of the milestones among them, oldest first: one query."""
    milestones = [entry.pk for entry in entries if entry.kind == Kind.MILESTONE]
    return TargetDate.objects.filter(milestone__in=milestones).select_related("source").by_milestone()


def entry_of(
    entry: Entry, links: list[LinkedTo], ledger: list[TargetDate], since: Since | None, access: Access
) -> Json:
    return {
        "id": entry.pk,
        "url": of_entry(entry, access.campaign),
        "kind": entry.kind,
        "headline": entry.headline,
        "date": dated(entry.date),
        "earliest": iso(entry.earliest),
        "latest": iso(entry.latest),
        "state": state(entry, access.today),
        "restrictions": restrictions(entry, access),
        "person": entry.person.name if entry.person else None,
        "organisation": entry.organisation.name if entry.organisation else None,
        "note": entry.note,
        "tags": [tag.name for tag in entry.tags.all()],
        "source": source_of(entry.source),
        "links": [link_of(linked, access) for linked in links],
    } | details_of(entry, ledger, since, access)


def details_of(entry: Entry, ledger: list[TargetDate], since: Since | None, access: Access) -> Json:
    if entry.kind == Kind.MILESTONE:
        return {"milestone": milestone_of(entry, ledger, access)}
    if entry.kind == Kind.STATISTIC:
        return {"statistic": statistic_of(entry, since, access)}
    return {"quote": quote_of(entry)} if entry.kind == Kind.QUOTE else {}


def milestone_of(entry: Entry, ledger: list[TargetDate], access: Access) -> Json:
    milestone = entry.milestone
    return {
        "outcome": milestone.outcome,
        "settled_on": iso(milestone.settled_on),
        "due": iso(entry.due),
        "first_promised": milestone.first_latest.isoformat(),
        "moves": milestone.moves,
        "slip_days": milestone.slip_days,
        "late_days": milestone.late_days(access.today),
        "targets": [
            {
                "date": dated(target.date),
                "earliest": iso(target.earliest),
                "latest": target.latest.isoformat(),
                "reason": target.reason,
                "correction": target.correction,
                "source": source_of(target.source),
                "recorded_on": access.campaign.today(target.recorded_at).isoformat(),
            }
            for target in ledger
        ],
    }


def statistic_of(entry: Entry, since: Since | None, access: Access) -> Json:
    statistic, checked = entry.statistic, check_change(entry.statistic)
    since = since or Since()
    return {
        "words": amount(statistic),
        "figure": number_of(statistic.figure),
        "hedge": statistic.hedge,
        "unit": statistic.unit,
        "measure": statistic.measure,
        "population": statistic.population,
        "area": statistic.area,
        "period": dated(statistic.period),
        "baseline": None if statistic.baseline is None else number_of(statistic.baseline),
        "change": None
        if checked is None
        else {
            "stated": change_of(statistic),
            "verdict": checked.verdict.value,
            "working": checked.working,
            "because": checked.because,
        },
        "series": whole("series", access.campaign, pk=statistic.series_id),
        "next_release": dated(statistic.next_release),
        "superseded": since.words if since.superseded else None,
        "superseded_by": of_entry(newest, access.campaign)
        if (newest := since.revised or since.later)
        else None,
    }


def number_of(number: Decimal) -> str:
    return plain_number(number).replace(",", "")


def quote_of(entry: Entry) -> Json:
    quote = entry.quote
    return {
        "words": quote.words,
        "speaker": speaker(entry),
        "post": quote.post.role if quote.post else None,
        "cleared": quote.is_cleared(),
    }


def link_of(linked: LinkedTo, access: Access) -> Json:
    return {
        "relation": linked.relation,
        "id": linked.other.pk,
        "url": of_entry(linked.other, access.campaign),
        "headline": linked.other.headline,
    }


def source_of(source: Source | None) -> Json | None:
    if source is None:
        return None
    return {
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "published": dated(source.published),
    }


def dated(text: str) -> Json | None:
    """A partial date, for programs and for people."""
    return {"edtf": text, "words": in_words(text)} if text else None


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
