"""Adding sources, and keeping their text as it stood."""

import gzip
import hashlib
from datetime import datetime

from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate
from apps.sources.models import LivePage, Original, Snapshot, Source


@transaction.atomic
def add_source(
    *,
    campaign: Campaign,
    title: str,
    by: User | None,
    url: str = "",
    publisher: str = "",
    published: PartialDate | None = None,
    note: str = "",
) -> Source:
    source = Source(campaign=campaign, title=title, url=url, publisher=publisher, note=note, created_by=by)
    return save_source(source=source, published=published, by=by)


@transaction.atomic
def save_source(*, source: Source, published: PartialDate | None, by: User | None) -> Source:
    source.published = published.text if published else ""
    source.published_day = published.placed if published else None
    if source.pk:  # how the page stood at another address says nothing of this one
        moved = LivePage.objects.filter(source=source).exclude(source__url=source.url)
        moved.delete()
    return save_as(by, source)


@transaction.atomic
def take_snapshot(
    *,
    source: Source,
    text: str,
    by: User | None,
    at: datetime,
    fetched: bool = False,
    excerpt: bool = False,
) -> Snapshot:
    """Keep the text as it stands; `fetched` where the site itself read it, `excerpt` where there is more of
    it. The same text again returns the snapshot that holds it."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    held = Snapshot.objects.filter(source=source, sha256=digest)
    existing = (held if excerpt else held.whole()).first()
    return existing or Snapshot.objects.create(
        source=source,
        text=text,
        sha256=digest,
        taken_at=at,
        taken_by=by,
        fetched=fetched,
        excerpt=excerpt,
    )


def keep_original(*, snapshot: Snapshot, kind: str, content: bytes, at: datetime) -> Original:
    """Keep the page as it came beside the text taken out of it. The first that is kept stays."""
    kept, _ = Original.objects.get_or_create(
        snapshot=snapshot,
        defaults={
            "kind": kind,
            "packed": gzip.compress(content, mtime=0),
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "came_at": at,
        },
    )
    return kept
