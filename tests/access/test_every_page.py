"""The walk: every address of the site's own pages, as every role, by every method."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import make
from tests.access.table import MEMBERS, PAGES, Page, expected
from tests.access.world import ROLES, One, World
from tests.pages import client_of, everything_stored, is_page, outcome, undone, unsafe_parts

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
METHODS = ("PUT", "PATCH", "DELETE")
BY_NAME = {page.name: page for page in PAGES}
IN_CAMPAIGN = [page for page in PAGES if page.in_campaign]
WITH_ID = [page for page in PAGES if set(page.parts) & {"pk", "link", "post"}]

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
every_page_of_a_campaign = pytest.mark.parametrize("page", IN_CAMPAIGN, ids=lambda page: page.name)
every_page_with_an_id = pytest.mark.parametrize("page", WITH_ID, ids=lambda page: page.name)


def patterns(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    """The name and the Python module of every address; those of the admin are walked in test_admin.py."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from patterns(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or "", pattern.callback.__module__


def address(page: Page, one: One, **other: Any) -> str:
    ids = {"slug": one.campaign.slug, **one.ids} | other
    parts = {part: word[1:] if word[0] == "=" else ids[word] for part, word in page.parts.items()}
    return reverse(page.name, kwargs=parts)


def test_every_address_is_in_the_table() -> None:
    own = {name for name, module in patterns(get_resolver()) if module.startswith("apps.")}
    missing = sorted(own - BY_NAME.keys())
    assert missing == [], f"Say in tests/access/table.py who may open: {', '.join(missing)}"
    gone = sorted(BY_NAME.keys() - own)
    assert gone == [], f"No address has these names any more; take them out of the table: {', '.join(gone)}"


@every_page
def test_everybody_gets_what_the_table_says(page: Page, either: World) -> None:
    path = address(page, either.mine)
    got = {role: outcome(either.clients[role].get(path)) for role in ROLES}
    assert got == {role: expected(page, "GET", role, public=either.public) for role in ROLES}


@every_page
def test_head_answers_as_get_does_and_says_nothing(page: Page, world: World) -> None:
    path = address(page, world.mine)
    answers = {role: world.clients[role].head(path) for role in ROLES}
    got = {role: outcome(answer) for role, answer in answers.items()}
    assert got == {role: expected(page, "GET", role, public=False) for role in ROLES}
    assert {answer.content for answer in answers.values()} == {b""}


@every_page
def test_whoever_may_changes_something_and_nobody_else_does(page: Page, either: World) -> None:
    path, data, before = address(page, either.mine), page.data_for(either.mine), everything_stored()
    got, changed = {}, set()
    for role in ROLES:
        with undone():
            got[role] = outcome(either.clients[role].post(path, data))
            if everything_stored() != before:
                changed.add(role)
    assert got == {role: expected(page, "POST", role, public=either.public) for role in ROLES}
    assert changed == {role for role in ROLES if got[role] == page.done and role not in page.but}


@every_page
def test_no_other_method_is_allowed(page: Page, world: World) -> None:
    path, browsers, before = address(page, world.mine), world.clients, everything_stored()
    got = {browsers[role].generic(method, path).status_code for role in ROLES for method in METHODS}
    assert got == {405}
    assert everything_stored() == before


@every_page_with_an_id
def test_what_belongs_to_another_campaign_is_not_found_under_ones_own(page: Page, world: World) -> None:
    path, browsers = address(page, world.mine, **_ids(page, world.theirs)), world.clients
    data, before = page.data_for(world.mine), everything_stored()
    for method, let_in in (("GET", page.get), ("POST", page.post)):
        if let_in is not None:
            got = {role: _ask(browsers[role], method, path, data) for role in ROLES}
            assert got["owner"] == "404"
            assert set(got.values()) <= {"404", "403", "sign in"}
    assert everything_stored() == before


@pytest.mark.parametrize("name", ["remove_link", "remove_post"])
def test_a_part_of_one_thing_is_not_found_under_another(name: str, world: World) -> None:
    """Both are the campaign's own, but the one is not of the other."""
    page, ids = BY_NAME[name], world.mine.ids
    elsewhere = {"pk": ids["cleared"]} if name == "remove_link" else {"post": world.theirs.ids["post"]}
    kwargs = {part: ids.get(word, world.mine.campaign.slug) for part, word in page.parts.items()}
    path = reverse(name, kwargs=kwargs | elsewhere)
    assert world.clients["owner"].post(path).status_code == 404


@every_page_of_a_campaign
def test_another_campaign_is_not_there_at_all(page: Page, world: World) -> None:
    path, browsers = address(page, world.theirs), world.clients
    data, before = page.data_for(world.theirs), everything_stored()
    for method, let_in in (("GET", page.get), ("POST", page.post)):
        if let_in is not None:
            got = {role: _ask(browsers[role], method, path, data) for role in ROLES}
            visitor = "404" if page.get == "other sites" else "sign in"
            assert got == {role: visitor if role == "nobody" else "404" for role in ROLES}
    assert everything_stored() == before


