"""Teams in the admin: what would reach nobody is planned for the owners."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.actions import change_member
from apps.campaigns.models import Campaign, Membership
from apps.campaigns.roles import Role
from tests import make
from tests.make import AT
from tests.reminders import remind
from tests.reminders.remind import State, look


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(make.user("root", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def ada(campaign: Campaign) -> User:
    """The only one who asked to be reminded. A milestone is planned for her."""
    owner = make.owner_of(campaign)
    change_member(membership=make.membership(campaign, owner), role=Role.OWNER, reminded=False, by=owner)
    ada = make.member(campaign, Role.ADVOCACY, name="ada")
    remind.ladder(campaign, 7)
    remind.milestone(campaign, target="2026-06-20")
    assert told() == ["ada"]
    return ada


def told() -> list[str]:
    planned = remind.reminders(state=State.PLANNED)
    return list(planned.values_list("recipient__username", flat=True))


def page(row: Any, action: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{action}", args=[row.pk])


def save(admin: Client, row: Any, **changed: Any) -> None:
    """Send the row's form as it stands, but for what is changed; False unticks a box."""
    form = admin.get(page(row)).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    for name in [name for name in shown if hasattr(shown[name], "strftime")]:  # a day and a time beside it
        shown[f"{name}_0"], shown[f"{name}_1"] = f"{shown[name]:%Y-%m-%d}", f"{shown.pop(name):%H:%M:%S}"
    sent = {name: value for name, value in (shown | changed).items() if value not in (None, False)}
    answer = admin.post(page(row), sent)
    assert answer.status_code == 302, answer.context["errors"]


def delete_chosen(admin: Client, row: Any) -> None:
    rows = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")
    sent = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    assert admin.post(rows, sent).status_code == 302


def delete(admin: Client, row: Any) -> None:
    assert admin.post(page(row, "delete"), {"post": "yes"}).status_code == 302


DEEDS: dict[str, Callable[[Client, User, Membership], None]] = {
    "the account is closed": lambda admin, ada, place: save(admin, ada, is_active=False),
    "the account is deleted": lambda admin, ada, place: delete(admin, ada),
    "accounts are deleted": lambda admin, ada, place: delete_chosen(admin, ada),
    "they ask for none": lambda admin, ada, place: save(admin, place, reminded=False),
    "they leave": lambda admin, ada, place: delete(admin, place),
    "some leave": lambda admin, ada, place: delete_chosen(admin, place),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_would_reach_nobody_is_planned_for_the_owners(
    admin: Client, ada: User, campaign: Campaign, deed: str
) -> None:
    DEEDS[deed](admin, ada, make.membership(campaign, ada))
    look(at=AT + timedelta(minutes=1))
    assert told() == ["olive"]


def test_who_is_put_on_another_team_is_reminded_there_and_no_more_here(
    admin: Client, ada: User, campaign: Campaign, other_campaign: Campaign
) -> None:
    remind.ladder(other_campaign, 7)
    remind.milestone(other_campaign, target="2026-06-20")
    save(admin, make.membership(campaign, ada), campaign=other_campaign.pk)
    look(at=AT + timedelta(minutes=1))
    assert sorted(told()) == ["ada", "olive", "oscar"]


def test_an_account_that_is_opened_again_is_reminded_again(admin: Client, ada: User) -> None:
    save(admin, ada, is_active=False)
    look(at=AT + timedelta(minutes=1))
    ada.refresh_from_db()
    save(admin, ada, is_active=True)
    look(at=AT + timedelta(minutes=2))
    assert told() == ["ada"]
