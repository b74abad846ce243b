"""What would embarrass a campaign: each finding appears, is put right and gone, is muted and comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.authorship import save_as
from apps.campaigns.access import Access
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.desk.findings import CHECKS, Found, Scene, find_one, look
from apps.desk.findings import finding as findings
from apps.evidence.actions import set_state
from apps.evidence.models import Statistic
from apps.evidence.verdicts import judge
from apps.health.models import BrokenPromise, Mute
from apps.health.promises import draft_broken_promises
from apps.legislation.actions import record_break, revise_target, settle
from apps.legislation.bills import settle_conflict
from apps.legislation.falling import say_it_fell
from apps.legislation.models import Break, Chamber, DateConflict, Milestone, Outcome
from apps.notices.models import Delivery
from apps.people.models import Post
from apps.reminders.planning import plan
from apps.sources.models import LivePage, Source
from apps.timeline.actions import record_use
from apps.timeline.models import Entry, Link, Relation, State, Use, Way
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import query_count
from tests.make import AT, DAY
from tests.pages import Clock, text_of, unsafe_parts

NO_CHANGE: dict[str, Any] = {"baseline": None, "stated_change": None}


def scene(desk: Desk, who: str = "owner") -> Scene:
    return Scene(Access(desk.campaign, desk.cast[who], Role(who), AT))


def found(desk: Desk, name: str) -> Found:
    return look(CHECKS[name], scene(desk))


def said(desk: Desk, name: str) -> list[str]:
    return [finding.working for finding in found(desk, name).findings]


def fields(entry: Entry, **values: Any) -> None:
    Entry.everything.filter(pk=entry.pk).update(**values)


# --- What is wrong, and how it is put right ---------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """`wrong` makes a finding and answers its subject; `other` changes its facts, `right` puts it right."""

    check: str
    wrong: Callable[[Campaign], Any]
    working: str
    other: Callable[[Any], object]
    right: Callable[[Any], object]
    fix: str


def unverified(campaign: Campaign) -> Any:
    source = make.source(campaign)
    make.snapshot(source, "The law must keep up.")
    return make.quote(campaign, source=source)


def other_words(quote: Any) -> None:
    quote.verdict.differences = [["up", "down"]]
    quote.verdict.save()


def ending(campaign: Campaign) -> Any:
    return make.cleared_case_study(campaign, until=AT + 5 * DAY)


def post_over(campaign: Campaign) -> Any:
    person = make.person(campaign)
    make.post(person, held_from="2015", held_to="2020")
    return make.quote(campaign, person=person)


def wrong_sum(campaign: Campaign) -> Any:
    return make.statistic(campaign, figure=make.figure(stated_change=Decimal(140)))


def contradiction(campaign: Campaign) -> Any:
    make.statistic(campaign, headline="The other", figure=make.figure(**NO_CHANGE))
    return make.statistic(campaign, figure=make.figure(figure=Decimal(402), **NO_CHANGE))


def superseded(campaign: Campaign) -> Any:
    old = make.statistic(campaign, date="2021-01-01", figure=make.figure(**NO_CHANGE))
    revised = make.figure(figure=Decimal(391), **NO_CHANGE)
    newer = make.statistic(campaign, headline="Revised", figure=revised)
    make.link(newer.entry, old.entry)  # only compares them
    make.link(old.entry, make.update(campaign))
    return old


def release_past(campaign: Campaign) -> Any:
    return make.statistic(campaign, figure=make.figure(next_release=parse("2026-02"), **NO_CHANGE))


def dead(campaign: Campaign) -> Any:
    source = make.source(campaign, url="https://example.org/gone")
    page = {"host": "example.org", "try_at": AT, "said": "It answered 404.", "failing_since": AT - DAY}
    LivePage.objects.create(source=source, dead_since=AT - DAY, **page)
    return source


def overtaken(campaign: Campaign) -> Any:
    day = AT - 2000 * DAY
    headline = "Almost 17 months since the White Paper"
    return make.update(campaign, headline=headline, date=day.date().isoformat(), at=day)


def ownerless(campaign: Campaign) -> Any:
    return make.milestone(campaign)


def disputed(campaign: Campaign) -> Any:
    """Parliament says 3 April of what we moved to the 2nd."""
    bill, owner = make.bill(campaign, "2026-04-01"), make.owner_of(campaign)
    milestone = Milestone.everything.get(step__bill=bill)
    revise_target(milestone=milestone, to=parse("2026-04-02"), reason="We think so", by=owner, at=AT)
    make.tell_of(bill, "2026-04-03")
    return Milestone.everything.get(step__bill=bill)


def settle_it(milestone: Any) -> None:
    owner = make.owner_of(milestone.entry.campaign)
    settle_conflict(conflict=DateConflict.objects.get(), theirs=True, by=owner, at=AT)


def left_open(campaign: Campaign) -> Any:
    """The session ended in February, and no day is listed since January."""
    bill = make.bill(campaign, "2026-01-20")
    prorogued(date(2026, 2, 10))
    return Milestone.everything.get(step__bill=bill)


def prorogued(first: date) -> None:
    record_break(
        chamber=Chamber.BOTH,
        sort=Break.PROROGATION,
        name="Prorogation",
        first=first,
        last=date(2026, 2, 16),
        source="https://www.parliament.uk/",
        by=None,
    )


def it_fell(row: Milestone) -> None:
    owner = make.owner_of(row.entry.campaign)
    say_it_fell(bill=row.step.bill, on=date(2026, 2, 10), because="Prorogued", by=owner, at=AT)


def unwarned(campaign: Campaign) -> Any:
    return make.milestone(campaign, owner=make.owner_of(campaign))


def withdraw(row: Any) -> None:
    entry = row if isinstance(row, Entry) else row.entry
    set_state(entry=entry, state=State.WITHDRAWN, by=make.owner_of(entry.campaign))


def use(row: Any) -> None:
    owner = make.owner_of(row.entry.campaign)
    record_use(entries=[row.entry], way=Way.COPIED, form="Markdown", by=owner, at=AT)


def move(row: Milestone) -> None:
    owner = make.owner_of(row.entry.campaign)
    revise_target(milestone=row, to=parse("2026-09-01"), reason="Delayed", by=owner, at=AT)


def hold_post(row: Any) -> None:
    make.post(row.entry.person, role="Chair", held_from="2021")


def page_answers(row: Source) -> None:
    LivePage.objects.filter(source=row).update(dead_since=None)


def own(row: Milestone) -> None:
    row.owner = make.owner_of(row.entry.campaign)
    save_as(row.owner, row)


CASES = [
    Case(
        "words",
        unverified,
        "The kept text of the source does not have these words. It says “catch”, the source “keep”.",
        other_words,
        lambda row: make.snapshot(row.entry.source, "The law must catch up.") and judged(row),
        "Put the words right",
    ),
    Case(
        "clearance",
        ending,
        "Its clearance ends on 15 March 2026, in 5 days; then readers see it no longer.",
        lambda row: fields(row.entry, shown_until=AT + 6 * DAY),
        lambda row: fields(row.entry, shown_until=AT + 90 * DAY),
        "Clear it again",
    ),
    Case(
        "posts",
        post_over,
        "Said on 1 March 2026, when Andy Burrows’s post as Head of Child Safety Online Policy had ended"
        " (2020).",
        lambda row: Post.objects.update(held_to="2021", to_day="2021-12-31"),
        hold_post,
        "Put the post right",
    ),
    Case(
        "sums",
        wrong_sum,
        "389 vs 191 → (389 − 191) / 191 = +103.7%, stated 140%: does not add up",
        lambda row: Statistic.everything.update(stated_change=150),
        lambda row: Statistic.everything.update(stated_change=104),
        "Put the figures right",
    ),
    Case(
        "contradictions",
        contradiction,
        "It says 402 offences for 2019/20; “The other” says 389 offences for the same measure, area and"
        " period, as of the same day.",
        lambda row: Statistic.everything.filter(pk=row.pk).update(figure=410),
        lambda row: Statistic.everything.filter(pk=row.pk).update(figure=389),
        "Put one right",
    ),
    Case(
        "superseded",
        superseded,
        "391 offences (2019/20) has taken its place, and 1 entry is linked to it.",
        use,
        lambda row: Link.objects.filter(from_entry=row.entry).delete(),
        "Use the newer figure",
    ),
    Case(
        "releases",
        release_past,
        "New figures were due in February 2026 (10 days ago), and none stands in its series.",
        lambda row: Statistic.everything.update(next_release="2026-01"),
        lambda row: Statistic.everything.update(next_release_latest="2026-03-10"),
        "Add the new figure",
    ),
    Case(
        "sources",
        dead,
        "Its page has been gone since 9 March 2026 (It answered 404). No text of it is kept.",
        lambda row: make.snapshot(row, "The text."),
        page_answers,
        "Give its new address",
    ),
    Case(
        "dates",
        disputed,
        "We say 2 April 2026, UK Parliament says 3 April 2026 (scheduled).",
        move,
        settle_it,
        "Settle it",
    ),
    Case(
        "sessions",
        left_open,
        "The session ended with it still open: Prorogation, Parliament, 10 to 16 February 2026. The last day"
        " seen of it: Committee stage, Lords, on 20 January 2026. None is listed since.",
        lambda row: prorogued(date(2026, 2, 9)),
        it_fell,
        "Say what became of it",
    ),
    Case(
        "elapsed",
        overtaken,
        "It says “Almost 17 months since” as of 17 September 2020. Another 66 months have passed, so by now"
        " it is about 83 months.",
        lambda row: fields(row, headline="Almost 18 months since the White Paper"),
        lambda row: fields(row, headline="The White Paper is still not law"),
        "Say it anew",
    ),
    Case(
        "owners",
        ownerless,
        "Nobody on the team watches it; its date is 20 June 2026.",
        move,
        own,
        "Say who watches it",
    ),
    Case(
        "reminders",
        unwarned,
        "No reminder is planned before its date, 20 June 2026, and none has gone out for it.",
        move,
        lambda row: plan(row, at=AT),
        "Plan reminders of it",
    ),
]
each_case = pytest.mark.parametrize("case", CASES, ids=[case.check for case in CASES])


def judged(quote: Any) -> None:
    judge(quote, at=AT)


def test_every_check_has_its_case() -> None:
    assert {case.check for case in CASES} == set(CHECKS)


@each_case
def test_it_appears_with_its_working_and_goes_when_it_is_put_right(desk: Desk, case: Case) -> None:
    row = case.wrong(desk.campaign)
    assert said(desk, case.check) == [case.working]
    page = desk.get("campaign_health")
    assert (case.working in text_of(page), case.fix in text_of(page)) == (True, True)
    (finding,) = found(desk, case.check).findings
    assert desk.client().get(finding.fix.address).status_code == 200
    case.right(row)
    assert said(desk, case.check) == []


@each_case
def test_muted_it_is_gone_until_its_facts_change(desk: Desk, case: Case) -> None:
    row = case.wrong(desk.campaign)
    (finding,) = found(desk, case.check).findings
    parts = {"sort": case.check, "subject": finding.slug}
    data = {"reason": "We know", "facts": finding.digest}
    assert desk.post("mute_finding", data, **parts).status_code == 302
    assert said(desk, case.check) == []
    assert "We know" in text_of(desk.get("campaign_health"))
    case.other(row)
    assert len(said(desk, case.check)) == 1
    assert "its facts have changed since" in text_of(desk.get("campaign_health"))


@each_case
def test_what_is_withdrawn_embarrasses_nobody(desk: Desk, case: Case) -> None:
    row = case.wrong(desk.campaign)
    if not isinstance(row, Source):
        withdraw(row)
        assert said(desk, case.check) == []


@each_case
def test_another_campaigns_findings_are_its_own(desk: Desk, other_campaign: Campaign, case: Case) -> None:
    case.wrong(other_campaign)
    assert said(desk, case.check) == []


# --- Muting -----------------------------------------------------------------------------------------------


def test_a_mute_asks_for_a_reason_and_for_the_facts_that_were_read(desk: Desk) -> None:
    make.milestone(desk.campaign)
    (finding,) = found(desk, "owners").findings
    parts = {"sort": "owners", "subject": finding.slug}
    refused = desk.post("mute_finding", {"reason": " ", "facts": finding.digest}, **parts)
    assert refused.context["form"].errors == {
        "reason": ["Say why, in a few words: the next person will ask."]
    }
    stale = desk.post("mute_finding", {"reason": "Known", "facts": "x"}, **parts)
    assert "Its facts have changed" in text_of(stale)
    assert 'value="Known"' in stale.content.decode()
    assert not Mute.objects.exists()


def test_it_is_unmuted_and_muted_again_and_all_of_it_is_kept(desk: Desk) -> None:
    make.milestone(desk.campaign)
    (finding,) = found(desk, "owners").findings
    for reason in ("Once", "Twice"):
        data = {"reason": reason, "facts": finding.digest}
        desk.post("mute_finding", data, sort="owners", subject=finding.slug)
    standing = Mute.objects.standing().get()
    assert (standing.reason, standing.muted_by) == ("Twice", desk.cast["owner"])
    desk.post("unmute_finding", {}, pk=standing.pk, who="press")
    assert len(said(desk, "owners")) == 1
    assert set(Mute.objects.values_list("reason", "ended_by")) == {
        ("Once", desk.cast["owner"].pk),
        ("Twice", desk.cast["press"].pk),
    }


def test_what_is_no_finding_cannot_be_muted(desk: Desk) -> None:
    fine = make.milestone(desk.campaign, owner=desk.cast["owner"])
    for sort, subject in (
        ("owners", f"entry-{fine.pk}"),
        ("owners", "entry-" + "9" * 40),
        ("owners", "source-1"),
        ("nonsense", "entry-1"),
    ):
        assert (
            desk.client().get(reverse("mute_finding", args=[desk.campaign.slug, sort, subject])).status_code
            == 404
        )


# --- The page ---------------------------------------------------------------------------------------------


def test_an_empty_campaign_has_nothing_to_be_ashamed_of(desk: Desk) -> None:
    page = desk.get("campaign_health")
    assert "Nothing here would embarrass us." in text_of(page)
    assert '<data value="0" data-lines="0">' in page.content.decode()


def test_the_first_line_says_the_conclusion_and_so_does_the_home(desk: Desk) -> None:
    for number in range(2):
        make.milestone(desk.campaign, owner=desk.cast["owner"], headline=f"Stage {number}")
    make.milestone(desk.campaign)
    sentence = (
        "4 things would embarrass us: 1 milestone that nobody watches and 3 milestones without a reminder."
    )
    assert sentence in text_of(desk.get("campaign_health"))
    for who in ("owner", "advocacy", "press"):
        assert f"Health : {sentence}" in text_of(desk.get("campaign", who=who))
    for who in ("volunteer", "viewer"):
        assert "embarrass" not in text_of(desk.get("campaign", who=who))


def test_who_may_not_do_a_fix_is_told_who_may(desk: Desk) -> None:
    unwarned(desk.campaign)
    assert "Plan reminders of it: for owner or advocacy" in text_of(desk.get("campaign_health", who="press"))


def test_a_page_of_each_sort_then_more_by_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "PAGE", 2)
    monkeypatch.setattr(findings, "COUNTED", 4)
    made = [make.milestone(desk.campaign).pk for _ in range(5)]
    first = found(desk, "owners")
    assert ([row.key for row in first.findings], first.number) == (made[:2:-1], "4+")
    page = desk.get("campaign_health", query={"sort": "owners", "after": first.after})
    assert [row.key for row in page.context["found"][0].findings] == [made[2], made[1]]
    last = desk.get("campaign_health", query={"sort": "owners", "after": made[1]})
    assert [row.key for row in last.context["found"][0].findings] == [made[0]]
    assert desk.get("campaign_health", query={"sort": "x", "after": "\x00"}).status_code == 200


def mute_all(desk: Desk, name: str) -> None:
    for finding in found(desk, name).findings:
        data = {"reason": "We know", "facts": finding.digest}
        desk.post("mute_finding", data, sort=name, subject=finding.slug)


def test_mutes_of_what_was_put_right_or_has_changed_hide_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [make.milestone(desk.campaign) for _ in range(4)]
    mute_all(desk, "owners")
    monkeypatch.setattr(findings, "PAGE", 2)
    assert (found(desk, "owners").count, found(desk, "owners").after) == (0, None)
    own(made[0])  # put right: its mute is of no row
    move(made[1])  # others facts: it is back
    new = [make.milestone(desk.campaign).pk for _ in range(3)]
    assert found(desk, "owners").count == 4
    page = text_of(desk.get("campaign_health"))
    assert "4 milestones that nobody watches" in page
    seen = found(desk, "owners")
    keys = [row.key for row in seen.findings]
    keys += [row.key for row in look(CHECKS["owners"], scene(desk), after=seen.after).findings]
    assert keys == new[::-1]  # and on a third page the one that has moved
    assert Mute.objects.standing().count() == 4


@each_case
def test_more_than_a_page_less_the_muted_is_counted(
    desk: Desk, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "PAGE", 1)
    case.wrong(desk.campaign)
    case.wrong(desk.campaign)
    before = found(desk, case.check).count
    mute_all(desk, case.check)
    assert found(desk, case.check).count == before - 1


def test_what_is_reckoned_is_paged_and_says_how_far_it_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "PAGE", 1)
    monkeypatch.setitem(CHECKS, "sums", type(CHECKS["sums"])(**{**vars(CHECKS["sums"]), "reads": 2}))
    made = [wrong_sum(desk.campaign).pk for _ in range(3)]
    first = found(desk, "sums")
    assert ([row.key for row in first.findings], first.count, first.read_all) == ([made[2]], 2, False)
    assert [row.key for row in look(CHECKS["sums"], scene(desk), after=first.after).findings] == [made[1]]
    assert "only the newest were looked through, 2 at most" in text_of(desk.get("campaign_health"))


def test_of_very_many_entries_the_newest_are_looked_through(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "NEWEST", 1)
    old, new = unverified(desk.campaign), unverified(desk.campaign)
    assert old.pk < new.pk
    words = found(desk, "words")
    assert ([row.key for row in words.findings], words.read_all) == ([new.pk], False)
    assert "Quotes that cannot be verified: only the newest" in text_of(desk.get("campaign_health"))


def test_the_number_of_queries_does_not_grow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "PAGE", 2)  # and what it grows to takes more than one
    address = reverse("campaign_health", kwargs={"slug": desk.campaign.slug})
    for case in CASES:
        case.wrong(desk.campaign)
    few = query_count(desk.client(), address)
    for case in CASES:
        for _ in range(2):
            case.wrong(desk.campaign)
    assert (query_count(desk.client(), address), few) == (few, 47)


def test_the_page_holds_nothing_inline(desk: Desk) -> None:
    for case in CASES:
        case.wrong(desk.campaign)
    assert unsafe_parts(desk.get("campaign_health")) == []


def test_rounding_is_no_contradiction(desk: Desk) -> None:
    for value, step in (("3412000", "1"), ("3400000", "100000")):
        said_so = make.figure(figure=Decimal(value), figure_step=Decimal(step), **NO_CHANGE)
        make.statistic(desk.campaign, figure=said_so)
    assert said(desk, "contradictions") == []


def test_a_finding_can_be_looked_up_by_its_subject(desk: Desk) -> None:
    row = ownerless(desk.campaign)
    one = find_one(CHECKS["owners"], scene(desk), f"entry {row.pk}")
    assert one is not None and one.key == row.pk


# --- They said, and it is late ----------------------------------------------------------------------------


@pytest.fixture
def line(desk: Desk) -> BrokenPromise:
    campaign = desk.campaign
    nspcc, andy = make.organisation(campaign), make.person(campaign)
    make.post(andy, organisation=nspcc, held_from="2019")
    milestone = make.milestone(
        campaign, target="../2026-01-31", headline="The Bill", at=AT - 90 * DAY, owner=desk.cast["owner"]
    )
    source = make.source(campaign, title="The duty", publisher="The Guardian")
    words = {"words": "We will have it.", "headline": "We will have it", "date": "2026-01-02"}
    quote = make.quote(campaign, person=andy, organisation=nspcc, source=source, cleared=True, **words)
    make.link(quote.entry, milestone.entry, Relation.PROMISES)
    draft_broken_promises(at=AT)
    return BrokenPromise.objects.get()


SAID = (
    "On 2 January 2026 Andy Burrows, Head of Child Safety Online Policy at NSPCC, said: “We will have it.”"
    " (The duty, The Guardian)."
)


def test_a_line_says_who_said_what_and_how_late_that_is_today(
    desk: Desk, clock: Clock, line: BrokenPromise
) -> None:
    words = text_of(desk.get("campaign_health"))
    assert f"{SAID} Today that date, the end of January 2026, is 38 days past." in words
    assert "1 drafted line waits for a person." in words
    clock.at = AT + DAY
    assert "is 39 days past." in text_of(desk.get("campaign_health"))


def test_taken_it_is_an_update_with_links_and_words_that_last(desk: Desk, line: BrokenPromise) -> None:
    form = desk.get("take_line", pk=line.pk).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    data["source"], data["date"] = "The duty", "10 March 2026"
    answer = desk.post("take_line", data, pk=line.pk, who="press")
    assert answer.status_code == 302
    entry = Entry.everything.get(kind="update")
    assert entry.note == f"{SAID} On 10 March 2026 that date, the end of January 2026, was 38 days past."
    assert (entry.headline, entry.visibility, entry.source.title) == (
        "Past its promised date, the end of January 2026: The Bill",
        "team",
        "The duty",
    )
    links = set(entry.links_out.values_list("relation", "to_entry"))
    assert links == {("responds_to", line.quote_id), ("updates", line.milestone_id)}
    line.refresh_from_db()
    assert (line.state, line.entry, line.decided_by) == ("taken", entry, desk.cast["press"])
    again = desk.post("take_line", data, pk=line.pk)
    assert (again.status_code, Entry.everything.filter(kind="update").count()) == (302, 1)


def taken(desk: Desk, line: BrokenPromise) -> Entry:
    """The update that a line became."""
    form = desk.get("take_line", pk=line.pk).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    desk.post("take_line", data | {"source": "The duty", "date": "10 March 2026"}, pk=line.pk)
    return Entry.everything.get(kind="update")


def take_back(desk: Desk, line: BrokenPromise) -> str:
    """The notice of a clearance that is taken back."""
    version = Entry.everything.get(pk=line.quote_id).version
    desk.post("revoke_clearance", {"version": version}, pk=line.quote_id)
    return Delivery.objects.get(recipient=desk.cast["press"], subject__startswith="No longer to be used").body


def test_a_quote_taken_back_is_told_to_stand_in_the_update_that_has_its_words(
    desk: Desk, line: BrokenPromise, settings: Any
) -> None:
    update = taken(desk, line)
    path = reverse("entry", args=[desk.campaign.slug, update.pk])
    use = Use.objects.get()
    assert (use.entry_id, use.form, use.where, use.address) == (
        line.quote_id,
        "Update",
        update.headline,
        path,
    )
    page = desk.get("entry", pk=line.quote_id).content.decode()
    assert f'copied it as Update, in <a href="{path}">{update.headline}</a>' in page
    notice = take_back(desk, line)
    assert "It is gone from every page" not in notice
    assert "stand there until somebody edits or withdraws them:\n" in notice
    assert f"- {update.headline}: {settings.SITE_URL}{path}\n" in notice


def test_an_update_that_was_withdrawn_keeps_no_words_from_being_gone(desk: Desk, line: BrokenPromise) -> None:
    withdraw(taken(desk, line))
    notice = take_back(desk, line)
    assert "It is gone from every page, feed and file.\n" in notice
    assert f"{desk.cast['owner'].name} copied it as Update, in Past its promised date" in notice


@pytest.mark.parametrize(("note", "stands"), [("She said: ‘We will have it.’", True), ("She did.", False)])
def test_what_is_linked_to_a_quote_and_has_its_words_is_told_too(
    desk: Desk, line: BrokenPromise, note: str, stands: bool
) -> None:
    make.link(make.update(desk.campaign, headline="What she said", note=note), line.quote.entry)
    assert ("- What she said: http" in take_back(desk, line)) == stands


def test_a_line_badly_filled_in_keeps_what_was_typed(desk: Desk, line: BrokenPromise) -> None:
    data = {"headline": "", "date": "soonish", "note": "Mine", "visibility": "team"}
    page = desk.post("take_line", data, pk=line.pk)
    assert set(page.context["form"].errors) == {"headline", "date"}
    assert ("Mine" in text_of(page), BrokenPromise.objects.get().state) == (True, "waiting")


def test_dismissed_it_is_gone_with_its_reason(desk: Desk, line: BrokenPromise) -> None:
    assert desk.post("dismiss_line", {"reason": ""}, pk=line.pk).context["form"].errors.keys() == {"reason"}
    assert desk.post("dismiss_line", {"reason": "Said already"}, pk=line.pk).status_code == 302
    assert "38 days past" not in text_of(desk.get("campaign_health"))
    assert (BrokenPromise.objects.get().because, Entry.everything.count()) == ("Said already", 2)
    assert desk.post("dismiss_line", {"reason": "Again"}, pk=line.pk).status_code == 302
    assert BrokenPromise.objects.get().because == "Said already"


def met(milestone: Milestone, by: Any) -> None:
    settle(milestone=milestone, outcome=Outcome.MET, on=AT.date(), by=by, at=AT)


def dropped(milestone: Milestone, by: Any) -> None:
    settle(milestone=milestone, outcome=Outcome.DROPPED, on=AT.date(), by=by, at=AT)


def moved(milestone: Milestone, by: Any) -> None:
    revise_target(milestone=milestone, to=parse("2026-05-01"), reason="Delayed", by=by, at=AT)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (met, "It was met on 10 March 2026, 38 days after that date."),
        (dropped, "The milestone was settled on 10 March 2026: dropped."),
        (moved, "The target has moved: it is 1 May 2026 now."),
    ],
)
def test_a_line_says_what_has_become_of_it(
    desk: Desk, line: BrokenPromise, change: Callable[..., None], words: str
) -> None:
    change(Milestone.everything.select_related("entry").get(), desk.cast["owner"])
    assert words in text_of(desk.get("campaign_health"))


def test_a_line_whose_quote_is_hidden_is_not_there(desk: Desk, line: BrokenPromise) -> None:
    fields(line.quote.entry, shown_until=AT - timedelta(seconds=1))
    assert "We will have it.”" not in text_of(desk.get("campaign_health"))
    for name in ("take_line", "dismiss_line"):
        assert desk.get(name, pk=line.pk).status_code == 404
