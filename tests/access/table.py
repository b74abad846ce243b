"""Who gets what: one row for each address of the site's own pages.

`get` and `post` name who is let in (see LET_IN); None: the method is not allowed there at all. `parts` are
the parts of the address: each names something of the World, or after "=" stands for itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.campaigns.access import Access
from apps.campaigns.roles import Role
from apps.desk.findings import CHECKS, Scene, find_one
from apps.intake.models import Proposal
from apps.press.models import PressPack
from apps.timeline.models import Entry
from tests import make
from tests.access.world import ROLES, One
from tests.imports import UPDATES, Upload
from tests.make import AT

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
    "senders": MEMBERS - {"viewer"},
    "reviewers": {"press", "advocacy", "owner"},
    "owners": {"owner"},
    "its owner": {"owner"},
    "its readers": {"press", "advocacy", "owner"},
    "site staff": {"administrator"},
    "other sites": set(),  # but everybody where the campaign is public: whoever asks is a visitor there
}
NOT_THERE = {"its owner", "its readers", "site staff"}
"""To all others there is no such thing."""
UNSEEN = dict.fromkeys(("outsider", "administrator", "viewer", "volunteer"), "404")

NOT_SENT = dict.fromkeys(("press", "advocacy"), "302")
"""They may open it, but only whoever handed it in sends what is in it."""

UNSEEN_QUOTE = {"volunteer": "404"}

Data = dict[str, Any]


@dataclass(frozen=True)
class Page:
    name: str
    get: str | None
    post: str | None = None
    parts: dict[str, str] = field(default_factory=dict)
    data: Data | Callable[[One], Data] = field(default_factory=dict)
    seen: str = "200"
    """What GET answers those who are let in, at the bare address."""
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


def _hang(one: One) -> Data:
    """On what it hangs on already, so that no date moves: then nobody is asked again."""
    milestone = _entry(one, "hung").milestone
    return HUNG | {"base": f"x [{milestone.hook.base_id}]", "seen": milestone.targets.last().pk}


def _link(one: One) -> Data:
    other = _entry(one, "statistic")
    return {"other": f"{other.headline} [{other.pk}]", "relation": "supports"}


def _clear(one: One) -> Data:
    return {"version": _entry(one, "quote").version, "outlets": ["press", "website"]}


def _consent(one: One) -> Data:
    asked = {"person": "Jo Smith", "outlets": ["press"], "given_on": "1 March 2026", "reference": "File 14"}
    return asked | {"version": _entry(one, "story").version}


def _longer(one: One) -> Data:
    return {"version": _entry(one, "embargoed").version, "by": "day"}


MONITOR = {
    "name": "In the papers",
    "words": "safety",
    "addresses": "https://example.org/other",
    "most_a_day": 5,
}
CAMPAIGN = {"name": "Renamed", "time_zone": "Europe/Paris"}
PROFILE = {"first_name": "New", "time_zone": "Europe/Paris"}
MEMBER = {"role": "press", "reminded": "on"}
THEIRS = {"take": "theirs"}
HUNG = {"amount": "14", "unit": "days", "side": "after"}
SETTLED = {"outcome": "missed", "on": "2026-03-09"}
LADDER = {"days": "5, 1", "time": "10:00"}
CHANNEL = {"name": "team chat", "address": "ntfy://another"}
WISHES = {"own_days": "60", "own_time": "10:00"}


PRESENTED = (
    *("timeline_json", "timeline_timelinejs", "timeline_atom"),
    *("timeline_svg", "timeline_png", "timeline_pdf", "card", "share"),
)
FRAMED = ("embed", "embedded_picture")


def _pack(one: One) -> PressPack:
    return PressPack.objects.get(pk=one.ids["pack"])


def _pack_changed(one: One) -> Data:
    return {"title": "For the news at ten", "revision": _pack(one).revision}


def _noted(one: One) -> Data:
    return {"text": "Ask for the new figures.", "place": 1, "revision": _pack(one).revision}


def _taken_out(one: One) -> Data:
    return {"out": one.ids["note"], "revision": _pack(one).revision}


def _put(one: One) -> Data:
    return {"entry": one.ids["statistic"], "pack": one.ids["pack"]}


def _answer(one: One) -> Data:
    return {"about": one.ids["milestone"], "answer": "0"}


def _mute(one: One) -> Data:
    access = Access(one.campaign, make.owner_of(one.campaign), Role.OWNER, AT)
    finding = find_one(CHECKS["words"], Scene(access), one.ids["finding"].replace("-", " "))
    assert finding is not None
    return {"reason": "Known", "facts": finding.digest}


NEW_TEXT = {"text": "“Another text of some length,” said Jo Smith of the Harbour Trust on 3 March."}


def _file(one: One) -> Data:
    return {"kind": "update", "upload": Upload(UPDATES.encode())}


def _seen(name: str) -> Callable[[One], Data]:
    return lambda one: {"version": Proposal.objects.get(pk=one.ids[name]).version}


def _revised(one: One) -> Data:
    return UPDATE | {"review-version": Proposal.objects.get(pk=one.ids["proposal"]).version}


def _rejected(one: One) -> Data:
    pk = one.ids["proposal"]
    return {f"no-{pk}-because": "Already here", f"no-{pk}-version": Proposal.objects.get(pk=pk).version}


def _chosen(one: One) -> Data:
    row = Proposal.objects.get(pk=one.ids["proposal"])
    return {"do": "reject", "because": "Already here", "chosen": f"{row.pk}:{row.version}"}


def _kept(one: One) -> Data:
    return {"keep": [row.pk for row in Proposal.objects.filter(article=one.ids["unsent text"])]}


def _marked(one: One) -> Data:
    return {"mark-passage": "ministers delay safety law", "mark-kind": "update"}


PAGES = [
    Page("home", "everybody"),
    Page("healthz", "everybody"),
    Page("health", "site staff", "site staff", data={"do": "send"}),
    Page("compare", "everybody"),
    Page("compared", "everybody", seen="400"),
    Page("deadlines", "signed in"),
    Page("search_everywhere", "everybody"),
    Page("messages", "signed in"),
    Page("message", "its owner", None, {"pk": "delivery"}),
    Page("read_messages", None, "signed in", but=dict.fromkeys(set(ROLES) - {"nobody", "owner"}, "302")),
    Page("answer", "everybody", "everybody", {"token": "letter"}, data=_answer),
    Page("unsubscribe", "everybody", "everybody", {"token": "letter"}, done="200"),
    Page("my_reminders", "signed in"),
    Page("calendar", "signed in", "signed in", done="200"),
    Page("revoke_feed", None, "its owner", {"pk": "feed"}),
    Page("feed", "everybody", None, {"token": "feed token"}),
    Page("profile", "signed in", "signed in", data=PROFILE),
    Page("add_channel", "signed in", "signed in", {"kind": "=service"}, data=CHANNEL),
    Page("switch_channel", None, "its owner", {"pk": "inbox"}),
    Page("test_channel", None, "its owner", {"pk": "inbox"}),
    Page("remove_channel", None, "its owner", {"pk": "service"}),
    Page("start_campaign", "signed in", "signed in", data=CAMPAIGN),
    Page("drafts", "signed in", "signed in", data={"name": "log", "typed": '{"0 note": "x"}'}, done="200"),
    Page("log", "signed in"),
    Page("share_in", "signed in"),
    Page("ways_in", "signed in"),
    Page("manifest", "everybody"),
    Page("invitation", "everybody", "signed in", {"token": "token"}, but={"nobody": "200"}),
    here("campaign", "readers"),
    here("timeline", "readers"),
    here("picture", "readers"),
    *[here(name, "readers") for name in PRESENTED],
    *[here(name, "other sites") for name in FRAMED],
    here("search", "readers"),
    here("clock", "readers"),
    here("find", "readers", of={"what": "=persons"}),
    here("add_entry", "adders", "adders", of={"kind": "=update"}, data=UPDATE),
    here("log_update", "adders", "adders", data={"note": "We met", "date": "3 March 2026"}),
    here("add_text", "adders", "adders", data=NEW_TEXT),
    here("article", "its readers", of="text"),
    here("article_now", "its readers", of="text"),
    here("article_original", "its readers", of="text"),
    here("send_found", None, "its readers", of="unsent text", data=_kept, but=NOT_SENT),
    here("mark_found", None, "its readers", of="text", data=_marked),
    here("imports", "staff", "staff", data=_file),
    here("import_template", "staff", of={"kind": "=quote", "ending": "=xlsx"}),
    here("export_entries", "staff", of={"kind": "=quote", "ending": "=csv"}),
    here("import", "staff", of="checked file"),
    here("import_columns", "staff", "staff", of="file", data={"column-0": "headline", "column-1": "date"}),
    here("write_import", None, "staff", of="checked file"),
    here("undo_import", None, "staff", of="imported file"),
    here("throw_import", None, "staff", of="checked file"),
    here("import_to_mend", "staff", of="checked file"),
    here("queue", "reviewers"),
    here("queue_now", "reviewers"),
    here("act_on_queue", None, "reviewers", data=_chosen),
    here("sent", "senders"),
    here("proposal", "its readers", "its readers", of="proposal", data=_revised),
    here("claim_proposal", None, "its readers", of="proposal"),
    here("accept_proposal", None, "its readers", of="proposal", data=_seen("proposal")),
    here("reject_proposal", None, "its readers", of="proposal", data=_rejected),
    here("leave_proposal", None, "its owner", of="proposal", data=_seen("proposal")),
    here(
        "ask_second_pair",
        None,
        "its readers",
        of="proposed figure",
        data={"two": "0", "because": "One will do"},
    ),
    here("read_figure", "its readers", "its readers", of="proposed figure", data={"typed": "389"}),
    here("proposal_photo", "its readers", of="proposal"),
    here("entry_photo", "readers", of="update"),
    here("suggest_change", "adders", "adders", of="update", data=_version("update")),
    here("entry", "readers", of="update"),
    here("edit_entry", "staff", "staff", of="update", data=_version("update")),
    here("approve", None, "staff", of="draft"),
    here("withdraw", None, "staff", of="update"),
    here("restore", None, "staff", of="withdrawn"),
    here("submit_quote", None, "adders", of="quote", data=_version("quote"), but=UNSEEN_QUOTE),
    here("clear_quote", "clearers", "clearers", of="quote", data=_clear),
    here("revoke_clearance", None, "clearers", of="cleared", data=_version("cleared")),
    here("record_consent", "staff", "staff", of="story", data=_consent),
    here("withdraw_consent", None, "staff", of="story", data=_version("story")),
    here("consent_file", "clearers", of={"pk": "story", "consent": "consent"}),
    here("copy_quote", "members", "members", of="cleared", data={"form": "plain"}, done="200"),
    here("extend_embargo", None, "staff", of="embargoed", data=_longer),
    here("move", "movers", "movers", of="milestone", data=_move),
    here("hang", "movers", "movers", of="hung", data=_hang),
    here("take_off", None, "movers", of="hung"),
    here("mark", "movers", "movers", of="milestone", data=SETTLED),
    here("reopen", None, "movers", of="settled"),
    here("milestone_ladder", "movers", "movers", of="milestone", data=LADDER),
    here("mute", None, "members", of="milestone"),
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
    here("snapshot", "staff", of={"pk": "source", "snapshot": "snapshot"}),
    here("original", "staff", of={"pk": "source", "snapshot": "snapshot"}),
    here("add_snapshot", "staff", "staff", of="source", data={"text": "Other words."}),
    here("all_series", "readers"),
    here("series", "readers", of="series"),
    here("chart", "readers", of="series"),
    here("edit_series", "staff", "staff", of="series", data={"name": "Renamed"}),
    here("packs", "staff"),
    here("start_pack", "staff", "staff", data={"title": "For the papers"}),
    here("put_in_pack", "staff", "staff", data=_put),
    here("pack", "staff", of="pack"),
    here("change_pack", "staff", "staff", of="pack", data=_pack_changed),
    here("remove_pack", None, "staff", of="unused pack"),
    here("arrange_pack", None, "staff", of="pack", data=_taken_out),
    here("keep_found", None, "staff", of="filtering pack"),
    here("add_pack_note", "staff", "staff", of="pack", data=_noted),
    here("change_pack_item", "staff", "staff", of={"pk": "pack", "item": "note"}, data=_noted),
    here("export_pack", None, "staff", of="pack", data={"form": "docx"}, done="200"),
    here("version", "staff", of={"pk": "pack", "number": "version"}),
    here(
        "export_version",
        None,
        "staff",
        of={"pk": "pack", "number": "version"},
        data={"form": "md"},
        done="200",
    ),
    here("slips", "readers"),
    here("entry_trend", "readers", of="slipped"),
    here("bill_trend", "readers", of="bill"),
    here("organisation_trend", "readers", of="organisation"),
    here("person_trend", "readers", of="person"),
    here("bills", "readers"),
    here("follow_bill", "adders", "adders", data={"bill": "uk-bills 99 A Bill", "visibility": "team"}),
    here("bill", "readers", of="bill"),
    here("change_bill", "staff", "staff", of="bill", data={"visibility": "team"}),
    here("bill_fell", "movers", "movers", of="bill", data={"on": "9 March 2026", "because": "Prorogued"}),
    here("bill_carried_over", None, "movers", of="bill left open", data={"on": "2026-02-10"}),
    here("look_at_bill", None, "adders", of="bill"),
    here("approve_bill", None, "staff", of="waiting bill"),
    here("stop_bill", None, "staff", of="bill"),
    here("follow_bill_again", None, "staff", of="stopped bill"),
    here(
        "settle_conflict", None, "movers", of={"pk": "bill", "conflict": "conflict"}, data={"take": "theirs"}
    ),
    here("monitors", "adders"),
    here("add_monitor", "adders", "adders", data=MONITOR),
    here("monitor", "its readers", of="monitor"),
    here("edit_monitor", "staff", "staff", of="monitor", data=MONITOR),
    here("look_at_monitor", None, "staff", of="monitor"),
    here("approve_monitor", None, "staff", of="waiting monitor"),
    here("pause_monitor", None, "staff", of="monitor"),
    here("resume_monitor", None, "staff", of="paused monitor"),
    here("remove_monitor", None, "staff", of="monitor"),
    here("campaign_health", "staff"),
    here("mute_finding", "staff", "staff", of={"sort": "=words", "subject": "finding"}, data=_mute),
    here("unmute_finding", None, "staff", of="mute"),
    here("take_line", "staff", "staff", of="line", data=UPDATE),
    here("dismiss_line", "staff", "staff", of="line", data={"reason": "Said already"}),
    here("members", "members"),
    here("invite", "owners", "owners", data={"email": "new@example.org", "role": "press"}, done="200"),
    here("change_member", None, "owners", of="member", data=MEMBER),
    here("remove_member", None, "owners", of="member"),
    here("withdraw_invitation", None, "owners", of="invitation"),
    here("campaign_settings", "owners", "owners", data=CAMPAIGN),
    here("reminders", "adders", "movers", data=LADDER),
    here("my_ladder", "members", "members", data=WISHES),
    here("reminder", "its readers", of="held"),
    here("release", None, "movers", of="held", data={"do": "send"}, but=UNSEEN),
]


def expected(page: Page, method: str, role: str, *, public: bool) -> str:
    """What that role should get."""
    let_in = page.get if method == "GET" else page.post
    if let_in is None:
        return "405"
    if let_in == "other sites":
        return "200" if public else "404"
    if method == "POST" and role in page.but:
        return page.but[role]
    if role in LET_IN[let_in] or (public and let_in == "readers"):
        return page.seen if method == "GET" else page.done
    if role == "nobody":
        return "sign in"
    if let_in in NOT_THERE or (role not in MEMBERS and not public):
        return "404"
    return "403"
