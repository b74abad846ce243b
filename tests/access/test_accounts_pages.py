"""The pages of signing in and up, which are allauth's: who gets which, and none breaks its own policy."""

import pytest
from django.urls import get_resolver, reverse

from tests.access.test_every_page import patterns
from tests.access.world import ROLES, World
from tests.pages import everything_stored, is_page, outcome, unsafe_parts

PAGES = {
    # name                                  visitors    signed in   parts of the address
    "account_login": ("200", "302", []),
    "account_logout": ("302", "200", []),
    "account_inactive": ("200", "200", []),
    "account_signup": ("200", "302", []),
    "account_reauthenticate": ("sign in", "200", []),
    "account_email": ("sign in", "200", []),
    "account_email_verification_sent": ("200", "200", []),
    "account_change_password": ("sign in", "200", []),
    "account_set_password": ("sign in", "302", []),
    "account_reset_password": ("200", "200", []),
    "account_confirm_login_code": ("sign in", "302", []),
    "account_confirm_email": ("200", "200", ["no-such-key"]),
    "account_reset_password_from_key_done": ("200", "200", []),
    "account_reset_password_from_key": ("200", "200", ["1", "no-such-key"]),
    "account_reset_password_done": ("200", "200", []),
}


def test_every_address_of_allauth_is_in_the_table() -> None:
    theirs = {name for name, module in patterns(get_resolver()) if module.startswith("allauth.")}
    missing = sorted(theirs - PAGES.keys())
    assert missing == [], f"Say in tests/access/test_accounts_pages.py who may open: {', '.join(missing)}"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_everybody_gets_what_the_table_says(name: str, world: World) -> None:
    visitors, signed_in, parts = PAGES[name]
    path = reverse(name, args=parts)
    responses = {role: world.clients[role].get(path) for role in ROLES}
    got = {role: outcome(response) for role, response in responses.items()}
    assert got == {role: visitors if role == "nobody" else signed_in for role in ROLES}
    for response in responses.values():
        assert "unsafe" not in response["Content-Security-Policy"]
        if is_page(response):
            assert unsafe_parts(response) == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_empty_and_absurd_forms_change_nothing(name: str, world: World) -> None:
    path = reverse(name, args=PAGES[name][2])
    world.clients["owner"].get(reverse("account_email"))  # which notes the address of the account
    before = everything_stored()
    fields = ("login", "password", "email", "username", "password1", "password2", "oldpassword", "code")
    for typed in ("", "\x00", "x" * 100_000, "<script>", "\ud7ff\u202e"):
        for role in ("nobody", "owner"):
            if name == "account_logout":
                continue
            data = {**dict.fromkeys(fields, typed), "action_add": ""}
            assert world.clients[role].post(path, data).status_code in {200, 302, 404, 405, 429}
    assert everything_stored() == before


@pytest.mark.parametrize(
    "next_page", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil"]
)
def test_the_door_leads_nowhere_else(next_page: str, world: World) -> None:
    response = world.clients["owner"].get(reverse("account_login"), {"next": next_page})
    assert response["Location"] == reverse("home")
