"""Makes what tests are about, through the real actions; every argument has a sensible default.

`AT` is the clock of every test: a Tuesday, ten in the morning in London.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from apps.accounts.models import User
from apps.campaigns import actions as campaigns
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from apps.dates import PartialDate, parse
from apps.dates.relative import Span
from apps.evidence import files
from apps.evidence.actions import Figure, add_quote, add_statistic
from apps.evidence.clearance import Given, clear_quote, record_consent
from apps.evidence.models import Consent, Quote, Statistic, Voice
from apps.intake.actions import Handed, add_photo, propose_change, propose_entry, take_in
from apps.intake.models import Article, Hit, Monitor, Photo, Proposal
from apps.intake.monitoring.actions import Wanted, add_monitor
from apps.intake.proposing import found_in
from apps.legislation.actions import add_milestone
from apps.legislation.bills import follow_bill
from apps.legislation.hanging import hang as hang_on
from apps.legislation.importing import import_bill
from apps.legislation.models import Bill, Hook, Milestone
from apps.legislation.providers.records import Actions, Chamber, ProviderAction, ProviderBill, ProviderSponsor
from apps.people.actions import add_organisation, add_person, add_post
from apps.people.models import Organisation, Person, Post
from apps.press.actions import put, start_pack
from apps.press.models import PressPack
from apps.sources.actions import add_source, take_snapshot
from apps.sources.models import Snapshot, Source
from apps.timeline.actions import Facts, add_entry, add_link
from apps.timeline.models import Entry, Link, Relation

AT = datetime(2026, 3, 10, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
PASSWORD = "correct horse battery staple"  # noqa: S105  # the cast's
EVERYBODY = (*Role, "outsider")

_numbers = count(1)


def user(name: str = "", **fields: Any) -> User:
    """Somebody who can sign in with PASSWORD."""
    name = name or f"person{next(_numbers)}"
    return User.objects.create_user(
        username=name, email=f"{name}@example.org", password=PASSWORD, first_name=name.capitalize(), **fields
    )


def campaign(
    *, owner: User | None = None, name: str = "Online harms", public: bool = False, **fields: Any
) -> Campaign:
    fields.setdefault("at", AT)
    return campaigns.start_campaign(name=name, by=owner or user(), is_public=public, **fields)


def member(campaign: Campaign, role: str, *, name: str = "", at: datetime = AT) -> User:
    """A new person on the campaign in that role."""
    somebody = user(name)
    campaigns.add_member(campaign=campaign, user=somebody, role=Role(role), by=owner_of(campaign), at=at)
    return somebody


def cast(campaign: Campaign) -> dict[str, User]:
    """One person of each role, and an outsider, under the names of their roles."""
    people: dict[str, User] = {Role.OWNER: owner_of(campaign)}
    for role in Role:
        if role != Role.OWNER:
            people[role] = member(campaign, role)
    people["outsider"] = user()
    return people


def owner_of(campaign: Campaign) -> User:
    return Membership.objects.filter(campaign=campaign, role=Role.OWNER).earliest("pk").user


def membership(campaign: Campaign, user: User) -> Membership:
    return Membership.objects.get(campaign=campaign, user=user)


def facts(headline: str = "Ofcom opens a consultation", date: str = "2026-03-01", **fields: Any) -> Facts:
    """What an entry says; `date` is EDTF text."""
    return Facts(headline=headline, date=parse(date), **fields)


def _author(campaign: Campaign, by: User | None) -> User:
    return by or owner_of(campaign)


def update(
    campaign: Campaign, *, by: User | None = None, at: datetime = AT, approved: bool = True, **fields: Any
) -> Entry:
    return add_entry(
        campaign=campaign, facts=facts(**fields), by=_author(campaign, by), at=at, approved=approved
    )


def figure(**fields: Any) -> Figure:
    """389 offences, up 104% on 191."""
    stated: dict[str, Any] = {
        "measure": "Recorded offences",
        "figure": Decimal(389),
        "unit": "offences",
        "area": "West Mercia",
        "period": parse("2019-04/2020-03"),
        "baseline": Decimal(191),
        "stated_change": Decimal(104),
    }
    return Figure(**(stated | fields))


def statistic(
    campaign: Campaign,
    *,
    by: User | None = None,
    at: datetime = AT,
    approved: bool = True,
    figure: Figure | None = None,
    **fields: Any,
) -> Statistic:
    fields.setdefault("headline", "389 offences in West Mercia")
    return add_statistic(
        campaign=campaign,
        facts=facts(**fields),
        figure=figure or globals()["figure"](),
        by=_author(campaign, by),
        at=at,
        approved=approved,
    )


def quote(
    campaign: Campaign,
    *,
    by: User | None = None,
    at: datetime = AT,
    words: str = "The law must catch up.",
    cleared: bool = False,
    submitted: bool = False,
    approved: bool = True,
    voice: str = Voice.OFFICIAL,
    **fields: Any,
) -> Quote:
    """A quote; it has a source, or could not be cleared, unless `source=None`."""
    fields.setdefault("headline", "The law must catch up")
    if "source" not in fields:
        fields["source"] = source(campaign)
    if not fields.keys() & {"person", "organisation"}:
        fields["person"] = person(campaign)
    return add_quote(
        campaign=campaign,
        facts=facts(**fields),
        words=words,
        voice=voice,
        by=_author(campaign, by),
        at=at,
        cleared=cleared,
        submitted=submitted,
        approved=approved,
    )


def case_study(campaign: Campaign, *, by: User | None = None, **fields: Any) -> Quote:
    """A case study that waits for a consent."""
    return quote(campaign, by=by, voice=Voice.CASE_STUDY, **fields)


def given(**fields: Any) -> Given:
    """The consent of an adult, to everything but print, for good."""
    stated: dict[str, Any] = {
        "person": "Jo Smith",
        "scope": ("press", "website", "social", "parliament"),
        "given_on": AT.date(),
        "reference": "Consents/2026/014",
    }
    return Given(**(stated | fields))


def consent(quote: Quote, *, at: datetime = AT, **fields: Any) -> Consent:
    owner = owner_of(quote.entry.campaign)
    version = Entry.everything.get(pk=quote.pk).version
    return record_consent(quote=quote, given=given(**fields), version=version, by=owner, at=at)


def cleared_case_study(
    campaign: Campaign, *, until: datetime | None = None, expires_at: datetime | None = None, **fields: Any
) -> Quote:
    """A case study that is cleared, with consent."""
    made = case_study(campaign, **fields)
    consent(made, expires_at=expires_at)
    version = Entry.everything.get(pk=made.pk).version
    return clear_quote(quote=made, version=version, by=owner_of(campaign), at=AT, until=until)


def milestone(
    campaign: Campaign,
    *,
    target: str = "2026-06-20",
    by: User | None = None,
    at: datetime = AT,
    owner: User | None = None,
    approved: bool = True,
    **fields: Any,
) -> Milestone:
    """A milestone whose first target is `target`, EDTF text."""
    fields.setdefault("headline", "Royal Assent")
    return add_milestone(
        campaign=campaign,
        facts=facts(date=target, **fields),
        owner=owner,
        by=_author(campaign, by),
        at=at,
        approved=approved,
    )


def hang(
    milestone: Milestone,
    base: Milestone,
    amount: int = 12,
    unit: str = "weeks",
    *,
    before: bool = False,
    at: datetime = AT,
    **more: Any,
) -> Hook:
    """The milestone hangs on the base: its target lies so much after it."""
    by, span = owner_of(base.entry.campaign), Span(amount, unit, before)
    return hang_on(milestone=milestone, base=base, span=span, by=by, at=at, **more)


def bill(
    campaign: Campaign,
    *days: str,
    title: str = "Rivers Bill",
    external_id: str = "",
    at: datetime = AT,
    approved: bool = True,
    **fields: Any,
) -> Bill:
    """A followed bill whose committee stage sits on these days, as if it had just been read."""
    external_id = external_id or str(next(_numbers))
    followed = follow_bill(
        campaign=campaign,
        provider="uk-bills",
        external_id=external_id,
        title=title,
        by=owner_of(campaign),
        at=at,
        approved=approved,
        **fields,
    )
    if days:
        tell_of(followed, *days, at=at)
    return followed


def tell_of(bill: Bill, *days: str, at: datetime = AT) -> None:
    """Its provider says that its committee stage sits on these days, the first by the first id and so on."""
    told = ProviderBill(
        provider=bill.provider,
        external_id=bill.external_id,
        title=bill.title,
        address=f"https://bills.parliament.uk/bills/{bill.external_id}",
        stage="Committee stage",
        where="Lords",
        sponsors=(ProviderSponsor(external_id="4643", person=f"Sponsor of {bill.title}"),),
    )
    actions = tuple(
        ProviderAction(
            external_id=f"sitting {number}",
            bill_external_id=bill.external_id,
            stage="Committee stage",
            chamber=Chamber.UPPER,
            where="Lords",
            house="House of Lords",
            day=parse(day).earliest,
            order=1,
        )
        for number, day in enumerate(days, start=1)
    )
    import_bill(bill=bill, told=told, listed=Actions(actions), at=at)


def source(
    campaign: Campaign, *, title: str = "Police figures, 2020", published: str = "2020-09-03", **fields: Any
) -> Source:
    return add_source(
        campaign=campaign, title=title, published=_date(published), by=owner_of(campaign), **fields
    )


def snapshot(source: Source, text: str, *, at: datetime = AT, excerpt: bool = False) -> Snapshot:
    return take_snapshot(source=source, text=text, by=owner_of(source.campaign), at=at, excerpt=excerpt)


def person(campaign: Campaign, name: str = "Andy Burrows") -> Person:
    return add_person(campaign=campaign, name=name, by=owner_of(campaign))


def organisation(campaign: Campaign, name: str = "NSPCC") -> Organisation:
    return add_organisation(campaign=campaign, name=name, by=owner_of(campaign))


def post(
    person: Person,
    *,
    role: str = "Head of Child Safety Online Policy",
    organisation: Organisation | None = None,
    held_from: str = "",
    held_to: str = "",
) -> Post:
    return add_post(
        person=person,
        role=role,
        organisation=organisation,
        held_from=_date(held_from),
        held_to=_date(held_to),
        by=owner_of(person.campaign),
    )


def link(from_entry: Entry, to_entry: Entry, relation: Relation = Relation.SUPPORTS) -> Link:
    return add_link(
        from_entry=from_entry,
        to_entry=to_entry,
        relation=relation,
        by=owner_of(from_entry.campaign),
        at=AT,
    )


def pack(
    campaign: Campaign, *entries: Entry, by: User | None = None, at: datetime = AT, **fields: Any
) -> PressPack:
    """A press pack that holds these entries."""
    author = _author(campaign, by)
    made = start_pack(campaign=campaign, by=author, at=at, **({"title": "For the Today programme"} | fields))
    put(pack=made, entries=entries, by=author, at=at)
    made.refresh_from_db()
    return made


ARTICLE = """\
Grooming offences double as ministers delay safety law

