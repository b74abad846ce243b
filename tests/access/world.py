"""One of everything: what the pages of a campaign are about, twice, in two campaigns."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.campaigns.actions import invite, open_feed
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.desk.packs.gathering import gather
from apps.evidence import files
from apps.evidence.actions import set_state
from apps.health.actions import mute
from apps.health.models import BrokenPromise
from apps.health.promises import draft_broken_promises
from apps.intake.actions import ask_for_two, gather_lines, read, reject
from apps.intake.models import Monitor
from apps.legislation.actions import record_break, revise_target, settle
from apps.legislation.bills import set_following
from apps.legislation.falling import say_it_fell
from apps.legislation.holidays import record_holiday
from apps.legislation.models import Break, Chamber, DateConflict, Following, Milestone, Outcome
from apps.notices.actions import Words, add_channel, channels_of, deliver, prepare
from apps.notices.letters import message_id_of, token_of
from apps.notices.models import Kind
from apps.press.actions import add_note, freeze, record_export
from apps.press.models import Form, PressPack
from apps.reminders.actions import acknowledge, set_default_ladder, set_wish
from apps.reminders.models import Reminder, Tick
from apps.reminders.planning import plan
from apps.reminders.watch import RESTORED
from apps.sources.actions import keep_original
from apps.sources.models import Host, LivePage, Source
from apps.timeline.models import Relation, State
from tests import imports, make
from tests.make import AT
from tests.pages import client_of

ROLES = ("nobody", "outsider", "administrator", "viewer", "volunteer", "press", "advocacy", "owner")
"""Everybody who might ask. The administrator has no place on any campaign."""
IMPORTED = "Headline,When\nImported,2 March 2026\n"


@dataclass
class One:
    """One of everything in one campaign, by id; entries are all the owner's."""

    campaign: Campaign
    ids: dict[str, Any]


ENDED = date(2026, 2, 10)
"""When the last session of Parliament ended."""


@dataclass
class World:
    mine: One
    theirs: One
    public: bool
    cast: dict[str, User | None]
    clients: dict[str, Client]


def build(*, public: bool = False, mark: str = "") -> World:
    """`mark` keeps the names of one world apart from those of another."""
    mine = make.campaign(
        owner=make.user(f"{mark}olive"), name=f"{mark}Online harms", public=public, embeddable=public
    )
    theirs = make.campaign(owner=make.user(f"{mark}oscar"), name=f"{mark}Clean rivers")
    cast: dict[str, User | None] = {"nobody": None, **make.cast(mine)}
    cast["administrator"] = make.user(f"{mark}ada", is_staff=True, is_superuser=True)
    Group.objects.get_or_create(name="Helpers")
    Tick.objects.get_or_create(defaults={"looked_at": AT})
    EmailAddress.objects.create(user=cast["administrator"], email=f"{mark}ada@example.org", primary=True)
    clients = {role: client_of(cast[role]) for role in ROLES}
    return World(one_of_everything(mine), one_of_everything(theirs), public, cast, clients)


