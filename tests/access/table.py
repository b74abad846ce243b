"""Who gets what: one row for each address of the site's own pages.

`get` and `post` name who is let in (see LET_IN); None: the method is not allowed there at all. `parts` are
the parts of the address: each names something of the World, or after "=" stands for itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.timeline.models import Entry
from tests.access.world import ROLES, One

MEMBERS = {"viewer", "volunteer", "press", "advocacy", "owner"}
LET_IN: dict[str, set[str]] = {
    "everybody": set(ROLES),
    "signed in": set(ROLES) - {"nobody"},
    "readers": MEMBERS,  # and everybody else where the campaign is public
    "members": MEMBERS,
    "adders": MEMBERS - {"viewer"},
    "staff": {"press", "advocacy", "owner"},
    "movers": {"advocacy", "owner"},
    "clearers": {"press", "owner"},
    "owners": {"owner"},
    "its owner": {"owner"},  # to all others there is no such thing
}

Data = dict[str, Any]


@dataclass(frozen=True)
class Page:
    name: str
    get: str | None
    post: str | None = None
    parts: dict[str, str] = field(default_factory=dict)
    data: Data | Callable[[One], Data] = field(default_factory=dict)
    done: str = "302"
    but: dict[str, str] = field(default_factory=dict)
    """What some get on POST instead."""

    @property
    def in_campaign(self) -> bool:
        return "slug" in self.parts

    def data_for(self, one: One) -> Data:
        return self.data(one) if callable(self.data) else self.data


def here(name: str, get: str | None, post: str | None = None, *, of: Any = None, **more: Any) -> Page:
    """A page of a campaign; `of` says what of."""
    parts = {"slug": "slug", **({"pk": of} if isinstance(of, str) else of or {})}
    return Page(name, get, post, parts, **more)


UPDATE = {"headline": "Changed", "date": "2021", "visibility": "team"}
NAMED = {"name": "Somebody new"}


def _version(kind: str) -> Callable[[One], Data]:
    return lambda one: UPDATE | {"version": _entry(one, kind).version}


def _entry(one: One, kind: str) -> Entry:
    return Entry.everything.get(pk=one.ids[kind])


def _move(one: One) -> Data:
    newest = _entry(one, "milestone").milestone.targets.last()
    return {"to": "2027", "reason": "Delayed", "seen": newest.pk}


def _link(one: One) -> Data:
    other = _entry(one, "statistic")
    return {"other": f"{other.headline} [{other.pk}]", "relation": "supports"}


CAMPAIGN = {"name": "Renamed", "time_zone": "Europe/Paris"}
PROFILE = {"first_name": "New", "time_zone": "Europe/Paris"}
MEMBER = {"role": "press", "reminded": "on"}
SETTLED = {"outcome": "missed", "on": "2026-03-09"}
LADDER = {"days": "5, 1", "time": "10:00"}

PAGES = [
    Page("home", "everybody"),
    Page("healthz", "everybody"),
    Page("deadlines", "signed in"),
    Page("messages", "signed in"),
    Page("message", "its owner", None, {"pk": "delivery"}),
    Page("profile", "signed in", "signed in", data=PROFILE),
    Page("start_campaign", "signed in", "signed in", data=CAMPAIGN),
    Page("invitation", "everybody", "signed in", {"token": "token"}, but={"nobody": "200"}),
    here("campaign", "readers"),
    here("timeline", "readers"),
    here("find", "readers", of={"what": "=persons"}),
    here("add_entry", "adders", "adders", of={"kind": "=update"}, data=UPDATE),
    here("entry", "readers", of="update"),
    here("edit_entry", "staff", "staff", of="update", data=_version("update")),
    here("approve", None, "staff", of="draft"),
    here("withdraw", None, "staff", of="update"),
    here("restore", None, "staff", of="withdrawn"),
    here("clear_quote", None, "clearers", of="quote", data=_version("quote")),
    here("revoke_clearance", None, "clearers", of="cleared"),
    here("move", "movers", "movers", of="milestone", data=_move),
    here("mark", "movers", "movers", of="milestone", data=SETTLED),
    here("reopen", None, "movers", of="settled"),
    here("add_link", "adders", "adders", of="update", data=_link),
    here("remove_link", None, "staff", of={"pk": "update", "link": "link"}),
    here("people", "readers"),
    here("add_person", "adders", "adders", data=NAMED),
    here("person", "readers", of="person"),
    here("edit_person", "staff", "staff", of="person", data=NAMED),
    here("add_post", "staff", "staff", of="person", data={"role": "Chair"}),
    here("remove_post", None, "staff", of={"pk": "person", "post": "post"}),
    here("add_organisation", "adders", "adders", data=NAMED),
    here("organisation", "readers", of="organisation"),
    here("edit_organisation", "staff", "staff", of="organisation", data=NAMED),
    here("sources", "readers"),
    here("add_source", "adders", "adders", data={"title": "A report"}),
    here("source", "readers", of="source"),
    here("edit_source", "staff", "staff", of="source", data={"title": "A report"}),
    here("add_snapshot", "staff", "staff", of="source", data={"text": "Other words."}),
    here("members", "members"),
    here("invite", "owners", "owners", data={"email": "new@example.org", "role": "press"}, done="200"),
    here("change_member", None, "owners", of="member", data=MEMBER),
    here("remove_member", None, "owners", of="member"),
    here("withdraw_invitation", None, "owners", of="invitation"),
    here("campaign_settings", "owners", "owners", data=CAMPAIGN),
    here("reminders", "adders", "movers", data=LADDER),
]


def expected(page: Page, method: str, role: str, *, public: bool) -> str:
    """What that role should get."""
    let_in = page.get if method == "GET" else page.post
    if let_in is None:
        return "405"
    if method == "POST" and role in page.but:
        return page.but[role]
    if role in LET_IN[let_in] or (public and let_in == "readers"):
        return "200" if method == "GET" else page.done
    if role == "nobody":
        return "sign in"
    if let_in == "its owner" or (role not in MEMBERS and not public):
        return "404"
    return "403"
