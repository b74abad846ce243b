"""What page tests share: the clock the pages read, clients signed in, and what a page's HTML says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.campaigns.models import Campaign


class Clock:
    """Stands in for `django.utils.timezone.now`; tests set `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def client_of(user: User | None) -> Client:
    """A browser of that person; of a visitor where there is none."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def at(name: str, campaign: Campaign | None = None, **parts: Any) -> str:
    """The address of a page, in a campaign where one is given."""
    return reverse(name, kwargs={**({"slug": campaign.slug} if campaign else {}), **parts})


def outcome(response: HttpResponse) -> str:
    """The status, or "sign in" where the answer sends a visitor to the door."""
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return "sign in"
    return str(response.status_code)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything_stored() -> dict[str, list[Any]]:
    """Every row of every table; sessions apart, and when somebody last signed in."""
    return {
        model._meta.label: list(
            model._base_manager.order_by("pk").values_list(
                *(field.attname for field in model._meta.concrete_fields if field.name != "last_login")
            )
        )
        for model in apps.get_models(include_auto_created=True)
        if model is not Session and model._meta.label != "accounts.HistoricalUser"
    }


def text_of(response: HttpResponse) -> str:
    """What a page says, without its tags, on one line."""
    html = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(unescape(html).split())


class _Unsafe(HTMLParser):
    """Collects what the content security policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        if tag == "style":
            self.found.append("<style>")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag} {name}=…>")
            elif (
                name in ("href", "src", "action")
                and (value or "").strip().lower().startswith("javascript:")
                or name == "src"
                and "//" in (value or "")
            ):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.found.append("<script> with a body")


def unsafe_parts(response: HttpResponse) -> list[str]:
    """Inline script and style, and anything fetched from elsewhere, in a page's HTML."""
    parser = _Unsafe()
    parser.feed(response.content.decode())
    return parser.found


def is_page(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and not response.streaming


def problems_of(response: HttpResponse, form: str = "form") -> dict[str, list[str]]:
    """A refused form's messages, held against the page: each stands in the summary, and those of fields
    that are shown stand beside their field as well."""
    made = response.context[form]
    shown = text_of(response)
    found = {name: [str(error) for error in errors] for name, errors in made.errors.items()}
    for name, errors in found.items():
        twice = name != "__all__" and not made[name].is_hidden
        for error in errors:
            assert shown.count(" ".join(error.split())) >= (2 if twice else 1), (
                f"“{error}” is not on the page"
            )
    return found
