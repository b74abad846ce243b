"""What is new on a timeline, as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from django.db.models import Max, QuerySet
from django.utils.feedgenerator import Atom1Feed

from apps.campaigns.access import Access
from apps.dates import in_words
from apps.desk.exports.addresses import of_entry, tag_of, whole
from apps.desk.exports.said import clean, details, warning
from apps.desk.newer import Since, since_of
from apps.desk.rows import with_details
from apps.timeline.models import Entry

MOST = 50


class Feed(Atom1Feed):
    """Says when it last changed by its entries, and where there are none by the campaign's beginning: a feed
    that says "now" would never be the same twice."""

    def latest_post_date(self) -> datetime:
        moments: list[datetime] = [item["updateddate"] for item in self.items]
        return max(moments, default=self.feed["begun"])


def feed(found: QuerySet[Entry], access: Access, query: str) -> bytes:
    """The entries recorded last, newest first."""
    campaign = access.campaign
    rows = list(with_details(found).order_by("-pk")[:MOST])
    changed, since = changes_of(rows), since_of(rows, access)
    made = Feed(
        title=clean(campaign.name),
        link=whole("timeline", campaign, query),
        description=None,
        subtitle=clean(" ".join(campaign.summary.split())) or None,
        language="en-GB",
        author_name=clean(campaign.name),
        author_link=whole("campaign", campaign),
        feed_url=whole("timeline_atom", campaign, query),
        feed_guid=tag_of(campaign),
        begun=campaign.created_at,
    )
    for entry in rows:
        made.add_item(
            title=clean(entry.headline),
            link=of_entry(entry, campaign),
            description=clean(summary_of(entry, access, since.get(entry.pk))),
            unique_id=tag_of(campaign, entry),
            pubdate=(shown := shown_since(entry, access.at)),
            updateddate=max(changed.get(entry.pk, entry.recorded_at), shown),
            categories=[clean(word) for word in (entry.get_kind_display(), *map(str, entry.tags.all()))],
        )
    return made.writeString("utf-8").encode()


def shown_since(entry: Entry, at: datetime) -> datetime:
    """When it was recorded or, where it waited for something that is over, when that was over."""
    since = entry.shown_from
    return max(entry.recorded_at, since) if since and since <= at else entry.recorded_at


def changes_of(entries: Iterable[Entry]) -> dict[int, datetime]:
    """When each was last changed: one query."""
    rows = Entry.history.filter(id__in=[entry.pk for entry in entries])
    return dict(rows.order_by().values_list("id").annotate(last=Max("history_date")))


def summary_of(entry: Entry, access: Access, since: Since | None = None) -> str:
    """HTML. Readers of feeds show it as such, so whatever was typed is escaped."""
    said = [warning(entry, access), in_words(entry.date), *details(entry, access.today, since)]
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in said if part)
