"""Signing in and out."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests import make
from tests.make import PASSWORD
from tests.pages import client_of, text_of

SIGN_IN, SIGN_OUT, HOME = reverse("account_login"), reverse("account_logout"), reverse("home")
TOO_MANY = "Too many failed login attempts. Try again later."


@pytest.fixture
def olive(db: None) -> User:
    return make.user("olive")


def sign_in(client: Client, login: str = "olive", password: str = PASSWORD, **more: Any) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password}, **more)


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("login", ["olive", "OLIVE", "olive@example.org", "Olive@Example.ORG", " olive "])
def test_by_user_name_or_by_e_mail(login: str, olive: User) -> None:
    client = Client()
    response = sign_in(client, login)
    assert (response.status_code, response["Location"], who(client)) == (302, HOME, str(olive.pk))


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("olive", "wrong horse battery staple"),
        ("olive", PASSWORD.upper()),
        ("olive", ""),
        ("", PASSWORD),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("' or 1=1 --", PASSWORD),
        ("olive\x00", PASSWORD),
        ("x" * 100_000, PASSWORD),
    ],
    ids=lambda value: value[:20],
)
def test_anything_else_signs_nobody_in(login: str, password: str, olive: User) -> None:
    client = Client()
    assert (sign_in(client, login, password).status_code, who(client)) == (200, None)


def test_a_wrong_password_and_an_unknown_name_read_alike(olive: User) -> None:
    said = {
        login: str(sign_in(Client(), login, "wrong").context["form"].errors) for login in ("olive", "nobody")
    }
    assert said["olive"] == said["nobody"]


def test_an_account_put_to_rest_does_not_open(olive: User) -> None:
    olive.is_active = False
    olive.save()
    client = Client()
    response = sign_in(client)
    assert (response["Location"], who(client)) == (reverse("account_inactive"), None)


@pytest.fixture
def shared_cache(settings: Any, tmp_path: Path) -> None:
    """The cache that a site's processes share where it has no Redis."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path),
        }
    }


def another_process() -> None:
    """What one process holds of the cache in memory is gone in the next."""
    del caches["default"]


def test_guessing_is_stopped_in_every_process_and_for_nobody_else(shared_cache: None, olive: User) -> None:
    make.user("amira")
    for _ in range(5):
        assert TOO_MANY not in text_of(sign_in(Client(), password="wrong"))
        another_process()
    client = Client()
    assert (TOO_MANY in text_of(sign_in(client)), who(client)) == (True, None)
    other = Client()
    assert sign_in(other, "amira").status_code == 302


def test_guessing_many_names_from_one_machine_is_stopped_too(shared_cache: None, olive: User) -> None:
    for number in range(10):
        sign_in(Client(), f"name{number}", "wrong")
        another_process()
    client = Client()
    assert (sign_in(client).status_code, who(client)) == (200, None)
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\x00",
        "",
    ],
)
def test_it_leads_to_no_other_site(path: str, olive: User) -> None:
    response = Client().post(SIGN_IN, {"login": "olive", "password": PASSWORD, "next": path})
    assert (response.status_code, response["Location"]) == (302, HOME)


def test_it_leads_back_to_where_one_was_going(olive: User) -> None:
    going = f"{reverse('deadlines')}?status=overdue&words=a"
    client = Client()
    door = client.get(going)["Location"]
    assert door == f"{SIGN_IN}?next=/deadlines/%3Fstatus%3Doverdue%26words%3Da"
    assert client.get(door).status_code == 200
    response = client.post(door, {"login": "olive", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, going)


def test_signing_in_begins_a_new_session(olive: User) -> None:
    client = Client()
    session = client.session
    session["kept"] = "by somebody else"
    session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_signing_out_takes_a_post(olive: User) -> None:
    client = client_of(olive)
    client.get(SIGN_OUT)
    assert who(client) == str(olive.pk)
    assert client.post(SIGN_OUT)["Location"] == HOME
    assert who(client) is None


def test_a_form_from_another_site_signs_nobody_in_or_out(olive: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert (sign_in(client).status_code, who(client)) == (403, None)
    client.force_login(olive)
    assert (client.post(SIGN_OUT).status_code, who(client)) == (403, str(olive.pk))
