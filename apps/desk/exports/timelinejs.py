"""A timeline in the JSON that TimelineJS3 reads: https://timeline.knightlab.com/docs/json-format.html"""

from datetime import date
from html import escape
from typing import Any

from django.db.models import QuerySet

from apps.campaigns.access import Access
from apps.dates import in_words
from apps.desk.exports.addresses import of_entry, whole
from apps.desk.exports.said import details, warning
from apps.desk.newer import Since, since_of
from apps.desk.rows import with_details
from apps.timeline.models import Entry
from apps.timeline.paging import Order, page_around

MOST = 500
ORDER = Order("placed")

Json = dict[str, Any]


def timeline(found: QuerySet[Entry], access: Access) -> Json:
    """Those nearest to today in order, half of them before it, where there are more than TimelineJS bears."""
    page = page_around(with_details(found), ORDER, size=MOST, at=access.today)
    since = since_of(page.rows, access)
    left_out = page.before is not None or page.after is not None
    return {
        "title": {
            "unique_id": "title",
            "text": {"headline": escape(access.campaign.name), "text": _lead(access, left_out=left_out)},
        },
        "events": [event_of(entry, access, since.get(entry.pk)) for entry in page.rows],
    }


def _lead(access: Access, *, left_out: bool) -> str:
    """HTML, as TimelineJS shows it: what the campaign asks for, how much is shown, and where all of it is."""
    address = whole("timeline", access.campaign)
    parts = [escape(access.campaign.summary)] if access.campaign.summary else []
    if left_out:
        parts.append(f"These are the {MOST} entries around today; there are more.")
    parts.append(f'<a href="{escape(address)}">The whole timeline</a>')
    return "".join(f"<p>{part}</p>" for part in parts)


def event_of(entry: Entry, access: Access, since: Since | None = None) -> Json:
    """TimelineJS takes whole days; how much of the date is known, its words say."""
    first = entry.earliest or entry.placed
    last = entry.latest
    event: Json = {
        "unique_id": f"entry-{entry.pk}",
        "start_date": day_of(first),
        "display_date": escape(in_words(entry.date)),
        "group": entry.get_kind_display(),
        "text": {"headline": escape(entry.headline), "text": _body(entry, access, since)},
        "autolink": False,
    }
    if last is not None and last > first:
        event["end_date"] = day_of(last)
    return event


def _body(entry: Entry, access: Access, since: Since | None) -> str:
    parts = [warning(entry, access), *details(entry, access.today, since)]
    said = [escape(part).replace("\n", "<br>") for part in parts if part]
    said.append(
        f'<a href="{escape(of_entry(entry, access.campaign))}">{escape(entry.get_kind_display())}</a>'
    )
    return "".join(f"<p>{part}</p>" for part in said)


def day_of(day: date) -> Json:
    return {"year": day.year, "month": day.month, "day": day.day}
