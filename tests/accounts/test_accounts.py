"""The person who signs in: names, addresses, zones, and who did what."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from apps.accounts.authorship import delete_as, save_as
from apps.accounts.middleware import PersonalTimeZone
from apps.accounts.models import User
from apps.accounts.zones import validate_time_zone
from apps.campaigns.models import Campaign
from tests import make


def test_others_see_the_full_name_or_else_the_username(db: None) -> None:
    named, unnamed = make.user("amira", last_name="Khan"), User(username="press2")
    assert (named.name, unnamed.name, str(named)) == ("Amira Khan", "press2", "Amira Khan")


def test_an_address_is_one_whatever_its_case(db: None) -> None:
    assert User.objects.create_user("a", email="Amira@Example.ORG").email == "amira@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("b", email="AMIRA@example.org")


def test_history_keeps_no_password(db: None) -> None:
    fields = {field.name for field in User.history.model._meta.get_fields()}
    assert {"password", "last_login"} & fields == set()
    assert "email" in fields


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland", "UTC"])
def test_a_zone_of_the_list_is_taken(zone: str) -> None:
    validate_time_zone(zone)


@pytest.mark.parametrize("zone", ["", "London", "../../etc/passwd", "Europe/Lon\x00don", "x" * 100])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="is not a time zone"):
        validate_time_zone(zone)


def zone_for(user: User | AnonymousUser) -> str:
    """The zone a page is drawn in for that person."""
    seen = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = user
    PersonalTimeZone(page)(request)
    return seen[0]


def test_pages_are_drawn_in_the_readers_zone_and_it_does_not_stick(db: None) -> None:
    abroad = make.user(time_zone="Pacific/Auckland")
    zones = [zone_for(user) for user in (abroad, AnonymousUser(), make.user(), abroad)]
    timezone.deactivate()
    assert zones == ["Pacific/Auckland", "Europe/London", "Europe/London", "Pacific/Auckland"]


def test_history_names_who_saved_and_who_deleted(campaign: Campaign) -> None:
    one, two = make.user(), make.user()
    campaign.summary = "New"
    save_as(one, campaign)
    save_as(None, campaign)
    delete_as(two, campaign)
    rows = Campaign.history.order_by("-history_id")[:3]
    assert [(row.history_type, row.history_user) for row in rows] == [("-", two), ("~", None), ("~", one)]
