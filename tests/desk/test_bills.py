"""The pages of bills: finding one, following it, reading how it stands, and settling what is disagreed on."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.legislation import sync
from apps.legislation.actions import revise_target
from apps.legislation.models import Bill, BillLook, DateConflict, Following, Milestone, Outcome, ProviderLook
from apps.reminders.models import Reminder
from apps.reminders.planning import plan
from tests import make
from tests.desk.conftest import Desk
from tests.legislation.conftest import Waiting
from tests.legislation.parliament import HTML, Parliament, a_bill, a_stage, sitting
from tests.make import AT
from tests.pages import Clock, at, everything_stored, problems_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def parliament(settings: Any) -> Iterator[Parliament]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    settings.REDIS_URL = ""
    with sitting() as house:
        settings.UK_BILLS_API, settings.GOVUK_API = house.url, ""
        yield house


def look() -> sync.Tally:
    """The look that comes a minute later."""
    clock = Waiting(AT + timedelta(minutes=1))
    return sync.look(clock=clock, pause=clock.pause)


def disputed(campaign: Campaign) -> Bill:
    """Parliament says 3 April of what we moved from the 1st to the 2nd."""
    bill = make.bill(campaign, "2026-04-01", "2026-04-08")
    milestone = Milestone.everything.get(step__bill=bill, step__day="2026-04-01")
    owner = make.owner_of(campaign)
    revise_target(milestone=milestone, to=parse("2026-04-02"), reason="The whips say so", by=owner, at=AT)
    make.tell_of(bill, "2026-04-03", "2026-04-08")
    return Bill.objects.get(pk=bill.pk)


def test_a_bill_is_found_by_its_title_and_followed(desk: Desk, parliament: Parliament) -> None:
    parliament.holds(a_bill(7, "Rivers Bill [HL]"), [a_stage(1, (11, "2026-04-01"))])
    parliament.holds(a_bill(8, "Lakes Bill"), [])
    page = desk.get("follow_bill", query={"q": "rivers"})
    choices = page.context["choices"]
    assert [value for value, _ in choices] == ["uk-bills 7 Rivers Bill [HL]"]
    assert "Rivers Bill [HL] Committee stage, Commons" in text_of(page)
    done = desk.post("follow_bill", {"bill": choices[0][0], "visibility": "team", "promise": ""})
    bill = Bill.objects.select_related("look").get()
    assert done["Location"].endswith(f"/bills/{bill.pk}/")
    assert (bill.title, bill.following, bill.look.asked_at) == ("Rivers Bill [HL]", Following.FOLLOWED, AT)
    waiting = desk.get("bill", pk=bill.pk)
    assert "Waiting for its turn" in text_of(waiting)
    assert b'hx-trigger="every 2s"' in waiting.content
    look()
    page = desk.get("bill", pk=bill.pk)
    assert "Committee stage, Commons. Its next day is in 22 days (1 April 2026)." in text_of(page)
    assert b"hx-trigger" not in page.content


def test_the_address_of_its_page_is_enough_even_while_parliament_does_not_answer(
    desk: Desk, parliament: Parliament
) -> None:
    parliament.fails(HTML)
    page = desk.get("follow_bill", query={"q": "https://bills.parliament.uk/bills/3137/stages"})
    assert "UK Parliament: 127.0.0.1 answered with a web page where data was asked for." in text_of(page)
    assert [value for value, _ in page.context["choices"]] == ["uk-bills 3137 Bill 3137"]


def test_what_was_promised_is_said_when_following(desk: Desk, parliament: Parliament) -> None:
    parliament.holds_the_online_safety_bill()
    promise = make.milestone(desk.campaign, target="../2021-12-31", headline="On the statute book")
    chosen = {"bill": "uk-bills 3137 x", "visibility": "team", "promise": "on the statute book"}
    assert desk.post("follow_bill", chosen).status_code == 302
    look()
    page = desk.get("bill", pk=Bill.objects.get().pk)
    words = text_of(page)
    assert "Law since 26 October 2023. Promised: On the statute book , 664 days late" in words
    assert len(page.context["lines"]) == 42
    assert "Michelle Donelan" in words
    assert Milestone.everything.get(pk=promise.pk).outcome == Outcome.MET


@pytest.mark.parametrize(
    ("chosen", "problems"),
    [
        ({"bill": ""}, {"bill": ["Choose one of the bills."]}),
        ({"bill": "x"}, {"bill": ["That is none of the bills found. Look for it again."]}),
        ({"bill": "moon 7 x"}, {"__all__": ["That is no bill that can be followed here."]}),
        (
            {"bill": "uk-bills 7 x", "promise": "Nothing"},
            {"promise": ["No milestone here is called “Nothing”. Pick one of those offered."]},
        ),
    ],
)
def test_what_cannot_be_followed_is_said_with_what_was_typed_kept(
    chosen: dict[str, str], problems: dict[str, list[str]], desk: Desk
) -> None:
    page = desk.post("follow_bill", {"visibility": "team"} | chosen)
    assert page.context["form"].errors == problems
    for said in problems.values():
        assert said[0] in text_of(page)
    assert not Bill.objects.exists()


@pytest.mark.parametrize("words", ["", " ", "\x00", "a\x00b", "x" * 5000, "%", "<script>alert(1)</script>"])
def test_odd_words_find_nothing_and_break_nothing(words: str, desk: Desk, parliament: Parliament) -> None:
    page = desk.get("follow_bill", query={"q": words})
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_a_search_that_finds_nothing_says_so(desk: Desk, parliament: Parliament) -> None:
    assert "Nothing was found with these words in its title." in text_of(
        desk.get("follow_bill", query={"q": "rivers"})
    )


def test_a_provider_that_is_off_says_so(desk: Desk, settings: Any) -> None:
    settings.UK_BILLS_API = ""
    assert "UK Parliament: It is turned off: UK_BILLS_API is empty." in text_of(desk.get("follow_bill"))


def test_what_a_volunteer_follows_waits_for_approval(
    desk: Desk, parliament: Parliament, clock: Clock
) -> None:
    parliament.holds(a_bill(7), [a_stage(1, (11, "2026-04-01"))])
    desk.post("follow_bill", {"bill": "uk-bills 7 x", "visibility": "team"}, who="volunteer")
    bill = Bill.objects.get()
    assert bill.following == Following.WAITING
    assert "following it waits for approval" in text_of(desk.get("bill", pk=bill.pk, who="volunteer"))
    assert desk.get("bill", pk=bill.pk, who="viewer").status_code == 404
    assert look().bills == 0
    desk.post("approve_bill", {}, pk=bill.pk, who="press")
    assert look().bills == 1
    clock.at = AT + timedelta(hours=1)
    assert desk.get("bill", pk=bill.pk, who="viewer").status_code == 200


def test_a_volunteer_changes_nothing_of_a_bill_that_is_followed_already(
    desk: Desk, parliament: Parliament
) -> None:
    parliament.holds(a_bill(7), [])
    first = {"bill": "uk-bills 7 x", "visibility": "staff", "promise": ""}
    desk.post("follow_bill", first)
    make.milestone(desk.campaign, headline="On the statute book")
    again = {"bill": "uk-bills 7 x", "visibility": "public", "promise": "On the statute book"}
    desk.post("follow_bill", again, who="volunteer")
    bill = Bill.objects.get()
    assert (bill.promise, bill.visibility) == (None, "staff")


def test_an_id_as_long_as_ids_may_be_is_followed(desk: Desk) -> None:
    desk.post("follow_bill", {"bill": f"uk-bills {'x' * 200}", "visibility": "team", "promise": ""})
    bill = Bill.objects.get()
    bill.full_clean(exclude=["address"])
    assert len(bill.title) == 200


def test_what_a_person_brought_to_parliaments_day_is_not_to_be_settled(desk: Desk) -> None:
    bill = disputed(desk.campaign)
    milestone = DateConflict.objects.get().step.milestone
    owner = make.owner_of(desk.campaign)

    def move(to: str) -> str:
        revise_target(milestone=milestone, to=parse(to), reason="News", by=owner, at=AT)
        return text_of(desk.get("bill", pk=bill.pk))

    assert "Ours 5 April 2026 UK Parliament 3 April 2026" in move("2026-04-05")
    assert "To settle" not in move("2026-04-03")
    assert "to settle" not in text_of(desk.get("bills"))
    assert "date of a bill to settle" not in text_of(desk.get("campaign_health"))


def test_a_conflict_is_settled_by_a_person(desk: Desk) -> None:
    bill = disputed(desk.campaign)
    row = DateConflict.objects.get()
    words = text_of(desk.get("bill", pk=bill.pk))
    assert "Ours 2 April 2026 UK Parliament 3 April 2026 Take 3 April 2026 Keep 2 April 2026" in words
    assert "1 to settle" in text_of(desk.get("bills"))
    assert "For an owner or advocacy staff to settle." in text_of(desk.get("bill", pk=bill.pk, who="press"))
    desk.post("settle_conflict", {"take": "neither"}, pk=bill.pk, conflict=row.pk)
    row.refresh_from_db()
    assert row.took == ""
    desk.post("settle_conflict", {"take": "theirs"}, pk=bill.pk, conflict=row.pk)
    milestone = Milestone.everything.get(step__bill=bill, step__day="2026-04-03")
    assert [target.date for target in milestone.targets.all()] == ["2026-04-01", "2026-04-02", "2026-04-03"]
    assert milestone.targets.last().recorded_by == desk.cast["owner"]
    assert "To settle" not in text_of(desk.get("bill", pk=bill.pk))
    again = desk.client().post(
        f"/c/{desk.campaign.slug}/bills/{bill.pk}/conflicts/{row.pk}/settle/", {"take": "ours"}, follow=True
    )
    assert "That was settled already. Nothing was changed." in text_of(again)


def test_the_page_of_a_day_leads_to_its_bill(desk: Desk) -> None:
    bill = make.bill(desk.campaign, "2026-04-01")
    page = desk.get("entry", pk=Milestone.everything.get(step__bill=bill).pk)
    assert "A day of Rivers Bill , kept up by itself" in text_of(page)
    assert at("bill", desk.campaign, pk=bill.pk).encode() in page.content


def test_what_hangs_on_a_day_is_shown_before_theirs_is_taken(desk: Desk) -> None:
    bill = disputed(desk.campaign)
    row = DateConflict.objects.get()
    briefing = make.milestone(desk.campaign, headline="Our briefing is out", target="2026-03-19")
    make.hang(briefing, row.step.milestone, 2, before=True)
    plan(briefing, at=AT)
    before = everything_stored()
    response = desk.post("settle_conflict", {"take": "theirs"}, pk=bill.pk, conflict=row.pk)
    assert "Nothing has moved yet." in text_of(response)
    assert "Our briefing is out 19 March 2026 20 March 2026 2 weeks before" in text_of(response)
    assert everything_stored() == before
    page = response.context
    sent = dict(page["carried"]) | {"confirmed": page["effect"].foreseen.mark}
    there = at("settle_conflict", desk.campaign, pk=bill.pk, conflict=row.pk)
    said = text_of(desk.client().post(there, sent, follow=True))
    assert "is taken. The record says so. 1 deadline that hangs on it moved with it." in said
    row.refresh_from_db()
    assert (row.took, briefing.targets.latest("pk").date) == ("theirs", "2026-03-20")


def test_to_keep_ours_moves_nothing_and_asks_nothing(desk: Desk) -> None:
    bill = disputed(desk.campaign)
    row = DateConflict.objects.get()
    make.hang(make.milestone(desk.campaign, target="2026-03-19"), row.step.milestone, 2, before=True)
    response = desk.post("settle_conflict", {"take": "ours"}, pk=bill.pk, conflict=row.pk)
    row.refresh_from_db()
    assert (response.status_code, row.took) == (302, "ours")


def test_keeping_ours_is_settling_it_too(desk: Desk) -> None:
    bill = disputed(desk.campaign)
    row = DateConflict.objects.get()
    desk.post("settle_conflict", {"take": "ours"}, pk=bill.pk, conflict=row.pk)
    row.refresh_from_db()
    assert (row.took, row.settled_by, row.settled_at) == ("ours", desk.cast["owner"], AT)


def test_taking_theirs_plans_the_reminders_again(desk: Desk) -> None:
    bill = disputed(desk.campaign)
    desk.post("settle_conflict", {"take": "theirs"}, pk=bill.pk, conflict=DateConflict.objects.get().pk)
    milestone = Milestone.everything.get(step__bill=bill, step__day="2026-04-03")
    planned = Reminder.objects.filter(milestone=milestone, state="planned").values_list("target", flat=True)
    assert set(planned) == {"2026-04-03"}


def test_looking_now_shows_how_far_it_is_and_then_the_page_anew(desk: Desk, settings: Any) -> None:
    settings.REDIS_URL = ""
    bill = make.bill(desk.campaign, "2026-04-01")
    desk.post("look_at_bill", {}, pk=bill.pk)
    BillLook.objects.update(done=2)
    page = desk.get("bill", pk=bill.pk)
    assert "Reading its stages 2 of 4" in text_of(page)
    BillLook.objects.update(asked_at=None)
    client = desk.client()
    fragment = client.get(at("bill", desk.campaign, pk=bill.pk), headers={"HX-Request": "true"})
    assert (fragment["HX-Refresh"], fragment.content) == ("true", b"")


def test_a_bill_that_is_not_followed_is_not_looked_at(desk: Desk) -> None:
    bill = make.bill(desk.campaign, "2026-04-01")
    desk.post("stop_bill", {}, pk=bill.pk)
    desk.post("look_at_bill", {}, pk=bill.pk)
    assert BillLook.objects.get().asked_at is None
    assert "no longer followed" in text_of(desk.get("bills"))
    desk.post("follow_bill_again", {}, pk=bill.pk)
    assert Bill.objects.get().following == Following.FOLLOWED


def test_what_the_last_look_could_not_do_is_told_to_staff(desk: Desk) -> None:
    bill = make.bill(desk.campaign, "2026-04-01")
    BillLook.objects.update(said=["A stage could not be read."], looked_at=AT)
    ProviderLook.objects.create(provider="uk-bills", try_at=AT, said="It has a fault of its own (500).")
    told = {who: text_of(desk.get("bill", pk=bill.pk, who=who)) for who in ("press", "viewer")}
    assert "A stage could not be read." in told["press"]
    assert "A stage could not be read." not in told["viewer"]
    for words in told.values():
        assert "UK Parliament could not be asked: It has a fault of its own (500)." in words


def test_what_was_promised_can_be_said_later_and_taken_back(desk: Desk) -> None:
    bill, promise = make.bill(desk.campaign, "2026-04-01"), make.milestone(desk.campaign)
    desk.post("change_bill", {"promise": "royal assent", "visibility": "public"}, pk=bill.pk)
    bill.refresh_from_db()
    assert (bill.promise, bill.visibility) == (promise, "public")
    assert (
        desk.get("change_bill", pk=bill.pk).context["form"]["promise"].value()
        == f"Royal Assent [{promise.pk}]"
    )
    own = Milestone.everything.get(step__bill=bill)
    refused = desk.post("change_bill", {"promise": own.entry.headline, "visibility": "team"}, pk=bill.pk)
    assert problems_of(refused) == {
        "promise": ["That one came of the bill itself. Choose one that the campaign set."]
    }
    desk.post("change_bill", {"promise": "", "visibility": "team"}, pk=bill.pk)
    bill.refresh_from_db()
    assert bill.promise is None


def test_a_bill_of_many_days_costs_no_more_queries(desk: Desk, django_assert_max_num_queries: Any) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (4, 5) for day in range(1, 29)]
    bill = make.bill(desk.campaign, *days)
    client, path = desk.client(), at("bill", desk.campaign, pk=bill.pk)
    with django_assert_max_num_queries(25):
        client.get(path)


def test_nobody_is_told_of_a_stage_whose_milestone_is_hidden(desk: Desk) -> None:
    bill = disputed(desk.campaign)
    hidden = Milestone.everything.get(step__bill=bill, step__day="2026-04-03").entry
    desk.post("withdraw", {}, pk=hidden.pk)
    words = text_of(desk.get("bill", pk=bill.pk, who="viewer"))
    assert "3 April 2026" not in words
    assert "8 April 2026" in words
    assert "3 April 2026" in text_of(desk.get("bill", pk=bill.pk))
