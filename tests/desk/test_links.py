"""Linking entries, and removing links."""

import re
from typing import Any

import pytest

from apps.timeline.models import Entry, Link
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import everything_stored, problems_of, text_of


@pytest.fixture
def here(desk: Desk) -> Entry:
    return make.update(desk.campaign, headline="Here")


@pytest.fixture
def there(desk: Desk) -> Entry:
    return make.milestone(desk.campaign, headline="There").entry


def add(desk: Desk, here: Entry, other: str, who: str = "owner", **more: str) -> Any:
    return desk.post("add_link", {"other": other, "relation": "promises", **more}, pk=here.pk, who=who)


def test_a_link_is_read_from_both_ends(desk: Desk, here: Entry, there: Entry) -> None:
    assert add(desk, here, "there", note="In so many words").status_code == 302
    assert "promises ◆ There 20 June 2026 · In so many words" in text_of(desk.get("entry", pk=here.pk))
    assert re.search("promised in . Here 1 March 2026", text_of(desk.get("entry", pk=there.pk)))


@pytest.mark.parametrize("other", ["", "Nowhere", "Nowhere [999999]", "x" * 301, "There \x07"])
def test_an_entry_that_is_not_here_is_refused(other: str, desk: Desk, here: Entry, there: Entry) -> None:
    response = add(desk, here, other)
    assert list(problems_of(response)) == ["other"]
    assert response.context["form"]["other"].value() == other
    assert Link.objects.count() == 0


def test_relations_are_those_in_the_list(desk: Desk, here: Entry, there: Entry) -> None:
    assert list(problems_of(add(desk, here, "There", relation="loves"))) == ["relation"]
    assert list(problems_of(add(desk, here, "There", note="x" * 301))) == ["note"]
    assert Link.objects.count() == 0


def test_an_entry_is_not_linked_to_itself(desk: Desk, here: Entry) -> None:
    assert problems_of(add(desk, here, "Here")) == {"other": ["An entry cannot be linked to itself."]}
    assert Link.objects.count() == 0


def test_nor_twice_the_same_way(desk: Desk, here: Entry, there: Entry) -> None:
    add(desk, here, "There")
    assert problems_of(add(desk, here, "There")) == {"other": ["They are linked that way already."]}
    assert add(desk, here, "There", relation="supports").status_code == 302
    assert Link.objects.count() == 2


def test_a_shared_headline_is_told_apart_by_number(desk: Desk, here: Entry) -> None:
    first, second = (make.update(desk.campaign, headline="Twin") for _ in range(2))
    assert problems_of(add(desk, here, "twin")) == {
        "other": [f"There is more than one twin here. Say which: twin [{first.pk}] or twin [{second.pk}]."]
    }
    add(desk, here, f"twin [{second.pk}]")
    assert Link.objects.get().to_entry == second


def test_another_campaigns_number_is_no_entry_here(desk: Desk, here: Entry, other_campaign: Any) -> None:
    theirs = make.update(other_campaign, headline="Theirs")
    response = add(desk, here, f"x [{theirs.pk}]")
    assert list(problems_of(response)) == ["other"]
    assert "Theirs" not in text_of(response)


def test_a_hidden_entry_is_refused_as_one_that_is_not_there(desk: Desk, here: Entry) -> None:
    hidden = make.update(desk.campaign, headline="Hidden", embargo_until=AT + DAY)
    for typed, like in (("Hidden", "Nowhere"), (f"x [{hidden.pk}]", "x [999999]")):
        found = problems_of(add(desk, here, typed, who="volunteer"))
        missing = problems_of(add(desk, here, like, who="volunteer"))
        assert str(found).replace(typed, like) == str(missing)
    assert Link.objects.count() == 0


@pytest.mark.parametrize(
    ("author", "who", "answer"),
    [
        ("volunteer", "volunteer", 302),
        ("owner", "press", 302),
        ("volunteer", "advocacy", 302),
        ("owner", "volunteer", 403),
        ("owner", "viewer", 403),
        ("viewer", "viewer", 403),
        ("owner", "outsider", 404),
    ],
)
def test_a_link_is_removed_by_who_made_it_and_by_editors(
    author: str, who: str, answer: int, desk: Desk, here: Entry, there: Entry
) -> None:
    link = make.link(here, there)
    Link.objects.filter(pk=link.pk).update(created_by=desk.cast[author])
    before = everything_stored()
    assert desk.post("remove_link", {}, pk=here.pk, link=link.pk, who=who).status_code == answer
    assert Link.objects.exists() == (answer != 302)
    assert (everything_stored() == before) == (answer != 302)


def test_a_link_is_removed_from_either_end_but_no_third(desk: Desk, here: Entry, there: Entry) -> None:
    third = make.update(desk.campaign)
    link = make.link(here, there)
    assert desk.post("remove_link", {}, pk=third.pk, link=link.pk).status_code == 404
    assert desk.post("remove_link", {}, pk=there.pk, link=link.pk).status_code == 302
    assert Link.objects.count() == 0


def test_a_link_to_a_hidden_entry_is_not_there_for_volunteers(desk: Desk, here: Entry) -> None:
    hidden = make.update(desk.campaign, headline="Hidden", visibility="staff")
    link = make.link(here, hidden)
    Link.objects.filter(pk=link.pk).update(created_by=desk.cast["volunteer"])
    assert desk.post("remove_link", {}, pk=here.pk, link=link.pk, who="volunteer").status_code == 404
    assert Link.objects.count() == 1