def one_of_everything(campaign: Campaign) -> One:
    owner = make.owner_of(campaign)
    set_default_ladder(campaign=campaign, by=owner, at=AT)
    source = make.source(campaign)
    snapshot = make.snapshot(source, "The law must catch up.")
    keep_original(snapshot=snapshot, kind="html", content=b"<p>The law must catch up.</p>", at=AT)
    live_page(source)
    person, organisation = make.person(campaign), make.organisation(campaign)
    post = make.post(person, organisation=organisation)
    public = {"source": source, "person": person, "organisation": organisation, "visibility": "public"}
    update = make.update(campaign, tags=("Bill",), **public)
    quote = make.quote(campaign, **public).entry
    withdrawn = make.update(campaign, headline="Withdrawn", **public)
    set_state(entry=withdrawn, state=State.WITHDRAWN, by=owner)
    milestone, settled = make.milestone(campaign, **public), make.milestone(campaign, **public)
    settle(milestone=settled, outcome=Outcome.MET, on=AT.date(), by=owner, at=AT)
    hung = make.milestone(campaign, headline="Two weeks on", **public)
    make.hang(hung, make.milestone(campaign, headline="Laid before the House", **public), 2)
    plan(milestone, at=AT)
    slipped = make.milestone(campaign, headline="Codes of practice in force", **public)
    revise_target(milestone=slipped, to=parse("2026-09-01"), reason="Ofcom is late", by=owner, at=AT)
    statistic = make.statistic(campaign, **public)
    story = make.cleared_case_study(campaign, **public)
    stored, name = files.keep("form.txt", b"I agree.")
    consent = make.consent(story, file=stored, file_name=name)
    record_holiday(nation="UK", day=AT.date(), name="Victory day", source="https://www.gov.uk/", by=owner)
    record_break(
        chamber=Chamber.BOTH,
        sort=Break.RECESS,
        name="Easter recess",
        first=AT.date(),
        last=AT.date(),
        source="https://www.parliament.uk/",
        by=owner,
    )
    member = make.member(campaign, Role.VIEWER)
    invitation, token = invite(
        campaign=campaign, email=f"{campaign.slug}@example.org", role=Role.VIEWER, by=owner, at=AT
    )
    feed, _ = open_feed(user=owner, campaign=campaign, at=AT)
    _, feed_token = open_feed(user=member, campaign=campaign, at=AT)
    channel = channels_of([owner])[owner.pk][0]
    service = add_channel(user=owner, kind=Kind.SERVICE, name="Our chat", address="ntfy://topic")
    delivery = prepare(
        channel=channels_of([member])[member.pk][1],
        campaign=campaign,
        words=Words("In 7 days: Royal Assent", "Soon."),
        message_id=message_id_of(campaign.slug),
        at=AT - timedelta(days=1),
    )
    unread = prepare(
        channel=channel,
        campaign=campaign,
        words=Words("In 30 days: Royal Assent", "In a while."),
        message_id=message_id_of(f"unread {campaign.slug}"),
        at=AT,
    )
    deliver(unread, at=AT)
    acknowledge(milestone=milestone, person=owner, at=AT)
    set_wish(person=owner, campaign=campaign, earlier_days=1, at=AT)
    pack = make.pack(campaign, update, milestone.entry, withdrawn, query="kind=quote")
    version(pack, owner)
    note = add_note(pack=pack, text="A note.", place=1, revision=pack.revision, by=owner, at=AT)
    unsure = make.quote(campaign, headline="Not to be found", words="Nowhere to be found.", **public)
    late = make.milestone(campaign, target="2026-01-31", at=AT - timedelta(days=90), **public)
    make.link(
        make.quote(campaign, cleared=True, date="2026-01-02", **public).entry, late.entry, Relation.PROMISES
    )
    draft_broken_promises(at=AT)
    known = mute(
        campaign=campaign,
        finding="words",
        subject="entry 0",
        facts="",
        said="A quote that cannot be verified",
        reason="It is from a letter",
        by=owner,
        at=AT,
    )
    text = make.article(campaign, kind="html", original=b"<p>Offences double</p>")
    unsent = make.article(campaign, "“We shall ask again,” said Jo Smith of the Harbour Trust.", sent=False)
    proposal, figure = make.proposal(campaign), make.proposal(campaign, "statistic")
    make.photo(proposal=proposal)
    make.photo(entry=update)
    ask_for_two(proposal=figure, two=True, by=owner, at=AT)
    read(proposal=figure, typed="389", by=member, at=AT)
    reject(proposal=make.proposal(campaign), because="Already here", version=1, by=owner, at=AT)
    make.suggested(update)
    gather_lines(at=AT)
    bill = make.bill(campaign, "2026-04-01", "2026-04-08", visibility="public")
    moved = Milestone.everything.get(step__bill=bill, step__day="2026-04-01")
    revise_target(milestone=moved, to=parse("2026-04-02"), reason="We think so", by=owner, at=AT)
    make.tell_of(bill, "2026-04-03", "2026-04-08")
    record_break(
        chamber=Chamber.BOTH,
        sort=Break.PROROGATION,
        name="Prorogation",
        first=ENDED,
        last=ENDED,
        source="https://www.parliament.uk/",
        by=owner,
    )
    left_open = make.bill(campaign, "2026-01-20", visibility="public")
    say_it_fell(bill=make.bill(campaign), on=ENDED, because="Prorogued", by=owner, at=AT)
    stopped = make.bill(campaign)
    set_following(bill=stopped, following=Following.STOPPED, by=owner, at=AT)
    monitor = make.monitor(campaign)
    monitor.feeds.update(try_at=AT + timedelta(minutes=30), said="The server has a fault of its own (500).")
    make.hit(monitor, url="https://example.org/news")
    paused = make.monitor(campaign)
    Monitor.objects.filter(pk=paused.pk).update(state=Monitor.State.PAUSED)
    held = Reminder.objects.filter(milestone=milestone, recipient=owner)[0]
    Reminder.objects.filter(pk=held.pk).update(state="held", because=RESTORED, delivery=delivery)
    return One(
        campaign,
        {
            "update": update.pk,
            "draft": make.update(campaign, headline="Draft", approved=False, **public).pk,
            "withdrawn": withdrawn.pk,
            "statistic": statistic.entry.pk,
            "series": statistic.series_id,
            "quote": quote.pk,
            "cleared": make.quote(campaign, cleared=True, **public).entry.pk,
            "story": story.pk,
            "consent": consent.pk,
            "snapshot": snapshot.pk,
            "embargoed": make.update(
                campaign, headline="Not yet", embargo_until=AT + timedelta(days=2), **public
            ).pk,
            "milestone": milestone.pk,
            "settled": settled.pk,
            "hung": hung.pk,
            "slipped": slipped.pk,
            "finding": f"entry-{unsure.pk}",
            "mute": known.pk,
            "line": BrokenPromise.objects.get(campaign=campaign).pk,
            "link": make.link(update, milestone.entry).pk,
            "person": person.pk,
            "organisation": organisation.pk,
            "post": post.pk,
            "source": source.pk,
            "member": make.membership(campaign, member).pk,
            "invitation": invitation.pk,
            "token": token,
            "delivery": delivery.pk,
            "inbox": channel.pk,
            "service": service.pk,
            "letter": token_of(delivery.message_id),
            "held": held.pk,
            "monitor": monitor.pk,
            "waiting monitor": make.monitor(campaign, approved=False).pk,
            "paused monitor": paused.pk,
            "bill": bill.pk,
            "bill left open": left_open.pk,
            "waiting bill": make.bill(campaign, approved=False).pk,
            "stopped bill": stopped.pk,
            "conflict": DateConflict.objects.get(step__bill=bill).pk,
            "pack": pack.pk,
            "filtering pack": make.pack(campaign, query="kind=update").pk,
            "unused pack": make.pack(campaign).pk,
            "note": note.pk,
            "version": 1,
            "file": imports.chosen(campaign).pk,
            "checked file": imports.checked(campaign).pk,
            "imported file": imports.imported(campaign, IMPORTED).pk,
            "text": text.pk,
            "unsent text": unsent.pk,
            "proposal": proposal.pk,
            "proposed figure": figure.pk,
            "feed": feed.pk,
            "feed token": feed_token,
        },
    )


def version(pack: PressPack, by: User) -> None:
    """Export what the pack holds now as its next version."""
    access = Access(campaign=pack.campaign, user=by, role=Role.OWNER, at=AT)
    gathered = gather(pack, access)
    kept = freeze(pack=pack, content=gathered.content, by=by, at=AT)
    record_export(version=kept, form=Form.WORD, entries=gathered.held, address="/", by=by, at=AT)


def live_page(source: Source) -> None:
    """Its page was looked at."""
    Host.objects.get_or_create(name="example.org", defaults={"free_from": AT})
    LivePage.objects.create(source=source, host="example.org", try_at=AT, checked_at=AT, said="It is there.")
