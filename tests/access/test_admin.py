"""The admin: every address of every model registered there, for the administrator and for everybody else."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.evidence.models import Quote
from apps.timeline.models import Entry
from tests.access.world import ROLES, World
from tests.pages import everything_stored, outcome

OTHERS = [role for role in ROLES if role != "administrator"]
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
OF_A_MODEL = ("changelist", "add", "change", "delete", "history", "simple_history")
BESIDE_MODELS = {
    "index": "200",
    "login": "302",
    "logout": "405",
    "password_change": "200",
    "password_change_done": "200",
    "autocomplete": "200",
    "jsi18n": "200",
    "view_on_site": "404",
    "app_list": "200",
    "auth_user_password_change": "200",
}
"""What the administrator gets on GET where the address belongs to no model."""
DOORS = {"login", "logout"}
"""Addresses that are the way in or out, and answer everybody."""


def names() -> set[str]:
    (resolver,) = (r for r in get_resolver().url_patterns if isinstance(r, URLResolver) and r.namespace)
    return {name for name in _names(resolver) if name}


def _names(resolver: URLResolver) -> list[str | None]:
    found: list[str | None] = []
    for pattern in resolver.url_patterns:
        found += _names(pattern) if isinstance(pattern, URLResolver) else [pattern.name]
        assert isinstance(pattern, URLPattern | URLResolver)
    return found


def name_of(model: type[Model], action: str) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_{action}"


def addresses(model: type[Model]) -> dict[str, str]:
    """Each action's address, of the model's first row and that row's newest history."""
    row = model._base_manager.first()
    assert row is not None, (
        f"Make a {model._meta.label} in tests/access/world.py, so that its pages are walked"
    )
    of_row = {action: [row.pk] for action in ("change", "delete", "history")}
    if hasattr(row, "history"):
        kept = row.history.first()
        assert kept is not None, f"Make the {model._meta.label} by its action, so that it has a history"
        of_row["simple_history"] = [row.pk, kept.history_id]
    actions = {"changelist": [], "add": [], **of_row}
    return {action: reverse(f"admin:{name_of(model, action)}", args=args) for action, args in actions.items()}


def beside(name: str) -> str:
    args: dict[str, list[Any]] = {
        "view_on_site": [ContentType.objects.get_for_model(Entry).pk, 1],
        "app_list": ["timeline"],
        "auth_user_password_change": [1],
    }
    query = (
        "?app_label=timeline&model_name=link&field_name=from_entry&term=x" if name == "autocomplete" else ""
    )
    return reverse(f"admin:{name}", args=args.get(name, [])) + query


def test_every_address_of_the_admin_is_walked() -> None:
    walked = {name_of(model, action) for model in REGISTERED for action in OF_A_MODEL} | BESIDE_MODELS.keys()
    missing = sorted(names() - walked)
    assert missing == [], f"Say in tests/access/test_admin.py what these are for: {', '.join(missing)}"


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_the_administrator_opens_what_the_model_allows(model: type[Model], world: World) -> None:
    browser, request = world.clients["administrator"], RequestFactory().get("/")
    request.user = world.cast["administrator"]  # type: ignore[assignment]
    settled = admin.site._registry[model]
    allowed = {
        "add": settled.has_add_permission(request),
        "delete": settled.has_delete_permission(request, model._base_manager.first()),
    }
    got = {action: outcome(browser.get(path)) for action, path in addresses(model).items()}
    assert got == {action: "200" if allowed.get(action, True) else "403" for action in got}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_everybody_else_is_sent_to_sign_in(model: type[Model], world: World) -> None:
    before, door = everything_stored(), reverse("admin:login")
    for path in addresses(model).values():
        for role in OTHERS:
            for response in (world.clients[role].get(path), world.clients[role].post(path, {"post": "yes"})):
                assert response.status_code == 302, (role, path)
                assert response["Location"].startswith(door), (role, path)
    assert everything_stored() == before


@pytest.mark.parametrize("name", sorted(BESIDE_MODELS))
def test_the_rest_of_the_admin(name: str, world: World) -> None:
    path = beside(name)
    assert world.clients["administrator"].get(path).status_code == int(BESIDE_MODELS[name])
    if name not in DOORS:
        for role in OTHERS:
            response = world.clients[role].get(path)
            assert (response.status_code, response["Location"][:13]) == (302, "/admin/login/"), role


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_field_that_finds_rows_as_they_are_typed_finds_them(model: type[Model], world: World) -> None:
    for field in admin.site._registry[model].autocomplete_fields:
        asked = {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field,
            "term": "a",
        }
        assert world.clients["administrator"].get(reverse("admin:autocomplete"), asked).status_code == 200


def test_what_a_sign_off_rests_on_is_not_changed_in_the_admin(world: World) -> None:
    """Neither typed anew nor brought back out of history: the words, and who said them."""
    browser = world.clients["administrator"]
    quote = Quote.everything.select_related("entry").exclude(cleared_at=None).first()
    assert quote is not None
    entry, before = quote.entry, everything_stored()
    change = reverse("admin:evidence_quote_change", args=[quote.pk])
    assert browser.post(change, {"words": "Other words."}).status_code == 403
    for row in (quote, entry):
        kept = row.history.last()
        assert kept is not None
        back = reverse(f"admin:{name_of(type(row), 'simple_history')}", args=[row.pk, kept.history_id])
        assert browser.post(back, {"headline": "Back"}).status_code == 403
    assert everything_stored() == before
    form = browser.get(reverse("admin:timeline_entry_change", args=[entry.pk])).context["adminform"].form
    assert not form.fields.keys() & {"kind", "person", "organisation"}
    assert "headline" in form.fields


def test_the_admins_door_is_the_sites_own(world: World) -> None:
    """One throttle and one set of checks; whoever is signed in and no administrator is refused."""
    got = {role: outcome(world.clients[role].get(reverse("admin:login"))) for role in OTHERS}
    assert got == {role: "sign in" if role == "nobody" else "403" for role in OTHERS}


def test_odd_ids_break_nothing(world: World) -> None:
    for model in REGISTERED:
        for odd in ("0", "x", "9" * 18, "%00", "%FF", "1_2F2"):
            for action in ("change", "delete"):
                path = reverse(f"admin:{name_of(model, action)}", args=["stand-in"])
                response = world.clients["administrator"].get(path.replace("stand-in", odd))
                assert response.status_code in {302, 403}, (model, action, odd)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_lists_are_searched_and_sorted_without_breaking(model: type[Model], world: World) -> None:
    path = addresses(model)["changelist"]
    for query in (
        "?q=harms",
        "?q=%00",
        "?o=1.-2.99",
        "?o=x",
        "?p=9999",
        "?e=1",
        "?all=",
        "?pk__in=x",
        "?_facets",
    ):
        response = world.clients["administrator"].get(path + query)
        assert response.status_code in {200, 302, 400}, query
        assert "unsafe" not in response["Content-Security-Policy"]
