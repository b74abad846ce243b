"""What is hidden stays hidden: a marker is planted in everything that a hidden entry of every sort consists
of, and every surface is read as everybody. Staff see it, which shows that the marker is there to be found.

The surfaces are found, not listed: every page of the table that can be read, of every row there is.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.evidence import files
from apps.evidence.actions import set_state
from apps.evidence.clearance import clear_quote, withdraw_clearance, withdraw_consent
from apps.evidence.models import Consent, Quote, Series, Statistic
from apps.health.models import BrokenPromise
from apps.health.promises import draft_broken_promises
from apps.intake.actions import accept, gather_lines, reject
from apps.intake.models import Article, Import, Monitor, Proposal
from apps.legislation.actions import revise_target
from apps.legislation.models import Bill, Milestone
from apps.people.models import Organisation, Person
from apps.press.models import Item, PressPack, Version
from apps.reminders.actions import set_default_ladder
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from apps.sources.models import Snapshot, Source
from apps.timeline.models import Entry, Kind, Relation, State
from tests import imports, make
from tests.access.table import FRAMED, PAGES, PRESENTED, Page
from tests.access.world import version
from tests.make import AT, DAY, SECOND
from tests.pages import Clock, client_of, text_of

MARK = "Zanzibar"
EMBARGO = AT + DAY
STAFF = ("owner", "advocacy", "press")
OTHERS = ("nobody", "outsider", "viewer", "volunteer")
KINDS = tuple(Kind)
DRAWN = ("image/png", "application/pdf")
"""What is read for its titles alone: they are drawn from the SVG, which is read whole."""
SIGNED_OFF = ("uncleared", "submitted", "taken back", "clearance over", "consent over", "consent withdrawn")
"""Sorts that are of quotes alone."""
SORTS = ("embargoed", "draft", "withdrawn", "staff only", *SIGNED_OFF, "elsewhere")

people_who_must_not_see = pytest.mark.parametrize("who", OTHERS)


class Site:
    """A public campaign, with something plain to see and one hidden entry of each sort and kind."""

    def __init__(self, *sorts: str) -> None:
        self.campaign = make.campaign(owner=make.user("olive"), public=True, embeddable=True)
        self.cast: dict[str, User | None] = {"nobody": None, **make.cast(self.campaign)}
        set_default_ladder(campaign=self.campaign, by=self.owner, at=AT)
        self.elsewhere = make.campaign(owner=make.user("oscar"), name="Clean rivers")
        for role in ("viewer", "volunteer"):
            place = make.membership(self.campaign, self._user(role))
            place.reminded = True
            place.save()
        self.plain = make.update(self.campaign, headline="Plain to see", visibility="public")
        self.figure = make.statistic(self.campaign, headline="A plain figure", visibility="public")
        self.hidden = [self._hide(sort, kind) for sort in sorts for kind in _kinds(sort)]
        own = [entry for entry in self.hidden if entry.campaign_id == self.campaign.pk]
        self.pack = make.pack(self.campaign, self.plain, *own, title=f"{MARK} pack")
        version(self.pack, self.owner)
        self._promise()
        self._propose()
        make.bill(self.campaign, "2026-04-01", title=f"{MARK} Bill", visibility="staff")
        make.monitor(self.campaign, name=f"{MARK} monitor", words=MARK)

    @property
    def owner(self) -> User:
        return make.owner_of(self.campaign)

    def _promise(self) -> None:
        """What each hidden quote says is linked to a plain milestone whose date is past: no line may be
        drafted from it. One is drafted from a quote that everybody sees, for staff alone."""
        late = make.milestone(
            self.campaign,
            target="2026-01-31",
            at=AT - 90 * DAY,
            headline="A plain milestone",
            visibility="public",
        )
        fields = {"visibility": "public", "date": "2026-01-02", "cleared": True}
        plain = make.quote(self.campaign, headline="A plain quote", words="By the end of January.", **fields)
        quotes = [entry for entry in self.hidden if entry.kind == Kind.QUOTE]
        for entry in (plain.entry, *quotes):
            if entry.campaign_id == self.campaign.pk:
                make.link(entry, late.entry, Relation.PROMISES)
        draft_broken_promises(at=AT)
        self.line = BrokenPromise.objects.get()

    def _propose(self) -> None:
        """What waits for review, was accepted or was not: only the entry made of it is to be seen."""
        text = f"“{MARK} must act at once, and we shall say so,” said {MARK} Smith of the {MARK} Trust."
        make.article(self.campaign, text, title=f"{MARK} article", publisher=f"{MARK} paper")
        make.proposal(self.campaign, headline=f"{MARK} proposal", note=f"{MARK} note")
        make.proposal(self.campaign, "statistic", measure=f"{MARK} measure")
        make.suggested(self.plain, headline=f"{MARK} instead")
        refused = make.proposal(self.campaign, headline=f"{MARK} refused")
        reject(proposal=refused, because=f"{MARK} why", version=1, by=self.owner, at=AT)
        taken = make.proposal(self.campaign, headline=f"{MARK} as it was sent")
        accept(
            proposal=taken,
            write=lambda: self.plain,
            made={},
            because=f"{MARK} because",
            version=1,
            by=self.owner,
            at=AT,
        )
        gather_lines(at=AT)
        rows = f"Headline,When\n{MARK} row,3 March 2026\n"
        imports.chosen(self.campaign, rows)
        imports.checked(self.campaign, f"{rows}{MARK} row to mend,soon\n")

    def _user(self, role: str) -> User:
        user = self.cast[role]
        assert user is not None
        return user

    def _hide(self, sort: str, kind: str) -> Entry:
        campaign = self.elsewhere if sort == "elsewhere" else self.campaign
        entry = _marked(campaign, kind, sort)
        if sort == "withdrawn":
            set_state(entry=entry, state=State.WITHDRAWN, by=self.owner)
        if campaign == self.campaign:
            link = make.link(entry, self.plain)
            link.note = f"{MARK} link"
            link.save()
        return entry

    def client(self, who: str) -> Client:
        return client_of(self.cast[who])


def _kinds(sort: str) -> tuple[str, ...]:
    return (Kind.QUOTE,) if sort in SIGNED_OFF else KINDS


def _marked(campaign: Campaign, kind: str, sort: str) -> Entry:
    """An entry whose every word is marked, with a person, organisation, source and tag of its own."""
    person = make.person(campaign, f"{MARK} person {kind} {sort}")
    organisation = make.organisation(campaign, f"{MARK} organisation {kind} {sort}")
    make.post(person, role=f"{MARK} role", organisation=organisation)
    url = f"https://example.org/{MARK}/{kind}/{sort}".replace(" ", "-")
    source = make.source(campaign, title=f"{MARK} source {kind} {sort}", url=url)
    make.snapshot(source, f"{MARK} text")
    fields: dict[str, Any] = {
        "headline": f"{MARK} {kind}",
        "note": f"{MARK} note",
        "person": person,
        "organisation": organisation,
        "source": source,
        "tags": (f"{MARK} tag",),
        "visibility": "staff" if sort == "staff only" else "public",
        "embargo_until": EMBARGO if sort == "embargoed" else None,
        "approved": sort != "draft",
    }
    makers: dict[str, Callable[..., Any]] = {
        "milestone": _moved,
        "statistic": _counted,
        "quote": lambda *a, **k: _quoted(sort, *a, **k),
        "update": make.update,
    }
    return makers[kind](campaign, **fields)


def _counted(campaign: Campaign, **fields: Any) -> Entry:
    """A newer figure of the series of which everybody sees one; where there is none, of one of its own.

    Neither its area nor that it supersedes the other may show.
    """
    plain = Statistic.everything.filter(entry__campaign=campaign).order_by("pk").first()
    figure = make.figure(
        area=f"{MARK} area",
        period=parse("2020-04/2021-03"),
        break_because=f"{MARK} method",
        series=plain.series if plain else None,
    )
    return make.statistic(campaign, figure=figure, **fields).entry


def _quoted(sort: str, campaign: Campaign, **fields: Any) -> Entry:
    fields["words"] = f"{MARK} words"
    if sort.startswith("consent"):
        stored, name = files.keep(f"{MARK}.txt", f"{MARK} consents".encode())
        quote = make.case_study(campaign, **fields)
        ends = {"expires_at": AT} if sort == "consent over" else {}
        before = AT - DAY
        make.consent(quote, person=f"{MARK} person", file=stored, file_name=name, at=before, **ends)
        _clear(quote, at=before)
        if sort == "consent withdrawn":
            entry = Entry.everything.get(pk=quote.pk)
            owner = make.owner_of(campaign)
            withdraw_consent(quote=quote, by=owner, at=AT, because=f"{MARK} why", version=entry.version)
        return Entry.everything.get(pk=quote.pk)
    waits = sort in ("uncleared", "submitted", "clearance over")
    quote = make.quote(campaign, cleared=not waits, submitted=sort == "submitted", **fields)
    if sort == "clearance over":
        _clear(quote, at=AT - DAY, until=AT)
    if sort == "taken back":
        withdraw_clearance(quote=quote, by=make.owner_of(campaign), at=AT, because=f"{MARK} why")
    return Entry.everything.get(pk=quote.pk)


def _clear(quote: Quote, **how: Any) -> None:
    version = Entry.everything.get(pk=quote.pk).version
    clear_quote(quote=quote, version=version, by=make.owner_of(quote.entry.campaign), **how)


def _moved(campaign: Campaign, **fields: Any) -> Entry:
    owner = make.owner_of(campaign)
    milestone = make.milestone(campaign, owner=owner, **fields)
    source = make.source(campaign, title=f"{MARK} source of a move")
    open_to_all = {"by": owner, "visibility": "public"}
    follower = make.milestone(campaign, headline="What follows", **open_to_all)
    make.hang(follower, milestone)
    revise_target(
        milestone=milestone, to=parse("2026-07-01"), reason=f"{MARK} reason", source=source, by=owner, at=AT
    )
    make.hang(milestone, make.milestone(campaign, headline="What it follows", **open_to_all), 1)
    plan(milestone, at=AT)
    return Milestone.everything.get(pk=milestone.pk).entry


def surfaces(campaign: Campaign) -> Iterator[str]:
    """Every address that can be read of a campaign, with every row that might stand in it; lists are asked
    in every way they can be narrowed."""
    for page in PAGES:
        if page.get and "token" not in page.parts:
            yield from _addresses(page, campaign)
    slug = campaign.slug
    for what, typed in product(
        ("persons", "organisations", "sources", "tags", "entries", "milestones", "series"),
        ("", MARK[:3], "a"),
    ):
        yield reverse("find", kwargs={"slug": slug, "what": what}) + f"?q={typed}"
    for name in ("people", "sources", "all_series"):
        yield reverse(name, kwargs={"slug": slug}) + "?q=a"
    boxes = (reverse("search", kwargs={"slug": slug}), reverse("search_everywhere"))
    for page, asked in product(boxes, SEARCHED):
        yield f"{page}?{asked}"
    yield reverse("timeline", kwargs={"slug": slug}) + "?words=a&start=2000"
    yield reverse("timeline", kwargs={"slug": slug}) + "?start=2030"
    for name, asked in product(("timeline", "picture"), ("from=2019&to=2031", "asof=2026-03-09", "words=a")):
        yield reverse(name, kwargs={"slug": slug}) + f"?{asked}"
    for name, asked in product(
        (*PRESENTED, *FRAMED), ("from=2019&to=2031", "words=a", "kind=quote&width=400")
    ):
        yield reverse(name, kwargs={"slug": slug}) + f"?{asked}"
    paths = Entry.everything.filter(campaign=campaign).values_list("pk", flat=True)
    for name, entry in product(("timeline", "picture", "timeline_json"), paths):
        yield reverse(name, kwargs={"slug": slug}) + f"?path={entry}"
    every = f"?c={slug}&c=clean-rivers" + "".join(f"&kind={kind}" for kind in KINDS)
    for name, asked in product(
        ("compare", "compared"), (every, f"?c={slug}", "?person=Ann", "?organisation=Ann")
    ):
        yield reverse(name) + asked
    for status, sort in product(("open", "overdue", "soon", "met"), ("when", "-slipped")):
        yield reverse("deadlines") + f"?status={status}&sort={sort}"
    for asked in product(
        ("", "bill", "organisation", "person"), ("slipped", "all"), ("", "csv", "xlsx", "json")
    ):
        by, show, fmt = asked
        if not (by and fmt):
            yield reverse("slips", kwargs={"slug": slug}) + f"?by={by}&show={show}&_export={fmt}"
    for fmt in ("csv", "xlsx", "ods"):
        yield reverse("deadlines") + f"?_export={fmt}"
        yield reverse("reminders", kwargs={"slug": slug}) + f"?state=all&_export={fmt}"
        yield reverse("my_reminders") + f"?state=all&_export={fmt}"


SLIPS = ("", "csv", "xlsx", "json")
"""How the ledger of slips leaves."""

SEARCHED = (
    *("q=a*", "q=to", "q=plain", "q=mil*+-plain", "kind=quote", "kind=update&sort=date", "start=2020"),
    *("standing=cleared", "standing=embargoed", "standing=unverified", "q=no", "q=rol*&role=role"),
    *("q=perso", "q=persn", "q=organisaton", "q=source", "q=tag", "kind=person&q=pe", "kind=source&q=so"),
)
"""Words that stand in what is hidden, typed well or not, without the marker itself."""


def _addresses(page: Page, campaign: Campaign) -> Iterator[str]:
    rows: dict[str, Any] = {
        "update": Entry.everything.values_list("pk", flat=True),
        **dict.fromkeys(("milestone", "hung", "slipped"), Milestone.everything.values_list("pk", flat=True)),
        "person": Person.objects.values_list("pk", flat=True),
        "organisation": Organisation.objects.values_list("pk", flat=True),
        "source": Source.objects.values_list("pk", flat=True),
        "series": Series.objects.values_list("pk", flat=True),
        **dict.fromkeys(("cleared", "quote", "story"), Quote.everything.values_list("pk", flat=True)),
        "consent": Consent.objects.values_list("pk", flat=True),
        "held": Reminder.objects.values_list("pk", flat=True),
        "pack": PressPack.objects.values_list("pk", flat=True),
        "note": Item.objects.values_list("pk", flat=True),
        "version": Version.objects.values_list("number", flat=True).distinct(),
        "finding": [
            f"entry-{pk}" for pk in Entry.everything.filter(kind=Kind.QUOTE).values_list("pk", flat=True)
        ],
        **dict.fromkeys(("text", "unsent text"), Article.objects.values_list("pk", flat=True)),
        **dict.fromkeys(("proposal", "proposed figure"), Proposal.objects.values_list("pk", flat=True)),
        **dict.fromkeys(
            ("file", "checked file", "imported file"), Import.objects.values_list("pk", flat=True)
        ),
        "bill": Bill.objects.values_list("pk", flat=True),
        "monitor": Monitor.objects.values_list("pk", flat=True),
        "line": BrokenPromise.objects.values_list("pk", flat=True),
    }
    if page.name == "snapshot":
        yield from _kept_texts(campaign)
        return
    if page.name == "original":
        for pk, source in Snapshot.objects.values_list("pk", "source"):
            yield reverse("original", kwargs={"slug": campaign.slug, "pk": source, "snapshot": pk})
        return
    kinds = [f"={kind}" for kind in KINDS]
    words = [word for part, word in page.parts.items() if part != "slug"]
    choices = [kinds if word == "=update" else rows.get(word, [word]) for word in words]
    for chosen in product(*choices):
        parts = dict(zip((part for part in page.parts if part != "slug"), chosen, strict=True))
        parts = {part: word[1:] if str(word).startswith("=") else word for part, word in parts.items()}
        if "delivery" not in parts.values():
            slug = {"slug": campaign.slug} if page.in_campaign else {}
            yield reverse(page.name, kwargs=slug | parts)


def _kept_texts(campaign: Campaign) -> Iterator[str]:
    """Each with every quote of its source to be marked in it, rather than with each quote of all."""
    for pk, source in Snapshot.objects.values_list("pk", "source"):
        address = reverse("snapshot", kwargs={"slug": campaign.slug, "pk": source, "snapshot": pk})
        yield address
        for quote in Quote.everything.filter(entry__source=source).values_list("pk", flat=True):
            yield f"{address}?quote={quote}"


def read(client: Client, address: str) -> str:
    response: Any = client.get(address)
    content = response.getvalue()  # of what is sent piece by piece, too
    if "opendocument" in response.get("Content-Type", ""):
        return ZipFile(BytesIO(content)).read("content.xml").decode()
    if "spreadsheet" in response.get("Content-Type", ""):
        book = openpyxl.load_workbook(BytesIO(content))
        return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    return content.decode("latin-1" if response.get("Content-Type") in DRAWN else "utf-8")


def marked(client: Client, campaign: Campaign) -> list[str]:
    """The addresses at which this person reads the marker."""
    return [address for address in surfaces(campaign) if MARK.lower() in read(client, address).lower()]


@people_who_must_not_see
def test_what_is_hidden_shows_nowhere(who: str, db: None) -> None:
    site = Site(*SORTS)
    assert marked(site.client(who), site.campaign) == []


@pytest.mark.parametrize("who", STAFF)
def test_staff_do_see_it(who: str, db: None) -> None:
    site = Site(*SORTS)
    seen = set(marked(site.client(who), site.campaign))
    entries = {
        entry: reverse("entry", kwargs={"slug": site.campaign.slug, "pk": entry.pk})
        for entry in site.hidden
        if entry.campaign_id == site.campaign.pk
    }
    assert set(entries.values()) <= seen
    lists = ("campaign", "timeline", "people", "sources", "reminders", "campaign_health", "bills")
    assert {reverse(name, kwargs={"slug": site.campaign.slug}) for name in lists} <= seen
    assert {reverse(name, kwargs={"slug": site.campaign.slug}) for name in READ} <= seen
    assert {reverse("deadlines"), reverse("home"), reverse("deadlines") + "?_export=xlsx"} <= seen
    compared = f"?c={site.campaign.slug}"
    assert {reverse("compare") + compared, reverse("compared") + compared} <= seen


READ = ("timeline_json", "timeline_timelinejs", "timeline_atom", "timeline_svg")


@people_who_must_not_see
def test_what_a_hidden_figure_supersedes_looks_as_if_nothing_did(who: str, db: None) -> None:
    site = Site(*SORTS)
    lone = Statistic.everything.get(pk=site.figure.pk)
    assert lone.superseded_by is not None
    client, slug = site.client(who), site.campaign.slug
    pages = {
        "entry": {"pk": site.figure.pk},
        "series": {"pk": lone.series_id},
        "chart": {"pk": lone.series_id},
        **dict.fromkeys(("timeline", "picture", *READ, "embed"), {}),
    }
    said = "".join(
        read(client, reverse(name, kwargs={"slug": slug, **parts})) for name, parts in pages.items()
    )
    assert said.count("389") > 3
    assert [
        word for word in ("superseded,", "newer", "2020/21", "March 2021", "revised") if word in said
    ] == []
    assert '"superseded": null' in said


def test_an_embargoed_figure_supersedes_from_its_moment(clock: Clock, db: None) -> None:
    site = Site("embargoed")
    address = reverse("entry", kwargs={"slug": site.campaign.slug, "pk": site.figure.pk})
    client = site.client("nobody")
    clock.at = EMBARGO - SECOND
    assert "superseded" not in read(client, address)
    clock.at = EMBARGO
    assert "superseded" in read(client, address)


def test_whoever_added_a_draft_sees_their_own(db: None) -> None:
    site = Site("draft")
    volunteer = site._user("volunteer")
    Entry.everything.filter(pk=site.hidden[0].pk).update(created_by=volunteer)
    address = reverse("entry", kwargs={"slug": site.campaign.slug, "pk": site.hidden[0].pk})
    assert site.client("volunteer").get(address).status_code == 200
    assert site.client("viewer").get(address).status_code == 404


@pytest.mark.parametrize("moment, seen", [(EMBARGO - SECOND, False), (EMBARGO, True)])
@people_who_must_not_see
def test_an_embargo_ends_at_its_moment(
    who: str, moment: datetime, seen: bool, clock: Clock, db: None
) -> None:
    site = Site("embargoed")
    clock.at = moment
    timeline = reverse("timeline", kwargs={"slug": site.campaign.slug})
    assert bool(marked(site.client(who), site.campaign)) == seen
    assert (MARK in read(site.client(who), timeline)) == seen


@people_who_must_not_see
def test_what_would_embarrass_us_is_for_staff_alone(who: str, db: None) -> None:
    """Neither the page nor a line drafted from a quote that everybody sees, nor a word of it on the home."""
    site = Site()
    line, client = site.line, site.client(who)
    slug = {"slug": site.campaign.slug}
    for name, parts in (
        ("campaign_health", {}),
        ("take_line", {"pk": line.pk}),
        ("dismiss_line", {"pk": line.pk}),
    ):
        assert client.get(reverse(name, kwargs=slug | parts)).status_code in (302, 403)
    home = read(client, reverse("campaign", kwargs=slug))
    assert ("embarrass" in home, "/health/" in home) == (False, False)


FILTERS = ("person", "organisation", "source", "tag")


@people_who_must_not_see
def test_a_filter_by_a_hidden_name_answers_as_for_a_name_nobody_has(who: str, db: None) -> None:
    """The two pages are the same but for the name that was typed."""
    site = Site(*SORTS)
    client = site.client(who)
    nobody = {field: _page(client, site, **{field: "Qqqq"}) for field in FILTERS}
    for sort, field in product(SORTS, FILTERS[:-1]):
        assert _page(client, site, **{field: f"{MARK} {field} quote {sort}"}) == nobody[field]
    assert _page(client, site, tag=f"{MARK} tag") == nobody["tag"]
    assert _page(client, site, words=MARK) == _page(client, site, words="Qqqq")


@people_who_must_not_see
def test_a_search_for_hidden_words_answers_as_for_words_that_nothing_holds(who: str, db: None) -> None:
    """Hits, counts, what is offered instead and who is suggested: the same page but for what was typed."""
    site = Site(*SORTS)
    client = site.client(who)
    pages = (reverse("search", kwargs={"slug": site.campaign.slug}), reverse("search_everywhere"))
    hidden = (MARK, MARK[:4], f"{MARK[:-1]}", f'"{MARK} words"', f"{MARK} text")
    for page in pages:
        nothing, nothing_plain = _answer(client, page, q="Qqqq"), _answer(client, page, q="Qqqq plain")
        for typed in hidden:
            assert _answer(client, page, q=typed) == nothing
            assert _answer(client, page, q=f"{typed} plain") == nothing_plain
    for page, field in product(pages, ("person", "organisation", "role", "tag")):
        for typed in (MARK, f"{MARK} tag", f"{MARK} role"):
            asked, nothing = {"q": "plain", field: typed}, {"q": "plain", field: "Qqqq"}
            assert _answer(client, page, **asked) == _answer(client, page, **nothing)


def _answer(client: Client, page: str, **typed: str) -> str:
    response = client.get(page, typed)
    said = text_of(response)
    for value in sorted(typed.values(), key=len, reverse=True):
        said = said.replace(value, "…")
    return said


def test_a_filter_by_a_hidden_rows_number_answers_as_for_no_row(db: None) -> None:
    site = Site(*SORTS)
    client = site.client("viewer")
    fields = ("person", "organisation", "source")
    nobody = {field: _page(client, site, **{field: "x [999999]"}) for field in fields}
    for entry, field in product(site.hidden, fields):
        assert _page(client, site, **{field: f"x [{getattr(entry, f'{field}_id')}]"}) == nobody[field]


def test_the_path_of_a_hidden_entry_answers_as_for_no_entry(db: None) -> None:
    site = Site(*SORTS)
    client = site.client("viewer")
    page = reverse("timeline", kwargs={"slug": site.campaign.slug})
    nobody = text_of(client.get(page, {"path": "999999"}))
    for entry in site.hidden:
        assert text_of(client.get(page, {"path": entry.pk})) == nobody.replace("999999", str(entry.pk))


@people_who_must_not_see
def test_promises_by_a_hidden_name_answer_as_for_a_name_nobody_has(who: str, db: None) -> None:
    """Nor does a promise show that only a hidden quote made."""
    site = Site(*SORTS)
    client = site.client(who)
    target = make.milestone(site.campaign, visibility="public").entry
    for quote in (entry for entry in site.hidden if entry.kind == Kind.QUOTE):
        if quote.campaign_id == site.campaign.pk:
            make.link(quote, target, Relation.PROMISES)
    nobody = {field: _promises(client, **{field: "Qqqq"}) for field in ("person", "organisation")}
    for sort, field, kind in product(SORTS, nobody, KINDS):
        assert _promises(client, **{field: f"{MARK} {field} {kind} {sort}"}) == nobody[field]


def test_staff_do_see_whose_promises_they_are(db: None) -> None:
    site = Site("staff only")
    said = _promises(site.client("press"), person=f"{MARK} person milestone staff only")
    assert "Promised 1, " in said and f"{MARK} milestone" in said


def _promises(client: Client, **typed: str) -> str:
    said = text_of(client.get(reverse("compare"), typed))
    for value in typed.values():
        said = said.replace(value, "…")
    return said


def _page(client: Client, site: Site, **typed: str) -> str:
    """The timeline so narrowed, without what was typed and without tokens."""
    response = client.get(reverse("timeline", kwargs={"slug": site.campaign.slug}), typed)
    said = text_of(response)
    for value in typed.values():
        said = said.replace(value, "…")
    return said


def test_a_link_to_a_hidden_entry_is_refused_as_for_no_entry(db: None) -> None:
    site = Site(*SORTS)
    client = site.client("volunteer")
    address = reverse("add_link", kwargs={"slug": site.campaign.slug, "pk": site.plain.pk})
    for typed in (text for entry in site.hidden for text in (entry.headline, f"x [{entry.pk}]")):
        response = client.post(address, {"other": typed, "relation": "supports"})
        errors = response.context["form"].errors
        assert list(errors) == ["other"]
        assert "already" not in str(errors)
    assert Entry.everything.get(pk=site.plain.pk).links_out.count() == 0


def test_the_marker_is_in_every_part(db: None) -> None:
    """What staff read names every sort of thing that was planted."""
    site = Site("staff only")
    client = site.client("owner")
    said = "\n".join(read(client, address) for address in surfaces(site.campaign))
    planted = (
        "note",
        "person",
        "organisation",
        "role",
        "source",
        "text",
        "tag",
        "words",
        "area",
        "method",
        "reason",
        "link",
    )
    assert [part for part in planted if f"{MARK} {part}" not in said] == []


@pytest.mark.parametrize("moment, seen", [(AT - SECOND, True), (AT, False)])
@pytest.mark.parametrize("sort", ["clearance over", "consent over"])
@people_who_must_not_see
def test_what_ends_is_gone_at_its_moment(
    who: str, sort: str, moment: datetime, seen: bool, clock: Clock, db: None
) -> None:
    site = Site(sort)
    clock.at = moment
    client, slug = site.client(who), {"slug": site.campaign.slug}
    lists = [reverse(name, kwargs=slug) for name in ("timeline", "timeline_json", "timeline_atom", "people")]
    assert [MARK in read(client, address) for address in lists] == [seen] * len(lists)
    status = client.get(reverse("entry", kwargs=slug | {"pk": site.hidden[0].pk})).status_code
    assert status == (200 if seen else 404)
