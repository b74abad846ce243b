"""The front page, beginning on an empty site, a campaign's home, oneself, and the site's health."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.models import Campaign, Membership
from apps.dates import parse
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Outcome
from apps.reminders.models import Rule
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, query_count
from tests.make import AT, PASSWORD
from tests.pages import client_of, everything_stored, problems_of, text_of

HOME, SIGN_UP, START = reverse("home"), reverse("account_signup"), reverse("start_campaign")


def signing_up(name: str) -> dict[str, str]:
    return {
        "email": f"{name}@example.org",
        "username": name,
        "password1": PASSWORD,
        "password2": PASSWORD,
    }


def test_the_first_person_of_an_empty_site_signs_up_and_starts_a_campaign(db: None) -> None:
    client = Client()
    welcome = client.get(HOME)
    assert "Nobody has an account on this site yet." in text_of(welcome)
    begin = link_called(welcome, "Start your campaign")
    assert begin is not None
    assert "Make an account" in text_of(client.get(begin))
    response = client.post(SIGN_UP, {**signing_up("amira"), "next": START})
    assert (response.status_code, response["Location"]) == (302, START)
    response = client.post(START, {"name": "Clean rivers", "time_zone": "Europe/London"}, follow=True)
    assert response.redirect_chain == [("/c/clean-rivers/", 302)]
    place = Membership.objects.get()
    assert (place.user.username, place.role, place.campaign.slug) == ("amira", "owner", "clean-rivers")
    assert Rule.objects.filter(campaign=place.campaign).count() == 6


def test_the_second_person_does_not_sign_up_uninvited(db: None) -> None:
    make.user("amira")
    client = Client()
    assert "Nobody has an account" not in text_of(client.get(HOME))
    for response in (client.get(SIGN_UP), client.post(SIGN_UP, signing_up("mallory"))):
        assert "Accounts are made by invitation" in text_of(response)
    assert User.objects.get().username == "amira"


def test_visitors_read_of_public_campaigns_and_of_no_others(
    campaign: Campaign, other_campaign: Campaign
) -> None:
    campaign.is_public = True
    campaign.save()
    said = text_of(Client().get(HOME))
    assert ("Online harms" in said, "Clean rivers" in said) == (True, False)


BAD = [
    ("name", ""),
    ("name", "x" * 121),
    ("name", "nul \x00"),
    ("summary", "x" * 1001),
    ("time_zone", "Mars/Olympus"),
    ("time_zone", ""),
    ("time_zone", "../etc/passwd"),
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda value: value[:20])
def test_a_campaign_that_cannot_be_is_refused(field: str, value: str, db: None) -> None:
    client = client_of(make.user())
    before = everything_stored()
    response = client.post(START, {"name": "Rivers", "time_zone": "Europe/London", field: value})
    assert list(problems_of(response)) == [field]
    assert everything_stored() == before


def test_two_campaigns_of_one_name_have_two_addresses(db: None) -> None:
    client = client_of(make.user())
    for _ in range(2):
        client.post(START, {"name": "Rivers", "time_zone": "Europe/London"})
    assert sorted(Campaign.objects.values_list("slug", flat=True)) == ["rivers", "rivers-2"]


def test_my_campaigns_say_what_is_next_and_what_is_late(desk: Desk, other_campaign: Campaign) -> None:
    make.milestone(desk.campaign, headline="Late", target="2026-03-01")
    make.milestone(desk.campaign, headline="Later", target="2026-06-20")
    make.milestone(desk.campaign, headline="Soon", target="2026-03-20")
    make.campaign(owner=desk.cast["owner"], name="Air")
    said = text_of(desk.client().get(HOME))
    assert (
        "My campaigns Air You are here as owner Online harms You are here as owner · something is overdue "
        "· next: Soon , 20 March 2026 Start a campaign"
    ) in said.replace("Soon,", "Soon ,")
    assert "Clean rivers" not in said


def test_whoever_is_on_no_campaign_is_shown_how_to_begin(desk: Desk) -> None:
    assert "You are on no campaign yet" in text_of(desk.client("outsider").get(HOME))


def headlines(page: HttpResponse, part: str) -> list[str]:
    return [entry.headline for entry in getattr(page.context["home"], part)]


def test_a_campaigns_home_says_what_is_next_late_slipped_and_new(desk: Desk) -> None:
    owner = desk.cast["owner"]
    slow = make.milestone(desk.campaign, headline="Slow", target="2026-01-01")
    revise_target(milestone=slow, to=parse("2026-04-01"), reason="Recess", by=owner, at=AT)
    for number in range(1, 7):
        make.milestone(desk.campaign, headline=f"Late {number}", target=f"2026-02-0{number}")
        make.milestone(desk.campaign, headline=f"Next {number}", target=f"2026-05-0{number}")
    page = desk.get("campaign")
    assert headlines(page, "next") == ["Slow", "Next 1", "Next 2", "Next 3", "Next 4"]
    assert headlines(page, "overdue") == ["Late 1", "Late 2", "Late 3", "Late 4", "Late 5"]
    assert headlines(page, "slipped") == ["Slow"]
    assert headlines(page, "newest") == ["Next 6", "Late 6", "Next 5", "Late 5", "Next 4"]
    more = link_called(page, "All that is overdue")
    assert more is not None
    assert "6 milestones" in text_of(desk.client().get(more))
    for part in ("next", "overdue", "slipped", "newest"):
        assert all(headline in text_of(page) for headline in headlines(page, part))


SENTENCES: list[tuple[list[tuple[str, ...]], str]] = [
    ([], "Nothing is overdue and no deadline is set."),
    ([("Assent", "2026-03-10")], "Next: Assent, today."),
    ([("Assent", "2026-03-11")], "Next: Assent, tomorrow."),
    (
        [("Assent", "2026-03-01")],
        "Assent: 9 days past its first promised date. One deadline is overdue.",
    ),
    (
        [("Assent", "2025-03-10", "2026-03-20")],
        "Assent: 365 days past its first promised date. Next: Assent, in 10 days.",
    ),
    (
        [("Report", "2026-03-09"), ("Assent", "2026-03-08"), ("Debate", "2026-04-09")],
        "Assent: 2 days past its first promised date. Two deadlines are overdue. Next: Debate, in 30 days.",
    ),
    ([("Assent", "2026-06-20", "2026-05-20")], "Next: Assent, in 71 days."),
]


@pytest.mark.parametrize(("milestones", "sentence"), SENTENCES, ids=lambda value: str(len(value)))
def test_the_state_of_the_campaign_in_a_breath(
    milestones: list[tuple[str, ...]], sentence: str, desk: Desk
) -> None:
    make.update(desk.campaign)
    for headline, first, *later in milestones:
        milestone = make.milestone(desk.campaign, headline=headline, target=first)
        for to in later:
            revise_target(milestone=milestone, to=parse(to), reason="Moved", by=desk.cast["owner"], at=AT)
    page = desk.get("campaign")
    assert page.context["home"].sentence == sentence
    assert sentence in text_of(page)


def test_the_worst_is_the_latest_of_all_that_count(desk: Desk) -> None:
    """Not the one that moved most: it was dropped; nor one that is withdrawn."""
    by = desk.cast["owner"]
    for headline, target, to in (
        ("Dropped", "2025-06-01", "2025-12-01"),
        ("Gone", "2025-06-01", "2026-03-01"),
    ):
        milestone = make.milestone(desk.campaign, headline=headline, target=target)
        revise_target(milestone=milestone, to=parse(to), reason="Moved", by=by, at=AT)
        if headline == "Gone":
            desk.post("withdraw", {}, pk=milestone.pk)
        else:
            settle(milestone=milestone, outcome=Outcome.DROPPED, on=AT.date(), by=by, at=AT)
    met = make.milestone(desk.campaign, headline="Met", target="2026-01-30")
    settle(milestone=met, outcome=Outcome.MET, on=date(2026, 3, 1), by=by, at=AT)
    page = desk.get("campaign")
    assert page.context["home"].sentence == "Met: met 30 days past its first promised date."
    assert headlines(page, "slipped") == ["Dropped"]


def test_more_than_five_are_not_counted(desk: Desk) -> None:
    for _ in range(6):
        make.milestone(desk.campaign, target="2026-03-01")
    assert "More than five deadlines are overdue." in text_of(desk.get("campaign"))


def test_what_needs_a_person_is_asked_of_staff_and_of_whoever_added_it(desk: Desk) -> None:
    make.update(desk.campaign, headline="A draft", by=desk.cast["volunteer"], approved=False)
    make.quote(desk.campaign, headline="A quote")
    make.milestone(desk.campaign, headline="A deadline")
    asked = {
        who: [
            headlines(desk.get("campaign", who=who), part) for part in ("waiting", "uncleared", "unwatched")
        ]
        for who in ("owner", "advocacy", "press", "volunteer", "viewer")
    }
    everything = [["A draft"], ["A quote"], ["A deadline"]]
    assert asked == {
        **dict.fromkeys(("owner", "advocacy", "press"), everything),
        "volunteer": [["A draft"], [], []],
        "viewer": [[], [], []],
    }
    assert "Needs a person" not in text_of(desk.get("campaign", who="viewer"))


def test_visitors_of_a_public_campaign_read_nothing_of_its_team(desk: Desk) -> None:
    desk.campaign.is_public = True
    desk.campaign.save()
    make.milestone(desk.campaign, visibility="public", owner=desk.cast["press"])
    names = [user.name for user in desk.cast.values()]
    said = text_of(desk.get("campaign", who="nobody"))
    assert ([name for name in names if name in said], "Royal Assent" in said) == ([], True)


def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk) -> None:
    def add(count: int) -> None:
        for number in range(count):
            day = (AT + timedelta(days=number - 5)).date().isoformat()
            make.milestone(desk.campaign, target=day, owner=make.member(desk.campaign, "viewer"))
            make.quote(desk.campaign, approved=number % 2 == 0)

    client, path = desk.client(), reverse("campaign", kwargs={"slug": desk.campaign.slug})
    add(10)
    few = [query_count(client, address) for address in (path, HOME)]
    add(50)
    assert [query_count(client, address) for address in (path, HOME)] == few


def test_a_name_and_a_time_zone_of_ones_own(desk: Desk) -> None:
    client, me = desk.client(), reverse("profile")
    data = {"first_name": "Olive", "last_name": "Oyl", "time_zone": "Asia/Tokyo"}
    assert client.post(me, data).status_code == 302
    stored = User.objects.get(pk=desk.cast["owner"].pk)
    assert (stored.name, stored.time_zone) == ("Olive Oyl", "Asia/Tokyo")
    assert list(problems_of(client.post(me, {**data, "time_zone": "Mars/Olympus"}))) == ["time_zone"]


def test_an_embargo_is_edited_by_the_clocks_of_its_campaign(desk: Desk) -> None:
    update = make.update(desk.campaign, embargo_until=AT)
    desk.cast["press"].time_zone = "Asia/Tokyo"
    desk.cast["press"].save()
    shown = {who: desk.get("edit_entry", pk=update.pk, who=who).content for who in ("owner", "press")}
    assert [b"2026-03-10T10:00" in page for page in shown.values()] == [True, True]
    assert [b'name="embargo_zone" value="Europe/London"' in page for page in shown.values()] == [True, True]
