"""The one gate: who sees which entry, at which moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.campaigns.actions import add_member, remove_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.evidence.actions import set_state
from apps.timeline.models import Entry, State, Visibility
from tests import make
from tests.make import AT, DAY, SECOND

EMBARGO = AT + DAY
ENDS = AT + 2 * DAY
MOMENTS = [AT - SECOND, AT, EMBARGO - SECOND, EMBARGO, ENDS - SECOND, ENDS]
STAFF = {Role.OWNER, Role.ADVOCACY, Role.PRESS}
TEAM = {Role.VOLUNTEER, Role.VIEWER}

FROM = {
    "plain": AT,
    "embargoed": EMBARGO,
    "ended": AT,
    "cleared quote": AT,
    "cleared quote under embargo": EMBARGO,
    "uncleared quote": None,
    "volunteer's": AT,
}
"""Each sort of entry, and from when readers may see it once it is published."""


def everything(campaign: Campaign, volunteer: User) -> None:
    """One entry of every sort, state and visibility; its headline says which."""
    for sort, state, visibility in product(FROM, State, Visibility):
        entry = _one(
            campaign, sort, volunteer, headline=f"{sort}, {state}, {visibility}", visibility=visibility
        )
        set_state(entry=entry, state=state, by=make.owner_of(campaign))
    Entry.everything.filter(headline__startswith="ended").update(shown_until=ENDS)


def _one(campaign: Campaign, sort: str, volunteer: User, *, headline: str, visibility: str) -> Entry:
    facts = {"headline": headline, "visibility": visibility}
    if "embargo" in sort:
        facts["embargo_until"] = EMBARGO
    if "quote" in sort:
        return make.quote(campaign, cleared=sort.startswith("cleared"), **facts).entry
    return make.update(campaign, by=volunteer if sort == "volunteer's" else None, **facts)


def expected(who: str, *, public: bool, at: datetime) -> set[str]:
    """The same rule said a second time, in words about one entry."""
    return {
        f"{sort}, {state}, {visibility}"
        for sort, state, visibility in product(FROM, State, Visibility)
        if _may_see(who, sort, state, visibility, public=public, at=at)
    }


def _may_see(who: str, sort: str, state: str, visibility: str, *, public: bool, at: datetime) -> bool:
    if who in STAFF:
        return True
    if who == Role.VOLUNTEER and sort == "volunteer's" and state == State.DRAFT:
        return True
    start = FROM[sort]
    shown = state == State.PUBLISHED and start is not None and start <= at
    if sort == "ended" and at >= ENDS:
        shown = False
    allowed = (
        {Visibility.PUBLIC, Visibility.TEAM} if who in TEAM else {Visibility.PUBLIC} if public else set()
    )
    return shown and visibility in allowed


def seen(user: User | AnonymousUser, *, at: datetime = AT, campaign: Campaign | None = None) -> set[str]:
    return set(Entry.objects.visible_to(user, at=at, campaign=campaign).values_list("headline", flat=True))


@pytest.mark.parametrize("public", [False, True], ids=["private", "public"])
def test_everybody_sees_exactly_what_the_rule_says_at_every_moment(db: None, public: bool) -> None:
    campaign = make.campaign(public=public)
    cast = make.cast(campaign) | {"visitor": AnonymousUser()}
    everything(campaign, cast[Role.VOLUNTEER])
    answers = {(who, at): seen(user, at=at) for (who, user), at in product(cast.items(), MOMENTS)}
    assert answers == {(who, at): expected(who, public=public, at=at) for who, at in answers}


@pytest.mark.parametrize("public", [False, True], ids=["private", "public"])
def test_one_campaign_shows_what_all_campaigns_show_of_it(db: None, public: bool) -> None:
    campaign, elsewhere = make.campaign(public=public), make.campaign(name="Elsewhere", public=True)
    cast = make.cast(campaign) | {"visitor": AnonymousUser()}
    everything(campaign, cast[Role.VOLUNTEER])
    make.update(elsewhere, headline="elsewhere", visibility=Visibility.PUBLIC)
    here = {who: seen(user, campaign=campaign) for who, user in cast.items()}
    assert here == {who: seen(user) - {"elsewhere"} for who, user in cast.items()}
    assert {who: seen(user, campaign=elsewhere) for who, user in cast.items()} == dict.fromkeys(
        cast, {"elsewhere"}
    )


def test_a_member_of_one_campaign_sees_nothing_of_another(
    cast: dict[str, User], other_campaign: Campaign
) -> None:
    everything(other_campaign, make.owner_of(other_campaign))
    assert {who: seen(user) for who, user in cast.items()} == {who: set() for who in cast}


def test_staff_of_one_campaign_are_visitors_of_a_public_one(cast: dict[str, User]) -> None:
    other = make.campaign(name="Open", public=True)
    everything(other, make.owner_of(other))
    answers = {who: seen(user) for who, user in cast.items()}
    assert answers == {who: expected("visitor", public=True, at=AT) for who in cast}


def test_a_role_in_one_campaign_is_no_role_in_another(campaign: Campaign, other_campaign: Campaign) -> None:
    both = make.member(campaign, Role.OWNER)
    add_member(campaign=other_campaign, user=both, role=Role.VIEWER, by=make.owner_of(other_campaign), at=AT)
    for here in (campaign, other_campaign):
        make.update(here, headline=f"staff of {here}", visibility=Visibility.STAFF)
    assert seen(both) == {f"staff of {campaign}"}


def test_a_superuser_without_a_place_on_the_campaign_sees_nothing(campaign: Campaign) -> None:
    everything(campaign, make.owner_of(campaign))
    assert seen(make.user("root", is_superuser=True, is_staff=True)) == set()


def test_a_deactivated_person_sees_what_a_visitor_sees(db: None) -> None:
    campaign = make.campaign(public=True)
    cast = make.cast(campaign)
    everything(campaign, cast[Role.VOLUNTEER])
    User.objects.update(is_active=False)
    answers = {who: seen(User.objects.get(pk=user.pk)) for who, user in cast.items()}
    assert answers == {who: expected("visitor", public=True, at=AT) for who in cast}


def test_who_left_sees_nothing_not_even_their_own_drafts(campaign: Campaign, cast: dict[str, User]) -> None:
    volunteer = cast[Role.VOLUNTEER]
    make.update(campaign, by=volunteer, approved=False, headline="mine")
    assert seen(volunteer) == {"mine"}
    remove_member(membership=make.membership(campaign, volunteer), by=make.owner_of(campaign))
    assert seen(volunteer) == set()


def test_a_draft_is_hidden_from_other_volunteers(campaign: Campaign) -> None:
    author, other = (make.member(campaign, Role.VOLUNTEER) for _ in range(2))
    make.update(campaign, by=author, approved=False, headline="draft")
    assert (seen(author), seen(other)) == ({"draft"}, set())


def test_an_entry_without_an_author_is_nobodys_draft(campaign: Campaign, cast: dict[str, User]) -> None:
    make.update(campaign, approved=False)
    Entry.everything.update(created_by=None)
    assert (seen(cast[Role.VOLUNTEER]), seen(AnonymousUser())) == (set(), set())


def _moments() -> Iterator[tuple[timedelta, bool]]:
    yield -SECOND, False
    yield -timedelta(microseconds=1), False
    yield timedelta(0), True


@pytest.mark.parametrize(("off", "shows"), list(_moments()))
def test_an_embargo_ends_at_its_very_moment(campaign: Campaign, off: timedelta, shows: bool) -> None:
    viewer = make.member(campaign, Role.VIEWER)
    entry = make.update(campaign, embargo_until=EMBARGO)
    assert Entry.objects.visible_to(viewer, at=EMBARGO + off).filter(pk=entry.pk).exists() is shows
    assert entry.is_hidden(EMBARGO + off) is not shows


def test_the_entry_itself_answers_as_the_gate_does(db: None) -> None:
    campaign = make.campaign()
    cast = make.cast(campaign)
    everything(campaign, cast[Role.VIEWER])  # nobody asked here has drafts of their own
    for at in MOMENTS:
        hidden = {entry.headline for entry in Entry.everything.all() if entry.is_hidden(at)}
        assert hidden == seen(cast[Role.OWNER], at=at) - seen(cast[Role.VOLUNTEER], at=at)


def queries(user: User | AnonymousUser, campaign: Campaign | None) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        list(Entry.objects.visible_to(user, at=AT, campaign=campaign))
    return [query["sql"] for query in captured]


def test_the_gate_costs_two_queries_in_a_campaign_and_three_in_all(
    campaign: Campaign, cast: dict[str, User]
) -> None:
    make.update(campaign)
    asked = {who: (len(queries(user, campaign)), len(queries(user, None))) for who, user in cast.items()}
    member, outsider = (2, 3), (1, 2)  # an outsider's answer needs no look at the entries
    assert asked == dict.fromkeys(Role, member) | {"outsider": outsider}


def test_a_visitor_costs_one_query_in_a_public_campaign_and_two_in_all(db: None) -> None:
    public = make.campaign(public=True)
    assert (len(queries(AnonymousUser(), public)), len(queries(AnonymousUser(), None))) == (1, 2)


def test_the_question_to_the_entries_holds_no_subquery(campaign: Campaign, cast: dict[str, User]) -> None:
    for user, where in product(cast.values(), (campaign, None)):
        last = queries(user, where)[-1]
        assert last.upper().count("SELECT") == 1
        assert "campaigns_membership" not in last or "timeline_entry" not in last