@every_page_of_a_campaign
def test_a_campaign_that_is_not_for_you_answers_like_one_that_does_not_exist(
    page: Page, world: World
) -> None:
    outsider = world.clients["outsider"]
    method = "GET" if page.get else "POST"
    real, made_up = address(page, world.mine), address(page, world.mine, slug="no-such-campaign")
    answers = [outsider.generic(method, path) for path in (real, made_up)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({_TOKEN.sub(b"", answer.content) for answer in answers}) == 1


ODD_IDS = ["0", "9" * 18, "9" * 19, "9" * 400, "-1", "+1", "1.5", "1e3", "x", "%00", "1%00", "%FF", "%0A1"]
ODD_IDS += ["%D9%A1", "1;drop", "..", "%2e%2e%2f", "%F0%9F%98%80", "0x1", "None", "true", " "]


@every_page_with_an_id
def test_odd_ids_are_no_pages(page: Page, world: World) -> None:
    owner, stand_in = world.clients["owner"], 777_777_777_777
    path = address(page, world.mine, **dict.fromkeys(world.mine.ids, stand_in))
    method = "GET" if page.get else "POST"
    got = {odd: owner.generic(method, path.replace(str(stand_in), odd)).status_code for odd in ODD_IDS}
    assert got == dict.fromkeys(ODD_IDS, 404)


ODD_SLUGS = ["x" * 61, "x" * 5000, "%00", "a%00b", "%FF%FE", "a%20b", "%C3%BCn%C3%AF", "..", "%2e%2e"]
ODD_SLUGS += ["'%22%3Cscript%3E", "%0A", "-", "_", "0", "%25s", "{}", "online-harms%20", "ONLINE-HARMS"]


@every_page_of_a_campaign
def test_odd_slugs_are_no_campaigns(page: Page, world: World) -> None:
    browsers = world.clients
    path = address(page, world.mine, slug="stand-in-for-slug")
    method = "GET" if page.get else "POST"
    for odd in ODD_SLUGS:
        asked = path.replace("stand-in-for-slug", odd)
        assert browsers["owner"].generic(method, asked).status_code == 404
        assert outcome(browsers["nobody"].generic(method, asked)) in {"404", "sign in"}


@pytest.mark.parametrize("token", ["x", "%00", "x" * 5000, "%FF", "..", "%F0%9F%98%80", "a b", "'--"])
def test_odd_invitations_are_no_longer_good(token: str, world: World) -> None:
    for role in ("nobody", "outsider", "owner"):
        assert world.clients[role].get(f"/invitations/{token}/").status_code == 404


@every_page
def test_pages_hold_nothing_their_policy_forbids(page: Page, world: World) -> None:
    """No inline script or style, nothing from another host, and a policy that would stop both."""
    path = address(page, world.mine)
    for role in ("nobody", "viewer", "owner"):
        response = world.clients[role].get(path)
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy or "default-src 'none'" in policy
        assert "unsafe" not in policy
        if is_page(response):
            assert unsafe_parts(response) == []
            # With it, a browser hides from us too where a form was sent from, and the form is refused.
            assert response["Referrer-Policy"] != "no-referrer"


def test_volunteers_edit_their_own_drafts_until_they_are_approved(world: World) -> None:
    volunteer = world.cast["volunteer"]
    assert volunteer is not None
    client, got = client_of(volunteer), {}
    for state in ("draft", "published"):
        entry = make.update(world.mine.campaign, by=volunteer, approved=state == "published")
        path = reverse("edit_entry", kwargs={"slug": world.mine.campaign.slug, "pk": entry.pk})
        data = {"headline": "Mine", "date": "2021", "visibility": "team", "version": entry.version}
        got[state] = (client.get(path).status_code, client.post(path, data).status_code)
    assert got == {"draft": (200, 302), "published": (403, 403)}


@pytest.mark.parametrize("role", sorted(MEMBERS))
def test_everybody_may_leave_but_the_last_owner(role: str, world: World) -> None:
    user = world.cast[role]
    assert user is not None
    place = make.membership(world.mine.campaign, user)
    path = reverse("remove_member", kwargs={"slug": world.mine.campaign.slug, "pk": place.pk})
    client_of(user).post(path)
    assert world.mine.campaign.memberships.filter(pk=place.pk).exists() == (role == "owner")


def test_an_account_put_to_rest_is_nobody(world: World) -> None:
    owner = make.owner_of(world.mine.campaign)
    client = client_of(owner)
    owner.is_active = False
    owner.save()
    got = {page.name: outcome(client.get(address(page, world.mine))) for page in PAGES if page.get}
    wanted = {page.name: expected(page, "GET", "nobody", public=False) for page in PAGES if page.get}
    assert got == wanted | {"invitation": "404"}  # theirs, and it ends with their right to invite


def _ids(page: Page, one: One) -> dict[str, Any]:
    return {word: one.ids[word] for part, word in page.parts.items() if part in {"pk", "link", "post"}}


def _ask(client: Client, method: str, path: str, data: dict[str, Any]) -> str:
    return outcome(client.post(path, data) if method == "POST" else client.get(path))
