"""One site on one database, asked for pages line by line: Django's whole stack without the network.

A process of its own for each database, so that each runs on the site's real settings. JSON on both sides:
first it tells what the addresses of pages need, then it answers {"who", "path"} with {"seconds", "status"},
and {"who", "path", "count": true} with {"queries", "bytes", "status"}, the bytes gzipped.
"""

import gzip
import json
import sys
import time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

OWNER, VIEWER = "owner", "viewer"


def main() -> None:
    import campaigntracker.wsgi  # noqa: F401  (set up as the site is)

    say, sys.stdout = sys.stdout, sys.stderr  # nothing but answers may go out
    clients, facts = opened(sys.argv[1])
    print(json.dumps(facts), file=say, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(clients, json.loads(line))), file=say, flush=True)


def answer(clients: dict[str, Client], asked: dict[str, Any]) -> dict[str, Any]:
    client, path = clients[asked["who"]], asked["path"]
    if asked.get("count"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        weight = len(gzip.compress(response.content, 6))
        return {"queries": len(queries), "bytes": weight, "status": response.status_code}
    started = time.perf_counter()
    status = client.get(path).status_code
    return {"seconds": time.perf_counter() - started, "status": status}


def opened(slug: str) -> tuple[dict[str, Client], dict[str, str]]:
    """A browser for each person, and what stands in the addresses they ask for."""
    from apps.accounts.models import User
    from apps.campaigns.models import Campaign, Membership
    from apps.campaigns.roles import Role

    campaign = Campaign.objects.get(slug=slug)
    owner = campaign.memberships.get(role=Role.OWNER).user
    viewer, _ = User.objects.get_or_create(username=VIEWER, defaults={"email": f"{VIEWER}@example.org"})
    joined = {"role": Role.VIEWER, "joined_at": timezone.now()}
    Membership.objects.get_or_create(campaign=campaign, user=viewer, defaults=joined)
    clients = {OWNER: signed_in(owner), VIEWER: signed_in(viewer)}
    return clients, {"slug": slug, **places(campaign), **names(campaign)}


def signed_in(user: Any) -> Client:
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(user)
    return client


def places(campaign: Any) -> dict[str, str]:
    """Cursors of pages deep inside, and an entry with details."""
    from apps.timeline.models import Entry, Kind

    entries = Entry.everything.filter(campaign=campaign)
    middle = _middle(entries.order_by("placed", "pk"))
    due = _middle(entries.exclude(due=None).order_by("due", "pk"))
    quote = _middle(entries.filter(kind=Kind.QUOTE, person__isnull=False).order_by("placed", "pk"))
    return {
        "middle": f"{middle.placed}.{middle.pk}",
        "due": f"{due.due}.{due.pk}",
        "slipped": f"{due.slip_days}.{due.pk}",
        "quote": str(quote.pk),
    }


def _middle(rows: Any) -> Any:
    return rows[rows.count() // 2]


def names(campaign: Any) -> dict[str, str]:
    """The person, source and tag that stand on most entries."""
    return {
        "person": campaign.persons.order_by("pk")[0].name,
        "source": campaign.sources.order_by("pk")[0].title,
    }


if __name__ == "__main__":
    main()
