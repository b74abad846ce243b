"""The counts of a picture: those of the gate, for everybody, whatever was written and in what order."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.campaigns.actions import remove_member
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.dates import parse
from apps.desk.actions import change_state
from apps.evidence.actions import edit_quote, edit_statistic, set_state
from apps.evidence.clearance import clear_quote, withdraw_clearance
from apps.evidence.models import Quote, Statistic
from apps.legislation.actions import edit_milestone, reopen, revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.timeline import density
from apps.timeline.actions import edit_entry
from apps.timeline.density import Audience, Bins, Days, aligned, bin_size, counts, counts_of, rebuild
from apps.timeline.models import Density, Entry, Kind, State, Visibility
from apps.timeline.models.entry import roles_of
from apps.timeline.windows import FIRST, LAST, WIDEST, Window, between, within
from tests import make
from tests.conftest import THOROUGH
from tests.make import AT, DAY, SECOND
from tests.pages import client_of, undone
from tests.reminders.test_claims import at_once
from tests.timeline.test_gate import MOMENTS, everything

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SIZES = [2**power for power in range(13)]
EMBARGO, ENDS = AT + DAY, AT + 2 * DAY
CALENDAR = Window(FIRST, LAST)
AROUND = between(date(2025, 1, 1), date(2027, 12, 31))

People = dict[str, User | AnonymousUser]


def people_of(campaign: Campaign) -> People:
    return {**make.cast(campaign), "visitor": AnonymousUser()}


def _user(somebody: User | AnonymousUser) -> User:
    assert isinstance(somebody, User)
    return somebody


@pytest.fixture(params=[False, True], ids=["private", "public"])
def here(request: Any, db: None) -> Campaign:
    """A campaign, beside another that is public and has entries on the same days."""
    elsewhere = make.campaign(name="Clean rivers", public=True)
    for visibility in Visibility:
        make.update(elsewhere, visibility=visibility)
    return make.campaign(public=request.param)


def grouped(entries: Iterable[Entry], window: Window, size: int) -> Bins:
    """The rule said a second time: entries one by one, each under its kind and bin."""
    whole = aligned(window, size)
    filed = [(entry.kind, entry.placed.toordinal()) for entry in entries]
    return Counter((kind, day // size) for kind, day in filed if whole.first <= day <= whole.last)


def counted(
    campaign: Campaign,
    user: User | AnonymousUser,
    *,
    at: datetime = AT,
    window: Window = AROUND,
    size: int = 1,
    kinds: Iterable[str] = Kind.values,
) -> Bins:
    role = roles_of(user, campaign).get(campaign.pk)
    return counts(Audience(campaign, user, at, role), window=window, size=size, kinds=kinds)


def seen(
    campaign: Campaign,
    user: User | AnonymousUser,
    *,
    at: datetime = AT,
    window: Window = AROUND,
    size: int = 1,
) -> Bins:
    entries = Entry.objects.visible_to(user, at=at, campaign=campaign)
    return grouped(entries, window, size)


def kept(campaign: Campaign) -> dict[tuple[int, int, str], tuple[int, int, int]]:
    """The rows of counts, but those that count nothing."""
    rows = Density.objects.filter(campaign=campaign)
    found = {(row.size, row.block, row.kind): (row.every, row.team, row.anyone) for row in rows}
    return {place: numbers for place, numbers in found.items() if numbers != (0, 0, 0)}


def kept_as_if_counted_anew(campaign: Campaign) -> bool:
    before = kept(campaign)
    with undone():
        rebuild(campaign)
        return kept(campaign) == before


# --- What everybody counts --------------------------------------------------------------------------------


def test_everybody_counts_exactly_what_they_may_see_at_every_moment(here: Campaign) -> None:
    people = people_of(here)
    everything(here, _user(people["volunteer"]))
    answers = {(who, at): counted(here, user, at=at) for (who, user), at in product(people.items(), MOMENTS)}
    assert answers == {(who, at): seen(here, people[who], at=at) for who, at in answers}
    assert answers["owner", AT].total() == Entry.everything.filter(campaign=here).count()
    assert answers["viewer", EMBARGO] != answers["viewer", EMBARGO - SECOND]
    assert bool(answers["visitor", AT]) == here.is_public


def test_whoever_left_or_was_switched_off_counts_as_a_visitor(here: Campaign) -> None:
    people = people_of(here)
    volunteer = _user(people["volunteer"])
    everything(here, volunteer)
    remove_member(membership=make.membership(here, volunteer), by=make.owner_of(here))
    assert counted(here, volunteer) == counted(here, AnonymousUser()) == seen(here, volunteer)
    User.objects.update(is_active=False)
    for who, user in people.items():
        person = User.objects.get(pk=user.pk) if user.pk else user
        assert counted(here, person) == counted(here, AnonymousUser()), who


def test_an_administrator_without_a_place_counts_as_a_visitor(here: Campaign) -> None:
    root = make.user("root", is_superuser=True, is_staff=True)
    everything(here, root)
    assert counted(here, root) == counted(here, AnonymousUser()) == seen(here, root)


def test_an_embargo_lifts_in_the_counts_without_a_write(campaign: Campaign) -> None:
    viewer = make.member(campaign, Role.VIEWER)
    entry = make.update(campaign, embargo_until=EMBARGO)
    place = ("update", entry.placed.toordinal())
    rows = kept(campaign)
    asked = {at: counted(campaign, viewer, at=at) for at in (AT, EMBARGO - SECOND, EMBARGO, ENDS)}
    assert asked == {
        AT: Counter(),
        EMBARGO - SECOND: Counter(),
        EMBARGO: Counter({place: 1}),
        ENDS: Counter({place: 1}),
    }
    assert kept(campaign) == rows


def test_an_entry_whose_time_is_over_is_taken_off_without_a_write(campaign: Campaign) -> None:
    viewer = make.member(campaign, Role.VIEWER)
    make.update(campaign)
    Entry.everything.update(shown_until=ENDS)
    totals = [counted(campaign, viewer, at=at).total() for at in (AT, ENDS - SECOND, ENDS, ENDS + DAY)]
    assert totals == [1, 1, 0, 0]


def test_only_the_kinds_asked_for_are_counted(campaign: Campaign) -> None:
    """However they are given: a generator is read once."""
    owner = make.owner_of(campaign)
    viewer = make.member(campaign, Role.VIEWER)
    for made in (make.update, make.quote, make.statistic, make.milestone):
        made(campaign, embargo_until=EMBARGO)  # type: ignore[operator]
    for user in (owner, viewer):
        for kinds in ([], ["quote"], ["quote", "update"], Kind.values):
            asked = counted(campaign, user, kinds=(kind for kind in kinds))
            assert set(asked) == {key for key in counted(campaign, user) if key[0] in kinds}


def test_the_counts_cost_the_same_whoever_asks_and_however_many_there_are(campaign: Campaign) -> None:
    viewer = make.member(campaign, Role.VIEWER)

    def asked(user: User) -> int:
        with CaptureQueriesContext(connection) as queries:
            counted(campaign, user, size=32)
        return len(queries)

    few = [asked(user) for user in (make.owner_of(campaign), viewer)]
    for day in range(30):
        make.update(campaign, date=f"2026-03-{day + 1:02d}", embargo_until=EMBARGO if day % 2 else None)
    assert [asked(user) for user in (make.owner_of(campaign), viewer)] == few == [2, 5]


# --- Bins -------------------------------------------------------------------------------------------------

anywhere = st.one_of(
    st.integers(FIRST, LAST), st.integers(FIRST, FIRST + 2_000), st.integers(LAST - 2_000, LAST)
).map(date.fromordinal)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    placed=st.lists(anywhere, min_size=1, max_size=6),
    ends=st.tuples(anywhere, anywhere),
    embargoed=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_bins_of_every_size_agree_and_sum_to_what_is_in_the_window(
    campaign: Campaign, placed: list[date], ends: tuple[date, date], embargoed: list[bool]
) -> None:
    with undone():
        viewer = make.member(campaign, Role.VIEWER)
        for day, later in zip(placed, embargoed, strict=False):
            make.update(campaign, date=day.isoformat(), embargo_until=EMBARGO if later else None)
        window = between(*ends)
        whole = aligned(window, SIZES[-1])
        for user in (make.owner_of(campaign), viewer):
            visible = Entry.objects.visible_to(user, at=AT, campaign=campaign)
            days = [entry.placed.toordinal() for entry in visible]
            finest = counted(campaign, user, window=whole)
            for size in SIZES:
                found = counted(campaign, user, window=whole, size=size)
                assert found == _coarser(finest, size)
                assert found == counts_of(Days(visible), window=whole, size=size, kinds=Kind.values)
                inside = aligned(window, size)
                asked = counted(campaign, user, window=window, size=size)
                assert asked.total() == sum(inside.first <= day <= inside.last for day in days)
                assert asked == seen(campaign, user, window=window, size=size)


def _coarser(finest: Bins, size: int) -> Bins:
    found: Bins = Counter()
    for (kind, day), count in finest.items():
        found[kind, day // size] += count
    return found


@given(
    st.integers(FIRST, LAST),
    st.integers(1, WIDEST),
    st.integers(280, 2_600),
    st.floats(2, 40),
)
def test_a_bin_takes_enough_room_and_no_more_than_it_needs(
    first: int, length: int, width: int, room: float
) -> None:
    window = within(first, first + length - 1)
    size = bin_size(window, width=width, room=room)
    assert size in [2**power for power in range(23)]
    assert size * width / window.days >= room
    assert size == 1 or size / 2 * width / window.days < room


@given(st.integers(FIRST, LAST), st.integers(1, 5_000), st.sampled_from(SIZES))
def test_bounds_of_bins_hold_the_window_and_keep_their_place(first: int, length: int, size: int) -> None:
    window = within(first, first + length - 1)
    whole = aligned(window, size)
    assert whole.first <= window.first <= window.last <= whole.last
    assert window.first - whole.first < size > whole.last - window.last
    assert (whole.first % size, whole.after % size) == (0, 0)
    assert aligned(whole, size) == whole


@pytest.mark.parametrize("day", ["0001-01-01", "0001-12-31", "9998-12-31"])
@pytest.mark.parametrize("size", SIZES)
def test_the_ends_of_the_calendar_count_as_well(campaign: Campaign, day: str, size: int) -> None:
    viewer = make.member(campaign, Role.VIEWER)
    entry = make.update(campaign, date=day)
    make.update(campaign, date=day, embargo_until=EMBARGO)
    number = entry.placed.toordinal() // size
    for window in (CALENDAR, between(entry.placed, entry.placed)):
        asked = counted(campaign, viewer, window=window, size=size)
        assert asked == Counter({("update", number): 1})


def test_a_narrowed_timeline_is_counted_one_by_one(campaign: Campaign) -> None:
    for number in range(1, 11):
        make.update(campaign, date=f"2026-03-{number:02d}", headline="Bill" if number % 2 else "Other")
    owner = make.owner_of(campaign)
    bills = Entry.objects.visible_to(owner, at=AT).filter(headline="Bill")
    days = Days(bills)
    assert counts_of(days, window=AROUND, size=4, kinds=Kind.values) == grouped(bills, AROUND, 4)
    march = between(date(2026, 3, 3), date(2026, 3, 4))
    with CaptureQueriesContext(connection) as queries:
        assert counts_of(days, window=march, size=1, kinds=Kind.values).total() == 1
        assert counts_of(days, window=march, size=1, kinds=[Kind.QUOTE]) == Counter()
        assert days.ends == (date(2026, 3, 1), date(2026, 3, 9))
    assert not queries.captured_queries
    assert Days(bills.none()).ends == (None, None)


def test_what_an_embargo_hides_is_taken_off_on_however_many_days(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(density, "MOST_DAYS", 3)
    viewer = make.member(campaign, Role.VIEWER)
    for number in range(1, 9):
        make.update(campaign, date=f"2026-03-{number:02d}", embargo_until=EMBARGO)
    assert counted(campaign, viewer) == Counter()


# --- Whatever is written ----------------------------------------------------------------------------------


@dataclass
class Desk:
    """Writes to one campaign as its people do; what an action refuses is refused here too."""

    campaign: Campaign
    people: People

    @property
    def owner(self) -> User:
        return make.owner_of(self.campaign)

    def entry(self, number: int) -> Entry | None:
        rows = list(Entry.everything.filter(campaign=self.campaign).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def add(self, kind: str, who: str, cleared: bool, approved: bool, said: dict[str, Any]) -> None:
        by = self.people[who]
        fields = said | {"by": by, "approved": approved}
        makers: dict[str, Callable[[], Any]] = {
            "update": lambda: make.update(self.campaign, **fields),
            "statistic": lambda: make.statistic(self.campaign, **fields),
            "quote": lambda: make.quote(self.campaign, cleared=cleared, **fields),
            "milestone": lambda: make.milestone(
                self.campaign,
                **{("target" if name == "date" else name): value for name, value in fields.items()},
            ),
        }
        makers[kind]()

    def edit(self, entry: Entry, said: dict[str, Any], reworded: bool) -> None:
        facts, by = make.facts(**said), self.owner
        match entry.kind:
            case Kind.QUOTE:
                quote = Quote.everything.select_related("entry").get(pk=entry.pk)
                facts = make.facts(**said, person=entry.person, source=entry.source)
                words = "Other words." if reworded else quote.words
                edit_quote(quote=quote, facts=facts, words=words, version=entry.version, by=by)
            case Kind.STATISTIC:
                row = Statistic.everything.get(pk=entry.pk)
                edit_statistic(statistic=row, facts=facts, figure=make.figure(), version=entry.version, by=by)
            case Kind.MILESTONE:
                edit_milestone(
                    milestone=self.milestone(entry),
                    facts=facts,
                    owner=None,
                    version=entry.version,
                    by=by,
                    at=AT,
                )
            case _:
                edit_entry(entry=entry, facts=facts, version=entry.version, by=by)

    def state(self, entry: Entry, state: State, through_desk: bool) -> None:
        if through_desk:
            change_state(entry=entry, state=state, by=self.owner, at=AT)
        else:
            set_state(entry=entry, state=state, by=self.owner)

    def clearance(self, entry: Entry, clear: bool) -> None:
        if entry.kind == Kind.QUOTE:
            quote = Quote.everything.get(pk=entry.pk)
            if clear:
                clear_quote(quote=quote, version=entry.version, by=self.owner, at=AT)
            else:
                withdraw_clearance(quote=quote, by=self.owner, at=AT)

    def milestone(self, entry: Entry) -> Milestone:
        return Milestone.everything.select_related("entry").get(pk=entry.pk)

    def move(self, entry: Entry, to: str, correction: bool) -> None:
        if entry.kind == Kind.MILESTONE:
            revise_target(
                milestone=self.milestone(entry),
                to=parse(to),
                reason="Delayed",
                correction=correction,
                by=self.owner,
                at=AT,
            )

    def settle(self, entry: Entry, outcome: Outcome, on: date) -> None:
        if entry.kind == Kind.MILESTONE:
            settle(milestone=self.milestone(entry), outcome=outcome, on=on, by=self.owner, at=AT)

    def reopen(self, entry: Entry) -> None:
        if entry.kind == Kind.MILESTONE:
            reopen(milestone=self.milestone(entry), by=self.owner, at=AT)

    def admin_edit(self, entry: Entry, visibility: str, kind: str) -> None:
        entry.visibility = visibility
        if entry.kind == Kind.UPDATE == kind:
            entry.state = State.WITHDRAWN
        site.get_model_admin(Entry).save_model(self._request(), entry, None, True)

    def admin_delete(self, entries: list[Entry]) -> None:
        admin = site.get_model_admin(Entry)
        if len(entries) == 1:
            admin.delete_model(self._request(), entries[0])
        else:
            chosen = Entry.everything.filter(pk__in=[entry.pk for entry in entries])
            admin.delete_queryset(self._request(), chosen)

    def _request(self) -> Any:
        request = RequestFactory().post("/")
        request.user = self.owner
        return request


near = st.dates(date(2025, 11, 1), date(2026, 8, 31)).map(date.isoformat)
texts_of_dates = near | st.sampled_from(["2026", "2026-21", "../2026-03-31", "2026-03~", "202X"])
said = st.fixed_dictionaries(
    {"date": texts_of_dates, "visibility": st.sampled_from(Visibility.values)},
    optional={"embargo_until": st.sampled_from([AT - DAY, EMBARGO, AT + 3 * DAY])},
)
chosen = st.integers(0, 50)
steps = st.one_of(
    st.tuples(
        st.just("add"),
        st.sampled_from(Kind.values),
        st.sampled_from(["owner", "volunteer", "press"]),
        st.booleans(),
        st.booleans(),
        said,
    ),
    st.tuples(st.just("edit"), chosen, said, st.booleans()),
    st.tuples(st.just("state"), chosen, st.sampled_from(State), st.booleans()),
    st.tuples(st.just("clearance"), chosen, st.booleans()),
    st.tuples(st.just("move"), chosen, near, st.booleans()),
    st.tuples(
        st.just("settle"),
        chosen,
        st.sampled_from(Outcome),
        st.dates(date(2026, 1, 1), date(2026, 3, 10)),
    ),
    st.tuples(st.just("reopen"), chosen),
    st.tuples(
        st.just("admin_edit"), chosen, st.sampled_from(Visibility.values), st.sampled_from(Kind.values)
    ),
)


def take(desk: Desk, step: tuple[Any, ...]) -> None:
    name, *words = step
    if name == "add":
        desk.add(*words)
        return
    entry = desk.entry(words[0])
    if entry is None:
        return
    try:
        with transaction.atomic():
            getattr(desk, name)(entry, *words[1:])
    except ValidationError:  # the same target again, or a settled milestone: refused
        pass


first = st.tuples(
    st.just("add"),
    st.sampled_from(Kind.values),
    st.sampled_from(["owner", "volunteer"]),
    st.booleans(),
    st.booleans(),
    said,
)


@settings(suppress_health_check=list(HealthCheck), max_examples=100 if THOROUGH else 60)
@given(
    public=st.booleans(),
    adds=st.lists(first, min_size=1, max_size=5),
    more=st.lists(steps, max_size=10),
    over=st.booleans(),
    deleted=st.integers(0, 3),
    asked=st.tuples(near, near, st.sampled_from(SIZES)),
)
def test_whatever_was_written_the_counts_are_those_of_the_gate(
    cast: dict[str, User],
    other_campaign: Campaign,
    campaign: Campaign,
    public: bool,
    adds: list[tuple[Any, ...]],
    more: list[tuple[Any, ...]],
    over: bool,
    deleted: int,
    asked: tuple[str, str, int],
) -> None:
    people: People = {**cast, "visitor": AnonymousUser()}
    with undone():
        campaign.is_public = public
        campaign.save()
        make.update(other_campaign)
        desk = Desk(campaign, people)
        for step in adds + more:
            take(desk, step)
        if over:
            Entry.everything.filter(pk__in=[desk.entry(1).pk]).update(shown_until=ENDS)  # type: ignore[union-attr]
        assert_as_the_gate_says(campaign, people, asked)
        doomed = list(Entry.everything.filter(campaign=campaign).order_by("-pk")[:deleted])
        if doomed:
            desk.admin_delete(doomed)
            assert_as_the_gate_says(campaign, people, asked)


def assert_as_the_gate_says(campaign: Campaign, people: People, asked: tuple[str, str, int]) -> None:
    window = between(date.fromisoformat(asked[0]), date.fromisoformat(asked[1]))
    assert kept_as_if_counted_anew(campaign)
    for (who, user), at in product(people.items(), (AT, EMBARGO, ENDS)):
        found = counted(campaign, user, at=at, window=window, size=asked[2])
        assert found == seen(campaign, user, at=at, window=window, size=asked[2]), (who, at)


# --- The admin --------------------------------------------------------------------------------------------


@pytest.fixture
def root(db: None) -> Client:
    return client_of(make.user("root", is_superuser=True, is_staff=True))


def admin_form(entry: Entry, **changed: Any) -> dict[str, Any]:
    kept_fields = ("campaign", "kind", "headline", "note", "state", "visibility", "source", "person")
    said = {name: getattr(entry, f"{name}_id", None) or getattr(entry, name) for name in kept_fields}
    return {name: value for name, value in (said | changed).items() if value is not None}


@pytest.mark.parametrize(
    "changed",
    [{"visibility": "public"}, {"visibility": "staff"}, {"state": "withdrawn"}, {"kind": "update"}],
)
def test_an_edit_in_the_admin_is_counted(campaign: Campaign, root: Client, changed: dict[str, str]) -> None:
    entry = make.update(campaign)
    address = reverse("admin:timeline_entry_change", args=[entry.pk])
    response = root.post(address, admin_form(entry, **changed))
    assert response.status_code == 302
    assert {name: getattr(Entry.everything.get(), name) for name in changed} == changed
    assert kept_as_if_counted_anew(campaign)


def test_an_entry_moved_to_another_campaign_in_the_admin_is_counted_there(
    campaign: Campaign, other_campaign: Campaign, root: Client
) -> None:
    entry = make.update(campaign)
    address = reverse("admin:timeline_entry_change", args=[entry.pk])
    assert root.post(address, admin_form(entry, campaign=other_campaign.pk)).status_code == 302
    assert kept(campaign) == {}
    assert len(kept(other_campaign)) == 3
    assert kept_as_if_counted_anew(other_campaign)


def test_what_is_deleted_in_the_admin_is_taken_off(campaign: Campaign, root: Client) -> None:
    one, two, three, stays = (make.update(campaign) for _ in range(4))
    address = reverse("admin:timeline_entry_delete", args=[one.pk])
    assert root.post(address, {"post": "yes"}).status_code == 302
    listed = {"action": "delete_selected", "_selected_action": [two.pk, three.pk], "post": "yes"}
    assert root.post(reverse("admin:timeline_entry_changelist"), listed).status_code == 302
    assert list(Entry.everything.all()) == [stays]
    assert set(kept(campaign).values()) == {(1, 1, 0)}
    assert kept_as_if_counted_anew(campaign)


# --- Counting anew ----------------------------------------------------------------------------------------


def test_counting_anew_puts_right_whatever_was_wrong_and_says_how_far_it_is(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    for number in range(1, 8):
        make.update(campaign, date=f"2026-03-{number:02d}")
    make.update(other_campaign)
    right, elsewhere = kept(campaign), kept(other_campaign)
    Density.objects.filter(campaign=campaign, size=1)[0].delete()
    Density.objects.filter(campaign=campaign).update(every=99, anyone=5)
    Density.objects.create(campaign=campaign, size=32, block=1, kind="quote", every=3)
    told: list[int] = []
    assert rebuild(campaign, tell=told.append) == 7
    assert (kept(campaign), kept(other_campaign)) == (right, elsewhere)
    assert told == sorted(told)
    assert told[-1] == 7


def test_of_an_empty_campaign_nothing_is_counted(campaign: Campaign) -> None:
    assert rebuild(campaign) == 0
    assert counted(campaign, make.owner_of(campaign)) == Counter()


def test_what_is_undone_was_never_counted(campaign: Campaign) -> None:
    make.update(campaign)
    before = kept(campaign)
    with undone():
        make.update(campaign)
        assert kept(campaign) != before
    assert kept(campaign) == before


# --- At once ----------------------------------------------------------------------------------------------


def several(count: int) -> Iterator[int]:
    return iter(range(1, count + 1))


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_at_once_is_counted_once(shared_database: None) -> None:
    campaign = make.campaign()
    owner = make.owner_of(campaign)
    make.update(campaign)

    def add() -> None:
        for day in several(4):
            make.update(campaign, by=owner, date=f"2026-03-{day:02d}")
            make.update(campaign, by=owner, date=f"2026-04-{5 - day:02d}")

    at_once(add, add, add, lambda: rebuild(campaign))
    assert Entry.everything.count() == 25
    assert kept_as_if_counted_anew(campaign)


@pytest.mark.django_db(transaction=True)
def test_two_who_change_one_entry_at_once_leave_it_counted_once(shared_database: None) -> None:
    campaign = make.campaign()
    entry, desk = make.update(campaign), Desk(campaign, {})

    def change(visibility: str) -> Callable[[], None]:
        def run() -> None:
            for _ in several(6):
                desk.admin_edit(Entry.everything.get(pk=entry.pk), visibility, "")
                desk.admin_edit(Entry.everything.get(pk=entry.pk), Visibility.TEAM, "")

        return run

    at_once(change(Visibility.PUBLIC), change(Visibility.STAFF), change(Visibility.PUBLIC))
    assert kept_as_if_counted_anew(campaign)
