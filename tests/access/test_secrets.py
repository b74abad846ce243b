"""The addresses of people's channels are keys: not even the administrator reads them."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.notices.actions import add_channel
from apps.notices.models import Channel, Kind
from tests import make
from tests.pages import client_of


@pytest.fixture
def channel(campaign: Campaign) -> Channel:
    owner = make.owner_of(campaign)
    return add_channel(user=owner, kind=Kind.WEBHOOK, name="Desk", address="https://example.org/SECRET-PATH")


@pytest.fixture
def administrator(channel: Channel) -> Client:
    return client_of(make.user("ada", is_staff=True, is_superuser=True))


@pytest.mark.parametrize("page", ["changelist", "change", "delete", "history"])
def test_the_admin_shows_a_channel_without_its_address_and_key(
    administrator: Client, channel: Channel, page: str
) -> None:
    args = [] if page == "changelist" else [channel.pk]
    shown = administrator.get(reverse(f"admin:notices_channel_{page}", args=args)).content.decode()
    assert ("Desk" in shown, "SECRET" in shown, channel.key in shown) == (True, False, False)


def test_the_admin_finds_no_channel_by_its_address(administrator: Client, channel: Channel) -> None:
    found = administrator.get(reverse("admin:notices_channel_changelist"), {"q": "SECRET"})
    assert found.context["cl"].result_count == 0


def test_a_channel_keeps_no_history(channel: Channel) -> None:
    assert not hasattr(channel, "history")