Online grooming offences in Northmarch rose by 104%, from 191 in 2018/19 to 389 in 2019/20, figures \
released to the Harbour Children’s Trust show. One in five of the children was under 11.

“Every month of delay leaves children open to harm that could have been prevented,” said Nadia \
Okonjo, Director of Policy at the Harbour Children’s Trust.

The Safer Platforms Bill is due to be introduced this autumn, and the Department said that it would \
be on the statute book by the end of 2027. Ministers must publish a full response to the \
consultation by 31 October 2026. A first review is due in spring 2027. It is eighteen months since \
the White Paper was published.

A spokesperson for the Department for Digital Affairs said: “We will bring forward world-leading \
laws as soon as parliamentary time allows.”
"""
"""Fictional: two quotes, figures of which one change is stated, and times."""


def article(
    campaign: Campaign,
    text: str = ARTICLE,
    *,
    by: User | None = None,
    sent: bool = True,
    at: datetime = AT,
    **fields: Any,
) -> Article:
    """A text handed in, with what was found in it."""
    stated = {"title": "Grooming offences double", "way": "pasted", "publisher": "The Northmarch Echo"}
    return take_in(
        campaign=campaign,
        handed=Handed(text=text.strip(), **(stated | fields)),
        found=found_in(text.strip(), published=at.date(), today=at.date()),
        sent=sent,
        by=_author(campaign, by),
        at=at,
    )


def proposal(campaign: Campaign, kind: str = "update", *, by: User | None = None, **fields: Any) -> Proposal:
    """A new entry that somebody proposed."""
    stated = {
        "update": {"headline": "We wrote to Ofcom", "date": "3 March 2026"},
        "quote": {"words": "The law must catch up.", "person": "Andy Burrows", "date": "3 March 2026"},
        "statistic": {"measure": "Recorded offences", "figure": "389", "unit": "offences", "date": "2026"},
        "milestone": {"headline": "Royal Assent", "date": "by 20 June 2026"},
    }[kind]
    stated["visibility"] = "team"
    return propose_entry(
        campaign=campaign, kind=kind, fields=stated | fields, by=_author(campaign, by), at=AT
    )


def suggested(entry: Entry, *, by: User | None = None, headline: str = "A better headline") -> Proposal:
    """A change that somebody suggested."""
    return propose_change(
        entry=entry,
        fields={"headline": headline},
        was={"headline": entry.headline},
        version=entry.version,
        by=_author(entry.campaign, by),
        at=AT,
    )


def monitor(
    campaign: Campaign,
    *addresses: str,
    name: str = "Online safety in the papers",
    words: str = "online safety",
    most_a_day: int = 10,
    by: User | None = None,
    at: datetime = AT,
    approved: bool = True,
) -> Monitor:
    """A monitor whose feeds nobody has read yet."""
    urls = addresses or ("https://example.org/feed",)
    wanted = Wanted(name=name, words=words, addresses=urls, most_a_day=most_a_day)
    return add_monitor(campaign=campaign, wanted=wanted, by=_author(campaign, by), at=at, approved=approved)


def hit(monitor: Monitor, title: str = "Online safety law delayed", **fields: Any) -> Hit:
    """Something it found, that waits for its turn."""
    stated = {"key": f"{next(_numbers):064}", "found_at": AT, "try_at": AT}
    return Hit.objects.create(monitor=monitor, title=title, **(stated | fields))


PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
"""As little as is taken for a JPEG."""


def photo(*, proposal: Proposal | None = None, entry: Entry | None = None) -> Photo:
    """A photograph beside a proposal or an entry, with its file."""
    beside = proposal or entry
    assert beside is not None
    stored, _ = files.keep("photo.jpg", PICTURE)
    return add_photo(stored=stored, proposal=proposal, entry=entry, by=owner_of(beside.campaign), at=AT)


def _date(text: str) -> PartialDate | None:
    return parse(text) if text else None
