"""What the rivals are given: the entries of a campaign as its owner sees them, and the owner's sign-in.

A process of its own for each database, on the site's real settings: `python -m benchmarks.browser.items
CAMPAIGN FILE` writes the items to the file and prints the session's cookie as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.test import Client
from django.utils import timezone


def main(slug: str, file: Path) -> None:
    django.setup()
    from apps.campaigns.models import Campaign
    from apps.campaigns.roles import Role

    owner = Campaign.objects.get(slug=slug).memberships.get(role=Role.OWNER).user
    file.write_text(json.dumps(items(slug, owner), separators=(",", ":")))
    client = Client()
    client.force_login(owner)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    print(json.dumps({"name": cookie.key, "value": cookie.value}))


def items(slug: str, owner: Any) -> list[dict[str, Any]]:
    """Each with its lane, its words, and the first and last day it may mean. What has no last day (or no
    first) is drawn at the one it has: neither rival knows a date with an open end."""
    from apps.timeline.models import Entry

    seen = Entry.objects.visible_to(owner, at=timezone.now()).filter(campaign__slug=slug)
    rows = seen.order_by("placed", "pk").values_list("pk", "kind", "headline", "earliest", "latest")
    return [
        {"id": pk, "lane": kind, "words": headline, "from": str(first or last), "to": str(last or first)}
        for pk, kind, headline, first, last in rows
        if first or last
    ]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
